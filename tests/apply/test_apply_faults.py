"""Every system call of write, undo and recover fails once, and is the last one once: the tree is all old or all new."""

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nb2mod.errors import Refused
from nb2mod.stages.apply import recover, system, undo, write

REAL = system.call


def count_calls(install_door: Callable[[], Any], action: Callable[[], object]) -> int:
    door = install_door()
    action()
    system.call = REAL
    return len(door.calls)


@pytest.mark.parametrize("error_number", [errno.ENOSPC, errno.EACCES, errno.EIO, errno.EINTR])
def test_a_failing_call_while_writing_leaves_all_as_it_was(
    make_project: Callable[[str], Any], install_door: Callable[[], Any], error_number: int
) -> None:
    sample = make_project("sample")
    calls = count_calls(install_door, lambda: write(sample.root, sample.changes()))
    new = sample.tree()
    assert calls > 100
    for at in range(calls):
        project = make_project(f"p{at}")
        old = project.tree()
        door = install_door().fail(at, error_number)
        try:
            write(project.root, project.changes())
            told = ""
        except Refused as refusal:
            told = str(refusal)
        system.call = REAL
        refused = bool(told)
        assert not refused or "nothing was changed" in told.lower(), (at, door.calls[at])
        assert project.tree() == (old if refused else new), (at, door.calls[at])
        # Only calls after the entry stands may fail unnoticed: making its name durable, and giving back the lock.
        assert refused or at >= calls - 5, (at, door.calls[at])
        assert recover(project.root) is None, (at, door.calls[at])
        assert project.tree() == (old if refused else new)
        assert [path.name for path in (project.root / ".nb2mod").glob("*") if path.suffix == ".tmp"] == []
        if refused:
            write(project.root, project.changes())
        assert project.tree() == new
        assert undo(project.root).refused == ()
        assert project.tree() == old


def test_a_kill_while_writing_is_settled_by_the_next_command(
    make_project: Callable[[str], Any], install_door: Callable[[], Any], kill_signal: type[BaseException]
) -> None:
    sample = make_project("sample")
    calls = count_calls(install_door, lambda: write(sample.root, sample.changes()))
    new = sample.tree()
    outcomes = set()
    for at in range(calls):
        project = make_project(f"p{at}")
        old = project.tree()
        door = install_door().die(at)
        with pytest.raises(kill_signal):
            write(project.root, project.changes())
        system.call = REAL
        half_way = project.tree()
        sentence = recover(project.root)
        settled = project.tree()
        assert settled in (old, new), (at, door.calls[at])
        assert sentence is not None or half_way == settled, (at, door.calls[at])
        assert recover(project.root) is None
        outcomes.add(settled == new)
        if settled == old:
            write(project.root, project.changes())
        assert project.tree() == new
        assert undo(project.root).refused == ()
        assert project.tree() == old
    assert outcomes == {True, False}


def test_a_failing_call_while_undoing_leaves_all_as_it_was(
    make_project: Callable[[str], Any], install_door: Callable[[], Any], error_number: int
) -> None:
    sample = make_project("sample")
    old = sample.tree()
    write(sample.root, sample.changes())
    calls = count_calls(install_door, lambda: undo(sample.root))
    for at in range(calls):
        project = make_project(f"p{at}")
        write(project.root, project.changes())
        new = project.tree()
        door = install_door().fail(at, error_number)
        try:
            undo(project.root)
            refused = False
        except Refused:
            refused = True
        system.call = REAL
        failed_to_remove_a_folder = door.calls[at] == "rmdir"
        if failed_to_remove_a_folder:  # an empty folder may stay behind
            assert {name: kept for name, kept in project.tree().items() if kept[1] is not None} == {
                name: kept for name, kept in old.items() if kept[1] is not None
            }
            continue
        assert project.tree() == (new if refused else old), (at, door.calls[at])
        assert recover(project.root) is None
        if refused:
            undo(project.root)
        assert project.tree() == old
        assert undo(project.root).entry is None


def test_a_kill_while_undoing_is_settled_by_the_next_command(
    make_project: Callable[[str], Any], install_door: Callable[[], Any], kill_signal: type[BaseException]
) -> None:
    sample = make_project("sample")
    old = sample.tree()
    write(sample.root, sample.changes())
    calls = count_calls(install_door, lambda: undo(sample.root))
    for at in range(calls):
        project = make_project(f"p{at}")
        write(project.root, project.changes())
        new = project.tree()
        door = install_door().die(at)
        with pytest.raises(kill_signal):
            undo(project.root)
        system.call = REAL
        recover(project.root)
        settled = project.tree()
        assert settled in (old, new), (at, door.calls[at])
        if settled == new:
            undo(project.root)
        assert project.tree() == old
        assert undo(project.root).entry is None


