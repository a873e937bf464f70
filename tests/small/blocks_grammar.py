"""Small programs for blocks: a run of two to five statements over three names, and what stands before and after it.

A program is drawn statement by statement, and each is run when it is drawn, so that hardly any program fails. The run stands
in two notebooks, between statements that differ there: it is what both have in common, and nothing more.
"""

import random
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from types import CodeType
from typing import Any, NamedTuple

from small.grammar import Literals, Stmt

NAMES, SHORTEST, LONGEST = 3, 2, 5

# {n} and {m}: names, {v}: a literal that no other statement has, {c}: a condition. `null` is imported where it is needed.
BLOCK_TEXTS = {
    "assign": "{n} = {v}",
    "alias": "{n} = {m}",
    "pair": "{n} = ({m}, {v})",
    "list": "{n} = [{v}]",
    "both": "{n} = {m} = [{v}]",
    "swap": "{n}, {m} = {m}, {n}",
    "starred": "{n}, *{m} = ({v}, 2)",
    "augmented": "{n} += {v}",
    "extend": "{n} += [{v}]",
    "append": "{n}.append({v})",
    "subscript": "{n}[0] = {v}",
    "conditional": "if {c}:\n    {n} = {v}",
    "conditional alias": "if {c}:\n    {n} = {m}",
    "either": "if {c}:\n    {n} = {v}\nelse:\n    {n} = ({v}, 1)",
    "one or other": "if {c}:\n    {n} = {v}\nelse:\n    {m} = {v}",
    "for": "for {n} in (0, {v}):\n    pass",
    "for inside": "for {n} in (0, {v}):\n    {m} = {n}",
    "for over": "for {n} in [{m}, {v}]:\n    print({n})",
    "while": "while {n}:\n    {n} = 0",
    "del": "del {n}",
    "lambda": "{n} = lambda: ({v}, {m})",
    "lambda default": "{n} = lambda x={m}: ({v}, x)",
    "lambdas": "{n} = [lambda: ({v}, {m})]",
    "at once": "{n} = max([{v}, 0], key=lambda x: (x, {m}))",
    "generator": "{n} = (({m}, x) for x in ({v}, 0))",
    "mapped": "{n} = map(lambda x: ({m}, x), ({v}, 0))",
    "listed": "print({v}, list({n}))",
    "call": "print({v}, {n}())",
    "call alone": "{n}()",
    "assign call": "{n} = {m}()",
    "show": "{n}",
    "show pair": "({n}, {v})",
    "print": "print({v}, {n})",
    "import": "import math as {n}",
    "import other": "import json as {n}",
    "attribute": "{n} = {m}.__name__",
    "with": "with null({v}) as {n}:\n    pass",
    "with inside": "with null({m}):\n    {n} = {v}",
    "try": "try:\n    {n} = {m} + {v}\nexcept TypeError:\n    {n} = {v}",
    "try one": "try:\n    {n} = {m}()\nexcept TypeError:\n    pass",
    "except as": "try:\n    {m}.nothing{v}\nexcept AttributeError as {n}:\n    print({v})",
    "annotated": "{n}: int = {v}",
    "annotated other": "{n}: {m} = {v}",
    "annotation": "{n}: int",
    "text": '{n} = f"{v} {{{m}}}"',
    "text named": 'print(f"{v} {{{n}=}}")',
    "walrus": "print({n} := {v})",
    "walrus inside": "{m} = [({n} := x) for x in ({v}, 0)]",
    "comprehension": "{n} = [(x, {m}) for x in ({v}, 0)]",
    "comprehension own": "{m} = [{n} for {n} in ({v}, 0)]",
    "def inside": "if {c}:\n    def {n}():\n        return ({v}, {m})",
    "class inside": "if {c}:\n    class {n}:\n        print({m})\n        {m} = {v}",
    "global": "global {n}",
    "eval": '{n} = eval("{m}")',
    "exec": 'exec("{n} = {v}")',
    "locals": 'print({v}, "{n}" in locals())',
    "globals set": 'globals()["{n}"] = {v}',
    "match": "match {v}:\n    case {n}:\n        pass",
    "assert": "assert {n} != {v}",
}
CONTEXT_TEXTS = {
    "def": "def {n}():\n    return {v}",
    "def reads": "def {n}():\n    return ({v}, {m})",
    "def calls": "def {n}():\n    return ({v}, {m}())",
    "def default": "def {n}(x={v}):\n    return ({v}, x)",
    "def default name": "def {n}(x={m}):\n    return ({v}, x)",
    "def sets": "def {n}():\n    global {m}\n    {m} = {v}",
    "def appends": "def {n}():\n    {m}.append({v})",
    "def prints": "def {n}():\n    print({v}, {m})",
    "class": "class {n}:\n    {m} = {v}",
    "by string": 'print({v}, globals().get("{n}"))',
    "annotations": "print({v}, sorted(__annotations__))",
}
TEXTS = {**BLOCK_TEXTS, **CONTEXT_TEXTS}
_OFTEN = ("assign", "alias", "pair", "list", "augmented", "print", "for", "lambda", "conditional", "call", "append")
_BEFORE = (*("assign",) * 8, *("list",) * 6, *("pair",) * 2, "lambda", "import", *CONTEXT_TEXTS)
_AFTER = (*("print",) * 8, *("show", "assign", "append", "augmented", "alias") * 2, "call", "del", *CONTEXT_TEXTS)
_BASES = {"before": 20, "block": 0, "after": 30}


