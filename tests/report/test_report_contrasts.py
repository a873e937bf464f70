"""Differences side by side: what is shown of them, at any width, coloured or not, whatever the lines hold."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nb2mod.model import Contrast, Location
from nb2mod.report import contrasts
from nb2mod.report.ink import Ink, Look

_COLOUR = re.compile("\x1b\\[[0-9;]*m")
A, B = Location("notebooks/a.ipynb", 2, 6), Location("notebooks/b.ipynb", 3, 7)


def _shown(contrast: Contrast, width: int = 80, colour: bool = False) -> str:
    return "\n".join(contrasts.lines([contrast], Look(Ink(colour), width)))


def test_nothing_for_nothing() -> None:
    assert contrasts.lines([], Look()) == []
    assert contrasts.advice("", Look()) == []


def test_a_line_that_differs() -> None:
    one = Contrast("the method differs: `mean` and `median`", A, B, ("return x.mean()",), ("return x.median()",))
    assert _shown(one) == "\n".join(
        (
            "    the method differs: `mean` and `median`",
            "    notebooks/a.ipynb cell 2 line 6      | notebooks/b.ipynb cell 3 line 7",
            "    return x.mean()                      | return x.median()",
        )
    )


def test_a_line_that_one_copy_has_more() -> None:
    one = Contrast("the statement stands in one copy only", A, B, (), ("df = df.dropna()",))
    assert _shown(one).split("\n")[2:] == ["    " + " " * 36 + " > df = df.dropna()"]
    other = Contrast("the statement stands in one copy only", A, B, ("df = df.dropna()",), ())
    assert _shown(other).split("\n")[2:] == ["    df = df.dropna()                     <"]


def test_long_lines_that_begin_alike_show_where_they_differ() -> None:
    start = "false_positives, true_positives, thresholds = metrics.roc_curve("
    one = Contrast("the value differs", A, B, (f"{start}y_test, p)",), (f"{start}y_train, p)",))
    assert _shown(one).split("\n")[2:] == [
        "    ...= metrics.roc_curve(y_test, p)    | ...= metrics.roc_curve(y_train, p)"
    ]
    below = _shown(one, width=50).split("\n")
    assert below[2].strip().startswith("- ...")
    assert "y_test" in below[2]
    assert "y_train" in below[4]


def test_long_lines_that_begin_otherwise_show_their_beginning() -> None:
    one = Contrast("the value differs", A, B, ("a" * 80,), ("b" * 80,))
    assert "| bbb" in _shown(one)


def test_narrow_terminals_show_one_below_the_other() -> None:
    one = Contrast("the operator differs", A, B, ("x + y",), ("x - y",))
    assert _shown(one, width=40).split("\n") == [
        "    the operator differs",
        "    notebooks/a.ipynb cell 2 line 6",
        "    - x + y",
        "    notebooks/b.ipynb cell 3 line 7",
        "    + x - y",
    ]


def test_only_lines_near_a_difference() -> None:
    same = tuple(f"a{number} = 1" for number in range(8))
    one = Contrast("the statement differs", A, B, (*same, "b = 1", *same), (*same, "b = 2", *same))
    assert [line.split("|")[0].split("<")[0].strip() for line in _shown(one).split("\n")[2:]] == [
        "a7 = 1",
        "b = 1",
        "a0 = 1",
    ]


@pytest.mark.parametrize("width", [80, 40])
def test_colours_say_which_side(width: int) -> None:
    one = Contrast("the operator differs", A, B, ("x + y",), ("x - y",))
    coloured = _shown(one, width, colour=True)
    assert re.search("\x1b\\[31m[^\x1b]*x \\+ y", coloured)
    assert re.search("\x1b\\[32m[^\x1b]*x - y", coloured)
    plain = [line.rstrip() for line in _COLOUR.sub("", coloured).split("\n")]
    assert plain == _shown(one, width).split("\n")


def test_what_a_terminal_could_obey_is_spelled_out() -> None:
    one = Contrast("the value differs: `\x1b[2J`", A, B, ("a = '\x1b[2J'",), ("\tb = '\u202e'",))
    shown = _shown(one)
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert "\\x1b[2J" in shown


def test_advice() -> None:
    found = contrasts.advice("make line 2 of b.ipynb cell 2 `x.a()`, as in a.ipynb cell 2", Look(width=60))
    assert found == [
        "    to make them one: make line 2 of b.ipynb cell 2 `x.a()`,",
        "      as in a.ipynb cell 2",
    ]


_LINES = st.lists(st.text(max_size=30), max_size=6).map(tuple)


@given(_LINES, _LINES, st.integers(64, 160))
def test_no_line_is_wider_than_asked_for(left: tuple[str, ...], right: tuple[str, ...], width: int) -> None:
    shown = contrasts.lines([Contrast("the statement differs", A, B, left, right)], Look(width=width))
    assert all(_columns(line) <= width for line in shown)
    assert not any("\n" in line or "\t" in line for line in shown)


def _columns(line: str) -> int:
    return sum(
        0 if unicodedata.combining(each) else 2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in line
    )
