"""What blocks cost and what of them is found: against a scan of definitions alone, for ten times as many notebooks, on real
notebooks, and against jscpd and pylint's symilar (see others.py) on the same code written out as scripts.
"""

import ast
import json
import random
import re
import shutil
import statistics
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from detect.edited_blocks import TYPE_1, TYPE_2_ODD, TYPE_2_RENAMED, TYPE_3, Edited, Pair, Sample, pair
from generate import generate
from others import Fragment, Tool, fragment, holds, lines_before, notebook, others, run, scanned, shown

FEW, SIZES = 200, (5, 6, 8, 10, 12)  # notebooks that all tools can read in reasonable time; statements of a block
# Columns of the table, with their edits. Of type 3: lines put in, taken out, exchanged; something small within a line.
GROUPS = {
    "type 1": TYPE_1,
    "renamed": TYPE_2_RENAMED,
    "one changed": TYPE_2_ODD,
    "inserted": {name: edit for name, edit in TYPE_3.items() if name.endswith("inserted")},
    "deleted": {"line deleted": TYPE_3["line deleted"]},
    "replaced": {"line replaced": TYPE_3["line replaced"]},
    "in a line": {name: TYPE_3[name] for name in ("put into a line", "taken out of a line")},
}
_WIDTHS = [max(10, len(name) + 2) for name in GROUPS]
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
    print(f"{title:44}{shown(spent[0]):>10}{shown(spent[1]):>10}{spent[1] / spent[0]:>9.2f}   0.8 to 1.2", flush=True)


def real(measure: Measure, corpus: str | None, rounds: int) -> None:
    """Prints what blocks cost on the notebooks in `corpus`, and what is found there."""
    if not corpus:
        print("real notebooks: none given (NB2MOD_CORPUS names a folder)")
        return
    root = Path(corpus)
    pairs = [(measure("definitions", root), measure("cold", root)) for _ in range(rounds)]
    ratio = statistics.median(cold / floor for floor, cold in pairs)
    floor, cold = (statistics.median(column) for column in zip(*pairs, strict=True))
    report = scanned(root)
    found = [one for one in report["candidates"] if one["kind"] == "block"]
    title = f"{report['summary']['notebooks']:,} real notebooks, blocks / definitions only"
    print(f"{title:44}{shown(floor):>10}{shown(cold):>10}{ratio:>9.2f}   ≤ 1.5")
    verdicts = {
        verdict: sum(one["verdict"] == verdict for one in found) for verdict in ("extract", "review", "blocked")
    }
    told = ", ".join(f"{count} {verdict}" for verdict, count in verdicts.items())
    places = sum(len(one["occurrences"]) for one in found)
    print(f"  {len(found)} blocks in {places} places: {told}", flush=True)


# others


def compare(rounds: int, pairs: int) -> None:
    """Prints time and recall of nb2mod and the others, on the same code."""
    print(
        f"\non the same code, as scripts for the others: {FEW} notebooks for the time, {pairs} pairs of blocks per edit"
    )
    columns = "".join(f"{name:>{width}}" for name, width in zip(GROUPS, _WIDTHS, strict=True))
    print(f"{'':44}{'CPU time':>10}{'ratio':>9}{columns}{'unrelated':>11}", flush=True)
    with tempfile.TemporaryDirectory(prefix="nb2mod-others-") as name:
        folder = Path(name)
        generate(folder / "notebooks", FEW, copies=True, size=_SMALL)
        _scripts(folder / "notebooks", folder / "scripts")
        base = 0.0
        for tool in (Tool("nb2mod scan", _nb2mod, notebooks=True), *others(folder / "tools")):
            if isinstance(tool, str):
                print(tool, flush=True)
                continue
            times = [tool.found(folder / ("notebooks" if tool.notebooks else "scripts"))[1] for _ in range(rounds)]
            spent = statistics.median(times)
            base = base or spent
            shares, unrelated = _recall(tool, folder / "pairs", pairs)
            row = "".join(f"{share:>{width}.2f}" for share, width in zip(shares, _WIDTHS, strict=True))
            print(f"{tool.title:44}{shown(spent):>10}{spent / base:>9.2f}{row}{unrelated:>11}", flush=True)
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
            found += sum(holds(clones, one, other) for one, other in blocks)
            unrelated += sum(len({part.path.split("_")[0] for part in clone}) > 1 for clone in clones)
        shares.append(found / (count * len(edits)))
    return shares, unrelated


# the same code as notebooks and as scripts


def _write(
    folder: Path, number: int, edit: Callable[[random.Random, Sample], Edited], name: str, notebooks: bool
) -> tuple[Fragment, Fragment]:
    rng = random.Random(f"{name} {number}")
    made: Pair = pair(edit, rng, rng.choice(SIZES), f"p{number}")
    blocks = []
    copy = made.copy if name in TYPE_3 else made.second
    for side, cells, at in (("a", made.one, made.first), ("b", made.other, copy)):
        path = folder / f"p{number}_{side}.{'ipynb' if notebooks else 'py'}"
        if notebooks:
            path.write_text(json.dumps(notebook(cells)), encoding="utf-8")
        else:
            path.write_text("\n\n".join(cells) + "\n", encoding="utf-8")
        blocks.append(_block(path.name, cells, at))
    return blocks[0], blocks[1]


def _block(path: str, cells: tuple[str, ...], at: tuple[tuple[int, int], ...]) -> Fragment:
    """The lines of a block in its script; a notebook's are counted as if it were one."""
    starts = lines_before(cells)
    (cell, first), (last_cell, last) = at[0], at[-1]
    begin = ast.parse(cells[cell]).body[first].lineno
    end = ast.parse(cells[last_cell]).body[last].end_lineno or 0
    return Fragment(path, starts[cell] + begin, starts[last_cell] + end)


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
    output, spent = run(
        [sys.executable, "-m", "nb2mod", "scan", "--no-cache", "-j", "1", "--output-format", "json"], folder
    )
    clones = []
    for one in json.loads(output)["candidates"]:
        if one["kind"] == "block" and one["code"] in ("NB111", "NB113"):
            clones.append([fragment(folder, place) for place in one["occurrences"]])
    return clones, spent
