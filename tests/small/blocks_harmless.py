"""Would the move of a block have been harmless? Moves it by hand, in every way the documented rules allow, and runs the notebook before
and after for every truth value of its conditions and several literal values.

Shares nothing with the tool: what goes in, what comes back and what comes along is chosen by trying all that could.
"""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from itertools import chain, combinations, product
from typing import NamedTuple

from small.blocks_extraction import Span, before_of
from small.blocks_grammar import CONTEXT_TEXTS, PRELUDE, TEXTS, Book, Piece, Program, laid, letters_of, pieces, render
from small.blocks_seen import Before, difference, seen, words
from small.execution import PACKAGE, Seen
from small.grammar import Literals

_IMPORTS = ("import", "import other")
_DEFS = ("def", "def reads", "def calls", "def default", "def default name", "def prints", "class")
_ROUNDS = (20_000, 70_000)
_MODULE = f"{PACKAGE}.moved"


class Move(StrEnum):
    """What moving one block comes to."""

    HARMLESS = "harmless"
    HARMFUL = "harmful"
    PARAMETER = "only a function as parameter would free it"
    FAILS = "fails by itself"


class _Way(NamedTuple):
    """One way to move: names that go in and come back, and the pieces that come along to the module."""

    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    along: tuple[int, ...]


class _Round(NamedTuple):
    """One valuation of a notebook: its book, what stays visible, and what it shows."""

    book: Book
    before: Before
    old: Seen


def judge(program: Program, span: Span) -> Move:
    """Whether there is a way to move the pieces of the span that nobody could tell, for all values."""
    rounds = [_round(program, span, literals) for literals in _valuations(program)]
    if all(one.old.error and len(one.old.cells) in one.before.moved for one in rounds):
        return Move.FAILS
    listed = pieces(program)
    for way in _ways(program, listed, span, by_rule=True):
        if all(_same(program, span, way, one) for one in rounds):
            return Move.HARMLESS
    for way in _ways(program, listed, span, by_rule=False):
        if all(_same(program, span, way, one) for one in rounds):
            return Move.PARAMETER
    return Move.HARMFUL


def _valuations(program: Program) -> Iterator[Literals]:
    conditions = sorted({one.place for one in pieces(program) if one.stmt and "{c}" in TEXTS[one.stmt.kind]})
    for truth in product((0, 1), repeat=len(conditions)):
        bits = sum(value << at for value, at in zip(truth, conditions, strict=True))
        yield from (Literals(base, bits) for base in _ROUNDS)


def _round(program: Program, span: Span, literals: Literals) -> _Round:
    book = render(program, span.side, "", literals)
    before = before_of(book, [span])
    return _Round(book, before, seen(before.cells, {}, before.visible))


# ways


def _ways(program: Program, listed: Sequence[Piece], span: Span, *, by_rule: bool) -> Iterator[_Way]:
    """All ways, the likely ones first. A name that only imports and definitions bind is no parameter by rule."""
    letters = letters_of(program, span.side)
    inside = {letters[name] for one in listed[span.first : span.last + 1] for name in _named(one)}
    outside = [one for at, one in enumerate(listed) if not span.first <= at <= span.last]
    defined = {name for name in inside if _only_defined(name, listed, letters)}
    seen_outside = inside & {letters[name] for one in outside for name in _named(one)}
    for outputs in _subsets(sorted(inside & seen_outside)):
        for inputs in _subsets(sorted(inside - defined if by_rule else inside)):
            free = inside - set(inputs)
            for along in _along(listed, span, letters, sorted(free & defined), ()):
                yield _Way(inputs, outputs, along)


def _named(one: Piece) -> set[int]:
    return {one.stmt.name, one.stmt.other} - {-1} if one.stmt else set()


def _only_defined(name: str, listed: Sequence[Piece], letters: str) -> bool:
    """Whether all that binds a name is imports and definitions of the notebook's level."""
    kinds = []
    for one in listed:
        if one.stmt and letters[one.stmt.name] == name and one.stmt.kind not in _BINDS_NOTHING:
            kinds.append(one.stmt.kind)
        if one.stmt and one.stmt.kind in _BINDS_OTHER and letters[one.stmt.other] == name:
            kinds.append("other")
    return bool(kinds) and all(kind in _IMPORTS or kind in CONTEXT_TEXTS for kind in kinds)


_BINDS_NOTHING = frozenset(
    "append,subscript,listed,call,call alone,show,show pair,print,text named,locals,assert,by string,global,annotation,"
    "comprehension own".split(",")
)
_BINDS_OTHER = frozenset("both,swap,starred,one or other,for inside,walrus inside,comprehension own,def sets".split(","))


def _subsets(names: Sequence[str]) -> list[tuple[str, ...]]:
    sizes = range(len(names), -1, -1)
    return list(chain.from_iterable(combinations(names, size) for size in sizes))


def _along(
    listed: Sequence[Piece], span: Span, letters: str, wanted: Sequence[str], chosen: tuple[int, ...]
) -> Iterator[tuple[int, ...]]:
    """Every choice of one import or definition outside the block per name that the module would miss."""
    if not wanted:
        yield chosen
        return
    name, rest = wanted[0], list(wanted[1:])
    providers = [
        at
        for at, one in enumerate(listed)
        if not span.first <= at <= span.last
        and one.stmt
        and letters[one.stmt.name] == name
        and one.stmt.kind in (*_IMPORTS, *_DEFS)
    ]
    if not providers:
        yield from _along(listed, span, letters, rest, chosen)
    for at in providers:
        stmt = listed[at].stmt
        assert stmt is not None
        had = {letters[one.name] for number in chosen if (one := listed[number].stmt)} | {name}
        reads = "{m}" in TEXTS[stmt.kind] and stmt.kind != "class" and letters[stmt.other] not in {*had, *rest}
        yield from _along(listed, span, letters, [*rest, letters[stmt.other]] if reads else rest, (*chosen, at))


# moving


def _same(program: Program, span: Span, way: _Way, one: _Round) -> bool:
    texts = list(one.book.texts)
    body = [line for text in texts[span.first : span.last + 1] for line in text.split("\n")]
    back = f"return {', '.join(way.outputs)}" if way.outputs else "pass"
    function = [f"def run_it({', '.join(way.inputs)}):", *(f"    {line}" for line in (*body, back))]
    module = "\n".join([PRELUDE, *(texts[at] for at in sorted(way.along)), *function])
    call = f"run_it({', '.join(way.inputs)})"
    for at in range(span.first, span.last + 1):
        texts[at] = ""
    texts[span.first] = f"from {_MODULE} import run_it\n" + (f"{', '.join(way.outputs)} = {call}" if way.outputs else call)
    listed, letters = pieces(program), letters_of(program, span.side)
    for at in way.along:
        stmt = listed[at].stmt
        if stmt is not None and stmt.kind in _DEFS:
            texts[at] = f"from {_MODULE} import {letters[stmt.name]}"
    cells = laid(program, texts, len(one.book.cells) > 0 and one.book.cells[0] == PRELUDE).cells
    new = seen(cells, {PACKAGE: "", _MODULE: module}, one.before.visible)
    return not difference(one.before, one.old, new)
