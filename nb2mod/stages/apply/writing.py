"""Writes a ChangeSet to disk, all or nothing, after making sure that nobody's work gets lost by it."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from nb2mod.errors import Refused
from nb2mod.model import ChangeSet, FileChange
from nb2mod.stages.apply import journal, targets, transaction
from nb2mod.stages.apply.records import BadJournal, Step, valid_id
from nb2mod.stages.apply.recovery import settle_interrupted
from nb2mod.stages.apply.targets import Target
from nb2mod.stages.apply.uncommitted import uncommitted


def write(
    root: Path,
    changes: ChangeSet,
    *,
    named: frozenset[str] = frozenset(),
    allow_dirty: bool = False,
    label: str = "extract",
) -> str:
    """Write every change, or none. Returns the id of the journal entry that `undo` takes back; "" when nothing changes.

    Raises Refused, with every file as it was, when

    - a file is not what it was when it was read, or is to be new and exists;
    - it lies outside the root, directly or through a link; a link that stays inside is followed and stays a link;
    - it, or its folder, is read-only;
    - another nb2mod is writing here, or one that was interrupted can't be settled;
    - git has not got what stands in it, unless it is in `named` (the person meant this file), nb2mod wrote it last and nobody
      touched it since, or `allow_dirty`. An untracked file counts as not committed once the repository has a commit:
      `undo` could bring it back, yet the person would review it in a diff that git can't show. Outside a git repository and
      without git there is no such check;
    - the disk is full, broken, or says no.

    Mode bits are kept. A file with several hard links loses the others: replacing whole files can't keep them. While it
    happens, modules come before the notebooks that import them.
    """
    real = [change for change in changes.changes if change.before != change.after]
    if not real:
        return ""
    if not valid_id(f"000001-{label}"):
        raise ValueError(f"not a label: {label!r}")
    root = root.resolve()
    try:
        with journal.opened(root):
            settle_interrupted(root)
            return _write(root, real, named, allow_dirty, label)
    except OSError as error:
        raise Refused(
            f"Writing failed: {error.strerror or error} ({error.filename or root}); nothing was changed."
        ) from error


def last_written(root: Path) -> Mapping[str, str]:
    """The SHA-256 (hexadecimal) that nb2mod last wrote to each file, by path relative to the root, links resolved.

    What was undone does not count. Journal files that can't be used are left out.
    """
    root = root.resolve()
    found: dict[str, str] = {}
    if not journal.exists(root):
        return found
    for id_ in journal.standing(root):
        try:
            entry = journal.entry(root, f"{id_}.entry")
        except (BadJournal, OSError):
            continue
        found.update((file.place, file.after.digest.hex()) for file in entry.files if file.after is not None)
    return found


def _write(root: Path, changes: list[FileChange], named: frozenset[str], allow_dirty: bool, label: str) -> str:
    work = [_prepared(root, change) for change in sorted(changes, key=lambda change: (bool(change.cells), change.path))]
    _check_each_once(work)
    if not allow_dirty:
        _check_committed(root, work, named)
    id_ = f"{journal.next_number(root):06d}-{label}"
    folders = dict.fromkeys(folder for _, target in work for folder in target.new_folders)
    transaction.run(root, id_, False, work, tuple(folders))
    return id_


def _prepared(root: Path, change: FileChange) -> tuple[Step, Target]:
    target = targets.check(root, change.path, change.before)
    mode = None if target.look is None else target.look.mode
    step = Step(change.path, target.place, change.before, change.after, mode, change.cells)
    return step, target


def _check_each_once(work: list[tuple[Step, Target]]) -> None:
    """One file under two names, by a link or on a disk that ignores case, would get two changes and keep the last."""
    seen: dict[str, str] = {}
    for step, target in work:
        key = step.place.casefold() if target.look is None else f"{target.look.device}:{target.look.inode}"
        if other := seen.get(key):
            raise Refused(
                f"{other} and {step.path} are one file under two names; nothing was changed. Leave one of them out."
            )
        seen[key] = step.path


def _check_committed(root: Path, work: list[tuple[Step, Target]], named: frozenset[str]) -> None:
    asked = [step for step, _ in work if step.before is not None and step.path not in named]
    dirty = uncommitted(root, [step.place for step in asked])
    if not dirty:
        return
    ours = last_written(root)
    for step in asked:
        content = step.before or b""
        if step.place in dirty and ours.get(step.place) != hashlib.sha256(content).hexdigest():
            raise Refused(_not_committed(step.path, is_new=dirty[step.place]))


def _not_committed(path: str, *, is_new: bool) -> str:
    named = "name the file on the command line, " if path.endswith(".ipynb") else ""
    if is_new:
        return f"{path} is not committed yet; nothing was changed. Commit it, {named}or use --allow-dirty."
    return f"{path} has changes that are not committed; nothing was changed. Commit them, {named}or use --allow-dirty."
