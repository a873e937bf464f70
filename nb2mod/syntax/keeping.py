"""Where a person said `# nb2mod: keep` (F10): on a statement, on the line above it, or for a whole cell."""

from nb2mod.model import CellFeatures
from nb2mod.syntax import split_lines

TAGS = frozenset(("keep", "nb2mod-keep", "nb2mod:keep"))


def kept_line(cell: CellFeatures, first: int, last: int) -> int | None:
    """The line that says so for the statement from `first` to `last`, 0 for the cell's tag; None when nothing does.

    The first line of a cell that holds anything (a %% line aside) speaks for the cell.
    """
    if TAGS.intersection(cell.tags):
        return 0
    if not cell.facts.keep:
        return None
    lines = split_lines(cell.source)
    filled = [number for number, line in enumerate(lines, 1) if line.strip() and not line.startswith("%%")]
    heads = filled[:1] if filled and lines[filled[0] - 1].lstrip().startswith("#") else []
    above = first - 1
    while above >= 1 and lines[above - 1].lstrip().startswith("#"):
        heads.append(above)
        above -= 1
    return next((line for line in cell.facts.keep if line in heads or first <= line <= last), None)
