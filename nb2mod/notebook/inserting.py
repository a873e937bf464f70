"""A whole cell into or out of the bytes of a notebook, in the file's own way of writing. Other cells keep every byte."""

import hashlib
import json
from bisect import bisect
from typing import Any

from nb2mod.model import Notebook
from nb2mod.notebook.document import Document, RawCell, encode, scan
from nb2mod.notebook.habits import comma_before_break, encodable, escapes_ascii, line_ending, line_indent


def insert_cell(notebook: Notebook, before: int, source: str, tags: tuple[str, ...] = ()) -> bytes:
    """The file with a new code cell before cell `before`; the number after the last one appends.

    Indentation, order of keys and the form of `source` follow the nearest cells; `id` is written from nbformat 4.5 on, is
    unique in the notebook and depends on nothing but the notebook and `source`. Raises ValueError for a number out of range.
    """
    text = notebook.text
    document = scan(text)
    cells = document.cells or []
    if not 1 <= before <= len(cells) + 1:
        raise ValueError(f"expected a place from 1 to {len(cells) + 1}, found {before}")
    values = _new_cell(notebook, source, tags)
    if not cells:
        return encode(_into_empty(text, document, values), notebook.data)
    model = _neighbour(cells, before)
    written = _written(text, model, _ordered(values, model))
    if before <= len(cells):
        position = cells[before - 1].start
        changed = text[:position] + written + _separator(text, document, before) + text[position:]
    else:
        position = cells[-1].end
        changed = text[:position] + _separator(text, document, before) + written + text[position:]
    return encode(changed, notebook.data)


def remove_cell(notebook: Notebook, number: int) -> bytes:
    """The file without cell `number`: straight after `insert_cell`, the exact bytes from before it.

    Raises ValueError for a number out of range.
    """
    text = notebook.text
    document = scan(text)
    cells = document.cells or []
    if not 1 <= number <= len(cells):
        raise ValueError(f"expected a cell from 1 to {len(cells)}, found {number}")
    if len(cells) == 1:
        start, end = document.cells_start + 1, document.cells_end - 1
    elif number < len(cells):
        start, end = cells[number - 1].start, cells[number].start
    else:
        start, end = cells[number - 2].end, cells[number - 1].end
    return encode(text[:start] + text[end:], notebook.data)


def _new_cell(notebook: Notebook, source: str, tags: tuple[str, ...]) -> dict[str, Any]:
    sources = [notebook.text[cell.start] for cell in notebook.cells if cell.end]
    as_string = bool(sources) and sources.count('"') > len(sources) / 2
    values: dict[str, Any] = {
        "cell_type": "code",
        "execution_count": None,
        "metadata": {"tags": list(tags)} if tags else {},
        "outputs": [],
        "source": source if as_string else source.splitlines(keepends=True),
    }
    if (notebook.nbformat, notebook.nbformat_minor) >= (4, 5):
        values["id"] = _unused_id(notebook, source)
    return values


def _unused_id(notebook: Notebook, source: str) -> str:
    taken = {cell.id for cell in notebook.cells}
    seed = source.encode("utf-8", "surrogatepass")
    while True:
        candidate = hashlib.blake2b(seed, digest_size=4).hexdigest()
        if candidate not in taken:
            return candidate
        seed += b"+"


def _neighbour(cells: list[RawCell], before: int) -> RawCell:
    """The nearest code cell, else the nearest cell: the one whose manners the new cell takes over."""

    def distance(numbered: tuple[int, RawCell]) -> tuple[bool, int]:
        number, cell = numbered
        return (cell.fields or {}).get("cell_type") != "code", abs(2 * (number - before) + 1)

    return min(enumerate(cells, 1), key=distance)[1]


def _ordered(values: dict[str, Any], model: RawCell) -> dict[str, Any]:
    """The keys in the order of `model`; those that it lacks at their place in the alphabet when it is sorted, else last."""
    order = [key for key in model.spans if key in values]
    if order == sorted(order):
        for key in sorted(values.keys() - set(order)):
            order.insert(bisect(order, key), key)
    order += [key for key in values if key not in order]
    return {key: values[key] for key in order}


def _separator(text: str, document: Document, before: int) -> str:
    """What stands between two cells, as near to the place as the file shows it."""
    cells = document.cells or []
    if len(cells) > 1:
        first = min(max(before - 2, 0), len(cells) - 2)
        return text[cells[first].end : cells[first + 1].start]
    return "," + (text[document.cells_start + 1 : cells[0].start] or " ")


def _written(text: str, model: RawCell, values: dict[str, Any]) -> str:
    """`values` as JSON laid out as `model` is."""
    first_value = next(iter(model.spans.values()), None)
    outer = line_indent(text, model.start) or ""
    inner = line_indent(text, first_value[0]) if first_value else None
    on_one_line = first_value is None or inner is None or "\n" not in text[model.start : first_value[0]]
    colon = ": " if first_value is None or text[first_value[0] - 1].isspace() else ":"
    if on_one_line:
        return _dumped(text, values, None, (", " if colon == ": " else ",", colon))
    unit = (inner or "").removeprefix(outer)
    return _indented(_dumped(text, values, unit, (comma_before_break(text), colon)), outer, line_ending(text))


def _dumped(text: str, values: dict[str, Any], unit: str | None, separators: tuple[str, str]) -> str:
    return encodable(json.dumps(values, indent=unit, separators=separators, ensure_ascii=escapes_ascii(text)))


def _indented(written: str, outer: str, ending: str) -> str:
    return written.replace("\n", ending + outer)


def _into_empty(text: str, document: Document, values: dict[str, Any]) -> str:
    """The first cell of a list that has none: one unit deeper than the line of `cells`."""
    start, end = document.cells_start + 1, document.cells_end - 1
    outer = line_indent(text, document.cells_start)
    values = dict(sorted(values.items()))
    if not outer:
        return text[:start] + _dumped(text, values, None, (", ", ": ")) + text[end:]
    ending = line_ending(text)
    written = _indented(_dumped(text, values, outer, (comma_before_break(text), ": ")), outer * 2, ending)
    return f"{text[:start]}{ending}{outer * 2}{written}{ending}{outer}{text[end:]}"
