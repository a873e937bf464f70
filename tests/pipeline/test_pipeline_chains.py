"""Long chains of helpers: no depth of calls is a depth of ours."""

import json
from pathlib import Path

import pytest

from nb2mod import pipeline, settings

LENGTH = 220  # at 200, following each helper from within its caller met the interpreter's limit


@pytest.mark.parametrize("callers_first", [False, True], ids=["helpers above", "callers above"])
def test_a_chain_moves_whole(project_root: Path, callers_first: bool) -> None:
    chain = ["def f0(x):\n    y = x + 1\n    return y * 2\n"]
    chain += [f"def f{n}(x):\n    y = x - {n}\n    return f{n - 1}(y)\n" for n in range(1, LENGTH)]
    cell = "\n\n".join(reversed(chain) if callers_first else chain)
    project_root.mkdir()
    for name in ("a", "b"):
        sources = [cell, f"f{LENGTH - 1}(1)", *(f"{name}{n} = {n}\nprint({name}{n} + 1)" for n in range(4))]
        cells = [
            {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": source}
            for source in sources
        ]
        book = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
        (project_root / f"{name}.ipynb").write_text(json.dumps(book))
    request = pipeline.Request(root=project_root, config=settings.load(project_root), jobs=1, cache=False)
    report = pipeline.extract(request)
    assert report.summary.verdicts["extract"] == LENGTH
    evidence = {one.evidence for candidate in report.candidates if candidate.members for one in candidate.occurrences}
    assert evidence == {"proved"}
