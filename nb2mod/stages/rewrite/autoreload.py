"""`nb2mod init --autoreload`: the cell that makes a notebook see later edits of the package."""

from nb2mod.model import CellEdit, Features, FileChange
from nb2mod.notebook import insert_cell, read

SOURCE = "%load_ext autoreload\n%autoreload 2"


def with_autoreload(features: Features, data: bytes) -> FileChange | None:
    """The notebook with the cell before its first code cell; None where it has one, or must not be edited."""
    editable = features.kind == "notebook" and not features.error and features.nbformat >= 4 and not features.paired
    if not editable or not features.cells or any("autoreload" in cell.source for cell in features.cells):
        return None
    first = features.cells[0].number
    after = insert_cell(read(features.path, data), first, SOURCE, ())
    return FileChange(features.path, data, after, cells=(CellEdit(first, None, "", SOURCE, inserted=True),))
