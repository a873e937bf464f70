"""Projects to run notebooks of: copies of fixtures, committed to a git repository of their own."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

FIXTURES = Path(__file__).parents[2] / "fixtures"
PRIVATE = {".git", ".nb2mod", "__pycache__"}

Tree = dict[str, bytes]


def tree(root: Path) -> Tree:
    """Every file that a person sees, by path."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and not PRIVATE & set(path.relative_to(root).parts)
    }


def commit(root: Path, message: str) -> None:
    for arguments in (["add", "--all"], ["commit", "--quiet", "--message", message]):
        subprocess.run(["git", *arguments], cwd=root, check=True, capture_output=True)


@pytest.fixture
def committed(tmp_path: Path) -> Callable[[str], Path]:
    """Copies a folder of fixtures; the copy is a project of its own."""

    def copied(name: str) -> Path:
        root = tmp_path / Path(name).name
        shutil.copytree(FIXTURES / name, root)
        subprocess.run(["git", "init", "--quiet", "."], cwd=root, check=True)
        commit(root, "as it was")
        return root

    return copied
