"""Two nb2mod at once: the second is refused and told by whom; a dead one is no obstacle."""

import errno
import os
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from nb2mod.errors import Refused
from nb2mod.model import ChangeSet, FileChange
from nb2mod.stages.apply import lock, recover, system, undo, write

HOLD = """
import sys, time
from pathlib import Path
from nb2mod.stages.apply import journal
with journal.opened(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "a.py").write_bytes(b"old")
    return tmp_path


@pytest.fixture
def other(root: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the lock."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(root)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def changes(before: bytes = b"old", after: bytes = b"new") -> ChangeSet:
    return ChangeSet((FileChange("a.py", before, after),))


def test_while_another_is_at_work(root: Path, other: subprocess.Popen[str]) -> None:
    for action in (lambda: write(root, changes()), lambda: undo(root)):
        with pytest.raises(Refused, match=f"process {other.pid} "):
            action()
    assert (root / "a.py").read_bytes() == b"old"
    assert recover(root) is None
    (root / ".nb2mod/pending").write_bytes(b"the other's")
    assert f"process {other.pid} " in str(recover(root))
    assert (root / ".nb2mod/pending").read_bytes() == b"the other's"


def test_after_the_other_has_died(root: Path, other: subprocess.Popen[str]) -> None:
    other.kill()
    other.wait()
    assert str(other.pid) in (root / ".nb2mod/lock").read_text()
    write(root, changes())
    assert (root / "a.py").read_bytes() == b"new"


def test_after_the_other_is_done(root: Path, other: subprocess.Popen[str]) -> None:
    other.communicate("")
    write(root, changes())
    assert (root / ".nb2mod/lock").read_bytes() == b""


def test_two_in_one_process(root: Path) -> None:
    with lock.held(root / "lock"), pytest.raises(Refused, match=f"process {os.getpid()} "), lock.held(root / "lock"):
        pass
    with lock.held(root / "lock"):
        pass


# ---- file systems without locks: the record decides


@pytest.fixture
def no_locks(monkeypatch: pytest.MonkeyPatch) -> None:
    real = system.call

    def call(function: Callable[..., Any], *arguments: Any) -> Any:
        if function.__name__ == "_lock":
            raise OSError(errno.ENOLCK, "no locks")
        return real(function, *arguments)

    monkeypatch.setattr(system, "call", call)


def record(path: Path, **changed: Any) -> None:
    path.write_bytes(msgspec.json.encode(msgspec.structs.replace(lock._ourselves(), **changed)))


def test_without_locks_a_live_process_is_respected(root: Path, no_locks: None, other: subprocess.Popen[str]) -> None:
    with pytest.raises(Refused, match=f"process {other.pid} "):
        write(root, changes())


def test_without_locks_another_host_is_respected(root: Path, no_locks: None) -> None:
    record(root / "lock", host="elsewhere")
    with pytest.raises(Refused, match="remove"), lock.held(root / "lock"):
        pass


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="the system does not say when a process started")
def test_without_locks_a_process_id_used_again_is_no_obstacle(root: Path, no_locks: None) -> None:
    record(root / "lock", started=1)
    with lock.held(root / "lock"):
        pass


def test_without_locks_a_dead_process_is_no_obstacle(root: Path, no_locks: None, other: subprocess.Popen[str]) -> None:
    other.kill()
    other.wait()
    write(root, changes())
    assert (root / "a.py").read_bytes() == b"new"


def test_without_locks_ours_ends_with_us(root: Path, no_locks: None) -> None:
    with pytest.raises(ZeroDivisionError), lock.held(root / "lock"):
        raise ZeroDivisionError
    with lock.held(root / "lock"):
        pass


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b'{"pid": "x"}', b"\xff" * 5000])
def test_without_locks_a_record_that_says_nothing_is_no_obstacle(root: Path, no_locks: None, data: bytes) -> None:
    (root / "lock").write_bytes(data)
    with lock.held(root / "lock"):
        pass


def test_two_processes_writing_again_and_again_lose_nothing(root: Path) -> None:
    """Each adds one to the number in a.py as often as it gets to; every entry is one addition."""
    (root / "a.py").write_bytes(b"0")
    script = textwrap.dedent("""
        import sys, time
        from pathlib import Path
        from nb2mod.errors import Refused
        from nb2mod.model import ChangeSet, FileChange
        from nb2mod.stages.apply import write
        root, done = Path(sys.argv[1]), 0
        end = time.monotonic() + 30
        while done < 15 and time.monotonic() < end:
            before = (root / "a.py").read_bytes()
            try:
                write(root, ChangeSet((FileChange("a.py", before, b"%d" % (int(before) + 1)),)))
                done += 1
            except Refused:
                time.sleep(0.002)
        print(done)
    """)
    both = [
        subprocess.Popen([sys.executable, "-c", script, str(root)], stdout=subprocess.PIPE, text=True) for _ in range(2)
    ]
    done = sum(int(process.communicate()[0]) for process in both)
    assert done == 30
    assert (root / "a.py").read_bytes() == b"30"
    assert len(list((root / ".nb2mod").glob("*.entry"))) == 30


def test_a_wait_is_not_needed_to_be_refused(root: Path, other: subprocess.Popen[str]) -> None:
    started = time.monotonic()
    with pytest.raises(Refused):
        write(root, changes())
    assert time.monotonic() - started < 5


def test_a_child_of_a_dead_holder_is_waited_for(root: Path) -> None:
    """Killed while it starts git, an nb2mod leaves a child that has the lock file open for a moment."""
    script = """
import os, sys, time
from pathlib import Path
from nb2mod.stages.apply import journal
with journal.opened(Path(sys.argv[1])):
    if os.fork() == 0:
        time.sleep(0.4)
        os._exit(0)
    os._exit(1)  # no lock is given back, as with SIGKILL
"""
    subprocess.run([sys.executable, "-c", script, str(root)], check=False)
    write(root, changes())
    assert (root / "a.py").read_bytes() == b"new"
