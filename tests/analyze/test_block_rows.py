"""Every row of the hazards of statement blocks (B1 to B17): what is refused, and the neighbour that is harmless."""

from typing import NamedTuple

import pytest
from analyze.flowing import codes, flow


class Row(NamedTuple):
    """Cells with the block between `#[` and `#]`; `codes` are all that block or want a review."""

    key: str
    cells: tuple[str, ...]
    codes: tuple[str, ...] = ()
    inputs: str = ""
    outputs: str = ""
    local: str = ""
    stays: str = ""


def refused(key: str, code: str, *cells: str) -> Row:
    return Row(key, cells, tuple(code.split()))


def harmless(key: str, *cells: str, inputs: str = "", outputs: str = "", local: str = "", stays: str = "") -> Row:
    return Row(key, cells, (), inputs, outputs, local, stays)


_SETTING = "InteractiveShell.ast_node_interactivity"

NAMES = (
    harmless("B1 later cell", "#[\na = 1\nb = a\n#]", "print(b)", outputs="b", local="a"),
    harmless("B1 earlier cell", "if 0:\n    print(b)", "#[\na = 1\nb = a\n#]", outputs="b", local="a"),
    harmless("B1 same cell", "#[\na = 1\nb = a\n#]\nprint(b)", outputs="b", local="a"),
    harmless("B1 function body", "#[\na = 1\nb = a\n#]", "def f():\n    return b", outputs="b", local="a"),
    harmless("B1 magic", "#[\na = 1\nb = a\n#]", "!ls {b}", outputs="b", local="a"),
    harmless("B1 store", "#[\na = 1\nb = a\n#]", "%store b", outputs="b", local="a"),
    harmless(
        "B1 string", "df = 0", "#[\na = 1\nb = a\n#]", "df.query('x > @b')", outputs="b", local="a"
    ),
    harmless("B1 unreadable", "#[\na = 1\nb = a\n#]", "print b", outputs="b", local="a"),
    harmless("B1 other language", "#[\na = 1\nb = a\n#]", "%%R -i b\nprint(1)", outputs="b", local="a"),
    harmless("B1 globals", "#[\na = 1\nb = a\n#]", "print(globals()['b'])", outputs="a b"),
    harmless("B1 who", "#[\na = 1\nb = a\n#]", "%whos", outputs="a b"),
    harmless("B1 main", "#[\na = 1\nb = a\n#]", "import __main__\n__main__.b", outputs="a b"),
    harmless("B1 exec later", "#[\na = 1\nb = a\n#]", "def f(text):\n    exec(text)", outputs="a b"),
    harmless("B1 run notebook", "#[\na = 1\nb = a\n#]", "%run other.ipynb", outputs="a b"),
    harmless("B1 run script", "#[\na = 1\nb = a\n#]", "%run other.py", local="a b"),
    harmless("B1 own locals", "#[\na = 1\nb = a\n#]", "def f():\n    return locals()", local="a b"),
    harmless("B1 main guard", "#[\na = 1\nb = a\n#]", "if __name__ == '__main__':\n    print(1)", local="a b"),
    harmless("B1 bound again first", "#[\ni = 1\nb = i\n#]", "for i in (1, 2):\n    print(i)", local="i b"),
    harmless("B1 deleted elsewhere", "#[\na = 1\nb = a\n#]", "del b", outputs="b", local="a"),
    harmless("B1 order", "x = y = 1", "#[\nb = y + x\na = x\n#]", "print(a, b)", inputs="y x", outputs="b a"),
    harmless(
        "B1 imports and functions are free", "import os\ndef f():\n    return 1",
        "#[\na = f()\nb = os.sep\n#]", local="a b",
    ),
    harmless("B1 constants are passed", "LIMIT = 3", "#[\na = LIMIT\nb = a\n#]", inputs="LIMIT", local="a b"),
    harmless("B1 builtin bound", "#[\nmax = max(1, 2)\nb = max\n#]", inputs="max", local="max b"),
    harmless("B2 bound before", "x = 1", "#[\nif y0:\n    x = 2\nz = 1\n#]", "print(x)", inputs="x", outputs="x", local="z"),
    refused("B2 not bound before", "NB361", "#[\nif y0:\n    x = 2\nz = 1\n#]", "print(x)"),
    refused("B2 bound below only", "NB361", "#[\nif y0:\n    x = 2\nz = 1\n#]", "print(x)", "x = 1"),
    refused("B2 deleted before", "NB361", "x = 1", "del x", "#[\nif y0:\n    x = 2\nz = 1\n#]", "print(x)"),
    refused("B2 reset before", "NB361", "x = 1", "%reset -f", "#[\nif y0:\n    x = 2\nz = 1\n#]", "print(x)"),
    harmless("B2 a magic binds it", "%%capture x\n1", "#[\nprint(1)\nz = x\n#]", inputs="x", local="z"),
    harmless("B2 a magic above binds it", "%sql x << select 1\n#[\nprint(1)\nz = x\n#]", inputs="x", local="z"),
    refused("B2 a magic below binds it", "NB361", "#[\nprint(1)\nz = x\n#]\n%sql x << select 1"),
    harmless("B2 nothing reads it", "#[\nif y0:\n    x = 2\nz = 1\n#]", local="x z"),
    harmless("B2 both ways", "#[\nif y0:\n    x = 2\nelse:\n    x = 3\nz = 1\n#]", "print(x)", outputs="x", local="z"),
    harmless("B2 handler", "#[\ntry:\n    x = 1\nexcept ValueError:\n    x = 2\nz = 1\n#]", "print(x)", outputs="x", local="z"),
    refused("B2 half a try", "NB361", "#[\ntry:\n    x = 1\nexcept ValueError:\n    pass\nz = 1\n#]", "print(x)"),
    harmless("B2 with", "#[\nwith open('a') as file:\n    x = 1\nz = 1\n#]", "print(x)", outputs="x", local="file z"),
    refused("B2 suppress", "NB361", "import contextlib", "#[\nwith contextlib.suppress(E0):\n    x = 1\nz = 1\n#]", "print(x)"),
    refused("B2 read between", "NB361", "if y0:\n    x = 1", "#[\nprint('a')\nz = x\n#]"),
    harmless("B2 would fail at once too", "if y0:\n    x = 1", "#[\nz = x\nw = 1\n#]", inputs="x", local="z w"),
    harmless("B2 read after both", "if y0:\n    x = 1\nelse:\n    x = 2", "#[\nprint('a')\nz = x\n#]", inputs="x", local="z"),
    harmless("B2 loop that runs", "#[\nfor i in (1, 2):\n    x = i\nz = 1\n#]", "print(x, i)", outputs="i x", local="z"),
    harmless("B2 range", "#[\nfor i in range(3):\n    x = i\nz = 1\n#]", "print(x, i)", outputs="i x", local="z"),
    refused("B2 loop that may not", "NB361", "def f():\n    pass", "#[\nfor i in f():\n    x = i\nz = 1\n#]", "print(x)"),
    harmless(
        "B2 as often as a constant says", "N = 3", "#[\nfor i in range(N):\n    x = i\nz = 1\n#]", "print(x)",
        inputs="N", outputs="x", local="i z",
    ),
    harmless("B2 own constant", "#[\nn = 3\nfor i in range(n):\n    x = i\nz = 1\n#]", "print(x)", outputs="x", local="n i z"),
    refused(
        "B2 as often as a name says that is bound again", "NB361", "N = 3",
        "#[\nfor i in range(N):\n    x = i\nz = 1\n#]", "print(x)", "N = 0",
    ),
    refused("B2 own constant, changed", "NB361", "#[\nn = 3\nn -= 3\nfor i in range(n):\n    x = i\n#]", "print(x)"),
    refused(
        "B2 not that range", "NB361", "def range(n):\n    return []",
        "#[\nfor i in range(3):\n    x = i\nz = 1\n#]", "print(x)",
    ),
    harmless("B2 endless", "#[\nwhile True:\n    x = 1\n    break\nz = 1\n#]", "print(x)", outputs="x", local="z"),
    harmless("B3 number", "x = 1", "#[\nx += 1\nz = 1\n#]", "print(x)", inputs="x", outputs="x", local="z"),
    harmless(
        "B3 in a loop", "x = 1", "#[\nfor i in y0:\n    x += i\nz = 1\n#]", "print(x)",
        inputs="x", outputs="x", local="i z",
    ),
    harmless("B4 in place", "x = []", "#[\nx.append(1)\nz = 1\n#]", "print(x)", inputs="x", local="z"),
    harmless("B4 two names", "x = []\ny = x", "#[\nx += [1]\nz = y\n#]", "print(x, y)", inputs="x y", outputs="x", local="z"),
    refused("B4 view", "NB362", "#[\nx = 1\nz = globals()['x']\n#]"),
    refused("B4 view in a function", "NB362", "def f():\n    return globals()['x']", "#[\nx = 1\nz = f()\n#]"),
    refused("B4 main", "NB362", "def f():\n    import __main__\n    return __main__.x", "#[\nx = 1\nz = f()\n#]"),
    refused("B4 file let go", "NB362", "f = open('a')", "#[\nf = open('b')\nz = 1\n#]"),
    harmless("B4 file gone before", "f = open('a')", "del f", "#[\nf = open('b')\nz = 1\n#]", outputs="f", local="z"),
)  # fmt: skip

