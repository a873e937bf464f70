"""What of a project goes into a scratch copy: its folders, files and links, measured before anything is copied."""

# A Path costs more than the system call it makes, and here one is made per folder and file.
# ruff: noqa: PTH112, PTH115, PTH116, PTH117, PTH118, PTH120

import os
import stat
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from nb2mod.errors import UsageError
from nb2mod.stages.verify.running.staging import PREFIX

_NEVER = frozenset(
    {".git", ".hg", ".svn", ".ipynb_checkpoints", ".virtual_documents", ".nb2mod", ".nox", ".tox", ".eggs"}
    | {".mypy_cache", ".pytest_cache", ".ruff_cache", ".hypothesis", "__pycache__", "node_modules"}
)
_ENVIRONMENT = frozenset({"pyvenv.cfg", "conda-meta"})  # a folder that holds one is a virtual environment
_MANY_LINKS = 40  # one after the other: more are a circle
_TOLD = 3  # folders that the message of a project too big names


class TooBig(UsageError):
    """The project is bigger than the limit for scratch copies."""


class Entry(NamedTuple):
    """One thing in the project. `target` is where a link must point in the copy."""

    kind: str  # "folder", "file", "link"
    mode: int = 0
    size: int = 0
    mtime_ns: int = 0
    inode: int = 0
    target: str = ""


class Survey(NamedTuple):
    """What goes into the copy, by path relative to the root; what can't be read; and the real folders that stand as links."""

    entries: dict[str, Entry]
    unreadable: tuple[str, ...]
    links: dict[str, str]


def survey(root: Path, links: Iterable[str], copy: Path) -> Survey:
    """Everything below `root` that a scratch copy at `copy` holds. Version control, environments and caches are left out.

    The folders in `links` become links to the real ones. Links stay links: those inside the root lead into the copy, others
    where they led. Sockets, pipes and devices are left out. Raises UsageError for a link that names no folder of the project.
    """
    top = os.path.realpath(root)
    linked = dict(_linked(top, name) for name in links)
    entries = {"": Entry("folder", os.stat(top).st_mode)}
    unreadable: list[str] = []
    stack = [""]
    while stack:
        folder = stack.pop()
        try:
            with os.scandir(os.path.join(top, folder)) as found:
                children = sorted(found, key=lambda child: child.name)
        except OSError:
            unreadable.append(f"{folder}/")
            entries.pop(folder, None)
            continue
        if folder and not _ENVIRONMENT.isdisjoint(child.name for child in children):
            del entries[folder]
            continue
        for child in children:
            path = f"{folder}/{child.name}" if folder else child.name
            entry = _entry(child, path, top, str(copy), linked)
            if entry is not None:
                entries[path] = entry
                if entry.kind == "folder":
                    stack.append(path)
    return Survey(entries, tuple(sorted(unreadable)), linked)


def placed(found: Survey, changes: Mapping[str, bytes | None], copy: Path) -> dict[str, bytes | None]:
    """`changes` by where they stand in a copy at `copy`: links on the way to them followed, as writing there would follow them.

    A link that `changes` removes is not followed. Raises UsageError for what would stand outside of the copy.
    """
    links = {path: entry for path, entry in found.entries.items() if entry.kind == "link" and path not in changes}
    gone = {_place(path, links, found.links, str(copy)): None for path, data in changes.items() if data is None}
    there = {_place(path, links, found.links, str(copy)): data for path, data in changes.items() if data is not None}
    return {**gone, **there}


def check_size(found: Survey, limit: int) -> None:
    """Raises TooBig when the files are bigger than `limit` together; the message names the biggest folders."""
    sizes: Counter[str] = Counter()
    for path, entry in found.entries.items():
        if entry.kind == "file":
            sizes[path.rpartition("/")[0]] += entry.size
    total = sizes.total()
    if total <= limit:
        return
    biggest = [(folder, size) for folder, size in sizes.most_common(_TOLD) if size * 20 > total]
    named = ", ".join(f"{folder or 'the root'} ({spelled(size)})" for folder, size in biggest)
    suggested = next((folder for folder, _ in biggest if folder), None)
    advice = f"give --link-data {suggested or 'FOLDER'} to link a folder instead of copying it, or raise the limit"
    raise TooBig(
        f"expected at most {spelled(limit)} to copy, found {spelled(total)}"
        + (f", most of it in {named}" if named else "")
        + f"; {advice}"
    )


