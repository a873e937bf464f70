"""N10: a name that nothing in the notebook binds."""

from collections.abc import Iterator

from nb2mod.model import Reason
from nb2mod.stages.decide.rows import rows
from nb2mod.stages.decide.subject import Subject

CODE = "NB310"


def check(subject: Subject) -> Iterator[Reason]:
    """Blocks a definition that reads one, and names it."""
    for dependency in rows(subject, CODE):
        message = f"`{dependency.name}` is bound nowhere: {dependency.meaning.why}"
        yield subject.blocks(CODE, message, subject.place(dependency.line))
