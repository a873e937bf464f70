"""Test modules are made from records, pass against the module they were recorded from, and fail against a wrong one."""

import ast
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import black
import pytest

from nb2mod.stages.verify import replay
from nb2mod.stages.verify.replay.calls import Argument, Change, Datum, Record, Target
from nb2mod.stages.verify.replay.inside.expressing import Expression
from nb2mod.stages.verify.replay.rendering import render

MODULE = """
def half(x):
    if x < 0:
        raise ValueError(f"negative (x): {x}")
    return x / 2

def push(items, value):
    items.append(value)
    return True

def shout(text):
    print(text.upper())

def evens(limit):
    yield from range(0, limit, 2)

def double(values, by=2):
    return values * by

def letters(text):
    return list(set(text))

class Point:
    def __init__(self, x):
        self.x = x

    def move(self, by):
        self.x += by
        return self

    @classmethod
    def origin(cls):
        return cls(0.5)
"""


_KEYWORD = re.compile(r"(?:([a-z]+)=)?([^=].*)")


def record(
    name: str,
    *arguments: str,
    result: str | None = "None",
    method: str = "",
    kind: str = "function",
    receiver: str = "",
    **fields: Any,
) -> Record:
    given = tuple(Argument(*_KEYWORD.fullmatch(text).groups("")) for text in arguments)
    target = Target("notes/a.ipynb", 3, name, "", 1, "team.text.words", name)
    return Record(target, method, kind, receiver, given, result, **fields)


def data(value: Any) -> tuple[Datum, ...]:
    expression = Expression({})
    expression.of(value)
    return tuple(Datum(kind, content) for kind, content in expression.data)


def records() -> list[Record]:
    import numpy as np
    import pandas as pd

    frame = pd.DataFrame({"a": [1, 2], "b": [0.5, None]})
    many = data(np.arange(20.0)) + data(np.arange(20.0) * 2)
    return [
        record("half", "4", result="2.0", shape="a"),
        record("half", "5", result="2.5", shape="b"),
        record("half", "-1", result=None, raises=("ValueError", "negative (x): -1"), shape="c"),
        record("push", "[1]", "2", result="True", mutated=(Change(0, "items", "[1, 2]"),)),
        record("push", "items=[]", "value=None", result="True", mutated=(Change("items", "items", "[None]"),), shape="n"),
        record("shout", "'a'", stdout="A\n"),
        record("evens", "5", result="[0, 2, 4]", yields=True),
        record("double", "@@0@@", result="@@1@@", data=many),
        record("double", "@@0@@", "by=1", result="@@1@@", data=data(frame) * 2, shape="f"),
        record("double", 'np.array([1, 2], dtype="int64")', result='np.array([2, 4], dtype="int64")', shape="s"),
        record(
            "Point", "2", result="Point(x=3)", method="move", kind="instance", receiver="Point(x=1)",
            mutated=(Change(-1, "self", "Point(x=3)"),),
        ),
        record("Point", result="Point(x=0.5)", method="origin", kind="class"),
    ]  # fmt: skip


@pytest.fixture
def package(tmp_path: Path) -> Path:
    root = tmp_path / "src"
    (root / "team" / "text").mkdir(parents=True)
    for folder in ("team", "team/text"):
        (root / folder / "__init__.py").touch()
    (root / "team" / "text" / "words.py").write_text(MODULE)
    return root


def proposed(package: Path, chosen: list[Record], taken: Any = lambda _: False) -> tuple[replay.NewFile, ...]:
    return replay.tests_for(chosen, new_package=package, python=sys.executable, folder="tests", taken=taken)


def _test_names(files: tuple[replay.NewFile, ...]) -> list[str]:
    tree = ast.parse(files[0].content)
    return [node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")]


def test_tests_pass_under_pytest_as_they_are_and_formatted(package: Path, tmp_path: Path) -> None:
    files = proposed(package, records())
    assert files[0].path == "tests/test_text_words.py"
    text = files[0].content.decode()
    assert "- notes/a.ipynb, cell 3: Point, double, evens, half, push, shout" in text
    for place, content in (("raw", text), ("formatted", black.format_str(text, mode=black.Mode()))):
        for file in files:
            path = tmp_path / place / file.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(file.content)
        (tmp_path / place / files[0].path).write_text(content)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "--import-mode=importlib",
        "raw",
        "formatted",
    ]
    done = subprocess.run(command, cwd=tmp_path, env={"PYTHONPATH": str(package)}, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    assert f"{2 * 12} passed" in done.stdout


WRONG = {
    "test_half": ("x / 2", "x / 2.001"),
    "test_half_2": ("negative (x)", "below zero"),
    "test_push": ("items.append(value)", "pass"),
    "test_shout": ("text.upper()", "text"),
    "test_evens": ("limit, 2", "limit, 1"),
    "test_Point_move": ("self.x += by", "self.x -= by"),
    "test_Point_origin": ("cls(0.5)", "cls(0.25)"),
}


def test_a_test_that_fails_is_not_proposed(package: Path) -> None:
    """Each wrong line of the module costs its own tests and no other; so each test can fail."""
    light = [one for one in records() if one.target.name != "double"]  # no numpy to import, sixteen times
    right = _test_names(proposed(package, light))
    for name, (old, new) in WRONG.items():
        assert MODULE.count(old) == 1
        (package / "team" / "text" / "words.py").write_text(MODULE.replace(old, new))
        left = _test_names(proposed(package, light))
        assert name in right
        function = name.removeprefix("test_").removesuffix("_2")
        assert len(left) < len(right)
        gone = [each for each in right if function not in each]
        assert [each for each in left if function not in each] == gone


def test_what_depends_on_the_order_of_a_set_is_not_proposed(package: Path) -> None:
    shuffled = record("letters", "'abcdefgh'", result=repr(list(set("abcdefgh"))))
    assert proposed(package, [shuffled]) == ()


def test_nothing_is_proposed_when_the_module_can_not_be_imported(package: Path) -> None:
    (package / "team" / "text" / "words.py").write_text("import no_such_module\n")
    assert proposed(package, records()[:2]) == ()


def test_nothing_is_proposed_where_something_stands() -> None:
    there = {"tests/test_text_words.py", "tests/data/text_words_recorded"}
    rendered = render(records(), folder="tests", taken=there.__contains__)
    paths = [file.path for file in rendered[0].files]
    assert paths[0] == "tests/test_text_words_recorded_2.py"
    assert all(path.startswith("tests/data/text_words_recorded_2/") for path in paths[1:])


def test_a_module_each() -> None:
    from msgspec.structs import replace

    one, other = records()[:2]
    other = replace(other, target=replace(other.target, module="team.numbers"))
    paths = [each.files[0].path for each in render([one, other], folder="tests", taken=lambda _: False)]
    assert paths == ["tests/test_numbers.py", "tests/test_text_words.py"]


def test_a_hostile_path_stays_in_the_docstring() -> None:
    from msgspec.structs import replace

    one = records()[0]
    one = replace(one, target=replace(one.target, path='a"""\nimport os\\'))
    tree = ast.parse(render([one], folder="tests", taken=lambda _: False)[0].files[0].content)
    assert not [node for node in tree.body if isinstance(node, ast.Import) and node.names[0].name == "os"]
