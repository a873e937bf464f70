"""The options that commands share, each with its help; and what they come to: a root, a configuration, a request, a look."""

import os
import shutil
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from nb2mod import settings
from nb2mod.errors import UsageError
from nb2mod.model import Choice
from nb2mod.pipeline import Request
from nb2mod.report.ink import Ink, Look


class Format(StrEnum):
    """How results are printed."""

    text = "text"
    json = "json"
    editor = "editor"


Paths = Annotated[
    list[Path] | None,
    typer.Argument(
        help="Notebooks or folders: candidates that stand in them. Default: the whole project.", show_default=False
    ),
]
ConfigFile = Annotated[
    Path | None,
    typer.Option("--config", metavar="FILE", help="Read the settings from this TOML file.", show_default=False),
]
Only = Annotated[
    list[str] | None,
    typer.Option("--only", "--select", metavar="NAME", help="Only candidates of this name (glob) or id; repeatable."),
]
Ignore = Annotated[
    list[str] | None,
    typer.Option("--ignore", metavar="NAME", help="Not candidates of this name (glob) or id; repeatable."),
]
Unsafe = Annotated[bool, typer.Option("--unsafe", help="Also move what wants a review.")]
Here = Annotated[bool, typer.Option("--here", help="Look only at PATHS: copies elsewhere neither count nor change.")]
Module = Annotated[
    str | None,
    typer.Option("--module", metavar="NAME", help="Put all into this module of the package.", show_default=False),
]
OutputFormat = Annotated[
    Format,
    typer.Option("--output-format", help="text to read, json to script, editor: one path:line:column a finding."),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Totals and the last word only.")]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Everything: all places, reasons, what is below.")]
NoColor = Annotated[bool, typer.Option("--no-color", help="No colours (NO_COLOR works too).")]
Jobs = Annotated[int, typer.Option("--jobs", "-j", min=0, metavar="N", help="Worker processes; 0: one per core.")]
NoCache = Annotated[bool, typer.Option("--no-cache", help="Read everything anew and remember nothing.")]


def project(paths: list[Path] | None, config: Path | None) -> Request:
    """The request for the project that PATHS, or the working directory, stand in. Raises UsageError."""
    named = tuple(paths or ())
    for path in named:
        if not os.path.lexists(path):
            raise UsageError(f"{path}: no such file or folder")
    root = settings.find_root(named[0] if named else Path.cwd())
    return Request(root=root, config=settings.load(root, config), paths=named)


def look(*, quiet: bool, verbose: bool, no_color: bool) -> Look:
    """How to print on this stdout: colours only on a terminal unless FORCE_COLOR, none with NO_COLOR; at most 100 columns."""
    forced = bool(os.environ.get("FORCE_COLOR"))
    wanted = not no_color and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    colour = wanted and (forced or sys.stdout.isatty())
    width = shutil.get_terminal_size((80, 24)).columns if sys.stdout.isatty() else 80
    return Look(Ink(colour), min(max(width, 40), 100), verbose, quiet)


def choices_from(path: Path) -> tuple[Choice, ...]:
    """What a plan file chooses. Raises UsageError for a file that is none."""
    from nb2mod.cli import planfile

    return planfile.read(path)
