"""What the facts say of one statement: which edits leave a trace in its hashes and names, and how heavy it is."""

import ast

import pytest

from nb2mod.model import Definition, Masked, Statement
from nb2mod.syntax import facts
from nb2mod.syntax.statements import trace


def _statement(source: str) -> Statement:
    return facts(source, Masked(source)).statements[0]


def _definition(source: str) -> Definition:
    return facts(source, Masked(source)).definitions[0]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("x = 1", "x  =  1  # one"),
        ("x = 1", "x: int = 1"),
        ("x = 'a'", 'x = u"a"'),
        ("x = 'ab'", "x = ('a' \n 'b')"),
        ("x = 1000", "x = 1_000"),
        ("x = 16", "x = 0x10"),
        ("x = (1)", "x = 1"),
        ("f(a, b)", "f(\n    a,\n    b,\n)"),
        ("x = [1, 2]", "x = [1, 2,]"),
        ("del a, b", "del (a, b)"),
        ("x = a if b else c", "x = (a\n  if b else c)"),
        ("if a:\n    b = 1", "if a:\n\n        b = 1  # one"),
        (
            "if a:\n    def f(x):\n        return x",
            'if a:\n    def f(x: int) -> int:\n        "Text."\n        return x',
        ),
        ("x = f'{a}b'", 'x = f"{a}" "b"'),
        ("with a as b: pass", "with (a as b):\n    pass"),
        ("x = a[1:2]", "x = a[1 : 2]"),
    ],
)
def test_the_same(one: str, other: str) -> None:
    first, second = _statement(one), _statement(other)
    assert (first.skeleton, first.fixed, first.names) == (second.skeleton, second.fixed, second.names)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("x = 1", "x = 2"),
        ("x = 1", "x = -1"),
        ("x = 1", "x = 1.0"),
        ("x = 1", "x = True"),
        ("x = True", "x = False"),
        ("x = 'a'", "x = b'a'"),
        ("x = 'a\\0b', 'c'", "x = 'a', 'b\\0c'"),
        ("x = f'{a}b'", "x = f'b{a}'"),
        ("x = f'{a:.1f}'", "x = f'{a:.2f}'"),
        ("x = f'{a=}'", "x = f'b={a!r}'"),
        ("x = None", "x = ..."),
        ("f('1', 2)", "f(1, '2')"),
    ],
)
def test_the_same_but_for_literals(one: str, other: str) -> None:
    first, second = _statement(one), _statement(other)
    assert first.skeleton == second.skeleton
    assert first.names == second.names
    assert first.fixed != second.fixed


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("x = a.b", "x = a.c"),
        ("x = a.b.c", "x = a.c.b"),
        ("f(a=b)", "f(c=b)"),
        ("f(a=b)", "f(b)"),
        ("f(**a)", "f(a)"),
        ("f(*a)", "f(a)"),
        ("f(a, b)", "f((a, b))"),
        ("f(a, b)", "f(a)(b)"),
        ("x = a + b", "x = a - b"),
        ("x = a < b", "x = a <= b"),
        ("x = a and b", "x = a or b"),
        ("x = not a", "x = -a"),
        ("x = a[b:]", "x = a[:b]"),
        ("x = a[b]", "x = a(b)"),
        ("x += a", "x = a"),
        ("x += a", "x -= a"),
        ("x = a, b", "x = [a, b]"),
        ("x = {a: b}", "x = {a, b}"),
        ("x = {**a}", "x = {a: a}"),
        ("x = {**a, b: b}", "x = {b: b, **a}"),
        ("x = y = a", "x, y = a"),
        ("import a", "import b"),
        ("import a.b", "import a.b as a"),
        ("from a import b", "from a import c as b"),
        ("from a import b", "from .a import b"),
        ("x = [a for a in b]", "x = (a for a in b)"),
        ("x = [a for a in b if a]", "x = [a for a in b]"),
        ("x = [a async for a in b]", "x = [a for a in b]"),
        ("x = lambda a, b: a", "x = lambda a, *, b: a"),
        ("x = lambda a, b: a", "x = lambda a, *b: a"),
        ("if a:\n    b\nc", "if a:\n    b\n    c"),
        ("for a in b:\n    c\nelse:\n    d", "for a in b:\n    c\n    d"),
        ("while a:\n    break", "while a:\n    continue"),
        ("try:\n    a\nexcept b:\n    c", "try:\n    a\nexcept b as c:\n    c"),
        ("try:\n    a\nfinally:\n    c", "try:\n    a\nexcept b:\n    c"),
        ("with a:\n    b", "with a as c:\n    b"),
        ("assert a, b", "assert a and b"),
        ("raise a from b", "raise a"),
        ("x = f'{a}'", "x = f'{a!r}'"),
        ("x = f'{a:{b}}'", "x = f'{a}{b}'"),
        ("match a:\n    case {'b': c}:\n        pass", "match a:\n    case {'b': c, **d}:\n        pass"),
        ("match a:\n    case [b, *c]:\n        pass", "match a:\n    case [b, c]:\n        pass"),
        ("match a:\n    case B(c=1):\n        pass", "match a:\n    case B(d=1):\n        pass"),
        ("if a:\n    class B: pass", "if a:\n    class C: pass"),
        ("x: int", "x = 1"),
    ],
)
def test_not_the_same(one: str, other: str) -> None:
    assert _statement(one).skeleton != _statement(other).skeleton


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("x = f(a, k=b)", {"x", "f", "a", "b"}),
        ("x = [a for a in b if a]", {"x", "a", "b"}),
        ("x = lambda a, *b, c=d, **e: a", {"x", "a", "b", "c", "d", "e"}),
        ("print(x := a)", {"print", "x", "a"}),
        ("try:\n    a\nexcept b as c:\n    pass", {"a", "b", "c"}),
        ("with a as (b, c):\n    pass", {"a", "b", "c"}),
        ("for a, b in c:\n    pass", {"a", "b", "c"}),
        ("import a.b, c as d", {"a", "d"}),
        ("from a import b, c as d", {"b", "d"}),
        ("match a:\n    case [b, *c] | {'x': b, **c} | D(b) as c:\n        pass", {"a", "b", "c", "D"}),
        ("if a:\n    def f(b, *, c=d):\n        global e\n        e = b", {"a", "f", "b", "c", "d", "e"}),
        ("df.query('x > @limit')", {"df", "limit"}),
        ("x.y.z[a].b = c", {"x", "a", "c"}),
        ("del a[b]", {"a", "b"}),
        ("x = f'{a:{b}} {c=}'", {"x", "a", "b", "c"}),
    ],
)
def test_names(source: str, names: set[str]) -> None:
    assert set(_statement(source).names) == names


