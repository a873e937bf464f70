"""W4: Python shows a DeprecationWarning only where __main__ raises it."""

from collections.abc import Iterator

from nb2mod.model import Reason
from nb2mod.stages.decide.subject import Subject

CODE = "NB344"


def check(subject: Subject) -> Iterator[Reason]:
    """A note where the definition warns in its own name; a warning with a stacklevel is told of its caller."""
    for read in subject.details.deprecations[:1]:
        message = "its DeprecationWarning is shown from a notebook and not from a module; stacklevel=2 shows it in both"
        yield subject.note(CODE, message, subject.inside(read.line))
