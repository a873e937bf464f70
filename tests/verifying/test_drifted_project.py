"""The project of drifted plotting and cleaning functions: what becomes one function and what is left, byte for byte; run with
real kernels before and after.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from harness.case import changed
from verifying.conftest import FIXTURES, tree

from nb2mod.__main__ import main
from nb2mod.cli.errors import Exit

AFTER = FIXTURES / "projects" / "drifted" / "after"
MOVED = {
    "clean_columns": "NB103",
    "plot_hist": "NB103",
    "plot_bars": "NB103",
    "draw_days": "NB103",
    "missing": "NB101",
    "label": "NB101",
    "opening": "NB101",
    "per_hour": "NB101",
}
PASS_MORE = {"clean_columns", "label", "plot_hist", "plot_bars"}  # of 02_weather
LEFT = {
    ("plot_bars", "blocked"): {"NB372"},  # a statement more in the report
    ("busy", "blocked"): {"NB305", "NB376"},  # kept in a list and a table while its threshold changes
    ("trimmed_mean", "review"): {"NB106", "NB375"},  # the package's own function would get a parameter
}


def _nb2mod(monkeypatch: pytest.MonkeyPatch, root: Path, *arguments: str) -> int:
    monkeypatch.chdir(root)
    monkeypatch.setattr("sys.argv", ["nb2mod", *arguments])
    return main()


def _name(candidate: dict[str, Any]) -> str:
    return str(candidate["occurrences"][0]["name"])


def test_drifted_project(
    committed: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root = committed("projects/drifted/before")
    before = tree(root)
    assert _nb2mod(monkeypatch, root, "extract", "--verify", "--jobs", "2", "--output-format", "json") == Exit.DONE
    told = json.loads(capsys.readouterr().out)
    assert {run["path"]: run["status"] for run in told["runs"]} == dict.fromkeys(
        (path for path in before if path.endswith(".ipynb")), "ran-same"
    )
    again = {replay["name"] for run in told["runs"] for replay in run["replays"] if replay["same"]}
    assert again == {"clean_columns", "plot_hist", "plot_bars"}, "what calls pass is literals: it is passed again"
    moved = [one for one in told["candidates"] if one["verdict"] == "extract"]
    assert {_name(one): one["code"] for one in moved} == MOVED
    left = {
        (_name(one), one["verdict"]): {reason["code"] for reason in one["reasons"]}
        for one in told["candidates"]
        if one["verdict"] in ("blocked", "review")
    }
    assert left == LEFT
    assert changed(before, tree(root)) == tree(AFTER)

    weather = "notebooks/02_weather.ipynb"  # near copies and a function of state, whose calls pass more now
    assert _nb2mod(monkeypatch, root, "verify", weather, "--output-format", "json") == Exit.DONE
    (run,) = json.loads(capsys.readouterr().out)["runs"]
    assert (run["status"], run["replays"]) == ("ran-same", [])
    assert {note.split()[2] for note in run["notes"] if "pass more" in note} == PASS_MORE

    assert _nb2mod(monkeypatch, root, "undo") == Exit.DONE
    assert tree(root) == before
    assert _nb2mod(monkeypatch, root, "scan", "--no-color", "--explain", "plot_bars") == Exit.DONE
    assert "grid" in capsys.readouterr().out, "the statement that keeps the report's copy apart is shown"
