"""What verify says: nothing sounds as if more had run than did, and each sentence stands where it helps."""

import pytest
from msgspec.structs import replace

from nb2mod.model import Finding, Outcome, Ran, Replay, RunError, Verification
from nb2mod.report import runs
from nb2mod.report.ink import Look

WHOLE = Outcome("nb/a.ipynb", Ran.SAME, cells=4, ran=4, seconds=2.0)
STOPS = Outcome("nb/b.ipynb", Ran.SAME, cells=28, ran=1, seconds=1.6, ended=RunError(3, "OSError", "no style"))
UNCHECKED = Outcome("nb/c.ipynb", Ran.NOT_CHECKED, reason="no kernel R", cells=5)


def found(*outcomes: Outcome) -> Verification:
    return Verification("/project", "main", outcomes)


@pytest.mark.parametrize(
    ("outcomes", "said"),
    [
        ((WHOLE,), "Every notebook does what it did."),
        ((WHOLE, STOPS), "Every notebook does what it did as far as it runs: 1 stops at an error, the same as before."),
        ((UNCHECKED,), "No notebook could be checked by running it; the reasons stand above."),
        ((WHOLE, UNCHECKED), "Every notebook that could be checked does what it did; 1 notebook could not be checked."),
        ((WHOLE, replace(WHOLE, status=Ran.DIFFERS)), "1 notebook does not do what it did."),
    ],
)
def test_the_last_word(outcomes: tuple[Outcome, ...], said: str) -> None:
    assert " ".join(runs.render_verify(found(*outcomes), Look()).split()).endswith(said)


def test_a_notebook_that_stops_early_says_where() -> None:
    shown = runs.render_verify(found(STOPS), Look())
    assert "  nb/b.ipynb  1 of 28 cells, 1.6 s; stops in cell 3 with OSError, as before\n" in shown


def test_quiet_does_not_point_at_what_is_not_there() -> None:
    shown = runs.render_verify(found(UNCHECKED), Look(quiet=True))
    assert "above" not in shown
    assert "leave out -q for the reasons" in shown


def test_verbose_tells_why_calls_were_not_made_again() -> None:
    one = replace(WHOLE, replays=(Replay(3, "Clip", skipped=8, note="no call could be copied: holds a Clip"),))
    line = "    note: calls of Clip (cell 3): no call could be copied: holds a Clip\n"
    assert line in runs.render_verify(found(one), Look(verbose=True))
    assert line not in runs.render_verify(found(one), Look())


def test_a_place_is_told_once() -> None:
    unproved = (Finding("edited", "cell 3: `1` became `2`", "nb/a.ipynb", 3, 1),)
    shown = runs.render_verify(replace(found(WHOLE), unproved=unproved), Look())
    assert "  not proved: nb/a.ipynb cell 3 line 1: `1` became `2`\n" in shown
