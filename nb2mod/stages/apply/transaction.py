"""One change of many files, all or nothing.

    journal durable as `pending` → new folders, temporary files beside their targets → one last look at the targets
    → journal becomes `committed` → each temporary file replaces its target → journal becomes the finished entry

Whatever fails on the way is taken back before the caller hears of it; a kill is settled by the next nb2mod (`recovery`).
The lock is held by the caller, who has also checked the targets.
"""

import contextlib
import secrets
from collections.abc import Sequence
from pathlib import Path

from nb2mod.errors import Refused
from nb2mod.stages.apply import journal, settling, system
from nb2mod.stages.apply.records import BadJournal, Entry, Step
from nb2mod.stages.apply.targets import Target


def run(root: Path, id_: str, undoes: bool, work: Sequence[tuple[Step, Target]], folders: tuple[str, ...]) -> None:
    """Carry out the steps in their order. Raises Refused when that fails, and then every file is as it was.

    `folders` are new ones to be made, outer ones first; for an undo those to be removed where they are empty.
    """
    done: list[str] = []
    try:
        entry = journal.begin(root, id_, secrets.token_hex(4), undoes, folders, [step for step, _ in work])
        _stage(root, entry, work)
        _look_again(root, work)
        journal.rename(root, journal.PENDING, journal.COMMITTED)
        _swap(root, entry, work, done)
        if undoes:
            settling.remove_folders(root, entry)
        settling.sync(root, entry)
        journal.finish(root, journal.COMMITTED, entry)
    # Ctrl-C and a polite kill are taken back as well; anything harsher leaves no time and is settled by the next run.
    except (OSError, BadJournal) as error:
        _take_back(root, done, error)
        raise Refused(f"Writing failed: {_in_words(error)}. Nothing was changed: every file is as it was.") from error
    except (Exception, KeyboardInterrupt, SystemExit) as error:
        _take_back(root, done, error)
        raise


def _stage(root: Path, entry: Entry, work: Sequence[tuple[Step, Target]]) -> None:
    if not entry.undoes:
        for folder in entry.folders:
            system.make_folder(root / folder)
    for index, (step, target) in enumerate(work):
        if step.after is not None:
            system.create(journal.temporary(root, entry, index), [step.after], target.look)


def _look_again(root: Path, work: Sequence[tuple[Step, Target]]) -> None:
    for step, target in work:
        _check_look(root, step, target)


def _check_look(root: Path, step: Step, target: Target) -> None:
    if system.look(root / step.place) != target.look:
        raise Refused(f"{step.path} was saved by someone else just now; nothing was changed by nb2mod. Run it again.")


def _swap(root: Path, entry: Entry, work: Sequence[tuple[Step, Target]], done: list[str]) -> None:
    for index, (step, target) in enumerate(work):
        # No system offers "replace it if it is still the one I know". Between this look and the next call lie microseconds.
        _check_look(root, step, target)
        # Noted before it happens: whether a call that failed did something is for `settle` to see.
        done.append(step.place)
        if step.after is None:
            system.remove(root / step.place)
        else:
            system.replace(journal.temporary(root, entry, index), root / step.place)


def _take_back(root: Path, done: list[str], error: BaseException) -> None:
    """Bring every file back to what it was, after `error`. Raises Refused when that fails too."""
    try:
        name = journal.unfinished(root)
        if name is not None:
            left = back(root, name, done)
        else:
            left = []
            journal.drop(root)
    except (OSError, BadJournal) as second:
        raise Refused(
            f"Writing failed: {_in_words(error)}; and so did taking it back: {_in_words(second)}. "
            "When that is put right, the next nb2mod command finishes or takes back the rest, so that all is new or all is old."
        ) from error
    if left:
        raise Refused(
            f"Writing failed: {_in_words(error)}. All was taken back but {', '.join(left)}, which someone edited meanwhile "
            "just where nb2mod had written; look at it before you go on."
        ) from error


def back(root: Path, name: str, done: Sequence[str] | None) -> list[str]:
    """Take back the unfinished change `name` of which the places `done` may have been replaced (None: any of them).

    Returns the paths of files that a person changed just there, which stay as they are.
    """
    if name == journal.COMMITTED:
        # Should this be killed, the next run goes back as well. If it can't be noted: it would go forward, as whole.
        with contextlib.suppress(OSError):
            journal.rename(root, journal.COMMITTED, journal.REVERTING)
        name = journal.unfinished(root) or name
    left = settling.settle(root, name, forward=False, only=done)
    journal.drop(root)
    return left


def _in_words(error: BaseException) -> str:
    if isinstance(error, OSError):
        return f"{error.strerror or error}" + (f" ({error.filename})" if error.filename else "")
    return str(error) or type(error).__name__
