"""F5: a name that a part of the notebook which can't be read may bind."""

from collections.abc import Iterator

from nb2mod.model import Reason
from nb2mod.stages.decide.rows import rows
from nb2mod.stages.decide.subject import Subject

CODE = "NB355"


def check(subject: Subject) -> Iterator[Reason]:
    """Blocks a definition that reads it."""
    for dependency in rows(subject, CODE):
        yield subject.blocks(CODE, f"`{dependency.name}`: {dependency.meaning.why}", subject.place(dependency.line))
