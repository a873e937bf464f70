"""Where two copies differ, side by side: two columns fitted to the width, the places as their headings, the lines that differ.

Where it stands in a report, and for which candidates, is for the formats that use it.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from nb2mod.model import Contrast
from nb2mod.report import words
from nb2mod.report.ink import Look, clean, clean_code

_CONTEXT = 1
_GAP = " | "
_NARROW = 60  # with fewer columns the copies stand one below the other
_TAB = 4
_MORE = "..."

_Row = tuple[str, str, str]  # "=", "-", "+" or "!"; the left line, the right line


def lines(contrasts: Sequence[Contrast], look: Look, indent: str = "    ") -> list[str]:
    """Every contrast below the other, each with what differs and both places; nothing for none. No line is wider than the look,
    but where a path alone is.
    """
    found: list[str] = []
    for contrast in contrasts:
        found += words.wrap(clean(contrast.what), look.width, indent, indent + "  ")
        wide = look.width - len(indent) >= _NARROW and not _is_long_alone(contrast, look.width - len(indent))
        found += [f"{indent}{line}" for line in (_beside if wide else _below)(contrast, look, look.width - len(indent))]
    return found


def advice(text: str, look: Look, indent: str = "    ") -> list[str]:
    """The smallest change that would help, in lines; nothing for ""."""
    return words.wrap(f"to make them one: {clean(text)}", look.width, indent, indent + "  ") if text else []


def _is_long_alone(contrast: Contrast, width: int) -> bool:
    """Whether one side is empty and the other too long for a column: a line of its own shows more of it."""
    sides = contrast.left_lines, contrast.right_lines
    longest = max((_width(_spaced(line)) for side in sides for line in side), default=0)
    return not all(sides) and longest > (width - len(_GAP)) // 2


def _beside(contrast: Contrast, look: Look, width: int) -> Iterator[str]:
    column = (width - len(_GAP)) // 2
    heads = [_cut(words.place(place), column, end=True) for place in (contrast.left, contrast.right)]
    yield f"{look.ink.strong(_padded(heads[0], column))}{look.ink.faint(_GAP)}{look.ink.strong(heads[1])}"
    for sign, left, right in _rows(contrast):
        left, right = _near(left, right, column) if sign == "!" else (left, right)
        one, other = _padded(_cut(left, column), column), _cut(right, column)
        if sign == "=":
            yield f"{look.ink.faint(one)}{look.ink.faint(_GAP)}{look.ink.faint(other)}".rstrip()
            continue
        middle = {"-": " < ", "+": " > ", "!": " | "}[sign]
        yield f"{look.ink.bad(one) if left else one}{look.ink.strong(middle)}{look.ink.good(other)}".rstrip()


def _below(contrast: Contrast, look: Look, width: int) -> Iterator[str]:
    """One copy, then the other, as a diff has them."""
    rows = [
        (sign, *(_near(one, other, width - 2) if sign == "!" else (one, other))) for sign, one, other in _rows(contrast)
    ]
    for place, side, sign, paint in (
        (contrast.left, 1, "-", look.ink.bad),
        (contrast.right, 2, "+", look.ink.good),
    ):
        yield look.ink.strong(words.place(place))
        for row in rows:
            if row[0] == "=":
                yield look.ink.faint(_cut(f"  {row[side]}", width))
            elif row[side]:
                yield paint(_cut(f"{sign} {row[side]}", width))


def _rows(contrast: Contrast) -> list[_Row]:
    """The lines side by side; of those that are alike only the nearest to a difference."""
    left, right = [[_spaced(line) for line in side] for side in (contrast.left_lines, contrast.right_lines)]
    rows: list[_Row] = []
    for tag, start, end, begin, stop in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if tag == "equal":
            rows += [("=", line, line) for line in left[start:end]]
            continue
        for number in range(max(end - start, stop - begin)):
            one = left[start + number] if start + number < end else None
            other = right[begin + number] if begin + number < stop else None
            rows.append(("-" if other is None else "+" if one is None else "!", one or "", other or ""))
    differing = [number for number, row in enumerate(rows) if row[0] != "="]
    near = [any(abs(number - other) <= _CONTEXT for other in differing) or not differing for number in range(len(rows))]
    shown: list[_Row] = []
    for number, row in enumerate(rows):
        if near[number]:
            shown.append(row)
        elif number and near[number - 1]:
            shown.append(("=", _MORE, _MORE))
    return shown[:-1] if shown and shown[-1] == ("=", _MORE, _MORE) else shown


def _spaced(line: str) -> str:
    """A line of code as it is shown: tabs as blanks, so that columns hold."""
    return clean_code(line).expandtabs(_TAB)


def _width(text: str) -> int:
    """Columns on a terminal: wide characters take two, marks on top of others none."""
    return sum(
        0 if unicodedata.combining(character) else 1 + (unicodedata.east_asian_width(character) in "WF")
        for character in text
    )


def _padded(text: str, width: int) -> str:
    return text + " " * max(width - _width(text), 0)


def _near(left: str, right: str, width: int) -> tuple[str, str]:
    """Two lines from near their first difference on, where they would look the same once they are cut."""
    if left == right or _cut(left, width) != _cut(right, width):
        return left, right
    same = next(
        (at for at, pair in enumerate(zip(left, right, strict=False)) if pair[0] != pair[1]), min(len(left), len(right))
    )
    room = max(width // 3, width - len(_MORE) - max(_width(left[same:]), _width(right[same:])))
    earliest = same
    while earliest and _width(left[earliest - 1 : same]) <= room:
        earliest -= 1
    words_begin = [at for at in range(earliest + 1, same) if left[at - 1] in " ,(["]
    start = words_begin[0] if words_begin else earliest
    return f"{_MORE}{left[start:]}", f"{_MORE}{right[start:]}"


def _cut(text: str, width: int, *, end: bool = False) -> str:
    """At most `width` columns of a text: its beginning, or, of a place, its `end`."""
    if _width(text) <= width:
        return text
    kept = text
    while kept and _width(kept) > width - len(_MORE):
        kept = kept[1:] if end else kept[:-1]
    return f"{_MORE}{kept}" if end else f"{kept}{_MORE}"
