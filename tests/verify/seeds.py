"""The refactoring that seeds are planted in, and what a seed is. The seeds themselves are in `wrong.py` and `harmless.py`."""

from collections.abc import Callable
from dataclasses import dataclass, field

from verify.proving import Refactoring

MODULE = "src/reports/dataset.py"
A, B = "notebooks/a.ipynb", "notebooks/b.ipynb"

IMPORTS = """\
import functools
import numpy as np
from math import sqrt
"""
CONSTANTS = """\
LIMIT = 0.5
SCALE = {"a": 1, "b": -2}
"""
LOAD = '''\
def clean(x):
    return x.strip().lower()


# Reads what the machine wrote.
def load(path, sep=",", *, skip=0):
    """Rows of a file."""
    rows = [clean(line) for line in open(path)]
    total = 0
    for row in rows[skip:]:
        total += len(row.split(sep))
    if total > 10:
        total = 10
        rows.sort()
    return rows, total
'''
MODEL = """\
class Base:
    kind = "base"

    def name(self):
        return self.kind + "!"


class Model(Base):
    size: int = 3

    def __init__(self, rate, steps=10):
        self.rate = rate
        self.steps = steps

    def fit(self, values):
        def step(value, weight):
            return value - weight * 0.25

        return [step(v, self.rate) for v in values if v > LIMIT]
"""
ASYNC = """\
@functools.lru_cache(maxsize=None)
def spread(count):
    return np.sqrt(count) - sqrt(abs(-count)) * pick(count, low=-1)


def pick(value, low, high=3):
    return min(max(value, low), high)


async def fetch(url):
    return await url.get(SCALE)
"""
USE = """\
rows, total = load("x.csv", sep=";")
model = Model(0.1)
# what comes out
print(model.fit([1, 2]), spread(4), pick(5, 1));"""
DOCSTRING = '"""What notebooks share."""\n\n'


def base() -> Refactoring:
    """Two notebooks with the same definitions; all of them move into one module."""
    cells = ["md:# Report", IMPORTS, CONSTANTS, LOAD, MODEL, ASYNC, USE]
    after = [
        "md:# Report",
        IMPORTS,
        "from reports.dataset import LIMIT, SCALE\n",
        "from reports.dataset import clean, load\n",
        "from reports.dataset import Base, Model\n",
        "from reports.dataset import fetch, pick, spread\n",
        USE,
    ]
    module = DOCSTRING + "\n\n".join([IMPORTS, CONSTANTS, LOAD, MODEL, ASYNC])
    return Refactoring(
        before={A: list(cells), B: list(cells)},
        after={A: list(after), B: list(after)},
        modules={"src/reports/__init__.py": "", MODULE: module},
    )


@dataclass(frozen=True)
class Seed:
    """One wrong step, or one harmless one, as edits of text: (where, old, new).

    "module" is the new module, "module *" each place in it; "a4" is cell 4 of notebook a after the change, "a4 before" before
    it, "a4 both" on both sides; "ab4" means both notebooks. An empty `old` puts `new` first. `change` is for the rest.
    """

    name: str
    edits: tuple[tuple[str, str, str], ...] = ()
    check: str = "inlines"  # the one that must see it
    renames: dict[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    ignored: dict[str, tuple[str, ...]] = field(default_factory=dict)
    change: Callable[[Refactoring], None] | None = None

    def planted(self) -> Refactoring:
        """The base with this seed in it."""
        made = base()
        made.renames.update(self.renames)
        made.ignored.update(self.ignored)
        for where, old, new in self.edits:
            _edit(made, where, old, new)
        if self.change is not None:
            self.change(made)
        return made


def replaced(text: str, old: str, new: str, count: int = 1) -> str:
    """A seed that finds no soil is a mistake in the test."""
    assert old in text, f"{old!r} is not in the text"
    return text.replace(old, new, count)


def _edit(made: Refactoring, where: str, old: str, new: str) -> None:
    place, _, side = where.partition(" ")
    if place == "module":
        made.modules[MODULE] = replaced(made.modules[MODULE], old, new, -1 if side == "*" else 1)
        return
    number = int(place.strip("ab"))
    for letter in place[: -len(str(number))]:
        path = {"a": A, "b": B}[letter]
        for cells in {"": [made.after], "before": [made.before], "both": [made.before, made.after]}[side]:
            cells[path][number - 1] = replaced(cells[path][number - 1], old, new)
