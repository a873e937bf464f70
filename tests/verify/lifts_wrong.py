"""Calls of definitions that got parameters which hand in something else, or nothing, and uses that can't: not proved."""

from verify.lifts import LOAD, PANDAS, WITH_SEP, brings, lifted, literal
from verify.lifts_right import MODULE, OURS, A

ARG = "a = load('a.csv'‹, sep={}›)\n"

CALLS = [
    literal("another literal", ARG.format("'|'")),
    literal(
        "another type",
        "a = load('a'‹, n=1.0›)\n",
        old="def load(v):\n    return v * 1\n",
        new="def load(v, *, n=2):\n    return v * n\n",
    ),
    literal(
        "True for 1",
        "a = load('a'‹, n=True›)\n",
        old="def load(v):\n    return v * 1\n",
        new="def load(v, *, n=2):\n    return v * n\n",
    ),
    literal("bytes for a text", ARG.format("b','")),
    literal("the argument is left out", "a = load('a.csv')\n"),
    literal("left out at one of two calls", A, "b = load('b.csv')\n"),
    literal("left out in a function", A, "def g():\n    return load('a')\n\n\ng()\n"),
    literal("left out in a method", A, "class B:\n    def g(self):\n        return load('a')\n"),
    literal("left out in a lambda", "g = lambda p: load(p)\ng('a')\n"),
    literal("left out in a comprehension", "[load(p) for p in 'ab']\n"),
    literal("left out in a timed line", "%timeit load('a')\n"),
    literal("left out in an f-string", "print(f\"{load('a')}\")\n"),
    literal(
        "left out in a call of itself",
        "load('a'‹, step=2›)\n",
        old="def load(n):\n    return n and load(n - 2)\n",
        new="def load(n, *, step=1):\n    return n and load(n - step)\n",
    ),
    literal("another one at one of two calls", A, ARG.format("';'")),
    lifted(
        "left out in a function above",
        PANDAS,
        "def g():\n    return load('a')\n",
        (LOAD, brings("load")),
        "g()\n",
        new=MODULE,
        site="load",
    ),
    literal("another keyword", "a = load('a.csv'‹, header=','›)\n"),
    literal("another keyword beside it", "a = load('a.csv'‹, sep=',', header=None›)\n"),
    literal("a positional argument", "a = load('a.csv'‹, ','›)\n"),
    literal("another path", ("a = load('a.csv')\n", "a = load('b.csv', sep=',')\n")),
    literal("another target", ("a = load('a.csv')\n", "b = load('a.csv', sep=',')\n"), "print(b)\n"),
    literal("another statement beside it", ("a = load('a')\nb = 3\n", "a = load('a', sep=',')\nb = 4\n")),
    literal("a statement more", ("a = load('a')\n", "a = load('a', sep=',')\nprint(a)\n")),
    literal("a statement less", ("a = load('a')\nprint(a)\n", "a = load('a', sep=',')\n")),
    literal("two statements swapped", ("a = load('a')\nprint(3)\n", "print(3)\na = load('a', sep=',')\n")),
    literal("a call of another function", A, "pd.read_csv('b'‹, sep=','›)\n"),
    literal(
        "a call of another function of the notebook",
        "def other(p, sep=3):\n    return p\n",
        A,
        "other('b'‹, sep=','›)\n",
    ),
    literal("a local of the same name", A, "def g(load):\n    return load('x'‹, sep=','›)\n"),
    literal("a method of the same name", A, "import json\njson.load('x'‹, sep=','›)\n"),
    literal("a name for a literal", "mine = ','\n", ARG.format("mine")),
    literal("a call for a literal", ARG.format("str(',')")),
    literal("a literal that is computed", ARG.format("','.strip()")),
    literal("the argument was there before", ("a = load('a', sep=',')\n", "a = load('a', sep=',')\n")),
    literal(
        "keywords handed on",
        "o = {'sep': '|'}\na = load('a', **o‹, sep=','›)\n",
        old=LOAD.replace("path)", "path, **rest)"),
        new=WITH_SEP.replace("';')", "';', **rest)"),
    ),
    literal(
        "a call with arguments of its own order", ("a = load(path='a', **{})\n", "a = load(**{}, path='a', sep=',')\n")
    ),
    literal("a hidden value", "a = 3\nload('a'‹, sep=','›)‹;›\n"),
    literal("a value shown", ("load('a');\n", "load('a', sep=',')\n")),
    literal("timed more often", ("%timeit -n 1 load('a')\n", "%timeit -n 10 load('a', sep=',')\n")),
    literal("in a cell of parameters", A, tags={3: ["parameters"]}),
    literal("in a timed cell of parameters", "%%timeit\nload('a'‹, sep=','›)\n", tags={3: ["parameters"]}),
    literal("timed no longer", ("%time load('a')\n", "load('a', sep=',')\n")),
    literal("a cell timed no longer", ("%%time\nload('a')\n", "%%capture\nload('a', sep=',')\n")),
    literal("two definitions, and the other's value", A, (LOAD.replace("','", "'|'"), brings("load")), A),
    literal(
        "two definitions, and one call for both",
        "def g():\n    return load('a'‹, sep=','›)\n",
        "g()\n",
        (LOAD.replace("','", "'|'"), brings("load")),
        "g()\n",
    ),
]

