"""N2: an import inside try or if comes along with its whole statement, when that does nothing but choose what to import."""

import builtins
from collections.abc import Iterator

from nb2mod.model import BindKind, Bound, Reason, UseKind
from nb2mod.stages.decide.rows import rows
from nb2mod.stages.decide.subject import Subject

CODE = "NB302"
_ACTS = frozenset(
    (
        *(UseKind.CALL, UseKind.CALL_KEYWORDS, UseKind.CALL_SPREAD, UseKind.ATTRIBUTE_CALL),
        *(UseKind.ATTRIBUTE_STORE, UseKind.SUBSCRIPT_STORE, UseKind.MAGIC),
    )
)
_BINDS = frozenset((BindKind.IMPORT, BindKind.LITERAL, BindKind.DELETE))
_BUILTINS = frozenset(dir(builtins))


def check(subject: Subject) -> Iterator[Reason]:
    """Blocks a definition whose import stands in a statement that also acts, or that depends on the notebook."""
    for dependency in rows(subject, CODE):
        for bound in dependency.meaning.bound:
            why = _fault(subject, bound)
            if why:
                message = f"the statement that imports `{dependency.name}` ({subject.where(bound)}) {why}"
                yield subject.blocks(CODE, f"{message}; import it plainly", subject.place(dependency.line))
                break


def _fault(subject: Subject, bound: Bound) -> str | None:
    facts = subject.features.cells[bound.cell].facts
    index = bound.binding.statement
    statement = facts.statements[index]
    if statement.kind not in ("try", "if"):
        return f"is a {statement.kind} statement"
    if any(first <= statement.end_line and last >= statement.line for first, last, _ in facts.magic_lines):
        return "holds a magic or shell line"
    bindings = [binding for binding in facts.bindings if binding.statement == index]
    if any(binding.kind not in _BINDS for binding in bindings):
        return "does more than import"
    own = {binding.name for binding in bindings}
    for use in facts.uses:
        if use.statement != index:
            continue
        if use.kind in _ACTS:
            return "does more than import"
        elsewhere = [other for other in subject.names.bindings.get(use.name, ()) if other.binding.statement != index]
        imported = elsewhere and all(other.binding.kind is BindKind.IMPORT for other in elsewhere)
        if use.name not in own and not imported and (elsewhere or use.name not in _BUILTINS):
            return f"reads `{use.name}` of the notebook"
    return None
