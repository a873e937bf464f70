"""read, peek, quick and links over the fixtures: what is refused and why, what one odd cell costs, that quick is read."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nb2mod.errors import UnreadableNotebook
from nb2mod.model import Notebook
from nb2mod.notebook import kind_of, links, peek, quick, read

FIXTURES = Path(__file__).parents[2] / "fixtures" / "notebooks"
ALL = sorted(path.stem for path in FIXTURES.glob("*.ipynb"))

REFUSED = {  # fixture: code, words of the message
    "broken_cut_short": ("NB404", "expected JSON, found it broken"),
    "broken_extra_data": ("NB404", "Extra data: line 55, column 1"),
    "broken_trailing_comma": ("NB404", "line 54, column 1"),
    "cells_is_an_object": ("NB404", "a list called cells"),
    "cells_missing": ("NB404", "a list called cells"),
    "empty_file": ("NB404", "found an empty file"),
    "git_lfs_pointer": ("NB404", "git lfs pull"),
    "json_list": ("NB404", "the file holds a list"),
    "json_number": ("NB404", "the file holds a number"),
    "json_without_nbformat": ("NB404", "without a number called nbformat"),
    "kernel_julia_by_language_info": ("NB405", "found julia"),
    "kernel_pyspark_remote": ("NB405", "found pyspark"),
    "kernel_r": ("NB405", "found r"),
    "kernel_r_without_language": ("NB405", "found r"),
    "latin_1": ("NB404", "not UTF-8"),
    "latin_1_in_output": ("NB404", "not UTF-8"),
    "merge_conflict": ("NB404", "merge conflict"),
    "nbformat_2": ("NB406", "found 2"),
    "nbformat_3": ("NB406", "found 3"),
    "nbformat_5": ("NB404", "found 5"),
    "nbformat_is_text": ("NB404", "without a number called nbformat"),
    "utf_16": ("NB404", "not UTF-8"),
}
READABLE = [name for name in ALL if name not in REFUSED]

ODD = {  # fixture: what is said of its second cell; the first and third are read
    "cell_is_a_list": "the cell is no JSON object",
    "cell_is_a_number": "the cell is no JSON object",
    "cell_source_list_of_numbers": "its source is a list, not text",
    "cell_source_missing": "it has no source",
    "cell_source_null": "its source is null, not text",
    "cell_source_number": "its source is a number, not text",
    "cell_type_missing": "its cell_type is missing",
    "cell_type_number": "its cell_type is a number",
}
LOCKED = {  # fixture: a word of the reason per cell, None where the cell may be edited
    "colab_forms": ["@param", "cellView", None, "@param", None],
    "directives": [None, None],
    "metadata_of_wrong_types": [None, "papermill", None, None],
    "nbgrader": ["locked", "solution", "grades", "task", None],
    "not_editable": ["not to be edited", None],
    "papermill": ["parameters", "injected-parameters", None],
}


def data_of(name: str) -> bytes:
    return (FIXTURES / f"{name}.ipynb").read_bytes()


def fixture(name: str) -> Notebook:
    return read(f"{name}.ipynb", data_of(name))


def without_spans(notebook: Notebook) -> Notebook:
    cells = tuple(msgspec.structs.replace(cell, start=0, end=0) for cell in notebook.cells)
    return msgspec.structs.replace(notebook, text="", cells=cells)


def answer(reader: Callable[[str, bytes], Notebook], path: str, data: bytes) -> Notebook | tuple[str, str]:
    """The notebook without its spans, or the refusal's code and message."""
    try:
        return without_spans(reader(path, data))
    except UnreadableNotebook as refusal:
        return refusal.code, str(refusal)


def check_quick_is_read(path: str, data: bytes) -> None:
    assert answer(quick, path, data) == answer(read, path, data)


def test_quick_leaves_out_spans_and_text() -> None:
    notebook = quick("indent_1.ipynb", data_of("indent_1"))
    assert notebook == without_spans(notebook)


@pytest.mark.parametrize("name", REFUSED)
def test_refused_with_its_code_and_reason(name: str) -> None:
    code, words = REFUSED[name]
    with pytest.raises(UnreadableNotebook) as caught:
        fixture(name)
    assert caught.value.code == code
    assert words in str(caught.value)


@pytest.mark.parametrize("name", READABLE)
def test_cells_are_those_of_json(name: str) -> None:
    notebook = fixture(name)
    cells = json.loads(data_of(name).decode("utf-8-sig"))["cells"]
    assert [cell.number for cell in notebook.cells] == list(range(1, len(cells) + 1))
    for cell, raw in zip(notebook.cells, cells, strict=True):
        if cell.odd is None:
            assert cell.source == "".join(raw["source"])
            assert json.loads(notebook.text[cell.start : cell.end]) == raw["source"]
            assert cell.kind == raw["cell_type"]


@pytest.mark.parametrize("name", ALL)
def test_quick_is_read(name: str) -> None:
    check_quick_is_read(name, data_of(name))


