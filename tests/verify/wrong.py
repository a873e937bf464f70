"""Refactorings that are wrong in one step each. Every one must be caught, by the check that is named."""

from collections.abc import Callable

from verify.proving import Refactoring, notebook_bytes
from verify.seeds import LOAD, MODEL, MODULE, A, Seed, replaced

from nb2mod.model import CellEdit

PICK = "def pick(value, low, high=3):\n    return min(max(value, low), high)"

PATH_IS_NAME = (("module", "load(path", "load(name"), ("module", "open(path", "open(name"))
FIRST_OF_LOAD, FIRST_OF_MODEL = (text.partition("\n\n\n")[0] + "\n\n\n" for text in (LOAD, MODEL))


def _in_file(old: str, new: str) -> Callable[[Refactoring], None]:
    """Edits the bytes of notebook a after the change."""

    def change(made: Refactoring) -> None:
        made.raw[A] = replaced(notebook_bytes(made.after[A]).decode(), old, new).encode()

    return change


def _as_file(write: Callable[[list[str]], bytes]) -> Callable[[Refactoring], None]:
    """Writes the cells of notebook a after the change in another way."""

    def change(made: Refactoring) -> None:
        made.raw[A] = write(made.after[A])

    return change


def _beside(path: str, text: str) -> Callable[[Refactoring], None]:
    def change(made: Refactoring) -> None:
        made.unchanged[path] = text

    return change


def _other_module(made: Refactoring) -> None:
    made.modules["src/reports/other.py"] = replaced(made.modules[MODULE], "total = 0", "total = 1")
    made.after[A][3] = "from reports.other import clean, load\n"


def _no_module(made: Refactoring) -> None:
    del made.modules[MODULE]


def _heavy_init(made: Refactoring) -> None:
    made.modules["src/reports/__init__.py"] = "try:\n    import torch\nexcept ImportError:\n    torch = None\n"


def _parameters(made: Refactoring) -> None:
    made.tags[3] = ["parameters"]


def _untold_cell(made: Refactoring) -> None:
    cells = zip(made.before[A], made.after[A], strict=True)
    edits = [CellEdit(number, f"c{number}", *sides) for number, sides in enumerate(cells, 1)]
    made.edits[A] = tuple(edit for edit in edits if edit.before != edit.after and edit.cell != 4)


SAID = [
    Seed("a return is dropped", (("module", "    return rows, total\n", "    rows, total\n"),)),
    Seed("a return value is swapped", (("module", "return rows, total", "return total, rows"),)),
    Seed("a parameter is dropped", (("module", 'sep=",", *, skip=0', 'sep=","'),)),
    Seed("parameters are swapped", (("module", "(path, sep=", "(sep, path="),)),
    Seed("a keyword-only parameter becomes positional", (("module", "*, skip=0", "skip=0"),)),
    Seed("arguments are swapped", (("module", "max(value, low)", "max(low, value)"),)),
    Seed(
        "arguments of the outer call are swapped",
        (("module", "min(max(value, low), high)", "min(high, max(value, low))"),),
    ),
    Seed("a default is changed", (("module", "high=3", "high=4"),)),
    Seed("a default is dropped", (("module", "high=3", "high"),)),
    Seed("a default becomes None", (("module", "skip=0", "skip=None"),)),
    Seed("a number in a nested function", (("module", "0.25", "0.52"),)),
    Seed("an integer becomes a float", (("module", "total = 0\n", "total = 0.0\n"),)),
    Seed("nothing becomes a truth value", (("module", "maxsize=None", "maxsize=False"),)),
    Seed("one character of a string", (("module", '"base"', '"bass"'),)),
    Seed("text becomes bytes", (("module", '"!"', 'b"!"'),)),
    Seed("a unary minus is lost", (("module", "abs(-count)", "abs(count)"),)),
    Seed("an operator", (("module", "np.sqrt(count) - sqrt", "np.sqrt(count) + sqrt"),)),
    Seed("a comparison", (("module", "v > LIMIT", "v >= LIMIT"),)),
    Seed("an augmented assignment becomes plain", (("module", "total += len", "total = len"),)),
    Seed("async is lost", (("module", "async def fetch(url):\n    return await", "def fetch(url):\n    return"),)),
    Seed("await is lost", (("module", "return await url", "return url"),)),
    Seed("a decorator is lost", (("module", "@functools.lru_cache(maxsize=None)\n", ""),)),
    Seed("a decorator is added", (("module", "def pick(", "@functools.lru_cache\ndef pick("),)),
    Seed("a decorator's argument", (("module", "maxsize=None", "maxsize=128"),)),
    Seed("a base class is lost", (("module", "class Model(Base)", "class Model"),)),
    Seed("a base class is another", (("module", "class Model(Base)", "class Model(object)"),)),
    Seed("a method is lost", (("module", '\n    def name(self):\n        return self.kind + "!"\n', ""),)),
    Seed(
        "statements of a method stand in another order",
        (("module", "self.rate = rate\n        self.steps = steps", "self.steps = steps\n        self.rate = rate"),),
    ),
    Seed("a class attribute is renamed", (("module", 'kind = "base"', 'sort = "base"'),)),
    Seed("a class annotation", (("module", "size: int", "size: float"),)),
    Seed("a class is renamed", (("module *", "Model", "Modell"), ("ab5", "Model", "Modell as Model"))),
    Seed("an attribute is renamed", (("module", "self.rate = rate", "self.pace = rate"),)),
    Seed("a keyword argument is renamed", (("module", "pick(count, low=-1)", "pick(count, high=-1)"),)),
    Seed(
        "statements of the body are swapped",
        (("module", "total = 10\n        rows.sort()", "rows.sort()\n        total = 10"),),
    ),
    Seed("a statement moves out of a branch", (("module", "        rows.sort()\n", "    rows.sort()\n"),)),
    Seed(
        "a branch moves into the loop",
        (
            ("module", "    if total > 10:\n        total = 10\n        rows.sort()\n", "        if total > 10:\n"
             "            total = 10\n            rows.sort()\n"),
        ),
    ),
    Seed("a statement is dropped", (("module", "        rows.sort()\n", ""),)),
    Seed("a comprehension loses its condition", (("module", " if v > LIMIT", ""),)),
    Seed(
        "a list becomes a generator",
        (("module", "[clean(line) for line in open(path)]", "(clean(line) for line in open(path))"),),
    ),
]  # fmt: skip

