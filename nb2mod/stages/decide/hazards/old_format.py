"""F2: notebooks in format 3 and older are read, not rewritten."""

from collections.abc import Iterator

from nb2mod.model import Reason
from nb2mod.stages.decide.subject import Subject

CODE = "NB352"


def check(subject: Subject) -> Iterator[Reason]:
    """Blocks what stands in one."""
    if subject.features.nbformat < 4:
        message = f"the notebook has format {subject.features.nbformat}; save it once with a current Jupyter (format 4)"
        yield subject.blocks(CODE, message)
