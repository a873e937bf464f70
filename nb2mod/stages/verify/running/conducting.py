"""The course of one session: start the kernel, send it the cells, look inside at the end, shut it down. Loads nbclient."""

import asyncio
import contextlib
import json
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from queue import Empty
from typing import Any

from jupyter_client.manager import AsyncKernelManager
from msgspec.structs import replace
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbclient.util import ensure_async

from nb2mod import notebook
from nb2mod.model import Cell, CellRun, Notebook, NotebookRun, RunError, RunOptions
from nb2mod.stages.verify.running import inside, processes, surroundings
from nb2mod.stages.verify.running.client import Client
from nb2mod.stages.verify.running.pairing import runs
from nb2mod.stages.verify.running.scratch import Scratch

_READY = 60  # seconds for a kernel to answer the first time
_DRAIN = 120  # seconds for what a cell printed to arrive after it has ended
_LOOK = 120.0  # seconds for what we run inside the kernel
_FAREWELL = 2.0  # seconds for a kernel to end on its own
_MANY_MESSAGES = 100_000
_NO_ANSWER = {"dead": "the kernel died", "too slow": f"the kernel gave no answer in {_LOOK:g} s"}
_SOCKET_PATH = 90  # bytes of a socket's path that every system takes, less the number at its end


class _Ended(Exception):
    """The run is over for a reason that is no exception of the notebook's."""

    def __init__(self, failed: str, failure: str) -> None:
        super().__init__(failure)
        self.failed = failed


