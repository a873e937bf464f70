"""The options that commands share, each with its help. What they mean for a run is with the commands."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from nb2mod.errors import UsageError

CHOOSING, CHANGING, SHOWING, RUNNING = "Choosing", "Changing", "Showing", "Running"


class Format(StrEnum):
    """How results are printed."""

    text = "text"
    json = "json"
    editor = "editor"


def not_negative(jobs: int) -> int:
    """The value of --jobs as it is; raises UsageError below 0."""
    if jobs < 0:
        raise UsageError(f"--jobs {jobs}: expected the number of worker processes, or 0 for one per core")
    return jobs


Project = Annotated[
    Path | None,
    typer.Argument(metavar="PROJECT", help="A folder of the project; where you are when left out.", show_default=False),
]
Paths = Annotated[
    list[Path] | None,
    typer.Argument(
        metavar="PATHS",
        help="Notebooks or folders: only what has a copy there. The whole project when left out.",
        show_default=False,
    ),
]
Only = Annotated[
    list[str] | None,
    typer.Option(
        "--only",
        "--select",
        metavar="NAME",
        help="Only this name or id; patterns like 'load_*' are fine. May be repeated.",
        show_default=False,
        rich_help_panel=CHOOSING,
    ),
]
Ignore = Annotated[
    list[str] | None,
    typer.Option(
        "--ignore",
        metavar="NAME",
        help="Not this name, id or pattern. May be repeated.",
        show_default=False,
        rich_help_panel=CHOOSING,
    ),
]
Here = Annotated[
    bool,
    typer.Option("--here", help="Look at PATHS alone: copies elsewhere do not count.", rich_help_panel=CHOOSING),
]
Whole = Annotated[
    Path | None,
    typer.Option(
        "--whole",
        metavar="NOTEBOOK",
        help="Turn this notebook into a module: its steps, and a main with its parameters.",
        show_default=False,
        rich_help_panel=CHOOSING,
    ),
]
Unsafe = Annotated[
    bool,
    typer.Option("--unsafe", help="Take along what wants a review, without one.", rich_help_panel=CHOOSING),
]
Module = Annotated[
    str | None,
    typer.Option(
        "--module",
        metavar="NAME",
        help="Everything goes into this module of the package.",
        show_default=False,
        rich_help_panel=CHANGING,
    ),
]
Force = Annotated[
    bool,
    typer.Option("--force", help="Write the plan over a file that is there.", rich_help_panel=CHANGING),
]
AllowDirty = Annotated[
    bool,
    typer.Option(
        "--allow-dirty", help="Also change files with changes that are not committed.", rich_help_panel=CHANGING
    ),
]
DryRun = Annotated[
    bool,
    typer.Option("--dry-run", "-n", help="Do everything but write.", rich_help_panel=SHOWING),
]
Diff = Annotated[
    bool,
    typer.Option("--diff", help="Show what would change, cell by cell; write nothing.", rich_help_panel=SHOWING),
]
Check = Annotated[
    bool,
    typer.Option(
        "--check",
        help="Exit with status 1 when something is past the threshold; write nothing.",
        rich_help_panel=SHOWING,
    ),
]
Explain = Annotated[
    str | None,
    typer.Option(
        "--explain",
        metavar="ID",
        help="Everything that is known of one candidate, by its id or name: measures, limits, hazards.",
        show_default=False,
        rich_help_panel=SHOWING,
    ),
]
Baseline = Annotated[
    Path | None,
    typer.Option(
        "--baseline",
        metavar="FILE",
        help="Leave out what this file knows; exit with status 1 when something new is past the threshold.",
        show_default=False,
        rich_help_panel=SHOWING,
    ),
]
WrittenBaseline = Annotated[
    Path | None,
    typer.Option(
        "--write-baseline",
        metavar="FILE",
        help="Write all that is past the threshold to this file, as known.",
        show_default=False,
        rich_help_panel=SHOWING,
    ),
]
OutputFormat = Annotated[
    Format,
    typer.Option(
        "--output-format",
        metavar="FORMAT",
        help="text to read, json to script, editor: lines to jump to.",
        rich_help_panel=SHOWING,
    ),
]
Quiet = Annotated[
    bool,
    typer.Option("-q", "--quiet", help="Totals and the last word only.", rich_help_panel=SHOWING),
]
Verbose = Annotated[
    bool,
    typer.Option(
        "-v", "--verbose", help="Every place, every reason, what is below the threshold.", rich_help_panel=SHOWING
    ),
]
NoColor = Annotated[
    bool,
    typer.Option("--no-color", help="No colours; NO_COLOR does the same.", rich_help_panel=SHOWING),
]
ConfigFile = Annotated[
    Path | None,
    typer.Option(
        "--config",
        metavar="FILE",
        help="Read the settings from this TOML file.",
        show_default=False,
        rich_help_panel=RUNNING,
    ),
]
Jobs = Annotated[
    int,
    typer.Option(
        "--jobs",
        "-j",
        metavar="N",
        callback=not_negative,
        help="Worker processes; 0: one per core.",
        show_default=False,
        rich_help_panel=RUNNING,
    ),
]
NoCache = Annotated[
    bool,
    typer.Option("--no-cache", help="Read everything anew and remember nothing.", rich_help_panel=RUNNING),
]
Interactive = Annotated[
    bool,
    typer.Option(
        "--interactive",
        "-i",
        help="Ask about each candidate, with its diff; those that want a review too.",
        rich_help_panel=CHOOSING,
    ),
]
AppliedPlan = Annotated[
    Path | None,
    typer.Option(
        "--plan",
        metavar="FILE",
        help="Move what this plan says, where it says. With --dry-run and no such file: write it.",
        show_default=False,
        rich_help_panel=CHANGING,
    ),
]
AddDependencies = Annotated[
    bool,
    typer.Option(
        "--add-dependencies",
        help="Add what the new modules import to the dependencies in pyproject.toml.",
        rich_help_panel=CHANGING,
    ),
]
WrittenPlan = Annotated[
    Path | None,
    typer.Option(
        "--plan",
        metavar="FILE",
        help="Write what would move where to this file, to be edited.",
        show_default=False,
        rich_help_panel=CHANGING,
    ),
]
