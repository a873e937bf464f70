"""N9: names that only an interactive session has: In, Out, _, __, _3, exit, and those that a platform binds, such as `spark`.
display and get_ipython can be imported.
"""

from collections.abc import Iterator

from nb2mod.model import Reason
from nb2mod.stages.decide.rows import rows
from nb2mod.stages.decide.subject import Subject

CODE = "NB309"


def check(subject: Subject) -> Iterator[Reason]:
    """Blocks a definition that reads one."""
    for dependency in rows(subject, CODE):
        if dependency.meaning.why:
            message = (
                f"`{dependency.name}`: {dependency.meaning.why}, and a module does not have it; a parameter would do"
            )
        else:
            message = f"`{dependency.name}` is a name of the interactive session, which a module does not have"
        yield subject.blocks(CODE, message, subject.place(dependency.line))
