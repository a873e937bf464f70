"""Old, old again, new: what an outcome comes to, with real kernels; that Ctrl-C leaves nothing running."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from running.building import ipynb, lay, picture

from nb2mod.model import CellRun, NotebookRun, Outcome, Ran, RunError, RunOptions, RunStep, Sides
from nb2mod.model.projects import Package
from nb2mod.stages.verify.running import judging, trial
from nb2mod.stages.verify.running.judging import Judge, Runs
from nb2mod.stages.verify.running.scratch import Scratch
from nb2mod.stages.verify.running.session import Stop

PACKAGE = Package("team", "src", "src/team", exists=True)
NOISE = "import time, os\nprint(time.time_ns(), os.getpid())"
DEFINED = "def rate(x):\n    return x + 1"
IMPORTED = "from team.made import rate"
USED = "print('rate', rate(2))"
WRITES = "from pathlib import Path\nPath('out.txt').write_text('1')\nsorted(p.name for p in Path().iterdir())"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return lay(tmp_path / "project", {"src/team/__init__.py": "", "nb/data.csv": "1\n"})


def check(root: Path, *notebooks: tuple[bytes, bytes], made: str = DEFINED, **options: object) -> tuple[Outcome, ...]:
    paths = [f"nb/{number}.ipynb" for number in range(len(notebooks))]
    before: dict[str, bytes | None] = {path: one for path, (one, _) in zip(paths, notebooks, strict=True)}
    after: dict[str, bytes | None] = {path: one for path, (_, one) in zip(paths, notebooks, strict=True)}
    before["src/team/made.py"], after["src/team/made.py"] = None, made.encode()
    real = picture(root)
    outcomes = trial.check(root, Sides(before, after), paths, RunOptions(**options), PACKAGE)  # type: ignore[arg-type]
    assert picture(root) == real
    assert [one.path for one in outcomes] == paths
    return outcomes


def test_the_same_and_another(root: Path) -> None:
    good = (ipynb("#md t", NOISE, DEFINED, USED, WRITES), ipynb("#md t", NOISE, IMPORTED, USED, WRITES))
    data = (ipynb(DEFINED, "open('no.csv')", USED), ipynb(IMPORTED, "open('no.csv')", USED))
    (same, missing) = check(root, good, data, jobs=2)
    assert (same.status, same.differences, same.reason) == (Ran.SAME, (), "")
    assert (same.cells, same.ran, same.noisy, same.kernel) == (4, 4, 1, "python3")
    assert same.seconds > 0
    assert missing.status is Ran.NOT_CHECKED
    assert missing.reason == "stopped at cell 2: FileNotFoundError: [Errno 2] No such file or directory: 'no.csv'"
    (wrong,) = check(root, good, made=DEFINED.replace("+ 1", "+ 2"))
    assert wrong.status is Ran.DIFFERS
    assert [(one.cell, one.what) for one in wrong.differences] == [(4, "stream")]


def test_a_new_failure_differs_and_a_common_one_is_the_same(root: Path) -> None:
    dies = "import os\nos._exit(3)"
    (alike,) = check(root, (ipynb(DEFINED, USED, "1 / 0", "2"), ipynb(IMPORTED, USED, "1 / 0", "2")))
    assert alike.status is Ran.SAME
    assert alike.ended == RunError(3, "ZeroDivisionError", "division by zero")
    (died,) = check(root, (ipynb(DEFINED, USED), ipynb(IMPORTED, USED)), made=f"{DEFINED}\n{dies}")
    assert died.status is Ran.DIFFERS
    assert died.differences[0].after == "the kernel died in cell 1 (exit status 3)"


def test_what_reaches_out_is_not_run_unless_allowed(root: Path) -> None:
    text = "f = open('/nowhere/x', 'w')"
    seen: list[RunStep] = []
    sides = Sides({"nb/a.ipynb": ipynb(text)}, {"nb/a.ipynb": ipynb(text)})
    (told,) = trial.check(root, sides, ["nb/a.ipynb"], RunOptions(), PACKAGE, seen.append)
    assert told.status is Ran.NOT_CHECKED
    assert told.reason == (
        "cell 1, line 1 writes outside of the project: /nowhere/x; to run it all the same: --allow-effects"
    )
    assert seen == [RunStep("nb/a.ipynb", "done")]
    (ran,) = trial.check(root, sides, ["nb/a.ipynb"], RunOptions(allow_effects=True), PACKAGE, seen.append)
    assert ran.reason.startswith("stopped at cell 1: FileNotFoundError")
    assert [step.phase for step in seen[1:]] == ["old", "old", "again", "again", "new", "new", "done"]


def test_what_can_not_run_is_told(root: Path) -> None:
    def reason(before: bytes, after: bytes) -> str:
        (found,) = check(root, (before, after))
        assert found.status is Ran.NOT_CHECKED
        return found.reason

    assert reason(b"{", ipynb("1")).startswith("before: expected JSON")
    assert reason(ipynb("1"), ipynb("1", kernel=None, language_info={"name": "R"})).startswith("now: expected a Python")
    assert reason(ipynb("1", kernel="none-such"), ipynb("1")).startswith("no kernel none-such")
    (gone,) = trial.check(root, Sides(), ["nb/no.ipynb"], RunOptions(), PACKAGE)
    assert gone.reason == "there is no such notebook before"
    assert trial.check(root, Sides(), [], RunOptions(), PACKAGE) == ()


INTERRUPTED = """
import sys, tempfile
from pathlib import Path
tempfile.tempdir = sys.argv[2]
from nb2mod.model import RunOptions, Sides
from nb2mod.model.projects import Package
from nb2mod.stages.verify.running import trial
def watch(step):
    if step.cell == 2:
        print("running", flush=True)
