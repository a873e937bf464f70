"""Runs of statements that became calls which hand in values by keyword: what stood there, and near neighbours that did not."""

from verify.blocks import BEGIN, END, function
from verify.lifts import LOAD, PANDAS, SHARE, WITH_DF, WITH_SEP, brings
from verify.pairs import MODULE, F, Pair

ROWS = "rows = [1, 2, 3]\n"
RUN = "low = []\nfor row in rows:\n    if row > 10:\n        low.append(row)\nprint(len(low))\n"
CUT = RUN.replace("10", "limit")
SAYS = "print(low)\n"


def run(name: str, *cells: str, body: str, call: str, given: str = "rows", back: str = "low", **more: object) -> Pair:
    """Each stretch between the marks became the next of the calls, which `|` divides. `body` is the function's."""
    heads = str(more.pop("heads", ""))
    calls = call.split("|")
    before = tuple(cell.replace(BEGIN, "").replace(END, "") for cell in cells)
    moved = {}
    for number, cell in enumerate(cells, 1):
        if BEGIN in cell:
            above, _, rest = cell.partition(BEGIN)
            first = not moved
            moved[number] = f"{above}{F if first else ''}{calls.pop(0)}\n{rest.partition(END)[2]}"
    more_moved = more.pop("also", {})
    assert isinstance(more_moved, dict)
    texts = {MODULE: heads + function(body, given, back)}
    return Pair(name, before, moved | more_moved, texts, **more)  # type: ignore[arg-type]


def mark(text: str) -> str:
    return f"{BEGIN}{text}{END}"


FIVE, TEN = RUN.replace("10", "5"), RUN
KW = "rows, *, limit=10"
LOADS = (LOAD, f"{mark('a = load(rows)' + chr(10) + 'print(a)' + chr(10))}", "a\n")
SHARES = ("df = [3]\n", SHARE, mark("a = share(rows)\nprint(a)\n"), "a\n")

RIGHT_RUNS = [
    run("a value", ROWS, mark(FIVE), SAYS, body=CUT, given=KW, call="low = f(rows, limit=5)"),
    run("the default", ROWS, mark(TEN), SAYS, body=CUT, given=KW, call="low = f(rows)"),
    run("the default, passed", ROWS, mark(TEN), SAYS, body=CUT, given=KW, call="low = f(rows, limit=10)"),
    run("no default", ROWS, mark(TEN), SAYS, body=CUT, given="rows, *, limit", call="low = f(rows, limit=10)"),
    run(
        "two copies",
        ROWS,
        mark(FIVE),
        SAYS,
        mark(TEN),
        SAYS,
        body=CUT,
        given=KW,
        call="low = f(rows, limit=5)|low = f(rows)",
    ),
    run(
        "two copies with values",
        ROWS,
        mark(FIVE),
        SAYS,
        mark(RUN.replace("10", "-1")),
        SAYS,
        body=CUT,
        given=KW,
        call="low = f(rows, limit=5)|low = f(rows, limit=-1)",
    ),
    run(
        "two values",
        ROWS,
        mark(FIVE.replace("[]", "[7]")),
        SAYS,
        body=CUT.replace("[]", "[first]"),
        given="rows, *, first=3, limit=10",
        call="low = f(rows, first=7, limit=5)",
    ),
    run(
        "nothing else is handed in",
        mark("low = sum([1, 2])\nprint(low * 2)\n"),
        SAYS,
        body="low = sum([1, 2])\nprint(low * n)\n",
        given="*, n=3",
        call="low = f(n=2)",
    ),
    run(
        "nothing comes back",
        ROWS,
        mark("for row in rows:\n    print(row, 5)\n"),
        body="for row in rows:\n    print(row, n)\n",
        given="rows, *, n=3",
        back="",
        call="f(rows, n=5)",
    ),
    run(
        "text of an f-string",
        ROWS,
        mark("low = [f'{row} km' for row in rows]\nprint(low)\n"),
        SAYS,
        body="low = [f'{row} {unit}' for row in rows]\nprint(low)\n",
        given="rows, *, unit='mi'",
        call="low = f(rows, unit='km')",
    ),
    run(
        "a list made once",
        ROWS,
        mark("low = [1, 2]\nlow += rows\n"),
        SAYS,
        body="low = first\nlow += rows\n",
        given="rows, *, first",
        call="low = f(rows, first=[1, 2])",
    ),
    run(
        "a function",
        ROWS,
        mark("low = max(rows)\nprint(low)\n"),
        SAYS,
        body="low = take(rows)\nprint(low)\n",
        given="rows, *, take",
        call="low = f(rows, take=max)",
    ),
    run(
        "a function of the notebook",
        ROWS,
        "def top(v):\n    return v\n",
        mark("low = top(rows)\nprint(low)\n"),
        SAYS,
        body="low = take(rows)\nprint(low)\n",
        given="rows, *, take",
        call="low = f(rows, take=top)",
    ),
    run(
        "a name under another name",
        ROWS,
        "top = 3\n",
        mark(RUN.replace("10", "top")),
        SAYS,
        body=CUT,
        given="rows, *, limit",
        call="low = f(rows, limit=top)",
    ),
    run(
        "an expression, first of all",
        ROWS,
        "top = {'a': 3}\n",
        mark("low = [top['a']]\nprint(low, rows)\n"),
        SAYS,
        body="low = [first]\nprint(low, rows)\n",
        given="rows, *, first",
        call="low = f(rows, first=top['a'])",
    ),
    run(
        "it calls what got a parameter",
        PANDAS + ROWS,
        *LOADS,
        body="a = load(rows, sep=',')\nprint(a)\n",
        back="a",
        heads=f"{PANDAS}\n\n{WITH_SEP}\n\n",
        also={2: brings("load")},
        call="a = f(rows)",
    ),
    run(
        "it passes on what it is handed",
        PANDAS + ROWS,
        *LOADS,
        body="a = load(rows, sep=sep)\nprint(a)\n",
        back="a",
        given="rows, *, sep=';'",
        heads=f"{PANDAS}\n\n{WITH_SEP}\n\n",
        also={2: brings("load")},
        call="a = f(rows, sep=',')",
    ),
    run(
        "it passes on the notebook's",
        ROWS,
        *SHARES,
        body="a = share(rows, df=df)\nprint(a)\n",
        back="a",
        given="rows, df",
        heads=f"{WITH_DF}\n\n",
        also={3: brings("share")},
        call="a = f(rows, df)",
    ),
    run(
        "it passes on its default",
        PANDAS + ROWS,
        *LOADS,
        body="a = load(rows, sep=sep)\nprint(a)\n",
        back="a",
        given="rows, *, sep=','",
        heads=f"{PANDAS}\n\n{WITH_SEP}\n\n",
        also={2: brings("load")},
        call="a = f(rows)",
    ),
]
