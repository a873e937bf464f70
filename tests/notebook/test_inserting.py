"""insert_cell and remove_cell: other cells keep every byte, removing is the inverse, and the new cell looks like the others."""

import json
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nb2mod.errors import UnreadableNotebook
from nb2mod.model import Notebook
from nb2mod.notebook import insert_cell, read, remove_cell, validate

FIXTURES = Path(__file__).parents[2] / "fixtures" / "notebooks"
SOURCE = "import sys\nsys.path.insert(0, 'é')"
TAGS = ("nb2mod-bootstrap",)


def fixture(name: str) -> Notebook:
    return read(f"{name}.ipynb", (FIXTURES / f"{name}.ipynb").read_bytes())


def readable(path: Path) -> bool:
    try:
        read(path.name, path.read_bytes())
    except UnreadableNotebook:
        return False
    return True


READABLE = [path.stem for path in sorted(FIXTURES.glob("*.ipynb")) if readable(path)]


def check_laws(notebook: Notebook, before: int) -> Notebook:
    after = read("after", insert_cell(notebook, before, SOURCE, TAGS))
    new = after.cells[before - 1]
    assert (new.kind, new.source, new.tags) == ("code", SOURCE, TAGS)
    others = [cell for cell in after.cells if cell is not new]
    assert [(cell.source, cell.id, cell.kind) for cell in others] == [
        (cell.source, cell.id, cell.kind) for cell in notebook.cells
    ]
    assert remove_cell(after, before) == notebook.data
    assert insert_cell(notebook, before, SOURCE, TAGS) == after.data, "not deterministic"
    return after


@pytest.mark.parametrize("name", READABLE)
def test_insert_then_remove_is_the_same_file(name: str) -> None:
    notebook = fixture(name)
    for before in range(1, len(notebook.cells) + 2):
        after = check_laws(notebook, before)
        if validate(notebook.data) is None:
            assert validate(after.data) is None


CANONICAL = [
    "indent_1",
    "indent_2",
    "indent_4",
    "indent_tabs",
    "no_indent",
    "ascii_escaped",
    "not_ascii_escaped",
    "nbformat_4_5_ids",
]
CANONICAL += [
    "source_as_string",
    "one_cell",
    "only_markdown",
    "no_cells",
    "no_cells_compact",
    "unsorted_keys",
    "duplicate_ids",
]
LAYOUTS = {"indent_2": 2, "indent_4": 4, "indent_tabs": "\t", "no_indent": None, "source_as_string": 2, "one_cell": 2}
LAYOUTS["no_cells_compact"] = None


@pytest.mark.parametrize("name", CANONICAL)
def test_new_cell_is_laid_out_as_json_lays_out_the_rest(name: str) -> None:
    notebook = fixture(name)
    for before in range(1, len(notebook.cells) + 2):
        data = insert_cell(notebook, before, SOURCE, TAGS)
        layout = LAYOUTS.get(name, 1)
        assert data.decode() == json.dumps(json.loads(data), indent=layout, ensure_ascii=name == "ascii_escaped") + "\n"


def keys_of(name: str, before: int) -> list[str]:
    return list(json.loads(insert_cell(fixture(name), before, SOURCE, TAGS).decode("utf-8-sig"))["cells"][before - 1])


def test_keys_follow_the_neighbours() -> None:
    assert keys_of("unsorted_keys", 1) == ["source", "outputs", "metadata", "execution_count", "cell_type"]
    assert keys_of("nbformat_4_5_ids", 2) == ["cell_type", "execution_count", "id", "metadata", "outputs", "source"]
    assert keys_of("nbformat_4_4", 2) == ["cell_type", "execution_count", "metadata", "outputs", "source"]
    assert keys_of("only_markdown", 1) == ["cell_type", "execution_count", "metadata", "outputs", "source"]


def test_ids_only_where_the_format_has_them_and_never_twice() -> None:
    assert read("", insert_cell(fixture("ids_below_4_5"), 1, SOURCE)).cells[0].id is None
    once = read("", insert_cell(fixture("nbformat_4_5_ids"), 1, SOURCE))
    twice = read("", insert_cell(once, 1, SOURCE))
    ids = [cell.id for cell in twice.cells]
    assert None not in ids
    assert len(set(ids)) == len(ids) == 5


def test_source_is_a_string_where_sources_are_strings() -> None:
    data = insert_cell(fixture("source_as_string"), 1, SOURCE)
    assert isinstance(json.loads(data)["cells"][0]["source"], str)
    assert json.loads(insert_cell(fixture("source_as_string"), 1, SOURCE))["cells"][0]["metadata"] == {}


def test_line_ends_of_the_file() -> None:
    data = insert_cell(fixture("crlf_file"), 2, SOURCE, TAGS)
    assert data.count(b"\n") == data.count(b"\r\n")


@pytest.mark.parametrize("before", [0, -1, 5])
def test_place_out_of_range_is_refused(before: int) -> None:
    with pytest.raises(ValueError, match="from 1 to 4"):
        insert_cell(fixture("indent_1"), before, SOURCE)


@pytest.mark.parametrize("number", [0, 4])
def test_removing_no_cell_is_refused(number: int) -> None:
    with pytest.raises(ValueError, match="from 1 to 3"):
        remove_cell(fixture("indent_1"), number)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.sampled_from(["x", "", "a\nb", "é"]), max_size=3),
    st.sampled_from([None, 0, 1, 2, 4, "\t"]),
    st.sampled_from([None, (",", ":"), (", ", ": ")]),
    st.integers(3, 5),
    st.sampled_from(["\n", "\r\n"]),
    st.data(),
)
def test_laws_hold_in_every_layout(
    sources: list[str], indent: object, separators: object, minor: int, ending: str, draw: st.DataObject
) -> None:
    cells = [{"source": [source], "metadata": {}, "cell_type": "code", "outputs": []} for source in sources]
    value = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": minor}
    text = json.dumps(value, indent=indent, separators=separators)  # type: ignore[arg-type]
    notebook = read("x", text.replace("\n", ending).encode())
    check_laws(notebook, draw.draw(st.integers(1, len(sources) + 1)))


def corpus() -> list[Path]:
    folder = os.environ.get("NB2MOD_CORPUS")
    return [path for path in sorted(Path(folder).rglob("*.ipynb")) if readable(path)] if folder else []


@pytest.mark.skipif(not corpus(), reason="NB2MOD_CORPUS names no folder with notebooks")
def test_laws_hold_for_real_notebooks() -> None:
    for path in corpus():
        notebook = read(str(path), path.read_bytes())
        check_laws(notebook, 1)
        check_laws(notebook, len(notebook.cells) + 1)
