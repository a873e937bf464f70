"""Which cell is which when cells were inserted, taken out or changed; and how long a notebook took last time."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from running.building import ipynb, read

from nb2mod.stages.verify.running.last import last_took
from nb2mod.stages.verify.running.pairing import pair


def test_by_id_where_it_is_unique() -> None:
    old, new = read("a", "#md", "b", "c").cells, read("x", "#md", "y", "z").cells
    assert pair(old, new) == {1: 1, 3: 3, 4: 4}


def test_an_inserted_cell_shifts_the_rest() -> None:
    old = read("import os", "def f(x): return x", "f(1)", ids=False).cells
    new = read("import sys; sys.path.insert(0, 'src')", "import os", "from team import f", "f(1)", ids=False).cells
    assert pair(old, new) == {1: 2, 2: 3, 3: 4}


def test_among_several_the_most_alike() -> None:
    old = read("first = load('a.csv')\nsecond = 2", "end", ids=False).cells
    new = read("%load_ext autoreload", "first = load('b.csv')\nsecond = 2", "end", ids=False).cells
    assert pair(old, new) == {1: 2, 2: 3}
    assert pair(new, old) == {2: 1, 3: 2}


SOURCES = st.lists(st.sampled_from(["a", "b", "c = 1", "c = 2", "#md"]), max_size=7)


@given(SOURCES, SOURCES, st.booleans())
def test_pairs_rise_on_both_sides_and_no_cell_stays_alone_without_need(
    old: list[str], new: list[str], ids: bool
) -> None:
    before, after = read(*old, ids=ids).cells, read(*new, ids=ids).cells
    pairs = pair(before, after)
    code = [{cell.number for cell in cells if cell.kind == "code"} for cells in (before, after)]
    assert sorted(pairs) == list(dict(sorted(pairs.items())))
    rising = [pairs[number] for number in sorted(pairs)]
    assert rising == sorted(set(rising))
    assert pairs.keys() <= code[0]
    assert set(rising) <= code[1]
    assert pair(before, before) == {number: number for number in code[0]}


def test_last_run_by_papermill_or_by_cells() -> None:
    assert last_took("a.ipynb", ipynb("1")) is None
    assert last_took("a.ipynb", ipynb("1", papermill={"duration": 12.5})) == 12.5
    content = json.loads(ipynb("1", "2", "3"))
    for cell, end in zip(content["cells"], ("10:00:02.5Z", "10:00:04+00:00"), strict=False):
        cell["metadata"]["execution"] = {
            "iopub.execute_input": "2026-01-02T10:00:01Z",
            "shell.execute_reply": f"2026-01-02T{end}",
        }
    assert last_took("a.ipynb", json.dumps(content).encode()) == 4.5


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"{",
        b"\xff",
        b'{"cells": 3}',
        b'{"cells": [3, {"metadata": []}]}',
        b'{"metadata": {"papermill": {"duration": "x"}}}',
    ],
)
def test_what_does_not_say_is_none(data: bytes) -> None:
    assert last_took("a.ipynb", data) is None
