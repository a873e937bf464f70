"""A production notebook becomes a module and a driver: with real kernels, through papermill, and as a script.

Three runs for `--verify`, two of papermill, five scripts: 20 seconds on two cores.
"""

import ast
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from verifying.conftest import tree

from nb2mod import pipeline, settings
from nb2mod.notebook import mask, read

PROJECT = Path(__file__).parents[2] / "fixtures" / "projects" / "stations"
NOTEBOOK = "notebooks/monthly_report.ipynb"
OTHER = {"month": "2024-02", "limit": 11.5, "stations": ["ridge", "north"], "keep_readings": True}
WRITTEN = ("report.sqlite", "summary.csv")


@pytest.fixture
def driver(tmp_path: Path) -> Path:
    """The project after `extract --whole`."""
    root = _copy(tmp_path / "driver")
    config = settings.load(root)
    request = pipeline.Request(root, config, (root / NOTEBOOK,), jobs=1, cache=False, here=True, whole=True)
    pipeline.write(replace(request, allow_dirty=True), pipeline.extract(request))
    return root


def test_module_and_driver_run_the_same(tmp_path: Path) -> None:
    """`extract --whole --verify`: written because nothing differs; undo brings every byte back."""
    root = _copy(tmp_path)
    before = tree(root)
    command = ("-m", "nb2mod", "extract", "--whole", NOTEBOOK, "--verify", "--no-replay", "--no-cache", "--allow-dirty")
    done = _python(root, *command, "--output-format", "json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["applied"]
    assert [(run["path"], run["status"]) for run in told["runs"]] == [(NOTEBOOK, "ran-same")]
    assert {one["evidence"] for found in told["candidates"] for one in found["occurrences"]} == {"ran-same"}
    assert told["whole"]["module"] == "team.monthly_report"
    assert [step["cell"] for step in told["whole"]["steps"]] == [5, 7, 11, 13, 15]
    assert not told["whole"]["stays"]
    assert "typer" in (root / "pyproject.toml").read_text()
    cells = {cell.number: cell.source for cell in read(NOTEBOOK, (root / NOTEBOOK).read_bytes()).cells}
    original = {cell.number: cell.source for cell in read(NOTEBOOK, (PROJECT / NOTEBOOK).read_bytes()).cells}
    assert cells[3] == original[3], "papermill must still reach its cell"
    assert max(len(source.splitlines()) for number, source in cells.items() if number > 3) <= 3
    pipeline.undo(root)
    assert tree(root) == before


def test_papermill_with_other_parameters(driver: Path, tmp_path: Path) -> None:
    """The driver gives what the original gives: outputs, tables and files. So does the script with the same arguments."""
    original = _copy(tmp_path / "original")
    before, after = _papermill(original), _papermill(driver)
    assert before == after
    assert "2024-02" in json.dumps(before), "the parameters were not used"
    files = _files(original)
    assert _files(driver) == files
    assert {"daily", "readings"} <= set(files["report.sqlite"])
    done = _script(driver, *_options(OTHER))
    assert done.returncode == 0, done.stderr
    assert _files(driver) == files


def test_script(driver: Path, tmp_path: Path) -> None:
    """`python -m` tells its arguments; with the defaults it writes and prints what the notebook does."""
    told = _script(driver, "--help")
    assert told.returncode == 0, told.stderr
    for option in ("--month", "--limit", "--stations", "--keep-readings", "--database"):
        assert option in told.stdout
    original = _copy(tmp_path / "original")
    done, plain = _script(driver), _cells_as_script(original)
    assert done.returncode == 0, done.stderr
    assert done.stdout == plain
    assert _files(driver) == _files(original)


def test_page_shows_what_is_written(driver: Path) -> None:
    """docs/whole-notebook.md: cells before and after, and pieces of the module."""
    page = (PROJECT.parents[2] / "docs" / "whole-notebook.md").read_text("utf-8")
    pieces = re.findall(r"^```python (\w+)\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    cells = {
        side: [cell.source.rstrip("\n") for cell in read(NOTEBOOK, (root / NOTEBOOK).read_bytes()).cells]
        for side, root in (("before", PROJECT), ("after", driver))
    }
    module = (driver / "src" / "team" / "monthly_report.py").read_text("utf-8")
    assert {side for side, _ in pieces} == {"before", "after", "module"}
    for side, text in pieces:
        assert text in module if side == "module" else text.rstrip("\n") in cells[side], text


# What runs.


def _copy(folder: Path) -> Path:
    root = folder / "stations"
    shutil.copytree(PROJECT, root)
    return root


def _python(root: Path, *arguments: str, folder: str = ".") -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": str(root / "src"), "MPLBACKEND": "agg", "COLUMNS": "200"}
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=root / folder, env=environment, capture_output=True, text=True, timeout=240)


def _script(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return _python(root, "-m", "team.monthly_report", *arguments, folder="notebooks")


def _options(values: dict[str, Any]) -> Sequence[str]:
    found: list[str] = []
    for name, value in values.items():
        option = "--" + name.replace("_", "-")
        many = value if isinstance(value, list) else [value]
        found += [option] if value is True else [word for one in many for word in (option, str(one))]
    return found


def _papermill(root: Path) -> list[Any]:
    """The outputs of all cells, pictures and all."""
    made = root / "notebooks" / "made.ipynb"
    code = f"import papermill; papermill.execute_notebook({made.with_name(Path(NOTEBOOK).name).name!r}, 'made.ipynb', {OTHER!r})"
    environment = os.environ | {"PYTHONPATH": str(root / "src")}
    environment.pop("MPLBACKEND", None)
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=made.parent, env=environment, capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stderr[-2000:]
    cells = json.loads(made.read_text("utf-8"))["cells"]
    made.unlink()
    return [_without_counts(output) for cell in cells for output in cell.get("outputs", ())]


def _without_counts(output: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in output.items() if key != "execution_count"}


def _files(root: Path) -> dict[str, Any]:
    """What was written, and it is gone then, so that the next run has to write it again."""
    folder = root / "notebooks"
    with sqlite3.connect(folder / "report.sqlite") as connection:
        names = [row[0] for row in connection.execute("select name from sqlite_master where type = 'table'")]
        tables = {name: connection.execute(f"select * from {name}").fetchall() for name in sorted(names)}
    connection.close()
    found = {"report.sqlite": tables, "summary.csv": (folder / "summary.csv").read_text()}
    for name in WRITTEN:
        (folder / name).unlink()
    return found


_PLAIN = """
import ast, sys
space = {"__name__": "__main__"}
for body, shown in CELLS:
    exec(body, space)
    if shown:
        sys.displayhook(eval(shown, space))
"""


def _cells_as_script(root: Path) -> str:
    """What the notebook's cells print when plain Python runs them."""
    cells: list[tuple[str, str]] = []
    for cell in read(NOTEBOOK, (root / NOTEBOOK).read_bytes()).cells:
        if cell.kind == "code":
            body = ast.parse(
                "\n".join(line for line in mask(cell.source).python.split("\n") if "get_ipython" not in line)
            ).body
            shown = body.pop() if body and isinstance(body[-1], ast.Expr) else None
            cells.append((ast.unparse(ast.Module(body, [])), ast.unparse(shown) if shown else ""))
    done = _python(root, "-c", _PLAIN.replace("CELLS", repr(cells)), folder="notebooks")
    assert done.returncode == 0, done.stderr
    return done.stdout
