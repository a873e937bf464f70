"""The programs behind `make demo` and `make bench` end well; what they print is for people and not held word by word."""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def _run(*arguments: str) -> str:
    command = [sys.executable, *arguments]
    done = subprocess.run(
        command, cwd=HERE.parent, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_demo() -> None:
    """Its exit status says that the notebooks ran the same, that the tests made of them pass and that undo left git clean."""
    shown = _run("tests/demo/show.py")
    assert "Ran the same: 7" in shown
    assert "calls replayed: " in shown
    assert "nothing to commit, working tree clean" in shown


def test_bench_on_few_notebooks() -> None:
    shown = _run("tests/bench/compare.py", "--notebooks", "8", "--rounds", "1", "--pairs", "0")
    assert shown.count("cold scan, one worker") == 2
    assert "--version" in shown