@pytest.mark.parametrize("name", ODD)
def test_one_odd_cell_costs_that_cell(name: str) -> None:
    before, odd, after = fixture(name).cells
    assert (before.source, before.odd, after.source, after.odd) == ("a = 1", None, "b = 2", None)
    assert (odd.odd, odd.locked, odd.source, odd.end) == (ODD[name], ODD[name], "", 0)


@pytest.mark.parametrize("name", LOCKED)
def test_locked_cells_tell_why(name: str) -> None:
    for cell, word in zip(fixture(name).cells, LOCKED[name], strict=True):
        assert (cell.locked is None) if word is None else (cell.locked and word in cell.locked), cell


def test_nothing_else_is_locked() -> None:
    others = set(READABLE) - set(LOCKED) - set(ODD)
    assert not [name for name in others for cell in fixture(name).cells if cell.locked]


def test_facts_of_the_file() -> None:
    assert fixture("bom").text.startswith("{")
    assert fixture("duplicate_keys").cells[0].source == "x = 1\ny = 2"
    assert fixture("duplicate_keys").cells[0].kind == "code"
    assert fixture("escaped_key").cells[0].source == "x = 1"
    assert fixture("jupytext_pair").paired == "ipynb,py:percent"
    assert fixture("jupytext_not_paired").paired is None
    assert fixture("kernel_named_only").kernel == "conda-env-x-py"
    assert fixture("lone_surrogate").cells[0].source == "x = '\ud800'\ny = 1"
    assert fixture("nbformat_4_5_ids").cells[1].id == "load-scores"
    assert (fixture("no_nbformat_minor").nbformat, fixture("no_nbformat_minor").nbformat_minor) == (4, 0)
    assert fixture("papermill").papermill
    assert fixture("papermill").cells[0].tags == ("parameters",)
    assert fixture("papermill").cells[2].raises
    assert not fixture("papermill").cells[0].raises
    assert fixture("source_as_string").cells[1].source.startswith("import numpy as np\n\ndef")
    assert fixture("unknown_cell_type").cells[0].kind == "chart"


def test_peek_reads_what_read_refuses_by_version_and_language() -> None:
    old = peek("old.ipynb", data_of("nbformat_3"))
    assert [(cell.kind, cell.source, cell.end) for cell in old.cells] == [
        ("markdown", "# old", 0),
        ("code", "x = 1\ny = 2", 0),
    ]
    assert peek("older.ipynb", data_of("nbformat_2")).cells[0].source == "x = 1"
    assert peek("r.ipynb", data_of("kernel_r")).language == "r"
    assert peek("indent_1.ipynb", data_of("indent_1")) == read("indent_1.ipynb", data_of("indent_1"))


def test_links() -> None:
    found = {name: links(data_of(name)) for name in ALL}
    assert found.pop("colab_link") == ("colab",)
    assert found.pop("binder_link") == ("binder",)
    assert set(found.values()) == {()}


