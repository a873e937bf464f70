"""Finishes or takes back what a killed nb2mod left half-way."""

from pathlib import Path

from nb2mod.errors import Refused
from nb2mod.stages.apply import journal, settling, transaction
from nb2mod.stages.apply.records import BadJournal


def recover(root: Path) -> str | None:
    """Finish or take back what a kill left half-way in the project at `root`, and remove leftover temporary files.

    To be called when any command begins; where nb2mod never wrote, it costs one question to the file system. Returns a
    sentence for the person when there was something, or when it can't be settled now (then nothing was changed, and `write`
    and `undo` refuse). Never raises for trouble with the journal, the disk, or another nb2mod at work.
    """
    try:
        if not journal.exists(root) or not journal.interrupted(root):
            return None
    except Refused as refusal:
        return str(refusal)
    except OSError as error:
        return (
            f"{journal.home(root)} can't be read ({error.strerror or error}), so it is not known whether all is whole."
        )
    try:
        root = root.resolve()
        with journal.opened(root):
            return settle_interrupted(root)
    except Refused as refusal:
        return str(refusal)
    except OSError as error:
        return (
            f"An nb2mod that was interrupted left files half-way; they can't be settled now: {error.strerror or error}."
        )


def settle_interrupted(root: Path) -> str | None:
    """What `recover` does, for those who hold the lock. Raises Refused when the journal can't be used, and OSError."""
    name = journal.unfinished(root)
    try:
        sentence = None if name is None else _settle(root, name)
    except BadJournal as error:
        raise Refused(
            f"{journal.in_words(root, name or '', error)} It belongs to an nb2mod that was interrupted. Look at what git says "
            "has changed, put right what is half-way, and remove that file."
        ) from error
    journal.clean(root)
    return sentence


def _settle(root: Path, name: str) -> str:
    entry = journal.entry(root, name)
    what = f"the undo of {entry.id}" if entry.undoes else entry.id
    if name == journal.PENDING:
        # Nothing of the project was touched; its folders and temporary files may be there.
        settling.clear(root, entry)
        if not entry.undoes:
            settling.remove_folders(root, entry)
        settling.sync(root, entry)
        journal.drop(root)
        return f"nb2mod was interrupted before it changed anything ({what}); its temporary files were removed."
    if name == journal.COMMITTED:
        left = settling.settle(root, name, forward=True)
        journal.finish(root, name, entry)
        sentence = f"nb2mod was interrupted half-way ({what}); all {len(entry.files)} files are now as it had planned."
    else:
        left = transaction.back(root, name, None)
        sentence = f"nb2mod was interrupted half-way ({what}); all {len(entry.files)} files are as they were before."
    if left:
        sentence += (
            f" Not so {', '.join(left)}: changed since, just where nb2mod was writing. Look there before you go on."
        )
    return sentence