NAMES = [
    Seed("an import is dropped", (("module", "from math import sqrt\n", ""),), "names"),
    Seed("an import from elsewhere", (("module", "from math import sqrt", "from numpy import sqrt"),)),
    Seed("an alias that means another module", (("module", "import numpy as np", "import math as np"),)),
    Seed(
        "an alias that means another module in one notebook",
        (("a2 both", "import numpy as np", "import numpy\nimport autograd.numpy as np"),),
    ),
    Seed("the helper of another notebook", (("module", "x.strip().lower()", "x.strip().upper()"),)),
    Seed("the constant of another notebook", (("module", "LIMIT = 0.5", "LIMIT = 0.7"),)),
    Seed("a constant nearly the same", (("module", '"b": -2', '"b": 2'),)),
    Seed("a constant in another order", (("module", '{"a": 1, "b": -2}', '{"b": -2, "a": 1}'),)),
    Seed("a constant is computed", (("module", "LIMIT = 0.5", "LIMIT = float('0.5')"),)),
    Seed("a global is renamed", (("module", "v > LIMIT]", "v > CEILING]"),)),
    Seed("a global is another one", (("module", "url.get(SCALE)", "url.get(LIMIT)"),)),
    Seed("a builtin is hidden", (("module", "LIMIT = 0.5", "LIMIT = 0.5\nabs = 3"),)),
    Seed("a builtin is hidden by an import", (("module", "math import sqrt", "math import sqrt, fabs as abs"),)),
    Seed("a builtin is hidden in one notebook", (("a2 both", "import functools", "import functools\nabs = round"),)),
    Seed("a star import may hide a builtin", (("a2 both", "import functools", "import functools\nfrom pylab import *"),)),
    Seed("a local is renamed in one place", (("module", "total = 10", "count = 10"),)),
    Seed(
        "a renamed local captures another",
        (("module", "for row in rows[skip:]", "for total in rows[skip:]"), ("module", "len(row.", "len(total.")),
    ),
    Seed(
        "a renamed parameter captures a global",
        (("module", "fetch(url):\n    return await url", "fetch(SCALE):\n    return await SCALE"),),
        renames={"fetch": (("url", "SCALE"),)},
    ),
    Seed(
        "a renamed local captures a helper",
        (("module", "[clean(line) for line in", "[clean(clean) for clean in"),),
        renames={"load": (("line", "clean"),)},
    ),
    Seed("two locals become one", (("module", "max(value, low)", "max(value, value)"),)),
    Seed(
        "a parameter is renamed that the plan does not name",
        (("module", "fetch(url):\n    return await url", "fetch(uri):\n    return await uri"),),
    ),
    Seed(
        "a parameter is renamed that a call in the module names",
        (("module", PICK, PICK.replace("low", "bottom")),),
        renames={"pick": (("low", "bottom"),)},
    ),
    Seed(
        "a parameter is renamed that a call in the notebook names",
        (("a7 both", 'load("x.csv"', 'load(path="x.csv"'), *PATH_IS_NAME),
        renames={"load": (("path", "name"),)},
    ),
    Seed(
        "a renamed parameter of a function that is passed on",
        (("a7 both", "", "found = list(map(load, []))\n"), *PATH_IS_NAME),
        renames={"load": (("path", "name"),)},
    ),
    Seed(
        "a function is renamed whose name is seen",
        (("a7 both", "", "print(load)\n"), ("module", "def load(", "def read("), ("ab4", "load", "read as load")),
        renames={"load": (("load", "read"),)},
    ),
    Seed("a global is declared", (("module", "    total = 0\n", "    global total\n    total = 0\n"),)),
    Seed(
        "a global is declared on both sides",
        tuple((where, "    total = 0\n", "    global total\n    total = 0\n") for where in ("module", "ab4 before")),
    ),
    Seed("an undefined name", (("module", "self.steps = steps", "self.steps = step"),), "names"),
    Seed(
        "a base class stands below",
        (("module", MODEL, "\n\n\n".join(reversed(MODEL.split("\n\n\n")))),),
        "names",
    ),
    Seed("the module's future import", (("module", "import functools", "from __future__ import annotations\nimport functools"),)),
    Seed(
        "a docstring that doctest reads",
        (("a7 both", "", "import doctest\ndoctest.testmod()\n"), ("module", "Rows of a file.", "The rows.")),
        ignored={"load": ("docstring",)},
    ),
    Seed("a docstring the plan does not speak of", (("module", "Rows of a file.", "The rows."),)),
    Seed(
        "annotations the plan does not speak of",
        (("a4 before", "def clean(x)", "def clean(x: str)"),),
    ),
    Seed("a local import the plan does not know", (("module", "    rows = [clean", "    import os\n    rows = [clean"),)),
]  # fmt: skip

