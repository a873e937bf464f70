"""Generated notebooks and cells without end in sight: the laws of the reader, of the masker, and of a whole scan.

By default a second or two each; under --soak as long as NB2MOD_SOAK_SECONDS says for each law (600).
"""

# ruff: noqa: E501 - tables read best with a row on a line

import json
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hostile.rows import GOOD, SETTINGS, notebook
from hostile.test_hostile_json import check_readers
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nb2mod import pipeline
from nb2mod.config import Config
from nb2mod.notebook import installs, mask
from nb2mod.stages.index import read_cell
from nb2mod.syntax import facts, parse

QUICK = 150
BATCH = 2_000

# Pieces of cells: IPython's syntax, Python's, and what is neither.
PIECES = st.sampled_from(
    [
        "%time ", "%timeit -n1 ", "%%time\n", "%%capture out\n", "%%bash\n", "%%sql x <<\n", "!ls {x} $y", "!!", "%ls", "%", "%%", "?",
        "??", "x?", "%x?", ", f a", "; f a", "/f a", "x = %sc a", "x = !ls\n", "a, b = !x", "%run -i x.py", "%store -r", "%pylab",
        "%load_ext x", "%R -o y x", "get_ipython().run_line_magic('time', 'x')", ">>> ", "... ", "In [1]: ", "...: ", "[nav] In [2]: ",
        "def f(x):\n    ", "class A(B):\n    ", "return x\n", "if x:\n\t", "else:\n", "elif y: pass\n", "for i in x:\n  ", "try:\n",
        "except E as e:\n", "with a as b:\n", "match x:\n  case ", "async def g():\n  ", "await z", "yield ", "lambda x: ", "@deco\n",
        "global x\n", "nonlocal y\n", "import a.b as c\n", "from . import *\n", "from __future__ import annotations\n", "del x\n",
        "x", "f(x)", "a.b.c", "a[1:2]", "x := 1", "x += 1", "x: int = 3", "*a, b = c", "**k", "{x for x in y}", "[*a]", "{**b}",
        "'", '"', "'''", '"""', "f'{x!r:>{y}}'", "f'{", "rb'\\x'", "\\", "\\\n", "\n", "\r", "\r\n", "\f", "\t", " ", "    ", "#", "# %%\n",
        "#| export\n", "#@param x\n", "# nb2mod: keep\n", "(", ")", "[", "]", "{", "}", ":", ";", ",", "=", "==", "!=", "<<", "->", ".",
        "0x", "1e999", "1_0", "0777", "\0", "\ufeff", "\u2028", "\x85", "\u200b", "\ufb01", "\ud800", "\x1b[31m", "$x", "`x`", "pip install a",
        "%pip install -q a b\n", "exec('x')", "globals()['x'] = 1", "df.query('a > @b')", "print f\n", "exit\n", "type X = int\n",
    ]
)  # fmt: skip
CELLS = st.lists(PIECES | st.text(max_size=3), max_size=14).map("".join)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4) | CELLS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["cells", "source", "metadata", "cell_type", "id", "tags", "name", "x"]), inner, max_size=3
        )
    ),
    max_leaves=8,
)
SOURCES = CELLS | st.lists(CELLS, max_size=3) | JSON
CELL = st.fixed_dictionaries(
    {},
    optional={
        "cell_type": st.sampled_from(["code", "markdown", "raw", "heading", "", 3, None]),
        "source": SOURCES,
        "metadata": JSON,
        "id": st.text(max_size=3) | JSON,
        "outputs": JSON,
        "input": SOURCES,
    },
)
NOTEBOOKS = st.fixed_dictionaries(
    {"cells": st.lists(CELL | JSON, max_size=4) | JSON, "nbformat": st.sampled_from([4, 4, 4, 4.0, 3, 5, "4", None])},
    optional={"metadata": JSON, "nbformat_minor": JSON, "worksheets": JSON, "x": JSON},
)


@st.composite
def files(draw: st.DrawFn) -> bytes:
    """The bytes of a notebook, laid out as it comes, sometimes damaged."""
    indent = draw(st.sampled_from([None, 0, 1, "\t"]))
    text = json.dumps(draw(NOTEBOOKS | JSON), indent=indent, ensure_ascii=draw(st.booleans()))
    data = text.encode("utf-8", "surrogatepass")
    if draw(st.booleans()):
        data = (
            draw(st.sampled_from([b"\xef\xbb\xbf", b" ", b"\n\n", b"\r\n\t"]))
            + data
            + draw(st.sampled_from([b"", b"\n", b"x"]))
        )
    if draw(st.integers(0, 3)) == 0:
        at = draw(st.integers(0, len(data)))
        data = data[:at] + draw(st.binary(max_size=3)) + data[at + draw(st.integers(0, 3)) :]
    return data


def check_mask(source: str) -> None:
    """The masker raises nothing and keeps every line; what it gives is read without an exception, twice alike."""
    found = mask(source)
    lines = len(_lines(source))
    assert len(_lines(found.python)) == lines or not source.strip(), source
    installs(found)
    read = facts(source, found, ())
    assert read == read_cell(source) or installs(found)
    if found.cell_magic is None and not found.magics and not found.transformed:
        assert _parses(found.python) or read.error


def check_scan(sources: list[Any]) -> None:
    """A scan of a project with such cells ends in a report."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "pyproject.toml").write_text(SETTINGS)
        for name in ("a", "b"):
            data = json.dumps(notebook(f"{name} = 1", GOOD, *sources)).encode()
            (root / f"{name}.ipynb").write_bytes(data)
        before = sorted(path.name for path in root.iterdir())
        request = pipeline.Request(root=root, config=Config(package="team"), jobs=1, cache=False)
        report = pipeline.scan(request)
        assert report.summary.notebooks == 2
        pipeline.extract(request)
        assert sorted(path.name for path in root.iterdir()) == before


def _lines(text: str) -> list[str]:
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _parses(python: str) -> bool:
    try:
        parse(python)
    except SyntaxError:
        return False
    return True


LAWS: dict[str, tuple[st.SearchStrategy[Any], Callable[[Any], object]]] = {
    "reader": (files(), check_readers),
    "masker": (CELLS, check_mask),
    "scan and extract": (st.lists(CELLS | st.lists(CELLS, max_size=2), max_size=5), check_scan),
}


@pytest.mark.parametrize("law", LAWS)
def test_law(law: str, pytestconfig: pytest.Config, record_property: Callable[[str, object], None]) -> None:
    strategy, check = LAWS[law]
    soaking = pytestconfig.getoption("--soak")
    end = time.monotonic() + (float(os.environ.get("NB2MOD_SOAK_SECONDS", "600")) if soaking else 0)
    tried = 0

    def attempt(sample: Any) -> None:
        nonlocal tried
        tried += 1
        check(sample)

    quiet = [
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.filter_too_much,
        HealthCheck.large_base_example,
    ]
    examples = BATCH if soaking else QUICK if law != "scan and extract" else QUICK // 5
    while True:
        settings(max_examples=examples, database=None, suppress_health_check=quiet, derandomize=not soaking)(
            given(strategy)(attempt)
        )()
        if time.monotonic() >= end:
            break
    record_property("score", f"fuzzed {law}: {tried} samples")
    assert tried >= examples


# What the fuzzers found, kept.
FOUND: list[str] = ["%time " * 3_000 + "x", "%%time\n" * 3_000, "%timeit " * 3_000]


@pytest.mark.parametrize("source", FOUND, ids=range(len(FOUND)))
def test_what_was_found(source: str) -> None:
    check_mask(source)
