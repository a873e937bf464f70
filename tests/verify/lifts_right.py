"""Definitions that got parameters, and calls that pass what keeps their meaning: proved."""

from verify.lifts import AGAIN, FRAME, LOAD, PANDAS, SHARE, WITH_DF, WITH_SEP, brings, lifted, literal, state

A = "a = load('a.csv'‹, sep=','›)\n"
OURS = WITH_SEP.replace("';'", "','")  # the default is what stood here
DOC = '    """Reads it."""\n    return'
CELL = f"{LOAD}a = load('a')\n", f"{brings('load')}a = load('a', sep=',')\n"
MODULE = f"{PANDAS}\n\n{WITH_SEP}"

FORMS = [
    literal("a call", A),
    literal("nobody calls it"),
    literal("two cells call it", A, "b = load('b.csv'‹, sep=','›)\n"),
    literal("a keyword call", "a = load(path='a.csv'‹, sep=','›)\n"),
    literal("arguments in a list", "names = ['a.csv']\na = load(*names‹, sep=','›)\n"),
    literal("arguments in a dict", "o = {'path': 'a.csv'}\na = load(**o‹, sep=','›)\n"),
    literal("before arguments in a dict", "o = {'path': 'a.csv'}\na = load(‹sep=',', ›**o)\n"),
    literal("a nested call", "print(len(load('a.csv'‹, sep=','›)))\n"),
    literal("one in the other", "a = load(load('a.csv'‹, sep=','›)‹, sep=','›)\n"),
    literal("in a comprehension", "frames = [load(p‹, sep=','›) for p in ['a.csv', 'b.csv']]\n"),
    literal("a generator for an argument", "a = load(‹(›p for p in 'ab'‹), sep=','›)\n"),
    literal("in an f-string", "print(f\"{len(load('a.csv'‹, sep=','›))} rows\")\n"),
    literal("in a lambda", "g = lambda p: load(p‹, sep=','›)\ng('a.csv')\n"),
    literal("in a function that stays", "def show(p):\n    print(load(p‹, sep=','›))\n\n\nshow('a.csv')\n"),
    literal("in a method that stays", "class Book:\n    def read(self, p):\n        return load(p‹, sep=','›)\n"),
    literal("in a decorator's argument", "@print(load('a.csv'‹, sep=','›))\ndef g():\n    pass\n"),
    literal("in a default of another function", "def g(a=load('a.csv'‹, sep=','›)):\n    return a\n"),
    literal("in a loop and a condition", "for p in ['a']:\n    if p:\n        a = load(p‹, sep=','›)\n"),
    literal("in an assertion", "assert len(load('a'‹, sep=','›)) > 1\n"),
    literal("timed", "%timeit load('a.csv'‹, sep=','›)\n"),
    literal("timed with options", "%timeit -n 10 load('a.csv'‹, sep=','›)\n"),
    literal("timed, and bound", "%time a = load('a.csv'‹, sep=','›)\n"),
    literal("timed in a loop", "for p in 'ab':\n    %time load(p‹, sep=','›)\n"),
    literal("a timed cell", "%%time\na = load('a.csv'‹, sep=','›)\nprint(a)\n"),
    literal("a cell timed many times", "%%timeit\nload('a.csv'‹, sep=','›)\n"),
    literal("set up for many times", "%%timeit b = load('a'‹, sep=','›)\nload(b‹, sep=','›)\n"),
    literal("a captured cell", "%%capture out\na = load('a.csv'‹, sep=','›)\n"),
    literal("prompts", ">>> a = load('a.csv'‹, sep=','›)\n>>> print(a)\n"),
    literal("over several lines", "a = load(\n    'a.csv',‹ sep=',',›\n)\n"),
    literal("with comments", "# read it\na = load('a.csv'‹, sep=','›)  # all of it\n"),
    literal("a hidden value", "load('a.csv'‹, sep=','›);\n"),
    literal("two statements of one line", "a = load('a.csv'‹, sep=','›); print(a)\n"),
    lifted("its own cell calls it", PANDAS, CELL, new=MODULE, site="load"),
    lifted(
        "called in a function above it",
        PANDAS,
        "def g():\n    return load('a'‹, sep=','›)\n",
        (LOAD, brings("load")),
        "g()\n",
        new=MODULE,
        site="load",
    ),
    literal("a call of the same name elsewhere", A, "import json\njson.load(open('x'))\n"),
    literal("a local of the same name", A, "def g(load):\n    return load('x')\n"),
    literal("a name like the parameter", "sep = 3\n", A, "print(sep)\n"),
    literal("its name is read", A, "print(load.__name__)\n"),
    literal("an attribute of its own", A, "load.seen = 3\nprint(load.seen)\n"),
    literal("a text that names it", A, "print('load it, load(x)')\n"),
]

