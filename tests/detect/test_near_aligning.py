"""How alike two definitions are: what may not count as alike, then what must; and the subsequence it stands on."""

from itertools import pairwise

import pytest
from detect.corpus import cell
from hypothesis import given
from hypothesis import strategies as st

from nb2mod.stages.detect.near.aligning import Spelled, matched, similarity
from nb2mod.syntax.tokens import STATEMENT

BODY = """def score(rows, limit):
    kept = [row for row in rows if row.value > limit]
    total = sum(row.value for row in kept)
    if total > 100:
        print(total, len(kept))
    return total / len(kept)
"""


def spelled(source: str) -> Spelled:
    (one,) = cell(1, source).facts.definitions
    return Spelled(one.tokens)


def alike(one: str, other: str) -> float:
    return similarity(spelled(one), spelled(other), 0)


@pytest.mark.parametrize(
    "other",
    [
        BODY.replace("100", "200"),
        BODY.replace("total / len", "limit / len"),
        BODY.replace("row.value > limit", "row.value >= limit"),
        BODY.replace("print(", "log("),
        BODY.replace(".value", ".price", 1),
        BODY.replace("    return", "    total += 1\n    return"),
        BODY.replace("        print(total, len(kept))\n", "        pass\n"),
        BODY.replace("rows, limit", "rows, limit=3"),
        BODY.replace("score(rows", "score(weights, rows"),
    ],
)
def test_a_difference_counts(other: str) -> None:
    assert 0.7 < alike(BODY, other) < 1


@pytest.mark.parametrize(
    "other",
    [
        BODY.replace("row", "line").replace("total", "summed").replace("limit", "least"),
        BODY.replace("score", "mean_of_large"),
        BODY.replace(":\n", ':\n    """Told."""\n', 1),
        BODY.replace("kept = ", "kept: list = ").replace("100", "0x64"),
    ],
)
def test_what_no_reader_would_call_a_difference(other: str) -> None:
    assert alike(BODY, other) == 1


def test_more_differences_are_less_alike() -> None:
    steps = [("100", "7"), ("print", "log"), ("sum(", "max("), ("row.value > limit", "row.price > 3")]
    found, text = [1.0], BODY
    for old, new in steps:
        text = text.replace(old, new)
        found.append(alike(BODY, text))
    assert found == sorted(found, reverse=True)
    assert len(set(found)) == len(found)


def test_other_code_is_not_alike() -> None:
    other = """def draw(figure):
    axis = figure.add_subplot(projection="3d")
    axis.set_title(figure.title, pad=3)
    with figure.quiet():
        figure.savefig("out.png")
"""
    assert alike(BODY, other) < 0.35


def test_statements_are_told_apart() -> None:
    assert len(spelled(BODY).raw) == 1 + 5


@given(st.text("abc", max_size=40), st.text("abc", max_size=40))
def test_matched_is_a_longest_common_subsequence(one: str, other: str) -> None:
    pairs = matched(one, other)
    assert all(one[left] == other[right] for left, right in pairs)
    assert all(a < c and b < d for (a, b), (c, d) in pairwise(pairs))
    assert len(pairs) == _length(one, other)


def _length(one: str, other: str) -> int:
    """By the book (Wagner and Fischer 1974)."""
    above = [0] * (len(other) + 1)
    for left in one:
        row = [0]
        for at, right in enumerate(other):
            row.append(above[at] + 1 if left == right else max(above[at + 1], row[at]))
        above = row
    return above[-1]


_tokens = st.lists(st.binary(max_size=9).map(lambda one: one.replace(bytes((STATEMENT,)), b"")), min_size=1, max_size=8)


@given(_tokens, _tokens, st.floats(0, 1))
def test_similarity_keeps_to_its_range(one: list[bytes], other: list[bytes], least: float) -> None:
    first, second = (Spelled(bytes((STATEMENT,)).join(parts)) for parts in (one, other))
    whole = similarity(first, second, 0)
    assert 0 <= whole <= 1
    assert similarity(first, first, 1) == (1 if first.size else 0)
    # What is asked for only says when no answer is wanted.
    assert similarity(first, second, least) in (0, whole)
    if whole >= least:
        assert similarity(first, second, least) == whole
