"""The memory between runs: what is remembered comes back; whatever is wrong with it costs time, never an answer."""

from pathlib import Path

import pytest

from nb2mod import store
from nb2mod.model import CellFacts, CellFeatures, Features
from nb2mod.store import Store

FACTS = CellFacts(error="odd", unknown=("a", "b"))
OUTLINE = Features("a.ipynb", (CellFeatures(1, None, "x = 1", b"k", CellFacts()),))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def opened(tmp_path: Path, folder: Path) -> Store:
    return Store(tmp_path, folder)


def test_what_is_remembered_comes_back(tmp_path: Path, folder: Path) -> None:
    first = opened(tmp_path, folder)
    first.remember([(OUTLINE, b"stat")], {b"k": FACTS}, (b"key", b"report"))
    first.close()
    again = opened(tmp_path, folder)
    assert again.outlines({"a.ipynb": b"stat"}) == {"a.ipynb": OUTLINE}
    assert again.facts([b"k", b"other"]) == {b"k": FACTS}
    assert again.report(b"key") == b"report"


def test_a_changed_stat_is_not_known(tmp_path: Path, folder: Path) -> None:
    memory = opened(tmp_path, folder)
    memory.remember([(OUTLINE, b"stat")], {}, None)
    assert memory.outlines({"a.ipynb": b"other"}) == {}


def test_one_report_is_kept(tmp_path: Path, folder: Path) -> None:
    memory = opened(tmp_path, folder)
    memory.remember((), {}, (b"one", b"1"))
    memory.remember((), {}, (b"two", b"2"))
    assert memory.report(b"one") is None
    assert memory.report(b"two") == b"2"


def test_other_code_starts_anew(tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened(tmp_path, folder).remember((), {b"k": FACTS}, None)
    monkeypatch.setattr(store, "generation", lambda: "another")
    assert opened(tmp_path, folder).facts([b"k"]) == {}


def test_thousands_of_keys(tmp_path: Path, folder: Path) -> None:
    memory = opened(tmp_path, folder)
    keys = [str(number).encode() for number in range(5000)]
    memory.remember((), dict.fromkeys(keys, FACTS), None)
    assert len(memory.facts(keys)) == 5000


@pytest.mark.parametrize("garbage", [b"", b"not a database at all, but long enough to have a header " * 40])
def test_garbage_is_made_anew(tmp_path: Path, folder: Path, garbage: bytes) -> None:
    opened(tmp_path, folder).close()
    (file,) = folder.glob("*.sqlite")
    for extra in folder.glob("*.sqlite-*"):
        extra.unlink()
    file.write_bytes(garbage)
    memory = opened(tmp_path, folder)
    memory.remember((), {b"k": FACTS}, None)
    assert memory.facts([b"k"]) == {b"k": FACTS}


def test_garbage_in_a_row_is_not_known(tmp_path: Path, folder: Path) -> None:
    memory = opened(tmp_path, folder)
    assert memory._connection is not None
    memory._connection.execute("insert into facts values (?, ?)", (b"k", b"\xc1"))
    assert memory.facts([b"k"]) == {}


def test_a_lone_surrogate_costs_itself_only(tmp_path: Path, folder: Path) -> None:
    memory = opened(tmp_path, folder)
    memory.remember((), {b"odd": CellFacts(strings=("\ud800",)), b"k": FACTS}, None)
    assert memory.facts([b"k", b"odd"]) == {b"k": FACTS}


def test_no_folder_is_no_memory(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    memory = opened(tmp_path, tmp_path / "file")
    memory.remember((), {b"k": FACTS}, None)
    assert memory.facts([b"k"]) == {}
    memory.close()
