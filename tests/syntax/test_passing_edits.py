"""Edits of calls and signatures: what each becomes, and that nothing else changes; then the same of generated ones."""

import ast
import random
import sys

import pytest

from nb2mod.notebook.masking import mask
from nb2mod.syntax.passing import Mention, mentions, passing, spelled_inside
from nb2mod.syntax.passing_check import only_passes, renames_only, same_arguments
from nb2mod.syntax.passing_places import edited
from nb2mod.syntax.passing_signature import added, own_names, signature, undefaulted

GIVEN = (("df", "df"), ("sep", '","'))

CALLS = {
    "f(x)": 'f(x, df=df, sep=",")',
    "f()": 'f(df=df, sep=",")',
    "f( )": 'f(df=df, sep="," )',
    "f (x)": 'f (x, df=df, sep=",")',
    "f(x,)": 'f(x, df=df, sep=",",)',
    "f(x , )": 'f(x, df=df, sep="," , )',
    "f(\n    x,  # first\n    y=1,  # second\n)": 'f(\n    x,  # first\n    y=1, df=df, sep=",",  # second\n)',
    "f(  # nothing\n)": 'f(df=df, sep=","  # nothing\n)',
    "f(\n    # nothing\n)": 'f(df=df, sep=","\n    # nothing\n)',
    "f(x  # so\n  )": 'f(x, df=df, sep=","  # so\n  )',
    "f(\\\nx)": 'f(\\\nx, df=df, sep=",")',
    "f((x))": 'f((x), df=df, sep=",")',
    "f(x for x in y)": 'f((x for x in y), df=df, sep=",")',
    "f((x for x in y))": 'f((x for x in y), df=df, sep=",")',
    "f(a, *b, c=1, **d)": 'f(a, *b, c=1, **d, df=df, sep=",")',
    "f(f(1))": 'f(f(1, df=df, sep=","), df=df, sep=",")',
    "f(1)(2).f(3)": 'f(1, df=df, sep=",")(2).f(3)',
    "[f(x) for x in y if f(x)]": '[f(x, df=df, sep=",") for x in y if f(x, df=df, sep=",")]',
    "f'{f(1)}'": "f'{f(1, df=df, sep=\",\")}'",
    'f"{f(1)!r:>{f(2)}}"': "f\"{f(1, df=df, sep=',')!r:>{f(2, df=df, sep=',')}}\"",
    'rf"""{f(1)} é {f(2)}"""': 'rf"""{f(1, df=df, sep=\',\')} é {f(2, df=df, sep=\',\')}"""',
    "x = 'é' + f(1)": "x = 'é' + f(1, df=df, sep=\",\")",
    "@g(f(1))\nclass A(f(2)): pass": '@g(f(1, df=df, sep=","))\nclass A(f(2, df=df, sep=",")): pass',
    "def g(a=f(1)) -> int: return f(2)": 'def g(a=f(1, df=df, sep=",")) -> int: return f(2, df=df, sep=",")',
    "g = lambda a=f(1): f(2)": 'g = lambda a=f(1, df=df, sep=","): f(2, df=df, sep=",")',
    "await f(1)": 'await f(1, df=df, sep=",")',
    "if a:\r\n    f(1)\r\n": 'if a:\r\n    f(1, df=df, sep=",")\r\n',
    "%timeit f(x)": '%timeit f(x, df=df, sep=",")',
    "%timeit -n 1 -r 2 f(x)": '%timeit -n 1 -r 2 f(x, df=df, sep=",")',
    "%time y = f(x)": '%time y = f(x, df=df, sep=",")',
    "    %time y = f(x)": '    %time y = f(x, df=df, sep=",")',
    "y = %time f(x)": 'y = %time f(x, df=df, sep=",")',
    "%%time\ny = f(x)": '%%time\ny = f(x, df=df, sep=",")',
    "%%timeit f(1)\nf(2)": '%%timeit f(1, df=df, sep=",")\nf(2, df=df, sep=",")',
    "%%capture out\nf(2)": '%%capture out\nf(2, df=df, sep=",")',
    "# é\n!ls\nf(2)": '# é\n!ls\nf(2, df=df, sep=",")',
}

