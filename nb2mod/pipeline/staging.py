"""The stage of each notebook, from its text and the settings, with its distance to each limit."""

from collections.abc import Mapping, Sequence

from nb2mod.config import Config
from nb2mod.model import Candidate, Features, Names, NotebookStage
from nb2mod.stages import analyze, decide, discover


def stages_of(features: Sequence[Features], names: Mapping[int, Names], config: Config) -> dict[str, NotebookStage]:
    """Path → stage, of every notebook that could be read."""
    declared = discover.declared_stage(config)
    found = {}
    for file, one in enumerate(features):
        if one.kind == "notebook" and not one.error:
            stage = analyze.stage_of(one, declared(one.path))
            found[one.path] = decide.measured(stage, one, names[file], config)
    return found


def with_block_measures(
    candidates: Sequence[Candidate], stages: Mapping[str, NotebookStage], config: Config
) -> tuple[Candidate, ...]:
    """The candidates, blocks among them with their distance to the limits; definitions have theirs from the start."""
    return tuple(decide.block_measured(one, stages, config) if one.kind == "block" else one for one in candidates)
