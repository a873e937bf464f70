"""What strangers left, through `nb2mod verify`, with the journal and with git. No kernel is there, so that nothing of it runs.

Same demands as on the other commands: a known exit status, no traceback, no hang, nothing written at all.
"""

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hostile.limits import Commands, snapshot
from hostile.rows import ROWS, Row, lay
from hostile.test_hostile_projects import SECONDS, sound

NO_KERNEL = ("--kernel", "no-such-kernel", "--no-color", "-v")
NASTY = (
    "lone surrogates", "escape sequences in a file name", "file name that is no text", "long name", "cells of every type",
    "outputs 3000 deep", "JSON 3000 deep", "package is a link out", "notebooks' folder is a link out", "journal of a stranger",
    "journal that claims much", "files that have no end", "package module nested deeply",
)  # fmt: skip
ONLY_SOAKED = (
    "surrogate in an id", "escape sequences", "escape sequences in an id", "line end in a file name",
    "folder name that is no text", "null byte", "names of one normal form", "nbformat of 100,000 digits",
    "count of 100,000 digits", "nbformat 1e999", "cells twice, the last no list", "metadata 3000 deep", "attributes 190 deep",
    "link to itself", "link in a circle", "notebook is a link to a file outside", "journal of no length",
    "entries of a stranger", "files that wait for a writer", "package module of odd bytes", "package that leads out",
    "source that leads out",
)  # fmt: skip
GIT_WAITS = {"files that wait for a writer"}
"""git itself reads a .gitignore that is a pipe, and waits; so does `git status` there."""


def outside(root: Path) -> Path:
    """A folder beside the project, with files of the names that the project has."""
    beside = root.parent / "outside"
    beside.mkdir()
    for name in ("__init__.py", "dataset.py", "three.ipynb"):
        (beside / name).write_text("not yours\n")
    return beside


def linked_out(*names: str) -> Row:
    """Links out of the tree, where the revision and the extraction had folders."""

    def make(root: Path) -> None:
        for name in names:
            if (root / name).exists():
                (root / name).rename(root.parent / f"was-{name.replace('/', '-')}")
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).symlink_to(root.parent / "outside")

    return make


def entries(name: str) -> Row:
    """The journal's own entries, changed by somebody: cut, turned around, or of other names."""

    def make(root: Path) -> None:
        found = sorted((root / ".nb2mod").glob("*.entry"))
        for entry in found:
            data = entry.read_bytes()
            changed = {"cut": data[: len(data) // 2], "spoiled": data.replace(b"ipynb", b"ipyn\xff"), "empty": b""}
            entry.write_bytes(changed.get(name, data))
            if name == "twice":
                (entry.parent / "999999-extract.entry").write_bytes(data)
            if name == "led out":
                entry.unlink()
                entry.symlink_to("/dev/zero")

    return make


OURS: dict[str, Row] = {
    "link out where a folder was": linked_out("more"),
    "links out where every folder was": linked_out("more", "team", "src"),
    **{f"journal {name}": entries(name) for name in ("cut", "spoiled", "empty", "twice", "led out")},
}
VERIFIED = {name: ROWS[name] for name in (*NASTY, *ONLY_SOAKED) if name in ROWS} | OURS


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "name" in metafunc.fixturenames:
        metafunc.parametrize("name", VERIFIED if metafunc.config.getoption("--soak") else [*NASTY, *OURS])


@pytest.fixture(scope="module")
def commands(tmp_path_factory: pytest.TempPathFactory, alone: None) -> Iterator[Commands]:
    with Commands(tmp_path_factory.mktemp("printed")) as running:
        yield running


def _git(root: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=root, check=True, capture_output=True)


def test_nothing_is_believed_and_nothing_written(name: str, tmp_path: Path, commands: Commands) -> None:
    root, temporary = tmp_path / "project", tmp_path / "temporary"
    lay(root)
    temporary.mkdir()
    (root / "more").mkdir()
    (root / "more/three.ipynb").write_text((root / "one.ipynb").read_text().replace("one_", "three_"))
    _git(root, "init", "--quiet", ".")
    _git(root, "add", "--all")
    _git(root, "commit", "--quiet", "--message", "as it was")
    ran = commands(root, "extract", "--no-color", "--no-cache", "-j1", seconds=SECONDS)
    assert ran.status == 0, ran.err
    if name in OURS:
        outside(root)
    elif name == "notebooks' folder is a link out":
        (root / "more").rename(tmp_path / "was-more")
    VERIFIED[name](root)
    before = snapshot(tmp_path)
    for revision in ((),) if name in GIT_WAITS else ((), ("--against", "HEAD")):
        ran = commands(root, "verify", *NO_KERNEL, *revision, seconds=SECONDS, TMPDIR=os.fspath(temporary))
        sound(ran, (name, revision))
        assert ran.status in (0, 2, 3), (name, revision, ran.out, ran.err)
        assert b"does what it did" not in ran.out, (name, revision)
        now = snapshot(tmp_path)
        changed = {path for path in before.keys() | now.keys() if before.get(path) != now.get(path)}
        assert not changed, (name, revision, changed)


def test_an_answer_is_given_where_nobody_meddled(tmp_path: Path, commands: Commands) -> None:
    """The rows would show nothing if verify stopped before it looked at anything."""
    root = tmp_path / "project"
    lay(root)
    assert commands(root, "extract", "--no-color", "--no-cache", "-j1").status == 0
    ran = commands(root, "verify", *NO_KERNEL)
    assert ran.status == 0
    assert b"no kernel no-such-kernel" in ran.out


def test_the_rows_are_there(record_property: Callable[[str, object], None]) -> None:
    assert {*NASTY, *ONLY_SOAKED} - VERIFIED.keys() <= GIT_WAITS  # Windows has no such files
    rows, more = len(NASTY) + len(OURS), len(ONLY_SOAKED)
    told = f"{rows} rows through verify, with the journal and with git; {more} more under --soak"
    record_property("score", f"hostile projects: {told}")
