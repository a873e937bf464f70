"""Many small programs with lifted definitions in one project, through the whole pipeline, and what their notebooks do before and
after. Nothing is written beside the notebooks: what comes after is taken from the ChangeSet.
"""

import json
import re
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from small.execution import PACKAGE, Seen, run
from small.grammar import Literals
from small.lifts_grammar import Program, render

from nb2mod import pipeline
from nb2mod.config import Config
from nb2mod.errors import Refused
from nb2mod.model import Candidate, Report, Verdict
from nb2mod.pipeline import Request

_NOTEBOOK = {"metadata": {}, "nbformat": 4, "nbformat_minor": 5}
_CELL = {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": []}
_PYPROJECT = f'[build-system]\nrequires = ["hatchling"]\n[project]\nname = "{PACKAGE}"\n'
_TRUTHS = (0x555, 0xAAA, 0, 0xFFF)
_NUMBER = re.compile(r"^p(\d+)[xyz]\.ipynb$")
CONFIG = Config(
    package=PACKAGE,
    source="src",
    count_copied_notebooks=True,
    threshold_statements=1,
    threshold_block_statements=1_000,
)


class Judged(NamedTuple):
    """One candidate of a program, by the name of its function, and the verdict on it."""

    name: str
    code: str
    verdict: Verdict
    codes: tuple[str, ...]  # of what blocks it
    why: str
    lifted: bool


class Result(NamedTuple):
    """What the tool made of one program. `changed`: what differs, "" when nothing does; `refused`: why nothing was computed."""

    program: Program
    judged: tuple[Judged, ...]
    changed: str = ""
    refused: str = ""
    before: tuple[tuple[str, ...], ...] = ()
    after: tuple[tuple[str, ...], ...] = ()
    modules: str = ""


def results(programs: Sequence[Program], config: Config = CONFIG) -> list[Result]:
    """Extracts all programs in one project. When that is refused, they are tried in halves until the culprit is alone."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        books = _laid(root, programs)
        try:
            report = pipeline.extract(Request(root=root, config=config, jobs=1, cache=False, allow_dirty=True))
        except Refused as refused:
            if len(programs) == 1:
                return [Result(programs[0], (), refused=str(refused), before=tuple(map(tuple, books[0])))]
            half = len(programs) // 2
            return results(programs[:half], config) + results(programs[half:], config)
    after = {change.path: change.after for change in report.changes.changes} if report.changes else {}
    modules = {PACKAGE: "", **{_dotted(path): data.decode() for path, data in after.items() if path.endswith(".py")}}
    judged = _by_program(report)
    return [
        _result(
            program, judged.get(number, []), here, [after.get(_path(number, side)) for side in program.sides], modules
        )
        for number, (program, here) in enumerate(zip(programs, books, strict=True))
    ]


def literals(number: int) -> Literals:
    return Literals(base=1000 * (number + 1), true=_TRUTHS[number % len(_TRUTHS)])


def _path(number: int, side: str) -> str:
    return f"p{number}{side}.ipynb"


def _laid(root: Path, programs: Sequence[Program]) -> list[list[list[str]]]:
    """A package that stands already, and the notebooks of all programs."""
    (root / "pyproject.toml").write_text(_PYPROJECT)
    (root / "src" / PACKAGE).mkdir(parents=True)
    (root / "src" / PACKAGE / "__init__.py").write_text("")
    found = []
    for number, program in enumerate(programs):
        books = [render(program, side, str(number), literals(number)) for side in program.sides]
        for side, cells in zip(program.sides, books, strict=True):
            content = [
                {**_CELL, "id": f"c{at}", "source": cell.splitlines(keepends=True)} for at, cell in enumerate(cells)
            ]
            (root / _path(number, side)).write_text(json.dumps({"cells": content, **_NOTEBOOK}, indent=1))
        found.append(books)
    return found


def _dotted(path: str) -> str:
    return path.removeprefix("src/").removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _by_program(report: Report) -> dict[int, list[Judged]]:
    """The candidates of each program; what resembles functions of other programs is judged in each."""
    found: dict[int, list[Judged]] = {}
    for candidate in report.candidates:
        for number in {int(at[1]) for one in candidate.occurrences if (at := _NUMBER.match(one.path))}:
            found.setdefault(number, []).append(_judged(candidate, str(number)))
    return found


def _judged(candidate: Candidate, suffix: str) -> Judged:
    blocking = [reason for reason in candidate.reasons if reason.effect == "blocks"]
    return Judged(
        candidate.name.removesuffix(suffix),
        candidate.code,
        candidate.verdict,
        tuple(sorted({reason.code for reason in blocking})),
        " / ".join(reason.message for reason in blocking),
        bool(candidate.arguments),
    )


def _result(
    program: Program,
    judged: Sequence[Judged],
    before: Sequence[Sequence[str]],
    after: Sequence[bytes | None],
    modules: Mapping[str, str],
) -> Result:
    told, texts = [], []
    used: set[str] = set()
    for old, data in zip(before, after, strict=True):
        if data is None:
            texts.append(tuple(old))
            continue
        new = tuple("".join(cell["source"]) for cell in json.loads(data)["cells"])
        texts.append(new)
        used |= {name for name in modules if any(f"from {name} import" in cell for cell in new)}
        if found := differs(seen(old, {}), seen(new, modules)):
            told.append(found)
    sources = "\n".join(f"== {name}\n{modules[name]}" for name in sorted(used)) if told else ""
    return Result(program, tuple(judged), "; ".join(told), "", tuple(map(tuple, before)), tuple(texts), sources)


def seen(cells: Sequence[str], modules: Mapping[str, str]) -> Seen:
    """What a run shows. What is no Python would not even begin."""
    try:
        return run(cells, modules, ask=False)
    except SyntaxError as error:
        return Seen((), f"SyntaxError: {error}", {}, {})


def differs(old: Seen, new: Seen) -> str:
    """What a person would see of it, in words; "" when nothing. What stands in the code of a function is no one's business: a
    parameter takes the place of a literal.
    """
    for what, one, other in (
        ("cells", old.cells, new.cells),
        ("error", old.error, new.error),
        ("names", old.names, new.names),
    ):
        if _plain(one) != _plain(other):
            return f"{what}: {one} -> {other}"
    return ""


def _plain(shown: Any) -> Any:
    """What a run shows, each text without what nobody sees."""
    if isinstance(shown, dict):
        return {name: _nameless(value) for name, value in shown.items()}
    return [_plain(each) for each in shown] if isinstance(shown, tuple) else _nameless(shown)


def _nameless(text: str) -> str:
    """Without the constants of functions, and without the names by which generators and lambdas go."""
    parts: list[str] = []
    at = 0
    while (start := text.find("function (", at)) >= 0:
        parts.append(text[at:start] + "function")
        at = _closing(text, start + len("function ("))
    return _MADE_IN.sub("", "".join([*parts, text[at:]]))


_MADE_IN = re.compile(r"(?:__main__\.)?(?:\w+\.)*<locals>\.|(?<=__main__\.)\w+\.(?=\w)")


def _closing(text: str, at: int) -> int:
    depth = 1
    while depth and at < len(text):
        depth += {"(": 1, ")": -1}.get(text[at], 0)
        at += 1
    return at
