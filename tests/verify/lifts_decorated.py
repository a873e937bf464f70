"""Decorated definitions that got parameters: proved where decorators hand everything on, doubted where they see more of it."""

from verify.lifts import LOAD, PANDAS, WITH_SEP, literal
from verify.pairs import Pair

A = "a = load('a.csv'‹, sep=','›)\n"
HEAD = f"{PANDAS}from contextlib import contextmanager\nfrom functools import cache, lru_cache\n"
RECURSIVE = "def load(p):\n    return load(p[1:]{0}) if p else {1}\n"
YIELDS = (
    "@contextmanager\n" + LOAD.replace("return", "yield"),
    "@contextmanager\n" + WITH_SEP.replace("return", "yield"),
)


def decorated(
    name: str, *cells: str, by: str = "@cache\n", old: str = LOAD, new: str = WITH_SEP, head: str = HEAD
) -> Pair:
    return literal(name, *cells, old=by + old, new=by + new, head=head)


RIGHT_DECORATED = [
    decorated("a cache", A),
    decorated("a cache of a size", A, by="@lru_cache(maxsize=3)\n"),
    decorated("a cache that is emptied", A, "load.cache_clear()\nprint(load.cache_info())\n"),
    literal("a context", "with load('a'‹, sep=','›) as a:\n    print(a)\n", old=YIELDS[0], new=YIELDS[1], head=HEAD),
]

WRONG_DECORATED = [
    decorated("a cache of the notebook's own", A, head=f"{PANDAS}cache = print\n"),
    decorated("a cache that nobody knows", A, head=PANDAS),
    decorated("the function in a cache", A, "load.__wrapped__('b')\n"),
    decorated(
        "a cache of calls that pass it and of calls that do not",
        "load('a'‹, sep=';'›)\nload('b')\n",
        old=LOAD.replace("','", "';'"),
    ),
    decorated(
        "a cache of calls that pass it, and given away",
        "load('a'‹, sep=';'›)\nlist(map(load, ['a']))\n",
        old=LOAD.replace("','", "';'"),
    ),
    decorated(
        "a cache that its own calls ask otherwise",
        "print(load('ab'))\n",
        old=RECURSIVE.format("", "';'"),
        new=RECURSIVE.format(", sep=sep", "sep").replace("(p):", "(p, *, sep=';'):"),
    ),
    decorated(
        "a cache with another default",
        "load('a'‹, n=10›)\nload('b', 3)\n",
        old="def load(p, n=10):\n    return p[:n]\n",
        new="def load(p, n=20):\n    return p[:n]\n",
    ),
    decorated(
        "a cache that is handed what is no literal",
        "load('a'‹, seps=[',']›)\n",
        old="def load(p):\n    return pd.read_csv(p, sep=[','])\n",
        new="def load(p, *, seps):\n    return pd.read_csv(p, sep=seps)\n",
    ),
    literal(
        "a context with another value",
        "with load('a'‹, sep=';'›) as a:\n    print(a)\n",
        old=YIELDS[0],
        new=YIELDS[1],
        head=HEAD,
    ),
]
