"""Small programs: up to four statements over three names, each once.

A program is canonical: its names are numbered in the order they appear, and it is no other program with something useless
beside it. What is left out, and why, stands at `is_one`. Rendering turns a program into the cells of a notebook; running and
judging live elsewhere.
"""

import random
from collections.abc import Callable, Iterator
from itertools import islice
from typing import NamedTuple

NAMES = 3
LONGEST = 4
DEFS = frozenset(("def", "def reads", "def calls", "def recurses", "def default", "def default name"))
CALLS = frozenset(("call", "show", "show with", "assign call"))
_CALLS_ALONE = CALLS - {"assign call"}
_PLAIN = ("assign", "augmented", "conditional", "for", "del", "import", "import other")
_ALONE = (*_PLAIN, "def", "def recurses", "def default", "call", "show", "show with")
_TWO = ("alias", "assign call", "def reads", "def calls", "def default name")
_BINDS_ANEW = frozenset(("assign", "for", "import", "import other"))  # certainly, reading nothing, and no definition


class Stmt(NamedTuple):
    """One statement: what it is, the name it is about, and the name it reads beside that (-1: none)."""

    kind: str
    name: int
    other: int = -1


class Program(NamedTuple):
    """`cuts`: bit k is set when a new cell begins after statement k. `capitals`: names are written in capitals."""

    statements: tuple[Stmt, ...]
    cuts: int = 0
    capitals: bool = False


ALPHABET = tuple(
    [Stmt(kind, name) for kind in _ALONE for name in range(NAMES)]
    + [
        Stmt(kind, name, other)
        for kind in _TWO
        for name in range(NAMES)
        for other in range(NAMES)
        if name != other or kind == "def default name"
    ]
)


def every(part: int = 0, parts: int = 1) -> Iterator[Program]:
    """All programs, shortest first; of several parts one, each a fair share of every length."""
    for length in range(1, LONGEST + 1):
        for statements in islice(sequences(length), part, None, parts):
            yield from layouts(statements)


def neighbour(program: Program) -> Program:
    """Another program that shares a definition with this one: a statement more, less or another, and cut elsewhere.

    Always the same one for the same program.
    """
    chance = random.Random(repr(program))
    statements = list(program.statements)
    kept = chance.choice([at for at, one in enumerate(statements) if one.kind in DEFS])
    way, at = chance.choice(("more", "less", "other")), chance.randrange(len(statements))
    if way == "more" or at == kept:
        statements.insert(chance.randrange(len(statements) + 1), chance.choice(ALPHABET))
    elif way == "less":
        del statements[at]
    else:
        statements[at] = chance.choice(ALPHABET)
    return Program(tuple(statements), chance.randrange(1 << (len(statements) - 1)), program.capitals)


def layouts(statements: tuple[Stmt, ...]) -> Iterator[Program]:
    """Every way to split statements over cells; in capitals too, where that could make a literal a constant."""
    for capitals in (False, True) if _reads_a_literal(statements) else (False,):
        for cuts in range(1 << (len(statements) - 1)):
            yield Program(statements, cuts, capitals)


def sequences(length: int) -> Iterator[tuple[Stmt, ...]]:
    def grow(prefix: tuple[Stmt, ...], used: int) -> Iterator[tuple[Stmt, ...]]:
        if len(prefix) == length:
            if is_one(prefix):
                yield prefix
            return
        for statement in ALPHABET:
            seen = used
            for name in (statement.name, statement.other):
                if name > seen:
                    break
                seen = max(seen, name + 1)
            else:
                longer = (*prefix, statement)
                if _may_begin(longer, length):
                    yield from grow(longer, seen)

    return grow((), 0)


def sample(seed: int, count: int) -> list[Program]:
    """All programs of up to two statements, and longer ones drawn at random, a third of them of three statements."""
    chance = random.Random(seed)
    found = dict.fromkeys(one for length in (1, 2) for each in sequences(length) for one in layouts(each))
    while len(found) < count:
        length = 3 if chance.random() < 1 / 3 else 4
        statements = renumbered(tuple(chance.choices(ALPHABET, k=length)))
        if _may_begin(statements, length) and is_one(statements):
            found[chance.choice(list(layouts(statements)))] = None
    return list(found)


def renumbered(statements: tuple[Stmt, ...]) -> tuple[Stmt, ...]:
    """The same program with its names numbered in the order they appear."""
    numbers: dict[int, int] = {-1: -1}
    for statement in statements:
        for name in statement[1:]:
            numbers.setdefault(name, len(numbers) - 1)
    return tuple(Stmt(one.kind, numbers[one.name], numbers[one.other]) for one in statements)


def is_one(statements: tuple[Stmt, ...]) -> bool:
    """Whether a program is worth its time.

    It holds a definition; a long one also runs something. No statement is unrelated to the others: that would be two programs.
    The first import is of the first module. What `_may_begin` says holds.
    """
    kinds = [one.kind for one in statements]
    if not DEFS.intersection(kinds):
        return False
    if len(statements) == LONGEST and not CALLS.intersection(kinds):
        return False
    if "import other" in kinds and "import" not in kinds[: kinds.index("import other")]:
        return False
    groups: list[set[int]] = []
    for one in statements:
        names = {one.name, one.other} - {-1}
        joined = [group for group in groups if group & names]
        groups = [group for group in groups if not group & names] + [names.union(*joined)]
    return len(groups) == 1


