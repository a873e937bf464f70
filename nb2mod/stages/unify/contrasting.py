"""Two sources side by side: a diff of their statements, suite by suite, so that a line that was put in shows as such."""

import ast
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from msgspec import Struct

from nb2mod.stages.unify.aligning import Alignment
from nb2mod.stages.unify.sources import Source
from nb2mod.stages.unify.spans import Span
from nb2mod.stages.unify.terms import FREE, Term

_WIDEST = 2_500  # pairs of statements that a gap is filled with by likeness; a wider one is filled from the top
_ALIKE = 0.4


class Gap(Struct, frozen=True, eq=False):
    """One place that is not alike. `left` and `right` are the terms, None where nothing stands on that side; `left_span` and
    `right_span` the statements around them, empty behind the last one that both have.
    """

    left: Term | None
    right: Term | None
    left_span: Span
    right_span: Span


def gaps_of(left: Source, right: Source) -> list[Gap]:
    """Every place at which the two are not alike and no literal or plain name stands, in order of the text."""
    return list(_Sides(left, right).definitions(left.read.term, right.read.term))


def resemblance(left: Counter[str], right: Counter[str]) -> float:
    """How much of two bags of labels is the same, 0 to 1."""
    whole = left.total() + right.total()
    return 2 * (left & right).total() / whole if whole else 1.0


def labels_of(term: Term, source: Source) -> Counter[str]:
    """All labels of a term, names of the definition all alike."""
    return Counter(_label(inner, source) for inner in term.walk())


def statement_of(around: Sequence[Term]) -> Term:
    """The innermost statement among terms, outermost first."""
    return next((term for term in reversed(around) if isinstance(term.node, ast.stmt)), around[0])


def head_span(term: Term, source: Source) -> Span:
    """A statement without the suites below it."""
    start, end = term.span
    inside = [kid for kid in term.kids if kid.label.startswith("suite") and kid.kids]
    inside += [kid.kids[-1] for kid in term.kids if isinstance(kid.node, ast.match_case)]
    if inside:
        first = min(kid.kids[0].span[0] for kid in inside)
        line = source.read.positions.line(first)
        if line > source.read.positions.line(start):
            end = len(source.text[:first].rstrip())
    return start, end


