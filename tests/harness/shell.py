"""Runs notebooks, each in a process of its own that was forked from one where IPython is already imported.

This module is a program: it reads one request per line on stdin and answers one line of JSON on stdout. It is started and
asked by `running.py`. It is no kernel: no messages, no widgets, no inline figures; what a cell shows is what it prints.
"""

import io
import json
import os
import re
import select
import signal
import sys
import tempfile
import types
from pathlib import Path
from typing import Any

Answer = dict[str, Any]

# IPython's own names, and what Python notes about a module: warnings already shown, annotations of assignments.
_NOBODYS = re.compile(
    r"_+|_i+|_i?\d+|_(ih|oh|dh|exit_code)|In|Out|get_ipython|exit|quit|open|__(warningregistry|annotations)__"
)


def serve() -> None:
    """Answers requests until stdin ends. A notebook can't harm the next one: it dies with its process."""
    from IPython.core.interactiveshell import InteractiveShell  # noqa: F401  # imported once, here, for all children

    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # whatever else prints must not stand between the answers
    for line in sys.stdin:
        answers.write(json.dumps(_answer(json.loads(line))) + "\n")
        answers.flush()


def _answer(request: Answer) -> Answer:
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        _run_and_exit(request, writer)
    os.close(writer)
    data = _read_all(reader, request["timeout"])
    os.close(reader)
    if data is None:
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if data is None:
        return {"failure": f"still running after {request['timeout']} seconds"}
    if not data:
        return {"failure": f"the process ended with status {os.waitstatus_to_exitcode(status)} and no answer"}
    answer: Answer = json.loads(data)
    return answer


def _read_all(reader: int, timeout: float) -> bytes | None:
    """Everything up to the end of the pipe, or None when nothing comes for `timeout` seconds."""
    parts: list[bytes] = []
    while select.select([reader], [], [], timeout)[0]:
        part = os.read(reader, 1 << 20)
        if not part:
            return b"".join(parts)
        parts.append(part)
    return None


def _run_and_exit(request: Answer, writer: int) -> None:
    """Never returns; a trouble of the harness itself is an answer too, not a traceback that looks like the notebook's."""
    try:
        answer = _run(Path(request["notebook"]), request["paths"])
    except BaseException as error:
        answer = {"failure": f"{type(error).__name__}: {error}"}
    with os.fdopen(writer, "wb") as pipe:
        pipe.write(json.dumps(answer).encode())
    os._exit(0)


def _run(notebook: Path, paths: list[str]) -> Answer:
    content = json.loads(notebook.read_bytes().decode("utf-8-sig"))
    os.chdir(notebook.parent)
    sys.path[:] = ["", *paths, *(entry for entry in sys.path[1:])]
    with tempfile.TemporaryFile() as output:
        os.dup2(output.fileno(), 1)
        sys.stdin = io.StringIO()
        sys.stdout = io.TextIOWrapper(os.fdopen(1, "wb", 0, closefd=False), encoding="utf-8", write_through=True)
        shell = _quiet_shell()
        there = set(shell.user_ns)
        cells = _run_cells(shell, content["cells"], output)
        names = {
            name: _description(value)
            for name, value in shell.user_ns.items()
            if name not in there and not _NOBODYS.fullmatch(name) and not isinstance(value, types.ModuleType)
        }
    return {"cells": cells, "names": names}


def _quiet_shell() -> Any:
    """A shell without history on disk. Tracebacks name files and lines, which may change: errors are told by value."""
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    config = Config()
    config.HistoryManager.enabled = False
    shell = InteractiveShell.instance(config=config)
    for method in ("showtraceback", "showsyntaxerror"):
        setattr(shell, method, lambda *_, **__: None)
    return shell


def _run_cells(shell: Any, cells: list[Answer], output: Any) -> list[Answer]:
    """Each code cell from the top, to the first error that its cell does not announce, as `jupyter nbconvert` would."""
    outcomes = []
    for number, cell in enumerate(cells, start=1):
        if cell["cell_type"] != "code":
            continue
        start = output.seek(0, os.SEEK_END)
        result = shell.run_cell("".join(cell["source"]), store_history=True)
        sys.stdout.flush()
        output.seek(start)
        error = result.error_before_exec or result.error_in_exec
        outcomes.append(
            {
                "cell": number,
                "shown": output.read().decode("utf-8", "backslashreplace"),
                "error": f"{type(error).__module__}.{type(error).__qualname__}: {error}" if error else None,
            }
        )
        if error and "raises-exception" not in cell["metadata"].get("tags", ()):
            break
    return outcomes


def _description(value: object) -> str:
    """Functions and classes are compared by kind: that they came from elsewhere is what extract is for."""
    if isinstance(value, type):
        return "class"
    if isinstance(value, types.FunctionType | types.BuiltinFunctionType):
        return "function"
    return f"{type(value).__module__}.{type(value).__qualname__} = {value!r}"


if __name__ == "__main__":
    serve()
