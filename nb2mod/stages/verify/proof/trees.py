"""Small questions about one syntax tree: is it that one, what is its docstring, how is it called in a sentence."""

import ast
from collections.abc import Iterator, Sequence
from typing import Any

_LONG_INTEGER = 10_000  # bits; repr() refuses integers beyond 4,300 digits


def same_tree(before: ast.AST, after: ast.AST) -> bool:
    """Whether two trees are identical: every name, every constant with its type."""
    return dump(before) == dump(after)


def dump(node: ast.AST) -> str:
    """A text that is equal for identical trees, and for no others. `u"…"` is `"…"`; 1, 1.0 and True differ."""
    parts: list[str] = []
    _write(node, parts)
    return " ".join(parts)


def _write(node: ast.AST, parts: list[str]) -> None:
    """Says every field with its name; what is text in the tree is quoted, so that it is never taken for a part of it."""
    parts.append(type(node).__name__ + "(")
    for name in node._fields:
        value = getattr(node, name, None)
        if value is None or (name == "kind" and isinstance(node, ast.Constant)):
            if name == "value" and isinstance(node, ast.Constant):
                parts.append("None")
            continue
        parts.append(name)
        if isinstance(value, list):
            parts.append("[")
            for item in value:
                if isinstance(item, ast.AST):
                    _write(item, parts)
                else:
                    parts.append(_quoted(item))
            parts.append("]")
        elif isinstance(value, ast.AST):
            _write(value, parts)
        else:
            parts.append(_quoted(value))
    parts.append(")")


def _quoted(value: object) -> str:
    """Long integers in base 16: repr() refuses them."""
    long = type(value) is int and value.bit_length() > _LONG_INTEGER
    return f"integer {hex(value)}" if long and isinstance(value, int) else repr(value)


def all_nodes(node: ast.AST) -> Iterator[ast.AST]:
    """What `ast.walk` gives, in its order, in half of its time: a sixth of an extract was spent there."""
    found = [node]
    for one in found:
        for name in one._fields:
            value = getattr(one, name, None)
            if isinstance(value, list):
                found += [item for item in value if isinstance(item, ast.AST)]
            elif isinstance(value, ast.AST):
                found.append(value)
        yield one


def children(node: ast.AST) -> list[ast.AST]:
    """What `ast.iter_child_nodes` gives, in its order."""
    found: list[ast.AST] = []
    for name in node._fields:
        value = getattr(node, name, None)
        if isinstance(value, list):
            found += [item for item in value if isinstance(item, ast.AST)]
        elif isinstance(value, ast.AST):
            found.append(value)
    return found


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
    for inner in all_nodes(node):
        match inner:
            case ast.arg(annotation=ast.expr()) | ast.AnnAssign():
                return True
            case ast.FunctionDef(returns=ast.expr()) | ast.AsyncFunctionDef(returns=ast.expr()):
                return True
    return False


def every_bound_name(root: ast.AST) -> frozenset[str]:
    """Names stored anywhere inside, whatever the scope; parameters included."""
    nodes = list(all_nodes(root))
    stored = {node.id for node in nodes if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load)}
    return frozenset(stored | {node.arg for node in nodes if isinstance(node, ast.arg)})
