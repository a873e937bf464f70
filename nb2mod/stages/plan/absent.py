"""Modules of the package that others of it import, and that no file of the project is: importing those fails (hazard N18)."""

import ast
from collections.abc import Collection, Iterator, Sequence

from nb2mod.model import BindKind, Features, Package
from nb2mod.stages.plan.loads import ExistingModules, only_as_script
from nb2mod.stages.plan.reading import parsed


def absent_modules(features: Sequence[Features], package: Package) -> frozenset[str]:
    """Dotted names that the package's modules certainly import from the package and that are none of `features`.

    The caller must ask the disk for each: compiled modules, and those that .gitignore leaves out, are no features.
    """
    existing = ExistingModules(features, package)
    wanted = {name for module, file in existing.files.items() for name in imported(module, file)}
    return frozenset(name for name in wanted - existing.files.keys() if _inside(name, package))


def failing(existing: ExistingModules, module: str, absent: Collection[str]) -> tuple[str, str] | None:
    """The module that running `module` runs (or itself) and that imports one of `absent`, and which; None if there is none."""
    for name in sorted({module, *existing.imports(module)} & existing.files.keys()):
        gone = sorted(imported(name, existing.files[name]) & frozenset(absent))
        if gone:
            return name, gone[0]
    return None


def imported(module: str, file: Features) -> frozenset[str]:
    """Absolute names of the modules that running `module` certainly imports: of `from .a import b` it is a, of which b may be
    a name.
    """
    inside = module if file.path.endswith("__init__.py") else module.rpartition(".")[0]
    found: set[str] = set()
    for cell in file.cells:
        script = set(only_as_script(cell))
        for binding in cell.facts.bindings:
            is_import = binding.kind in (BindKind.IMPORT, BindKind.STAR)
            if is_import and binding.certain and binding.statement not in script:
                found.update(_modules(binding.text, inside))
    return frozenset(found)


def _modules(text: str, inside: str) -> Iterator[str]:
    tree = parsed(text)
    for node in tree.body if tree else ():
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parts = inside.split(".")
            base = parts[: len(parts) - node.level + 1] if node.level else []
            yield ".".join((*base, *filter(None, [node.module])))


def _inside(name: str, package: Package) -> bool:
    return name.startswith(package.name + ".")
