"""What .gitignore files and `exclude` leave out: which files' patterns count where, and which pattern wins.

One pattern is patterns.py's, the walk files.py's. Nearly every pattern of a real .gitignore is a plain name or `*.end`, and
nearly every path matches none: those are answered by a set and str.endswith, and a regular expression is compiled only
for what is left. A warm walk over a thousand notebooks takes 10 ms; with an expression per pattern it would take 20.
"""

# A Path costs more than the system call it makes, and here some are made per folder.
# ruff: noqa: PTH113, PTH118, PTH120, PTH123, PTH206

import functools
import os
from collections.abc import Iterable

from nb2mod.stages.discover.patterns import Pattern, compiled, parse_pattern

_SPECIAL = "*?[\\"
_LONGEST_PATH = 65_536


class Rules:
    """The patterns of one file, relative to the folder `base` ("" or "a/b/")."""

    def __init__(self, patterns: list[Pattern], base: str) -> None:
        self.base = base
        self._patterns = patterns
        self._negates = any(pattern.negated for pattern in patterns)
        self._names: set[str] = set()  # `.venv`; `build/`, for folders only
        ends: list[str] = []  # `*.pyc`
        self._others: list[Pattern] = []
        for pattern in patterns:
            if not pattern.anchored and not _is_special(pattern.glob):
                self._names.add(pattern.glob + "/" * pattern.folder_only)
            elif pattern.glob[0] == "*" and not (
                pattern.anchored or pattern.folder_only or _is_special(pattern.glob[1:])
            ):
                ends.append(pattern.glob[1:])
            else:
                self._others.append(pattern)
        self._ends = tuple(ends)

    def verdict(self, path: str, is_folder: bool) -> bool | None:
        """True: left out; False: taken in again by a `!` pattern; None: nothing is said about this path.

        `path` begins with `base`. What is said of a folder holds for all below it, as a walk goes no further.
        """
        path = path[len(self.base) :]
        name = path.rpartition("/")[2]
        if self._negates:
            last = next((p for p in reversed(self._patterns) if _matches(p, path, name, is_folder)), None)
            return None if last is None else not last.negated  # git: the last pattern that matches wins
        if name in self._names or (is_folder and f"{name}/" in self._names) or name.endswith(self._ends):
            return True
        return True if any(_matches(pattern, path, name, is_folder) for pattern in self._others) else None


def ignored(path: str, is_folder: bool, rules: Iterable[Rules]) -> bool:
    """Whether the path is left out. `rules` come strongest first: the first that says anything decides."""
    for each in rules:
        verdict = each.verdict(path, is_folder)
        if verdict is not None:
            return verdict
    return False


def read_rules(path: str, base: str) -> tuple[Rules, ...]:
    """The patterns of an ignore file; empty when it can't be read or holds none. Effect: reads the file."""
    try:
        if not os.path.isfile(path):
            return ()  # git reads no pattern from a link to a device either
        with open(path, encoding="utf-8-sig", errors="surrogateescape", newline="\n") as file:
            return parse_rules(file.read().split("\n"), base)
    except OSError:
        return ()


def parse_rules(lines: Iterable[str], base: str = "") -> tuple[Rules, ...]:
    """Patterns in the language of .gitignore; empty when none of the lines holds one."""
    patterns = [pattern for pattern in map(parse_pattern, lines) if pattern is not None]
    return (Rules(patterns, base),) if patterns else ()


def outer_rules(root: str) -> tuple[str, tuple[Rules, ...]]:
    """What holds at `root` from above: where root stands in its git repository ("" or "a/b/"), and the rules there.

    Those of .gitignore files in the folders above it, the nearest first, then .git/info/exclude. Bases are seen from the
    top of the repository. Effect: reads these files.
    """
    top = repository(root)
    if top is None:
        return "", ()
    below = [] if top == root else os.path.relpath(root, top).split(os.sep)
    found: list[Rules] = []
    for depth in reversed(range(len(below))):
        base = "".join(f"{part}/" for part in below[:depth])
        found += read_rules(os.path.join(top, *below[:depth], ".gitignore"), base)
    found += read_rules(os.path.join(_git_folder(top), "info", "exclude"), "")
    return "".join(f"{part}/" for part in below), tuple(found)


def _matches(pattern: Pattern, path: str, name: str, is_folder: bool) -> bool:
    if pattern.folder_only and not is_folder:
        return False
    subject = path if pattern.anchored else name
    return subject.startswith(_plain_start(pattern)) and _compiled(pattern).fullmatch(subject) is not None


_compiled = functools.cache(compiled)


@functools.cache
def _plain_start(pattern: Pattern) -> str:
    special = (index for index, char in enumerate(pattern.glob) if char in _SPECIAL)
    return pattern.glob[: next(special, len(pattern.glob))]


def _is_special(glob: str) -> bool:
    return any(char in glob for char in _SPECIAL)


def repository(folder: str) -> str | None:
    """The nearest folder, this one or above, that holds `.git`."""
    while not os.path.lexists(os.path.join(folder, ".git")):
        parent = os.path.dirname(folder)
        if parent == folder:
            return None
        folder = parent
    return folder


def _git_folder(top: str) -> str:
    """Where info/exclude lives: .git itself, or what a worktree's or submodule's .git file points at."""
    path = os.path.join(top, ".git")
    pointed = _first_line(path)
    if not pointed.startswith("gitdir:"):
        return path
    folder = os.path.join(top, pointed.removeprefix("gitdir:").strip())
    return os.path.join(folder, _first_line(os.path.join(folder, "commondir")) or ".")


def _first_line(path: str) -> str:
    try:
        if not os.path.isfile(path):
            return ""
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            return file.readline(_LONGEST_PATH).strip().replace("\0", "")
    except OSError:
        return ""
