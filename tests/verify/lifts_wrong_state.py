"""Definitions that are handed what they read of the notebook, where that is not the same: not proved."""

from verify.lifts import AGAIN, FRAME, SHARE, WITH_DF, brings, lifted, state
from verify.lifts_right import BOTH_NEW, BOTH_OLD, later
from verify.pairs import Pair

S = "share('a'‹, df=df›)\n"
OTHER = "other = df[:3]\n"
GLOBAL = "def turn():\n    global df\n    df = df[:3]\n"


PASSED = [
    state("left out", "share('a')\n"),
    state("left out at one of two", S, "share('b')\n"),
    state("another name", OTHER, "share('a'‹, df=other›)\n"),
    state("a copy", "share('a'‹, df=df.copy()›)\n"),
    state(
        "before an argument that binds it",
        "share('a', ‹df=df, ›n=(df := 3))\n",
        old=SHARE.replace("column)", "column, n=3)"),
        new=WITH_DF.replace("column,", "column, n=3,"),
    ),
    state("in a generator that waits", "def g():\n    share(‹df=df, ›column=(yield))\n", AGAIN, "list(g())\n"),
    state("a literal", "share('a'‹, df=None›)\n"),
    state("a loop's own", "[share('a'‹, df=df›) for df in [1, 2]]\n"),
    state("a lambda's own", "g = lambda df: share('a'‹, df=df›)\n"),
    state("a function's own", "def g(df):\n    return share('a'‹, df=df›)\n"),
    state("a local", "def g():\n    df = 3\n    return share('a'‹, df=df›)\n"),
    state("a local bound below", "def g(n):\n    if n:\n        df = 3\n    return share('a'‹, df=df›)\n"),
    state(
        "of a function around it",
        "def g():\n    df = 3\n    def h():\n        return share('a'‹, df=df›)\n    return h()\n",
    ),
    state("of a class", "class K:\n    df = 3\n    n = share('a'‹, df=df›)\n"),
    state("timed where it is bound", "%%timeit\ndf = 3\nshare('a'‹, df=df›)\n"),
    state(
        "captured early by a default",
        ("list(map(share, ['a']))\n", "list(map(lambda column, df=df: share(column, df=df), ['a']))\n"),
        AGAIN,
    ),
    state("frozen early", "g = df\n", AGAIN, "share('a'‹, df=g›)\n"),
    state("positional", ("share('a')\n", "share('a', df)\n")),
    state(
        "swapped",
        "top = 3\n",
        "share('a'‹, df=top, top=df›)\n",
        old="def share(c):\n    return df[c][:top]\n",
        new="def share(c, *, df, top):\n    return df[c][:top]\n",
    ),
    state("a default stands in", "share('a')\n", new=WITH_DF.replace("df)", "df=None)")),
    state(
        "handed in under another name, which is another",
        OTHER,
        "share('a'‹, frame=other›)\n",
        new="def share(column, *, frame):\n    return frame[column].mean()\n",
    ),
    state(
        "a read is left",
        S,
        old="def share(c):\n    return df[c] / len(df)\n",
        new="def share(c, *, frame):\n    return frame[c] / len(df)\n",
    ),
    state("a value", "list(map(share, ['a']))\n"),
    state("another lambda", "list(map(‹lambda column: ›share‹(column, df=column)›, ['a']))\n"),
    state("an early lambda", "list(map(‹lambda df: ›share‹(df, df=df)›, ['a']))\n"),
    state(
        "a partial of the value",
        ("list(map(share, ['a']))\n", "import functools\nlist(map(functools.partial(share, df=df), ['a']))\n"),
    ),
    state(
        "a thread",
        "from threading import Thread\nThread(target=‹lambda: ›share‹(df=df)›).start()\n",
        AGAIN,
        old="def share():\n    return df.mean()\n",
        new="def share(*, df):\n    return df.mean()\n",
    ),
    state("a pool", "from multiprocessing import Pool\nPool().map(‹lambda column: ›share‹(column, df=df)›, ['a'])\n"),
]

UNBOUND = [
    state("not bound yet", S, "df = 3\n", head="import pandas as pd\n"),
    state("bound nowhere", S, head="import pandas as pd\n"),
    state("bound in a condition", S, head="import pandas as pd\nif pd:\n    df = 3\n"),
    state("bound in a loop", S, head="import pandas as pd\nfor df in []:\n    pass\n"),
    state("bound in a try", S, head="import pandas as pd\ntry:\n    df = pd.x\nexcept AttributeError:\n    pass\n"),
    state("bound in a cell that may end early", S, tags={1: ["raises-exception"]}),
    state("deleted", "del df\n", "try:\n    share('a'‹, df=df›)\nexcept NameError:\n    pass\n"),
    state("deleted below", S, "del df\n"),
    state(
        "not bound when a function is called",
        "def g():\n    return share('a'‹, df=df›)\n",
        "g()\n",
        "df = 3\n",
        head="import pandas as pd\n",
    ),
    state("brought by a script", S, head="import pandas as pd\n%run -i x.py\n"),
    state("brought by a star", S, head="from numpy import *\n"),
    state("forgotten", "%reset -f\n", S),
    state("bound by a cell that can't be read", S, head="df = if\n"),
]

