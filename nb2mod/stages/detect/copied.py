"""Notebooks that are copies of each other as a whole (hazard N17, code NB403).

Exercise and solution, `docs/` beside `notebooks/`: told once, and one place for the threshold. Pairs are found with the
prefix filter of set similarity joins (Bayardo, Ma, Srikant 2007): two sets that share 70 % of the larger one share at least
one of the rarest 30 % of either, so common cells (imports) never bring notebooks together.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence

from nb2mod.model import CopiedNotebooks, Features

SHARE = 0.7
# Two notebooks of one or two cells that are equal are no evidence of copying as a whole.
SMALLEST = 3


def copied_notebooks(features: Sequence[Features]) -> tuple[CopiedNotebooks, ...]:
    """Groups of copied notebooks, joined through chains of pairs that share 70 % of their code cells.

    Cells count as multisets of texts; half of the cells that do something (not only import or define) must be shared too:
    notebooks that share a library of functions and use it for different work are no copies.
    """
    bags = {
        file: Counter(cell.digest for cell in feature.cells if cell.source.strip())
        for file, feature in enumerate(features)
        if feature.kind == "notebook"
    }
    sizes = {file: bag.total() for file, bag in bags.items() if bag.total() >= SMALLEST}
    work = {file: _work_cells(features[file]) for file in sizes}
    groups = _Groups()
    for left, right in sorted(_candidate_pairs(bags, sizes)):
        share = (bags[left] & bags[right]).total() / max(sizes[left], sizes[right])
        busy = max(work[left].total(), work[right].total())
        if share >= SHARE and (not busy or (work[left] & work[right]).total() / busy >= 0.5):
            groups.join(left, right, share)
    return tuple(
        CopiedNotebooks(tuple(sorted(features[file].path for file in files)), share) for files, share in groups.all()
    )


def _work_cells(feature: Features) -> Counter[bytes]:
    work: Counter[bytes] = Counter()
    for cell in feature.cells:
        kinds = {statement.kind for statement in cell.facts.statements}
        if kinds - {"import", "importfrom", "functiondef", "asyncfunctiondef", "classdef"}:
            work[cell.digest] += 1
    return work


def _candidate_pairs(bags: dict[int, Counter[bytes]], sizes: dict[int, int]) -> set[tuple[int, int]]:
    spread: Counter[bytes] = Counter()
    for file in sizes:
        spread.update(bags[file].keys())
    index: dict[bytes, list[int]] = defaultdict(list)
    pairs: set[tuple[int, int]] = set()
    for file, size in sizes.items():
        rarest = sorted(bags[file].elements(), key=lambda key: (spread[key], key))
        # At least ceil(0.7 · size) cells are shared, so one of the first size − that + 1 is.
        prefix = rarest[: size - -int(-SHARE * size // 1) + 1]
        for key in set(prefix):
            pairs.update((other, file) for other in index[key])
            index[key].append(file)
    return pairs


class _Groups:
    """Union-find over file indexes; keeps the smallest share along the links of a group."""

    def __init__(self) -> None:
        self.parent: dict[int, int] = {}
        self.share: dict[int, float] = {}

    def find(self, file: int) -> int:
        while self.parent.setdefault(file, file) != file:
            self.parent[file] = self.parent[self.parent[file]]
            file = self.parent[file]
        return file

    def join(self, left: int, right: int, share: float) -> None:
        first, second = sorted((self.find(left), self.find(right)))
        self.parent[second] = first
        self.share[first] = min(share, self.share.get(first, 1.0), self.share.get(second, 1.0))

    def all(self) -> list[tuple[list[int], float]]:
        members: dict[int, list[int]] = defaultdict(list)
        for file in sorted(self.parent):
            members[self.find(file)].append(file)
        return [(files, self.share[root]) for root, files in members.items()]
