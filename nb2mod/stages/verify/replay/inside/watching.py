"""Sees the calls of the wanted definitions while the notebook runs, and keeps copies of what went in and came out.

Functions stay what they are: their code objects are watched, by sys.monitoring from Python 3.12 on and by sys.setprofile
before. Both bounded: a profiled cell goes on unwatched after a second or two. Runs inside the kernel (Python 3.8).
"""

from __future__ import annotations

import ast
import contextlib
import dis
import inspect
import random
import sys
import threading
import time
from typing import Any

from .copying import Budget, Copier, Uncopyable
from .records import MISSING, Call, Watched

COPY_SECONDS, CALL_SECONDS, CALL_BYTES, CALL_OBJECTS = 20.0, 0.5, 16 * 2**20, 100000
CELL_EVENTS, ALL_EVENTS, EVENTS_TO_CHECK = 8_000_000, 40_000_000, 2000  # at some 130 nanoseconds
TOO_LONG = 5.0  # seconds; a call that took longer is not made again

_UNWATCHED = frozenset(
    "__del__ __new__ __getattribute__ __getattr__ __setattr__ __delattr__ __class_getitem__ __init_subclass__ "
    "__set_name__ __prepare__ __hash__ __repr__".split()
)
_GENERATOR, _COROUTINE, _VARARGS, _VARKEYWORDS = inspect.CO_GENERATOR, 0x80 | 0x200 | 0x100, 4, 8
_RETURN = dis.opmap.get("RETURN_VALUE", -1)


class Recorder:
    """What is known of the wanted definitions and their calls, from the first cell to the last."""

    def __init__(self, wanted: list[dict[str, Any]]) -> None:
        self.watched = [Watched(**one) for one in wanted]
        self.files: dict[str, bool] = {}
        # By place: file, first line and name of a code object.
        self._places: dict[tuple[str, int, str], tuple[Watched, str]] = {}
        self._open: dict[tuple[str, int, str], tuple[Any, Call, Copier, list[Any], float]] = {}
        self._busy = False
        self._spent = 0.0
        self._main = threading.get_ident()

    def cell_compiled(self, raw: str, source: str, file: str) -> None:
        """A cell is about to run: where its wanted definitions will have their code. Never raises."""
        wanted = [one for one in self.watched if one.is_in(raw)]
        if not wanted:
            return
        try:
            tree = ast.parse(source)
        except (SyntaxError, ValueError):
            return
        for one in wanted:
            found = [node for node in tree.body if getattr(node, "name", None) == one.name]
            for node in [node for node in found if node.lineno == one.line] or found:
                one.seen = True
                self._add(one, node, file)

    def _add(self, one: Watched, node: Any, file: str) -> None:
        inner = node.body if isinstance(node, ast.ClassDef) else [node]
        for part in inner:
            if isinstance(part, ast.AsyncFunctionDef):
                one.asynchronous = True
            elif isinstance(part, ast.FunctionDef) and not (part is not node and part.name in _UNWATCHED):
                line = min([part.lineno, *(each.lineno for each in part.decorator_list)])
                self._places[(file, line, part.name)] = (one, part.name if part is not node else "")
                self.files[file] = True

    def known(self, code: Any) -> bool:
        """Whether calls of this code are wanted."""
        return (code.co_filename, code.co_firstlineno, code.co_name) in self._places

    def entered(self, frame: Any) -> None:
        """A call begins. Never raises."""
        code = frame.f_code
        place = (code.co_filename, code.co_firstlineno, code.co_name)
        if self._busy or place not in self._places or place in self._open:
            return
        if threading.get_ident() != self._main or (code.co_flags & _GENERATOR and _resumed(frame)):
            return
        one, method = self._places[place]
        self._busy = True
        start = time.perf_counter()
        try:
            self._begin(one, method, frame, place)
        except Exception as error:
            one.skip(f"could not be recorded ({type(error).__name__})")
        finally:
            self._busy = False
            self._spent += time.perf_counter() - start

    def _begin(self, one: Watched, method: str, frame: Any, place: tuple[str, int, str]) -> None:
        code = frame.f_code
        if code.co_flags & _COROUTINE:
            one.asynchronous = True
            return
        names, values = _arguments(frame)
        shape = tuple(_shape(value) for value in values)
        if not one.wants((method, shape)) or self._spent > COPY_SECONDS:
            return
        copier = Copier(Budget(CALL_OBJECTS, CALL_BYTES, CALL_SECONDS))
        try:
            arguments = [copier.copy(value) for value in values]
        except Uncopyable as reason:
            one.skip(str(reason))
            return
        call = Call(one, method, code, frame.f_globals, names, arguments, _random_states(), shape)
        call.find_function(values)
        one.calls.append(call)
        if not code.co_flags & _GENERATOR:
            self._open[place] = (frame, call, copier, values, time.perf_counter())

    def left(self, frame: Any, result: Any, raised: Any) -> None:
        """A call ends, by `raised` unless that is None. Never raises."""
        code = frame.f_code
        place = (code.co_filename, code.co_firstlineno, code.co_name)
        begun = self._open.get(place)
        if begun is None or begun[0] is not frame or self._busy:
            return
        del self._open[place]
        _, call, _, values, start = begun
        call.seconds = time.perf_counter() - start
        self._busy = True
        start = time.perf_counter()
        try:
            copier = Copier(Budget(CALL_OBJECTS, CALL_BYTES, CALL_SECONDS))
            call.raised = raised
            with contextlib.suppress(Uncopyable):
                call.after = [copier.copy(value) for value in values]
                if raised is None:
                    call.result = copier.copy(result)
        except Exception:
            call.after, call.result = MISSING, MISSING
        finally:
            self._busy = False
            self._spent += time.perf_counter() - start

    def done(self) -> bool:
        """Whether everything that was wanted is there, and no call is open."""
        return not self._open and all(one.full() for one in self.watched)

    def finished(self) -> None:
        """The notebook has ended: calls that never did are not made again."""
        self._busy = True
        for _, call, _, _, _ in self._open.values():
            call.watched.calls.remove(call)
            call.watched.skip("never came to its end")


