"""Where a project begins."""

from pathlib import Path

import pytest

from nb2mod import settings

_SECTION = "[tool.nb2mod]\n"

# files and folders (with a final slash) → where the root of a/b/c is
_CASES = {
    "nothing anywhere: the start": ([], "a/b/c"),
    "the top of the repository": (["a/.git/"], "a"),
    "a worktree's .git is a file": (["a/.git"], "a"),
    "the section": (["a/b/pyproject.toml!"], "a/b"),
    "the section wins over a repository above": (["a/.git/", "a/b/pyproject.toml!"], "a/b"),
    "a pyproject without the section does not": (["a/.git/", "a/b/pyproject.toml"], "a"),
    "nothing above the repository counts": (["pyproject.toml!", "a/.git/"], "a"),
    "the section at the top of the repository": (["a/pyproject.toml!", "a/.git/"], "a"),
    "the nearest section": (["a/pyproject.toml!", "a/b/pyproject.toml!"], "a/b"),
    "no repository: the nearest packaging": (["a/pyproject.toml", "a/b/setup.py"], "a/b"),
    "no repository: pyproject": (["a/pyproject.toml"], "a"),
}


@pytest.mark.parametrize(("files", "expected"), _CASES.values(), ids=_CASES.keys())
def test_root(tmp_path: Path, files: list[str], expected: str) -> None:
    top = tmp_path / "top"
    start = top / "a/b/c"
    start.mkdir(parents=True)
    notebook = start / "x.ipynb"
    notebook.write_text("{}")
    for name in files:
        path = top / name.removesuffix("!")
        if name.endswith("/"):
            path.mkdir()
        else:
            path.write_text(_SECTION if name.endswith("!") else "")
    assert settings.find_root(start) == top / expected
    assert settings.find_root(notebook) == top / expected


def test_a_broken_section_is_still_the_root(tmp_path: Path) -> None:
    """So that `load` can say what is wrong with it."""
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "pyproject.toml").write_text("[tool.nb2mod]\npackage =\n")
    assert settings.find_root(tmp_path / "notebooks") == tmp_path


def test_a_mention_is_no_section(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks/pyproject.toml").write_text("# see nb2mod\n[tool.black]\n")
    assert settings.find_root(tmp_path / "notebooks") == tmp_path
