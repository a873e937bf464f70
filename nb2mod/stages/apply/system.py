"""Every call of this room that touches files, each through one door, `call`, so that tests can make each one fail.

Nothing is decided here: what is written where, and what follows from a failure, stands in the other modules.
"""

import contextlib
import errno
import os
import stat
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import ParamSpec, TypeVar

from msgspec import Struct

P = ParamSpec("P")
T = TypeVar("T")

# Flags that some systems lack count as 0 there. O_BINARY: Windows would translate line ends.
_BINARY_NO_LINK = getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
_NEVER_WAIT = getattr(os, "O_NONBLOCK", 0)  # opening a pipe for reading would wait for its writer


class Look(Struct, frozen=True):
    """What a file looks like from outside. Equal looks: nobody wrote to it in between."""

    mode: int
    user: int
    group: int
    device: int
    inode: int
    size: int
    modified: int


def call(function: Callable[P, T], *arguments: P.args, **options: P.kwargs) -> T:
    """Call `function`. Tests put a door of their own in its place."""
    return function(*arguments, **options)


def look(path: Path) -> Look | None:
    """How the regular file at `path` looks; None when nothing is there. Links are not followed.

    Raises OSError for anything else than a regular file: a folder, a link, a pipe.
    """
    try:
        found = call(os.lstat, path)
    except (FileNotFoundError, NotADirectoryError):
        return None
    if not stat.S_ISREG(found.st_mode):
        raise OSError(errno.EINVAL, "not a regular file", str(path))
    return Look(
        stat.S_IMODE(found.st_mode),
        found.st_uid,
        found.st_gid,
        found.st_dev,
        found.st_ino,
        found.st_size,
        found.st_mtime_ns,
    )


def read(path: Path) -> bytes | None:
    """All bytes of the regular file at `path`; None when nothing is there."""
    if look(path) is None:
        return None
    return call(_read_all, path)


def read_parts(path: Path, first: int, then: Callable[[bytes], int], rest: bool) -> tuple[bytes, bytes, bytes]:
    """The first bytes of a file, as many as `then` says of them, and what follows if `rest`. Links are not followed."""
    return call(_read_parts, path, first, then, rest)


def create(path: Path, chunks: Iterable[bytes], like: Look | None = None) -> None:
    """Make a new file, durable when this returns; mode bits and, where allowed, owner as `like`. Fails if it exists."""
    # Never more open than it will be: a private notebook stays private while its copy is written.
    mode = 0o666 if like is None else like.mode & 0o777
    descriptor = call(os.open, path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY_NO_LINK, mode)
    try:
        for chunk in chunks:
            _write_all(descriptor, chunk)
        if like is not None:
            _make_like(descriptor, like)
        call(os.fsync, descriptor)
    finally:
        call(os.close, descriptor)


def replace(old: Path, new: Path) -> None:
    """Rename, over what is there, in one step."""
    call(os.replace, old, new)


def remove(path: Path) -> None:
    """Remove a file; nothing happens when there is none."""
    with contextlib.suppress(FileNotFoundError, NotADirectoryError):
        call(os.unlink, path)


def make_folder(path: Path) -> bool:
    """Make one folder; False when it is there."""
    try:
        call(os.mkdir, path)
    except FileExistsError:
        return False
    return True


def remove_folder(path: Path) -> None:
    """Remove a folder if it is empty. One that is not, or can't be removed, stays: an empty folder does no harm."""
    with contextlib.suppress(OSError):
        call(os.rmdir, path)


def names(folder: Path) -> list[str]:
    """The names in a folder, sorted; none when there is no folder."""
    try:
        return sorted(call(os.listdir, folder))
    except (FileNotFoundError, NotADirectoryError):
        return []


def sync_folder(folder: Path) -> None:
    """Make the names in `folder` durable, where the system can."""
    if sys.platform == "win32":  # folders can't be opened there; renames are journaled by the file system
        return
    descriptor = call(os.open, folder, os.O_RDONLY | _BINARY_NO_LINK)
    try:
        call(os.fsync, descriptor)
    except OSError as error:
        if error.errno != errno.EINVAL:  # some network file systems do not sync folders at all
            raise
    finally:
        call(os.close, descriptor)


def _read_all(path: Path) -> bytes:
    with os.fdopen(os.open(path, os.O_RDONLY | _BINARY_NO_LINK | _NEVER_WAIT), "rb") as file:
        return file.read()


def _read_parts(path: Path, first: int, then: Callable[[bytes], int], rest: bool) -> tuple[bytes, bytes, bytes]:
    with os.fdopen(os.open(path, os.O_RDONLY | _BINARY_NO_LINK | _NEVER_WAIT), "rb") as file:
        start = file.read(first)
        # A file may claim anything about itself; reading never asks for more than is there.
        head = file.read(min(then(start), os.fstat(file.fileno()).st_size))
        return start, head, file.read() if rest else b""


def _write_all(descriptor: int, chunk: bytes) -> None:
    left = memoryview(chunk)
    while left:
        left = left[call(os.write, descriptor, left) :]


def _make_like(descriptor: int, like: Look) -> None:
    if sys.platform == "win32":
        return
    ours = os.fstat(descriptor)
    if (ours.st_uid, ours.st_gid) != (like.user, like.group):
        # Only a privileged user may give files away. For everyone else a file that stays theirs is as good as black's.
        with contextlib.suppress(PermissionError):
            call(os.fchown, descriptor, like.user, like.group)
    call(os.fchmod, descriptor, like.mode)
