"""What goes wrong: one sentence on stderr and its status, never a traceback; except for a bug, which has both."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from cli.conftest import Run, notebook

from nb2mod import pipeline
from nb2mod.errors import Refused

WRONG = {
    "scan --chek": "no such option: --chek; did you mean --check?",
    "scan --zzz": "no such option: --zzz; see `nb2mod scan --help`",
    "scn": "did you mean 'scan'?",
    "scan nothere.ipynb": "nothere.ipynb: no such file or folder",
    "scan pyproject.toml": "expected a notebook",
    "scan --output-format xml": "'xml' is not one of",
    "scan --jobs many": "--jobs",
    "scan --jobs -1": "--jobs -1: expected the number of worker processes, or 0",
    "scan --here": "--here looks at PATHS alone",
    "extract --here": "--here looks at PATHS alone",
    "scan --config nothere.toml": "no such file",
    "scan --plan": "requires an argument",
    "extract --only lod": "did you mean load?",
    "extract --plan nothere.json": "no such plan; write one with nb2mod scan --plan nothere.json",
    "extract --diff --output-format json": "--diff is text",
    "extract -i --output-format json": "--interactive asks in text",
    "extract --plan pyproject.toml": "no plan that nb2mod wrote",
    "undo nothere": "nothere: no such file or folder",
}


@pytest.mark.parametrize(("line", "said"), WRONG.items())
def test_wrong_usage_is_one_sentence(line: str, said: str, project: Path, run: Run) -> None:
    ran = run(*line.split())
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith("nb2mod: ")
    assert said.lower() in ran.err.lower()
    assert ran.err.count("\n") == 1


@pytest.mark.parametrize("text", ["[tool.nb2mod]\npackge = 'x'\n", "[tool.nb2mod]\npackage = 3\n", "[tool.nb2mod\n"])
def test_a_broken_configuration_is_one_sentence(text: str, project: Path, run: Run) -> None:
    (project / "pyproject.toml").write_text(text)
    ran = run("scan")
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith(f"nb2mod: {project}/pyproject.toml:")
    assert ran.err.count("\n") == 1


@pytest.mark.parametrize(
    "content",
    [
        "{",
        "[]",
        '{"version": 1}',
        '{"version": 9, "package": "p", "candidates": []}',
        '{"version": 1, "package": "p", "candidates": [{"id": "x", "module": "p q", "name": "n"}]}',
        '{"version": 1, "package": "p", "candidates": [{"id": "x", "module": "p", "name": "n", "aply": false}]}',
        '{"version": 1, "package": "", "candidates": ['
        '{"id": "x", "module": "p", "name": "n"}, {"id": "x", "module": "p", "name": "n"}]}',
    ],
)
def test_a_broken_plan_is_one_sentence(content: str, project: Path, run: Run) -> None:
    Path("plan.json").write_text(content)
    ran = run("extract", "--plan", "plan.json")
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith("nb2mod: plan.json: ")
    assert ran.err.count("\n") == 1


def test_a_named_file_that_can_not_be_read(project: Path, run: Run) -> None:
    (project / "notebooks/bad.ipynb").write_text('{"cells": [')
    assert run("scan").status == 0
    scanned = run("scan", "notebooks/bad.ipynb")
    assert scanned.status == 2
    assert scanned.err.startswith("nb2mod: notebooks/bad.ipynb: ")
    assert scanned.out.startswith("3 notebooks · 1 skipped")
    extracted = run("extract", "notebooks/bad.ipynb", "notebooks/a.ipynb")
    assert (extracted.status, extracted.out) == (2, "")


def test_paths_of_two_projects(project: Path, run: Run) -> None:
    other = project.parent / "other"
    other.mkdir()
    (other / "setup.py").write_text("")
    (other / "a.ipynb").write_text(notebook("x = 1\n"))
    ran = run("scan", "notebooks/a.ipynb", str(other / "a.ipynb"))
    assert ran.status == 2
    assert "run nb2mod once for each" in ran.err


def test_refused_is_three(project: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise Refused("nothing was written: a\x1b[2J file changed")

    monkeypatch.setattr(pipeline, "write", refuse)
    ran = run("extract")
    assert (ran.status, ran.out) == (3, "")
    assert ran.err == "nb2mod: nothing was written: a\\x1b[2J file changed\n"


def test_modules_that_git_would_ignore_are_refused(project: Path, run: Run) -> None:
    (project / ".git").mkdir()
    (project / ".gitignore").write_text("*.py\n")
    before = {path: path.read_bytes() for path in project.rglob("*.ipynb")}
    for options in ((), ("--diff",), ("--unsafe",)):
        ran = run("extract", *options)
        assert ran.status == 3
        assert "it would ignore src/shop/__init__.py and 1 more; nothing was written" in ran.err
    assert before == {path: path.read_bytes() for path in project.rglob("*.ipynb")}
    (project / ".gitignore").write_text("*.py\n!/src/**/*.py\n")
    assert run("extract").status == 0


def test_a_bug_shows_its_traceback_and_asks_for_a_report(
    project: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("oops")

    monkeypatch.setattr(pipeline, "scan", broken)
    ran = run("scan")
    assert ran.status == 70
    assert "ZeroDivisionError: oops" in ran.err
    assert "Please report it" in ran.err


def test_a_trouble_of_the_disk_names_the_file(project: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", "/cache/x")

    monkeypatch.setattr(pipeline, "scan", full)
    ran = run("scan")
    assert (ran.status, ran.err) == (2, "nb2mod: /cache/x: can't be used: No space left on device\n")


def test_interrupted_in_process(project: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(pipeline, "scan", interrupt)
    ran = run("scan")
    assert ran.status == 130
    assert ran.err.strip() == "nb2mod: Interrupted; nothing was half-written."


# As a process of its own: what Python itself prints at its end is part of it.


def _command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "nb2mod", *arguments]


def test_ctrl_c_is_one_line(project: Path) -> None:
    process = subprocess.Popen(
        _command("extract", "-i"), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    seen = b""
    while b"[y,n,a,q,?]?" not in seen:
        part = process.stdout.read1(4096)
        assert part, process.communicate()
        seen += part
    time.sleep(0.2)  # it is reading the answer now
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert err.decode().strip() == "nb2mod: Interrupted; nothing was half-written."


def test_a_closed_pipe_is_quiet_and_the_work_is_done(project: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    ran = subprocess.run(_command("extract"), stdout=writer, stderr=subprocess.PIPE, check=False)
    os.close(writer)
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert "import load" in (project / "notebooks/a.ipynb").read_text()


def test_output_that_the_encoding_lacks_is_escaped(project: Path) -> None:
    environment = os.environ | {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    ran = subprocess.run(_command("scan"), capture_output=True, env=environment, check=True)
    assert ran.stdout.startswith(b"2 notebooks \\xb7 ")


def test_undecodable_paths_are_printed(project: Path) -> None:
    name = os.fsdecode(b"notebooks/\xff.ipynb")
    try:
        Path(name).write_text(notebook("x = 1\n"))
    except OSError:
        pytest.skip("this file system takes no such name")
    for output in ("text", "json", "editor"):
        ran = subprocess.run(_command("scan", "-v", "--output-format", output), capture_output=True, check=False)
        assert (ran.returncode, ran.stderr) == (0, b"")
    json.loads(subprocess.run(_command("scan", "--output-format", "json"), capture_output=True, check=True).stdout)


def test_several_packages_are_told_by_scan_and_refused_before_anything_is_read(
    project: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / "pyproject.toml").write_text("[tool.nb2mod]\n")
    for name in ("forms", "envs"):
        (project / name).mkdir()
        (project / name / "__init__.py").write_text("")
    for line in ("scan", "scan -q"):
        told = " ".join(run(*line.split()).out.split())
        assert "nb2mod must know which package it goes to, envs, forms: set `package` under [tool.nb2mod]" in told
    assert json.loads(run("scan", "--output-format", "json").out)["summary"]["packages"] == ["envs", "forms"]
    monkeypatch.setattr("nb2mod.pipeline.outcome.surveyed", None)
    refused = run("extract")
    assert (refused.status, refused.err.count("\n")) == (2, 1)
    assert "expected one package for extracted code, found envs, forms" in refused.err
