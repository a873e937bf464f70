"""Phrases that the text formats share: counts, places, wrapped sentences. Which of them are said lives with the formats."""

import textwrap
from collections.abc import Iterable, Sequence

from nb2mod.model import Location, Occurrence
from nb2mod.report.ink import clean

_IRREGULAR = {"copy": "copies", "class": "classes"}


def count(number: int, noun: str) -> str:
    """`count(1, "copy")` is "1 copy", `count(1200, "copy")` is "1,200 copies"; only the last word of `noun` changes."""
    if number == 1:
        return f"1 {noun}"
    head, _, last = noun.rpartition(" ")
    plural = _IRREGULAR.get(last, last + "s")
    return f"{number:,} {f'{head} {plural}' if head else plural}"


def things(kinds: Sequence[str]) -> str:
    """ "3 definitions and 1 block", told by the kinds of candidates."""
    blocks = sum(kind == "block" for kind in kinds)
    parts = [count(len(kinds) - blocks, "definition")] if blocks < len(kinds) or not kinds else []
    return " and ".join([*parts, *([count(blocks, "block")] if blocks else [])])


def place(location: Location) -> str:
    """ "notebooks/a.ipynb cell 3 line 1"; parts that are 0 are left out."""
    return " ".join([clean(location.path), *_inside(location.cell, location.line)])


def places(occurrences: Sequence[Occurrence], name: str) -> list[str]:
    """One phrase per file: "a.ipynb cell 3 line 1, cell 9 line 4"; a copy under another name than `name` says so."""
    by_path: dict[str, list[str]] = {}
    for occurrence in occurrences:
        inside = " ".join(_inside(occurrence.cell, occurrence.line))
        alias = f" (as {clean(occurrence.name)})" if occurrence.name != name else ""
        by_path.setdefault(occurrence.path, []).append(inside + alias)
    return [f"{clean(path)} {', '.join(insides)}" for path, insides in by_path.items()]


def wrap(text: str, width: int, indent: str, hanging: str | None = None) -> list[str]:
    """`text` in lines of at most `width` columns; words longer than a line stay whole, so that paths can be copied."""
    return textwrap.wrap(
        text,
        max(width, 20),
        initial_indent=indent,
        subsequent_indent=indent if hanging is None else hanging,
        break_long_words=False,
        break_on_hyphens=False,
    )


def listed(names: Iterable[str], most: int) -> str:
    """ "a, b, c and 4 more"."""
    known = [clean(name) for name in names]
    if len(known) <= most + 1:
        return ", ".join(known)
    return f"{', '.join(known[:most])} and {len(known) - most:,} more"


def ranges(numbers: Sequence[int]) -> str:
    """ "3-6, 8, 10" for numbers in ascending order."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else f"{run[0]}" for run in runs)


def _inside(cell: int, line: int) -> list[str]:
    return [f"cell {cell}"] * bool(cell) + [f"line {line}"] * bool(line)
