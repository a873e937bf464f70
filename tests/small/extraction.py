"""Many small programs in one project, through the whole pipeline, and what their notebooks do before and after.

Each program stands in two notebooks, for the threshold; its names and numbers are its own, so that programs of one project
have nothing to do with each other. Nothing is written beside the notebooks: what comes after is taken from the ChangeSet.
"""

import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from small.execution import PACKAGE, Seen, run
from small.grammar import Literals, Program, places, render

from nb2mod import pipeline
from nb2mod.config import Config
from nb2mod.errors import Refused
from nb2mod.model import Candidate, Report, Verdict
from nb2mod.pipeline import Request

_NOTEBOOK = {"metadata": {}, "nbformat": 4, "nbformat_minor": 5}
_CELL = {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": []}
_PYPROJECT = f'[build-system]\nrequires = ["hatchling"]\n[project]\nname = "{PACKAGE}"\n'
# Blocks have programs of their own.
CONFIG = Config(
    package=PACKAGE,
    source="src",
    count_copied_notebooks=True,
    threshold_statements=1,
    threshold_block_statements=1_000,
)


class Pair(NamedTuple):
    """What stands in the two notebooks: a program, and the same once more or another that shares a definition with it."""

    one: Program
    two: Program


class Judged(NamedTuple):
    """One definition of a program and the verdict on it: `statements` are its copies in each of the notebooks."""

    verdict: Verdict
    codes: tuple[str, ...]  # of what blocks it
    why: str
    statements: tuple[tuple[int, ...], tuple[int, ...]]


class Result(NamedTuple):
    """What the tool made of one pair. `changed`: what differs, empty when nothing does; `refused`: why nothing was computed."""

    pair: Pair
    judged: tuple[Judged, ...]
    changed: str = ""
    refused: str = ""
    after: tuple[tuple[str, ...], ...] = ()


def results(pairs: Sequence[Pair]) -> list[Result]:
    """Extracts all pairs in one project. When that is refused, they are tried in halves until the culprit is alone."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        _lay_package(root)
        before = [_laid(root, number, pair) for number, pair in enumerate(pairs)]
        try:
            report = pipeline.extract(Request(root=root, config=CONFIG, jobs=1, cache=False, allow_dirty=True))
        except Refused as refused:
            if len(pairs) == 1:
                return [Result(pairs[0], (), refused=str(refused))]
            half = len(pairs) // 2
            return results(pairs[:half]) + results(pairs[half:])
    after = {change.path: change.after for change in report.changes.changes} if report.changes else {}
    modules = {PACKAGE: "", **{_dotted(path): data.decode() for path, data in after.items() if path.endswith(".py")}}
    judged = _by_pair(report, pairs)
    return [
        _result(pair, judged.get(number, []), books, [after.get(f"p{number}{side}.ipynb") for side in "xy"], modules)
        for number, (pair, books) in enumerate(zip(pairs, before, strict=True))
    ]


def literals(number: int) -> Literals:
    return Literals(base=1000 * (number + 1), true=(5, 10, 0, 15)[number % 4])


def _lay_package(root: Path) -> None:
    """A package that stands already: making one anew would be most of what a small project costs."""
    (root / "pyproject.toml").write_text(_PYPROJECT)
    (root / "src" / PACKAGE).mkdir(parents=True)
    (root / "src" / PACKAGE / "__init__.py").write_text("")


def _laid(root: Path, number: int, pair: Pair) -> list[list[str]]:
    books = [render(program, str(number), literals(number)) for program in pair]
    for side, cells in zip("xy", books, strict=True):
        content = [{**_CELL, "id": f"c{at}", "source": cell.splitlines(keepends=True)} for at, cell in enumerate(cells)]
        (root / f"p{number}{side}.ipynb").write_text(json.dumps({"cells": content, **_NOTEBOOK}, indent=1))
    return books


def _dotted(path: str) -> str:
    return path.removeprefix("src/").removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _by_pair(report: Report, pairs: Sequence[Pair]) -> dict[int, list[Judged]]:
    found: dict[int, list[Judged]] = {}
    for candidate in report.candidates:
        numbers = {int(one.path[1:].removesuffix(".ipynb")[:-1]) for one in candidate.occurrences}
        assert len(numbers) == 1, f"programs that have nothing to do with each other share {candidate.name}"
        number = numbers.pop()
        found.setdefault(number, []).append(_judged(candidate, pairs[number]))
    return found


def _judged(candidate: Candidate, pair: Pair) -> Judged:
    blocking = [reason for reason in candidate.reasons if reason.effect == "blocks"]
    copies: tuple[list[int], list[int]] = ([], [])
    for one in candidate.occurrences:
        side = "xy".index(one.path.removesuffix(".ipynb")[-1])
        copies[side].append(places(pair[side])[one.cell, one.line])
    return Judged(
        candidate.verdict,
        tuple(sorted({reason.code for reason in blocking})),
        blocking[0].message if blocking else "",
        (tuple(copies[0]), tuple(copies[1])),
    )


def _result(
    pair: Pair,
    judged: Sequence[Judged],
    before: Sequence[Sequence[str]],
    after: Sequence[bytes | None],
    modules: Mapping[str, str],
) -> Result:
    told, texts = [], []
    for old, data in zip(before, after, strict=True):
        if data is None:
            texts.append(tuple(old))
            continue
        new = ["".join(cell["source"]) for cell in json.loads(data)["cells"]]
        texts.append(tuple(new))
        difference = differs(run(old, {}), run(new, modules))
        if difference:
            told.append(difference)
    return Result(pair, tuple(judged), "; ".join(told), "", tuple(texts))


def differs(old: Seen, new: Seen) -> str:
    """What a person would see of it, in words; "" when nothing. Names that come with an import of ours would be told too."""
    for what, one, other in (
        ("cells", old.cells, new.cells),
        ("error", old.error, new.error),
        ("names", old.names, new.names),
    ):
        if one != other:
            return f"{what}: {one} -> {other}"
    return ""
