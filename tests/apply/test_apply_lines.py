"""Carrying a change over to an edited text: what is refused first, then what comes out."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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
