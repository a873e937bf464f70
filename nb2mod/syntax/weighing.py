"""How heavy statements are: how many there are, and how many decisions stand among them."""

import ast
from collections.abc import Iterable

from nb2mod.syntax.scopes import FUNCTIONS


def weight(statements: Iterable[ast.stmt]) -> tuple[int, int]:
    """Statements, nested ones counted, and decisions among them as ruff's C901 counts: one for each `if`, loop, handler,
    `case`, `else` of a `try`, and for each function inside.
    """
    size = decisions = 0
    stack = list(statements)
    while stack:
        node = stack.pop()
        size += 1
        kind = type(node)
        if kind in _SIMPLE:
            continue
        if kind in _DECIDING:
            decisions += 1
        elif isinstance(node, ast.Try | ast.TryStar):
            decisions += len(node.handlers) + bool(node.orelse)
            stack.extend(inner for handler in node.handlers for inner in handler.body)
        elif isinstance(node, ast.Match):
            decisions += len(node.cases) - any(_takes_all(case) for case in node.cases[-1:])
            stack.extend(inner for case in node.cases for inner in case.body)
        for suite in _SUITES:
            stack.extend(getattr(node, suite, ()))
    return size, decisions


def _takes_all(case: ast.match_case) -> bool:
    pattern = case.pattern
    return case.guard is None and isinstance(pattern, ast.MatchAs) and pattern.pattern is None


_SIMPLE = frozenset(
    (ast.Expr, ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Return, ast.Import, ast.ImportFrom, ast.Pass)
)
_DECIDING = frozenset((ast.If, ast.For, ast.AsyncFor, ast.While, *FUNCTIONS))
_SUITES = ("body", "orelse", "finalbody")
