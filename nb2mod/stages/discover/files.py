"""The walk: paths → the notebooks and modules of a run. What patterns leave out is decided in ignore.py."""

# A Path costs more than the system call it makes, and here one is made per folder and file.
# ruff: noqa: PTH112, PTH113, PTH116, PTH118

import os
from pathlib import Path

from nb2mod.config import Config
from nb2mod.errors import ConfigError, UsageError
from nb2mod.model.projects import Found
from nb2mod.stages.discover.ignore import Rules, ignored, outer_rules, parse_rules, read_rules
from nb2mod.stages.discover.packages import standing

SUFFIX = ".ipynb"

# Never entered, whatever the patterns say: copies, other people's code, caches.
_NEVER = frozenset(
    {".git", ".hg", ".svn", ".ipynb_checkpoints", ".virtual_documents", ".nb2mod", ".nox", ".tox", ".eggs"}
    | {".mypy_cache", ".pytest_cache", ".ruff_cache", ".hypothesis", "__pycache__", "node_modules", "site-packages"}
)
_ENVIRONMENT = frozenset({"pyvenv.cfg", "conda-meta"})  # a folder that holds one is a virtual environment


def find(root: Path, config: Config, paths: tuple[Path, ...]) -> Found:
    """The notebooks under `paths` and the modules of the package, each with its stat.

    Without paths, what the configuration's `notebooks` says and its `exclude` does not. Relative paths are seen from the working
    directory. A named file is taken even if patterns leave it out, a named folder is walked even so. A path that does not exist,
    can't be read, is no notebook or lies outside the root is a UsageError (a ConfigError when the configuration named it).
    Effect: lists folders and reads .gitignore files; no notebook is opened.
    """
    top = os.path.realpath(root)
    walk = _Walk(top, config.exclude, SUFFIX)
    for path in paths:
        walk.take(_named(top, path))
    for name in () if paths else config.notebooks:
        start = _configured(top, name)
        if not walk.left_out(start):
            walk.take(start)
    modules = _Walk(top, config.exclude, ".py")
    package = standing(Path(top), config)
    if package is not None:
        modules.take(package)
    return Found(
        notebooks=tuple(sorted(walk.found)),
        modules=tuple(sorted(modules.found)),
        stats=walk.found | modules.found,
        ignored=tuple(sorted(walk.ignored)),
        outside=tuple(sorted(walk.outside)),
        unreadable=tuple(sorted(walk.unreadable | modules.unreadable)),
    )


def _named(top: str, path: Path) -> str:
    """A path of the command line as seen from the root: "" for the root itself."""
    if not os.path.lexists(path):
        raise UsageError(f"{path}: no such file or folder")
    real = os.path.realpath(path)
    relative = _relative(top, real)
    if relative is None:
        raise UsageError(f"{path}: lies outside the project {top}; run nb2mod in the project it belongs to")
    if not os.access(real, os.R_OK):
        raise UsageError(f"{path}: can't be read: " + ("no permission" if os.path.lexists(real) else "broken link"))
    if not os.path.isdir(real) and not real.endswith(SUFFIX):
        raise UsageError(f"{path}: expected a notebook ({SUFFIX}) or a folder")
    return relative


def _configured(top: str, name: str) -> str:
    path = os.path.join(top, name)
    try:
        return _named(top, Path(path))
    except UsageError as error:
        reason = str(error).removeprefix(f"{Path(path)}: ")
        raise ConfigError(f'[tool.nb2mod] notebooks: "{name}": {reason}') from None


def _relative(top: str, real: str) -> str | None:
    """The real path as seen from the root, forward slashes; None when it lies outside."""
    if real == top:
        return ""
    inside = real.startswith(os.path.join(top, ""))
    return os.path.relpath(real, top).replace(os.sep, "/") if inside else None


