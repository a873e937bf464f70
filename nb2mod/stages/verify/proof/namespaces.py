"""Check (i): nothing of the package means another thing to somebody who did not change: star imports, hidden modules, %run."""

import ast
from collections.abc import Iterator

from nb2mod.model import Finding
from nb2mod.stages.verify.proof.bindings import source_module
from nb2mod.stages.verify.proof.package import Package
from nb2mod.stages.verify.proof.subject import Subject
from nb2mod.stages.verify.proof.trees import all_nodes
from nb2mod.stages.verify.proof.unbound import BUILTINS
from nb2mod.stages.verify.proof.views import ModuleView, NotebookView, Unreadable, read_notebook


def check(subject: Subject) -> list[Finding]:
    """Findings over changed and unchanged notebooks that use the package, and over new modules."""
    findings = list(_hidden(subject))
    for view in _readers(subject):
        findings += _notebook(subject, view)
    return findings


def _readers(subject: Subject) -> Iterator[NotebookView]:
    """Notebooks as they were that speak of the package or of a changed notebook."""
    changed = {pair.path for pair in subject.notebooks}
    before = {pair.path: pair.change.before for pair in subject.notebooks}
    for path in (*before, *(path for path in subject.others if path not in changed)):
        data = before[path] if path in before else subject.read(path)
        if data is not None and subject.plan.package.encode() in data:
            try:
                yield read_notebook(path, data)
            except Unreadable:
                continue  # nobody can run it


def turned_by_others(subject: Subject) -> dict[str, dict[str, str]]:
    """Path of a changed notebook → names that others bind after they have run it in their own namespace → the notebook.

    Every notebook is read once: many changed ones would else each read all.
    """
    names = {pair.path: pair.path.rpartition("/")[2].removesuffix(".ipynb") for pair in subject.notebooks}
    found: dict[str, dict[str, str]] = {path: {} for path in names}
    for other in subject.others:
        data = subject.read(other)
        if data is None or b"%run" not in data:
            continue
        try:
            view = read_notebook(other, data)
        except Unreadable:
            continue
        magics = [magic for cell in view.cells if cell.kind == "code" for magic in cell.masked.magics]
        run = "\n".join(magic.text for magic in magics if magic.name == "run")
        for path, name in names.items() if run else ():
            if path != other and name in run:
                found[path] |= dict.fromkeys(view.bindings, other)
    return found


def _hidden(subject: Subject) -> Iterator[Finding]:
    """A new file that takes the place of a module, or of a name that its package hands out."""
    for change in subject.modules:
        if change.before is not None or not subject.after.owns_path(change.path):
            continue
        dotted = subject.after.dotted(change.path)
        holder, _, name = dotted.rpartition(".")
        blamed = subject.candidates_of_module(dotted)
        stood = subject.before.module(dotted)
        if stood is not None and stood.path != change.path:
            message = f"{change.path} would hide {stood.path}"
            yield Finding("names", message, change.path, candidates=blamed)
        outer = subject.before.module(holder) if holder else None
        bound = outer.bindings.get(name, ()) if outer else ()
        if outer and any(each.target not in (dotted, f"{dotted}.{name}") for each in bound):
            message = f"{change.path} would hide `{name}`, which {outer.path} binds"
            yield Finding("names", message, change.path, candidates=blamed)


def _notebook(subject: Subject, view: NotebookView) -> Iterator[Finding]:
    for cell, _, statement in view.statements:
        for node in all_nodes(statement):
            if isinstance(node, ast.ImportFrom) and not node.level and subject.after.owns(node.module or ""):
                for message in _import(subject, view, node):
                    yield Finding(
                        "names", f"cell {cell.number}: {message}", view.path, cell.number, node.lineno, _all(subject)
                    )
            elif isinstance(node, ast.Import):
                for alias in node.names:
                    if _came(subject, alias.name):
                        message = f"`{alias.name}` was found outside the project and would now be the project's"
                        yield Finding(
                            "names",
                            f"cell {cell.number}: {message}",
                            view.path,
                            cell.number,
                            node.lineno,
                            _all(subject),
                        )


def _import(subject: Subject, view: NotebookView, node: ast.ImportFrom) -> Iterator[str]:
    module = node.module or ""
    for alias in node.names:
        if alias.name != "*":
            if _came(subject, f"{module}.{alias.name}"):
                yield f"`{alias.name}` of {module} was found outside the project and would now be the project's"
            continue
        new = _public(subject.after, module) - _public(subject.before, module)
        known = set(view.bindings) | {read.name for _, _, found in view.reads for read in found} | BUILTINS
        for name in sorted(new & known):
            yield f"`from {module} import *` would bind `{name}`, which it did not before"


def _came(subject: Subject, target: str) -> bool:
    """Whether a dotted name of the package is there now and was not: what found it before found something else."""
    if not subject.after.owns(target) or subject.after.find(target) is None:
        return False
    return subject.before.find(target) is None


def _public(package: Package, dotted: str, seen: frozenset[str] = frozenset()) -> set[str]:
    """What a star import of a module brings, those of its own star imports included."""
    module = package.module(dotted)
    if module is None or dotted in seen:
        return set()
    listed = _listed(module)
    if listed is not None:
        return listed
    found = {name for name in module.bindings if not name.startswith("_")}
    for node in module.body:
        if isinstance(node, ast.ImportFrom) and node.names[0].name == "*":
            found |= _public(package, source_module(node, module.package), seen | {dotted})
    return found


def _listed(module: ModuleView) -> set[str] | None:
    """`__all__` when it is a plain list; None when the module has none or computes it."""
    bound = module.bindings.get("__all__", ())
    values = [each.value for each in bound]
    if len(values) == 1 and isinstance(values[0], (ast.List, ast.Tuple)):
        texts = [each.value for each in values[0].elts if isinstance(each, ast.Constant)]
        return {text for text in texts if isinstance(text, str)}
    return None


def _all(subject: Subject) -> tuple[str, ...]:
    return tuple(dict.fromkeys(extraction.candidate for extraction in subject.plan.extractions))
