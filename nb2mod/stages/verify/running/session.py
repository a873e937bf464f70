"""One notebook in one fresh kernel, from top to bottom, with nbclient. Where it runs is the scratch copy's affair."""

import asyncio
import contextlib
import importlib
import os
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from nb2mod import notebook
from nb2mod.errors import UnreadableNotebook
from nb2mod.model import Notebook, NotebookRun, RunOptions, RunStep
from nb2mod.stages.verify.running import kernels
from nb2mod.stages.verify.running.pairing import runs
from nb2mod.stages.verify.running.scratch import Scratch

if TYPE_CHECKING:
    from nb2mod.stages.verify.running.conducting import Conductor

Watch = Callable[[RunStep], None]

_CONDUCTING = "nb2mod.stages.verify.running.conducting"
_LOADING = threading.Lock()


class Stop:
    """Ends the sessions that run under it, from another thread. Ctrl-C in the main thread needs none."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: dict[asyncio.Task[Any], asyncio.AbstractEventLoop] = {}
        self.asked = False

    def ask(self) -> None:
        """Cancel every session that runs, and every one that begins later."""
        with self._lock:
            self.asked = True
            for task, loop in self._running.items():
                loop.call_soon_threadsafe(task.cancel)

    @contextlib.contextmanager
    def watching(self) -> Any:
        """The current task can be cancelled while this lasts."""
        task = asyncio.current_task()
        assert task is not None
        with self._lock:
            if self.asked:
                raise asyncio.CancelledError
            self._running[task] = asyncio.get_running_loop()
        try:
            yield
        finally:
            with self._lock:
                del self._running[task]


def run_notebook(
    scratch: Scratch,
    path: str,
    options: RunOptions,
    *,
    watch: Watch | None = None,
    prologue: Iterable[str] = (),
    epilogue: str | None = None,
    keep_going: bool = False,
    phase: str = "",
    stop: Stop | None = None,
) -> tuple[NotebookRun, Any]:
    """Run the notebook at `path` in the scratch copy as it is laid out now; the caller lays it out.

    It runs as Jupyter's "Run all" does: in the notebook's folder, up to the first error that no `raises-exception` tag allows
    (to the end with `keep_going`), without cells tagged `skip-execution`; `input()` is an error. `prologue` are sources run
    before the first cell, `epilogue` one after the last; they see neither the notebook's names nor is anything of them seen
    by it: they share a namespace of their own (`get_ipython().user_ns` is the notebook's). What the epilogue leaves in
    `_nb2mod_result` is returned as the second value; None when the kernel is gone or the epilogue failed.

    Trouble is told in the NotebookRun; what is raised is KeyboardInterrupt and, under `stop`, asyncio.CancelledError. No
    process of the kernel's outlives the call. Effect: runs the notebook's code.
    """
    started = time.monotonic()
    found = _read(scratch, path)
    if isinstance(found, NotebookRun):
        return found, None
    spec = kernels.found(options.kernel or found.kernel or kernels.DEFAULT)
    if isinstance(spec, str):
        return NotebookRun(path, failed="kernel", failure=spec), None

    conductor = _conductor_class()(scratch, found, spec, options, keep_going=keep_going)
    conductor.watch = _teller(watch, path, phase, found)

    async def conducted() -> tuple[NotebookRun, Any]:
        with (stop or Stop()).watching():
            return await conductor.run(tuple(prologue), epilogue)

    # zeromq needs a loop that watches sockets; the one that Windows takes on its own does not.
    factory = asyncio.SelectorEventLoop if sys.platform == "win32" else None
    try:
        with asyncio.Runner(loop_factory=factory) as runner:
            run, result = runner.run(conducted())
    finally:
        conductor.end_processes()  # also when a second Ctrl-C came while the kernel was being shut down
    return replace(run, seconds=time.monotonic() - started), result


def _conductor_class() -> "type[Conductor]":
    """Loads nbclient, whose own imports warn where one of its dependencies is older than another expects."""
    with _LOADING:  # catch_warnings is for one thread at a time
        if _CONDUCTING not in sys.modules:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                importlib.import_module(_CONDUCTING)
    from nb2mod.stages.verify.running.conducting import Conductor

    return Conductor


def _read(scratch: Scratch, path: str) -> Notebook | NotebookRun:
    try:
        data = (scratch.root / path).read_bytes()
        return notebook.read(os.fspath(path), data)
    except OSError as error:
        return NotebookRun(path, failed="unreadable", failure=f"it can't be read: {error.strerror}")
    except UnreadableNotebook as error:
        return NotebookRun(path, failed="kernel" if error.code == "NB405" else "unreadable", failure=str(error))


def _teller(watch: Watch | None, path: str, phase: str, found: Notebook) -> Callable[[int], None]:
    numbers = [cell.number for cell in found.cells if runs(cell)]

    def tell(cell: int) -> None:
        if watch is not None:
            at = numbers.index(cell) + 1 if cell else 0
            watch(RunStep(path, phase, at, len(numbers)))

    return tell
