"""Help, version, colours, and the documentation held against the commands as they are."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from cli.conftest import LOAD, Run, notebook

from nb2mod import __version__
from nb2mod.cli.app import command
from nb2mod.cli.terminal import coloured

DOCS = Path(__file__).parents[2] / "docs"
COMMANDS = ("scan", "extract", "verify", "undo", "init")


def _options(name: str) -> list[str]:
    found: list[Any] = command().commands[name].params
    return [option for parameter in found for option in parameter.opts if option.startswith("-")]


@pytest.mark.parametrize("name", COMMANDS)
def test_help_has_examples_and_keeps_to_eighty_columns(name: str, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    shown = run(name, "--help")
    assert shown.status == 0
    _, _, examples = shown.out.partition("Examples:\n")
    assert all(line.strip().startswith(f"nb2mod {name}") for line in examples.strip().splitlines())
    assert len(examples.strip().splitlines()) > 1
    assert [line for line in shown.out.splitlines() if len(line) > 80] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_help_names_arguments_as_the_usage_line_does(name: str, run: Run) -> None:
    shown = run(name, "--help").out
    _, _, arguments = shown.partition("Arguments:\n")
    assert arguments.split()[0] == shown.splitlines()[0].split()[-1]
    assert not re.search(r"<\w+(\[\w+\])?>|\[x>", shown)


@pytest.mark.parametrize("name", COMMANDS)
def test_examples_are_commands_that_parse(name: str, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    _, _, examples = run(name, "--help").out.partition("Examples:\n")
    for line in examples.strip().splitlines():
        words = re.split(r"  +", line.strip())[0].replace("'", "").split()[1:]
        said = run(*words).err
        assert "no such option" not in said
        assert "requires" not in said


@pytest.mark.parametrize("name", COMMANDS)
def test_documentation_names_every_option(name: str) -> None:
    text = (DOCS / "commands.md").read_text(encoding="utf-8")
    _, _, section = text.partition(f"\n## nb2mod {name}\n")
    section, _, _ = section.partition("\n## ")
    assert [option for option in _options(name) if f"`{option}" not in section] == []


def test_documentation_names_no_option_that_is_gone() -> None:
    text = (DOCS / "commands.md").read_text(encoding="utf-8") + (DOCS / "editors.md").read_text(encoding="utf-8")
    known = {option for name in COMMANDS for option in _options(name)}
    known |= {"--help", "--version", "--install-completion", "--show-completion"}
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", text)) - known == set()


def test_no_arguments_show_the_help(run: Run) -> None:
    shown = run()
    assert (shown.status, shown.out) == (0, run("--help").out)
    assert all(f"  {name}" in shown.out for name in COMMANDS)


@pytest.mark.parametrize("option", ["--version", "-V"])
def test_version_imports_no_command(option: str) -> None:
    code = (
        "import sys; sys.argv = ['nb2mod', sys.argv[1]]; from nb2mod.__main__ import main; main();"
        "print(sorted({'typer', 'rich', 'click', 'msgspec', 'nb2mod.cli'} & set(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", code, option], capture_output=True, text=True, check=True)
    assert ran.stdout == f"nb2mod {__version__}\n[]\n"


def test_version_beside_other_words(run: Run) -> None:
    assert run("--version", "scan").out == f"nb2mod {__version__}\n"


def test_a_plain_scan_imports_nothing_it_does_not_need(project: Path) -> None:
    """Where no function reads state, and no copies are near ones: lifting those takes a parser that keeps texts as they are."""
    for name in ("a", "b"):
        (project / "notebooks" / f"{name}.ipynb").write_text(notebook(LOAD, "load('a')\n", name=name))
    code = (
        "import sys; from nb2mod.cli.app import main; main(['scan', '-q']);"
        "heavy = {'rich', 'jupyter_client', 'nbformat', 'jupytext', 'libcst', 'black', 'rope', 'tomlkit'};"
        "sys.exit(str(sorted(heavy & set(sys.modules))))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert ran.stderr.strip() == "[]"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_shell_completion(shell: str) -> None:
    environment = {"_NB2MOD_COMPLETE": f"complete_{shell}", "COMP_WORDS": "nb2mod sc", "COMP_CWORD": "1"}
    environment |= {
        "_TYPER_COMPLETE_ARGS": "nb2mod sc",
        "_TYPER_COMPLETE_FISH_ACTION": "get-args",
        "HOME": "/nonexistent",
    }
    ran = subprocess.run([sys.executable, "-m", "nb2mod"], capture_output=True, text=True, env=environment, check=False)
    assert "scan" in ran.stdout
    assert ran.stderr == ""


class _Terminal:
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("environment", "no_color", "expected"),
    [
        ({}, False, True),
        ({}, True, False),
        ({"NO_COLOR": "1"}, False, False),
        ({"NO_COLOR": ""}, False, True),
        ({"TERM": "dumb"}, False, False),
        ({"FORCE_COLOR": "0"}, False, False),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False, False),
        ({"FORCE_COLOR": "1"}, True, False),
    ],
)
def test_colours_on_a_terminal(
    environment: dict[str, str], no_color: bool, expected: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert coloured(_Terminal(), no_color=no_color) is expected  # type: ignore[arg-type]


def test_colours_in_a_pipe(project: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "\x1b" not in run("scan").out
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[1;32m" in run("scan").out
    assert "\x1b[31m-def load" in run("extract", "--diff").out
    assert "\x1b" not in run("scan", "--no-color").out
    assert "\x1b" not in run("scan", "--output-format", "json").out


def test_progress_names_each_step_of_an_extract(project: Path) -> None:
    from nb2mod import pipeline, settings

    told: list[str] = []
    request = pipeline.Request(root=project, config=settings.load(project), cache=False)
    pipeline.extract(request, lambda step, _done, _total: told.append(step))
    steps = ["reading", "parsing", "comparing", "planning", "rendering", "proving", "checking a second run"]
    assert list(dict.fromkeys(told)) == steps


def test_progress_counts_only_what_has_a_number(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from nb2mod.cli import progress
    from nb2mod.cli.terminal import Terminal

    monkeypatch.setattr(progress, "_PATIENCE", 0.0)
    monkeypatch.setattr(Terminal, "shows_progress", property(lambda _: True))
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    for done, total, count in ((3, 7, "3/7"), (0, 0, "")):
        with progress.meter(Terminal()) as told:
            told("proving", done, total)
        shown = capsys.readouterr().err
        assert "proving" in shown
        assert re.findall(r"\d/.", shown)[:1] == ([count] if count else [])


def test_progress_only_on_a_terminal_and_only_when_it_takes_long(monkeypatch: pytest.MonkeyPatch) -> None:
    from nb2mod.cli import progress
    from nb2mod.cli.terminal import Terminal

    terminal = Terminal()
    with progress.meter(terminal) as told:
        monkeypatch.setattr(progress, "_PATIENCE", 0.0)
        told("reading", 1, 2)
        assert not told.is_shown
    monkeypatch.setattr(Terminal, "shows_progress", property(lambda _: True))
    with progress.meter(terminal) as told:
        told("reading", 1, 2)
        assert told.is_shown
        monkeypatch.setattr(progress, "_PATIENCE", 9.0)
    with progress.meter(terminal) as told:
        told("reading", 1, 2)
        assert not told.is_shown