# Nothing here is a call that can be edited.
NO_CALLS = (
    "g(f)",
    "f.x(1)",
    "a.f(1)",
    "g(f=1)",
    "def g(f): return f(1)",
    "(f)(1)",
    "[f(1) for f in g]",
    "!echo {f(1)}",
    "%%bash\nf(1)",
    "'f(1)'",
    "f'{f(1)=}'",
    "f'{f(1)=!s:>3} {{f(1)}}'",
    "%timeit y = f(1)",
    "%time f(1, \\\n2)",
    "def f(): pass",
    "import f",
    "f = 1",
    "for f in g: pass",
    "lambda f: f(1)",
    "def g():\n    f = str\n    return f(1)",
    "match g:\n    case f(x=1): pass",
)

SIGNATURES = {
    "def f(): pass": 'def f(*, df, sep=","): pass',
    "def f(  # none\n): pass": 'def f(*, df, sep=","  # none\n): pass',
    "def f(x): pass": 'def f(x, *, df, sep=","): pass',
    "def f(x,): pass": 'def f(x, *, df, sep=",",): pass',
    "def f(x, *, y=1): pass": 'def f(x, *, y=1, df, sep=","): pass',
    "def f(*x): pass": 'def f(*x, df, sep=","): pass',
    "def f(**x): pass": 'def f(*, df, sep=",", **x): pass',
    "def f(x, *, y, ** z): pass": 'def f(x, *, y, df, sep=",", ** z): pass',
    "def f(x, /): pass": 'def f(x, /, *, df, sep=","): pass',
    "def f(\n  x,  # a\n  y={1: (2, 3)},  # b\n): pass": 'def f(\n  x,  # a\n  y={1: (2, 3)}, *, df, sep=",",  # b\n): pass',
    "@g(lambda: (1, 2))\nasync def f ( x: int = 3 ): pass": (
        '@g(lambda: (1, 2))\nasync def f ( x: int = 3, *, df, sep="," ): pass'
    ),
}

DEFAULTS = {
    "def f(n=s): pass": "def f(n): pass",
    "def f(x, n: int = s, m=2): pass": "def f(x, n: int, m=2): pass",
    "def f(x=1, *, n = (s) , m=2): pass": "def f(x=1, *, n , m=2): pass",
    "def f(x=1, n=s): pass": None,
    "def f(n=\\\ns): pass": None,
    "def f(x): pass": None,
}


def rewritten(source: str) -> tuple[str, list[Mention]]:
    """The cell with every call passing more, and the calls that did."""
    done, edits = [], []
    for mention in mentions(source, mask(source).python, ("f",)):
        found = passing(mention, GIVEN) if mention.form == "call" else "no call"
        if not isinstance(found, str):
            done.append(mention)
            edits += found
    return edited(source, edits), done


@pytest.mark.parametrize("source", NO_CALLS)
def test_what_is_no_certain_call_stays(source: str) -> None:
    assert rewritten(source) == (source, [])


@pytest.mark.parametrize("source", CALLS)
def test_calls_pass_more(source: str) -> None:
    after, done = rewritten(source)
    assert after == CALLS[source]
    assert len(after.splitlines()) == len(source.splitlines())
    expected = [("f", GIVEN)] * len(done)
    assert only_passes(mask(source).python, mask(after).python, expected, [])
    assert not only_passes(mask(source).python, mask(after).python, expected[1:], [])
    assert not only_passes(mask(source).python, mask(source).python, expected, [])


@pytest.mark.parametrize("source", SIGNATURES)
def test_signatures_take_more(source: str) -> None:
    new = [("df", ""), ("sep", '","')]
    after = edited(source, added(signature(source), new))
    assert after == SIGNATURES[source]
    assert same_arguments(source, after, new, [])
    assert not same_arguments(source, after, new[:1], [])


@pytest.mark.parametrize("source", DEFAULTS)
def test_a_default_goes(source: str) -> None:
    edit = undefaulted(signature(source), "n", source)
    assert (edit and edited(source, [edit])) == DEFAULTS[source]
    if edit:
        assert same_arguments(source, edited(source, [edit]), [], ["n"])
        assert not same_arguments(source, edited(source, [edit]), [], [])


def test_no_definition_has_no_signature() -> None:
    for source in ("x = 1", "class A: pass", "def", "def f(x", "lambda x: 1", ""):
        with pytest.raises(SyntaxError):
            signature(source)


def test_literals_are_spelled_as_an_f_string_allows() -> None:
    assert spelled_inside('","', '"') == "','"
    assert spelled_inside("','", "'") == '","'
    assert spelled_inside("7", "'\"") == "7"
    assert spelled_inside('"it\'s"', '"') is None
    assert spelled_inside("'\\t'", "\\") is None
    assert spelled_inside("x['a']", "'") is None
    assert spelled_inside("x['a']", '"') == "x['a']"


