"""Sameness by structure: each kind of difference is seen, what can't be told is a doubt, no `__eq__` of the notebook is asked."""

import collections
import math
import random
from typing import Any

import numpy as np
import pandas as pd
import pytest

from nb2mod.stages.verify.replay.inside.sameness import Comparison
from nb2mod.stages.verify.replay.inside.telling import Differs


class Equal:
    """Claims to equal everything."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = None  # type: ignore[assignment]


def doubts(old: Any, new: Any, **options: Any) -> list[str]:
    comparison = Comparison(options.pop("paired", {}), **options)
    comparison.check(old, new, "result")
    return comparison.doubts


FRAME = pd.DataFrame({"a": [1, 2], "b": [1.0, math.nan]})
DIFFERENT: dict[str, tuple[Any, Any]] = {
    "a number": (1, 2),
    "a type": (1, 1.0),
    "True is not 1": (True, 1),
    "the sign of zero": (0.0, -0.0),
    "the last bit": (0.3, 0.1 + 0.2),
    "a list for a tuple": ([1], (1,)),
    "length": ([1], [1, 2]),
    "the order of keys": ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
    "a set": ({1, 2}, {1, 3}),
    "a set of pairs": ({(1, 2)}, {(1, 3)}),
    "an attribute behind an __eq__": (Equal(1), Equal(2)),
    "a dtype": (np.arange(3), np.arange(3.0)),
    "a shape": (np.zeros((2, 1)), np.zeros((1, 2))),
    "an element": (np.array([1.0, 2.0]), np.array([1.0, 2.5])),
    "the sign of a zero in an array": (np.array([0.0]), np.array([-0.0])),
    "a numpy scalar's type": (np.float64(1), np.float32(1)),
    "a numpy scalar for a float": (1.0, np.float64(1)),
    "a column's name": (FRAME, FRAME.rename(columns={"a": "c"})),
    "a column's type": (FRAME, FRAME.astype({"a": float})),
    "an index": (FRAME, FRAME.set_index(pd.Index([5, 6]))),
    "a cell": (FRAME, FRAME.assign(a=[1, 3])),
    "a series' name": (FRAME["a"], FRAME["a"].rename("z")),
    "an exception's message": (ValueError("a"), ValueError("b")),
    "a deque's order": (collections.deque([1, 2]), collections.deque([2, 1])),
    "a default factory": (collections.defaultdict(list), collections.defaultdict(int)),
    "one object or two": ([shared := [1], shared], [[1], [1]]),
    "another class": (Equal, int),
    "what a class on top of another language keeps": (random.Random(1), random.Random(2)),
}


@pytest.mark.parametrize(("old", "new"), DIFFERENT.values(), ids=DIFFERENT.keys())
def test_difference_is_seen_from_both_sides(old: Any, new: Any) -> None:
    for one, other in ((old, new), (new, old)):
        with pytest.raises(Differs):
            doubts(one, other)


SAME: dict[str, tuple[Any, Any]] = {
    "NaN": (math.nan, float("nan")),
    "NaN in an array, other bits": (np.array([np.nan]), np.array([-np.nan])),
    "NaN in a frame": (FRAME, FRAME.copy()),
    "equal instances": (Equal([1]), Equal([1])),
    "constants that are one object on one side": (((1, 2), pair := (1, 2)), (pair, pair)),
    "arrays of texts": (np.array(["a", "b"]), np.array(["a", "b"])),
    "periods and categories": (
        pd.DataFrame({"p": pd.period_range("2020", periods=2), "c": pd.Categorical(["a", "b"])}),
        pd.DataFrame({"p": pd.period_range("2020", periods=2), "c": pd.Categorical(["a", "b"])}),
    ),
    "a multi index": (FRAME.set_index(["a", "b"]), FRAME.set_index(["a", "b"])),
}


@pytest.mark.parametrize(("old", "new"), SAME.values(), ids=SAME.keys())
def test_no_difference(old: Any, new: Any) -> None:
    assert doubts(old, new) == []


def test_a_class_that_moved_is_the_same_class() -> None:
    old, new = type("Model", (), {}), type("Model", (), {})
    one, other = old(), new()
    one.x, other.x = 1, 1
    assert doubts([one, old], [other, new], paired={id(old): new}) == []
    with pytest.raises(Differs):
        doubts(one, other)


def _made(step: int) -> Any:
    return lambda value: value + step


UNTOLD: dict[str, tuple[Any, Any]] = {
    "other functions": (_made(1), lambda value: value - 1),
    "objects that can't be looked into": ((each for each in ()), (each for each in ())),
    "big sets of objects": ({(each, None) for each in range(60)}, {(each, None) for each in range(60)}),
}


@pytest.mark.parametrize(("old", "new"), UNTOLD.values(), ids=UNTOLD.keys())
def test_what_can_not_be_told_is_a_doubt(old: Any, new: Any) -> None:
    assert doubts(old, new) != []


def test_functions_that_a_call_made_are_told_by_code_and_what_they_hold() -> None:
    assert doubts(_made(1), _made(1)) == []
    with pytest.raises(Differs):
        doubts(_made(1), _made(2))


def test_texts_without_the_place_a_name_lives_in() -> None:
    comparison = Comparison({}, ("team", "team.models"))
    assert comparison.text("<__main__.Model object at 0x7f0011223344>") == comparison.text(
        "<team.models.Model object at 0x7f99aabbccdd>"
    )
