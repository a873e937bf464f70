"""Takes back the last change that nb2mod made, and nothing that anybody else did since."""

import os
from pathlib import Path

from msgspec import Struct

from nb2mod.errors import Refused
from nb2mod.model import CellEdit, Location
from nb2mod.stages.apply import journal, system, targets, transaction
from nb2mod.stages.apply.records import BadJournal, Step
from nb2mod.stages.apply.recovery import settle_interrupted
from nb2mod.stages.apply.targets import Target, stands_still
from nb2mod.stages.apply.transplant import Trouble, carry


class Refusal(Struct, frozen=True):
    """A place that was not taken back, and why: a clause that can follow a colon."""

    location: Location
    reason: str


class UndoResult(Struct, frozen=True):
    """What `undo` did. `entry` is the id of the change; None: there is none to take back.

    `restored` are the paths whose files changed or went. Without `keep_going`, a `refused` place means that no file was touched
    and the entry stands; with it, `refused` lists what stays, and the entry counts as taken back.
    """

    entry: str | None
    restored: tuple[str, ...] = ()
    refused: tuple[Refusal, ...] = ()


def undo(root: Path, *, keep_going: bool = False) -> UndoResult:
    """Take back the last change that stands. Asked again, it takes back the one before.

    A file that nobody touched since gets its old bytes back; a new one goes, and so do folders made for it, when they are
    empty. In a file that was changed since (run again, edited elsewhere, cells moved), nb2mod's own lines are taken back and
    all else stays. Where those lines were edited themselves, the place is refused by name, and with it the whole undo:
    nothing is written, because a notebook that keeps its import needs the module. `keep_going` takes back the other notebooks,
    leaves every module as it is, and closes the entry.

    Raises Refused when nothing can be written (see `write`), or the journal can't be used.
    """
    root = root.resolve()
    try:
        if not journal.exists(root):
            return UndoResult(None)
        with journal.opened(root):
            settle_interrupted(root)
            ids = journal.standing(root)
            return _undo(root, ids[-1], keep_going) if ids else UndoResult(None)
    except OSError as error:
        raise Refused(
            f"Undo failed: {error.strerror or error} ({error.filename or root}); nothing was changed."
        ) from error


def _undo(root: Path, id_: str, keep_going: bool) -> UndoResult:
    name = f"{id_}.entry"
    try:
        entry, steps = journal.steps(root, name)
    except BadJournal as error:
        raise Refused(
            f"{journal.in_words(root, name, error)} That change can't be undone by nb2mod; remove the file to reach older ones."
        ) from error
    work, refused = _reverse_all(root, steps)
    if refused and keep_going:
        work, refused = _without_modules(work, refused)
    elif refused:
        return UndoResult(id_, (), tuple(refused))
    # Notebooks before the modules they import: at no moment an import leads nowhere.
    transaction.run(root, id_, True, work[::-1], () if refused else entry.folders)
    return UndoResult(id_, tuple(sorted(step.path for step, _ in work)), tuple(refused))


def _reverse_all(root: Path, steps: list[Step]) -> tuple[list[tuple[Step, Target]], list[Refusal]]:
    work: list[tuple[Step, Target]] = []
    refused = []
    for step in steps:
        now = standing_now(root, step)
        wanted = now if isinstance(now, Trouble) else without_edits(step, now)
        if isinstance(wanted, Trouble):
            refused.append(Refusal(location_of(step, wanted.cell), wanted.reason))
        elif isinstance(now, bytes) and now != wanted:
            target = targets.check(root, step.path, now)
            mode = None if target.look is None else target.look.mode
            work.append((Step(step.path, step.place, now, wanted, mode, _mirrored(step)), target))
    return work, refused


def standing_now(root: Path, step: Step) -> bytes | Trouble | None:
    """The file's bytes as they are; None: it is gone. Trouble: something else stands in its place."""
    real = root / step.place
    same_place = stands_still(root, step.place) and Path(os.path.realpath(root / step.path)) == real
    if not same_place or (real.exists() and not real.is_file()):
        return Trouble(0, "something else stands there now: a link, a folder, or another file than the link led to")
    return system.read(real)


def without_edits(step: Step, now: bytes | None) -> bytes | Trouble | None:
    """The file's bytes without nb2mod's edits."""
    if now in (step.before, step.after):
        return step.before
    if now is None:
        return Trouble(0, "it is gone; if it was moved, it still has nb2mod's import")
    return carry(step, now, forward=False)


def _mirrored(step: Step) -> tuple[CellEdit, ...]:
    """The cells of an undo, for the case that it is killed half-way. None where a cell goes: that can't be told as an edit."""
    if any(edit.inserted for edit in step.cells):
        return ()
    return tuple(CellEdit(edit.cell, edit.cell_id, edit.after, edit.before) for edit in step.cells)


def location_of(step: Step, cell: int) -> Location:
    """A cell of the step's file as a person names it."""
    ids = [edit.cell_id for edit in step.cells if edit.cell == cell]
    return Location(step.path, cell, cell_id=ids[0] if len(ids) == 1 else None)


def _without_modules(
    work: list[tuple[Step, Target]], refused: list[Refusal]
) -> tuple[list[tuple[Step, Target]], list[Refusal]]:
    """Leave every module as it is: what was refused may import from any of them, and they from each other."""
    needing = ", ".join(sorted({refusal.location.path for refusal in refused}))
    because = f"it stays as it is, because {needing} may need it"
    staying = [Refusal(Location(step.path), because) for step, _ in work if not _is_notebook(step)]
    return [(step, target) for step, target in work if _is_notebook(step)], refused + staying


def _is_notebook(step: Step) -> bool:
    return bool(step.cells) or step.path.endswith(".ipynb")
