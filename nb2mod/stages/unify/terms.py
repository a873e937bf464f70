"""A function as a tree of terms: what `ast` says without layout, docstrings and unread annotations, each name with its binding.

Two terms of one label have children one to one. What a shape ignores (`syntax.shape`) is ignored here as well; where this walk
and that one should ever disagree, the check of every result (`lifted.py`) goes by the shape.
"""

import ast
from collections.abc import Iterator

from nb2mod.stages.unify.spans import Span

Binding = tuple[int, str]
FREE = 0  # the scope of names from outside the definition
KEPT = -2  # of names of the definition whose spelling is seen, so that they are never renamed


class Term:
    """One node. `label`: all of it that is no child. `role`: the field of its parent that it stands in.

    `binding`: of a name, its scope and spelling. `literal`: of a constant expression, its type and value as text. `display`: a
    list, set or dict of nothing but literals. `barrier`: why a parameter can't stand here, in words; "" where one can.
    `scopes`: of a lambda, comprehension or nested function, the number of the scope it opens.
    """

    __slots__ = ("barrier", "binding", "display", "kids", "label", "literal", "node", "role", "scope", "span")

    def __init__(self, label: str, node: ast.AST | None, role: str, barrier: str = "") -> None:
        self.label = label
        self.node = node
        self.role = role
        self.barrier = barrier
        self.kids: list[Term] = []
        self.span: Span = (0, 0)
        self.binding: Binding | None = None
        self.literal: str | None = None
        self.display = False
        self.scope = -1

    @property
    def is_expression(self) -> bool:
        """Whether a name could stand here as far as grammar goes."""
        return isinstance(self.node, ast.expr) and not isinstance(
            self.node, ast.Slice | ast.Starred | ast.FormattedValue
        )

    @property
    def is_statement(self) -> bool:
        """Whether it is a statement or a run of them."""
        return isinstance(self.node, ast.stmt) or self.label.startswith("suite")

    def walk(self) -> "Iterator[Term]":
        """Itself and everything below, outside in, in order of the text."""
        stack = [self]
        while stack:
            term = stack.pop()
            yield term
            stack.extend(reversed(term.kids))

    def free_names(self) -> list[str]:
        """Names from outside the definition that it reads, in order, each once."""
        return list(dict.fromkeys(t.binding[1] for t in self.walk() if t.binding and t.binding[0] == FREE))

    def local_names(self) -> list[str]:
        """Names of the definition that it reads, those that it binds itself left out."""
        own = {term.scope for term in self.walk() if term.scope >= 0}
        bound = (t for t in self.walk() if t.binding and t.binding[0] != FREE and t.binding[0] not in own)
        return list(dict.fromkeys(term.binding[1] for term in bound if term.binding))


def literal_of(node: ast.expr) -> str | None:
    """The type and value of an unchanging constant expression, as text; None of anything else.

    Numbers with a sign, sums and products of numbers, and tuples of literals are such; 1, 1.0 and True are not the same.
    """
    if isinstance(node, ast.Constant):
        value = node.value
        if value is Ellipsis or (type(value) is int and value.bit_length() > 10_000):
            return None
        return f"{type(value).__name__}:{value!r}"
    if isinstance(node, ast.Tuple):
        parts = [literal_of(item) for item in node.elts]
        return None if None in parts else f"tuple:({','.join(filter(None, parts))})"
    if isinstance(node, ast.JoinedStr):
        texts = [str(value.value) for value in node.values if isinstance(value, ast.Constant)]
        return f"str:{''.join(texts)!r}" if len(texts) == len(node.values) else None
    number = number_of(node)
    return None if number is None else f"{type(number).__name__}:{number!r}"


def is_display(node: ast.expr) -> bool:
    """A list, set or dict of literals and of such displays: a new object each time it is evaluated."""
    if isinstance(node, ast.List | ast.Set | ast.Tuple):
        parts = node.elts
        return all(literal_of(item) is not None or is_display(item) for item in parts) and literal_of(node) is None
    if isinstance(node, ast.Dict):
        items = [*node.keys, *node.values]
        return all(item is not None and (literal_of(item) is not None or is_display(item)) for item in items)
    return False


_SAFE = 10**15


def number_of(node: ast.expr) -> int | float | complex | None:
    """The value of arithmetic on numbers that can't fail and does not grow; None of anything else."""
    if isinstance(node, ast.Constant):
        value = node.value
        return value if type(value) in (int, float, complex) and abs(value) < _SAFE else None  # type: ignore[return-value, arg-type]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.UAdd):
        operand = number_of(node.operand)
        if operand is None:
            return None
        return -operand if isinstance(node.op, ast.USub) else operand
    if not isinstance(node, ast.BinOp):
        return None
    left, right = number_of(node.left), number_of(node.right)
    if left is None or right is None:
        return None
    if isinstance(node.op, ast.Add | ast.Sub | ast.Mult):
        result = (
            left + right
            if isinstance(node.op, ast.Add)
            else left - right
            if isinstance(node.op, ast.Sub)
            else left * right
        )
    elif isinstance(node.op, ast.Div) and right != 0:
        result = left / right
    else:
        return None
    return result if abs(result) < _SAFE else None