HOLES = [
    literal("the default holds", "a = load('a.csv')\n", new=OURS),
    literal("the default holds, and it is a value", "list(map(load, ['a.csv']))\n", new=OURS),
    literal("the default holds, and it is an attribute", "print(load.__doc__)\n", new=OURS),
    literal("the default holds, and is passed", A, new=OURS),
    literal("the default holds, and the shell reads it", "!echo {load('a')}\n", new=OURS),
    literal("no default", A, new=WITH_SEP.replace("=';'", "")),
    literal("a docstring", A, old=LOAD.replace("    return", DOC), new=WITH_SEP.replace("    return", DOC)),
    literal(
        "existing keyword-only parameters",
        A,
        old=LOAD.replace("path)", "path, *, n=3)"),
        new=WITH_SEP.replace("path, *, sep", "path, *, n=3, sep"),
    ),
    literal("after *rest", A, old=LOAD.replace("path)", "path, *rest)"), new=WITH_SEP.replace("*,", "*rest,")),
    literal(
        "before **rest", A, old=LOAD.replace("path)", "path, **rest)"), new=WITH_SEP.replace("';')", "';', **rest)")
    ),
    lifted(
        "two definitions, one after the other",
        PANDAS,
        (LOAD, brings("load")),
        A,
        (LOAD.replace("','", "'|'"), brings("load")),
        "b = load('b'‹, sep='|'›)\n",
        new=MODULE,
        site="load",
    ),
    literal(
        "two parameters",
        "a = load('a'‹, sep=',', rows=-1›)\n",
        old="def load(path):\n    return pd.read_csv(path, sep=',')[:-1]\n",
        new="def load(path, *, sep=';', rows=2):\n    return pd.read_csv(path, sep=sep)[:rows]\n",
    ),
    literal(
        "one parameter at two places",
        A,
        old="def load(path):\n    return pd.read_csv(path, sep=',').to_csv(sep=',')\n",
        new="def load(path, *, sep=';'):\n    return pd.read_csv(path, sep=sep).to_csv(sep=sep)\n",
    ),
    literal(
        "in a loop and in a nested function",
        A,
        old="def load(path):\n    def one(p):\n        return pd.read_csv(p, sep=',')\n    return [one(p) for p in path]\n",
        new="def load(path, *, sep=';'):\n    def one(p):\n        return pd.read_csv(p, sep=sep)\n"
        "    return [one(p) for p in path]\n",
    ),
    literal(
        "a generator",
        A,
        old="def load(path):\n    yield pd.read_csv(path, sep=',')\n",
        new="def load(path, *, sep=';'):\n    yield pd.read_csv(path, sep=sep)\n",
    ),
    literal(
        "text of an f-string",
        "load(3‹, unit=' km'›)\n",
        old="def load(x):\n    return f'{x} km, {x:.2f}'\n",
        new="def load(x, *, unit=' mi'):\n    return f'{x}{unit}, {x:.2f}'\n",
    ),
    literal(
        "text between text of an f-string",
        "load(3‹, unit='km'›)\n",
        old="def load(x):\n    return f'{x} km/h of {x!r}'\n",
        new="def load(x, *, unit='mi'):\n    return f'{x} {unit}/h of {x!r}'\n",
    ),
    literal(
        "digits of a format",
        "load(3‹, digits=2›)\n",
        old="def load(x):\n    return f'{x:.2f}'\n",
        new="def load(x, *, digits=3):\n    return f'{x:.{digits}f}'\n",
    ),
    literal(
        "None, True, a float, bytes, a tuple",
        "load(3‹, a=None, b=True, c=0.1, d=b'x', e=(1, -2)›)\n",
        old="def load(x):\n    return [x, None, True, 0.1, b'x', (1, -2)]\n",
        new="def load(x, *, a=1, b=False, c=0.2, d=b'y', e=()):\n    return [x, a, b, c, d, e]\n",
    ),
    literal(
        "a list made once",
        "load('a'‹, columns=['a', 'b']›)\n",
        old="def load(path):\n    return pd.read_csv(path)[['a', 'b']]\n",
        new="def load(path, *, columns):\n    return pd.read_csv(path)[columns]\n",
    ),
    literal(
        "a dict that is changed",
        "load('a'‹, options={'a': 1}›)\n",
        old="def load(path):\n    o = {'a': 1}\n    o['b'] = path\n    return o\n",
        new="def load(path, *, options):\n    o = options\n    o['b'] = path\n    return o\n",
    ),
    literal(
        "a function",
        "def low(v):\n    return v\n\n\nload('a'‹, clean=low›)\n",
        old="def load(path):\n    return [low(p) for p in path]\n",
        new="def load(path, *, clean):\n    return [clean(p) for p in path]\n",
    ),
    literal(
        "a builtin",
        "load('a'‹, key=max›)\n",
        old="def load(path):\n    return max(path)\n",
        new="def load(path, *, key):\n    return key(path)\n",
    ),
    literal(
        "another name of the notebook",
        "MAIN = 'red'\n",
        "load('a'‹, color=MAIN›)\n",
        old="def load(path):\n    return path, MAIN\n",
        new="def load(path, *, color):\n    return path, color\n",
    ),
    literal(
        "an expression, first of all",
        "cfg = {'low': 3}\n",
        "load('a'‹, low=cfg['low']›)\n",
        old="def load(path):\n    rows = 3\n    if path > cfg['low']:\n        return rows\n",
        new="def load(path, *, low):\n    rows = 3\n    if path > low:\n        return rows\n",
    ),
    literal(
        "two expressions in their order",
        "cfg = {}\n",
        "load(print('first')‹, low=cfg['low'], high=len(cfg)›)\n",
        old="def load(path):\n    return path.clip(cfg['low'], len(cfg))\n".replace("path.clip", "max"),
        new="def load(path, *, low, high):\n    return max(low, high)\n",
    ),
    literal(
        "a default that differs",
        "load('a'‹, n=10›)\nload('b', 5)\nload('c', n=6)\n",
        old="def load(path, n=10):\n    return path[:n]\n",
        new="def load(path, n=20):\n    return path[:n]\n",
    ),
    literal(
        "a keyword-only default that differs",
        "load('a'‹, n=10›)\nload('c', n=6)\n",
        old="def load(path, *, n=10):\n    return path[:n]\n",
        new="def load(path, *, n=20):\n    return path[:n]\n",
    ),
    literal(
        "a default and a hole",
        "load('a'‹, n=10, sep=','›)\nload('b', 5‹, sep=','›)\n",
        old="def load(path, n=10):\n    return path[:n].split(',')\n",
        new="def load(path, n=20, *, sep=';'):\n    return path[:n].split(sep)\n",
    ),
    literal(
        "a call of itself",
        "load('a'‹, step=2›)\n",
        old="def load(n):\n    return n and load(n - 2)\n",
        new="def load(n, *, step=1):\n    return n and load(n - step, step=step)\n",
    ),
]

