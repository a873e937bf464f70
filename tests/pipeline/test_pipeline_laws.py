"""Laws over generated projects: behaviour stays, a second run changes nothing, undo is the identity, order does not matter.

Notebooks are drawn from a pool of cells in which the same names mean different things, so that most draws hold a hazard: helpers
of two bodies, constants of two values, state, rebinding, late definitions. Each project is run before and after in one
process, cell by cell, and compared by what was printed, which errors came, and which values are left: it goes on after errors,
and every name counts. Blocks promise less (hazards B14, B16) and have laws of their own in tests/small: here none is long enough.
"""

import contextlib
import io
import json
import shutil
import sys
import tempfile
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
from hypothesis import event, example, given, settings
from hypothesis import strategies as st

from nb2mod import pipeline
from nb2mod.config import Config
from nb2mod.model import Report, Verdict
from nb2mod.pipeline import Request

POOL = [
    "import math",
    "import math as m",
    "from math import sqrt, pi",
    "import json, math",
    "LIMIT = 3",
    "LIMIT = 5",
    "rows = [1, 2, 3]",
    "rows.append(4)",
    "RATES = {'a': 2}",
    "RATES['b'] = 1",
    "def helper(x):\n    y = x + 1\n    return y * 2",
    "def helper(x):\n    y = x + 2\n    return y * 2",
    "def helper(a):\n    b = a + 1\n    return b * 2",
    "def scale(v, k=2):\n    out = [i * k for i in v]\n    return out",
    "def scale(v, k=2):\n    '''Scales.'''\n    out = [i*k for i in v]  # all of them\n    return out",
    "def rescale(w, k=2):\n    out = [j * k for j in w]\n    return out",
    "def root(x):\n    y = math.sqrt(x)\n    return round(y, 2)",
    "def root(x):\n    y = m.sqrt(x)\n    return round(y, 2)",
    "def clip(x):\n    y = min(x, LIMIT)\n    return max(y, -LIMIT)",
    "def deep(x):\n    y = helper(x)\n    return helper(y) + 1",
    "def total():\n    t = sum(rows)\n    return t",
    "def rate(k):\n    r = RATES.get(k, 0)\n    return r + 1",
    "def even(n):\n    m = n - 1\n    return n == 0 or odd(m)",
    "def odd(n):\n    m = n - 1\n    return n != 0 and even(m)",
    "def grow(x, acc=[]):\n    acc.append(x)\n    return list(acc)",
    "class Point:\n    def __init__(self, x):\n        self.x = x\n    def double(self):\n        return helper(self.x)",
    "class Big(Point):\n    def double(self):\n        d = super().double()\n        return d + 1",
    "def area(r):\n    a = pi * r\n    return a * r\ndef half(r):\n    h = area(r)\n    return h / 2\nprint(half(2))",
    "print(helper(3))\ndef later(x):\n    y = x - 1\n    return y\nprint(later(2))",
    "sum = lambda v: 42",
    "helper = len",
    "del helper",
    "helper.cache = {}",
    "for LIMIT in range(2):\n    pass",
    "if len('ab') == 2:\n    def helper(x):\n        z = x\n        return z",
    "from math import *",
    "print(helper(1))",
    "print(scale([1, 2]), scale(v=[3], k=3))",
    "print(rescale([1]))",
    "print(root(2))",
    "print(clip(9))",
    "print(deep(2))",
    "print(total())",
    "print(rate('a'), rate('b'))",
    "print(even(4), odd(3))",
    "print(grow(1), grow(2))",
    "print(Point(2).double(), Big(3).double())",
    "print(list(map(helper, [1, 2])))",
    "print(helper.__name__, type(Point(1)).__name__)",
    "x = f'{LIMIT=} {rows}'\nprint(x)",
    "print(sorted(n for n in globals() if n in ('helper', 'scale', 'LIMIT', 'Point')))",
]

# Two copies of a helper and of what calls it in one notebook, of which the first are called before there is a `pi`.
TOO_EARLY = next(cell for cell in POOL if cell.startswith("def area"))

notebooks = st.lists(st.lists(st.sampled_from(POOL), min_size=2, max_size=9), min_size=2, max_size=4)


@contextlib.contextmanager
def project(books: list[list[str]], names: list[str] | None = None) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp())
    try:
        for number, cells in enumerate(books):
            path = folder / (names[number] if names else f"n{number}.ipynb")
            path.write_text(notebook_text(cells))
        yield folder
    finally:
        shutil.rmtree(folder)


