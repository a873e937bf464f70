"""replace_sources, restore_sources, raw_line: what must not change first, then what a change looks like, then the laws."""

import json
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nb2mod.errors import UnreadableNotebook
from nb2mod.model import Notebook
from nb2mod.notebook import raw_line, raw_source, read, replace_sources, restore_sources

FIXTURES = Path(__file__).parents[2] / "fixtures" / "notebooks"


def data_of(name: str) -> bytes:
    return (FIXTURES / f"{name}.ipynb").read_bytes()


def fixture(name: str) -> Notebook:
    return read(f"{name}.ipynb", data_of(name))


def readable(path: Path) -> bool:
    try:
        read(path.name, path.read_bytes())
    except UnreadableNotebook:
        return False
    return True


READABLE = [path.stem for path in sorted(FIXTURES.glob("*.ipynb")) if readable(path)]


def changed_lines(before: bytes, after: bytes) -> tuple[list[bytes], list[bytes]]:
    """The lines that differ between two files that begin and end alike."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    while old and new and old[0] == new[0]:
        del old[0], new[0]
    while old and new and old[-1] == new[-1]:
        del old[-1], new[-1]
    return old, new


def check_laws(notebook: Notebook, number: int, new: str) -> None:
    """The laws of one replacement: only the span changes, it says what was asked, and it can be taken back exactly."""
    cell = notebook.cells[number - 1]
    after = replace_sources(notebook, {number: new})
    again = read("again", after)
    assert [other.source for other in again.cells] == [
        new if other.number == number else other.source for other in notebook.cells
    ]
    assert again.text[: cell.start] == notebook.text[: cell.start]
    assert again.text[again.cells[number - 1].end :] == notebook.text[cell.end :]
    assert again.text[cell.start] == notebook.text[cell.start], "a list became a string or the other way round"
    assert restore_sources(again, {number: raw_source(notebook, number)}) == notebook.data
    assert replace_sources(again, {number: new}) == after


@pytest.mark.parametrize("name", READABLE)
def test_replacing_nothing_or_by_itself_changes_no_byte(name: str) -> None:
    notebook = fixture(name)
    assert replace_sources(notebook, {}) == notebook.data
    assert replace_sources(notebook, {cell.number: cell.source for cell in notebook.cells if cell.end}) == notebook.data


@pytest.mark.parametrize("number", [0, -1, 4])
def test_unknown_number_is_refused(number: int) -> None:
    with pytest.raises(ValueError, match="from 1 to 3"):
        replace_sources(fixture("indent_1"), {number: "x"})


def test_cell_without_source_is_refused_with_the_reason() -> None:
    with pytest.raises(ValueError, match="cell 2 has no source that could be replaced: its source is a number"):
        replace_sources(fixture("cell_source_number"), {2: "x"})


ONE_LINE = [  # fixture, cell, old text, new text, the raw lines before, the raw lines after
    (
        "indent_1",
        2,
        "return x.max() - x.min()",
        "return 1",
        ['    "    return x.max() - x.min()"'],
        ['    "    return 1"'],
    ),
    ("indent_2", 2, "import numpy as np", "import n", ['        "import numpy as np\\n",'], ['        "import n\\n",']),
    (
        "indent_tabs",
        2,
        "import numpy as np",
        "import n",
        ['\t\t\t\t"import numpy as np\\n",'],
        ['\t\t\t\t"import n\\n",'],
    ),
    ("crlf_file", 2, "import numpy as np", "import n", ['    "import numpy as np\\n",\r'], ['    "import n\\n",\r']),
    ("crlf_in_source", 1, "b = 2", "b = 'é'", ['    "b = 2\\r\\n",'], ["    \"b = 'é'\\r\\n\","]),
    ("ascii_escaped", 2, "Zoë", "Zoé", ["    \"name = 'Zo\\u00eb'\\n\","], ["    \"name = 'Zo\\u00e9'\\n\","]),
    ("not_ascii_escaped", 2, "Zoë", "Zoé", ["    \"name = 'Zoë'\\n\","], ["    \"name = 'Zoé'\\n\","]),
    ("bom", 2, "Zoë", "Zoé", ["    \"name = 'Zoë'\\n\","], ["    \"name = 'Zoé'\\n\","]),
    (
        "escaped_backslash_is_no_escape",
        1,
        "print(x)",
        "print('é')",
        ['    "print(x)"'],
        ["    \"print('é')\""],
    ),
    ("exotic_escapes", 1, "http://x", "http://y", ["    \"b = 'http:\\/\\/x'\\n\","], ["    \"b = 'http://y'\\n\","]),
    ("exotic_escapes", 1, "d = 'café'", "d = ''", ["    \"d = 'café'\""], ["    \"d = ''\""]),
    ("lone_surrogate", 1, "\ud800", "\udfff", ["    \"x = '\\ud800'\\n\","], ["    \"x = '\\udfff'\\n\","]),
    (
        "source_string_escapes",
        1,
        "d = '/'",
        "d = 1",
        [r"""  "source": "a = '\u00e9'\u000Ab = 'c:\\new'\nd = '\/'\n\te = 1"}],"""],
        [r"""  "source": "a = '\u00e9'\u000Ab = 'c:\\new'\nd = 1\n\te = 1"}],"""],
    ),
    ("source_items_not_lines", 1, "y = 2", "y = 3", ['    "y = 2"'], ['    "y = 3"']),
    ("duplicate_keys", 1, "x = 1", "x = 9", None, None),
]


@pytest.mark.parametrize(("name", "number", "old", "new", "before", "after"), ONE_LINE)
def test_one_line_changes_one_line(
    name: str, number: int, old: str, new: str, before: list[str] | None, after: list[str] | None
) -> None:
    notebook = fixture(name)
    source = notebook.cells[number - 1].source.replace(old, new)
    assert source != notebook.cells[number - 1].source
    found = changed_lines(notebook.data, replace_sources(notebook, {number: source}))
    if before and after:
        assert [[line.decode().rstrip("\n") for line in side] for side in found] == [before, after]
    assert len(found[0]) == len(found[1]) == 1
    check_laws(notebook, number, source)


WHOLE = [  # fixture, cell, new source, the JSON value written
    ("indent_1", 2, "", "[]"),
    ("indent_1", 2, "x", '[\n    "x"\n   ]'),
    ("indent_4", 1, "x\ny\n", '[\n                "x\\n",\n                "y\\n"\n            ]'),
    ("crlf_file", 2, "a\nb", '[\r\n    "a\\n",\r\n    "b"\r\n   ]'),
    ("no_indent", 2, "a\nb", '["a\\n", "b"]'),
    ("compact", 2, "a\nb", '["a\\n","b"]'),
    ("source_as_string", 2, "a\nb", '"a\\nb"'),
    ("source_as_string", 2, "", '""'),
    ("source_empty_list", 1, "a\nb", '[\n    "a\\n",\n    "b"\n   ]'),
    ("source_empty_list_everywhere", 1, "a\nb", '[\n        "a\\n",\n        "b"\n      ]'),
    ("source_empty_string", 2, "a\nb", '"a\\nb"'),
    ("source_lists_on_one_line", 1, "a\nb", '["a\\n", "b"]'),
    ("source_lists_on_one_line", 3, "a\nb", '["a\\n", "b"]'),
    ("source_one_line_list_among_others", 1, "a\nb", '[\n        "a\\n",\n        "b"\n      ]'),
    ("source_one_line_list_among_others", 1, "a", '["a"]'),
    ("source_odd_spacing", 1, "x = 1\nz = 3", '[  "x = 1\\n"\n ,"z = 3" ]'),
    (
        "source_items_not_lines",
        1,
        "import os\nx = 2\ny = 2",
        '[\n    "import o",\n    "s\\n",\n    "x = 2\\n",\n    "",\n    "y = 2"\n   ]',
    ),
    ("source_items_not_lines", 2, "a\nb\nd", '[\n    "a\\nb\\n",\n    "d"\n   ]'),
]


@pytest.mark.parametrize(("name", "number", "new", "value"), WHOLE)
def test_value_follows_the_file(name: str, number: int, new: str, value: str) -> None:
    notebook = fixture(name)
    assert raw_source(read("after", replace_sources(notebook, {number: new})), number) == value
    check_laws(notebook, number, new)


def test_distant_changes_in_one_cell_keep_the_lines_between() -> None:
    notebook = fixture("exotic_escapes")
    after = read("after", replace_sources(notebook, {1: "a = 0\nb = 'http://x'\nc = '😀'\nd = 0"}))
    assert raw_source(after, 1).splitlines()[1:-1] == [
        '    "a = 0\\n",',
        r"""    "b = 'http:\/\/x'\n",""",
        r"""    "c = '\ud83d\ude00'\n",""",
        '    "d = 0"',
    ]


def test_several_cells_at_once() -> None:
    notebook = fixture("indent_1")
    assert [cell.source for cell in read("", replace_sources(notebook, {3: "c", 1: "a"})).cells] == [
        "a",
        notebook.cells[1].source,
        "c",
    ]


# Notebooks in every layout that json can write, and sources of every kind of line.
LINES = st.sampled_from(
    [
        "x = 1",
        "def f():",
        "    return 'é'",
        "",
        "'\\u00e9\\n'",
        "y\r",
        "😀",
        "\ud800",
        "a\x0cb",
        "c\u2028",
        "\t",
        "[",
        '"',
    ]
)
SOURCES = st.builds(lambda lines, end: "\n".join(lines) + end, st.lists(LINES, max_size=6), st.sampled_from(["", "\n"]))
LAYOUTS = st.fixed_dictionaries(
    {
        "indent": st.sampled_from([None, 0, 1, 2, 4, "\t"]),
        "ensure_ascii": st.booleans(),
        "sort_keys": st.booleans(),
        "separators": st.sampled_from([None, (",", ":"), (", ", " : ")]),
    }
)


def laid_out(sources: list[str], as_list: bool, layout: dict[str, object], ending: str, bom: bool) -> bytes:
    cells = [
        {
            "cell_type": "code",
            "source": source.splitlines(keepends=True) if as_list else source,
            "metadata": {},
            "outputs": [],
        }
        for source in sources
    ]
    notebook = {"metadata": {}, "nbformat": 4, "nbformat_minor": 4, "cells": cells}
    text = json.dumps(notebook, **layout).replace("\n", ending)  # type: ignore[arg-type]
    return (b"\xef\xbb\xbf" if bom else b"") + text.encode("utf-8", "backslashreplace")


NOTEBOOKS = st.builds(
    laid_out,
    st.lists(SOURCES, min_size=1, max_size=4),
    st.booleans(),
    LAYOUTS,
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
)


@settings(max_examples=400, deadline=None)
@given(NOTEBOOKS, SOURCES, st.data())
def test_laws_hold_in_every_layout(data: bytes, new: str, draw: st.DataObject) -> None:
    notebook = read("x", data)
    assert replace_sources(notebook, {}) == data
    check_laws(notebook, draw.draw(st.integers(1, len(notebook.cells))), new)


@settings(max_examples=400, deadline=None)
@given(NOTEBOOKS, SOURCES, st.data())
def test_replaced_and_replaced_back_is_the_same_file(data: bytes, new: str, draw: st.DataObject) -> None:
    notebook = read("x", data)
    number = draw.draw(st.integers(1, len(notebook.cells)))
    after = replace_sources(notebook, {number: new})
    back = replace_sources(read("x", after), {number: notebook.cells[number - 1].source})
    assert [cell.source for cell in read("x", back).cells] == [cell.source for cell in notebook.cells]
    if (
        "é" not in notebook.text
        and "\\u" not in notebook.text
        and "😀" not in notebook.text
        and has_list_of_two(notebook)
    ):
        assert back == data


def has_list_of_two(notebook: Notebook) -> bool:
    """Whether the file shows how it writes lists, apart from strings: else the way back has nothing to go by."""
    return all(notebook.text[cell.start] == '"' or len(cell.source.splitlines()) > 1 for cell in notebook.cells)


@settings(max_examples=300, deadline=None)
@given(NOTEBOOKS, st.data())
def test_a_changed_line_changes_one_line_of_the_file(data: bytes, draw: st.DataObject) -> None:
    notebook = read("x", data)
    number = draw.draw(st.integers(1, len(notebook.cells)))
    lines = notebook.cells[number - 1].source.splitlines(keepends=True)
    if lines:
        index = draw.draw(st.integers(0, len(lines) - 1))
        bare = lines[index].splitlines()[0]
        lines[index] = "changed()" + lines[index][len(bare) :]
        old, new = changed_lines(data, replace_sources(notebook, {number: "".join(lines)}))
        assert len(old) == len(new) <= 1


RAW_LINES = [  # fixture, cell, line → line and column of the raw file
    ("indent_1", 2, 1, (18, 6)),
    ("indent_1", 2, 4, (21, 6)),
    ("crlf_file", 2, 4, (21, 6)),
    ("indent_tabs", 2, 2, (19, 6)),
    ("source_as_string", 2, 1, (13, 18)),
    ("source_as_string", 2, 3, (13, 40)),
    ("source_string_escapes", 1, 2, (2, 32)),
    ("source_string_escapes", 1, 4, (2, 57)),
    ("source_items_not_lines", 1, 2, (10, 9)),
    ("source_items_not_lines", 1, 3, (12, 6)),
    ("crlf_in_source", 1, 4, (12, 6)),
    ("source_empty_list", 1, 1, (8, 14)),
    ("indent_1", 2, 99, (21, 6)),
]


@pytest.mark.parametrize(("name", "cell", "line", "place"), RAW_LINES)
def test_raw_line(name: str, cell: int, line: int, place: tuple[int, int]) -> None:
    assert raw_line(fixture(name), cell, line) == place


@settings(max_examples=300, deadline=None)
@given(NOTEBOOKS, st.data())
def test_raw_line_points_at_the_text_of_the_line(data: bytes, draw: st.DataObject) -> None:
    notebook = read("x", data)
    number = draw.draw(st.integers(1, len(notebook.cells)))
    lines = notebook.cells[number - 1].source.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    index = draw.draw(st.integers(0, len(lines) - 1))
    line, column = raw_line(notebook, number, index + 1)
    raw = notebook.text.replace("\r\n", "\n").split("\n")[line - 1][column - 1 :]
    if lines[index]:
        first = json.dumps(lines[index][0], ensure_ascii=raw[0] != lines[index][0])[1:-1]
        assert raw.startswith(first)


def test_raw_line_of_no_cell_is_refused() -> None:
    with pytest.raises(ValueError, match="from 1 to 3; found 4"):
        raw_line(fixture("indent_1"), 4, 1)


def corpus() -> list[Path]:
    folder = os.environ.get("NB2MOD_CORPUS")
    return [path for path in sorted(Path(folder).rglob("*.ipynb")) if readable(path)] if folder else []


@pytest.mark.skipif(not corpus(), reason="NB2MOD_CORPUS names no folder with notebooks")
def test_laws_hold_for_real_notebooks() -> None:
    for path in corpus():
        notebook = read(str(path), path.read_bytes())
        assert replace_sources(notebook, {}) == notebook.data
        assert (
            replace_sources(notebook, {cell.number: cell.source for cell in notebook.cells if cell.end})
            == notebook.data
        )
        numbers = [cell.number for cell in notebook.cells if cell.kind == "code" and cell.source][:1]
        for number in numbers:
            first, *rest = notebook.cells[number - 1].source.splitlines(keepends=True)
            check_laws(notebook, number, "".join(["from pkg import é\n" if first.endswith("\n") else "é", *rest]))
