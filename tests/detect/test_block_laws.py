"""What holds for all that is chosen, on small corpora in which nearly everything is repeated: judged by the text alone."""

import ast
import random
from itertools import combinations

from detect.corpus import notebook, places, statements, texts
from hypothesis import given, settings
from hypothesis import strategies as st

from nb2mod.model import Block, BlockClass, CopiedNotebooks, Features
from nb2mod.stages.detect import block_classes

SIZE = 3
_LINES = (
    "{a} = {b} + 1",
    "{a} = {b}.size",
    "{a}.append({b})",
    "{a} = [{b} for {b} in {a}]",
    "for {a} in {b}:\n    {b} = {a} * 2",
)
_line = st.builds(
    lambda template, a, b: template.format(a=a, b=b),
    st.sampled_from(_LINES),
    st.sampled_from("xyz"),
    st.sampled_from("xyz"),
)
_cell = st.lists(_line, min_size=1, max_size=7).map("\n".join)
_notebook = st.lists(_cell, min_size=1, max_size=4)
_corpus = st.lists(_notebook, min_size=2, max_size=5)


def _features(corpus: list[list[str]]) -> list[Features]:
    # Every name is the notebook's own, so each may be renamed.
    head = "x = y = z = source.number_{}"
    return [notebook(f"{number}.ipynb", head.format(number), "", *cells) for number, cells in enumerate(corpus)]


def _renamed(sources: list[str]) -> str:
    """The run with its names numbered by first appearance: a second way to say when runs are the same."""
    numbers: dict[str, str] = {}

    class Rename(ast.NodeTransformer):
        def visit_Name(self, node: ast.Name) -> ast.Name:
            return ast.Name(numbers.setdefault(node.id, f"v{len(numbers)}"), node.ctx)

    return ast.dump(Rename().visit(ast.parse("\n".join(sources))))


def _runs(features: list[Features]) -> list[list[tuple[int, int, int]]]:
    """(file, cell, statement) of every stretch without a cut: here only what a cell shows last is one."""
    found = []
    for file, one in enumerate(features):
        run: list[tuple[int, int, int]] = []
        before = 0
        for cell, each in enumerate(one.cells):
            if each.number != before + 1:
                found.append(run)
                run = []
            before = each.number
            for at, statement in enumerate(each.facts.statements):
                if statement.kind == "expr" and at == len(each.facts.statements) - 1:
                    found.append(run)
                    run = []
                else:
                    run.append((file, cell, at))
        found.append(run)
    return [run for run in found if run]


def _positions(features: list[Features], block: Block) -> list[tuple[int, int, int]]:
    return [(block.file, cell, at) for cell, at in statements(features, block)]


def _sources(features: list[Features], positions: list[tuple[int, int, int]]) -> list[str]:
    return [text for file, cell, at in positions for text in texts(features, Block(file, cell, at, cell, at))]


def _exact(classes: tuple[BlockClass, ...]) -> list[BlockClass]:
    """Those among near copies too."""
    return [part for one in classes for part in (one, *one.parts) if part.code == "NB111"]


@given(_corpus)
def test_members_are_the_same_up_to_names(corpus: list[list[str]]) -> None:
    features = _features(corpus)
    for one in _exact(block_classes(features, statements=SIZE)):
        whole = {_renamed(texts(features, member)) for member in one.members}
        assert len(whole) == 1
        spelled = {tuple(texts(features, member)) for member in one.members}
        assert one.clone_type == (1 if len(spelled) == 1 else 2)
        assert len({member.file for member in one.members}) >= 2
        first = one.members[0]
        assert one.statements == sum(
            features[file].cells[cell].facts.statements[at].size for file, cell, at in _positions(features, first)
        )
        assert one.statements >= SIZE
        assert one.lines == sum(len(text.split("\n")) for text in texts(features, first))


@given(_corpus)
def test_nothing_overlaps(corpus: list[list[str]]) -> None:
    features = _features(corpus)
    seen = set()
    for one in block_classes(features, statements=SIZE):
        for member in one.members:
            positions = set(_positions(features, member))
            assert not positions & seen
            seen |= positions


@given(_corpus, st.randoms())
def test_order_of_notebooks_changes_nothing(corpus: list[list[str]], rng: random.Random) -> None:
    features = _features(corpus)
    copied = [CopiedNotebooks(("0.ipynb", "1.ipynb"), 1.0)]
    expected = block_classes(features, statements=SIZE, copied=copied)
    shuffled = list(features)
    rng.shuffle(shuffled)
    found = block_classes(shuffled, statements=SIZE, copied=copied)
    assert places(shuffled, found) == places(features, expected)
    assert {one.shape: one.saved for one in found} == {one.shape: one.saved for one in expected}


@given(_corpus)
def test_no_class_can_be_longer_in_all_its_places(corpus: list[list[str]]) -> None:
    """Neither in front nor behind is there a free statement in every place that would be the same in all."""
    features = _features(corpus)
    classes = block_classes(features, statements=SIZE)
    taken = {position for one in classes for member in one.members for position in _positions(features, member)}
    runs = _runs(features)
    for one in _exact(classes):
        for behind in (False, True):
            longer = []
            for member in one.members:
                positions = _positions(features, member)
                run = next(run for run in runs if positions[0] in run)
                at = run.index(positions[-1]) + 1 if behind else run.index(positions[0]) - 1
                if 0 <= at < len(run) and run[at] not in taken:
                    longer.append([*positions, run[at]] if behind else [run[at], *positions])
            assert (
                len(longer) < len(one.members)
                or len({_renamed(_sources(features, each)) for each in longer}) > 1
                or (len({position for each in longer for position in each}) < sum(map(len, longer)))
            )


@given(_corpus)
@settings(max_examples=60)
def test_nothing_that_is_free_is_repeated(corpus: list[list[str]]) -> None:
    """Of two runs in two notebooks that are the same, at least one stands in a class, or in the way of one."""
    features = _features(corpus)
    classes = block_classes(features, statements=SIZE)
    taken = {position for one in classes for member in one.members for position in _positions(features, member)}
    free = []
    for run in _runs(features):
        for first in range(len(run)):
            for last in range(first + 1, len(run) + 1):
                part = run[first:last]
                size = sum(features[file].cells[cell].facts.statements[at].size for file, cell, at in part)
                if taken.isdisjoint(part) and size >= SIZE:
                    free.append((part[0][0], _renamed(_sources(features, part))))
    for (one, text), (other, same) in combinations(free, 2):
        assert one == other or text != same


@given(_corpus)
@settings(max_examples=50)
def test_copies_of_a_notebook_hide_nothing(corpus: list[list[str]]) -> None:
    """What two notebooks share is found, with one of them copied as a whole, as well as without the copy."""
    features = _features(corpus)
    twin = notebook(
        "0 copy.ipynb",
        *(one for cell in features[0].cells for one in (("", cell.source) if cell.number == 3 else (cell.source,))),
    )
    copied = [CopiedNotebooks(("0.ipynb", "0 copy.ipynb"), 1.0)]
    alone = [
        one
        for one in _exact(block_classes(features, statements=SIZE))
        if any(member.file == 0 for member in one.members)
    ]
    beside = _exact(block_classes([*features, twin], statements=SIZE, copied=copied))
    assert len(alone) <= 0 or any({member.file for member in one.members} - {0, len(features)} for one in beside)
