"""How a file writes its JSON: escapes, line breaks, indentation. Looks at the text, writes single values in its way."""

import json
import re
from itertools import pairwise
from typing import NamedTuple

from nb2mod.notebook.document import decode_value, skip_blanks, walk_array

_ESCAPED_CHARACTER = re.compile(  # not a lone surrogate: that is an escape in every file
    r"(?<!\\)(?:\\\\)*\\u(?:(?!00[0-7]|[dD][89a-fA-F])[0-9a-fA-F]{4}|[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F])"
)
_COMMA_BEFORE_BREAK = re.compile(r"(, *)\r?\n")  # never inside a string: JSON has no line breaks there
_LINE_ESCAPE = re.compile(r"\\(?:u(?P<code>[0-9a-fA-F]{4})|(?P<letter>.))", re.DOTALL)


class Piece(NamedTuple):
    """A part of a JSON source value: an item of the list, or a line of the string. `raw` is its JSON, `text` what that says.

    `start` and `end` are the span of `raw` in the text of the notebook. Items have their quotes, lines of a string have none.
    """

    raw: str
    text: str
    start: int
    end: int


class ListStyle(NamedTuple):
    """The white space of a JSON list: after `[`, from one item to the next (with the comma), before `]`."""

    opening: str
    between: str
    closing: str


def escapes_ascii(text: str) -> bool:
    """Whether the file writes characters past ASCII as escapes; a file without any such character does not."""
    return text.isascii() and _ESCAPED_CHARACTER.search(text) is not None


def quoted(value: str, ascii_only: bool) -> str:
    """`value` as a JSON string. A lone surrogate is always written as an escape: UTF-8 has no bytes for it."""
    return encodable(json.dumps(value, ensure_ascii=ascii_only))


def encodable(written: str) -> str:
    """JSON text with its lone surrogates as escapes."""
    return written.encode("utf-8", "backslashreplace").decode("utf-8")


def list_pieces(text: str, start: int) -> list[Piece]:
    """The items of the list of strings at `start`."""
    found: list[Piece] = []

    def take(position: int) -> int:
        value, end = decode_value(text, position)
        found.append(Piece(text[position:end], value, position, end))
        return end

    walk_array(text, start, take)
    return found


def string_pieces(text: str, start: int, end: int) -> list[Piece]:
    """The lines of the string whose quotes stand at `start` and `end - 1`."""
    cuts = [start + 1]
    for match in _LINE_ESCAPE.finditer(text, start + 1, end - 1):
        if match["letter"] == "n" or (match["code"] or "").lower() == "000a":
            cuts.append(match.end())
    if cuts[-1] != end - 1:
        cuts.append(end - 1)
    return [_string_piece(text, first, last) for first, last in pairwise(cuts)]


def list_style(text: str, start: int, end: int, pieces: list[Piece]) -> ListStyle | None:
    """The white space of the list at `start`; None when it has no items. One item alone repeats how it was opened."""
    if not pieces:
        return None
    opening = text[start + 1 : pieces[0].start]
    closing = text[pieces[-1].end : end - 1]
    if len(pieces) > 1:
        between = text[pieces[0].end : pieces[1].start]
    elif opening:
        between = comma_before_break(text) + opening
    else:
        between = "," + _space_after_colon(text, start)
    return ListStyle(opening, between, closing)


def derived_list_style(text: str, start: int, object_start: int) -> ListStyle:
    """The style for a list at `start` whose file shows no other: one unit deeper than its key, or all on one line."""
    if "\n" not in text[object_start:start]:
        return ListStyle("", "," + _space_after_colon(text, start), "")
    ending = line_ending(text)
    indent = line_indent(text, start) or ""
    deeper = indent + indent.removeprefix(line_indent(text, object_start) or "")
    return ListStyle(ending + deeper, comma_before_break(text) + ending + deeper, ending + indent)


def comma_before_break(text: str) -> str:
    """The comma at the end of a line: the json module of Python 2 left a space after it."""
    match = _COMMA_BEFORE_BREAK.search(text)
    return match[1] if match else ","


def line_indent(text: str, position: int) -> str | None:
    """The white space that begins the line of `position`; None on the first line, where nothing is indented."""
    line_start = max(text.rfind("\n", 0, position), text.rfind("\r", 0, position)) + 1
    return text[line_start : skip_blanks(text, line_start)] if line_start else None


def line_ending(text: str) -> str:
    """What ends the first line of the file."""
    first = text.find("\n")
    if first < 0:
        return "\r" if "\r" in text else "\n"
    return "\r\n" if text[first - 1 : first] == "\r" else "\n"


def _space_after_colon(text: str, value_start: int) -> str:
    return " " if text[value_start - 1 : value_start] == " " else ""


def _string_piece(text: str, start: int, end: int) -> Piece:
    raw = text[start:end]
    return Piece(raw, decode_value(f'"{raw}"', 0)[0], start, end)
