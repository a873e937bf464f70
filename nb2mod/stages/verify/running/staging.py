"""Where scratch copies stand while notebooks run: a folder with a lock, removed afterwards; leftovers of killed runs too."""

import contextlib
import os
import shutil
import stat
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from nb2mod.errors import UsageError

PREFIX = "nb2mod-run-"
_LOCK = "lock"
_YOUNG = 3600.0  # seconds: a folder without a lock file that is younger may be about to get one


@contextlib.contextmanager
def place(root: Path) -> Iterator[Path]:
    """A new empty folder outside of `root`, removed at the end however that comes about.

    Folders that dead processes of this user left behind are removed first. Raises UsageError when there is no place for it.
    """
    above = _outside(root)
    sweep(above)
    try:
        folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=above)).resolve()
    except OSError as error:
        raise UsageError(f"no scratch copy can be made in {above}: {error.strerror}; set TMPDIR to a folder") from error
    descriptor = None
    try:
        descriptor = _held(folder)
        yield folder
    finally:
        if descriptor is not None and sys.platform == "win32":
            os.close(descriptor)  # an open file can't be removed there
        remove(folder)
        if descriptor is not None and sys.platform != "win32":
            os.close(descriptor)


def sweep(above: Path) -> None:
    """Remove scratch folders in `above` that no living process holds. Nothing is raised; what can't be removed stays."""
    with contextlib.suppress(OSError), os.scandir(above) as entries:
        for entry in entries:
            if entry.name.startswith(PREFIX) and _ours(entry):
                with contextlib.suppress(OSError):
                    _remove_if_dead(Path(entry.path))


def remove(folder: Path) -> None:
    """Remove `folder` and all below it, folders without permissions too; links are removed, never followed."""
    shutil.rmtree(folder, ignore_errors=True)
    if os.path.lexists(folder):
        unlock(folder)
        shutil.rmtree(folder, ignore_errors=True)


def unlock(folder: Path) -> None:
    """Give the owner every permission on `folder` and the folders below it. Links are not followed."""
    with contextlib.suppress(OSError):
        if not stat.S_ISDIR(os.lstat(folder).st_mode):
            return
        os.chmod(folder, 0o700)  # noqa: PTH101
        with os.scandir(folder) as entries:
            below = [entry.path for entry in entries if entry.is_dir(follow_symlinks=False)]
        for path in below:
            unlock(Path(path))


def _held(folder: Path) -> int:
    """The folder's lock file, locked. It has its name only then: another process must never see it without its lock."""
    if sys.platform == "win32":  # an open file can't be renamed there
        descriptor = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        _lock(descriptor)
        return descriptor
    making = folder / f"{_LOCK}.new"
    descriptor = os.open(making, os.O_RDWR | os.O_CREAT, 0o600)
    _lock(descriptor)
    making.rename(folder / _LOCK)
    return descriptor


def _outside(root: Path) -> Path:
    above, root = Path(tempfile.gettempdir()).resolve(), root.resolve()
    if above != root and root not in above.parents:
        return above
    if os.access(root.parent, os.W_OK) and root.parent != root:
        return root.parent
    raise UsageError(
        f"the temporary folder {above} lies inside the project; set TMPDIR to a folder outside of it, where notebooks "
        "can run on a copy"
    )


def _ours(entry: os.DirEntry[str]) -> bool:
    try:
        found = entry.stat(follow_symlinks=False)
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and (not hasattr(os, "getuid") or found.st_uid == os.getuid())


def _remove_if_dead(folder: Path) -> None:
    try:
        descriptor = os.open(folder / _LOCK, os.O_RDWR | getattr(os, "O_NOFOLLOW", 0))
    except FileNotFoundError:
        if time.time() - os.lstat(folder).st_mtime > _YOUNG:
            remove(folder)
        return
    try:
        _lock(descriptor)
    except OSError:
        os.close(descriptor)  # a living process holds it
        return
    if sys.platform == "win32":
        os.close(descriptor)
        remove(folder)
    else:
        remove(folder)
        os.close(descriptor)


if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        os.lseek(descriptor, 1 << 30, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
