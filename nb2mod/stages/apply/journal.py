"""The folder `.nb2mod/` in a project's root: which journal files stand in it and what each of them means.

    .gitignore              the folder ignores itself in git
    lock                    who is writing
    pending                 a change is being prepared; no file of the project has been touched: clean up
    committed               a change is decided, files are being replaced: go forward
    reverting               a decided change failed: go back
    000001-extract.entry    a finished change; can be undone …
    000001-extract.undone   … and was: the journal of the undo itself
    *.tmp                   a journal file that was being written

Each file gets its name by one rename once its bytes are durable, so a name that stands there is the truth. An entry stays
when it is undone: nothing that a person might want back is thrown away. Whoever needs the room may delete the folder when no
nb2mod is at work; only `undo` is lost then.
"""

import contextlib
import errno
import os
import re
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

from nb2mod.errors import Refused
from nb2mod.stages.apply import lock, records, system
from nb2mod.stages.apply.records import BadJournal, Entry, Step

PENDING = "pending"
COMMITTED = "committed"
REVERTING = "reverting"

_UNFINISHED = (COMMITTED, REVERTING, PENDING)
_ENTRY = re.compile(r"((\d{6,12})-[a-z][a-z0-9-]*)\.(entry|undone)")


def home(root: Path) -> Path:
    """The journal's folder."""
    return root / ".nb2mod"


def exists(root: Path) -> bool:
    """Whether there is a journal: one question to the file system. Raises Refused when the name is taken by something else."""
    try:
        found = system.call(os.lstat, home(root))
    except (FileNotFoundError, NotADirectoryError):
        return False
    if not stat.S_ISDIR(found.st_mode):
        # A link would lead what nb2mod writes to wherever the author of the repository likes.
        raise Refused(f"{home(root)} must be a folder, and is a link or a file; nothing was changed. Remove it.")
    return True


@contextlib.contextmanager
def opened(root: Path) -> Iterator[None]:
    """Make the folder if need be and hold its lock. Raises Refused when another nb2mod is at work."""
    if not exists(root) and system.make_folder(home(root)):
        system.sync_folder(root)
    if ".gitignore" not in system.names(home(root)):
        _write(root, ".gitignore", [b"*\n"])
    with lock.held(home(root) / "lock"):
        yield


def interrupted(root: Path) -> bool:
    """Whether an nb2mod left something half-way, or is in the middle of it."""
    return any(name in _UNFINISHED or name.endswith(".tmp") for name in system.names(home(root)))


def unfinished(root: Path) -> str | None:
    """The name of the change that is not finished, if there is one."""
    names = system.names(home(root))
    return next((name for name in _UNFINISHED if name in names), None)


def clean(root: Path) -> None:
    """Remove journal files that were never completed."""
    for name in system.names(home(root)):
        if name.endswith(".tmp"):
            system.remove(home(root) / name)


def begin(root: Path, id_: str, token: str, undoes: bool, folders: tuple[str, ...], steps: Sequence[Step]) -> Entry:
    """Make the change's every byte, before and after, durable as `pending`. Returns it as a reader would find it."""
    _write(root, PENDING, records.encode(id_, token, undoes, folders, steps))
    return entry(root, PENDING)


def rename(root: Path, old: str, new: str) -> None:
    """Let a journal file mean something else, durably."""
    system.replace(home(root) / old, home(root) / new)
    system.sync_folder(home(root))


def finish(root: Path, name: str, entry: Entry) -> None:
    """The change is done: from now on it can be undone, or is the undo of one."""
    system.replace(home(root) / name, home(root) / f"{entry.id}.{'undone' if entry.undoes else 'entry'}")
    # All files are in place. Should this last name get lost in a power cut, recover finds `committed` and all done.
    with contextlib.suppress(OSError):
        system.sync_folder(home(root))


def drop(root: Path) -> None:
    """The unfinished change is taken back: forget it."""
    for name in (*_UNFINISHED, f"{PENDING}.tmp"):
        system.remove(home(root) / name)
    system.sync_folder(home(root))


def standing(root: Path) -> list[str]:
    """The ids of the entries that are not undone, oldest first."""
    found = [match for name in system.names(home(root)) if (match := _ENTRY.fullmatch(name))]
    undone = {match[1] for match in found if match[3] == "undone"}
    ids = {match[1] for match in found if match[3] == "entry" and records.valid_id(match[1])} - undone
    return sorted(ids, key=lambda id_: int(id_.partition("-")[0]))


def next_number(root: Path) -> int:
    """A number for the next entry, larger than all before it."""
    return 1 + max((int(match[2]) for name in system.names(home(root)) if (match := _ENTRY.fullmatch(name))), default=0)


def entry(root: Path, name: str) -> Entry:
    """The head of a journal file. Raises BadJournal."""
    start, head, _ = _parts(root, name, whole=False)
    return records.decode_head(start, head)


def steps(root: Path, name: str) -> tuple[Entry, list[Step]]:
    """A journal file with all its bytes. Raises BadJournal."""
    start, head, blobs = _parts(root, name, whole=True)
    found = records.decode_head(start, head)
    return found, [records.unpack(blobs, file) for file in found.files]


def temporary(root: Path, entry: Entry, index: int) -> Path:
    """The temporary file of the change's file number `index`, in the folder of the file that it will become."""
    # Not named after the file: a long name with something added may be too long.
    return (root / entry.files[index].place).parent / f".nb2mod-{entry.token}-{index}.tmp"


def _write(root: Path, name: str, chunks: Sequence[bytes]) -> None:
    path = home(root) / f"{name}.tmp"
    system.remove(path)
    system.create(path, chunks)
    rename(root, path.name, name)


def _parts(root: Path, name: str, whole: bool) -> tuple[bytes, bytes, bytes]:
    path = home(root) / name
    if system.look(path) is None:
        raise BadJournal("it is gone")
    return system.read_parts(path, records.PREFIX, records.head_length, whole)


def in_words(root: Path, name: str, error: BadJournal | OSError) -> str:
    """A sentence for a person about a journal file that can't be used."""
    reason = (error.strerror or str(error)) if isinstance(error, OSError) else str(error)
    if isinstance(error, OSError) and error.errno == errno.EINVAL:
        reason = "it is not a regular file"
    return f"{home(root) / name} can't be used because {reason}; nothing was changed."
