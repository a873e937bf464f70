"""Which files nb2mod may write to: where a path leads, and whether the file there is as it was read. Changes nothing."""

import os
import stat
from pathlib import Path, PurePosixPath

from msgspec import Struct

from nb2mod.errors import Refused
from nb2mod.stages.apply import system

# Nobody's notebooks or modules stand there, and what git finds in .git it may run.
_NEVER = (".git", ".nb2mod")


class Target(Struct, frozen=True):
    """A file that may be written: its place (relative to the root, links resolved), its look, and folders to be made."""

    place: str
    look: system.Look | None
    new_folders: tuple[str, ...] = ()


def wrong_path(path: str) -> str | None:
    """Why `path` can't name a file of a project, in words that follow "which"; None when it can."""
    if not path or "\0" in path:
        return "is no path"
    try:
        path.encode()
    except UnicodeEncodeError:
        return "has a name that is not UTF-8"
    if path.startswith("/") or Path(path).is_absolute():
        return "is not relative to the project"
    parts = path.split("/")
    if os.sep != "/" and os.sep in path:
        return "is not written with forward slashes"
    if any(part in ("", ".", "..") for part in parts):
        return "leads out of the project or round about"
    if any(part.lower() in _NEVER for part in parts):
        return "is not a place for notebooks and modules"
    return None


def place_of(root: Path, path: str) -> str:
    """Where the bytes of `path` lie, relative to the root: links are followed. Raises Refused when that is outside.

    `root` must be resolved.
    """
    if reason := wrong_path(path):
        raise Refused(f"nb2mod does not write to {path!r}, which {reason}; nothing was changed.")
    real = Path(os.path.realpath(root / path))
    if not real.is_relative_to(root):
        raise Refused(f"{path} leads through a link to {real}, outside the project; nothing was changed. Leave it out.")
    place = real.relative_to(root).as_posix()
    if reason := wrong_path(place):
        raise Refused(f"{path} leads through a link to {place!r}, which {reason}; nothing was changed. Leave it out.")
    return place


def stands_still(root: Path, place: str) -> bool:
    """Whether `place`, found earlier, still is where its bytes lie: no link has come in between."""
    return wrong_path(place) is None and Path(os.path.realpath(root / place)) == root / place


def check(root: Path, path: str, before: bytes | None) -> Target:
    """The target for a change that was worked out from `before`. Raises Refused when the file can't or must not be written.

    That is: it is not what it was when it was read, it or its folder is read-only, it lies outside the project.
    """
    place = place_of(root, path)
    real = root / place
    try:
        look = system.look(real)
        if before is None:
            if look is not None or (root / path).is_symlink():
                raise Refused(f"{path} was to be a new file and stands there by now; nothing was changed. {_AGAIN}")
            return Target(place, None, _new_folders(root, path, PurePosixPath(place)))
        now = None if look is None else system.read(real)
    except OSError as error:
        raise Refused(f"{path} can't be used: {error.strerror or error}; nothing was changed.") from error
    if look is None or now is None:
        raise Refused(f"{path} is gone since it was read; nothing was changed. {_AGAIN}")
    if now != before:
        raise Refused(f"{path} has changed since it was read; nothing was changed by nb2mod. {_AGAIN}")
    if not look.mode & 0o222 or not os.access(real, os.W_OK):
        raise Refused(f"{path} is read-only; nothing was changed. Make it writable, or leave it out.")
    _check_folder(root, path, real.parent)
    return Target(place, look)


_AGAIN = "Run the command again."


def _new_folders(root: Path, path: str, place: PurePosixPath) -> tuple[str, ...]:
    """The folders that must be made for `place`, outer ones first."""
    missing: list[str] = []
    for folder in place.parents:
        real = root / folder
        if real.exists():
            _check_folder(root, path, real)
            break
        missing.append(folder.as_posix())
    return tuple(reversed(missing))


def _check_folder(root: Path, path: str, folder: Path) -> None:
    name = "the project's folder" if folder == root else f"the folder {folder.relative_to(root).as_posix()}"
    found = folder.stat()
    if not stat.S_ISDIR(found.st_mode):
        raise Refused(f"{path} can't be written: {name} is a file; nothing was changed.")
    if not found.st_mode & 0o222 or not os.access(folder, os.W_OK | os.X_OK):
        raise Refused(f"{path} can't be written: {name} is read-only; nothing was changed. Make it writable.")
