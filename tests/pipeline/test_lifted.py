"""Lifted definitions through the whole pipeline: line ends of Windows, and parameters that copies call differently."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from nb2mod import pipeline, settings
from nb2mod.model import Report

BODY = """\
def score(values):
    total = 0
    for value in values:
        if value > {0}:
            total += value
    print("sum", total)
    return total"""
MODULE = '"""Scores."""\n\n\n' + BODY.format(1) + "\n"
HEAD = "def score(values, *, value_threshold=1):"


def _request(
    root: Path, notebooks: Mapping[str, Sequence[str]], modules: Mapping[str, bytes] | None = None
) -> pipeline.Request:
    root.mkdir()
    for path, content in (modules or {}).items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content)
    for name, sources in notebooks.items():
        cells = [
            {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": source}
            for source in sources
        ]
        book = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
        (root / f"{name}.ipynb").write_text(json.dumps(book))
    return pipeline.Request(root=root, config=settings.load(root), jobs=1, cache=False, unsafe=bool(modules))


def _told(report: Report) -> list[tuple[str, str, str, int]]:
    return [(one.name, one.code, one.verdict.value, len(one.occurrences)) for one in report.candidates]


def _after(report: Report) -> dict[str, bytes]:
    return {change.path: change.after for change in report.changes.changes}


def _sources(report: Report, path: str) -> list[str]:
    return ["".join(cell["source"]) for cell in json.loads(_after(report)[path])["cells"]]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_near_copies_in_cells_with_any_line_ends(project_root: Path, end: str) -> None:
    one = [BODY.format(1).replace("\n", end), "score([1, 2])"]
    other = [BODY.format(2).replace("\n", end), f"print(1){end}score([3,{end}])"]
    report = pipeline.extract(_request(project_root, {"one": one, "other": other}))
    assert _told(report) == [("score", "NB103", "extract", 2)]
    assert _sources(report, "one.ipynb")[1] == "score([1, 2])"
    assert _sources(report, "other.ipynb")[1] == f"print(1){end}score([3,{end}], value_threshold=2)"
    assert HEAD in _after(report)["src/project/modeling.py"].decode()


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_module_keeps_its_line_ends_and_its_mark(project_root: Path, end: str, mark: str) -> None:
    """A function of the package that gets a parameter: not a byte of its module changes beside."""
    text = mark + MODULE.replace("\n", end)
    modules = {"src/project/__init__.py": b"", "src/project/modeling.py": text.encode()}
    books = {name: [BODY.format(2), "score([3])", f"print('{name}')"] for name in ("one", "other")}
    books["other"].append("1 + 1")
    report = pipeline.extract(_request(project_root, books, modules))
    assert _told(report) == [("score", "NB106", "review", 2)]
    expected = text.replace("def score(values):", HEAD).replace("value > 1", "value > value_threshold")
    assert _after(report)["src/project/modeling.py"] == expected.encode()


@pytest.mark.parametrize(
    ("calls", "moved"),
    [
        (["score([1])", "score([2])", "score([3])"], 3),
        (["score(values=[1])", "score([2])", "score([3])"], 3),  # the name that is passed stays
        (["score(values=[1])", "score(rows=[2])", "score([3])"], 2),
    ],
)
def test_near_copies_with_parameters_of_other_names(project_root: Path, calls: list[str], moved: int) -> None:
    """What calls pass for a hole by keyword says nothing of the names of the parameters that were there before (N20)."""
    spelled = ["values", "rows", "items"]
    books = {
        name: [BODY.format(number).replace("values", spelled[number - 1]), call, f"print('{name}')"]
        for number, (name, call) in enumerate(zip(("one", "other", "third"), calls, strict=True), start=1)
    }
    report = pipeline.extract(_request(project_root, books))
    assert ("score", "NB103", "extract", moved) in _told(report)


@pytest.mark.parametrize("value", ["low * 2", "limit()"])
def test_a_function_of_the_package_gets_no_parameter_without_default(project_root: Path, value: str) -> None:
    """What else calls it would pass nothing: the function of the notebooks stands beside it."""
    text = MODULE.replace("total = 0", "total = 10")
    modules = {"src/project/__init__.py": b"", "src/project/modeling.py": text.encode()}
    books = {
        name: [
            f"low = {number}\nlimit = int\nprint(low, limit)",
            BODY.format(1).replace("= 0", f"= {value}"),
            "score([3])",
        ]
        for number, name in enumerate(("one", "other"), start=1)
    }
    books["other"] += ["1 + 1", "2 + 2", "3 + 3"]
    report = pipeline.extract(_request(project_root, books, modules))
    # The copies move beside it, and that they have drifted from it is told.
    assert {("score", "NB101", "extract", 2), ("score", "NB106", "blocked", 2)} <= set(_told(report))
    assert _after(report)["src/project/modeling.py"].startswith(text.encode())


STATE = "def share(column):\n    total = df[column] / limit\n    print(total)\n    return total"


def test_no_parameter_is_advised_where_there_can_be_none(project_root: Path) -> None:
    """Kept in a list while what it reads changes; a name in capitals is advice as ever, where that is what would do."""
    cells = ["limit = 3\ndf = dict(a=1)", STATE, "kept = [share]", "df = dict(a=2)"]
    books = {name: [*cells, *(f"{name}{number} = {number}" for number in range(5))] for name in ("one", "two")}
    report = pipeline.scan(_request(project_root, books))
    (one,) = (one for one in report.candidates if one.name == "share")
    messages = {reason.code: reason.message for reason in one.reasons}
    assert "used as a value" in messages["NB376"]
    states = [reason.message for reason in one.reasons if reason.code == "NB305"]
    assert len(states) == 2
    assert not any("parameter" in message for message in states)
    assert [message for message in states if "capitals" in message] == [
        message for message in states if "`limit`" in message
    ]
