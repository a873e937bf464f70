"""Where a run ends, one test for each rule; and what is boilerplate, and which cells are scripts."""

import pytest
from detect.corpus import cell, notebook, texts, two

from nb2mod.model import BlockClass, Features
from nb2mod.stages.detect import block_classes, heavy_cells

HEAD = "rows = source.rows"
A = ("a = rows[0]", "b = a + 1", "c = b * a", "d = c.mean()", "e = d - c")
B = ("f = e[0]", "g = f + 2", "h = g * f", "i = h.sum()", "j = i - h")


def _found(features: list[Features], **options: object) -> list[list[str]]:
    """The texts of what the first notebook holds, one list for each class."""
    classes = block_classes(features, **options)  # type: ignore[arg-type]
    return [texts(features, one.members[0]) for one in classes if one.code == "NB111"]


def _lines(*parts: object) -> str:
    return "\n".join("\n".join(part) if isinstance(part, tuple) else str(part) for part in parts)


@pytest.mark.parametrize(
    "between",
    [
        "def load(path):\n    return path",
        "async def load(path):\n    return path",
        "class Row:\n    pass",
        "if rows:\n    def load(path):\n        return path",
        "%matplotlib inline",
        "!ls",
        "files = !ls",
        "%time rows.sort()",
        "rows?",
        "from math import *",
        "from team.rows import load",
        "import team.rows",
        "import team.rows as tr",
        "# nb2mod: keep\nk = e",
        "k = e  # nb2mod: keep",
    ],
)
def test_a_run_ends_there(between: str) -> None:
    assert _found(two(HEAD, "", _lines(A, between, B, "end = 1")), own_package="team") == [list(A), [*B, "end = 1"]]


@pytest.mark.parametrize(
    "between", ["import json", "pass", "import teamwork", "from team2 import load", "'text'", "k = print(e)"]
)
def test_a_run_goes_on_there(between: str) -> None:
    assert _found(two(HEAD, "", _lines(A, between, B)), own_package="team") == [[*A, between, *B]]


def test_constants_of_definitions_go_with_these() -> None:
    """An ALL_CAPS literal that a function reads moves with it, so it is no part of a run; any other is."""
    with_function = _lines(A, "LIMIT = 3", B)
    function = "def over(x):\n    return x > LIMIT"
    assert _found(two(HEAD, "", with_function)) == [[*A, "LIMIT = 3", *B]]
    assert _found(two(HEAD, "", with_function, function)) == [list(A), list(B)]
    assert _found(two(HEAD, "", with_function.replace("LIMIT", "limit"), function)) == [[*A, "limit = 3", *B]]


def test_calls_of_what_the_package_gave_are_work_done() -> None:
    cells = ("from team.rows import load, Table", HEAD, "", _lines(A, "k = load(e)", B))
    assert _found(two(*cells), own_package="team") == [list(A), list(B)]
    assert _found(two(*cells), own_package="other") == [[*A, "k = load(e)", *B]]


def test_what_a_cell_shows_stays() -> None:
    assert _found(two(HEAD, "", _lines(A, "e.head()"), _lines(B))) == [list(A), list(B)]
    assert _found(two(HEAD, "", _lines(A, "e.head();"), _lines(B))) == [list(A), list(B)]
    assert _found(two(HEAD, "", _lines(A, "e.head()", B))) == [[*A, "e.head()", *B]]


def test_neighbouring_cells_are_one_run_and_others_are_not() -> None:
    assert _found(two(HEAD, "", _lines(A), _lines(B))) == [[*A, *B]]
    assert _found(two(HEAD, "", _lines(A), "", _lines(B))) == [list(A), list(B)]
    assert _found(two(HEAD, "", _lines(A[:2]), _lines(A[2:]), other=(HEAD, "", _lines(A)))) == [list(A)]


@pytest.mark.parametrize("head", ["%%time", "%%capture out", "%%prun"])
def test_a_cell_magic_keeps_its_cell_apart(head: str) -> None:
    assert _found(two(HEAD, "", _lines(A), _lines(head, B))) == [list(A), list(B)]


@pytest.mark.parametrize("head", ["%%timeit", "%%bash", "%%html", ">>> x = 1", "  y = 2", "x = ("])
def test_cells_that_no_run_enters(head: str) -> None:
    assert _found(two(HEAD, "", _lines(A), _lines(head, B), _lines(A))) == [list(A)]


@pytest.mark.parametrize("fields", [{"locked": "nbgrader"}, {"odd": "no source"}, {"tags": ("keep",)}])
def test_cells_that_may_not_change(fields: dict[str, object]) -> None:
    notebooks = [
        Features(path, (cell(1, HEAD), cell(3, _lines(A)), cell(4, _lines(B), **fields)))
        for path in ("a.ipynb", "b.ipynb")
    ]
    assert _found(notebooks) == [list(A)]


def test_ends_are_trimmed() -> None:
    around = _lines("import json", "pass", '"""Text."""', A, "pass", "import csv", "...")
    assert _found(two(HEAD, "", _lines(around, "k = 1"))) == [[*A, "pass", "import csv", "...", "k = 1"]]
    assert _found(two(HEAD, "", around, "", "k = 1")) == [list(A)]


