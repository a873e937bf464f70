"""The files as they were before the last extraction: what undo would bring back, with nothing written."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nb2mod.errors import Refused
from nb2mod.model import ChangeSet, FileChange
from nb2mod.stages.apply import earlier, undo, write


def test_nothing_was_extracted(tmp_path: Path) -> None:
    assert earlier(tmp_path) is None
    (tmp_path / "a.toml").write_bytes(b"old")
    write(tmp_path, ChangeSet((FileChange("a.toml", b"old", b"new"),)), label="init")
    assert earlier(tmp_path) is None, "init is no extraction"


def _contents(root: Path) -> dict[str, bytes]:
    """What is read at each path, through links, as the kernels of a run would."""
    found = [path for path in root.rglob("*") if path.is_file() and ".nb2mod" not in path.parts]
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in found}


def test_it_is_what_undo_brings_back(make_project: Callable[[str], Any]) -> None:
    project = make_project("sample")
    before = _contents(project.root)
    write(project.root, project.changes())
    after = project.tree()
    found = earlier(project.root)
    assert found is not None
    assert project.tree() == after, "nothing is written"
    assert not found.unknown
    undo(project.root)
    assert {path: before.get(path) for path in found.files} == found.files
    assert _contents(project.root) == before
    assert earlier(project.root) is None


def test_edits_made_since_stay_or_are_told(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_bytes(b"one\ntwo\n")
    (tmp_path / "b.py").write_bytes(b"one\ntwo\n")
    changes = tuple(FileChange(path, b"one\ntwo\n", b"one\nTWO\n") for path in ("a.py", "b.py"))
    write(tmp_path, ChangeSet((*changes, FileChange("new.py", None, b"made\n"))))
    (tmp_path / "a.py").write_bytes(b"mine\none\nTWO\n")
    (tmp_path / "b.py").write_bytes(b"one\nTwo!\n")
    (tmp_path / "new.py").write_bytes(b"made, and edited\n")
    found = earlier(tmp_path)
    assert found is not None
    assert found.files == {"a.py": b"mine\none\ntwo\n", "new.py": None}
    assert [one.location.path for one in found.unknown] == ["b.py"]


def test_the_last_one_that_stands(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_bytes(b"0\n")
    for turn in range(2):
        write(tmp_path, ChangeSet((FileChange("a.py", b"%d\n" % turn, b"%d\n" % (turn + 1)),)))
    write(tmp_path, ChangeSet((FileChange("b.py", None, b"set up\n"),)), label="init")
    found = earlier(tmp_path)
    assert found is not None
    assert (found.entry, found.files) == ("000002-extract", {"a.py": b"1\n"})


def test_a_journal_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_bytes(b"0\n")
    write(tmp_path, ChangeSet((FileChange("a.py", b"0\n", b"1\n"),)))
    (tmp_path / ".nb2mod" / "000001-extract.entry").write_bytes(b"something else")
    with pytest.raises(Refused, match="can't be used because it is cut off"):
        earlier(tmp_path)
