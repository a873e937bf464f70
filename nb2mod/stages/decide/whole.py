"""Notebooks past the threshold as a whole (NB203), and how far each notebook, and each block, is from its limits."""

from collections.abc import Iterator, Mapping
from hashlib import blake2b

from msgspec.structs import replace

from nb2mod.config import Config, thresholds_for
from nb2mod.model import Candidate, Features, Location, Names, NotebookStage, Occurrence, Reason, Stage, Verdict
from nb2mod.stages.decide.sizes import Size, notebook_sizes
from nb2mod.stages.decide.threshold import held, past_words

CODE = "NB203"


def measured(one: NotebookStage, features: Features, names: Names, config: Config) -> NotebookStage:
    """The notebook with its distance to each limit of its stage."""
    return replace(one, measures=held(notebook_sizes(features, names), thresholds_for(config, one.stage)))


def block_measured(candidate: Candidate, stages: Mapping[str, NotebookStage], config: Config) -> Candidate:
    """A block with its measures: copies count notebooks and statements, a cell that has grown into a script its statements."""
    found = [stages[one.path] for one in candidate.occurrences if one.path in stages]
    production = any(one.production for one in found)
    limits = thresholds_for(config, Stage.PRODUCTION if production else Stage.EXPLORATORY)
    alone = candidate.code == "NB202"
    sizes = [] if alone else [Size("notebooks", candidate.places)]
    sizes.append(Size("cell-statements" if alone else "block-statements", candidate.statements))
    return replace(candidate, measures=held(sizes, limits))


def whole(stages: Mapping[str, NotebookStage]) -> Iterator[Candidate]:
    """A candidate for each notebook that is past a limit as a whole.

    Its verdict is `review`: what is to become of a notebook is for a person to say, by `extract --whole`. No candidate of kind
    "notebook" moves otherwise, `--unsafe` or not.
    """
    for path, one in sorted(stages.items()):
        past = [measure for measure in one.measures if measure.name.startswith("notebook-") and measure.past]
        if past:
            place = Location(path)
            name = path.rpartition("/")[2].removesuffix(".ipynb")
            yield Candidate(
                id=f"{name}-{blake2b(path.encode('utf-8', 'surrogatepass'), digest_size=4).hexdigest()}",
                code=CODE,
                kind="notebook",
                name=name,
                clone_type=None,
                verdict=Verdict.REVIEW,
                reasons=tuple(Reason(CODE, past_words(measure), "review", place) for measure in past),
                members=(),
                occurrences=(Occurrence(path, 0, 0, 0, name),),
                statements=0,
                places=1,
                measures=one.measures,
            )
