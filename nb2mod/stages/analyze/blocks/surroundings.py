"""The code around a block: every other part of its notebook, read with the same eyes, and what can't be read."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from nb2mod.model import BindKind, Block, CellFeatures, Features, Location, Names, Statement
from nb2mod.notebook import mask
from nb2mod.syntax.block_facts import Reading, Spot
from nb2mod.syntax.block_reading import SWALLOWERS, read_run

_DEFINITIONS = frozenset((BindKind.DEF, BindKind.CLASS))


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

    @cached_property
    def reading(self) -> Reading:
        """The block itself. Raises SyntaxError when a cell of it is no Python."""
        pieces = []
        for cell in self.cells:
            first = self.block.first if cell == self.block.cell else 0
            last = self.block.last if cell == self.block.last_cell else len(self._statements(cell)) - 1
            pieces.append((self._text(cell), first, last))
        return read_run(tuple(pieces), self._doubted)

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """Everything else that can be read, in order."""
        return tuple(self._parts(self._doubted))

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

    def is_after(self, cell: int, statement: int) -> bool:
        return (cell, statement) > (self.block.last_cell, self.block.last)

    # reading

    def _statements(self, cell: int) -> tuple[Statement, ...]:
        return self.features.cells[cell].facts.statements

    def _text(self, cell: int) -> str:
        return mask(self.features.cells[cell].source).python

    def _parts(self, doubted: frozenset[str]) -> Iterator[Part]:
        block = self.block
        for index, cell in enumerate(self.features.cells):
            count = len(cell.facts.statements)
            if cell.facts.error or cell.facts.opaque or cell.odd or not count:
                continue
            runs = [(0, count - 1, index < block.cell)]
            if index in self.cells:
                runs = []
                if index == block.cell and block.first:
                    runs.append((0, block.first - 1, True))
                if index == block.last_cell and block.last < count - 1:
                    runs.append((block.last + 1, count - 1, False))
            for first, last, before in runs:
                yield Part(index, before, read_run(((self._text(index), first, last),), doubted))

    @cached_property
    def _doubted(self) -> frozenset[str]:
        """Names of the notebook whose context managers may swallow errors: its own definitions, and what they or known swallowers
        made.
        """
        own = {
            name
            for name, bounds in self.names.bindings.items()
            if any(bound.binding.kind in _DEFINITIONS for bound in bounds)
        }
        found = set(own)
        for part in self._parts(frozenset()):
            for flow in part.reading.flows:
                if any(made.partition(".")[0] in own or made.rpartition(".")[2] in SWALLOWERS for made in flow.made):
                    found.add(flow.target)
        return frozenset(found - {""})
