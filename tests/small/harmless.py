"""Would the move have been harmless? Moves a definition of a small program by hand, in every way the documented rules allow, and
runs the notebook before and after for every truth value of its conditions and several literal values.

Shares nothing with the tool: what comes along is chosen by trying all that could (an import, another definition, a constant in
capitals that is bound once), not by reasoning.
"""

from collections.abc import Iterator
from enum import StrEnum
from itertools import product

from small.execution import PACKAGE, run
from small.grammar import DEFS, Literals, Program, Stmt, cells, naming, render, statement_text

_IMPORTS = ("import", "import other")
_READERS = frozenset(("def reads", "def calls", "def default name"))
_NO_BINDING = frozenset(("del", "call", "show", "show with"))
_LATE = frozenset(("def reads", "def calls"))
_USES = frozenset(("call", "show", "show with", "augmented", "del"))
_ROUNDS = (20_000, 70_000)


class Move(StrEnum):
    """What moving one definition comes to."""

    HARMLESS = "harmless"
    HARMFUL = "harmful"
    PARAMETER = "only a parameter would free it"
    UNUSED = "is defined again before anything uses it"
    UNBOUND = "reads a name that nothing binds"


def judge(program: Program, target: int) -> Move:
    """Whether there is a way to move the definition at statement `target` that nobody could tell, for all values."""
    if _replaced_unused(program, target):
        return Move.UNUSED
    found = False
    for closure in _closures(program, {program.statements[target].name: target}, [target]):
        found = True
        if all(_same(program, closure, literals) for literals in _valuations(program)):
            return Move.HARMLESS
    if found:
        return Move.HARMFUL
    return Move.UNBOUND if _reads_nothing(program, target, set()) else Move.PARAMETER


def _replaced_unused(program: Program, target: int) -> bool:
    """Hazard D7: nobody meant to share a definition that nothing uses before the next one of its name."""
    name = program.statements[target].name
    leads = {name}
    for one in program.statements:  # definitions whose calls would lead to it
        if one.kind in _LATE and one.other in leads:
            leads.add(one.name)
    for one in program.statements[target + 1 :]:
        if one.name == name and (one.kind in DEFS or one.kind in _IMPORTS) and one.other != name:
            return True
        mentions = {one.other} if one.kind in DEFS or one.kind not in _USES else {one.name, one.other}
        if one.kind not in _LATE and mentions & leads:
            return False
    return False


def _valuations(program: Program) -> Iterator[Literals]:
    conditions = [at for at, one in enumerate(program.statements) if one.kind == "conditional"]
    for truth in product((0, 1), repeat=len(conditions)):
        bits = sum(value << at for value, at in zip(truth, conditions, strict=True))
        yield from (Literals(base, bits) for base in _ROUNDS)


def _closures(program: Program, chosen: dict[int, int], pending: list[int]) -> Iterator[dict[int, int]]:
    """Every choice of one statement per name that would make the module closed: name → statement."""
    if not pending:
        yield chosen
        return
    one, rest = program.statements[pending[0]], pending[1:]
    if one.kind not in _READERS or one.other in chosen:
        yield from _closures(program, chosen, rest)
        return
    for at in _providers(program, one.other):
        yield from _closures(program, {**chosen, one.other: at}, [*rest, at])


def _providers(program: Program, name: int) -> list[int]:
    """The statements that could come along for a name, those of one text once."""
    bound = [at for at, one in enumerate(program.statements) if one.name == name and one.kind not in _NO_BINDING]
    texts: dict[Stmt, int] = {}
    for at in bound:
        one = program.statements[at]
        constant = one.kind == "assign" and program.capitals and len(bound) == 1
        if one.kind in DEFS or one.kind in _IMPORTS or constant:
            texts.setdefault(one, at)
    return list(texts.values())


def _reads_nothing(program: Program, target: int, seen: set[int]) -> bool:
    """Whether what is missing to the closure is bound nowhere at all."""
    one = program.statements[target]
    if one.kind not in _READERS or one.other in seen or one.other == one.name:
        return False
    if all(each.name != one.other or each.kind in _NO_BINDING for each in program.statements):
        return True
    return any(_reads_nothing(program, at, {*seen, one.other}) for at in _providers(program, one.other))


def _same(program: Program, closure: dict[int, int], literals: Literals) -> bool:
    module = _module(program, closure, literals)
    if module is None:
        return False
    name = naming(program)
    texts = [statement_text(one, at, name, literals) for at, one in enumerate(program.statements)]
    moved = {program.statements[at]: number for number, at in closure.items() if program.statements[at].kind in DEFS}
    for at, one in enumerate(program.statements):
        if one in moved or (at in closure.values() and one.kind == "assign"):
            texts[at] = f"from {PACKAGE}.moved import {name(one.name)}"
    before = run(render(program, "", literals), {}, ask=True)
    return before == run(cells(program, texts), {PACKAGE: "", f"{PACKAGE}.moved": module}, ask=True)


def _module(program: Program, closure: dict[int, int], literals: Literals) -> str | None:
    """What the package would hold; None when no order of it would run."""
    name = naming(program)
    order: list[int] = []
    waiting = list(closure)
    while waiting:
        ready = [number for number in waiting if not _eager(program.statements[closure[number]]) & {*waiting}]
        if not ready:
            return None
        order += ready
        waiting = [number for number in waiting if number not in ready]
    return "\n".join(statement_text(program.statements[closure[n]], closure[n], name, literals) for n in order)


def _eager(one: Stmt) -> set[int]:
    """What must stand above a statement: a default is read when the definition runs."""
    return {one.other} if one.kind == "def default name" else set()
