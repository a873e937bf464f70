"""What a kernel answers is taken for the replay's only when it has the replay's form, and holds no more than a test may."""

import ast
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nb2mod.model import NotebookRun
from nb2mod.stages.verify.replay.calls import Argument, Datum, ReplayResult, Target
from nb2mod.stages.verify.replay.rendering import render
from nb2mod.stages.verify.replay.replaying import result_of

TARGET = Target("a.ipynb", 1, "f", "def f(x): return x", 1, "team.a", "f")
CASE: dict[str, Any] = {
    "method": "", "kind": "function", "receiver": "", "arguments": [["", "[1, 'é']"], ["by", "@@0@@"]], "stdout": "",
    "mutated": [], "data": [["npy", "YWJj"]], "lines": [1], "shape": "x", "result": "float('nan')", "yields": False,
}  # fmt: skip
METHOD = CASE | {"method": "move", "kind": "instance", "receiver": "f(x=1)", "mutated": [[-1, "self", "f(x=2)"]]}
FOUND: dict[str, Any] = {"recorded": 3, "same": 2, "note": "", "skipped": ["slow"], "differences": [], "cases": [CASE]}
NOT_BELIEVED = "it is not believed"


def result(answer: Any, unanswered: str = "") -> ReplayResult:
    return result_of([TARGET], NotebookRun("a.ipynb", unanswered=unanswered), answer, 1.0)


def of_case(**parts: Any) -> ReplayResult:
    return result({"note": "", "targets": [FOUND | {"cases": [CASE | parts]}]})


def test_an_honest_answer() -> None:
    raising = CASE | {"result": None, "raises": ["ValueError", "no"]}
    found = result({"note": "", "targets": [FOUND | {"cases": [CASE, METHOD, raising]}]})
    (replay,) = found.replays
    assert (replay.recorded, replay.same, replay.skipped, replay.note) == (3, 2, 1, "1 skipped: slow")
    one, method, raised = found.records
    assert one.arguments == (Argument("", "[1, 'é']"), Argument("by", "@@0@@"))
    assert one.data == (Datum("npy", b"abc"),)
    assert (method.method, raised.raises) == ("move", ("ValueError", "no"))
    assert result({"note": "too old"}).replays[0].note == "too old"


@pytest.mark.parametrize(
    "answer",
    [
        {},
        [],
        "x",
        3,
        {"note": ""},
        {"note": 3},
        {"note": "", "targets": [FOUND, FOUND]},
        {"note": "", "targets": [{}]},
        {"note": "", "targets": [FOUND | {"recorded": -1}]},
        {"note": "", "targets": [FOUND | {"same": 10**300}]},
        {"note": "", "targets": [FOUND | {"skipped": 3}]},
        {"note": "", "targets": [FOUND | {"differences": [["a", "b"]]}]},
        *(
            {"note": "", "targets": [FOUND | {"cases": [CASE | parts]}]}
            for parts in (
                {"data": [["../../../../x", "YWJj"]]},
                {"data": [["npy", "no base64"]]},
                {"kind": "x"},
                {"arguments": [["a"]]},
                {"lines": "all"},
            )
        ),
    ],
    ids=lambda answer: json.dumps(answer)[:60],
)
def test_what_is_no_answer_is_not_believed(answer: Any) -> None:
    found = result(answer)
    assert found.records == found.differences == ()
    (replay,) = found.replays
    assert (replay.recorded, replay.same) == (0, 0)
    assert NOT_BELIEVED in replay.note


def test_no_answer_says_why() -> None:
    assert result(None, "KeyError: 'x'").replays[0].note == "the calls could not be made again: KeyError: 'x'"
    assert "no answer" in result(None).replays[0].note


NO_EXPRESSIONS = (
    "", "1\n", "1); import os; (1", "1)\nimport os\n(1", "1 # x", "1, 2", "*x", "**x", "x := 1", "x for x in y", "lambda: 1",
    "not x", "import os", "x = 1", "'\ud800'", "\0", "(" * 500 + ")" * 500, "1\x0c2", "@@1@@", "@@0@@ @@0@@", "]; x; [", "'\\d",
)  # fmt: skip


@pytest.mark.parametrize("text", NO_EXPRESSIONS, ids=ascii)
@pytest.mark.parametrize("place", ["argument", "result", "change", "receiver"])
def test_what_is_no_single_expression_is_dropped(text: str, place: str) -> None:
    parts: dict[str, Any] = {
        "argument": {"arguments": [["", text]]},
        "result": {"result": text},
        "change": {"mutated": [[0, "x", text]]},
        "receiver": METHOD | {"receiver": text},
    }[place]
    found = of_case(**parts)
    assert found.records == ()
    assert found.replays[0].same == 2


@pytest.mark.parametrize(
    "parts",
    [
        {"arguments": [["a b", "1"]]},
        {"arguments": [["class", "1"]]},
        {"mutated": [[0, "x\nimport os", "1"]]},
        METHOD | {"method": "move()\nimport os\n"},
        METHOD | {"method": "../x"},
        METHOD | {"method": "m" * 300},
        METHOD | {"receiver": "1"},
        {"method": "move"},
        {"receiver": "f(1)"},
        {"result": None, "raises": ["SystemExit", ""]},
        {"result": None, "raises": ["print", ""]},
        {"result": None, "raises": ["os", ""]},
    ],
    ids=repr,
)
def test_what_is_no_name_is_dropped(parts: dict[str, Any]) -> None:
    assert of_case(**parts).records == ()


PIECE = st.sampled_from(
    [*"()[]{},:='\"#\\\n ;x1", "import os", "lambda", "not ", "if ", "else ", "for ", "in ", "@@0@@", '"""', "yield "]
)
GOOD = st.sampled_from(
    ["1", "'a # b'", "[1, (2,)]", "f(x=1.5)", "{'a': None}", "-2", "@@0@@", "x if y else z", "a or b"]
)
SPOILED = st.tuples(GOOD, PIECE, GOOD).map("".join) | st.lists(PIECE, max_size=8).map("".join) | st.text(max_size=5)
TEXT = GOOD | GOOD | GOOD | SPOILED
NAME = st.sampled_from(["", "by", "by", "é", "a b", "class", "x=1); import os; f(y", "1", "b#"])


@given(TEXT, TEXT, TEXT, NAME, st.booleans())
def test_nothing_that_is_answered_becomes_a_statement(one: str, other: str, got: str, name: str, alone: bool) -> None:
    """Law: a test module of whatever was answered parses, and has the statements that an honest answer gives it."""
    parts = {"arguments": [["", one], [name, other]], "result": got, "stdout": one if alone else ""}
    honest = {"arguments": [["", "1"], [name and "by", "1"]], "result": "1"}
    records = of_case(**parts).records
    if records:
        shapes = []
        for found in (records, of_case(**honest | {"stdout": "x" if parts["stdout"] else ""}).records):
            (made,) = render(found, folder="tests", taken=lambda _: False)
            assert all(file.path.startswith("tests/") and ".." not in file.path for file in made.files)
            (test,) = [
                node for node in ast.parse(made.files[0].content).body if getattr(node, "name", "").startswith("test_")
            ]
            assert isinstance(test, ast.FunctionDef)
            shapes.append(len(test.body))
        assert shapes[0] == shapes[1]
