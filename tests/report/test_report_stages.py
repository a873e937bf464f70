"""Stages, limits and whole notebooks in the reports, and the reckoning of one candidate."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from report.sampling import candidate, scanned

from nb2mod.codes import CODES
from nb2mod.model import (
    Candidate,
    Evidence,
    Location,
    Measure,
    Need,
    NotebookStage,
    Reason,
    Report,
    Stage,
    Target,
    Verdict,
)
from nb2mod.report import as_json, editor, explaining, facts, stages, text
from nb2mod.report.ink import Look

IMPORT = Evidence("orchestrator", "imports airflow", "strong", Location("nb/a.ipynb", 2, 1))
SHORT = Measure("notebook-cells", 3, 40)
NEAR = Measure("notebook-definitions", 9, 10)
PAST = Measure("notebook-lines", 412, 300)
LONG = Measure("function-statements", 52, 40, Location("nb/a.ipynb", 7, 1))


def notebook(
    path: str, *measures: Measure, stage: Stage = Stage.EXPLORATORY, evidence: tuple[Evidence, ...] = ()
) -> NotebookStage:
    return NotebookStage(path, stage, evidence, measures)


def whole(path: str = "nb/a.ipynb") -> Candidate:
    reason = Reason("NB203", "has 412 lines of code; the threshold is 300 (112 past it)", "review", Location(path))
    return candidate(
        "a", Verdict.REVIEW, [(path, 0, 0, 0)], code="NB203", kind="notebook", clone_type=None, reasons=(reason,)
    )


def report(*notebooks: NotebookStage, candidates: tuple[Candidate, ...] = ()) -> Report:
    return replace(scanned(), notebooks=notebooks, candidates=candidates)


def test_a_project_of_small_exploratory_notebooks_has_no_section() -> None:
    found = report(notebook("nb/a.ipynb", SHORT), notebook("nb/b.ipynb", SHORT, LONG))
    assert stages.section(found, Look()) == []
    assert "Stages" not in text.render_scan(found, Look())


def test_production_and_what_is_past_or_near_is_shown_with_its_distance() -> None:
    found = report(
        notebook("nb/a.ipynb", SHORT, PAST),
        notebook("nb/b.ipynb", SHORT),
        notebook("nb/c.ipynb", SHORT, NEAR),
        notebook("nb/d.ipynb", SHORT, stage=Stage.PRODUCTION, evidence=(IMPORT,)),
    )
    shown = "\n".join(stages.section(found, Look()))
    assert "Stages: 1 of 4 notebooks in production, 1 past the threshold as a whole" in shown
    assert "nb/a.ipynb  exploratory  NB203\n    412 lines of code, 112 past the threshold of 300" in shown
    assert "nb/c.ipynb  exploratory\n    9 definitions, 1 short of 10" in shown
    assert "nb/d.ipynb  production\n    imports airflow (cell 2 line 1)" in shown
    assert "nb/b.ipynb" not in shown
    assert "--whole" in shown
    assert shown.index("nb/a.ipynb") < shown.index("nb/d.ipynb") < shown.index("nb/c.ipynb")


def test_verbose_shows_all_notebooks_and_every_measure() -> None:
    found = report(notebook("nb/a.ipynb", SHORT, LONG), notebook("nb/b.ipynb", SHORT))
    shown = "\n".join(stages.section(found, Look(verbose=True)))
    assert "52 statements in a function, 12 past the threshold of 40 (cell 7)" in shown
    assert shown.count("3 code cells, 37 short of 40") == 2


def test_many_are_shortened() -> None:
    found = report(*(notebook(f"nb/{number:02}.ipynb", PAST) for number in range(30)))
    shown = "\n".join(stages.section(found, Look()))
    assert "... and 22 more (-v shows all)" in shown
    assert "... and" not in "\n".join(stages.section(found, Look(verbose=True)))


def test_the_main_list_comes_first() -> None:
    shown = text.render_scan(replace(scanned(), notebooks=(notebook("nb/a.ipynb", PAST),)), Look())
    assert shown.index("Ready to extract") < shown.index("Stages:") < shown.index("Odd notebooks")


def test_a_whole_notebook_is_no_definition_that_moves() -> None:
    found = report(notebook("nb/a.ipynb", PAST), candidates=(whole(),))
    shown = text.render_scan(found, Look())
    assert "Wants a review" not in shown
    assert "1 notebook is past the threshold as a whole." in shown
    assert "can move" not in shown
    assert "Nothing is past" not in shown
    assert "1 notebook is past" in text.render_scan(found, Look(quiet=True))
    assert facts.past_threshold(found)
    assert "nb2mod extract --whole nb/a.ipynb" in editor.render(found, lambda _: (1, 1))


def test_json_tells_stage_evidence_and_measures_last() -> None:
    one = notebook("nb/a.ipynb", PAST, LONG, stage=Stage.PRODUCTION, evidence=(IMPORT,))
    told = json.loads(as_json.render_scan(report(one, candidates=(whole(),))))
    assert list(told)[-1] == "notebooks"
    assert told["summary"]["verdicts"]["review"] == 1
    assert told["notebooks"] == [
        {
            "path": "nb/a.ipynb",
            "stage": "production",
            "evidence": [
                {
                    "kind": "orchestrator",
                    "message": "imports airflow",
                    "weight": "strong",
                    "location": {"path": "nb/a.ipynb", "cell": 2, "line": 1},
                }
            ],
            "measures": [
                {"name": "notebook-lines", "value": 412, "limit": 300, "past": True, "location": None},
                {
                    "name": "function-statements",
                    "value": 52,
                    "limit": 40,
                    "past": True,
                    "location": {"path": "nb/a.ipynb", "cell": 7, "line": 1},
                },
            ],
        }
    ]


# The reckoning of one candidate.

BLOCKED = candidate(
    "show",
    Verdict.BLOCKED,
    [("nb/a.ipynb", 4, 1, 5)],
    code="NB201",
    clone_type=None,
    members=((0, 0, 0),),
    reasons=(
        Reason("NB305", "`df` is computed", "blocks", Location("nb/a.ipynb", 4, 2)),
        Reason("NB201", "has 52 statements; the threshold is 40 (12 past it)", "note"),
    ),
    measures=(LONG, Measure("function-cells", 2, 20)),
    needs=(Need("np", "import", "numpy", "import numpy as np"), Need("tell", "helper", candidate="tell-1a2b3c4d")),
)


def explained(one: Candidate) -> str:
    production = notebook("nb/a.ipynb", PAST, stage=Stage.PRODUCTION, evidence=(IMPORT,))
    return explaining.render(report(production, notebook("nb/b.ipynb"), candidates=(one,)), one, Look(width=100))


def test_every_part_of_the_reckoning_stands_there() -> None:
    shown = explained(BLOCKED)
    for part in (
        "show-1a2b3c4d",
        "blocked: past the threshold",
        "nb/a.ipynb is production: imports airflow (cell 2 line 1)",
        "function-statements      52  threshold     40  12 past it  (cell 7)",
        "function-cells            2  threshold     20  18 short of it",
        "NB305 blocks: `df` is computed (nb/a.ipynb cell 4 line 2)",
        "NB201 note: has 52 statements",
        "NB301 import depends on order",
        "import: import numpy as np",
        "helper: tell (tell-1a2b3c4d)",
    ):
        assert part in shown
    assert "NB305 reads state" not in shown
    assert "nb/b.ipynb" not in shown


def test_why_its_module_is_apart_is_told() -> None:
    one = candidate("clean", Verdict.EXTRACT, [("nb/a.ipynb", 4, 1, 5)], target=Target("team.features_2", "clean"))
    assert "to team.features_2.clean\n" in explained(one)
    apart = replace(one, target=Target("team.features_2", "clean", "not in team.features, which loads numpy"))
    assert "to team.features_2.clean; not in team.features, which loads numpy" in explained(apart)


@pytest.mark.parametrize("kind", ["function", "class", "block"])
def test_each_check_is_found_or_not_found(kind: str) -> None:
    one = replace(BLOCKED, kind=kind, code="NB202" if kind == "block" else "NB201")
    looked = [code.code for code in explaining.looked_at(one)[0]]
    clear = [code.code for code in explaining.passed(one)]
    assert sorted({*clear, "NB305"}) == looked
    assert "NB390" not in looked
    assert ("NB361" in looked) == (kind == "block")
    assert {CODES[code].effect for code in looked} == {"blocks", "review"}


def test_a_block_that_flow_forbids_was_asked_nothing_else() -> None:
    looked = explaining.looked_at(replace(BLOCKED, kind="block", members=()))[0]
    assert {code.code[:4] for code in looked} == {"NB36", "NB37"}


def test_what_was_not_looked_at_is_said() -> None:
    below = replace(BLOCKED, verdict=Verdict.BELOW, reasons=())
    assert explaining.passed(below) == []
    assert "short of the threshold, so nobody asked" in explained(below)
    assert "nb2mod extract --whole nb/a.ipynb" in explained(whole())
    assert "not found" not in explained(whole())


def test_json_of_the_reckoning() -> None:
    told = json.loads(as_json.render_explained(report(candidates=(BLOCKED,)), [BLOCKED]))
    one = told["candidates"][0]
    assert one["checks"]["found"] == ["NB305"]
    assert "NB301" in one["checks"]["not_found"]
    assert one["checks"]["not_made"] is None
    assert one["measures"][0]["value"] == 52
    assert one["along"][0] == {"kind": "import", "text": "import numpy as np"}


_NAMES = st.sampled_from(
    [f"notebook-{what}" for what in ("lines", "cells", "complexity", "definitions")]
    + [f"{of}-{what}" for of in ("function", "cell") for what in ("statements", "complexity")]
    + ["function-cells", "notebooks", "statements", "block-statements"]
)


@given(st.builds(Measure, _NAMES, st.integers(0, 5000), st.integers(1, 5000)))
def test_a_distance_adds_up(measure: Measure) -> None:
    said = stages.distance(measure).replace(",", "")
    numbers = [int(word) for word in said.split() if word.isdigit()]
    assert numbers[0] == measure.value
    assert numbers[-1] == measure.limit
    assert len(numbers) < 3 or numbers[1] == abs(measure.value - measure.limit)
    assert ("short" in said) == (not measure.past)
