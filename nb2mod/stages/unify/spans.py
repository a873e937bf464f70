"""Positions in a definition's text: from what `ast` counts (lines, bytes) to characters, and texts put in place of spans."""

import ast
import re
from collections.abc import Iterable

from nb2mod.model import Replacement
from nb2mod.syntax import split_lines

Span = tuple[int, int]

_LINE_END = re.compile(r"\r\n|\r|\n")


class Positions:
    """Where the lines of one text begin. Columns of `ast` are bytes of UTF-8, those here are characters."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._ascii = text.isascii()
        self._lines = split_lines(text)
        self._starts = [0, *(found.end() for found in _LINE_END.finditer(text))]

    def span(self, node: ast.expr | ast.stmt | ast.excepthandler | ast.pattern) -> Span:
        """First and last character (exclusive) of a node."""
        end_line, end_column = node.end_lineno or node.lineno, node.end_col_offset or node.col_offset
        return self.offset(node.lineno, node.col_offset), self.offset(end_line, end_column)

    def offset(self, line: int, column: int) -> int:
        """The character at a line, from 1, and a column in bytes."""
        if not self._ascii:
            column = len(
                self._lines[line - 1].encode("utf-8", "surrogatepass")[:column].decode("utf-8", "surrogatepass")
            )
        return self._starts[line - 1] + column

    def line(self, offset: int) -> int:
        """The line, from 1, in which a character stands."""
        low, high = 0, len(self._starts)
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self._starts[middle] <= offset else (low, middle)
        return low + 1


def line_ends(text: str) -> str:
    """The line ends of a text, one after the other."""
    return "".join(_LINE_END.findall(text))


def in_place_of(name: str, text: str, start: int, end: int) -> Replacement:
    """A name where an expression stood. It keeps the line ends, and never grows together with a word beside it."""
    ends = line_ends(text[start:end])
    glued = _is_word(text[start - 1 : start]) or _is_word(text[end : end + 1])
    return Replacement(start, end, f"({name}{ends})" if ends or glued else name)


def replaced(text: str, replacements: Iterable[Replacement]) -> str:
    """The text with every replacement made; none touches another."""
    for one in sorted(replacements, reverse=True):
        text = text[: one.start] + one.text + text[one.end :]
    return text


def _is_word(character: str) -> bool:
    return character.isalnum() or character == "_" or bool(character and ord(character) > 127)
