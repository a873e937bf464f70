"""The code around a block: every other part of its notebook, read with the same eyes, and what can't be read."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property

from nb2mod.model import Block, CellFeatures, Features, Location, Names, Statement
from nb2mod.stages.analyze.blocks.telling import Place
from nb2mod.stages.analyze.blocks.whole import Whole, whole_of
from nb2mod.syntax import split_lines
from nb2mod.syntax.block_facts import Reading, Spot
from nb2mod.syntax.block_words import Words

_DISPLAY = "ast_node_interactivity"
_DISPLAY_SET = re.compile(_DISPLAY + r"""\s*=\s*["'](\w+)["']\s*(?:#|\Z)""")


@dataclass(frozen=True)
class Part:
    """A run of statements of one cell, outside the block; `before`: it stands above the block. It is read when somebody asks:
    most of a notebook has nothing to do with a block, which its words tell.
    """

    whole: Whole
    place: Place
    before: bool

    @property
    def cell(self) -> int:
        return self.place[0]

    @property
    def words(self) -> Words:
        return self.whole.words(self.place[0])

    @property
    def reading(self) -> Reading:
        """Raises SyntaxError and RecursionError for what can't be read."""
        return self.whole.reading(self.place)

    def binds(self, name: str) -> bool:
        """Whether statements of it bind or unbind a name, as its facts tell."""
        return self.whole.binds(self.place, name)

    def uses(self, names: AbstractSet[str]) -> bool:
        """Whether code of it, classes aside, reads one of the names or binds it by `global`."""
        return self.whole.uses(self.cell, names)

    def wants(self, name: str) -> bool:
        """Whether it reads or deletes a name that it need not have bound itself."""
        return self.whole.wants(self.place, name)

    def told(self, name: str) -> bool | None:
        """The same, where that can be told without reading it."""
        return self.whole.told(self.place, name)

    def end_of(self, name: str) -> int | None:
        """What a name may hold after it; None when it neither binds nor deletes it."""
        return self.whole.end_of(self.place, name)


class Surroundings:
    """One block and the notebook around it."""

    def __init__(self, features: Features, names: Names, block: Block) -> None:
        self.features = features
        self.names = names
        self.block = block
        self.cells = tuple(range(block.cell, block.last_cell + 1))
        self.whole = whole_of(features, names)

    @cached_property
    def reading(self) -> Reading:
        """The block itself. Raises SyntaxError when a cell of it is no Python."""
        places = []
        for cell in self.cells:
            first = self.block.first if cell == self.block.cell else 0
            last = self.block.last if cell == self.block.last_cell else len(self._statements(cell)) - 1
            places.append((cell, first, last))
        return self.whole.run(tuple(places)) if len(places) > 1 else self.whole.reading(places[0])

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """Everything else that can be read, in order."""
        return tuple(self._parts())

    @cached_property
    def before(self) -> tuple[Part, ...]:
        return tuple(part for part in self.parts if part.before)

    def parts_in(self, cells: Iterable[int]) -> Iterator[Part]:
        """The parts of some cells, in order of these."""
        for cell in cells:
            yield from self._by_cell.get(cell, ())

    @cached_property
    def _by_cell(self) -> dict[int, list[Part]]:
        found: dict[int, list[Part]] = defaultdict(list)
        for part in self.parts:
            found[part.place[0]].append(part)
        return found

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

    @cached_property
    def start(self) -> Location:
        return self.location(self.block.cell, self._statements(self.block.cell)[self.block.first].line)

    def is_inside(self, cell: int, statement: int) -> bool:
        """Whether a statement belongs to the block."""
        return (self.block.cell, self.block.first) <= (cell, statement) <= (self.block.last_cell, self.block.last)

    @property
    def configured_display(self) -> Iterator[tuple[int, int, str]]:
        """What `%config` lines set ast_node_interactivity to, "" when that is computed, with cell and line."""
        for index, cell in enumerate(self.features.cells):
            for first, _, magic in cell.facts.magic_lines:
                line = split_lines(cell.source)[first - 1] if magic == "config" else ""
                if _DISPLAY in line:
                    found = _DISPLAY_SET.search(line)
                    yield index, first, found[1] if found else ""

    # reading

    def _statements(self, cell: int) -> tuple[Statement, ...]:
        return self.features.cells[cell].facts.statements

    def _parts(self) -> Iterator[Part]:
        block = self.block
        for index in self.whole.readable:
            last = len(self._statements(index)) - 1
            if index not in self.cells:
                yield Part(self.whole, (index, 0, last), before=index < block.cell)
                continue
            if index == block.cell and block.first:
                yield Part(self.whole, (index, 0, block.first - 1), before=True)
            if index == block.last_cell and block.last < last:
                yield Part(self.whole, (index, block.last + 1, last), before=False)
