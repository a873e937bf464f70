"""Where a class lives and what its file is: hazards W1 to W7, F2 to F5, F10, B17, each with its harmless neighbour."""

import pytest
from decide.deciding import Row, asks, decided, module, moved, moves, named, notebook, of_row, printed, stays

from nb2mod.config import Config
from nb2mod.model import Verdict

BODY = "\n    y = x\n    return y\n"
F = "def f(x):" + BODY
C = "class C:\n    a = 1\n    b = 2\n"
DOC = 'def f(x):\n    """Doubles.\n\n    >>> f(1)\n    2\n    """\n    y = x * 2\n    return y\n'

ROWS = [
    # W1
    asks("W1_class_in_a_notebook_that_pickles", "NB341", "import pickle", C, "s = pickle.dumps(C())", name="C"),
    asks("W1_by_joblib", "NB341", "from joblib import dump", C, "dump(C(), 'x')", name="C", runs=False),
    moves("W1_only_loads", "import pickle", C, "print(pickle.loads(b'N.'))", name="C"),
    moves("W1_weights", "import torch", C, "model = C()\ntorch.save(model.state_dict(), 'x')", name="C", runs=False),
    moves("W1_function_that_is_only_called", "import pickle", F, "print(pickle.dumps(f(1)))"),
    asks("W1_function_in_a_pickle", "NB341", "import pickle", F, "s = pickle.dumps(f)"),
    # W2
    moves("W2_spark", "from pyspark.sql.functions import udf", F, "g = udf(f)", notes=("NB342",), runs=False),
    moves("W2_ray", "import ray", "@ray.remote\n" + F, notes=("NB342",), runs=False),
    moves("W2_processes", "from multiprocessing import Pool", F, "Pool().map(f, [1])", notes=("NB342",), runs=False),
    moves("W2_called_here", "from multiprocessing import Pool", F, "print(f(1))"),
    # W5
    moves("W5_getsource", "import inspect", F, "print(callable(f))\nshow = inspect.getsource"),
    # W6
    moves("W6_doctest_that_nobody_runs", DOC, "print(f(1))"),
    stays("W6_testmod", "NB346", "import doctest", DOC, "doctest.testmod()"),
    moves("W6_testmod_without_examples", "import doctest", F, "print(f(1))\ndoctest.testmod"),
    stays(
        "W6_read_and_different",
        "NB346",
        DOC,
        "print(f.__doc__)",
        other=(DOC.replace("Doubles", "Twice"), "print(f.__doc__)"),
    ),
    moves("W6_read_and_the_same", DOC, "print(f.__doc__)"),
    moves("W6_different_and_unread", DOC, "print(f(1))", other=(DOC.replace("Doubles", "Twice"), "print(f(1))")),
    # W7
    moves(
        "W7_autoreload",
        "%load_ext autoreload\n%autoreload 2",
        "N = 3",
        F + "    return N\n",
        notes=("NB347",),
        runs=False,
    ),
    moves("W7_autoreload_without_constants", "%load_ext autoreload\n%autoreload 2", F, runs=False),
    # F2
    stays("F2_format_3", "NB352", F, features={"nbformat": 3}),
    moves("F2_format_4", F, "print(f(1))", features={"nbformat": 4}),
    # F3
    stays("F3_locked", "NB353", F, cell={"locked": "nbgrader has locked it"}),
    moves("F3_tagged_otherwise", F, "print(f(1))", cell={"tags": ("hide-input",)}),
    # F4
    stays("F4_paired", "NB354", F, features={"paired": "ipynb,py:percent"}),
    # F5
    stays(
        "F5_bound_by_another_language",
        "NB355",
        "import math",
        "%%R -o math\nmath <- 1",
        "def f(x):\n    y = x\n    return math.pi",
        runs=False,
    ),
    moves(
        "F5_another_language_elsewhere",
        "import math",
        "%%R\nother <- 1",
        "def f(x):\n    y = x\n    return math.pi",
        runs=False,
    ),
    # F10
    stays("F10_on_the_line", "NB360", "def f(x):  # nb2mod: keep" + BODY),
    stays("F10_above_it", "NB360", "k = 1\n# nb2mod: keep\n" + F),
    stays("F10_for_the_cell", "NB360", "# nb2mod: keep\nk = 1\n\n" + F),
    stays("F10_by_a_tag", "NB360", F, cell={"tags": ("nb2mod-keep",)}),
    moves("F10_on_another_one", "def g(x):  # nb2mod: keep\n    y = x + 1\n    return y\n\n" + F + "print(f(1))"),
    # B17
    stays("B17_timeit", "NB357", "%%timeit\n" + F),
    moves("B17_time", "%%time\n" + F, runs=False),
    # Cells that IPython changes before they run.
    stays("F5_indented_cell", "NB358", "    def f(x):\n        y = x\n        return y"),
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_verdict(row: Row) -> None:
    _, candidates = of_row(row)
    found = [one for one in named(candidates, row.name) if one.verdict is not Verdict.BELOW]
    assert [candidate.verdict for candidate in found] == [row.verdict], found
    by_effect = {reason.code: reason.effect for reason in found[0].reasons}
    assert {code for code, effect in by_effect.items() if effect in ("blocks", "review")} == set(row.codes)
    assert {code for code, effect in by_effect.items() if effect == "note"} == set(row.notes)


@pytest.mark.parametrize("row", [row for row in ROWS if row.verdict == "extract" and row.runs], ids=lambda row: row.id)
def test_what_moves_does_the_same(row: Row) -> None:
    files, candidates = of_row(row)
    for file, before in enumerate(files):
        cells = [cell.source for cell in before.cells]
        after = moved(files, candidates, file, "moved_places")
        assert after != cells
        if "pickle.dumps" not in row.cells[-1]:
            assert printed(after) == printed(cells)


def test_one_stuck_copy_costs_that_copy() -> None:
    files = [notebook(f"{name}.ipynb", [F]) for name in "ab"] + [notebook("c.ipynb", ["# nb2mod: keep\n" + F])]
    found = {candidate.verdict: candidate for candidate in decided(files, Config(count_copied_notebooks=True))}
    assert {verdict: [place.path for place in one.occurrences] for verdict, one in found.items()} == {
        Verdict.EXTRACT: ["a.ipynb", "b.ipynb"],
        Verdict.BLOCKED: ["c.ipynb"],
    }
    assert found[Verdict.EXTRACT].id != found[Verdict.BLOCKED].id


def test_two_stuck_of_three_take_the_third_below_the_threshold() -> None:
    files = [notebook("a.ipynb", [F])] + [notebook(f"{name}.ipynb", ["# nb2mod: keep\n" + F]) for name in "bc"]
    (candidate,) = decided(files, Config(count_copied_notebooks=True))
    assert (candidate.verdict, candidate.places) == (Verdict.BLOCKED, 3)


def test_a_copy_of_what_stands_in_the_package_is_judged_too() -> None:
    package = module("src/team/a.py", F)
    (free,) = decided([notebook("a.ipynb", [F]), package])
    assert (free.code, free.verdict, free.existing is not None) == ("NB105", Verdict.EXTRACT, True)
    (kept,) = decided([notebook("a.ipynb", ["# nb2mod: keep\n" + F]), package])
    assert (kept.code, kept.verdict) == ("NB105", Verdict.BLOCKED)


def test_a_helper_below_the_threshold_comes_along() -> None:
    helper = "def g(x): return x"
    files = [notebook(f"{name}.ipynb", [helper, "def f(x):\n    y = x\n    return g(y)"]) for name in "ab"]
    found = {candidate.name: candidate for candidate in decided(files)}
    assert {name: one.verdict for name, one in found.items()} == {"f": "extract", "g": "extract"}
    assert [reason.code for reason in found["g"].reasons] == ["NB110"]
    assert [need.candidate for need in found["f"].needs] == [found["g"].id]


def test_values_that_differ_past_the_threshold_are_two_candidates() -> None:
    cells = {"a": 3, "b": 3, "c": 5, "d": 5}
    files = [
        notebook(f"{n}.ipynb", [f"LIMIT = {v}", "def f(x):\n    y = x\n    return y + LIMIT"]) for n, v in cells.items()
    ]
    found = [candidate for candidate in decided(files, Config(count_copied_notebooks=True)) if candidate.name == "f"]
    assert [(one.verdict, one.places) for one in found] == [(Verdict.EXTRACT, 2), (Verdict.EXTRACT, 2)]


def test_copies_that_certainly_mean_different_things_are_not_told() -> None:
    text = "def f(x):\n    y = x\n    return LIMIT.a(y)"
    files = [notebook("a.ipynb", ["import math as LIMIT", text]), notebook("b.ipynb", ["import json as LIMIT", text])]
    assert decided(files, Config(count_copied_notebooks=True)) == ()


def test_a_copy_that_is_unclear_costs_no_clear_one() -> None:
    text = "def f(x):\n    y = x\n    return math.sin(y)"
    clear = [notebook(f"{name}.ipynb", ["import math", text]) for name in "ab"]
    files = [*clear, notebook("c.ipynb", ["math = print 1", "import math", text])]
    (found,) = decided(files, Config(count_copied_notebooks=True))
    assert (found.verdict, len(found.members)) == (Verdict.EXTRACT, 2)


def test_the_same_reason_of_many_copies_is_told_once() -> None:
    files = [notebook(f"{name}.ipynb", ["df = input()", "def f(x):\n    y = x\n    return df"]) for name in "abc"]
    (candidate,) = decided(files, Config(count_copied_notebooks=True))
    assert [reason.code for reason in candidate.reasons] == ["NB305"]
