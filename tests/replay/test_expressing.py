"""Expressions give back what they were made from, or there are none."""

import datetime
import math
import tempfile
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nb2mod.stages.verify.replay.inside.expressing import Expression, Inexpressible

PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.complex_numbers()
    | st.binary(max_size=9)
    | st.text("abc\n'"),
    lambda inner: (
        st.lists(inner, max_size=4) | st.tuples(inner) | st.dictionaries(st.integers() | st.text("ab"), inner)
    ),
    max_leaves=8,
)


@given(PLAIN)
def test_an_expression_gives_the_value_back(value: Any) -> None:
    try:
        text = Expression({}).of(value, most=10**6)
    except Inexpressible:
        assert "inf" in repr(value) or "nan" in repr(value)  # complex numbers that have no literal
        return
    assert repr(eval(text)) == repr(value) or isinstance(value, set | frozenset)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (datetime.date(2025, 1, 2), "datetime.date(2025, 1, 2)"),
        (datetime.datetime(2025, 1, 2, 3, 4, 5, 6), "datetime.datetime(2025, 1, 2, 3, 4, 5, 6)"),
        (datetime.timedelta(days=-1, seconds=5), "datetime.timedelta(days=-1, seconds=5)"),
        (Decimal("1.50"), "decimal.Decimal('1.50')"),
        (Fraction(1, 3), "fractions.Fraction(1, 3)"),
        (pd.Timestamp("2025-01-02 03:04"), "pd.Timestamp('2025-01-02T03:04:00')"),
        (pd.Timestamp("2025-01-02", tz="Europe/Berlin"), "pd.Timestamp('2025-01-02T00:00:00', tz='Europe/Berlin')"),
        (pd.Timedelta("3 min"), "pd.Timedelta('P0DT0H3M0S')"),
    ],
)
def test_moments_and_exact_numbers(value: Any, text: str) -> None:
    assert Expression({}).of(value) == text
    assert Expression({}).of([value, {"a": (value,)}]) == f"[{text}, {{'a': ({text},)}}]"


@pytest.mark.parametrize("value", [datetime.datetime(2025, 1, 2, tzinfo=datetime.UTC), pd.NaT, pd.Period("2025-01")])
def test_moments_that_no_text_gives_back(value: Any) -> None:
    with pytest.raises(Inexpressible):
        Expression({}).of(value)


class Model:
    def __init__(self, rate: float, size: int = 3) -> None:
        self.rate, self.size = rate, size


class Grown:
    def __init__(self, rate: float) -> None:
        self.rate, self.seen = rate, [rate]


def test_an_instance_is_its_class_called_with_its_attributes() -> None:
    assert Expression({id(Model): ("Model", Model)}).of(Model(0.5)) == "Model(rate=0.5, size=3)"


def test_an_instance_that_its_attributes_do_not_give_back_is_refused() -> None:
    grown = Grown(1.0)
    grown.seen.append(2.0)
    with pytest.raises(Inexpressible):
        Expression({id(Grown): ("Grown", Grown)}).of(grown)


def test_small_arrays_are_text_and_others_data() -> None:
    expression = Expression({})
    assert expression.of(np.array([1.5, 2.0], dtype="float32")) == 'np.array([1.5, 2.0], dtype="float32")'
    assert expression.of((np.arange(100), 1)) == "(@@0@@, 1)"
    assert [kind for kind, _ in expression.data] == ["npy"]


TABLES = {
    "numbers and texts": pd.DataFrame({"a": [1, 2], "b": [0.5, math.nan], "c": ["x", None], "d": [True, False]}),
    "an index of names": pd.DataFrame({"a": [1.0]}, index=["x"]),
    "times": pd.DataFrame({"t": pd.to_datetime(["2020-01-01 10:00", None])}),
    "a series": pd.Series([1, 2, 3], name="n", dtype="int32"),
    "a sliced range": pd.DataFrame({"a": range(6)})[1:5:2],
}


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES.keys())
def test_tables_come_back_from_json(table: Any) -> None:
    assert Expression({}).of(table) == "@@0@@"


REFUSED = {
    "a place of this machine": "/home/ada/data.csv",
    "the folder we are in": str(Path.cwd() / "x"),
    "a temporary file": f"{tempfile.gettempdir()}/x1",
    "an address": "<Model at 0x7f0011223344>",
    "half a character": "\ud800",
    "an object": object(),
    "an array of objects": np.array([None]),
    "labels in levels": TABLES["numbers and texts"].set_index(["a", "b"]),
    "one list in two places": [shared := [1], shared],
    "too long": list(range(1000)),
    "too much data": np.zeros(10**5),
}


@pytest.mark.parametrize("value", REFUSED.values(), ids=REFUSED.keys())
def test_refused(value: Any) -> None:
    with pytest.raises(Inexpressible):
        Expression({}).of(value)
