"""What running a module does beside importing, defining and naming literals. An import runs all of it, wherever it stands."""

import ast
from collections.abc import Collection, Iterator, Sequence

from nb2mod.stages.verify.proof.bindings import literal_assignment
from nb2mod.stages.verify.proof.moments import acts, computes
from nb2mod.stages.verify.proof.scopes import DEFINITIONS
from nb2mod.stages.verify.proof.trees import described
from nb2mod.stages.verify.proof.views import ModuleView

_NEVER_WHEN_IMPORTED = ("TYPE_CHECKING", "typing.TYPE_CHECKING", "__name__ == '__main__'")


def acts_when_run(module: ModuleView, pure: Collection[str]) -> str:
    """The first thing a module does, or may do, beside defining, in words; "" when it does nothing else."""
    for node in module.body:
        names_a_value = isinstance(node, (ast.Assign, ast.AnnAssign)) and not computes(node, module.bindings)
        if not is_quiet(node) and not names_a_value:
            return f"importing {module.name} runs {described(node)}"
        if why := next(_acts(node, module, pure), ""):
            return f"importing {module.name} runs {described(node)}: {why}"
    return ""


def _acts(node: ast.stmt, module: ModuleView, pure: Collection[str]) -> Iterator[str]:
    if isinstance(node, DEFINITIONS):
        yield from filter(None, [acts(node, module.bindings, pure)])
    elif isinstance(node, ast.AnnAssign) and computes(node.annotation, module.bindings):
        yield "its annotation is computed"
    elif isinstance(node, ast.If) and computes(node.test, module.bindings):
        yield "its condition is computed"
    elif isinstance(node, (ast.If, ast.Try)):
        for inner in running([node]):
            if inner is not node:
                yield from _acts(inner, module, pure)


def is_quiet(node: ast.stmt) -> bool:
    """Whether a statement does no more than import, define or name a literal, by its form."""
    if isinstance(node, (ast.Import, ast.ImportFrom, ast.Pass, *DEFINITIONS)) or literal_assignment(node):
        return True
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return True
    if isinstance(node, (ast.If, ast.Try)):
        return all(is_quiet(inner) for inner in running([node]) if inner is not node)
    return False


def running(body: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    """Statements that run when a module's body does by an import, or may: suites are entered, functions and type checking are
    not, nor what only a script runs.
    """
    for node in body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            continue
        if isinstance(node, ast.If) and ast.unparse(node.test) in _NEVER_WHEN_IMPORTED:
            yield from running(node.orelse)
            continue
        yield node
        for field in ("body", "orelse", "finalbody"):
            yield from running(getattr(node, field, []))
        for part in (*getattr(node, "handlers", ()), *getattr(node, "cases", ())):
            yield from running(part.body)
