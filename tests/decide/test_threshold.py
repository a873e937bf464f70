"""The threshold of modularization: copies, heavy definitions, production, whole notebooks, and by how much each is past it."""

import pytest
from decide.deciding import decided, named, notebook
from hypothesis import given
from hypothesis import strategies as st

from nb2mod.config import Config, thresholds_for
from nb2mod.model import Candidate, Evidence, Features, Location, NotebookStage, Stage, Verdict
from nb2mod.stages.analyze import names_of
from nb2mod.stages.decide import measured, whole

PRODUCTION = NotebookStage(
    "a.ipynb", Stage.PRODUCTION, (Evidence("orchestrator", "imports airflow", "strong", Location("a.ipynb", 1, 2)),)
)


def function(statements: int, name: str = "f", branches: int = 0) -> str:
    """A function of so many statements, of which two belong to each branch."""
    lines = [f"def {name}(x):"]
    lines += ["    if x:", "        x = 1"] * branches
    lines += ["    x = x + 1"] * (statements - 2 * branches - 1)
    return "\n".join([*lines, "    return x"])


def only(candidates: tuple[Candidate, ...]) -> Candidate:
    (one,) = candidates
    return one


def notes(candidate: Candidate) -> list[str]:
    return [reason.message for reason in candidate.reasons if reason.code == "NB201" and reason.effect == "note"]


@pytest.mark.parametrize("over", [0, 1, 20])
def test_past_a_limit_it_stands_alone_and_says_by_how_much(over: int) -> None:
    config = Config(threshold_function_statements=10)
    one = only(decided([notebook("a.ipynb", [function(10 + over)])], config))
    assert (one.code, one.verdict, one.clone_type, one.places) == ("NB201", Verdict.EXTRACT, None, 1)
    past = f" ({over} past it)" if over else ""
    assert notes(one) == [f"has {10 + over} statements; the threshold is 10{past}"]
    assert {measure.name: (measure.value, measure.limit) for measure in one.measures if measure.past} == {
        "statements": (10 + over, 2),
        "function-statements": (10 + over, 10),
    }


def test_short_of_every_limit_it_is_no_candidate() -> None:
    config = Config(threshold_function_statements=10, threshold_function_complexity=4, threshold_function_cells=3)
    calls = ["f(1)\nf(2)\nf(3)", "f(4)"]
    assert decided([notebook("a.ipynb", [function(9, branches=2), *calls])], config) == ()
    assert len(decided([notebook("a.ipynb", [function(9, branches=3)])], config)) == 1
    assert len(decided([notebook("a.ipynb", [function(9), *calls, "g = f"])], config)) == 1


def test_its_own_cell_counts_when_something_else_in_it_uses_it_and_its_recursion_does_not() -> None:
    config = Config(threshold_function_cells=2)
    recursive = "def f(x):\n    y = f(x - 1)\n    return y"
    assert decided([notebook("a.ipynb", [recursive, "f(1)"])], config) == ()
    assert notes(only(decided([notebook("a.ipynb", [recursive + "\nf(2)", "f(1)"])], config))) == [
        "is used by 2 cells; the threshold is 2"
    ]


def test_the_defaults_leave_ordinary_functions_alone() -> None:
    assert decided([notebook("a.ipynb", [function(30, branches=10), "f(1)"])]) == ()


def test_every_definition_of_a_production_notebook() -> None:
    files = [notebook("a.ipynb", [function(2), function(1, "tiny"), "class C:\n    x = 1\n    y = 2"])]
    assert decided(files) == ()
    found = decided(files, stages={"a.ipynb": PRODUCTION})
    assert {(one.name, one.code, one.verdict) for one in found} == {
        ("f", "NB201", Verdict.EXTRACT),
        ("C", "NB201", Verdict.EXTRACT),
    }
    message = "stands in a production notebook (imports airflow, cell 1 line 2); the threshold there is 1"
    assert all(notes(one) == [message] for one in found)


def test_one_production_copy_is_enough_for_all() -> None:
    files = [notebook("a.ipynb", [function(3)]), notebook("b.ipynb", ["print(1)", function(3)])]
    config = Config(threshold_notebooks=3)
    assert only(decided(files, config)).verdict is Verdict.BELOW
    one = only(decided(files, config, stages={"a.ipynb": PRODUCTION}))
    assert (one.code, one.verdict, len(one.members)) == ("NB101", Verdict.EXTRACT, 2)
    assert len(notes(one)) == 1
    usual = only(decided(files, stages={"a.ipynb": PRODUCTION}))
    assert usual.code == "NB101"
    assert notes(usual) == []


