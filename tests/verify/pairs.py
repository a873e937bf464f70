"""Notebooks before and after in which some later read sees another binding, and their harmless neighbours.

A pair is written as the cells before; the cells that become imports are named with what they become. No rewriter made them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from verify.proving import Refactoring

A, B = "a.ipynb", "b.ipynb"
MODULE = "src/reports/dataset.py"
INIT = "src/reports/__init__.py"
F = "from reports.dataset import f\n"
READ_X = "def f():\n    return x\n"
CALL = "f()"
SQRT = "def f(v):\n    return sqrt(v)\n"


@dataclass(frozen=True)
class Pair:
    """`moved` maps the number of a cell to its source after the change. `new` are the files that the change makes or extends;
    a text alone is the new module. `old` are the files of the package before, `others` notebooks that stay as they are."""

    name: str
    cells: tuple[str, ...]
    moved: Mapping[int, str]
    new: Mapping[str, str]
    old: Mapping[str, str] = field(default_factory=dict)
    others: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    tags: Mapping[int, list[str]] = field(default_factory=dict)
    site: str = "f"

    def refactoring(self) -> Refactoring:
        """Both sides as files."""
        from verify.corpus import inserted
        from verify.proving import notebook_bytes

        after = [self.moved.get(number, source) for number, source in enumerate(self.cells, 1)]
        modules = {path: text for path, text in self.new.items()}
        if INIT not in self.old and INIT not in self.new:
            modules[INIT] = ""
        insertions = {
            path: inserted(self.old[path].encode(), text) for path, text in modules.items() if path in self.old
        }
        unchanged: dict[str, str | bytes] = {path: notebook_bytes(cells) for path, cells in self.others.items()}
        return Refactoring(
            before={A: list(self.cells)},
            after={A: after},
            modules=modules,
            old_modules=dict(self.old),
            unchanged=unchanged,
            insertions=insertions,
            tags=dict(self.tags),
            others=(A, *self.others),
        )


def pair(name: str, *cells: str, new: str | Mapping[str, str], **more: object) -> Pair:
    """The cells that define `f` (as `def`, `async def`, `class`, decorated or not) become its import unless `moved` is given."""
    moved = more.pop("moved", None) or {
        number: F for number, source in enumerate(cells, 1) if source.startswith(("def f(", "async def f(", "class f", "@"))
    }
    texts = {MODULE: new} if isinstance(new, str) else new
    return Pair(name, cells, moved, texts, **more)  # type: ignore[arg-type]


H1, H2 = "def h():\n    return 1\n", "def h():\n    return 2\n"
USES_H = "def f():\n    return h()\n"
WITH_H = f"{H1}\n\n{USES_H}"
FH = "from reports.dataset import h\n"
RAND = "def f():\n    return rand()\n"
CACHED = "@lru_cache\ndef f(v):\n    return [v]\n"


def rebound(name: str, *later: str, tags: Mapping[int, list[str]] = {}) -> Pair:
    """`f` calls the helper `h`, both move, and then something binds `h` again."""
    return Pair(name, (H1, USES_H, CALL, *later, CALL), {1: FH, 2: F}, {MODULE: WITH_H}, tags=tags)


def constant(name: str, *later: str) -> Pair:
    """`f` reads the constant `LIMIT`, both move, and then something binds `LIMIT` again."""
    body = "def f(v):\n    return v > LIMIT\n"
    new = f"LIMIT = 3\n\n\n{body}"
    return Pair(name, ("LIMIT = 3\n", body, *later, "f(2)"), {1: "from reports.dataset import LIMIT\n", 2: F}, {MODULE: new})


def imported(name: str, *later: str, first: str = "from math import sqrt\n") -> Pair:
    """`f` calls an imported `sqrt`, moves with the import, and then something binds `sqrt` again."""
    return pair(name, first, SQRT, *later, "f(2)", new=f"{first}\n\n{SQRT}")


REBINDINGS = [
    rebound("for", "for h in [print]:\n    pass\n"),
    rebound("for that unpacks", "for [*_, (h, k)] in []:\n    pass\n"),
    rebound("with", "with open('x') as h:\n    pass\n"),
    rebound("with that unpacks", "with open('x') as (h, k):\n    pass\n"),
    rebound("except", "try:\n    1 / 0\nexcept ZeroDivisionError as h:\n    pass\n"),
    rebound("walrus", "print(h := 3)\n"),
    rebound("walrus in a comprehension", "[h := each for each in range(3)]\n"),
    rebound("walrus in a condition", "if (h := 3):\n    pass\n"),
    rebound("match", "match [1, 2]:\n    case [h, _]:\n        pass\n"),
    rebound("match star", "match [1, 2]:\n    case [_, *h]:\n        pass\n"),
    rebound("match rest", "match {}:\n    case {**h}:\n        pass\n"),
    rebound("match as", "match 3:\n    case int() as h:\n        pass\n"),
    rebound("unpacking", "h, *rest = [print, 1]\n"),
    rebound("augmented", "h += 1\n"),
    rebound("annotated", "h: object = print\n"),
    rebound("del", "del h\n"),
    rebound("del in a tuple", "del (k, [h])\n"),
    rebound("import", "import math as h\n"),
    rebound("import of a submodule", "import h.tools\n"),
    rebound("from import", "from math import sqrt as h\n"),
    rebound("class", "class h:\n    pass\n"),
    rebound("def again", "def h():\n    return 5\n"),
    rebound("async def again", "async def h():\n    return 5\n"),
    rebound("global in a function", "def turn():\n    global h\n    h = print\n\n\nturn()\n"),
    rebound("global in a nested function", "def turn():\n    def inner():\n        global h\n        h = print\n    inner()\n\n\nturn()\n"),
    rebound("global in a method", "class Turn:\n    def go(self):\n        global h\n        h = print\n"),
    rebound("global in a class body", "class Turn:\n    global h\n    h = print\n"),
    rebound("global for in a function", "def turn():\n    global h\n    for h in [1]:\n        pass\n"),
    rebound("in a branch", "if rows:\n    h = print\n"),
    rebound("in a loop's else", "while rows:\n    pass\nelse:\n    h = print\n"),
    rebound("in a finally", "try:\n    pass\nfinally:\n    h = print\n"),
    rebound("wrapped", "import functools\nh = functools.lru_cache(h)\n"),
    rebound("wrapped, spelled with another letter", "ℎ = print\n"),
    rebound("a magic binds it", "h = %env HOME\n"),
    rebound("a shell line binds it", "h = !ls\n"),
    rebound("captured output", "%%capture h\nprint(1)\n"),
    rebound("a notebook is run", "%run other.ipynb\n"),
    rebound("a script is run in the namespace", "%run -i other.py\n"),
    rebound("something is brought back", "%store -r h\n"),
    rebound("a cell in a language of its own", "%%javascript_to_python\nh\n"),
    rebound("a star import", "from numpy import *\n"),
    rebound("a star import in a branch", "try:\n    from fast import *\nexcept ImportError:\n    pass\n"),
    rebound("%pylab", "%pylab\n"),
    rebound("exec", "exec('h = print')\n"),
    rebound("exec in a function", "def turn(text):\n    exec(text, globals())\n\n\nturn('h = 1')\n"),
    rebound("globals()", "globals()['h'] = print\n"),
    rebound("globals() updated", "globals().update(h=print)\n"),
    rebound("globals() under another name", "g = globals()\ng['h'] = print\n"),
    rebound("globals() passed on", "import code\ncode.interact(local=globals())\n"),
    rebound("locals() of the notebook", "locals()['h'] = print\n"),
    rebound("vars() of the notebook", "vars()['h'] = print\n"),
    rebound("vars() popped", "vars().pop('h')\n"),
    rebound("__main__", "import __main__\n__main__.h = print\n"),
    rebound("sys.modules", "import sys\nsys.modules['__main__'].h = print\n"),
    rebound("sys.modules under __name__", "import sys\nsetattr(sys.modules[__name__], 'h', print)\n"),
    rebound("a frame", "import sys\nsys._getframe().f_globals['h'] = print\n"),
    rebound("a function's globals", "f.__globals__['h'] = print\n"),
    rebound("IPython's namespace", "get_ipython().user_ns['h'] = print\n"),
    rebound("IPython is given names", "get_ipython().push({'h': print})\n"),
    rebound("IPython runs a line", "get_ipython().run_line_magic('run', 'x.py')\n"),
    rebound("IPython runs a cell", "get_ipython().run_cell('h = 3')\n"),
    rebound("IPython's namespace in a function", "def turn():\n    get_ipython().ex('h = 3')\n\n\nturn()\n"),
    rebound("exec under another name", "run = exec\nrun('h = 3')\n"),
    rebound("exec from builtins", "import builtins\nbuiltins.exec('h = 3')\n"),
    rebound("runpy", "import runpy\nglobals().update(runpy.run_path('x.py'))\n"),
    constant("a constant by for", "for LIMIT in range(3):\n    pass\n"),
    constant("a constant by a comprehension's walrus", "any((LIMIT := each) for each in [1])\n"),
    constant("a constant by globals()", "globals()['LIMIT'] = 5\n"),
    constant("a constant by %run", "%run settings.py\n"),
    constant("a constant by a star import", "from settings import *\n"),
    constant("a constant deleted", "del LIMIT\n"),
    imported("an import by a star import", "from numpy import *\n"),
    imported("an import by a definition", "def sqrt(v):\n    return v\n"),
    imported("an import by exec", "exec('sqrt = abs')\n"),
    imported("an import by a lambda", "sqrt = lambda v: v\n"),
]  # fmt: skip

MOMENTS = [
    pair("the helper is replaced between two calls", H1, USES_H, CALL, H2, CALL, new=WITH_H,
         moved={1: FH, 2: F, 4: "from reports.dataset import h_2 as h\n"}) if False else
    Pair("the helper is replaced between two calls", (H1, USES_H, CALL, H2, CALL),
         {1: FH, 2: F, 4: "from reports.dataset import h_2 as h\n"},
         {MODULE: WITH_H + "\n\ndef h_2():\n    return 2\n"}),
    pair("a decorated function calls it at once", "from random import random as rand\n", RAND,
         "def now(g):\n    g()\n    return g\n", "@now\ndef other():\n    return f()\n", "from math import sqrt as rand\n", "f()",
         new="from math import sqrt as rand\n\n\n" + RAND, moved={2: F}),
    pair("a magic calls it before any statement", "from random import random as rand\n", RAND, "!echo {f()}\n",
         "from math import sqrt as rand\n", "f()", new="from math import sqrt as rand\n\n\n" + RAND),
    pair("a class body calls it", "from random import random as rand\n", RAND, "class Now:\n    x = f()\n",
         "from math import sqrt as rand\n", "f()", new="from math import sqrt as rand\n\n\n" + RAND),
    pair("a default calls it", "from random import random as rand\n", RAND, "def g(x=f()):\n    return x\n",
         "from math import sqrt as rand\n", "f()", new="from math import sqrt as rand\n\n\n" + RAND),
    pair("a default captures a name that is bound again", "N = 1\n", "def f(n=N):\n    return n\n", "N = 2\n", CALL,
         new="N = 2\n\n\ndef f(n=N):\n    return n\n", moved={2: F}),
    pair("a default captures the later of two imports", "from math import sin as fun\n", "def f(g=fun):\n    return g(1)\n",
         "from math import cos as fun\n", CALL, new="from math import cos as fun\n\n\ndef f(g=fun):\n    return g(1)\n"),
    pair("a decorator is the later of two imports", "from functools import cache as deco\n", "@deco\ndef f():\n    return []\n",
         "from contextlib import contextmanager as deco\n", CALL,
         new="from contextlib import contextmanager as deco\n\n\n@deco\ndef f():\n    return []\n"),
    pair("a base class is the later of two imports", "from collections import OrderedDict as Base\n", "class f(Base):\n    pass\n",
         "from collections import Counter as Base\n", CALL, new="from collections import Counter as Base\n\n\nclass f(Base):\n    pass\n"),
    pair("a default reads an option", "import pandas as pd\n", "def f(n=pd.options.display.width):\n    return n\n",
         CALL, new="import pandas as pd\n\n\ndef f(n=pd.options.display.width):\n    return n\n"),
    pair("a default reads an item", "import os\n", "def f(n=os.environ['HOME']):\n    return n\n", CALL,
         new="import os\n\n\ndef f(n=os.environ['HOME']):\n    return n\n"),
    pair("a default reads an attribute that is set", "import math\n", "math.pi = 3\n", "def f(n=math.pi):\n    return n\n", "math.pi = 4\n",
         "def f(n=math.pi):\n    return n\n", CALL, new="import math\n\n\ndef f(n=math.pi):\n    return n\n"),
    pair("a default list is made anew", "def f(a=[i for i in range(2)]):\n    a.append(1)\n    return a\n", CALL,
         "def f(a=[i for i in range(2)]):\n    a.append(1)\n    return a\n", CALL,
         new="def f(a=[i for i in range(2)]):\n    a.append(1)\n    return a\n"),
    pair("a default list under two names", "def f(a=[]):\n    a.append(1)\n    return a\n", "def g(a=[]):\n    a.append(1)\n    return a\n",
         "f()\ng()", new="def f(a=[]):\n    a.append(1)\n    return a\n", moved={1: F, 2: "from reports.dataset import f as g\n"}),
    pair("a cache is emptied by a definition", "from functools import lru_cache\n", CACHED, "f(1)", CACHED, "f(1)",
         new="from functools import lru_cache\n\n\n" + CACHED),
    pair("two caches become one", "from functools import lru_cache\n", CACHED, CACHED.replace(" f(", " g("), "f(1)\ng(1)",
         new="from functools import lru_cache\n\n\n" + CACHED, moved={2: F, 3: "from reports.dataset import f as g\n"}),
    pair("a class is made anew", "class f:\n    seen = []\n", "old = f()\n", "class f:\n    seen = []\n", "print(isinstance(old, f))",
         new="class f:\n    seen = []\n"),
    pair("a function has attributes and is made anew", "def f():\n    f.n = getattr(f, 'n', 0) + 1\n    return f.n\n", CALL,
         "def f():\n    f.n = getattr(f, 'n', 0) + 1\n    return f.n\n", CALL,
         new="def f():\n    f.n = getattr(f, 'n', 0) + 1\n    return f.n\n"),
    pair("a list is emptied", "SEEN = []\n", "def f(v):\n    SEEN.append(v)\n    return SEEN\n", "f(1)", "SEEN = []\n", "f(1)",
         new="SEEN = []\n\n\ndef f(v):\n    SEEN.append(v)\n    return SEEN\n",
         moved={1: "from reports.dataset import SEEN\n", 2: F, 4: "from reports.dataset import SEEN\n"}),
    pair("two lists become one", "ONE = []\n", "TWO = []\n", "def f(v):\n    ONE.append(v)\n    return TWO\n", "f(1)",
         new="ONE = []\n\n\ndef f(v):\n    ONE.append(v)\n    return ONE\n",
         moved={1: "from reports.dataset import ONE\n", 2: "from reports.dataset import ONE as TWO\n", 3: F}),
    pair("recursion past a wrapper", "def f(n):\n    return n and f(n - 1)\n", "f = print_calls(f)\n", "f(3)",
         new="def f(n):\n    return n and f(n - 1)\n"),
    pair("recursion that is turned meanwhile", "def turn():\n    global f\n    f = abs\n", "def f(n):\n    turn()\n    return n and f(n - 1)\n",
         "f(3)", new="def f(n):\n    return n and f(n - 1)\n", moved={2: F}),
    pair("recursion turned by an argument", "def f(n, g):\n    g()\n    return n and f(n - 1, g)\n", "def turn():\n    global f\n    f = abs\n",
         "f(3, turn)", new="def f(n, g):\n    g()\n    return n and f(n - 1, g)\n", moved={1: F}),
    pair("recursion of a later definition", "def f(n):\n    return n and f(n - 1)\n", "old = f\n", "def f(n):\n    return 7\n", "old(3)",
         new="def f(n):\n    return n and f(n - 1)\n", moved={1: F}),
    pair("names of two star imports", "from a import *\n", "def f():\n    return x()\n", CALL, "from b import *\n", CALL,
         new="from a import *\nfrom b import *\n\n\ndef f():\n    return x()\n"),
    pair("a star import hides a builtin after a call", "def f(v):\n    return sum(v)\n", "f([1])", "from numpy import *\n", "f([1])",
         new="from numpy import *\n\n\ndef f(v):\n    return sum(v)\n"),
    pair("the import stands higher, where a function asks for it", "import os\n", "def g():\n    return f()\n",
         "try:\n    g()\nexcept NameError:\n    print('not yet')\n", "def f():\n    return os\n", CALL,
         new="import os\n\n\ndef f():\n    return os\n", moved={1: "import os\n" + F, 4: ""}),
    pair("the import stands higher, where names are counted", "import os\n", "print(len(globals()))\n", "def f():\n    return os\n", CALL,
         new="import os\n\n\ndef f():\n    return os\n", moved={1: "import os\n" + F, 3: ""}),
    pair("the import stands higher, above a cell that may end", "import os\n", "1 / 0\n", "def f():\n    return os\n", "f()",
         new="import os\n\n\ndef f():\n    return os\n", moved={1: "import os\n" + F, 3: ""}, tags={2: ["raises-exception"], 3: ["raises-exception"]}),
]  # fmt: skip

MODULES = [
    pair("a constant of the module hides state", "x = load()\n", READ_X, CALL, new="x = 3\n\n\n" + READ_X),
    pair("a builtin hidden by the module's star import", "def f(v):\n    return sum(v)\n", "f([1])", new="from numpy import *\n\n\ndef f(v):\n    return sum(v)\n"),
    pair("a star import of the module over its import", "from math import sqrt\n", "from numpy import pi\n", SQRT, "f(2)",
         new="from math import sqrt\nfrom numpy import *\n\n\n" + SQRT),
    pair("a star import below the definition", "from math import sqrt\n", SQRT, "f(2)", new=f"from math import sqrt\n\n\n{SQRT}\n\nfrom numpy import *\n"),
    pair("the module binds the helper again below", H1, USES_H, CALL, new=WITH_H + "\n\ndef h():\n    return 2\n", moved={1: FH, 2: F}),
    pair("the module binds the helper in a branch", H1, USES_H, CALL, new=f"import sys\n\n{H1}\n\nif sys.flags.debug:\n    def h():\n        return 2\n\n\n{USES_H}", moved={1: FH, 2: F}),
    pair("the module deletes the helper", H1, USES_H, CALL, new=WITH_H + "\n\ndel h\n", moved={1: FH, 2: F}),
    pair("a function of the module turns the constant", "LIMIT = 3\n", "def f():\n    return LIMIT\n", CALL,
         new="LIMIT = 3\n\n\ndef f():\n    return LIMIT\n\n\ndef turn():\n    global LIMIT\n    LIMIT = 4\n",
         moved={1: "from reports.dataset import LIMIT\n", 2: F}),
    pair("the definition is conditional", "def f():\n    return 1\n", CALL, new="import sys\n\nif sys.flags.debug:\n    def f():\n        return 1\nelse:\n    def f():\n        return 2\n"),
    pair("the name comes from __getattr__", "def f():\n    return 1\n", CALL, new={MODULE: "def __getattr__(name):\n    return lambda: 2\n"}),
    pair("a class attribute captures", "x = 1\n", "class f:\n    def g(self):\n        return x\n", "f().g()",
         new="class f:\n    x = 1\n\n    def g(self):\n        return x\n"),
    pair("a comprehension's variable is another's", "def f(rows):\n    return [[a for a in b] for b in rows]\n", "f([])",
         new="def f(rows):\n    return [[b for a in b] for b in rows]\n"),
    pair("a loop variable is captured early", "def f():\n    return [lambda: i for i in range(3)]\n", CALL,
         new="def f():\n    return [lambda i=i: i for i in range(3)]\n"),
    pair("nonlocal is lost", "def f():\n    n = 0\n    def g():\n        nonlocal n\n        n += 1\n        return n\n    return g\n", CALL,
         new="def f():\n    n = 0\n    def g():\n        n = 0\n        n += 1\n        return n\n    return g\n"),
    pair("the package hands out another", "def f():\n    return 1\n", CALL, moved={1: "from reports import f\n"},
         new={INIT: "from reports.dataset import f\nfrom reports.other import f\n", MODULE: "def f():\n    return 1\n", "src/reports/other.py": "def f():\n    return 2\n"}),
    pair("a submodule hides what the package hands out", "from reports import dataset\n", "def f():\n    return 1\n", "dataset(1)", CALL,
         new={MODULE: "def f():\n    return 1\n"}, old={INIT: "def dataset(v):\n    return v\n"}),
    pair("a folder hides a module", "from reports.dataset import g\n", "def f():\n    return 1\n", "g()", CALL,
         new={"src/reports/dataset/__init__.py": "def f():\n    return 1\n\n\ndef g():\n    return 2\n"}, old={INIT: "", MODULE: "def g():\n    return 1\n"}),
    pair("the package hides an installed one", "from reports.extra import g\n", "def f():\n    return 1\n", "g()", CALL,
         new={MODULE: "def f():\n    return 1\n", "src/reports/extra.py": "def g():\n    return 2\n"}),
    pair("an unchanged notebook imports all of the module", "def f():\n    return 1\n", CALL, new={MODULE: "def g():\n    return 1\n\n\ndef f():\n    return 1\n"},
         old={INIT: "", MODULE: "def g():\n    return 1\n"}, others={B: ("def f():\n    return 2\n", "from reports.dataset import *\n", "f()")}),
    pair("the notebook imports all of the module", "def f():\n    return 1\n", CALL, "from reports.dataset import *\n", "k()\n", "def k():\n    return 2\n", "k()",
         new={MODULE: "def g():\n    return 1\n\n\ndef k():\n    return 2\n\n\ndef f():\n    return 1\n"},
         old={INIT: "", MODULE: "def g():\n    return 1\n"}, moved={1: F}),
    pair("another module imports all of the module", "def f():\n    return 1\n", CALL,
         new={MODULE: "def g():\n    return 1\n\n\ndef f():\n    return 1\n"},
         old={INIT: "from reports.dataset import *\n", MODULE: "def g():\n    return 1\n"}, others={B: ("def f():\n    return 2\n", "from reports import *\n", "f()")}),
    pair("an unchanged notebook runs this one and turns the constant", "LIMIT = 3\n", "def f():\n    return LIMIT\n", CALL,
         new="LIMIT = 3\n\n\ndef f():\n    return LIMIT\n", moved={1: "from reports.dataset import LIMIT\n", 2: F},
         others={B: ("%run a.ipynb\n", "LIMIT = 9\n", "f()")}),
    pair("an unused import that fails", "import math\n", "def f():\n    return math.pi\n", CALL, new="import math\nfrom math import nothing\n\n\ndef f():\n    return math.pi\n"),
    pair("a class body prints", "def f():\n    return 1\n", CALL, new="class Loud:\n    print('seen')\n\n\ndef f():\n    return 1\n"),
    pair("a default prints", "def f():\n    return 1\n", CALL, new="def loud(v=print('seen')):\n    return v\n\n\ndef f():\n    return 1\n"),
    pair("a decorator registers", "def f():\n    return 1\n", CALL, new="import atexit\n\n\n@atexit.register\ndef loud():\n    return 1\n\n\ndef f():\n    return 1\n"),
    pair("an annotation prints", "def f():\n    return 1\n", CALL, new="def loud(v: print('seen')):\n    return v\n\n\ndef f():\n    return 1\n"),
    pair("a condition prints", "def f():\n    return 1\n", CALL, new="if print('seen'):\n    import math\n\n\ndef f():\n    return 1\n"),
    pair("a constant's annotation prints", "def f():\n    return 1\n", CALL, new="LIMIT: print('seen') = 3\n\n\ndef f():\n    return 1\n"),
    pair("a base class is called", "def f():\n    return 1\n", CALL, new="class Loud(print('seen') or object):\n    pass\n\n\ndef f():\n    return 1\n"),
    pair("it looks at frames", "import sys\n", "LIMIT = 3\n", "def f():\n    return sys._getframe().f_globals['LIMIT']\n", CALL,
         new="import sys\n\n\ndef f():\n    return sys._getframe().f_globals['LIMIT']\n"),
    pair("it looks at its own globals", "LIMIT = 3\n", "def f():\n    return f.__globals__['LIMIT']\n", CALL, new="def f():\n    return f.__globals__['LIMIT']\n"),
    pair("it asks inspect for the stack", "import inspect\n", "LIMIT = 3\n", "def f():\n    return inspect.currentframe().f_globals['LIMIT']\n", CALL,
         new="import inspect\n\n\ndef f():\n    return inspect.currentframe().f_globals['LIMIT']\n"),
    pair("code comes as an argument", "limit = 3\n", "def f(frame, text):\n    return frame.query(text)\n", "f(frame, 'x > @limit')",
         new="def f(frame, text):\n    return frame.query(text)\n"),
    pair("its module is read", "def f():\n    return 1\n", "print(f.__module__)\n", new="def f():\n    return 1\n"),
    pair("names of strings in an annotation", "import typing\n", "class Row:\n    pass\n", "def f(v: 'Row'):\n    return v\n", "typing.get_type_hints(f)\n",
         new="def f(v: 'Row'):\n    return v\n"),
    pair("a parameter is named by a call through a partial", "from functools import partial\n", "def f(v, w):\n    return v - w\n", "partial(f, w=1)(2)\n",
         new="def f(w, v):\n    return w - v\n"),
]  # fmt: skip

WRONG_PAIRS = [*REBINDINGS, *MOMENTS, *MODULES]

RIGHT_PAIRS = [
    rebound("another name by for", "for k in [print]:\n    pass\n"),
    rebound("the same name in a comprehension", "[h for h in range(3)]\n"),
    rebound("the same name as a parameter", "def g(h):\n    return h\n"),
    rebound("the same name local to a function", "def g():\n    h = 3\n    return h\n"),
    rebound("the same name as an attribute", "import math\nmath.h = 3\n"),
    rebound("the same name as a keyword", "dict(h=3)\n"),
    rebound("the same name as a key", "rows = {}\nrows['h'] = 3\n"),
    rebound("the same name in a class body", "class K:\n    h = 3\n"),
    rebound("the same name in a lambda", "k = lambda h: h\n"),
    rebound("walrus of another name", "print(k := 3)\n"),
    rebound("walrus inside a function", "def g():\n    return (h := 3)\n"),
    rebound("an annotation without a value", "h: object\n"),
    rebound("the helper is called", "h()\n"),
    rebound("the helper gets an attribute", "h.n = 3\n"),
    rebound("globals() are read", "print('h' in globals())\n"),
    rebound("vars() of an object", "vars(f)\n"),
    rebound("exec in a namespace of its own", "space = {}\nexec('h = 3', space)\n"),
    rebound("another global is turned", "def turn():\n    global k\n    k = print\n\n\nturn()\n"),
    rebound("a magic that binds nothing", "%matplotlib inline\n"),
    rebound("a timed call", "%time f()\n"),
    rebound("the shell", "!ls\n"),
    rebound("an import of other names", "from math import sqrt as k\n"),
    rebound("a star import that is known", "from math import *\n"),
    constant("a constant read", "print(LIMIT)\n"),
    constant("a constant in a comprehension", "[LIMIT for LIMIT in range(3)]\n"),
    imported("a star import that brings other names", "from textwrap import *\n"),
    pair("a star import before the import", "from numpy import *\n", "from math import sqrt\n", SQRT, "f(2)", new="from math import sqrt\n\n\n" + SQRT),
    pair("a helper replaced before it is used", H2, H1, USES_H, CALL, new=WITH_H, moved={2: FH, 3: F}),
    pair("a function defined again without state", "def f():\n    return 1\n", CALL, "def f():\n    return 1\n", CALL, new="def f():\n    return 1\n"),
    pair("one text under two names", "def f():\n    return 1\n", "def g():\n    return 1\n", "f() + g()", new="def f():\n    return 1\n",
         moved={1: F, 2: "from reports.dataset import f as g\n"}),
    pair("two constants of one value", "ONE = 1\n", "def f():\n    return ONE\n", CALL, new="ONE = 1\n\n\ndef f():\n    return ONE\n", moved={1: "from reports.dataset import ONE\n", 2: F}),
    pair("a default that is an import's attribute", "import math\n", "def f(n=math.pi):\n    return n\n", CALL, new="import math\n\n\ndef f(n=math.pi):\n    return n\n"),
    pair("a wrapped function without recursion", "def f(n):\n    return n\n", "f = print_calls(f)\n", "f(3)", new="def f(n):\n    return n\n"),
    pair("recursion", "def f(n):\n    return n and f(n - 1)\n", "f(3)", "def f(n):\n    return 7\n", "f(3)", new="def f(n):\n    return n and f(n - 1)\n", moved={1: F}),
    pair("the import stands higher", "import os\n", "x = 1\n", "def f():\n    return os\n", CALL, new="import os\n\n\ndef f():\n    return os\n", moved={1: "import os\n" + F, 3: ""}),
    pair("quiet class bodies", "def f():\n    return 1\n", CALL,
         new="import enum\nfrom dataclasses import dataclass, field\n\n\n@dataclass\nclass K:\n    rows: list = field(default_factory=list)\n\n\nclass E(enum.Enum):\n    A = enum.auto()\n\n\ndef f():\n    return 1\n",
         ) if False else pair("a quiet class body", "def f():\n    return 1\n", CALL, new="class K:\n    n = 1\n\n    @property\n    def m(self):\n        return 2\n\n\ndef f():\n    return 1\n"),
    pair("an unchanged notebook imports one name", "def f():\n    return 1\n", CALL, new={MODULE: "def g():\n    return 1\n\n\ndef f():\n    return 1\n"},
         old={INIT: "", MODULE: "def g():\n    return 1\n"}, others={B: ("def f():\n    return 2\n", "from reports.dataset import g\n", "f()")}),
    pair("an unchanged notebook imports all and uses no such name", "def f():\n    return 1\n", CALL, new={MODULE: "def g():\n    return 1\n\n\ndef f():\n    return 1\n"},
         old={INIT: "", MODULE: "def g():\n    return 1\n"}, others={B: ("from reports.dataset import *\n", "g()")}),
    pair("an unchanged notebook runs this one", "LIMIT = 3\n", "def f():\n    return LIMIT\n", CALL,
         new="LIMIT = 3\n\n\ndef f():\n    return LIMIT\n", moved={1: "from reports.dataset import LIMIT\n", 2: F}, others={B: ("%run a.ipynb\n", "f()")}),
    pair("code in a text of its own", "def f(frame):\n    return frame.query('x > 3')\n", "f(frame)", new="def f(frame):\n    return frame.query('x > 3')\n"),
]  # fmt: skip
