"""The scratch copy: what it holds, that it comes back to what it was, that the project itself is never touched."""

import errno
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from running.building import lay, picture

from nb2mod.errors import Nb2modError, UsageError
from nb2mod.model import RunOptions, Sides
from nb2mod.stages.verify.running import cloning, staging
from nb2mod.stages.verify.running.scratch import ProjectChanged, scratch_copy
from nb2mod.stages.verify.running.surveying import TooBig

OPTIONS = RunOptions()


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where scratch copies are made in these tests, so that what is left over can be seen."""
    above = tmp_path / "temporary"
    above.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(above))
    return above


@pytest.fixture
def project(tmp_path: Path) -> Path:
    outer = lay(tmp_path / "outer", {"shared.csv": "1"})
    root = lay(
        tmp_path / "project",
        {
            "a.ipynb": "{}",
            "data/x.csv": "1,2",
            "data/deep/y.csv": "3",
            "src/team/__init__.py": "",
            ".git/HEAD": "ref",
            ".venv/pyvenv.cfg": "",
            ".venv/lib/z.py": "",
            "node_modules/m.js": "",
            "src/team/__pycache__/q.pyc": "",
            ".ipynb_checkpoints/a.ipynb": "{}",
        },
    )
    (root / "inside").symlink_to("data/x.csv")
    (root / "absolute").symlink_to(root / "data")
    (root / "outside").symlink_to("../outer/shared.csv")
    os.mkfifo(root / "pipe")
    assert (outer / "shared.csv").exists()
    return root


def test_holds_the_project_without_what_is_not_its_own(project: Path) -> None:
    with scratch_copy(project, Sides(), OPTIONS) as scratch:
        found = picture(scratch.root)
        assert set(found) == {
            *(
                "a.ipynb",
                "data",
                "data/x.csv",
                "data/deep",
                "data/deep/y.csv",
                "src",
                "src/team",
                "src/team/__init__.py",
            ),
            *("inside", "absolute", "outside"),
        }
        assert (scratch.root / "inside").resolve() == scratch.root / "data/x.csv"
        assert (scratch.root / "absolute").resolve() == scratch.root / "data"
        assert (scratch.root / "outside").resolve() == project.parent / "outer/shared.csv"
        assert scratch.root.name == project.name
        assert project not in scratch.root.parents


def test_the_two_sides_stand_at_one_place(project: Path) -> None:
    sides = Sides({"old.py": b"old", "a.ipynb": b"before"}, {"src/team/new/made.py": b"new", "data/x.csv": None})
    with scratch_copy(project, sides, OPTIONS) as scratch:
        before = picture(scratch.root)
        scratch.lay("after")
        after = picture(scratch.root)
        scratch.lay("before")
        assert picture(scratch.root) == before
    assert before["old.py"] == ("file", b"old")
    assert before["a.ipynb"] == ("file", b"before")
    assert "src/team/new" not in before
    assert before["data/x.csv"] == ("file", b"1,2")
    assert after["src/team/new/made.py"] == ("file", b"new")
    assert after["a.ipynb"] == ("file", b"{}")
    assert not {"old.py", "data/x.csv"} & after.keys()


ACTIONS = ("write", "add", "remove", "chmod", "rmtree", "link", "folder", "same-size", "lock")


@settings(max_examples=60)
@given(st.lists(st.sampled_from(ACTIONS), max_size=5), st.sampled_from(["before", "after"]))
def test_comes_back_whatever_a_run_did(tmp_path_factory: pytest.TempPathFactory, actions: list[str], side: str) -> None:
    root = lay(tmp_path_factory.mktemp("p"), {"a.txt": "aaaa", "d/b.txt": "b", "d/e/c.txt": "c", "__pycache__/x": ""})
    real = picture(root)
    elsewhere = lay(tmp_path_factory.mktemp("elsewhere"), {"b.txt": "not ours"})
    with scratch_copy(root, Sides({"d/b.txt": b"B", "n/o.py": b""}, {"a.txt": None}), OPTIONS) as scratch:
        scratch.lay(side)  # type: ignore[arg-type]
        laid = picture(scratch.root)
        stats = {name: os.lstat(scratch.root / name).st_ino for name, (kind, _) in laid.items() if kind == "file"}
        for action in actions:
            _act(scratch.root, action, elsewhere)
        (scratch.temporary / "left").write_text("")
        scratch.lay(side)  # type: ignore[arg-type]
        assert picture(scratch.root) == laid
        assert not list(scratch.temporary.iterdir())
        if not actions:
            assert stats == {name: os.lstat(scratch.root / name).st_ino for name in stats}  # nothing was copied again
        assert not scratch.project_changes()
    assert picture(root) == real


def _act(root: Path, action: str, elsewhere: Path) -> None:
    import shutil

    target = root / "d" / "b.txt"
    match action:
        case "write" if target.is_file():
            target.write_text("written")
        case "same-size" if target.is_file():
            found = target.stat()
            target.write_text("Z")
            os.utime(target, ns=(found.st_atime_ns, found.st_mtime_ns))
        case "add":
            lay(root, {"__pycache__/m.pyc": "", "new/x": "1"})
        case "remove" if target.is_file():
            target.unlink()
        case "chmod" if target.is_file():
            target.chmod(0o400)
        case "rmtree":
            shutil.rmtree(root, ignore_errors=True)
            root.mkdir(exist_ok=True)
        case "link":
            shutil.rmtree(root / "d", ignore_errors=True)
            if not (root / "d").is_symlink():
                (root / "d").symlink_to(elsewhere)
        case "folder" if target.is_file():
            target.unlink()
            lay(target, {"inner": "1"})
        case "lock" if (root / "d").is_dir() and not (root / "d").is_symlink():
            (root / "d").chmod(0o000)


def test_changes_below_a_link_are_laid_where_it_leads(project: Path) -> None:
    lay(project, {"lib/team/old.py": "old"})
    (project / "src" / "linked").symlink_to("../lib/team")
    sides = Sides(after={"src/linked/old.py": b"new", "src/linked/more.py": b"more", "absolute/x.csv": None})
    with scratch_copy(project, sides, OPTIONS) as scratch:
        for _ in range(2):
            scratch.lay("after")
            assert (scratch.root / "lib/team/old.py").read_bytes() == b"new"
            assert (scratch.root / "src/linked/more.py").read_bytes() == b"more"
            assert not (scratch.root / "data/x.csv").exists()
            scratch.lay("before")
            assert (scratch.root / "src/linked/old.py").read_bytes() == b"old"
            assert not (scratch.root / "lib/team/more.py").exists()
            assert (scratch.root / "data/x.csv").exists()


@pytest.mark.parametrize(
    ("path", "links", "told"),
    [
        ("away/planted.py", (), "away/planted.py lies outside of the project, where the link away leads"),
        ("nearby/planted.py", (), "where the link away leads"),
        ("data/deep/planted.py", ("data",), "--link-data data: data/deep/planted.py is in it and differs"),
        ("round/planted.py", (), "where the link"),
    ],
)
@pytest.mark.parametrize("side", ["before", "after"])
def test_changes_are_never_laid_outside_of_the_copy(
    project: Path, side: str, path: str, links: tuple[str, ...], told: str
) -> None:
    for name, target in (("away", "../outer"), ("nearby", "away"), ("round", "again"), ("again", "round")):
        (project / name).symlink_to(target)
    seen = picture(project.parent / "outer"), picture(project / "data")
    with (
        pytest.raises(UsageError, match=re.escape(told)),
        scratch_copy(project, Sides(**{side: {path: b"planted"}}), RunOptions(links=links)) as scratch,
    ):
        scratch.lay("after")
    assert seen == (picture(project.parent / "outer"), picture(project / "data"))


def test_no_room_is_told(project: Path, temporary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also in the middle, when what notebooks wrote has filled the disk."""

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with scratch_copy(project, Sides(after={"a.ipynb": b"new"}), OPTIONS) as scratch:
        monkeypatch.setattr(Path, "write_bytes", full)
        with pytest.raises(Nb2modError, match=r"no space left in .*temporary"):
            scratch.lay("after")
    assert not list(temporary.iterdir())


