"""Which definitions may resemble one, without looking at all: those that share its rarest statements, or its name.

The prefix filter of set similarity joins (Bayardo, Ma, Srikant 2007), with a budget: what stands everywhere brings nothing
together, and a repository of thousands of near copies costs each of them no more than its nearest.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence

from nb2mod.stages.detect.near.aligning import Spelled

# How many entries of the index one definition may look at.
_BUDGET = 400
# Of how many of their tokens together two near copies have one at least in statements that are the same but for names of locals
# and literals.
_SHARED = 20
# How many definitions of one name are compared.
_SAME_NAME = 20


class Neighbours:
    """An index of shapes by their statements and names."""

    def __init__(self, shapes: Sequence[tuple[Spelled, Iterable[str]]]) -> None:
        self._shapes = shapes
        self._holders: dict[bytes, list[int]] = defaultdict(list)
        self._named: dict[str, list[int]] = defaultdict(list)
        # In order of size, so that a part of a long entry is the part nearest in size.
        self._sizes = [shape.size for shape, _ in shapes]
        for number in sorted(range(len(shapes)), key=lambda at: (self._sizes[at], at)):
            spelled, names = shapes[number]
            for statement in set(spelled.blind[1:]):
                self._holders[statement].append(number)
            for name in names:
                self._named[name].append(number)

    def of(self, number: int) -> list[int]:
        """Other shapes that may resemble this one, the most promising first."""
        spelled, names = self._shapes[number]
        size = self._sizes[number]
        shared: dict[int, int] = defaultdict(int)
        left = _BUDGET
        held = [
            (len(holders), statement)
            for statement in set(spelled.blind[1:])
            if len(holders := self._holders[statement]) > 1
        ]
        for _, statement in sorted(held):
            weight = len(statement)
            near = self._nearest(self._holders[statement], number, left)
            for other in near:
                shared[other] += weight
            left -= len(near)
            if left <= 0:
                break
        for name in names:
            for other in self._nearest(self._named[name], number, _SAME_NAME):
                shared[other] += size // 4
        shared.pop(number, None)
        sizes = self._sizes
        found = [
            (-count / (size + sizes[other]), other)
            for other, count in shared.items()
            if count * _SHARED >= size + sizes[other]
        ]
        return [other for _, other in sorted(found)]

    def _nearest(self, holders: Sequence[int], number: int, most: int) -> Sequence[int]:
        """At most so many of an entry, those nearest in size."""
        if len(holders) <= most:
            return holders
        key = (self._sizes[number], number)
        at = bisect_left(holders, key, key=lambda other: (self._sizes[other], other))
        first = max(0, min(at - most // 2, len(holders) - most))
        return holders[first : first + most]
