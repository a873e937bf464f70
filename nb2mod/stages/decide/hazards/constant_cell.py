"""N4: an ALL_CAPS literal comes along, and its assignment becomes the import; so its cell must be one that may be edited."""

from collections.abc import Iterator

from nb2mod.model import Bound, Reason
from nb2mod.stages.decide.subject import Subject
from nb2mod.syntax.keeping import kept_line

CODE = "NB304"


def check(subject: Subject) -> Iterator[Reason]:
    """Blocks a definition whose constant stands where nothing may be replaced."""
    for dependency in subject.read:
        if dependency.meaning.kind != "constant":
            continue
        for bound in dependency.meaning.bound:
            why = _fault(subject, bound)
            if why:
                message = (
                    f"the constant `{dependency.name}` has to stay: {subject.where(bound)} {why}; a parameter would do"
                )
                yield subject.blocks(CODE, message, subject.place(dependency.line))


def _fault(subject: Subject, bound: Bound) -> str | None:
    cell = subject.features.cells[bound.cell]
    statement = cell.facts.statements[bound.binding.statement]
    if cell.facts.transformed:
        return "is indented or has prompts"
    if kept_line(cell, statement.line, statement.end_line) is not None:
        return "is marked to be kept"
    return None
