"""Which module names are files of the project (hazard N19). Which are distributions is the table's: distributions.py."""

# A Path costs more than the system call it makes, and here some are made per import of a notebook.
# ruff: noqa: PTH113, PTH118, PTH120, PTH208

import os
from pathlib import Path

from nb2mod.distributions import known_module
from nb2mod.model.projects import Package

_MODULES = (".py", ".so", ".pyd", ".pyc")


def local_module(root: Path, notebook_path: str, name: str) -> str | None:
    """The project's file that `import name` in the notebook would read, relative to the root; None when there is none.

    Looked for beside the notebook, then in every folder above it up to the root (notebooks put those on sys.path by
    hand). For a dotted name, the deepest module that is a file. A folder without __init__.py that holds Python files
    counts, as "folder/", unless a distribution has the name: Python prefers that. Effect: asks the disk.
    """
    folder = os.path.dirname(notebook_path)
    parts = name.split(".")
    if not all(parts):
        return None  # relative: a notebook has no package to be relative to
    while True:
        found = _resolved(str(root), folder, parts)
        if found is not None:
            return found
        if not folder:
            return None
        folder = os.path.dirname(folder)


def gives_module(root: Path, package: Package, module: str) -> bool:
    """Whether importing the package's dotted `module` finds a file or a folder: compiled, and left out by .gitignore, counts.

    Effect: asks the disk.
    """
    folder, _, name = module.replace(".", "/").rpartition("/")
    place = os.path.join(root, package.source_root, folder)
    try:
        listed = os.listdir(place)
    except OSError:
        return False
    return any(one == name or (one.startswith(f"{name}.") and one.endswith(_MODULES)) for one in listed)


def module_files(root: Path, module: str) -> tuple[str, ...]:
    """The .py files that importing `module` may read: itself, or all of its folder's. `module` is as local_module tells it.

    Effect: lists the folder.
    """
    folder = module.removesuffix("__init__.py")
    if not folder.endswith("/"):
        return (module,)
    return tuple(sorted(path.relative_to(root).as_posix() for path in (root / folder).rglob("*.py")))


def _resolved(root: str, folder: str, parts: list[str]) -> str | None:
    """As Python's path finder does in one folder: a package, then a module, then a plain folder."""
    found: str | None = None
    for index, part in enumerate(parts):
        stem = f"{folder}/{part}" if folder else part
        if os.path.isfile(os.path.join(root, stem, "__init__.py")):
            found = f"{stem}/__init__.py"
        elif os.path.isfile(os.path.join(root, f"{stem}.py")):
            return f"{stem}.py"
        elif _holds_python(os.path.join(root, stem)) and not (index == 0 and known_module(part)):
            found = f"{stem}/"
        else:
            return found
        folder = stem
    return found


def _holds_python(folder: str, depth: int = 1) -> bool:
    """Whether a folder could be a namespace package with something in it: a .py file, here or one folder below."""
    try:
        with os.scandir(folder) as entries:
            listed = list(entries)
    except OSError:
        return False
    if any(entry.name.endswith(".py") for entry in listed):
        return True
    return depth > 0 and any(entry.is_dir() and _holds_python(entry.path, depth - 1) for entry in listed)
