"""The JSON text of a notebook: bytes ↔ text, and where each cell and each of its values stands. Knows no cell's meaning.

`json.JSONDecoder.raw_decode` reads one value at C speed and tells where it ends, so only the keys of the notebook and of its
cells are walked here; outputs, attachments and metadata are read in one leap each.
"""

import json
import re
from collections.abc import Callable
from typing import Any, NamedTuple

BOM = b"\xef\xbb\xbf"

_DECODER = json.JSONDecoder()
_PATIENT_DECODER = json.JSONDecoder(parse_int=float)
_BLANKS = re.compile(r"[ \t\n\r]*")


class RawCell(NamedTuple):
    """One element of `cells`: its span, its values by key, and their spans. Of a key written twice the last one counts.

    `fields` is None when the element is no object.
    """

    start: int
    end: int
    fields: dict[str, Any] | None
    spans: dict[str, tuple[int, int]]


class Document(NamedTuple):
    """A JSON object: `fields` holds every value but `cells`. `cells` is None when there is no list of that name."""

    fields: dict[str, Any]
    cells: list[RawCell] | None
    cells_start: int = 0  # of the opening bracket
    cells_end: int = 0  # after the closing bracket


def decode(data: bytes) -> str:
    """The text without its byte order mark. Raises UnicodeDecodeError."""
    return data.decode("utf-8-sig")


def encode(text: str, like: bytes) -> bytes:
    """`text` as bytes, with a byte order mark when `like` has one."""
    encoded = text.encode("utf-8")
    return BOM + encoded if like.startswith(BOM) else encoded


def scan(text: str) -> Document:
    """The layout of `text`. Raises json.JSONDecodeError, and ValueError when the outermost value is no object."""
    start = skip_blanks(text, 0)
    if text[start : start + 1] != "{":
        value, end = decode_value(text, start)
        _expect_end(text, end)
        raise ValueError(f"the file holds {described(value)}")
    fields: dict[str, Any] = {}
    cells: list[RawCell] | None = None
    cells_span = (0, 0)

    def take(key: str, position: int) -> int:
        nonlocal cells, cells_span
        if key != "cells":
            fields[key], end = decode_value(text, position)
        elif text[position : position + 1] == "[":
            cells, end = _scan_cells(text, position)
            cells_span = (position, end)
        else:
            cells, (_, end) = None, decode_value(text, position)
        return end

    _expect_end(text, _walk_object(text, start, take))
    return Document(fields, cells, *cells_span)


def decode_value(text: str, position: int) -> tuple[Any, int]:
    """The JSON value at `position`, and where it ends."""
    try:
        value, end = _DECODER.raw_decode(text, position)
    except json.JSONDecodeError:
        raise
    except ValueError:  # Python refuses to read integers of more than 4,300 digits; an output may hold one
        value, end = _PATIENT_DECODER.raw_decode(text, position)
    return value, end


def skip_blanks(text: str, position: int) -> int:
    """The first position from here on that is not JSON white space."""
    match = _BLANKS.match(text, position)
    return match.end() if match else position


def described(value: object) -> str:
    """A JSON value in a person's words."""
    words = {dict: "an object", list: "a list", str: "a string", bool: "true or false", type(None): "null"}
    return words.get(type(value), "a number")


def walk_array(text: str, start: int, take: Callable[[int], int]) -> int:
    """Walk the array at `start`; `take` reads the element at a position and returns its end. Returns the array's end."""
    position = skip_blanks(text, start + 1)
    if text[position : position + 1] == "]":
        return position + 1
    while True:
        position = skip_blanks(text, take(position))
        if text[position : position + 1] == "]":
            return position + 1
        _expect(text, position, ",")
        position = skip_blanks(text, position + 1)


def _walk_object(text: str, start: int, take: Callable[[str, int], int]) -> int:
    position = skip_blanks(text, start + 1)
    if text[position : position + 1] == "}":
        return position + 1
    while True:
        _expect(text, position, '"')
        key, position = decode_value(text, position)
        position = skip_blanks(text, position)
        _expect(text, position, ":")
        position = skip_blanks(text, take(key, skip_blanks(text, position + 1)))
        if text[position : position + 1] == "}":
            return position + 1
        _expect(text, position, ",")
        position = skip_blanks(text, position + 1)


def _scan_cells(text: str, start: int) -> tuple[list[RawCell], int]:
    cells: list[RawCell] = []

    def take(position: int) -> int:
        if text[position : position + 1] == "{":
            cells.append(_scan_cell(text, position))
        else:
            _, end = decode_value(text, position)
            cells.append(RawCell(position, end, None, {}))
        return cells[-1].end

    return cells, walk_array(text, start, take)


def _scan_cell(text: str, start: int) -> RawCell:
    fields: dict[str, Any] = {}
    spans: dict[str, tuple[int, int]] = {}

    def take(key: str, position: int) -> int:
        fields[key], end = decode_value(text, position)
        spans[key] = (position, end)
        return end

    end = _walk_object(text, start, take)
    return RawCell(start, end, fields, spans)


def _expect(text: str, position: int, character: str) -> None:
    if text[position : position + 1] != character:
        raise json.JSONDecodeError(f"Expecting {character!r}", text, position)


def _expect_end(text: str, position: int) -> None:
    position = skip_blanks(text, position)
    if position != len(text):
        raise json.JSONDecodeError("Extra data", text, position)
