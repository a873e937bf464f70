"""Copies under a budget: the same by structure, sharing nothing that changes, and no hook of the notebook's classes is called."""

import collections
import dataclasses
import enum
import io
import random
import threading
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nb2mod.stages.verify.replay.inside.copying import Budget, Copier, Uncopyable
from nb2mod.stages.verify.replay.inside.sameness import Comparison


def copied(value: Any, mapped: dict[int, Any] | None = None) -> Any:
    return Copier(Budget(100_000, 10**7, 5), mapped).copy(value)


class Plain:
    def __init__(self, inner: Any) -> None:
        self.inner = inner


class Slotted:
    __slots__ = ("left", "right")


class Loud:
    """Says so when somebody runs its code."""

    def __getattribute__(self, name: str) -> Any:
        raise AssertionError(f"{name} was asked for")

    def __eq__(self, other: object) -> bool:
        raise AssertionError("compared")

    __hash__ = None  # type: ignore[assignment]


class Listing(list[int]):
    def append(self, value: int) -> None:
        raise AssertionError("append was called")


class Word(str):
    def __str__(self) -> str:
        raise AssertionError("__str__ was called")


class Tally(collections.Counter[str]):
    """A subclass as notebooks have them."""


class Pair(NamedTuple):
    left: Any
    right: Any


@dataclasses.dataclass
class Box:
    content: list[int]


class Colour(enum.Enum):
    RED = 1


ATOMS = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary()
VALUES = st.recursive(
    ATOMS,
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(st.text() | st.integers(), inner)
        | st.tuples(inner, inner)
        | st.builds(Plain, inner)
        | st.builds(Pair, inner, inner)
        | st.sets(st.integers())
        | st.lists(inner).map(collections.deque)
    ),
    max_leaves=20,
)


@given(VALUES)
def test_a_copy_is_the_same_and_nothing_else_is_it(value: Any) -> None:
    comparison = Comparison({})
    comparison.check(value, copied(value), "value")
    assert comparison.doubts == []


def _slotted() -> Slotted:
    made = Slotted()
    made.left = [1]
    return made


KINDS = {
    "slots, one of them empty": _slotted(),
    "a dataclass": Box([1]),
    "a subclass of list with an append of its own": Listing([1, 2]),
    "an ordered dict": collections.OrderedDict(a=[1]),
    "a defaultdict with what it held": collections.defaultdict(list, a=[1]),
    "a text with a __str__ of its own": Word("a"),
    "a counter's subclass": Tally("abca"),
    "a counter": collections.Counter("abca"),
    "an exception": ValueError("no", 3),
    "an array in columns": np.asfortranarray(np.arange(6.0).reshape(2, 3)),
    "a random generator of the standard library": random.Random(3),
    "a random generator": np.random.default_rng(3),
    "a series": pd.Series([1.0, None], name="a", index=["x", "y"]),
    "a frame": pd.DataFrame({"a": [1, 2], "b": ["x", None], "c": pd.to_datetime(["2020-01-01", None])}),
    "categories": pd.DataFrame({"a": pd.Categorical(["x", "y", "x"])}),
    "a bound method": Plain([1]).__init__,  # type: ignore[misc]
}


@pytest.mark.parametrize("value", KINDS.values(), ids=KINDS.keys())
def test_kinds(value: Any) -> None:
    made = copied(value)
    comparison = Comparison({})
    comparison.check(value, made, "value")
    assert made is not value
    assert comparison.doubts == []


def test_no_code_of_a_class_runs() -> None:
    loud = object.__new__(Loud)
    object.__setattr__(loud, "inner", [1])
    made = copied([loud])[0]
    comparison = Comparison({})
    comparison.check(loud, made, "value")
    assert object.__getattribute__(made, "inner") is not object.__getattribute__(loud, "inner")


def test_what_can_change_is_not_shared() -> None:
    value = {"rows": [[1], np.zeros(2)], "box": Box([1])}
    made = copied(value)
    made["rows"][0].append(2)
    made["rows"][1][0] = 5
    made["box"].content.append(3)
    assert (value["rows"][0], value["rows"][1][0], value["box"].content) == ([1], 0.0, [1])


def test_two_names_for_one_object_stay_so_and_cycles_end() -> None:
    inner = [1]
    value: list[Any] = [inner, inner]
    value.append(value)
    made = copied(value)
    assert made[0] is made[1]
    assert made[2] is made


def test_functions_classes_and_members_are_shared() -> None:
    for value in (copied, Plain, Colour.RED, len, np):
        assert copied(value) is value


def test_instances_of_a_class_that_moved_become_its_new_ones() -> None:
    class New:
        pass

    made = copied([Plain(1), Plain], {id(Plain): New})
    assert type(made[0]) is New
    assert made[0].inner == 1
    assert made[1] is New


class Hooked:
    def __deepcopy__(self, memo: Any) -> Any:
        raise AssertionError("the notebook's code ran")


class Hashed:
    def __hash__(self) -> int:
        return 1


class Ending:
    def __del__(self) -> None:
        pass


UNCOPYABLE = {
    "a class that notices its end": Ending(),
    "a generator": (each for each in ()),
    "an iterator": iter([1]),
    "an open file": io.StringIO(),
    "a lock": threading.Lock(),
    "a class that copies in its own way": Hooked(),
    "a key with a hash of its own": {Hashed(): 1},
    "an array of objects": np.array([[], {}], dtype=object),
    "arrays that share memory": (shared := np.arange(4), shared[1:]),
    "a column of lists": pd.DataFrame({"a": [[1], [2]]}),
    "too big": bytes(10**7 + 1),
    "too many": [[] for _ in range(100_001)],
}


@pytest.mark.parametrize("value", UNCOPYABLE.values(), ids=UNCOPYABLE.keys())
def test_refused(value: Any) -> None:
    with pytest.raises(Uncopyable):
        copied([value])
