"""The parts of an f-string in its source, by scanning: `ast` of Python 3.11 does not know where they stand.

What the scan can't tell apart with certainty is no f-string that anything is put into: `parts_of` gives None.
"""

import ast
import re
from typing import NamedTuple

_PREFIX = re.compile(r"[A-Za-z]{0,2}(?=['\"])")
_OPEN, _CLOSE = "([{", ")]}"


class Text(NamedTuple):
    """Text between two fields, from `start` to `end`; `whole`: it stands in one literal that takes fields, so that a field can
    stand there instead.
    """

    start: int
    end: int
    whole: bool


class Field(NamedTuple):
    """`{expression!r:spec}`; `start` to `end` is the expression alone."""

    start: int
    end: int


class Parts(NamedTuple):
    """`texts` has one more than `fields`: what stands before, between and behind them, "" included."""

    texts: tuple[Text, ...]
    fields: tuple[Field, ...]


def parts_of(node: ast.JoinedStr, source: str, start: int, end: int) -> Parts | None:
    """Texts and fields of an f-string that stands in `source` from `start` to `end`; None when the scan is not certain."""
    try:
        pieces = list(_pieces(source, start, end))
    except _UnclearError:
        return None
    texts: list[Text] = []
    fields: list[Field] = []
    pending: list[Text] = []
    for piece in pieces:
        if isinstance(piece, Field):
            texts.append(_joined(pending, piece.start))
            fields.append(piece)
            pending = []
        else:
            pending.append(piece)
    texts.append(_joined(pending, end))
    count = sum(isinstance(value, ast.FormattedValue) for value in node.values)
    return Parts(tuple(texts), tuple(fields)) if count == len(fields) else None


def values_of(node: ast.JoinedStr) -> tuple[list[str], list[ast.FormattedValue]]:
    """The texts before, between and behind the fields as the program has them, and the fields."""
    texts, fields = [""], []
    for value in node.values:
        if isinstance(value, ast.FormattedValue):
            fields.append(value)
            texts.append("")
        elif isinstance(value, ast.Constant):
            texts[-1] += str(value.value)
    return texts, fields


class _UnclearError(Exception):
    pass


def _joined(pieces: list[Text], here: int) -> Text:
    """The one text of several pieces: those of neighbouring literals can't be replaced as one."""
    filled = [piece for piece in pieces if piece.end > piece.start]
    if len(filled) == 1:
        return filled[0]
    if filled:
        return Text(filled[0].start, filled[-1].end, False)
    usable = [piece for piece in pieces if piece.whole]
    return usable[0] if usable else Text(here, here, False)


def _pieces(source: str, start: int, end: int) -> "list[Text | Field]":
    """Texts and fields in order, those of each of the joined literals."""
    found: list[Text | Field] = []
    at = start
    while at < end:
        if source[at] in " \t\r\n\f\\":
            at += 1
            continue
        if source[at] == "#":
            at = min((place for place in (source.find("\n", at), source.find("\r", at)) if place >= 0), default=end)
            continue
        prefix = _PREFIX.match(source, at)
        if prefix is None:
            raise _UnclearError
        at = prefix.end()
        quote = source[at] * 3 if source[at : at + 3] == source[at] * 3 else source[at]
        at = _literal(source, at + len(quote), quote, prefix.group().lower(), found)
    if at != end:
        raise _UnclearError
    return found


def _literal(source: str, at: int, quote: str, prefix: str, found: "list[Text | Field]") -> int:
    """Reads one literal from behind its opening quote; returns where it ends."""
    takes_fields = "f" in prefix
    began = at
    while at < len(source):
        if source.startswith(quote, at):
            found.append(Text(began, at, takes_fields))
            return at + len(quote)
        character = source[at]
        if character == "\\":
            named = takes_fields and "r" not in prefix and source.startswith("\\N{", at)
            at = (
                source.index("}", at) + 1
                if named
                else at + 2
                if not ("r" in prefix and source[at + 1] in "{}")
                else at + 1
            )
        elif takes_fields and character in "{}":
            if source[at : at + 2] == character * 2:
                at += 2
                continue
            if character == "}":
                raise _UnclearError
            found.append(Text(began, at, True))
            field, at = _field(source, at + 1, quote)
            found.append(field)
            began = at
        else:
            at += 1
    raise _UnclearError


def _field(source: str, at: int, quote: str) -> tuple[Field, int]:
    """Reads one field from behind its `{`; returns it and where it ends, behind its `}`."""
    began, depth = at, 0
    while at < len(source):
        character = source[at]
        if character in "'\"":
            if source.startswith(quote, at):
                raise _UnclearError  # the same quotes inside, which Python allows from 3.12 on
            inner = character * 3 if source[at : at + 3] == character * 3 else character
            at = source.find(inner, at + len(inner)) + len(inner)
            if at < len(inner):
                raise _UnclearError
            continue
        if character in "\\#":
            raise _UnclearError
        if character in _OPEN:
            depth += 1
        elif character in _CLOSE and depth:
            depth -= 1
        elif character == "}":
            return Field(began, at), at + 1
        elif depth == 0 and (character == ":" or (character == "!" and source[at + 1] != "=")):
            return Field(began, at), _behind_format(source, at, quote)
        elif depth == 0 and character == "=" and source[at + 1] != "=" and source[at - 1] not in "=!<>":
            raise _UnclearError  # {x=} shows the expression's own text
        at += 1
    raise _UnclearError


def _behind_format(source: str, at: int, quote: str) -> int:
    """Behind the `}` of a field, from its `!` or `:` on; fields inside the format are stepped over."""
    depth = 0
    while at < len(source) and not source.startswith(quote, at):
        if source[at] == "{":
            depth += 1
        elif source[at] == "}":
            if depth == 0:
                return at + 1
            depth -= 1
        at += 1
    raise _UnclearError
