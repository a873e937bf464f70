"""What blocks cost and what of them is found: against a scan of definitions alone, for ten times as many notebooks, on real
notebooks, and against jscpd and pylint's symilar on the same code written out as scripts.

Those two are fetched when the bench runs, by npm and pip, into a folder that goes away; where that fails the row says why.
"""

import ast
import json
import os
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parents[1]))

from detect.edited_blocks import TYPE_1, TYPE_2_ODD, TYPE_2_RENAMED, Edited, Pair, Sample, pair
from generate import generate

FEW, SIZES = 200, (5, 6, 8, 10, 12)  # notebooks that all tools can read in reasonable time; statements of a block
GROUPS = {"type 1": TYPE_1, "renamed": TYPE_2_RENAMED, "odd": TYPE_2_ODD}
_SMALL = 12_000  # bytes of a notebook where only their number matters
Measure = Callable[[str, Path], float]


# growth, real notebooks


def growth(measure: Measure, folder: Path, notebooks: int) -> None:
    """Prints the CPU time per notebook of a cold scan, of as many notebooks and of ten times as many."""
    spent = []
    for count in (notebooks, notebooks * 10):
        root = folder / f"grown-{count}"
        generate(root, count, copies=True, size=_SMALL)
        spent.append(measure("cold", root) / count)
        shutil.rmtree(root)
    title = f"cold scan per notebook, {notebooks:,} / {notebooks * 10:,}"
    print(f"{title:44}{_ms(spent[0]):>10}{_ms(spent[1]):>10}{spent[1] / spent[0]:>9.2f}   0.8 to 1.2", flush=True)


def real(measure: Measure, corpus: str | None, rounds: int) -> None:
    """Prints what blocks cost on the notebooks in `corpus`, and what is found there."""
    if not corpus:
        print("real notebooks: none given (NB2MOD_CORPUS names a folder)")
        return
    root = Path(corpus)
    pairs = [(measure("definitions", root), measure("cold", root)) for _ in range(rounds)]
    ratio = statistics.median(cold / floor for floor, cold in pairs)
    floor, cold = (statistics.median(column) for column in zip(*pairs, strict=True))
    report = _scanned(root)
    found = [one for one in report["candidates"] if one["kind"] == "block"]
    title = f"{report['summary']['notebooks']:,} real notebooks, blocks / definitions only"
    print(f"{title:44}{_ms(floor):>10}{_ms(cold):>10}{ratio:>9.2f}   ≤ 1.5")
    verdicts = {
        verdict: sum(one["verdict"] == verdict for one in found) for verdict in ("extract", "review", "blocked")
    }
    told = ", ".join(f"{count} {verdict}" for verdict, count in verdicts.items())
    places = sum(len(one["occurrences"]) for one in found)
    print(f"  {len(found)} blocks in {places} places: {told}", flush=True)


# others


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


def compare(rounds: int, pairs: int) -> None:
    """Prints time and recall of nb2mod and the others, on the same code."""
    print(
        f"\non the same code, as scripts for the others: {FEW} notebooks for the time, {pairs} pairs of blocks per edit"
    )
    head = f"{'CPU time':>10}{'ratio':>9}{'type 1':>10}{'renamed':>10}{'one changed':>13}{'unrelated':>11}"
    print(f"{'':44}{head}", flush=True)
    with tempfile.TemporaryDirectory(prefix="nb2mod-others-") as name:
        folder = Path(name)
        generate(folder / "notebooks", FEW, copies=True, size=_SMALL)
        _scripts(folder / "notebooks", folder / "scripts")
        base = 0.0
        for tool in (Tool("nb2mod scan", _nb2mod, notebooks=True), *_others(folder / "tools")):
            if isinstance(tool, str):
                print(tool, flush=True)
                continue
            times = [tool.found(folder / ("notebooks" if tool.notebooks else "scripts"))[1] for _ in range(rounds)]
            spent = statistics.median(times)
            base = base or spent
            shares, unrelated = _recall(tool, folder / "pairs", pairs)
            row = "".join(f"{share:>{width}.2f}" for share, width in zip(shares, (10, 10, 13), strict=True))
            print(f"{tool.title:44}{_ms(spent):>10}{spent / base:>9.2f}{row}{unrelated:>11}", flush=True)
    print(
        "found: at least half of the lines of a block reported as a copy of its own other; unrelated: copies told of blocks"
    )
    print("that have nothing in common")