def test_nesting_too_deep_is_refused_and_numbers_too_long_are_read() -> None:
    """Python reads no integer of more than 4,300 digits; one in an output costs nothing, and `quick` leaps over it."""
    deep = b'{"cells": [], "nbformat": 4, "metadata": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    long = b'{"cells": [], "nbformat": 4, "x": ' + b"9" * 5000 + b"}"
    with pytest.raises(UnreadableNotebook, match="nested too deeply"):
        read("deep", deep)
    assert read("long", long).cells == quick("long", long).cells == ()
    with pytest.raises(UnreadableNotebook, match="without a number called nbformat"):
        read("long", long.replace(b'"nbformat": 4', b'"nbformat": ' + b"4" * 5000))


def test_suffix_names_the_kind() -> None:
    kind = kind_of("a/b.IPYNB")
    assert kind is not None
    assert (kind.read, kind.quick) == (read, quick)
    assert kind_of("a/b.py") is None


def test_importing_the_room_loads_no_notebook_library() -> None:
    script = "import sys, nb2mod.notebook; print({'nbformat', 'jupytext', 'IPython', 'jsonschema'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 5)
    | st.floats()
    | st.text(max_size=4)
    | st.sampled_from(["code", "python", "r"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)


def objects(**fields: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    """Objects in which any field may be missing or hold any value at all, but mostly holds what it should."""
    return st.fixed_dictionaries(
        {}, optional={key: value | value | value | JSON_VALUES for key, value in fields.items()}
    )


SOURCES = st.text(max_size=8) | st.lists(st.text(max_size=5), max_size=3)
ANY_CELL = objects(
    cell_type=st.sampled_from(["code", "markdown"]),
    source=SOURCES,
    id=st.text(max_size=3),
    metadata=objects(
        tags=st.lists(st.sampled_from(["parameters", "x", "raises-exception"]), max_size=2),
        nbgrader=objects(locked=st.booleans(), grade=st.booleans()),
        cellView=st.just("form"),
        editable=st.booleans(),
    ),
)
ANY_NOTEBOOK = st.fixed_dictionaries(
    {"cells": st.lists(ANY_CELL, max_size=3), "nbformat": st.sampled_from([4, 4, 4, 4.0, 3, 5, True, "4", None])},
    optional={
        "nbformat_minor": st.integers(0, 5) | JSON_VALUES,
        "worksheets": JSON_VALUES,
        "metadata": objects(
            kernelspec=objects(name=st.just("python3"), language=st.just("python")),
            language_info=objects(name=st.just("python")),
            jupytext=objects(formats=st.sampled_from(["ipynb,py", "ipynb", "md"])),
            papermill=JSON_VALUES,
        ),
    },
)


@settings(max_examples=400, deadline=None)
@given(ANY_NOTEBOOK, st.booleans())
def test_quick_is_read_whatever_the_types(notebook: object, ascii_only: bool) -> None:
    check_quick_is_read("x", json.dumps(notebook, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass"))


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(READABLE), st.data())
def test_a_byte_changed_anywhere_is_read_or_refused(name: str, data: st.DataObject) -> None:
    original = data_of(name)
    position = data.draw(st.integers(0, len(original) - 1))
    check_quick_is_read(name, original[:position] + data.draw(st.binary(max_size=2)) + original[position + 1 :])


def corpus() -> list[Path]:
    folder = os.environ.get("NB2MOD_CORPUS")
    return sorted(Path(folder).rglob("*.ipynb")) if folder else []


@pytest.mark.skipif(not corpus(), reason="NB2MOD_CORPUS names no folder with notebooks")
def test_quick_is_read_for_real_notebooks() -> None:
    for path in corpus():
        check_quick_is_read(str(path), path.read_bytes())


def test_counters_that_make_no_sense_count_as_none() -> None:
    values = [3, 0, 4.0, None, "5", True, -1, 2**40, [1], 10**30]
    cells = [
        {"cell_type": "code", "source": "", "metadata": {}, "outputs": [], "execution_count": value} for value in values
    ]
    data = json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}).encode()
    check_quick_is_read("a.ipynb", data)
    assert [cell.count for cell in quick("a.ipynb", data).cells] == [3, 0, 4, *[None] * 7]
    for kept in range(len(values)):  # each alone: one odd value sends the whole file another way
        alone = json.dumps({"cells": [cells[kept]], "metadata": {}, "nbformat": 4}).encode()
        check_quick_is_read("a.ipynb", alone)


@pytest.mark.parametrize(
    ("about", "stage", "misdeclared"),
    [
        ({}, None, None),
        ({"nb2mod": {"stage": "production"}}, "production", None),
        ({"nb2mod": {"stage": " Exploratory "}}, "exploratory", None),
        ({"nb2mod": {"stage": "prod"}}, None, "'prod'"),
        ({"nb2mod": {"stage": ["production"]}}, None, "a list"),
        ({"nb2mod": {"stage": 3}}, None, "a number"),
        ({"nb2mod": {"stage": None}}, None, None),
        ({"nb2mod": "production"}, None, None),
        ({"nb2mod": None}, None, None),
    ],
)
def test_stage_declared_in_the_metadata(about: dict[str, object], stage: str | None, misdeclared: str | None) -> None:
    data = json.dumps({"cells": [], "metadata": about, "nbformat": 4, "nbformat_minor": 4}).encode()
    check_quick_is_read("a.ipynb", data)
    notebook = quick("a.ipynb", data)
    assert (notebook.stage, notebook.misdeclared) == (stage, misdeclared)


PYTHONS = {  # kernelspec's language and name, language_info's name and version: which language
    ("python", "python2", "python", "2.7.15"): "python 2",
    ("python", "python2", None, None): "python 2",
    (None, "Python2", None, None): "python 2",
    ("python", "conda-env-old-py", "python", "2.7.15"): "python 2",
    (None, None, "python", "2.7.6"): "python 2",
    ("python", "python3", "python", "2.7.15"): "python",
    ("python", "python2", "python", "3.9.1"): "python",
    ("python", "python3", "python", "3.9.1"): "python",
    ("python", "conda-env-2.7-py", "python", 2.7): "python",
    ("R", "ir", "R", "2.15.1"): "r",
    (None, None, None, None): "python",
}


@pytest.mark.parametrize(("about", "language"), PYTHONS.items())
def test_python_2_is_another_language(about: tuple[Any, ...], language: str) -> None:
    kernel_language, kernel, info_language, version = about
    metadata = {
        "kernelspec": {"language": kernel_language, "name": kernel, "display_name": "x"},
        "language_info": {"name": info_language, "version": version},
    }
    data = json.dumps({"cells": [], "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}).encode()
    assert peek("a.ipynb", data).language == language
    for reader in (read, quick):
        if language == "python":
            assert reader("a.ipynb", data).language == language
        else:
            said = "expected a Python 3 kernel" if language == "python 2" else "expected a Python kernel"
            with pytest.raises(UnreadableNotebook, match=said):
                reader("a.ipynb", data)
