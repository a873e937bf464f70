"""Plan files and journals that somebody else wrote, through the command line: refused by name, and nothing written anywhere."""

# ruff: noqa: E501 - tables read best with a row on a line

import itertools
import json
import re
import zlib
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hostile.limits import Commands, snapshot
from hostile.rows import lay
from hostile.test_hostile_projects import sound

from nb2mod.stages.apply.records import MAGIC, Blob, Entry, FileRecord

Change = Callable[[dict[str, Any]], object]
MODULES = (
    "../evil", "/etc/evil", "C:\\evil", "C:/evil", "..", ".", "", "a.b/../c", "team/../../evil", "os", "json", "sys.path", "team..x",
    "team.", ".team", "class", "team.class", "None", "team.None", "__init__", "team.__init__", "__main__", "a\nb", "a\0b", "a'b", 'a"b', "a b",
    "team.\u202ex", "team.a-b", "\x1b[31m", "\ud800", "a" * 100_000, "a." * 5_000 + "a", "\uff4f\uff53", "builtins", "one", "~", "%TMP%",
)  # fmt: skip
NAMES = (
    "", "class", "None", "True", "a.b", "a b", "a\nimport os", "a'", 'a"', "__init__", "__name__", "print", "1a", "a;b", "\x1b[0m", "a\0",
    "\ufb01", "a" * 100_000, "import", "match", "../x", "\ud800", "self", "*", "load_scores as x", "x\\", "\u2028",
)  # fmt: skip
ODD: dict[str, bytes | str] = {
    "empty": "",
    "no JSON": "{",
    "a list": "[]",
    "a number": "7",
    "no UTF-8": b"\xff\xfe",
    "deep": "[" * 100_000,
    "deep inside": '{"version": 1, "package": ' + "[" * 50_000 + "]" * 50_000 + "}",
    "long": '{"version": 1, "package": "' + "x" * 30_000_000 + '", "candidates": []}',
    "another version": '{"version": 2, "package": "team", "candidates": []}',
    "a version of 5,000 digits": '{"version": ' + "1" * 5000 + ', "package": "team", "candidates": []}',
    "keys twice": '{"version": 1, "version": 1, "package": "team", "candidates": [], "candidates": 3}',
    "one id 20,000 times": json.dumps(
        {"version": 1, "package": "team", "candidates": [{"id": "x", "module": "team.m", "name": "n"}] * 20_000}
    ),
    "20,000 ids": json.dumps(
        {
            "version": 1,
            "package": "team",
            "candidates": [{"id": f"x{n}", "module": "team.m", "name": "n"} for n in range(20_000)],
        }
    ),
}
TYPES: list[Any] = [None, True, 7, 1.5, [], {}, [[]], "\x1b[31m\u202e"]


@pytest.fixture(scope="module")
def commands(tmp_path_factory: pytest.TempPathFactory, alone: None) -> Iterator[Commands]:
    with Commands(tmp_path_factory.mktemp("printed")) as running:
        yield running


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    lay(root)
    return root


def with_key(key: str, value: Any) -> Change:
    return lambda plan: plan["candidates"][0].__setitem__(key, value)


def refused_or_inside(root: Path, commands: Commands, plan: Path, what: object) -> int:
    """Apply the plan; take it back if it was applied. Nothing outside the package and the notebooks is touched."""
    before = snapshot(root.parent, [root / ".nb2mod"])
    ran = commands(root, "extract", "--plan", str(plan), "--no-color", "-j1")
    sound(ran, what)
    now = snapshot(root.parent, [root / ".nb2mod"])
    changed = {path for path in before.keys() | now.keys() if before.get(path) != now.get(path)}
    allowed = (
        bytes(root / "src"),
        bytes(root / "team"),
        bytes(root / "one.ipynb"),
        bytes(root / "two.ipynb"),
        bytes(root / "pyproject"),
    )
    assert all(path.startswith(allowed) for path in changed), (what, changed)
    if ran.status:
        assert not changed, what
    else:
        sound(commands(root, "undo", "--no-color"), what)
    assert snapshot(root.parent, [root / ".nb2mod"]) == before, what
    return ran.status


