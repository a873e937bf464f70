"""Notebooks as the stage sees them, made of texts, and what it found in words that a test can compare."""

from collections.abc import Iterable, Sequence

from nb2mod.model import Block, BlockClass, CellFeatures, Features
from nb2mod.stages.index import digest, read_cell


def cell(number: int, source: str, **fields: object) -> CellFeatures:
    return CellFeatures(number, None, source, digest(source), read_cell(source), **fields)  # type: ignore[arg-type]


def notebook(path: str, *sources: str) -> Features:
    """A notebook of neighbouring code cells; an empty text stands for a Markdown cell."""
    return Features(path, tuple(cell(number, source) for number, source in enumerate(sources, 1) if source))


def two(*sources: str, other: Sequence[str] = ()) -> list[Features]:
    """Two notebooks with the same cells, or with `other` ones in the second."""
    return [notebook("a.ipynb", *sources), notebook("b.ipynb", *(other or sources))]


def statements(features: Sequence[Features], block: Block) -> list[tuple[int, int]]:
    """(cell, statement) of everything in a block, cells counted from 0."""
    found = []
    for cell in range(block.cell, block.last_cell + 1):
        last = block.last if cell == block.last_cell else len(features[block.file].cells[cell].facts.statements) - 1
        found += [(cell, at) for at in range(block.first if cell == block.cell else 0, last + 1)]
    return found


def texts(features: Sequence[Features], block: Block) -> list[str]:
    """The source of each statement of a block."""
    found = []
    for cell, at in statements(features, block):
        one = features[block.file].cells[cell]
        statement = one.facts.statements[at]
        found.append("\n".join(one.source.split("\n")[statement.line - 1 : statement.end_line]))
    return found


def places(
    features: Sequence[Features], classes: Iterable[BlockClass]
) -> set[frozenset[tuple[str, int, int, int, int]]]:
    """Classes by the paths of their members, whatever their order."""
    return {
        frozenset((features[one.file].path, one.cell, one.first, one.last_cell, one.last) for one in each.members)
        for each in classes
    }
