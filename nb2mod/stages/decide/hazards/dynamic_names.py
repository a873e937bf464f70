"""N14: exec, eval, globals(), locals(), vars() and dir() without arguments, frames, __main__."""

from collections.abc import Iterator

from nb2mod.model import Reason
from nb2mod.stages.decide.subject import Subject

CODE = "NB314"


def check(subject: Subject) -> Iterator[Reason]:
    """Blocks a definition that looks at or changes namespaces: they are others in a module."""
    told: set[str] = set()
    for read in subject.details.dynamic:
        if read.name not in told:
            told.add(read.name)
            message = f"`{read.name}` looks at the names around it, and in a module these are others"
            yield subject.blocks(CODE, message, subject.inside(read.line))
