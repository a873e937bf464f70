"""Would the move of a block have been harmless? Moves it by hand, in every way the documented rules allow, and runs the notebook
before and after for every truth value of its conditions and several literal values.

Shares nothing with the tool: what goes in, what comes back and what comes along is chosen by trying all that could.
"""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from itertools import chain, combinations, product
from typing import NamedTuple

from small.blocks_extraction import Span, before_of
from small.blocks_grammar import CONTEXT_TEXTS, PRELUDE, TEXTS, Book, Piece, Program, laid, letters_of, pieces, render
from small.blocks_seen import Before, difference, seen
from small.execution import PACKAGE, Seen, run
from small.grammar import Literals, Stmt

_IMPORTS = ("import", "import other")
_DEFS = ("def", "def reads", "def calls", "def default", "def default name", "def prints", "class")
_ROUNDS = (20_000, 70_000)
_MODULE = f"{PACKAGE}.moved"


class Move(StrEnum):
    """What moving one block comes to."""

    HARMLESS = "harmless"
    HARMFUL = "harmful"
    PARAMETER = "only a function as parameter would free it"
    UNBOUND = "reads a name that nothing binds"
    FAILS = "fails by itself"
    ROW = "harmless, and of a row that blocks"


class _Way(NamedTuple):
    """One way to move: names that go in and come back, and the pieces that come along to the module. `lacking`: the function
    reads a name that is none of these, nor its own.
    """

    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    along: tuple[int, ...]
    lacking: bool


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
    found = Move.HARMFUL
    for by_rule, move in ((True, Move.HARMLESS), (False, Move.PARAMETER)):
        for way in _ways(program, pieces(program), span, by_rule=by_rule):
            if (found is Move.HARMFUL or not way.lacking) and all(_same(program, span, way, one) for one in rounds):
                if not way.lacking:
                    return Move.ROW if of_a_row(program, span) else move
                found = Move.UNBOUND
    return found


def _valuations(program: Program) -> Iterator[Literals]:
    conditions = sorted({one.place for one in pieces(program) if one.stmt and "{c}" in TEXTS[one.stmt.kind]})
    for truth in product((0, 1), repeat=len(conditions)):
        bits = sum(value << at for value, at in zip(truth, conditions, strict=True))
        yield from (Literals(base, bits) for base in _ROUNDS)


def _round(program: Program, span: Span, literals: Literals) -> _Round:
    book = render(program, span.side, "", literals)
    before = before_of(book, [span], raises=program.raises)
    return _Round(book, before, seen(before, {}))


# ways


def _ways(program: Program, listed: Sequence[Piece], span: Span, *, by_rule: bool) -> Iterator[_Way]:
    """All ways, the likely ones first. A name that only imports and definitions bind is no parameter by rule."""
    letters = letters_of(program, span.side)
    inside = {letters[name] for one in listed[span.first : span.last + 1] for name in _named(one)}
    outside = [one for at, one in enumerate(listed) if not span.first <= at <= span.last]
    defined = {name for name in inside if _only_defined(name, listed, letters)}
    own = {letters[name] for one in listed[span.first : span.last + 1] for name in _bound(one)}
    seen_outside = inside & {letters[name] for one in outside for name in _named(one)}
    for outputs in _subsets(sorted(inside & seen_outside)):
        for inputs in _subsets(sorted(inside - defined if by_rule else inside)):
            free = inside - set(inputs)
            for along in _along(listed, span, letters, sorted(free & defined), ()):
                given = {*inputs, *own, *(letters[stmt.name] for at in along if (stmt := listed[at].stmt))}
                yield _Way(inputs, outputs, along, not inside <= given)


def _named(one: Piece) -> set[int]:
    return {one.stmt.name, one.stmt.other} - {-1} if one.stmt else set()


def _bound(one: Piece) -> set[int]:
    """The names that a statement binds, whether always or not."""
    if one.stmt is None:
        return set()
    found = set() if one.stmt.kind in _BINDS_NOTHING else {one.stmt.name}
    return found | ({one.stmt.other} if one.stmt.kind in _BINDS_OTHER else set())


