"""What running a notebook gave, and what two runs come to when they are compared."""

from enum import StrEnum
from typing import Any

from msgspec import Struct


class RunOptions(Struct, frozen=True):
    """How notebooks are run. Times in seconds, sizes in bytes.

    `links` are folders, relative to the root, that stand in the scratch copy as links instead of copies: for data too big to
    be copied. What a notebook writes there would reach the real files, so they are looked at before and after.
    """

    kernel: str | None = None  # instead of the one that each notebook names
    cell_timeout: float = 600.0
    notebook_timeout: float = 3600.0
    jobs: int = 1  # notebooks that run beside each other
    allow_effects: bool = False  # also run notebooks that write to databases, object stores or the network
    size_limit: int = 2 * 1024**3
    links: tuple[str, ...] = ()
    replay: bool = True


class Sides(Struct, frozen=True):
    """The project before and after, as what differs from the working tree: path → bytes, or None where no file stands.

    `local`: by notebook, names that it binds no longer because a block that bound them is a function now (B16); that nothing
    else mentions them is for the proof to show.
    """

    before: dict[str, bytes | None] = {}
    after: dict[str, bytes | None] = {}
    local: dict[str, frozenset[str]] = {}


class RunStep(Struct, frozen=True):
    """How far a run is: `phase` is "old", "again", "new" or "replay"; `cell` of `of` code cells is being run (0: starting)."""

    path: str
    phase: str
    cell: int = 0
    of: int = 0


class ToRun(Struct, frozen=True):
    """A notebook that is going to be run. `seconds`: how long it took last time, where its metadata tells."""

    path: str
    seconds: float | None = None


class RunError(Struct, frozen=True):
    """An exception that ended a cell: its type's name and its message."""

    cell: int
    name: str
    message: str


class CellRun(Struct, frozen=True):
    """One code cell that was run. `cell` counts from 1 in the notebook that ran, Markdown included.

    `outputs` are nbformat outputs as the kernel sent them, in order; streams may come in pieces.
    """

    cell: int
    cell_id: str | None
    source: str
    outputs: tuple[dict[str, Any], ...] = ()
    seconds: float = 0.0
    error: RunError | None = None


class NotebookRun(Struct, frozen=True):
    """One run from top to bottom, as Jupyter's "Run all": it ends at the first error that no `raises-exception` tag allows.

    `names` is the digest of the namespace at the end: name → what can be told of its value in a line. None: it could not be
    taken. `failure` says why the run ended for another reason than an exception of the notebook's: no such kernel, a time
    limit, a kernel that died, a package that came from elsewhere; `failed` is its kind in one word. `unanswered` says what went
    wrong when we looked inside at the end; the run itself is none the worse for it.
    """

    path: str
    cells: tuple[CellRun, ...] = ()
    names: dict[str, str] | None = None
    error: RunError | None = None
    failed: str = ""  # "", "kernel", "timeout", "died", "package", "unreadable"
    failure: str = ""
    seconds: float = 0.0
    unanswered: str = ""


class Ran(StrEnum):
    """What running came to."""

    SAME = "ran-same"
    DIFFERS = "differs"
    NOT_CHECKED = "not-checked"


class Difference(Struct, frozen=True):
    """One thing that differs between the old and the new run, and not between the two old runs.

    `cell` counts in the notebook before; 0: the end of the run. `what`: "text", "table", "image", "data", "stream", "error",
    "order", "name", "cells" or "replay". `before` and `after` are made to be read: cut to what differs, never whole pages.
    """

    cell: int
    what: str
    before: str
    after: str
    cell_id: str | None = None


class Replay(Struct, frozen=True):
    """Calls of one definition, made again with the old and the new one.

    `recorded` calls could be copied; `same` of them gave the same result, changes of arguments, exception and output;
    `skipped` could not be copied or do not repeat themselves even with the old definition.
    """

    cell: int
    name: str
    recorded: int = 0
    same: int = 0
    skipped: int = 0
    note: str = ""  # why nothing could be recorded, when that is so


class Outcome(Struct, frozen=True):
    """What running one notebook before and after came to.

    `reason` says why it is not checked, with the first error; `ended` is the error at which old and new end alike. `noisy`
    cells hold places that differ between two runs of the old notebook and are not held against the new one. `failed` is
    "timeout" or "died" when a run of the old notebook ended so: another one would cost as much and end alike.
    """

    path: str
    status: Ran
    reason: str = ""
    differences: tuple[Difference, ...] = ()
    notes: tuple[str, ...] = ()
    cells: int = 0  # code cells that are not empty
    ran: int = 0  # of those, how many ran in every run
    noisy: int = 0
    ended: RunError | None = None
    kernel: str = ""
    seconds: float = 0.0  # of one run of the old notebook
    replays: tuple[Replay, ...] = ()
    failed: str = ""
