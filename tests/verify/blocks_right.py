"""Runs of statements that became calls which do the same: proved."""

from verify.blocks import block
from verify.pairs import Pair

LINES = 'lines = ["ann;12", "bob;7"]\n'
ROWS = (
    "rows = []\n"
    "for line in lines:\n"
    '    name, _, points = line.partition(";")\n'
    "    rows.append((name, int(points)))\n"
    "total = sum(points for _, points in rows)\n"
)
USE = "print(rows, total)\n"


def scores(
    name: str, *later: str, above: tuple[str, ...] = (LINES,), back: str = "rows, total", **more: object
) -> Pair:
    """Rows are read and summed: `lines` goes in, `rows` and `total` come out."""
    return block(name, *above, f"#[\n{ROWS}#]\n", *later, given="lines", back=back, **more)  # type: ignore[arg-type]


def small(name: str, run: str, *later: str, above: tuple[str, ...] = ("a = 1\n",), **more: object) -> Pair:
    """Any run in a cell of its own."""
    return block(name, *above, f"#[\n{run}#]\n", *later, **more)  # type: ignore[arg-type]


RIGHT_BLOCKS = [
    scores("returned", USE),
    scores("statements around", USE, above=(LINES + "limit = 3\n",)),
    block("the end of a cell stays", LINES, f"#[\n{ROWS}#]\nrows", USE, given="lines", back="rows, total"),
    block("the head of a cell stays", f"{LINES}#[\n{ROWS}#]\n", USE, given="lines", back="rows, total"),
    block("hidden at the end", LINES, f"#[\n{ROWS}#]\nrows;", USE, given="lines", back="rows, total"),
    block("a heading comment stays", LINES, f"# Read\n\n#[\n{ROWS}#]\n", USE, given="lines", back="rows, total"),
    scores("no name is read again", "print(3)\n", back=""),
    scores("one name is read again", "total\n", back="total"),
    scores("more than is read comes back", "total\n"),
    scores("read in an earlier cell", above=(LINES, "if 0:\n    print(rows, total)\n")),
    scores("read in a function", "def g():\n    return rows, total\n", "g()\n"),
    scores("read in a magic", "%timeit len(rows) + total\n"),
    scores("read in a shell line", "!echo {total} $rows\n"),
    scores("read in a text that is code", 'import pandas as pd\npd.DataFrame(rows).query("points > @total")\n', USE),
    scores("read by a cell that does not parse", "print rows, total\n", tags={3: ["raises-exception"]}),
    scores("looked up by its name", "globals()['rows']\n", "'total' in globals()\n"),
    scores("a later cell binds a name of its own loop", "for line in rows:\n    print(line, total)\n"),
    scores("a comprehension has the same name", "[name for name in rows], total\n"),
    scores("a parameter has the same name", "def g(points):\n    return points\n", USE),
    scores("an attribute has the same name", "import os\nos.name, rows, total\n"),
    scores("a name bound anew elsewhere", "points = 3\nprint(points, rows, total)\n"),
    block("a script is run apart", "a = 1\n", "#[\nb = a\nc = b\n#]\n", "%run other.py\n", "c", given="a", back="c"),
    scores("an opaque cell", "%%bash\necho name\n", USE),
    scores("Markdown speaks of it", "md:# The name of points\n", USE),
    scores("a timed cell", USE, above=(LINES, "%%time\nprint(2)\n")),
    block("in a timed cell", LINES, f"%%time\n#[\n{ROWS}#]\n", USE, given="lines", back="rows, total"),
    block("under a magic", LINES, f"%matplotlib inline\n#[\n{ROWS}#]\n!ls\n", USE, given="lines", back="rows, total"),
    scores("the import stands above", USE, above=("import os\n", LINES), at=1),
    scores("the namespace of an object", "vars(rows), dir(total)\n"),
    # flow
    small("added to", "a += 1\nb = a\n", "a, b", given="a", back="a, b"),
    small("added to and returned in another order", "a += 1\nb = a\n", "a, b", given="a", back="b, a"),
    small("bound on one path and handed in", "b = 2\nif b > a:\n    a = b\n", "a", given="a", back="a"),
    small("bound on both paths", "if a:\n    b = 2\nelse:\n    b = 3\nc = b\n", "b", given="a", back="b"),
    small(
        "bound on one path, the other one ends",
        "if a:\n    b = 2\nelse:\n    raise ValueError\nc = b\n",
        "b",
        given="a",
        back="b",
    ),
    small(
        "bound in a try and its handler",
        "try:\n    b = 1 / a\nexcept ZeroDivisionError:\n    b = 0\n",
        "b",
        given="a",
        back="b",
    ),
    small(
        "bound in a try's else",
        "try:\n    c = 1 / a\nexcept ValueError:\n    b = 0\nelse:\n    b = 2\n",
        "b",
        given="a",
        back="b",
    ),
    small("bound in finally", "try:\n    c = 1 / a\nfinally:\n    b = 0\n", "b", given="a", back="b"),
    small("bound in with", "with open(a) as file:\n    b = file.read()\n", "b", given="a", back="b"),
    small(
        "bound in every case",
        "match a:\n    case 1:\n        b = 1\n    case _:\n        b = 2\n",
        "b",
        given="a",
        back="b",
    ),
    small("bound by a walrus", "if (b := a) > 1:\n    c = b\nd = b\n", "b", given="a", back="b"),
    small(
        "bound by the first of two conditions",
        "if (b := a) and (c := b):\n    d = c\ne = b\n",
        "b",
        given="a",
        back="b",
    ),
    small("a loop's variable is read below it", "for b in range(a):\n    pass\nc = b\n", "c", given="a", back="c"),
    small(
        "a loop goes through what is written out",
        "for b, c in zip([a, 1], enumerate('ab')):\n    d = b\nfor e in reversed(sorted({a: 1})):\n    pass\n",
        "b, c, d, e",
        given="a",
        back="b, c, d, e",
    ),
    small("a loop over as many as a constant says", "for b in range(a):\n    c = b\n", "b, c", given="a", back="b, c"),
    small(
        "a loop over a constant",
        "for b in enumerate(a):\n    pass\n",
        "b",
        given="a",
        back="b",
        above=("a = ('x', 'y')\n",),
    ),
    small(
        "a loop's variable had a value",
        "for b in range(a):\n    pass\n",
        "b",
        above=("a = b = 1\n",),
        given="a, b",
        back="b",
    ),
    small(
        "read where it may be unbound and nobody else binds it", "if a:\n    b = 1\nc = b\n", "c", given="a", back="c"
    ),
    small(
        "a handler's name stays inside",
        "try:\n    b = 1 / a\nexcept ZeroDivisionError as error:\n    b = str(error)\n",
        "b",
        given="a",
        back="b",
    ),
    small("deletes what is its own", "b = a\nc = b\ndel b\n", "c", given="a", back="c"),
    small("deletes an item", "b = {1: a}\ndel b[1]\n", "b", given="a", back="b"),
    small("handed in twice as far", "b = a + k\n", "b", above=("a = 1\n", "k = 2\n"), given="a, k", back="b"),
    small("handed in in another order", "b = a + k\n", "b", above=("a = k = 1\n",), given="k, a", back="b"),
    small(
        "bound above on both paths",
        "b = a\n",
        "b",
        above=("if 1:\n    a = 1\nelse:\n    a = 2\n",),
        given="a",
        back="b",
    ),
    small(
        "bound above by with", "b = a\nc = b\n", "c", above=("with open('x') as a:\n    pass\n",), given="a", back="c"
    ),
    small("maybe unbound and read first", "b = a\n", "b", above=("if print():\n    a = 1\n",), given="a", back="b"),
    small("what is handed in comes back", "b = a.sort()\n", "a, b", above=("a = [2, 1]\n",), given="a", back="a, b"),
    small("changed in place", "a.append(1)\na[0] = 3\n", "a", above=("a = [2]\n", "b = a\n"), given="a"),
    small("an unused argument", "b = 3\n", "b", given="a", back="b"),
    # what runs meanwhile
    small(
        "a function reads other names",
        "b = g(a)\n",
        "b",
        above=("a = 1\n", "k = 2\n", "def g(v):\n    return v + k\n"),
        given="a, g",
        back="b",
    ),
    small(
        "a function reads what is handed in",
        "b = g() + a\n",
        "b",
        above=("a = 1\n", "def g():\n    return a\n"),
        given="a, g",
        back="b",
    ),
    small(
        "a function below reads what is bound",
        "b = a\nc = b\n",
        "def g():\n    return b\n",
        "g(), c",
        given="a",
        back="b, c",
    ),
    small(
        "the builtin's name is a variable",
        "b = a\nc = b\n",
        "for dir in [c]:\n    print(dir, [3][dir])\n",
        "def g(path):\n    for vars in path:\n        print(vars)\n",
        "stack = [c]\nstack.append(c)\n",
        given="a",
        back="c",
    ),
    small(
        "a function's value stands above",
        "b = a + k\nc = b\n",
        "b, c",
        above=("a = b = 1\n", "def g():\n    return b\n", "def h():\n    return g() + h()\n", "k = h()\n"),
        given="a, k",
        back="b, c",
    ),
    small(
        "a function reads it and is not called",
        "b = a\nc = b\n",
        "c",
        above=("a = 1\n", "def g():\n    return b\n"),
        given="a",
        back="b, c",
    ),
    # closures
    small("a lambda over names that stay", "k = a\ng = lambda v: v * k\n", "g(2)", given="a", back="g"),
    small(
        "a key over a name bound again",
        "k = a\nb = sorted([1, 2], key=lambda v: v * k)\n",
        "k = 5\n",
        "b, k",
        given="a",
        back="k, b",
    ),
    small(
        "a sum over a name bound again",
        "k = a\nb = sum(v * k for v in [1, 2])\n",
        "k = 5\n",
        "b, k",
        given="a",
        back="k, b",
    ),
    small(
        "a list over a name bound again",
        "k = a\nb = [v * k for v in [1, 2]]\n",
        "k = 5\n",
        "b, k",
        given="a",
        back="k, b",
    ),
    small(
        "a lambda's own name bound elsewhere",
        "b = list(map(lambda v: v + 1, [a]))\n",
        "v = 3\nprint(v, b)",
        given="a",
        back="b",
    ),
    small(
        "a function of an if stays inside",
        "if a:\n    def g(v):\n        return v\nelse:\n    g = float\nb = g(a)\n",
        "b",
        given="a",
        back="b",
    ),
    small(
        "await in a function of its own",
        "if a:\n    async def g(v):\n        return await v\nb = a\n",
        "b",
        given="a",
        back="b",
    ),
    # imports
    small("an import of its own", "import math\nb = math.sqrt(a)\n", "b", given="a", back="b"),
    small(
        "an import that stays",
        "b = a\nimport math\nc = math.sqrt(b)\n",
        "math.pi, c",
        given="a",
        back="c",
        stays="import math\n",
    ),
    small(
        "one name of an import stays",
        "b = a\nfrom math import pi, sqrt\nc = sqrt(b)\n",
        "pi, c",
        given="a",
        back="c",
        stays="from math import pi\n",
    ),
    small(
        "an import that stands above too",
        "import math\nb = math.sqrt(a)\n",
        "math.pi, b",
        above=("import math\n", "a = 1\n"),
        given="a",
        back="b",
    ),
    small(
        "a submodule stays",
        "b = a\nimport os.path\nc = os.path.join('x', b)\n",
        "os.path, c",
        given="a",
        back="c",
        stays="import os.path\n",
    ),
    small(
        "an import of the notebook",
        "b = math.sqrt(a)\nc = b\n",
        "c",
        above=("import math\n", "a = 1\n"),
        given="a",
        back="c",
        imports="import math\n\n\n",
    ),
    small(
        "a function that moves too",
        "b = g(a)\nc = b\n",
        "c",
        above=("def g(v):\n    return v\n", "a = 1\n"),
        given="a",
        back="c",
        also={1: "from reports.dataset import g\n"},
        imports="def g(v):\n    return v\n\n\n",
    ),
    # display
    small("print at the end", "b = a\nprint(b)\n", "b", given="a", back="b"),
    small("hidden at its end", "b = a\nb;\n", "b", given="a", back="b"),
    small("a value in the middle", "b = a\nb\nc = b\n", "c", given="a", back="c"),
    small(
        "every value is shown and there is none",
        "b = a\nc = b\n",
        "c",
        above=("a = 1\n", "get_ipython().ast_node_interactivity = 'all'\n"),
        given="a",
        back="c",
    ),
    small(
        "shown as ever",
        "b = a\nb\nc = b\n",
        "c",
        above=("a = 1\n", "get_ipython().ast_node_interactivity = 'last_expr'\n"),
        given="a",
        back="c",
    ),
    small(
        "display inside",
        "b = a\ndisplay(b)\nc = b\n",
        "c",
        given="a",
        back="c",
        imports="from IPython.display import display\n\n\n",
    ),
    # others
    small("annotations that nobody reads", "b: int = a\nc = b\n", "c", given="a", back="c"),
    small("may raise and nothing is read", "b = 1 / a\nprint(b)\n", "a", given="a", tags={2: ["raises-exception"]}),
    small("a file that is closed", "file = open(a)\nb = file.read()\nfile.close()\nc = b\n", "c", given="a", back="c"),
    small(
        "a folder that is returned",
        "folder = TemporaryDirectory()\nb = a\n",
        "b",
        above=("from tempfile import TemporaryDirectory\na = 1\n",),
        given="a",
        back="folder, b",
        imports="from tempfile import TemporaryDirectory\n\n\n",
    ),
    # over the borders of cells
    block(
        "over a border, quiet",
        "a = [1]\n",
        "#[\nb = len(a)\n",
        "c = b + 1\n#]\nprint(c)\n",
        "b, c",
        given="a",
        back="b, c",
    ),
    block(
        "over two borders",
        "a = [1]\n",
        "#[\nb = len(a)\n",
        "d = 3\n",
        "c = b + d\n#]\n",
        "b, c",
        given="a",
        back="b, c",
    ),
    block(
        "over Markdown",
        "a = [1]\n",
        "#[\nb = len(a)\n",
        "md:# Next\n",
        "c = b + 1\n#]\n",
        "b, c",
        given="a",
        back="b, c",
    ),
]
