"""The command line: thresholds per stage, the gate, what init proposes, --explain."""

import json
import tomllib
from pathlib import Path

from cli.conftest import Run, notebook

from nb2mod import settings
from nb2mod.config import Config

LONG = "def long(x):\n" + "    x = x + 1\n" * 60 + "    return x\n"


def add(project: Path, text: str) -> None:
    pyproject = project / "pyproject.toml"
    pyproject.write_text(pyproject.read_text() + text)


def alone(project: Path, *sources: str) -> None:
    """One notebook, and nothing repeated."""
    for path in (project / "notebooks").iterdir():
        path.unlink()
    (project / "notebooks/a.ipynb").write_text(notebook(*sources))


def test_the_gate_counts_a_whole_notebook(project: Path, run: Run) -> None:
    alone(project, "x = 1\n", "y = 2\n")
    assert run("scan", "--check").status == 0
    add(project, "[tool.nb2mod.threshold]\nnotebook-cells = 2\n")
    ran = run("scan", "--check", "-q")
    assert ran.status == 1
    assert "1 notebook is past the threshold as a whole." in ran.out
    for line in ("extract", "extract --unsafe"):
        assert "Nothing to extract" in run(*line.split()).out
    assert not (project / "src").exists()


def test_a_heavy_function_moves_and_undo_brings_it_back(project: Path, run: Run) -> None:
    alone(project, LONG, "long(1)\n")
    before = (project / "notebooks/a.ipynb").read_bytes()
    assert "long -> " in run("scan").out
    assert run("scan", "--check").status == 1
    assert "Moved 1 definition" in run("extract").out
    assert "from shop.long import long" in (project / "notebooks/a.ipynb").read_text()
    assert "Nothing to extract" in run("extract").out
    run("undo")
    assert (project / "notebooks/a.ipynb").read_bytes() == before


def test_a_pattern_makes_production(project: Path, run: Run) -> None:
    alone(project, "def f(x):\n    y = x\n    return y\n")
    assert json.loads(run("scan", "--output-format", "json").out)["candidates"] == []
    add(project, '[tool.nb2mod.stage]\nproduction = ["notebooks/"]\n')
    told = json.loads(run("scan", "--output-format", "json").out)
    assert [one["code"] for one in told["candidates"]] == ["NB201"]
    assert [(one["path"], one["stage"]) for one in told["notebooks"]] == [("notebooks/a.ipynb", "production")]
    assert told["notebooks"][0]["evidence"][0]["weight"] == "decides"


def test_only_notebooks_in_the_named_paths_are_told(project: Path, run: Run) -> None:
    told = json.loads(run("scan", "notebooks/a.ipynb", "--output-format", "json").out)
    assert [one["path"] for one in told["notebooks"]] == ["notebooks/a.ipynb"]


def test_explain_by_name_and_by_id(project: Path, run: Run) -> None:
    by_name = run("scan", "--explain", "load")
    assert by_name.status == 0
    assert "to shop.dataset.load" in by_name.out
    assert "Looked at, and not found" in by_name.out
    identity = json.loads(run("scan", "--explain", "load", "--output-format", "json").out)["candidates"][0]["id"]
    assert run("scan", "--explain", identity).out == by_name.out
    assert "NB305 blocks" in run("scan", "--explain", "tell").out


def test_explain_what_is_not_there(project: Path, run: Run) -> None:
    ran = run("scan", "--explain", "laod")
    assert (ran.status, ran.out) == (2, "")
    assert "no candidate has that id or name; did you mean load?" in ran.err
    assert "nb2mod scan -v lists the names" in run("scan", "--explain", "zzzz").err
    assert "editor lines" in run("scan", "--explain", "load", "--output-format", "editor").err
    alone(project, "x = 1\n")
    assert "scan finds none" in run("scan", "--explain", "load").err


def test_init_proposes_limits_from_the_notebooks_and_never_below_a_floor(project: Path, run: Run) -> None:
    (project / "pyproject.toml").unlink()
    alone(project, "x = 1\n" * 5000)
    for number in range(19):
        (project / f"notebooks/n{number}.ipynb").write_text(notebook(f"x_{number} = 1\n" * (400 + number)))
    assert run("init").status == 0
    text = (project / "pyproject.toml").read_text()
    found = settings.load(project)
    assert found.threshold_notebook_lines == 417 + 1
    assert "one has 5000." in text
    assert found.threshold_notebook_definitions == 10
    assert found.threshold_notebooks == Config().threshold_notebooks
    table = tomllib.loads(text)["tool"]["nb2mod"]
    assert table["threshold"]["production"]["notebook-lines"] == Config().production_notebook_lines
    assert table["stage"] == {"production": [], "exploratory": []}
    past = json.loads(run("scan", "--output-format", "json").out)
    lines = [m for one in past["notebooks"] for m in one["measures"] if m["name"] == "notebook-lines" and m["past"]]
    assert sorted(measure["value"] for measure in lines) == [418, 5000]  # the largest tenth of twenty
