"""Brings every file of a journaled change to its one side: all as after the change, or all as before it.

Used to take back a change that failed and to finish or take back one that was killed. Each file may be replaced already or
not, and a person may have saved over it meanwhile: their edits stay. Can be repeated, also after being killed itself.
"""

import contextlib
import os
from collections.abc import Collection
from pathlib import Path

from nb2mod.stages.apply import journal, system
from nb2mod.stages.apply.records import Entry, Step
from nb2mod.stages.apply.targets import stands_still
from nb2mod.stages.apply.transplant import Trouble, carry


def settle(root: Path, name: str, forward: bool, only: Collection[str] | None = None) -> list[str]:
    """Bring the files of the journal file `name` to their after side, or to their before side.

    `only` limits it to those places. Returns the paths of the files that a person changed just where the change is, so
    that they were left as they are. Raises BadJournal before anything is written, OSError in the middle.
    """
    entry, steps = journal.steps(root, name)
    chosen = [(index, step) for index, step in enumerate(steps) if only is None or step.place in only]
    left = []
    for index, step in chosen if forward else reversed(chosen):
        if not _settle_file(root, journal.temporary(root, entry, index), step, forward):
            left.append(step.path)
    clear(root, entry)
    if forward == entry.undoes:
        remove_folders(root, entry)
    sync(root, entry)
    return left


def clear(root: Path, entry: Entry) -> None:
    """Remove the change's temporary files."""
    for index, file in enumerate(entry.files):
        if stands_still(root, file.place):
            system.remove(journal.temporary(root, entry, index))


def sync(root: Path, entry: Entry) -> None:
    """Make the new names in all folders of the change durable."""
    folders = {(root / file.place).parent for file in entry.files}
    folders |= {(root / folder).parent for folder in entry.folders}
    for folder in sorted(folders):
        if folder.is_dir() and Path(os.path.realpath(folder)) == folder:
            system.sync_folder(folder)


def remove_folders(root: Path, entry: Entry) -> None:
    """Remove the folders that the change made, inner ones first, if nothing is in them but what Python compiled there."""
    for folder in reversed(entry.folders):
        if stands_still(root, folder):
            _remove_compiled(root / folder)
            system.remove_folder(root / folder)


def _settle_file(root: Path, temporary: Path, step: Step, forward: bool) -> bool:
    """Bring one file to its side. False when a person's edit stands where the change is, or the place is no longer ours."""
    real = root / step.place
    if not stands_still(root, step.place) or real.is_dir():
        return False
    other, goal = (step.before, step.after) if forward else (step.after, step.before)
    now = system.read(real)
    if now == goal:
        return True
    if now == other:
        _put(real, temporary, goal, step.mode)
        return True
    if now is None:
        return False
    wanted = carry(step, now, forward)
    if isinstance(wanted, Trouble):
        # Perhaps it is on this side already and was edited there.
        return not isinstance(carry(step, now, not forward), Trouble)
    _put(real, temporary, wanted, step.mode)
    return True


def _put(real: Path, temporary: Path, content: bytes | None, mode: int | None) -> None:
    if content is None:
        system.remove(real)
        return
    look = system.look(real)
    _make_folders(real.parent)
    system.remove(temporary)
    system.create(temporary, [content], look or _unowned(mode))
    system.replace(temporary, real)


def _make_folders(folder: Path) -> None:
    if not folder.exists():
        _make_folders(folder.parent)
        system.make_folder(folder)


def _unowned(mode: int | None) -> system.Look | None:
    """How a file is made again that is gone: with its mode, as ours."""
    if mode is None:
        return None
    user, group = (os.geteuid(), os.getegid()) if hasattr(os, "geteuid") else (0, 0)
    return system.Look(mode, user, group, 0, 0, 0, 0)


def _remove_compiled(folder: Path) -> None:
    compiled = folder / "__pycache__"
    nothing_else = system.names(folder) == ["__pycache__"] and not compiled.is_symlink()
    if not nothing_else or not all(name.endswith(".pyc") for name in system.names(compiled)):
        return
    with contextlib.suppress(OSError):
        for name in system.names(compiled):
            system.remove(compiled / name)
    system.remove_folder(compiled)
