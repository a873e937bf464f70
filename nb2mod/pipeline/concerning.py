"""Which notebooks a change concerns: their own code differs, or a module's that they import, directly or by way of others."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path, PurePosixPath

from nb2mod.model import Features, Found
from nb2mod.model.projects import Package
from nb2mod.pipeline.reading import read_all
from nb2mod.pipeline.request import silent
from nb2mod.stages import discover, index
from nb2mod.stages.index import Tree


def concerned(
    notebooks: Sequence[Features], before: Mapping[str, bytes | None], after: Tree, package: Package
) -> list[str]:
    """The notebooks that may do something else than before: their own code differs, or a module that they may import does.

    A module is known by the first part of its name, so a notebook that imports any of the package counts when any of it
    changed: rather one run too many. New notebooks have nothing to be compared with.
    """
    names = {name for path in before if path.endswith(".py") for name in _imported_as(path, package)}
    imports = _Imports(after.root, package)
    found = []
    for one in notebooks:
        was = before.get(one.path)
        if one.path in before and was is None:
            continue
        differs = was is not None and _code(one.path, was) != _code(one.path, after.read(one.path) or b"")
        if differs or (names and names & imports.of(one)):
            found.append(one.path)
    return found


def roots(features: Iterable[Features]) -> set[str]:
    """The first parts of the names of all modules that are imported."""
    return {name for one in features for cell in one.cells for name in cell.facts.modules}


class _Imports:
    """What notebooks import, also by way of the project's own modules. Reads each of those once."""

    def __init__(self, root: Path, package: Package) -> None:
        self._root = root
        self._source = "" if package.source_root in ("", ".") else package.source_root
        self._read: dict[str, set[str]] = {}

    def of(self, notebook: Features) -> set[str]:
        """The first parts of the names of modules that this notebook loads, as far as the project's files tell."""
        waiting = roots([notebook])
        seen: set[str] = set()
        while waiting:
            name = waiting.pop()
            seen.add(name)
            for beside in (notebook.path, f"{self._source}/_".lstrip("/")):
                file = discover.local_module(self._root, beside, name)
                if file is not None:
                    waiting |= self._imported_by(file) - seen
        return seen

    def _imported_by(self, file: str) -> set[str]:
        if file not in self._read:
            tree = Tree(self._root, Found(modules=discover.module_files(self._root, file)))
            self._read[file] = roots(read_all(tree, None, 1, silent))
        return self._read[file]


def _imported_as(path: str, package: Package) -> Iterable[str]:
    """The top-level names that a .py file may be imported under: from the source root, from the root, from beside it."""
    inside = PurePosixPath(path)
    root = "" if package.source_root in ("", ".") else f"{package.source_root}/"
    for parts in (inside.parts, PurePosixPath(path.removeprefix(root)).parts, (inside.name,)):
        yield parts[0].removesuffix(".py")


def _code(path: str, data: bytes) -> list[str] | None:
    outline = index.outline(path, data)
    return None if outline.error else [cell.source for cell in outline.cells]
