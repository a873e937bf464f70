"""One nb2mod at a time may write in a project. Who it is stands in the lock file.

The kernel's lock on that file decides: it ends with the process that holds it, so a dead nb2mod never stands in the way and
its lock file is taken over. Where the file system has no locks, the record in the file decides: process id, the moment that
process started (ids are used again) and host.
"""

import contextlib
import errno
import os
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec

from nb2mod.errors import Refused
from nb2mod.stages.apply import system

_PATIENCE = 2.0  # seconds
_HELD = (errno.EACCES, errno.EAGAIN, errno.EDEADLK)
_NO_LOCKS_HERE = (errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.EINVAL)


class Holder(msgspec.Struct, frozen=True):
    """Who holds the lock. `started` tells two processes with one id apart; 0 where the system does not say."""

    pid: int
    started: int
    host: str
    since: str


@contextlib.contextmanager
def held(path: Path) -> Iterator[None]:
    """Hold the lock file `path`. Raises Refused at once when another nb2mod holds it."""
    flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
    descriptor = system.call(os.open, path, flags, 0o666)
    try:
        _take(descriptor, path)
        try:
            _write_record(descriptor, msgspec.json.encode(_ourselves()))
            yield
        finally:
            # The file itself stays: removing it would let a third process lock a new file beside the old one.
            with contextlib.suppress(OSError):
                _write_record(descriptor, b"")
    finally:
        with contextlib.suppress(OSError):
            system.call(os.close, descriptor)


def _take(descriptor: int, path: Path) -> None:
    patience = time.monotonic() + _PATIENCE
    try:
        while True:
            try:
                system.call(_lock, descriptor)
                return
            except OSError as error:
                # Killed while it started git, an nb2mod leaves a child that holds its files open for a moment.
                holder = _read_record(descriptor)
                gone = error.errno in _HELD and holder is not None and not _may_be_alive(holder)
                if not gone or time.monotonic() > patience:
                    raise
            time.sleep(0.02)
    except OSError as error:
        holder = _read_record(descriptor)
        if error.errno in _HELD:
            raise Refused(_at_work(holder)) from error
        if error.errno not in _NO_LOCKS_HERE:
            raise
        if holder is not None and _may_be_alive(holder):
            raise Refused(f"{_at_work(holder)} If it is long gone, remove {path} and run the command again.") from error


def _at_work(holder: Holder | None) -> str:
    who = "" if holder is None else f" (process {holder.pid} on {holder.host}, since {holder.since})"
    return (
        f"Another nb2mod is writing in this project{who}; nothing was changed. Run the command again when it is done."
    )


def _read_record(descriptor: int) -> Holder | None:
    try:
        os.lseek(descriptor, 0, os.SEEK_SET)
        return msgspec.json.decode(os.read(descriptor, 4096), type=Holder)
    except (OSError, msgspec.DecodeError):
        return None


def _write_record(descriptor: int, record: bytes) -> None:
    os.lseek(descriptor, 0, os.SEEK_SET)
    system.call(os.ftruncate, descriptor, 0)
    if record:
        system.call(os.write, descriptor, record)


def _ourselves() -> Holder:
    return Holder(os.getpid(), _started(os.getpid()) or 0, socket.gethostname(), time.strftime("%H:%M:%S"))


def _may_be_alive(holder: Holder) -> bool:
    if holder.host != socket.gethostname():
        return True
    started = _started(holder.pid)
    if started is not None:
        return started == holder.started
    if sys.platform == "win32":
        return True  # os.kill would end the process there
    try:
        os.kill(holder.pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    # Alive, yet the system keeps no start times, or it ended between the two questions.
    return not Path("/proc/self/stat").exists()


def _started(pid: int) -> int | None:
    """When the process started, in the kernel's ticks since boot; None when it is gone or the system does not say."""
    try:
        record = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace")
        # The program's name stands in parentheses and may itself hold blanks and parentheses.
        return int(record.rpartition(")")[2].split()[19])
    except (OSError, ValueError, IndexError):
        return None


if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        # Far behind the record: a locked range can't be read by others there.
        os.lseek(descriptor, 1 << 30, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
