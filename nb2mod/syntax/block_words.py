"""What the words of a cell's text alone tell of its reading (`block_reading.py`), which costs a hundred times as much to make.

Everything here errs on one side: a name that the reading would hold is among the words, code that runs later is not
overlooked. Where a string is run as code, nothing is ruled out.
"""

import re
from collections.abc import Set as AbstractSet
from functools import lru_cache
from unicodedata import normalize

from msgspec import Struct

from nb2mod.syntax.strings import CODE_CALLS
from nb2mod.syntax.views import VIEW_WORDS

_WORD = re.compile(r"[A-Za-z_][A-Za-z_0-9]*")
_FOREIGN = re.compile(r"[0-9A-Za-z_]*[^\x00-\x7f][0-9A-Za-z_\u0080-\U0010ffff]*")
# A string whose value has other words than its text: escapes, pieces that are put together in the middle of a word.
_SPELLED = re.compile(r"""\\(?:[xuUN0-7]|\r?\n\w)|\w["']+[\s\\]*[rRbBuUfF]{0,2}["']+\w""")
_DEFINED = re.compile(r"\b(?:def|class)\s+\w+")
_FOR = re.compile(r"\bfor\b")
_LOOP = re.compile(r"(?:async[ \t]+)?for\b([^\n]*):[ \t]*(?:#[^\n]*)?(?:\n|\Z)")
_JUMPS = frozenset("raise return break continue while match yield await".split())
_CLOSING = frozenset("def class lambda".split())


class Words(Struct, frozen=True):
    """`names`: every identifier in the text, those in comments and strings too; unless `sure`, there may be more in it.

    `views`: it may look at all names; `closes`: it may hold code that runs later; `straight`: every statement of it is reached,
    and what binds at the text's own level does so.
    """

    names: frozenset[str]
    sure: bool
    views: bool
    closes: bool
    straight: bool
    classes: bool
    yields: bool
    unbinds: bool

    def mention(self, names: AbstractSet[str]) -> bool:
        """Whether the text may read, bind or unbind one of them."""
        return not self.sure or not self.names.isdisjoint(names)


@lru_cache(maxsize=1024)
def words_of(text: str) -> Words:
    """The words of a cell's masked text."""
    names = set(_WORD.findall(text))
    if not text.isascii():
        names.update(normalize("NFKC", word) for word in _FOREIGN.findall(text))
    sure = names.isdisjoint(CODE_CALLS)
    return Words(
        names=frozenset(names),
        sure=sure,
        views=not names.isdisjoint(VIEW_WORDS) or _SPELLED.search(text) is not None,
        closes=not names.isdisjoint(_CLOSING) or ("for" in names and _has_generator(text)),
        straight=names.isdisjoint(_JUMPS) and ":=" not in text,
        classes="class" in names,
        yields="yield" in names,
        unbinds="global" in names and "del" in names,
    )


def used_words(text: str) -> frozenset[str]:
    """The words of a text but those that only name a definition."""
    return words_of(_DEFINED.sub(" ", text)).names


def _has_generator(text: str) -> bool:
    """Whether some `for` may belong to a generator expression: no loop, and in round brackets."""
    return any(
        not _is_loop(text, found.start()) and _in_parentheses(text, found.start()) for found in _FOR.finditer(text)
    )


def _is_loop(text: str, at: int) -> bool:
    """Whether a `for` begins its line, which closes all its brackets and ends in a colon."""
    first = text.rfind("\n", 0, at) + 1
    if text[first:at].strip() not in ("", "async"):
        return False
    line = _LOOP.match(text, at)
    return line is not None and all(
        line[1].count(one) == line[1].count(other) for one, other in (("(", ")"), ("[", "]"), ("{", "}"))
    )


def _in_parentheses(text: str, at: int) -> bool:
    depth = 0
    for character in reversed(text[:at]):
        if character in ")]}":
            depth += 1
        elif character in "([{":
            if not depth:
                return character == "("
            depth -= 1
        elif character in "\"'#":
            return True
    return False
