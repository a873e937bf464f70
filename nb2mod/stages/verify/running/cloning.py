"""One file → a copy that shares its blocks until one of the two is written, where the file system can do that."""

import contextlib
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

_FICLONE = 0x40049409  # linux/fs.h


class Cloner:
    """Copies files. Whether blocks can be shared is tried with the first file; afterwards it is known."""

    def __init__(self) -> None:
        self._share: Callable[[Path, Path], None] | None = _sharing()

    def copy(self, source: Path, target: Path) -> None:
        """`source` as the new file `target`, contents only. Raises OSError; then no `target` is left."""
        try:
            if self._share is not None:
                try:
                    self._share(source, target)
                    return
                except OSError:
                    self._share = None  # another file system, or one that can't
                    target.unlink(missing_ok=True)
            shutil.copyfile(source, target, follow_symlinks=False)
        except BaseException:
            with contextlib.suppress(OSError):
                target.unlink()
            raise


def _sharing() -> Callable[[Path, Path], None] | None:
    known = {"linux": _clone_linux, "darwin": _clone_macos}
    return known.get(sys.platform)


def _clone_linux(source: Path, target: Path) -> None:
    import fcntl

    with source.open("rb") as reading, target.open("xb") as writing:
        fcntl.ioctl(writing.fileno(), _FICLONE, reading.fileno())


def _clone_macos(source: Path, target: Path) -> None:
    import ctypes

    library = ctypes.CDLL(None, use_errno=True)
    if library.clonefile(os.fsencode(source), os.fsencode(target), 0) != 0:
        raise OSError(ctypes.get_errno(), "clonefile")
