"""Near shapes → classes: the nearest pair is joined first, and two classes only when their shapes are near to each other.

Complete linkage (Sørensen 1948), held against the first few shapes of each side: no chain of small steps joins what is not alike,
and far variants form classes of their own.
"""

from collections.abc import Iterator, Sequence

from nb2mod.stages.detect.near.neighbours import Neighbours
from nb2mod.stages.detect.near.shapes import Shape, near

# How many shapes of each side are compared before two classes are joined, and by how much they may be less alike than a pair.
_COMPARED, _SLACK = 4, 0.03
# A shape is joined to so many at most by itself; when this many of its neighbours in turn are not near to it, no further is.
_LINKS, _MISSES = 8, 8


def classes_of(shapes: Sequence[Shape]) -> Iterator[tuple[list[Shape], float]]:
    """Classes of two shapes and more, and the least similarity among those compared. The order of `shapes` breaks ties."""
    joined = {number: [number] for number in range(len(shapes))}
    least = dict.fromkeys(joined, 1.0)
    root = list(joined)
    links = _links(shapes)
    refused: set[tuple[int, int]] = set()
    for alike, one, other in sorted((-alike, *pair) for pair, alike in links.items()):
        first, second = sorted((root[one], root[other]))
        if first == second or (first, second) in refused:
            continue
        found = _least(shapes, joined[first][:_COMPARED], joined[second][:_COMPARED], links)
        if not found:
            refused.add((first, second))
            continue
        for number in joined[second]:
            root[number] = first
        joined[first] += joined.pop(second)
        least[first] = min(-alike, found, least[first], least[second])
    for first, numbers in joined.items():
        if len(numbers) > 1:
            yield [shapes[number] for number in numbers], least[first]


def _links(shapes: Sequence[Shape]) -> dict[tuple[int, int], float]:
    """Pairs of near shapes, and how alike they are."""
    neighbours = Neighbours([(shape.spelled, shape.names) for shape in shapes])
    known: dict[tuple[int, int], float] = {}
    for number, shape in enumerate(shapes):
        links = misses = 0
        for other in neighbours.of(number):
            pair = (number, other) if number < other else (other, number)
            if pair not in known:
                known[pair] = near(shape, shapes[other])
            if known[pair]:
                links, misses = links + 1, 0
            else:
                misses += 1
            if links == _LINKS or misses == _MISSES:
                break
    return {pair: alike for pair, alike in known.items() if alike}


def _least(
    shapes: Sequence[Shape], ones: Sequence[int], others: Sequence[int], links: dict[tuple[int, int], float]
) -> float:
    """How alike the least alike of two classes are; 0 when any two are not near."""
    least = 1.0
    for one in ones:
        for other in others:
            pair = (one, other) if one < other else (other, one)
            alike = links.get(pair) or near(shapes[one], shapes[other], _SLACK)
            if not alike:
                return 0.0
            least = min(least, alike)
    return least
