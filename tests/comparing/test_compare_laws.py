"""Laws of the comparison, over generated runs: an old run is never held against itself, and what is not noise is always seen."""

import re
from collections.abc import Callable
from typing import Any

from comparing.giving import against, bundle, encoded, err, error, kinds, out, run
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from nb2mod.model.runs import NotebookRun
from nb2mod.stages.verify.comparing.aligning import align, fits
from nb2mod.stages.verify.comparing.noise import compare_texts
from nb2mod.stages.verify.comparing.terminal import shown
from nb2mod.stages.verify.comparing.tokens import tokens

WORDS = st.sampled_from(
    [
        *("loss", "a", "b1", "ok", "{'x', 'y'}", "[1, 2]", "-0.5", "3", "7", "12ab34", "0x7f3a", "100%", "…", "é"),
        *("\n", "\n\n", "\r", "\x1b[1m", "  ", "<td>", "</td>", "<tr>", "&lt;", "__main__.M", "team.models.M"),
        "w:1: UserWarning: x\n  y\n",
    ]
)
TEXTS = st.lists(WORDS, max_size=14).map(" ".join) | st.text(max_size=30)
COLOURS = st.tuples(*[st.integers(0, 255)] * 4)
PICTURES = st.builds(
    lambda size, colour, point, other: encoded(_dotted(size, colour, point, other)),
    st.sampled_from([(5, 4), (20, 30)]), COLOURS, st.integers(0, 19), COLOURS,
)  # fmt: skip
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.floats() | TEXTS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc") | st.just("uid"), inner, max_size=3)
    ),
    max_leaves=8,
)
FORMS = st.fixed_dictionaries(
    {},
    optional={
        "text/plain": TEXTS,
        "text/html": TEXTS,
        "image/png": PICTURES | TEXTS,
        "application/json": JSON,
        "application/pdf": TEXTS,
        "image/svg+xml": TEXTS,
    },
)
OUTPUTS = st.lists(
    TEXTS.map(out)
    | TEXTS.map(err)
    | FORMS.map(bundle)
    | st.builds(error, st.sampled_from(["ValueError", "team.models.Bad"]), TEXTS),
    max_size=5,
)
NAMES = st.dictionaries(st.sampled_from(["x", "y", "z"]), TEXTS)
RUNS = st.builds(lambda cells, names: run(*cells, names=names), st.lists(OUTPUTS, max_size=3), NAMES)


def _dotted(size: tuple[int, int], colour: Any, point: int, other: Any) -> Image.Image:
    image = Image.new("RGBA", size, colour)
    image.putpixel((point % size[0], point % size[1]), other)
    return image


@settings(deadline=None, max_examples=40)
@given(RUNS)
def test_a_run_does_not_differ_from_itself(a: NotebookRun) -> None:
    compared = against(a, a, a)
    assert compared.differences == compared.notes == ()
    assert compared.noisy == 0


@settings(deadline=None, max_examples=60)
@given(RUNS, RUNS, RUNS)
def test_an_old_run_is_never_held_against_itself(a: NotebookRun, b: NotebookRun, c: NotebookRun) -> None:
    assert not against(a, b, a).differences
    assert not against(a, b, b).differences
    for new in (a, b, c):
        assert not against(a, b, c, new).differences


@settings(deadline=None, max_examples=60)
@given(RUNS, RUNS, RUNS)
def test_another_old_run_never_adds_a_difference(a: NotebookRun, b: NotebookRun, new: NotebookRun) -> None:
    """More noise is known, never less: a place that agreed before still does."""
    if not against(a, b, new).differences:
        assert not against(a, b, new, new).differences
    if not against(a, new).differences:
        assert not against(a, new, new).differences


@settings(deadline=None, max_examples=200)
@given(st.lists(TEXTS, min_size=2, max_size=4))
def test_a_text_fits_the_pattern_it_was_made_from(olds: list[str]) -> None:
    """Also up to the ends of its lines, so that the pattern itself is asked and not the equality that comes before it."""
    for old in olds:
        assert not compare_texts(olds, old + "").differs
        spaced = "\n".join(f"{line} " if line.strip() else line for line in old.split("\n"))
        if all("\n\n" not in text for text in olds) and len(set(olds)) > 1 and _paragraphs_differ(olds):
            assert not compare_texts(olds, spaced).differs


