"""Check: no inserted import runs a module of the package that imports another one which is not there (hazard N18).

What the tests of the package or a fallback import inside `try` and `if` is left to the notebook that ran it before.
"""

import ast
from collections.abc import Iterator
from importlib.machinery import all_suffixes

from nb2mod.model import Finding
from nb2mod.stages.verify.proof import loads
from nb2mod.stages.verify.proof.acting import running
from nb2mod.stages.verify.proof.bindings import source_module
from nb2mod.stages.verify.proof.package import Package
from nb2mod.stages.verify.proof.subject import NotebookPair, Subject
from nb2mod.stages.verify.proof.trees import described, dump
from nb2mod.stages.verify.proof.views import ModuleView

_COMPILED = tuple(suffix for suffix in all_suffixes() if suffix != ".py")


def check(subject: Subject) -> list[Finding]:
    """Findings over all changed notebooks."""
    return [finding for pair in subject.notebooks for finding in _notebook(subject, pair)]


def _notebook(subject: Subject, pair: NotebookPair) -> Iterator[Finding]:
    importing = [one for one in pair.after.statements if _imports_package(subject, one[2])]
    kinds = tuple({type(node) for _, _, node in importing})
    known = {dump(node) for _, _, node in pair.before.statements if isinstance(node, kinds)}
    ran = loads.first_runs(subject, pair.before) if importing else {}
    for cell, index, node in importing:
        if dump(node) in known:
            continue
        for inner in running([node]):
            for module, gone in _failing(subject, loads.imports_of_package(inner, subject.after)):
                if module.name in ran and ran[module.name] < (cell.index, index):
                    continue
                bound = [alias.asname or alias.name for alias in getattr(inner, "names", ())]
                blamed = subject.candidates(path=pair.path, cell=cell.number, names=bound)
                message = (
                    f"cell {cell.number}: {described(inner)} would fail: {module.path} imports {gone}, which is no file"
                )
                yield Finding("loads", message, pair.path, cell.number, getattr(inner, "lineno", 0), blamed)


def _imports_package(subject: Subject, node: ast.stmt) -> bool:
    return any(loads.imports_of_package(inner, subject.after) for inner in running([node]))


def _failing(subject: Subject, imported: list[str]) -> Iterator[tuple[ModuleView, str]]:
    package = subject.after
    for module in {module.name: module for dotted in imported for module in package.run_by(dotted)}.values():
        for node in module.body:
            for name in _sources(node, module):
                if package.owns(name) and not _stands(package, name, node):
                    yield module, name


def _sources(node: ast.stmt, module: ModuleView) -> list[str]:
    """Modules that a statement imports for certain; of `from .a import b` it is a."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [source_module(node, module.package)] if isinstance(node, ast.ImportFrom) else []


def _stands(package: Package, dotted: str, node: ast.stmt) -> bool:
    """Whether there is such a module, compiled ones included, or a folder of that name that holds what is imported."""
    if package.module(dotted) is not None:
        return True
    stem = package.stem(dotted)
    if any(package.bytes_of(stem + suffix) is not None for suffix in _COMPILED):
        return True
    if f"{stem}/__init__.py" in package.unreadable or f"{stem}.py" in package.unreadable:
        return True  # told by others
    names = node.names if isinstance(node, ast.ImportFrom) else []
    return any(package.module(f"{dotted}.{alias.name}") is not None for alias in names)
