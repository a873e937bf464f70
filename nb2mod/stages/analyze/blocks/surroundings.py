"""The code around a block: every other part of its notebook, read with the same eyes, and what can't be read."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from nb2mod.model import Block, CellFeatures, Features, Location, Names, Statement
from nb2mod.stages.analyze.blocks.whole import whole_of
from nb2mod.syntax import split_lines
from nb2mod.syntax.block_facts import Reading, Spot

_DISPLAY = "ast_node_interactivity"
_DISPLAY_SET = re.compile(_DISPLAY + r"""\s*=\s*["'](\w+)["']\s*(?:#|\Z)""")


@dataclass(frozen=True)
class Part:
    """A run of statements of one cell, outside the block; `before`: it stands above the block."""

    cell: int
    before: bool
    reading: Reading


class Surroundings:
    """One block and the notebook around it."""

    def __init__(self, features: Features, names: Names, block: Block) -> None:
        self.features = features
        self.names = names
        self.block = block
        self.cells = tuple(range(block.cell, block.last_cell + 1))
        self._whole = whole_of(features, names)

    @cached_property
    def reading(self) -> Reading:
        """The block itself. Raises SyntaxError when a cell of it is no Python."""
        places = []
        for cell in self.cells:
            first = self.block.first if cell == self.block.cell else 0
            last = self.block.last if cell == self.block.last_cell else len(self._statements(cell)) - 1
            places.append((cell, first, last))
        return self._whole.run(tuple(places))

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """Everything else that can be read, in order."""
        return tuple(self._parts())

    @property
    def before(self) -> Iterator[Part]:
        return (part for part in self.parts if part.before)

    def cell(self, index: int) -> CellFeatures:
        return self.features.cells[index]

    def where(self, piece: int, line: int) -> Location:
        """A line of the block as a person names it."""
        return self.location(self.cells[piece], line)

    def at(self, spot: Spot) -> Location:
        return self.where(spot.piece, spot.line)

    def location(self, cell: int, line: int) -> Location:
        one = self.cell(cell)
        return Location(self.features.path, one.number, line, one.id)

    @property
    def start(self) -> Location:
        return self.location(self.block.cell, self._statements(self.block.cell)[self.block.first].line)

    def is_inside(self, cell: int, statement: int) -> bool:
        """Whether a statement belongs to the block."""
        return (self.block.cell, self.block.first) <= (cell, statement) <= (self.block.last_cell, self.block.last)

    @property
    def configured_display(self) -> Iterator[tuple[int, int, str]]:
        """What `%config` lines set ast_node_interactivity to, "" when that is computed, with cell and line."""
        for index, cell in enumerate(self.features.cells):
            lines = split_lines(cell.source)
            for first, _, magic in cell.facts.magic_lines:
                if magic == "config" and _DISPLAY in lines[first - 1]:
                    found = _DISPLAY_SET.search(lines[first - 1])
                    yield index, first, found[1] if found else ""

    # reading

    def _statements(self, cell: int) -> tuple[Statement, ...]:
        return self.features.cells[cell].facts.statements

    def _parts(self) -> Iterator[Part]:
        block = self.block
        for index, cell in enumerate(self.features.cells):
            if not self._whole.is_readable(index):
                continue
            count = len(cell.facts.statements)
            runs = [(0, count - 1, index < block.cell)]
            if index in self.cells:
                runs = []
                if index == block.cell and block.first:
                    runs.append((0, block.first - 1, True))
                if index == block.last_cell and block.last < count - 1:
                    runs.append((block.last + 1, count - 1, False))
            for first, last, before in runs:
                yield Part(index, before, self._whole.reading(index, first, last))
