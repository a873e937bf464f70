"""Which row of the hazard table a free name of a definition falls under: exactly one code, so that a report tells it once."""

import builtins

from msgspec.structs import replace

from nb2mod.model import BindKind, UseKind
from nb2mod.stages.decide.subject import Dependency, Subject

_BUILTINS = frozenset(dir(builtins))
_BY_KIND = {
    "unknown": "NB355",
    "unbound": "NB310",
    "session": "NB309",
    "identity": "NB316",
    "star": "NB303",
    "import statement": "NB302",
}
# A word in a string is only a guess at a name: that nothing binds it says that it is none.
_NOTHING_IN_STRINGS = frozenset(("unbound", "session", "identity"))
_NOT_ONE_THING = frozenset(("state", "ambiguous", "unknown"))


def rows(subject: Subject, code: str) -> tuple[Dependency, ...]:
    """The dependencies that fall under a code."""
    return subject.by_row.get(code, ())


def with_rows(subject: Subject) -> Subject:
    """The subject with its dependencies sorted by row, once for all checks."""
    found: dict[str, tuple[Dependency, ...]] = {}
    for dependency in subject.read:
        code = row_of(subject, dependency)
        if code is not None:
            found[code] = (*found.get(code, ()), dependency)
    return replace(subject, by_row=found) if found else subject


def row_of(subject: Subject, dependency: Dependency) -> str | None:
    """The code of the row, None when a name may come along or is told elsewhere."""
    meaning = dependency.meaning
    if subject.definition.conditional:
        return None  # stays anyway, and what it reads there is a guess
    if meaning.kind == "ambiguous" and subject.details.dynamic:
        return None  # its own exec is what may bind the name: told as that
    if dependency.in_string and meaning.kind in _NOTHING_IN_STRINGS:
        return None
    if dependency.in_string and meaning.kind in _NOT_ONE_THING:
        return "NB312"
    if meaning.kind in _BY_KIND:
        return _BY_KIND[meaning.kind]
    if meaning.kind not in _NOT_ONE_THING or any(read.name == dependency.name for read in subject.details.globals):
        return None
    if dependency.name in _BUILTINS:
        return "NB311"
    kinds = {bound.binding.kind for bound in meaning.bound}
    if kinds <= {BindKind.DEF, BindKind.CLASS}:
        return "NB307"
    if meaning.kind == "ambiguous" and BindKind.IMPORT in kinds:
        return "NB301"
    if dependency.only_annotation:
        return "NB326"
    return "NB321" if _only_in_defaults(subject, dependency.name) else "NB305"


def _only_in_defaults(subject: Subject, name: str) -> bool:
    named = any(name in default.names for default in subject.details.defaults)
    elsewhere = (UseKind.DECORATOR, UseKind.BASE, UseKind.ANNOTATION)
    uses = [used.use for used in subject.own_uses(name)]
    return named and all(not use.deferred and use.kind not in elsewhere for use in uses)
