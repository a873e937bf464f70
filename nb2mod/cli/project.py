"""From what was typed to a Request: which project, its settings, and the paths in it."""

import os
from collections.abc import Sequence
from pathlib import Path

from nb2mod import settings
from nb2mod.cli.terminal import Terminal
from nb2mod.errors import UsageError
from nb2mod.model import Location, Report
from nb2mod.pipeline import Request, recover

_MARKS = (".git", "pyproject.toml", "setup.py")


def opened(
    terminal: Terminal, paths: Sequence[Path] = (), config: Path | None = None, whole: Path | None = None
) -> Request:
    """The project that `paths` (or the current folder) belong to, whole: what a killed run left half-way is settled first.
    `whole` is the one notebook that is to become a module.

    Raises UsageError for paths that are not there or belong to different projects. Effect: may write, by `recover`.
    """
    named = tuple(_existing(path) for path in (paths if whole is None else [whole]))
    root = _root(named)
    request = Request(root=root, config=settings.load(root, config), paths=named, whole=whole is not None)
    _settle(terminal, root)
    return request


def refuse_here_alone(paths: Sequence[Path] | None, *, here: bool) -> None:
    """Raises UsageError for `--here` that names no place."""
    if here and not paths:
        raise UsageError("--here looks at PATHS alone: name a notebook or a folder, or leave --here out")


def tell_unmatched(report: Report, terminal: Terminal) -> None:
    """Notes on names that were to be ignored and are no candidate's: likely a slip of the pen."""
    for pattern in report.unmatched:
        terminal.note(f"--ignore {pattern}: no candidate has that name; nothing was left out for it")


def folder(terminal: Terminal, path: Path | None) -> Path:
    """The project's root, for commands that need no settings: undo works with a broken pyproject.toml. As `opened` else."""
    root = _root([_existing(path)] if path else [])
    _settle(terminal, root)
    return root


def unreadable(request: Request, report: Report) -> list[str]:
    """Why files that were named on the command line could not be read: a sentence each."""
    named = {_relative(path, request.root) for path in request.paths if path.is_file()}
    broken = [
        diagnostic
        for diagnostic in report.diagnostics
        if diagnostic.code == "NB404" and (diagnostic.location or Location("")).path in named
    ]
    return [f"{one.location.path}: {one.message}" for one in broken if one.location]


def nothing_to_check(report: Report) -> list[str]:
    """Why a check that looked at nothing must not pass: a sentence, or none where there were notebooks."""
    if report.summary.notebooks:
        return []
    return [
        f"expected notebooks to check under {report.root}, found none; name a folder with .ipynb files, or see `notebooks` and "
        "`exclude` in the settings"
    ]


def _settle(terminal: Terminal, root: Path) -> None:
    told = recover(root)
    if told:
        terminal.warn(told)


def _existing(path: Path) -> Path:
    if not os.path.lexists(path):
        raise UsageError(f"{path}: no such file or folder")
    return path.absolute()


def _root(named: Sequence[Path]) -> Path:
    here = settings.find_root(Path.cwd())
    roots = {_root_of(path, here): path for path in named}
    if len(roots) > 1:
        (first, one), (second, other) = list(roots.items())[:2]
        raise UsageError(
            f"{one} belongs to the project {first}, {other} to {second}; run nb2mod once for each, or in a folder that holds both"
        )
    return next(iter(roots), here)


def _root_of(path: Path, here: Path) -> Path:
    """The project of one path. A folder that nothing marks as a project is one only when the current project is elsewhere."""
    found = settings.find_root(path)
    marked = any(os.path.lexists(found / mark) for mark in _MARKS)
    return here if not marked and path.is_relative_to(here) else found


def _relative(path: Path, root: Path) -> str:
    return os.path.relpath(os.path.realpath(path), os.path.realpath(root)).replace(os.sep, "/")
