"""What words and facts tell of a cell, without a reading, is what its reading says: over the cells of all cases, and functions of
the standard library written as cells.
"""

import ast
import inspect
import json
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from analyze.flowing import notebook

from nb2mod.stages.analyze import names_of
from nb2mod.stages.analyze.blocks.whole import Whole
from nb2mod.syntax.block_facts import GONE, Reading
from nb2mod.syntax.block_words import used_words

_CASES = Path(__file__).parents[2] / "fixtures" / "cases"
_MODULES = (ast, inspect, json, textwrap)


def test_what_is_told_is_what_a_reading_says(record_property: Callable[[str, object], None]) -> None:
    asked = told = 0
    for source in sorted({*_cells(), *_bodies()}):
        features = notebook([source])
        facts = features.cells[0].facts
        if facts.error or facts.opaque or not facts.statements:
            continue
        whole = Whole(features, names_of(0, features))
        last = len(facts.statements) - 1
        for place in {(0, 0, last), (0, 0, last // 2), (0, (last + 1) // 2, last)}:
            reading = whole.reading(place)
            _assert_words(whole, reading, source)
            wanted = _wanted(reading)
            for name in sorted(whole.words(0).names | wanted):
                answer = whole.told(place, name)
                asked, told = asked + 1, told + (answer is not None)
                assert answer in (None, name in wanted), (source, place, name)
                assert name not in wanted or 0 in whole.cells_speaking(name), (source, name)
                assert whole.end_of(place, name) == _end(reading, name), (source, place, name)
    assert told > asked / 2
    record_property("score", f"names of cells: {told:,} of {asked:,} told without reading the cell, all rightly")


def _assert_words(whole: Whole, reading: Reading, source: str) -> None:
    words = whole.words(0)
    closures = reading.closures
    looks = reading.views or any(one.view for one in closures) or any(flow.names for flow in reading.flows)
    assert words.views or not looks, source
    assert words.closes or not closures, source
    assert words.yields or not any(one.yields for one in closures), source
    assert words.unbinds or not any(one.unbinds for one in closures), source
    spoken = {name for one in closures for name in one.reads | one.writes}
    assert words.classes or not spoken or whole.uses(0, spoken), source
    assert all(name in words.names for flow in reading.flows for name in flow.values | flow.calls) or not words.sure
    made = {one.partition(".")[0] for flow in reading.flows for one in flow.made}
    assert made - {""} <= used_words(whole.text(0)), source


def _wanted(reading: Reading) -> frozenset[str]:
    found = {need.name for need in reading.needs}
    found |= {each.name for each in reading.deletes if not (each.own or each.handler)}
    return frozenset(found.union(*(one.reads | one.unbinds for one in reading.closures)))


def _end(reading: Reading, name: str) -> int | None:
    for bound in reading.bound:
        if bound.name == name:
            return bound.end
    return GONE if any(each.name == name for each in reading.deletes) else None


def _cells() -> Iterator[str]:
    for path in _CASES.rglob("before/**/*.ipynb"):
        try:
            cells = json.loads(path.read_bytes())["cells"]
            yield from ("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
        except (ValueError, KeyError, TypeError):
            continue  # cases of broken notebooks


def _bodies() -> Iterator[str]:
    for module in _MODULES:
        source = inspect.getsource(module)
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.FunctionDef):
                lines = source.splitlines()[node.body[0].lineno - 1 : node.end_lineno]
                yield textwrap.dedent("\n".join(lines))


@pytest.mark.parametrize(
    "source",
    [
        'x = table.query("a > @" "limit")',
        "total = sum(n\n    for n in numbers)",
        "rows = [n for n in numbers]\nfor row in rows:\n    pass",
        "call((n for n in numbers), [n for n in others])",
        "\ufb01le = 1\nuse(ﬁle, é)",
        "first or (second := third)\nuse(second)",
        "raise SystemExit\nuse(after)",
        "i, x[i] = 1, 2",
        "use(before)\ndel before\nuse(before)",
        'import_module("__main" "__")',
    ],
)
def test_odd_texts(source: str) -> None:
    features = notebook([source])
    whole = Whole(features, names_of(0, features))
    place = (0, 0, len(features.cells[0].facts.statements) - 1)
    reading = whole.reading(place)
    wanted = _wanted(reading)
    _assert_words(whole, reading, source)
    for name in sorted(whole.words(0).names | wanted):
        assert whole.told(place, name) in (None, name in wanted)
        assert whole.wants(place, name) == (name in wanted)
        assert whole.end_of(place, name) == _end(reading, name)
