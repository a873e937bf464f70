"""What of edited functions is found, edit by edit: by nb2mod, jscpd and pylint's symilar, on the same code in one run.

Functions are generated, and real ones when a folder of notebooks is given; each is edited once. nb2mod reads notebooks, the
others the same text as scripts.
"""

import ast
import json
import random
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from detect.edited_functions import TYPE_1, TYPE_2, TYPE_3, Edit, function, imports, is_plain
from others import Fragment, Tool, fragment, holds, lines_before, notebook, others, run, shown

from nb2mod.stages.detect import clone_classes, near_classes
from nb2mod.stages.index import complete, outline, read_cells

EDITS = TYPE_1 | TYPE_2 | TYPE_3
LINES = 8
_GROUPS = {"type 1": TYPE_1, "type 2": TYPE_2, "type 3": TYPE_3}


def compare(count: int, corpus: str | None) -> None:
    """Prints the share of edited functions that each tool finds, for `count` functions and each edit."""
    with tempfile.TemporaryDirectory(prefix="nb2mod-functions-") as name:
        folder = Path(name)
        tools = [Tool("nb2mod", _nb2mod, notebooks=True)]
        for tool in others(folder / "tools"):
            if isinstance(tool, str):
                print(tool, flush=True)
            else:
                tools.append(tool)
        generated = [function(random.Random(number), LINES + number % 12) for number in range(count * 4)]
        _table("generated functions", generated, tools, folder / "pairs", count)
        if corpus:
            _table("real functions", _real(Path(corpus)), tools, folder / "pairs", count)
    print("found: at least half of the lines of a function reported as a copy of its own other, in whatever class")


def _table(title: str, texts: Sequence[str], tools: Sequence[Tool], folder: Path, count: int) -> None:
    print(
        f"\n{title} of {LINES} lines and more, {count} for each edit: share found (functions the edit can't change left out)"
    )
    for number, tool in enumerate(tools, 1):
        print(f"  [{number}] {tool.title}")
    print(f"{'':34}{'tried':>7}" + "".join(f"{f'[{number}]':>8}" for number in range(1, len(tools) + 1)), flush=True)
    spent = [0.0] * len(tools)
    wrong = [0] * len(tools)
    for group, edits in _GROUPS.items():
        sums, total = [0] * len(tools), 0
        for name, edit in edits.items():
            pairs = _pairs(name, edit, texts, count)
            total += len(pairs)
            row = []
            for at, tool in enumerate(tools):
                found, unrelated, seconds = _found(tool, folder, pairs)
                row.append(found / len(pairs) if pairs else 0.0)
                sums[at] += found
                wrong[at] += unrelated
                spent[at] += seconds
            print(f"  {name:32}{len(pairs):>7}" + "".join(f"{share:>8.2f}" for share in row), flush=True)
        print(f"{group:34}{total:>7}" + "".join(f"{found / total:>8.2f}" for found in sums), flush=True)
    print(f"{'unrelated functions paired':41}" + "".join(f"{number:>8}" for number in wrong))
    print(f"{'CPU time':41}" + "".join(f"{shown(seconds):>8}" for seconds in spent), flush=True)


def _pairs(name: str, edit: Edit, texts: Sequence[str], count: int) -> list[tuple[str, str]]:
    """Functions and their edited copies: the first that the edit can change."""
    pairs = []
    for number, text in enumerate(texts):
        edited = edit(random.Random(f"{name} {number}"), text)
        if edited is not None:
            pairs.append((text, edited))
        if len(pairs) == count:
            break
    return pairs


def _found(tool: Tool, folder: Path, pairs: Sequence[tuple[str, str]]) -> tuple[int, int, float]:
    """How many pairs the tool finds, how many clones take functions of different pairs together, and the CPU seconds."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    places = [
        [_write(folder, f"p{number}_{side}", text, tool.notebooks) for side, text in zip("ab", pair, strict=True)]
        for number, pair in enumerate(pairs)
    ]
    clones, spent = tool.found(folder)
    by_path = {one.path: one for pair in places for one in pair}
    unrelated = sum(len({part.path.split("_")[0] for part in clone if _holds(part, by_path)}) > 1 for clone in clones)
    return sum(holds(clones, one, other) for one, other in places), unrelated, spent


def _holds(part: Fragment, by_path: dict[str, Fragment]) -> bool:
    """Whether it is at least half of the function in its file, not only what stands around that."""
    own = by_path[part.path]
    lines = min(part.last, own.last) - max(part.first, own.first) + 1
    return lines * 2 >= own.last - own.first + 1


def _write(folder: Path, stem: str, text: str, as_notebook: bool) -> Fragment:
    """A notebook or script with the function among lines of its own; its place, in the script's lines."""
    rows = f"{stem}_rows = {{'name': '{stem}', 'size': {len(text)}}}"
    cells = (f"{imports()}\n{rows}", text, f"print({stem}_rows)", f"{stem}_done = 1")
    path = folder / f"{stem}.{'ipynb' if as_notebook else 'py'}"
    path.write_text(json.dumps(notebook(cells)) if as_notebook else "\n\n".join(cells) + "\n", encoding="utf-8")
    first = lines_before(cells)[1] + 1
    return Fragment(path.name, first, first + text.count("\n"))


def _nb2mod(folder: Path) -> tuple[list[list[Fragment]], float]:
    """Every candidate that is a copy of something, whatever is decided of it."""
    options = ["--no-cache", "-j", "1", "--output-format", "json"]
    output, spent = run([sys.executable, "-m", "nb2mod", "scan", *options], folder)
    found = [one for one in json.loads(output)["candidates"] if one["kind"] != "block" and len(one["occurrences"]) > 1]
    return [[fragment(folder, place) for place in one["occurrences"]] for one in found], spent


def _real(corpus: Path) -> list[str]:
    """Functions of the notebooks in a folder that are long enough, none of them a copy of another; in an order of their own."""
    outlines = [outline(path.as_posix(), path.read_bytes()) for path in sorted(corpus.rglob("*.ipynb"))]
    facts = dict(read_cells([(cell.digest, cell.source, False) for one in outlines for cell in one.cells]))
    features = [complete(one, facts) for one in outlines]
    classes = clone_classes(features)
    near = {member for one in near_classes(features, classes) for member in one.members[1:]}
    texts = []
    for one in classes:
        at = one.members[0]
        cell = features[at.file].cells[at.cell]
        definition = cell.facts.definitions[at.definition]
        text = "\n".join(cell.source.split("\n")[definition.line - 1 : definition.end_line])
        if at not in near and definition.kind == "function" and is_plain(text) and len(list(_code(text))) >= LINES:
            texts.append(text)
    random.Random(len(texts)).shuffle(texts)
    return texts


def _code(text: str) -> Iterator[str]:
    """Lines that code stands on: no docstring, comment or blank line."""
    tree = ast.parse(text)
    docstrings = {
        row
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        for row in range(node.lineno, (node.end_lineno or node.lineno) + 1)
    }
    for row, line in enumerate(text.split("\n"), 1):
        if row not in docstrings and line.strip() and not line.strip().startswith("#"):
            yield line
