"""Makes one call and keeps everything a person could see of it: result, exception, output, figures, files written.

Runs inside the kernel (Python 3.8).
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import itertools
import random
import signal
import sys
import threading
import types
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .records import MISSING

ITEMS = 1000  # of a generator that are looked at
_ITERATORS: Any = (
    types.GeneratorType, map, filter, zip, enumerate, reversed, type(iter([])), type(iter(())), type(iter({})),
    type(iter(set())), type(iter(range(0))), type(iter("")),
)  # fmt: skip
_FILE_BYTES = 50 * 2**20
_written: set[str] | None = None  # paths opened for writing by the call that is being made


class TookTooLong(BaseException):
    """The call was stopped: it took longer than it may."""


class Yielded:
    """What an iterator gave until it ended, or for as long as it was asked."""

    def __init__(self, kind: str, items: list[Any], ended: bool) -> None:
        self.kind, self.items, self.ended = kind, items, ended


class Made:
    """What one call came to."""

    def __init__(self) -> None:
        self.result: Any = MISSING
        self.error: BaseException | None = None
        self.output: dict[str, str] = {}
        self.shown: list[Any] = []
        self.warned: list[tuple[str, str]] = []
        self.figures: list[tuple[Any, bytes]] = []
        self.files: dict[str, str] = {}
        self.drew = False  # whether it took a random number
        self.lines: set[int] = set()
        self.stopped = False


def make(
    function: Any,
    positional: list[Any],
    named: dict[str, Any],
    states: tuple[Any, Any],
    seconds: float,
    trace: Any = None,
) -> Made:
    """Calls the function from the same random state, stopped after `seconds`. Never raises what it raises.

    `trace`: a code object; the lines of it that run are noted.
    """
    made = Made()
    _set_random(states)
    try:
        with _captured(made), _timed(seconds), _files(made), _traced(made, trace):
            try:
                result = function(*positional, **named)
                made.result = _consumed(result) if type(result) in _ITERATORS else result
            except TookTooLong:
                made.stopped = True
            except BaseException as error:
                made.error = error
    except TookTooLong:  # the clock struck on the way out
        made.stopped = True
    made.drew = _random_moved(states)
    return made


def _consumed(iterator: Any) -> Yielded:
    items = list(itertools.islice(iterator, ITEMS + 1))
    ended = len(items) <= ITEMS
    if isinstance(iterator, types.GeneratorType):
        iterator.close()
    return Yielded(type(iterator).__name__, items[:ITEMS], ended)


@contextlib.contextmanager
def _captured(made: Made) -> Iterator[None]:
    """Everything printed, displayed, warned and drawn goes into `made`."""
    streams = {"stdout": io.StringIO(), "stderr": io.StringIO()}
    old = sys.stdout, sys.stderr, sys.displayhook
    shell = _shell()
    publisher = getattr(shell, "display_pub", None)
    capturing: Any = (
        sys.modules["IPython.core.displaypub"].CapturingDisplayPublisher() if publisher is not None else None
    )
    _close_figures()
    with warnings.catch_warnings(record=True) as caught:
        if not any(each[0] == "error" for each in warnings.filters):
            warnings.simplefilter("always")  # which are shown depends on the module they come from
        try:
            sys.stdout, sys.stderr = streams["stdout"], streams["stderr"]
            if publisher is not None:
                shell.display_pub = capturing
            yield
        finally:
            sys.stdout, sys.stderr, sys.displayhook = old
            if publisher is not None:
                made.shown = [(each.get("data"), each.get("metadata")) for each in capturing.outputs]
                shell.display_pub = publisher
            made.figures = _figures()
            _close_figures()
    made.output = {name: stream.getvalue() for name, stream in streams.items()}
    made.warned = [(each.category.__name__, str(each.message)) for each in caught or ()]


def _shell() -> Any:
    module = sys.modules.get("IPython.core.interactiveshell")
    if module is None or not module.InteractiveShell.initialized():
        return None
    import importlib

    importlib.import_module("IPython.core.displaypub")
    return module.InteractiveShell.instance()


def _figures() -> list[tuple[Any, bytes]]:
    """The figures that are open, drawn: (size, pixels). A figure that can't be drawn is told by its error."""
    pyplot: Any = sys.modules.get("matplotlib.pyplot")
    found = []
    for number in pyplot.get_fignums() if pyplot is not None else ():
        try:
            import importlib

            figure = pyplot.figure(number)
            canvas = importlib.import_module("matplotlib.backends.backend_agg").FigureCanvasAgg(figure)
            canvas.draw()
            found.append((canvas.get_width_height(), bytes(canvas.buffer_rgba())))
        except Exception as error:
            found.append((repr(error), b""))
    return found


def _close_figures() -> None:
    pyplot: Any = sys.modules.get("matplotlib.pyplot")
    if pyplot is not None:
        pyplot.close("all")


@contextlib.contextmanager
def _timed(seconds: float) -> Iterator[None]:
    """Stops the body after a while, where the system and the thread allow it."""
    usable = hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()
    if not usable:
        yield
        return

    def stop(*_: Any) -> None:
        raise TookTooLong

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds, 0.2)  # again and again: a bare except may swallow the first
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before if before is not None else signal.SIG_DFL)


def _audit(event: str, details: tuple[Any, ...]) -> None:
    if event == "open" and _written is not None and isinstance(details[0], (str, bytes)):
        mode, flags = details[1], details[2]
        if (isinstance(mode, str) and set(mode) & set("wax+")) or (mode is None and flags & 3):
            _written.add(details[0] if isinstance(details[0], str) else details[0].decode("utf-8", "replace"))


def listen() -> None:
    """Effect: from now on files opened for writing are noticed. Once per process: it can't be taken back."""
    sys.addaudithook(_audit)


@contextlib.contextmanager
def _files(made: Made) -> Iterator[None]:
    global _written
    _written = set()
    try:
        yield
    finally:
        paths, _written = sorted(_written), None
        made.files = {path: _digest(Path(path)) for path in paths if not path.startswith(("/dev/", "/proc/"))}


def _digest(path: Path) -> str:
    try:
        if path.stat().st_size > _FILE_BYTES:
            return f"{path.stat().st_size} bytes"
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return "gone"


@contextlib.contextmanager
def _traced(made: Made, code: Any) -> Iterator[None]:
    if code is None or sys.gettrace() is not None:
        yield
        return

    def inner(frame: Any, _event: str, _: Any) -> Any:
        made.lines.add(frame.f_lineno)
        return inner

    sys.settrace(lambda frame, *_: inner if frame.f_code is code else None)
    try:
        yield
    finally:
        sys.settrace(None)


def _set_random(states: tuple[Any, Any]) -> None:
    random.setstate(states[0])
    if states[1] is not None:
        sys.modules["numpy.random"].set_state(states[1])


def _random_moved(states: tuple[Any, Any]) -> bool:
    if random.getstate() != states[0]:
        return True
    if states[1] is None:
        return False
    before, after = states[1], sys.modules["numpy.random"].get_state()
    return bool(before[2:] != after[2:] or (before[1] != after[1]).any())
