"""Carrying a change over to an edited text: what is refused first, then what comes out."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nb2mod.stages.apply import lines
from nb2mod.stages.apply.lines import carry_text

# On the left what nb2mod wrote, on the right what stood there before: the change that is taken back.
AFTER = "import x\n\nfrom p import f\n\nprint(f())"
BEFORE = "import x\n\ndef f():\n    a = 1\n\n    return a\n\nprint(f())"

REFUSED = {
    "our line was edited": ("import x\n\nfrom p import f as g\n\nprint(f())", AFTER, BEFORE),
    "our line is gone": ("import x\n\nprint(f())", AFTER, BEFORE),
    "our line was indented": ("import x\nif x:\n    from p import f\n\nprint(f())", AFTER, BEFORE),
    "our line stands there twice": ("from p import f\n\nfrom p import f\n\nprint(f())", AFTER, BEFORE),
    "a line came in between two of ours": ("a\nmine\nb", "a\nb", ""),
    "lines to add between neighbours that were parted": ("a\nmine\nb", "a\nb", "a\nours\nb"),
    "lines to add beside a neighbour that was edited": ("a\nB", "a\nb", "a\nours\nb"),
    "all text is gone": ("", AFTER, BEFORE),
}

CARRIED = {
    "nothing was edited": (AFTER, AFTER, BEFORE, BEFORE),
    "a line above": ("# mine\n" + AFTER, AFTER, BEFORE, "# mine\n" + BEFORE),
    "a line below": (AFTER + "\nmine()", AFTER, BEFORE, BEFORE + "\nmine()"),
    "a line beside ours": (
        AFTER.replace("from p import f", "from p import f\nmine"),
        AFTER,
        BEFORE,
        BEFORE.replace("return a\n", "return a\nmine\n"),
    ),
    "another line edited": (AFTER.replace("print(f())", "f()"), AFTER, BEFORE, BEFORE.replace("print(f())", "f()")),
    "our line moved to the end": (
        "import x\n\n\nprint(f())\nfrom p import f",
        AFTER,
        BEFORE,
        "import x\n\n\nprint(f())\ndef f():\n    a = 1\n\n    return a",
    ),
    "lines to add between neighbours that stand": ("a\nb\nmine", "a\nb", "a\nours\nb", "a\nours\nb\nmine"),
    "lines to add at the end": ("mine\na", "a", "a\nours", "mine\na\nours"),
    "two changes, an edit between": (
        "i1\nmine\nkeep\ni2",
        "i1\nkeep\ni2",
        "d1\nd1\nkeep\nd2\nd2",
        "d1\nd1\nmine\nkeep\nd2\nd2",
    ),
    "windows line ends": (
        "from p import f\r\nx\r\nmine",
        "from p import f\r\nx",
        "def f(): 1\r\nx",
        "def f(): 1\r\nx\r\nmine",
    ),
}


@pytest.mark.parametrize(("current", "base", "target"), REFUSED.values(), ids=REFUSED)
def test_refused(current: str, base: str, target: str) -> None:
    assert carry_text(base, target, current) is None


@pytest.mark.parametrize(("current", "base", "target", "expected"), CARRIED.values(), ids=CARRIED)
def test_carried(current: str, base: str, target: str, expected: str) -> None:
    assert carry_text(base, target, current) == expected


def test_without_anchors_text_that_is_only_added_is_refused() -> None:
    assert carry_text("a\nb", "a\nours\nb", "a\nb\nmine") == "a\nours\nb\nmine"
    assert carry_text("a\nb", "a\nours\nb", "a\nb\nmine", anchored=False) is None


texts = st.lists(st.sampled_from(["a", "b", "c", "", "  d", "e"]), max_size=8).map("\n".join)


@settings(max_examples=300)
@given(texts, texts, texts, texts)
def test_edits_above_and_below_the_change_survive_it(head: str, ours: str, back: str, theirs: str) -> None:
    base = f"{head}\nOURS {ours}\nend"
    target = f"{head}\nback {back}\nend"
    for current, expected in (
        (f"{theirs}\n{base}", f"{theirs}\n{target}"),
        (f"{base}\n{theirs}", f"{target}\n{theirs}"),
    ):
        assert carry_text(base, target, current) in (expected, None)
    assert carry_text(base, target, base) == target


def test_refused_when_there_is_too_much_to_compare(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "_MUCH", 0)
    for name, (current, base, target) in REFUSED.items():
        assert carry_text(base, target, current) is None, name


@given(
    st.lists(st.sampled_from("abcdefgh"), max_size=12),
    st.lists(st.sampled_from("abcdefgh"), max_size=12),
    st.sampled_from([0, 3, 40]),
)
def test_what_is_said_to_match_does(old: list[str], new: list[str], much: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines, "_MUCH", much)
        blocks = lines._matching(old, new)
    at = (0, 0)
    for start, there, size in blocks:
        assert old[start : start + size] == new[there : there + size]
        assert start >= at[0]
        assert there >= at[1]
        at = (start + size, there + size)
    assert at == (len(old), len(new))
    assert blocks[-1][2] == 0


@pytest.mark.parametrize("filler", ["", "x{}"], ids=["lines that repeat", "lines of their own"])
def test_a_cell_of_many_lines_takes_seconds(filler: str) -> None:
    """Without cutting, difflib takes hours where every other line is the same."""
    number = 20_000
    body = [line for at in range(number) for line in (f"v{at} = {at}", filler.format(at))]
    ours, theirs = [*body], [*body]
    ours[number] = "from p import f"
    ours_before = [*ours[:number], "def f():", "    return 1", *ours[number + 1 :]]
    for at in range(0, number * 2, 6):
        theirs[at] = f"mine{at}"
    current = [*theirs[:number], "from p import f", *theirs[number + 1 :]]
    expected = [*theirs[:number], "def f():", "    return 1", *theirs[number + 1 :]]
    started = time.process_time()
    assert carry_text("\n".join(ours), "\n".join(ours_before), "\n".join(current)) == "\n".join(expected)
    assert time.process_time() - started < 20


def test_many_edited_lines_that_nothing_tells_apart_are_refused_in_time() -> None:
    """Nothing to cut at: no line stands once on both sides."""
    base = [line for at in range(20_000) for line in (f"old{at}", "")]
    current = [line for at in range(20_000) for line in (f"new{at}", "")]
    assert carry_text("\n".join(base), "\n".join(["ours", *base]), "\n".join(current)) is None
