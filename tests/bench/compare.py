"""`make bench`: what nb2mod costs, as ratios against a floor that is measured in the same run on the same machine.

Measured and floor alternate, each in a process of its own, and the median counts: a busy machine slows both. CPU time, since
other work on the machine does not change it. Nothing here passes or fails; targets are printed beside what was found.
"""

import argparse
import functools
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parent))

import blocks
import functions
from generate import generate

from nb2mod import __version__

WORK = Path(__file__).with_name("work.py")


class Sample(NamedTuple):
    cpu: float
    wall: float
    peak: float


class Pair(NamedTuple):
    """Floor and measured, medians over the rounds; `ratio` is the median of each round's ratio."""

    floor: float
    measured: float
    ratio: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--notebooks", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument(
        "--pairs",
        type=int,
        default=20,
        help="pairs of blocks and of functions for each edit, for the recall; 0: no other tools",
    )
    parser.add_argument("--blocks", action="store_true", help="only what concerns blocks")
    parser.add_argument("--functions", action="store_true", help="only the recall on functions")
    parser.add_argument("--growth", action="store_true", help="also ten times as many notebooks: takes minutes")
    arguments = parser.parse_args()
    if arguments.functions:
        functions.compare(arguments.pairs, os.environ.get("NB2MOD_CORPUS"))
        return
    with tempfile.TemporaryDirectory(prefix="nb2mod-bench-") as folder:
        _head(arguments.notebooks, arguments.rounds)
        for title, copies in (("half of the cells are copies", True), ("no copies", False)):
            root = Path(folder) / ("copies" if copies else "unique")
            generate(root, arguments.notebooks, copies=copies)
            if not arguments.blocks:
                _corpus(title, root, arguments.rounds, Path(folder) / "memory")
            _blocks(title, root, arguments.rounds, Path(folder) / "memory")
            shutil.rmtree(root)
        cost = functools.partial(_cold, Path(folder) / "memory")
        if arguments.growth:
            blocks.growth(cost, Path(folder), arguments.notebooks)
        blocks.real(cost, os.environ.get("NB2MOD_CORPUS"), arguments.rounds)
    if not arguments.blocks:
        _start_up(arguments.rounds * 3)
    if arguments.pairs:
        blocks.compare(arguments.rounds, arguments.pairs)
        if not arguments.blocks:
            functions.compare(arguments.pairs, os.environ.get("NB2MOD_CORPUS"))


def _head(notebooks: int, rounds: int) -> None:
    python = ".".join(map(str, sys.version_info[:3]))
    print(f"nb2mod {__version__}, Python {python}, {os.cpu_count()} cores")
    print(f"{notebooks:,} generated notebooks; medians of {rounds} rounds, measured and floor in turn; CPU time\n")
    print(f"{'':44}{'floor':>10}{'nb2mod':>10}{'ratio':>9}   target", flush=True)


def _corpus(title: str, root: Path, rounds: int, memory: Path) -> None:
    cold, warm, edited, parallel, peaks = [], [], [], [], []
    for _ in range(rounds):
        shutil.rmtree(memory, ignore_errors=True)
        cold.append((_work("floor-cold", root, memory), _work("cold", root, memory)))
        warm.append((_work("floor-warm", root, memory), _work("warm", root, memory)))
        peaks.append(cold[-1][1].peak)
        _edit_one(root)
        edited.append(_work("warm", root, memory).cpu)
        shutil.rmtree(memory)
        parallel.append(_work("parallel", root, memory).wall)
    sizes = [path.stat().st_size for path in root.rglob("*.ipynb")]
    print(f"{title}, {statistics.mean(sizes) / 1000:.0f} KB per notebook")
    _row("  cold scan, one worker / json + ast.parse", _pair(cold), "≤ 2.0")
    _row("  warm scan, one worker / stat + SQLite", _pair(warm), "≤ 3.0")
    print(f"  {'scan after one notebook was edited':42}{'':>10}{_time(statistics.median(edited)):>10}")
    print(f"  {'cold scan, all cores, wall time':42}{'':>10}{_time(statistics.median(parallel)):>10}")
    print(f"  {'peak memory, one worker':42}{'':>10}{statistics.median(peaks) / 1e6:>7.0f} MB", flush=True)


def _blocks(title: str, root: Path, rounds: int, memory: Path) -> None:
    """Blocks and definitions together, against a scan that finds definitions alone."""
    found = []
    for _ in range(rounds):
        shutil.rmtree(memory, ignore_errors=True)
        floor = _work("definitions", root, memory)
        shutil.rmtree(memory, ignore_errors=True)
        found.append((floor, _work("cold", root, memory)))
    print(f"{title}, blocks")
    _row("  cold, with blocks / definitions only", _pair(found), "≤ 1.5")


def _cold(memory: Path, kind: str, root: Path) -> float:
    shutil.rmtree(memory, ignore_errors=True)
    return _work(kind, root, memory).cpu


def _edit_one(root: Path) -> None:
    """Effect: adds a line to the last code cell of one notebook, as a person who saves does."""
    path = min(root.rglob("*.ipynb"))
    content = json.loads(path.read_bytes())
    cell = [cell for cell in content["cells"] if cell["cell_type"] == "code"][-1]
    cell["source"].append("\nprint('once more')")
    path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def _work(kind: str, root: Path, memory: Path) -> Sample:
    environment = os.environ | {"XDG_CACHE_HOME": str(memory), "PYTHONHASHSEED": "0"}
    done = subprocess.run([sys.executable, WORK, kind, root], env=environment, stdout=subprocess.PIPE, check=True)
    return Sample(**json.loads(done.stdout))


def _pair(samples: list[tuple[Sample, Sample]]) -> Pair:
    floors, measured = zip(*samples, strict=True)
    ratios = [sample.cpu / floor.cpu for floor, sample in samples]
    return Pair(
        statistics.median(sample.cpu for sample in floors),
        statistics.median(sample.cpu for sample in measured),
        statistics.median(ratios),
    )


def _row(title: str, pair: Pair, target: str) -> None:
    print(f"{title:44}{_time(pair.floor):>10}{_time(pair.measured):>10}{pair.ratio:>9.2f}   {target}", flush=True)


def _start_up(rounds: int) -> None:
    """The whole process of --version; and of a scan, what it imports before it looks at anything."""
    floors, measured = [], []
    for _ in range(rounds):
        floors.append(_cpu([sys.executable, "-c", "pass"]))
        measured.append(_cpu([sys.executable, "-m", "nb2mod", "--version"]))
    more = statistics.median(second - first for first, second in zip(floors, measured, strict=True))
    title = "nb2mod --version / python -c pass"
    first, second = statistics.median(floors), statistics.median(measured)
    print(f"{title:44}{_time(first):>10}{_time(second):>10}{'+' + _time(more):>9}   ≤ +60 ms")
    imports = statistics.median(_work("import", Path(), Path()).cpu for _ in range(rounds))
    print(f"{'import of the pipeline':44}{'':>10}{_time(imports):>10}")


def _cpu(command: list[str]) -> float:
    """CPU seconds of a whole process, its start included."""
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise subprocess.CalledProcessError(child.returncode, command)
    return used.ru_utime + used.ru_stime


def _time(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds >= 1 else f"{seconds * 1000:.0f} ms"


if __name__ == "__main__":
    main()
