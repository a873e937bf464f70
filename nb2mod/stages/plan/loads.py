"""What is certainly loaded where (hazard N18): third-party modules at a place in a notebook, and by a module of the package.

An import runs its whole module. So it may stand only where everything the module loads has been loaded before; this file
answers the "has been" and the "loads". The standard library and IPython are always there.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from nb2mod.model import Binding, BindKind, CellFeatures, Features, Package, Use, UseKind
from nb2mod.stages.plan.brings import with_brought
from nb2mod.stages.plan.reading import lines_of, loaded_by, prefixes, root_of, same_statement

_NOTHING: frozenset[str] = frozenset()
_STATEMENT = "statement "
_SCRIPT = re.compile(r"""if\s+__name__\s*==\s*['"]__main__['"]\s*:""")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_CALLS = (UseKind.CALL, UseKind.CALL_KEYWORDS, UseKind.CALL_SPREAD, UseKind.ATTRIBUTE_CALL)
_CALLS_THAT_BIND = _words(
    "getLogger addHandler NullHandler version compile namedtuple TypeVar ParamSpec NewType Path frozenset set dict tuple "
    "list"
)
_KINDS_THAT_BIND = _words("import importfrom functiondef asyncfunctiondef classdef assign annassign pass try typealias")


class Loaded:
    """Per place in a notebook, the dotted modules that top-level imports above it have certainly loaded, and those they can't do
    without.
    """

    def __init__(
        self, features: Sequence[Features], existing: "ExistingModules", statements: Iterable[str] = ()
    ) -> None:
        self._features = features
        self._existing = existing
        self._statements = frozenset(same_statement(text) for text in statements)
        self._before: dict[int, list[frozenset[str]]] = {}

    def at(self, file: int, cell: int, line: int) -> frozenset[str]:
        """Loaded when the statement at `line` of the cell (an index, not a number) begins to run."""
        if file not in self._before:
            self._before[file] = list(self._cumulated(self._features[file]))
        own = self._features[file].cells[cell]
        above = (names for at, names in self._loads(own) if at < line)
        return self._before[file][cell].union(*above)

    def _cumulated(self, file: Features) -> Iterator[frozenset[str]]:
        """What is loaded before each cell. A cell that may end early or runs elsewhere promises nothing to later ones."""
        loaded = _NOTHING
        for cell in file.cells:
            yield loaded
            if not (cell.raises or cell.facts.opaque or cell.facts.runs_in_function or cell.facts.error):
                loaded = loaded.union(*(names for _, names in self._loads(cell)))

    def _loads(self, cell: CellFeatures) -> Iterator[tuple[int, frozenset[str]]]:
        for binding in cell.facts.bindings:
            if binding.certain and binding.kind in (BindKind.IMPORT, BindKind.STAR):
                yield binding.line, with_brought(self._with_package(_loads_of(binding)))
        if self._statements:
            for statement in cell.facts.statements:
                if statement.kind in ("try", "if"):
                    text = "\n".join(lines_of(cell.source)[statement.line - 1 : statement.end_line])
                    if (same := same_statement(text)) in self._statements:
                        yield statement.line, frozenset((whole(same),))

    def _with_package(self, names: frozenset[str]) -> frozenset[str]:
        return names.union(*(self._existing.certainly_loaded(name) for name in names))


def importers(
    features: Sequence[Features], existing: "ExistingModules", loaded: Loaded
) -> dict[str, list[frozenset[str]]]:
    """Per module of the package, what is loaded or would be by it at each place where a notebook imports it already."""
    found: dict[str, list[frozenset[str]]] = {}
    for index, file in enumerate(features):
        for at, cell in enumerate(file.cells if file.kind == "notebook" else ()):
            for binding in cell.facts.bindings:
                if binding.kind in (BindKind.IMPORT, BindKind.STAR):
                    for module in prefixes(binding.target):
                        if module in existing.files:
                            here = loaded.at(index, at, binding.line) | existing.loads(module)
                            found.setdefault(module, []).append(here)
    return found


def is_quiet(file: Features) -> bool:
    """Whether running a module of the package only binds names: no loop, no call but those that make names."""
    if is_broken(file):
        return False
    for cell in file.cells:
        lines = lines_of(cell.source)
        loud = {
            use.statement
            for use in cell.facts.uses
            if use.owner == -1 and not use.deferred and use.kind in _CALLS and _called(use) not in _CALLS_THAT_BIND
        }
        for number, statement in enumerate(cell.facts.statements):
            first = lines[statement.line - 1] if statement.line <= len(lines) else ""
            if statement.kind == "if" and ("TYPE_CHECKING" in first or "__name__" in first):
                continue
            documents = statement.kind == "expr" and first.lstrip("rRuU").startswith(('"', "'"))
            if number in loud or not (statement.kind in _KINDS_THAT_BIND or documents):
                return False
    return True


def is_broken(file: Features) -> bool:
    """Whether a module can't be read or does not parse: nothing can be added to it, and importing it raises."""
    return file.error is not None or any(cell.facts.error for cell in file.cells)


def _called(use: Use) -> str:
    return use.detail.rpartition(".")[2] if use.kind is UseKind.ATTRIBUTE_CALL else use.name


def whole(statement: str) -> str:
    """Stands for what a try or if statement with imports loads (N2): loaded where the very same statement ran."""
    return _STATEMENT + statement