def notebook_text(cells: list[str]) -> str:
    content = {
        "cells": [
            {
                "cell_type": "code",
                "execution_count": None,
                "id": f"c{number}",
                "metadata": {},
                "outputs": [],
                "source": source.splitlines(keepends=True),
            }
            for number, source in enumerate(cells)
        ],
        "metadata": {},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(content, indent=1) + "\n"


def request(root: Path, **options: Any) -> Request:
    config = Config(package="team", count_copied_notebooks=True, threshold_block_statements=1_000)
    return Request(root=root, config=config, jobs=1, cache=False, allow_dirty=True, **options)


def extract(root: Path, **options: Any) -> Report:
    asked = request(root, **options)
    return pipeline.write(asked, pipeline.extract(asked))


def content(root: Path) -> dict[str, bytes]:
    files = (path for path in root.rglob("*") if path.is_file() and ".nb2mod" not in path.parts)
    return {str(path.relative_to(root)): path.read_bytes() for path in files if "__pycache__" not in path.parts}


def behaviour(root: Path) -> dict[str, Any]:
    """Each notebook run from top to bottom, going on after errors: what is printed per cell, and what is left."""
    return {path.name: run(path, root / "src") for path in sorted(root.glob("*.ipynb"))}


def run(path: Path, source: Path) -> list[Any]:
    namespace: dict[str, Any] = {"__name__": "__main__"}
    told: list[Any] = []
    sys.path.insert(0, str(source))
    sys.dont_write_bytecode, before = True, sys.dont_write_bytecode
    try:
        for cell in json.loads(path.read_text())["cells"]:
            out = io.StringIO()
            with contextlib.redirect_stdout(out):
                try:
                    exec(compile("".join(cell["source"]), "<cell>", "exec"), namespace)
                    error = ""
                except Exception as problem:
                    error = f"{type(problem).__name__}: {problem}".replace("team.", "__main__.")
            told.append((out.getvalue(), error))
    finally:
        sys.path.remove(str(source))
        sys.dont_write_bytecode = before
        for name in [name for name in sys.modules if name.partition(".")[0] == "team"]:
            del sys.modules[name]
    told.append({name: left(value) for name, value in namespace.items() if not name.startswith("__")})
    return told


def left(value: Any) -> str:
    """A value as text; a function only as that: a renamed copy is another name for one nobody could ask for its name."""
    if isinstance(value, types.FunctionType):
        return "a function"
    return getattr(value, "__name__", None) or repr(value).replace("team.", "__main__.").partition(" at 0x")[0]


@settings(max_examples=120)
@given(notebooks, st.booleans())
@example([[TOO_EARLY, "from math import *", TOO_EARLY], ["from math import *", TOO_EARLY]], True)
@example([[TOO_EARLY, "from math import sqrt, pi", TOO_EARLY], ["from math import sqrt, pi", TOO_EARLY]], False)
def test_behaviour_stays_and_undo_is_the_identity(books: list[list[str]], unsafe: bool) -> None:
    with project(books) as root:
        before, bytes_before = behaviour(root), content(root)
        report = extract(root, unsafe=unsafe)
        event(f"moved {min(len(report.plan.extractions) if report.plan else 0, 3)}")
        assert behaviour(root) == before
        for path in root.glob("*.ipynb"):
            nbformat.validate(nbformat.reads(path.read_text(), as_version=4))
        after = content(root)
        again = extract(root, unsafe=unsafe)
        assert not (again.changes and again.changes.changes)
        assert content(root) == after
        pipeline.undo(root)
        assert content(root) == bytes_before


@settings(max_examples=30)
@given(notebooks, st.randoms())
def test_the_order_of_notebooks_does_not_matter(books: list[list[str]], chance: Any) -> None:
    """Under other names, in another order, the same candidates get the same verdicts."""
    shuffled = list(range(len(books)))
    chance.shuffle(shuffled)
    names = [f"m{place}.ipynb" for place in shuffled]
    with project(books) as one, project(books, names) as other:
        assert verdicts(pipeline.scan(request(one))) == verdicts(pipeline.scan(request(other)))


def verdicts(report: Report) -> list[tuple[str, str, int, int, list[str]]]:
    return sorted(
        (c.name, c.verdict.value, len(c.occurrences), c.places, sorted({reason.code for reason in c.reasons}))
        for c in report.candidates
    )


@settings(max_examples=30)
@given(notebooks)
def test_scan_writes_nothing_and_remembers_rightly(books: list[list[str]]) -> None:
    with project(books) as root, tempfile.TemporaryDirectory() as cache:
        before = content(root)
        fresh = pipeline.scan(request(root))
        with contextlib.ExitStack() as stack:
            stack.enter_context(memory_in(cache))
            asked = Request(root=root, config=request(root).config, jobs=1, cache=True)
            first, second = pipeline.scan(asked), pipeline.scan(asked)
        assert first.candidates == second.candidates == fresh.candidates
        assert first.diagnostics == second.diagnostics == fresh.diagnostics
        assert content(root) == before
        assert not (root / ".nb2mod").exists()


@contextlib.contextmanager
def memory_in(folder: str) -> Iterator[None]:
    import os

    before = os.environ.get("NB2MOD_CACHE")
    os.environ["NB2MOD_CACHE"] = folder
    try:
        yield
    finally:
        if before is None:
            del os.environ["NB2MOD_CACHE"]
        else:
            os.environ["NB2MOD_CACHE"] = before


@settings(max_examples=20)
@given(notebooks)
def test_only_planned_cells_change(books: list[list[str]]) -> None:
    with project(books) as root:
        before = {path.name: json.loads(path.read_text()) for path in root.glob("*.ipynb")}
        report = extract(root)
        planned = {(s.path, s.cell) for e in (report.plan.extractions if report.plan else ()) for s in e.sites}
        planned |= {(one.path, one.cell) for one in (report.plan.passing if report.plan else ())}
        for name, old in before.items():
            new = json.loads((root / name).read_text())
            changed = {
                (name, number)
                for number, (one, other) in enumerate(zip(old["cells"], new["cells"], strict=True), 1)
                if one != other
            }
            assert changed <= planned
            assert {key: value for key, value in old.items() if key != "cells"} == {
                key: value for key, value in new.items() if key != "cells"
            }


def test_some_of_this_moves() -> None:
    """The laws above would hold for a tool that refuses everything."""
    books = [["import math", POOL[10], POOL[13], POOL[16], POOL[19], "print(deep(2), scale([1]), root(4))"]] * 2
    with project(books) as root:
        report = extract(root)
        assert {c.name for c in report.candidates if c.verdict is Verdict.EXTRACT} == {
            "helper",
            "scale",
            "root",
            "deep",
        }
        assert {path.name for path in (root / "src" / "team").iterdir()} >= {"__init__.py"}
