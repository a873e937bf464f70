"""Items added to a list in TOML text, in the layout the list has. Which list and which items is packaging.py's.

By hand because tomlkit's append loses an item behind a comment when the list has no comma at its end, and moves comments.
"""

import re
from collections.abc import Sequence

from msgspec import Struct

_TOKEN = re.compile(
    r'"""(?:\\.|[^\\])*?"""|'
    + r"'''.*?'''|"
    + r'"(?:\\.|[^"\\\n])*"|'
    + r"'[^'\n]*'|"
    + r"\#[^\n]*|[\s]+|[\[\],]|[^\s\[\],\#]+",
    re.DOTALL,
)
_INDENT = "    "


class _Shape(Struct, frozen=True):
    """Offsets in the text: the brackets, the last item, and the comma behind it (0: there is none)."""

    opening: int
    closing: int
    item: int = 0
    item_end: int = 0
    comma_end: int = 0


def with_items(text: str, opening: int, items: Sequence[str]) -> str | None:
    """The text with `items` (TOML values) at the end of the list whose bracket stands at `opening`.

    Every character that was there stays. Items on lines of their own stay so, comments stay behind what they speak of; an
    empty list gets a line for each item. None when the list holds anything but plain values.
    """
    shape = _shape(text, opening)
    if shape is None:
        return None
    if shape.item_end == 0:
        return _filled(text, shape, items)
    indent = re.search(r"\n([ \t]*)\Z", text[opening : shape.item])
    if indent is None:
        added = "".join(f", {item}" for item in items)
        return text[: shape.item_end] + added + text[shape.item_end :]
    return _with_lines(text, shape, indent[1], items)


def _with_lines(text: str, shape: _Shape, indent: str, items: Sequence[str]) -> str:
    """Below the line of the last item, whose comment stays behind it."""
    last = shape.comma_end or shape.item_end
    comma = "" if shape.comma_end else ","
    rest = re.compile(r"[ \t]*(?:#[^\n\r]*)?").match(text, last)
    end = rest.end() if rest else last
    line = f"\n{indent}"
    added = line + f",{line}".join(items) + ("," if shape.comma_end else "")
    return text[:last] + comma + text[last:end] + added + text[end:]


def _filled(text: str, shape: _Shape, items: Sequence[str]) -> str:
    inside = text[shape.opening + 1 : shape.closing]
    lines = "".join(f"\n{_INDENT}{item}," for item in items)
    kept, newline, indent = inside.rpartition("\n")
    kept = kept.removesuffix("\r")
    if not inside.strip():
        kept, newline, indent = "", "\n", indent if newline else ""
    return text[: shape.opening + 1] + kept + lines + newline + indent + text[shape.closing :]


def _shape(text: str, opening: int) -> _Shape | None:
    shape = _Shape(opening, 0)
    for token in _TOKEN.finditer(text, opening + 1):
        first = token[0][0]
        if first == "]":
            return _Shape(opening, token.start(), shape.item, shape.item_end, shape.comma_end)
        if first in "[{":
            return None
        if first == ",":
            shape = _Shape(opening, 0, shape.item, shape.item_end, token.end())
        elif first != "#" and not first.isspace():
            shape = _Shape(opening, 0, token.start(), token.end())
    return None
