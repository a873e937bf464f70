"""The digest of a namespace, taken in this process: what is told, that it repeats, that no code of the notebook's is called."""

import ast
import datetime
import math
import subprocess
import sys
import types
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nb2mod.stages.verify.running import digest


def line(value: Any, package: str = "") -> str:
    return digest.digest({"x": value}, package)["x"]


def classes(source: str, module: str = "__main__") -> dict[str, Any]:
    """What `source` binds, as if it stood in a notebook or in the package."""
    space: dict[str, Any] = {"__name__": module}
    exec(source, space)
    return space


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (1, "1"),
        (-0.0, "-0.0"),
        (float("nan"), "nan"),
        (True, "True"),
        (None, "None"),
        (1 + 2j, "(1+2j)"),
        ("it's", '"it\'s"'),
        (b"a", "b'a'"),
        ([1, [2, (3,)], {"a": {4}}], "[1, [2, (3)], {'a': {4}}]"),
        ([], "list()"),
        (math, "module math"),
        (math.sqrt, "function sqrt"),
        (dict, "class dict"),
        (datetime.date(2026, 1, 2), "date datetime.date(2026, 1, 2)"),
        (object(), "object"),
        ((i for i in ()), "generator"),
        (np.float64(2.5), "float64 2.5"),
        (pd.NA, "<NA>"),
    ],
)
def test_tells(value: Any, told: str) -> None:
    assert line(value) == told


DIFFERENT = [
    *(
        [1],
        [2],
        (1,),
        {1},
        {1: 1},
        "1",
        1,
        1.0,
        True,
        b"1",
        [1.0],
        "a" * 500,
        "a" * 501,
        list(range(2000)),
        list(range(2001)),
    ),
    *(0.0, -0.0, [0.0], [-0.0], 10**5000, 10**5001, {"a": 1, "b": 2}, {"b": 2, "a": 1}),
    *(np.array([0.0]), np.array([-0.0]), np.array([1, 2]), np.array([[1, 2]]), np.array([1, 2], "i4"), np.array(["a"])),
    *(
        np.array([1, None], object),
        np.array([2, None], object),
        np.array([math.nan]),
        np.array(["2026-01-01"], "M8[D]"),
    ),
    *(np.array([1.0], "g"), np.array([1.5], "g"), np.array([1j]), np.array([(1, 2.0)], [("a", "i4"), ("b", "f8")])),
    *(
        pd.Series([1, 2]),
        pd.Series([1, 3]),
        pd.Series([1, 2], name="n"),
        pd.Series([1, 2], index=[5, 6]),
        pd.Index([1, 2]),
    ),
    *(pd.Series(["a", None]), pd.Series(["a", "b"], dtype="category"), pd.Series([1, None], dtype="Int64")),
    *(
        pd.to_datetime(["2026-01-01"], utc=True),
        pd.MultiIndex.from_tuples([(1, 2)]),
        pd.MultiIndex.from_tuples([(1, 3)]),
    ),
    *(pd.DataFrame({"a": [1]}), pd.DataFrame({"b": [1]}), pd.DataFrame({"a": [2]}), pd.DataFrame({"a": [1.0]})),
    *(pd.DataFrame(), pd.Timestamp("2026-01-01"), pd.Timestamp("2026-01-02")),
]


def test_different_values_have_different_lines() -> None:
    lines = [line(value) for value in DIFFERENT]
    assert len(set(lines)) == len(lines)
    assert all(len(one) < 400 for one in lines)
    assert not [one for one in lines if digest.UNKNOWN in one]


def test_nan_is_nan_whatever_its_bits_and_layout_is_no_value() -> None:
    odd = np.array([0x7FF8000000000001, 0xFFF8000000000000], "u8").view("f8")
    assert line(odd) == line(np.array([math.nan, math.nan]))
    table = np.arange(12.0).reshape(3, 4)
    assert line(table) == line(np.asfortranarray(table)) == line(np.arange(24.0)[::2].reshape(3, 4) / 2)