_READS = "def f():\n    return x"

RUNNING = (
    refused("B5 called", "NB362", "x = 1", _READS, "#[\nx = 2\nz = f()\n#]"),
    harmless("B5 not called", "x = 1", _READS, "#[\nx = 2\nz = 1\n#]", outputs="x", local="z"),
    harmless("B5 defined below", "x = 1", "#[\nx = 2\nz = 1\n#]", _READS, "f()", outputs="x", local="z"),
    harmless("B5 other names", "y = 1\ndef f():\n    return y", "#[\nx = 2\nz = f()\n#]", local="x z"),
    harmless("B5 parameter of the name", "def f(x):\n    return x", "#[\nx = 2\nz = f(x)\n#]", local="x z"),
    refused("B5 through another", "NB362", "x = 1", _READS, "def g():\n    return f()", "#[\nx = 2\nz = g()\n#]"),
    refused("B5 alias", "NB362", "x = 1", _READS, "g = f", "#[\nx = 2\nz = g()\n#]"),
    refused("B5 in a list", "NB362", "x = 1", _READS, "fs = []\nfs.append(f)", "#[\nx = 2\nz = [g() for g in fs]\n#]"),
    refused("B5 lambda", "NB362", "x = 1", "f = lambda: x", "#[\nx = 2\nz = f()\n#]"),
    refused("B5 generator", "NB362", "x = 1", "g = (x + i for i in (1, 2))", "#[\nx = 2\nz = list(g)\n#]"),
    refused("B5 method", "NB362", "x = 1", "class A:\n    def m(self):\n        return x", "a = A()", "#[\nx = 2\nz = a.m()\n#]"),
    refused("B5 passed on", "NB362", "x = 1", _READS, "#[\nx = 2\nz = list(map(f, ()))\n#]"),
    refused("B5 registered", "NB362", "import atexit\nx = 1", _READS, "atexit.register(f)", "#[\nx = 2\nz = y0.run()\n#]"),
    harmless(
        "B5 registered, nothing calls back", "import atexit, math\nx = 1", _READS, "atexit.register(f)",
        "#[\nx = 2\nz = math.floor(2)\n#]", outputs="x", local="z",
    ),
    refused("B5 writes a parameter", "NB362", "x = 1\ndef f():\n    global x\n    x = 2", "#[\nf()\nz = x\n#]"),
    harmless(
        "B5 writes another", "x = 1\ny = 2\ndef f():\n    global x\n    x = 2", "#[\nf()\nz = y\n#]", inputs="y", local="z"
    ),
    harmless(
        "B5 result of a function that reads", "x = 1", _READS, "y = f()", "#[\nx = 2\nz = y\n#]",
        inputs="y", outputs="x", local="z",
    ),
    harmless(
        "B5 name used for something else since", "x = 1", _READS, "h = f", "h = 3", "#[\nx = 2\nz = h\n#]",
        inputs="h", outputs="x", local="z",
    ),
    refused("B5 import read meanwhile", "NB362", "def f():\n    return math.pi", "#[\na = 1\nimport math\nz = f()\n#]"),
    harmless(
        "B5 the same import again", "import math\ndef f():\n    return math.pi", "#[\na = 1\nimport math\nz = f()\n#]",
        local="a z", stays="math",
    ),
    harmless("B6 stays", "#[\na = 1\nimport os\nb = os.sep\n#]", "print(os)", local="a b", stays="os"),
    harmless("B6 goes", "#[\na = 1\nimport os\nb = os.sep\n#]", local="a os b"),
    harmless(
        "B6 one way or the other", "#[\na = 1\ntry:\n    import os\nexcept ImportError:\n    os = None\n#]", "print(os)",
        outputs="os", local="a",
    ),
    refused("B7 rebound later", "NB363", "#[\nx = 1\nf = lambda: x\n#]", "print(f())", "x = 2"),
    refused("B7 input rebound later", "NB363", "x = 1", "#[\ny = 1\nf = lambda: x\n#]", "print(f())", "x = 2"),
    refused(
        "B7 rebound by a function", "NB363", "x = 1\ndef g():\n    global x\n    x = 2",
        "#[\ny = 1\nf = lambda: x\n#]", "f()",
    ),
    refused("B7 generator", "NB363", "x = 1", "#[\ny = 1\nf = (x for i in (1, 2))\n#]", "list(f)", "x = 2"),
    harmless("B7 bound once", "x = 1", "#[\ny = 1\nf = lambda: x\n#]", "print(f())", inputs="x", outputs="f", local="y"),
    harmless("B7 rebound before", "x = 0", "x = 1", "#[\ny = 1\nf = lambda: x\n#]", "f()", inputs="x", outputs="f", local="y"),
    harmless("B7 rebound inside", "#[\nx = 1\nf = lambda: x\nx = 2\n#]", "print(f())", outputs="f", local="x"),
    harmless("B7 consumed", "x = 1", "#[\ny = sum(x for i in (1, 2))\nz = 1\n#]", "x = 2", inputs="x", local="y z"),
    harmless("B7 key", "x = 1", "#[\ny = sorted([1], key=lambda i: x)\nz = 1\n#]", "x = 2", inputs="x", local="y z"),
    harmless(
        "B7 apply", "import pandas as pd\ndf = x = 1", "#[\ny = df.apply(lambda i: i + x)\nz = 1\n#]", "x = 2",
        inputs="df x", local="y z",
    ),
    refused("B7 apply, put off", "NB363", "import dask\ndf = x = 1", "#[\ny = df.apply(lambda i: i + x)\nz = 1\n#]", "x = 2"),
    harmless("B7 only called", "x = 1", "#[\nf = lambda: x\nz = f()\n#]", "x = 2", inputs="x", local="f z"),
    refused("B7 class", "NB363", "#[\nx = 1\nif x:\n    class A:\n        pass\n#]"),
    refused("B7 definition that leaves", "NB363", "#[\nx = 1\nif x:\n    def f():\n        pass\nelse:\n    f = None\n#]", "f()"),
    harmless("B7 definition inside", "#[\nx = 1\nif x:\n    def f():\n        pass\n    f()\n#]", local="x f"),
    refused("B7 string in a scope", "NB363", "df = x = 1", "#[\ny = [df.query('a > @x') for i in (1, 2)]\nz = 1\n#]"),
    harmless("B7 string", "df = x = 1", "#[\ny = df.query('a > @x')\nz = 1\n#]", inputs="df x", local="y z"),
)  # fmt: skip

