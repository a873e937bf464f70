"""Colour, and making strangers' text harmless. What is said lives with the formats; whether to colour is the door's choice."""

import re

from msgspec import Struct

# Control characters can move the cursor, rename the window or hide text; bidirectional marks make a line read otherwise than
# it runs; U+2028 and U+2029 break lines in some terminals; lone surrogates (undecodable file names) can't be encoded at all.
_HARMFUL = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_NAMED = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def clean(text: str) -> str:
    """`text` on one line, with everything a terminal could obey spelled out as an escape."""
    return _HARMFUL.sub(_spell_out, text)


def clean_code(line: str) -> str:
    """One line of source: as `clean`, but tabs stay and a carriage return at the end is dropped."""
    return "\t".join(clean(part) for part in line.rstrip("\r\n").split("\t"))


class Ink(Struct, frozen=True):
    """Wraps text in terminal colours, or leaves it as it is. Give it text that has been through `clean`."""

    colour: bool = False

    def strong(self, text: str) -> str:
        return self._wrap("1", text)

    def faint(self, text: str) -> str:
        return self._wrap("2", text)

    def good(self, text: str) -> str:
        return self._wrap("32", text)

    def warning(self, text: str) -> str:
        return self._wrap("33", text)

    def bad(self, text: str) -> str:
        return self._wrap("31", text)

    def target(self, text: str) -> str:
        return self._wrap("36", text)

    def heading(self, text: str, colour: str = "") -> str:
        """A section's title: bold, and in the colour of its verdict when it has one ("good", "warning" or "bad")."""
        code = {"good": "1;32", "warning": "1;33", "bad": "1;31"}.get(colour, "1")
        return self._wrap(code, text)

    def _wrap(self, code: str, text: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.colour and text else text


class Look(Struct, frozen=True):
    """How a text report is shown: colours, columns, and how much of it."""

    ink: Ink = Ink()
    width: int = 80
    verbose: bool = False
    quiet: bool = False


def _spell_out(match: re.Match[str]) -> str:
    character = match.group()
    if character in _NAMED:
        return _NAMED[character]
    point = ord(character)
    return f"\\x{point:02x}" if point < 0x100 else f"\\u{point:04x}"
