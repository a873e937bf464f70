"""Recall on the edits that clone detectors are tested with, on generated blocks of five statements and more."""

import ast
import random
from collections.abc import Callable, Iterable

import pytest
from detect.corpus import notebook, statements
from detect.edited_blocks import TYPE_1, TYPE_2_ODD, TYPE_2_RENAMED, TYPE_3, Edited, Pair, Sample, pair, sample

from nb2mod.model import BlockClass, Features
from nb2mod.stages.detect import block_classes

SIZES = (5, 5, 6, 7, 8, 10, 12)
Edit = Callable[[random.Random, Sample], Edited]


def _read(made: Pair) -> list[Features]:
    return [notebook("one.ipynb", *made.one), notebook("other.ipynb", *made.other)]


def _paired(features: list[Features], classes: tuple[BlockClass, ...], made: Pair) -> set[int]:
    """The statements of the block that some class pairs with their own copies."""
    found = set()
    for one in classes:
        for mine in (block for block in one.members if block.file == 0):
            for its in (block for block in one.members if block.file == 1):
                for at, copy in zip(statements(features, mine), statements(features, its), strict=True):
                    if at in made.first and made.first.index(at) == _index(made.second, copy):
                        found.add(made.first.index(at))
    return found


def _index(places: tuple[tuple[int, int], ...], one: tuple[int, int]) -> int:
    return places.index(one) if one in places else -1


@pytest.mark.parametrize("name", [*TYPE_1, *TYPE_2_RENAMED])
def test_whole_block_is_found(
    name: str, pytestconfig: pytest.Config, record_property: Callable[[str, object], None]
) -> None:
    """One class, of the block and its copy, neither longer nor shorter."""
    edit = (TYPE_1 | TYPE_2_RENAMED)[name]
    tried = 300 if pytestconfig.getoption("--soak") else 20
    missed = []
    for seed in range(tried):
        rng = random.Random(f"{name} {seed}")
        made = pair(edit, rng, rng.choice(SIZES), f"k{seed}")
        features = _read(made)
        classes = block_classes(features, statements=5)
        whole = [[statements(features, member) for member in one.members] for one in classes if one.code == "NB111"]
        clone_type = 2 if name in TYPE_2_RENAMED and _names_differ(made) else 1
        if whole != [[list(made.first), list(made.second)]] or classes[0].clone_type != clone_type:
            missed.append((seed, whole, made))
    kind = "renamed (type 2)" if name in TYPE_2_RENAMED else "written otherwise (type 1)"
    record_property("tally", ("recall on blocks", {kind: (tried - len(missed), tried)}))
    assert not missed, missed[0]


@pytest.mark.parametrize("name", TYPE_2_ODD)
def test_odd_copies_are_found(
    name: str, pytestconfig: pytest.Config, record_property: Callable[[str, object], None]
) -> None:
    """Five statements of the block or more, nested ones counted, are paired with their copies; as a rule all of them are."""
    tried = 500 if pytestconfig.getoption("--soak") else 60
    missed = []
    covered = total = 0
    for seed in range(tried):
        rng = random.Random(f"{name} {seed}")
        made = pair(TYPE_2_ODD[name], rng, rng.choice(SIZES), f"k{seed}")
        features = _read(made)
        classes = block_classes(features)
        paired = _paired(features, classes, made)
        sizes = [features[0].cells[cell].facts.statements[at].size for cell, at in (made.first[one] for one in paired)]
        covered, total = covered + len(paired), total + len(made.first)
        if sum(sizes) < 5:
            missed.append((seed, paired, made))
    kind = "with one use or literal changed (type 2)"
    told = {kind: (tried - len(missed), tried), "of their statements": (covered, total)}
    record_property("tally", ("recall on blocks", told))
    assert not missed, missed[0]


@pytest.mark.parametrize("name", TYPE_3)
def test_changed_copies_are_found(
    name: str, pytestconfig: pytest.Config, record_property: Callable[[str, object], None]
) -> None:
    """95 of 100 at least, of each edit."""
    tried = 1000 if pytestconfig.getoption("--soak") else 100
    missed = []
    for seed in range(tried):
        rng = random.Random(f"{name} {seed}")
        made = pair(TYPE_3[name], rng, rng.choice(SIZES), f"k{seed}")
        features = _read(made)
        classes = block_classes(features, statements=5)
        if not _is_found(features, classes, made):
            missed.append((seed, made))
    record_property("tally", ("recall on blocks", {f"{name} (type 3)": (tried - len(missed), tried)}))
    assert len(missed) <= 0.05 * tried, missed[0]


def _is_found(features: list[Features], classes: tuple[BlockClass, ...], made: Pair) -> bool:
    """Whether classes with copies in both notebooks hold five statements of both sides, nested ones counted, or most of them
    where they are few.
    """
    both = [one for one in classes if {member.file for member in one.members} == {0, 1}]
    for file, block in enumerate((made.first, made.copy)):
        held = {at for one in both for each in one.members if each.file == file for at in statements(features, each)}
        if _size(features, file, held & set(block)) < min(5, 0.75 * _size(features, file, block)):
            return False
    return True


def _size(features: list[Features], file: int, places: Iterable[tuple[int, int]]) -> int:
    return sum(features[file].cells[cell].facts.statements[at].size for cell, at in places)


@pytest.mark.parametrize("name", TYPE_1)
def test_edits_of_type_1_leave_the_tree(name: str) -> None:
    """What is tested above are edits of the text alone: the trees are the same, annotations and what is shown aside."""
    changed = 0
    for seed in range(20):
        block = sample(random.Random(seed), 8)
        edited = TYPE_1[name](random.Random(seed), block)
        text = "\n".join(edited.cells)
        changed += (text, len(edited.cells)) != (block.text, 1)
        ours = [ast.dump(one) for one in ast.parse(block.text).body]
        theirs = [ast.dump(_plain(one)) for one in ast.parse(text).body]
        assert theirs[: len(ours)] == ours
    assert changed or name == "nothing"


def _plain(one: ast.stmt) -> ast.stmt:
    if isinstance(one, ast.AnnAssign) and one.value is not None:
        return ast.Assign(targets=[one.target], value=one.value)
    if isinstance(one, ast.Delete) and isinstance(one.targets[0], ast.Tuple):
        return ast.parse(ast.unparse(one).replace("(", "").replace(")", "")).body[0]  # black's `del (a, b)`
    return one


def _names_differ(made: Pair) -> bool:
    def names(cell: str) -> set[str]:
        return {node.id for node in ast.walk(ast.parse(cell)) if isinstance(node, ast.Name)}

    return names(made.one[2]) != names(made.other[2])