try:
    paths = ["a.ipynb", "b.ipynb"]
    trial.check(Path(sys.argv[1]), Sides(), paths, RunOptions(jobs=int(sys.argv[3])), Package("", "", "", True), watch)
except KeyboardInterrupt:
    print("interrupted", flush=True)
"""


@pytest.mark.parametrize("jobs", [1, 2])
def test_ctrl_c_ends_every_kernel_and_leaves_the_tree(tmp_path: Path, jobs: int) -> None:
    sleeps = ipynb(
        "open('w.txt', 'w')\nimport subprocess\nsubprocess.Popen(['sleep', '77'])", "import time\ntime.sleep(77)"
    )
    root = lay(tmp_path / "project", {"a.ipynb": sleeps, "b.ipynb": sleeps})
    before = picture(root)
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    command = [sys.executable, "-c", INTERRUPTED, str(root), str(scratch), str(jobs)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for _ in range(jobs):
            assert process.stdout.readline() == "running\n"
        time.sleep(0.3)
        assert len(_started_in(scratch)) >= 2 * jobs
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=30)
    assert (output, errors) == ("interrupted\n", "")
    assert _started_in(scratch) == []
    assert list(scratch.iterdir()) == []
    assert picture(root) == before


def _started_in(scratch: Path) -> list[str]:
    """Living processes whose temporary folder is a scratch copy's: kernels and what they started."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if f"TMPDIR={scratch}{os.sep}".encode() in (folder / "environ").read_bytes():
                found.append((folder / "cmdline").read_text())
        except OSError:
            continue
    return found


