"""A progress bar on stderr: only on a terminal, only for runs longer than half a second."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from nb2mod.pipeline.request import Progress

_PATIENCE = 0.5


@contextmanager
def shown(quiet: bool) -> Iterator[Progress | None]:
    """What the pipeline may call; None when nobody watches."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    bar = _Bar()
    try:
        yield bar.tell
    finally:
        bar.close()


class _Bar:
    def __init__(self) -> None:
        self.started = time.monotonic()
        self.progress: Any = None
        self.task: Any = None

    def tell(self, step: str, done: int, total: int) -> None:
        if self.progress is None:
            if time.monotonic() - self.started < _PATIENCE:
                return
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

            columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
            self.progress = Progress(*columns, console=Console(stderr=True), transient=True)
            self.progress.start()
            self.task = self.progress.add_task(step)
        self.progress.update(self.task, description=step, completed=done, total=total)

    def close(self) -> None:
        if self.progress is not None:
            self.progress.stop()
