"""What is told of a run that takes long: a line now and then where stderr is no terminal, so that nobody takes it for hung."""

from collections.abc import Callable

import pytest

from nb2mod.cli import progress, running
from nb2mod.cli.terminal import Terminal
from nb2mod.model import RunStep, ToRun


class Clock:
    """Seconds, as a test says."""

    def __init__(self) -> None:
        self.now = 0.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    found = Clock()
    for module in (progress, running):
        monkeypatch.setattr(module.time, "monotonic", found.monotonic)
    return found


def steps(meter: Callable[[str, int, int], None], clock: Clock, *at: tuple[float, str]) -> None:
    for seconds, step in at:
        clock.now = seconds
        meter(step, 3, 7 if step == "reading" else 0)


LONG = ((0.1, "reading"), (9.0, "reading"), (12.0, "reading"), (13.0, "reading"), (14.0, "proving"), (44.0, "proving"))


def test_a_long_run_tells_its_steps_in_a_log(clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    with progress.meter(Terminal()) as meter:
        steps(meter, clock, *LONG)
    streams = capsys.readouterr()
    assert streams.out == ""
    assert streams.err.splitlines() == [
        "nb2mod: 12 s: reading 3/7",
        "nb2mod: 14 s: proving",
        "nb2mod: 44 s: proving",
    ]


def test_a_short_run_and_a_quiet_one_tell_nothing(clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    with progress.meter(Terminal()) as meter:
        steps(meter, clock, *LONG[:2])
    with progress.meter(Terminal(quiet=True)) as meter:
        steps(meter, clock, *LONG)
    assert capsys.readouterr() == ("", "")


def test_running_notebooks_is_told_in_a_log(clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    with running.shown(Terminal()) as (announce, watch):
        announce([ToRun(f"{name}.ipynb") for name in "abc"])
        capsys.readouterr()
        for seconds, phase in ((5.0, "done"), (40.0, "new"), (50.0, "done"), (90.0, "done")):
            clock.now = seconds
            watch(RunStep("a.ipynb", phase, 1, 2))
    assert capsys.readouterr().err.splitlines() == ["nb2mod: 40 s: 1/3 notebooks run"]
