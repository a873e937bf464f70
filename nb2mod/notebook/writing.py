"""New sources into the bytes of a notebook: only the spans of the named cells change, in the file's own way of writing.

Nothing is serialised anew. Inside a changed source the lines that stay keep their bytes, escapes and white space included.
"""

from collections.abc import Iterable, Mapping
from itertools import accumulate, pairwise, takewhile

from nb2mod.model import Cell, Notebook
from nb2mod.notebook.document import encode, scan
from nb2mod.notebook.habits import (
    ListStyle,
    Piece,
    derived_list_style,
    escapes_ascii,
    list_pieces,
    list_style,
    quoted,
    string_pieces,
)


def replace_sources(notebook: Notebook, sources: Mapping[int, str]) -> bytes:
    """The file with other sources in the cells of these numbers; every other byte stays.

    A string stays a string and a list a list; items, line breaks and escapes follow the file. Raises ValueError for a number
    that the notebook does not have, or whose cell has no source to replace.
    """
    return _spliced(
        notebook, {number: _rewritten(notebook, _cell(notebook, number), new) for number, new in sources.items()}
    )


def raw_source(notebook: Notebook, number: int) -> str:
    """The JSON value of a cell's source as it stands in the file: what `restore_sources` takes back exactly."""
    cell = _cell(notebook, number)
    return notebook.text[cell.start : cell.end]


def restore_sources(notebook: Notebook, raw: Mapping[int, str]) -> bytes:
    """The file with these JSON values as sources, verbatim. With values of `raw_source`, takes back any replacement exactly."""
    for number in raw:
        _cell(notebook, number)
    return _spliced(notebook, raw)


def _cell(notebook: Notebook, number: int) -> Cell:
    if not 1 <= number <= len(notebook.cells):
        raise ValueError(f"expected a cell from 1 to {len(notebook.cells)}, found {number}")
    cell = notebook.cells[number - 1]
    if not cell.end:
        raise ValueError(f"cell {number} has no source that could be replaced" + (f": {cell.odd}" if cell.odd else ""))
    return cell


def _spliced(notebook: Notebook, values: Mapping[int, str]) -> bytes:
    parts: list[str] = []
    position = 0
    for number in sorted(values):
        cell = notebook.cells[number - 1]
        parts += (notebook.text[position : cell.start], values[number])
        position = cell.end
    if not parts:
        return notebook.data
    return encode("".join(parts) + notebook.text[position:], notebook.data)


def _rewritten(notebook: Notebook, cell: Cell, new: str) -> str:
    text = notebook.text
    if new == cell.source:
        return text[cell.start : cell.end]
    ascii_only = not new.isascii() and escapes_ascii(text)
    if text[cell.start] == '"':
        kept = _aligned(string_pieces(text, cell.start, cell.end), new)
        return f'"{"".join(_line_raw(part, ascii_only) for part in kept)}"'
    old = list_pieces(text, cell.start)
    parts = _aligned(old, new)
    if not parts:
        return "[]"
    style = _style_for(notebook, cell, old, len(parts))
    return _joined(text, parts, style, ascii_only)


def _line_raw(part: Piece | str, ascii_only: bool) -> str:
    return part.raw if isinstance(part, Piece) else quoted(part, ascii_only)[1:-1]


def _joined(text: str, parts: list[Piece | str], style: ListStyle, ascii_only: bool) -> str:
    written = [part.raw if isinstance(part, Piece) else quoted(part, ascii_only) for part in parts]
    glue = [_between(text, first, second, style) for first, second in pairwise(parts)]
    body = "".join(item for pair in zip(written, [*glue, ""], strict=True) for item in pair)
    return f"[{style.opening}{body}{style.closing}]"


def _between(text: str, first: Piece | str, second: Piece | str, style: ListStyle) -> str:
    """What stood between two items that stay neighbours, else the list's habit."""
    if isinstance(first, Piece) and isinstance(second, Piece):
        gap = text[first.end : second.start]
        if gap.count(",") == 1 and not gap.replace(",", "").strip(" \t\r\n"):
            return gap
    return style.between


def _style_for(notebook: Notebook, cell: Cell, old: list[Piece], items: int) -> ListStyle:
    """The list's own style when it shows one; else that of the nearest cell whose list does; else one worked out."""
    text = notebook.text
    own = list_style(text, cell.start, cell.end, old)
    if own and (items == 1 or len(old) > 1 or "\n" in own.opening):
        return own
    wanted = min(items, 2)
    for other in _by_distance(notebook, cell):
        pieces = list_pieces(text, other.start)
        style = list_style(text, other.start, other.end, pieces) if len(pieces) >= wanted else None
        if style:
            return style
    return own or derived_list_style(text, cell.start, (scan(text).cells or [])[cell.number - 1].start)


def _by_distance(notebook: Notebook, cell: Cell) -> Iterable[Cell]:
    lists = [other for other in notebook.cells if other.end and notebook.text[other.start] == "[" and other is not cell]
    return sorted(lists, key=lambda other: abs(other.number - cell.number))


def _aligned(old: list[Piece], new: str) -> list[Piece | str]:
    """`new` as the pieces of `old` that stay, in order, and new lines between them."""
    source = "".join(piece.text for piece in old)
    parts: list[Piece | str] = []
    done = 0  # characters of `new` that `parts` already hold
    position = 0  # where the next piece begins in `source`
    blocks = iter(_equal_blocks(source, new))
    block = next(blocks, None)
    for piece in old:
        start, position = position, position + len(piece.text)
        while block and block[0] + block[2] < position:
            block = next(blocks, None)
        if block and block[0] <= start:
            there = start - block[0] + block[1]
            parts += new[done:there].splitlines(keepends=True)
            parts.append(piece)
            done = there + len(piece.text)
    return parts + new[done:].splitlines(keepends=True)


def _equal_blocks(old: str, new: str) -> list[tuple[int, int, int]]:
    """Runs of whole lines that both texts have, in order: offset in old, offset in new, length."""
    old_lines, new_lines = old.splitlines(keepends=True), new.splitlines(keepends=True)
    old_offsets = [0, *accumulate(map(len, old_lines))]
    new_offsets = [0, *accumulate(map(len, new_lines))]
    return [
        (old_offsets[first], new_offsets[second], old_offsets[first + size] - old_offsets[first])
        for first, second, size in _matching_lines(old_lines, new_lines)
    ]


def _matching_lines(old: list[str], new: list[str]) -> list[tuple[int, int, int]]:
    """Index in old, index in new, number of lines. Equal ends are cut off first: the matcher is quadratic in equal lines."""
    from difflib import SequenceMatcher

    head = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(old, new, strict=False)))
    ends = zip(reversed(old[head:]), reversed(new[head:]), strict=False)
    tail = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], ends))
    matcher = SequenceMatcher(None, old[head : len(old) - tail], new[head : len(new) - tail], autojunk=False)
    inner = [(block.a + head, block.b + head, block.size) for block in matcher.get_matching_blocks() if block.size]
    return [(0, 0, head), *inner, (len(old) - tail, len(new) - tail, tail)]
