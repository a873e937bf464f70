"""Which cells run, and which cell of the old notebook is which of the new one, where some were inserted. Pure."""

from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher

from nb2mod.model import Cell

_MANY = 40  # cells in a row that no id and no equal source tells apart: more are paired in order


def runs(cell: Cell) -> bool:
    """Whether a cell runs, as in "Run all": code that is not empty and not tagged skip-execution."""
    return cell.kind == "code" and bool(cell.source.strip()) and "skip-execution" not in cell.tags


def pair(old: Sequence[Cell], new: Sequence[Cell]) -> dict[int, int]:
    """Numbers of old code cells → numbers of new ones, rising on both sides.

    By id where that is unique on both sides, else by equal source, else by likeness in the order between those.
    """
    before = [cell for cell in old if cell.kind == "code"]
    after = [cell for cell in new if cell.kind == "code"]
    anchors = _rising(_by_id(before, after))
    pairs: dict[int, int] = {}
    last = (-1, -1)
    for anchor in [*anchors, (len(before), len(after))]:
        left, right = before[last[0] + 1 : anchor[0]], after[last[1] + 1 : anchor[1]]
        pairs.update(_between(left, right))
        if anchor[0] < len(before):
            pairs[before[anchor[0]].number] = after[anchor[1]].number
        last = anchor
    return pairs


def _by_id(before: Sequence[Cell], after: Sequence[Cell]) -> list[tuple[int, int]]:
    counts = [Counter(cell.id for cell in cells) for cells in (before, after)]
    places = {cell.id: place for place, cell in enumerate(after)}
    return [
        (place, places[cell.id])
        for place, cell in enumerate(before)
        if cell.id is not None and all(count[cell.id] == 1 for count in counts)
    ]


def _rising(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest run of pairs that rises on both sides; `pairs` rises on the first."""
    best: list[list[tuple[int, int]]] = []  # by length - 1: the run of that length that ends lowest
    for one in pairs:
        length = next((size for size, run in enumerate(best) if run[-1][1] >= one[1]), len(best))
        run = [*(best[length - 1] if length else ()), one]
        best[length : length + 1] = [run]
    return best[-1] if best else []


def _between(left: Sequence[Cell], right: Sequence[Cell]) -> dict[int, int]:
    matcher = SequenceMatcher(None, [cell.source for cell in left], [cell.source for cell in right], autojunk=False)
    pairs: dict[int, int] = {}
    for word, start, end, from_new, to_new in matcher.get_opcodes():
        if word == "equal":
            equal = zip(left[start:end], right[from_new:to_new], strict=True)
            pairs.update((one.number, other.number) for one, other in equal)
        elif word == "replace":
            pairs.update(_alike(left[start:end], right[from_new:to_new]))
    return pairs


def _alike(left: Sequence[Cell], right: Sequence[Cell]) -> dict[int, int]:
    """Pairs in order that are as alike as can be: as many as the shorter side has."""
    if len(left) == len(right) or max(len(left), len(right)) > _MANY:
        return {one.number: other.number for one, other in zip(left, right, strict=False)}
    if len(left) > len(right):
        return {one: other for other, one in _alike(right, left).items()}
    best: list[tuple[float, tuple[int, ...]]] = [(0.0, ())] * (len(right) + 1)
    for at, one in enumerate(left):
        row: list[tuple[float, tuple[int, ...]]] = [(-1.0, ())] * (len(right) + 1)
        for place in range(at, len(right)):
            likeness = SequenceMatcher(None, one.source, right[place].source).ratio()
            taken = (best[place][0] + likeness, (*best[place][1], place))
            row[place + 1] = max(row[place], taken, key=lambda found: found[0])
        best = row
    return {one.number: right[place].number for one, place in zip(left, best[-1][1], strict=True)}
