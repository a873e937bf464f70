"""Notebooks that no one here wrote: those in the published source archives of packages around Jupyter.

The archives are downloaded by name into the user's cache folder the first time; none is committed. Nothing in them is run.
The counts are printed at the end of the run and stand in docs/limits.md.
"""

import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable
from pathlib import Path

import platformdirs
import pytest
from harness import project
from harness.case import Tree, changed, read_tree, tree_differences

from nb2mod.errors import UnreadableNotebook
from nb2mod.model import Report
from nb2mod.notebook.reading import read
from nb2mod.notebook.validating import validate
from nb2mod.notebook.writing import replace_sources

Record = Callable[[str, object], None]

PACKAGES = (
    "dowhy",
    "jupytext",
    "nbclient",
    "nbconvert",
    "nbdime",
    "nbformat",
    "nbgrader",
    "nbsphinx",
    "nbval",
    "papermill",
    "seaborn",
)
CACHE = platformdirs.user_cache_path(
    "nb2mod-tests"
)  # when this file is imported: later, the tests have a cache of their own

pytestmark = pytest.mark.registry


def _archive(name: str) -> Path:
    """Effect: downloads the source archive of `name` unless an earlier run did. Skips when that can't be done."""
    if found := sorted(CACHE.glob(f"{name}-*.tar.gz")):
        return found[-1]
    CACHE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE) as folder:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-input"]
        command += ["--retries=1", "--no-deps", f"--no-binary={name}", "--dest", folder, name]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=180, check=False)
        except subprocess.TimeoutExpired:
            pytest.skip(f"{name}: no source archive within 180 seconds")
        found = sorted(Path(folder).glob("*.tar.gz"))
        if not found:
            reason = (done.stderr.strip().splitlines() or [f"pip ended with status {done.returncode}"])[-1]
            pytest.skip(f"{name}: no source archive: {reason}")
        return found[-1].replace(CACHE / found[-1].name)  # whole or not at all: other tests look for it, too


def _unpacked(name: str, root: Path, suffix: str = "") -> Path:
    """Effect: writes the archive's files that end in `suffix` under `root`, without the folder that holds them all.

    Links are left out. With ".ipynb", what is left is a repository of notebooks that has no package yet.
    """
    with tarfile.open(_archive(name)) as tar:
        for member in tar:
            inner = Path(*Path(member.name).parts[1:])
            wanted = member.isfile() and member.name.endswith(suffix) and ".." not in inner.parts
            content = tar.extractfile(member) if wanted else None
            if content is not None:
                path = root / inner
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content.read())
    return root


@pytest.mark.parametrize("name", PACKAGES)
def test_an_edit_that_changes_nothing_changes_no_byte(name: str, project_root: Path) -> None:
    found = []
    for path in sorted(_unpacked(name, project_root, ".ipynb").rglob("*.ipynb")):
        data = path.read_bytes()
        try:
            notebook = read(path.name, data)
        except UnreadableNotebook:
            continue  # told in the report; the next tests count them
        sources = {cell.number: cell.source for cell in notebook.cells if cell.kind == "code"}
        found += [str(path) for edits in ({}, sources) if replace_sources(notebook, edits) != data]
    assert not found


@pytest.mark.parametrize("name", PACKAGES)
def test_archive_as_published(name: str, project_root: Path, record_property: Record) -> None:
    """With the package's own code beside the notebooks."""
    record_property("published", _there_and_back(_unpacked(name, project_root), unsafe=False))


@pytest.mark.parametrize("unsafe", [False, True], ids=["safe", "unsafe"])
def test_notebooks_of_all_archives(project_root: Path, record_property: Record, *, unsafe: bool) -> None:
    """One repository of notebooks without a package: hundreds of them, by many hands, copies of each other included."""
    for name in PACKAGES:
        _unpacked(name, project_root / name, ".ipynb")
    counts = _there_and_back(project_root, unsafe=unsafe)
    assert counts["changed"], "nothing was extracted, so nothing was tested"
    record_property("published", counts)


def _there_and_back(root: Path, *, unsafe: bool) -> dict[str, int]:
    """scan, extract, extract again, undo, with what must hold after each; what was found and changed, as counts.

    A candidate whose proof fails is blocked with NB390: on notebooks as they come, that is a bug of rewrite or of verify.
    """
    options = {"unsafe": unsafe}
    before = read_tree(root)
    project.scan(root, options)
    assert read_tree(root) == before, "scan wrote in the project"

    report = project.extract(root, options)
    assert not _unproved(report)
    extracted = read_tree(root)
    news = changed(before, extracted)
    assert not _invalid(news)
    assert not _not_compiling(news)

    project.extract(root, options)
    again = tree_differences(extracted, read_tree(root), words=("first extract", "second"))
    assert not again, "\n".join(again)

    project.undo(root)
    undone = tree_differences(before, read_tree(root), words=("before", "after undo"))
    assert not undone, "\n".join(undone)
    return _counts(report, news)


def _counts(report: Report, news: Tree) -> dict[str, int]:
    summary = report.summary
    looked_at = {"notebooks": summary.notebooks, "skipped": summary.skipped, "code cells": summary.code_cells}
    changed_notebooks = sum(name.endswith(".ipynb") for name in news)
    return {**looked_at, "definitions": summary.definitions, **summary.verdicts, "changed": changed_notebooks}


def _unproved(report: Report) -> list[str]:
    return [
        f"{candidate.name} in {candidate.occurrences[0].path}: {reason.message}"
        for candidate in report.candidates
        for reason in candidate.reasons
        if reason.code == "NB390"
    ]


def _invalid(news: Tree) -> list[str]:
    return [f"{name}: {fault}" for name, data in news.items() if name.endswith(".ipynb") and (fault := validate(data))]


def _not_compiling(news: Tree) -> list[str]:
    found = []
    for name, data in news.items():
        if name.endswith(".py"):
            try:
                compile(data, name, "exec")
            except SyntaxError as error:
                found.append(f"{name}: {error}")
    return found
