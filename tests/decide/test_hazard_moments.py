"""The moment a definition runs: hazards D1 to D12, each with its harmless neighbour."""

import pytest
from decide.deciding import Row, decided, moved, moves, named, notebook, of_row, printed, stays

from nb2mod.config import Config

BODY = "\n    y = x\n    return y\n"
F = "def f(x):" + BODY
F2 = "def f(x):\n    y = x + 1\n    return y\n"
FIB = "def f(n):\n    m = n - 1\n    return n if n < 2 else f(m) + f(m - 1)\n"
FIB2 = "def f(n):\n    m = n - 1\n    return 7 if n < 2 else f(m) + f(m - 1)\n"
C = "class C:\n    rate = 1\n    items = []\n    def a(self):\n        return self.rate\n"
MEMO = """\
def memo(g):
    cache = {}
    def inner(*args):
        if args not in cache:
            cache[args] = g(*args)
        return cache[args]
    inner.cache = cache
    return inner
"""
TIMED = """\
from functools import wraps
def timed(tag):
    "A factory."
    def decorate(g):
        @wraps(g)
        def inner(*args):
            print(tag)
            return g(*args)
        return inner
    return decorate
"""
REGISTER = "found = []\ndef register(g):\n    found.append(g)\n    return g\n"

ROWS = [
    # D1
    stays("D1_default_that_calls", "NB321", "import time", "def f(x, t=time.time()):" + BODY),
    stays("D1_default_that_reads_state", "NB321", "df = input()", "def f(x, n=df):" + BODY),
    stays("D1_default_that_asks_state", "NB321", "df = input()", "def f(x, n=len(df)):" + BODY),
    stays(
        "D1_default_of_a_method",
        "NB321",
        "import time",
        "class C:\n    def a(self, t=time.time()):\n        return t\n",
        name="C",
    ),
    moves(
        "D1_constant_default",
        "import math",
        "def f(x, n=float('inf'), p=2 * math.pi, s='a b'.split()[0]):" + BODY,
        "print(f(1))",
    ),
    moves("D1_default_that_is_a_constant", "N = 3", "def f(x, n=N):" + BODY, "print(f(1))"),
    stays("D1_default_from_the_environment", "NB321", "import os", "def f(x, n=os.environ['A']):" + BODY),
    stays("D1_default_from_a_setting", "NB321", "import pandas as pd", "def f(x, n=pd.options.mode):" + BODY),
    stays("D1_default_from_a_patched_module", "NB321", "import math", "math.tau = 6", "def f(x, n=math.tau):" + BODY),
    moves("D1_local_of_a_function_called_top", "N = 3", "def top(x, n=N):" + BODY, "print(top(1))", name="top"),
    moves("D1_default_that_is_a_lambda", "def f(x, key=lambda a: a):" + BODY, "print(f(1))"),
    moves("D1_mutable_default", "def f(x, seen=[]):\n    seen.append(x)\n    return seen\n", "print(f(1), f(2))"),
    stays(
        "D1_mutable_default_made_anew",
        "NB321",
        *["def f(x, seen=[]):\n    seen.append(x)\n    return seen\n", "print(f(1))"] * 2,
    ),
    stays(
        "D1_mutable_default_of_two_names",
        "NB321",
        "def f(x, seen=[]):\n    seen.append(x)\n    return seen\n",
        "def h(x, seen=[]):\n    seen.append(x)\n    return seen\n",
    ),
    # D2
    moves("D2_lru_cache", "from functools import lru_cache", "@lru_cache(maxsize=None)\n" + F, "print(f(1))"),
    moves("D2_under_an_alias", "import functools as ft", "@ft.lru_cache\n" + F, "print(f(1))"),
    moves("D2_njit", "import numba as nb", "@nb.njit(cache=True)\n" + F, runs=False),
    moves(
        "D2_dataclass",
        "from dataclasses import dataclass, field",
        "@dataclass(frozen=True)\nclass C:\n    a: int\n    b: list = field(default_factory=list)\n",
        "print(C(1))",
        name="C",
        runs=False,
    ),
    moves(
        "D2_property",
        "class C:\n    @property\n    def a(self): return 1\n    @a.setter\n    def a(self, v): pass\n"
        "    @staticmethod\n    def b(): return 2\n",
        "print(C().a)",
        name="C",
    ),
    moves(
        "D2_configured",
        "from flask import app",
        "@app.quiet\n" + F,
        config=Config(pure_decorators=("flask.app.quiet",)),
        runs=False,
    ),
    moves("D2_partial", "from functools import partial, lru_cache", "@partial(lru_cache, maxsize=3)\n" + F, runs=False),
    # D3
    stays("D3_unknown", "NB323", "from flask import app", "@app.route('/')\n" + F, runs=False),
    stays("D3_interact", "NB323", "from ipywidgets import interact", "@interact(x=3)\n" + F, runs=False),
    stays("D3_own_that_registers", "NB323", REGISTER, "@register\n" + F, "print(len(found))"),
    stays(
        "D3_own_that_prints",
        "NB323",
        "def show(g):\n    print(g)\n    def inner(x): return g(x)\n    return inner\n",
        "@show\n" + F,
    ),
    moves("D3_own_that_only_wraps", MEMO, "@memo\n" + F, "print(f(1), f(1))"),
    moves("D3_own_factory_that_only_wraps", TIMED, "@timed('t')\n" + F, "print(f(1))"),
    stays(
        "D3_factory_used_as_a_decorator",
        "NB323",
        "def show(g):\n    def inner(x): return g\n    return inner\n",
        "@show(3)\n" + F,
    ),
    stays(
        "D3_of_a_method",
        "NB323",
        "import pydantic",
        "class C:\n    @pydantic.odd\n    def a(self):\n        return 1\n",
        name="C",
    ),
    stays("D3_atexit", "NB323", "import atexit", "@atexit.register\n" + F),
    moves(
        "D2_unique", "import enum", "@enum.unique\nclass C(enum.Enum):\n    A = 1\n    B = 2\n", "print(C.A)", name="C"
    ),
    # D4
    moves("D4_plain_class", C, "print(C().a())", name="C"),
    stays("D4_body_calls", "NB324", "class C:\n    a = open('/dev/null')\n    b = 1\n", name="C"),
    moves(
        "D4_body_builds",
        "import re",
        "class C:\n    a = re.compile('a')\n    b, c = 1, [i for i in range(3)]\n",
        "print(C.c)",
        name="C",
    ),
    stays("D4_body_loops", "NB324", "class C:\n    for i in range(3):\n        pass\n    b = 1\n", name="C"),
    stays(
        "D4_metaclass",
        "NB324",
        "class M(type):\n    def __init_subclass__(cls):\n        print(cls)\n",
        "class C(metaclass=M):\n    b = 1\n    c = 2\n",
        name="C",
    ),
    moves(
        "D4_abc",
        "from abc import ABCMeta, abstractmethod",
        "class C(metaclass=ABCMeta):\n    b = 1\n    @abstractmethod\n    def a(self): pass\n",
        "print(C.b)",
        name="C",
    ),
    stays("D4_init_subclass", "NB324", "class C:\n    def __init_subclass__(cls):\n        print(cls)\n", name="C"),
    stays("D4_attribute_counted", "NB324", C, "C.rate += 1", name="C"),
    stays(
        "D4_attribute_counted_by_itself",
        "NB324",
        "class C:\n    count = 0\n    def __init__(self):\n        C.count += 1\n",
        name="C",
    ),
    stays("D4_attribute_filled", "NB324", C, "C.items.append(1)", name="C"),
    stays("D4_setattr", "NB324", C, "setattr(C, 'rate', 2)", name="C"),
    moves("D4_attribute_of_an_instance", C, "c = C()\nc.rate = 2\nprint(c.a(), C.rate)", name="C"),
    moves(
        "D4_namedtuple_base",
        "from collections import namedtuple",
        "class C(namedtuple('C', 'a b')):\n    def s(self):\n        return self.a + self.b\n",
        "print(C(1, 2).s())",
        name="C",
    ),
    moves("D4_enum", "from enum import Enum", "class C(Enum):\n    A = 1\n    B = 2\n", "print(C.A, C(2))", name="C"),
    # D5
    moves(
        "D5_base_of_the_notebook",
        "class B:\n    b = 1\n    c = 2\n",
        "class C(B):\n    def a(self):\n        return self.b\n",
        "print(C().a())",
        name="C",
    ),
    stays(
        "D5_base_must_stay",
        "NB315",
        "class B:\n    b = open('/dev/null')\n    c = 2\n",
        "class C(B):\n    def a(self):\n        return self.b\n",
        name="C",
    ),
    moves(
        "D5_nested_super", "class C:\n    def a(self):\n        return __class__.__name__\n", "print(C().a())", name="C"
    ),
    # D6
    stays("D6_annotation_of_state", "NB326", "Frame = type(input)", "def f(x: Frame):" + BODY),
    moves("D6_in_quotes", "Frame = type(print)", "def f(x: 'Frame'):" + BODY, "print(f(1))"),
    moves(
        "D6_future", "from __future__ import annotations\nFrame = type(print)", "def f(x: Frame):" + BODY, runs=False
    ),
    stays(
        "D6_in_quotes_and_read",
        "NB326",
        "from typing import get_type_hints\nFrame = type(print)",
        "def f(x: 'Frame'):" + BODY,
        "get_type_hints(f)",
    ),
    stays(
        "D6_pydantic",
        "NB326",
        "from pydantic import BaseModel\nFrame = type(print)",
        "class C(BaseModel):\n    a: 'Frame'\n    b: int\n",
        name="C",
        runs=False,
    ),
    stays(
        "D6_read_and_different",
        "NB326",
        "import inspect",
        "def f(x: int):" + BODY,
        "print(inspect.signature(f))",
        other=("import inspect", F, "print(inspect.signature(f))"),
    ),
    moves("D6_different_and_unread", "def f(x: int):" + BODY, "print(f(1))", other=(F, "print(f(1))")),
    moves("D6_read_and_the_same", "import inspect", "def f(x: int):" + BODY, "print(inspect.signature(f))"),
    # D7
    moves("D7_each_in_its_place", F, "print(f(1))", F2, "print(f(1))"),
    stays("D7_replaced_before_use", "NB327", F, F2, "print(f(1))", other=(F, "print(f(1))", "print(f(2))")),
    stays(
        "D7_recursion_held_past_it",
        "NB327",
        FIB,
        "old = f",
        FIB2,
        "print(old(5))",
        other=(FIB, "old = f", FIB2, "print(old(4))"),
    ),
    moves("D7_recursion_that_nobody_holds", FIB, "print(f(5))", FIB2, "print(f(5))"),
    moves("D7_same_text_twice", F, "print(f(1))", F, "print(f(1))"),
    stays(
        "D7_class_that_names_itself",
        "NB327",
        "class C:\n    def a(self):\n        return C()\n",
        "c = C()",
        "class C:\n    def b(self):\n        return 1\n",
        "print(c.a().b())",
        name="C",
    ),
    stays("D7_class_with_memory_twice", "NB327", *[C, "C().items.append(1)\nprint(C.items)"] * 2, name="C"),
    stays(
        "D7_class_made_anew",
        "NB327",
        *[
            "class C:\n    def a(self):\n        return 1\n",
            "c = C()",
            "class C:\n    def a(self):\n        return 1\n",
        ],
        name="C",
    ),
    stays(
        "D7_cache_made_anew",
        "NB327",
        "from functools import cache",
        *["@cache\n" + F, "print(f(1), f.cache_info())"] * 2,
    ),
    # D8
    stays("D8_inside_if", "NB328", "if True:\n    def f(x):\n        y = x\n        return y\n"),
    stays(
        "D8_inside_try", "NB328", "try:\n    def f(x):\n        y = x\n        return y\nexcept ValueError:\n    pass"
    ),
    moves("D8_below_an_if", "if True:\n    k = 1\n" + F + "print(f(1))"),
    # D9
    moves("D9_attribute_set_later", F, "f.cache = {}\nprint(f(1), f.cache)"),
    moves("D9_method_added_later", C, "C.b = lambda self: 3\nprint(C().b())", name="C"),
    stays(
        "D9_reader_of_the_patched",
        "NB329",
        "def g(x):\n    y = x\n    return y",
        "def f(x):\n    y = g(x)\n    return y",
        "g.tag = 1",
    ),
    stays("D9_recursion_past_the_patch", "NB329", MEMO, FIB, "f = memo(f)\nprint(f(5))"),
    moves("D9_wrapped_later", MEMO, F, "print(f(1))\nf = memo(f)\nprint(f(2), f.cache)"),
    moves("D9_deleted_later", F, "print(f(1))\ndel f"),
    moves("D9_name_of_a_loop", F, "print(f(1))\nfor f in [1]:\n    print(f)"),
    stays(
        "D9_reader_of_the_rebound",
        "NB305",
        MEMO,
        "def g(x):\n    y = x\n    return y",
        "g = memo(g)",
        "def f(x):\n    y = g(x)\n    return y",
    ),
    stays(
        "D9_name_from_a_patched_module",
        "NB329",
        "import math\nfrom math import sqrt",
        "math.sqrt = abs",
        "def f(x):\n    y = sqrt(x)\n    return y",
        runs=False,
    ),
    moves(
        "D9_another_name_is_patched",
        "import math\nfrom math import sqrt",
        "math.other = abs",
        "def f(x):\n    y = sqrt(x)\n    return y",
        "print(f(4))",
    ),
    # D10
    stays("D10_global", "NB330", "n = 0", "def f(x):\n    global n\n    n = x\n    return n"),
    moves(
        "D10_nonlocal",
        "def f(x):\n    n = 0\n    def g():\n        nonlocal n\n        n += x\n    g()\n    return n",
        "print(f(2))",
    ),
    # D11
    stays("D11_cache_behind", "NB305", "_seen = {}", "def f(x):\n    _seen[x] = 1\n    return len(_seen)"),
    stays(
        "D11_cached_reader_of_state",
        "NB305",
        "from functools import lru_cache\nbase = input",
        "@lru_cache\ndef f(x):\n    y = base\n    return y",
    ),
    moves(
        "D11_random_of_the_process",
        "import random\nrandom.seed(1)",
        "def f(x):\n    y = random.random()\n    return y + x",
        "print(f(1), random.random())",
    ),
    # D12
    moves("D12_generator", "def f(x):\n    yield x\n    yield x + 1", "print(list(f(1)))"),
    moves("D12_coroutine", "import asyncio", "async def f(x):\n    y = x\n    return y", "print(asyncio.run(f(1)))"),
    stays("D12_singledispatch", "NB332", "from functools import singledispatch", "@singledispatch\n" + F),
    stays(
        "D12_registration",
        "NB332",
        "from functools import singledispatch",
        "@singledispatch\ndef g(x): return x",
        "@g.register(int)\n" + F,
    ),
    stays(
        "D12_overloads",
        "NB332",
        "from typing import overload",
        "@overload\ndef f(x: int) -> int: ...\n@overload\ndef f(x: str) -> str: ...\n" + F,
    ),
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_verdict(row: Row) -> None:
    _, candidates = of_row(row)
    found = named(candidates, row.name)
    assert row.verdict in [candidate.verdict for candidate in found], found
    same = [candidate for candidate in found if candidate.verdict == row.verdict]
    codes = {reason.code for one in same for reason in one.reasons if reason.effect in ("blocks", "review")}
    assert codes == set(row.codes), same[0].reasons
    if row.verdict == "extract":
        assert len(same) == len(found), found


@pytest.mark.parametrize("row", [row for row in ROWS if row.verdict == "extract" and row.runs], ids=lambda row: row.id)
def test_what_moves_does_the_same(row: Row) -> None:
    files, candidates = of_row(row)
    for file, before in enumerate(files):
        cells = [cell.source for cell in before.cells]
        after = moved(files, candidates, file, "moved_moments")
        assert after != cells
        assert printed(after) == printed(cells)


@pytest.mark.parametrize(
    ("line", "said"), [("a.b = 1", "an assignment"), ("if a: pass", "an if statement"), ("del a", "a delete statement")]
)
def test_statements_of_a_class_body_have_their_names(line: str, said: str) -> None:
    files = [
        notebook(
            f"{name}.ipynb", [f"class C:\n    a = set()\n    {line}\n    c = 1\n    def f(self):\n        return 2"]
        )
        for name in "ab"
    ]
    (one,) = decided(files, Config(count_copied_notebooks=True))
    assert f"its body holds {said}, which would run" in one.reasons[0].message
