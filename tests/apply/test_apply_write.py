"""What write refuses (first), and what it does."""

import os
import stat
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from nb2mod.errors import Refused
from nb2mod.model import CellEdit, ChangeSet, FileChange
from nb2mod.stages.apply import last_written, recover, undo, write


def changed(path: str, before: bytes | None = b"old", after: bytes = b"new") -> ChangeSet:
    return ChangeSet((FileChange(path, before, after),))


def saved_since(root: Path) -> str:
    (root / "a.py").write_bytes(b"newer")
    return "a.py"


def deleted_since(root: Path) -> str:
    (root / "a.py").unlink()
    return "a.py"


def read_only_file(root: Path) -> str:
    (root / "a.py").chmod(0o444)
    return "a.py"


def read_only_folder(root: Path) -> str:
    (root / "sub").chmod(0o555)
    return "sub/a.py"


def link_outside(root: Path) -> str:
    (root.parent / "outside.py").write_bytes(b"old")
    (root / "link.py").symlink_to("../outside.py")
    return "link.py"


def folder_link_outside(root: Path) -> str:
    (root.parent / "elsewhere").mkdir()
    (root.parent / "elsewhere/a.py").write_bytes(b"old")
    (root / "away").symlink_to("../elsewhere")
    return "away/a.py"


def link_into_git(root: Path) -> str:
    (root / ".git").mkdir()
    (root / ".git/config").write_bytes(b"old")
    (root / "link.py").symlink_to(".git/config")
    return "link.py"


def link_in_a_circle(root: Path) -> str:
    (root / "one.py").symlink_to("two.py")
    (root / "two.py").symlink_to("one.py")
    return "one.py"


def a_folder(root: Path) -> str:
    (root / "folder.py").mkdir()
    return "folder.py"


def a_pipe(root: Path) -> str:
    os.mkfifo(root / "pipe.py")
    return "pipe.py"


REFUSALS: list[tuple[Callable[[Path], str], str]] = [
    (saved_since, "a.py has changed since it was read"),
    (deleted_since, "a.py is gone since it was read"),
    (read_only_file, "a.py is read-only"),
    (read_only_folder, "folder sub is read-only"),
    (link_outside, "outside the project"),
    (folder_link_outside, "outside the project"),
    (link_into_git, "is not a place for notebooks"),
    (link_in_a_circle, "not a regular file"),
    (a_folder, "not a regular file"),
    (a_pipe, "not a regular file"),
    (lambda root: "../outside.py", "leads out of the project"),
    (lambda root: "sub/../a.py", "leads out of the project"),
    (lambda root: "./a.py", "leads out of the project"),
    (lambda root: str(root / "a.py"), "is not relative"),
    (lambda root: "", "is no path"),
    (lambda root: "a\0.py", "is no path"),
    (lambda root: "a\udcff.py", "not UTF-8"),
    (lambda root: ".git/hooks/pre-commit", "is not a place"),
    (lambda root: "sub/.GIT/config", "is not a place"),
    (lambda root: ".nb2mod/lock", "is not a place"),
]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "root"
    (root / "sub").mkdir(parents=True)
    (root / "a.py").write_bytes(b"old")
    (root / "b.py").write_bytes(b"old")
    (root / "sub/a.py").write_bytes(b"old")
    return root


@pytest.mark.parametrize(("arrange", "reason"), REFUSALS, ids=[reason for _, reason in REFUSALS])
def test_refused_and_no_other_file_is_touched(root: Path, arrange: Callable[[Path], str], reason: str) -> None:
    path = arrange(root)
    changes = ChangeSet((FileChange("b.py", b"old", b"new"), FileChange(path, b"old", b"new")))
    with pytest.raises(Refused, match=reason) as refusal:
        write(root, changes)
    assert "nothing was changed" in str(refusal.value)
    assert (root / "b.py").read_bytes() == b"old"
    assert recover(root) is None
    assert undo(root).entry is None


@pytest.mark.parametrize("arrange", ["file", "dangling link", "folder in the way", "folder is a file", "read-only"])
def test_a_new_file_is_refused_where_something_stands(root: Path, arrange: str) -> None:
    path = "sub/new.py"
    if arrange == "file":
        (root / path).write_bytes(b"theirs")
    elif arrange == "dangling link":
        (root / path).symlink_to("nowhere.py")
    elif arrange == "folder in the way":
        (root / path).mkdir()
    elif arrange == "folder is a file":
        path = "a.py/new.py"
    else:
        (root / "sub").chmod(0o555)
        path = "sub/deep/new.py"
    with pytest.raises(Refused):
        write(root, changed(path, None))
    assert (root / "a.py").read_bytes() == b"old"


def test_one_file_under_two_names_is_refused(root: Path) -> None:
    (root / "link.py").symlink_to("a.py")
    changes = ChangeSet((FileChange("a.py", b"old", b"one"), FileChange("link.py", b"old", b"two")))
    with pytest.raises(Refused, match="one file under two names"):
        write(root, changes)
    assert (root / "a.py").read_bytes() == b"old"


def test_two_new_files_that_differ_only_in_case_are_refused(root: Path) -> None:
    with pytest.raises(Refused, match="one file under two names"):
        write(root, ChangeSet((FileChange("Data.py", None, b"1"), FileChange("data.py", None, b"2"))))


def test_a_journal_folder_that_is_a_link_is_refused(root: Path, tmp_path: Path) -> None:
    (tmp_path / "away").mkdir()
    (root / ".nb2mod").symlink_to(tmp_path / "away")
    with pytest.raises(Refused, match="must be a folder"):
        write(root, changed("a.py"))
    assert "must be a folder" in str(recover(root))
    assert list((tmp_path / "away").iterdir()) == []


