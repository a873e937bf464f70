"""D8: a definition inside if, for, try, with, while or match."""

from collections.abc import Iterator

from nb2mod.model import Reason
from nb2mod.stages.decide.subject import Subject

CODE = "NB328"


def check(subject: Subject) -> Iterator[Reason]:
    """Blocks it: whether and how often it runs is the notebook's business."""
    if subject.definition.conditional:
        statement = subject.cell.facts.statements[subject.definition.statement]
        kind = statement.kind.removeprefix("async")
        message = (
            f"stands inside the {kind} statement of line {statement.line}; at the top level of the cell it could move"
        )
        yield subject.blocks(CODE, message)
