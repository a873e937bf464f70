"""STAGE: one file → `Features`. `tree.py` is what a run sees of the disk, `reading.py` turns bytes into facts."""

from nb2mod.stages.index.reading import (
    complete,
    digest,
    outline,
    outline_module,
    read_cell,
    read_cells,
    read_module,
)
from nb2mod.stages.index.tree import Tree

__all__ = ["Tree", "complete", "digest", "outline", "outline_module", "read_cell", "read_cells", "read_module"]
