"""Projects from strangers through the whole command line, under limits of time and memory.

Whatever a project holds: a known exit status, no traceback, no hang, nothing written but what was asked for, nothing of it run,
no escape sequence on the terminal; what is harmless in it is still found; and undo brings every byte back.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hostile.limits import Commands, Ran, snapshot
from hostile.rows import ODD_JSON, ODD_TEXT, ONLY_SOAKED, ROWS, lay

READ = ("--no-color", "--no-cache", "-j1")
COMMANDS = (("scan", "-v", *READ), ("extract", *READ), ("undo", "--no-color"))
SOAKED = (*COMMANDS[:1], ("scan", "--output-format", "json", *READ), ("extract", "--diff", *READ), *COMMANDS[1:])
ESCAPES = re.compile(
    rb"[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80[\x8e\x8f\xa8-\xae]|\xe2\x81[\xa6-\xa9]|\xd8\x9c"
)
SECONDS = 30.0
BESIDE = [name for name in ROWS | ONLY_SOAKED if name in ODD_TEXT or name in ODD_JSON or name.endswith(" 3000 deep")]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "name" in metafunc.fixturenames:
        metafunc.parametrize("name", [*ROWS, *ONLY_SOAKED] if metafunc.config.getoption("--soak") else ROWS)


@pytest.fixture(scope="module")
def commands(tmp_path_factory: pytest.TempPathFactory, alone: None) -> Iterator[Commands]:
    with Commands(tmp_path_factory.mktemp("printed")) as running:
        yield running


def sound(ran: Ran, what: object) -> None:
    """A command that ended as commands do."""
    told = (what, ran.status, round(ran.seconds, 1), ran.err[-800:])
    assert not ran.timed_out, told
    assert ran.status in (0, 1, 2, 3), told
    assert b"Traceback" not in ran.err, told
    assert b"bug of nb2mod" not in ran.err, told
    found = ESCAPES.search(ran.out + ran.err)
    assert found is None, (what, (ran.out + ran.err)[max(0, found.start() - 80) : found.end() + 20] if found else b"")


def test_no_harm_is_done(name: str, tmp_path: Path, commands: Commands, pytestconfig: pytest.Config) -> None:
    root = tmp_path / "project"
    lay(root)
    (ROWS | ONLY_SOAKED)[name](root)
    journal = root / ".nb2mod"
    planted = snapshot(journal) if journal.is_dir() and not journal.is_symlink() else {}
    before = snapshot(tmp_path)
    for arguments in SOAKED if pytestconfig.getoption("--soak") else COMMANDS:
        ran = commands(root, *arguments, seconds=SECONDS)
        sound(ran, (name, arguments))
        assert not (tmp_path / "canary").exists(), (name, arguments)
        now = snapshot(tmp_path)
        changed = {path for path in before.keys() | now.keys() if before.get(path) != now.get(path)}
        changed -= planted.keys()
        if arguments[0] == "scan" or "--diff" in arguments:
            assert not changed - ours(root), (name, arguments)
        elif arguments[0] == "undo":
            assert not {path for path in changed if not path.startswith(bytes(journal))}, (name, arguments)
        assert all(path.startswith(bytes(root) + b"/") for path in changed), (name, arguments)
        assert not [path for path in now if b"nb2mod-" in path or path.endswith(b".tmp")], (name, arguments)


def ours(root: Path) -> set[bytes]:
    """What a scan may write where a stranger's journal stands: an nb2mod was interrupted, and its lock is taken."""
    journal = root / ".nb2mod"
    return {bytes(journal / name) for name in (".gitignore", "lock")} if journal.is_dir() else set()


def test_what_is_harmless_beside_it_still_moves(tmp_path: Path, commands: Commands) -> None:
    """Many rows in one project: each costs itself and nothing else."""
    root = tmp_path / "project"
    lay(root)
    for number, name in enumerate(BESIDE):
        folder = root / f"row{number}"
        folder.mkdir()
        (ROWS | ONLY_SOAKED)[name](folder)
    ran = commands(root, "extract", "--no-color", "--no-cache", seconds=SECONDS)
    sound(ran, "all in one")
    assert ran.status == 0, ran.err
    for name in ("one", "two"):
        assert "import load_scores" in (root / f"{name}.ipynb").read_text()


def test_the_rows_are_many(record_property: Callable[[str, object], None]) -> None:
    assert len(ROWS) > 120
    more = f"{len(ONLY_SOAKED)} more under --soak"
    record_property("score", f"hostile projects: {len(ROWS)} rows through scan, extract and undo; {more}")
