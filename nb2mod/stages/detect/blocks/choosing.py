"""Repeated runs → those that are worth most together: no overlap, the greatest saving first.

A run whose places were partly taken goes on with the places, or with the part of it, that are free.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from heapq import heapify, heappop, heappush

from nb2mod.stages.detect.blocks.repeats import Limits, Repeat, enough, long_enough
from nb2mod.stages.detect.blocks.runs import Line
from nb2mod.stages.detect.blocks.spelling import Spelling

# What a place keeps: an import and a call. What the function costs beside its own text: def, docstring, return, blank lines.
KEPT_LINES, FUNCTION_LINES = 2, 4
# How many different free parts of a run are tried when some of its places are taken.
_MOST_PARTS = 8


def saved_lines(line: Line, found: Repeat) -> int:
    """Lines that the notebooks lose, less what calls and function cost."""
    lost = sum(line.lines(position, found.length) - KEPT_LINES for position in found.positions)
    return lost - line.lines(found.positions[0], found.length) - FUNCTION_LINES


class Choice:
    """Chooses from repeats; `taken` are the positions that chosen runs stand on.

    `copies` maps files to groups of copied notebooks, which count as one place: what stands in places enough is chosen
    before what copies of one notebook share, so that a notebook that was copied as a whole hides nothing.
    """

    def __init__(
        self, line: Line, spelling: Spelling, limits: Limits, copies: Mapping[int, int], taken: bytearray
    ) -> None:
        self.line = line
        self.spelling = spelling
        self.limits = limits
        self.copies = copies
        self.taken = taken

    def chosen(self, found: Iterable[Repeat]) -> Iterator[Repeat]:
        waiting = [(self._rank(one), one.positions, one.length) for one in set(found)]
        heapify(waiting)
        seen = {(positions, length) for _, positions, length in waiting}
        while waiting:
            _, positions, length = heappop(waiting)
            free = tuple(self._apart(positions, length))
            if len(free) == len(positions):
                one = self._grown(Repeat(positions, length))
                for position in one.positions:
                    self.taken[position : position + one.length] = b"\1" * one.length
                yield one
                continue
            for part in self._parts(positions, length, free):
                if (part.positions, part.length) not in seen:
                    seen.add((part.positions, part.length))
                    heappush(waiting, (self._rank(part), part.positions, part.length))

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

    def _parts(self, positions: tuple[int, ...], length: int, free: tuple[int, ...]) -> Iterator[Repeat]:
        """What is left of a run: the whole of it where it is free, and its free parts with every place where they are."""
        if enough(self.line, free, self.limits.notebooks):
            yield Repeat(free, length)
        spans: Counter[tuple[int, int]] = Counter()
        for position in positions:
            spans.update(self._free_spans(position, length))
        spans.pop((0, length), None)
        ranked = sorted(spans.items(), key=lambda item: (-item[1] * (item[0][1] - item[0][0]), item[0]))
        for (first, last), _ in ranked[:_MOST_PARTS]:
            begins = [at + first for at in positions if self.taken.find(1, at + first, at + last) < 0]
            part = self._trimmed(begins, last - first)
            if part is not None:
                yield part

    def _free_spans(self, position: int, length: int) -> Iterator[tuple[int, int]]:
        """The stretches of a place that are not taken, counted from its begin; only those that could be long enough."""
        first = 0
        while first < length:
            end = self.taken.find(1, position + first, position + length)
            last = length if end < 0 else end - position
            if long_enough(self.line, position + first, last - first, self.limits.statements):
                yield first, last
            first = last
            while first < length and self.taken[position + first]:
                first += 1

    def _trimmed(self, positions: Sequence[int], length: int) -> Repeat | None:
        """A part of a run without what a run may not begin or end with, in any of its places."""
        line, ends = self.line, self.limits.ends
        first = 0
        while first < length and not all(ends[at + first] and line.begins[at + first] for at in positions):
            first += 1
        while length > first and not all(ends[at + length - 1] and line.closes[at + length - 1] for at in positions):
            length -= 1
        begins = tuple(self._apart([at + first for at in positions], length - first))
        if not enough(line, begins, self.limits.notebooks):
            return None
        if not long_enough(line, begins[0], length - first, self.limits.statements):
            return None
        return Repeat(begins, length - first)

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
