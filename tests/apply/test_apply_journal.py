"""Journals that are cut off, damaged, or written by somebody with bad intentions: a sentence, and nothing is written."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nb2mod.errors import Refused
from nb2mod.model import ChangeSet, FileChange
from nb2mod.stages.apply import last_written, records, recover, undo, write
from nb2mod.stages.apply.records import BadJournal, Blob, Entry, Step

UNFINISHED = ("pending", "committed", "reverting")


def journal_bytes(
    steps: list[Step], folders: tuple[str, ...] = (), id_: str = "000001-extract", token: str = "0" * 8
) -> bytes:
    return b"".join(records.encode(id_, token, False, folders, steps))


def place_journal(root: Path, name: str, data: bytes) -> None:
    (root / ".nb2mod").mkdir(exist_ok=True)
    (root / ".nb2mod" / name).write_bytes(data)


GOOD = journal_bytes([Step("a.py", "a.py", b"old", b"evil")])

GARBAGE = {
    "empty": b"",
    "text": b"hello\n",
    "zeros": bytes(1000),
    "another version": GOOD.replace(b"journal 1", b"journal 9"),
    "cut in the head": GOOD[:80],
    "cut in the blobs": GOOD[:-5],
    "a bit is turned in the head": GOOD[:70] + bytes([GOOD[70] ^ 1]) + GOOD[71:],
    "a bit is turned in the blobs": GOOD[:-2] + bytes([GOOD[-2] ^ 1]) + GOOD[-1:],
    "a head of exabytes": GOOD[: len(records.MAGIC)] + b"\x7f" * 8 + GOOD[len(records.MAGIC) + 8 :],
    "a head that is something else": records.MAGIC
    + (5).to_bytes(8, "big")
    + hashlib.sha256(b"\x93\1\2\3\4").digest()
    + b"\x93\1\2\3\4",
}

HOSTILE = {
    "outside": journal_bytes([Step("../outside", "../outside", None, b"evil")]),
    "outside by its place": journal_bytes([Step("a.py", "../outside", None, b"evil")]),
    "absolute": journal_bytes([Step("/tmp/outside", "/tmp/outside", None, b"evil")]),
    "round about": journal_bytes([Step("sub/../../outside", "sub/../../outside", None, b"evil")]),
    "git hook": journal_bytes([Step("x", ".git/hooks/pre-commit", None, b"evil")]),
    "git hook in other case": journal_bytes([Step("x", "sub/.Git/config", None, b"evil")]),
    "itself": journal_bytes([Step("x", ".nb2mod/000009-extract.entry", None, b"evil")]),
    "folder outside": journal_bytes([], ("../outside",)),
    "id that is a path": journal_bytes([], (), "../../outside"),
    "token that is a path": journal_bytes([Step("a.py", "a.py", b"old", b"evil")], (), "000001-extract", "/../../x"),
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "root"
    (root / "sub").mkdir(parents=True)
    (root / ".git/hooks").mkdir(parents=True)
    (root / "a.py").write_bytes(b"old")
    return root


def everything(folder: Path) -> dict[str, bytes | None]:
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() and not path.is_symlink() else None
        for path in folder.rglob("*")
        if path.name not in ("lock", ".gitignore")
    }


@pytest.mark.parametrize("name", UNFINISHED)
@pytest.mark.parametrize("data", [*GARBAGE.values(), *HOSTILE.values()], ids=[*GARBAGE, *HOSTILE])
def test_an_unfinished_journal_that_is_not_ours_writes_nothing(
    root: Path, tmp_path: Path, name: str, data: bytes
) -> None:
    place_journal(root, name, data)
    before = everything(tmp_path)
    sentence = recover(root)
    if name == "pending" and data in (GARBAGE["a bit is turned in the blobs"], GARBAGE["cut in the blobs"]):
        # Of a pending change no byte is needed to clean up after it.
        assert (root / "a.py").read_bytes() == b"old"
        return
    assert sentence is not None
    assert f"{root}/.nb2mod/{name}" in sentence
    assert everything(tmp_path) == before
    for action in (lambda: write(root, ChangeSet((FileChange("a.py", b"old", b"new"),))), lambda: undo(root)):
        with pytest.raises(Refused, match="can't be used because"):
            action()
    assert everything(tmp_path) == before


@pytest.mark.parametrize("data", [*GARBAGE.values(), *HOSTILE.values()], ids=[*GARBAGE, *HOSTILE])
def test_an_entry_that_is_not_ours_is_not_undone(root: Path, tmp_path: Path, data: bytes) -> None:
    place_journal(root, "000001-extract.entry", data)
    before = everything(tmp_path)
    assert recover(root) is None
    assert set(last_written(root)) <= {"a.py"}
    with pytest.raises(Refused, match=r"000001-extract\.entry can't be used because"):
        undo(root)
    assert everything(tmp_path) == before
    write(root, ChangeSet((FileChange("a.py", b"old", b"new"),)))
    assert undo(root).entry == "000002-extract"


@pytest.mark.parametrize("name", ["committed", "reverting"])
def test_a_journal_whose_place_leads_outside_by_a_link(root: Path, tmp_path: Path, name: str) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "a.py").write_bytes(b"old")
    (root / "away").symlink_to(outside)
    steps = [Step("away/a.py", "away/a.py", b"old", b"evil"), Step("away/b.py", "away/b.py", None, b"evil")]
    place_journal(root, name, journal_bytes(steps, ("away/new",)))
    sentence = recover(root)
    assert {path.name: path.read_bytes() for path in outside.iterdir()} == {"a.py": b"old"}
    assert sentence is not None
    if name == "committed":
        assert "away/a.py" in sentence


def test_a_journal_file_that_is_a_link_or_a_folder(root: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_bytes(GOOD)
    (root / ".nb2mod").mkdir()
    (root / ".nb2mod/committed").symlink_to(tmp_path / "elsewhere")
    assert "not a regular file" in str(recover(root))
    assert (root / "a.py").read_bytes() == b"old"
    (root / ".nb2mod/committed").unlink()
    (root / ".nb2mod/committed").mkdir()
    assert recover(root) is not None
    assert (root / "a.py").read_bytes() == b"old"


def test_blobs_that_claim_to_be_small_and_are_huge(root: Path) -> None:
    bomb = journal_bytes([Step("a.py", "a.py", b"old", bytes(50_000_000))])
    head = records.decode_head(
        bomb[: records.PREFIX], bomb[records.PREFIX : records.PREFIX + records.head_length(bomb)]
    )
    blob = head.files[0].after
    assert blob is not None
    small = msgspec.structs.replace(
        head, files=(msgspec.structs.replace(head.files[0], after=Blob(blob.offset, blob.stored, 3, blob.digest)),)
    )
    packed = msgspec.msgpack.encode(small)
    with pytest.raises(BadJournal):
        records.unpack(
            bomb[records.PREFIX + records.head_length(bomb) :], msgspec.msgpack.decode(packed, type=Entry).files[0]
        )


@pytest.mark.parametrize(
    "blob",
    [
        Blob(0, 5, 3, b"", 4, 0),
        Blob(0, 5, -1, b""),
        Blob(-9, 5, 3, b""),
        Blob(0, 5, 3, b"", -1, -1),
        Blob(99, 99, 3, b""),
    ],
)
def test_sizes_that_contradict_each_other(blob: Blob) -> None:
    with pytest.raises(BadJournal):
        records.unpack(b"12345", records.FileRecord("a", "a", None, blob))


def test_undo_numbers_beyond_the_entries_do_no_harm(root: Path) -> None:
    place_journal(root, "000009-extract.undone", b"")
    place_journal(root, "99999999999999999999-x.entry", b"")
    place_journal(root, "notes.txt", b"mine")
    assert write(root, ChangeSet((FileChange("a.py", b"old", b"new"),))) == "000010-extract"
    assert undo(root).entry == "000010-extract"
    assert (root / ".nb2mod/notes.txt").read_bytes() == b"mine"


contents = st.one_of(st.none(), st.binary(max_size=60), st.binary(max_size=3).map(lambda piece: piece * 4000))


@settings(max_examples=150)
@given(st.lists(st.tuples(contents, contents), max_size=5))
def test_what_is_written_is_read(pairs: list[tuple[bytes | None, bytes | None]]) -> None:
    steps = [Step(f"f{n}", f"d/f{n}", before, after, 0o644) for n, (before, after) in enumerate(pairs)]
    data = journal_bytes(steps, ("d",))
    end = records.PREFIX + records.head_length(data[: records.PREFIX])
    entry = records.decode_head(data[: records.PREFIX], data[records.PREFIX : end])
    assert [records.unpack(data[end:], file) for file in entry.files] == steps


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, len(GOOD) - 1), st.integers(1, 255), st.booleans())
def test_no_damage_reaches_a_file(root: Path, at: int, flip: int, cut: bool) -> None:
    data = GOOD[:at] if cut else GOOD[:at] + bytes([GOOD[at] ^ flip]) + GOOD[at + 1 :]
    place_journal(root, "000001-extract.entry", data)
    try:
        undo(root)
    except Refused:
        pass
    else:
        # A bit of the compressed stream that carries nothing: the content is what it was, its hash says so.
        (root / ".nb2mod/000001-extract.undone").unlink()
    assert (root / "a.py").read_bytes() == b"old"


def test_nothing_is_left_but_the_journal(project: Any, make_project: Callable[[str], Any]) -> None:
    write(project.root, project.changes())
    undo(project.root)
    assert sorted(path.name for path in (project.root / ".nb2mod").iterdir()) == [
        ".gitignore",
        "000001-extract.entry",
        "000001-extract.undone",
        "lock",
    ]
