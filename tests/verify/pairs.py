"""Notebooks before and after in which some later read sees another binding, and their harmless neighbours.

A pair is written as the cells before; the cells that become imports are named with what they become. No rewriter made them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from verify.corpus import inserted
from verify.proving import Refactoring, notebook_bytes

A, B = "a.ipynb", "b.ipynb"
MODULE = "src/reports/dataset.py"
INIT = "src/reports/__init__.py"
F = "from reports.dataset import f\n"
READ_X = "def f():\n    return x\n"
CALL = "f()"
SQRT = "def f(v):\n    return sqrt(v)\n"


@dataclass(frozen=True)
class Pair:
    """`moved` maps the number of a cell to its source after the change. `new` are the files that the change makes or extends;
    a text alone is the new module. `old` are the files of the package before, `others` notebooks that stay as they are."""

    name: str
    cells: tuple[str, ...]
    moved: Mapping[int, str]
    new: Mapping[str, str]
    old: Mapping[str, str] = field(default_factory=dict)
    others: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    tags: Mapping[int, list[str]] = field(default_factory=dict)
    site: str = "f"

    def refactoring(self) -> Refactoring:
        """Both sides as files."""

        after = [self.moved.get(number, source) for number, source in enumerate(self.cells, 1)]
        modules = dict(self.new)
        if INIT not in self.old and INIT not in self.new:
            modules[INIT] = ""
        insertions = {
            path: inserted(self.old[path].encode(), text) for path, text in modules.items() if path in self.old
        }
        unchanged: dict[str, str | bytes] = {path: notebook_bytes(cells) for path, cells in self.others.items()}
        return Refactoring(
            before={A: list(self.cells)},
            after={A: after},
            modules=modules,
            old_modules=dict(self.old),
            unchanged=unchanged,
            insertions=insertions,
            tags=dict(self.tags),
            others=(A, *self.others),
        )


def pair(name: str, *cells: str, new: str | Mapping[str, str], **more: object) -> Pair:
    """The cells that define `f` (as `def`, `async def`, `class`, decorated or not) become its import unless `moved` is given."""
    moved = more.pop("moved", None) or {
        number: F
        for number, source in enumerate(cells, 1)
        if source.startswith(("def f(", "async def f(", "class f", "@"))
    }
    texts = {MODULE: new} if isinstance(new, str) else new
    return Pair(name, cells, moved, texts, **more)  # type: ignore[arg-type]


H1, H2 = "def h():\n    return 1\n", "def h():\n    return 2\n"
USES_H = "def f():\n    return h()\n"
WITH_H = f"{H1}\n\n{USES_H}"
FH = "from reports.dataset import h\n"
RAND = "def f():\n    return rand()\n"
CACHED = "@lru_cache\ndef f(v):\n    return [v]\n"


def rebound(name: str, *later: str, tags: Mapping[int, list[str]] = {}) -> Pair:
    """`f` calls the helper `h`, both move, and then something binds `h` again."""
    return Pair(name, (H1, USES_H, CALL, *later, CALL), {1: FH, 2: F}, {MODULE: WITH_H}, tags=tags)


def constant(name: str, *later: str) -> Pair:
    """`f` reads the constant `LIMIT`, both move, and then something binds `LIMIT` again."""
    body = "def f(v):\n    return v > LIMIT\n"
    new = f"LIMIT = 3\n\n\n{body}"
    return Pair(
        name, ("LIMIT = 3\n", body, *later, "f(2)"), {1: "from reports.dataset import LIMIT\n", 2: F}, {MODULE: new}
    )


def imported(name: str, *later: str, first: str = "from math import sqrt\n") -> Pair:
    """`f` calls an imported `sqrt`, moves with the import, and then something binds `sqrt` again."""
    return pair(name, first, SQRT, *later, "f(2)", new=f"{first}\n\n{SQRT}")
