"""F3: cells that belong to another tool: parameters, nbgrader, forms."""

from collections.abc import Iterator

from nb2mod.model import Reason
from nb2mod.stages.decide.subject import Subject

CODE = "NB353"


def check(subject: Subject) -> Iterator[Reason]:
    """Blocks what stands in one."""
    if subject.cell.locked:
        yield subject.blocks(CODE, f"stands in a cell that may not be edited: {subject.cell.locked}")
