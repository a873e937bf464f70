"""Check (b): no name is undefined in a module, none newly in a notebook, every import of the package finds something."""

import ast
import symtable
import sys
import warnings
from collections.abc import Iterator, Sequence

from nb2mod.model import FileChange, Finding
from nb2mod.stages.verify.proof.acting import running
from nb2mod.stages.verify.proof.bindings import bindings_of, imported, star_of
from nb2mod.stages.verify.proof.cells import CellView
from nb2mod.stages.verify.proof.finding_package import finds_package
from nb2mod.stages.verify.proof.imports import local_file
from nb2mod.stages.verify.proof.scopes import reads
from nb2mod.stages.verify.proof.subject import NotebookPair, Subject
from nb2mod.stages.verify.proof.trees import all_nodes, dump
from nb2mod.stages.verify.proof.unbound import BUILTINS, MODULE_NAMES
from nb2mod.stages.verify.proof.views import ModuleView, NotebookView, Unreadable, read_module


def check(subject: Subject) -> list[Finding]:
    """Findings over all changed files."""
    findings: list[Finding] = []
    for change in subject.modules:
        findings += _module(subject, change)
    for pair in subject.notebooks:
        findings += _notebook(subject, pair)
        findings += _bootstrap(subject, pair)
    return findings


# modules


def _module(subject: Subject, change: FileChange) -> Iterator[Finding]:
    dotted = subject.after.dotted(change.path)
    try:
        after = read_module(dotted, change.path, change.after)
        before = read_module(dotted, change.path, change.before) if change.before is not None else None
    except Unreadable:
        return  # told by `compiles.py`
    known = set(_undefined(before)) if before else set()
    for name, line in _undefined(after).items():
        if name not in known:
            yield _in_module(subject, after, f"`{name}` is bound nowhere", line)
    late = set(_bound_late(before)) if before else set()
    for name, line in _bound_late(after).items():
        if name not in late:
            yield _in_module(subject, after, f"`{name}` is read before it is bound", line)
    if subject.after.owns_path(change.path):
        old = {dump(node) for node in before.body} if before else set()
        for target, line in _unknown_imports(subject, [node for node in after.body if dump(node) not in old]):
            yield _in_module(
                subject, after, f"`{target}` is imported, which no notebook and no module imported before", line
            )
        for target, line in _package_imports(subject, after):
            yield _in_module(subject, after, f"`{target}` is imported, and nothing stands there", line)


def _undefined(module: ModuleView) -> dict[str, int]:
    """Names read in any scope that the module binds nowhere, with a line; none can be told where a star import stands."""
    if module.stars:
        return {}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            top = symtable.symtable(module.text, module.path, "exec")
    except (SyntaxError, ValueError, RecursionError):
        return {}
    bound = {symbol.get_name() for symbol in top.get_symbols() if symbol.is_assigned() or symbol.is_imported()}
    bound |= {name for name in module.bindings if name} | BUILTINS | MODULE_NAMES
    lines = {read.name: getattr(read.node, "lineno", 0) for node in module.body for read in reads(node)}
    return {name: lines.get(name, 0) for name in sorted(_global_reads(top, top) - bound)}


def _global_reads(table: symtable.SymbolTable, top: symtable.SymbolTable) -> set[str]:
    found = {
        symbol.get_name()
        for symbol in table.get_symbols()
        if symbol.is_referenced() and (table is top or _is_outside(symbol))
    }
    for child in table.get_children():
        found |= _global_reads(child, top)
    return found


def _is_outside(symbol: symtable.Symbol) -> bool:
    """is_global() is wrong for locals of a function called "top": it takes the table for the module's (CPython < 3.13)."""
    return symbol.is_declared_global() or (symbol.is_global() and not symbol.is_local())


def _bound_late(module: ModuleView) -> dict[str, int]:
    """Names that some statement reads while the module runs, before the statement that binds them."""
    late: dict[str, int] = {}
    bound: set[str] = set()
    evaluated = "annotations" not in module.futures
    bound_by: dict[int, set[str]] = {}
    for binding in (each for found in module.bindings.values() for each in found):
        bound_by.setdefault(binding.place[1], set()).add(binding.name)
    for position, node in enumerate(module.body):
        own = bound_by.get(position, set())
        compound = own if isinstance(node, (ast.Try, ast.If, ast.With, ast.For, ast.While)) else set()
        for read in reads(node, evaluate_annotations=evaluated):
            waits = read.deferred or read.name in bound or read.name in compound
            if not waits and read.name in module.bindings and read.name not in BUILTINS:
                late.setdefault(read.name, getattr(read.node, "lineno", 0))
        bound |= own
    return late


