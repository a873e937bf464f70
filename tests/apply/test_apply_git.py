"""Files with uncommitted changes: asked of a real git."""

import subprocess
from pathlib import Path

import pytest

from nb2mod.errors import Refused
from nb2mod.model import ChangeSet, FileChange
from nb2mod.stages.apply import undo, write
from nb2mod.stages.apply.uncommitted import uncommitted


def git(root: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "init.defaultBranch=main"]
    subprocess.run(["git", *identity, *arguments], cwd=root, check=True, capture_output=True)


def changed(path: str, before: bytes | None = b"old", after: bytes = b"new") -> ChangeSet:
    return ChangeSet((FileChange(path, before, after),))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project in a folder of a repository, so that git's paths are not the project's."""
    root = tmp_path / "repository/project"
    (root / "sub").mkdir(parents=True)
    for path in ("a.py", "sub/[b] *.py", "sub/ü b.py"):
        (root / path).write_bytes(b"old")
    (root / ".gitignore").write_text("ignored.py\n")
    git(root.parent, "init")
    git(root, "add", "-A")
    git(root, "commit", "-m", "first")
    return root


@pytest.mark.parametrize("path", ["a.py", "sub/[b] *.py", "sub/ü b.py"])
@pytest.mark.parametrize("staged", [False, True], ids=["changed", "staged"])
def test_a_file_with_uncommitted_changes_is_refused(root: Path, path: str, staged: bool) -> None:
    (root / path).write_bytes(b"mine")
    if staged:
        git(root, "add", "-A")
    with pytest.raises(Refused, match="not committed"):
        write(root, changed(path, b"mine"))
    assert (root / path).read_bytes() == b"mine"
    assert uncommitted(root, ["a.py", "sub/[b] *.py", "sub/ü b.py"]) == {path: False}


@pytest.mark.parametrize("added", [False, True], ids=["untracked", "added"])
def test_a_file_that_never_was_committed_is_refused(root: Path, added: bool) -> None:
    (root / "fresh").mkdir()
    (root / "fresh/c.py").write_bytes(b"old")
    if added:
        git(root, "add", "-A")
    with pytest.raises(Refused, match=r"fresh/c.py is not committed yet; .* Commit it, or use --allow-dirty"):
        write(root, changed("fresh/c.py"))


def test_a_renamed_file_is_refused(root: Path) -> None:
    git(root, "mv", "a.py", "z.py")
    assert uncommitted(root, ["a.py", "z.py"]) == {"z.py": False}


def test_a_file_behind_a_link_is_refused(root: Path) -> None:
    (root / "link.py").symlink_to("a.py")
    git(root, "add", "-A")
    git(root, "commit", "-m", "link")
    (root / "a.py").write_bytes(b"mine")
    with pytest.raises(Refused, match="not committed"):
        write(root, changed("link.py", b"mine"))


def test_what_a_person_changed_after_nb2mod_wrote_it_is_refused(root: Path) -> None:
    write(root, changed("a.py"))
    (root / "a.py").write_bytes(b"mine")
    with pytest.raises(Refused, match="not committed"):
        write(root, changed("a.py", b"mine"))


def test_git_that_gives_no_answer_is_refused(root: Path) -> None:
    (root.parent / ".git/config").write_text("[broken")
    with pytest.raises(Refused, match="allow-dirty"):
        write(root, changed("a.py"))


def test_committed_files_are_written(root: Path) -> None:
    write(root, changed("a.py"))
    assert (root / "a.py").read_bytes() == b"new"


def test_what_nb2mod_wrote_itself_is_written_again(root: Path) -> None:
    write(root, changed("a.py"))
    write(root, changed("fresh.py", None))
    write(root, changed("a.py", b"new", b"newer"))
    write(root, changed("fresh.py", b"new", b"newer"))
    undo(root)
    write(root, changed("fresh.py", b"new", b"newest"))


def test_a_named_file_is_written(root: Path) -> None:
    (root / "a.py").write_bytes(b"mine")
    write(root, changed("a.py", b"mine"), named=frozenset({"a.py"}))
    assert (root / "a.py").read_bytes() == b"new"


def test_allow_dirty(root: Path) -> None:
    (root / "a.py").write_bytes(b"mine")
    write(root, changed("a.py", b"mine"), allow_dirty=True)
    assert (root / "a.py").read_bytes() == b"new"


def test_an_ignored_file_is_written(root: Path) -> None:
    (root / "ignored.py").write_bytes(b"old")
    write(root, changed("ignored.py"))


def test_a_dirty_neighbour_does_not_matter(root: Path) -> None:
    (root / "sub/ü b.py").write_bytes(b"mine")
    write(root, changed("a.py"))


def test_before_the_first_commit_nothing_counts(tmp_path: Path) -> None:
    git(tmp_path, "init")
    (tmp_path / "a.py").write_bytes(b"old")
    write(tmp_path, changed("a.py"))


def test_outside_of_a_repository_and_without_git_nothing_counts(
    tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    (tmp_path / "plain").mkdir()
    (tmp_path / "plain/a.py").write_bytes(b"old")
    write(tmp_path / "plain", changed("a.py"))
    (root / "a.py").write_bytes(b"mine")
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    write(root, changed("a.py", b"mine"))


def test_so_many_files_that_git_is_asked_about_all(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nb2mod.stages.apply.uncommitted._MOST_PATHS", 1)
    (root / "a.py").write_bytes(b"mine")
    assert uncommitted(root, ["a.py", "sub/ü b.py"]) == {"a.py": False}


def test_the_journal_ignores_itself(root: Path) -> None:
    write(root, changed("a.py"))
    git(root, "commit", "-am", "second")
    status = subprocess.run(["git", "status", "--porcelain"], cwd=root, check=True, capture_output=True)
    assert status.stdout == b""


def test_asking_does_not_write_the_index(root: Path) -> None:
    index = root.parent / ".git/index"
    (root / "a.py").touch()
    before = index.read_bytes()
    uncommitted(root, ["a.py"])
    assert index.read_bytes() == before
