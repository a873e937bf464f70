"""The command `nb2mod`: its commands and options put together. typer's home."""

import sys
from typing import Annotated

import typer

from nb2mod import __version__
from nb2mod.cli import extract, init, scan, undo
from nb2mod.cli.errors import Exit, guarded

HELP = """Move code that notebooks repeat into your package, and show that every notebook still does what it did.

scan reports, extract refactors, undo takes it back. Neither scan nor extract runs notebook code.
"""

app = typer.Typer(
    name="nb2mod",
    help=HELP,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("scan", epilog=scan.EPILOG)(scan.scan)
app.command("extract", epilog=extract.EPILOG)(extract.extract)
app.command("undo", epilog=undo.EPILOG)(undo.undo)
app.command("init", epilog=init.EPILOG)(init.init)

# typer carries click inside since 0.26 or so and leans on it before: the base of its own errors is the one thing both have.
_USAGE_ERROR: type[Exception] = typer.BadParameter.__mro__[2]


@app.callback()
def root(
    version: Annotated[bool, typer.Option("--version", help="Show the version and exit.", is_eager=True)] = False,
) -> None:
    """Options of nb2mod itself; the version's short way is in __main__."""
    if version:
        print(f"nb2mod {__version__}")
        raise typer.Exit


def main(arguments: list[str]) -> int:
    """Runs one command; the exit status (see `errors.Exit`)."""
    return guarded(lambda: _run(arguments))


def _run(arguments: list[str]) -> int:
    try:
        result = app(arguments, prog_name="nb2mod", standalone_mode=False)
    except typer.Exit as end:
        return int(end.exit_code)
    except typer.Abort:
        raise KeyboardInterrupt from None
    except _USAGE_ERROR as error:
        message = error.format_message() if hasattr(error, "format_message") else str(error)
        if not message:
            return Exit.USAGE  # no command was given: the help has been shown
        context = getattr(error, "ctx", None)
        command = context.command_path if context is not None else "nb2mod"
        print(f"{command}: {message.rstrip('.')}. See `{command} --help`.", file=sys.stderr)
        return Exit.USAGE
    return result if isinstance(result, int) else Exit.DONE
