"""`nb2mod init`: the team's settings, with values measured in the repository, and a package when there is none."""

from pathlib import Path
from typing import Annotated

import typer
from msgspec.structs import replace

from nb2mod import pipeline
from nb2mod.cli import options, printing
from nb2mod.report import diff as diffs
from nb2mod.report.ink import clean

EPILOG = """Examples:

  nb2mod init --diff          show what would be written

  nb2mod init                 write [tool.nb2mod], and src/<package> when there is no package

  nb2mod init --autoreload    also put %load_ext autoreload first in every notebook
"""


def init(
    path: Annotated[
        Path | None, typer.Argument(metavar="[PROJECT]", help="A folder of the project.", show_default=False)
    ] = None,
    autoreload: Annotated[
        bool, typer.Option("--autoreload", help="Put %load_ext autoreload first in every notebook.")
    ] = False,
    bootstrap: Annotated[
        bool, typer.Option("--bootstrap", help="Let notebooks find the package by themselves, without an install.")
    ] = False,
    diff: Annotated[bool, typer.Option("--diff", help="Show what would be written, write nothing.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", "-n", help="Name the files, write nothing.")] = False,
    allow_dirty: Annotated[
        bool, typer.Option("--allow-dirty", help="Also change files with uncommitted changes.")
    ] = False,
    no_color: options.NoColor = False,
) -> None:
    """Write [tool.nb2mod] with a comment for each key, and an installable package when there is none."""
    request = replace(options.project([path] if path else None, None), paths=(), allow_dirty=allow_dirty)
    changes = pipeline.init_changes(request, autoreload=autoreload, bootstrap=bootstrap)
    if not changes.changes:
        print("Nothing to do: the settings and the package are there.")
        return
    if diff:
        print(diffs.render(changes, options.look(quiet=False, verbose=False, no_color=no_color).ink), end="")
        return
    if not dry_run:
        pipeline.apply_init(request, changes)
    for change in changes.changes:
        print(f"  {clean(change.path)}  {'new' if change.before is None else 'changed'}")
    if dry_run:
        printing.note("Nothing was written.")
    else:
        print("Written; `nb2mod undo` takes it back. Next: nb2mod scan")