def _recall(tool: Tool, folder: Path, count: int) -> tuple[list[float], int]:
    shares, unrelated = [], 0
    for edits in GROUPS.values():
        found = 0
        for name, edit in edits.items():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            blocks = [_write(folder, number, edit, name, tool.notebooks) for number in range(count)]
            clones, _ = tool.found(folder)
            found += sum(_holds(clones, one, other) for one, other in blocks)
            unrelated += sum(len({part.path.split("_")[0] for part in clone}) > 1 for clone in clones)
        shares.append(found / (count * len(edits)))
    return shares, unrelated


def _holds(clones: Iterable[list[Fragment]], one: Fragment, other: Fragment) -> bool:
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


# the same code as notebooks and as scripts


def _write(
    folder: Path, number: int, edit: Callable[[random.Random, Sample], Edited], name: str, notebooks: bool
) -> tuple[Fragment, Fragment]:
    rng = random.Random(f"{name} {number}")
    made: Pair = pair(edit, rng, rng.choice(SIZES), f"p{number}")
    blocks = []
    for side, cells, at in (("a", made.one, made.first), ("b", made.other, made.second)):
        path = folder / f"p{number}_{side}.{'ipynb' if notebooks else 'py'}"
        if notebooks:
            path.write_text(json.dumps(_notebook(cells)), encoding="utf-8")
        else:
            path.write_text("\n\n".join(cells) + "\n", encoding="utf-8")
        blocks.append(_block(path.name, cells, at))
    return blocks[0], blocks[1]


def _block(path: str, cells: tuple[str, ...], at: tuple[tuple[int, int], ...]) -> Fragment:
    """The lines of a block in its script; a notebook's are counted as if it were one."""
    starts = _starts(cells)
    (cell, first), (last_cell, last) = at[0], at[-1]
    begin = ast.parse(cells[cell]).body[first].lineno
    end = ast.parse(cells[last_cell]).body[last].end_lineno or 0
    return Fragment(path, starts[cell] + begin, starts[last_cell] + end)


def _starts(cells: Iterable[str]) -> list[int]:
    """How many lines of a script stand before each cell."""
    starts = [0]
    for cell in cells:
        starts.append(starts[-1] + cell.count("\n") + 2)
    return starts


def _notebook(cells: Iterable[str]) -> dict[str, object]:
    code = [
        {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": cell} for cell in cells
    ]
    return {"cells": code, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}


def _scripts(root: Path, folder: Path) -> None:
    """Effect: writes every notebook under `root` as a script; magics become comments."""
    folder.mkdir()
    for path in sorted(root.rglob("*.ipynb")):
        cells = [
            "".join(cell["source"]) for cell in json.loads(path.read_bytes())["cells"] if cell["cell_type"] == "code"
        ]
        text = re.sub(r"(?m)^(?=[%!])", "# ", "\n\n".join(cells))
        (folder / f"{path.stem}.py").write_text(text + "\n", encoding="utf-8")


# how each is run


def _nb2mod(folder: Path) -> tuple[list[list[Fragment]], float]:
    output, spent = _run(
        [sys.executable, "-m", "nb2mod", "scan", "--no-cache", "-j", "1", "--output-format", "json"], folder
    )
    clones = []
    for one in json.loads(output)["candidates"]:
        if one["kind"] == "block" and one["code"] == "NB111":
            clones.append([_fragment(folder, place) for place in one["occurrences"]])
    return clones, spent


def _fragment(folder: Path, place: dict[str, object]) -> Fragment:
    path, cell, end_cell = str(place["path"]), int(str(place["cell"])), int(str(place["end_cell"] or place["cell"]))
    cells = json.loads((folder / path).read_bytes())["cells"]
    starts = _starts("".join(one["source"]) for one in cells)
    return Fragment(
        path, starts[cell - 1] + int(str(place["line"])), starts[end_cell - 1] + int(str(place["end_line"]))
    )


def _scanned(root: Path) -> dict[str, list[dict[str, list[object]]]]:
    output, _ = _run([sys.executable, "-m", "nb2mod", "scan", "--no-cache", "--output-format", "json"], root)
    return json.loads(output)  # type: ignore[no-any-return]


def _others(folder: Path) -> Iterator[Tool | str]:
    folder.mkdir()
    try:
        command, version = _jscpd(folder)
    except (OSError, subprocess.SubprocessError) as error:
        yield f"jscpd: not compared ({_reason(error)})"
    else:
        plain = [command, "--min-lines", "5", "--min-tokens", "30", "--workers", "1"]
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
    _, spent = _run([*command, "--reporters", "json", "--output", str(report), "--format", "python", str(root)], root)
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
    output, spent = _run([sys.executable, "-c", code, *options, *files], root, os.environ | {"PYTHONPATH": str(folder)})
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


def _run(command: list[str], folder: Path, environment: dict[str, str] | None = None) -> tuple[str, float]:
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


def _ms(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds >= 1 else f"{seconds * 1000:.1f} ms"
