"""Where the values of a notebook's cells stand in its JSON text. A scanner of the verifier's own, over json's decoder."""

import json
import re
from typing import Any, NamedTuple

_DECODER = json.JSONDecoder()
_BLANK = re.compile(r"[ \t\n\r]*")


class Span(NamedTuple):
    """Half-open, in characters."""

    start: int
    end: int


class CellSpans(NamedTuple):
    """A cell's whole object, and its `source` value (None: it has none, or several)."""

    whole: Span
    source: Span | None


def cell_spans(text: str) -> list[CellSpans]:
    """Spans of all cells. Raises ValueError when the text is no notebook of format 4, or has `cells` twice."""
    lists = [span for key, span in _members(text, _blank(text, 0)) if key == "cells"]
    if len(lists) != 1:
        raise ValueError(f"the notebook has {len(lists)} lists of cells")
    cells: list[CellSpans] = []
    for element in _elements(text, lists[0].start):
        sources = [span for key, span in _members(text, element.start) if key == "source"]
        cells.append(CellSpans(element, sources[0] if len(sources) == 1 else None))
    return cells


def value_at(text: str, span: Span) -> Any:
    """The decoded value of a span."""
    return _DECODER.raw_decode(text, span.start)[0]


def string_tokens(text: str, span: Span) -> list[str]:
    """The raw JSON strings of a `source`: one per line of a list, or the one string."""
    if text[span.start] == "[":
        return [text[each.start : each.end] for each in _elements(text, span.start)]
    return [text[span.start : span.end]]


def _members(text: str, start: int) -> list[tuple[str, Span]]:
    """(key, span of its value) of an object."""
    found: list[tuple[str, Span]] = []
    position = _expect(text, start, "{")
    while text[position] != "}":
        key, position = _DECODER.raw_decode(text, position)
        position = _expect(text, _blank(text, position), ":")
        _, end = _DECODER.raw_decode(text, position)
        found.append((key, Span(position, end)))
        position = _next(text, end, "}")
    return found


def _elements(text: str, start: int) -> list[Span]:
    """Spans of an array's elements."""
    found: list[Span] = []
    position = _expect(text, start, "[")
    while text[position] != "]":
        _, end = _DECODER.raw_decode(text, position)
        found.append(Span(position, end))
        position = _next(text, end, "]")
    return found


def _next(text: str, end: int, closing: str) -> int:
    """Where the next member starts, or the closing bracket."""
    position = _blank(text, end)
    return position if text[position] == closing else _expect(text, position, ",")


def _expect(text: str, position: int, character: str) -> int:
    if text[position : position + 1] != character:
        raise ValueError(f"expected {character!r} at character {position}")
    return _blank(text, position + 1)


def _blank(text: str, position: int) -> int:
    match = _BLANK.match(text, position)
    return match.end() if match else position
