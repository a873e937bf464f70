"""Check (g): an inserted import loads no third-party module that the notebook had not loaded by then (hazard N18).

Importing a module runs it, its package's `__init__` files and every module of the package it imports.
"""

import ast
import sys
from collections.abc import Iterator, Sequence

from nb2mod.model import FileChange, Finding
from nb2mod.stages.verify.proof.acting import is_quiet, running
from nb2mod.stages.verify.proof.bindings import Place, source_module
from nb2mod.stages.verify.proof.cells import parsed
from nb2mod.stages.verify.proof.package import Package
from nb2mod.stages.verify.proof.subject import Subject
from nb2mod.stages.verify.proof.trees import described, dump
from nb2mod.stages.verify.proof.views import ModuleView, NotebookView, Unreadable, read_module, read_notebook

_KERNEL = frozenset({"IPython", "ipykernel", "traitlets", "jupyter_client", "jupyter_core", "zmq", "tornado"})
# What importing a module certainly loads with it.
_BRINGS = {
    "cv2": ("numpy",),
    "geopandas": ("numpy", "pandas", "shapely"),
    "lightgbm": ("numpy", "scipy"),
    "matplotlib": ("numpy",),
    "matplotlib.pyplot": ("matplotlib", "numpy"),
    "mpl_toolkits.mplot3d": ("matplotlib", "numpy"),
    "pylab": ("matplotlib", "matplotlib.pyplot", "numpy"),
    "pandas": ("numpy",),
    "patsy": ("numpy",),
    "plotnine": ("numpy", "pandas", "matplotlib"),
    "scipy": ("numpy",),
    "seaborn": ("numpy", "pandas", "matplotlib", "matplotlib.pyplot"),
    "sklearn": ("numpy", "scipy"),
    "statsmodels": ("numpy", "scipy", "pandas"),
    "tensorflow": ("numpy",),
    "torchvision": ("torch", "numpy"),
    "xarray": ("numpy", "pandas"),
    "xgboost": ("numpy", "scipy"),
}
_MAGICS = {"matplotlib": ("matplotlib", "matplotlib.pyplot"), "pylab": ("pylab",)}
# Packages that load their usual submodules themselves: `from numpy import random` loads nothing beside numpy.
_WHOLE = frozenset({"numpy", "pandas", "torch", "IPython", "tqdm"})


def check(subject: Subject) -> list[Finding]:
    """Findings over all changed notebooks, new modules, and unchanged notebooks that import a changed module."""
    findings: list[Finding] = []
    for pair in subject.notebooks:
        findings += _notebook(subject, pair.before, pair.after)
    changed = {pair.path for pair in subject.notebooks}
    for path in subject.others:
        data = subject.read(path) if path not in changed else None
        if data is not None and subject.plan.package.encode() in data:
            try:
                view = read_notebook(path, data)
            except Unreadable:
                continue  # nobody can run it
            findings += _notebook(subject, view, view)
    for change in subject.modules:
        if subject.after.owns_path(change.path):
            findings += _only_defines(subject, change)
    return findings


def third_party(package: Package, dotted: str, ran: frozenset[str] = frozenset()) -> frozenset[str]:
    """Dotted names of the modules outside the package and the standard library that importing `dotted` loads.

    `ran` are dumps of statements that have run already: an import with a fallback loads the same again (N2).
    """
    found: set[str] = set()
    for module in package.run_by(dotted):
        body = [node for node in module.body if not isinstance(node, (ast.If, ast.Try)) or dump(node) not in ran]
        found.update(_loaded_by(body, module.package, package))
    return frozenset(found)


def first_runs(subject: Subject, view: NotebookView) -> dict[str, Place]:
    """Module of the package → the first statement of the notebook that certainly ran it, before the change."""
    found: dict[str, Place] = {}
    for cell, index, node in view.statements:
        if "raises-exception" not in cell.tags and cell.leaves_names:
            for dotted in imports_of_package(node, subject.before):
                for module in subject.before.run_by(dotted):
                    found.setdefault(module.name, (cell.index, index))
    return found


def _loaded_by(body: Sequence[ast.stmt], base: str, package: Package) -> Iterator[str]:
    for node in running(body):
        for name in _modules_of(node, base):
            if name.partition(".")[0] not in sys.stdlib_module_names | _KERNEL and not package.owns(name):
                yield name


def _modules_of(node: ast.stmt, base: str) -> Iterator[str]:
    """Modules that an import loads, their packages included. `from package import name` may load `package.name`."""
    if isinstance(node, ast.Import):
        for alias in node.names:
            yield from _with_parents(alias.name)
    elif isinstance(node, ast.ImportFrom):
        source = source_module(node, base)
        yield from _with_parents(source)
        if "." not in source and source not in _WHOLE:
            yield from (f"{source}.{alias.name}" for alias in node.names if alias.name.islower() and alias.name != "*")


def _loaded_after(node: ast.Import | ast.ImportFrom) -> Iterator[str]:
    """What is loaded once a notebook's import has run: `from google.cloud import storage` is `import google.cloud.storage`."""
    yield from _modules_of(node, "")
    if isinstance(node, ast.ImportFrom) and node.module and not node.level:
        yield from (f"{node.module}.{alias.name}" for alias in node.names if alias.name != "*")


