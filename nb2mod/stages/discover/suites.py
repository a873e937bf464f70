"""Where the project keeps its tests, and what stands there already. Reads folders and packaging files only."""

import os
from pathlib import Path

from nb2mod.stages.discover.metadata import at, read_metadata, texts

_USUAL = ("tests", "test")


def tests_folder(root: Path) -> str:
    """The folder of the project's tests, relative to the root: pytest's first `testpaths`, the one that is there, or "tests"."""
    metadata = read_metadata(root)
    named = at(metadata.pyproject, "tool", "pytest", "ini_options", "testpaths")
    listed = texts(named.split() if isinstance(named, str) else named)
    real = (root / listed[0]).resolve() if listed else root
    if real.is_dir() and real != root.resolve() and real.is_relative_to(root.resolve()):
        return real.relative_to(root.resolve()).as_posix()
    return next((name for name in _USUAL if (root / name).is_dir()), _USUAL[0])


def stands(root: Path, path: str) -> bool:
    """Whether anything is at a path of the project, a link that leads nowhere included."""
    return os.path.lexists(root / path)
