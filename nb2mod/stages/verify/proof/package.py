"""The team's package on one side of the change: dotted names → modules and what their names are bound to."""

import ast
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from nb2mod.stages.verify.proof.acting import running
from nb2mod.stages.verify.proof.bindings import Binding, source_module
from nb2mod.stages.verify.proof.views import ModuleView, Unreadable, read_module

Read = Callable[[str], bytes | None]


class Found(NamedTuple):
    """Where an imported name ends: `module` and `name` there; `name` "" is the module itself. `bindings` are all of it."""

    module: ModuleView
    name: str
    bindings: tuple[Binding, ...]

    @property
    def identity(self) -> tuple[str, str]:
        """The same for two imports of the same object."""
        return self.module.name, self.name


class Package:
    """Modules by dotted name, read when asked for. `changed` are the bytes of this side; the rest comes from `read`."""

    def __init__(self, name: str, source_root: str, changed: Mapping[str, bytes | None], read: Read) -> None:
        self.name = name
        self.unreadable: dict[str, str] = {}  # path → why
        self._root = "" if source_root in ("", ".") else source_root.rstrip("/") + "/"
        self._changed = changed
        self._read = read
        self._modules: dict[str, ModuleView | None] = {}
        self._imported: dict[str, tuple[str, ...]] = {}
        self._runs: dict[str, tuple[ModuleView, ...]] = {}

    def owns(self, dotted: str) -> bool:
        """Whether a dotted name lies in the package."""
        return dotted == self.name or dotted.startswith(self.name + ".")

    def owns_path(self, path: str) -> bool:
        """Whether a file is a module of the package."""
        return path.endswith(".py") and path.startswith(self._root + self.name.replace(".", "/") + "/")

    def dotted(self, path: str) -> str:
        """The dotted name of a module's file."""
        return path.removeprefix(self._root).removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    def bytes_of(self, path: str) -> bytes | None:
        """A file on this side of the change."""
        return self._changed[path] if path in self._changed else self._read(path)

    def stem(self, dotted: str) -> str:
        """The path of a module without what a file's name ends with."""
        return self._root + dotted.replace(".", "/")

    def module(self, dotted: str) -> ModuleView | None:
        """The module Python would import; a folder with `__init__.py` wins over a file of the same name, as in Python."""
        if dotted not in self._modules:
            self._modules[dotted] = self._load(dotted)
        return self._modules[dotted]

    def chain(self, dotted: str) -> list[ModuleView]:
        """The modules that run when `dotted` is imported, outermost package first; folders without `__init__` run nothing."""
        parts = dotted.split(".")
        modules = [self.module(".".join(parts[:count])) for count in range(1, len(parts) + 1)]
        return [module for module in modules if module is not None]

    def imported_by(self, module: ModuleView) -> tuple[str, ...]:
        """Dotted names of the package that a module imports when it runs, each once."""
        if module.name not in self._imported:
            found = (name for node in running(module.body) for name in self._imports(node, module))
            self._imported[module.name] = tuple(dict.fromkeys(found))
        return self._imported[module.name]

    def run_by(self, dotted: str) -> tuple[ModuleView, ...]:
        """The package's modules that run when `dotted` is imported."""
        if dotted not in self._runs:
            found: dict[str, ModuleView] = {}
            waiting = [dotted]
            while waiting:
                for module in self.chain(waiting.pop()):
                    if module.name not in found:
                        found[module.name] = module
                        waiting += self.imported_by(module)
            self._runs[dotted] = tuple(found.values())
        return self._runs[dotted]

    def find(self, target: str, seen: frozenset[str] = frozenset()) -> Found | None:
        """What a dotted target inside the package ends at, imports between modules followed. None: nothing stands there."""
        if target in seen or not self.owns(target):
            return None
        module_name, _, name = target.rpartition(".")
        holder = self.module(module_name) if module_name else None
        bindings = holder.bindings.get(name, ()) if holder else ()
        if holder and bindings:
            onward = [binding.target for binding in bindings if binding.kind == "import"]
            if len(onward) == len(bindings) and len(set(onward)) == 1 and self.owns(onward[0]):
                return self.find(onward[0], seen | {target})
            return Found(holder, name, bindings)
        whole = self.module(target)
        return Found(whole, "", ()) if whole else None

    def _imports(self, node: ast.stmt, module: ModuleView) -> Iterator[str]:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if self.owns(alias.name))
        elif isinstance(node, ast.ImportFrom):
            source = source_module(node, module.package)
            if self.owns(source):
                yield source
                yield from (f"{source}.{alias.name}" for alias in node.names if self.module(f"{source}.{alias.name}"))

    def _load(self, dotted: str) -> ModuleView | None:
        stem = self.stem(dotted)
        for path in (f"{stem}/__init__.py", f"{stem}.py"):
            data = self.bytes_of(path)
            if data is None:
                continue
            try:
                return read_module(dotted, path, data)
            except Unreadable as error:
                self.unreadable[path] = str(error)
                return None
        return None