def test_a_lock_or_temporary_file_that_is_a_link_is_not_followed(root: Path, tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.write_bytes(b"precious")
    (root / ".nb2mod").mkdir()
    (root / ".nb2mod/lock").symlink_to(precious)
    (root / ".nb2mod/pending.tmp").symlink_to(precious)
    with pytest.raises(Refused):
        write(root, changed("a.py"))
    (root / ".nb2mod/lock").unlink()
    write(root, changed("a.py"))
    assert precious.read_bytes() == b"precious"


def test_nothing_to_change_leaves_no_trace(root: Path) -> None:
    assert write(root, ChangeSet()) == ""
    assert write(root, changed("a.py", b"old", b"old")) == ""
    assert not (root / ".nb2mod").exists()


def test_a_label_is_a_word(root: Path) -> None:
    with pytest.raises(ValueError, match="label"):
        write(root, changed("a.py"), label="../x")


def test_recover_asks_the_file_system_once_where_nb2mod_never_wrote(
    root: Path, install_door: Callable[[], Any]
) -> None:
    door = install_door()
    assert recover(root) is None
    assert door.calls == ["lstat"]


def test_every_file_is_written_with_its_mode_and_links_stay(project: Any) -> None:
    before = project.tree()
    changes = project.changes()
    assert write(project.root, changes) == "000001-extract"
    after = project.tree()
    for change in changes.changes:
        assert project.read(change.path) == change.after
    assert set(after) - set(before) == {
        "src/reports",
        "src/reports/dataset.py",
        "src/reports/deep",
        "src/reports/deep/__init__.py",
    }
    assert {name: kept[0] for name, kept in after.items() if name in before} == {
        name: kept[0] for name, kept in before.items()
    }
    assert (project.root / "notebooks/two.ipynb").is_symlink()
    umask = os.umask(0)
    os.umask(umask)
    assert stat.S_IMODE((project.root / "src/reports/dataset.py").stat().st_mode) == 0o666 & ~umask
    assert (project.root / ".nb2mod/.gitignore").read_text() == "*\n"


def test_modules_stand_before_the_notebooks_that_import_them(project: Any, install_door: Callable[[], Any]) -> None:
    modules = ("src/reports/dataset.py", "src/tools/files.py")
    old = {path: project.read(path) for path in ("notebooks/one.ipynb", "notebooks/two.ipynb", "src/tools/files.py")}
    seen = []

    def watch(number: int, name: str) -> None:
        now = {
            path: (project.root / path).exists() and project.read(path) != old.get(path) for path in (*old, *modules)
        }
        notebooks_new = now["notebooks/one.ipynb"] or now["notebooks/two.ipynb"]
        seen.append(not notebooks_new or all(now[path] for path in modules))

    install_door().before_call = watch
    write(project.root, project.changes())
    undo(project.root)
    assert all(seen)
    assert len(seen) > 100


def test_last_written_knows_what_stands_and_forgets_what_was_undone(root: Path) -> None:
    assert last_written(root) == {}
    write(root, changed("a.py", b"old", b"1"))
    first = dict(last_written(root))
    assert list(first) == ["a.py"]
    write(root, changed("a.py", b"1", b"2"))
    assert last_written(root) != first
    undo(root)
    assert last_written(root) == first
    undo(root)
    assert last_written(root) == {}


def test_undo_goes_back_entry_by_entry_and_numbers_go_on(root: Path) -> None:
    contents = [b"old", b"1", b"2", b"3"]
    for number, (before, after) in enumerate(pairwise(contents), 1):
        assert write(root, changed("a.py", before, after), label="extract") == f"{number:06d}-extract"
    for number in (3, 2, 1):
        result = undo(root)
        assert (result.entry, result.restored, result.refused) == (f"{number:06d}-extract", ("a.py",), ())
        assert (root / "a.py").read_bytes() == contents[number - 1]
    assert undo(root).entry is None
    assert write(root, changed("a.py")) == "000004-extract"


def test_undo_where_nb2mod_never_wrote(root: Path) -> None:
    assert undo(root).entry is None
    assert not (root / ".nb2mod").exists()


def test_a_name_as_long_as_the_system_allows(root: Path) -> None:
    name = "n" * 249 + ".ipynb"
    (root / name).write_bytes(b"old")
    edit = (CellEdit(1, None, "a", "b"),)
    write(root, ChangeSet((FileChange(name, b"old", b"new", edit),)))
    assert (root / name).read_bytes() == b"new"
    undo(root)
    assert (root / name).read_bytes() == b"old"


def test_a_root_that_is_itself_a_link(root: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(root)
    write(tmp_path / "link", changed("a.py"))
    assert (root / "a.py").read_bytes() == b"new"
    assert undo(tmp_path / "link").restored == ("a.py",)


def test_compiled_modules_do_not_keep_a_folder_that_was_made(root: Path) -> None:
    write(root, changed("src/reports/dataset.py", None))
    compiled = root / "src/reports/__pycache__"
    compiled.mkdir()
    (compiled / "dataset.cpython-311.pyc").write_bytes(b"")
    undo(root)
    assert not (root / "src").exists()


def test_a_folder_that_was_made_stays_when_a_person_uses_it(root: Path) -> None:
    write(root, changed("src/reports/dataset.py", None))
    (root / "src/reports/__pycache__").mkdir()
    (root / "src/reports/__pycache__/notes.txt").write_bytes(b"mine")
    (root / "src/mine.py").write_bytes(b"mine")
    undo(root)
    assert not (root / "src/reports/dataset.py").exists()
    assert (root / "src/reports/__pycache__/notes.txt").read_bytes() == b"mine"
    assert (root / "src/mine.py").read_bytes() == b"mine"
