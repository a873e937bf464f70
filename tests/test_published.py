"""Notebooks that no one here wrote: those in the published source archives of packages around Jupyter.

The archives are downloaded by name into the user's cache folder the first time; none is committed. Nothing in them is run.
The counts are printed at the end of the run and stand in docs/limits.md.
"""

import subprocess
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path

import platformdirs
import pytest
from harness import project
from harness.case import Tree, changed, read_tree, tree_differences

from nb2mod.errors import UnreadableNotebook
from nb2mod.notebook.reading import read
from nb2mod.notebook.validating import validate
from nb2mod.notebook.writing import replace_sources

PACKAGES = ("jupytext", "nbclient", "nbconvert", "nbdime", "nbformat", "nbsphinx", "nbval", "papermill", "seaborn")
CACHE = platformdirs.user_cache_path(
    "nb2mod-tests"
)  # when this file is imported: later, the tests have a cache of their own

pytestmark = pytest.mark.registry


@pytest.fixture(params=PACKAGES)
def root(request: pytest.FixtureRequest, project_root: Path) -> Path:
    """The archive of one package, unpacked: a project with its notebooks, its package and its pyproject.toml."""
    return _unpacked(_archive(request.param), project_root)


def _archive(name: str) -> Path:
    """Effect: downloads the source archive of `name` unless an earlier run did. Skips when that can't be done."""
    if found := sorted(CACHE.glob(f"{name}-*.tar.gz")):
        return found[-1]
    command = [
        sys.executable,
        "-m",
        "pip",
        "download",
        "--quiet",
        "--disable-pip-version-check",
        "--no-input",
        "--retries=1",
    ]
    command += ["--no-deps", f"--no-binary={name}", "--dest", str(CACHE), name]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=180, check=False)
    except subprocess.TimeoutExpired:
        pytest.skip(f"{name}: no source archive within 180 seconds")
    found = sorted(CACHE.glob(f"{name}-*.tar.gz"))
    if not found:
        reason = (done.stderr.strip().splitlines() or [f"pip ended with status {done.returncode}"])[-1]
        pytest.skip(f"{name}: no source archive: {reason}")
    return found[-1]


def _unpacked(archive: Path, root: Path) -> Path:
    """Effect: writes the archive's plain files under `root`, without the folder that holds them all; links are left out."""
    with tarfile.open(archive) as tar:
        for member in tar:
            inner = Path(*Path(member.name).parts[1:])
            content = tar.extractfile(member) if member.isfile() and ".." not in inner.parts else None
            if content is not None:
                path = root / inner
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content.read())
    return root


def test_an_edit_that_changes_nothing_changes_no_byte(root: Path) -> None:
    found = []
    for path in sorted(root.rglob("*.ipynb")):
        data = path.read_bytes()
        try:
            notebook = read(path.name, data)
        except UnreadableNotebook:
            continue  # told in the report; the next test counts them
        sources = {cell.number: cell.source for cell in notebook.cells if cell.kind == "code"}
        found += [str(path) for edits in ({}, sources) if replace_sources(notebook, edits) != data]
    assert not found


@pytest.mark.parametrize("unsafe", [False, True], ids=["safe", "unsafe"])
def test_scan_extract_undo(root: Path, *, unsafe: bool, record_property: Callable[[str, object], None]) -> None:
    options = {"unsafe": unsafe}
    before = read_tree(root)
    report = project.scan(root, options)
    assert read_tree(root) == before, "scan wrote in the project"

    project.extract(root, options)
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

    summary = report.summary
    record_property(
        "published",
        {
            "notebooks": summary.notebooks,
            "skipped": summary.skipped,
            "cells": summary.code_cells,
            "definitions": summary.definitions,
            **summary.verdicts,
            "changed": sum(name.endswith(".ipynb") for name in news),
        },
    )


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
