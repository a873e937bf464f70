"""What mask() tells about magics: names read and bound, opaque cells, lines. That the Python is right is the oracle's test."""

import pytest

from nb2mod.model import Magic
from nb2mod.notebook import mask

UNTOUCHED = [  # text that looks like IPython syntax and is none: the same text comes back, and no magics
    "x = 1\ny = x % 2\nz = a != b\n",
    "s = '''\n%time f()\n!ls\nx?\n'''",
    "f(\n%x\n)",
    "values = [\n    a\n    % b,\n    c\n]",
    "x = (a\n     % b)",
    "total = a \\\n    % b",
    "# %time f()\n# !ls\n# what?",
    "print('really?')\n'huh?'",
    'f"{x!r} {y}?"\nf"{a % b}"',
    "x == 3; y %= 2",
    "await f()\nasync with a as b:\n    pass",
    "ls\ncd = 1\nls",
    "plt.plot(x);",
    "",
    "\n\n",
    "a = {\n  '%': 1,\n  '!': 2}",
    '"""\n>>> f(1)\n2\n"""\ndef f(x):\n    """Doc.\n\n    >>> f(2)\n    3\n    """\n    return x',
    "f(x, y=2)[3]\nd = dict(a=1)",
    "x = not_a_magic % time",
    "print 'python 2'",
    "def broken(:\n  %",
]

CALL = "get_ipython().run_line_magic"
LINES = [  # one line of IPython, its Python, and its magics: name, text, reads, binds, unknown
    ("%matplotlib inline", f"{CALL}('matplotlib', 'inline')", [("matplotlib", "inline")]),
    ("%autoreload 2", f"{CALL}('autoreload', '2')", [("autoreload", "2")]),
    ("%cd {path}/x", f"{CALL}('cd', '{{path}}/x')", [("cd", "{path}/x", ("path",))]),
    ("%pip install -q a", f"{CALL}('pip', 'install -q a')", [("pip", "install -q a")]),
    ("%pylab inline", f"{CALL}('pylab', 'inline')", [("pylab", "inline")]),
    ("%run other.py", f"{CALL}('run', 'other.py')", [("run", "other.py", (), (), True)]),
    ("%run -i {name}.py", f"{CALL}('run', '-i {{name}}.py')", [("run", "-i {name}.py", ("name",), (), True)]),
    ("%reset -f", f"{CALL}('reset', '-f')", [("reset", "-f", (), (), True)]),
    ("%xdel df", f"{CALL}('xdel', 'df')", [("xdel", "df", ("df",), ("df",))]),
    ("%load other.py", f"{CALL}('load', 'other.py')", [("load", "other.py")]),
    ("%store x y", f"{CALL}('store', 'x y')", [("store", "x y", ("x", "y"))]),
    ("%store -r x", f"{CALL}('store', '-r x')", [("store", "-r x", (), ("x",))]),
    ("%store -r", f"{CALL}('store', '-r')", [("store", "-r", (), (), True)]),
    ("%store x > a.txt", f"{CALL}('store', 'x > a.txt')", [("store", "x > a.txt", ("x",))]),
    ("%aimport a.b, c as d", f"{CALL}('aimport', 'a.b, c as d')", [("aimport", "a.b, c as d", (), ("a", "d"))]),
    ("%psource f", f"{CALL}('psource', 'f')", [("psource", "f", ("f",))]),
    ("%sql r << select a", f"{CALL}('sql', 'r << select a')", [("sql", "r << select a", ("r", "select", "a"), ("r",))]),
    ("%R -i x -o y,z f", None, [("R", "-i x -o y,z f", ("i", "x", "o", "y", "z", "f"), ("y", "z"))]),
    ("%mine a b", f"{CALL}('mine', 'a b')", [("mine", "a b", ("a", "b"))]),
    ("%macro m 1-3", f"{CALL}('macro', 'm 1-3')", [("macro", "m 1-3", (), ("m",))]),
    ("%sc -l files=ls", f"{CALL}('sc', '-l files=ls')", [("sc", "-l files=ls", (), ("files",))]),
    ("!ls {a + b} $c '{d[0]:>3}' ${e", None, [("!", "ls {a + b} $c '{d[0]:>3}' ${e", ("a", "b", "c", "d"))]),
    ("!awk '{print $1}' {{x}} $$y", None, [("!", "awk '{print $1}' {{x}} $$y")]),
    ("! ls", "get_ipython().system(' ls')", [("!", "ls")]),
    ("!!ls", "get_ipython().getoutput('ls')", [("!", "ls")]),
    ("x = !ls {d}", "x = get_ipython().getoutput('ls {d}')", [("!", "ls {d}", ("d",))]),
    ("x = %pwd", f"x = {CALL}('pwd', '')", [("pwd", "")]),
    ("?x.y", f"{CALL}('pinfo', 'x.y')", [("?", "x.y", ("x",))]),
    ("x.y??", f"{CALL}('pinfo2', 'x.y')", [("?", "x.y", ("x",))]),
    ("np.*load*?", f"{CALL}('psearch', 'np.*load*')", [("?", "np.*load*")]),
    ("%time?", f"{CALL}('pinfo', '%time')", [("?", "%time")]),
    ("?", "get_ipython().show_usage()", [("?", "")]),
    ("/f a b", "f(a, b)", [("/", "f a b")]),
    ("%time y = f(x)", "y = f(x)", [("time", "y = f(x)")]),
    ("%time --no-raise-error f(x)  # slow", "f(x)  # slow", [("time", "--no-raise-error f(x)  # slow")]),
    ("%time for i in x: f(i)", "for i in x: f(i)", [("time", "for i in x: f(i)")]),
    ("y = %time f(x)", "y = f(x)", [("time", "f(x)")]),
    ("%time !ls {x}", "get_ipython().system('ls {x}')", [("time", "!ls {x}"), ("!", "ls {x}", ("x",))]),
    ("%time %run a.py", f"{CALL}('run', 'a.py')", [("time", "%run a.py"), ("run", "a.py", (), (), True)]),
    ("%time", f"{CALL}('time', '')", [("time", "")]),
    ("%time f(", f"{CALL}('time', 'f(')", [("time", "f(")]),
    ("%time # nothing", f"{CALL}('time', '# nothing')", [("time", "# nothing")]),
    ("%timeit -n 10 -r3 -q f(x)", "f(x)", [("timeit", "-n 10 -r3 -q f(x)")]),
    ("%timeit -x", "-x", [("timeit", "-x")]),
    ("%timeit y = f(y, x)", f"{CALL}('timeit', 'y = f(y, x)')", [("timeit", "y = f(y, x)", ("f", "x"))]),
    ("%timeit (y := f(x))", f"{CALL}('timeit', '(y := f(x))')", [("timeit", "(y := f(x))", ("f", "x"))]),
    ("%timeit import a", f"{CALL}('timeit', 'import a')", [("timeit", "import a")]),
    ("%timeit global y; y = 1", f"{CALL}('timeit', 'global y; y = 1')", [("timeit", "global y; y = 1", (), ("y",))]),
    ("t = %timeit -o f(x)", f"t = {CALL}('timeit', '-o f(x)')", [("timeit", "-o f(x)", ("f", "x"))]),
    ("%timeit -v t f(x)", "f(x)", [("timeit", "-v t f(x)", (), ("t",))]),
    ("%prun -s cumtime -l 5 y = f(x)", "y = f(x)", [("prun", "-s cumtime -l 5 y = f(x)")]),
    ("s = %prun -r y = f(x)", f"s = {CALL}('prun', '-r y = f(x)')", [("prun", "-r y = f(x)", ("f", "x"), ("y",))]),
    ("%memit -r 1 y = f(x)", "y = f(x)", [("memit", "-r 1 y = f(x)")]),
    ("%lprun -f g -f A.h f(x)", "f(x)", [("lprun", "-f g -f A.h f(x)", ("g", "A"))]),
    ("%mprun -f g f(x)", "f(x)", [("mprun", "-f g f(x)", ("g",))]),
    ("%%time", f"{CALL}('%time', '')", [("%time", "")]),
]  # fmt: skip

