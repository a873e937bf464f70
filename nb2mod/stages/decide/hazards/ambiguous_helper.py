"""N7: a helper that the notebook defines in several ways, or only under a condition."""

from collections.abc import Iterator

from nb2mod.model import Reason
from nb2mod.stages.decide.rows import rows
from nb2mod.stages.decide.subject import Subject

CODE = "NB307"


def check(subject: Subject) -> Iterator[Reason]:
    """Blocks a definition that reads it, unless one helper is certainly in force for all calls."""
    for dependency in rows(subject, CODE):
        message = f"`{dependency.name}` {dependency.meaning.why} ({subject.places(dependency.meaning)})"
        if dependency.meaning.kind == "state":
            message += "; it could come along from the top level of a cell"
        elif len(dependency.meaning.bound) > 1:
            message += "; give each version a name of its own"
        yield subject.blocks(CODE, message, subject.place(dependency.line))
