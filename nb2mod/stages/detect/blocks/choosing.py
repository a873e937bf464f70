"""Repeated runs → those that are worth most together: no overlap, the greatest saving first.

A run whose places were partly taken goes on with those that are free; what is left of the others is looked at once more.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from heapq import heapify, heappop, heappush

from msgspec.structs import replace

from nb2mod.stages.detect.blocks.repeats import Limits, Repeat, enough, repeats
from nb2mod.stages.detect.blocks.runs import Line
from nb2mod.stages.detect.blocks.spelling import Spelling

# What a place keeps: an import and a call. What the function costs beside its own text: def, docstring, return, blank lines.
KEPT_LINES, FUNCTION_LINES = 2, 4


def saved_lines(line: Line, found: Repeat) -> int:
    """Lines that the notebooks lose, less what calls and function cost."""
    lost = sum(line.lines(position, found.length) - KEPT_LINES for position in found.positions)
    return lost - line.lines(found.positions[0], found.length) - FUNCTION_LINES


class Choice:
    """Chooses from the repeats of a line, but for those that are `left_out`; `taken` are the positions that chosen runs stand on.

    `copies` maps files to groups of copied notebooks, which count as one place: what stands in places enough is chosen
    before what copies of one notebook share, so that a notebook that was copied as a whole hides nothing.
    """

    def __init__(
        self,
        line: Line,
        spelling: Spelling,
        limits: Limits,
        copies: Mapping[int, int],
        taken: bytearray,
        left_out: Callable[[Repeat], bool] | None = None,
    ) -> None:
        self.line = line
        self.spelling = spelling
        self.limits = limits
        self.copies = copies
        self.taken = taken
        self._left_out = left_out

    def chosen(self) -> Iterator[Repeat]:
        """Chooses until no two free runs are the same: what overlaps something better is looked at again without that."""
        again = True
        while again:
            limits = replace(self.limits, open=_without(self.limits.open, self.taken))
            found = list(self._best(repeats(self.line, self.spelling, limits)))
            yield from (one for one, _ in found if one is not None)
            again = any(one is not None for one, _ in found) and not all(whole for _, whole in found)

    def _best(self, found: Iterable[Repeat]) -> Iterator[tuple[Repeat | None, bool]]:
        """Repeats that do not overlap, the best first, and whether each is all that it was; None for those that are left out."""
        waiting = [(self._rank(one), one.positions, one.length) for one in self._wanted(set(found))]
        heapify(waiting)
        while waiting:
            _, positions, length = heappop(waiting)
            free = tuple(self._apart(positions, length))
            one = Repeat(free, length)
            if len(free) == len(positions):
                one = self._grown(one)
                for position in one.positions:
                    self.taken[position : position + one.length] = b"\1" * one.length
                yield one, True
            elif enough(self.line, free, self.limits.notebooks):
                heappush(waiting, (self._rank(one), free, length))
                yield None, False
            else:
                yield None, False

    def _wanted(self, found: Iterable[Repeat]) -> Iterable[Repeat]:
        return found if self._left_out is None else (one for one in found if not self._left_out(one))

    def _rank(self, one: Repeat) -> tuple[int, int, int]:
        groups = {self.copies.get(file, -1 - file) for file in (self.line.files[at] for at in one.positions)}
        few = len(groups) < self.limits.notebooks
        return few, -saved_lines(self.line, one), -one.length

    def _apart(self, positions: Sequence[int], length: int) -> Iterator[int]:
        """The places that are free and do not overlap each other."""
        end = -1
        for position in positions:
            if position >= end and self.taken.find(1, position, position + length) < 0:
                yield position
                end = position + length

    def _grown(self, one: Repeat) -> Repeat:
        """The run as long as it can be for the places that it was left with."""
        best = one
        for back in (1, 0):
            longer = best
            while True:
                longer = Repeat(tuple(at - back for at in longer.positions), longer.length + 1)
                if not self._holds(longer, back):
                    break
                if self._may_stand(longer):
                    best = longer
        return best

    def _holds(self, one: Repeat, back: int) -> bool:
        """Whether a run that grew by a statement, in front if `back`, is still the same and free in all places."""
        line, taken = self.line, self.taken
        news = [at if back else at + one.length - 1 for at in one.positions]
        key = line.fixed[news[0]] if news[0] >= 0 else -1
        if key == -1 or any(line.fixed[at] != key or taken[at] or not self.limits.open[at] for at in news):
            return False
        if len(set(self._apart(one.positions, one.length))) < len(one.positions):
            return False
        first = self.spelling.numbered(one.positions[0], one.length)
        return all(self.spelling.numbered(at, one.length) == first for at in one.positions[1:])

    def _may_stand(self, one: Repeat) -> bool:
        ends, line = self.limits.ends, self.line
        return all(
            ends[at] and line.begins[at] and ends[at + one.length - 1] and line.closes[at + one.length - 1]
            for at in one.positions
        )


def _without(open_: bytes | bytearray, taken: bytearray) -> bytes:
    """The positions of one that are not in the other, in one step for all of them."""
    free = int.from_bytes(open_, "big")
    free ^= free & int.from_bytes(taken, "big")
    return free.to_bytes(len(open_), "big")
