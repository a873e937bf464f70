"""Check (d): a notebook's bytes differ in the `source` of the planned cells and nowhere else."""

import json
from collections.abc import Iterator
from typing import Any

from nb2mod.model import CellEdit, FileChange, Finding
from nb2mod.stages.verify.proof.spans import CellSpans, cell_spans, string_tokens, value_at
from nb2mod.stages.verify.proof.subject import NotebookPair, Subject


class _Pairs(list[tuple[str, Any]]):
    """A JSON object as it is written: order of keys and duplicates kept."""


def check(subject: Subject, pair: NotebookPair) -> list[Finding]:
    """Findings of one notebook."""
    problems = [*_edits(pair), *_documents(pair), *_bytes(pair.change)]
    return [
        Finding("json", message, pair.path, cell, 0, subject.candidates(path=pair.path, cell=cell))
        if cell
        else Finding("json", message, pair.path, candidates=subject.candidates_in(pair.path))
        for cell, message in problems
    ]


def _edits(pair: NotebookPair) -> Iterator[tuple[int, str]]:
    """What the change says of its cells must be what the bytes say."""
    edits = {edit.cell: edit for edit in pair.change.cells if not edit.inserted}
    for before, after in zip(*(view.cells for view in pair.written), strict=True):
        edit = edits.pop(before.number, None)
        if edit is None:
            if before.source != after.source:
                yield before.number, f"cell {before.number} was changed, and the change does not say so"
        elif (edit.before, edit.after) != (before.source, after.source):
            yield before.number, f"the change tells another source of cell {before.number} than the bytes do"
    for number in edits:
        yield 0, f"the change speaks of cell {number}, which is not there"


def _documents(pair: NotebookPair) -> Iterator[tuple[int, str]]:
    """The decoded documents differ in planned sources only: every key, its order, every number as it is written."""
    before, after = (_load(data) for data in (pair.change.before or b"", pair.change.after))
    changed = {edit.cell for edit in pair.change.cells if not edit.inserted}
    inserted = {cell.number for cell in pair.inserted}
    old_cells, new_cells = _member(before, "cells"), _member(after, "cells")
    new_cells = [cell for number, cell in enumerate(new_cells, start=1) if number not in inserted]
    for number, (old, new) in enumerate(zip(old_cells, new_cells, strict=False), start=1):
        if number in changed:
            old, new = _without_source(old), _without_source(new)
        if old != new:
            yield number, f"cell {number} differs in more than its source{_where(old, new)}"
    if _without_cells(before) != _without_cells(after):
        yield 0, "the notebook differs outside its cells"


def _bytes(change: FileChange) -> Iterator[tuple[int, str]]:
    """The text between the planned sources is the same, character by character; so is the byte order mark."""
    sides = [(data or b"").decode("utf-8") for data in (change.before, change.after)]
    try:
        old, new = (cell_spans(text.removeprefix("\ufeff")) for text in sides)
    except (ValueError, IndexError) as error:
        yield 0, f"the JSON can't be followed: {error}"
        return
    if sides[0].startswith("\ufeff") != sides[1].startswith("\ufeff"):
        yield 0, "the byte order mark came or went"
    before, after = (text.removeprefix("\ufeff") for text in sides)
    inserted = [edit for edit in change.cells if edit.inserted]
    if inserted:
        after, new = _cut_inserted(after, new, inserted)
    if len(old) != len(new):
        yield 0, "the number of cells differs"
        return
    planned = {edit.cell for edit in change.cells if not edit.inserted}
    if _between(before, old, planned) != _between(after, new, planned):
        yield 0, "bytes outside the planned sources differ"
    for number in sorted(planned & set(range(1, len(old) + 1))):
        if why := _other_habit(before, old[number - 1], after, new[number - 1]):
            yield number, f"cell {number}: {why}"


def _cut_inserted(text: str, cells: list[CellSpans], inserted: list[CellEdit]) -> tuple[str, list[CellSpans]]:
    """The text without the inserted cells and the commas that came with them."""
    waiting = list(inserted)
    position = 0
    while position < len(cells) and waiting:
        source = cells[position].source
        value = value_at(text, source) if source else ""
        joined = value if isinstance(value, str) else "".join(value)
        if joined == waiting[0].after and waiting[0].cell - 1 <= position <= waiting[0].cell:
            waiting.pop(0)
            start, end = cells[position].whole
            if position + 1 < len(cells):
                end = cells[position + 1].whole.start
            elif position:
                start = cells[position - 1].whole.end
            text = text[:start] + text[end:]
            cells = cell_spans(text)
        else:
            position += 1
    return text, cells


def _between(text: str, cells: list[CellSpans], planned: set[int]) -> list[str]:
    """The text cut at the planned sources."""
    pieces: list[str] = []
    position = 0
    for number, cell in enumerate(cells, start=1):
        if number in planned and cell.source:
            pieces.append(text[position : cell.source.start])
            position = cell.source.end
    return [*pieces, text[position:]]


def _other_habit(before: str, old: CellSpans, after: str, new: CellSpans) -> str | None:
    """A touched source is written as it was: string or list, one line per element, unchanged lines byte for byte."""
    if old.source is None or new.source is None:
        return "its source is missing or stands there twice"
    if before[old.source.start] != after[new.source.start]:
        return "its source changed between a string and a list of lines"
    if before[old.source.start] != "[":
        return None
    sides = string_tokens(before, old.source), string_tokens(after, new.source)
    values = [[json.loads(token) for token in side] for side in sides]
    for direction in (1, -1):
        tokens, lines = ([*side[::direction]] for side in sides), ([*side[::direction]] for side in values)
        for (raw, other), (line, same) in zip(zip(*tokens, strict=False), zip(*lines, strict=False), strict=False):
            if line != same:
                break
            if raw != other:
                return f"a line that did not change is written in another way: {other}"
    if any(line.count("\n") > 1 for line in values[1]) and all(line.count("\n") <= 1 for line in values[0]):
        return "several lines stand in one element of its source"
    return None


def _load(data: bytes) -> Any:
    """The document with the order of keys, duplicates and the spelling of numbers."""
    return json.loads(
        data.decode("utf-8-sig"),
        object_pairs_hook=_Pairs,
        parse_float=_Number,
        parse_int=_Number,
        parse_constant=_Number,
    )


class _Number(str):
    """A number as it is written; equal to no string that stands in quotes, by its type's side in comparison."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Number) and str.__eq__(self, other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = str.__hash__


def _member(document: Any, key: str) -> list[Any]:
    found = [value for name, value in document if name == key] if isinstance(document, _Pairs) else []
    return found[-1] if found and isinstance(found[-1], list) else []


def _without_cells(document: Any) -> list[Any]:
    return [(name, value if name != "cells" else None) for name, value in document]


def _without_source(cell: Any) -> Any:
    return [(name, value if name != "source" else None) for name, value in cell] if isinstance(cell, _Pairs) else cell


def _where(old: Any, new: Any) -> str:
    """The key that differs, in brackets."""
    if isinstance(old, list) and isinstance(new, list):
        for one, other in zip(old, new, strict=False):
            if one != other and isinstance(one, tuple):
                return f" ({one[0]})"
    return ""