HOSTILE = """
called = []
class Meta(type):
    def __eq__(self, other): called.append("Meta.__eq__"); return False
    def __hash__(self): called.append("Meta.__hash__"); return 1
    def __getattribute__(self, name): called.append("Meta." + name); return type.__getattribute__(self, name)
def noted(name):
    def method(self, *_):
        called.append(name)
        raise SystemExit
    return method
NAMES = "repr str eq hash len iter getattr getattribute bool int float index bytes format reduce reduce_ex dir array".split()
body = {f"__{name}__": noted(name) for name in NAMES}
body["__class__"] = body["value"] = property(noted("property"))
kinds = [Meta("K", (base,), dict(body)) for base in (object, int, float, str, bytes, list, dict, tuple, set)]
values = [kind.__new__(kind) for kind in map(lambda kind: kind, kinds)]
del called[:]
nested = [values, {"a": values}, tuple(values)]
"""


def test_no_code_of_the_notebook_is_called() -> None:
    space = classes(HOSTILE)
    found = digest.digest({"values": space["values"], "nested": space["nested"], "kinds": space["kinds"]})
    assert space["called"] == []
    assert set(found) == {"values", "nested", "kinds"}
    assert not [one for one in found.values() if digest.UNKNOWN in one]


def test_instances_by_their_attributes_wherever_the_class_lives() -> None:
    source = (
        "class Point:\n    __slots__ = ('x', '__dict__')\n    def __init__(self, x, y):\n        self.x, self.y = x, y\n"
        "class Node:\n    pass\n"
    )
    here, there, elsewhere = (classes(source, name) for name in ("__main__", "team.shapes", "other.shapes"))
    one = line(here["Point"](1, 2), "team")
    assert one == "Point(x=1, y=2)"
    assert line(there["Point"](1, 2), "team") == one
    assert line(there["Point"](1, 3), "team") != one
    assert line(elsewhere["Point"](1, 2), "team") == "Point"
    assert line(here["Point"], "team") == line(there["Point"], "team") == "class Point"
    node = here["Node"]()
    node.me, node.long = node, "a" * 1000
    assert line(node, "team").startswith("Node")
    assert line([node, node], "team") == line([node, node], "team")


def test_names_of_ipython_are_nobodys() -> None:
    space = {
        "_": 1,
        "__": 1,
        "_i": "",
        "_12": 3,
        "_i3": "",
        "In": [],
        "Out": {},
        "_oh": {},
        "get_ipython": len,
        "__name__": "",
    }
    mine = {"_private": 1, "_x1": 2, "open": 3}
    assert digest.digest(space | mine | {"exit": print, "open_": len}, hidden={"open_": len}) == {
        "_private": "1",
        "_x1": "2",
        "open": "3",
    }
    assert digest.digest({"open_": len}, hidden={"open_": print}) == {"open_": "function len"}


def test_it_ends_in_time_and_says_what_it_did_not_look_into(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digest, "NODES", 1000)
    monkeypatch.setattr(digest, "BYTES", 1000)
    deep: list[Any] = []
    for _ in range(10_000):
        deep = [deep]
    wide = [[object()] for _ in range(5000)]
    found = digest.digest({"array": np.zeros(1000), "deep": deep, "wide": wide, "z": 3})
    assert found["array"].endswith(digest.UNKNOWN)
    assert len(found["deep"]) < 100
    assert found["z"] == digest.UNKNOWN


def test_broken_values_do_not_break_it() -> None:
    class Lazy(types.ModuleType):
        def __getattribute__(self, name: str) -> Any:
            raise RuntimeError

    assert line(Lazy("lazy")) == "module lazy"
    assert line(np.ma.masked_array([1, 2], [0, 1])).startswith("MaskedArray int64 (2,)")
    assert line(pd.DataFrame([[1, 2]], columns=["a", "a"])).startswith("DataFrame (1, 2) [a, a]")


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner) | st.lists(inner).map(tuple),
    max_leaves=20,
)


@given(PLAIN, PLAIN)
def test_equal_lines_for_equal_values_only(one: Any, other: Any) -> None:
    assert line(one) == line(ast.literal_eval(repr(one)) if "nan" not in repr(one) and "inf" not in repr(one) else one)
    if repr(one) != repr(other):
        assert line(one) != line(other)


def test_another_process_says_the_same() -> None:
    """Sets and addresses differ from process to process; and the code is a program of its own, for Python 3.8 too."""
    source = Path(digest.__file__).read_text("utf-8")
    ast.parse(source, feature_version=(3, 8))
    program = (
        source + "\nprint(digest({'s': {str(i) for i in range(2000)}, 't': {'a', 'b', 1}, 'f': digest, 'o': object()}))"
    )
    answers = {
        subprocess.run(
            [sys.executable, "-c", program], env={"PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2")
    }
    assert len(answers) == 1