class _Walk:
    """One pass over folders for files that end in `suffix`. What it saw stands in its attributes.

    Every path is the real one, so a file is there once however many links lead to it, and no link makes a loop.
    """

    def __init__(self, top: str, exclude: tuple[str, ...], suffix: str) -> None:
        self.found: dict[str, tuple[int, int, int]] = {}
        self.ignored: set[str] = set()
        self.outside: set[str] = set()
        self.unreadable: set[str] = set()
        self._top = top
        self._suffix = suffix
        self._prefix, self._outer = outer_rules(top)
        self._exclude = parse_rules(exclude, self._prefix)
        self._entered: set[str] = set()
        self._links: list[str] = []

    def take(self, start: str) -> None:
        """The file `start`, or all below the folder `start`, patterns that leave out the folder itself notwithstanding."""
        path = os.path.join(self._top, start)
        if not os.path.isdir(path):
            self._add(start, os.stat(path))
            return
        rules, out = self._rules_above(start)
        exclude, self._exclude = self._exclude, () if out else self._exclude
        self._folders(start, () if out else rules, named=True)
        self._exclude = exclude
        while self._links:
            link = self._links.pop()
            try:
                self._follow(link)
            except OSError:
                self.unreadable.add(_shown(link))

    def left_out(self, start: str) -> bool:
        """Whether `exclude` leaves out `start` or a folder above it; remembered as ignored."""
        is_folder = os.path.isdir(os.path.join(self._top, start))
        parts = start.split("/") if start else []
        for count in range(1, len(parts) + 1):
            path = "/".join(parts[:count])
            if ignored(self._prefix + path, is_folder or count < len(parts), self._exclude):
                self.ignored.add(path if count == len(parts) and not is_folder else f"{path}/")
                return True
        return False

    def _folders(self, start: str, rules: tuple[Rules, ...], named: bool = False) -> None:
        """Everything below `start`; `rules` are those of the folders above it."""
        stack = [(f"{start}/" if start else "", rules)]
        while stack:
            base, above = stack.pop()
            if base in self._entered:
                continue
            self._entered.add(base)
            entries = self._listed(base)
            names = {entry.name for entry in entries}
            if not named and not _ENVIRONMENT.isdisjoint(names):
                continue
            named = False
            if ".gitignore" in names:
                above = read_rules(os.path.join(self._top, base, ".gitignore"), self._prefix + base) + above
            for entry in entries:
                if self._is_entered(base, entry, above):
                    stack.append((f"{base}{entry.name}/", above))

    def _listed(self, base: str) -> list["os.DirEntry[str]"]:
        try:
            with os.scandir(os.path.join(self._top, base)) as entries:
                return list(entries)
        except OSError:
            self.unreadable.add(base or ".")
            return []

    def _is_entered(self, base: str, entry: "os.DirEntry[str]", rules: tuple[Rules, ...]) -> bool:
        """As `_entry`; what can't be asked about (a folder of names only, a file that went meanwhile) is told, not raised."""
        try:
            return self._entry(base, entry, rules)
        except OSError:
            self.unreadable.add(_shown(base + entry.name))
            return False

    def _entry(self, base: str, entry: "os.DirEntry[str]", rules: tuple[Rules, ...]) -> bool:
        """Takes in a file; says whether the entry is a folder to enter."""
        name = entry.name
        path = base + name
        if entry.is_dir(follow_symlinks=False):
            if name in _NEVER or name.startswith(".Trash"):
                return False
            if not _is_text(name):
                self.unreadable.add(_shown(path))
                return False
            out = self._is_out(path, True, rules)
            if out:
                self.ignored.add(f"{path}/")
            return not out
        if entry.is_symlink():
            self._links.append(path)
        elif name.endswith(self._suffix) and not name.startswith("._") and entry.is_file(follow_symlinks=False):
            if not _is_text(name):
                self.unreadable.add(_shown(path))
            elif self._is_out(path, False, rules):
                self.ignored.add(path)
            else:
                self._add(path, entry.stat(follow_symlinks=False))
        return False

    def _is_out(self, path: str, is_folder: bool, rules: tuple[Rules, ...]) -> bool:
        path = self._prefix + path
        return ignored(path, is_folder, self._exclude) or ignored(path, is_folder, rules)

    def _add(self, path: str, stat: os.stat_result) -> None:
        self.found[path] = (stat.st_mtime_ns, stat.st_size, stat.st_ino)

    def _follow(self, link: str) -> None:
        """Takes what a link leads to, under its real name, unless patterns leave that out or it lies outside."""
        real = os.path.realpath(os.path.join(self._top, link))
        is_folder = os.path.isdir(real)
        if not is_folder and not (real.endswith(self._suffix) and os.path.isfile(real)):
            return
        path = _relative(self._top, real)
        if path is None:
            self.outside.add(_shown(link))
            return
        if path in self.found or f"{path}/" in self._entered or not path or not _NEVER.isdisjoint(path.split("/")):
            return
        rules, out = self._rules_above(path)
        if out:
            self.ignored.add(f"{path}/" if is_folder else path)
        elif is_folder:
            self._folders(path, rules)
        else:
            self._add(path, os.stat(real))

    def _rules_above(self, path: str) -> tuple[tuple[Rules, ...], bool]:
        """The rules of all folders above `path`, strongest first, and whether they leave out it or a folder above it."""
        rules, base, out = self._outer, "", False
        is_folder = os.path.isdir(os.path.join(self._top, path))
        parts = path.split("/") if path else []
        for index, part in enumerate(parts):
            rules = read_rules(os.path.join(self._top, base, ".gitignore"), self._prefix + base) + rules
            out = out or self._is_out(base + part, is_folder or index + 1 < len(parts), rules)
            base = f"{base}{part}/"
        return rules, out


def _is_text(name: str) -> bool:
    """Whether a name of the file system is valid Unicode, so that it can stand in reports, JSON and SQLite."""
    return name.isascii() or not any("\ud800" <= char <= "\udfff" for char in name)


def _shown(path: str) -> str:
    return path.encode("utf-8", "backslashreplace").decode("utf-8")
