"""Imports that stand inside a function, first thing after its docstring (hazard N18)."""

import ast

from nb2mod.stages.rewrite.lines import lines_of, offsets_of
from nb2mod.syntax import parse

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def with_imports_inside(source: str, imports: tuple[str, ...]) -> str:
    """The text of one function with the import statements at the head of its body, every other character kept."""
    function = parse(source).body[0]
    if not imports or not isinstance(function, _FUNCTIONS):
        return source
    body = function.body
    documented = ast.get_docstring(function, clean=False) is not None
    lines = lines_of(source)
    if documented and len(body) == 1:
        return _after(lines, body[0], imports)
    first = body[1] if documented else body[0]
    line = _first_line(first)
    if lines[line - 1][: _column(lines, first)].strip():
        # def f(x): return x — the imports become simple statements of the same line, and black breaks it.
        return _inline(lines, first, imports)
    while line > 1 and not documented and lines[line - 2].strip().startswith("#") and line - 1 > function.lineno:
        line -= 1
    if documented:
        line = (body[0].end_lineno or body[0].lineno) + 1
    indent = lines[_first_line(first) - 1][: _column(lines, first)]
    added = [f"{indent}{text}\n" for text in imports]
    return "".join([*lines[: line - 1], *added, *lines[line - 1 :]])


def _first_line(node: ast.stmt) -> int:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and node.decorator_list:
        return node.decorator_list[0].lineno
    return node.lineno


def _column(lines: list[str], node: ast.stmt) -> int:
    """Columns of `ast` count bytes; that of a decorated definition is its indentation either way."""
    return len(lines[node.lineno - 1].encode()[: node.col_offset].decode())


def _inline(lines: list[str], first: ast.stmt, imports: tuple[str, ...]) -> str:
    text = "".join(lines)
    position = offsets_of(lines)[first.lineno - 1] + _column(lines, first)
    return text[:position] + "".join(f"{line}; " for line in imports) + text[position:]


def _after(lines: list[str], docstring: ast.stmt, imports: tuple[str, ...]) -> str:
    text = "".join(lines)
    end = docstring.end_lineno or docstring.lineno
    column = len(lines[end - 1].encode()[: docstring.end_col_offset].decode())
    position = offsets_of(lines)[end - 1] + column
    return text[:position] + "".join(f"; {line}" for line in imports) + text[position:]
