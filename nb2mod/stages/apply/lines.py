"""Carries a change of text over to a later version of that text, line by line. Pure; knows no files and no notebooks."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import pairwise

from msgspec import Struct

Block = tuple[int, int, int]  # where a stretch starts in one text, where in the other, how long it is
_MUCH = 100_000_000  # steps that difflib takes within seconds


class Hunk(Struct, frozen=True):
    """Lines `start` to `end` (half-open) of the base become `lines`."""

    start: int
    end: int
    lines: tuple[str, ...]


def carry_text(base: str, target: str, current: str, anchored: bool = True) -> str | None:
    """`current`, an edited version of `base`, with the change from `base` to `target` made in it as well.

    None when a line that the change touches no longer stands there exactly, or when it can't be told which of several it is.
    With `anchored` False, lines that the change only adds make it None too: `current` need not be a version of `base`, and
    nothing would show where they belong.
    """
    if current == base:
        return target
    old, now = base.split("\n"), current.split("\n")
    hunks = _hunks(old, target.split("\n"))
    if not anchored and not all(_tells(hunk, old) for hunk in hunks):
        return None
    mapping = _mapping(old, now)
    edits = []
    for hunk in hunks:
        place = _place(hunk, old, now, mapping)
        if place is None:
            return None
        edits.append((place, hunk))
    edits.sort(key=lambda edit: edit[0])
    if _overlap(edits):
        return None
    for place, hunk in reversed(edits):
        now[place : place + hunk.end - hunk.start] = hunk.lines
    return "\n".join(now)


def _hunks(old: list[str], new: list[str]) -> list[Hunk]:
    """What must change. Blank lines that happen to match inside one change do not cut it in two."""
    merged: list[tuple[int, int, int, int]] = []
    for start, end, new_start, new_end in _changed(_matching(old, new)):
        if merged and not any(line.strip() for line in old[merged[-1][1] : start]):
            merged[-1] = (merged[-1][0], end, merged[-1][2], new_end)
        else:
            merged.append((start, end, new_start, new_end))
    return [Hunk(start, end, tuple(new[new_start:new_end])) for start, end, new_start, new_end in merged]


def _mapping(old: list[str], now: list[str]) -> dict[int, int]:
    """Where each line of `old` stands in `now`, for those that still do. The ends map to the ends."""
    mapping = {-1: -1, len(old): len(now)}
    for start, now_start, size in _matching(old, now):
        mapping.update((start + step, now_start + step) for step in range(size))
    return mapping


def _matching(old: Sequence[str], new: Sequence[str]) -> list[Block]:
    """Stretches of lines that stand in both, in order; the last is empty and stands at both ends.

    What is much to compare is cut at lines that each side has once. A piece that is still too much matches nowhere: its lines
    are then carried only where they can be told by themselves.
    """
    if _steps(old, new) <= _MUCH:
        return [
            (one.a, one.b, one.size) for one in SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
        ]
    head = _same_length(old, new)
    tail = _same_length(old[head:][::-1], new[head:][::-1])
    ends = len(old) - tail, len(new) - tail
    blocks = [(0, 0, head)]
    start = (head, head)
    anchors = _anchors(old[head : ends[0]], new[head : ends[1]])
    for stop in (*((head + one, head + other) for one, other in anchors), ends):
        parts = old[start[0] : stop[0]], new[start[1] : stop[1]]
        if _steps(*parts) <= _MUCH:
            found = SequenceMatcher(None, *parts, autojunk=False).get_matching_blocks()
            blocks += [(start[0] + one.a, start[1] + one.b, one.size) for one in found]
        start = stop
    blocks.append((*ends, tail))
    return [*(block for block in blocks if block[2]), (len(old), len(new), 0)]


def _steps(old: Sequence[str], new: Sequence[str]) -> int:
    """At most so many steps difflib takes: it looks at all pairs of equal lines, once for each stretch that it finds."""
    numbers = Counter(new)
    return sum(number * numbers[line] for line, number in Counter(old).items()) * min(len(old), len(new))


def _same_length(one: Sequence[str], other: Sequence[str]) -> int:
    """How many lines are the same from the start on."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (left, right) in pairs if left != right), min(len(one), len(other)))


def _anchors(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Lines that stand once on each side, as many as keep their order: where both may be cut."""
    once = [{line for line, number in Counter(side).items() if number == 1} for side in (old, new)]
    place = {line: at for at, line in enumerate(new) if line in once[1]}
    common = [(at, place[line]) for at, line in enumerate(old) if line in once[0] and line in place]
    tops: list[int] = []  # of each length, the smallest end of a rising row, and who stands there and before
    ends: list[int] = []
    before: list[int] = []
    for number, (_, there) in enumerate(common):
        length = bisect_left(tops, there)
        tops[length : length + 1] = [there]
        ends[length : length + 1] = [number]
        before.append(ends[length - 1] if length else -1)
    row: list[tuple[int, int]] = []
    number = ends[-1] if ends else -1
    while number >= 0:
        row.append(common[number])
        number = before[number]
    return row[::-1]


def _changed(blocks: Sequence[Block]) -> Iterator[tuple[int, int, int, int]]:
    """What stands between the blocks: start and end in the old text, start and end in the new one."""
    ends = (0, 0)
    for start, new_start, size in blocks:
        if (start, new_start) != ends:
            yield ends[0], start, ends[1], new_start
        ends = (start + size, new_start + size)


def _place(hunk: Hunk, old: list[str], now: list[str], mapping: dict[int, int]) -> int | None:
    """The line of `now` where the hunk begins; None when its lines do not stand there, or it is not sure which they are."""
    span = old[hunk.start : hunk.end]
    if _tells(hunk, old):
        there = _occurrences(span, now)
        before = _occurrences(span, old)
        if len(there) == len(before) == 1:
            return there[0]
        if len(there) != len(before):
            return None
        first, last = hunk.start, hunk.end - 1
    else:
        # Nothing to know the place by but its neighbours: both must still stand side by side.
        first, last = hunk.start - 1, hunk.end
    lines = [mapping.get(line) for line in range(first, last + 1)]
    if lines[0] is None or lines != list(range(lines[0], lines[0] + len(lines))):
        return None
    return lines[0] + hunk.start - first


def _tells(hunk: Hunk, old: list[str]) -> bool:
    return any(line.strip() for line in old[hunk.start : hunk.end])


def _occurrences(span: list[str], lines: list[str]) -> list[int]:
    return [
        index
        for index in range(len(lines) - len(span) + 1)
        if lines[index] == span[0] and lines[index : index + len(span)] == span
    ]


def _overlap(edits: list[tuple[int, Hunk]]) -> bool:
    return any(place + hunk.end - hunk.start > following for (place, hunk), (following, _) in pairwise(edits))
