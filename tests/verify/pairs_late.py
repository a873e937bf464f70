"""A definition may run before what it reads is bound: an error in the notebook, not in a module, where it is bound at once.

The wrong ones are not proved, their harmless neighbours are. Most were found by small programs with a hazard check silenced.
"""

from verify.pairs import CALL, FH, H1, MODULE, USES_H, WITH_H, F, Pair, pair

RECURSIVE = "def f(n):\n    return n and f(n - 1)\n"
USES_F = "def g():\n    return f()\n"


def helper(name: str, *cells: str) -> Pair:
    """`f` calls the helper `h`; both move, wherever they stand."""
    moved = {number: {H1: FH, USES_H: F}[source] for number, source in enumerate(cells, 1) if source in (H1, USES_H)}
    return Pair(name, cells, moved, {MODULE: WITH_H})


def recursive(name: str, *cells: str) -> Pair:
    """`f` calls itself and moves; something binds its name again."""
    return Pair(name, cells, {cells.index(RECURSIVE) + 1: F}, {MODULE: RECURSIVE})


LATE = [
    helper("the helper stands below the call", USES_H, CALL, H1),
    helper("the helper stands between two calls", USES_H, CALL, H1, CALL),
    helper("the helper stands below a call in a function", USES_H, USES_F, "g()", H1),
    helper("the helper stands below a call in a branch", USES_H, "if rows:\n    f()\n", H1, CALL),
    helper("the helper stands below a call in a default", USES_H, "def g(n=f()):\n    return n\n", H1, CALL),
    helper("the helper stands below a call in a class body", USES_H, "class K:\n    n = f()\n", H1, CALL),
    helper("the helper stands below a call in a lambda", USES_H, "g = lambda: f()\ng()\n", H1, CALL),
    helper("the helper stands below a magic's call", USES_H, "%timeit f()\n", H1, CALL),
    helper("the function is handed on before the helper", USES_H, "print(list(map(f, [])))\n", H1, CALL),
    helper("it is another's default", USES_H, "def g(n=f):\n    return n()\n", "g()", H1, CALL),
    helper("a decorator calls it", USES_H, "from tools import now\n", "@now\ndef g():\n    return f()\n", H1, CALL),
    helper(
        "a decorator of one's own under a harmless name calls it",
        USES_H,
        "def final(g):\n    return g()\n",
        "@final\ndef g():\n    return f()\n",
        H1,
        CALL,
    ),
    Pair(
        "the helper's helper stands below the call",
        (USES_H, "def h():\n    return k()\n", CALL, "def k():\n    return 1\n"),
        {1: F, 2: FH, 4: "from reports.dataset import k\n"},
        {MODULE: "def k():\n    return 1\n\n\ndef h():\n    return k()\n\n\n" + USES_H},
    ),
    pair(
        "the import stands below the call",
        "def f():\n    return os\n",
        CALL,
        "import os\n",
        new="import os\n\n\ndef f():\n    return os\n",
    ),
    pair(
        "the constant stands below the call",
        "def f():\n    return LIMIT\n",
        CALL,
        "LIMIT = 3\n",
        new="LIMIT = 3\n\n\ndef f():\n    return LIMIT\n",
        moved={1: F, 3: "from reports.dataset import LIMIT\n"},
    ),
    pair(
        "the helper was a builtin until then",
        "def f():\n    return max(1, 2)\n",
        CALL,
        "def max(*all):\n    return all\n",
        new="def max(*all):\n    return all\n\n\ndef f():\n    return max(1, 2)\n",
        moved={1: F, 3: "from reports.dataset import max\n"},
    ),
    pair(
        "an import in the function",
        "def f():\n    return os\n",
        CALL,
        "import os\n",
        new="def f():\n    import os\n\n    return os\n",
    ),
    pair(
        "an annotation reads what comes below",
        "def f(n: K):\n    return n\n",
        "class K:\n    pass\n",
        CALL,
        new="class K:\n    pass\n\n\ndef f(n: K):\n    return n\n",
        moved={1: F, 2: "from reports.dataset import K\n"},
    ),
    Pair(
        "the cell of the helper may fail",
        ("1 / 0\n" + H1, USES_H, CALL),
        {1: "1 / 0\n" + FH, 2: F},
        {MODULE: WITH_H},
        tags={1: ["raises-exception"]},
    ),
    recursive("recursion kept and bound again", RECURSIVE, "old = f\n", "f = abs\n", "old(3)\n"),
    recursive("recursion bound again from itself", RECURSIVE, "f = [f]\n", "f[0](3)\n"),
    recursive(
        "recursion kept by a function that stands higher",
        "def g():\n    return f\n",
        RECURSIVE,
        "old = g()\n",
        "f = abs\n",
        "old(3)\n",
    ),
    recursive(
        "recursion kept, bound again in a branch first",
        RECURSIVE,
        "if rows:\n    f = abs\n",
        "old = f\n",
        "f = abs\n",
        "old(3)\n",
    ),
    recursive("recursion taken out of globals()", RECURSIVE, "old = globals()['f']\n", "f = abs\n", "old(3)\n"),
]
IN_TIME = [
    helper("the helper stands below, the call below that", USES_H, H1, CALL),
    helper("nothing calls the function", USES_H, H1),
    helper("the call stands in a function that is called later", USES_H, USES_F, H1, "g()"),
    helper(
        "the call stands in a class that is used later",
        USES_H,
        "class K:\n    def m(self):\n        return f()\n",
        H1,
        "K().m()",
    ),
    helper("it is another's default, and that is called later", USES_H, "def g(n=f):\n    return n()\n", H1, "g()"),
    helper(
        "a harmless decorator",
        USES_H,
        "from functools import cache\n",
        "@cache\ndef g():\n    return f()\n",
        H1,
        "g()",
    ),
    helper("an earlier function of the name is called", "def f():\n    return 0\n", CALL, USES_H, H1, CALL),
    pair(
        "the import stands below, the call below that",
        "def f():\n    return os\n",
        "import os\n",
        CALL,
        new="import os\n\n\ndef f():\n    return os\n",
    ),
    pair(
        "an annotation that nothing evaluates",
        "from __future__ import annotations\n",
        "def f(n: K):\n    return n\n",
        "class K:\n    pass\n",
        CALL,
        new="from __future__ import annotations\n\n\ndef f(n: K):\n    return n\n\n\nclass K:\n    pass\n",
        moved={2: F, 3: "from reports.dataset import K\n"},
    ),
    recursive("recursion, then another value is read", RECURSIVE, "f(3)\n", "f = abs\n", "print(f)\n"),
    recursive(
        "recursion, a value was read before", "f = 3\n", "print(f)\n", RECURSIVE, "f(3)\n", "f = abs\n", "f(3)\n"
    ),
    recursive(
        "recursion, a function below reads another",
        RECURSIVE,
        "f(3)\n",
        "f = abs\n",
        "def g():\n    return f\n",
        "g()(3)\n",
    ),
]