def snapshot(folder: str) -> dict[str, tuple[int, int, int]]:
    """(size, mtime_ns, inode) of every file below a real folder. What can't be read is left out."""
    found = {}
    for parent, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(parent, name)
            try:
                seen = os.lstat(path)
            except OSError:
                continue
            found[os.path.relpath(path, folder).replace(os.sep, "/")] = (seen.st_size, seen.st_mtime_ns, seen.st_ino)
    return found


def changed(before: Survey, now: Survey) -> list[str]:
    """Files and links of the project that are not what they were, sorted. Folders count by what is in them."""

    def files(entries: Mapping[str, Entry]) -> dict[str, Entry]:
        return {path: entry for path, entry in entries.items() if entry.kind != "folder"}

    old, new = files(before.entries), files(now.entries)
    return sorted(path for path in old.keys() | new.keys() if old.get(path) != new.get(path))


def spelled(size: int) -> str:
    """A size as a person writes it."""
    value = float(size)
    for unit in ("bytes", "KB", "MB"):
        if value < 1024:
            return f"{value:.0f} {unit}"
        value /= 1024
    return f"{value:.1f} GB"


def _linked(top: str, name: str) -> tuple[str, str]:
    path = os.path.normpath(os.path.join(top, name))
    relative = os.path.relpath(path, top).replace(os.sep, "/")
    if relative == "." or relative.startswith("../") or os.path.isabs(relative):
        raise UsageError(f"--link-data {name}: expected a folder inside the project {top}")
    if not os.path.isdir(path):
        raise UsageError(f"--link-data {name}: no such folder in the project {top}")
    return relative, os.path.realpath(path)


def _entry(child: os.DirEntry[str], path: str, top: str, copy: str, linked: Mapping[str, str]) -> Entry | None:
    if path in linked:
        return Entry("link", target=linked[path])
    if child.name in _NEVER or child.name.startswith(PREFIX):
        return None
    try:
        found = child.stat(follow_symlinks=False)
        if stat.S_ISLNK(found.st_mode):
            return Entry("link", target=_target(child.path, top, copy))
    except OSError:
        return None  # gone since the folder was listed
    if stat.S_ISDIR(found.st_mode):
        return Entry("folder", found.st_mode)
    if stat.S_ISREG(found.st_mode):
        return Entry("file", found.st_mode, found.st_size, found.st_mtime_ns, found.st_ino)
    return None


def _target(link: str, top: str, copy: str) -> str:
    """Where a link points in the copy: inside the root the same place of the copy, else where it really points."""
    text = os.readlink(link)
    absolute = os.path.normpath(os.path.join(os.path.dirname(link), text))
    if absolute != top and not absolute.startswith(os.path.join(top, "")):
        return text if os.path.isabs(text) else absolute
    return os.path.join(copy, os.path.relpath(absolute, top)) if os.path.isabs(text) else text


def _place(path: str, links: Mapping[str, Entry], linked: Mapping[str, str], copy: str) -> str:
    place = path
    for _ in range(_MANY_LINKS):
        parts = place.split("/")
        above = next((link for n in range(1, len(parts)) if (link := "/".join(parts[:n])) in links), None)
        if above is None:
            return place
        if above in linked:
            raise UsageError(
                f"--link-data {above}: {path} is in it and differs, and a linked folder is one and the same before and after; "
                "leave the option out, or name a folder inside that holds data only"
            )
        led = os.path.normpath(os.path.join(copy, os.path.dirname(above), links[above].target))
        if not led.startswith(os.path.join(copy, "")):
            break
        place = "/".join((os.path.relpath(led, copy).replace(os.sep, "/"), *parts[above.count("/") + 1 :]))
    raise UsageError(
        f"{path} lies outside of the project, where the link {above} leads; only what is inside can be copied"
    )