USES = [
    literal("a value", "list(map(load, ['a']))\n"),
    literal("a value that is kept", "g = load\ng('a')\n"),
    literal("a value in a list", "todo = [load]\n"),
    literal("a decorator", "@load\ndef g():\n    pass\n"),
    literal("an attribute of a class", "class B:\n    read = load\n"),
    literal("the default holds, and it is looked at", "import inspect\ninspect.signature(load)\n", new=OURS),
    literal(
        "the default holds, and it is shown", "from ipywidgets import interact\ninteract(load, path='a')\n", new=OURS
    ),
    literal("the default holds, and its defaults are read", "print(load.__kwdefaults__)\n", new=OURS),
    literal("the default holds, and somebody is given it", "from lmfit import Model\nm = Model(load)\n", new=OURS),
    literal("the default holds, and it is kept", "g = load\n", new=OURS),
    literal("called by its name in a text", A, "globals()['load']('a')\n"),
    literal("called in code", A, "exec(\"load('a')\")\n"),
    literal("called in an expression", A, "eval(\"load('a')\")\n"),
    literal("called in a query", A, "pd.DataFrame().query('@load(x) > 3')\n"),
    literal("called by the shell", A, "!echo {load('a')}\n"),
    literal("called by a magic", A, "x = %timeit -o load('a')\n"),
    literal("asked about", A, "load?\n"),
    literal("called by a cell that can't be read", A, "load('a') if\n"),
    literal("called by another notebook", A, others={"b.ipynb": ("%run a.ipynb\n", "load('b')\n")}),
    literal("all names are gone through", A, "for n, v in list(globals().items()):\n    if callable(v): v('a')\n"),
    literal("bound again", A, "load = print\n", "load('a')\n"),
    literal("bound again by a function", A, "def turn():\n    global load\n    load = print\n"),
    literal("maybe bound again by a star", A, "from numpy import *\n", A),
    literal("maybe bound again by a script", A, "%run -i x.py\n", A),
    literal("deleted", A, "del load\n"),
    literal("a lambda that drops an argument", "list(map(‹lambda path: ›load‹('a', sep=',')›, ['a']))\n"),
    literal("a lambda with more", "list(map(‹lambda path, n=3: ›load‹(path, sep=',')›, ['a']))\n"),
    literal("a lambda with another value", "list(map(‹lambda path: ›load‹(path, sep='.')›, ['a']))\n"),
    literal("a lambda without the value", "list(map(‹lambda path: ›load‹(path)›, ['a']))\n"),
    literal(
        "a lambda that somebody looks at", "import inspect\ninspect.signature(‹lambda path: ›load‹(path, sep=',')›)\n"
    ),
    literal("a lambda that is kept", "g = ‹lambda path: ›load‹(path, sep=',')›\n"),
    literal("a lambda for a call", ("a = load('a')\n", "a = (lambda path: load(path, sep=','))('b')\n")),
]

WRONG_CALLS = [*CALLS, *USES]
