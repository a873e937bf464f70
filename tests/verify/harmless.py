"""Refactorings that are right, each a near neighbour of a wrong one. Every one must be proved."""

from verify.proving import Refactoring
from verify.seeds import ASYNC, CONSTANTS, DOCSTRING, IMPORTS, LOAD, MODEL, MODULE, Seed, replaced

CLEAN = "def clean(x):\n    return x.strip().lower()\n"


def _other_order(made: Refactoring) -> None:
    made.modules[MODULE] = DOCSTRING + "\n\n".join([IMPORTS, CONSTANTS, ASYNC, MODEL, LOAD])


def _helper_elsewhere(made: Refactoring) -> None:
    made.modules[MODULE] = replaced(made.modules[MODULE], CLEAN, "from reports.features import clean\n")
    made.modules["src/reports/features.py"] = CLEAN


def _constants_elsewhere(made: Refactoring) -> None:
    made.modules[MODULE] = replaced(made.modules[MODULE], CONSTANTS, "from .limits import LIMIT, SCALE\n")
    made.modules["src/reports/limits.py"] = CONSTANTS


def _local_torch(made: Refactoring) -> None:
    made.modules[MODULE] += "\n\ndef later():\n    import torch\n\n    return torch\n"


HARMLESS = [
    Seed("nothing but the refactoring"),
    # how it is written
    Seed("comments in the module", (("module", "    total = 0\n", "    # nothing yet\n    total = 0  # rows\n"),)),
    Seed("quotes", (("module", 'sep=","', "sep=','"),)),
    Seed("a number in another base", (("module", "total = 10\n", "total = 0xA\n"),)),
    Seed("lines broken", (("module", "pick(value, low, high=3)", "pick(\n    value,\n    low,\n    high=3,\n)"),)),
    Seed("parentheses", (("module", "return rows, total", "return (rows, total)"),)),
    Seed("a constant is written otherwise", (("module", "LIMIT = 0.5", "LIMIT = 5e-1"),)),
    Seed("a text in two pieces", (("module", '"base"', '"ba" "se"'),)),
    # docstrings and annotations
    Seed("the docstring is gone", (("module", '    """Rows of a file."""\n', ""),), ignored={"load": ("docstring",)}),
    Seed("another docstring", (("module", "Rows of a file.", "The rows."),), ignored={"load": ("docstring",)}),
    Seed("white space in the docstring", (("module", '"""Rows of a file."""', '"""\n    Rows of   a file.\n    """'),)),
    Seed(
        "a docstring where the notebook has none",
        (("module", "low, high=3):\n", 'low, high=3):\n    """Between low and high."""\n'),),
    ),
    Seed("annotations where the notebook has none", (("module", "clean(x):", "clean(x: str) -> str:"),)),
    Seed("annotations are gone", (("a4 before", "clean(x):", "clean(x: str):"),), ignored={"clean": ("annotations",)}),
    Seed(
        "a local variable's annotation is gone",
        (("a4 before", "    total = 0\n", "    total: int = 0\n"),),
        ignored={"load": ("annotations",)},
    ),
    Seed(
        "the same annotation from another module",
        (
            ("a2 both", "", "from typing import Iterable\n"),
            ("ab4 before", "clean(x):", "clean(x: Iterable):"),
            ("b2 both", "", "from collections.abc import Iterable\n"),
            ("module", "import functools\n", "import functools\nfrom typing import Iterable\n"),
            ("module", "clean(x):", "clean(x: Iterable):"),
        ),
    ),
    # names
    Seed("an alias of the same module", (("module", "numpy as np", "numpy"), ("module", "np.sqrt", "numpy.sqrt"))),
    Seed(
        "a parameter is renamed, called by position",
        (("module", "clean(x):\n    return x", "clean(text):\n    return text"),),
        renames={"clean": (("x", "text"),)},
    ),
    Seed(
        "locals are renamed",
        (("module *", "rows", "lines"), ("module *", "row", "entry")),
        renames={"load": (("rows", "lines"), ("row", "entry"))},
    ),
    Seed("a nested parameter is renamed", (("module *", "weight", "w"),), renames={"Model": (("weight", "w"),)}),
    Seed(
        "names are exchanged",
        (("module", "step(value, weight)", "step(weight, value)"), ("module", "value - weight", "weight - value")),
        renames={"Model": (("value", "weight"), ("weight", "value"))},
    ),
    Seed(
        "a function has another name in the module",
        (("module *", "load(", "read_rows("), ("ab4", "load", "read_rows as load")),
        renames={"load": (("load", "read_rows"),)},
    ),
    Seed("a name bound again before anything is defined", (("a2 both", "", "sqrt = None\n"),)),
    Seed("a name of the module bound again by its user", (("a7 both", "", "load = functools.partial(load, sep=' ')\n"),)),
    Seed("a function defined again that nobody else calls", (
        ("ab4 before", "return x.strip()", "return x.strip() if x else clean('-')"),
        ("module", "return x.strip()", "return x.strip() if x else clean('-')"),
    )),
    Seed("the same import again", (("a7 both", "", "import numpy as np\n"),)),
    Seed("a star import that hides no builtin", (("a2 both", "", "from matplotlib.pyplot import *\n"),)),
    # where things stand
    Seed("imports in another order", (
        ("module", "import numpy as np\nfrom math import sqrt\n", "from math import sqrt\n\nimport numpy as np\n"),
    )),
    Seed("definitions in another order", change=_other_order),
    Seed("one import per definition", (("a4", "clean, load", "clean\nfrom reports.dataset import load"),)),
    Seed("an import in brackets", (("a4", "clean, load", "(\n    clean,\n    load,\n)"),)),
    Seed(
        "a helper in a module of its own",
        (("ab4", "dataset import clean, load", "features import clean\nfrom reports.dataset import load"),),
        change=_helper_elsewhere,
    ),
    Seed("constants in a module of their own", change=_constants_elsewhere),
    Seed("a heading comment stays", (("a4 both", "", "# Part one\n\n"),)),
    Seed("a directive stays", (("a4 both", "", "#| export\n"),)),
    Seed("the comment above a definition goes with it", (("a4 before", "", "# lower case\n"),)),
    Seed("the comment above a definition stays", (("a4 both", "", "# lower case\n"),)),
    Seed("magics around", (("a4 both", "", "%matplotlib inline\n!ls\n%time x = 3\n"),)),
    Seed("a timed cell", (("a4 both", "", "%%time\n"),)),
    # what an import runs
    Seed("something heavy, imported when it is called", change=_local_torch),
    Seed("what is loaded came with something else", (
        ("a2 both", "import numpy as np\n", "import pandas as pd\nimport numpy as np\n"),
    )),
]  # fmt: skip
