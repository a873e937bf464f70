"""Cells that may draw with matplotlib: a notebook shows what is drawn at the end of the cell, and closes it.

A function that runs all cells has to do the same, or what one cell draws would be drawn over by the next.
"""

import re
from collections.abc import Mapping

from nb2mod.model import BindKind, CellFeatures, Features
from nb2mod.syntax import split_lines

_LIBRARIES = ("matplotlib", "seaborn", "pylab")
_DRAWS = re.compile(r"\.(plot|hist|boxplot|kdeplot|plot_\w+|from_estimator|from_predictions|\w+_plot)\b")
_QUIET = ("import", "importfrom", "functiondef", "asyncfunctiondef", "classdef")
_KEEPS_OPEN = re.compile(r"^\s*%matplotlib\s+(?!inline\b)\w", re.MULTILINE)
_SHOWN_THEN_SAVED = re.compile(r"\.show\(.*\bsavefig\(", re.DOTALL)


class Figures:
    """Answers for the cells of one notebook."""

    def __init__(self, features: Features) -> None:
        modules = {module for cell in features.cells for module in cell.facts.modules}
        self._loaded = bool(modules & {*_LIBRARIES, "pandas"})
        self._open = any(_KEEPS_OPEN.search(cell.source) for cell in features.cells)
        names = {
            binding.name: binding.target
            for cell in features.cells
            for binding in cell.facts.bindings
            if binding.kind is BindKind.IMPORT
        }
        drawing = {name for name, target in names.items() if target.partition(".")[0] in _LIBRARIES}
        self._words = _with_callers(drawing, _definitions(features))
        self.pyplot = next((name for name, target in names.items() if target == "matplotlib.pyplot"), "")

    def draws(self, cell: CellFeatures) -> bool:
        """Whether the cell may draw something that its end shows."""
        return self._loaded and not self._open and _mentions(_working(cell), self._words)

    def loses(self, cell: CellFeatures) -> bool:
        """Whether the cell shows figures, which closes them in a notebook only, and then saves others."""
        return self.draws(cell) and bool(_SHOWN_THEN_SAVED.search(cell.source))


def _working(cell: CellFeatures) -> str:
    """The lines of a cell that do more than import and define."""
    lines = split_lines(cell.source)
    magics = {number for first, last, _ in cell.facts.magic_lines for number in range(first, last + 1)}
    return "\n".join(
        "\n".join(lines[one.line - 1 : one.end_line])
        for one in cell.facts.statements
        if one.kind not in _QUIET and one.line not in magics
    )


def _mentions(text: str, words: frozenset[str]) -> bool:
    return bool(_DRAWS.search(text)) or not words.isdisjoint(re.findall(r"\w+", text))


def _definitions(features: Features) -> dict[str, str]:
    """The texts of the notebook's functions and classes, by name."""
    return {
        one.name: "\n".join(split_lines(cell.source)[one.line - 1 : one.end_line])
        for cell in features.cells
        for one in cell.facts.definitions
    }


def _with_callers(words: set[str], definitions: Mapping[str, str]) -> frozenset[str]:
    """The words, and the names of functions that mention one of them or draw themselves, or mention such a function."""
    found = set(words)
    while True:
        more = {name for name, text in definitions.items() if name not in found and _mentions(text, frozenset(found))}
        if not more:
            return frozenset(found)
        found |= more