CHAIN_OLD = "def load(p):\n    return [{0}, p]\n\n\ndef all_of(p):\n    return load(p)\n"
CHAIN_NEW = "def load(p, *, n):\n    return [n, p]\n\n\ndef all_of(p, *, n):\n    return load(p, n=n)\n"
PASSED_ON = [
    lifted(
        f"{what} passed on",
        "import math\nc = {'a': 3}\n",
        (CHAIN_OLD.format(value), brings("load", "all_of")),
        f"all_of('a'‹, n={value}›)\n",
        new=CHAIN_NEW,
        site="all_of",
    )
    for what, value in (("a literal", "3"), ("a list", "[3]"), ("a name", "c"), ("an expression", "c['a']"))
]

BOTH_OLD = SHARE + "\n\ndef report(name):\n    return [name, share(name)]\n"
BOTH_NEW = WITH_DF + "\n\ndef report(name, *, df):\n    return [name, share(name, df=df)]\n"
BOTH = (BOTH_OLD, brings("share", "report"))


def later(body: str) -> dict[str, str]:
    """A function in which something else reads the frame."""
    return {"old": f"def share(column):\n{body}", "new": f"def share(column, *, df):\n{body}"}


STATE = [
    state("a name of the notebook", "print(share('a'‹, df=df›))\n"),
    state("bound again above", AGAIN, "print(share('a'‹, df=df›))\n"),
    state("bound again below", "print(share('a'‹, df=df›))\n", AGAIN, "print(share('a'‹, df=df›))\n"),
    state("bound by its own value", "df = share('a'‹, df=df›)\n"),
    state("bound in a loop around it", "for df in [df, df]:\n    print(share('a'‹, df=df›))\n"),
    state("bound in a condition above it, and before", "if len(df):\n    df = df[:3]\nshare('a'‹, df=df›)\n"),
    state("in a comprehension", "[share(c‹, df=df›) for c in df.columns]\n"),
    state("in a function that stays", "def show():\n    return share('a'‹, df=df›)\n\n\nshow()\n", AGAIN, "show()\n"),
    state("in a lambda", "g = lambda c: share(c‹, df=df›)\n", AGAIN, "g('a')\n"),
    state("in an f-string", "print(f\"{share('a'‹, df=df›)}\")\n"),
    state("in a timed line", "%timeit share('a'‹, df=df›)\n"),
    state("as a value", "list(map(‹lambda column: ›share‹(column, df=df)›, ['a']))\n"),
    state("as a key", "sorted(['a'], key=‹lambda column: ›share‹(column, df=df)›)\n"),
    state("applied", "pd.Series(['a']).apply(‹lambda column: ›share‹(column, df=df)›)\n"),
    state(
        "as a value, with a default",
        "list(map(‹lambda column, n=3: ›share‹(column, n, df=df)›, ['a']))\n",
        old=SHARE.replace("column)", "column, n=3)"),
        new=WITH_DF.replace("column,", "column, n=3,"),
    ),
    lifted(
        "through a definition that moves",
        FRAME,
        (BOTH_OLD, brings("share", "report")),
        "report('a'‹, df=df›)\n",
        new=BOTH_NEW,
        site="report",
    ),
    lifted(
        "through a definition that moves, of the one below",
        FRAME,
        (BOTH_OLD, brings("share", "report")),
        "report('a'‹, df=df›)\nshare('b'‹, df=df›)\n",
        new=BOTH_NEW,
        site="share",
    ),
    lifted(
        "through two definitions and their lambda",
        FRAME,
        (
            BOTH_OLD + "\n\ndef all_of(names):\n    return list(map(report, names))\n",
            brings("share", "report", "all_of"),
        ),
        "all_of(['a']‹, df=df›)\n",
        new=BOTH_NEW + "\n\ndef all_of(names, *, df):\n    return list(map(lambda name: report(name, df=df), names))\n",
        site="all_of",
    ),
    state("a comprehension in it", "share('a'‹, df=df›)\n", AGAIN, **later("    return [df[c] for c in column]\n")),
    state("a sum over a generator", "share('a'‹, df=df›)\n", AGAIN, **later("    return sum(df[c] for c in column)\n")),
    state(
        "sorted by a lambda",
        "share('a'‹, df=df›)\n",
        AGAIN,
        **later("    return sorted(column, key=lambda c: df[c])\n"),
    ),
    state("a lambda that gets away, bound once", "share('a'‹, df=df›)\n", **later("    return lambda: df[column]\n")),
    state("a query", "share('a'‹, df=df›)\n", **later("    return column.query('x > @df')\n")),
    state("an argument that calls", "share(print('a')‹, df=df›)\n", AGAIN),
    state("unread below", "share('a'‹, df=df›)\n", "def g(df):\n    df = 3\n    return df\n", AGAIN),
    state(
        "two names",
        "top = 3\n",
        "share('a'‹, df=df, top=top›)\n",
        old="def share(column):\n    return df[column][:top]\n",
        new="def share(column, *, df, top):\n    return df[column][:top]\n",
    ),
    state(
        "a name and a literal",
        "share('a'‹, df=df, n=3›)\n",
        old="def share(column):\n    return df[column][:3]\n",
        new="def share(column, *, df, n=5):\n    return df[column][:n]\n",
    ),
    state(
        "a default of the notebook, bound once",
        "share('a'‹, frame=df›)\nshare('b', 3)\n",
        old="def share(column, frame=df):\n    return frame[column]\n",
        new="def share(column, frame):\n    return frame[column]\n",
    ),
    state("a function binds it, and nobody calls the other", "def turn():\n    global df\n    df = 3\n"),
    state("a parameter cell", "share('a'‹, df=df›)\n", tags={1: ["parameters"]}),
    state("a star import", "from math import *\n", "share('a'‹, df=df›)\n"),
]

RIGHT_LIFTS = [*FORMS, *HOLES, *PASSED_ON, *STATE]
