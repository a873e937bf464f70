"""When the calls of a notebook are not made again: that would run it once more."""

from typing import Any

import pytest
from msgspec.structs import replace

from nb2mod.model import Outcome, Ran, RunOptions, Sides
from nb2mod.model.projects import Package
from nb2mod.pipeline import replaying
from nb2mod.pipeline.replaying import Replayer
from nb2mod.stages.verify.replay import Target

TARGET = Target("a.ipynb", 1, "f", "def f(): return 1", 1, "team.a", "f")
PACKAGE = Package("team", "src", "src/team", exists=True)


def replayer() -> Replayer:
    return Replayer({"a.ipynb": [TARGET]}, Sides(), RunOptions(), PACKAGE, lambda _: None)


@pytest.mark.parametrize(("failed", "words"), [("timeout", "took too long"), ("died", "the kernel died")])
def test_a_run_that_took_too_long_or_died_is_not_made_once_more(failed: str, words: str) -> None:
    """No scratch copy is given: whatever would be run would fail on it."""
    nothing: Any = None
    outcome = Outcome("a.ipynb", Ran.NOT_CHECKED, "why", notes=("first",), failed=failed)
    found = replayer()(nothing, "a.ipynb", outcome, nothing)
    assert (found.status, found.reason, found.replays) == (Ran.NOT_CHECKED, "why", ())
    assert found.notes[0] == "first"
    assert found.notes[1].startswith("its calls were not made again: ")
    assert words in found.notes[1]
    other = Outcome("b.ipynb", Ran.NOT_CHECKED, failed=failed)
    assert (
        replayer()(nothing, "b.ipynb", other, nothing) == other
    )  # nothing of it moves: there are no calls to speak of


def test_any_other_is() -> None:
    class Asked(Exception):
        pass

    class Copy:
        def lay(self, side: str) -> None:
            raise Asked(side)

    copy: Any = Copy()
    for status in Ran:
        with pytest.raises(Asked, match="before"):
            replayer()(copy, "a.ipynb", Outcome("a.ipynb", status), copy)


def test_every_kind_has_its_words() -> None:
    assert replaying._NOT_AGAIN.keys() == {"timeout", "died"}


def test_calls_that_pass_more_from_now_on_are_left_out() -> None:
    """What is left has to be run for; what is not is told, and costs no run."""
    nothing: Any = None
    lifted = replace(TARGET, name="g", passes_more=True)
    outcome = Outcome("a.ipynb", Ran.SAME, notes=("first",))
    alone = Replayer({"a.ipynb": [lifted]}, Sides(), RunOptions(), PACKAGE, lambda _: None)
    found = alone(nothing, "a.ipynb", outcome, nothing)
    assert found == replace(
        outcome, notes=("first", "calls of g (cell 1) were not made again: they pass more from now on")
    )
    both = Replayer({"a.ipynb": [lifted, TARGET]}, Sides(), RunOptions(), PACKAGE, lambda _: None)
    with pytest.raises(AttributeError, match="lay"):
        both(nothing, "a.ipynb", outcome, nothing)
