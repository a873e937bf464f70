"""Text cut into numbers, words and signs, and what is left of a text when its numbers are taken out."""

import re
from typing import Final

# A number with its sign; not the digits inside of `x1` or of a hash such as `12ab34`, which is one word. `3.2s` is a number and a
# unit. Digits may precede the sign, so that the parts of `0.1-0.2j` and of a date keep their kind whatever their sign.
_VALUE = r"(?>\d{1,3}(?:,\d{3})++(?!\d)|\d++(?:\.\d*+)?|\.\d++)(?:[eE][-+]?+\d++)?+(?![^\W\d]++\d)"
NUMBER: Final = re.compile(rf"(?:(?<![^\W\d])[-+](?=\.?\d)|(?<!\w)){_VALUE}")
NUMBER_HERE: Final = "\ue000"
_MADE_UP = r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}|\b[0-9a-f]{16}\b"  # uuids, and digests of values
# What reprlib leaves of a text that it cuts in the middle: `DecisionTreeC...te=1249208675)`. Where it cuts depends on the number.
_CUT = r"(?<=\w)\.\.\.[\w.=]*\d"
TOKEN: Final = re.compile(rf"{_MADE_UP}|{_CUT}|{NUMBER.pattern}|\w+|[^\w\s]")


def tokens(text: str) -> list[str]:
    """Numbers, words and signs, in order; white space is no token."""
    return TOKEN.findall(text)


def is_number(token: str) -> bool:
    """Whether a token is a number as `NUMBER` sees it."""
    return not token.isalpha() and NUMBER.fullmatch(token) is not None


def shape(text: str) -> str:
    """`text` with a mark for each number; white space is one blank, and none beside a number: columns get wider with signs."""
    bare = " ".join(NUMBER.sub(NUMBER_HERE, text).split())
    return bare.replace(f" {NUMBER_HERE}", NUMBER_HERE).replace(f"{NUMBER_HERE} ", NUMBER_HERE)
