"""A definition's normalised tokens as bytes, so that copies that differ a little can be laid beside each other without reading
them again.

One byte for each token: what it is like, and a few bits of which it is. Two different tokens get one byte now and then (one in
forty at most), which moves a similarity by less than what it is rounded to.
"""

from collections.abc import Sequence
from zlib import crc32

# Ranges of bytes: what stands in the tree, free names by their spelling, literals by their value, locals numbered in order of
# first appearance. `STATEMENT` begins each statement of the body, nested ones too; what stands before the first is the head.
FREE, LITERAL, LOCAL, STATEMENT = 0x58, 0x80, 0xC0, 0xFF

_LITERALS = frozenset(("int", "float", "complex", "str", "bytes", "bool", "NoneType", "ellipsis"))
# Tokens of the layout of a shape, and fields that hold nothing: no person would count them.
_NOTHING = frozenset(("N", "Store", "Del", "|", "-", "{", "}", "None"))
# How many tokens are remembered: most are of a few hundred kinds.
_MOST = 8192
_SKIPPED, _SLOT = -1, 256


def token_bytes(tokens: Sequence[str], starts: Sequence[int], slots: Sequence[str]) -> bytes:
    """The tokens of a shape as bytes. `starts`: where statements begin among them; `slots`: the free names, as in `Shape`."""
    free = [FREE + _number(name) % (LITERAL - FREE) for name in slots]
    codes = [_CODES[token] for token in tokens]
    parts = []
    at = 0
    for start in (*starts, len(codes)):
        part = [code if code < _SLOT else free[code - _SLOT] for code in codes[at:start] if code != _SKIPPED]
        parts.append(bytes(part))
        at = start
    return bytes((STATEMENT,)).join(parts)


def _number(text: str) -> int:
    return crc32(text.encode("utf-8", "surrogatepass"))


class _Codes(dict[str, int]):
    """Token → its byte, `_SKIPPED`, or `_SLOT` and the number of a free name."""

    def __missing__(self, token: str) -> int:
        code = _code(token)
        if len(self) < _MOST and len(token) < 64:
            self[token] = code
        return code


def _code(token: str) -> int:
    first = token[0]
    if first == "[" or token in _NOTHING:
        return _SKIPPED
    if first == "v":
        return LOCAL + int(token[1:]) % (STATEMENT - LOCAL)
    if first == "g":
        return _SLOT + int(token[1:])
    kind, colon, _ = token.partition(":")
    number = _number(token)
    return LITERAL + number % (LOCAL - LITERAL) if colon and kind in _LITERALS else number % FREE


_CODES = _Codes()
