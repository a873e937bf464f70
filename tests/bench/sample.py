"""Draws the sample of near-miss pairs that docs/precision.md reads: `python sample.py FOLDER… [--show]`.

A folder is a checkout, called `owner+name`. A pair is two definitions of one near class that have different shapes: the first
copies of these that are called the same, else the first. By a fixed seed at most three pairs of one class are drawn, at most
`--most` of one repository, and `--count` of all. Prints a row of the page's table for each, without the reading; with `--show`
the two texts as a difference instead.
"""

import argparse
import difflib
import random
from collections.abc import Iterator, Sequence
from itertools import combinations, product
from pathlib import Path
from typing import NamedTuple

from nb2mod.model import Definition, Features, Member
from nb2mod.stages.detect import clone_classes, near_classes
from nb2mod.stages.detect.near.aligning import Spelled, similarity
from nb2mod.stages.index import complete, outline, read_cells

_OF_A_CLASS = 3


class Place(NamedTuple):
    """One definition: its notebook, its cell as a person counts it, its name and its lines."""

    path: str
    cell: int
    name: str
    lines: tuple[str, ...]


class Pair(NamedTuple):
    repository: str
    similarity: float
    one: Place
    other: Place


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--most", type=int, default=20)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--show", action="store_true")
    arguments = parser.parse_args()
    rng = random.Random(arguments.seed)
    drawn: list[Pair] = []
    for folder in sorted(arguments.folders, key=lambda one: one.name):
        pairs = [pair for one in _classes(folder) for pair in rng.sample(one, min(_OF_A_CLASS, len(one)))]
        drawn += rng.sample(pairs, min(arguments.most, len(pairs)))
    for number, pair in enumerate(sorted(rng.sample(drawn, min(arguments.count, len(drawn)))), 1):
        print(_shown(number, pair) if arguments.show else _row(number, pair))


def _classes(folder: Path) -> Iterator[list[Pair]]:
    """The pairs of each near class of a folder."""
    features = _features(folder)
    classes = clone_classes(features)
    for one in near_classes(features, classes):
        copies = [each.members for each in classes if each.members[0] in one.members]
        yield [_pair(folder.name, features, ours, theirs) for ours, theirs in combinations(copies, 2)]


def _pair(repository: str, features: Sequence[Features], ours: Sequence[Member], theirs: Sequence[Member]) -> Pair:
    one, other = min(
        product(ours, theirs),
        key=lambda pair: _definition(features, pair[0]).name != _definition(features, pair[1]).name,
    )
    first, second = (Spelled(_definition(features, member).tokens) for member in (one, other))
    alike = round(similarity(first, second, 0), 2)
    return Pair(repository.replace("+", "/"), min(0.99, alike), _place(features, one), _place(features, other))


def _features(folder: Path) -> list[Features]:
    paths = [path for path in sorted(folder.rglob("*.ipynb")) if ".ipynb_checkpoints" not in path.parts]
    outlines = [outline(path.relative_to(folder).as_posix(), path.read_bytes()) for path in paths]
    sources = {cell.digest: (cell.digest, cell.source, False) for one in outlines for cell in one.cells}
    facts = dict(read_cells(list(sources.values())))
    return [complete(one, facts) for one in outlines]


def _definition(features: Sequence[Features], member: Member) -> Definition:
    return features[member.file].cells[member.cell].facts.definitions[member.definition]


def _place(features: Sequence[Features], member: Member) -> Place:
    cell = features[member.file].cells[member.cell]
    definition = _definition(features, member)
    lines = cell.source.split("\n")[definition.line - 1 : definition.end_line]
    return Place(features[member.file].path, cell.number, definition.name, tuple(lines))


def _row(number: int, pair: Pair) -> str:
    sides = " | ".join(f"{place.path} {place.cell} `{place.name}`" for place in (pair.one, pair.other))
    return f"| {number} | {pair.repository} | {sides} | {pair.similarity:.2f} |  |"


def _shown(number: int, pair: Pair) -> str:
    lines = list(difflib.unified_diff(pair.one.lines, pair.other.lines, lineterm="", n=2))[2:]
    return "\n".join([f"\n=== {_row(number, pair)}", *lines])


if __name__ == "__main__":
    main()
