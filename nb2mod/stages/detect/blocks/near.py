"""Near copies of blocks (code NB113): runs in which a literal or a use was replaced, or a statement put in, taken out or changed.

Looked for among what exact copies have left free, and around these: a run that is nearly what others hold exactly joins them.
Each class has one run at its centre, to which all others are near.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

from msgspec import Struct

from nb2mod.model import Features
from nb2mod.stages.detect.blocks.anchors import links, stretches
from nb2mod.stages.detect.blocks.chaining import AROUND, Chaining, Pairs
from nb2mod.stages.detect.blocks.comparing import Comparing, Likeness
from nb2mod.stages.detect.blocks.letters import SpelledAlike
from nb2mod.stages.detect.blocks.repeats import Limits, Repeat, enough
from nb2mod.stages.detect.blocks.runs import Line
from nb2mod.stages.detect.blocks.spelling import Spelling

# What share of the tokens of both runs an alignment matches, and of the statements of the longer one.
LEAST_SIMILAR, SIMILAR, MATCHED = 0.6, 0.75, 0.6
# What share of the statements is the same, literals too: the others may be changed.
SAME = 0.4
# How many names and literals may be exchanged: one, or that share of all tokens.
DIFFERING = 0.15
# What stands in a run of fewer tokens than that is too little to tell a copy by.
_LEAST_TOKENS = 12
# How long a piece two runs must spell alike when no third notebook has them: renaming and layout explain an idiom as well as a
# copy. A second reader's sample gave the number (docs/precision.md).
_SPELLED_ALIKE = 10
# How many tokens a changed statement shares with its copy when it is the first or last: nothing beyond says that it belongs.
_AT_THE_EDGE = 5

Run = tuple[int, int]  # first position, length


class NearCopy(Struct, frozen=True):
    """Runs that are near to the first of them, in order of position. `exact`: those of them that are exact copies of others,
    which belong to the class too, by the first position of a `Repeat`. `similarity` is the least among them.
    """

    runs: tuple[Run, ...]
    exact: tuple[int, ...]
    similarity: float


class NearCopies:
    """Finds them and takes their places in `taken`. `exact` are the repeats that were found, whose places are taken.

    `gives_value` says of a position whether it only gives names to literals. Such a statement counts for nothing, and a run of
    which half are such is near to none: its values are what a person tries out, and a function would hide them.
    """

    def __init__(
        self,
        line: Line,
        spelling: Spelling,
        features: Sequence[Features],
        limits: Limits,
        taken: bytearray,
        exact: Sequence[Repeat],
        gives_value: Callable[[int], bool],
    ) -> None:
        self.line = line
        self.limits = limits
        self.taken = taken
        self._gives_value = gives_value
        self._exact = {one.positions[0]: one for one in exact}
        whole = [(one.positions[0], one.length) for one in exact]
        free = bytearray(not used for used in taken)
        self._stretch = stretches(line, free, whole)
        self._left = set(self._exact)
        self._links = links(line, self._stretch, limits.statements)
        self._chaining = Chaining(line, spelling)
        self._comparing = Comparing(line, spelling, features)
        self._spelled_alike = SpelledAlike(line, features)
        self._bounds = self._ends()
        self._tried: set[tuple[int, int]] = set()
        self._joined = bytearray(len(whole))  # exact copies that are part of a class

    def found(self) -> Iterator[NearCopy]:
        for first in sorted(self._exact):
            if first in self._left:
                yield from self._around(range(first, first + self._exact[first].length))
        for at in self._links:
            if self._stretch[at] >= len(self._exact) and not self.taken[at]:
                centre = self._centre(at)
                if centre is not None:
                    yield from self._around(centre)

    def _ends(self) -> dict[int, tuple[int, int]]:
        """First position and end of each stretch."""
        found = {}
        at = 0
        for number, group in groupby(self._stretch):
            length = sum(1 for _ in group)
            if number >= 0:
                found[number] = (at, at + length)
            at += length
        return found

    # the run at the centre

    def _centre(self, at: int) -> range | None:
        """The free run around a position of which the nearest other is most."""
        best: tuple[float, range] | None = None
        for other in self._links[at]:
            if self._stretch[other] < len(self._exact) or self.taken[other] or not self._other_file(at, other):
                continue
            if (at, other) in self._tried or not self._share_more(at, other):
                continue
            ours, theirs = self._free_around(at), self._free_around(other)
            chain = self._chaining.chain(at, other, ours, theirs)
            self._tried.update(chain)
            self._tried.update((its, mine) for mine, its in chain)
            near = self._near(chain, ours, theirs)
            if near is not None and (best is None or near[1].matched > best[0]):
                best = near[1].matched, near[0][0]
        return best[1] if best else None

    def _share_more(self, one: int, other: int) -> bool:
        """Whether anything else around two places is of one skeleton too."""
        skeletons = self.line.skeletons
        around = set(skeletons[max(one - AROUND, 0) : one] + skeletons[one + 1 : one + AROUND + 1])
        around.discard(-1)
        return not around.isdisjoint(
            skeletons[max(other - AROUND, 0) : other] + skeletons[other + 1 : other + AROUND + 1]
        )

    def _other_file(self, one: int, other: int) -> bool:
        return self.limits.notebooks < 2 or self.line.files[one] != self.line.files[other]

    def _free_around(self, at: int) -> tuple[int, int]:
        """The part of its stretch around a position that nothing has taken since."""
        first, end = self._bounds[self._stretch[at]]
        if self._stretch[at] < len(self._exact):
            return first, end
        before, after = self.taken.rfind(1, first, at), self.taken.find(1, at, end)
        return (before + 1 if before >= 0 else first), (after if after >= 0 else end)

    def _near(
        self, chain: Pairs, ours: tuple[int, int], theirs: tuple[int, int], fixed: bool = False
    ) -> tuple[tuple[range, range], Likeness] | None:
        """The two runs that a chain joins, when they are near: with `fixed` ours whole. None: they are not."""
        line, statements = self.line, self.limits.statements
        if not self._may_be_near(chain, ours, theirs):
            return None
        runs = self._trimmed(chain, ours, theirs, fixed)
        if runs is None:
            return None
        left, right = runs
        pairs = [(one, other) for one, other in chain if one in left and other in right]
        sizes = [sum(line.sizes[run.start : run.stop]) for run in (left, right)]
        alike = sum([line.fixed[one] == line.fixed[other] for one, other in pairs])
        if max(map(self._steps, runs)) < statements or alike < SAME * max(len(left), len(right)):
            return None
        likeness = self._comparing.compare(pairs, left, right)
        tokens = sum(len(self._comparing.tokens(at)) for at in left)
        enough = (
            likeness.similarity >= LEAST_SIMILAR
            and likeness.similarity + likeness.matched / max(sizes) >= 2 * SIMILAR
            and likeness.matched >= max(MATCHED * max(sizes), statements - 2)
            and likeness.odd <= max(1, DIFFERING * tokens)
            and tokens >= _LEAST_TOKENS
        )
        return (runs, likeness) if enough else None

    def _steps(self, run: range) -> int:
        """The size of a run without what only gives names to literals; 0 where that is half of it."""
        steps = [at for at in run if not self._gives_value(at)]
        return sum([self.line.sizes[at] for at in steps]) if 2 * len(steps) > len(run) else 0

    def _may_be_near(self, chain: Pairs, ours: tuple[int, int], theirs: tuple[int, int]) -> bool:
        """By what needs no source: enough statements, with those beside the chain, and enough of them the same."""
        line = self.line
        (first, begin), (last, end) = chain[0], chain[-1]
        alike = sum([line.fixed[one] == line.fixed[other] for one, other in chain])
        if len(chain) < 2 or alike < SAME * max(last - first, end - begin):
            return False
        most = max(
            sum(line.sizes[max(one - 1, low) : min(other + 2, high)])
            for one, other, (low, high) in ((first, last, ours), (begin, end, theirs))
        )
        return most >= self.limits.statements

    def _trimmed(
        self, chain: Pairs, ours: tuple[int, int], theirs: tuple[int, int], fixed: bool
    ) -> tuple[range, range] | None:
        """From the first to the last pair that a run may begin and end with, changed statements beside them too."""
        line, ends = self.line, self.limits.ends
        before, after = (chain[0][0] - 1, chain[0][1] - 1), (chain[-1][0] + 1, chain[-1][1] + 1)
        pairs = list(chain)
        if before[0] >= ours[0] and before[1] >= theirs[0] and self._comparing.alike(*before, _AT_THE_EDGE):
            pairs.insert(0, before)
        if after[0] < ours[1] and after[1] < theirs[1] and self._comparing.alike(*after, _AT_THE_EDGE):
            pairs.append(after)
        first = next((pair for pair in pairs if all(ends[at] and line.begins[at] for at in pair)), None)
        last = next((pair for pair in reversed(pairs) if all(ends[at] and line.closes[at] for at in pair)), None)
        if first is None or last is None or first > last:
            return None
        left = range(*ours) if fixed else range(first[0], last[0] + 1)
        right = range(*theirs) if self._stretch[theirs[0]] < len(self._exact) else range(first[1], last[1] + 1)
        return left, right

    # the others

    def _around(self, centre: range) -> Iterator[NearCopy]:
        """The class of all that is near to a run, when there is enough."""
        runs = [centre]
        least = 1.0
        origin = {at: at for at in centre}  # positions of the class → those of the centre that they belong to
        tried: set[tuple[int, int]] = set()
        self._mark(centre, 1)
        for run in runs:  # grows while it is gone through
            for start, other in self._linked(run, origin):
                if (start, other) in tried or not self._is_open(other):
                    continue
                chain, near = self._beside(centre, start, other)
                tried.update(chain)
                if near is not None:
                    (_, found), likeness = near
                    self._mark(found, 1)
                    runs.append(found)
                    origin.update((its, mine) for mine, its in likeness.pairs)
                    least = min(least, likeness.similarity)
        if self._is_enough(runs):
            exact = tuple(run.start for run in runs if run.start in self._exact)
            self._left.difference_update(exact)
            yield NearCopy(
                tuple((run.start, len(run)) for run in (centre, *sorted(runs[1:], key=_start))), exact, least
            )
        else:
            for run in runs:
                self._mark(run, 0)

    def _linked(self, run: range, origin: dict[int, int]) -> Iterator[tuple[int, int]]:
        for at in run:
            if at in origin:
                for other in self._links.get(at, ()):
                    yield origin[at], other

    def _beside(
        self, centre: range, start: int, other: int
    ) -> tuple[Pairs, tuple[tuple[range, range], Likeness] | None]:
        ours, theirs = (centre.start, centre.stop), self._free_around(other)
        chain = self._chaining.chain(start, other, ours, theirs)
        return chain, self._near(chain, ours, theirs, fixed=True)

    def _is_open(self, at: int) -> bool:
        number = self._stretch[at]
        if number < len(self._exact):
            return self._bounds[number][0] in self._left and not self._joined[number]
        return not self.taken[at]

    def _mark(self, run: range, how: int) -> None:
        """Effect: the run is part of a class, or not any more."""
        number = self._stretch[run.start]
        if number < len(self._exact):
            self._joined[number] = how
        else:
            self.taken[run.start : run.stop] = bytes([how]) * len(run)

    def _is_enough(self, runs: Sequence[range]) -> bool:
        """Whether there are two runs or more, in notebooks enough; in two alone, spelled alike somewhere."""
        if len(runs) < 2:
            return False
        at = [
            position
            for run in runs
            for position in (self._exact[run.start].positions if run.start in self._exact else (run.start,))
        ]
        if len({self.line.files[position] for position in at}) == 2:
            spelled = self._spelled_alike
            if not any(spelled.in_common(runs[0], run) >= _SPELLED_ALIKE for run in runs[1:]):
                return False
        return enough(self.line, at, self.limits.notebooks)


def _start(run: range) -> int:
    return run.start
