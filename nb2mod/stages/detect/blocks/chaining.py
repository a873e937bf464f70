"""Two places that share a statement → the statements around them that belong together, in order, with gaps between."""

from collections.abc import Iterator, Sequence

from nb2mod.stages.detect.blocks.runs import Line
from nb2mod.stages.detect.blocks.spelling import Spelling

Pairs = list[tuple[int, int]]

# How many statements of a side may be missing in a row, and what one that is costs beside one that is there.
_GAP, _LOSS = 3, 0.5
AROUND = _GAP + 1  # how far the next one may be
_STEPS = sorted(
    ((one, other) for one in range(1, _GAP + 2) for other in range(1, _GAP + 2)),
    key=lambda step: (sum(step), max(step)),
)
# What share of its names two statements of one skeleton have in common when they are the same step.
_SAME_STEP = 0.5


class Chaining:
    """Reads from a pair of positions on, forward and backward, as far as it is worth it."""

    def __init__(self, line: Line, spelling: Spelling) -> None:
        self._line = line
        self._spelling = spelling
        self._alike: dict[tuple[int, int], float] = {}

    def chain(self, one: int, other: int, ours: tuple[int, int], theirs: tuple[int, int]) -> Pairs:
        """Positions that belong together, `one` and `other` among them, in order. `ours` and `theirs`: first position and end of
        the stretches that may not be left.
        """
        before = self._reach(one, other, -1, ours, theirs)
        after = self._reach(one, other, 1, ours, theirs)
        return [*reversed(before), (one, other), *after]

    def _reach(self, one: int, other: int, way: int, ours: tuple[int, int], theirs: tuple[int, int]) -> Pairs:
        """Pairs beyond a first one in one direction, up to where the most is gained."""
        pairs: Pairs = []
        best = worth = 0.0
        keep = 0
        for pair, lost in self._steps(one, other, way, ours, theirs):
            worth += self._weight(*pair) - lost
            pairs.append(pair)
            if worth >= best:
                best, keep = worth, len(pairs)
        return pairs[:keep]

    def _steps(
        self, one: int, other: int, way: int, ours: tuple[int, int], theirs: tuple[int, int]
    ) -> Iterator[tuple[tuple[int, int], float]]:
        """The next pairs in one direction, each with what the statements that were passed over cost."""
        skeletons = self._line.skeletons
        while True:
            mine_next, its_next = _next(skeletons, one, way, ours), _next(skeletons, other, way, theirs)
            for mine, its in () if set(mine_next).isdisjoint(its_next) else _STEPS:
                if mine > len(mine_next) or its > len(its_next) or mine_next[mine - 1] != its_next[its - 1]:
                    continue
                left, right = one + way * mine, other + way * its
                if self.alike(left, right) >= _SAME_STEP:
                    yield (left, right), _LOSS * (mine + its - 2)
                    one, other = left, right
                    break
            else:
                return

    def _weight(self, one: int, other: int) -> float:
        return self.alike(one, other) * self._line.sizes[one]

    def alike(self, one: int, other: int) -> float:
        """How likely two statements are the same step: 1 when everything is, 0 when their skeletons are not the same."""
        line = self._line
        if line.skeletons[one] != line.skeletons[other] or line.skeletons[one] == -1:
            return 0.0
        found = self._alike.get((one, other))
        if found is None:
            found = self._alike[one, other] = self._shared(one, other)
        return found

    def _shared(self, one: int, other: int) -> float:
        """Names that must be the same count whole, those that may be called otherwise half when they are."""
        ours, theirs = self._spelling.tokens(one), self._spelling.tokens(other)
        statements = self._line.statements[one], self._line.statements[other]
        spelled: Sequence[Sequence[str]] = [each.names if each else () for each in statements]
        same = total = 0.0
        for mine, its, here, there in zip(ours, theirs, *spelled, strict=False):
            total += 1
            if type(mine) is str or type(its) is str:
                same += mine == its
            else:
                same += 1.0 if here == there else 0.6
        same += self._line.fixed[one] == self._line.fixed[other]
        return same / (total + 1)


def _next(skeletons: Sequence[int], at: int, way: int, stretch: tuple[int, int]) -> Sequence[int]:
    """The statements after a position, or before it, as far as one step may go and inside its stretch, the nearest first."""
    if way > 0:
        return skeletons[at + 1 : min(at + _GAP + 2, stretch[1])]
    return skeletons[max(at - _GAP - 1, stretch[0]) : at][::-1]