def test_names_of_a_function() -> None:
    own = own_names("def f(a, *b):\n    c = [d for d in e]\n    class G:\n        h = a\n    return lambda i: c")
    assert own.bound == {"a", "b", "c", "G"}
    assert own.every == {"a", "b", "c", "d", "e", "G", "h", "i"}
    assert own.hides == {"h"}


@pytest.mark.parametrize(
    ("before", "after", "same"),
    [
        ("f(1)", "f(1, df=df, sep=',')", True),
        ("f(1)", "f(2, df=df, sep=',')", False),
        ("f(1)", "f(1, df=dg, sep=',')", False),
        ("f(1)", "f(1, sep=',', df=df)", False),
        ("f(1)", "g(1, df=df, sep=',')", False),
        ("f(1); f(2)", "f(1, df=df, sep=','); f(2)", True),
        ("f(1)", "f(1, df=df, sep=',');", True),
        ("f(1)", "f(1, df=df, sep=','); g", False),
        ("x = f(1)", "x = f(1, df=df, sep=','", False),
        ("x = f(1)", "y = f(1, df=df, sep=',')", False),
    ],
)
def test_the_check_sees_what_else_changed(before: str, after: str, same: bool) -> None:
    assert only_passes(before, after, [("f", GIVEN)], []) is same


def test_the_check_of_lambdas_and_renames() -> None:
    good, given = "map(lambda x: f(x, df=df, sep=','), y)", [("f", GIVEN)]
    assert only_passes("map(f, y)", good, [], given)
    for bad in (
        good.replace("f(x", "f(y"),
        good.replace("lambda x", "lambda x, z"),
        good.replace(": f", ": g"),
        "map(f, y)",
    ):
        assert not only_passes("map(f, y)", bad, [], given)
    old = "def f(x):\n    return x + s"
    assert renames_only(old, "def f(x, *, t):\n    return x + t", {"s": "t"})
    assert not renames_only(old, "def f(x, *, t):\n    return t + t", {"s": "t"})
    assert not renames_only(old, "def f(x):\n    return x - s", {})


# generated

PIECES = (
    "x",
    "*a",
    "k=1",
    "**d",
    "f(x)",
    "(y)",
    "'é,)'",
    "[f(z) for z in y]",
    "lambda q: f(q)",
    "f'{f(x)}'",
    "{1: f(2)}",
)
LAYOUTS = ("{}", " {} ", "\n    {}", "\n    {}  # é, f(1)")


def generated(chance: random.Random) -> str:
    """A cell with one call of f, which may hold others, in some layout and some statement."""
    parts = [chance.choice(PIECES) for _ in range(chance.randint(0, 4))]
    parts.sort(key=lambda part: (part == "**d", part.startswith("k=")))
    parts = [part for at, part in enumerate(parts) if part not in parts[:at] or part not in ("k=1", "**d")]
    shown = ",".join(chance.choice(LAYOUTS).format(part) for part in parts)
    if "#" in shown:
        shown = "".join(f"{line}\n" for line in shown.replace("  # é, f(1),", ",  # é, f(1)").split("\n"))
    elif parts and chance.random() < 0.5:
        shown += ","
    call = f"f({shown})"
    line = "\n" not in call
    frames = [
        "y = {}",
        "if a:\n    g({}, 2)",
        "def h(v={}):\n    return v",
        "print({}.b)\n",
        "async def h():\n    await {}",
    ]
    return chance.choice([*frames, *(["%time y = {}", "%timeit -n 2 {}", "%%time\n{}"] if line else [])]).format(call)


def test_generated_calls(request: pytest.FixtureRequest, record_property) -> None:
    count = 100_000 if request.config.getoption("--soak") else 400
    calls = 0
    for seed in range(count):
        source = generated(random.Random(seed))
        before = mask(source).python
        ast.parse(before)
        after, done = rewritten(source)
        assert len(after.splitlines()) == len(source.splitlines()), source
        assert only_passes(before, mask(after).python, [("f", GIVEN)] * len(done), []), (source, after)
        assert len(done) == sum(
            isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "f"
            for node in ast.walk(ast.parse(before))
        )
        calls += len(done)
    assert "libcst" in sys.modules
    record_property("score", f"calls that pass more: {calls:,} in {count:,} generated cells, none wrong, none left out")
