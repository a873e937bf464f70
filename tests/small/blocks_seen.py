"""What a person would see of a notebook with blocks, before and after: one comparison for the tool's work and for ours.

Names that only the block itself mentions may go; so may what follows an error inside the block, where the run ends.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from small.execution import Seen, run

_WORD = re.compile(r"[^\W\d]\w*")
_INSIDE = re.compile(r"\b\w+\.<locals>\.")  # of a function's or generator's name, beside its address, which no two runs share


class Before(NamedTuple):
    """A notebook as it was: its cells, the cells (from 1) that hold part of a moved block, and the names others mention."""

    cells: Sequence[str]
    moved: Collection[int]
    visible: frozenset[str]


def words(texts: Iterable[str]) -> frozenset[str]:
    """Every identifier that stands in the texts, in strings too."""
    return frozenset(word for text in texts for word in _WORD.findall(text))


def seen(cells: Sequence[str], modules: Mapping[str, str], visible: frozenset[str]) -> Seen:
    """What a run shows of the names that matter."""
    return run(cells, modules, about=visible)


def difference(book: Before, old: Seen, new: Seen) -> str:
    """What a person would see of it, in words; "" when nothing."""
    ends_inside = old.error and len(old.cells) in book.moved
    if ends_inside:
        parts = [("output", _joined(old), _joined(new)), ("error", old.error, new.error)]
    else:
        parts = [
            ("cells", old.cells, new.cells),
            ("error", old.error, new.error),
            ("names", old.names, new.names),
            ("answers", old.asked, new.asked),
        ]
    for what, one, other in parts:
        if _INSIDE.sub("", str(one)) != _INSIDE.sub("", str(other)):
            return f"{what}: {one} -> {other}"
    return ""


def _joined(shown: Seen) -> list[str]:
    return [line for cell in shown.cells for line in cell]
