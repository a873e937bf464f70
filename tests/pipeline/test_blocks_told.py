"""What a person is told of repeated blocks: which notebook loses which names, and what stays though it was tried shorter."""

import json
from collections.abc import Sequence
from pathlib import Path

from nb2mod import pipeline, settings
from nb2mod.model import Candidate, Verdict

HALVE = "def halve(x):\n    y = x / 2\n    return y"
OTHER = 'def halve(x):\n    print("halving", x)\n    for i in range(3):\n        x = x - i\n    return x // 2'
SHARES = 'values = [low, 2, 5]\nhigh = max(values)\nspan = high - low\nprint("span", span)\nshare = span / high'


def _block(root: Path, **notebooks: Sequence[str]) -> Candidate:
    """The only block of a scan."""
    root.mkdir(parents=True)
    (root / "pyproject.toml").write_text("[tool.nb2mod]\ncount-copied-notebooks = true\n")
    for name, sources in notebooks.items():
        cells = [
            {"cell_type": "code", "source": source, "metadata": {}, "outputs": [], "execution_count": None}
            for source in sources
        ]
        notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
        (root / f"{name}.ipynb").write_text(json.dumps(notebook))
    request = pipeline.Request(root=root, config=settings.load(root), jobs=1, cache=False)
    (found,) = [one for one in pipeline.scan(request).candidates if one.kind == "block"]
    return found


def _lost(one: Candidate) -> list[str]:
    return [reason.message for reason in one.reasons if reason.code == "NB371"]


def test_a_note_names_its_notebooks_where_copies_lose_other_names(project_root: Path) -> None:
    again = ["low = 1", SHARES, "print(share)"]
    one = _block(project_root, a=again, b=[*again, "span = 0"], c=again, d=again)
    assert _lost(one) == [
        "no longer visible at the prompt: `low`, `values`, `high`, `span` (a.ipynb and 2 more)",
        "no longer visible at the prompt: `low`, `values`, `high`; keeps the value that other cells give it: `span` (b.ipynb)",
    ]


def test_a_note_names_none_where_all_lose_the_same(project_root: Path) -> None:
    again = ["low = 1", SHARES, "print(share)"]
    one = _block(project_root, a=again, b=again)
    assert _lost(one) == ["no longer visible at the prompt: `low`, `values`, `high`, `span`"]


def test_a_block_moves_without_what_it_can_t_begin_with(project_root: Path) -> None:
    again = [HALVE, f"low = halve(3)\n{SHARES}", "print(share)"]
    one = _block(project_root, a=[*again, OTHER, "halve(3)"], b=again)
    assert (one.verdict, [each.line for each in one.occurrences]) == (Verdict.EXTRACT, [2, 2])


def test_what_is_tried_shorter_in_vain_is_told_as_it_was_found(project_root: Path) -> None:
    again = [HALVE, f"low = halve(3)\n{SHARES}\ndel low", "print(share)"]
    one = _block(project_root, a=[*again, OTHER, "halve(3)"], b=again)
    assert (one.verdict, [each.line for each in one.occurrences]) == (Verdict.BLOCKED, [1, 1])
    assert [reason.code for reason in one.reasons if reason.effect == "blocks"] == ["NB307"]