class _Sides:
    def __init__(self, left: Source, right: Source) -> None:
        self._left, self._right = left, right
        self._names = Alignment(left.marked, right.marked)

    def definitions(self, left: Term, right: Term) -> Iterator[Gap]:
        """Two functions or classes: their heads, then their suites."""
        yield from self._heads(left, right)
        if type(left.node) is type(right.node):
            yield from self._suites(left.kids[-1], right.kids[-1], (left.span[0],) * 2, (right.span[0],) * 2)

    def _heads(self, left: Term, right: Term) -> Iterator[Gap]:
        """Everything of a compound statement but its suites."""
        spans = head_span(left, self._left), head_span(right, self._right)
        one, other = ([kid for kid in term.kids if not _has_suite(kid)] for term in (left, right))
        if type(left.node) is not type(right.node) or len(one) != len(other):
            yield Gap(left, right, *spans)
            return
        told = False
        for mine, its in zip(one, other, strict=True):
            for gap in self._expressions(mine, its, spans):
                told = True
                yield gap
        if not told and _own_label(left) != _own_label(right):
            yield Gap(left, right, *spans)

    def _expressions(self, left: Term, right: Term, spans: tuple[Span, Span]) -> Iterator[Gap]:
        for found in self._names.between(left, right):
            if not _could_be_handed_in(found.left) or not _could_be_handed_in(found.right):
                yield Gap(found.left, found.right, *spans)

    def _suites(self, left: Term, right: Term, above_left: Span, above_right: Span) -> Iterator[Gap]:
        mine, its = left.kids, right.kids
        keys, others = [_key(one, self._left) for one in mine], [_key(one, self._right) for one in its]
        for tag, start, end, begin, stop in SequenceMatcher(None, keys, others, autojunk=False).get_opcodes():
            pairs = (
                list(zip(range(start, end), range(begin, stop), strict=True))
                if tag == "equal"
                else self._paired(mine, its, range(start, end), range(begin, stop))
            )
            for one, other in pairs:
                above_left = mine[one].span if one is not None else above_left
                above_right = its[other].span if other is not None else above_right
                if one is None:
                    assert other is not None
                    yield Gap(None, its[other], (above_left[1],) * 2, head_span(its[other], self._right))
                elif other is None:
                    yield Gap(mine[one], None, head_span(mine[one], self._left), (above_right[1],) * 2)
                else:
                    yield from self._statements(mine[one], its[other])

    def _statements(self, left: Term, right: Term) -> Iterator[Gap]:
        if type(left.node) is not type(right.node):
            yield Gap(left, right, head_span(left, self._left), head_span(right, self._right))
            return
        inside = [[kid for kid in term.kids if _has_suite(kid)] for term in (left, right)]
        if not any(inside):
            yield from self._expressions(left, right, (left.span, right.span))
            return
        yield from self._heads(left, right)
        if [kid.role for kid in inside[0]] != [kid.role for kid in inside[1]]:
            yield Gap(left, right, left.span, right.span)
            return
        for one, other in zip(*inside, strict=True):
            if one.label.startswith("suite"):
                start = (head_span(left, self._left)[1],) * 2, (head_span(right, self._right)[1],) * 2
                yield from self._suites(one, other, *start)
            else:
                yield from self._statements(one, other)

    def _paired(
        self, left: Sequence[Term], right: Sequence[Term], mine: range, its: range
    ) -> list[tuple[int | None, int | None]]:
        """Statements of a gap side by side: the likest together, in order; None beside what has no like."""
        matched = _matching(
            [labels_of(left[number], self._left) for number in mine],
            [labels_of(right[number], self._right) for number in its],
            [[type(left[one].node) is type(right[other].node) for other in its] for one in mine],
        )
        pairs: list[tuple[int | None, int | None]] = []
        done = [0, 0]
        for one, other in [*matched, (len(mine), len(its))]:
            pairs += [(mine[number], None) for number in range(done[0], one)]
            pairs += [(None, its[number]) for number in range(done[1], other)]
            if one < len(mine) and other < len(its):
                pairs.append((mine[one], its[other]))
            done = [one + 1, other + 1]
        return pairs


def _matching(
    left: Sequence[Counter[str]], right: Sequence[Counter[str]], kinds: Sequence[Sequence[bool]]
) -> list[tuple[int, int]]:
    """The pairs, in order on both sides, whose likeness sums up to most; only those that are alike at all."""
    if len(left) * len(right) > _WIDEST:
        return [(number, number) for number in range(min(len(left), len(right))) if kinds[number][number]]
    best = [[0.0] * (len(right) + 1) for _ in range(len(left) + 1)]
    like = [
        [resemblance(one, other) if kinds[i][j] else 0.0 for j, other in enumerate(right)] for i, one in enumerate(left)
    ]
    for i in range(len(left) - 1, -1, -1):
        for j in range(len(right) - 1, -1, -1):
            joined = best[i + 1][j + 1] + like[i][j] if like[i][j] >= _ALIKE else 0.0
            best[i][j] = max(best[i + 1][j], best[i][j + 1], joined)
    pairs, i, j = [], 0, 0
    while i < len(left) and j < len(right):
        if like[i][j] >= _ALIKE and best[i][j] == best[i + 1][j + 1] + like[i][j]:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return pairs


def _has_suite(term: Term) -> bool:
    return term.label.startswith("suite") or isinstance(term.node, ast.ExceptHandler | ast.match_case)


def _own_label(term: Term) -> str:
    """What of a compound statement is told nowhere below it: an operator, the kinds of parameters; its suites are."""
    words = term.label.split()
    return " ".join(word for word in words if word not in ("body", "orelse", "finalbody", "[0"))


def _could_be_handed_in(term: Term) -> bool:
    return not term.barrier and (term.literal is not None or (term.binding is not None and term.binding[0] == FREE))


def _key(term: Term, source: Source) -> str:
    return "\0".join(_label(inner, source) for inner in term.walk())


def _label(term: Term, source: Source) -> str:
    if term.binding is None:
        return term.label
    return term.label + (source.keys[term.binding[1]] if term.binding[0] == FREE else "~")
