"""What of two long texts is shown to a person: the lines where they part, with a little around them."""

from collections.abc import Sequence

LINES = 12
LENGTH = 1000
WIDTH = 240
AROUND = 60  # characters of a long line before the place where it differs


def apart(before: str, after: str) -> tuple[str, str]:
    """Both texts from the line before the first that differs to the line after the last, cut where that is long."""
    old, new = before.split("\n"), after.split("\n")
    start, limit = 0, min(len(old), len(new))
    while start < limit and old[start] == new[start]:
        start += 1
    end = 0
    while end < limit - start and old[-1 - end] == new[-1 - end]:
        end += 1
    return _at(old, new, (start, start), (len(old) - end, len(new) - end))


def apart_at(before: str, after: str, old_line: int, new_line: int) -> tuple[str, str]:
    """As `apart`, where it is known at which line the texts part: other lines may differ too and be noise."""
    old, new = before.split("\n"), after.split("\n")
    return _at(old, new, (old_line, new_line), (old_line + 1, new_line + 1))


def _at(old: Sequence[str], new: Sequence[str], start: tuple[int, int], end: tuple[int, int]) -> tuple[str, str]:
    column = 0
    if start[0] < len(old) and start[1] < len(new):
        column = _common(old[start[0]], new[start[1]])
    return _cut(old, start[0], end[0], column), _cut(new, start[1], end[1], column)


def _common(one: str, other: str) -> int:
    limit = min(len(one), len(other))
    return next((column for column in range(limit) if one[column] != other[column]), limit)


def _cut(lines: Sequence[str], start: int, end: int, column: int) -> str:
    first, last = max(0, start - 1), min(len(lines), end + 1)
    kept = [_narrow(line, column if first + index >= start else 0) for index, line in enumerate(lines[first:last])]
    if len(kept) > LINES:
        kept = [*kept[: LINES - 1], f"… {last - first - LINES + 1} more lines"]
    text = "\n".join(kept).strip("\n")
    return text if len(text) <= LENGTH else text[: LENGTH - 1] + "…"


def _narrow(line: str, column: int) -> str:
    if len(line) <= WIDTH:
        return line
    start = max(0, column - AROUND)
    return ("…" if start else "") + line[start : start + WIDTH] + ("…" if start + WIDTH < len(line) else "")
