"""Whether a notebook runs from top to bottom, as every promise here takes for granted: what its saved counters say, and what it
reads before it has it. Cells are indexes into `Features.cells`.

What may be bound by a magic, %run, exec or a part that can't be read is unknown: nothing is told of it.
"""

import builtins
from bisect import bisect_left
from collections.abc import Iterator
from itertools import pairwise

from msgspec import Struct

from nb2mod.model import BindKind, CellFeatures, Features, Names, UseKind
from nb2mod.stages.analyze.given_names import IPYTHON, PLATFORM, SESSION

_LATER = (BindKind.DELETE, BindKind.AUGMENTED)  # take a name that is bound already
_NOT_READ = (UseKind.ANNOTATION, UseKind.STRING, UseKind.MAGIC)  # may never be looked up
_SESSION = SESSION | PLATFORM | IPYTHON.keys()
_BUILTINS = frozenset(dir(builtins))
_ANY_TIME = 1 << 60


class OutOfOrder(Struct, frozen=True):
    """What saved counters say: `below` stands below `above` and was run before it. `cells` of `counted` are out of order."""

    above: int
    below: int
    cells: int
    counted: int


class ReadBefore(Struct, frozen=True):
    """Names that `cell` reads at once, at `line` first, and that nothing in it or above binds; `binds` is the first that does."""

    cell: int
    line: int
    binds: int
    names: tuple[str, ...]


def out_of_order(features: Features) -> OutOfOrder | None:
    """Whether the saved counters fall somewhere from top to bottom. Gaps are cells that were run again in order; a cell without
    counter, or with 0, was not run.
    """
    counted = [(index, cell.count) for index, cell in enumerate(features.cells) if cell.count and cell.source.strip()]
    falls = [(above, below) for above, below in pairwise(counted) if below[1] < above[1]]
    if not falls:
        return None
    (above, _), (below, _) = falls[0]
    return OutOfOrder(above, below, len(counted) - _longest_rise([count for _, count in counted]), len(counted))


def read_before(features: Features, names: Names) -> tuple[ReadBefore, ...]:
    """Every name that a cell reads when it runs and that only cells below it bind, in order of the reading cell."""
    if features.error or features.kind != "notebook":
        return ()
    found: dict[tuple[int, int], tuple[int, list[str]]] = {}
    for name, cell, line, binds in _reads(features, names):
        first, listed = found.get((cell, binds), (line, []))
        found[cell, binds] = (min(first, line), [*listed, name])
    return tuple(
        ReadBefore(cell, line, binds, tuple(sorted(listed))) for (cell, binds), (line, listed) in sorted(found.items())
    )


def _reads(features: Features, names: Names) -> Iterator[tuple[str, int, int, int]]:
    """(name, cell, line, first cell that binds it)."""
    stars = min((bound.cell for bound in names.stars), default=_ANY_TIME)
    wild = min((0 if cell == _ANY_TIME else cell for cell, _ in names.wild), default=_ANY_TIME)
    known_until = min(stars, wild)
    for name, bindings in names.bindings.items():
        uses = names.uses.get(name)
        if not uses or uses[0].cell >= bindings[-1].cell or _is_known(name, names):
            continue
        binds = min((bound.cell for bound in bindings if bound.binding.kind not in _LATER), default=0)
        for used in uses:
            cell, use = used.cell, used.use
            if cell >= binds or cell >= known_until:
                break
            at_once = not use.deferred and use.kind not in _NOT_READ
            if (
                at_once
                and not _is_local(features.cells[cell], name)
                and not _may_fail(features.cells[cell], use.statement)
            ):
                yield name, cell, use.line, binds
                break


def _is_local(cell: CellFeatures, name: str) -> bool:
    """Whether the cell's body is a function (%%timeit) that binds the name itself."""
    return cell.facts.runs_in_function and any(binding.name == name for binding in cell.facts.bindings)


def _may_fail(cell: CellFeatures, statement: int) -> bool:
    """Whether the reading may end in an error that someone expects: a cell tagged so, or a try."""
    statements = cell.facts.statements
    return cell.raises or (0 <= statement < len(statements) and statements[statement].kind.startswith("try"))


def _is_known(name: str, names: Names) -> bool:
    """Whether something else may give the name its value: Python, IPython, or a part that can't be read."""
    dunder = name.startswith("__") and name.endswith("__")
    return dunder or name in _BUILTINS or name in _SESSION or name in names.unknown


def _longest_rise(counts: list[int]) -> int:
    """How many cells at most stand in the order in which they were run: the longest rising part, by patience sorting."""
    tails: list[int] = []
    for count in counts:
        at = bisect_left(tails, count)
        tails[at : at + 1] = [count]
    return len(tails)
