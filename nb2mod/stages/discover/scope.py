"""Which paths of the project the command line names."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path


def within(root: Path, paths: Sequence[Path]) -> Callable[[str], bool]:
    """Whether a path relative to the root is one of `paths`, or lies in one; everything is when there are none."""
    if not paths:
        return lambda _path: True
    named = [_relative(root, path) for path in paths]
    return lambda path: any(not name or path == name or path.startswith(f"{name}/") for name in named)


def named_files(root: Path, paths: Sequence[Path]) -> frozenset[str]:
    """The files among `paths`, relative to the root: a person who names a file means it."""
    return frozenset(_relative(root, path) for path in paths if path.is_file())


def _relative(root: Path, path: Path) -> str:
    relative = os.path.relpath(path.resolve(), root.resolve()).replace(os.sep, "/")
    return "" if relative == "." else relative
