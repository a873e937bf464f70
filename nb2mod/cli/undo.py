"""`nb2mod undo`: takes back nb2mod's last change and nothing that anybody did since."""

from pathlib import Path
from typing import Annotated

import typer

from nb2mod import pipeline, settings
from nb2mod.cli import printing
from nb2mod.cli.errors import Exit
from nb2mod.report.ink import clean
from nb2mod.report.words import count, place

EPILOG = """Examples:

  nb2mod undo                  take back the last extraction; outputs and edits made since stay

  nb2mod undo --keep-going     also when some places were edited since: those stay as they are
"""


def undo(
    path: Annotated[
        Path | None, typer.Argument(metavar="[PROJECT]", help="A folder of the project.", show_default=False)
    ] = None,
    keep_going: Annotated[
        bool, typer.Option("--keep-going", help="Leave places that were edited since, take back the rest.")
    ] = False,
) -> None:
    """Take back the last extraction. Outputs and edits made since are kept."""
    root = settings.find_root(path or Path.cwd())
    told = pipeline.recover(root)
    if told:
        printing.note(told)
    result = pipeline.undo(root, keep_going=keep_going)
    if result.entry is None:
        print("Nothing to undo: nb2mod has changed nothing here that still stands.")
        return
    for refusal in result.refused:
        print(f"{place(refusal.location)}: {clean(refusal.reason)}")
    if result.refused and not result.restored:
        printing.note(
            "Nothing was undone: these places were edited since. `nb2mod undo --keep-going` takes back the rest."
        )
        raise typer.Exit(Exit.REFUSED)
    for restored in result.restored:
        print(f"  {clean(restored)}")
    print(f"Undone: {count(len(result.restored), 'file')} as before the extraction.")
