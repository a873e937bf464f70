"""A definition whose text could not be followed: symtable, Python's own judge of names, sees others than the index."""

from collections.abc import Iterator

from nb2mod.model import Reason
from nb2mod.stages.decide.subject import Subject

CODE = "NB350"


def check(subject: Subject) -> Iterator[Reason]:
    """Blocks it. A magic inside or a transformed cell explains itself, and is told by its own check."""
    definition, facts = subject.definition, subject.cell.facts
    magics = any(first <= definition.end_line and last >= definition.line for first, last, _ in facts.magic_lines)
    if subject.error and not magics and not facts.transformed:
        yield subject.blocks(CODE, f"could not be followed: {subject.error}")
