"""Numbers that two old texts agree on by chance: in an array of random digits every tenth does, and means nothing.

Where a tenth of a column or of an unlabelled row of numbers differs between the old texts, all of it is noise. A number with a
label of its own (`loss 0.123 time 3.2s`) is in no such company.
"""

import re
from collections import Counter
from collections.abc import Collection, Sequence

from nb2mod.stages.verify.comparing.tokens import NUMBER, shape

COMPANY = 8  # fewer numbers are no column: a chance agreement there is what a third old run is for
SHARE = 0.1
CELL = " │ "  # between the cells of a table that was made text
LABEL = re.compile(r"[^\s,;|│\[\]()]")
WORD = re.compile(r"\w+")


def line_kind(line: str) -> str:
    """Lines of one kind make columns: those that differ in numbers only, or the rows of a table with whatever labels."""
    return WORD.sub("w", line) if CELL in line else shape(line)


def by_chance(text: str, wrong: Sequence[int], noisy: Collection[int]) -> set[int]:
    """Those of `wrong` that are in the company of noise; both count the numbers of `text` from 0."""
    columns, rows = _companies(text)
    sizes, noisy_sizes = Counter(columns), Counter(columns[index] for index in noisy)
    row_sizes, noisy_rows = Counter(rows), Counter(rows[index] for index in noisy)
    excused = set()
    for index in wrong:
        column, row = columns[index], rows[index]
        if sizes[column] >= COMPANY:
            share = noisy_sizes[column] / sizes[column]
        else:
            share = noisy_rows[row] / row_sizes[row] if row_sizes[row] >= COMPANY else 0.0
        if share >= SHARE:
            excused.add(index)
    return excused


def _companies(text: str) -> tuple[list[tuple[int, int]], list[int]]:
    """For each number its column (kind of line, place in it), and the number of its row: an array over several lines is one."""
    columns: list[tuple[int, int]] = []
    rows: list[int] = []
    kinds: dict[str, int] = {}
    row = 0
    for line in text.split("\n"):
        kind, end = -1, 0
        for place, match in enumerate(NUMBER.finditer(line)):
            if kind < 0:
                kind = kinds.setdefault(line_kind(line), len(kinds))
            row += LABEL.search(line, end, match.start()) is not None
            columns.append((kind, place))
            rows.append(row)
            end = match.end()
        row += LABEL.search(line, end) is not None
    return columns, rows
