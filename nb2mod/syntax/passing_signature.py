"""The signature of one function as text: its parameters, and the edits that add keyword-only ones or take a default away."""

import ast
import io
import tokenize
from collections.abc import Sequence
from functools import lru_cache

from msgspec import Struct

from nb2mod.model import Replacement
from nb2mod.syntax import parse
from nb2mod.syntax.passing_places import Places
from nb2mod.syntax.scopes import FUNCTIONS, body_scope

_LAYOUT = (tokenize.NL, tokenize.COMMENT, tokenize.NEWLINE)
_OPENING, _CLOSING = ("(", "[", "{"), (")", "]", "}")


class Slot(Struct, frozen=True):
    """One parameter. `kind`: "positional-only", "plain", "*", "keyword-only" or "**". `start` and `end` are the offsets of all of
    it, `default_start` those of its `=` with the blanks before it (-1: it has none), `default` its text.
    """

    name: str
    kind: str
    start: int
    end: int
    default_start: int = -1
    default: str = ""


class Signature(Struct, frozen=True):
    """The parameters in order. `inside`: the offset right behind the opening bracket; `end`: that behind the last thing before
    the closing one, a comma at the end left out; `bare`: a `*` of its own stands there.
    """

    slots: tuple[Slot, ...]
    inside: int
    end: int
    bare: bool = False

    @property
    def required(self) -> tuple[str, ...] | None:
        """The names of its parameters, when all but keyword-only ones are plain and without default; else None."""
        if any(slot.kind in ("positional-only", "*", "**") for slot in self.slots):
            return None
        plain = [slot for slot in self.slots if slot.kind == "plain"]
        return None if any(slot.default for slot in plain) else tuple(slot.name for slot in plain)

    def kind(self, kind: str) -> Slot | None:
        return next((slot for slot in self.slots if slot.kind == kind), None)


@lru_cache(maxsize=4096)
def signature(text: str) -> Signature:
    """The signature of the `def` that `text` is, decorators and all. Raises SyntaxError when there is none."""
    try:
        tokens = _header(text)
    except (tokenize.TokenError, IndentationError) as error:
        raise SyntaxError("not one definition") from error
    places = Places(text, text)
    pieces: list[list[tokenize.TokenInfo]] = [[]]
    depth = 0
    for token in tokens[1:-1]:
        depth += (token.string in _OPENING and token.type == tokenize.OP) - (
            token.string in _CLOSING and token.type == tokenize.OP
        )
        if token.string == "," and not depth:
            pieces.append([])
        elif token.type not in _LAYOUT:
            pieces[-1].append(token)
    slots: list[Slot] = []
    kind, bare = "plain", False
    for piece in filter(None, pieces):
        first = piece[0].string
        if first == "/":
            slots = [_as_positional_only(slot) for slot in slots]
        elif first == "*" and len(piece) == 1:
            kind, bare = "keyword-only", True
        else:
            slots.append(_slot(piece, {"*": "*", "**": "**"}.get(first, kind), places))
            kind = "keyword-only" if first == "*" else kind
    filled = [piece for piece in pieces if piece]
    inside = places.at(*tokens[0].end)
    return Signature(tuple(slots), inside, places.at(*filled[-1][-1].end) if filled else inside, bare)


class Own(Struct, frozen=True):
    """Names in one function's text: those that its own scope binds, and all that stand there as names of anything."""

    bound: frozenset[str]
    every: frozenset[str]
    hides: frozenset[str]  # names that a class inside binds: what it reads of them it does not take from the function


@lru_cache(maxsize=4096)
def own_names(text: str) -> Own:
    """The names in the `def` that `text` is. Raises SyntaxError when there is none."""
    node = parse(text).body[0]
    if not isinstance(node, FUNCTIONS):
        raise SyntaxError("not one definition")
    every: set[str] = set()
    hides: set[str] = set()
    for inner in ast.walk(node):
        if isinstance(inner, ast.Name):
            every.add(inner.id)
        elif isinstance(inner, ast.arg):
            every.add(inner.arg)
        elif isinstance(inner, ast.Global | ast.Nonlocal):
            every.update(inner.names)
        elif isinstance(inner, ast.ClassDef):
            hides |= body_scope(inner.body).bound
    scope = body_scope(node.body, node.args)
    return Own(scope.bound, frozenset(every) | scope.bound, frozenset(hides))


def added(found: Signature, new: Sequence[tuple[str, str]]) -> tuple[Replacement, ...]:
    """The edits that give it keyword-only parameters (name, default or "") behind those that it has."""
    if not new:
        return ()
    names = ", ".join(f"{name}={default}" if default else name for name, default in new)
    star = "" if found.bare or found.kind("*") else "*, "
    rest = found.kind("**")
    if rest is not None:
        return (Replacement(rest.start, rest.start, f"{star}{names}, "),)
    if not found.slots:
        return (Replacement(found.inside, found.inside, f"{star}{names}"),)
    return (Replacement(found.end, found.end, f", {star}{names}"),)


def undefaulted(found: Signature, name: str, text: str) -> Replacement | None:
    """The edit that takes the default of a parameter away; None when that can't be done on its line."""
    slot = next((slot for slot in found.slots if slot.name == name and slot.default_start >= 0), None)
    if slot is None or "\n" in text[slot.default_start : slot.end]:
        return None
    plain = [one for one in found.slots if one.kind in ("plain", "positional-only")]
    if slot in plain and any(one.default_start >= 0 for one in plain[: plain.index(slot)]):
        return None
    return Replacement(slot.default_start, slot.end, "")


def _header(text: str) -> list[tokenize.TokenInfo]:
    """The tokens of the parameter list, its brackets included."""
    found: list[tokenize.TokenInfo] = []
    depth, named = 0, False
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if not named:
            # Decorators may hold lambdas, never a def.
            named = token.type == tokenize.NAME and token.string == "def" and not depth
            continue
        if token.type == tokenize.OP and token.string in _OPENING:
            depth += 1
        if found or (token.string == "(" and depth == 1):
            found.append(token)
        if token.type == tokenize.OP and token.string in _CLOSING:
            depth -= 1
            if found and not depth:
                return found
    raise SyntaxError("not one definition")


def _slot(piece: list[tokenize.TokenInfo], kind: str, places: Places) -> Slot:
    name = piece[1] if kind in ("*", "**") else piece[0]
    depth, equals = 0, -1
    for index, token in enumerate(piece):
        if token.type == tokenize.OP:
            depth += (token.string in _OPENING) - (token.string in _CLOSING)
            if token.string == "=" and not depth and equals < 0:
                equals = index
    start, end = places.at(*piece[0].start), places.at(*piece[-1].end)
    if equals < 0:
        return Slot(name.string, kind, start, end)
    default = places.text[places.at(*piece[equals + 1].start) : end]
    return Slot(name.string, kind, start, end, places.at(*piece[equals - 1].end), default)


def _as_positional_only(slot: Slot) -> Slot:
    return Slot(slot.name, "positional-only", slot.start, slot.end, slot.default_start, slot.default)
