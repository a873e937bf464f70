"""Where a place of a cell's masked Python stands in the cell as it was written: columns shift where a magic's prefix went."""

import re
from bisect import bisect
from collections.abc import Iterable
from itertools import accumulate

from nb2mod.model import Replacement

_LINE_END = re.compile(r"(\r\n|\r|\n)")


class Places:
    """Lines from 1, columns and offsets from 0, all in characters."""

    def __init__(self, source: str, python: str) -> None:
        self.text = source
        split = _LINE_END.split(source)
        self.lines = split[0::2]
        ends = [len(end) for end in split[1::2]]
        self._starts = [0, *accumulate(len(line) + end for line, end in zip(self.lines, ends, strict=False))]
        self._python = _LINE_END.split(python)[0::2]

    def offset(self, line: int, column: int) -> int:
        """The offset in the source; -1 where the masked line is not, from there to its end, the end of the written one."""
        if not 0 < line <= min(len(self._python), len(self.lines)):
            return -1
        masked, written = self._python[line - 1].rstrip(), self.lines[line - 1].rstrip()
        if self._python[line - 1] == self.lines[line - 1]:
            return self._starts[line - 1] + column
        rest = masked[column:]
        if not written.endswith(rest) or not rest:
            return -1
        return self._starts[line - 1] + len(written) - len(rest)

    def at(self, line: int, column: int) -> int:
        """The offset of a place of the source itself."""
        return self._starts[line - 1] + column

    def place(self, offset: int) -> tuple[int, int]:
        """The line and column of an offset of the source."""
        line = bisect(self._starts, offset)
        return line, offset - self._starts[line - 1]


def edited(text: str, edits: Iterable[Replacement]) -> str:
    """`text` with every edit made; no two of them share a character or a place."""
    parts, at = [], 0
    for edit in sorted(edits):
        parts += [text[at : edit.start], edit.text]
        at = edit.end
    return "".join([*parts, text[at:]])