REST = (
    refused("B8 await", "NB364", "#[\nx = await y0()\nz = 1\n#]"),
    refused("B8 async for", "NB364", "#[\nasync for x in y0():\n    pass\nz = 1\n#]"),
    refused("B8 async with", "NB364", "#[\nasync with y0() as x:\n    pass\nz = 1\n#]"),
    refused("B8 async comprehension", "NB364", "#[\nx = [i async for i in y0()]\nz = 1\n#]"),
    harmless("B8 inside a function", "#[\nif y0:\n    async def f():\n        await y0\nz = 1\n#]", local="f z"),
    harmless("B9 own", "#[\nx = 1\ny = x\ndel x\n#]", local="x y"),
    harmless("B9 own, bound again", "#[\nx = 1\ndel x\nx = 2\n#]", "print(x)", outputs="x"),
    refused("B9 of the notebook", "NB365", "x = 1", "#[\ny = x\ndel x\n#]"),
    refused("B9 read elsewhere", "NB365", "#[\nx = 1\ny = x\ndel x\n#]", "print(x)"),
    harmless("B9 except as", "#[\ntry:\n    x = 1\nexcept ValueError as e:\n    x = 2\n#]", "print(x)", outputs="x", local="e"),
    refused(
        "B9 except as, read later", "NB365", "e = 1",
        "#[\ntry:\n    x = 1\nexcept ValueError as e:\n    x = 2\nz = 1\n#]", "print(e)",
    ),
    harmless("B10 a string", f"note = '{_SETTING} = all'", "#[\nx = 1\nprint(x)\n#]\nx = 2", local="x"),
    harmless("B10 a comment", f"# {_SETTING} = 'all'\ny = 1", "#[\nx = 1\nprint(x)\n#]\nx = 2", local="x"),
    refused("B10 all", "NB366", f"{_SETTING} = 'all'", "#[\nx = 1\nprint(x)\n#]\nx = 2"),
    refused("B10 computed", "NB366", f"{_SETTING} = mode", "#[\nx = 1\nprint(x)\n#]\nx = 2"),
    refused("B10 config", "NB366", f"%config {_SETTING} = 'all'", "#[\nx = 1\nprint(x)\n#]\nx = 2"),
    harmless("B10 nothing shown", f"{_SETTING} = 'all'", "#[\nx = 1\ny = x\n#]", local="x y"),
    harmless("B10 last", f"{_SETTING} = 'last_expr'", "#[\nx = 1\nprint(x)\n#]\nx = 2", local="x"),
    refused("B10 assignments", "NB366", f"{_SETTING} = 'last_expr_or_assign'", "#[\nx = 1\ny = x\n#]"),
    harmless("B10 assignments, not the end", f"{_SETTING} = 'last_expr_or_assign'", "#[\nx = 1\ny = x\n#]\nprint()", local="x y"),
    harmless("B13 annotated", "#[\nx: int = 3\ny = x\n#]", local="x y"),
    refused("B13 read", "NB368", "#[\nx: int = 3\ny = x\n#]", "print(__annotations__)"),
    refused("B13 calls", "NB368", "#[\nx: print('a') = 3\ny = x\n#]"),
    harmless("B13 bare", "x = 1", "#[\nx: int\ny = x\n#]", inputs="x", local="y"),
    refused("global", "NB362", "#[\nglobal x\nx = 1\n#]"),
    refused("star inside", "NB362", "#[\nx = 1\nif x:\n    from os import *\n#]"),
    refused("borders, output", "NB369", "#[\nx = 1", "y = x\nprint(y)\n#]"),
    harmless("borders, quiet", "#[\nprint(1)\nx = 1", "y = [i + x for i in range(3)]\n#]", local="x y"),
    harmless("lives on: file", "#[\nf = open('a')\nx = 1\n#]", outputs="f", local="x"),
    harmless("lives on: class", "from some import Server", "#[\ns = Server()\nx = 1\n#]", outputs="s", local="x"),
    harmless("lives on: in a list", "#[\nfs = [open(p) for p in 'ab']\nx = 1\n#]", outputs="fs", local="x"),
    harmless("lives on: not what is read from it", "#[\nt = open('a').read\nx = len('a')\n#]", outputs="t", local="x"),
    harmless("plain data", "import pandas as pd", "#[\ndf = pd.DataFrame()\nx = 1\n#]", local="df x"),
    harmless("over at its end", "#[\nwith open('a') as f:\n    t = f.read()\nx = 1\n#]", local="f t x"),
    harmless(
        "generator of the notebook", "def g():\n    try:\n        yield 1\n    finally:\n        print(2)",
        "#[\ni = g()\nx = next(i)\n#]", outputs="i", local="x",
    ),
)  # fmt: skip


