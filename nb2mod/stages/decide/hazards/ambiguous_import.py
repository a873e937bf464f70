"""N1: a name that several imports bind to different things; which one is meant depends on the order of the cells."""

from collections.abc import Iterator

from nb2mod.model import Reason
from nb2mod.stages.decide.rows import rows
from nb2mod.stages.decide.subject import Subject

CODE = "NB301"


def check(subject: Subject) -> Iterator[Reason]:
    """Blocks a definition that reads such a name. An import that is certainly in force for all calls is none."""
    for dependency in rows(subject, CODE):
        several = len(dependency.meaning.bound) > 1
        advice = "; import each under a name of its own" if several else ""
        message = f"`{dependency.name}` {dependency.meaning.why} ({subject.places(dependency.meaning)}){advice}"
        yield subject.blocks(CODE, message, subject.place(dependency.line))
