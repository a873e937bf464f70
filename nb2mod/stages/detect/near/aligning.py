"""How alike two definitions are: their statements laid beside each other, then the tokens of those that belong together.

A longest common subsequence with bits for a row (Hyyrö 2004): a step of Python for each element of one side, whatever the other's
length.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from nb2mod.syntax.tokens import LITERAL, LOCAL, STATEMENT

# What share of its tokens a changed statement keeps; below it is another statement.
_SAME_STATEMENT = 0.5
# How many pairs of changed statements between two that are the same are looked at; beyond, none is.
_MOST_PAIRS = 2500
_END = bytes((STATEMENT,))
# All locals are one, and all literals.
BLIND = bytes(
    LOCAL if LOCAL <= byte < STATEMENT else LITERAL if LITERAL <= byte < LOCAL else byte for byte in range(256)
)


class Spelled:
    """One shape's tokens, cut into statements: the head, then the body's. `bag` counts the blind ones."""

    __slots__ = ("bag", "blind", "raw", "size", "tokens")

    def __init__(self, tokens: bytes) -> None:
        self.tokens = tokens
        self.raw = tokens.split(_END)
        blind = tokens.translate(BLIND)
        self.blind = blind.split(_END)
        self.bag = Counter(blind.replace(_END, b""))
        self.size = len(tokens) - len(self.raw) + 1


def similarity(one: Spelled, other: Spelled, least: float) -> float:
    """The share of tokens of both that an alignment matches, 0 to 1; 0 when it is certainly below `least`.

    Locals match when one consistent renaming makes them the same, literals when they are equal.
    """
    total = one.size + other.size
    if not total or not reachable(one, other, least):
        return 0.0
    pairs, most = _statements(one, other, least * total / 2)
    if 2 * most < least * total:
        return 0.0
    same, names = 0, Counter[tuple[int, int]]()
    for left, right in pairs:
        for ours, theirs in _tokens(one.raw[left], one.blind[left], other.raw[right], other.blind[right]):
            if ours >= LOCAL and theirs >= LOCAL:
                names[ours, theirs] += 1
            else:
                same += ours == theirs
    return 2 * (same + _renamed(names)) / total


def reachable(one: Spelled, other: Spelled, least: float) -> bool:
    """Whether any alignment at all could match so large a share: by size, then by what tokens there are."""
    needed = least * (one.size + other.size) / 2
    return min(one.size, other.size) >= needed and (one.bag & other.bag).total() >= needed


def _renamed(names: Counter[tuple[int, int]]) -> int:
    """How many pairs of names agree with the best renaming, one to one, the most frequent first."""
    left, right, agree = set(), set(), 0
    for (one, other), count in sorted(names.items(), key=lambda item: (-item[1], item[0])):
        if one not in left and other not in right:
            left.add(one)
            right.add(other)
            agree += count
    return agree


# statements


def _statements(one: Spelled, other: Spelled, needed: float) -> tuple[list[tuple[int, int]], int]:
    """Statements that belong together, in order, and how many tokens they could share at most: when that is certainly below
    `needed`, the pairs are not all of them.
    """
    anchors = matched(one.blind, other.blind)
    gaps = []
    most = sum(len(one.blind[left]) for left, _ in anchors)
    possible = most
    for (above, before), (below, after) in pairwise([(-1, -1), *anchors, (len(one.blind), len(other.blind))]):
        ours, theirs = one.blind[above + 1 : below], other.blind[before + 1 : after]
        if ours and theirs:
            gaps.append((above + 1, ours, before + 1, theirs))
            possible += min(sum(map(len, ours)), sum(map(len, theirs)))
    if possible < needed:
        return anchors, possible
    pairs = list(anchors)
    for first, ours, second, theirs in gaps:
        found, shared = _changed(ours, theirs)
        pairs += [(first + left, second + right) for left, right in found]
        most += shared
    return pairs, most


def _changed(ours: Sequence[bytes], theirs: Sequence[bytes]) -> tuple[list[tuple[int, int]], int]:
    """Pairs of changed statements that share the most tokens in order, and how many."""
    if len(ours) * len(theirs) > _MOST_PAIRS:
        return [], 0
    rows = [[0] * (len(theirs) + 1)]
    for one in ours:
        above, row = rows[-1], [0]
        for at, other in enumerate(theirs):
            row.append(max(above[at + 1], row[at], above[at] + _shared(one, other)))
        rows.append(row)
    pairs = []
    left, right = len(ours), len(theirs)
    while left and right:
        if rows[left][right] == rows[left - 1][right]:
            left -= 1
        elif rows[left][right] == rows[left][right - 1]:
            right -= 1
        else:
            left, right = left - 1, right - 1
            pairs.append((left, right))
    return pairs, rows[-1][-1]


@lru_cache(maxsize=16384)
def _shared(one: bytes, other: bytes) -> int:
    """How many tokens two statements share; none when they are of other kinds or share too few."""
    if one[:1] != other[:1] or 2 * min(len(one), len(other)) < _SAME_STATEMENT * (len(one) + len(other)):
        return 0
    count = len(matched(one, other))
    return count if 2 * count >= _SAME_STATEMENT * (len(one) + len(other)) else 0


def _tokens(one: bytes, one_blind: bytes, other: bytes, other_blind: bytes) -> Iterator[tuple[int, int]]:
    if one_blind == other_blind:
        yield from zip(one, other, strict=True)
    else:
        for left, right in matched(one_blind, other_blind):
            yield one[left], other[right]


# the longest common subsequence


def matched(one: Sequence[object], other: Sequence[object]) -> list[tuple[int, int]]:
    """Indexes of a longest common subsequence of two sequences of hashable things, in order."""
    first, last = 0, min(len(one), len(other))
    while first < last and one[first] == other[first]:
        first += 1
    end = 0
    while end < last - first and one[-1 - end] == other[-1 - end]:
        end += 1
    found = [(at, at) for at in range(first)]
    found += _between(one, other, first, len(one) - end, len(other) - end)
    found += [(len(one) - at, len(other) - at) for at in range(end, 0, -1)]
    return found


def _between(
    one: Sequence[object], other: Sequence[object], first: int, last: int, other_last: int
) -> list[tuple[int, int]]:
    """The same from index `first` on of both, to before `last` and `other_last`."""
    where: dict[object, int] = {}
    for at in range(first, other_last):
        where[other[at]] = where.get(other[at], 0) | 1 << at - first
    whole = (1 << max(0, other_last - first)) - 1
    row, rows = whole, []
    for at in range(first, last):
        met = row & where.get(one[at], 0)
        row = ((row + met) | (row - met)) & whole
        rows.append(row)
    found = []
    left, right = last - first, other_last - first
    while left and right:
        if rows[left - 1] >> right - 1 & 1:
            right -= 1
        else:
            left -= 1
            if not left or rows[left - 1] >> right - 1 & 1:
                right -= 1
                found.append((first + left, first + right))
    return found[::-1]
