"""What beside the files themselves a scan depends on, as modification times: folders, packaging files, this Python."""

import os
import sys
from pathlib import Path

from nb2mod.model import Found

# Files that say which modules the project declares or is, and which notebooks are paired; their change changes verdicts.
_DECLARING = (
    "pyproject.toml setup.cfg setup.py requirements.txt requirements-dev.txt environment.yml environment.yaml Pipfile "
    "requirements binder .binder jupytext.toml .jupytext.toml jupytext.yml"
).split()


def surroundings(root: Path, found: Found) -> tuple[tuple[str, int], ...]:
    """(path, mtime_ns) of everything that could change what an import in one of the notebooks means; 0: not there.

    Folders are among them because a module put beside a notebook, or taken away, changes its imports. Effect: asks the disk.
    """
    folders = sorted(_with_parents({path.rpartition("/")[0] for path in found.stats} | {"src"}))
    inside = [f"{root}/{name}" for name in (*folders, *_DECLARING)]
    return tuple((path, _changed(path)) for path in (*inside, *filter(None, sys.path)))


def _with_parents(folders: set[str]) -> set[str]:
    found = {""}
    for folder in folders:
        while folder not in found:
            found.add(folder)
            folder = folder.rpartition("/")[0]
    return found


def _changed(path: str) -> int:
    try:
        return os.stat(path).st_mtime_ns  # noqa: PTH116 - a Path costs more than the call, and a warm scan is made of these
    except OSError:
        return 0
