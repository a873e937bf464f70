"""A changed notebook whose change nobody recorded: what people edited is told apart from what became an import.

Edited, new and lost cells become findings. For the rest the notebook as it is now is compared with itself, the replaced
statements put back: what people edited stands on both sides. Whether the imports are right is shown in `inlines.py`.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from typing import Any, NamedTuple

from nb2mod.model import FileChange, Finding
from nb2mod.stages.verify.proof.alignment import align
from nb2mod.stages.verify.proof.cells import CellView
from nb2mod.stages.verify.proof.package import Package
from nb2mod.stages.verify.proof.subject import NotebookPair, with_calls
from nb2mod.stages.verify.proof.trees import dump
from nb2mod.stages.verify.proof.views import NotebookView, Unreadable, read_notebook

Row = tuple[CellView | None, CellView | None]  # one cell, before and after


class Edited(NamedTuple):
    """`pair` is what is left to prove; `numbers` maps its cells to those of the notebook as it was (0: it has none)."""

    pair: NotebookPair
    numbers: Mapping[int, int]
    findings: tuple[Finding, ...]


def edited(change: FileChange, package: Package, is_bootstrap: Callable[[str], bool]) -> Edited:
    """Raises Unreadable. `package` is that of after; `is_bootstrap` tells whether a cell finds it."""
    if change.before is None:
        raise Unreadable("it is new; what it does was not there before")
    old, new = read_notebook(change.path, change.before), read_notebook(change.path, change.after)
    rows = list(_rows(old, new))
    inserted = tuple(after for before, after in rows if before is None and after and is_bootstrap(after.source))
    rows = [row for row in rows if row[1] not in inserted]
    findings = [*_kernel(change), *_lost_or_new(change.path, rows)]
    standing = [(before, after) for before, after in rows if after is not None]
    pair = with_calls(_pair(change, standing, inserted, frozenset()), package)
    told: dict[int, str] = {}
    while problems := [each for each in align(pair, package.owns).problems if each.cell.number not in told]:
        told |= {each.cell.number: each.message for each in problems}
        pair = with_calls(_pair(change, standing, inserted, frozenset(told)), package)
    numbers = {place: before.number if before else 0 for place, (before, _) in enumerate(standing, 1)}
    for place, message in sorted(told.items()):
        text = f"cell {numbers[place]} was edited: {message}"
        findings.append(Finding("edited", text, change.path, numbers[place]))
    findings += _tags(change.path, standing)
    return Edited(pair, numbers, tuple(findings))


def _rows(old: NotebookView, new: NotebookView) -> Iterator[Row]:
    """Cells side by side: the same source, or changed ones between the same neighbours, one by one."""
    was, now = ([(cell.kind, cell.source) for cell in view.cells] for view in (old, new))
    for what, low, high, start, end in SequenceMatcher(None, was, now, autojunk=False).get_opcodes():
        before, after = old.cells[low:high], new.cells[start:end]
        if what in ("equal", "replace") and len(before) == len(after):
            yield from zip(before, after, strict=True)
        else:
            yield from _alike(before, after)


def _alike(before: Sequence[CellView], after: Sequence[CellView]) -> Iterator[Row]:
    """A stretch where cells came or went: each cell that stands is matched with the next one that shares a line with it."""
    waiting = list(before)
    for cell in after:
        lines = {line.strip() for line in cell.lines if line.strip()} | _names(cell)
        match = next(
            (one for one in waiting if one.kind == cell.kind and lines & ({*map(str.strip, one.lines)} | _names(one))),
            None,
        )
        while match is not None and waiting[0] is not match:
            yield waiting.pop(0), None
        if match is not None:
            waiting.pop(0)
        yield match, cell
    yield from ((one, None) for one in waiting)


def _names(cell: CellView) -> set[str]:
    """What a cell binds, marked so that it is no line."""
    return {f"\n{binding.name}" for binding in cell.bindings} if cell.kind == "code" else set()


def _pair(
    change: FileChange, rows: Sequence[Row], inserted: tuple[CellView, ...], kept: frozenset[int]
) -> NotebookPair:
    """Both sides numbered alike; cells in `kept`, new ones, and ones that differ in nothing that runs, are as they are now."""
    sides: tuple[list[CellView], list[CellView]] = ([], [])
    for place, (before, after) in enumerate(rows, 1):
        assert after is not None
        now = replace(after, number=place)
        was = now if before is None or place in kept or _runs_the_same(before, after) else replace(before, number=place)
        sides[0].append(was)
        sides[1].append(now)
    was_there, is_there = (NotebookView(change.path, tuple(cells)) for cells in sides)
    return NotebookPair(change, was_there, is_there, inserted)


def _runs_the_same(before: CellView, after: CellView) -> bool:
    """Whether two cells are one program: comments and layout aside."""
    if before.source == after.source or (before.kind != "code" and after.kind != "code"):
        return before.tags == after.tags
    if before.tree is None or after.tree is None or before.tags != after.tags:
        return False
    magics = [
        (one.masked.cell_magic, [(each.name, each.text) for each in one.masked.magics], one.ends_hidden)
        for one in (before, after)
    ]
    return magics[0] == magics[1] and list(map(dump, before.tree)) == list(map(dump, after.tree))


def _lost_or_new(path: str, rows: Sequence[Row]) -> Iterator[Finding]:
    for before, after in rows:
        if before is not None and after is None and before.kind == "code":
            yield Finding("edited", f"cell {before.number} is gone; what it did is not shown", path, before.number)
        if before is None and after is not None and after.kind == "code" and after.source.strip():
            yield Finding(
                "edited", f"cell {after.number}, as it is counted now, is new; what it does is not shown", path
            )


def _tags(path: str, rows: Sequence[Row]) -> Iterator[Finding]:
    for before, after in rows:
        if before is not None and after is not None and (before.tags, before.locked) != (after.tags, after.locked):
            yield Finding("edited", f"cell {before.number} has other tags now", path, before.number)


def _kernel(change: FileChange) -> Iterator[Finding]:
    kernels = [_kernel_of(data) for data in (change.before, change.after)]
    if kernels[0] != kernels[1]:
        yield Finding(
            "edited", f"the notebook runs in another kernel now: {kernels[0]} became {kernels[1]}", change.path
        )


def _kernel_of(data: bytes | None) -> Any:
    metadata = json.loads((data or b"{}").decode("utf-8-sig")).get("metadata")
    found = metadata.get("kernelspec") if isinstance(metadata, dict) else None
    return found.get("name") if isinstance(found, dict) else None
