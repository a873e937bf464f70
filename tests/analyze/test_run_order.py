"""Saved counters against top to bottom, and what is read before it is there: what is told, and above all what is not."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nb2mod.model import Features
from nb2mod.stages.analyze import names_of, out_of_order, read_before
from nb2mod.stages.index import reading


def features_of(*sources: str, counts: list[int | None] | None = None, raises: int = -1) -> Features:
    """A notebook of code cells."""
    cells = [
        {
            "cell_type": "code",
            "source": source,
            "metadata": {"tags": ["raises-exception"]} if number == raises else {},
            "outputs": [],
            "execution_count": counts[number] if counts else None,
        }
        for number, source in enumerate(sources)
    ]
    data = json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}).encode()
    outline = reading.outline("a.ipynb", data)
    facts = dict(reading.read_cells((cell.digest, cell.source, False) for cell in outline.cells))
    return reading.complete(outline, facts)


def early(*sources: str, raises: int = -1) -> list[tuple[int, int, int, tuple[str, ...]]]:
    """(cell, line, binding cell, names), cells from 0."""
    one = features_of(*sources, raises=raises)
    return [(found.cell, found.line, found.binds, found.names) for found in read_before(one, names_of(0, one))]


def fall(*counts: int | None) -> tuple[int, int, int] | None:
    """(above, below, how many out of order) of cells with these counters."""
    found = out_of_order(features_of(*["x = 1"] * len(counts), counts=list(counts)))
    return (found.above, found.below, found.cells) if found else None


FALLS = {
    (1, 2, 7, 4): (2, 3, 1),
    (2, 1): (0, 1, 1),
    (1, 2, 3, 1, 2): (2, 3, 2),  # the kernel was started again half-way: cells that went before do not count
    (5, None, 4): (0, 2, 1),
    (9, 8, 7, 6): (0, 1, 3),
}
RISES = [(), (1,), (1, 2, 3), (4, 9, 27), (None, 1, None, 2), (None, None), (0, 1), (7, 0, 8), (1, 2, 3, 90), (1, 1, 2)]


@pytest.mark.parametrize("counts", FALLS)
def test_counters_that_fall_are_told(counts: tuple[int | None, ...]) -> None:
    assert fall(*counts) == FALLS[counts]


@pytest.mark.parametrize("counts", RISES)
def test_counters_that_rise_are_not(counts: tuple[int | None, ...]) -> None:
    assert fall(*counts) is None


def test_an_empty_cell_has_no_counter_worth_looking_at() -> None:
    assert out_of_order(features_of("x = 1", "  ", "y = 2", counts=[1, 9, 2])) is None


@given(st.lists(st.one_of(st.none(), st.integers(0, 40)), max_size=12))
def test_told_exactly_when_a_run_cell_has_a_smaller_counter_below(counts: list[int | None]) -> None:
    ran = [count for count in counts if count]
    found = out_of_order(features_of(*["x = 1"] * len(counts), counts=counts))
    assert (found is None) == (ran == sorted(ran))
    if found:
        assert 1 <= found.cells < found.counted == len(ran)
        assert found.above < found.below


EARLY = {
    ("print(df)", "df = 1"): [(0, 1, 1, ("df",))],
    ("x = 1\ny = df + np.pi\nz = pd", "import numpy as np\nimport pandas as pd\ndf = 2"): [
        (0, 2, 1, ("df", "np", "pd"))
    ],
    ("a + b", "a = 1", "b = 2"): [(0, 1, 1, ("a",)), (0, 1, 2, ("b",))],
    ("total += 1", "total = 0"): [(0, 1, 1, ("total",))],
    ("def f(x=limit): pass", "limit = 3"): [(0, 1, 1, ("limit",))],
    ("@cached\ndef f(): pass", "def cached(f): return f"): [(0, 1, 1, ("cached",))],
    ("class A(Base): pass", "class Base: pass"): [(0, 1, 1, ("Base",))],
    ("[x * k for x in y]", "k, y = 1, [2]"): [(0, 1, 1, ("k", "y"))],
    ("del x", "x = 1"): [],
    ("1 if x else 2", "x = 1"): [(0, 1, 1, ("x",))],
}
FINE = [
    ("df = 1", "print(df)"),
    ("print(df)",),  # bound nowhere: something else's matter
    ("def f(): return df", "df = 1"),
    ("g = lambda: df", "df = 1"),
    ("df = df + 1", "df = 1"),  # within one cell lines are not looked at
    ("if False:\n    df = 1", "print(df)", "df = 2"),
    ("print(sum)", "sum = 1"),
    ("display(1)", "def display(x): pass"),
    ("print(__name__)", "__name__ = 'x'"),
    ("from math import *\nprint(df)", "df = 1"),
    ("%run other.ipynb", "print(df)", "df = 1"),
    ("exec(code)", "print(df)", "df = 1"),
    ("%pylab", "print(df)", "df = 1"),
    ("def f(): global df; df = 1", "f()", "print(df)", "df = 2"),
    ("print 'df'", "print(df)", "df = 1"),  # does not parse: what it binds is unknown
    ("%%R -o df\ndf <- 1", "print(df)", "df = 1"),
    ("%%timeit\ntotal = 0\ntotal = total + 1", "total = 2"),
    ("%%capture df\n1", "print(df)", "df = 1"),
    ("try:\n    df\nexcept NameError:\n    pass", "df = 1"),
    ("x: df = 1", "class df: pass"),
    ("frame.query('x > @df')", "df = 1"),
    ("", "df = 1"),
]


@pytest.mark.parametrize("sources", EARLY)
def test_read_before_it_is_bound(sources: tuple[str, ...]) -> None:
    assert early(*sources) == EARLY[sources]


@pytest.mark.parametrize("sources", FINE)
def test_nothing_is_told_of_what_may_be_there(sources: tuple[str, ...]) -> None:
    assert early(*sources) == []


def test_a_cell_that_is_expected_to_raise() -> None:
    assert early("print(df)", "df = 1", raises=0) == []
    assert early("x = 1", "print(df)", "df = 1", raises=0) == [(1, 1, 2, ("df",))]