def test_a_production_copy_that_must_stay_leaves_the_others_below() -> None:
    """What is left over is judged by the limits of the notebooks it stands in."""
    keep = "# nb2mod: keep\n"
    files = [notebook("a.ipynb", [keep + function(3)]), notebook("b.ipynb", ["print(1)", function(3)])]
    found = decided(files, stages={"a.ipynb": PRODUCTION})
    assert [one.verdict for one in found] == [Verdict.BLOCKED]
    assert len(found[0].members) == 2


def test_two_bodies_of_one_name_in_production_are_two_candidates() -> None:
    files = [notebook("a.ipynb", [function(3)]), notebook("b.ipynb", ["print(1)", function(4)])]
    stages = {"a.ipynb": PRODUCTION, "b.ipynb": NotebookStage("b.ipynb", Stage.PRODUCTION)}
    assert [one.code for one in named(decided(files, stages=stages), "f")] == ["NB201", "NB201"]


def test_the_threshold_of_one_notebook_holds_while_exploring_too() -> None:
    one = only(decided([notebook("a.ipynb", [function(3)])], Config(threshold_notebooks=1)))
    assert (one.code, notes(one)) == ("NB201", ["stands in 1 notebook; the threshold is 1"])


def test_heavy_and_unsafe_is_blocked() -> None:
    source = "def f():\n    a = len(rows)\n    return a"
    config = Config(threshold_function_statements=2)
    one = only(decided([notebook("a.ipynb", ["rows = [1]", source])], config))
    assert (one.code, one.verdict, [r.code for r in one.reasons]) == ("NB201", Verdict.BLOCKED, ["NB305", "NB201"])


@given(st.integers(1, 12), st.integers(1, 12), st.integers(1, 4), st.booleans())
def test_past_exactly_when_a_measure_reaches_its_limit(
    statements: int, limit: int, small: int, production: bool
) -> None:
    config = Config(
        threshold_function_statements=limit,
        threshold_statements=small,
        production_statements=small,
        production_function_statements=limit,
    )
    stages = {"a.ipynb": PRODUCTION} if production else {}
    found = decided([notebook("a.ipynb", [function(statements)])], config, stages=stages)
    assert bool(found) == (statements >= small and (production or statements >= limit))
    for one in found:
        assert notes(one)
        assert all(m.past == (m.value >= m.limit) for m in one.measures)


# Notebooks as a whole.


def stage(one: Features, config: Config, which: Stage = Stage.EXPLORATORY) -> NotebookStage:
    return measured(NotebookStage(one.path, which), one, names_of(0, one), config)


def test_every_measure_of_a_notebook() -> None:
    cells = [
        "# a comment\nimport os\n\nx = 1\nif x:\n    y = 2  # two",
        "",
        "  \n# nothing",
        "%time z = 3",
        function(7, branches=1),
        "class C:\n    a = 1\n    def m(self):\n        return self.a",
        "f(1)",
        "f(2)\nC()",
    ]
    one = notebook("a.ipynb", cells)
    sizes = {m.name: (m.value, m.location.cell if m.location else 0) for m in stage(one, Config()).measures}
    assert sizes.pop("notebook-complexity")[0] > 2
    assert sizes == {
        "notebook-lines": (4 + 1 + 8 + 4 + 1 + 2, 0),
        "notebook-cells": (7, 0),
        "notebook-definitions": (2, 0),
        "function-statements": (7, 5),
        "function-complexity": (2, 5),
        "function-cells": (2, 5),
        "cell-statements": (3, 1),
        "cell-complexity": (2, 1),
    }


@given(st.integers(0, 6), st.integers(1, 6))
def test_a_notebook_is_past_exactly_from_its_limit_on(definitions: int, limit: int) -> None:
    one = notebook("nb/a.ipynb", [function(1, f"f{number}") for number in range(definitions)])
    found = list(whole({"nb/a.ipynb": stage(one, Config(threshold_notebook_definitions=limit))}))
    assert len(found) == (definitions >= limit)
    for candidate in found:
        assert (candidate.kind, candidate.code, candidate.name) == ("notebook", "NB203", "a")
        assert candidate.verdict is Verdict.REVIEW
        assert candidate.members == ()
        assert f"the threshold is {limit}" in candidate.reasons[0].message


def test_production_has_its_own_limits() -> None:
    one = notebook("a.ipynb", [function(1, f"f{number}") for number in range(12)])
    config = Config()
    assert not list(whole({"a.ipynb": stage(one, config)}))
    assert len(list(whole({"a.ipynb": stage(one, config, Stage.PRODUCTION)}))) == 1
    low, high = thresholds_for(config, Stage.PRODUCTION), thresholds_for(config, Stage.EXPLORATORY)
    assert all(getattr(low, name) <= getattr(high, name) for name in low.__struct_fields__)
