"""The options of running notebooks, for `verify` and `extract --verify`, and the RunOptions that they make."""

import os
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from nb2mod.cli.options import CHOOSING, SHOWING, not_negative
from nb2mod.errors import UsageError
from nb2mod.model import RunOptions

VERIFYING = "Running notebooks"
CELL_SECONDS, NOTEBOOK_SECONDS, MEGABYTES = 600.0, 3600.0, 2048.0


class Format(StrEnum):
    """How verify's results are printed."""

    text = "text"
    json = "json"


def _positive(param: typer.CallbackParam, seconds: float) -> float:
    if seconds <= 0:
        raise UsageError(f"{param.opts[0]} {seconds:g}: expected a number of seconds above 0")
    return seconds


Verified = Annotated[
    list[Path] | None,
    typer.Argument(
        metavar="PATHS",
        help="Notebooks or folders to run; those that may do something else than before when left out.",
        show_default=False,
    ),
]
Against = Annotated[
    str | None,
    typer.Option(
        "--against",
        metavar="REV",
        help="Compare with this commit, branch or tag, instead of the last extraction.",
        show_default=False,
        rich_help_panel=CHOOSING,
    ),
]
OutputFormat = Annotated[
    Format,
    typer.Option("--output-format", metavar="FORMAT", help="text to read, json to script.", rich_help_panel=SHOWING),
]
Verify = Annotated[
    bool,
    typer.Option(
        "--verify",
        help="Run the notebooks before and after, in copies of the project; write only when nothing differs.",
        rich_help_panel=VERIFYING,
    ),
]
RequireVerified = Annotated[
    bool,
    typer.Option(
        "--require-verified",
        help="Refuse when a notebook can't be checked by running it.",
        rich_help_panel=VERIFYING,
    ),
]
Tests = Annotated[
    bool,
    typer.Option(
        "--tests",
        help="Write calls recorded in the notebooks as pytest cases of the new modules. Runs them, like --verify.",
        rich_help_panel=VERIFYING,
    ),
]
Kernel = Annotated[
    str | None,
    typer.Option(
        "--kernel",
        metavar="NAME",
        help="This kernel, instead of the one that each notebook names.",
        show_default=False,
        rich_help_panel=VERIFYING,
    ),
]
Timeout = Annotated[
    float,
    typer.Option(
        "--timeout",
        metavar="SECONDS",
        callback=_positive,
        help="The longest that one cell may run.",
        rich_help_panel=VERIFYING,
    ),
]
NotebookTimeout = Annotated[
    float,
    typer.Option(
        "--notebook-timeout",
        metavar="SECONDS",
        callback=_positive,
        help="The longest that one run of a notebook may take.",
        rich_help_panel=VERIFYING,
    ),
]
RunJobs = Annotated[
    int,
    typer.Option(
        "--jobs",
        "-j",
        metavar="N",
        callback=not_negative,
        help="Notebooks that run beside each other; 0: half as many as there are cores.",
        show_default=False,
        rich_help_panel=VERIFYING,
    ),
]
AllowEffects = Annotated[
    bool,
    typer.Option(
        "--allow-effects",
        help="Also run notebooks that write to databases, object stores or the network.",
        rich_help_panel=VERIFYING,
    ),
]
LinkData = Annotated[
    list[str] | None,
    typer.Option(
        "--link-data",
        metavar="FOLDER",
        help="Link this folder into the copies instead of copying it. May be repeated.",
        show_default=False,
        rich_help_panel=VERIFYING,
    ),
]
SizeLimit = Annotated[
    float,
    typer.Option(
        "--size-limit",
        metavar="MB",
        callback=_positive,
        help="The largest project to copy.",
        rich_help_panel=VERIFYING,
    ),
]
NoReplay = Annotated[
    bool,
    typer.Option(
        "--no-replay",
        help="Do not record calls of moved definitions and make them again with both.",
        rich_help_panel=VERIFYING,
    ),
]


def run_options(
    kernel: str | None,
    timeout: float,
    notebook_timeout: float,
    jobs: int,
    allow_effects: bool,
    link_data: Sequence[str],
    size_limit: float,
    no_replay: bool,
) -> RunOptions:
    """What was typed, as the pipeline takes it."""
    # A kernel uses a core and more: libraries start threads of their own.
    beside = jobs or max(1, (os.cpu_count() or 1) // 2)
    return RunOptions(
        kernel=kernel,
        cell_timeout=timeout,
        notebook_timeout=notebook_timeout,
        jobs=beside,
        allow_effects=allow_effects,
        size_limit=int(size_limit * 1024**2),
        links=tuple(link_data),
        replay=not no_replay,
    )


DEFAULT = run_options(None, CELL_SECONDS, NOTEBOOK_SECONDS, 1, False, (), MEGABYTES, False)
"""What is asked for when no option says otherwise, but for the number of jobs."""
