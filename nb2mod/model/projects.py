"""What stands where in a project: the files a run looks at, and the package that extracted code goes to."""

from msgspec import Struct


class Found(Struct, frozen=True):
    """The files of one run; paths relative to the root, forward slashes, sorted, each file once whatever links there are.

    `stats` holds (mtime_ns, size, inode) of every path in `notebooks` and `modules`, as they were during the walk.
    `ignored` are the notebooks and folders (with a final "/") left out by .gitignore or `exclude`; what lies below a
    left-out folder is not looked at. `outside` are links that lead out of the root, which are not followed; any other link stands
    for what it leads to. `unreadable` are folders that could not be listed and names that are no text.
    """

    notebooks: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()  # the package's .py files
    stats: dict[str, tuple[int, int, int]] = {}
    ignored: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()
    unreadable: tuple[str, ...] = ()


class Package(Struct, frozen=True):
    """The package that extracted code goes to, whether it stands already or not.

    `name` is the import name, `folder` its directory relative to the root, `source_root` the directory on sys.path.
    `pyproject` is the pyproject.toml that governs the folder, if there is one. `build` is "ours" (a build that nb2mod
    may add dependencies to), "theirs" (packaging of any kind that a person keeps), or "none". `conflicts` are the
    folders that could each be meant, when there are several and nothing tells which: then `name` is only the first.
    `absent` are modules of it, dotted, that others of it import and that no file is.
    """

    name: str
    source_root: str
    folder: str
    exists: bool
    pyproject: str | None = None
    build: str = "none"
    conflicts: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
