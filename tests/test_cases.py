"""Every case under fixtures/cases: what scan says, what extract writes, that it is stable, undone, and behaves as before.

A case is a folder; adding one adds no code here (docs/contributing.md).
"""

from pathlib import Path

import nbformat
import pytest
from harness import project
from harness.case import (
    CASES,
    Case,
    Tree,
    all_cases,
    changed,
    differences,
    notebooks,
    read_case,
    read_tree,
    tree_differences,
    write_tree,
)
from harness.record import record
from harness.running import Runner, behaviour_differences


@pytest.fixture(params=all_cases())
def case(request: pytest.FixtureRequest) -> Case:
    folder = CASES / request.param
    if request.config.getoption("--record") and (written := record(folder)):
        pytest.fail(f"recorded, to be read before it is committed: {', '.join(written)}")
    return read_case(folder)


def test_case(case: Case, project_root: Path, runner: Runner) -> None:
    """One test for all of a case, so that its failure shows everything that is wrong with it."""
    root = write_tree(case.before, project_root)
    report = differences(case, project.scan(root, case.run))
    looked = tree_differences(case.before, read_tree(root), words=("before", "after scan"))

    decided = differences(case, project.extract(root, case.run))
    extracted = read_tree(root)
    written = tree_differences(case.extracted, extracted)

    project.extract(root, case.run)
    again = tree_differences(extracted, read_tree(root), words=("first extract", "second"))

    project.undo(root)
    undone = tree_differences(case.before, read_tree(root), words=("before", "after undo"))

    invalid = _invalid_notebooks(changed(case.before, extracted))
    behaviour = _behaviour_differences(case, extracted, project_root.parent, runner) if case.executes else []
    failures = {
        "scan says something else": report,
        "scan changed files": looked,
        "extract decided something else": [] if report else decided,
        "extract wrote something else": written,
        "a second extract changed files": again,
        "undo did not bring back": undone,
        "no valid notebook": invalid,
        "a notebook behaves differently": behaviour,
    }
    if any(failures.values()):
        pytest.fail(_story(case, extracted, failures), pytrace=False)


def _invalid_notebooks(tree: Tree) -> list[str]:
    """Notebooks that nb2mod changed must satisfy nbformat; a case may hold broken ones on purpose and leave them alone."""
    found = []
    for name in notebooks(tree):
        try:
            nbformat.validate(nbformat.reads(tree[name].decode("utf-8-sig"), as_version=nbformat.NO_CONVERT))
        except (nbformat.ValidationError, nbformat.reader.NotJSONError) as error:
            found.append(f"{name}: {error}")
    return found


def _behaviour_differences(case: Case, extracted: Tree, folder: Path, runner: Runner) -> list[str]:
    """Each notebook run in the tree as it was and in the tree as it is now, both copies: a run may write files."""
    trees = [write_tree(tree, folder / name / "project") for name, tree in (("was", case.before), ("is", extracted))]
    found = []
    lost: set[str] = set()
    for name in notebooks(case.before):
        before, after = (runner.run(root / name, project.source_roots(root)) for root in trees)
        inserted = _code_cells(extracted[name]) - _code_cells(case.before[name])
        told = behaviour_differences(before, after, project.modules(extracted), case.adds, inserted, case.loses)
        found += [f"{name}: {line}" for line in told]
        lost |= before.get("names", {}).keys() - after.get("names", {}).keys()
    return found + [f"{name}: expected to be lost, and no notebook loses it" for name in sorted(set(case.loses) - lost)]


def _code_cells(data: bytes) -> int:
    cells = nbformat.reads(data.decode("utf-8-sig"), as_version=4).cells
    return sum(cell.cell_type == "code" for cell in cells)


def _story(case: Case, extracted: Tree, failures: dict[str, list[str]]) -> str:
    """What the case is about, what is wrong, and the code before and after, as a reader needs them to judge."""
    lines = [f"{case.name}: {case.why}", ""]
    for title, told in failures.items():
        if told:
            lines += [f"{title}:", *(f"  {line}" for line in told), ""]
    for title, tree in (("before", case.before), ("expected after", case.extracted), ("found after", extracted)):
        if tree != case.before or title == "before":
            lines += [f"---- {title} ----", *_code(tree if title == "before" else _news(case.before, tree))]
    return "\n".join(lines)


def _news(before: Tree, tree: Tree) -> Tree:
    return {name: data for name, data in tree.items() if before.get(name) != data}


def _code(tree: Tree) -> list[str]:
    """The tree for a reader: notebooks as their code cells, everything else as it is."""
    lines = []
    for name, data in tree.items():
        lines.append(f"== {name}")
        if notebooks({name: data}) and not _invalid_notebooks({name: data}):
            cells = nbformat.reads(data.decode("utf-8-sig"), as_version=4).cells
            for number, cell in enumerate(cells, start=1):
                if cell.cell_type == "code":
                    lines += [f"# %% {number}", cell.source.rstrip("\n")]
        else:
            lines.append(data.decode(errors="backslashreplace").rstrip("\n"))
    return lines
