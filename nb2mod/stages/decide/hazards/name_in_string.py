"""N12: names inside strings that are code: df.query("x > @limit"), formulas, SQL over frames."""

from collections.abc import Iterator

from nb2mod.model import Reason
from nb2mod.stages.decide.rows import rows
from nb2mod.stages.decide.subject import Subject

CODE = "NB312"


def check(subject: Subject) -> Iterator[Reason]:
    """Blocks when such a name is a variable of the notebook; names of columns that nothing binds are no reads."""
    for dependency in rows(subject, CODE):
        message = f"a string that is run as code names `{dependency.name}`, which {dependency.meaning.why}"
        yield subject.blocks(CODE, f"{message}; a parameter would do", subject.place(dependency.line))
