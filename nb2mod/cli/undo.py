"""`nb2mod undo`: takes back the last change that nb2mod made, and keeps what people did since."""

from typing import Annotated

import typer

from nb2mod import pipeline
from nb2mod.cli import options, project
from nb2mod.cli.errors import Exit
from nb2mod.cli.terminal import Terminal
from nb2mod.cli.usage import examples
from nb2mod.report import words
from nb2mod.report.ink import clean

EPILOG = examples(
    ("nb2mod undo", "the last change; again, the one before"),
    ("nb2mod undo --keep-going", "all but the cells that were edited since"),
)


def undo(
    path: options.Project = None,
    keep_going: Annotated[
        bool,
        typer.Option("--keep-going", help="Leave places that were edited since, with the modules; take back the rest."),
    ] = False,
    quiet: options.Quiet = False,
    no_color: options.NoColor = False,
) -> int:
    """Take back the last extract or init. Outputs and edits made since stay; a line edited since is refused by name."""
    terminal = Terminal(quiet=quiet, no_color=no_color)
    result = pipeline.undo(project.folder(terminal, path), keep_going=keep_going)
    for refusal in result.refused:
        terminal.warn(f"{words.place(refusal.location)}: {refusal.reason}")
    if result.refused and not keep_going:
        terminal.warn("nothing was taken back; mend these places, or take back the rest with nb2mod undo --keep-going")
        return Exit.REFUSED
    if result.entry is None:
        terminal.result("Nothing to undo.\n")
        return Exit.DONE
    terminal.result(_told(result.restored, terminal))
    return Exit.DONE


def _told(restored: tuple[str, ...], terminal: Terminal) -> str:
    head = terminal.look.ink.heading(f"Took back {words.count(len(restored), 'file')}.", "good")
    if terminal.quiet or not restored:
        return f"{head}\n"
    lines = [f"  {clean(path)}" for path in restored]
    if any(path.endswith(".ipynb") for path in restored):
        lines += ["", "Restart the kernels that have these notebooks open."]
    return "\n".join([head, "", *lines]) + "\n"
