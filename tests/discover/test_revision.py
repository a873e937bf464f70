"""The project at a revision, as git has it: what differs from the working tree, in the bytes of a checkout."""

import subprocess
from pathlib import Path

import pytest

from nb2mod.errors import UsageError
from nb2mod.stages.discover import at_revision


def _git(root: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=root, check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    root = tmp_path / "repository" / "sub folder"
    (root / "notebooks").mkdir(parents=True)
    _git(root.parent, "init", "-q")
    (root.parent / "outside.py").write_text("x = 1\n")
    (root / ".gitattributes").write_text("*.txt text eol=crlf\n")
    for name in ("same.py", "edited.py", "gone.py", "notebooks/ä b.ipynb"):
        (root / name).write_text(f"{name}\n", encoding="utf-8")
    (root / "lines.txt").write_bytes(b"a\r\nb\r\n")
    _git(root.parent, "add", "-A")
    _git(root.parent, "commit", "-qm", "first")
    return root


def test_nothing_differs(repository: Path) -> None:
    assert at_revision(repository, "HEAD") == {}


def test_what_differs(repository: Path) -> None:
    (repository.parent / "outside.py").write_text("x = 2\n")
    (repository / "edited.py").write_text("edited since\n")
    (repository / "gone.py").unlink()
    (repository / "lines.txt").write_bytes(b"a\r\n")
    (repository / "notebooks" / "ä b.ipynb").write_text("new\n")
    _git(repository, "mv", "same.py", "renamed.py")
    for untracked in ("new.py", "new.ipynb", "data.csv"):
        (repository / untracked).write_text("\n")
    assert at_revision(repository, "HEAD") == {
        "edited.py": b"edited.py\n",
        "gone.py": b"gone.py\n",
        "lines.txt": b"a\r\nb\r\n",
        "notebooks/ä b.ipynb": "notebooks/ä b.ipynb\n".encode(),
        "same.py": b"same.py\n",
        "renamed.py": None,
        "new.py": None,
        "new.ipynb": None,
    }


def test_branch_and_earlier_commit(repository: Path) -> None:
    _git(repository, "branch", "before")
    (repository / "edited.py").write_text("committed since\n")
    _git(repository, "commit", "-qam", "second")
    assert at_revision(repository, "before") == at_revision(repository, "HEAD~1") == {"edited.py": b"edited.py\n"}
    assert at_revision(repository, "HEAD") == {}


def test_the_index_stays_as_it_is(repository: Path) -> None:
    (repository / "edited.py").write_text("edited since\n")
    index = (repository.parent / ".git" / "index").read_bytes()
    at_revision(repository, "HEAD")
    assert (repository.parent / ".git" / "index").read_bytes() == index


def test_what_was_a_link_is_left_out(repository: Path) -> None:
    (repository / "same.py").unlink()
    (repository / "same.py").symlink_to("edited.py")
    assert at_revision(repository, "HEAD") == {"same.py": b"same.py\n"}
    _git(repository, "commit", "-qam", "a link")
    (repository / "same.py").unlink()
    assert at_revision(repository, "HEAD") == {}


def test_a_link_where_a_folder_was_is_new(repository: Path, tmp_path: Path) -> None:
    (repository / "notebooks" / "ä b.ipynb").unlink()
    (repository / "notebooks").rmdir()
    (repository / "notebooks").symlink_to(tmp_path)
    then = {"notebooks": None, "notebooks/ä b.ipynb": "notebooks/ä b.ipynb\n".encode()}
    assert at_revision(repository, "HEAD") == then
    _git(repository, "add", "-A")
    assert at_revision(repository, "HEAD") == then


def test_no_hook_of_the_repository_runs(repository: Path, tmp_path: Path) -> None:
    hook = repository.parent / ".git" / "hooks" / "post-index-change"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\ntouch '{tmp_path}/ran'\n")
    hook.chmod(0o755)
    (repository / "edited.py").write_text("edited since\n")
    assert at_revision(repository, "HEAD") == {"edited.py": b"edited.py\n"}
    assert not (tmp_path / "ran").exists()
    _git(repository, "read-tree", "HEAD")
    assert (tmp_path / "ran").exists()  # such a hook does run where nobody forbids it


@pytest.mark.parametrize("revision", ["nowhere", "--output=x", "HEAD:edited.py", ""])
def test_no_such_revision(repository: Path, revision: str) -> None:
    with pytest.raises(UsageError, match="--against"):
        at_revision(repository, revision)
    assert not (repository / "x").exists()


def test_no_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(UsageError, match="no git repository"):
        at_revision(tmp_path, "HEAD")


def test_no_git(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(UsageError, match="no git on PATH"):
        at_revision(repository, "HEAD")
