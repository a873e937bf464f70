"""The fixture projects under `extract --verify` and `verify`, with real kernels: what may be written is, what may not is not."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from verifying.conftest import commit, tree

from nb2mod import pipeline
from nb2mod.__main__ import main
from nb2mod.cli.errors import Exit
from nb2mod.model import Report

Committed = Callable[[str], Path]


def _nb2mod(monkeypatch: pytest.MonkeyPatch, root: Path, *arguments: str) -> int:
    monkeypatch.chdir(root)
    monkeypatch.setattr("sys.argv", ["nb2mod", *arguments])
    return main()


def _statuses(runs: list[dict[str, Any]]) -> dict[str, str]:
    return {run["path"].rpartition("/")[2]: run["status"] for run in runs}


@pytest.mark.parametrize(
    ("name", "replayed"),
    [
        ("projects/energy", {"clean_columns", "peak_share", "plot_profile"}),
        ("projects/churn", {"make_customers", "score"}),  # instances of Clip are more than their attributes
    ],
)
def test_project(
    name: str,
    replayed: set[str],
    committed: Committed,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Pandas, NumPy, matplotlib and scikit-learn: extracted because nothing differs; then a branch that can be checked."""
    root = committed(name)
    before = tree(root)
    assert _nb2mod(monkeypatch, root, "extract", "--verify", "--jobs", "2", "--output-format", "json") == Exit.DONE
    told = json.loads(capsys.readouterr().out)
    assert set(_statuses(told["runs"]).values()) == {"ran-same"}, told["runs"]
    assert told["applied"]
    assert tree(root) != before
    moved = [one for one in told["candidates"] if one["verdict"] == "extract"]
    assert {occurrence["evidence"] for one in moved for occurrence in one["occurrences"]} == {"ran-same"}
    again = {replay["name"]: replay["same"] for run in told["runs"] for replay in run["replays"] if replay["same"]}
    assert set(again) >= replayed

    assert _nb2mod(monkeypatch, root, "undo") == Exit.DONE
    assert tree(root) == before


def test_noise_is_not_held_against_the_new_run(
    committed: Committed, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """03_bootstrap prints times and random numbers: no two runs agree, and the rest is compared all the same."""
    root = committed("projects/energy")
    arguments = ("extract", "--verify", "--no-replay", "--only", "plot_profile", "--output-format", "json")
    assert _nb2mod(monkeypatch, root, *arguments) == Exit.DONE
    runs = {run["path"].rpartition("/")[2]: run for run in json.loads(capsys.readouterr().out)["runs"]}
    assert set(runs) == {"01_profiles.ipynb", "03_bootstrap.ipynb"}  # the only ones that change
    assert runs["01_profiles.ipynb"]["noisy"] == 0
    assert runs["03_bootstrap.ipynb"]["noisy"] in (1, 2)
    assert not any(run["replays"] for run in runs.values())


def _broken(monkeypatch: pytest.MonkeyPatch, old: str, new: str) -> None:
    """An extraction as a bug of ours would make it: what was proved is not what is written."""
    right = pipeline.extract

    def wrong(*arguments: Any, **named: Any) -> Report:
        report = right(*arguments, **named)
        assert report.changes is not None
        changes = [
            msgspec.structs.replace(change, after=change.after.replace(old.encode(), new.encode()))
            if change.path.endswith(".py")
            else change
            for change in report.changes.changes
        ]
        assert any(b"# broken" in change.after for change in changes)
        return msgspec.structs.replace(report, changes=msgspec.structs.replace(report.changes, changes=tuple(changes)))

    monkeypatch.setattr(pipeline, "extract", wrong)


def test_broken_extraction_is_refused(
    committed: Committed, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root = committed("projects/energy")
    before = tree(root)
    _broken(
        monkeypatch, "return values[list(hours)].sum() / total", "return values[list(hours)].sum() * total  # broken"
    )
    arguments = ("extract", "--verify", "--only", "peak_share", "--no-color")
    assert _nb2mod(monkeypatch, root, *arguments) == Exit.REFUSED
    assert tree(root) == before
    assert not (root / ".nb2mod").exists()
    told = capsys.readouterr()
    assert "Differs: 2" in told.out
    assert "notebooks/02_tariffs.ipynb" in told.out
    assert "before" in told.out
    assert "differs from the runs before; nothing was written" in told.err


def test_working_tree_and_branch(
    committed: Committed, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`verify` by the journal, `verify --against` by git, and a mistake that a person made after the extraction."""
    root = committed("projects/energy")
    assert _nb2mod(monkeypatch, root, "extract", "--only", "peak_share", "--quiet") == Exit.DONE
    capsys.readouterr()
    common = ("--no-replay", "--output-format", "json")
    assert _nb2mod(monkeypatch, root, "verify", *common) == Exit.DONE
    told = json.loads(capsys.readouterr().out)
    assert _statuses(told["runs"]) == {"01_profiles.ipynb": "ran-same", "02_tariffs.ipynb": "ran-same"}

    module = next(path for path in root.rglob("*.py") if "peak_share" in path.read_text())
    module.write_text(module.read_text().replace("hours=(17, 18, 19, 20)", "hours=(17, 18, 19)"))
    commit(root, "extracted, and one hour lost")
    before = tree(root)
    assert (
        _nb2mod(monkeypatch, root, "verify", "notebooks/02_tariffs.ipynb", "--against", "HEAD~1", *common)
        == Exit.REFUSED
    )
    told = json.loads(capsys.readouterr().out)
    assert told["against"] == "HEAD~1"
    assert _statuses(told["runs"]) == {"02_tariffs.ipynb": "differs"}
    assert [(one["cell"], one["what"]) for one in told["runs"][0]["differences"]] == [(10, "text")]
    assert told["unproved"], "the proof has to see it too"
    assert tree(root) == before