def _only_defined(name: str, listed: Sequence[Piece], letters: str) -> bool:
    """Whether all that binds a name is imports and definitions of the notebook's level."""
    own = [one.stmt for one in listed if one.stmt and name in {letters[number] for number in _bound(one)}]
    return bool(own) and all(
        letters[one.name] == name and (one.kind in _IMPORTS or one.kind in CONTEXT_TEXTS) for one in own
    )


def of_a_row(program: Program, span: Span) -> bool:
    """Whether a row of the table of hazards keeps the block, harmless or not.

    Its cells are expected to raise (B14); something looks at the namespace (B4, N14); the block reads a name that may be unbound
    before, or binds such a one on some paths only (B2), does more than name things while something of the notebook meets a name
    it binds (B5), makes something that closes over a name bound again below (B7), or annotates with a variable (D6).
    """
    listed = pieces(program)
    inside = [one.stmt for one in listed[span.first : span.last + 1] if one.stmt]
    above = [one.stmt for one in listed[: span.first] if one.stmt]
    binds = {name for one in listed[span.first : span.last + 1] for name in _bound(one)}
    below = {name for one in listed[span.last + 1 :] for name in _bound(one)}
    return (
        program.raises
        or any(one.stmt and one.stmt.kind in _VIEWS for one in listed)
        or any(one.kind in _CLOSING and one.other in below for one in inside)
        or (not all(one.kind in _STILL for one in inside) and any(_meets(one, binds) for one in above))
        or _possibly_unbound(program, span)
        or any(one.kind == "annotated other" for one in inside)
    )


def _meets(one: Stmt, binds: set[int]) -> bool:
    return one.kind in (*_CLOSING, *CONTEXT_TEXTS) and one.other in binds


def _possibly_unbound(program: Program, span: Span) -> bool:
    certain = set.intersection(*(_bound_above(program, span, literals) for literals in _valuations(program)))
    for one in pieces(program)[span.first : span.last + 1]:
        if one.stmt and one.stmt.kind in _CONDITIONAL:
            if not _bound(one) <= certain:
                return True
        elif one.stmt and _reads_other(one.stmt) and one.stmt.other not in certain:
            return True
        elif one.stmt and one.stmt.kind in ("del", "except as"):
            certain.discard(one.stmt.name)
        else:
            certain |= _bound(one)
    return False


def _reads_other(one: Stmt) -> bool:
    return one.other >= 0 and (one.kind not in _BINDS_OTHER or one.kind == "swap")


def _bound_above(program: Program, span: Span, literals: Literals) -> set[int]:
    texts = render(program, span.side, "", literals).texts[: span.first]
    names = run([PRELUDE, *texts], {}, ask=False).names
    return {number for number, letter in enumerate(letters_of(program, span.side)) if letter in names}


_VIEWS = frozenset(("global", "eval", "exec", "locals", "globals set", "by string"))
_CLOSING = frozenset(("lambda", "lambdas", "generator", "mapped", "def inside", "class inside"))
_STILL = frozenset(
    "assign,alias,pair,list,both,swap,starred,conditional,conditional alias,either,one or other,for,for inside,lambda,"
    "lambda default,lambdas,generator,show,show pair,import,import other,annotated,annotated other,annotation,walrus inside,"
    "comprehension,comprehension own".split(",")
)
_CONDITIONAL = frozenset(
    ("conditional", "conditional alias", "one or other", "try one", "def inside", "class inside", "walrus inside")
)
_BINDS_NOTHING = frozenset(
    "append,subscript,listed,call,call alone,show,show pair,print,text named,locals,assert,by string,global,annotation,"
    "comprehension own".split(",")
)
_BINDS_OTHER = frozenset(
    "both,swap,starred,one or other,for inside,walrus inside,comprehension own,def sets".split(",")
)


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
    texts[span.first] = f"from {_MODULE} import run_it\n" + (
        f"{', '.join(way.outputs)} = {call}" if way.outputs else call
    )
    listed, letters = pieces(program), letters_of(program, span.side)
    for at in way.along:
        stmt = listed[at].stmt
        if stmt is not None and stmt.kind in _DEFS:
            texts[at] = f"from {_MODULE} import {letters[stmt.name]}"
    cells = laid(program, texts, len(one.book.cells) > 0 and one.book.cells[0] == PRELUDE).cells
    new = seen(one.before, {PACKAGE: "", _MODULE: module}, cells)
    return not difference(one.before, one.old, new)
