"""The scratch copy in which notebooks run: laid out as the project stands before or after, brought back between runs."""

# ruff: noqa: PTH101, PTH115

import contextlib
import errno
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, NamedTuple

from nb2mod.errors import Nb2modError
from nb2mod.model import RunOptions, Sides
from nb2mod.stages.verify.running import staging, surveying
from nb2mod.stages.verify.running.cloning import Cloner
from nb2mod.stages.verify.running.surveying import Entry

Side = Literal["before", "after"]

_NO_ROOM = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))


class ProjectChanged(Nb2modError):
    """A file of the project changed while notebooks ran: what ran before and after would not start from the same files."""


class _Stamp(NamedTuple):
    """What tells that a file is still the one we wrote. The change time is the file system's own and can't be set back."""

    mode: int
    size: int
    mtime_ns: int
    ctime_ns: int
    inode: int


class Scratch:
    """A copy of the project, always at the same place, so that paths in outputs are the same before and after.

    `root` is the copy and has the project folder's name; `temporary` is where kernels put temporary files; `private` is for
    what sessions need, out of the notebooks' way. `source` is the real project, which is only ever read.
    `package_roots` are folders, relative to the root, that come first on the path; `package` is the package's import name.
    `unreadable` are paths that could not be copied.
    """

    def __init__(
        self,
        source: Path,
        folder: Path,
        sides: Sides,
        options: RunOptions,
        package: str,
        package_roots: tuple[str, ...],
    ) -> None:
        self.source = source.resolve()
        self.root = folder / "copy" / (self.source.name or "project")
        self.temporary = folder / "tmp"
        self.private = folder / "private"
        self.package = package
        self.package_roots = package_roots
        self._folder = folder
        self._sides = sides
        self._options = options
        self._cloner = Cloner()
        self._survey = surveying.survey(self.source, options.links, self.root)
        surveying.check_size(self._survey, options.size_limit)
        self._changes: dict[Side, dict[str, bytes | None]] = {
            "before": surveying.placed(self._survey, sides.before, self.root),
            "after": surveying.placed(self._survey, sides.after, self.root),
        }
        self.unreadable = list(self._survey.unreadable)
        self._written: dict[str, tuple[_Stamp, bytes | None]] = {}
        self._linked: dict[str, dict[str, tuple[int, int, int]]] = {}
        self._see_links()

    def lay(self, side: Side) -> None:
        """Bring the copy to what the project is on that side: only what was changed, added or removed is written.

        Empties the folder of temporary files. Raises ProjectChanged when a file to be restored is no longer what it was,
        Nb2modError when there is no room for the copy.
        """
        try:
            for folder in (self.temporary, self.private):
                staging.remove(folder)
                folder.mkdir(mode=0o700)
            wanted = self._wanted(side)
            self._clear(wanted)
            for path in sorted(wanted):
                self._stand(path, *wanted[path])
        except OSError as error:
            if error.errno not in _NO_ROOM:
                raise
            above = self._folder.parent
            raise Nb2modError(f"no space left in {above} for a copy of the project; set TMPDIR to a folder") from error
        self._see_links()

    def original(self, path: str) -> bytes | None:
        """A file of the real project; None when it is none or can't be read."""
        try:
            return (self.source / path).read_bytes()
        except OSError:
            return None

    def modules(self) -> tuple[str, ...]:
        """Dotted names of the package's modules, on either side."""
        known = self._survey.entries.keys() | self._sides.before.keys() | self._sides.after.keys()
        found = set()
        for root in self.package_roots:
            prefix = "" if root in ("", ".") else f"{root}/"
            for path in known:
                inside = path.removeprefix(prefix)
                if path.startswith(f"{prefix}{self.package}/") and path.endswith(".py"):
                    found.add(inside.removesuffix(".py").removesuffix("/__init__").replace("/", "."))
                elif inside == f"{self.package}.py":
                    found.add(self.package)
        return tuple(sorted(found))

    def link_changes(self) -> tuple[str, ...]:
        """A sentence for each linked folder in which something changed since the copy was laid out."""
        found = []
        for path, real in self._survey.links.items():
            before, now = self._linked[path], surveying.snapshot(real)
            names = sorted(name for name in before.keys() | now.keys() if before.get(name) != now.get(name))
            if names:
                more = f" and {len(names) - 1} more" if len(names) > 1 else ""
                found.append(f"the linked folder {path} changed during the run: {names[0]}{more}; it is the real one")
        return tuple(found)

    def project_changes(self) -> list[str]:
        """Files of the real project that changed since the copy was made, by a notebook or by a person."""
        return surveying.changed(self._survey, surveying.survey(self.source, self._options.links, self.root))

    def _see_links(self) -> None:
        self._linked = {path: surveying.snapshot(real) for path, real in self._survey.links.items()}

    def _wanted(self, side: Side) -> dict[str, tuple[Entry, bytes | None]]:
        """What must stand at each path: an entry, and the bytes of a file that is not as in the real project."""
        wanted: dict[str, tuple[Entry, bytes | None]] = {
            path: (entry, None) for path, entry in self._survey.entries.items() if path not in self.unreadable
        }
        moment = max((entry.mtime_ns for entry in self._survey.entries.values()), default=0)
        for path, data in self._changes[side].items():
            if data is None:
                wanted.pop(path, None)
                continue
            here = self._survey.entries.get(path)
            if here is None or here.kind != "file":
                here = Entry("file", 0o644, 0, moment)
            wanted[path] = (here, data)
            for parent in _parents(path):
                wanted.setdefault(parent, (Entry("folder", 0o755), None))
        return wanted

    def _clear(self, wanted: dict[str, tuple[Entry, bytes | None]]) -> None:
        """Remove what may not stand: added by a run, of another kind, or changed. Never follows a link."""
        for folder in (self.root.parent, self.root):
            if not _is_folder(folder):
                with contextlib.suppress(FileNotFoundError):
                    folder.unlink()
                folder.mkdir(mode=0o700)
        for path, found in _standing(self.root):
            entry, data = wanted.get(path, (None, None))
            kind = _kind(found)
            if entry is not None and kind == "folder" and entry.kind == "folder":
                continue
            if entry is not None and kind == entry.kind == "link" and os.readlink(self.root / path) == entry.target:
                continue
            if entry is not None and kind == entry.kind == "file" and self._written.get(path) == (_stamp(found), data):
                continue
            self._written.pop(path, None)
            if kind == "folder":
                staging.remove(self.root / path)
            else:
                (self.root / path).unlink()

    def _stand(self, path: str, entry: Entry, data: bytes | None) -> None:
        target = self.root / path
        if os.path.lexists(target):
            if entry.kind == "folder":
                os.chmod(target, stat.S_IMODE(entry.mode) | 0o700)
            return
        if entry.kind == "folder":
            target.mkdir(mode=stat.S_IMODE(entry.mode) | 0o700)
        elif entry.kind == "link":
            target.symlink_to(entry.target)
        elif data is not None:
            target.write_bytes(data)
            self._finish(path, target, entry, data)
        elif self._copy(path, target, entry):
            self._finish(path, target, entry, None)

    def _copy(self, path: str, target: Path, entry: Entry) -> bool:
        """Copy a file of the project. False, and told in `unreadable`, when it may not be read."""
        real = self.source / path
        try:
            found = os.lstat(real)
            if (found.st_size, found.st_mtime_ns, found.st_ino) != (entry.size, entry.mtime_ns, entry.inode):
                raise ProjectChanged(f"{path} changed while notebooks ran; run the command again")
            self._cloner.copy(real, target)
        except FileNotFoundError:
            raise ProjectChanged(f"{path} went away while notebooks ran; run the command again") from None
        except PermissionError:
            self.unreadable.append(path)
            return False
        return True

    def _finish(self, path: str, target: Path, entry: Entry, data: bytes | None) -> None:
        os.chmod(target, stat.S_IMODE(entry.mode) | 0o200)
        os.utime(target, ns=(entry.mtime_ns, entry.mtime_ns))
        self._written[path] = (_stamp(os.lstat(target)), data)


