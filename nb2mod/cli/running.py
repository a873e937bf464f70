"""What a person sees while notebooks run: which ones are going to be run, said before the first is; then how far they are."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from nb2mod.cli.progress import BETWEEN, bar
from nb2mod.cli.terminal import Terminal
from nb2mod.model import RunStep, ToRun
from nb2mod.report import words
from nb2mod.report.ink import clean

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

_PHASES = {"old": "as it was", "again": "as it was, again", "new": "as it is", "replay": "its calls"}
_NAMED = 20

Announce = Callable[[Sequence[ToRun]], None]
Watch = Callable[[RunStep], None]


@contextmanager
def shown(terminal: Terminal) -> Iterator[tuple[Announce, Watch]]:
    """The two callables that the pipeline is given; what they showed of the progress is gone from the screen afterwards."""
    lines = _Lines(terminal)
    try:
        yield lines.announced, lines.show
    finally:
        lines.close()


def announce(notebooks: Sequence[ToRun], terminal: Terminal) -> None:
    """Notes what is going to be run. Executing is never a surprise."""
    known = [one.seconds for one in notebooks if one.seconds is not None]
    which = "" if len(known) == len(notebooks) else f" of {len(known)} of them"
    took = f"; one run{which} took {duration(sum(known))} last time" if known else ""
    terminal.note(
        f"running {words.count(len(notebooks), 'notebook')} in copies of the project, three times or more: as it was, again, "
        f"and as it is{took}"
    )
    for one in notebooks if terminal.look.verbose else notebooks[:_NAMED]:
        last = f" (last time {duration(one.seconds)})" if one.seconds is not None else ""
        terminal.note(f"  {one.path}{last}")
    if not terminal.look.verbose and len(notebooks) > _NAMED:
        terminal.note(f"  ... and {len(notebooks) - _NAMED:,} more")


def duration(seconds: float) -> str:
    """ "12 s", "3 min 20 s"."""
    if seconds < 60:
        return f"{seconds:.0f} s" if seconds >= 1 else "less than 1 s"
    return f"{int(seconds) // 60} min {int(seconds) % 60} s"


class _Lines:
    """A line for each notebook that is running, and one for all of them; elsewhere than on a terminal see `_Log`."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self._bar: Progress | None = None
        self._tasks: dict[str, TaskID] = {}
        self._whole: TaskID | None = None
        self._done, self._notebooks = 0, 0
        self._log = _Log(terminal)

    def announced(self, notebooks: Sequence[ToRun]) -> None:
        self._notebooks = len(notebooks)
        self._log.begin(len(notebooks))
        announce(notebooks, self._terminal)

    def show(self, step: RunStep) -> None:
        if not self._terminal.shows_progress:
            self._log.tell(step.phase == "done")
            return
        if self._bar is None:
            self._bar = bar(self._terminal)
            self._whole = self._bar.add_task("notebooks", total=self._notebooks, count=f"0/{self._notebooks}")
            self._bar.start()
        if step.phase == "done" and self._whole is not None:
            self._done += 1
            self._bar.update(self._whole, completed=self._done, count=f"{self._done}/{self._notebooks}")
            if step.path in self._tasks:
                self._bar.remove_task(self._tasks.pop(step.path))
            return
        told = f"{clean(step.path)}: {_PHASES.get(step.phase, step.phase)}"
        if step.path not in self._tasks:
            self._tasks[step.path] = self._bar.add_task(told, total=step.of or None, count="")
        count = f"cell {step.cell}/{step.of}" if step.of else ""
        self._bar.update(
            self._tasks[step.path], description=told, completed=step.cell, total=step.of or None, count=count
        )

    def close(self) -> None:
        if self._bar is not None:
            self._bar.stop()


class _Log:
    """Where there is no terminal: a line now and then of how many notebooks have been run."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self._notebooks, self._done, self._started, self._told = 0, 0, 0.0, 0.0

    def begin(self, notebooks: int) -> None:
        self._notebooks = notebooks
        self._started = self._told = time.monotonic()

    def tell(self, done: bool) -> None:
        """Called at each step; `done`: a notebook has been run."""
        self._done += done
        now = time.monotonic()
        if now - self._told >= BETWEEN and self._done < self._notebooks:
            self._told = now
            self._terminal.note(f"{duration(now - self._started)}: {self._done}/{self._notebooks} notebooks run")
