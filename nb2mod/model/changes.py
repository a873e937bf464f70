"""Every byte of every changed file, before and after.

--diff, the editor's preview and the real run read this one value.
"""

from msgspec import Struct


class CellEdit(Struct, frozen=True):
    """One cell's source before and after.

    `cell` counts from 1 in the file as it was; `inserted` cells have `before` "".
    """

    cell: int
    cell_id: str | None
    before: str
    after: str
    inserted: bool = False


class Insertion(Struct, frozen=True):
    """Text added to a module: `offset` counts characters in the text as it was before the change."""

    offset: int
    text: str


class FileChange(Struct, frozen=True):
    """One file. `before` is None for a new file. A notebook has `cells`, a text file `insertions`."""

    path: str
    before: bytes | None
    after: bytes
    cells: tuple[CellEdit, ...] = ()
    insertions: tuple[Insertion, ...] = ()


class ChangeSet(Struct, frozen=True):
    """Changes of one run, in order of path."""

    changes: tuple[FileChange, ...] = ()
