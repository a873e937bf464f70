"""Folders whose notebooks would import something else under the package's name (hazard N19)."""

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from nb2mod.model import Features
from nb2mod.model.projects import Package
from nb2mod.stages import discover


def hiding(root: Path, folders: Iterable[str], features: Sequence[Features], package: Package) -> dict[str, str]:
    """Folder of notebooks → what an import of the package would find there first: a file, or one that a notebook makes.

    Effect: asks the disk.
    """
    own = package.name.partition(".")[0]
    base = own if package.source_root in ("", ".") else f"{package.source_root}/{own}"
    found = {}
    for folder in folders:
        where = discover.local_module(root, f"{folder}/_" if folder else "_", own)
        if where and where.rstrip("/") != base and not where.startswith(f"{base}/"):
            found[folder] = where
    for folder, where in _made(features, own):
        # In the package's own folder Python takes the package before a file of its name.
        if not (package.exists and folder == package.source_root.strip("./")):
            found.setdefault(folder, where)
    return found


def _made(features: Sequence[Features], own: str) -> Iterator[tuple[str, str]]:
    """Where a notebook speaks of a file that would be the package when it stood beside it: downloaded, written, moved there.

    A path that leads into another folder is none of these; of an address on the web the last part is.
    """
    name = rf"({re.escape(own)}(?:\.py|/__init__\.py))(?![\w.])"
    named = re.compile(rf"(?<![^\s'\"`(=,>])(?:\w+://[^\s'\"]*/|\./)?{name}")
    for one in features:
        if one.kind != "notebook":
            continue
        folder = one.path.rpartition("/")[0]
        for cell in one.cells:
            lines = (line for line in cell.source.splitlines() if own in line and not line.lstrip().startswith("#"))
            found = next(filter(None, map(named.search, lines)), None)
            if found:
                yield folder, f"{folder}/{found[1]}".lstrip("/") + f" (cell {cell.number} of {one.path} speaks of it)"
                break
