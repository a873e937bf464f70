"""Which functions only wrap what they are given: decorators that do nothing before the decorated function is called.

Form alone, and only the plainest forms; whatever else a decorator does is unknown.
"""

import ast

from nb2mod.syntax.evaluated import FRESH, default_runs, defaults_of, dotted, runs_in


def wraps_only(node: ast.AST) -> int:
    """How often the function can be called before its caller's code could run: 0 when its own body may do anything.

    `def deco(f): def w(*a): …; return w` is 1, a factory of such decorators 2. Its body may make new containers, define
    functions, hang values on them, and return one of them.
    """
    if not isinstance(node, ast.FunctionDef) or any(not _is_wraps(one) for one in node.decorator_list):
        return 0
    if any(default.kind == "mutable" for default in defaults_of(node)) or list(default_runs(node)):
        return 0
    inner: dict[str, ast.FunctionDef] = {}
    for statement in node.body:
        if isinstance(statement, ast.FunctionDef):
            if any(not _is_wraps(one) for one in statement.decorator_list):
                return 0
            if list(default_runs(statement)):
                return 0
            inner[statement.name] = statement
        elif isinstance(statement, ast.Return) and statement.value is not None:
            return _returned(statement.value, inner)
        elif not _makes_or_hangs(statement, inner):
            return 0
    return 0


def _returned(value: ast.expr, inner: dict[str, ast.FunctionDef]) -> int:
    if isinstance(value, ast.Lambda):
        return 1
    if isinstance(value, ast.Call) and dotted(value.func).rpartition(".")[2] == "update_wrapper" and value.args:
        value = value.args[0]
    if isinstance(value, ast.Name) and value.id in inner:
        return 1 + wraps_only(inner[value.id])
    return 0


def _is_wraps(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and dotted(node.func) in ("wraps", "functools.wraps")


def _makes_or_hangs(statement: ast.stmt, inner: dict[str, ast.FunctionDef]) -> bool:
    """A docstring, `cache = {}`, `w.cache = cache`, `update_wrapper(w, f)`."""
    if isinstance(statement, ast.Expr):
        value = statement.value
        updates = isinstance(value, ast.Call) and dotted(value.func).rpartition(".")[2] == "update_wrapper"
        return isinstance(value, ast.Constant) or updates
    if isinstance(statement, ast.Nonlocal | ast.Pass):
        return True
    if not isinstance(statement, ast.Assign):
        return False
    simple = isinstance(statement.value, ast.Name | ast.Constant | ast.Dict | ast.List | ast.Set)
    fresh = isinstance(statement.value, ast.Call) and dotted(statement.value.func) in FRESH and not statement.value.args
    own = all(
        isinstance(target, ast.Name)
        or (isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name) and target.value.id in inner)
        for target in statement.targets
    )
    return own and (fresh or (simple and not list(runs_in(statement.value, "body"))))
