"""An extract that had nothing to move is told again while nothing changed; anything that it depends on makes it new."""

import json
from pathlib import Path

import pytest
from msgspec.structs import replace

from nb2mod import pipeline
from nb2mod.config import Config
from nb2mod.model import Report
from nb2mod.pipeline import Request, outcome

CLEAN = "def clean(values):\n    kept = [one for one in values if one]\n    return sorted(kept)\n"


def write(path: Path, *sources: str) -> None:
    cells = [
        {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": source}
        for source in sources
    ]
    path.write_text(json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}))


@pytest.fixture
def request_(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Request:
    monkeypatch.setenv("NB2MOD_CACHE", str(tmp_path / "cache"))
    root = tmp_path / "root"
    root.mkdir()
    write(root / "a.ipynb", CLEAN)
    return Request(root, Config(), jobs=1)


@pytest.fixture
def worked(monkeypatch: pytest.MonkeyPatch) -> list[Request]:
    """The extracts that were worked out."""
    found: list[Request] = []
    real = outcome.extracted

    def counted(request: Request, *rest: object) -> Report:
        found.append(request)
        return real(request, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(outcome, "extracted", counted)
    return found


def timeless(report: Report) -> Report:
    return replace(report, summary=replace(report.summary, seconds=0.0))


@pytest.mark.parametrize("first", [pipeline.scan, pipeline.extract])
def test_nothing_to_move_is_told_again(request_: Request, worked: list[Request], first: object) -> None:
    cold = pipeline.extract(replace(request_, cache=False))
    (pipeline.scan if first is pipeline.scan else pipeline.extract)(request_)
    worked.clear()
    assert timeless(pipeline.extract(request_)) == timeless(cold)
    assert not worked
    assert pipeline.scan(request_).changes is None


def test_a_file_changed_since_is_seen(request_: Request, worked: list[Request]) -> None:
    pipeline.scan(request_)
    pipeline.extract(request_)
    write(request_.root / "b.ipynb", CLEAN)
    found = pipeline.extract(request_)
    assert worked
    assert found.changes is not None
    assert found.changes.changes


def test_what_moves_something_is_worked_out_each_time(request_: Request, worked: list[Request]) -> None:
    write(request_.root / "b.ipynb", CLEAN)
    pipeline.scan(request_)
    first, second = pipeline.extract(request_), pipeline.extract(request_)
    assert first.changes == second.changes
    assert len(worked) == 2


@pytest.mark.parametrize("other", [{"unsafe": True}, {"ignore": ("other",)}, {"config": Config(package="other")}])
def test_other_options_and_settings_are_another_question(
    request_: Request, worked: list[Request], other: dict[str, object]
) -> None:
    pipeline.extract(request_)
    worked.clear()
    pipeline.extract(replace(request_, **other))
    assert len(worked) == 1
