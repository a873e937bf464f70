"""W7, N4: a notebook that uses %autoreload sees changed functions at once, changed constants only after a restart."""

from collections.abc import Iterator

from nb2mod.model import Reason
from nb2mod.stages.decide.subject import Subject

CODE = "NB347"


def check(subject: Subject) -> Iterator[Reason]:
    """A note where constants come along."""
    constants = [dependency.name for dependency in subject.read if dependency.meaning.kind == "constant"]
    if not constants:
        return
    for index, cell in enumerate(subject.features.cells):
        for line, _, name in cell.facts.magic_lines:
            if name == "autoreload":
                told = ", ".join(f"`{constant}`" for constant in constants)
                message = f"%autoreload does not refresh {told}: a constant changed in the module needs a restart"
                yield subject.note(CODE, message, subject.place(line, index))
                return
