"""`nb2mod init`: writes `[tool.nb2mod]` with what was measured here and, only when there is none, makes the package."""

from typing import Annotated

import typer
from msgspec.structs import replace

from nb2mod import pipeline
from nb2mod.cli import options, project
from nb2mod.cli.errors import Exit
from nb2mod.cli.terminal import Terminal
from nb2mod.cli.usage import examples
from nb2mod.model import ChangeSet

EPILOG = examples(
    ("nb2mod init --diff", "what it would write"),
    ("nb2mod init", "write it; asked again, it changes nothing"),
    ("nb2mod init --autoreload", "notebooks see edits of the package at once"),
)


def init(
    path: options.Project = None,
    autoreload: Annotated[
        bool,
        typer.Option(
            "--autoreload",
            help="Also load the autoreload extension in every notebook that has imports.",
            rich_help_panel=options.CHANGING,
        ),
    ] = False,
    bootstrap: Annotated[
        bool,
        typer.Option(
            "--bootstrap",
            help='Set bootstrap = "sys-path": a first cell finds the package, for places without an install.',
            rich_help_panel=options.CHANGING,
        ),
    ] = False,
    allow_dirty: options.AllowDirty = False,
    dry_run: options.DryRun = False,
    show_diff: options.Diff = False,
    quiet: options.Quiet = False,
    no_color: options.NoColor = False,
    jobs: options.Jobs = 0,
    no_cache: options.NoCache = False,
) -> int:
    """Write [tool.nb2mod] with a comment per key, and make an installable package when there is none."""
    terminal = Terminal(quiet=quiet, no_color=no_color)
    request = project.opened(terminal, [path] if path else ())
    request = replace(request, paths=(), jobs=jobs, cache=not no_cache, allow_dirty=allow_dirty)
    changes = pipeline.init_changes(request, autoreload=autoreload, bootstrap=bootstrap)
    written = bool(changes.changes) and not dry_run and not show_diff
    if written:
        pipeline.apply_init(request, changes)
    if show_diff:
        from nb2mod.report import diff

        terminal.result(diff.render(changes, terminal.look.ink))
        terminal.note("nothing was written" if changes.changes else "all is there already; nothing would change")
    else:
        terminal.result(_told(changes, terminal, written=written))
    return Exit.DONE


def _told(changes: ChangeSet, terminal: Terminal, *, written: bool) -> str:
    from nb2mod.report import text

    ink = terminal.look.ink
    if not changes.changes:
        return "All is there already; no file was changed.\n"
    lines = [ink.heading("Written" if written else "Would write; nothing was written", "good")]
    if not terminal.quiet:
        lines += ["", *text.files(changes.changes, terminal.look)]
        if written:
            lines += ["", "Read [tool.nb2mod] in pyproject.toml, then run: nb2mod scan"]
    return "\n".join(lines) + "\n"