def test_an_old_run_that_took_too_long_or_died_is_told_to_what_comes_after(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only of the notebook as it was: what comes after runs that one."""
    seen: list[str] = []

    def also(scratch: Scratch, path: str, outcome: Outcome, stop: Stop) -> Outcome:
        seen.append(outcome.failed)
        return outcome

    (root / "nb/0.ipynb").write_bytes(ipynb(DEFINED))
    for runs in (
        {"old": "timeout"},
        {"again": "died"},
        {"old": "kernel"},
        {"new": "timeout"},
        {"new": "died"},
        {},
    ):
        monkeypatch.setattr(
            trial, "run_notebook", lambda *_, phase, runs=runs, **__: (_run(failed=runs.get(phase, "")), None)
        )
        (outcome,) = trial.check(root, Sides(), ["nb/0.ipynb"], RunOptions(), PACKAGE, also=also)
        assert outcome.failed == seen[-1]
    assert seen == ["timeout", "died", "", "", "", ""]


def _run(seconds: float = 1.0, failed: str = "", error: RunError | None = None, text: str = "1\n") -> NotebookRun:
    output = {"output_type": "stream", "name": "stdout", "text": text}
    cell = CellRun(1, None, "f()", (output,), seconds, error)
    return NotebookRun("a.ipynb", (cell,), {}, error, failed, "too slow" if failed else "", seconds)


JUDGE = Judge(
    "a.ipynb", "python3", 1, {1: 1}, "team", ("team", "team.made"), RunOptions(cell_timeout=10, notebook_timeout=99)
)


@pytest.mark.parametrize(
    ("runs", "status"),
    [
        (Runs(_run(), _run(), _run()), Ran.SAME),
        (Runs(_run(), _run(), _run(text="2\n"), _run(), _run(text="2\n")), Ran.DIFFERS),
        (Runs(_run(), _run(), _run(text="2\n"), _run(), _run()), Ran.SAME),
        (Runs(_run(), _run(), _run(text="2\n"), _run(text="2\n"), _run(text="2\n")), Ran.SAME),
        (
            Runs(*(_run(text=f"{told}\n") for told in ("3.1 s, 5", "3.2 s, 5", "3.3 s, 6", "3.9 s, 5", "3.4 s, 6"))),
            Ran.DIFFERS,
        ),
        (
            Runs(
                *(_run(text=f"{found}\n") for found in ("cat dog", "cat dog", "owl\nowl", "bee\nant cat", "fly, fly"))
            ),
            Ran.SAME,
        ),
        (Runs(_run(), _run(), _run(failed="timeout"), _run(), _run(failed="timeout")), Ran.DIFFERS),
        (Runs(_run(6), _run(), _run(failed="timeout"), _run(), _run(failed="timeout")), Ran.NOT_CHECKED),
        (Runs(_run(), _run(), _run(failed="timeout"), _run(), _run()), Ran.NOT_CHECKED),
        (Runs(_run(), _run(), _run(failed="died"), _run(), _run(failed="died")), Ran.DIFFERS),
        (Runs(_run(), _run(), _run(failed="package")), Ran.NOT_CHECKED),
        (Runs(_run(), _run(), _run(text="2\n"), _run(failed="died"), _run()), Ran.NOT_CHECKED),
    ],
)
def test_a_difference_must_show_twice(runs: Runs, status: Ran) -> None:
    assert JUDGE.judged(runs).status is status


def test_where_no_two_runs_agree_nothing_is_held_against_the_new_one() -> None:
    """Three old runs that could not be told from each other by the two others: the note says so."""
    olds = ("cat dog", "cat dog", "bee\nant cat")
    runs = Runs(*(_run(text=f"{text}\n") for text in (*olds[:2], "owl\nowl\nowl", olds[2], "fly\nowl\nowl")))
    outcome = JUDGE.judged(runs)
    assert outcome.status is Ran.SAME
    assert "no two runs agree, before or after, so that nothing can be said of cell 1" in outcome.notes or outcome.noisy


@pytest.mark.parametrize(
    ("name", "message", "status"),
    [
        ("ModuleNotFoundError", "No module named 'torch'", Ran.NOT_CHECKED),
        ("ModuleNotFoundError", "No module named 'team.gone'", Ran.SAME),
        ("ImportError", "cannot import name 'x' from 'team.made' (/a/b)", Ran.SAME),
        ("ImportError", "cannot import name 'x' from 'teamwork' (/a/b)", Ran.NOT_CHECKED),
        ("URLError", "<urlopen error>", Ran.NOT_CHECKED),
        ("ValueError", "x", Ran.SAME),
    ],
)
def test_what_is_missing_here_is_no_proof(name: str, message: str, status: Ran) -> None:
    run = _run(error=RunError(1, name, message))
    outcome = JUDGE.judged(Runs(run, run, run))
    assert outcome.status is status
    assert outcome.ended == run.error
    assert bool(outcome.reason) == (status is Ran.NOT_CHECKED)


def test_a_stopped_trial_runs_nothing_more() -> None:
    from nb2mod.stages.verify.running.session import Stop

    stop = Stop()
    stop.ask()

    async def begin() -> None:
        with stop.watching():
            raise AssertionError

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(begin())
    assert judging.compare is not None
