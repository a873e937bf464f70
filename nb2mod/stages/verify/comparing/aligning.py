"""Two sequences laid side by side, and a pattern with holes laid over one. The cost is bounded, whatever comes in."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from difflib import SequenceMatcher
from itertools import pairwise
from typing import NamedTuple, TypeVar

Pattern = TypeVar("Pattern")
Item = TypeVar("Item")
GAP = 40_000  # pairs that difflib is asked about at once; its worst case is the cube of one side
STEPS = 2_000_000  # comparisons that a search for a pattern may take


class Block(NamedTuple):
    """`size` equal items, from `a` in the one sequence and from `b` in the other."""

    a: int
    b: int
    size: int


class Mismatch(NamedTuple):
    """Where a pattern ceases to fit: the place in the pattern and in the items. `tired`: the search was given up."""

    pattern: int
    item: int
    tired: bool = False


def align(a: Sequence[Hashable], b: Sequence[Hashable], *, anchors_only: bool = False) -> list[Block]:
    """Runs of equal items that stand in the same order in both, ascending; not always the longest possible.

    Both ends first, then what stands once in each, then difflib in the gaps that are small enough. What is left is not aligned.
    """
    found: list[Block] = []
    todo = [(0, len(a), 0, len(b))]
    while todo:
        low_a, high_a, low_b, high_b = todo.pop()
        start = _common(a, b, low_a, high_a, low_b, high_b)
        if start:
            found.append(Block(low_a, low_b, start))
            low_a, low_b = low_a + start, low_b + start
        end = _common_end(a, b, low_a, high_a, low_b, high_b)
        if end:
            high_a, high_b = high_a - end, high_b - end
            found.append(Block(high_a, high_b, end))
        if low_a == high_a or low_b == high_b:
            continue
        anchors = _anchors(a, b, low_a, high_a, low_b, high_b)
        if anchors:
            edges = [*anchors, (high_a, high_b)]
            found += [Block(left, right, 1) for left, right in anchors]
            todo.append((low_a, anchors[0][0], low_b, anchors[0][1]))
            todo += [(p + 1, q, r + 1, s) for (p, r), (q, s) in pairwise(edges)]
        elif not anchors_only and (high_a - low_a) * (high_b - low_b) <= GAP:
            matcher = SequenceMatcher(None, a[low_a:high_a], b[low_b:high_b], autojunk=False)
            found += [
                Block(low_a + block.a, low_b + block.b, block.size)
                for block in matcher.get_matching_blocks()
                if block.size
            ]
    return sorted(found)


def common_ends(rows: Sequence[Sequence[Hashable]]) -> tuple[int, int]:
    """How many items all of the sequences begin with, and how many of the others they all end with."""
    limit, start, end = min(map(len, rows)), 0, 0
    while start < limit and all(row[start] == rows[0][start] for row in rows):
        start += 1
    while end < limit - start and all(row[-1 - end] == rows[0][-1 - end] for row in rows):
        end += 1
    return start, end


def _common(a: Sequence[Hashable], b: Sequence[Hashable], low_a: int, high_a: int, low_b: int, high_b: int) -> int:
    limit, size = min(high_a - low_a, high_b - low_b), 0
    while size < limit and a[low_a + size] == b[low_b + size]:
        size += 1
    return size


def _common_end(a: Sequence[Hashable], b: Sequence[Hashable], low_a: int, high_a: int, low_b: int, high_b: int) -> int:
    limit, size = min(high_a - low_a, high_b - low_b), 0
    while size < limit and a[high_a - 1 - size] == b[high_b - 1 - size]:
        size += 1
    return size


def _anchors(
    a: Sequence[Hashable], b: Sequence[Hashable], low_a: int, high_a: int, low_b: int, high_b: int
) -> list[tuple[int, int]]:
    """Pairs of items that stand once on each side, the longest choice of them that rises on both."""
    count_a, count_b = Counter(a[low_a:high_a]), Counter(b[low_b:high_b])
    place = {b[index]: index for index in range(low_b, high_b) if count_b[b[index]] == 1}
    pairs = [(index, place[a[index]]) for index in range(low_a, high_a) if count_a[a[index]] == 1 and a[index] in place]
    tops: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for number, (_, right) in enumerate(pairs):
        at = bisect_left(tops, right)
        before.append(last[at - 1] if at else -1)
        tops[at : at + 1] = [right]
        last[at : at + 1] = [number]
    chosen = []
    number = last[-1] if last else -1
    while number >= 0:
        chosen.append(pairs[number])
        number = before[number]
    return chosen[::-1]


def fits(
    pattern: Sequence[Pattern | None], items: Sequence[Item], same: Callable[[Pattern, Item], bool]
) -> Mismatch | None:
    """None when `items` are the pattern with something, or nothing, in each of its holes (None); else where they are not.

    Pieces between holes are found leftmost first, which finds a fit whenever there is one.
    """
    pieces: list[list[Pattern]] = [[]]
    starts = [0]
    for index, element in enumerate(pattern):
        if element is None:
            pieces.append([])
            starts.append(index + 1)
        else:
            pieces[-1].append(element)
    low, high = 0, len(items)
    if len(pieces) == 1:
        wrong = _unlike(pieces[0], items, 0, high, same)
        if wrong is None and high > len(pieces[0]):
            wrong = len(pieces[0])
        return None if wrong is None else Mismatch(wrong, wrong)
    wrong = _unlike(pieces[0], items, 0, high, same)
    if wrong is not None:
        return Mismatch(wrong, wrong)
    low = len(pieces[0])
    tail = len(pieces[-1])
    wrong = None if high - low < tail else _unlike(pieces[-1], items, high - tail, high, same)
    if high - low < tail or wrong is not None:
        return Mismatch(starts[-1] + (wrong or 0), max(low, high - tail) + (wrong or 0))
    steps = STEPS
    for piece, start in zip(pieces[1:-1], starts[1:-1], strict=True):
        at, best = low, (0, low)
        while at + len(piece) <= high - tail:
            wrong = _unlike(piece, items, at, high, same)
            if wrong is None:
                break
            best = max(best, (wrong, -at))
            steps -= wrong + 1
            if steps < 0:
                return Mismatch(start, at, tired=True)
            at += 1
        else:
            return Mismatch(start + best[0], min(high, abs(best[1]) + best[0]))
        low = at + len(piece)
    return None


def _unlike(
    piece: Sequence[Pattern], items: Sequence[Item], at: int, high: int, same: Callable[[Pattern, Item], bool]
) -> int | None:
    for offset, element in enumerate(piece):
        if at + offset >= high or not same(element, items[at + offset]):
            return offset
    return None