def test_plans_of_strangers(
    root: Path,
    commands: Commands,
    tmp_path: Path,
    record_property: Callable[[str, object], None],
    pytestconfig: pytest.Config,
) -> None:
    written = tmp_path / "plan.json"
    assert commands(root, "scan", "--plan", str(written)).status == 0
    sample = json.loads(written.read_text())
    rows: dict[str, bytes] = {name: data if isinstance(data, bytes) else data.encode() for name, data in ODD.items()}
    changes: dict[str, Change] = {f"module {module[:40]!r}": with_key("module", module) for module in MODULES}
    changes |= {f"name {name[:40]!r}": with_key("name", name) for name in NAMES}
    for key in ("id", "module", "name", "apply", "places"):
        changes |= {f"{key} is {value!r}": with_key(key, value) for value in TYPES}
    for key in ("version", "package", "candidates"):
        changes |= {
            f"{key} of all is {value!r}": (lambda plan, k=key, v=value: plan.__setitem__(k, v)) for value in TYPES
        }
    changes["id twice"] = lambda plan: plan["candidates"].append(plan["candidates"][0])
    changes["unknown key"] = with_key("path", "../../evil")
    for name, change in changes.items():
        plan = json.loads(json.dumps(sample))
        change(plan)
        rows[name] = json.dumps(plan).encode()
    statuses = []
    by_turns = (
        list(rows.items())
        if pytestconfig.getoption("--soak")
        else [row for number, row in enumerate(rows.items()) if number % 3 == 0]
    )
    for name, data in by_turns:
        written.write_bytes(data)
        statuses.append(refused_or_inside(root, commands, written, name))
    refused = sum(map(bool, statuses))
    assert refused > len(by_turns) * 0.7
    record_property(
        "score", f"hostile plans: {len(by_turns)} of {len(rows)} plan files, {refused} refused, none wrote elsewhere"
    )


def test_a_plan_that_is_no_file(root: Path, commands: Commands, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("/dev/zero")
    for path in (tmp_path, tmp_path / "link"):
        assert refused_or_inside(root, commands, path, path) == 2


def journal(*files: tuple[str, bytes | None, bytes | None], id_: str = "000001-extract", token: str = "0" * 8) -> bytes:
    """A journal file that is whole, with these places and their bytes before and after."""
    blobs = b""
    records = []
    for place, *sides in files:
        made: list[Blob | None] = []
        for side in sides:
            stored = zlib.compress(side or b"")
            made.append(None if side is None else Blob(len(blobs), len(stored), len(side), sha256(side).digest()))
            blobs += b"" if side is None else stored
        records.append(FileRecord(place, place, *made))
    head = msgspec.msgpack.encode(Entry(id_, token, False, (), tuple(records)))
    return MAGIC + len(head).to_bytes(8, "big") + sha256(head).digest() + head + blobs


PLACES = (
    "../evil",
    "/etc/evil",
    ".git/hooks/pre-commit",
    ".GIT/config",
    ".nb2mod/lock",
    "a/../../evil",
    "out/evil",
    "",
    "a\0",
    "./x",
    "a//b",
)


@pytest.mark.parametrize("kind", ["pending", "committed", "reverting", "000001-extract.entry"])
def test_journals_of_strangers(kind: str, root: Path, commands: Commands, tmp_path: Path) -> None:
    """A journal that came with the repository names places outside, in .git, or through a link out: nothing is written there."""
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/evil").write_bytes(b"old")
    (root / "out").symlink_to(tmp_path / "outside")
    (root / ".nb2mod").mkdir()
    sides = itertools.cycle(((None, b"evil"), (b"evil", None), (b"old", b"evil"), (b"evil", b"old")))
    heads = itertools.cycle(
        (
            ("000001-extract", "0" * 8),
            ("000001-extract", "0" * 8),
            ("../../evil", "0" * 8),
            ("000001-extract", "../x/../"),
        )
    )
    for place in (*PLACES, *PLACES[:6]):
        id_, token = next(heads)
        (root / ".nb2mod" / kind).write_bytes(journal((place, *next(sides)), id_=id_, token=token))
        before = snapshot(tmp_path, [root / ".nb2mod"])
        sound(commands(root, "undo", "--no-color"), (kind, place))
        assert snapshot(tmp_path, [root / ".nb2mod"]) == before, (kind, place)
        for left in (root / ".nb2mod").iterdir():
            left.unlink()


def test_a_cache_of_a_stranger(root: Path, commands: Commands, tmp_path: Path) -> None:
    """Whatever stands where nb2mod remembers: the scan says what it says without."""
    cache = tmp_path / "cache"

    def scanned(where: str, *options: str) -> bytes:
        ran = commands(root, "scan", "--no-color", *options, NB2MOD_CACHE=where)
        sound(ran, where)
        return re.sub(rb"\d+(\.\d+)? m?s\b", b"", ran.out)

    expected = scanned(str(cache), "--no-cache")
    assert scanned(str(cache)) == expected
    (database,) = cache.glob("*.sqlite")
    sound_bytes = database.read_bytes()
    broken = [
        b"",
        b"\0" * 100,
        b"SQLite format 3\0" + b"\xff" * 5000,
        sound_bytes[:4096],
        sound_bytes[: len(sound_bytes) // 2],
    ]
    broken += [
        sound_bytes[:at] + b"\xff" * 64 + sound_bytes[at + 64 :]
        for at in range(0, len(sound_bytes), len(sound_bytes) // 12)
    ]
    for data in broken:
        for left in cache.iterdir():
            left.unlink()
        database.write_bytes(data)
        assert scanned(str(cache)) == expected, data[:20]
    for left in cache.iterdir():
        left.unlink()
    database.mkdir()
    assert scanned(str(cache)) == expected
    assert scanned("/dev/null/x") == expected
