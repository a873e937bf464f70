"""What lifting refuses, each with a neighbour that is almost the same and passes: first what must not change."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from lift.lifting import lifted, run

STATE, READS = "s = [1]", "def f(x):\n    return (x, s)"


@dataclass(frozen=True)
class Pair:
    """Cells that are refused for a reason with these words ("": what is read is no state, but unknown), and cells of which one
    becomes `after`.
    """

    id: str
    words: str
    refused: tuple[str, ...]
    passes: tuple[str, ...]
    after: str
    moves: tuple[str, ...] = ("f",)
    cell: dict[str, Any] = field(default_factory=dict)
    runs: bool = True


def calls(key: str, words: str, refused: str, passes: str, after: str, **more: Any) -> Pair:
    """Two cells that stand below the state and the function that reads it."""
    return Pair(key, words, (STATE, READS, refused), (STATE, READS, passes), after, **more)


def around(
    key: str, words: str, refused: tuple[str, ...], passes: tuple[str, ...], after: str = "f(1, s=s)", **more: Any
) -> Pair:
    """Whole notebooks."""
    return Pair(key, words, refused, passes, after, **more)


USES = (
    calls(
        "given away to who knows whom",
        "may look at its name",
        "g = dict(a=f)",
        "g = dict(a=f(1))",
        "g = dict(a=f(1, s=s))",
    ),
    around(
        "bound on the line of the call, below and above it",
        "not certain to be bound",
        (READS, "print(f(1)); s = 3; print(f(2)); s = 4"),
        (READS, "s = 3; print(f(2)); print(f(1) + f(3)); s = 4"),
        "s = 3; print(f(2, s=s)); print(f(1, s=s) + f(3, s=s)); s = 4",
    ),
    calls("kept under another name", "used as a value", "g = f", "g = f(1)", "g = f(1, s=s)"),
    calls("kept in a list", "used as a value", "g = [f]", "g = [f(1)]", "g = [f(1, s=s)]"),
    calls(
        "partial",
        "may look at its name",
        "from functools import partial\ng = partial(f, 1)",
        "g = lambda: f(1)",
        "g = lambda: f(1, s=s)",
    ),
    calls("help shows its parameters", "shows its parameters", "help(f)", "help(str)", "help(str)", runs=False),
    calls("help with a question mark", "given to `?` here", "f(1)\nf?", "f(1)\nstr?", "f(1, s=s)\nstr?", runs=False),
    calls("help in front", "given to `?` here", "?f", "?str", "?str", runs=False),
    calls("its source", "given to `?` here", "f??", "str??", "str??", runs=False),
    calls("help as a magic", "given to `%pinfo` here", "%pinfo f", "%pinfo str", "%pinfo str", runs=False),
    calls(
        "signature",
        "given to `signature` here",
        "import inspect\ninspect.signature(f)",
        "import inspect\ninspect.signature(str)",
        "import inspect\ninspect.signature(str)",
        runs=False,
    ),
    calls("attribute", "otherwise than by a call", "f.cache = {}", "print(f.__name__)", "print(f.__name__)"),
    calls(
        "as a decorator",
        "otherwise than by a call",
        "@f\ndef g(): pass",
        "@staticmethod\ndef g(a=f(1)): pass",
        "@staticmethod\ndef g(a=f(1, s=s)): pass",
    ),
    calls(
        "map",
        "2 of 1 arguments",
        "list(map(f, [1], [2]))",
        "list(map(f, [1]))",
        "list(map(lambda x: f(x, s=s), [1]))",
        runs=False,
    ),
    calls(
        "map of the notebook",
        "binds itself",
        "def map(a, b): return a.__name__\nmap(f, [1])",
        "filter(f, [1])",
        "filter(lambda x: f(x, s=s), [1])",
    ),
    calls(
        "key",
        "may look at its name",
        "sorted([1], keys=f)",
        "sorted([1], key=f)",
        "sorted([1], key=lambda x: f(x, s=s))",
        runs=False,
    ),
    calls(
        "apply of something",
        "method of pandas",
        "df.apply(f)",
        "import pandas as pd\ndf.apply(f, axis=1)",
        "import pandas as pd\ndf.apply(lambda x: f(x, s=s), axis=1)",
        runs=False,
    ),
    calls(
        "apply with arguments",
        "may pass on",
        "import pandas as pd\ndf.apply(f, args=(1,))",
        "import pandas as pd\ndf.x.map(f)",
        "import pandas as pd\ndf.x.map(lambda x: f(x, s=s))",
        runs=False,
    ),
    calls(
        "sent to other processes",
        "method of pandas",
        "import pandas as pd, dask\ndf.apply(f)",
        "import pandas as pd\ndf.apply(f)",
        "import pandas as pd\ndf.apply(lambda x: f(x, s=s))",
        runs=False,
    ),
    calls(
        "aggregated under its name",
        "may look at its name",
        "import pandas as pd\ndf.agg(f)",
        "import pandas as pd\ndf.transform(f)",
        "import pandas as pd\ndf.transform(lambda x: f(x, s=s))",
        runs=False,
    ),
    calls("shell", "otherwise than by a call", "!echo {f(1)}", "%time f(1)", "%time f(1, s=s)", runs=False),
    calls(
        "profiled by name",
        "otherwise than by a call",
        "%lprun -f f f(1)",
        "%prun -q f(1)",
        "%prun -q f(1, s=s)",
        runs=False,
    ),
    calls(
        "statement that a magic keeps",
        "otherwise than by a call",
        "%timeit y = f(1)",
        "%timeit -n 1 f(1)",
        "%timeit -n 1 f(1, s=s)",
        runs=False,
    ),
    calls("printed with its text", "prints the text", "print(f'{f(1)=}')", "print(f'{f(1)}')", "print(f'{f(1, s=s)}')"),
    calls(
        "passed already, maybe",
        "may pass something called `s`",
        "f(1, s=2)",
        "f(1, **{})",
        "f(1, **{}, s=s)",
        runs=False,
    ),
    calls("brackets around the name", "used as a value", "(f)(1)", "(f(1))", "(f(1, s=s))"),
    calls("text that is code", "", "eval('f(1)')", "str('f(1)')", "str('f(1)')"),
    calls(
        "names by text", "called unseen", "f(1)\nglobals()['f'](1)", "f(1)\n{'f': 1}['f']", "f(1, s=s)\n{'f': 1}['f']"
    ),
    calls(
        "name of the main module",
        "name of `__main__`",
        "f(1)\nimport __main__",
        "f(1)\nimport math",
        "f(1, s=s)\nimport math",
    ),
    calls(
        "names of the main module",
        "sys.modules",
        "f(1)\nimport sys\ngetattr(sys.modules[__name__], 'f')",
        "f(1)\nprint(__name__)",
        "f(1, s=s)\nprint(__name__)",
    ),
)

PLACES = (
    calls(
        "local of the caller",
        "a local one",
        "def g(s):\n    return f(1)",
        "def g(t):\n    return f(1)",
        "def g(t):\n    return f(1, s=s)",
    ),
    calls(
        "bound further down in the caller",
        "a local one",
        "def g():\n    f(1)\n    s = 2",
        "def g():\n    f(1)\n    t = 2",
        "def g():\n    f(1, s=s)\n    t = 2",
    ),
    calls(
        "variable of a comprehension",
        "a local one",
        "[f(1) for s in [2]]",
        "[f(1) for t in s]",
        "[f(1, s=s) for t in s]",
    ),
    calls(
        "first iterable of one",
        "a local one",
        "[[f(1) for t in s] for s in [[2]]]",
        "[s for s in f(1)]",
        "[s for s in f(1, s=s)]",
    ),
    calls("lambda", "a local one", "g = lambda s: f(1)", "g = lambda t: f(1)", "g = lambda t: f(1, s=s)"),
    calls(
        "class body",
        "a local one",
        "class A:\n    s = 2\n    t = f(1)",
        "class A:\n    s = 2\n    def m(self): return f(1)",
        "class A:\n    s = 2\n    def m(self): return f(1, s=s)",
    ),
    calls(
        "body of %%timeit",
        "a local one",
        "%%timeit\ns = 2\nf(1)",
        "%%timeit\nt = 2\nf(1)",
        "%%timeit\nt = 2\nf(1, s=s)",
        runs=False,
    ),
    calls("locked cell", "this cell is locked: it is", "f(1)", "1", "1", cell={"locked": "it is nbgrader's"}),
    calls("cell of parameters", "not to be edited", "f(1)", "1", "1", cell={"tags": ("parameters",)}),
    calls("kept line", "is to be kept", "f(1)  # nb2mod: keep", "f(1)  # keep", "f(1, s=s)  # keep"),
    calls("prompts", "with prompts", ">>> f(1)", "f(1)", "f(1, s=s)", runs=False),
)

BOUND = (
    around(
        "called above its definition",
        "above its definition",
        ("f = print", STATE, "f(1)", READS)[1:],
        (STATE, READS, "f(1)"),
    ),
    around(
        "state below the call",
        "not certain to be bound",
        (READS, "try:\n    f(1)\nexcept NameError:\n    pass", STATE),
        (READS, STATE, "f(1)"),
    ),
    around(
        "state below a function that is called above",
        "not certain to be bound",
        (READS, "def g():\n    return f(1)", "try:\n    g()\nexcept NameError:\n    pass", STATE),
        (READS, "def g():\n    return f(1)", STATE, "g()"),
        "def g():\n    return f(1, s=s)",
    ),
    around(
        "function that its decorator calls",
        "not certain to be bound",
        (READS, "import atexit\n@atexit.register\ndef g():\n    return f(1)", STATE),
        (READS, STATE, "import atexit\n@atexit.register\ndef g():\n    return f(1)"),
        "import atexit\n@atexit.register\ndef g():\n    return f(1, s=s)",
        runs=False,
    ),
    around(
        "bound on a condition",
        "not certain to be bound",
        ("if 1:\n    s = 2", READS, "f(1)"),
        ("if 1:\n    s = 2\ns = [1]", READS, "f(1)"),
    ),
    around(
        "bound in a try",
        "not certain to be bound",
        ("try:\n    s = 2\nexcept OSError:\n    pass", READS, "f(1)"),
        (READS, "try:\n    s = 2\n    f(1)\nexcept OSError:\n    pass"),
        "try:\n    s = 2\n    f(1, s=s)\nexcept OSError:\n    pass",
    ),
    around(
        "bound by a loop, after it",
        "not certain to be bound",
        (READS, "for s in [1]:\n    pass", "f(1)"),
        (READS, "for s in [1]:\n    f(1)"),
        "for s in [1]:\n    f(1, s=s)",
    ),
    around(
        "bound in a loop, above",
        "not certain to be bound",
        (READS, "for p in [1]:\n    if p == 1:\n        s = p\n    f(p)"),
        (READS, "for p in [1]:\n    s = p\n    f(p)"),
        "for p in [1]:\n    s = p\n    f(p, s=s)",
    ),
    around(
        "bound by a with",
        "not certain to be bound",
        (READS, "with open('/dev/null') as s:\n    pass", "str(f(1))"),
        (READS, "with open('/dev/null') as s:\n    f(1)"),
        "with open('/dev/null') as s:\n    f(1, s=s)",
    ),
    around(
        "brought back by a magic, perhaps",
        "not certain to be bound",
        ("%store -r s", READS, "f(1)"),
        (f"%store -r s\n{STATE}", READS, "f(1)"),
        runs=False,
    ),
    around(
        "bound by a query that may fail",
        "not certain to be bound",
        ("%sql s << select", READS, "f(1)"),
        ("%%capture s\nprint(1)", READS, "f(1)"),
        runs=False,
    ),
    around("deleted", "is deleted in cell 4", (STATE, READS, "f(1)", "del s"), (STATE, READS, "f(1)", "del s[0]")),
    around(
        "name of a handler",
        "is deleted in cell 4",
        (STATE, READS, "f(1)", "try:\n    pass\nexcept OSError as s:\n    pass"),
        (STATE, READS, "f(1)", "try:\n    pass\nexcept OSError as e:\n    pass"),
    ),
    around(
        "bound from inside a function",
        "through `global`",
        (STATE, READS, "def g():\n    global s\n    s = 2", "f(1)"),
        (STATE, READS, "def g():\n    s = 2", "f(1)"),
    ),
    around(
        "deleted, and nothing calls it",
        "is deleted in cell 3",
        (STATE, READS, "del s"),
        (STATE, READS, "del s[0]"),
        "def f(x, *, s):\n    return (x, s)",
    ),
    around(
        "bound from inside a function, and nothing calls what calls it",
        "through `global`",
        (STATE, READS, "def g():\n    global s\n    s = 2", "def h():\n    return f(1)"),
        (STATE, READS, "def g():\n    s = 2", "def h():\n    return f(1)"),
        "def h():\n    return f(1, s=s)",
    ),
    around(
        "any name bound from inside a function",
        "",
        (STATE, READS, "def g(t):\n    exec(t)", "f(1)"),
        (STATE, READS, "def g(t):\n    print(t)", "f(1)"),
        runs=False,
    ),
    around(
        "mentioned where nobody can read",
        "",
        (STATE, READS, "f(1)", "for s in"),
        (STATE, READS, "f(1)", "for t in"),
        runs=False,
    ),
    around(
        "called where nobody can read",
        "can't be read mentions it",
        (STATE, READS, "f(1)", "f(2"),
        (STATE, READS, "f(1)", "g(2"),
        runs=False,
    ),
    around(
        "bound twice beside threads",
        "more than once, and with `threading`",
        ("import threading", STATE, "s = [2]", READS, "f(1)"),
        ("import threading", STATE, READS, "f(1)"),
    ),
    around(
        "given away and bound twice",
        "is given away here",
        (STATE, READS, "print(list(map(f, [1])))", "s = 2"),
        (STATE, READS, "print(list(map(f, [1])))", "t = 2"),
        "print(list(map(lambda x: f(x, s=s), [1])))",
    ),
    around("bound again", "bound again here", (STATE, READS, "f(1)", "f = str"), (STATE, READS, "f(1)", "g = str")),
    around(
        "defined again otherwise",
        "depends on when",
        (STATE, READS, "t = [2]\ndef f(x):\n    return (x, t)", "g = lambda: f(1)"),
        (STATE, READS, "def f(x):\n    return (x, s)", "g = lambda: f(1)"),
        "g = lambda: f(1, s=s)",
    ),
    around(
        "patched by a star",
        "imported by `*`",
        (STATE, READS, "from somewhere import *", "f(1)"),
        (STATE, READS, "from math import *", "f(1)"),
        runs=False,
    ),
    around(
        "run below", "", (STATE, READS, "f(1)", "%run other.py"), ("%run other.py", STATE, READS, "f(1)"), runs=False
    ),
    around(
        "docstring that is run",
        "runs docstrings",
        (STATE, 'def f(x):\n    """>>> f(1)"""\n    return s', "f(1)", "import doctest"),
        (STATE, 'def f(x):\n    """f(1)"""\n    return s', "f(1)", "import doctest"),
    ),
)

DEFINITIONS = (
    around(
        "class",
        "a class",
        (STATE, "class f:\n    t = s\n    def __init__(self, x): pass", "f(1)"),
        (STATE, READS, "f(1)"),
    ),
    around(
        "decorated",
        "decorator `cache`",
        (STATE, f"from functools import cache\n@cache\n{READS}", "f(1)"),
        (STATE, f"from functools import cache\n{READS}", "f(1)"),
    ),
    around(
        "conditional",
        "inside if",
        (STATE, "if 1:\n    def f(x):\n        return s", "f(1)"),
        (STATE, READS, "if 1:\n    f(1)"),
        "if 1:\n    f(1, s=s)",
    ),
    around(
        "generator",
        "generator or coroutine",
        (STATE, "def f(x):\n    yield s", "f(1)"),
        (STATE, "def f(x):\n    return [y for y in s]", "f(1)"),
    ),
    around(
        "coroutine",
        "generator or coroutine",
        (STATE, "async def f(x):\n    return s", "await f(1)"),
        (STATE, READS, "await g(f(1))"),
        "await g(f(1, s=s))",
        runs=False,
    ),
    around(
        "binds it itself",
        "itself, through `global`",
        ("def f(x):\n    global s\n    s = x\n    return s", STATE, "f(1)"),
        ("def f(x):\n    t = x\n    return s", STATE, "f(1)"),
    ),
    around(
        "escaping closure",
        "may run later",
        (STATE, "def f(x):\n    return lambda: s", "g = f(1)\ns = 3\nprint(g())"),
        (STATE, "def f(x):\n    return lambda: s", "f(1)"),
    ),
    around(
        "escaping generator",
        "may run later",
        (STATE, "def f(x):\n    return (y for y in [x] if s)", "f(1)", "s = 3"),
        (STATE, "def f(x):\n    return sum(y for y in [x] if s)", "f(1)", "s = 3"),
    ),
    around(
        "class inside that has the name",
        "a name of its own",
        (STATE, "def f(x):\n    class A:\n        s = s\n    return A.s", "f(1)"),
        (STATE, "def f(x):\n    class A:\n        t = s\n    return A.t", "f(1)"),
    ),
    around(
        "named in a string",
        "a string names it",
        (STATE, "def f(x):\n    return x.query('a > @s')", "f(1)"),
        (STATE, "def f(x):\n    return (x, 'a > @s', s)", "f(1)"),
        runs=False,
    ),
    around(
        "read when it is defined",
        "when the definition runs",
        (STATE, "def f(x, n=len(s)):\n    return n", "f(1)"),
        (STATE, "def f(x, n=s):\n    return n", "f(1)"),
        "f(1, n=s)",
    ),
    around(
        "default that is bound again",
        "not bound just once",
        (STATE, "def f(x, n=s):\n    return n", "f(1)", "s = 2"),
        (STATE, "def f(x, n=s):\n    return n", "f(1)", "t = 2"),
        "f(1, n=s)",
    ),
    around(
        "default behind a default",
        "one before it has a default",
        (STATE, "def f(x=1, n=s):\n    return n", "f(1)"),
        (STATE, "def f(x=1, *, n=s):\n    return n", "f(1)"),
        "f(1, n=s)",
    ),
    around(
        "default that `*` may pass",
        "may pass `n` already",
        (STATE, "def f(x, n=s):\n    return n", "f(*[1])"),
        (STATE, "def f(x, n=s):\n    return n", "f(1, 2)\nf(1, n=2)"),
        "f(1, 2)\nf(1, n=2)",
    ),
    around(
        "five names",
        "at most 4",
        ("a = []\nb = []\nc = []\nd = []\ne = []", "def f(x):\n    return (a, b, c, d, e)", "f(1)"),
        ("a = []\nb = []\nc = []\nd = []\nE = 1", "def f(x):\n    return (a, b, c, d, E)", "f(1)"),
        "f(1, a=a, b=b, c=c, d=d)",
    ),
    around(
        "caller calls it later",
        "may run later",
        (STATE, READS, "def g(t):\n    return lambda: f(t)", "g(1)", "s = 2"),
        (STATE, READS, "def g(t):\n    return lambda: f(t)", "g(1)"),
        "g(1, s=s)",
        moves=("f", "g"),
    ),
    around(
        "caller calls it when it is defined",
        "when it is defined",
        (STATE, READS, "def g(t=f(1)):\n    return t", "g()"),
        (STATE, READS, "def g(t=None):\n    return f(t)", "g()"),
        "g(s=s)",
        moves=("f", "g"),
    ),
)

PAIRS = (*USES, *PLACES, *BOUND, *DEFINITIONS)


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.id)
def test_it_is_refused_and_nothing_changes(pair: Pair) -> None:
    cells, messages = lifted(*pair.refused, moves=pair.moves, **pair.cell)
    assert any(pair.words in message for message in messages) or not pair.words, messages
    if pair.moves == ("f",):
        assert cells == list(pair.refused)


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.id)
def test_its_neighbour_passes(pair: Pair) -> None:
    cells, messages = lifted(*pair.passes, moves=pair.moves)
    assert not messages
    assert pair.after in cells
    if pair.runs:
        assert run(cells) == run(pair.passes)
