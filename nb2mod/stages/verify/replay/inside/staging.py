"""The new definitions: the package as it will be, imported beside whatever of the same name the notebook has loaded.

Runs inside the kernel (Python 3.8).
"""

from __future__ import annotations

import contextlib
import importlib
import sys
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .records import Call, Watched, reached


class Staged:
    """The new package, from `folder`. Its modules are in sys.modules inside `with staged.inside():` only."""

    def __init__(self, folder: str, package: str) -> None:
        self.folder, self.package = folder, package
        self.modules: dict[str, Any] = {}
        self._kept: list[Any] = []

    @contextlib.contextmanager
    def inside(self) -> Iterator[None]:
        """The new modules instead of the notebook's, for a while."""
        others = {name: sys.modules.pop(name) for name in list(sys.modules) if self._ours(name)}
        sys.modules.update(self.modules)
        path, written = list(sys.path), sys.dont_write_bytecode
        sys.path.insert(0, self.folder)
        sys.dont_write_bytecode = True
        try:
            yield
        finally:
            self.modules = {name: sys.modules.pop(name) for name in list(sys.modules) if self._ours(name)}
            sys.modules.update(others)
            sys.path[:] = path
            sys.dont_write_bytecode = written

    def _ours(self, name: str) -> bool:
        return name == self.package or name.startswith(self.package + ".")

    def load(self, module: str) -> Any:
        """The new module. Raises what importing it raises; LookupError when it came from elsewhere."""
        importlib.invalidate_caches()
        with self.inside():
            loaded = importlib.import_module(module)
        file = Path(getattr(loaded, "__file__", None) or "nowhere")
        if Path(self.folder).resolve() not in file.resolve().parents:
            raise LookupError(f"it came from {file}")
        return loaded

    def paired(self, watched: list[Watched], namespace: Any) -> dict[int, Any]:
        """id of an old class or function → the new one: those that are extracted, and the package's own loaded twice."""
        found: dict[int, Any] = {}
        for one in watched:
            old, new = namespace.get(one.name), getattr(self.modules.get(one.module), one.new_name, None)
            _pair(found, self._kept, old, new)
            for call in one.calls:
                _pair(found, self._kept, call.owner, new)
        for name, module in self.modules.items():
            for key, old in list(vars(sys.modules.get(name, types.ModuleType(name))).items()):
                if getattr(old, "__module__", None) == name:
                    _pair(found, self._kept, old, vars(module).get(key))
        return found


def _pair(found: dict[int, Any], kept: list[Any], old: Any, new: Any) -> None:
    both_classes = isinstance(old, type) and isinstance(new, type)
    if old is new or not (both_classes or (callable(old) and callable(new) and type(old) is type(new))):
        return
    found[id(old)] = new
    kept.append(old)


def new_function(call: Call, staged: Staged) -> Any | None:
    """The function of the new definition that answers to the one that was called; None: there is none."""
    one = call.watched
    owner = getattr(staged.modules.get(one.module), one.new_name, None)
    if call.method:
        owner = vars(owner).get(call.method) if isinstance(owner, type) else None
    candidates = list(reached(owner))
    same_way = [function for steps, function in candidates if steps == call.steps]
    by_name = [function for _, function in candidates if function.__code__.co_name in (call.method, one.new_name)]
    return next(iter(same_way or by_name), None)
