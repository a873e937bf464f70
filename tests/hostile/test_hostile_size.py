"""What is far too large, with the seconds it takes (--soak); the installed command beside files named like what it imports."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hostile.limits import Commands
from hostile.rows import GOOD, Row, lay, modules_that_must_not_run, notebook
from hostile.test_hostile_projects import sound


@pytest.fixture(scope="module")
def commands(tmp_path_factory: pytest.TempPathFactory, alone: None) -> Iterator[Commands]:
    with Commands(tmp_path_factory.mktemp("printed")) as running:
        yield running


@pytest.mark.parametrize("workers", [1, 2])
def test_nothing_beside_the_notebooks_is_imported(workers: int, tmp_path: Path) -> None:
    """With two workers too: each starts a Python of its own in the project's folder."""
    command = shutil.which("nb2mod", path=str(Path(sys.executable).parent))
    assert command, "install the project: pip install --editable ."
    root = tmp_path / "project"
    lay(root)
    modules_that_must_not_run(root)
    if workers > 1:
        sources = [f"a{number} = '{'x' * 1_700_000}'" for number in range(2)]
        (root / "large.ipynb").write_text(json.dumps(notebook(*sources)))
    for arguments in (
        ["scan", "--no-cache", "-j", str(workers)],
        ["extract", "--no-cache", "--allow-dirty", "-j1"],
        ["undo"],
    ):
        if workers > 1 and arguments[0] != "scan":
            continue
        done = subprocess.run([command, *arguments], cwd=root, capture_output=True, timeout=120, check=False)
        assert done.returncode in (0, 1, 2, 3), done.stderr
        assert b"Traceback" not in done.stderr
        assert not (tmp_path / "canary").exists(), arguments


def _many_notebooks(root: Path) -> None:
    for number in range(20_000):
        folder = root / f"folder{number % 50}"
        folder.mkdir(exist_ok=True)
        (folder / f"{number}.ipynb").write_text(json.dumps(notebook(f"x{number} = 1")))


def _large_output(root: Path) -> None:
    for name in ("bad", "worse"):
        made = notebook(f"{name} = 1", f"{name}_b = 2", f"{name}_c = 3", GOOD)
        made["cells"][0]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "x" * 50_000_000}]
        (root / f"{name}.ipynb").write_text(json.dumps(made))


def _one(*sources: str) -> Row:
    return lambda root: (root / "bad.ipynb").write_text(json.dumps(notebook(*sources))) and None


FUNCTION = "def f{0}(x):\n    a = {0}\n    b = a + x\n    return b\n"
SIZES: dict[str, Row] = {
    "100,000 cells": _one(*(f"x{n} = {n}" for n in range(100_000)), GOOD),
    "an output of 50 MB": _large_output,
    "20,000 notebooks": _many_notebooks,
    "20,000 definitions in one cell": _one("".join(FUNCTION.format(n) for n in range(20_000)), GOOD),
    "10,000 definitions in cells of their own": _one(*(FUNCTION.format(n) for n in range(10_000)), GOOD),
    "one definition 10,000 times": _one(*[FUNCTION.format(1)] * 10_000),
}


@pytest.mark.parametrize("name", SIZES)
def test_sizes(
    name: str,
    tmp_path: Path,
    commands: Commands,
    pytestconfig: pytest.Config,
    record_property: Callable[[str, object], None],
) -> None:
    if not pytestconfig.getoption("--soak"):
        pytest.skip("large: only under --soak")
    root = tmp_path / "project"
    lay(root)
    SIZES[name](root)
    for arguments in (("scan", "-q"), ("extract", "-q")):
        ran = commands(root, *arguments, "--no-cache", "--no-color", "-j1", seconds=180)
        record_property("score", f"hostile size: {name}: {arguments[0]} {ran.seconds:.1f} s, {ran.kilobytes >> 10} MB")
        sound(ran, (name, arguments))
    sound(commands(root, "undo", "--no-color"), name)
