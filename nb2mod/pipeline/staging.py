"""The stage of each notebook, from its text and the settings, with its distance to each limit."""

from collections.abc import Mapping, Sequence

from nb2mod.config import Config
from nb2mod.model import Features, Names, NotebookStage
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
