"""What the tests of decide share: notebooks as lists of cells → candidates, and a small mover that shows what a verdict promises.

The mover is no second extractor: it moves one candidate with its needs by the simplest means, to run both sides.
"""

import contextlib
import io
import sys
import types
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from nb2mod.config import Config
from nb2mod.model import Candidate, CellFeatures, Environment, Features, NotebookStage, Verdict
from nb2mod.stages.analyze import Meanings, names_of
from nb2mod.stages.decide import decide
from nb2mod.stages.detect import clone_classes, copied_notebooks
from nb2mod.stages.index.reading import digest, read_cell, read_module

KNOWN = frozenset(sys.stdlib_module_names) | {
    *("numpy", "pandas", "numba", "matplotlib", "pydantic", "torch", "joblib", "sklearn", "IPython", "ipywidgets"),
    *("pyspark", "ray", "statsmodels", "flask", "duckdb"),
}


@dataclass(frozen=True)
class Row:
    """One line of a table. The cells stand in a.ipynb and b.ipynb, or `other` in b.ipynb.

    `codes` are all codes that block or want a review. `runs`: both notebooks can be run here, before and after a move.
    """

    id: str
    cells: tuple[str, ...]
    verdict: str
    codes: tuple[str, ...] = ()
    name: str = "f"
    other: tuple[str, ...] | None = None
    runs: bool = True
    features: dict[str, Any] = field(default_factory=dict)
    cell: dict[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    config: Config = field(default_factory=Config)
    local: dict[str, str] = field(default_factory=dict)


def stays(key: str, code: str | tuple[str, ...], *cells: str, **more: Any) -> Row:
    """A definition that must not move, for these reasons and no others."""
    return Row(key, cells, "blocked", (code,) if isinstance(code, str) else code, **more)


def moves(key: str, *cells: str, **more: Any) -> Row:
    """A definition that may move."""
    return Row(key, cells, "extract", **more)


def asks(key: str, code: str, *cells: str, **more: Any) -> Row:
    """A definition that wants a review."""
    return Row(key, cells, "review", (code,), **more)


def notebook(path: str, cells: Sequence[str], row: Row | None = None) -> Features:
    """Features of a notebook with these code cells."""
    more = row.cell if row else {}
    found = tuple(
        CellFeatures(number, f"id{number}", source, digest(source), read_cell(source), **more)
        for number, source in enumerate(cells, 1)
    )
    return Features(path, found, **(row.features if row else {}))


def module(path: str, source: str) -> Features:
    """Features of a module of the package."""
    return Features(path, (CellFeatures(0, None, source, digest("m" + source), read_module(source)),), kind="module")


def decided(
    features: Sequence[Features],
    config: Config | None = None,
    local: dict[str, str] | None = None,
    stages: dict[str, NotebookStage] | None = None,
) -> tuple[Candidate, ...]:
    """The candidates of these files, through every stage up to decide."""
    names = {index: names_of(index, one) for index, one in enumerate(features)}
    environment = Environment(KNOWN, local or {}, "team")
    meanings = Meanings(features, names, environment)
    classes = clone_classes(features)
    copied = copied_notebooks(features)
    return decide(classes, features, names, meanings, copied, config or Config(), environment, stages=stages)


def of_row(row: Row) -> tuple[list[Features], tuple[Candidate, ...]]:
    files = [notebook("a.ipynb", row.cells, row), notebook("b.ipynb", row.other or row.cells, row)]
    # Copies of whole notebooks count once; here the places are meant to count.
    config = Config(**{**{f: getattr(row.config, f) for f in Config.__struct_fields__}, "count_copied_notebooks": True})
    return files, decided(files, config, row.local)


def named(candidates: Sequence[Candidate], name: str) -> list[Candidate]:
    return [candidate for candidate in candidates if candidate.name == name and candidate.verdict is not Verdict.BELOW]


# Running both sides.


def printed(cells: Sequence[str]) -> str:
    """What the cells print, run from top to bottom in one namespace called __main__."""
    space = types.ModuleType("__main__")
    before = sys.modules["__main__"]
    sys.modules["__main__"] = space
    out = io.StringIO()
    try:
        with contextlib.redirect_stdout(out):
            for cell in cells:
                exec(compile(cell, "<cell>", "exec", dont_inherit=True), space.__dict__)
    finally:
        sys.modules["__main__"] = before
    return out.getvalue()


def moved(files: Sequence[Features], candidates: Sequence[Candidate], file: int, package: str) -> list[str]:
    """The cells of one notebook after everything that may move has moved into one module each, held in sys.modules."""
    by_id = {candidate.id: candidate for candidate in candidates if candidate.verdict is Verdict.EXTRACT}
    cells = [cell.source.split("\n") for cell in files[file].cells]
    _modules(files, by_id, package)
    for candidate in by_id.values():
        for member in candidate.members:
            if member.file == file:
                definition = files[file].cells[member.cell].facts.definitions[member.definition]
                name = (
                    files[candidate.chosen.file]
                    .cells[candidate.chosen.cell]
                    .facts.definitions[  # type: ignore[union-attr]
                        candidate.chosen.definition  # type: ignore[union-attr]
                    ]
                )
                line = f"from {package}.{_plain(candidate.id)} import {name.name} as {definition.name}"
                _replace(cells[member.cell], definition.line, definition.end_line, line)
        for need in candidate.needs:
            for site in need.sites:
                if site.file == file:
                    line = f"from {package}.{_plain(candidate.id)} import {need.name}"
                    _replace(cells[site.cell], site.line, site.end_line, line)
    return ["\n".join(lines) for lines in cells]


def _modules(files: Sequence[Features], by_id: dict[str, Candidate], package: str) -> None:
    sys.modules[package] = types.ModuleType(package)
    sys.modules[package].__path__ = []  # type: ignore[attr-defined]
    for identity in by_id:
        name = f"{package}.{_plain(identity)}"
        sys.modules[name] = _Lazy(name, lambda identity=identity: _source(files, by_id, identity, package))  # type: ignore[misc]


class _Lazy(types.ModuleType):
    """A module whose text runs when something first asks for a name of it, as an import would."""

    def __init__(self, name: str, source: Any) -> None:
        super().__init__(name)
        self.__dict__["_source"] = source

    def __getattr__(self, name: str) -> Any:
        source = self.__dict__.pop("_source", None)
        if source is None or name.startswith("__"):
            if source is not None:
                self.__dict__["_source"] = source
            raise AttributeError(name)
        exec(compile(source(), self.__name__, "exec", dont_inherit=True), self.__dict__)
        return self.__dict__[name]


def _source(files: Sequence[Features], by_id: dict[str, Candidate], identity: str, package: str) -> str:
    candidate = by_id[identity]
    chosen = candidate.chosen
    assert chosen is not None
    cell = files[chosen.file].cells[chosen.cell]
    definition = cell.facts.definitions[chosen.definition]
    heads: list[str] = []
    late: list[str] = []
    for need in candidate.needs:
        if need.kind == "helper":
            assert need.candidate in by_id, f"{candidate.name} needs {need.name}, which does not move"
            provider = by_id[need.candidate]
            assert provider.chosen is not None
            there = (
                files[provider.chosen.file].cells[provider.chosen.cell].facts.definitions[provider.chosen.definition]
            )
            text = f"from {package}.{_plain(need.candidate)} import {there.name} as {need.name}"
            (heads if need.eager else late).append(text)
        else:
            heads.append(need.text)
    body = "\n".join(cell.source.split("\n")[definition.line - 1 : definition.end_line])
    return "\n".join([*heads, body, *late])


def _plain(identity: str) -> str:
    return "m_" + identity.replace("-", "_")


def _replace(lines: list[str], first: int, last: int, text: str) -> None:
    if not any(lines[at] == text for at in range(first - 1, last)):
        lines[first - 1 : last] = [text] + [""] * (last - first)