@contextlib.contextmanager
def scratch_copy(
    source: Path, sides: Sides, options: RunOptions, package: str = "", package_roots: tuple[str, ...] = ("",)
) -> Iterator[Scratch]:
    """A scratch copy of the project, laid out as "before", removed at the end.

    Raises UsageError when it can't be made, TooBig when the project is past `options.size_limit`, and what `lay` raises.
    """
    with staging.place(source) as folder:
        scratch = Scratch(source, folder, sides, options, package, package_roots)
        scratch.lay("before")
        yield scratch


def _standing(root: Path) -> Iterator[tuple[str, os.stat_result]]:
    """Everything below `root`, folders before what is in them; a folder that is removed meanwhile is not entered."""
    stack = [""]
    while stack:
        folder = stack.pop()
        try:
            entries = list(os.scandir(root / folder))
        except PermissionError:
            staging.unlock(root / folder)
            entries = list(os.scandir(root / folder))
        except FileNotFoundError:
            continue
        for entry in entries:
            path = f"{folder}/{entry.name}" if folder else entry.name
            found = entry.stat(follow_symlinks=False)
            yield path, found
            if stat.S_ISDIR(found.st_mode):
                stack.append(path)


def _kind(found: os.stat_result) -> str:
    if stat.S_ISDIR(found.st_mode):
        return "folder"
    if stat.S_ISLNK(found.st_mode):
        return "link"
    return "file" if stat.S_ISREG(found.st_mode) else "other"


def _stamp(found: os.stat_result) -> _Stamp:
    return _Stamp(found.st_mode, found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)


def _is_folder(path: Path) -> bool:
    try:
        return stat.S_ISDIR(os.lstat(path).st_mode)
    except FileNotFoundError:
        return False


def _parents(path: str) -> Iterator[str]:
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path