def test_no_run_begins_or_ends_inside_a_line() -> None:
    shared = _lines("k = 1; " + A[0], A[1:-1], A[-1] + "; m = 2", B[0])
    other = _lines(A, "n = 3")
    assert _found(two(HEAD, "", shared, other=(HEAD, "", other))) == []
    inside = _lines(A[0], f"{A[1]}; {A[2]}", A[3:])
    assert [len(one) for one in _found(two(HEAD, "", inside, other=(HEAD, "", _lines(A))))] == [5]
    first_two = _lines(f"{A[0]}; k = 4", A[1:], B)
    head = "rows = source.rows\na = rows"
    assert _found(two(head, "", first_two, other=(head, "", _lines("k = 4", A[1:], B)))) == [[*A[1:], *B]]


def _boilerplate(*cells: str) -> list[list[str]]:
    features = two(*cells)
    classes: tuple[BlockClass, ...] = block_classes(features)
    assert all(one.code == "NB112" for one in classes if one.boilerplate)
    return [texts(features, one.members[0]) for one in classes if one.boilerplate]


SET_UP = (
    "import os",
    "import sys",
    "import random",
    "import warnings",
    "import logging",
    "import numpy as np",
    "import pandas as pd",
    "import seaborn as sns",
    "import matplotlib.pyplot as plt",
    'plt.style.use("ggplot")',
    'plt.rcParams["figure.figsize"] = (8, 6)',
    'plt.rcParams.update({"font.size": 12})',
    "sns.set()",
    'pd.set_option("display.width", 120)',
    "pd.options.display.max_rows = 20",
    "np.set_printoptions(precision=3)",
    'warnings.filterwarnings("ignore")',
    "np.random.seed(0)",
    "random.seed(0)",
    'os.environ["MODE"] = "test"',
    'sys.path.append("..")',
    "logging.basicConfig(level=10)",
)


def test_imports_and_settings_are_boilerplate() -> None:
    assert _boilerplate(_lines(SET_UP, "end = 1")) == [list(SET_UP)]
    assert _found(two(_lines(SET_UP, "end = 1"))) == []


def test_a_run_of_settings_with_little_else_is_no_block() -> None:
    run = (*SET_UP, "k = 1", "m = k + 1")
    assert _boilerplate(_lines(run)) == [list(SET_UP)]
    assert _found(two(_lines(run))) == []


def test_settings_inside_a_block_are_part_of_it() -> None:
    block = ("np.random.seed(1)", *A)
    assert _found(two("import numpy as np", "", HEAD, "", _lines(block))) == [list(block)]
    assert _boilerplate("import numpy as np", "", HEAD, "", _lines(block)) == []


def test_other_calls_are_no_settings() -> None:
    calls = (
        "import numpy as np",
        "np.random.shuffle(rows)",
        "np.save(rows, rows)",
        "rows.set_option(1)",
        "x = np.random.seed(1)",
        "y = 1",
    )
    assert _boilerplate(HEAD, "", _lines(calls, "z = 1")) == []


def _heavy(*cells: str, **options: object) -> list[list[str]]:
    features = [notebook("a.ipynb", *cells)]
    found = heavy_cells(features, **({"statements": 8, "complexity": 100} | options))  # type: ignore[arg-type]
    assert all(one.code == "NB202" and len(one.members) == 1 and one.clone_type is None for one in found)
    return [texts(features, one.members[0]) for one in found]


def test_cells_that_have_grown_into_scripts() -> None:
    assert _heavy(_lines(A, B)) == [[*A, *B]]
    assert _heavy(_lines(A), _lines(B)) == []
    assert _heavy(_lines(A, "%time", B)) == []
    assert _heavy(_lines("import json", A, B, "j.head()")) == [[*A, *B]]
    assert _heavy(_lines(A, B[:2])) == []
    loops = "for one in rows:\n    if one:\n        for other in one:\n            while other:\n                other = one"
    assert _heavy(loops, complexity=5, statements=99) == [[loops]]
    assert _heavy(loops, complexity=6, statements=99) == []


def test_the_heaviest_run_of_a_cell_is_taken() -> None:
    more = tuple(f"x{number} = {number}" for number in range(9))
    assert _heavy(_lines(more, "%time", A, B)) == [[*A, *B]]


def test_a_cell_with_a_repeated_block_is_passed_over() -> None:
    features = two(HEAD, "", _lines(A, B))
    taken = [member for one in block_classes(features) for member in one.members]
    assert len(taken) == 2
    assert len(heavy_cells(features, statements=8, complexity=99)) == 2
    assert heavy_cells(features, statements=8, complexity=99, taken=taken) == ()


def test_what_is_worth_more_is_chosen() -> None:
    """Three places of one run before a longer one of two; copies of a whole notebook count once."""
    long = tuple(f"k{number} = e + {number}" for number in range(4))
    features = [
        notebook("a.ipynb", HEAD, "", _lines(A, long)),
        notebook("b.ipynb", HEAD, "", _lines(A, long)),
        notebook("c.ipynb", HEAD, "", _lines(A)),
    ]
    assert [(len(one.members), one.statements, one.saved) for one in block_classes(features)] == [(2, 9, 1)]
    from nb2mod.model import CopiedNotebooks

    copied = [CopiedNotebooks(("a.ipynb", "b.ipynb"), 1.0)]
    assert [(len(one.members), one.statements) for one in block_classes(features, copied=copied)] == [(3, 5)]