def _arguments(frame: Any) -> tuple[list[str], list[Any]]:
    code, local = frame.f_code, frame.f_locals
    count = code.co_argcount + code.co_kwonlyargcount
    count += bool(code.co_flags & _VARARGS) + bool(code.co_flags & _VARKEYWORDS)
    names = list(code.co_varnames[:count])
    return names, [local[name] for name in names]


def _resumed(frame: Any) -> bool:
    """Whether a generator goes on instead of beginning."""
    code, at = frame.f_code, frame.f_lasti
    instructions = dis.get_instructions(code)
    first = next((one.offset for one in instructions if one.opname == "YIELD_VALUE"), 0)
    return bool(at >= first)


def _shape(value: Any) -> Any:
    """What kind of argument it is, cheaply: calls that differ in this go different ways more often."""
    kind = type(value)
    if kind in (bool, type(None)):
        return value
    if kind in (int, float):
        return kind.__name__, (value > 0) - (value < 0)
    if kind in (str, bytes, list, tuple, dict, set, frozenset):
        size = len(value)
        return kind.__name__, min(size, 2), type(value[0]).__name__ if size and kind in (list, tuple) else ""
    return kind.__qualname__, getattr(value, "ndim", None) if kind.__module__[:5] in ("numpy", "panda") else None


def _random_states() -> tuple[Any, Any]:
    numpy = sys.modules.get("numpy.random")
    return random.getstate(), numpy.get_state() if numpy is not None else None


