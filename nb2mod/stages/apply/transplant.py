"""Carries a change over to a file that a person has edited since: our spans change, every other byte stays. Pure.

Lines of text live in `lines.py`; here stand files: which cell of a notebook is the one that was changed.
"""

from msgspec import Struct

from nb2mod import notebook as notebooks
from nb2mod.errors import Nb2modError
from nb2mod.model import Cell, CellEdit, Notebook
from nb2mod.stages.apply.lines import carry_text
from nb2mod.stages.apply.records import Step


class Trouble(Struct, frozen=True):
    """Why a change can't be carried over: the cell (0: the file as a whole, or it is no notebook) and a clause about it."""

    cell: int
    reason: str


class Swap(Struct, frozen=True):
    """One cell's text on the side that the file is on, and on the side where it is to go."""

    edit: CellEdit
    base: str
    target: str
    number: int  # where the cell stood on the base side


# By number: the swap that found this cell, and the cell's new text; None for a cell that goes.
Found = dict[int, tuple[Swap, str | None]]


def carry(step: Step, now: bytes, forward: bool) -> bytes | Trouble | None:
    """The file `now`, an edited version of one side of `step`, with the change carried out or, not `forward`, taken back.

    None: the file goes. Trouble: what is to be changed does not stand there exactly, so it may be another's by now.
    """
    base, target = (step.before, step.after) if forward else (step.after, step.before)
    if base is None:
        return Trouble(0, "another file stands there")
    if step.cells:
        return _carry_notebook(step, now, forward)
    if step.path.endswith(".ipynb"):
        return Trouble(0, "it was edited since, and which of its cells nb2mod changed is not known")
    # Latin-1 gives every byte a character, so text in any encoding comes back as it was.
    carried = carry_text(base.decode("latin-1"), (target or b"").decode("latin-1"), now.decode("latin-1"))
    if carried is None:
        return Trouble(0, "what nb2mod wrote there was edited since")
    return None if target is None and not carried.strip() else carried.encode("latin-1")


def _carry_notebook(step: Step, now: bytes, forward: bool) -> bytes | Trouble:
    if forward and any(edit.inserted for edit in step.cells):
        return Trouble(0, "a cell was to be inserted")
    try:
        notebook = notebooks.read(step.path, now)
        found = _find_all(notebook, _swaps(step.cells, forward))
        if isinstance(found, Trouble):
            return found
        return _changed(notebook, found, _raw_sources(step, notebook, found, forward))
    except Nb2modError as error:
        return Trouble(0, f"it can't be read as a notebook any more ({error})")


def _changed(notebook: Notebook, found: Found, raw: dict[int, str]) -> bytes:
    path = notebook.path
    texts = {number: text for number, (_, text) in found.items() if text is not None and number not in raw}
    changed = notebooks.replace_sources(notebook, texts)
    changed = notebooks.restore_sources(notebooks.read(path, changed), raw)
    for number in sorted((number for number, (_, text) in found.items() if text is None), reverse=True):
        changed = notebooks.remove_cell(notebooks.read(path, changed), number)
    return changed


def _raw_sources(step: Step, notebook: Notebook, found: Found, forward: bool) -> dict[int, str]:
    """The JSON of those cells that still stand in the file byte for byte: it goes back byte for byte, odd escapes included."""
    base, target = (step.before, step.after) if forward else (step.after, step.before)
    here, there = notebooks.read(step.path, base or b""), notebooks.read(step.path, target or b"")
    raw = {}
    for number, (swap, text) in found.items():
        from_cell, to_cell = _cell(here, swap.number), _cell(there, swap.edit.cell)
        if (
            text is None
            or from_cell is None
            or to_cell is None
            or (from_cell.source, to_cell.source) != (swap.base, text)
        ):
            continue
        if notebooks.raw_source(here, swap.number) == notebooks.raw_source(notebook, number):
            raw[number] = notebooks.raw_source(there, swap.edit.cell)
    return raw


def _cell(notebook: Notebook, number: int) -> Cell | None:
    cell = notebook.cells[number - 1] if 1 <= number <= len(notebook.cells) else None
    return cell if cell is not None and cell.end else None


def _swaps(edits: tuple[CellEdit, ...], forward: bool) -> list[Swap]:
    if forward:
        return [Swap(edit, edit.before, edit.after, edit.cell) for edit in edits]
    inserted = [edit.cell for edit in edits if edit.inserted]
    return [
        Swap(
            edit, edit.after, edit.before, edit.cell + sum(cell <= edit.cell for cell in inserted if not edit.inserted)
        )
        for edit in edits
    ]


def _find_all(notebook: Notebook, swaps: list[Swap]) -> Found | Trouble:
    """Each swap with a cell of its own."""
    found: Found = {}
    # Cells that still have their id come first, so that a copy of one is not taken for another that is gone.
    rest = [swap for swap in swaps if not _find_by_id(notebook, swap, found)]
    for index, swap in enumerate(rest):
        twins = sum(other.base == swap.base for other in rest[index:])
        if not _find_by_text(notebook, swap, twins, found):
            return _trouble(notebook, swap)
    return found


def _find_by_id(notebook: Notebook, swap: Swap, found: Found) -> bool:
    if swap.edit.cell_id is None:
        return False
    cells = [cell for cell in _free(notebook, found) if cell.id == swap.edit.cell_id]
    # Copied notebooks and old tools give two cells one id; then the one that reads as we left it is ours.
    same = [cell for cell in cells if cell.source == swap.base]
    return _accept(swap, same[0] if same else cells[0] if len(cells) == 1 else None, found)


def _find_by_text(notebook: Notebook, swap: Swap, twins: int, found: Found) -> bool:
    free = _free(notebook, found)
    same = [cell for cell in free if cell.source == swap.base]
    if len(same) == 1 or (same and len(same) == twins):
        return _accept(swap, same[0], found)
    if same:
        return _accept(swap, next((cell for cell in same if cell.number == swap.number), None), found)
    if not swap.base.strip() or swap.edit.inserted:
        return False
    # The cell was edited beside our lines, or split, and has another id: ours if our lines stand in it and nowhere else.
    # Lines that are only missing from the cell leave no trace by which it could be told from others.
    fitting = [cell for cell in free if carry_text(swap.base, swap.target, cell.source, anchored=False) is not None]
    return len(fitting) == 1 and _accept(swap, fitting[0], found, anchored=False)


def _accept(swap: Swap, cell: Cell | None, found: Found, anchored: bool = True) -> bool:
    if cell is None:
        return False
    if swap.edit.inserted:
        if cell.source != swap.base:
            return False
        found[cell.number] = (swap, None)
        return True
    text = carry_text(swap.base, swap.target, cell.source, anchored)
    if text is None:
        return False
    found[cell.number] = (swap, text)
    return True


def _free(notebook: Notebook, found: Found) -> list[Cell]:
    return [cell for cell in notebook.cells if cell.kind == "code" and cell.end and cell.number not in found]


def _trouble(notebook: Notebook, swap: Swap) -> Trouble:
    by_id = [cell for cell in notebook.cells if swap.edit.cell_id is not None and cell.id == swap.edit.cell_id]
    if len(by_id) == 1:
        return Trouble(by_id[0].number, "what nb2mod wrote in this cell was edited since")
    return Trouble(swap.number, "the cell that nb2mod changed is gone, or was edited just where nb2mod wrote")