class Conductor:
    """Runs one notebook once. `watch` is told the number of each cell that begins."""

    def __init__(
        self, scratch: Scratch, found: Notebook, spec: Any, options: RunOptions, *, keep_going: bool = False
    ) -> None:
        self.watch: Callable[[int], None] = lambda _: None
        self._scratch = scratch
        self._notebook = found
        self._options = options
        self._keep_going = keep_going
        self._manager = self._manage(spec)
        self._log = scratch.private / "kernel.log"
        self._group: int | None = None
        self._error: tuple[str, str] | None = None
        self._deadline = time.monotonic() + options.notebook_timeout
        self._client = Client(
            notebook.as_node(found),
            km=self._manager,
            timeout_func=lambda _: self._seconds_left(),
            allow_errors=keep_going,
            raise_on_iopub_timeout=True,
            iopub_timeout=_DRAIN,
            startup_timeout=_READY,
            store_widget_state=False,
            record_timing=False,
            on_cell_error=self._note_error,
        )

    async def run(self, prologue: tuple[str, ...], epilogue: str | None) -> tuple[NotebookRun, Any]:
        """The run, and what the epilogue left. asyncio.CancelledError ends it; the kernel is gone in any case."""
        cells: list[CellRun] = []
        run, result, gentle = NotebookRun(self._notebook.path), None, False
        try:
            await self._start(prologue)
            self.watch(0)
            error = await self._cells(cells)
            names, result, unanswered = await self._look(epilogue)
            gentle = True
            run = NotebookRun(self._notebook.path, self._with_outputs(cells), names, error, unanswered=unanswered)
        except _Ended as ended:
            run = NotebookRun(self._notebook.path, self._with_outputs(cells), failed=ended.failed, failure=str(ended))
            gentle = ended.failed == "package"
        finally:
            await self._shut_down(gentle)
        return run, result

    def end_processes(self) -> None:
        """Kill whatever the kernel left running. Can be called again."""
        group, self._group = self._group, None  # once it is empty its number may become somebody else's
        processes.end(group, self._scratch.temporary)

    def _manage(self, spec: Any) -> AsyncKernelManager:
        private = self._scratch.private
        manager = AsyncKernelManager(connection_file=str(private / "kernel.json"), shutdown_wait_time=_FAREWELL)
        sockets = private / "socket"
        if os.name == "posix" and len(str(sockets)) < _SOCKET_PATH:
            # No port that another process could take in between, and none that other users could try.
            manager.transport, manager.ip = "ipc", str(sockets)
        self._variables = surroundings.environment(self._scratch, os.environ)
        spec.env = surroundings.with_kernelspec(self._variables, spec.env, self._scratch)
        manager.kernel_name = getattr(spec, "name", "") or "python3"
        manager._kernel_spec = spec
        # At the usual limit of 1,000 waiting messages, what a fast loop prints would be dropped.
        manager.context.rcvhwm = _MANY_MESSAGES
        return manager

    async def _start(self, prologue: tuple[str, ...]) -> None:
        folder = (self._scratch.root / self._notebook.path).parent
        with self._log.open("wb") as log:
            try:
                await self._client.async_start_new_kernel(
                    cwd=str(folder), env=self._variables, stdout=log.fileno(), stderr=log.fileno()
                )
                self._group = getattr(self._manager.provisioner, "pgid", None)
                await self._client.async_start_new_kernel_client()
            except Exception as error:  # whatever a kernelspec's command comes to
                raise _Ended("kernel", f"the kernel did not start: {self._last_words() or error}") from error
        for source in (inside.UNLIMITED, *prologue):
            _, trouble = await self._inside(source)
            if trouble:
                raise _Ended("kernel", f"what goes before the first cell failed in the kernel: {trouble}")

    async def _cells(self, done: list[CellRun]) -> RunError | None:
        first: RunError | None = None
        for index, cell in enumerate(self._notebook.cells):
            if not runs(cell):
                continue
            self.watch(cell.number)
            run, stops = await self._cell(index, cell, done)
            done.append(run)
            if run.error is not None and not cell.raises:
                first = first or run.error
                if stops:
                    break
        return first

    async def _cell(self, index: int, cell: Cell, done: list[CellRun]) -> tuple[CellRun, bool]:
        node = self._client.nb.cells[index]
        self._error, stops, started = None, False, time.monotonic()
        self._client.begin()
        ended: _Ended | None = None
        try:
            await self._client.async_execute_cell(node, index)
        except CellExecutionError as error:
            self._error, stops = (error.ename, error.evalue), True
        except CellTimeoutError:
            ended = self._timed_out(cell)
        except DeadKernelError:
            task = asyncio.current_task()
            if task is not None and task.cancelling():
                raise asyncio.CancelledError from None  # nbclient takes our cancelling for a dead kernel
            ended = await self._died(cell)
        except Exception as error:  # a notebook can spoil what its kernel says: json.dumps = None is enough
            ended = _Ended("died", f"what the kernel said in cell {cell.number} can't be read ({_told(error)})")
        self._client.finish(node.outputs)
        raised = RunError(cell.number, *self._error) if self._error else None
        run = CellRun(cell.number, cell.id, cell.source, (), time.monotonic() - started, raised)
        if ended is not None:
            done.append(run)
            raise ended
        return run, stops

    def _with_outputs(self, cells: list[CellRun]) -> tuple[CellRun, ...]:
        """The cells with what they show at the end: a display may have been updated by a later cell."""
        nodes = self._client.nb.cells
        return tuple(
            replace(one, outputs=tuple(dict(output) for output in nodes[one.cell - 1].outputs)) for one in cells
        )

    async def _look(self, epilogue: str | None) -> tuple[dict[str, str] | None, Any, str]:
        """The digest of the namespace, what the epilogue left, and what went wrong with it.

        Raises _Ended when the package came from elsewhere.
        """
        if self._scratch.package:
            self._check_modules(await self._json(inside.modules_of(self._scratch.package)))
        names = await self._json(inside.digest_of(self._scratch.package))
        result, trouble = (None, "") if epilogue is None else await self._inside(epilogue)
        if isinstance(result, str):
            with contextlib.suppress(ValueError, RecursionError):
                result = json.loads(result)
        return names if isinstance(names, dict) else None, result, trouble

    def _check_modules(self, modules: Any) -> None:
        if not isinstance(modules, dict):
            raise _Ended("package", f"where the notebook imported {self._scratch.package} from could not be asked")
        root = self._scratch.root.resolve()
        for name, origin in sorted(modules.items()):
            if root not in Path(origin).parents and Path(origin) != root:
                expected = self._scratch.package_roots[0] if self._scratch.package_roots else ""
                place = "/".join(part for part in (expected.strip("/."), name.replace(".", "/")) if part)
                raise _Ended(
                    "package",
                    f"the notebook imported {name} from {origin} instead of {place} in the copy of the project, so it did "
                    "not run the code to be checked; uninstall that one, or take it off the path",
                )

    async def _json(self, source: str) -> Any:
        result, _ = await self._inside(source)
        try:
            return json.loads(result) if isinstance(result, str) else None
        except (ValueError, RecursionError):
            return None

    async def _inside(self, source: str) -> tuple[Any, str]:
        """Run our own source in the kernel, unseen: what it left, and what went wrong. ("", …) is never a result."""
        answer = self._scratch.private / "answer.json"
        answer.unlink(missing_ok=True)
        code = inside.launch(source, str(answer))
        for _ in range(20):
            status = await self._send(code)
            if status != "aborted":  # after an error a kernel turns requests away for a moment
                break
            await asyncio.sleep(0.1)
        try:
            found = json.loads(answer.read_bytes())
            return found.get("result"), str(found.get("error", ""))
        except (OSError, ValueError, RecursionError, AttributeError):  # what writes it shares the notebook's process
            return None, _NO_ANSWER.get(status, f"no answer ({status})")

    async def _send(self, code: str) -> str:
        kc: Any = self._client.kc
        sent = kc.execute(code, silent=True, store_history=False, allow_stdin=False, stop_on_error=False)
        message = await ensure_async(sent)  # a future in jupyter_client 8.0, a plain id later
        deadline = time.monotonic() + _LOOK
        while time.monotonic() < deadline:
            try:
                reply = await kc.shell_channel.get_msg(timeout=0.5)
            except Empty:
                if not await self._manager.is_alive():
                    return "dead"
                continue
            except Exception as error:
                return f"not to be read: {_told(error)}"
            if reply["parent_header"].get("msg_id") == message:
                return str(reply["content"]["status"])
        return "too slow"

    async def _note_error(self, execute_reply: Any, **_: Any) -> None:
        content = execute_reply["content"]
        self._error = str(content.get("ename", "")), str(content.get("evalue", ""))

    def _seconds_left(self) -> float:
        return max(0.001, min(self._options.cell_timeout, self._deadline - time.monotonic()))

    def _timed_out(self, cell: Cell) -> _Ended:
        if time.monotonic() >= self._deadline:
            limit = f"the notebook was not done after {self._options.notebook_timeout:g} s"
            return _Ended("timeout", f"{limit}; it was stopped in cell {cell.number}; see --notebook-timeout")
        return _Ended(
            "timeout", f"cell {cell.number} was not done after {self._options.cell_timeout:g} s; see --timeout"
        )

    async def _died(self, cell: Cell) -> _Ended:
        code = None
        if self._manager.provisioner is not None:
            code = await self._manager.provisioner.poll()
        return _Ended("died", f"the kernel died in cell {cell.number}{_cause(code)}")

    def _last_words(self) -> str:
        """The last line that the kernel wrote before it gave up."""
        try:
            lines = self._log.read_text("utf-8", "replace").strip().splitlines()
        except OSError:
            return ""
        return lines[-1].strip()[:300] if lines else ""

    async def _shut_down(self, gentle: bool) -> None:
        if self._client.kc is not None:
            self._client.kc.stop_channels()
            self._client.kc = None
        with contextlib.suppress(Exception):  # whatever state it is in, end_processes comes after
            await asyncio.wait_for(self._manager.shutdown_kernel(now=not gentle), 4 * _FAREWELL)
        self.end_processes()
        with contextlib.suppress(Exception):
            await self._manager.cleanup_resources()


def _told(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:200]


def _cause(code: int | None) -> str:
    if code is None:
        return ""
    if code >= 0:
        return f" (exit status {code})"
    try:
        name = signal.Signals(-code).name
    except ValueError:
        name = f"signal {-code}"
    hint = "; often the system that ran out of memory" if name == "SIGKILL" else ""
    return f" ({name}{hint})"
