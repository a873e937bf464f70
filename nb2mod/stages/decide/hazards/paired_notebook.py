"""F4: notebooks paired with a text file by jupytext: both halves would have to change together."""

from collections.abc import Iterator

from nb2mod.model import Reason
from nb2mod.stages.decide.subject import Subject

CODE = "NB354"


def check(subject: Subject) -> Iterator[Reason]:
    """Blocks what stands in one."""
    if subject.features.paired:
        message = f"the notebook is paired ({subject.features.paired}), and both files would have to change together"
        yield subject.blocks(CODE, message)
