"""Ends what a kernel left running: its process group, and where the system tells, every process that it ever started."""

import contextlib
import os
import signal
import sys
from pathlib import Path


def end(group: int | None, temporary: Path) -> None:
    """Kill the process group `group` and every process whose TMPDIR is `temporary`, which only our kernel's have.

    The latter finds what made itself a daemon or a session of its own; it works where there is /proc. Nothing is raised.
    """
    if group is not None and hasattr(os, "killpg"):
        with contextlib.suppress(OSError):
            os.killpg(group, signal.SIGKILL)
    if sys.platform != "linux":
        return
    for _ in range(3):  # what was started while we looked is found the next time
        found = _started_with(f"TMPDIR={temporary}".encode())
        for process in found:
            with contextlib.suppress(OSError):
                os.kill(process, signal.SIGKILL)
        if not found:
            return


def _started_with(variable: bytes) -> list[int]:
    """Living processes of this user that were started with this environment variable."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if variable in (folder / "environ").read_bytes().split(b"\0"):
                found.append(int(folder.name))
    return [process for process in found if process != os.getpid()]
