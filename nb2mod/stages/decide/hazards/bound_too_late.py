"""N1, N4, N6: what a definition needs is bound only after it may have run. A module has it at once: an error would be gone."""

from collections.abc import Iterator

from nb2mod.model import Reason
from nb2mod.stages.decide.order import used_between
from nb2mod.stages.decide.subject import Dependency, Subject

CODES = {"import": "NB301", "import statement": "NB301", "star": "NB301", "constant": "NB305", "helper": "NB307"}


def check(subject: Subject) -> Iterator[Reason]:
    """Blocks a definition that, from top to bottom, first runs above a binding it reads."""
    for dependency in subject.dependencies:
        code = CODES.get(dependency.meaning.kind)
        if code is None or dependency.in_string or _in_time(subject, dependency):
            continue
        bound = dependency.meaning.bound[0]
        where = subject.place(bound.binding.line, bound.cell)
        when = "when it is defined" if dependency.eager else "when it is first called"
        place = f"in cell {where.cell}, line {where.line}"
        message = f"`{dependency.name}` is not there yet {when}: it is bound {place}"
        if dependency.meaning.kind == "star":
            message = f"`{dependency.name}` may be bound by `{bound.binding.text}` {place}, and not yet {when}"
        yield subject.blocks(code, message, subject.place(dependency.line))


def _in_time(subject: Subject, dependency: Dependency) -> bool:
    bounds = dependency.meaning.bound
    if not bounds:
        return True
    first = min((bound.cell, bound.binding.line) for bound in bounds)
    defined = (subject.member.cell, subject.definition.line)
    if dependency.eager and first >= defined:
        return False
    # Calls above the definition ran an earlier one of the name.
    return first < defined or not used_between(subject, defined, first, run=True)
