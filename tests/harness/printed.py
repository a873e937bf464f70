"""What the documentation shows of the terminal: console blocks and pictures, and what the tool really prints there.

A ```console block holds commands after `$ ` and what they print; a line `...` stands for any lines. All blocks of a page run
one after the other on one copy of the demo project. After a change of the reports' wording:

    python tests/harness/printed.py         writes blocks that no longer hold, and all pictures, anew; read the diff

A block that is written anew is whole: shorten it with `...` by hand.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "fixtures" / "demo"
IMAGES = ROOT / "docs" / "images"
PROJECT = "bike-share"  # what the copy's folder is called: the package is named for it
SHOWN_AT = f"/home/ana/{PROJECT}"  # where the copy stands, in the documentation

PICTURES = {
    "scan.svg": "nb2mod scan --only plot_daily --only district_of --only count_trips --only summarise",
    "diff.svg": "nb2mod extract --diff --quiet --only daily_table --only count_trips | head -20",
}

_PERSON = {"NAME": "Ana", "EMAIL": "ana@example.org"}
_TIME = re.compile(r"(definitions? · )[\d.]+ m?s(?=\x1b|$)")
_BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class Step(NamedTuple):
    """A command of a console block and the lines it is said to print."""

    command: str
    lines: tuple[str, ...]


class Terminal:
    """A committed copy of the demo project in a folder of its own, and a shell in it."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / PROJECT
        shutil.copytree(DEMO, self.root)
        self._environment = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "FORCE_COLOR")}
        self._environment |= {
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]),
            "HOME": str(folder),
            "XDG_CACHE_HOME": str(folder / "cache"),
            "COLUMNS": "80",
            "LC_ALL": "C.UTF-8",
            "PYTHONDONTWRITEBYTECODE": "1",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_PAGER": "cat",
            **{f"GIT_{role}_{key}": value for role in ("AUTHOR", "COMMITTER") for key, value in _PERSON.items()},
        }
        self.run("git init --quiet --initial-branch=main && git add --all && git commit --quiet -m Notebooks")

    def run(self, command: str, *, colour: bool = False) -> str:
        """What the command prints, both streams in their order, with the places of this machine as the documentation has them."""
        environment = self._environment | ({"FORCE_COLOR": "1"} if colour else {})
        done = subprocess.run(
            ["/bin/sh", "-c", command],
            cwd=self.root,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=120,
            check=False,
        )
        printed = done.stdout.decode("utf-8").replace(str(self.root), SHOWN_AT)
        return printed.replace(str(Path(sys.executable).parent), f"{Path(SHOWN_AT).parent}/.venv/bin")


def blocks(page: str) -> Iterator[tuple[str, list[Step]]]:
    """Every console block of a page: its text without the fences, and its commands in order."""
    for match in _BLOCK.finditer(page):
        yield match[1], list(_steps(match[1].splitlines()))


def _steps(lines: Sequence[str]) -> Iterator[Step]:
    starts = [number for number, line in enumerate(lines) if line.startswith("$ ")]
    if not starts or starts[0]:
        raise ValueError(f"a console block begins with `$ ` and a command, found {lines[:1]}")
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        yield Step(lines[start][2:], tuple(_without_last_blank(lines[start + 1 : end])))


def _without_last_blank(lines: Sequence[str]) -> Sequence[str]:
    return lines[:-1] if lines and not lines[-1] else lines


def holds(expected: Sequence[str], printed: str) -> bool:
    """Whether the lines are what was printed; `...` stands for any lines, times do not count, nor blanks at line ends."""
    parts = [re.escape(line) if line != "..." else None for line in map(_timeless, expected)]
    pattern = "".join(r"(?:[^\n]*\n)*?" if part is None else part + r"\n" for part in parts)
    return re.fullmatch(pattern, "".join(f"{line}\n" for line in _settled(printed))) is not None


def _settled(printed: str) -> list[str]:
    """What is compared: no times, no blanks at line ends, no empty lines at the end."""
    return [_timeless(line) for line in printed.rstrip().split("\n")] if printed.strip() else []


def _timeless(line: str) -> str:
    return _TIME.sub(r"\g<1>0.2 s", line).rstrip()


def picture(terminal: Terminal, command: str) -> str:
    """The SVG of what a command prints in colour."""
    from harness.picture import draw

    printed = "\n".join(_settled(terminal.run(command, colour=True)))
    return draw(f"~/{PROJECT}", f"\x1b[32m$\x1b[0m \x1b[1m{command}\x1b[0m\n{printed}")


def pages() -> list[Path]:
    """Every page a person reads: README, changelog, docs."""
    return [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]


def main() -> None:
    """Effect: writes pictures, and the console blocks that no longer hold."""
    sys.path.insert(0, str(ROOT / "tests"))
    with tempfile.TemporaryDirectory() as folder:
        for name, command in PICTURES.items():
            (IMAGES / name).write_text(picture(Terminal(Path(folder) / name), command), encoding="utf-8")
    for path in pages():
        text = path.read_text(encoding="utf-8")
        with tempfile.TemporaryDirectory() as folder:
            anew = _anew(text, Path(folder)) if "```console" in text else text
        if anew != text:
            path.write_text(anew, encoding="utf-8")
            print(f"{path.relative_to(ROOT)}: written anew; read the diff and shorten it")


def _anew(text: str, folder: Path) -> str:
    terminal = Terminal(folder)
    for block, steps in blocks(text):
        lines: list[str] = []
        for step in steps:
            printed = terminal.run(step.command)
            shown = [*step.lines] if holds(step.lines, printed) else _settled(printed)
            lines += [f"$ {step.command}", *shown, *([""] if shown else [])]
        text = text.replace(f"```console\n{block}```", "```console\n" + "\n".join(lines).rstrip() + "\n```", 1)
    return text


if __name__ == "__main__":
    main()