class Program(NamedTuple):
    """`cuts`: bit k is set when a new cell begins after piece k of `pieces`; `joined`: when it shares its line with the next one.

    `again`: the run stands a second time at the end. `renamed`: its second notebook goes by other names. `raises`: its cells are
    expected to raise, and what comes below goes on.
    """

    before: tuple[Stmt, ...]
    block: tuple[Stmt, ...]
    after: tuple[Stmt, ...]
    again: bool = False
    renamed: bool = False
    raises: bool = False
    cuts: int = 0
    joined: int = 0


class Piece(NamedTuple):
    """One statement of a notebook; None: one that sets the block apart. Its literals are those of `place`."""

    stmt: Stmt | None
    place: int = -1


class Book(NamedTuple):
    """A rendered notebook: each piece's text, and (cell, line), both from 1, where it begins."""

    texts: tuple[str, ...]
    cells: tuple[str, ...]
    starts: tuple[tuple[int, int], ...]


def alphabet(kinds: tuple[str, ...]) -> tuple[Stmt, ...]:
    """Every statement of the kinds, those given twice twice."""
    found = []
    for kind in kinds:
        for name in range(NAMES):
            others = [other for other in range(NAMES) if other != name] if "{m}" in TEXTS[kind] else [-1]
            found += [Stmt(kind, name, other) for other in others]
    return tuple(found)


_ALPHABETS = {
    "before": (*alphabet(_BEFORE), *alphabet(tuple(TEXTS))),
    "block": (*alphabet(_OFTEN), *alphabet(tuple(BLOCK_TEXTS))),
    "after": (*alphabet(_AFTER), *alphabet(tuple(TEXTS))),
}


# drawing


def sample(seed: int, shortest: int = SHORTEST) -> Iterator[tuple[Program, Program]]:
    """Pairs without end, each another one: what stands in two notebooks, half of them in different surroundings."""
    chance = random.Random(seed)
    known: set[tuple[Program, Program]] = set()
    while True:
        one = _drawn(chance, _length(chance, shortest), None)
        if one is None:
            continue
        two = _drawn(chance, 0, one.block) if chance.random() < 1 / 2 else one
        if two is not None and (one, two) not in known:
            known.add((one, two))
            yield one, two


def _length(chance: random.Random, shortest: int) -> int:
    return max(shortest, chance.choice((SHORTEST, 3, 3, 4, LONGEST)))


def _drawn(chance: random.Random, length: int, given: tuple[Stmt, ...] | None) -> Program | None:
    """A program that runs; None when none was found. `given`: the block it is to hold."""
    namespace: dict[str, Any] = {}
    exec(_code(PRELUDE), namespace)
    namespace["print"] = str.format
    raises = chance.random() < 0.05
    failing = 0.3 if raises else 0.003
    before = _run_of(chance, "before", chance.choice((0, 1, 1, 2, 2)), namespace, failing)
    if given is None:
        block = _run_of(chance, "block", length, namespace, failing)
        if len(block) < length:
            return None
    else:
        block = given
        if not all(_runs(one, namespace) for one in given):
            return None
    after = _run_of(chance, "after", chance.choice((0, 1, 1, 2, 2)), namespace, failing)
    bare = Program(before, block, after, chance.random() < 0.05, chance.random() < 0.3, raises)
    cuts, joined = _layout(chance, bare)
    made = bare._replace(cuts=cuts, joined=joined)
    return made if _compiles(made) else None


