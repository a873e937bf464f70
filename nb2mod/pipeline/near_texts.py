"""Near-miss blocks as texts that can be compared: what stands in them, what their names mean, and the way back to real places."""

import re
from collections.abc import Sequence

from msgspec.structs import replace

from nb2mod.model import BindKind, Block, Contrast, Copy, Features, Location, Meaning, Reason
from nb2mod.pipeline.survey import Survey
from nb2mod.stages import analyze, cut

_BRINGS_ALONG = frozenset((BindKind.IMPORT, BindKind.DEF, BindKind.CLASS))
_LINE_OF = re.compile(r"\bline (\d+) of (.+?\.ipynb) cell (\d+)")


class NearTexts:
    """A block is compared as a function that takes what the notebook gives it and returns nothing. Its text begins a line above
    the block, with `def`.
    """

    def __init__(self, seen: Survey) -> None:
        self._features = seen.features
        self._names = seen.names
        self._meanings = analyze.Meanings(seen.features, seen.names, seen.environment, seen.package.source_root)
        self._known: dict[Block, tuple[tuple[str, ...], dict[str, Meaning]]] = {}

    def text(self, block: Block) -> str:
        """The function."""
        return cut.comparable(self._features, block, self.inputs(block))

    def bare(self, copy: Copy, block: Block) -> Copy:
        """The same without parameters: what the notebook gives it are names that anything could be handed in for."""
        given = {name: Meaning("constant", f"given:{name}", name) for name in self.inputs(block)}
        return replace(copy, text=cut.comparable(self._features, block, ()), meanings=copy.meanings | given)

    def inputs(self, block: Block) -> tuple[str, ...]:
        """Names of the notebook that a block reads and does not bind, but for what comes along with a function."""
        return self._read(block)[0]

    def means(self, block: Block) -> dict[str, Meaning]:
        """What the other names mean that it reads and does not bind."""
        return self._read(block)[1]

    def _read(self, block: Block) -> tuple[tuple[str, ...], dict[str, Meaning]]:
        found = self._known.get(block)
        if found is None:
            bound, read = self._touched(block)
            bindings = self._names[block.file].bindings
            inputs: list[str] = []
            means: dict[str, Meaning] = {}
            for name in cut.spelled(self._features, block):
                if name not in read or name in bound:
                    continue
                kinds = {each.binding.kind for each in bindings.get(name, ())}
                if kinds and not kinds <= _BRINGS_ALONG:
                    inputs.append(name)
                else:
                    means[name] = self._meanings.at_rest(block.file, name)
            found = self._known[block] = tuple(inputs), means
        return found

    def _touched(self, block: Block) -> tuple[set[str], set[str]]:
        """Names of the notebook's level that a block binds, and that it reads."""
        bound: set[str] = set()
        read: set[str] = set()
        for cell in range(block.cell, block.last_cell + 1):
            facts = self._features[block.file].cells[cell].facts
            first = block.first if cell == block.cell else 0
            last = block.last if cell == block.last_cell else len(facts.statements)
            bound.update(one.name for one in facts.bindings if first <= one.statement <= last)
            read.update(one.name for one in facts.uses if first <= one.statement <= last)
        return bound, read

    # real places

    def place(self, block: Block) -> Location:
        """Where the first line of a block's text would stand, that of `def`."""
        cell, first, _ = cut.parts_of(self._features, block)[0]
        return location(self._features[block.file], cell, first - 1)

    def first_line(self, block: Block) -> Location:
        cell, first, _ = cut.parts_of(self._features, block)[0]
        return location(self._features[block.file], cell, first)

    def real(self, reason: Reason, members: Sequence[Block]) -> Reason:
        return replace(reason, location=self._at(reason.location, members)) if reason.location else reason

    def contrast(self, one: Contrast, members: Sequence[Block]) -> Contrast:
        return replace(one, left=self._at(one.left, members), right=self._at(one.right, members))

    def words(self, text: str, members: Sequence[Block]) -> str:
        """A sentence with the lines that it names as they are in the notebooks."""

        def real(found: re.Match[str]) -> str:
            place = self._at(Location(found[2], int(found[3]), int(found[1])), members)
            return f"line {place.line} of {place.path} cell {place.cell}"

        return _LINE_OF.sub(real, text)

    def _at(self, place: Location, members: Sequence[Block]) -> Location:
        """A place in a copy's text as one in the notebook: a block may go on in later cells, and has no line for `def`."""
        for member in members:
            begins = self.place(member)
            parts = cut.parts_of(self._features, member)
            lines = [(cell, first + at) for cell, first, part in parts for at in range(len(part))]
            if (place.path, place.cell) == (begins.path, begins.cell) and 0 <= place.line - begins.line <= len(lines):
                cell, line = lines[max(place.line - begins.line - 1, 0)]
                return location(self._features[member.file], cell, line)
        return place


def location(features: Features, cell: int, line: int) -> Location:
    """A place in a notebook by the index of its cell."""
    where = features.cells[cell]
    return Location(features.path, where.number, line, where.id)
