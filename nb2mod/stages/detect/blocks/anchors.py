"""Where near copies may stand: places that share a statement, or a few in a row, that not many others have.

Work grows with the statements: what stands in many places links each of them to the next few alone.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from nb2mod.stages.detect.blocks.runs import Line

# What stands in more places than that is no sign of a copy; with how many of the next ones each place is compared.
_MOST_PLACES, _MOST_PARTNERS = 12, 6
# What share of a shortest run is the same, literals too: of what is less, no person would say that it was copied.
LEAST_SAME = 0.4


def stretches(line: Line, free: bytes | bytearray, whole: Sequence[tuple[int, int]]) -> list[int]:
    """For each position the number of the stretch that it stands in: one for each of the runs in `whole`, which are taken or left
    as they are, one for each row of free positions; −1 for all others.
    """
    found = [-1] * len(line)
    number = 0
    for first, length in whole:
        found[first : first + length] = [number] * length
        number += 1
    before = False
    for at, key in enumerate(line.skeletons):
        here = bool(key != -1 and free[at])
        if here:
            number += not before
            found[at] = number
        before = here
    return found


def links(line: Line, stretch: Sequence[int], statements: int) -> dict[int, list[int]]:
    """Position → positions of other stretches that hold the same there, both ways, in order; of two stretches that share
    enough of such statements together.
    """
    pairs: set[tuple[int, int]] = set()
    votes: Counter[tuple[int, int]] = Counter()
    for places, length in _shared(line, stretch, _live(line, stretch, statements)):
        for number, one in enumerate(places[:-1]):
            for other in places[number + 1 : number + 1 + _MOST_PARTNERS]:
                if stretch[one] != stretch[other] and (one, other) not in pairs:
                    pairs.add((one, other))
                    votes[stretch[one], stretch[other]] += sum(line.sizes[one : one + length])
    sizes: Counter[int] = Counter()
    for number, size in zip(stretch, line.sizes, strict=True):
        sizes[number] += size
    enough = {
        both
        for both, count in votes.items()
        if count >= LEAST_SAME * statements and max(sizes[both[0]], sizes[both[1]]) >= statements
    }
    found: dict[int, list[int]] = defaultdict(list)
    for one, other in sorted(pairs):
        if (stretch[one], stretch[other]) in enough:
            found[one].append(other)
            found[other].append(one)
    return dict(sorted(found.items()))


def _live(line: Line, stretch: Sequence[int], statements: int) -> list[int]:
    """Positions whose statement stands elsewhere too, up to names, in stretches in which enough of them do."""
    fixed = line.fixed
    counts = Counter(key for key, number in zip(fixed, stretch, strict=True) if number >= 0)
    shared = [at for at, number in enumerate(stretch) if number >= 0 and counts[fixed[at]] > 1]
    sizes: Counter[int] = Counter()
    for at in shared:
        sizes[stretch[at]] += line.sizes[at]
    return [at for at in shared if LEAST_SAME * statements <= sizes[stretch[at]]]


def _shared(line: Line, stretch: Sequence[int], positions: Sequence[int]) -> Iterator[tuple[list[int], int]]:
    """Places of one statement, or of two or three in a row, that are the same up to names, and how many."""
    fixed, solid = line.fixed, line.solid
    single, double, triple = (defaultdict[object, list[int]](list) for _ in range(3))
    for before, at, after in zip((-1, *positions), positions, (*positions[1:], -1), strict=False):
        if solid[at]:
            single[fixed[at]].append(at)
        if after == at + 1 and stretch[at] == stretch[after]:
            double[fixed[at], fixed[after]].append(at)
            if before == at - 1 and stretch[before] == stretch[at]:
                triple[fixed[before], fixed[at], fixed[after]].append(before)
    for length, places in enumerate((single, double, triple), 1):
        most = _MOST_PLACES * length * length
        yield from ((found, length) for found in places.values() if 1 < len(found) <= most)