def _compiles(program: Program) -> bool:
    """A `global` after an assignment in its cell does not."""
    if not any(one.kind == "global" for one in (*program.before, *program.block, *program.after)):
        return True
    try:
        for cell in render(program, 0, "", Literals(7)).cells:
            compile(cell, "<cell>", "exec")
    except SyntaxError:
        return False
    return True


def _run_of(
    chance: random.Random, part: str, length: int, namespace: dict[str, Any], failing: float
) -> tuple[Stmt, ...]:
    found: list[Stmt] = []
    for _ in range(12 * length):
        one = chance.choice(_ALPHABETS[part])
        if len(found) < length and (_runs(one, namespace) or chance.random() < failing):
            found.append(one)
    return tuple(found)


def _runs(one: Stmt, namespace: dict[str, Any]) -> bool:
    try:
        exec(_code(statement_text(one, 0, "abc", Literals(7, -1))), namespace)
    except Exception:
        return False
    return True


@lru_cache(maxsize=4096)
def _code(text: str) -> CodeType:
    return compile(text, "<drawn>", "exec")


def _layout(chance: random.Random, program: Program) -> tuple[int, int]:
    """Cells end often beside the block, seldom in it; a line is shared seldom."""
    listed = pieces(program)
    cuts = joined = 0
    for at, (one, two) in enumerate(pairwise(listed)):
        inside = one.stmt is not None and two.stmt is not None and one.place < 20 and two.place < 20
        cuts |= (chance.random() < (0.1 if inside else 0.45)) << at
        joined |= (chance.random() < 0.03) << at
    return cuts, joined


# rendering

PRELUDE = "from contextlib import nullcontext as null"
_MARKS = ("assert 1", "assert 1, 2")  # of the first notebook, of the second


def pieces(program: Program) -> list[Piece]:
    """All statements in order; a mark stands wherever the block meets something else."""
    mark = Piece(None)
    block = [Piece(one, at) for at, one in enumerate(program.block)]
    before = [Piece(one, _BASES["before"] + at) for at, one in enumerate(program.before)]
    after = [Piece(one, _BASES["after"] + at) for at, one in enumerate(program.after)]
    found = [*before, mark, *block] if before else block
    if after:
        found = [*found, mark, *after]
    return [*found, mark, *block] if program.again else found


def statement_text(one: Stmt, place: int, letters: str, literals: Literals, suffix: str = "") -> str:
    """The statement as it stands in a cell."""
    names = {"n": letters[one.name] + suffix, "m": letters[one.other] + suffix}
    return TEXTS[one.kind].format(**names, v=literals.at(place), c=literals.true >> place & 1)


def letters_of(program: Program, side: int) -> str:
    """The names of the first or the second notebook."""
    return "cab" if program.renamed and side else "abc"


def render(program: Program, side: int, suffix: str, literals: Literals) -> Book:
    """The first (0) or second (1) notebook. A first cell imports what the texts need."""
    letters = letters_of(program, side)
    texts = [
        _MARKS[side] if one.stmt is None else statement_text(one.stmt, one.place, letters, literals, suffix)
        for one in pieces(program)
    ]
    needs = any("null(" in text for text in texts)
    return laid(program, texts, needs)


def laid(program: Program, texts: list[str], prelude: bool) -> Book:
    """Texts as the program is cut and joined; an empty one takes no line."""
    cells = [[PRELUDE], []] if prelude else [[]]
    starts: list[tuple[int, int]] = []
    joins = False
    for at, text in enumerate(texts):
        lines = text.split("\n") if text else []
        here = cells[-1]
        shares = joins and here and len(lines) == 1 and _simple(here[-1]) and _simple(lines[0])
        if shares:
            here[-1] += f"; {lines[0]}"
            starts.append((len(cells), len(here)))
        else:
            starts.append((len(cells), len(here) + 1))
            here += lines
        joins = bool(program.joined >> at & 1) and len(lines) == 1
        if program.cuts >> at & 1 and at + 1 < len(texts):
            cells.append([])
            joins = False
    return Book(tuple(texts), tuple("\n".join(lines) for lines in cells), tuple(starts))


def _simple(line: str) -> bool:
    return not line.startswith((" ", "if ", "for ", "while ", "with ", "try", "match ", "def ", "class ", "global "))