@pytest.mark.parametrize("row", [*NAMES, *RUNNING, *REST], ids=lambda row: row.key)
def test_row(row: Row) -> None:
    found = flow(*row.cells)
    assert tuple(dict.fromkeys(codes(found))) == row.codes, found.reasons
    if row.codes:
        places = [reason.location for reason in found.reasons if reason.effect != "note"]
        assert all(place is not None and place.path == "a.ipynb" and place.cell_id for place in places)
        return
    assert " ".join(found.inputs) == row.inputs
    assert " ".join(found.outputs) == row.outputs
    assert " ".join(found.local) == row.local
    assert " ".join(name for name, _ in found.stays) == row.stays


def test_a_reason_names_its_line() -> None:
    """Cells count from 1, Markdown included; lines within the cell."""
    found = flow("x = 1", "def f():\n    return x", "y = 2\n#[\nx = 2\nz = f()\n#]")
    place = found.reasons[0].location
    assert place is not None
    assert (found.reasons[0].code, place.path, place.cell, place.line, place.cell_id) == (
        "NB362",
        "a.ipynb",
        3,
        4,
        "id3",
    )


def test_what_becomes_local_is_told_once() -> None:
    found = flow("#[\na = 1\nb = a\n#]")
    assert [(reason.code, reason.effect, reason.message) for reason in found.reasons] == [
        ("NB371", "note", "no longer visible at the prompt: `a`, `b`")
    ]


