"""Small questions about one syntax tree: is it that one, what is its docstring, how is it called in a sentence."""

import ast
import copy
from collections.abc import Sequence
from typing import Any

_LONG_INTEGER = 10_000  # bits; repr() refuses integers beyond 4,300 digits


def same_tree(before: ast.AST, after: ast.AST) -> bool:
    """Whether two trees are identical: every name, every constant with its type."""
    return dump(before) == dump(after)


def dump(node: ast.AST) -> str:
    """A text that is equal for identical trees. `u"…"` is `"…"`; 1, 1.0 and True differ."""
    long = False
    for child in ast.walk(node):
        if isinstance(child, ast.Constant):
            child.kind = None
            long = long or (type(child.value) is int and child.value.bit_length() > _LONG_INTEGER)
    return ast.dump(_Hexadecimal().visit(copy.deepcopy(node)) if long else node)


class _Hexadecimal(ast.NodeTransformer):
    """Long integers as text."""

    def visit_Constant(self, node: ast.Constant) -> ast.Constant:
        value = node.value
        is_long = isinstance(value, int) and value.bit_length() > _LONG_INTEGER
        return ast.Constant(f"integer {hex(value)}") if is_long and isinstance(value, int) else node


def docstring_of(body: Sequence[ast.stmt]) -> tuple[str | None, Sequence[ast.stmt]]:
    """The docstring and the statements after it."""
    match body:
        case [ast.Expr(value=ast.Constant(value=str(text))), *_]:
            return text, body[1:]
    return None, body


def deleted(statement: ast.Delete) -> list[ast.expr]:
    """What a `del` deletes: `del (a, b)` is `del a, b`."""
    targets = list(statement.targets)
    while len(targets) == 1 and isinstance(targets[0], ast.Tuple) and targets[0].elts:
        targets = list(targets[0].elts)
    return targets


def plain_assignment(node: Any) -> Any:
    """`x: int = 1` as `x = 1`; anything else as it is."""
    match node:
        case ast.AnnAssign(target=ast.Name(), value=ast.expr() as value):
            return ast.copy_location(ast.Assign(targets=[node.target], value=value, type_comment=None), node)
    return node


def first_line(statement: ast.stmt) -> int:
    """The line of the first decorator, or of the statement."""
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(decorator.lineno for decorator in decorators)])


def last_line(statement: ast.stmt) -> int:
    """The last line of a statement."""
    return statement.end_lineno or statement.lineno


def last_name(node: ast.AST) -> str:
    """`c` of `a.b.c` and of `a.b.c(…)`; "" for anything else."""
    match node:
        case ast.Call(func=func):
            return last_name(func)
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
    return ""


def described(node: Any) -> str:
    """A piece of syntax in a few words."""
    if node is None:
        return "nothing"
    if not isinstance(node, ast.AST):
        return repr(node)
    if not isinstance(node, (ast.expr, ast.stmt)):
        return type(node).__name__
    text = ast.unparse(node).partition("\n")[0]
    return f"`{text[:57]}…`" if len(text) > 60 else f"`{text}`"


def has_annotations(node: ast.AST) -> bool:
    """Whether any annotation stands in it."""
    for inner in ast.walk(node):
        match inner:
            case ast.arg(annotation=ast.expr()) | ast.AnnAssign():
                return True
            case ast.FunctionDef(returns=ast.expr()) | ast.AsyncFunctionDef(returns=ast.expr()):
                return True
    return False


def every_bound_name(root: ast.AST) -> frozenset[str]:
    """Names stored anywhere inside, whatever the scope; parameters included."""
    nodes = list(ast.walk(root))
    stored = {node.id for node in nodes if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load)}
    return frozenset(stored | {node.arg for node in nodes if isinstance(node, ast.arg)})