def test_a_link_that_was_a_folder_is_one_again(project: Path) -> None:
    (project / "away").symlink_to("../outer")
    with scratch_copy(project, Sides(before={"away/m.py": b"m", "away": None}), OPTIONS) as scratch:
        assert not (scratch.root / "away").is_symlink()
        assert (scratch.root / "away/m.py").read_bytes() == b"m"
        scratch.lay("after")
        assert (scratch.root / "away").is_symlink()
    assert not (project.parent / "outer" / "m.py").exists()


def test_a_copy_replaced_by_a_link_to_the_project_is_not_followed(project: Path) -> None:
    import shutil

    real = picture(project / "data")
    with scratch_copy(project, Sides(), OPTIONS) as scratch:
        shutil.rmtree(scratch.root)
        scratch.root.symlink_to(project)
        scratch.lay("before")
        assert not scratch.root.is_symlink()
    assert picture(project / "data") == real


def test_too_big_names_the_biggest_folders_before_anything_is_copied(project: Path, temporary: Path) -> None:
    lay(project, {"data/deep/big.bin": "x" * 200_000, "other/b.bin": "x" * 50_000})
    with pytest.raises(TooBig) as told, scratch_copy(project, Sides(), RunOptions(size_limit=100_000)):
        pass
    assert str(told.value) == (
        "expected at most 98 KB to copy, found 244 KB, most of it in data/deep (195 KB), other (49 KB); "
        "give --link-data data/deep to link a folder instead of copying it, or raise the limit"
    )
    assert not list(temporary.iterdir())
    with scratch_copy(project, Sides(), RunOptions(size_limit=100_000, links=("data/deep/",))) as scratch:
        assert (scratch.root / "data/deep").resolve() == project / "data/deep"
        assert not scratch.link_changes()
        (scratch.root / "data/deep/written.csv").write_text("1")
        told_of = scratch.link_changes()
    assert told_of == ("the linked folder data/deep changed during the run: written.csv; it is the real one",)
    assert (project / "data/deep/big.bin").exists()


