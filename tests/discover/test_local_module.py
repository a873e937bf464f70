"""N19: which imported names are files of the project."""

from pathlib import Path

import pytest

from nb2mod.model.projects import Package
from nb2mod.stages import discover

_FILES = [
    "notebooks/eda/a.ipynb",
    "notebooks/eda/utils.py",
    "notebooks/eda/pkg/__init__.py",
    "notebooks/eda/pkg/load.py",
    "notebooks/eda/pkg.py",
    "notebooks/eda/data/scores.csv",
    "notebooks/eda/plots/bars.py",
    "notebooks/eda/nested/inner/__init__.py",
    "notebooks/eda/pandas/readme.py",
    "notebooks/eda/random.py",
    "notebooks/helpers.py",
    "src/features/build.py",
    "root_module.py",
]

_CASES = {
    # what is no file of the project
    "pathlib": None,
    "pandas": None,  # a folder without __init__.py: Python prefers the distribution
    "scores": None,
    "data": None,
    "missing": None,
    "a": None,
    ".utils": None,
    # what is
    "utils": "notebooks/eda/utils.py",
    "utils.load": "notebooks/eda/utils.py",
    "pkg": "notebooks/eda/pkg/__init__.py",
    "pkg.load": "notebooks/eda/pkg/load.py",
    "pkg.missing": "notebooks/eda/pkg/__init__.py",
    "plots": "notebooks/eda/plots/",
    "plots.bars": "notebooks/eda/plots/bars.py",
    "nested.inner": "notebooks/eda/nested/inner/__init__.py",
    "random": "notebooks/eda/random.py",  # hides the standard library's
    "helpers": "notebooks/helpers.py",
    "root_module": "root_module.py",
    "src.features.build": "src/features/build.py",
}


@pytest.mark.parametrize(("name", "expected"), _CASES.items())
def test_local_modules(tmp_path: Path, name: str, expected: str | None) -> None:
    for file in _FILES:
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text("")
    assert discover.local_module(tmp_path, "notebooks/eda/a.ipynb", name) == expected


def test_the_folder_of_one_notebook_is_not_that_of_another(tmp_path: Path) -> None:
    for file in ("a/utils.py", "b/utils.py"):
        (tmp_path / file).parent.mkdir()
        (tmp_path / file).write_text("")
    assert discover.local_module(tmp_path, "a/x.ipynb", "utils") == "a/utils.py"
    assert discover.local_module(tmp_path, "b/x.ipynb", "utils") == "b/utils.py"
    assert discover.local_module(tmp_path, "x.ipynb", "utils") is None


def test_what_an_import_of_the_package_finds(tmp_path: Path) -> None:
    package = Package("team", "src", "src/team", exists=True)
    for name in ("plain.py", "compiled.cpython-311-x86_64-linux-gnu.so", "folder/data.csv", "plainly.txt"):
        path = tmp_path / "src/team" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    names = ("plain", "compiled", "folder", "plainly", "missing", "folder.data", "nowhere.plain")
    found = [name for name in names if discover.gives_module(tmp_path, package, f"team.{name}")]
    assert found == ["plain", "compiled", "folder"]
