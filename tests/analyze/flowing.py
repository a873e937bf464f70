"""What the tests of blocks share: small notebooks as texts, and one block of them marked or named."""

from collections.abc import Sequence
from typing import Any

from msgspec.structs import replace

from nb2mod.model import Block, BlockFlow, CellFeatures, Features
from nb2mod.stages.analyze import flow_of, names_of
from nb2mod.stages.index.reading import digest, read_cell

BEGIN, END = "#[", "#]"


def notebook(cells: Sequence[str], **more: Any) -> Features:
    """Features of a notebook with these code cells; `more` is said of every cell."""
    found = tuple(
        CellFeatures(number, f"id{number}", source, digest(source), read_cell(source), **more)
        for number, source in enumerate(cells, 1)
    )
    return Features("a.ipynb", found)


def marked(cells: Sequence[str]) -> Block:
    """The block between the lines `#[` and `#]`."""
    places = {}
    for mark in (BEGIN, END):
        for cell, source in enumerate(cells):
            lines = source.split("\n")
            if mark in lines:
                places[mark] = (cell, lines.index(mark) + 1)
    (first_cell, begin), (last_cell, end) = places[BEGIN], places[END]
    above = [s.line for s in read_cell(cells[first_cell]).statements if s.line < begin]
    inside = [s.line for s in read_cell(cells[last_cell]).statements if s.line < end]
    return Block(0, first_cell, len(above), last_cell, len(inside) - 1)


def flow(*cells: str, raises: int | None = None) -> BlockFlow:
    """What flows through the marked block. `raises` is the index of a cell that is expected to raise."""
    features = notebook(cells)
    if raises is not None:
        changed = tuple(replace(cell, raises=True) if n == raises else cell for n, cell in enumerate(features.cells))
        features = replace(features, cells=changed)
    return flow_of(features, names_of(0, features), marked(cells))


def codes(found: BlockFlow, *effects: str) -> list[str]:
    """The codes of the reasons with these effects; by default those that block or want a review."""
    return [reason.code for reason in found.reasons if reason.effect in (effects or ("blocks", "review"))]