PLACES = [
    Seed("the wrong module of two", change=_other_module),
    Seed("two functions are exchanged", (("a4", "clean, load", "clean as load, load as clean"),)),
    Seed("a definition is dropped", (("a4", "clean, load", "clean"),)),
    Seed("the import stands above an earlier read", (
        ("a4 before", "", "load = print\nload('x')\n"),
        ("a4", "", "load = print\n"), ("a4", "clean, load\n", "clean, load\nload('x')\n"),
    )),
    Seed("the import stands above a read that fails without it", (
        ("a2 both", "", "try:\n    load\nexcept NameError:\n    print('not yet')\n"),
        ("a2", "", "from reports.dataset import load\n"), ("a4", "clean, load", "clean"),
    )),
    Seed("a helper is bound again later", (("a7 both", "", "def clean(x):\n    return x\n\n\n"),)),
    Seed("a helper is deleted later", (("a7 both", "", "del clean\n"),)),
    Seed("a constant is bound again later", (("a7 both", "", "LIMIT = 0.9\n"),)),
    Seed("a constant is changed through a function", (("a7 both", "", "def turn():\n    global LIMIT\n    LIMIT = 1\n\n\n"),)),
    Seed("a constant is set by a magic", (("a7 both", "", "LIMIT = !cat limit\n"),)),
    Seed("a helper stays behind", (
        ("a4", "from reports.dataset import clean, load\n", FIRST_OF_LOAD + "from reports.dataset import load\n"),
    )),
    Seed("a base class stays behind", (
        ("a5", "from reports.dataset import Base, Model\n", FIRST_OF_MODEL + "from reports.dataset import Model\n"),
    )),
    Seed("a statement is shifted", (
        ("a7", "model = Model(0.1)\n# what comes out\n", "# what comes out\nmodel = Model(0.1)\n"),
    )),
    Seed("a statement is lost", (("a7", "model = Model(0.1)\n", ""),)),
    Seed("a statement is added", (("a4", "load\n", "load\nprint(load)\n"),)),
    Seed("another cell is touched", (("a7", 'sep=";"', 'sep=","'),)),
    Seed("another cell is reformatted", (("a7", "Model(0.1)", "Model( 0.1)"),)),
    Seed("a Markdown cell is touched", (("a1", "Report", "report"),)),
    Seed("a comment is lost", (("a7", "# what comes out\n", ""),)),
    Seed("a heading comment is lost", (("a4 before", "", "# Part one\n\n"),)),
    Seed("a directive is lost", (("a4 before", "", "#| export\n"),)),
    Seed("a magic is lost", (("a4 before", "", "%matplotlib inline\n"),)),
    Seed("a cell magic is lost", (("a4 before", "", "%%time\n"),)),
    Seed("a hidden output shows", (
        ("a4 before", "    return rows, total\n", "    return rows, total\n\n\nlen('abc');"),
        ("a4", "clean, load\n", "clean, load\nlen('abc')"),
    )),
    Seed("a definition that a person keeps", (("a4 before", "def clean(x):", "def clean(x):  # nb2mod: keep"),)),
    Seed("a cell that is timed", (("a4 both", "", "%%timeit\n"),)),
    Seed("a cell of parameters", change=_parameters),
    Seed("an import of nothing", (("a4", "clean, load", "clean, load, store"),), "names"),
    Seed("an import from nowhere", (("a4", "reports.dataset", "reports.features"),)),
    Seed("the package has no such module", change=_no_module),
    Seed("a name is not bound any more", (("a4 before", "", "cleaner = 1\n\n\n"),), "names"),
    Seed("a cell does not compile", (("a4", "import clean, load", "import clean load"),), "compiles"),
    Seed("a module does not compile", (("module", "return rows, total", "return rows,, total"),), "compiles"),
    Seed("a module warns", (("module", 'self.kind + "!"', 'self.kind + "\\d"'),), "compiles"),
]  # fmt: skip

