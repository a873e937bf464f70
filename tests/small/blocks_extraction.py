"""Many small programs with blocks in one project, through the whole pipeline, and what their notebooks do before and after."""

import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from msgspec.structs import replace
from small.blocks_grammar import SHORTEST, Book, Program, render
from small.blocks_seen import Before, difference, seen, words
from small.execution import PACKAGE
from small.grammar import Literals

from nb2mod import pipeline
from nb2mod.config import Config
from nb2mod.errors import Refused
from nb2mod.model import Candidate, Occurrence, Report, Verdict
from nb2mod.pipeline import Request

_NOTEBOOK = {"metadata": {}, "nbformat": 4, "nbformat_minor": 5}
_CELL = {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": []}
_PYPROJECT = f'[build-system]\nrequires = ["hatchling"]\n[project]\nname = "{PACKAGE}"\n'
_TRUTHS = (0x5555555555, 0xAAAAAAAAAA, 0, (1 << 40) - 1)
CONFIG = Config(package=PACKAGE, source="src", count_copied_notebooks=True, threshold_block_statements=SHORTEST)
WITH_DEFINITIONS = replace(CONFIG, threshold_statements=1)  # the definitions around the blocks move as well


class Span(NamedTuple):
    """A run of pieces in one notebook (0 or 1), both ends inclusive."""

    side: int
    first: int
    last: int


class Judged(NamedTuple):
    """One block of a pair and the verdict on it."""

    verdict: Verdict
    codes: tuple[str, ...]  # of what blocks it, or wants a review
    why: str
    spans: tuple[Span, ...]
    gone: tuple[frozenset[str], frozenset[str]]  # names of each notebook that are told to be no longer visible


class Result(NamedTuple):
    """What the tool made of one pair. `changed`: what differs, empty when nothing does; `refused`: why nothing was computed."""

    pair: tuple[Program, Program]
    judged: tuple[Judged, ...]
    changed: str = ""
    refused: str = ""
    after: tuple[tuple[str, ...], ...] = ()
    modules: str = ""


def results(pairs: Sequence[tuple[Program, Program]], config: Config = CONFIG) -> list[Result]:
    """Extracts all pairs in one project. When that is refused, they are tried in halves until the culprit is alone."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        books = _laid(root, pairs)
        try:
            report = pipeline.extract(Request(root=root, config=config, jobs=1, cache=False, allow_dirty=True))
        except Refused as refused:
            if len(pairs) == 1:
                return [Result(pairs[0], (), refused=str(refused))]
            half = len(pairs) // 2
            return results(pairs[:half], config) + results(pairs[half:], config)
    after = {change.path: change.after for change in report.changes.changes} if report.changes else {}
    modules = {PACKAGE: "", **{_dotted(path): data.decode() for path, data in after.items() if path.endswith(".py")}}
    judged = _by_pair(report, books)
    return [
        _result(pair, judged.get(number, []), two, [after.get(_path(number, side)) for side in (0, 1)], modules)
        for number, (pair, two) in enumerate(zip(pairs, books, strict=True))
    ]


def literals(number: int) -> Literals:
    return Literals(base=1000 * (number + 1), true=_TRUTHS[number % len(_TRUTHS)])


def _path(number: int, side: int) -> str:
    return f"p{number}{'xy'[side]}.ipynb"


def _laid(root: Path, pairs: Sequence[tuple[Program, Program]]) -> list[list[Book]]:
    """A package that stands already, and the notebooks of all pairs."""
    (root / "pyproject.toml").write_text(_PYPROJECT)
    (root / "src" / PACKAGE).mkdir(parents=True)
    (root / "src" / PACKAGE / "__init__.py").write_text("")
    found = []
    for number, pair in enumerate(pairs):
        books = [render(one, side, str(number), literals(number)) for side, one in enumerate(pair)]
        for side, book in enumerate(books):
            cells = [_cell(at, cell, raises=pair[side].raises) for at, cell in enumerate(book.cells)]
            (root / _path(number, side)).write_text(json.dumps({"cells": cells, **_NOTEBOOK}, indent=1))
        found.append(books)
    return found


def _cell(number: int, source: str, *, raises: bool) -> dict[str, object]:
    tags = {"tags": ["raises-exception"]} if raises else {}
    return {**_CELL, "id": f"c{number}", "metadata": tags, "source": source.splitlines(keepends=True)}


def _dotted(path: str) -> str:
    return path.removeprefix("src/").removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _by_pair(report: Report, books: Sequence[Sequence[Book]]) -> dict[int, list[Judged]]:
    """The blocks of each pair; statements without literals may be copies over several."""
    found: dict[int, list[Judged]] = {}
    for candidate in report.candidates:
        if candidate.kind != "block":
            continue
        spans: dict[int, list[Span]] = {}
        for one in candidate.occurrences:
            stem = one.path.removesuffix(".ipynb")
            number, side = int(stem[1:-1]), "xy".index(stem[-1])
            spans.setdefault(number, []).append(_span(side, books[number][side], one))
        for number, here in spans.items():
            found.setdefault(number, []).append(_judged(candidate, here, number))
    return found


def _span(side: int, book: Book, one: Occurrence) -> Span:
    """The pieces that begin inside the occurrence."""
    end = (one.end_cell or one.cell, one.end_line)
    inside = [at for at, start in enumerate(book.starts) if (one.cell, one.line) <= start <= end and book.texts[at]]
    return Span(side, inside[0], inside[-1])


def _judged(candidate: Candidate, spans: Sequence[Span], number: int) -> Judged:
    reasons = [reason for reason in candidate.reasons if reason.effect in ("blocks", "review")]
    codes = tuple(sorted({reason.code for reason in reasons}))
    return Judged(
        candidate.verdict,
        codes,
        reasons[0].message if reasons else "",
        tuple(spans),
        (_gone(candidate, _path(number, 0)), _gone(candidate, _path(number, 1))),
    )


def _gone(candidate: Candidate, path: str) -> frozenset[str]:
    """Of notes with the same words only that of one notebook is told."""
    notes = [reason for reason in candidate.reasons if reason.code == "NB371"]
    here = [note for note in notes if note.location and note.location.path == path]
    return words(note.message for note in here or notes)


def _result(
    pair: tuple[Program, Program],
    judged: Sequence[Judged],
    books: Sequence[Book],
    after: Sequence[bytes | None],
    modules: Mapping[str, str],
) -> Result:
    told, texts = [], []
    used: set[str] = set()
    moving = [one for one in judged if one.verdict is Verdict.EXTRACT]
    for side, (book, data) in enumerate(zip(books, after, strict=True)):
        if data is None:
            texts.append(book.cells)
            continue
        new = tuple("".join(cell["source"]) for cell in json.loads(data)["cells"])
        texts.append(new)
        used |= {name for name in modules if any(f"from {name} import" in cell for cell in new)}
        gone = frozenset().union(*(one.gone[side] for one in moving))
        here = [span for one in moving for span in one.spans if span.side == side]
        before = before_of(book, here, gone, raises=pair[side].raises)
        old = seen(before, {})
        if found := difference(before, old, seen(before, modules, new)):
            told.append(f"{'xy'[side]} {found}")
    sources = "\n".join(f"== {name}\n{modules[name]}" for name in sorted(used)) if told else ""
    return Result(pair, tuple(judged), "; ".join(told), "", tuple(texts), sources)


def before_of(
    book: Book, spans: Sequence[Span], gone_names: frozenset[str] = frozenset(), *, raises: bool = False
) -> Before:
    """A notebook of which the spans move. What is told to be gone matters no more, though something binds it again (B16)."""
    gone = {at for span in spans for at in range(span.first, span.last + 1)}
    others = [text for at, text in enumerate(book.texts) if at not in gone]
    return Before(book.cells, {book.starts[at][0] for at in gone}, words(others) - gone_names, raises)