def _paragraphs_differ(olds: list[str]) -> bool:
    """Whether no paragraph is the same in all: such a one counts to the letter."""
    return len({old.strip("\n") for old in olds}) == len(olds)


STEADY = st.sampled_from(["loss", "at", "epoch", "(", ")", ":", "done", "rows"])
NOISY = st.integers(0, 99).map(str) | st.sampled_from(["0.125", "-3.5", "1e-05"])
LINES = st.lists(st.lists(STEADY | st.just(None), min_size=1, max_size=6), min_size=1, max_size=6)


@settings(deadline=None, max_examples=100)
@given(LINES, st.data())
def test_every_change_of_what_is_not_noise_is_seen(lines: list[list[str | None]], data: st.DataObject) -> None:
    """None in a line stands for a number that differs in each run."""

    def drawn(mutate: tuple[int, int] | None = None) -> str:
        return "\n".join(
            " ".join(
                data.draw(NOISY) if word is None else "mutant" if (row, column) == mutate else word
                for column, word in enumerate(line)
            )
            for row, line in enumerate(lines)
        )

    steady = [(row, column) for row, line in enumerate(lines) for column, word in enumerate(line) if word is not None]
    olds = [drawn(), drawn()]
    assert not compare_texts(olds, drawn()).differs or _by_chance(olds)
    for place in steady:
        assert compare_texts(olds, drawn(place)).differs


def _by_chance(olds: list[str]) -> bool:
    """Whether a number happens to be the same in both: then it is taken for one that is always the same."""
    pairs = zip(*(re.findall(r"[-\d][\d.e-]*", text) for text in olds), strict=True)
    return any(one == other for one, other in pairs)


@settings(deadline=None, max_examples=200)
@given(st.lists(st.sampled_from("abc"), max_size=30), st.lists(st.sampled_from("abcd"), max_size=30), st.booleans())
def test_aligned_blocks_are_equal_and_rise(a: list[str], b: list[str], anchors_only: bool) -> None:
    low_a = low_b = 0
    for block in align(a, b, anchors_only=anchors_only):
        assert a[block.a : block.a + block.size] == b[block.b : block.b + block.size]
        assert block.a >= low_a
        assert block.b >= low_b
        low_a, low_b = block.a + block.size, block.b + block.size
    assert sum(block.size for block in align(a, a)) == len(a)


@settings(deadline=None, max_examples=200)
@given(st.lists(st.sampled_from(["a", "b", None]), max_size=9), st.text("ab", max_size=12))
def test_patterns_with_holes_fit_as_a_regular_expression_does(pattern: list[str | None], text: str) -> None:
    expected = re.fullmatch("".join(".*" if part is None else part for part in pattern), text) is not None
    same: Callable[[str, str], bool] = lambda part, char: part == char  # noqa: E731
    assert (fits(pattern, text, same) is None) == expected


@given(st.text())
def test_tokens_lose_nothing_but_white_space(text: str) -> None:
    assert "".join(tokens(text)) == "".join(text.split())


@given(st.text(st.sampled_from("ab\r\n\x08\x1b[A2K3m1;")))
def test_a_terminal_takes_anything_and_shows_no_control_characters(text: str) -> None:
    seen = shown(text)
    assert not set(seen) & set("\r\x08")
    assert shown(seen) == seen or "\x1b" in seen


@settings(deadline=None)
@given(
    st.lists(st.sampled_from(["x", "y", None, 1, {}, [], "text/html", ["a", 1], {"a": None}]), min_size=5, max_size=5)
)
def test_odd_outputs_are_no_errors(values: list[Any]) -> None:
    one, two, three, four, five = values
    odd = run(
        [
            {"output_type": "stream", "name": one, "text": two},
            {"output_type": "display_data", "data": three, "metadata": four},
            {"output_type": "execute_result", "data": {"text/html": five, "image/png": one, "application/json": two}},
            {"output_type": "error", "ename": four, "evalue": five},
            {"output_type": "other"},
        ]
    )
    assert not against(odd, odd).differences
    assert kinds(against(odd, run([])))