def _with_parents(dotted: str) -> Iterator[str]:
    parts = dotted.split(".")
    yield from (".".join(parts[:count]) for count in range(1, len(parts) + 1))


# notebooks


def _notebook(subject: Subject, before: NotebookView, after: NotebookView) -> Iterator[Finding]:
    """Walks the notebook as it will run; `loaded` grows with what certainly is loaded by then."""
    known = {dump(node) for _, _, node in before.statements if _uses_package(node, subject.after)}
    loaded: set[str] = set()
    ran: frozenset[str] = frozenset()
    seen_cells: set[int] = set()
    for cell, _, node in after.statements:
        if cell.number not in seen_cells:
            seen_cells |= {cell.number}
            _add(loaded, [name for magic in after.magics(cell) for name in _MAGICS.get(magic, ())])
        certain = "raises-exception" not in cell.tags and cell.leaves_names
        for inner in running([node]):
            imports = imports_of_package(inner, subject.after)
            if not imports:
                continue
            needed = {name for dotted in imports for name in third_party(subject.after, dotted, ran)}
            if dump(node) in known:
                needed -= {name for dotted in imports for name in third_party(subject.before, dotted)}
            for name in sorted(needed - loaded)[:1]:
                yield _finding(subject, after.path, cell.number, inner, name, before is after)
        if certain and isinstance(node, (ast.If, ast.Try)):
            ran |= {dump(node)}
        if certain and isinstance(node, (ast.Import, ast.ImportFrom)):
            _add(loaded, _loaded_after(node))
            for dotted in imports_of_package(node, subject.after):
                _add(loaded, third_party(subject.after, dotted))


def _uses_package(node: ast.stmt, package: Package) -> bool:
    return any(imports_of_package(inner, package) for inner in running([node]))


def _add(loaded: set[str], names: Iterator[str] | Sequence[str] | frozenset[str]) -> None:
    for name in names:
        if name not in loaded:
            loaded.add(name)
            _add(loaded, _BRINGS.get(name, ()))


def imports_of_package(node: ast.stmt, package: Package) -> list[str]:
    """Dotted modules of the package that an import names."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names if package.owns(alias.name)]
    if isinstance(node, ast.ImportFrom) and not node.level and package.owns(node.module or ""):
        source = node.module or ""
        return [source, *(f"{source}.{alias.name}" for alias in node.names if package.module(f"{source}.{alias.name}"))]
    return []


def _finding(subject: Subject, path: str, cell: int, node: ast.stmt, name: str, unchanged: bool) -> Finding:
    bound = [alias.asname or alias.name for alias in getattr(node, "names", ())]
    blamed = _needing(subject, imports_of_package(node, subject.after), name)
    if not blamed and not unchanged:
        blamed = subject.candidates(path=path, cell=cell, names=bound)
    blamed = blamed or subject.candidates_of_module(getattr(node, "module", "") or "")
    text = described(node)
    message = f"cell {cell}: {text} would load {name}, which the notebook has not certainly loaded by then"
    return Finding("loads", message, path, cell, getattr(node, "lineno", 0), blamed)


def _needing(subject: Subject, modules: Sequence[str], name: str) -> tuple[str, ...]:
    """Candidates whose own imports load `name`, among those that go to what the modules run."""
    running = {module.name for dotted in modules for module in subject.after.run_by(dotted)}
    found = [
        extraction.candidate
        for extraction in subject.plan.extractions
        if extraction.module in running
        and any(name in _modules_of(node, "") for text in extraction.imports for node in parsed(text) or ())
    ]
    return tuple(dict.fromkeys(found))


# modules


def _only_defines(subject: Subject, change: FileChange) -> Iterator[Finding]:
    """What is new in a module imports, defines, or names a literal; and its imports close no circle."""
    dotted = subject.after.dotted(change.path)
    module = subject.after.module(dotted)
    if module is None or module.path != change.path:
        return
    known: set[str] = set()
    if change.before is not None:
        try:
            known = {dump(node) for node in read_module(dotted, change.path, change.before).body}
        except Unreadable:
            return  # told by `compiles.py`
    for node in module.body:
        if dump(node) not in known and not is_quiet(node):
            message = f"{change.path}:{node.lineno}: {described(node)} would run with every import of the module"
            blamed = subject.candidates_of_module(dotted)
            yield Finding("loads", message, change.path, 0, node.lineno, blamed)
    for other in _imported_modules(module, subject.after):
        if _reaches(subject.after, other, dotted) and not _reaches(subject.before, other, dotted):
            message = f"{change.path}: {dotted} and {other} import each other"
            yield Finding("loads", message, change.path, candidates=subject.candidates_of_module(dotted))


def _imported_modules(module: ModuleView, package: Package) -> list[str]:
    """Modules of the package that a module imports, those it lies in left out: they run before it anyway."""
    found = package.imported_by(module)
    return [name for name in found if name != module.name and not module.name.startswith(name + ".")]


def _reaches(package: Package, start: str, goal: str) -> bool:
    """Whether importing `start` leads to importing `goal`."""
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        dotted = waiting.pop()
        module = package.module(dotted)
        if dotted == goal:
            return True
        if module is not None and dotted not in seen:
            waiting += _imported_modules(module, package)
        seen.add(dotted)
    return False