def _may_begin(statements: tuple[Stmt, ...], length: int) -> bool:
    """Whether a program of `length` may begin so.

    A statement that certainly fails by itself (a name that is not there, a number called) ends the notebook: it is a call, stands
    last, and in no program of full length. One that binds what the next one binds again is useless.
    """
    holds: dict[int, str] = {}
    for place, one in enumerate(statements):
        if _fails(one, holds) and (place + 1 < length or length in (1, LONGEST) or one.kind not in _CALLS_ALONE):
            return False
        if place and statements[place - 1].kind in _BINDS_ANEW | {"alias"} and statements[place - 1].name == one.name:
            reads = one.kind in ("augmented", "conditional", "call", "show", "show with") or one.other == one.name
            if not reads:
                return False
        _run(one, holds)
    return True


def _fails(one: Stmt, holds: dict[int, str]) -> bool:
    match one.kind:
        case "alias" | "def default name":
            return one.other not in holds
        case "augmented":
            return holds.get(one.name, "") not in ("number", "any")
        case "call" | "show":
            return holds.get(one.name, "") not in ("function", "function of one", "any")
        case "assign call":
            return holds.get(one.other, "") not in ("function", "function of one", "any")
        case "show with":
            return holds.get(one.name, "") not in ("function of one", "any")
        case "del":
            return one.name not in holds
    return False


def _run(one: Stmt, holds: dict[int, str]) -> None:
    match one.kind:
        case "assign" | "for":
            holds[one.name] = "number"
        case "alias":
            holds[one.name] = holds.get(one.other, "any")
        case "conditional" | "assign call":
            holds[one.name] = "any"
        case "import" | "import other":
            holds[one.name] = "module"
        case "def" | "def reads" | "def calls":
            holds[one.name] = "function"
        case "def recurses" | "def default" | "def default name":
            holds[one.name] = "function of one"
        case "del":
            holds.pop(one.name, None)


def _reads_a_literal(statements: tuple[Stmt, ...]) -> bool:
    read = {one.other for one in statements if one.kind in DEFS}
    return any(one.kind == "assign" and one.name in read for one in statements)


class Literals(NamedTuple):
    """Literal values of one rendering: numbers from `base` on, and which conditions hold (bit k: that of statement k).

    A definition's numbers depend on its text alone, so that the same statement twice is the same definition twice.
    """

    base: int
    true: int = 5

    def at(self, place: int) -> int:
        return self.base + place

    def of(self, one: Stmt) -> int:
        return self.base + 10 + ALPHABET.index(one)


def statement_text(one: Stmt, place: int, name: Callable[[int], str], literals: Literals) -> str:
    """The statement as it stands in a cell."""
    n, other = name(one.name), name(one.other) if one.other >= 0 else ""
    value, own = literals.at(place), literals.of(one)
    texts = {
        "assign": f"{n} = {value}",
        "alias": f"{n} = {other}",
        "augmented": f"{n} += {value}",
        "conditional": f"if {literals.true >> place & 1}:\n    {n} = {value}",
        "for": f"for {n} in (0, {value}):\n    pass",
        "del": f"del {n}",
        "import": f"import math as {n}",
        "import other": f"import json as {n}",
        "def": f"def {n}():\n    return {own}",
        "def reads": f"def {n}():\n    return ({own}, {other})",
        "def calls": f"def {n}():\n    return ({own}, {other}())",
        "def recurses": f"def {n}(x={own}):\n    return ({own}, x and {n}(0))",
        "def default": f"def {n}(x={own}):\n    return ({own}, x)",
        "def default name": f"def {n}(x={other}):\n    return ({own}, x)",
        "call": f"print({n}())",
        "assign call": f"{n} = {other}()",
        "show": f"{n}()",
        "show with": f"{n}({value})",
    }
    return texts[one.kind]


def naming(program: Program, suffix: str = "") -> Callable[[int], str]:
    """The names of a program; a suffix keeps programs apart that stand in one project."""
    letters = "ABC" if program.capitals else "abc"
    return lambda number: f"{letters[number]}{suffix}"


def cells(program: Program, texts: list[str]) -> list[str]:
    """The texts of the statements, joined to cells as the program is cut."""
    found = [texts[0]]
    for place, text in enumerate(texts[1:]):
        if program.cuts >> place & 1:
            found.append(text)
        else:
            found[-1] += f"\n{text}"
    return found


def render(program: Program, suffix: str, literals: Literals) -> list[str]:
    """The cells of a notebook."""
    name = naming(program, suffix)
    return cells(program, [statement_text(one, at, name, literals) for at, one in enumerate(program.statements)])


def places(program: Program) -> dict[tuple[int, int], int]:
    """(cell, line), both from 1 → the statement that begins there."""
    found: dict[tuple[int, int], int] = {}
    cell, line = 1, 1
    for at, one in enumerate(program.statements):
        found[cell, line] = at
        line += 2 if one.kind in DEFS or one.kind in ("conditional", "for") else 1
        if program.cuts >> at & 1:
            cell, line = cell + 1, 1
    return found
