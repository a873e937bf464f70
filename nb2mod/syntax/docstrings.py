"""The docstrings of a definition and of everything inside it, and whether black would leave their text as it is."""

import ast
from collections.abc import Iterator, Sequence

from nb2mod.syntax.scopes import FUNCTIONS

_INDENT = 4


def split_docstring(body: Sequence[ast.stmt]) -> tuple[str | None, Sequence[ast.stmt]]:
    """The docstring, and the statements without it."""
    if body and isinstance(body[0], ast.Expr):
        value = body[0].value
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            return value.value, body[1:]
    return None, body


def docstrings_of(node: ast.AST) -> tuple[str | None, ...]:
    """One entry for the definition, and one for every function and class inside, in order of the text."""
    return tuple(text for text, _ in _walk(node, 1))


def are_laid_out(node: ast.AST) -> bool:
    """Whether `__doc__` is the same after black: it takes away trailing blanks and indents a docstring as its body."""
    return all(text is None or _is_laid_out(text, " " * _INDENT * depth) for text, depth in _walk(node, 1))


_SUITES = ("body", "orelse", "handlers", "finalbody", "cases")


def _walk(node: ast.AST, depth: int) -> Iterator[tuple[str | None, int]]:
    """Docstrings with the depth they are indented to. Only suites hold statements: expressions are not looked into."""
    if isinstance(node, (*FUNCTIONS, ast.ClassDef)):
        yield split_docstring(node.body)[0], depth
    for suite in _SUITES:
        for child in getattr(node, suite, ()):
            # `except` stands as deep as its `try`, `case` one deeper than its `match`, and what is in them one deeper again.
            yield from _walk(child, depth + (not isinstance(child, ast.ExceptHandler)))


def _is_laid_out(text: str, indent: str) -> bool:
    first, *rest = text.split("\n")
    if not text or text[0] == '"' or text[-1] == '"':
        return False  # black parts a quotation mark from the quotes around the text
    if not rest:
        return text == text.strip()
    *middle, last = rest
    if "\t" in text or first[:1] == " " or any(line != line.rstrip() for line in (first, *middle)):
        return False
    if any(line and not line.startswith(indent) for line in middle):
        return False
    closing = not last.strip()
    told = [line for line in (*middle, *(() if closing else (last,))) if line]
    least = min((len(line) - len(line.lstrip()) for line in told), default=len(indent))
    ends = last == indent and middle[-1:] not in ([], [""]) if closing else last == last.rstrip()
    return least == len(indent) and ends and (closing or last.startswith(indent))
