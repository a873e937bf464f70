"""Questions about order in one notebook: what can run between two places, top to bottom."""

from nb2mod.model import BindKind, Bound, UseKind
from nb2mod.stages.decide.subject import Subject

_CALLS = (UseKind.CALL, UseKind.CALL_KEYWORDS, UseKind.CALL_SPREAD)
Place = tuple[int, int]  # cell index, line
END: Place = (1 << 60, 0)


def others(subject: Subject) -> list[Bound]:
    """Every binding of the definition's name but its own."""
    bounds = subject.names.bindings.get(subject.name, ())
    return [bound for bound in bounds if not _is_own(subject, bound)]


def later_others(subject: Subject) -> list[Bound]:
    """Those of `others` that take the name away from the definition: below it, or from inside a function at any time."""
    place = own_place(subject)
    return [
        bound
        for bound in others(subject)
        if (bound.cell, bound.binding.line) > place or bound.binding.kind is BindKind.DECLARED
    ]


def same_text(subject: Subject, bound: Bound) -> bool:
    """Whether a binding is the same definition once more."""
    if bound.binding.owner < 0 or bound.binding.name != subject.name:
        return False
    definition = subject.features.cells[bound.cell].facts.definitions[bound.binding.owner]
    return definition.name == subject.name and definition.exact == subject.definition.exact


def used_between(subject: Subject, start: Place, end: Place, *, run: bool = False) -> bool:
    """Whether anything can use the definition's name after `start` and not after `end`, directly or through functions.

    `run`: whether its body can run there; to be kept as another function's default does not run it.
    """
    return _name_used_between(subject, subject.name, start, end, run)


def _name_used_between(subject: Subject, name: str, start: Place, end: Place, run: bool) -> bool:
    names = subject.names
    seen: set[str] = set()
    stack = [name]
    while stack:
        current = stack.pop()
        if current in seen:
            continue
        seen.add(current)
        if current in names.unknown:
            return True
        for used in names.uses.get(current, ()):
            if subject.is_own(used):
                continue
            kept = run and used.use.kind is UseKind.VALUE and used.use.detail == "default"
            if (used.use.deferred or kept) and used.use.owner >= 0:
                stack.append(subject.owners[used.cell, used.use.owner])
            elif start < (used.cell, used.use.line) <= end:
                return True
    return False


def escapes(subject: Subject) -> bool:
    """Whether the function may be held by anything but its name when that is certainly bound again: then its body can run after.

    Only what uses the name until then can hold it. What a function does counts when that function can run by then.
    """
    if subject.name in subject.names.unknown:
        return True
    start = own_place(subject)
    again = (bound for bound in later_others(subject) if bound.binding.certain)
    end = min(((bound.cell, bound.binding.line) for bound in again), default=END)
    for used in subject.names.uses.get(subject.name, ()):
        use = used.use
        if use.kind in (*_CALLS, UseKind.ANNOTATION):
            continue
        if use.deferred and use.owner >= 0:
            if _name_used_between(subject, subject.owners[used.cell, use.owner], start, end, run=False):
                return True
        elif start < (used.cell, use.line) <= end:
            return True
    return False


def own_place(subject: Subject) -> Place:
    return subject.member.cell, subject.definition.def_line


def _is_own(subject: Subject, bound: Bound) -> bool:
    return (
        bound.cell == subject.member.cell
        and bound.binding.owner == subject.member.definition
        and (bound.binding.name == subject.name and bound.binding.line == subject.definition.def_line)
    )
