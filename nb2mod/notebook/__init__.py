"""LIBRARY: notebooks as files. Bytes ↔ cells, magics ↔ Python; home of nbformat and jupytext, which load on first use only."""

from nb2mod.notebook.directives import is_directive
from nb2mod.notebook.executing import as_node
from nb2mod.notebook.headings import headings_of
from nb2mod.notebook.inserting import insert_cell, remove_cell
from nb2mod.notebook.installs import installs
from nb2mod.notebook.kinds import KINDS, Kind, kind_of
from nb2mod.notebook.masking import mask
from nb2mod.notebook.metadata import locked
from nb2mod.notebook.positions import raw_line
from nb2mod.notebook.reading import peek, read
from nb2mod.notebook.skimming import links, quick
from nb2mod.notebook.validating import validate
from nb2mod.notebook.writing import raw_source, replace_sources, restore_sources

__all__ = [
    "KINDS",
    "Kind",
    "as_node",
    "headings_of",
    "insert_cell",
    "installs",
    "is_directive",
    "kind_of",
    "links",
    "locked",
    "mask",
    "peek",
    "quick",
    "raw_line",
    "raw_source",
    "read",
    "remove_cell",
    "replace_sources",
    "restore_sources",
    "validate",
]