@pytest.mark.parametrize("name", ["../elsewhere", "missing", "a.ipynb", ".", "/etc"])
def test_a_link_is_a_folder_of_the_project(project: Path, name: str) -> None:
    with (
        pytest.raises(UsageError, match="--link-data"),
        scratch_copy(project, Sides(), RunOptions(links=(name,))),
    ):
        pass


def test_a_project_that_changes_meanwhile_is_not_mixed_up(project: Path) -> None:
    with scratch_copy(project, Sides(), OPTIONS) as scratch:
        (project / "data/x.csv").write_text("changed by a person")
        assert scratch.project_changes() == ["data/x.csv"]
        scratch.lay("after")  # nothing to restore
        (scratch.root / "data/x.csv").unlink()
        with pytest.raises(ProjectChanged, match=r"data/x\.csv changed"):
            scratch.lay("before")


def test_what_may_not_be_read_is_told(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy = cloning.Cloner.copy

    def refused(self: cloning.Cloner, source: Path, target: Path) -> None:
        if source.name == "x.csv":
            raise PermissionError(13, "Permission denied")
        copy(self, source, target)

    monkeypatch.setattr(cloning.Cloner, "copy", refused)  # root, who runs the tests in some places, may read everything
    with scratch_copy(project, Sides(), OPTIONS) as scratch:
        assert scratch.unreadable == ["data/x.csv"]
        scratch.lay("after")
        assert (scratch.root / "data/deep/y.csv").exists()


def test_modules_of_the_package_on_both_sides(project: Path) -> None:
    sides = Sides({"src/team/gone.py": b""}, {"src/team/sub/__init__.py": b"", "src/teamwork/x.py": b""})
    with scratch_copy(project, sides, OPTIONS, "team", ("src",)) as scratch:
        assert scratch.modules() == ("team", "team.gone", "team.sub")


def test_nothing_is_left_after_an_exception(project: Path, temporary: Path) -> None:
    def interrupted() -> None:
        with scratch_copy(project, Sides(), OPTIONS) as scratch:
            (scratch.root / "data").chmod(0)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert not list(temporary.iterdir())


def test_leftovers_of_killed_processes_go_and_only_those(project: Path, temporary: Path) -> None:
    dead = temporary / f"{staging.PREFIX}dead"
    lay(dead, {"lock": "", "copy/x": ""})
    young = temporary / f"{staging.PREFIX}young"
    old = temporary / f"{staging.PREFIX}old"
    strange = temporary / "someone-else"
    for folder in (young, old, strange):
        folder.mkdir()
    os.utime(old, (time.time() - 9000,) * 2)
    (temporary / f"{staging.PREFIX}link").symlink_to(strange)
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(temporary), str(project)], stdout=subprocess.PIPE, text=True
    )
    try:
        assert holder.stdout is not None
        held = Path(holder.stdout.readline().strip())
        with scratch_copy(project, Sides(), OPTIONS):
            left = set(temporary.iterdir())
        assert held in left
        assert {young, strange} <= left
        assert not {dead, old} & left
    finally:
        holder.kill()
        holder.communicate()
    staging.sweep(temporary)
    assert not held.exists()


HOLD = """
import sys, tempfile, time
from pathlib import Path
tempfile.tempdir = sys.argv[1]
from nb2mod.stages.verify.running import cloning, staging
with staging.place(Path(sys.argv[2])) as folder:
    print(folder, flush=True)
    time.sleep(60)
"""
