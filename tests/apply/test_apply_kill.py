"""Real processes that really end in the middle: by _exit at a system call, by SIGKILL from outside, and by Ctrl-C."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nb2mod.errors import Refused
from nb2mod.model import ChangeSet, FileChange
from nb2mod.stages.apply import recover, system, undo, write

# Runs the change in argv[1] on the root argv[2] and ends without any clean-up at system call number argv[3].
SCRIPT = """
import os, sys
from pathlib import Path
import msgspec
from nb2mod.model import ChangeSet
from nb2mod.stages.apply import system, write
changes = msgspec.msgpack.decode(Path(sys.argv[1]).read_bytes(), type=ChangeSet)
real, at, number = system.call, int(sys.argv[3]), 0

def call(function, *arguments):
    global number
    if number == at:
        os._exit(9)
    number += 1
    return real(function, *arguments)

system.call = call
write(Path(sys.argv[2]), changes)
print(number)
"""


def run(project: Any, tmp_path: Path, at: int) -> subprocess.CompletedProcess[str]:
    import msgspec

    (tmp_path / "changes").write_bytes(msgspec.msgpack.encode(project.changes()))
    command = [sys.executable, "-c", SCRIPT, str(tmp_path / "changes"), str(project.root), str(at)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_process_that_ends_at_a_system_call(make_project: Callable[[str], Any], tmp_path: Path) -> None:
    sample = make_project("sample")
    calls = int(run(sample, tmp_path, -1).stdout)
    new = sample.tree()
    outcomes = set()
    for at in range(3, calls, max(1, calls // 12)):
        project = make_project(f"p{at}")
        old = project.tree()
        assert run(project, tmp_path, at).returncode == 9
        recover(project.root)
        assert project.tree() in (old, new), at
        outcomes.add(project.tree() == new)
        if project.tree() == old:
            write(project.root, project.changes())
        undo(project.root)
        assert project.tree() == old
    assert outcomes == {True, False}


def test_a_process_killed_from_outside(make_project: Callable[[str], Any], tmp_path: Path) -> None:
    script = """
import sys
from pathlib import Path
from nb2mod.model import ChangeSet, FileChange
from nb2mod.stages.apply import write
root = Path(sys.argv[1])
names = [f"f{n}.py" for n in range(40)]
print("ready", flush=True)
for turn in range(1000):
    before = [(root / name).read_bytes() for name in names]
    write(root, ChangeSet(tuple(FileChange(name, old, b"%d" % (turn + 1)) for name, old in zip(names, before))))
"""
    for turn in range(4):
        root = tmp_path / f"root{turn}"
        root.mkdir()
        for number in range(40):
            (root / f"f{number}.py").write_bytes(b"0")
        with subprocess.Popen([sys.executable, "-c", script, str(root)], stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(0.05 + 0.083 * turn)
            os.kill(process.pid, signal.SIGKILL)
        recover(root)
        assert len({path.read_bytes() for path in root.glob("f*.py")}) == 1
        assert not list(root.glob(".nb2mod-*"))
        while undo(root).entry:
            assert len({path.read_bytes() for path in root.glob("f*.py")}) == 1
        assert (root / "f0.py").read_bytes() == b"0"


@pytest.mark.parametrize("stop", [KeyboardInterrupt, SystemExit, MemoryError])
def test_ctrl_c_takes_back_what_was_done(
    make_project: Callable[[str], Any], install_door: Callable[[], Any], stop: type[BaseException]
) -> None:
    real = system.call
    sample = make_project("sample")
    door = install_door()
    write(sample.root, sample.changes())
    system.call = real
    new = sample.tree()
    for at in range(0, len(door.calls), 5):
        project = make_project(f"p{at}")
        old = project.tree()

        def interrupt(number: int, name: str, when: int = at) -> None:
            if number == when and name != "close":
                raise stop

        install_door().before_call = interrupt
        finished = False
        try:
            write(project.root, project.changes())
            finished = True
        except stop:
            pass
        system.call = real
        assert project.tree() in ((old, new) if at > len(door.calls) - 8 or finished else (old,)), at
        assert recover(project.root) is None


def test_no_space_left_on_a_real_full_disk(tmp_path: Path) -> None:
    """A limit on file size stands in for a full disk: the kernel itself refuses the write in the middle."""
    import resource

    big = os.urandom(300_000)
    (tmp_path / "a.py").write_bytes(b"old")
    (tmp_path / "b.py").write_bytes(b"old")
    before, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    try:
        with pytest.raises(Refused, match="Nothing was changed"):
            write(tmp_path, ChangeSet((FileChange("a.py", b"old", b"new"), FileChange("b.py", b"old", big))))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (before, hard))
        signal.signal(signal.SIGXFSZ, handler)
    assert (tmp_path / "a.py").read_bytes() == (tmp_path / "b.py").read_bytes() == b"old"
    assert recover(tmp_path) is None