PYTHON_CELLS = [  # a %% magic over Python: its Python, what it binds, whether it runs in a function
    ("%%time\ny = f(x)\n%matplotlib inline", f"\ny = f(x)\n{CALL}('matplotlib', 'inline')", (), False),
    ("\n%%time\ny = 1", "\n\ny = 1", (), False),
    ("%%capture out --no-stderr\ny = 1\n", "\ny = 1\n", ("out",), False),
    ("%%capture --no-display\ny = 1", "\ny = 1", (), False),
    ("%%timeit\ny = 1", "\ny = 1", (), True),
    ("%%timeit -n 5 a = 1\nf(a)", "a = 1\nf(a)", (), True),
    ("%%timeit a = (\nf(a)", "\nf(a)", (), True),
    ("%%prun -s cumtime\nf()", "\nf()", (), False),
    ("%%prun g()\nf()", "g()\nf()", (), False),
    ("%%capture\n%%timeit\nf()", "\n\nf()", (), True),
    ("%%memit\ny = f()", "\ny = f()", (), False),
    ("%%time", "", (), False),
]
OPAQUE_CELLS = [  # a foreign cell: names it may bind or read, names its line binds
    ("%%bash\nx=1\necho $x {y}", (), ()),
    ("%%bash --out a --err b -s {c}\nls $x", ("c", "a", "b"), ("a", "b")),
    ("%%script false --no-raise-error\nf(x)", (), ()),
    ("%%html\n<b>{x}</b>", (), ()),
    ("%%writefile {name}.py\nx = 1", ("name",), ()),
    ("%%javascript\nalert(1)", (), ()),
    ("%%javascript\nIPython.notebook.kernel.execute('x = 1')", ("IPython", "notebook", "kernel", "execute", "x"), ()),
    ("%%!\nls {x}", ("x",), ()),
    ("%%sql df <<\nselect a from b", ("df", "select", "a", "from", "b"), ()),
    ("%%R -o y\ny <- 1", ("R", "o", "y"), ()),
    ("%%cython\ndef f(int a): pass", ("cython", "def", "f", "int", "a", "pass"), ()),
    ("%%px --local\nx = 1", ("local", "x"), ()),
    ("%%mine\nx = y", ("x", "y"), ()),
]


