"""Near copies that could become one function: whether that is worth its calls, and how a candidate of them is known again."""

import itertools
import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from harness.case import CASES, read_case, write_tree

from nb2mod import pipeline, settings
from nb2mod.model import Candidate
from nb2mod.stages.unify import grouping

BODY = "def {}(values):\n    names = {}\n    kept = [value for value in values if value in names]\n    kept.sort()\n    return {}"


def _candidates(root: Path, *notebooks: Sequence[str]) -> list[Candidate]:
    root.mkdir(exist_ok=True)
    for number, sources in enumerate(notebooks):
        cells = [
            {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": source}
            for source in (f"print({number})", *sources)
        ]
        book = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
        (root / f"{number}.ipynb").write_text(json.dumps(book))
    return _scanned(root)


def _scanned(root: Path) -> list[Candidate]:
    request = pipeline.Request(root=root, config=settings.load(root), jobs=1, cache=False)
    return [one for one in pipeline.scan(request).candidates if one.code in ("NB103", "NB113")]


def _messages(one: Candidate) -> list[str]:
    return [reason.message for reason in one.reasons if reason.code == "NB378"]


# What each notebook's list is, what it returns, the name of each, how often each calls: what a person is asked
ASKED = {
    "a short list": (("[1]", "[2, 3]"), ("kept", "kept"), ("f", "f"), 1, ""),
    "a long list": (
        ("[1]", "['a long text', 'and another text']"),
        ("kept", "kept"),
        ("f", "f"),
        1,
        "would hold 35 characters of lists",
    ),
    "a list at many calls": (
        ("[1]", "[200, 300]"),
        ("kept", "kept"),
        ("f", "f"),
        4,
        "would hold 40 characters of lists",
    ),
    "much at many calls": (("(1,)", "(200, 300)"), ("kept", "kept"), ("f", "f"), 9, "its calls would say"),
    "the same at few calls": (("(1,)", "(200, 300)"), ("kept", "kept"), ("f", "f"), 2, ""),
    "two names": (("(1,)", "(2,)"), ("len(kept)", "str(kept)"), ("f", "g"), 1, "`f` and `g` would be one function"),
    "one name": (("(1,)", "(2,)"), ("len(kept)", "str(kept)"), ("f", "f"), 1, ""),
    "two names and no need to say which": (("(1,)", "(2,)"), ("kept", "kept"), ("f", "g"), 1, ""),
}


@pytest.mark.parametrize("name", ASKED)
def test_a_person_is_asked_where_one_function_saves_little(project_root: Path, name: str) -> None:
    lists, returned, names, calls, words = ASKED[name]
    books = [
        (
            BODY.format(called, found, result),
            "\n".join(f"print({called}([{number}, {found}]))" for number in range(calls)),
        )
        for called, found, result in zip(names, lists, returned, strict=True)
    ]
    (found,) = _candidates(project_root, *books)
    assert found.verdict.value == ("review" if words else "extract")
    assert [words in message for message in _messages(found)] == ([True] if words else [])


@pytest.mark.parametrize("case", ["H7_four_holes", "H7_block_four_values"])
def test_what_new_parameters_are_called_is_no_part_of_an_id(
    case: str, project_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_tree(read_case(CASES / case).before, project_root)
    before = _scanned(project_root)
    numbers = itertools.count(1)
    monkeypatch.setattr(grouping, "name_of", lambda *_: f"other_{next(numbers)}")
    after = _scanned(project_root)
    assert [(one.id, one.content) for one in after] == [(one.id, one.content) for one in before]
    assert [one.name for one in after[0].arguments] == ["other_1", "other_2", "other_3", "other_4"]
    assert {one.name for one in before[0].arguments}.isdisjoint(one.name for one in after[0].arguments)