def missing(loads: Iterable[str], loaded: frozenset[str]) -> frozenset[str]:
    """What of `loads` is not certainly loaded."""
    return frozenset(name for name in loads if name not in loaded and not _parts_loaded(name, loaded))


def _parts_loaded(name: str, loaded: frozenset[str]) -> bool:
    return name.startswith(_STATEMENT) and loaded_by(name.removeprefix(_STATEMENT)) <= loaded


class ExistingModules:
    """The package's modules as they stand, by dotted name: what they bind and what running them loads."""

    def __init__(self, features: Sequence[Features], package: Package) -> None:
        self.package = package
        self.files = dict(_modules_of(features, package))
        self.starred = frozenset(_starred(features, self.files))
        self._all = {name: _own_loads(name, file, certain=False) for name, file in self.files.items()}
        self._certain = {name: _own_loads(name, file, certain=True) for name, file in self.files.items()}

    def is_package(self, module: str) -> bool:
        """Whether it is a folder with an `__init__.py`."""
        return module in self.files and self.files[module].path.endswith("__init__.py")

    def reads(self, module: str) -> frozenset[str]:
        """Modules of the package that `module` imports itself, and its parents' `__init__`."""
        found = {*prefixes(module)[:-1], *self._all.get(module, ())}
        return frozenset(found & self.files.keys()) - {module}

    def imports(self, module: str) -> frozenset[str]:
        """Modules of the package that running `module` runs too, its parents' `__init__` included; itself not."""
        found: set[str] = set()
        waiting = [module]
        while waiting:
            new = self.reads(waiting.pop()) - found
            found |= new
            waiting.extend(new)
        return frozenset(found - {module})

    def loads(self, module: str) -> frozenset[str]:
        """Third-party modules that running `module` may load. Follows the package's own imports."""
        names = self._own(self._all, module)
        return names.union(*(self._own(self._all, other) for other in self.imports(module)))

    def certainly_loaded(self, module: str) -> frozenset[str]:
        """Third-party modules loaded once `module` has been imported, whatever the fallbacks did."""
        if module not in self.files:
            return _NOTHING
        own = self._own(self._certain, module)
        deeper = (self._own(self._certain, name) for name in self._certain[module] if name in self.files)
        return own.union(*deeper)

    def _own(self, loads: Mapping[str, frozenset[str]], module: str) -> frozenset[str]:
        return frozenset(name for name in loads.get(module, ()) if root_of(name) != root_of(self.package.name))


def _modules_of(features: Sequence[Features], package: Package) -> Iterator[tuple[str, Features]]:
    root = "" if package.source_root in ("", ".") else package.source_root.rstrip("/") + "/"
    for file in features:
        if file.kind != "module" or not file.path.startswith(package.folder.rstrip("/") + "/"):
            continue
        parts = file.path[len(root) :].removesuffix(".py").split("/")
        if parts[-1] == "__init__":
            parts.pop()
        yield ".".join(parts), file


def _starred(features: Sequence[Features], modules: Mapping[str, Features]) -> set[str]:
    """Modules whose every name a notebook takes with `from … import *`, itself or through another module."""
    found: set[str] = set()
    waiting = [("", file) for file in features if file.kind == "notebook"]
    while waiting:
        name, file = waiting.pop()
        new = {module for module in _star_targets(name, file) if module in modules} - found
        found |= new
        waiting.extend((module, modules[module]) for module in new)
    return found


def _star_targets(module: str, file: Features) -> Iterator[str]:
    inside = _folder(module, file)
    for cell in file.cells:
        for binding in cell.facts.bindings:
            if binding.kind is BindKind.STAR:
                yield _absolute(binding, inside)[-1] if binding.target.startswith(".") else binding.target


def _folder(module: str, file: Features) -> str:
    """The package that a module's relative imports start from."""
    return module if file.path.endswith("__init__.py") else module.rpartition(".")[0]


def _own_loads(module: str, file: Features, *, certain: bool) -> frozenset[str]:
    inside = _folder(module, file)
    names: set[str] = set()
    for cell in file.cells:
        script = set(only_as_script(cell))
        for binding in cell.facts.bindings:
            is_import = binding.kind in (BindKind.IMPORT, BindKind.STAR) and binding.statement not in script
            if is_import and (binding.certain or not certain):
                names.update(_absolute(binding, inside) if binding.target.startswith(".") else _loads_of(binding))
    return frozenset(names)


def only_as_script(cell: CellFeatures) -> Iterator[int]:
    """Statements that an import does not run: `if __name__ == "__main__":`."""
    lines = lines_of(cell.source)
    for number, statement in enumerate(cell.facts.statements):
        first = lines[statement.line - 1] if statement.line <= len(lines) else ""
        if statement.kind == "if" and _SCRIPT.match(first):
            yield number


def _absolute(binding: Binding, inside: str) -> list[str]:
    """`from ..a import b` in pkg.sub.mod is pkg.a.b."""
    dots = len(binding.target) - len(binding.target.lstrip("."))
    parts = inside.split(".")
    base = parts[: len(parts) - dots + 1]
    return prefixes(".".join((*base, *filter(None, [binding.target.lstrip(".")]))))


def _loads_of(binding: Binding) -> frozenset[str]:
    return loaded_by(binding.text) if binding.text else loaded_by(f"import {binding.target}")