FILE = [
    Seed("an output is changed", check="json", change=_in_file("output 4", "output 5")),
    Seed("metadata is changed", check="json", change=_in_file('"kernel": 1.5', '"kernel": 1.50')),
    Seed("a number's spelling is changed", check="json", change=_in_file('"nbformat_minor": 5', '"nbformat_minor": 5.0')),
    Seed("a cell's id is changed", check="json", change=_in_file('"id": "c4"', '"id": "c44"')),
    Seed("an execution count is changed", check="json", change=_in_file('"execution_count": 4', '"execution_count": null')),
    Seed("keys in another order", check="json",
         change=_in_file('"nbformat": 4,\n "nbformat_minor": 5', '"nbformat_minor": 5,\n "nbformat": 4')),
    Seed("a key is written twice", check="json", change=_in_file('"nbformat": 4,', '"nbformat": 4,\n "nbformat": 4,')),
    Seed("a character is escaped", (("a7 both", "what comes", "wäs cömes"),), "json", change=_in_file("wäs", "w\\u00e4s")),
    Seed("another indentation", check="json", change=_as_file(lambda cells: notebook_bytes(cells, indent=2))),
    Seed("the final newline is lost", check="json", change=_as_file(lambda cells: notebook_bytes(cells).rstrip())),
    Seed("a byte order mark", check="json", change=_as_file(lambda cells: b"\xef\xbb\xbf" + notebook_bytes(cells))),
    Seed("a cell is inserted", check="json", change=_as_file(lambda cells: notebook_bytes(["x = 1", *cells]))),
    Seed("a cell is lost", check="json", change=_as_file(lambda cells: notebook_bytes(cells[:-1]))),
    Seed("no notebook any more", check="json", change=_as_file(lambda cells: b"{}")),
    Seed("a list of lines becomes a string", check="json", change=_in_file(
        '[\n    "from reports.dataset import clean, load\\n"\n   ]', '"from reports.dataset import clean, load\\n"')),
    Seed("nbformat refuses it", check="nbformat", change=_in_file('"nbformat_minor": 5', '"nbformat_minor": "5"')),
    Seed("the change does not tell of a cell", check="json", change=_untold_cell),
]  # fmt: skip

RUNS = [
    Seed("the module loads something new", (("module", "import functools\n", "import functools\nimport torch\n"),), "loads"),
    Seed("the package's __init__ loads something new", check="loads", change=_heavy_init),
    Seed("the import loads something earlier than before", (
        ("a2 both", "import numpy as np\n", ""), ("a7 both", "", "import numpy as np\n"),
    ), "loads"),
    Seed("what the import loads was loaded only maybe", (
        ("a2 both", "import numpy as np\n", "try:\n    import numpy as np\nexcept ImportError:\n    np = None\n"),
    ), "loads"),
    Seed("the module does something", (("module", "LIMIT = 0.5", 'LIMIT = 0.5\nprint("hello")'),), "loads"),
    Seed("a file beside the notebook has the package's name", check="names",
         change=_beside("notebooks/reports.py", "load = 1\n")),
    Seed("a module imported from beside the notebook", (
        ("ab2 both", "from math", "from mymath"), ("module", "from math", "from mymath"),
    ), change=_beside("notebooks/mymath.py", "def sqrt(x): return x\n")),
    Seed("a new module stands there already", check="extends", change=_beside(MODULE, "def mine():\n    return 1\n")),
]  # fmt: skip

WRONG = [*SAID, *NAMES, *PLACES, *FILE, *RUNS]
