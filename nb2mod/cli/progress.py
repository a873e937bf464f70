"""How far a run is, on stderr: a bar on a terminal, when it takes longer than half a second; elsewhere a line now and then, when
it takes long enough to be taken for hung.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from nb2mod.cli.terminal import Terminal

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

_PATIENCE = 0.5
_LONG = 10.0  # seconds before the first line where there is no terminal
BETWEEN = 30.0  # seconds between lines of one step


@contextmanager
def meter(terminal: Terminal) -> Iterator["Meter"]:
    """A callable for the pipeline; what it showed is gone from the screen afterwards."""
    shown = Meter(terminal)
    try:
        yield shown
    finally:
        shown.close()


class Meter:
    """Called with the step, how much of it is done and how much there is (0: not known)."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self._started = time.monotonic()
        self._told: tuple[str, float] = ("", self._started)  # the step of the last line, and when
        self._bar: Progress | None = None
        self._task: TaskID | None = None

    def __call__(self, step: str, done: int, total: int) -> None:
        if not self._terminal.shows_progress:
            self._tell(step, done, total)
            return
        if self._bar is None:
            if time.monotonic() - self._started < _PATIENCE:
                return
            self._bar = bar(self._terminal)
            self._task = self._bar.add_task(step, count="")
            self._bar.start()
        if self._task is not None:
            count = f"{done}/{total}" if total else ""
            self._bar.update(self._task, description=step, completed=done, total=total or None, count=count)

    def _tell(self, step: str, done: int, total: int) -> None:
        """A line for a log: whoever watches one sees that work goes on, and at what."""
        now = time.monotonic()
        before, when = self._told
        if now - self._started < _LONG or (step == before and now - when < BETWEEN):
            return
        self._told = step, now
        count = f" {done}/{total}" if total else ""
        self._terminal.note(f"{now - self._started:.0f} s: {step}{count}")

    @property
    def is_shown(self) -> bool:
        return self._bar is not None

    def close(self) -> None:
        if self._bar is not None:
            self._bar.stop()


def bar(terminal: Terminal) -> "Progress":
    """Lines of a description, a bar and a count, which go from the screen when they are done."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

    console = Console(stderr=True, no_color=not terminal.colours_progress, highlight=False)
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=30),
        TextColumn("{task.fields[count]}"),
    )
    return Progress(*columns, console=console, transient=True)
