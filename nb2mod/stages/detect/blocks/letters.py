"""What two runs spell letter by letter alike, names too: what only looks alike once names are left aside may be an idiom."""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import lru_cache

from nb2mod.model import Features
from nb2mod.notebook import mask
from nb2mod.stages.detect.blocks.runs import Line
from nb2mod.syntax import parse, split_lines

_TOKEN = re.compile(r"""[^\W\d]\w*|\d+\.?\d*|'[^']*'|"[^"]*"|\S""")
# Calls that every plot needs: they say nothing of whether one plot is a copy of another.
_FURNITURE = re.compile(
    r"\.(axhline|axvline|set_title|set_[xy]label|set_[xy]lim|legend|tight_layout|figure|subplots?|[xy]label|[xy]lim|title|grid"
    r"|show)\("
)
_WORDS_OF_A_TITLE = 3


class SpelledAlike:
    """Reads the source of the statements it is asked for."""

    def __init__(self, line: Line, features: Sequence[Features]) -> None:
        self._line = line
        self._features = features

    def in_common(self, ours: range, theirs: range) -> int:
        """The tokens of the longest piece that both runs hold, lines that set up or label a plot left out; a text of some
        words that both hold counts for as many as there are.
        """
        left, right = self._tokens(ours), self._tokens(theirs)
        matcher = SequenceMatcher(None, left, right, autojunk=False)
        if {token for token in left if _is_title(token)} & {token for token in right if _is_title(token)}:
            return min(len(left), len(right))
        return matcher.find_longest_match(0, len(left), 0, len(right)).size

    def _tokens(self, run: range) -> list[str]:
        line = self._line
        return [
            token
            for at in run
            for token in _tokens_of(self._features[line.files[at]].cells[line.cells[at]].source, line.indexes[at])
        ]


@lru_cache(maxsize=512)
def _tokens_of(source: str, index: int) -> tuple[str, ...]:
    text = mask(source).python
    statement = parse(text).body[index]
    lines = split_lines(text)[statement.lineno - 1 : statement.end_lineno]
    return tuple(token for line in lines if not _FURNITURE.search(line) for token in _TOKEN.findall(line))


def _is_title(token: str) -> bool:
    return token[0] in "'\"" and len(token.split()) >= _WORDS_OF_A_TITLE
