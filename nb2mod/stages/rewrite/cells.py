"""One cell's source with definitions replaced by imports. Every character outside the replaced statements stays."""

import ast
from collections.abc import Iterable, Sequence
from itertools import groupby

from msgspec import Struct

from nb2mod.model import CallSite
from nb2mod.stages.rewrite.formatting import Style
from nb2mod.stages.rewrite.imports import from_import
from nb2mod.stages.rewrite.lines import ending_of, lines_of, newline_of, offsets_of
from nb2mod.syntax import parse


class Place(Struct, frozen=True):
    """One statement to replace: where it stands, and what is imported for it."""

    site: CallSite
    module: str
    name: str  # in the module; the notebook's is `site.name`


class _Edit(Struct, frozen=True, order=True):
    """Characters `start` to `end` become `text`."""

    start: int
    end: int
    text: str


def edited(
    source: str,
    places: Sequence[Place],
    coming: Sequence[Place],
    style: Style,
    gone: Sequence[tuple[int, int]] = (),
) -> str:
    """The cell after the change. `places` stand in it; `coming` are imports that stand elsewhere and move to this cell; `gone`
    are the lines (first, last) of blocks whose call stands in an earlier cell.

    Neighbours with only blank lines between share one import (F11); a name that is bound twice is bound twice after.
    """
    lines = lines_of(source)
    offsets = offsets_of(lines)
    edits: list[_Edit] = []
    whole: list[Place] = []
    for place in sorted(places, key=lambda place: (place.site.top, place.site.name)):
        part = None if place.site.call else _part_of_lines(lines, offsets, place.site)
        if part is None:
            whole.append(place)
        else:
            edits.append(_Edit(*part, from_import(place.module, [(place.name, place.site.name)])))
    for run in _runs(lines, whole):
        keeps = not run[0].site.import_cell or any(place.site.call for place in run)
        first, last = run[0].site.top - 1, run[-1].site.end_line
        edits.append(_replaced(lines, offsets, run, style) if keeps else _removed(lines, offsets, first, last))
    edits += [_removed(lines, offsets, first - 1, last) for first, last in gone]
    for line, group in groupby(sorted(coming, key=_import_line), key=_import_line):
        edits.append(_added(lines, offsets, line, list(group), style))
    for edit in sorted(edits, reverse=True):
        source = source[: edit.start] + edit.text + source[edit.end :]
    return source


def _import_line(place: Place) -> int:
    return place.site.import_line


def _part_of_lines(lines: Sequence[str], offsets: Sequence[int], site: CallSite) -> tuple[int, int] | None:
    """The span of an assignment that shares its lines with other statements (`A = 1; B = 2`), else None.

    A definition never shares a line. What follows on an assignment's own line, a lone comment apart, stays.
    """
    text = "".join(lines[site.line - 1 : site.end_line])
    tree = parse(text)
    node = next((node for node in tree.body if site.name in _targets(node)), None)
    if node is None:
        return None
    own = lines_of(text)
    end_line = (node.end_lineno or node.lineno) - 1
    start = offsets[site.line - 2 + node.lineno] + _characters(own[node.lineno - 1], node.col_offset)
    end = offsets[site.line - 1 + end_line] + _characters(own[end_line], node.end_col_offset or 0)
    after = "".join(lines)[end : offsets[site.end_line]].strip()
    alone = len(tree.body) == 1 and (not after or after.startswith("#"))
    return None if alone else (start, end)


def _targets(node: ast.stmt) -> set[str]:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return {target.id for target in targets if isinstance(target, ast.Name)}


def _characters(line: str, column: int) -> int:
    """A column of `ast`, which counts bytes, in characters."""
    return len(line.encode("utf-8", "surrogatepass")[:column].decode("utf-8", "surrogatepass"))


def _runs(lines: Sequence[str], places: Iterable[Place]) -> list[list[Place]]:
    runs: list[list[Place]] = []
    for place in places:
        if runs and _adjacent(lines, runs[-1], place):
            runs[-1].append(place)
        else:
            runs.append([place])
    return runs


def _adjacent(lines: Sequence[str], run: Sequence[Place], place: Place) -> bool:
    last = run[-1].site
    between = lines[last.end_line : place.site.top - 1]
    return (
        not any(line.strip() for line in between)
        and place.site.name not in {other.site.name for other in run}
        and not last.call
        and bool(last.import_cell) == bool(place.site.import_cell)
    )


def _statements(places: Sequence[Place], style: Style) -> list[str]:
    modules: dict[str, list[tuple[str, str]]] = {}
    for place in places:
        modules.setdefault(place.module, []).append((place.name, place.site.name))
    return [style.import_line(from_import(module, modules[module])) for module in sorted(modules)]


def _replaced(lines: Sequence[str], offsets: Sequence[int], run: Sequence[Place], style: Style) -> _Edit:
    first, last = run[0].site.top - 1, run[-1].site.end_line - 1
    newline = ending_of(lines[first]) or newline_of(list(lines))
    standing = [place for place in run if not place.site.import_cell and not place.site.bare]
    calls = [style.statements(place.site.call) for place in run if place.site.call]
    text = newline.join(line for each in (*_statements(standing, style), *calls) for line in each.split("\n"))
    return _Edit(offsets[first], offsets[last + 1] - len(ending_of(lines[last])), text)


def _removed(lines: Sequence[str], offsets: Sequence[int], first: int, last: int) -> _Edit:
    """Lines `first` (counted from 0) up to `last` with the blank ones that set them apart: those below, or above when nothing
    comes after.
    """
    while last < len(lines) and not lines[last].strip():
        last += 1
    start = offsets[first]
    if last == len(lines):
        while first and not lines[first - 1].strip():
            first -= 1
        start = offsets[first]
        if first and not ending_of(lines[-1]):
            start -= len(ending_of(lines[first - 1]))
    return _Edit(start, offsets[last], "")


def _added(lines: Sequence[str], offsets: Sequence[int], after: int, places: Sequence[Place], style: Style) -> _Edit:
    newline = newline_of(list(lines))
    text = newline.join(line for statement in _statements(places, style) for line in statement.split("\n"))
    if after and not ending_of(lines[after - 1]):
        return _Edit(offsets[after], offsets[after], newline + text)
    return _Edit(offsets[after], offsets[after], text + newline)