def test_a_cell_that_is_expected_to_raise() -> None:
    """B14: refused where the block stands in such a cell, and names bound in another one are bound or not."""
    block = "#[\nx = 1\ny = x\n#]"
    assert codes(flow(block, "print(y)", raises=0)) == ["NB367"]
    assert codes(flow(block, "1 / 0", raises=1)) == []
    assert codes(flow("print(1)\nw = [1]\nw = w * 2", "#[\nprint('a')\ny = w\n#]", raises=0)) == ["NB361"]


def test_a_timed_cell_is_left_alone() -> None:
    """B17."""
    assert "NB357" in codes(flow("%%timeit\n#[\nx = 1\ny = x\n#]"))


def test_imports_that_stay_keep_their_statement() -> None:
    found = flow("#[\na = 1\nimport os.path\nfrom math import floor as down\nb = 2\n#]", "print(os, down)")
    assert found.stays == (("os", "import os.path"), ("down", "from math import floor as down"))


@pytest.mark.parametrize(
    "deep",
    [
        "y = " + "f(" * 190 + ")" * 190,
        "y = " + "lambda: " * 190 + "1",
        "y = " + "[" * 90 + "x for x in y" + "]" * 90,
        "if x:\n    pass\n" + "elif x:\n    pass\n" * 190,
        "y = " + "-" * 195 + "x",
        "y = " + " + ".join(["x"] * 195),
    ],
    ids=["calls", "lambdas", "lists", "elif", "signs", "sums"],
)
def test_deep_code_is_answered(deep: str) -> None:
    """As deep as the index reads: flowing over it ends, with whatever answer."""
    found = flow("f = x = 1", f"#[\n{deep}\nz = 1\n#]")
    assert found.local or found.reasons
    assert flow(deep, "#[\nw = 1\nz = w\n#]").local == ("w", "z")
