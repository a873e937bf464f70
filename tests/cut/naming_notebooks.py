"""Notebooks of a few cells for naming: Markdown by "# …" texts, code by the rest; the last code cell of each holds the block."""

import json

from nb2mod.model import Block, BlockClass, Features
from nb2mod.stages import analyze
from nb2mod.stages.cut import Names
from nb2mod.stages.index import reading


def features_of(path: str, *cells: str) -> Features:
    """A notebook of these cells; those that begin with "md:" are Markdown."""
    listed = [
        {"cell_type": "markdown", "source": cell.removeprefix("md:"), "metadata": {}}
        if cell.startswith("md:")
        else {"cell_type": "code", "source": cell, "metadata": {}, "outputs": [], "execution_count": None}
        for cell in cells
    ]
    data = json.dumps({"cells": listed, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}).encode()
    outline = reading.outline(path, data)
    facts = dict(reading.read_cells((cell.digest, cell.source, False) for cell in outline.cells))
    return reading.complete(outline, facts)


def block_of(file: int, features: Features, cell: int) -> Block:
    """All statements of one code cell (counted from 0) as a block."""
    return Block(file, cell, 0, cell, len(features.cells[cell].facts.statements) - 1)


def naming(*notebooks: Features) -> Names:
    """What gives names over these notebooks."""
    return Names(notebooks, {file: analyze.names_of(file, one) for file, one in enumerate(notebooks)})


def class_of(*blocks: Block) -> BlockClass:
    """Blocks as copies of each other."""
    return BlockClass(b"", blocks, 1, 5, 5)


def name_of(*cells: str) -> str:
    """The name of the last cell of one notebook."""
    one = features_of("a.ipynb", *cells)
    return naming(one).name(class_of(block_of(0, one, len(one.cells) - 1))).name
