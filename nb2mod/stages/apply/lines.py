"""Carries a change of text over to a later version of that text, line by line. Pure; knows no files and no notebooks."""

from difflib import SequenceMatcher
from itertools import pairwise

from msgspec import Struct


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
    for tag, start, end, new_start, new_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        if merged and not any(line.strip() for line in old[merged[-1][1] : start]):
            merged[-1] = (merged[-1][0], end, merged[-1][2], new_end)
        else:
            merged.append((start, end, new_start, new_end))
    return [Hunk(start, end, tuple(new[new_start:new_end])) for start, end, new_start, new_end in merged]


def _mapping(old: list[str], now: list[str]) -> dict[int, int]:
    """Where each line of `old` stands in `now`, for those that still do. The ends map to the ends."""
    mapping = {-1: -1, len(old): len(now)}
    for block in SequenceMatcher(None, old, now, autojunk=False).get_matching_blocks():
        mapping.update((block.a + step, block.b + step) for step in range(block.size))
    return mapping


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
