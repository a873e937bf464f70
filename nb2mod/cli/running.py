"""What a person sees while notebooks run: which ones are going to be run, said before the first is; then how far they are."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

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
        yield lambda notebooks: announce(notebooks, terminal), lines.show
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
    """A line for each notebook that is running, on a terminal only."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self._bar: Progress | None = None
        self._tasks: dict[str, TaskID] = {}

    def show(self, step: RunStep) -> None:
        if not self._terminal.shows_progress:
            return
        if self._bar is None:
            self._bar = _bar(self._terminal)
            self._bar.start()
        told = f"{clean(step.path)}: {_PHASES.get(step.phase, step.phase)}"
        if step.path not in self._tasks:
            self._tasks[step.path] = self._bar.add_task(told, total=step.of or None, count="")
        count = f"cell {step.cell}/{step.of}" if step.of else ""
        self._bar.update(
            self._tasks[step.path], description=told, completed=step.cell, total=step.of or None, count=count
        )
        if step.phase == "done":
            self._bar.remove_task(self._tasks.pop(step.path))

    def close(self) -> None:
        if self._bar is not None:
            self._bar.stop()


def _bar(terminal: Terminal) -> "Progress":
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

    console = Console(stderr=True, no_color=not terminal.colours_progress, highlight=False)
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=20),
        TextColumn("{task.fields[count]}"),
    )
    return Progress(*columns, console=console, transient=True)