class Profiling:
    """Python before 3.12: sys.setprofile, in the main thread, until a cell or all of them have had their share of events.

    Events are counted, not seconds: what numpy does for a minute costs nothing, a loop of small calls does.
    """

    how = "sys.setprofile"

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._left = ALL_EVENTS
        self._of_cell = 0
        self._ours: Any = None

    def start(self) -> None:
        """A cell begins. Whoever profiles already has precedence."""
        wanted = self._recorder.files and not self._recorder.done()
        if wanted and sys.getprofile() is None and self._left > 0:
            self._of_cell = min(CELL_EVENTS, self._left)
            self._left -= self._of_cell
            self._ours = self._make()
            sys.setprofile(self._ours)

    def stop(self) -> None:
        """The cell has ended."""
        if self._ours is not None and sys.getprofile() is self._ours:
            sys.setprofile(None)
        self._ours = None
        self._left += self._of_cell
        self._of_cell = 0

    def _make(self) -> Any:
        recorder, files, until_check = self._recorder, self._recorder.files, EVENTS_TO_CHECK

        def profile(frame: Any, event: str, value: Any) -> None:
            nonlocal until_check
            until_check -= 1
            if until_check < 0:
                until_check = EVENTS_TO_CHECK
                self._of_cell -= EVENTS_TO_CHECK
                if self._of_cell <= 0 or recorder.done():
                    sys.setprofile(None)
                    return
            if frame.f_code.co_filename in files:
                if event == "call":
                    recorder.entered(frame)
                elif event == "return":
                    recorder.left(frame, value, None if value is not None or _returned(frame) else True)

        return profile


def _returned(frame: Any) -> bool:
    """Whether a frame that ends with None does so by a return statement: an exception ends it elsewhere."""
    return bool(frame.f_code.co_code[frame.f_lasti] == _RETURN)


class Monitoring:
    """Python 3.12 and later: each code object is looked at once, then costs nothing unless it is wanted."""

    how = "sys.monitoring"

    def __init__(self, recorder: Recorder, tool: int) -> None:
        self._recorder, self._tool = recorder, tool
        monitoring: Any = sys.monitoring  # type: ignore[attr-defined,unused-ignore]
        events = monitoring.events
        monitoring.use_tool_id(tool, "nb2mod")
        monitoring.register_callback(tool, events.PY_START, self._started)
        monitoring.register_callback(tool, events.PY_RETURN, self._returned)
        monitoring.register_callback(tool, events.PY_UNWIND, self._unwound)
        monitoring.set_events(tool, events.PY_START | events.PY_UNWIND)
        self._monitoring = monitoring

    def start(self) -> None:
        """Nothing to do: it is always on."""

    def stop(self) -> None:
        """Nothing to do: it is always on."""

    def _started(self, code: Any, _: int) -> Any:
        if not self._recorder.known(code):
            return self._monitoring.DISABLE
        self._monitoring.set_local_events(self._tool, code, self._monitoring.events.PY_RETURN)
        self._recorder.entered(sys._getframe(1))
        return None

    def _returned(self, _code: Any, _: int, value: Any) -> Any:
        self._recorder.left(sys._getframe(1), value, None)

    def _unwound(self, code: Any, _: int, error: BaseException) -> Any:
        if code.co_filename in self._recorder.files:
            self._recorder.left(sys._getframe(1), None, type(error).__name__)


def watch(wanted: list[dict[str, Any]], shell: Any) -> Recorder:
    """Effect: from now on each cell that this shell compiles is looked at for the wanted definitions."""
    recorder = Recorder(wanted)
    monitoring: Any = getattr(sys, "monitoring", None)
    free = [tool for tool in (4, 3) if monitoring.get_tool(tool) is None] if monitoring is not None else []
    way: Any = Monitoring(recorder, free[0]) if free else Profiling(recorder)
    named = shell.compile.cache

    def cache(transformed: str, *rest: Any, **options: Any) -> str:
        file: str = named(transformed, *rest, **options)
        recorder.cell_compiled(options.get("raw_code") or transformed, transformed, file)
        way.stop()
        way.start()
        return file

    shell.compile.cache = cache
    shell.events.register("post_run_cell", lambda *_: way.stop())
    return recorder
