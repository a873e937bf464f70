"""Which expressions are literals, and their canonical text."""

import ast


def literal_text(node: ast.expr) -> str | None:
    """The expression's text when it consists of constants, displays of constants and arithmetic on them; else None."""
    kind = type(node)
    if kind is ast.Constant:
        value = node.value  # type: ignore[attr-defined]
        if value is Ellipsis:
            return None
        # repr() of an int refuses beyond 4,300 digits (CVE-2020-10735), and ast.unparse with it; hex does not.
        return hex(value) if type(value) is int and value.bit_length() > 10_000 else repr(value)
    if kind not in _LITERALS or not _is_literal(node):
        return None
    try:
        return ast.unparse(node)
    except ValueError:
        return None  # a number that is too long to be written, somewhere inside


_LITERALS = frozenset((ast.Tuple, ast.List, ast.Set, ast.Dict, ast.UnaryOp, ast.BinOp))


def _is_literal(node: ast.AST) -> bool:
    if isinstance(node, ast.Constant):
        return node.value is not Ellipsis
    if isinstance(node, ast.Tuple | ast.List | ast.Set):
        return all(_is_literal(item) for item in node.elts)
    if isinstance(node, ast.Dict):
        return all(key is not None and _is_literal(key) for key in node.keys) and all(map(_is_literal, node.values))
    if isinstance(node, ast.UnaryOp):
        return _is_number(node.operand)
    return isinstance(node, ast.BinOp) and _is_number(node.left) and _is_number(node.right)


def _is_number(node: ast.AST) -> bool:
    if isinstance(node, ast.Constant):
        return isinstance(node.value, int | float | complex)
    if isinstance(node, ast.UnaryOp):
        return not isinstance(node.op, ast.Not) and _is_number(node.operand)
    return isinstance(node, ast.BinOp) and _is_number(node.left) and _is_number(node.right)
