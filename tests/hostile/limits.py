"""nb2mod's command line under limits of time and memory, one forked process per command.

The process that forks has nb2mod imported already: a command costs what it does, not what Python costs to start. What it runs
is `nb2mod.__main__.main`, as the installed command does.
"""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

MEMORY = 3 << 30
SECONDS = 60.0

SERVER = r"""
import json, os, resource, signal, sys, time
import black, jupyter_client.kernelspec, nbformat, tomlkit
import nb2mod.cli.app, nb2mod.cli.asking, nb2mod.cli.planfile, nb2mod.pipeline.outcome, nb2mod.pipeline.drafting
import nb2mod.report.diff, nb2mod.report.text, nb2mod.report.as_json, nb2mod.report.editor, nb2mod.stages.apply
from nb2mod.__main__ import main

def child(asked):
    resource.setrlimit(resource.RLIMIT_AS, (asked["memory"], asked["memory"]))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.chdir(asked["cwd"])
    os.environ.update(asked["environment"])
    for descriptor, path in ((1, asked["out"]), (2, asked["err"])):
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.dup2(file, descriptor)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    sys.stdin, sys.stdout, sys.stderr = open(0), open(1, "w", encoding="utf-8"), open(2, "w", encoding="utf-8")
    sys.argv = ["nb2mod", *asked["arguments"]]
    status = 99
    try:
        status = main()
    except BaseException:
        import traceback
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)

for line in sys.stdin:
    asked = json.loads(line)
    started = time.monotonic()
    pid = os.fork()
    if not pid:
        child(asked)
    timed_out = False
    while True:
        ended, status, usage = os.wait4(pid, os.WNOHANG)
        if ended:
            break
        if time.monotonic() - started > asked["seconds"]:
            timed_out = True
            os.kill(pid, signal.SIGKILL)
            ended, status, usage = os.wait4(pid, 0)
            break
        time.sleep(0.002)
    code = os.waitstatus_to_exitcode(status)
    print(json.dumps([code, timed_out, time.monotonic() - started, usage.ru_maxrss]), flush=True)
"""


class Ran(NamedTuple):
    """One command: its exit status (negative: the signal that ended it), what it printed, what it cost."""

    status: int
    timed_out: bool
    seconds: float
    kilobytes: int
    out: bytes
    err: bytes


class Commands:
    """Runs `nb2mod ARGUMENTS` again and again. Use as a context manager."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> "Commands":
        self._process = subprocess.Popen(
            [sys.executable, "-c", SERVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process is not None
        self._process.communicate()

    def __call__(
        self, cwd: Path, *arguments: str, seconds: float = SECONDS, memory: int = MEMORY, **environment: str
    ) -> Ran:
        asked: dict[str, Any] = {
            "cwd": os.fspath(cwd),
            "arguments": arguments,
            "seconds": seconds,
            "memory": memory,
            "environment": environment,
            "out": os.fspath(self._folder / "out"),
            "err": os.fspath(self._folder / "err"),
        }
        assert self._process is not None
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        return Ran(*answer, (self._folder / "out").read_bytes(), (self._folder / "err").read_bytes())


def snapshot(folder: Path, leave_out: Sequence[Path] = ()) -> dict[bytes, tuple[int, bytes]]:
    """Every file, link and folder below `folder` with its mode and bytes, by its path in bytes."""
    found: dict[bytes, tuple[int, bytes]] = {}
    skipped = {os.fsencode(path) for path in leave_out}
    stack = [os.fsencode(folder)]
    while stack:
        with os.scandir(stack.pop()) as entries:
            for entry in entries:
                if entry.path in skipped:
                    continue
                mode = entry.stat(follow_symlinks=False).st_mode
                content = b""
                if entry.is_symlink():
                    content = os.readlink(entry.path)  # noqa: PTH115 - a path in bytes
                elif entry.is_dir():
                    stack.append(entry.path)
                elif entry.is_file():
                    content = Path(os.fsdecode(entry.path)).read_bytes()
                found[entry.path] = (mode, content)
    return found
