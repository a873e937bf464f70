"""The refactoring that the seeds start from, and the seeds: one wrong step each, or one harmless one.

A seed edits the text of one file: "module" is the new module, "a2" cell 2 of notebook a after the change, "a2 before" the
same cell before it (and after it, where the cell was not changed).
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from verify.proving import Refactoring, notebook_bytes

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
    """One edit of the base. `change` is for what no replacement of text can say."""

    name: str
    where: str = "module"
    check: str = "inlines"  # the one that must see it
    old: str = ""
    new: str = ""
    renames: dict[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    ignored: dict[str, tuple[str, ...]] = field(default_factory=dict)
    change: Callable[[Refactoring], None] | None = None

    def planted(self) -> Refactoring:
        """The base with this seed in it."""
        made = base()
        made.renames.update(self.renames)
        made.ignored.update(self.ignored)
        if self.change is not None:
            self.change(made)
        if self.old or self.new:
            self._edit(made)
        return made

    def _edit(self, made: Refactoring) -> None:
        if self.where == "module":
            made.modules[MODULE] = replaced(made.modules[MODULE], self.old, self.new)
            return
        place, _, side = self.where.partition(" ")
        path, index = {"a": A, "b": B}[place[0]], int(place[1:]) - 1
        old, new = made.before[path], made.after[path]
        untouched = old[index] == new[index]
        if side != "before" or untouched:
            new[index] = replaced(new[index], self.old, self.new)
        if side == "before":
            old[index] = replaced(old[index], self.old, self.new)


def replaced(text: str, old: str, new: str) -> str:
    """A seed that finds no soil is a mistake in the test."""
    assert old in text, f"{old!r} is not in the text"
    return text.replace(old, new, 1)


def _raw(old: str, new: str) -> Callable[[Refactoring], None]:
    def change(made: Refactoring) -> None:
        text = notebook_bytes(made.after[A]).decode()
        made.raw[A] = replaced(text, old, new).encode()

    return change


def _other_module(made: Refactoring) -> None:
    made.modules["src/reports/other.py"] = replaced(made.modules[MODULE], "total = 0", "total = 1")
    made.after[A][3] = "from reports.other import clean, load\n"


def _swap_imports(made: Refactoring) -> None:
    made.after[A][3] = "from reports.dataset import clean as load, load as clean\n"


def _drop_definition(made: Refactoring) -> None:
    made.after[A][3] = "from reports.dataset import clean\n"


def _move_use(made: Refactoring) -> None:
    cells = made.before[A]
    cells[3] = "load = print\nload('x')\n" + cells[3]
    made.after[A][3] = "load = print\nfrom reports.dataset import clean, load\nload('x')\n"


def _read_before(made: Refactoring) -> None:
    """Nothing binds the name above, and code that runs there sees that."""
    asks = "try:\n    load\nexcept NameError:\n    print('not yet')\n"
    made.before[A][1] += asks
    made.after[A][1] += "from reports.dataset import load\n" + asks
    made.after[A][3] = "from reports.dataset import clean\n"


def _early_binding(made: Refactoring) -> None:
    """The later binding of a helper is what its callers see."""
    for side in (made.before[A], made.after[A]):
        side[6] = "def clean(x):\n    return x\n\n\n" + side[6]


def _rebound_constant(made: Refactoring) -> None:
    for side in (made.before[A], made.after[A]):
        side[6] = "LIMIT = 0.9\n" + side[6]


def _helper_stays(made: Refactoring) -> None:
    made.after[A][3] = LOAD.partition("\n\n\n")[0] + "\n\n\nfrom reports.dataset import load\n"


def _class_stays(made: Refactoring) -> None:
    made.after[A][4] = MODEL.partition("\n\n\n")[0] + "\n\n\nfrom reports.dataset import Model\n"


def _numpy_means_else(made: Refactoring) -> None:
    for side in (made.before[A], made.after[A]):
        side[1] = side[1].replace("import numpy as np", "import numpy\nimport autograd.numpy as np")


def _heavy_import(made: Refactoring) -> None:
    made.modules[MODULE] = made.modules[MODULE].replace("import functools\n", "import functools\nimport torch\n", 1)


def _heavy_init(made: Refactoring) -> None:
    made.modules["src/reports/__init__.py"] = "try:\n    import torch\nexcept ImportError:\n    torch = None\n"


def _late_numpy(made: Refactoring) -> None:
    """Nothing but the import stands above: the notebook loads numpy only after it has set a variable."""
    for side in (made.before[A], made.after[A]):
        side[1] = side[1].replace("import numpy as np\n", "")
        side[6] = "import numpy as np\n" + side[6]


def _beside(made: Refactoring) -> None:
    made.unchanged["notebooks/reports.py"] = "load = None\n"


def _local_module(made: Refactoring) -> None:
    for text in (made.before[A], made.after[A], made.before[B], made.after[B]):
        text[1] = text[1].replace("from math import sqrt", "from mymath import sqrt")
    made.modules[MODULE] = made.modules[MODULE].replace("from math import sqrt", "from mymath import sqrt", 1)
    made.unchanged["notebooks/mymath.py"] = "def sqrt(x): return x\n"


def _star(made: Refactoring) -> None:
    for side in (made.before[A], made.after[A]):
        side[1] += "from pylab import *\n"


def _pinned(made: Refactoring) -> None:
    for side in (made.before[A], made.after[A]):
        side[6] = "import doctest\ndoctest.testmod()\n" + side[6]


def _called_by_keyword(made: Refactoring) -> None:
    for side in (made.before[A], made.after[A]):
        side[6] = side[6].replace('load("x.csv"', 'load(path="x.csv"')


def _passed_on(made: Refactoring) -> None:
    for side in (made.before[A], made.after[A]):
        side[6] += "\nlist(map(load, []))"


def _clears(made: Refactoring) -> None:
    for side in (made.before[A], made.after[A]):
        side[3 if side is made.before[A] else 6] += "\ndel clean\n"


def _overwrites(made: Refactoring) -> None:
    made.unchanged[MODULE] = "def mine():\n    return 1\n"


def _cell_tagged(made: Refactoring) -> None:
    made.tags[3] = ["parameters"]


def _lost_magic(made: Refactoring) -> None:
    made.before[A][3] = "%matplotlib inline\n" + made.before[A][3]


def _lost_comment(made: Refactoring) -> None:
    made.before[A][3] = "# Part one\n\n" + made.before[A][3]


def _hides_output(made: Refactoring) -> None:
    made.before[A][3] += "\nlen('abc');"
    made.after[A][3] += "\nlen('abc')"


def _wrong_edit(made: Refactoring) -> None:
    from nb2mod.model import CellEdit

    made.edits[A] = tuple(
        CellEdit(n, f"c{n}", made.before[A][n - 1], made.after[A][n - 1]) for n in (3, 4, 5, 6) if n != 4
    )


def _as_one_string(made: Refactoring) -> None:
    text = notebook_bytes(made.after[A]).decode()
    listed = '[\n    "from reports.dataset import clean, load\\n"\n   ]'
    made.raw[A] = replaced(text, listed, '"from reports.dataset import clean, load\\n"').encode()


WRONG = [
    # what is said of the function
    Seed("a return is dropped", old="    return rows, total\n", new="    rows, total\n"),
    Seed("a return value is swapped", old="return rows, total", new="return total, rows"),
    Seed("a parameter is dropped", old='sep=",", *, skip=0', new='sep=","'),
    Seed("parameters are swapped", old="(path, sep=", new="(sep, path="),
    Seed("a keyword-only parameter becomes positional", old="*, skip=0", new="skip=0"),
    Seed("arguments are swapped", old="min(max(value, low), high)", new="min(max(low, value), high)"),
    Seed("arguments of the outer call are swapped", old="min(max(value, low), high)", new="min(high, max(value, low))"),
    Seed("a default is changed", old="high=3", new="high=4"),
    Seed("a default is dropped", old="high=3", new="high"),
    Seed("a default moves into the body", old="skip=0", new="skip=None"),
    Seed("a number in a nested function", old="0.25", new="0.52"),
    Seed("an integer becomes a float", old="total = 0\n", new="total = 0.0\n"),
    Seed("a truth value becomes a number", old="maxsize=None", new="maxsize=False"),
    Seed("one character of a string", old='"base"', new='"bass"'),
    Seed("text becomes bytes", old='"!"', new='b"!"'),
    Seed("a unary minus is lost", old="sqrt(abs(-count))", new="sqrt(abs(count))"),
    Seed("an operator", old="np.sqrt(count) - sqrt", new="np.sqrt(count) + sqrt"),
    Seed("a comparison", old="v > LIMIT", new="v >= LIMIT"),
    Seed("an augmented assignment becomes plain", old="total += len", new="total = len"),
    Seed("async is lost", old="async def fetch(url):\n    return await url", new="def fetch(url):\n    return url"),
    Seed("await is lost", old="return await url", new="return url"),
    Seed("a decorator is lost", old="@functools.lru_cache(maxsize=None)\n", new=""),
    Seed("a decorator is added", old="def pick(", new="@functools.lru_cache\ndef pick("),
    Seed("a decorator's argument", old="maxsize=None", new="maxsize=128"),
    Seed("a base class is lost", old="class Model(Base)", new="class Model"),
    Seed("a base class is another", old="class Model(Base)", new="class Model(object)"),
    Seed("a method is lost", old='\n    def name(self):\n        return self.kind + "!"\n', new=""),
    Seed("methods stand in another order", old="        self.rate = rate\n        self.steps = steps\n",
         new="        self.steps = steps\n        self.rate = rate\n"),
    Seed("a class attribute is renamed", old='kind = "base"', new='sort = "base"'),
    Seed("a class annotation", old="size: int", new="size: float"),
    Seed("a class is renamed", change=lambda made: (
        made.modules.update({MODULE: made.modules[MODULE].replace("Model", "Modell")}),
        made.after[A].__setitem__(4, "from reports.dataset import Base, Modell as Model\n"),
    ) and None),
    Seed("an attribute is renamed", old="self.rate = rate", new="self.pace = rate"),
    Seed("a keyword argument is renamed", old="pick(count, low=-1)", new="pick(count, high=-1)"),
    Seed("statements of the body are swapped", old="        total = 10\n        rows.sort()\n",
         new="        rows.sort()\n        total = 10\n"),
    Seed("a statement moves out of a branch", old="        rows.sort()\n", new="    rows.sort()\n"),
    Seed("a statement moves into a loop", old="    if total > 10:\n        total = 10\n        rows.sort()\n",
         new="        if total > 10:\n            total = 10\n            rows.sort()\n"),
    Seed("a statement is dropped", old="        rows.sort()\n", new=""),
    Seed("a comprehension loses its condition", old=" if v > LIMIT", new=""),
    Seed("a list becomes a generator", old="[clean(line) for line in open(path)]", new="(clean(line) for line in open(path))"),
    # names
    Seed("an import is dropped", check="names", old="from math import sqrt\n", new=""),
    Seed("an import from elsewhere", old="from math import sqrt", new="from numpy import sqrt"),
    Seed("an alias that means another module", old="import numpy as np", new="import math as np"),
    Seed("an alias that means another module here", change=_numpy_means_else),
    Seed("the helper of another notebook", old="x.strip().lower()", new="x.strip().upper()"),
    Seed("the constant of another notebook", old="LIMIT = 0.5", new="LIMIT = 0.7"),
    Seed("a constant nearly the same", old='"b": -2', new='"b": 2'),
    Seed("a constant in another order", old='{"a": 1, "b": -2}', new='{"b": -2, "a": 1}'),
    Seed("a global is renamed", old="v > LIMIT]", new="v > CEILING]"),
    Seed("a global is another one", old="url.get(SCALE)", new="url.get(LIMIT)"),
    Seed("a builtin is hidden", old="LIMIT = 0.5", new="LIMIT = 0.5\nabs = float"),
    Seed("a builtin is hidden by an import", old="from math import sqrt", new="from math import sqrt, fabs as abs"),
    Seed("a builtin hidden in one notebook", where="a2 before", old="import functools", new="import functools\nabs = round"),
    Seed("a star import may hide a builtin", change=_star),
    Seed("a local is renamed in one place", old="total = 10", new="count = 10"),
    Seed("a renamed local captures another", old="    total = 0\n    for row in rows[skip:]:\n        total += len(row",
         new="    total = 0\n    for total in rows[skip:]:\n        total += len(total"),
    Seed("a renamed parameter captures a global", old="async def fetch(url):\n    return await url",
         new="async def fetch(SCALE):\n    return await SCALE", renames={"fetch": (("url", "SCALE"),)}),
    Seed("a renamed local captures a helper",
         old="rows = [clean(line) for line in open(path)]", new="rows = [clean(clean) for clean in open(path)]",
         renames={"load": (("line", "clean"),)}),
    Seed("two locals become one", old="def pick(value, low, high=3):\n    return min(max(value, low), high)",
         new="def pick(value, low, high=3):\n    return min(max(value, value), high)"),
    Seed("a parameter is renamed that the plan does not name", old="async def fetch(url):\n    return await url",
         new="async def fetch(uri):\n    return await uri"),
    Seed("a parameter is renamed that a call names", old="def pick(value, low, high=3):\n    return min(max(value, low), high)",
         new="def pick(value, bottom, high=3):\n    return min(max(value, bottom), high)",
         renames={"pick": (("low", "bottom"),)}),
    Seed("another notebook's call names a renamed parameter", change=lambda made: (
        _called_by_keyword(made),
        made.modules.update({MODULE: made.modules[MODULE].replace("load(path", "load(name").replace("open(path", "open(name")}),
    ) and None, renames={"load": (("path", "name"),)}),
    Seed("a renamed parameter of a function that is passed on", change=lambda made: (
        _passed_on(made),
        made.modules.update({MODULE: made.modules[MODULE].replace("load(path", "load(name").replace("open(path", "open(name")}),
    ) and None, renames={"load": (("path", "name"),)}),
    Seed("a function is renamed whose name is seen", change=lambda made: (
        _passed_on(made),
        made.modules.update({MODULE: made.modules[MODULE].replace("def load(", "def read(")}),
        [made.after[path].__setitem__(3, "from reports.dataset import clean, read as load\n") for path in (A, B)],
    ) and None, renames={"load": (("load", "read"),)}),
    Seed("a global is declared", old="    total = 0\n", new="    global total\n    total = 0\n"),
    Seed("a global is declared on both sides", where="a4 before", old="    total = 0\n",
         new="    global total\n    total = 0\n", change=lambda made: made.modules.update(
        {MODULE: made.modules[MODULE].replace("    total = 0\n", "    global total\n    total = 0\n")}) and None),
    Seed("an undefined name", check="names", old="self.steps = steps", new="self.steps = step"),
    Seed("a base class stands below", check="names", change=lambda made: made.modules.update(
        {MODULE: made.modules[MODULE].replace(MODEL, "\n\n\n".join(reversed(MODEL.split("\n\n\n"))))}) and None),
    Seed("a constant is computed", old="LIMIT = 0.5", new="LIMIT = float('0.5')"),
    Seed("the module's future import", old='"""What notebooks share."""\n', new="from __future__ import annotations\n"),
    Seed("a docstring that doctest reads", change=_pinned, old="Rows of a file.", new="The rows.",
         ignored={"load": ("docstring",)}),
    Seed("a docstring the plan does not speak of", old="Rows of a file.", new="The rows."),
    Seed("a local import the plan does not know", old='    """Rows of a file."""\n', new='    """Rows of a file."""\n    import os\n'),
    # where the import stands
    Seed("the wrong module of two", change=_other_module),
    Seed("two functions are exchanged", change=_swap_imports),
    Seed("a definition is dropped", change=_drop_definition),
    Seed("the import stands above an earlier read", change=_move_use),
    Seed("the import stands above a read that fails without it", change=_read_before),
    Seed("a helper is bound again later", change=_early_binding),
    Seed("a constant is bound again later", change=_rebound_constant),
    Seed("a helper stays behind", change=_helper_stays),
    Seed("a base class stays behind", change=_class_stays),
    Seed("a statement is shifted", where="a7", old="model = Model(0.1)\n# what comes out\n", new="# what comes out\nmodel = Model(0.1)\n"),
    Seed("a statement is lost", where="a7", old="model = Model(0.1)\n", new=""),
    Seed("a statement is added", where="a4", old="load\n", new="load\nprint(load)\n"),
    Seed("another cell is touched", where="a7", old='sep=";"', new='sep=","'),
    Seed("another cell is reformatted", where="a7", old="Model(0.1)", new="Model( 0.1)"),
    Seed("a Markdown cell is touched", where="a1", old="Report", new="report"),
    Seed("a comment is lost", where="a7", old="# what comes out\n", new=""),
    Seed("a heading comment is lost", change=_lost_comment),
    Seed("a magic is lost", change=_lost_magic),
    Seed("a hidden output shows", change=_hides_output),
    Seed("a cell of parameters", change=_cell_tagged),
    Seed("an import of nothing", check="names", where="a4", old="clean, load", new="clean, load, store"),
    Seed("an import from nowhere", where="a4", old="reports.dataset", new="reports.features"),
    Seed("the package has no such module", change=lambda made: made.modules.pop(MODULE) and None),
    Seed("a name is not bound any more", check="names", where="a4 before", old="def clean(x)", new="cleaner = 1\n\n\ndef clean(x)"),
    Seed("a cell does not compile", check="compiles", where="a4", old="import clean, load", new="import clean load"),
    Seed("a module does not compile", check="compiles", old="return rows, total", new="return rows,, total"),
    Seed("a module warns", check="compiles", old='self.kind + "!"', new='self.kind + "\\d"'),
    # the file
    Seed("an output is changed", check="json", change=_raw("output 4", "output 5")),
    Seed("metadata is changed", check="json", change=_raw('"kernel": 1.5', '"kernel": 1.50')),
    Seed("a number's spelling is changed", check="json", change=_raw('"nbformat_minor": 5', '"nbformat_minor": 5.0')),
    Seed("a cell's id is changed", check="json", change=_raw('"id": "c4"', '"id": "c44"')),
    Seed("an execution count is changed", check="json", change=_raw('"execution_count": 4', '"execution_count": null')),
    Seed("keys in another order", check="json", change=_raw('"nbformat": 4,\n "nbformat_minor": 5', '"nbformat_minor": 5,\n "nbformat": 4')),
    Seed("a key is written twice", check="json", change=_raw('"nbformat": 4,', '"nbformat": 4,\n "nbformat": 4,')),
    Seed("another indentation", check="json", change=lambda made: made.raw.update({A: notebook_bytes(made.after[A], indent=2)}) and None),
    Seed("the final newline is lost", check="json", change=lambda made: made.raw.update({A: notebook_bytes(made.after[A]).rstrip()}) and None),
    Seed("a byte order mark", check="json", change=lambda made: made.raw.update({A: b"\xef\xbb\xbf" + notebook_bytes(made.after[A])}) and None),
    Seed("a list of lines becomes a string", check="json", change=_as_one_string),
    Seed("the change does not tell of a cell", check="json", change=_wrong_edit),
    Seed("a cell is inserted", check="json", change=lambda made: made.raw.update({A: notebook_bytes(["x = 1", *made.after[A]])}) and None),
    Seed("a cell is lost", check="json", change=lambda made: made.raw.update({A: notebook_bytes(made.after[A][:-1])}) and None),
    Seed("no notebook any more", check="json", change=lambda made: made.raw.update({A: b"{}"}) and None),
    # what an import runs
    Seed("the module loads something new", check="loads", change=_heavy_import),
    Seed("the package's __init__ loads something new", check="loads", change=_heavy_init),
    Seed("the import loads something earlier than before", check="loads", change=_late_numpy),
    Seed("the module does something", check="loads", old="LIMIT = 0.5", new='LIMIT = 0.5\nprint("hello")'),
    Seed("a file beside the notebook has the package's name", check="names", change=_beside),
    Seed("a module imported from beside the notebook", change=_local_module),
    Seed("a new module stands there already", check="extends", change=_overwrites),
]  # fmt: skip

HARMLESS = [
    Seed("nothing but the refactoring"),
    Seed("comments in the module", old="    total = 0\n", new="    # nothing yet\n    total = 0  # rows\n"),
    Seed("quotes", old='sep=","', new="sep=','"),
    Seed("a number in another base", old="total = 10\n", new="total = 0xA\n"),
    Seed("lines broken", old="def pick(value, low, high=3):", new="def pick(\n    value,\n    low,\n    high=3,\n):"),
    Seed("parentheses", old="return rows, total", new="return (rows, total)"),
    Seed("the docstring is gone", old='    """Rows of a file."""\n', new="", ignored={"load": ("docstring",)}),
    Seed("another docstring", old="Rows of a file.", new="The rows.", ignored={"load": ("docstring",)}),
    Seed("white space in the docstring", old='"""Rows of a file."""', new='"""\n    Rows of   a file.\n    """'),
    Seed("a docstring where the notebook has none", old="def pick(value, low, high=3):\n",
         new='def pick(value, low, high=3):\n    """Between low and high."""\n'),
    Seed("annotations where the notebook has none", old="def clean(x):", new="def clean(x: str) -> str:"),
    Seed("annotations are gone", where="a4 before", old="def clean(x):", new="def clean(x: str) -> str:",
         ignored={"clean": ("annotations",)}),
    Seed("an alias of the same module", change=lambda made: (
        made.modules.update({MODULE: made.modules[MODULE].replace("import numpy as np", "import numpy").replace("np.sqrt", "numpy.sqrt")}),
    ) and None),
    Seed("a parameter is renamed, called by position", old="def clean(x):\n    return x.strip()",
         new="def clean(text):\n    return text.strip()", renames={"clean": (("x", "text"),)}),
    Seed("locals are renamed", change=lambda made: made.modules.update(
        {MODULE: made.modules[MODULE].replace("rows", "lines").replace("row", "entry")}) and None,
        renames={"load": (("rows", "lines"), ("row", "entry"))}),
    Seed("names of a nested function are renamed", change=lambda made: made.modules.update(
        {MODULE: made.modules[MODULE].replace("weight", "w")}) and None, renames={"Model": (("weight", "w"),)}),
    Seed("names are exchanged", old="def step(value, weight):\n            return value - weight * 0.25",
         new="def step(weight, value):\n            return weight - value * 0.25",
         renames={"Model": (("value", "weight"), ("weight", "value"))}),
    Seed("a function has another name in the module", change=lambda made: (
        made.modules.update({MODULE: made.modules[MODULE].replace("load(", "read_rows(")}),
        [made.after[path].__setitem__(3, "from reports.dataset import clean, read_rows as load\n") for path in (A, B)],
    ) and None, renames={"load": (("load", "read_rows"),)}),
    Seed("imports in another order", old="import functools\nimport numpy as np\nfrom math import sqrt\n",
         new="import functools\nfrom math import sqrt\n\nimport numpy as np\n"),
    Seed("definitions in another order", change=lambda made: made.modules.update(
        {MODULE: DOCSTRING + "\n\n".join([IMPORTS, CONSTANTS, ASYNC, MODEL, LOAD])}) and None),
    Seed("one import per definition", where="a4", old="from reports.dataset import clean, load\n",
         new="from reports.dataset import clean\nfrom reports.dataset import load\n"),
    Seed("an import in brackets", where="a4", old="import clean, load", new="import (\n    clean,\n    load,\n)"),
    Seed("a helper in a module of its own", change=lambda made: (
        made.modules.update({
            MODULE: made.modules[MODULE].replace("def clean(x):\n    return x.strip().lower()\n\n\n", "").replace(
                "from math import sqrt\n", "from math import sqrt\nfrom reports.features import clean\n", 1),
            "src/reports/features.py": "def clean(x):\n    return x.strip().lower()\n"}),
        [made.after[path].__setitem__(3, "from reports.features import clean\nfrom reports.dataset import load\n") for path in (A, B)],
    ) and None),
    Seed("a relative import between modules", change=lambda made: made.modules.update({
        MODULE: made.modules[MODULE].replace(CONSTANTS, "", 1).replace(
            "from math import sqrt\n", "from math import sqrt\nfrom .limits import LIMIT, SCALE\n", 1),
        "src/reports/limits.py": CONSTANTS}) and None),
    Seed("a constant is written otherwise", old="LIMIT = 0.5", new="LIMIT = 5e-1"),
    Seed("a heading comment stays", change=lambda made: [
        side.__setitem__(3, "# Part one\n\n" + side[3]) for side in (made.before[A], made.after[A])] and None),
    Seed("the comment above a definition goes with it", where="a4 before", old="def clean(x)", new="# lower case\ndef clean(x)"),
    Seed("the comment above a definition stays", change=lambda made: [
        side.__setitem__(3, "# lower case\n" + side[3]) for side in (made.before[A], made.after[A])] and None),
    Seed("magics around", change=lambda made: [
        side.__setitem__(3, "%matplotlib inline\n" + side[3] + "!ls\n%time load('x')\n") for side in (made.before[A], made.after[A])] and None),
    Seed("a later cell reads what was imported", change=lambda made: [
        side.__setitem__(6, side[6] + "\nload = functools.partial(load, sep=' ')") for side in (made.before[A], made.after[A])] and None),
    Seed("the same import twice", change=lambda made: [
        side.__setitem__(6, "import numpy as np\n" + side[6]) for side in (made.before[A], made.after[A])] and None),
    Seed("a name rebound before anything is defined", change=lambda made: [
        side.__setitem__(1, "sqrt = None\n" + side[1]) for side in (made.before[A], made.after[A])] and None),
    Seed("a star import that hides no builtin", change=lambda made: [
        side.__setitem__(1, side[1] + "from matplotlib.pyplot import *\n") for side in (made.before[A], made.after[A])] and None),
    Seed("what the module loads is loaded by a neighbour", change=lambda made: [
        (side.__setitem__(1, side[1].replace("import numpy as np\n", "import pandas as pd\nimport numpy as np\n")))
        for side in (made.before[A], made.after[A])] and None),
]  # fmt: skip
