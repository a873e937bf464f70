"""Functions whose parameters stand for something else than what their calls hand in: not proved."""

from verify.lifts import LOAD, WITH_SEP, brings, lifted, literal
from verify.lifts_right import CHAIN_NEW, CHAIN_OLD, A

TWO_OLD = "def load(path):\n    return pd.read_csv(path, sep=',')[:3]\n"
TWO_NEW = "def load(path, *, sep=';', rows=5):\n    return pd.read_csv(path, sep=sep)[:rows]\n"

WRONG_BODIES = [
    literal("another default in the package", A, new=WITH_SEP.replace("sep=sep", "sep=sep, header=0")),
    literal("the parameter is not used", A, new=WITH_SEP.replace("sep=sep", "sep=';'")),
    literal("the parameter is used once too often", A, new=WITH_SEP.replace("read_csv(path", "read_csv(sep")),
    literal(
        "the parameter hides a local",
        A,
        old="def load(path):\n    sep = 3\n    return path.split(',')[sep]\n",
        new="def load(path, *, sep=';'):\n    sep = 3\n    return path.split(sep)[sep]\n",
    ),
    literal(
        "the parameter hides a name of the notebook",
        "sep = 3\n",
        A,
        old="def load(path):\n    return path.split(',')[sep]\n",
        new="def load(path, *, sep=';'):\n    return path.split(sep)[sep]\n",
    ),
    literal(
        "one parameter for two values",
        A,
        old="def load(path):\n    return path.split(',')[0].split('|')\n",
        new="def load(path, *, sep=';'):\n    return path.split(sep)[0].split(sep)\n",
    ),
    literal(
        "values swapped",
        "load('a'‹, sep='3', rows=','›)\n",
        old="def load(p):\n    return p.split(',').count('3')\n",
        new="def load(p, *, sep=';', rows='5'):\n    return p.split(sep).count(rows)\n",
    ),
    literal("one of two left out", "load('a'‹, sep=','›)\n", old=TWO_OLD, new=TWO_NEW),
    literal(
        "a text cut in another place",
        "load(3‹, unit='k'›)\n",
        old="def load(x):\n    return f'{x} km'\n",
        new="def load(x, *, unit='m'):\n    return f'{x} {unit}'\n",
    ),
    literal(
        "a number for a text",
        "load(3‹, unit=3.0›)\n",
        old="def load(x):\n    return f'{x} 3'\n",
        new="def load(x, *, unit='m'):\n    return f'{x} {unit}'\n",
    ),
    literal(
        "a text shown in another way",
        "load(3‹, unit='km'›)\n",
        old="def load(x):\n    return f'{x} km'\n",
        new="def load(x, *, unit='m'):\n    return f'{x} {unit!r}'\n",
    ),
    literal(
        "a list made each time",
        "load('a'‹, rows=[]›)\n",
        old="def load(p):\n    return [[] for _ in p]\n",
        new="def load(p, *, rows):\n    return [rows for _ in p]\n",
    ),
    literal(
        "a list in a loop",
        "load('a'‹, rows=[]›)\n",
        old="def load(p):\n    for q in p:\n        x = []\n        x.append(q)\n    return x\n",
        new="def load(p, *, rows):\n    for q in p:\n        x = rows\n        x.append(q)\n    return x\n",
    ),
    literal(
        "a list at two places",
        "load('a'‹, rows=[]›)\n",
        old="def load(p):\n    return [], []\n",
        new="def load(p, *, rows):\n    return rows, rows\n",
    ),
    literal(
        "a list in a lambda",
        "load('a'‹, rows=[]›)\n",
        old="def load(p):\n    return lambda: []\n",
        new="def load(p, *, rows):\n    return lambda: rows\n",
    ),
    literal(
        "a list for a default",
        "load('a')\n",
        old="def load(p):\n    return []\n",
        new="def load(p, *, rows=[]):\n    return rows\n",
    ),
    literal(
        "a local is handed in",
        "load('a'‹, n=p›)\n",
        head="import pandas as pd\np = 3\n",
        old="def load(p):\n    return p + p\n",
        new="def load(p, *, n):\n    return p + n\n",
    ),
    literal(
        "an expression in a loop",
        "c = {}\n",
        "load('a'‹, low=c['a']›)\n",
        old="def load(p):\n    return [q > c['a'] for q in p]\n",
        new="def load(p, *, low):\n    return [q > low for q in p]\n",
    ),
    literal(
        "an expression in a condition",
        "c = {}\n",
        "load('a'‹, low=c['a']›)\n",
        old="def load(p):\n    if p:\n        return c['a']\n",
        new="def load(p, *, low):\n    if p:\n        return low\n",
    ),
    literal(
        "an expression after a call",
        "c = {}\n",
        "load('a'‹, low=c['a']›)\n",
        old="def load(p):\n    print(p)\n    return c['a']\n",
        new="def load(p, *, low):\n    print(p)\n    return low\n",
    ),
    literal(
        "an expression behind and",
        "c = {}\n",
        "load('a'‹, low=c['a']›)\n",
        old="def load(p):\n    return p and c['a']\n",
        new="def load(p, *, low):\n    return p and low\n",
    ),
    literal(
        "an expression twice",
        "c = {}\n",
        "load('a'‹, low=c['a']›)\n",
        old="def load(p):\n    return c['a'], c['a']\n",
        new="def load(p, *, low):\n    return low, low\n",
    ),
    literal(
        "an expression in a try",
        "c = {}\n",
        "load('a'‹, low=c['a']›)\n",
        old="def load(p):\n    try:\n        return c['a']\n    except KeyError:\n        return 3\n",
        new="def load(p, *, low):\n    try:\n        return low\n    except KeyError:\n        return 3\n",
    ),
    literal(
        "an expression before other arguments",
        "c = {}\n",
        "load(‹low=c['a'], ›p=c.popitem())\n",
        old="def load(p):\n    return c['a']\n",
        new="def load(p, *, low):\n    return low\n",
    ),
    literal(
        "expressions in another order",
        "load('a'‹, high=next(c), low=next(c)›)\n",
        head="import math\nc = iter('ab')\n",
        old="def load(p):\n    return max(next(c), next(c))\n",
        new="def load(p, *, low, high):\n    return max(low, high)\n",
    ),
    literal(
        "an expression that is another one",
        "c = {}\n",
        "load('a'‹, low=c['b']›)\n",
        old="def load(p):\n    return c['a']\n",
        new="def load(p, *, low):\n    return low\n",
    ),
    literal(
        "an expression that binds",
        "load('a'‹, low=(k := 3)›)\n",
        "print(k)\n",
        old="def load(p):\n    return (k := 3)\n",
        new="def load(p, *, low):\n    return low\n",
        head="import math\nk = 1\n",
    ),
    literal(
        "another function",
        "load('a'‹, key=min›)\n",
        old="def load(p):\n    return max(p)\n",
        new="def load(p, *, key):\n    return key(p)\n",
    ),
    literal(
        "a default that differs, and is left out",
        "load('a')\n",
        old="def load(p, n=10):\n    return p[:n]\n",
        new="def load(p, n=20):\n    return p[:n]\n",
    ),
    literal(
        "a default that differs, and another is passed",
        "load('a'‹, n=11›)\n",
        old="def load(p, n=10):\n    return p[:n]\n",
        new="def load(p, n=20):\n    return p[:n]\n",
    ),
    literal(
        "a default that differs, and was passed",
        ("load('a', n=11)\n", "load('a', n=10)\n"),
        old="def load(p, n=10):\n    return p[:n]\n",
        new="def load(p, n=20):\n    return p[:n]\n",
    ),
    literal(
        "a default that differs, and arguments in a list",
        "o = ['a', 3]\nload(*o‹, n=10›)\n",
        old="def load(p, n=10):\n    return p[:n]\n",
        new="def load(p, n=20):\n    return p[:n]\n",
    ),
    literal(
        "a default that differs, and arguments in a dict",
        "o = {'n': 3}\nload('a', **o)\n",
        old="def load(p, n=10):\n    return p[:n]\n",
        new="def load(p, n=20):\n    return p[:n]\n",
    ),
    literal(
        "a default that is a list",
        "load('a'‹, n=[]›)\nload('b'‹, n=[]›)\n",
        old="def load(p, n=[]):\n    n.append(p)\n    return n\n",
        new="def load(p, n=None):\n    n.append(p)\n    return n\n",
    ),
    literal(
        "it looks at its names",
        A,
        old=LOAD.replace("    return", "    print(locals())\n    return"),
        new=WITH_SEP.replace("    return", "    print(locals())\n    return"),
    ),
    literal(
        "it looks at the frames around it",
        A,
        old=LOAD.replace("    return", "    print(inspect.stack(context=1))\n    return"),
        new=WITH_SEP.replace("    return", "    print(inspect.stack(context=1))\n    return"),
    ),
    literal(
        "code is evaluated by something's method",
        A,
        old=LOAD.replace("    return", "    print(path.eval('1'))\n    return"),
        new=WITH_SEP.replace("    return", "    print(path.eval('1'))\n    return"),
    ),
    literal(
        "it may look at the frames around it",
        A,
        old=LOAD.replace("    return", "    print(pd.stack(path))\n    return"),
        new=WITH_SEP.replace("    return", "    print(pd.stack(path))\n    return"),
    ),
    literal("a decorator", A, old="@print\n" + LOAD, new="@print\n" + WITH_SEP),
    literal(
        "the very same object",
        "load('a'‹, mark='x'›)\n",
        old="def load(p):\n    return p is 'x'\n",
        new="def load(p, *, mark='y'):\n    return p is mark\n",
    ),
    literal(
        "code that reads the notebook",
        "top = 3\n",
        "load('a'‹, code='x > @top'›)\n",
        old="def load(p):\n    return p.query('x > @top')\n",
        new="def load(p, *, code='x > 1'):\n    return p.query(code)\n",
    ),
    literal("an annotation became the default", A, old=LOAD, new=WITH_SEP.replace("sep=';'", "sep: str = print(';')")),
    *(
        lifted(
            f"{what} passed on {how}",
            "import math\nc = {'a': 3}\n",
            (CHAIN_OLD.format(value).replace("return load(p)", old), brings("load", "all_of")),
            f"all_of('a'‹, n={value}›)\n",
            new=CHAIN_NEW.replace("return load(p, n=n)", new),
            site="all_of",
        )
        for what, value in (("a list", "[3]"), ("an expression", "c['a']"))
        for how, old, new in (
            ("twice", "return load(p), load(p)", "return load(p, n=n), load(p, n=n)"),
            ("in a loop", "return [load(q) for q in p]", "return [load(q, n=n) for q in p]"),
            ("later", "return lambda: load(p)", "return lambda: load(p, n=n)"),
        )
    ),
    *(
        lifted(
            f"an expression passed on {how}",
            "import math\nc = {'a': 3}\n",
            (CHAIN_OLD.format("c['a']").replace("return load(p)", old), brings("load", "all_of")),
            "all_of('a'‹, n=c['a']›)\n",
            new=CHAIN_NEW.replace("return load(p, n=n)", new),
            site="all_of",
        )
        for how, old, new in (
            ("after a call", "print(p)\n    return load(p)", "print(p)\n    return load(p, n=n)"),
            ("before an argument", "return load(print(p))", "return load(print(p), n=n)"),
            ("in a condition", "if p:\n        return load(p)", "if p:\n        return load(p, n=n)"),
        )
    ),
]
