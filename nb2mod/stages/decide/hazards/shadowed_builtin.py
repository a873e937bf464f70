"""N11: a builtin's name that the notebook binds to something else."""

from collections.abc import Iterator

from nb2mod.model import Reason
from nb2mod.stages.decide.rows import rows
from nb2mod.stages.decide.subject import Subject

CODE = "NB311"


def check(subject: Subject) -> Iterator[Reason]:
    """Blocks a definition that reads it, unless the notebook's own meaning is certain and can come along."""
    for dependency in rows(subject, CODE):
        places = subject.places(dependency.meaning)
        message = f"`{dependency.name}` is a builtin, and the notebook gives the name to something else ({places})"
        yield subject.blocks(CODE, message, subject.place(dependency.line))