def test_definitions_say_nothing_here() -> None:
    """They have a shape of their own; but how heavy they are is told."""
    one = _statement("def f(a):\n    if a:\n        return 1")
    assert (one.skeleton, one.fixed, one.names) == (b"", b"", ())
    assert (one.size, one.complexity) == (3, 2)


@pytest.mark.parametrize(
    ("source", "size", "complexity"),
    [
        ("x = 1", 1, 0),
        ("x = a if b and c else [d for d in e if d]", 1, 0),
        ("if a:\n    b\nelif c:\n    d\nelse:\n    e", 5, 2),
        ("for a in b:\n    while c:\n        d\n    else:\n        e", 4, 2),
        ("try:\n    a\nexcept b:\n    c\nexcept d:\n    pass\nelse:\n    e\nfinally:\n    f", 6, 3),
        ("with a:\n    b\n    c", 3, 0),
        ("match a:\n    case 1:\n        b\n    case [c]:\n        d\n    case _:\n        e", 4, 2),
    ],
)
def test_weight(source: str, size: int, complexity: int) -> None:
    one = _statement(source)
    assert (one.size, one.complexity) == (size, complexity)


def test_complexity_of_definitions() -> None:
    assert _definition("def f(a):\n    return a").complexity == 1
    assert _definition("def f(a):\n    for b in a:\n        if b:\n            return b").complexity == 3
    assert _definition("def f(a):\n    def g(b):\n        return b\n    return g").complexity == 2
    assert _definition("class A:\n    x = 1").complexity == 1
    assert _definition("class A:\n    def f(self):\n        if self:\n            return 1").complexity == 3


def test_numbers_too_long_to_print_and_lists_too_long_for_a_byte() -> None:
    assert _statement(f"x = 0x1{'0' * 5000}").fixed != _statement(f"x = 0x2{'0' * 5000}").fixed
    assert _statement(f"x = [0x1{'0' * 5000}]").fixed != _statement(f"x = [0x2{'0' * 5000}]").fixed
    for one, other in ((250, 500), (251, 1), (300, 301)):
        first, second = (_statement(f"x = [{', '.join(['a'] * count)}]") for count in (one, other))
        assert first.skeleton != second.skeleton
        first, second = (_statement(f"x = f({', '.join(['a'] * count)})") for count in (one, other))
        assert first.skeleton != second.skeleton


def test_deep_trees_are_walked() -> None:
    assert _statement(f"x = {'-' * 60}a").skeleton != _statement(f"x = {'-' * 59}a").skeleton


def test_every_kind_of_node_is_read() -> None:
    """A kind that a new Python brings is read by its fields; this says which those are, so that someone looks at them."""
    from nb2mod.syntax import statements

    known = {kind.__name__ for kind in (*statements._PLAIN, *statements._SPECIAL)}
    generic = {
        "ExceptHandler", "MatchAs", "MatchStar", "MatchMapping", "MatchClass", "MatchOr", "MatchSequence", "MatchSingleton",
        "MatchValue", "TypeAlias", "TypeVar", "TypeVarTuple", "ParamSpec", "TemplateStr", "Interpolation",
    }  # fmt: skip
    apart = {
        "Name",
        "Constant",
        "Attribute",
        "Call",
        "keyword",
        "arg",
        "arguments",
        "alias",
        "type_ignore",
        "TypeIgnore",
    }
    groups = {
        "AST",
        "Module",
        "Expression",
        "Interactive",
        "FunctionType",
        "Load",
        "Store",
        "Del",
        "AugLoad",
        "AugStore",
        "Param",
    }
    old = {"Num", "Str", "Bytes", "NameConstant", "Ellipsis", "Index", "ExtSlice", "Suite", "slice"}
    abstract = {name for name, kind in vars(ast).items() if isinstance(kind, type) and name.islower()}
    kinds = {name for name, kind in vars(ast).items() if isinstance(kind, type) and issubclass(kind, ast.AST)}
    assert (
        kinds - known - generic - apart - groups - old - abstract - {"match_case", "comprehension", "withitem"} == set()
    )


def test_literals_are_in_order() -> None:
    found = [trace(statement).literals for statement in ast.parse("x = f(1, 'a')\ny = -2 + f'{a}b'").body]
    assert found == [(1, "a"), (-2, (None, "b"))]