def _unknown_imports(subject: Subject, statements: Sequence[ast.stmt]) -> Iterator[tuple[str, int]]:
    """What new statements of a module import from outside, and nobody is known to have imported: it may not be there."""
    for node in running(statements):
        if not isinstance(node, (ast.Import, ast.ImportFrom)) or (isinstance(node, ast.ImportFrom) and node.level):
            continue
        for target in _imported_targets(node):
            stdlib = isinstance(node, ast.Import) and target in sys.stdlib_module_names
            ours = subject.after.owns(target) or target.startswith(("__future__.", "IPython."))
            if not stdlib and not ours and target not in subject.known_imports:
                yield target, node.lineno


def _imported_targets(node: ast.Import | ast.ImportFrom) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [f"{node.module}.{alias.name}" for alias in node.names]


def _package_imports(subject: Subject, module: ModuleView) -> Iterator[tuple[str, int]]:
    """Imports between the package's modules that find nothing."""
    for node in (inner for statement in module.body for inner in all_nodes(statement)):
        if isinstance(node, ast.ImportFrom):
            for _, target in imported(node, module.package):
                if subject.after.owns(target) and subject.after.find(target) is None:
                    yield target, node.lineno


# notebooks


def _notebook(subject: Subject, pair: NotebookPair) -> Iterator[Finding]:
    gone = sorted(set(pair.before.bindings) - set(pair.after.bindings))
    for name in gone:
        place = pair.before.bindings[name][0]
        cell, line = place.place[0] + 1, getattr(place.statement, "lineno", 0)
        yield _in_notebook(subject, pair, cell, line, f"`{name}` is bound no longer", name)
    new = set(pair.after.bindings) - set(pair.before.bindings)
    read = {each.name for _, _, found in pair.after.reads for each in found}
    for name in sorted(new & (read | BUILTINS)):
        place = pair.after.bindings[name][0]
        message = f"`{name}` is bound now and was not before, and code reads it"
        yield _in_notebook(subject, pair, place.place[0] + 1, 0, message, name)
    known = {dump(node) for _, node in _imports(subject, pair.before)}
    for view, node in _imports(subject, pair.after):
        for name, target in imported(node):
            was_there = dump(node) in known and subject.before.find(target) is None
            if subject.after.find(target) is None and not was_there:
                message = f"`{target}` is imported, and nothing stands there"
                yield _in_notebook(subject, pair, view.number, node.lineno, message, name)
    shadow = local_file(subject, pair.before, subject.plan.package.partition(".")[0])
    if shadow is not None:
        message = f"{shadow} beside the notebook would be imported for the package {subject.plan.package}"
        yield Finding("names", message, pair.path, candidates=subject.candidates_in(pair.path))


def _imports(subject: Subject, view: NotebookView) -> Iterator[tuple[CellView, ast.ImportFrom]]:
    """Top-level imports of the package's names."""
    for cell, _, node in view.statements:
        if isinstance(node, ast.ImportFrom) and not node.level and subject.after.owns(node.module or ""):
            yield cell, node


def _bootstrap(subject: Subject, pair: NotebookPair) -> Iterator[Finding]:
    """An inserted cell finds the package and does nothing else; it binds no name that the notebook has for something else."""
    used = {read.name for _, _, found in pair.before.reads for read in found} | set(pair.before.bindings)
    for cell in pair.inserted:
        if subject.recorded and not subject.plan.bootstrap:
            yield Finding("json", "a cell was inserted that the plan does not know", pair.path, cell.number)
        if not finds_package(cell.source, subject.plan.package, subject.plan.source_root):
            message = "the inserted cell does something else than find the package"
            yield Finding("names", message, pair.path, cell.number, 0, subject.candidates_in(pair.path))
        names = {name for node in cell.tree or () for name, _ in _bound(node)}
        for name in sorted(names & used):
            targets = {target for node in cell.tree or () for bound, target in _bound(node) if bound == name}
            theirs = {binding.target for binding in pair.before.bindings.get(name, ()) if binding.kind == "import"}
            if not (targets == theirs and targets != {""}):
                message = f"the inserted cell binds `{name}`, which the notebook uses"
                yield Finding("names", message, pair.path, cell.number, 0, subject.candidates_in(pair.path))


def _bound(node: ast.stmt) -> Iterator[tuple[str, str]]:
    for binding in bindings_of(node, (0, 0)):
        yield binding.name, binding.target
    if star_of(node) is not None:
        yield "*", ""


def _in_module(subject: Subject, module: ModuleView, message: str, line: int) -> Finding:
    holders = [
        name
        for name, found in module.bindings.items()
        for binding in found
        if binding.statement.lineno <= line <= (binding.statement.end_lineno or line)
    ]
    blamed = subject.candidates_of_module(module.name, holders)
    return Finding("names", f"{module.path}:{line}: {message}", module.path, 0, line, blamed)


def _in_notebook(subject: Subject, pair: NotebookPair, cell: int, line: int, message: str, name: str) -> Finding:
    blamed = subject.candidates(path=pair.path, cell=cell, line=line, names=(name,))
    return Finding("names", f"cell {cell}: {message}", pair.path, cell, line, blamed)