def told(magic: Magic) -> tuple[object, ...]:
    """Name, text, reads, binds, unknown; what is empty at the end left out."""
    values: list[object] = [magic.name, magic.text, magic.reads, magic.binds, magic.unknown]
    while values[-1] in ((), False):
        values.pop()
    return tuple(values)


@pytest.mark.parametrize("source", UNTOUCHED)
def test_plain_python_comes_back_unchanged(source: str) -> None:
    masked = mask(source)
    assert masked.python == source
    assert not masked.magics
    assert not masked.transformed
    assert masked.cell_magic is None


@pytest.mark.parametrize(("source", "python", "magics"), LINES)
def test_line(source: str, python: str | None, magics: list[tuple[object, ...]]) -> None:
    masked = mask(f"a = 1\n{source}\nb = 2")
    first, line, last = masked.python.split("\n")
    assert (first, last) == ("a = 1", "b = 2")
    assert python is None or line == python
    assert [told(magic) for magic in masked.magics] == magics
    assert all((magic.line, magic.end_line) == (2, 2) for magic in masked.magics)
    assert not masked.transformed


@pytest.mark.parametrize(("source", "python", "binds", "in_function"), PYTHON_CELLS)
def test_cell_magic_over_python(source: str, python: str, binds: tuple[str, ...], in_function: bool) -> None:
    masked = mask(source)
    assert masked.python == python
    assert masked.runs_in_function is in_function
    assert masked.magics[0].binds == binds
    assert masked.cell_magic == masked.magics[0].name
    assert not masked.opaque
    assert not masked.unknown


@pytest.mark.parametrize(("source", "unknown", "binds"), OPAQUE_CELLS)
def test_foreign_cell(source: str, unknown: tuple[str, ...], binds: tuple[str, ...]) -> None:
    masked = mask(source)
    assert masked.opaque
    assert masked.python.strip() == ""
    assert masked.python.count("\n") == source.count("\n")
    assert set(masked.unknown) == set(unknown) - {masked.cell_magic}
    (magic,) = masked.magics
    assert (magic.line, magic.end_line, magic.binds) == (1, source.count("\n") + 1, binds)


def test_continued_command_keeps_its_lines() -> None:
    masked = mask("if a:\n    !pip install \\\n        b \\\n        c\n    d = 1\n")
    assert masked.python == "if a:\n    get_ipython().system('pip install          b          c')\n\n\n    d = 1\n"
    assert [(magic.line, magic.end_line) for magic in masked.magics] == [(2, 4)]


def test_lines_are_counted_in_the_cell_below_cell_magics() -> None:
    masked = mask("\n%%time\nx = 1\n%cd a\n")
    assert [(magic.name, magic.line) for magic in masked.magics] == [("time", 2), ("cd", 4)]


@pytest.mark.parametrize(
    ("source", "python"),
    [
        ("    x = 1\n    if x:\n        y = 2", "x = 1\nif x:\n    y = 2"),
        (">>> x = 1\n>>> if x:\n...     y = 2", "x = 1\nif x:\n    y = 2"),
        ("In [1]: x = 1\n   ...: y = 2", "x = 1\ny = 2"),
        ("  %%time\n  x = 1", "\nx = 1"),
        ("%%time\n  x = 1\n  y = 2", "\nx = 1\ny = 2"),
    ],
)
def test_dedented_and_prompted_cells_are_marked(source: str, python: str) -> None:
    masked = mask(source)
    assert masked.python == python
    assert masked.transformed


def test_lines_of_white_space_are_empty_for_ipython_and_no_reason_to_refuse() -> None:
    masked = mask("s = '''a\n   \nb'''\n\t\nx = 1\n  ")
    assert masked.python == "s = '''a\n\nb'''\n\nx = 1\n"
    assert not masked.transformed


def test_carriage_returns_stay() -> None:
    masked = mask("x = 1\r\n!ls \\\r\n  a\r\ny?\r\n")
    assert masked.python == (f"x = 1\r\nget_ipython().system('ls    a')\r\n\r\n{CALL}('pinfo', 'y')\r\n")


def test_nested_quotes_in_format_strings_hide_brackets_and_hashes() -> None:
    source = "f\"{d[\"#(\"]} {', '.join(x)}\"\n%cd a\nf'{{ {x:{w}} }}'\nrf'''{\n\"'\"}'''\n%cd b"
    assert [magic.line for magic in mask(source).magics] == [2, 6]
