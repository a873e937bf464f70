"""Whether a name imported in the notebook is the same object as one imported in a module of the package."""

import ast
from collections.abc import Iterator

from nb2mod.stages.verify.proof.bindings import Binding
from nb2mod.stages.verify.proof.subject import Subject
from nb2mod.stages.verify.proof.trees import all_nodes
from nb2mod.stages.verify.proof.views import ModuleView, NotebookView

# Submodules that `import package` alone makes reachable, in every version.
_WITH_THEIR_PACKAGE = frozenset(
    {
        "os.path",
        "numpy.random",
        "numpy.linalg",
        "numpy.fft",
        "torch.nn",
        "torch.nn.functional",
        "torch.nn.init",
        "torch.optim",
    }
    | {"torch.autograd", "torch.cuda", "torch.utils", "torch.utils.data", "torch.distributions"}
)


def same_import(subject: Subject, view: NotebookView, before: Binding, after: Binding) -> str | None:
    """Why not; None: it is. The notebook's side is `before`."""
    if subject.before.owns(before.target):
        own, theirs = subject.before.find(before.target), subject.after.find(after.target)
        if own is None or theirs is None or own.identity != theirs.identity:
            return f"`{before.name}` is {before.target} here and {after.target} there"
        return None
    if before.target != after.target:
        return f"`{before.name}` is {before.target} here and {after.target} there"
    top = before.target.partition(".")[0]
    if before.target.startswith(".") or local_file(subject, view, top):
        return f"`{before.name}` is imported from a file beside the notebook, which a module can't rely on"
    return None


def local_file(subject: Subject, view: NotebookView, top: str) -> str | None:
    """The file beside a notebook that an import of `top` would find first, when it is not the package's own folder."""
    stem = f"{view.folder}/{top}" if view.folder else top
    for path in (f"{stem}.py", f"{stem}/__init__.py"):
        if not subject.after.owns_path(path) and subject.read(path) is not None:
            return path
    return None


def submodules_missing(view: NotebookView, reader: Binding, module: ModuleView) -> str | None:
    """`import a.b` makes `a.b.c` work through the name `a`: a module that reads `a.b` must import it too."""
    if reader.definition is None:
        return None
    wanted = view.dotted_imports - module.loaded - _WITH_THEIR_PACKAGE
    chains = set(_chains(reader.definition)) if wanted else set()
    for name in sorted(wanted):
        if any(chain == name or chain.startswith(name + ".") for chain in chains):
            return f"`{name}` is read through `import {name}` of the notebook, which {module.name} lacks"
    return None


def _chains(root: ast.AST) -> Iterator[str]:
    """Dotted chains `a.b.c` that start at a plain name."""
    for node in all_nodes(root):
        parts: list[str] = []
        inner: ast.AST = node
        while isinstance(inner, ast.Attribute):
            parts.append(inner.attr)
            inner = inner.value
        if parts and isinstance(inner, ast.Name):
            yield ".".join([inner.id, *reversed(parts)])