MEANWHILE = [
    state("a function binds it", GLOBAL, "turn()\n", S),
    state(
        "what it calls binds it",
        GLOBAL,
        S,
        old="def share(c):\n    c()\n    return df\n",
        new="def share(c, *, df):\n    c()\n    return df\n",
    ),
    state(
        "a method binds it",
        "class K:\n    def __len__(self):\n        global df\n        df = 3\n        return 1\n",
        S,
    ),
    state("a class binds it", "def g():\n    class K:\n        global df\n        df = 3\n", S),
    state("a helper that runs code", "def turn(t):\n    exec(t, globals())\n", S),
    state("code", "exec('df = 3')\n", S),
    state("globals()", "globals()['df'] = 3\n", S),
    state("a script", "%run -i x.py\n", S),
    state("a cell that can't be read", "%%sql\nselect df\n", S),
    state("__main__", "import __main__\n__main__.df = 3\n", S),
    state("IPython", "def turn():\n    get_ipython().push({'df': 3})\n", S),
    state("a generator that binds it when asked", "share((df := c for c in 'ab')‹, df=df›)\n", AGAIN),
    state("a lambda that reads it later", S, AGAIN, **later("    return lambda: df[column]\n")),
    state(
        "a nested function that reads it later",
        S,
        AGAIN,
        **later("    def g():\n        return df[column]\n    return g\n"),
    ),
    state("a generator that reads it later", S, AGAIN, **later("    return (df[c] for c in column)\n")),
    state("a map that reads it later", S, AGAIN, **later("    return map(lambda c: df[c], column)\n")),
    state(
        "a class whose method reads it later",
        S,
        AGAIN,
        **later("    class K:\n        def m(self):\n            return df\n    return K\n"),
    ),
    state("a generator function", S, AGAIN, **later("    yield df[column]\n")),
    state(
        "a coroutine", ("await share('a')\n", "await share('a', df=df)\n"), old="async " + SHARE, new="async " + WITH_DF
    ),
    state("bound again, and threads", "from threading import Thread\nThread(target=print).start()\n", S, AGAIN),
    state("another notebook runs this one", S, others={"b.ipynb": ("%run a.ipynb\n", "share('b')\n")}),
    state(
        "it binds it",
        S,
        old="def share(c):\n    global df\n    df = df[:3]\n    return df\n",
        new="def share(c, *, df):\n    df = df[:3]\n    return df\n",
    ),
    state("it reads all names", S, **later("    return eval('df')\n")),
    state("a query in a lambda", S, **later("    return [g.query('x > @df') for g in column]\n")),
    state(
        "a default that is bound twice",
        AGAIN,
        "share('a'‹, frame=df›)\n",
        old="def share(c, frame=df):\n    return frame\n",
        new="def share(c, frame):\n    return frame\n",
    ),
    state(
        "a default that is bound below",
        "share('a'‹, frame=df›)\n",
        "df = 3\n",
        head="import pandas as pd\n",
        old="def share(c, frame=df):\n    return frame\n",
        new="def share(c, frame):\n    return frame\n",
    ),
    state(
        "a default that calls",
        "share('a'‹, n=len(df)›)\n",
        old="def share(c, n=len(df)):\n    return n\n",
        new="def share(c, n):\n    return n\n",
    ),
]


def through(name: str, *cells: str, old: str = BOTH_OLD, new: str = BOTH_NEW, site: str = "report") -> Pair:
    return lifted(name, FRAME, (old, brings("share", "report")), *cells, new=new, site=site)


R = "report('a'‹, df=df›)\n"
CHAINS = [
    through("not passed on", R, new=BOTH_NEW.replace(", df=df)", ")")),
    through("not passed in", "report('a')\n"),
    through("something else is passed on", R, new=BOTH_NEW.replace("df=df", "df=name")),
    through("something else is passed in", OTHER, "report('a'‹, df=other›)\n"),
    through("the one below is called without", R, "share('a')\n"),
    through("the one below is bound again", R, "def share(c):\n    return c\n", R),
    through("something else is passed in, of the one below", OTHER, "report('a'‹, df=other›)\n", site="share"),
    through("bound meanwhile", GLOBAL, R),
    through(
        "it has a local of that name",
        R,
        old=BOTH_OLD.replace("    return [", "    df = name\n    return ["),
        new=BOTH_NEW.replace("    return [", "    df = name\n    return ["),
    ),
    through(
        "passed on later",
        R,
        AGAIN,
        old=BOTH_OLD.replace("share(name)]", "lambda: share(name)]"),
        new=BOTH_NEW.replace("share(name, df", "lambda: share(name, df"),
    ),
    through("another literal is passed on", R, old=BOTH_OLD, new=BOTH_NEW.replace("df=df", "df=3")),
]

WRONG_STATE = [*PASSED, *UNBOUND, *MEANWHILE, *CHAINS]
