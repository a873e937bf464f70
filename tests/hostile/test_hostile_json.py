"""The readers of a notebook, whatever stands in the JSON: an answer or UnreadableNotebook, the same from each, and soon."""

import copy
import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hostile.rows import GOOD, notebook

from nb2mod.errors import UnreadableNotebook
from nb2mod.model import Notebook
from nb2mod.notebook import links, mask, peek, quick, raw_line, read, replace_sources, validate
from nb2mod.stages.index import outline, read_cell

VALUES: list[Any] = [None, True, 0, -1, 1.5, 2**70, "", "x", [], [[]], ["x"], [1], {}, {"a": {}}, [None, "x"], "\ud800"]


def sample() -> dict[str, Any]:
    made = notebook("x = 1", ["import os\n", "x"], GOOD)
    made["metadata"] |= {"jupytext": {"formats": "ipynb,py"}, "language_info": {"name": "python"}, "papermill": {}}
    made["cells"][0]["metadata"] = {
        "tags": ["parameters"],
        "nbgrader": {"locked": True},
        "editable": False,
        "cellView": "form",
    }
    made["cells"][0]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": ["a"]}]
    made["cells"].append({"cell_type": "markdown", "id": "m", "metadata": {}, "source": "# x", "attachments": {}})
    return made


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of every node of a JSON value."""
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in inner:
        yield from places(item, (*path, key))


def mutants() -> Iterator[bytes]:
    """A sound notebook with one node made something else, or gone, or there twice."""
    whole = sample()
    for path in places(whole):
        for value in VALUES:
            made: Any = copy.deepcopy(whole)
            if not path:
                yield json.dumps(value).encode()
                continue
            inside = made
            for key in path[:-1]:
                inside = inside[key]
            inside[path[-1]] = value
            yield json.dumps(made).encode()
        if path:
            made = copy.deepcopy(whole)
            inside = made
            for key in path[:-1]:
                inside = inside[key]
            kept = inside.pop(path[-1])
            yield json.dumps(made).encode()
            if isinstance(inside, dict):
                twice = f"{json.dumps(path[-1])}: {json.dumps(kept)}, {json.dumps(path[-1])}: 7"
                inside["MARK"] = 0
                yield json.dumps(made).replace('"MARK": 0', twice).encode()


def readings(data: bytes) -> list[Notebook | str]:
    """What each reader makes of the bytes; a refusal as its text."""
    found: list[Notebook | str] = []
    for reader in (read, quick, peek):
        try:
            found.append(reader("a.ipynb", data))
        except UnreadableNotebook as error:
            found.append(str(error))
    return found


def check_readers(data: bytes) -> Notebook | None:
    """The law: nothing else is raised, `quick` gives what `read` gives, and writing nothing changes no byte."""
    whole, cheap, _ = readings(data)
    links(data)
    validate(data)
    features = outline("a.ipynb", data)
    if isinstance(whole, str):
        assert cheap == whole, data[:300]
        assert features.error == whole
        return None
    assert isinstance(cheap, Notebook), (data[:300], cheap)
    seen = [(cell.kind, cell.source, cell.id, cell.tags, cell.locked, cell.raises, cell.odd) for cell in whole.cells]
    assert seen == [(c.kind, c.source, c.id, c.tags, c.locked, c.raises, c.odd) for c in cheap.cells]
    assert (whole.language, whole.kernel, whole.paired, whole.nbformat) == (
        cheap.language,
        cheap.kernel,
        cheap.paired,
        cheap.nbformat,
    )
    assert replace_sources(whole, {}) == data
    sound = {cell.number: cell.source for cell in whole.cells if cell.end}
    assert replace_sources(whole, sound) == data
    for number in sound:
        raw_line(whole, number, 1)
    return whole


def test_every_node_of_every_other_type(record_property: Callable[[str, object], None]) -> None:
    tried = refused = 0
    for data in mutants():
        tried += 1
        refused += check_readers(data) is None
    assert 0 < refused < tried
    record_property(
        "score", f"hostile JSON: {tried} notebooks with one node of another type, gone or twice; {refused} refused"
    )


def test_cut_off_anywhere() -> None:
    data = json.dumps(sample(), indent=1).encode()
    for end in range(len(data)):
        assert check_readers(data[:end]) is None
    for start in range(1, len(data), 3):
        check_readers(data[start:])


def test_a_byte_flipped_anywhere() -> None:
    data = bytearray(json.dumps(sample()).encode())
    for at in range(len(data)):
        for flip in (0x01, 0x20, 0x80):
            data[at] ^= flip
            check_readers(bytes(data))
            data[at] ^= flip


NUMBERS = ["1e999", "-1e999", "NaN", "Infinity", "-0", "1" * 5000, "1" * 400 + ".5", "4.0", "4e0", "0.4e1", "1E400000"]


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("key", ['"execution_count": null', '"nbformat": 4', '"nbformat_minor": 5'])
def test_odd_numbers(number: str, key: str) -> None:
    text = json.dumps(notebook("x", GOOD))
    check_readers(text.replace(key, f"{key.partition(':')[0]}: {number}").encode())


SLOW = {
    "a name and a question mark": "x" * 300_000 + " ?",
    "an odd name": "x." * 100_000 + "-?",
    "stars": "*" * 100_000 + " ?",
    "escaped quotes": "%x\n" + "\\'" * 150_000,
    "escaped quotes on lines": "%x\n" + ("\\'" * 100 + "\n") * 1_000,
    "triple quotes behind a prompt": ">>> x\n" + "'''" * 100_000,
    "f-strings that never end": "%x\n" + "f'{" * 100_000,
    "f-strings inside f-strings": "%x\n" + "f'{'" * 100_000,
    "f-strings on lines": "%x\n" + "f'{\n" * 50_000,
    "brackets": "%x\n" + "([{" * 100_000,
    "timing of timing": "%time " * 20_000 + "x",
    "timing of timing with options": "%timeit -n1 " * 20_000 + "x",
    "cells of cells": "%%time\n" * 20_000 + "x",
    "cells of cells that capture": "%%capture x\n" * 20_000 + "x",
    "continued lines": "!x" + "\\\n" * 50_000 + "y",
    "assignments that never end": "a =" + "\\\n" * 50_000 + "!x",
    "fields": "!x " + "{a" * 100_000,
    "commas": ",f " + "a " * 100_000,
    "prompts": "In [1]: " * 30_000,
}


@pytest.mark.parametrize("name", SLOW)
def test_the_masker_takes_no_more_than_its_time(name: str) -> None:
    """What took the square of its length, or all of the stack."""
    started = time.process_time()
    found = mask(SLOW[name])
    assert found.python.count("\n") == SLOW[name].count("\n")
    assert time.process_time() - started < 5


def test_deep_timing_may_bind_anything() -> None:
    found = mask("%time " * 50 + "x = 1")
    assert any(magic.unknown for magic in found.magics)
    assert not mask("%time " * 3 + "x = 1").magics[0].unknown
    assert mask("%%time\n" * 50 + "x = 1").opaque
    assert not mask("%%time\n" * 3 + "x = 1").opaque


def test_a_name_too_long_to_be_asked_about_is_no_python() -> None:
    assert read_cell("x" * 5000 + "?").error
    assert not read_cell("x" * 500 + "?").error


def test_depth_is_told_alike_from_any_stack() -> None:
    """Whether a cell is read must not hang on how deep the caller stands."""

    def deeper(levels: int) -> str | None:
        return deeper(levels - 1) if levels else read_cell("x" + ".a" * depth).error

    for depth in (150, 190, 210, 400):
        assert deeper(0) == deeper(200)
        assert (deeper(0) is None) == (depth < 200)
