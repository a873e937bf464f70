"""What the notebook left to the default of another function is handed on: proved where that is the same. Stacked values."""

from verify.lifts import LOAD, WITH_SEP, brings, lifted, literal
from verify.pairs import Pair

TOP = "def top(values, count=2):\n    return sorted(values)[:count]\n"
SHOWN = "def shown(values):\n    found = top(values)\n    return str(found)\n"
HANDS = "def shown(values, *, count=2):\n    found = top(values, count=count)\n    return str(found)\n"
CALLS = "print(shown([3, 1, 2]), top([1]))\n"


def kept(name: str, *cells: str, top: str = TOP, shown: str = SHOWN, new: str = "", hands: str = HANDS) -> Pair:
    """`new`: what the package has for `top` (the notebook's own when none is given), `hands`: for `shown`."""
    moved = (top, brings("top")), (shown, brings("shown"))
    return lifted(name, *moved, *cells, new=f"{new or top}\n\n{hands}", site="shown")


RIGHT_KEPT = [
    kept("handed on, and called", CALLS),
    kept("handed on, and never called"),
    kept("its own default said", "shown([1]‹, count=2›)\n"),
    kept("the other is called with a value", "top([1], 5)\ntop([2], count=6)\ntop(*[[3]], **{'count': 1})\n", CALLS),
    kept("the other is used as a value", "list(map(top, [[1], [2]]))\n", CALLS),
    kept("keyword-only", CALLS, top=TOP.replace("count=2", "*, count=2")),
    kept(
        "handed on twice",
        CALLS,
        shown=SHOWN.replace("str(found)", "str(top(found))"),
        hands=HANDS.replace("str(found)", "str(top(found, count=count))"),
    ),
    literal(
        "values are stacked in it",
        "a = load('a.csv'‹, sep=','›)\n",
        old=LOAD.replace("    return", "    print(pd.stack([path] * 2, axis=1))\n    return"),
        new=WITH_SEP.replace("    return", "    print(pd.stack([path] * 2, axis=1))\n    return"),
    ),
    literal(
        "a model is told that it is used, not trained",
        "a = load('a.csv'‹, sep=','›)\n",
        old=LOAD.replace("    return", "    path.model.eval()\n    return"),
        new=WITH_SEP.replace("    return", "    path.model.eval()\n    return"),
    ),
    literal(
        "a fraction",
        "a = load('a.csv'‹, rows=1 / 4›)\n",
        old="def load(path):\n    return pd.read_csv(path)[1 / 4]\n",
        new="def load(path, *, rows=1 / 6):\n    return pd.read_csv(path)[rows]\n",
    ),
    literal(
        "arithmetic on fractions",
        "a = load('a.csv'‹, rows=-(1 / 4) + 2 * 3›)\n",
        old="def load(path):\n    return pd.read_csv(path)[-(1 / 4) + 2 * 3]\n",
        new="def load(path, *, rows=1 / 6 - 1):\n    return pd.read_csv(path)[rows]\n",
    ),
    kept("the function itself is given to map", "print(list(map(shown, [[1], [2]])))\n"),
]
WRONG_KEPT = [
    kept("another default in the package", CALLS, new=TOP.replace("=2", "=3")),
    kept("another default of the caller", CALLS, hands=HANDS.replace("=2)", "=3)", 1)),
    kept("no default of the caller", CALLS, hands=HANDS.replace("count=2", "count")),
    literal(
        "another fraction",
        "a = load('a.csv'‹, rows=1 / 5›)\n",
        old="def load(path):\n    return pd.read_csv(path)[1 / 4]\n",
        new="def load(path, *, rows=1 / 6):\n    return pd.read_csv(path)[rows]\n",
    ),
    literal(
        "arithmetic that fails inside",
        "for p in []:\n    a = load(p‹, rows=1 / (2 - 2)›)\n",
        "load('a.csv'‹, rows=1 / (2 - 2)›)\n",
        old="def load(path):\n    print(path)\n    return pd.read_csv(path)[1 / (2 - 2)]\n",
        new="def load(path, *, rows=1 / 6):\n    print(path)\n    return pd.read_csv(path)[rows]\n",
    ),
    literal(
        "arithmetic that grows",
        "for p in []:\n    a = load(p‹, rows=1e10 * 1e10 / 3›)\n",
        "load('a.csv'‹, rows=1e10 * 1e10 / 3›)\n",
        old="def load(path):\n    print(path)\n    return pd.read_csv(path)[1e10 * 1e10 / 3]\n",
        new="def load(path, *, rows=1 / 6):\n    print(path)\n    return pd.read_csv(path)[rows]\n",
    ),
    literal(
        "a fraction that is none",
        "for p in []:\n    a = load(p‹, rows=1 / 0›)\n",
        "load('a.csv'‹, rows=1 / 0›)\n",
        old="def load(path):\n    print(path)\n    return pd.read_csv(path)[1 / 0]\n",
        new="def load(path, *, rows=1 / 6):\n    print(path)\n    return pd.read_csv(path)[rows]\n",
    ),
    kept("another value said", "shown([1]‹, count=3›)\n"),
    kept("another value said to the other", "top([1]‹, count=3›)\n"),
    kept("the value was passed by position", CALLS, shown=SHOWN.replace("top(values)", "top(values, 1)")),
    kept(
        "the value was passed by position, and still is",
        CALLS,
        shown=SHOWN.replace("top(values)", "top(values, 1)"),
        hands=HANDS.replace("top(values,", "top(values, 1,"),
    ),
    kept("the value was passed by name", CALLS, shown=SHOWN.replace("top(values)", "top(values, count=1)")),
    kept(
        "it may have been among others",
        CALLS,
        shown=SHOWN.replace("top(values)", "top(*values)"),
        hands=HANDS.replace("top(values,", "top(*values,"),
    ),
    kept("the default is a list", CALLS, top=TOP.replace("=2", "=[2]"), hands=HANDS.replace("=2)", "=[2])", 1)),
    kept("the other has a cache", CALLS, top=f"import functools\n@functools.cache\n{TOP}"),
    kept("its name is bound in it", CALLS, shown=SHOWN.replace("    found", "    count = 1\n    found")),
    kept("the other has no such parameter", CALLS, hands=HANDS.replace("count", "limit")),
    kept(
        "another function is handed it",
        CALLS,
        new=f"{TOP}\n\n{TOP.replace('top', 'other')}",
        hands=HANDS.replace("top(", "other("),
    ),
]
