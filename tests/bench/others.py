"""The tools that the bench compares: how each is run on a folder, what it finds, and when that is a pair of copies.

jscpd and pylint's symilar are fetched when the bench runs, by npm and pip, into a folder that goes away; where that fails the row
says why.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple


class Fragment(NamedTuple):
    """Lines of one file, both ends inclusive."""

    path: str
    first: int
    last: int


class Tool(NamedTuple):
    """`found` gives the fragments of each clone in a folder of scripts (nb2mod: of notebooks), and the CPU seconds it took."""

    title: str
    found: Callable[[Path], tuple[list[list[Fragment]], float]]
    notebooks: bool = False


# when a pair is found


def holds(clones: Iterable[list[Fragment]], one: Fragment, other: Fragment) -> bool:
    """Whether some clones together pair at least half of both blocks."""
    ours = [clone for clone in clones if {one.path, other.path} <= {part.path for part in clone}]
    return all(_covered(ours, block) * 2 >= block.last - block.first + 1 for block in (one, other))


def _covered(clones: Iterable[list[Fragment]], block: Fragment) -> int:
    lines = {
        line
        for clone in clones
        for part in clone
        if part.path == block.path
        for line in range(part.first, part.last + 1)
    }
    return len(lines & set(range(block.first, block.last + 1)))


# notebooks


def lines_before(cells: Iterable[str]) -> list[int]:
    """How many lines of a script stand before each cell."""
    starts = [0]
    for cell in cells:
        starts.append(starts[-1] + cell.count("\n") + 2)
    return starts


def notebook(cells: Iterable[str]) -> dict[str, object]:
    code = [
        {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": cell} for cell in cells
    ]
    return {"cells": code, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}


def fragment(folder: Path, place: dict[str, object]) -> Fragment:
    path, cell, end_cell = str(place["path"]), int(str(place["cell"])), int(str(place["end_cell"] or place["cell"]))
    cells = json.loads((folder / path).read_bytes())["cells"]
    starts = lines_before("".join(one["source"]) for one in cells)
    return Fragment(
        path, starts[cell - 1] + int(str(place["line"])), starts[end_cell - 1] + int(str(place["end_line"]))
    )


# how each is run


def scanned(root: Path) -> dict[str, list[dict[str, list[object]]]]:
    output, _ = run([sys.executable, "-m", "nb2mod", "scan", "--no-cache", "--output-format", "json"], root)
    return json.loads(output)  # type: ignore[no-any-return]


def others(folder: Path) -> Iterator[Tool | str]:
    folder.mkdir()
    try:
        command, version = _jscpd(folder)
    except (OSError, subprocess.SubprocessError) as error:
        yield f"jscpd: not compared ({_reason(error)})"
    else:
        # What it can leave out and join without taking other things together: comments, and clones with a few lines between.
        plain = [
            command,
            "--min-lines",
            "5",
            "--min-tokens",
            "30",
            "--workers",
            "1",
            "--skip-comments",
            "--max-gap-lines",
            "3",
        ]
        yield Tool(f"jscpd {version}", lambda root: _run_jscpd(plain, root, folder))
        renamed = [*plain, "--ignore-identifiers", "--ignore-literals"]
        yield Tool(f"jscpd {version}, names and literals ignored", lambda root: _run_jscpd(renamed, root, folder))
    try:
        version = _pylint(folder / "pylint")
    except (OSError, subprocess.SubprocessError) as error:
        yield f"symilar: not compared ({_reason(error)})"
    else:
        yield Tool(f"symilar of pylint {version}", lambda root: _run_symilar(root, folder / "pylint"))


def _reason(error: Exception) -> str:
    text = getattr(error, "stderr", None) or str(error)
    lines = [line for line in str(text).strip().split("\n") if line.strip()]
    return lines[-1] if lines else type(error).__name__


def _jscpd(folder: Path) -> tuple[str, str]:
    """The command and its version. Effect: installs it under `folder`, with the part for this platform."""
    npm = shutil.which("npm")
    if npm is None:
        raise FileNotFoundError("npm is not on PATH")
    _quiet([npm, "install", "--no-audit", "--no-fund", "jscpd"], folder)
    command = str(folder / "node_modules" / ".bin" / "jscpd")
    asked = subprocess.run([command, "--version"], capture_output=True, text=True, timeout=60, check=False)
    missing = re.search(r"npm install (\S+)", asked.stdout + asked.stderr)
    if asked.returncode and missing:
        _quiet([npm, "install", "--no-audit", "--no-fund", missing[1]], folder)
        asked = subprocess.run([command, "--version"], capture_output=True, text=True, timeout=60, check=True)
    return command, asked.stdout.split()[-1]


def _run_jscpd(command: list[str], root: Path, folder: Path) -> tuple[list[list[Fragment]], float]:
    report = folder / "report"
    _, spent = run([*command, "--reporters", "json", "--output", str(report), "--format", "python", str(root)], root)
    clones = []
    for one in json.loads((report / "jscpd-report.json").read_bytes())["duplicates"]:
        sides = (one["firstFile"], one["secondFile"])
        clones.append([Fragment(Path(side["name"]).name, side["start"], side["end"]) for side in sides])
    return clones, spent


def _pylint(folder: Path) -> str:
    """Its version. Effect: installs it into `folder`, beside nothing of ours."""
    _quiet([sys.executable, "-m", "pip", "install", "--quiet", "--target", str(folder), "pylint"], None)
    code = "from importlib.metadata import version; print(version('pylint'))"
    environment = os.environ | {"PYTHONPATH": str(folder)}
    return subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=60, check=True
    ).stdout.strip()


def _run_symilar(root: Path, folder: Path) -> tuple[list[list[Fragment]], float]:
    code = "import sys; from pylint import run_symilar; run_symilar(sys.argv[1:])"
    options = ["--duplicates", "5", "--ignore-comments", "--ignore-imports"]
    files = sorted(str(path) for path in root.glob("*.py"))
    output, spent = run([sys.executable, "-c", code, *options, *files], root, os.environ | {"PYTHONPATH": str(folder)})
    clones: list[list[Fragment]] = []
    for line in output.splitlines():
        if re.match(r"\d+ similar lines in \d+ files", line):
            clones.append([])
        elif place := re.match(r"==(.+?):\[(\d+):(\d+)\]$", line):
            clones[-1].append(
                Fragment(Path(place[1]).name.removesuffix(".py") + ".py", int(place[2]) + 1, int(place[3]))
            )
    return clones, spent


def _quiet(command: list[str], folder: Path | None) -> None:
    subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=600, check=True)


def run(command: list[str], folder: Path, environment: dict[str, str] | None = None) -> tuple[str, float]:
    """What a command prints, and the CPU seconds of it and its children. Found copies may make it end with a status."""
    with tempfile.TemporaryFile("w+", encoding="utf-8") as output:
        child = subprocess.Popen(command, cwd=folder, stdout=output, stderr=subprocess.DEVNULL, env=environment)
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        text = output.read()
    if child.returncode not in (0, 1):
        raise subprocess.CalledProcessError(child.returncode, command[:4], text)
    return text, used.ru_utime + used.ru_stime


def shown(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds >= 1 else f"{seconds * 1000:.1f} ms"
