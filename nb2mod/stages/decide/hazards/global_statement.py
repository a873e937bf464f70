"""D10: `global x` in the body. `nonlocal` stays inside and is fine."""

from collections.abc import Iterator

from nb2mod.model import Reason
from nb2mod.stages.decide.subject import Subject

CODE = "NB330"


def check(subject: Subject) -> Iterator[Reason]:
    """Blocks it: the name would be the module's, and the notebook would no longer see what is assigned."""
    told: set[str] = set()
    for read in subject.details.globals:
        if read.name not in told:
            told.add(read.name)
            message = f"declares `{read.name}` global, and in a module that is another name; return it instead"
            yield subject.blocks(CODE, message, subject.inside(read.line))
