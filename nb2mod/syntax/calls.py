"""Calls of one cell by the dotted names they are made through. What a call means is for others to say."""

import ast
import warnings
from collections.abc import Iterator

from msgspec import Struct


class Call(Struct, frozen=True):
    """One call. `names` are the names it goes through, from the root on, arguments of calls between them left out:
    `df.write.mode("append").save(path)` is df, write, mode, save; "" where the root is no name. `texts` are the literal texts it
    is given, of an f-string what stands before the first value.
    """

    line: int
    names: tuple[str, ...]
    texts: tuple[str, ...] = ()


def calls(python: str) -> tuple[Call, ...]:
    """All calls, in functions too, in order of line; nothing when the text does not parse."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            tree = ast.parse(python)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return ()
    found = [
        Call(_line(node.func), _names(node.func), tuple(_texts(node)))
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
    ]
    return tuple(sorted(found, key=lambda call: call.line))


def _line(function: ast.expr) -> int:
    """Where the last name stands: a chain may go over many lines."""
    return function.end_lineno or function.lineno


def _names(function: ast.expr) -> tuple[str, ...]:
    names: list[str] = []
    node = function
    while isinstance(node, ast.Attribute | ast.Call | ast.Subscript):
        if isinstance(node, ast.Attribute):
            names.append(node.attr)
        node = node.func if isinstance(node, ast.Call) else node.value
    names.append(node.id if isinstance(node, ast.Name) else "")
    return tuple(reversed(names))


def _texts(call: ast.Call) -> Iterator[str]:
    for node in (*call.args, *(keyword.value for keyword in call.keywords)):
        first = node.values[0] if isinstance(node, ast.JoinedStr) and node.values else node
        if isinstance(first, ast.Constant) and isinstance(first.value, str):
            yield first.value