def interrupted_at_each_step(
    make_project: Callable[[str], Any], install_door: Callable[[], Any], kill_signal: type[BaseException]
) -> list[tuple[Any, dict[str, Any]]]:
    """Projects in which a write was killed: before the decision, right after it, and among the replacements."""
    sample = make_project("sample")
    calls = count_calls(install_door, lambda: write(sample.root, sample.changes()))
    found = []
    for at in range(calls // 3, calls, 9):
        project = make_project(f"killed{at}")
        old = project.tree()
        install_door().die(at)
        with pytest.raises(kill_signal):
            write(project.root, project.changes())
        system.call = REAL
        found.append((project, old))
    return found


def test_a_kill_while_recovering_is_settled_by_the_command_after(
    make_project: Callable[[str], Any], install_door: Callable[[], Any], kill_signal: type[BaseException]
) -> None:
    sample = make_project("after")
    write(sample.root, sample.changes())
    new = sample.tree()
    for project, old in interrupted_at_each_step(make_project, install_door, kill_signal):
        at = 0
        while True:  # each recovery is killed one call later than the one before
            door = install_door().die(at)
            try:
                recover(project.root)
            except kill_signal:
                at += 1
                continue
            finally:
                system.call = REAL
            break
        assert len(door.calls) <= at
        assert project.tree() in (old, new)
        assert recover(project.root) is None


def test_a_failing_call_while_recovering_is_a_sentence(
    make_project: Callable[[str], Any],
    install_door: Callable[[], Any],
    kill_signal: type[BaseException],
    error_number: int,
) -> None:
    sample = make_project("after")
    write(sample.root, sample.changes())
    new = sample.tree()
    for project, old in interrupted_at_each_step(make_project, install_door, kill_signal):
        for at in range(0, 200, 7):
            door = install_door().fail(at, error_number)
            recover(project.root)
            system.call = REAL
            if len(door.calls) <= at:
                break
        recover(project.root)
        assert project.tree() in (old, new)
        assert recover(project.root) is None


def test_a_disk_that_stays_broken_is_settled_when_it_is_well_again(
    make_project: Callable[[str], Any], install_door: Callable[[], Any]
) -> None:
    sample = make_project("sample")
    calls = count_calls(install_door, lambda: write(sample.root, sample.changes()))
    new = sample.tree()
    for at in range(0, calls - 8, 3):
        project = make_project(f"p{at}")
        old = project.tree()
        door = install_door()

        def stay_broken(number: int, name: str, since: int = at) -> None:
            if number >= since and name in ("write", "replace", "fsync", "open", "unlink"):
                raise OSError(28, os.strerror(28))

        door.before_call = stay_broken
        with pytest.raises(Refused):
            write(project.root, project.changes())
        system.call = REAL
        recover(project.root)
        assert project.tree() in (old, new), at
        assert recover(project.root) is None


def test_a_file_saved_by_someone_else_at_any_moment_is_not_lost(
    make_project: Callable[[str], Any], install_door: Callable[[], Any]
) -> None:
    sample = make_project("sample")
    calls = count_calls(install_door, lambda: write(sample.root, sample.changes()))
    theirs = b'print("mine")\n'
    for at in range(calls):
        project = make_project(f"p{at}")
        old = project.tree()
        door = install_door()

        def save(number: int, name: str, when: int = at, root: Path = project.root) -> None:
            if number == when:
                text = (root / "src/tools/files.py").read_bytes()
                (root / "src/tools/files.py").write_bytes(text + theirs)

        door.before_call = save
        changes = project.changes()
        try:
            write(project.root, changes)
            refused = False
        except Refused:
            refused = True
        system.call = REAL
        if door.calls[at] == "replace" and not refused:
            continue  # between the last look at a file and its replacement lies no call at all: that moment is left
        assert project.read("src/tools/files.py").endswith(theirs), (at, door.calls[at])
        if refused:
            rest = project.tree()
            rest["src/tools/files.py"] = old["src/tools/files.py"]
            assert rest == old, (at, door.calls[at])
