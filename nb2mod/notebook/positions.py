"""Lines of a cell → lines of the raw JSON file, which is what plain editors, JetBrains and code hosts show."""

import re
from collections.abc import Iterator

from nb2mod.model import Notebook
from nb2mod.notebook.habits import list_pieces

_LINE_END = re.compile(r"\r\n|\n|\r")
_ESCAPE = re.compile(
    r"(?P<line_end>\\(?:r|u000[dD])(?:\\(?:n|u000[aA]))?|\\(?:n|u000[aA]))|\\.", re.DOTALL
)  # `\\.` takes every other escape whole, so that the n of an escaped backslash and an n is no line end


def raw_line(notebook: Notebook, cell: int, line: int) -> tuple[int, int]:
    """Line and column, from 1, in the JSON file where line `line` (from 1) of cell `cell` begins, inside the quotes.

    A line past the last one gives the last one. Raises ValueError for a cell that is not there or has no source.
    """
    if not 1 <= cell <= len(notebook.cells) or not notebook.cells[cell - 1].end:
        raise ValueError(f"expected a cell with a source, from 1 to {len(notebook.cells)}; found {cell}")
    found = notebook.cells[cell - 1].start
    for number, position in enumerate(_line_starts(notebook, cell), 1):
        found = position
        if number >= line:
            break
    text = notebook.text
    line_start = max(text.rfind("\n", 0, found), text.rfind("\r", 0, found)) + 1
    return _line_ends(text, line_start) + 1, found - line_start + 1


def _line_ends(text: str, end: int) -> int:
    """How many lines end before `end`: nearly every file has plain line feeds, which are counted many times faster."""
    if "\r" in text:
        return len(_LINE_END.findall(text, 0, end))
    return text.count("\n", 0, end)


def _line_starts(notebook: Notebook, cell: int) -> Iterator[int]:
    """Where each line of the cell begins in the text of the notebook, first to last."""
    text = notebook.text
    start, end = notebook.cells[cell - 1].start, notebook.cells[cell - 1].end
    spans = [(start, end)] if text[start] == '"' else [(item.start, item.end) for item in list_pieces(text, start)]
    at_line_start = True
    for first, last in spans:
        position, close = first + 1, last - 1
        if at_line_start and position < close:
            yield position
            at_line_start = False
        for match in _ESCAPE.finditer(text, position, close):
            if not match["line_end"]:
                continue
            at_line_start = match.end() == close
            if not at_line_start:
                yield match.end()
