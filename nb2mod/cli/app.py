"""The command `nb2mod`: its commands and options put together. typer's home."""

from typing import Annotated, Any

import typer

from nb2mod import __version__
from nb2mod.cli import extract, init, scan, undo, usage, verify
from nb2mod.cli.errors import Exit, guarded, interrupted
from nb2mod.cli.errors import usage as wrong_usage

HELP = """Move code that notebooks repeat into your package, and show that every notebook still does what it did.

scan reports, extract refactors, verify runs the notebooks before and after, undo takes it back.
Only verify and extract --verify run notebook code.
"""

app = typer.Typer(
    name="nb2mod",
    help=HELP,
    epilog=usage.examples(
        ("nb2mod scan", "what is repeated, and what may move"),
        ("nb2mod extract --diff", "what would change, cell by cell"),
        ("nb2mod extract", "move it"),
        ("nb2mod verify", "run them before and after"),
        ("nb2mod undo", "and back"),
    ),
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("scan", cls=usage.GroupedCommand, short_help="What is repeated, and what may move.", epilog=scan.EPILOG)(
    scan.scan
)
app.command("extract", cls=usage.GroupedCommand, short_help="Move it, all or nothing.", epilog=extract.EPILOG)(
    extract.extract
)
app.command("verify", cls=usage.GroupedCommand, short_help="Run notebooks before and after.", epilog=verify.EPILOG)(
    verify.verify
)
app.command("undo", cls=usage.GroupedCommand, short_help="Take the last change back.", epilog=undo.EPILOG)(undo.undo)
app.command("init", cls=usage.GroupedCommand, short_help="Write the settings, and a package.", epilog=init.EPILOG)(
    init.init
)


@app.callback()
def root(
    version: Annotated[bool, typer.Option("--version", "-V", help="Show the version and exit.")] = False,
) -> None:
    """Options of nb2mod itself; the version's short way is in __main__."""
    if version:
        typer.echo(f"nb2mod {__version__}")
        raise typer.Exit


def main(arguments: list[str]) -> int:
    """Runs one command; the exit status (see `errors.Exit`). No arguments: the help."""
    return guarded(lambda: _run(arguments or ["--help"]))


def command() -> Any:
    """The commands as typer's library sees them: what the documentation is held against."""
    return typer.main.get_command(app)


def _run(arguments: list[str]) -> int:
    try:
        result = app(arguments, prog_name="nb2mod", standalone_mode=False)
    except typer.Exit as end:
        result = end.exit_code
    except typer.Abort:
        return interrupted()
    except usage.Fault as fault:
        return wrong_usage(usage.sentence(fault))
    # Newer typers turn Ctrl-C into this status by themselves, older ones into Abort.
    return interrupted() if result == Exit.INTERRUPTED else int(result or Exit.DONE)
