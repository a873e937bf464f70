"""What must not become a parameter, each by its reason, and what a person is told of it."""

import pytest
from msgspec.structs import replace
from unify.texts import copies_of, unified

from nb2mod.model import Copy, Location
from nb2mod.stages.unify import unify

# name: (left, right, code, words of the reason)
BLOCKED = {
    "a statement more": (
        "def f(x):\n    return x",
        "def f(x):\n    x = x.dropna()\n    return x",
        "NB372",
        "statement",
    ),
    "other kinds of statements": ("def f(x):\n    x += 1", "def f(x):\n    x = 1", "NB372", "statement"),
    "an else more": (
        "def f(x):\n    if x:\n        g(x)",
        "def f(x):\n    if x:\n        g(x)\n    else:\n        h(x)",
        "NB372",
        "statement",
    ),
    "operator of an assignment": ("def f(x):\n    x += 1", "def f(x):\n    x -= 1", "NB372", "statement"),
    "operator": ("def f(x, y):\n    return x + y", "def f(x, y):\n    return x - y", "NB373", "reads `x`, `y`"),
    "method of a local": ("def f(x):\n    return x.mean()", "def f(x):\n    return x.median()", "NB373", "reads `x`"),
    "method of a module": ("def f(x):\n    return np.mean(x)", "def f(x):\n    return np.median(x)", "NB373", "called"),
    "keyword": ("def f(x):\n    return g(x, a=1)", "def f(x):\n    return g(x, b=1)", "NB373", "reads `x`"),
    "number of arguments": ("def f(x):\n    return g(x)", "def f(x):\n    return g(x, 1)", "NB373", "reads `x`"),
    "another local": ("def f(x, y):\n    return g(x, x)", "def f(x, y):\n    return g(x, y)", "NB373", "reads `x`"),
    "kinds of parameters": ("def f(x, y):\n    return x", "def f(x, *, y):\n    return x", "NB373", "parameters"),
    "a default more": ("def f(x, n=1):\n    return n", "def f(x, n):\n    return n", "NB373", "parameters"),
    "default that is a name": ("def f(x, n=A):\n    return n", "def f(x, n=B):\n    return n", "NB373", "parameter"),
    "default that is a list": ("def f(x, n=[]):\n    return n", "def f(x, n=[1]):\n    return n", "NB373", "parameter"),
    "pattern": (
        "def f(x):\n    match x:\n        case 1:\n            return 0",
        "def f(x):\n    match x:\n        case 2:\n            return 0",
        "NB373",
        "it is a pattern",
    ),
    "local that is deleted": (
        "def f(x, y):\n    del x\n    return y",
        "def f(x, y):\n    del y\n    return x",
        "NB373",
        "variable",
    ),
    "global name": ("def f():\n    global a\n    a = 1", "def f():\n    global b\n    b = 1", "NB372", ""),
    "name that is declared global": (
        "def f():\n    global a\n    return a",
        "def f():\n    global b\n    return b",
        "NB372",
        "",
    ),
    "text as a comment": (
        'def f(x):\n    x\n    "one"\n    return x',
        'def f(x):\n    x\n    "two"\n    return x',
        "NB373",
        "nothing reads",
    ),
    "code string that reads a local": (
        'def f(df, low):\n    return df.query("x > @low")',
        'def f(df, low):\n    return df.query("x < @low")',
        "NB373",
        "reads `df`",
    ),
    "shows its own expression": (
        'def f(x):\n    return f"{x=} a"',
        'def f(x):\n    return f"{x=} b"',
        "NB373",
        "reads `x`",
    ),
    "format of a field": ('def f(x):\n    return f"{x:.1f}"', 'def f(x):\n    return f"{x:.2f}"', "NB373", "reads `x`"),
    "text in several pieces": (
        'def f(x):\n    return f"{x} a" "b"',
        'def f(x):\n    return f"{x} a" "c"',
        "NB373",
        "reads `x`",
    ),
    "imported name": (
        "def f():\n    import a\n    return a.x()",
        "def f():\n    import b\n    return b.x()",
        "NB372",
        "",
    ),
    "decorator": ("@a\ndef f(x):\n    return x", "@b\ndef f(x):\n    return x", "NB373", "decorator differs"),
    "argument of a decorator": ("@a(1)\ndef f(x):\n    return x", "@a(2)\ndef f(x):\n    return x", "NB373", ""),
    "unknown decorator": ("@njit\ndef f(x):\n    return x + 1", "@njit\ndef f(x):\n    return x + 2", "NB373", "@njit"),
    "looks at its names": (
        "def f(x):\n    n = 1\n    return locals()",
        "def f(x):\n    n = 2\n    return locals()",
        "NB373",
        "locals()",
    ),
    "the same to a cache": (
        "@lru_cache\ndef f(x):\n    return x + 1",
        "@lru_cache\ndef f(x):\n    return x + 1.0",
        "NB373",
        "cache",
    ),
    "expression in a loop": (
        "def f(x):\n    for i in x:\n        g(K['a'])",
        "def f(x):\n    for i in x:\n        g(K['a'].b)",
        "NB373",
        "in a loop",
    ),
    "expression for each item": (
        "def f(x):\n    return [i + a.b for i in x]",
        "def f(x):\n    return [i + a.c for i in x]",
        "NB373",
        "for each item",
    ),
    "expression on one way": (
        "def f(x):\n    return x if x else a.b",
        "def f(x):\n    return x if x else a.c",
        "NB373",
        "one way",
    ),
    "second of `and`": ("def f(x):\n    return x and a.b", "def f(x):\n    return x and a.c", "NB373", "one way"),
    "later comparison": ("def f(x):\n    return 1 < x < a.b", "def f(x):\n    return 1 < x < a.c", "NB373", "one way"),
    "inside try": (
        "def f(x):\n    try:\n        return a.b\n    except E:\n        return x",
        "def f(x):\n    try:\n        return a.c\n    except E:\n        return x",
        "NB373",
        "try",
    ),
    "inside with": (
        "def f(x):\n    with x:\n        return a.b",
        "def f(x):\n    with x:\n        return a.c",
        "NB373",
        "with",
    ),
    "expression after a call": (
        "def f(x):\n    g(x)\n    return a.b",
        "def f(x):\n    g(x)\n    return a.c",
        "NB373",
        "effect",
    ),
    "expression after an argument": ("def f(x):\n    h(g(x), a.b)", "def f(x):\n    h(g(x), a.c)", "NB373", "effect"),
    "expression in a lambda": (
        "def f(x):\n    return lambda v: v + a.b",
        "def f(x):\n    return lambda v: v + a.c",
        "NB373",
        "inside is called",
    ),
    "expression in a nested function": (
        "def f(x):\n    def g():\n        return a.b\n    return g",
        "def f(x):\n    def g():\n        return a.c\n    return g",
        "NB373",
        "inside is called",
    ),
    "expression and recursion": (
        "def f(x):\n    k = a.b\n    return f(x - k)",
        "def f(x):\n    k = a.c\n    return f(x - k)",
        "NB373",
        "calls itself",
    ),
    "list in a loop": (
        "def f(x):\n    for i in x:\n        i.add([1])",
        "def f(x):\n    for i in x:\n        i.add([1, 2])",
        "NB373",
        "in a loop",
    ),
    "list in a function inside": (
        "def f(x):\n    def g():\n        return [1]\n    return g",
        "def f(x):\n    def g():\n        return [1, 2]\n    return g",
        "NB373",
        "inside is called",
    ),
    "name in a generator function": (
        "def f(x):\n    yield a",
        "def f(x):\n    yield b",
        "NB373",
        "later than it is called",
    ),
    "name in a coroutine": ("async def f(x):\n    return a", "async def f(x):\n    return b", "NB373", "later"),
    "name that is read late": (
        "def f(x):\n    return lambda: a",
        "def f(x):\n    return lambda: b",
        "NB373",
        "may be bound again",
    ),
    "lambda of free names": ("def f(x):\n    g(lambda: a)", "def f(x):\n    g(lambda: a.b)", "NB373", ""),
    "beside any keyword": (
        "def f(x, **kw):\n    g(**kw)\n    return x + 1",
        "def f(x, **kw):\n    g(**kw)\n    return x + 2",
        "NB373",
        "any keyword",
    ),
    "inside a class": (
        "def f(x):\n    class A:\n        n = 1\n    return A",
        "def f(x):\n    class A:\n        n = 2\n    return A",
        "NB373",
        "inside a class",
    ),
    "class": ("class A:\n    n = 1", "class A:\n    n = 2", "NB373", "classes take no parameter here"),
    "one value in two ways": ("def f(x):\n    return x + 2", "def f(x):\n    return x + (1 + 1)", "NB373", "two ways"),
    "names that stand for each other's values": (
        "def f(x):\n    low = 1\n    high = 10\n    return x / low * high",
        "def f(x):\n    high = 1\n    low = 20\n    return x / high * low",
        "NB373",
        "stand for each other's values: what is `low` in one copy is `high` in the other",
    ),
    "names that move along": (
        "def f(zeros):\n    u, v, p, b = zeros(4)\n    return u + v * 2 - p + b",
        "def f(zeros):\n    u, un, v, vn = zeros(4)\n    return u + un * 3 - v + vn",
        "NB373",
        "stand for each other's values",
    ),
    "statements in another order": (
        "def f(x):\n    u_max = 1.0\n    rho_max = 10.0\n    y = x + 1\n    return y / u_max * rho_max",
        "def f(x):\n    rho_max = 10.0\n    u_max = 1.0\n    y = x + 1\n    return y / u_max * rho_max",
        "NB372",
        "the statements stand in another order",
    ),
    "effects in another order": (
        "def f(x):\n    for i in x:\n        plt.grid()\n        plt.plot(i)",
        "def f(x):\n    for i in x:\n        plt.plot(i)\n        plt.grid()",
        "NB372",
        "the statements stand in another order",
    ),
    "list of names of its own": (
        "def f(x):\n    return g([y for y in (1, 2)], x)",
        "def f(x):\n    return g([1, 2], x)",
        "NB373",
        "`[1, 2]` stands where the other copy has `[y for y in (1, 2)]`, which has names of its own",
    ),
    "call with a lambda": (
        "def f(x):\n    return g(h(lambda y: y), x)",
        "def f(x):\n    return g(h(lambda y: y + 1), x)",
        "NB373",
        "",
    ),
    "more than four": (
        "def f(x):\n    g(1, 2, 3, 4, 5)",
        "def f(x):\n    g(10, 20, 30, 40, 50)",
        "NB374",
        "5 values differ",
    ),
}


@pytest.mark.parametrize("name", BLOCKED)
def test_apart(name: str) -> None:
    left, right, code, words = BLOCKED[name]
    found = unified(left, right)
    assert not found.classes
    (apart,) = found.apart
    assert apart.copies == (0, 1)
    assert {reason.code for reason in apart.reasons} == {code}, apart.reasons
    assert all(reason.effect == "blocks" for reason in apart.reasons)
    assert words in apart.reasons[0].message
    assert apart.contrasts
    assert apart.advice
    texts = {"a.ipynb": left.split("\n"), "b.ipynb": right.split("\n")}
    for contrast in apart.contrasts:
        for place, lines in ((contrast.left, contrast.left_lines), (contrast.right, contrast.right_lines)):
            real = texts[place.path][place.line - 1 : place.line - 1 + len(lines)]
            assert [line.strip() for line in lines] == [line.strip() for line in real]


def test_apart_when_it_can_not_be_read() -> None:
    found = unified("def f(x):", "def f(x):\n    return x", "x = 1")
    assert not found.classes
    assert {one.copies: one.reasons[0].message for one in found.apart} == {
        (0,): "it can't be read as Python",
        (1,): "no other copy can be compared with it",
        (2,): "it is no function or class",
    }


def test_a_name_that_means_nothing_certain_is_not_handed_in() -> None:
    copies = copies_of(
        "def f(x):\n    return x + low",
        "def f(x):\n    return x + high",
        meanings=({"low": "ambiguous:low"}, {"high": "state:high"}),
    )
    (apart,) = unify(copies).apart
    assert "means nothing certain" in apart.reasons[0].message


def test_another_module_is_not_handed_in() -> None:
    text = "def f(x):\n    return np.sqrt(x)"
    copies = copies_of(text, text, meanings=({"np": "import:numpy"}, {"np": "import:cupy"}))
    (apart,) = unify(copies).apart
    assert apart.reasons[0].message == "`np` is another import in each: `cupy` here, and `numpy` there"
    assert [contrast.what for contrast in apart.contrasts] == ["`np` is another thing in each"]
    assert apart.advice == "import `np` in b.ipynb as the other copy does, from `numpy`"


def test_a_module_under_another_name_is_told_with_both() -> None:
    texts = ("def f(x):\n    return math.sin(x)", "def f(x):\n    return numpy.sin(x)")
    (apart,) = unify(copies_of(*texts, meanings=({"math": "import:math"}, {"numpy": "import:numpy"}))).apart
    assert apart.reasons[0].message == "`numpy` stands where the other copy has `math`, and both are imports"
    assert apart.advice == "make line 2 of b.ipynb cell 2 `return math.sin(x)`, as in a.ipynb cell 2"


def test_no_name_is_advised_that_the_package_could_not_be_handed() -> None:
    """A name above the definitions would be a parameter without a default, and the package's function gets none."""
    texts = ("def f(x):\n    y = np.median(x)\n    return y", "def f(x):\n    y = np.mean(x)\n    return y")
    package, copy = copies_of(*texts)
    advice = [unify([replace(package, fixed=fixed), copy]).apart[0].advice for fixed in (False, True)]
    assert "one name above the definitions" in advice[0]
    assert advice[1] == "make line 2 of b.ipynb cell 2 `y = np.median(x)`, as in a.ipynb cell 2"


# Advice and places.


def test_an_inserted_line_shows_as_such() -> None:
    left = "def clean(df):\n    df = df.drop_duplicates()\n    df = df.reset_index()\n    return df"
    right = (
        "def clean(df):\n    df = df.drop_duplicates()\n    df = df.dropna()\n    df = df.reset_index()\n    return df"
    )
    copies = [
        Copy(left, Location("notebooks/a.ipynb", 2, 5, "aa"), weight=2),
        Copy(right, Location("notebooks/b.ipynb", 3, 1, "bb")),
    ]
    (apart,) = unify(copies).apart
    (contrast,) = apart.contrasts
    assert contrast.what == "the statement stands in one copy only"
    assert (contrast.left_lines, contrast.right_lines) == ((), ("df = df.dropna()",))
    assert contrast.right == Location("notebooks/b.ipynb", 3, 3, "bb")
    assert contrast.left == Location("notebooks/a.ipynb", 2, 6, "aa")
    assert apart.advice == (
        "take `df = df.dropna()` out of line 3 of notebooks/b.ipynb cell 3, or put it into line 6 of "
        "notebooks/a.ipynb cell 2 as well"
    )


def test_a_line_inside_a_suite_shows_alone() -> None:
    left = "def f(x):\n    for i in x:\n        if i:\n            g(i)\n            k(1)\n    return x"
    right = (
        "def f(x):\n    for i in x:\n        if i:\n            g(i)\n            h(i)\n            k(2)\n    return x"
    )
    (apart,) = unified(left, right).apart
    assert [one.right_lines for one in apart.contrasts] == [("h(i)",)]


ADVICE = {
    "expression gets a name": (
        "def f(x):\n    return np.mean(x)",
        "def f(x):\n    return np.median(x)",
        "give `np.mean` and `np.median` one name above the definitions and call that",
    ),
    "call is not hoisted": (
        "def f(x):\n    g(x)\n    return next(numbers) * x",
        "def f(x):\n    g(x)\n    return next(seen, 1) * x",
        "make line 3 of b.ipynb cell 2 `return next(numbers) * x`, as in a.ipynb cell 2; or hand in a function that gives "
        "`next(numbers)` for one and `next(seen, 1)` for the other, and call that",
    ),
    "list in a loop is not hoisted": (
        "def f(x):\n    for i in x:\n        g(['all'], i)",
        "def f(x):\n    for i in x:\n        g(['some'] * 2, i)",
        "make line 3 of b.ipynb cell 2 `g(['all'], i)`, as in a.ipynb cell 2; or hand in a function that gives `['all']` for "
        "one and `['some'] * 2` for the other, and call that",
    ),
    "order": (
        "def f(x):\n    plt.plot(x)\n    plt.grid()\n    plt.show()",
        "def f(x):\n    plt.plot(x)\n    plt.show()\n    plt.grid()",
        "put the statements from line 3 of b.ipynb cell 2 on into the order that they have from line 3 of a.ipynb cell 2 on",
    ),
    "crossed names": (
        "def f(x):\n    low = 1\n    high = 10\n    return x / low * high",
        "def f(x):\n    high = 1\n    low = 20\n    return x / high * low",
        "call what is `high` in line 2 of b.ipynb cell 2 as it is called in line 2 of a.ipynb cell 2, `low`, or give it "
        "another name in both",
    ),
    "parameter more": (
        "def f(x, digits=2):\n    return round(x, digits)",
        "def f(x):\n    return round(x, 2)",
        "give the function in line 1 of b.ipynb cell 2 the parameter `digits=2` too, and read it as the one in line 1 of "
        "a.ipynb cell 2 does; 1 more place differs",
    ),
    "line made alike": (
        "def f(x):\n    return x.mean()",
        "def f(x):\n    return x.median()",
        "make line 2 of b.ipynb cell 2 `return x.mean()`, as in a.ipynb cell 2",
    ),
    "argument of a class": (
        "class A:\n    n = 1",
        "class A:\n    n = 2",
        "make what differs an argument of the class's `__init__`, in line 2 of b.ipynb cell 2",
    ),
    "statement more in a method": (
        "class A:\n    def run(self, x):\n        return x",
        "class A:\n    def run(self, x):\n        print(x)\n        return x",
        "take `print(x)` out of line 3 of b.ipynb cell 2, or put it into line 2 of a.ipynb cell 2 as well",
    ),
    "statement less in a class": (
        "class A:\n    n = 1\n    m = 2",
        "class A:\n    n = 1",
        "take `m = 2` out of line 3 of a.ipynb cell 2, or put it into line 2 of b.ipynb cell 2 as well",
    ),
    "statement that differs in a method": (
        "class A:\n    def run(self, x):\n        return x.mean()",
        "class A:\n    def run(self, x):\n        return x.median()",
        "make what differs an argument of the class's `__init__`, in line 3 of b.ipynb cell 2",
    ),
    "several": (
        "def f(x):\n    x.a()\n    return x.mean()",
        "def f(x):\n    x.b()\n    return x.median()",
        "make line 2 of b.ipynb cell 2 `x.a()`, as in a.ipynb cell 2; 1 more place differs",
    ),
}


@pytest.mark.parametrize("name", ADVICE)
def test_advice(name: str) -> None:
    left, right, advice = ADVICE[name]
    (apart,) = unified(left, right).apart
    assert apart.advice == advice


def test_advice_that_was_followed_helps() -> None:
    """One name above the definitions: nothing differs any more but what is state of the notebook."""
    text = "def f(x):\n    return average(x)"
    found = unify(copies_of(text, text, meanings=({"average": "state:average"},) * 2))
    assert [one.copies for one in found.classes] == [(0, 1)]


def test_at_most_five_contrasts() -> None:
    left = "def f(x):\n" + "".join(f"    x.a{n}()\n" for n in range(9))
    right = "def f(x):\n" + "".join(f"    x.b{n}()\n" for n in range(9))
    (apart,) = unified(left, right).apart
    assert len(apart.contrasts) == 5


def test_a_copy_is_told_beside_its_nearest() -> None:
    near = "def f(x):\n    a(x)\n    b(x)\n    return x + {}"
    found = unified(near.format(1), near.format(2), "def f(x):\n    a(x)\n    b(x)\n    c(x)\n    return x")
    assert [one.copies for one in found.classes] == [(0, 1)]
    (apart,) = found.apart
    assert apart.copies == (2,)
    assert {one.left.path for one in apart.contrasts} <= {"a.ipynb", "b.ipynb"}
    assert {one.right.path for one in apart.contrasts} == {"c.ipynb"}


# name: (the package's copy, the notebook's, advice)
BESIDE_THE_PACKAGE = {
    "line": (
        "def f(x):\n    return x.mean()",
        "def f(x):\n    return x.median()",
        "make line 2 of a.ipynb cell 2 `return x.mean()`, as in src/p/m.py",
    ),
    "statement that only the package has": (
        "def f(x):\n    x.a()\n    return x",
        "def f(x):\n    return x",
        "put `x.a()` into line 1 of a.ipynb cell 2, as in line 2 of src/p/m.py",
    ),
    "statement that only the notebook has": (
        "def f(x):\n    return x",
        "def f(x):\n    x.a()\n    return x",
        "take `x.a()` out of line 2 of a.ipynb cell 2",
    ),
    "parameter that only the notebook has": (
        "def f(x):\n    return x",
        "def f(x, n=1):\n    return x",
        "take the parameter `n=1` out of line 1 of a.ipynb cell 2, and write the default where it is read",
    ),
}


@pytest.mark.parametrize("name", BESIDE_THE_PACKAGE)
@pytest.mark.parametrize("weight", [1, 9])
def test_the_notebook_is_told_to_change_not_the_package(name: str, weight: int) -> None:
    package, notebook, advice = BESIDE_THE_PACKAGE[name]
    copies = [
        Copy(notebook, Location("a.ipynb", 2, 1), weight=weight),
        Copy(package, Location("src/p/m.py", 0, 1), fixed=True),
    ]
    (apart,) = unify(copies).apart
    assert apart.advice == advice
    assert {reason.location.path for reason in apart.reasons if reason.location} == {"a.ipynb"}
    assert {(one.left.path, one.right.path) for one in apart.contrasts} == {("src/p/m.py", "a.ipynb")}


def test_the_package_beside_copies_that_are_one() -> None:
    text = "def f(x):\n    return g(x.{}(), {})"
    copies = [
        Copy(text.format("mean", 1), Location("a.ipynb", 2, 1)),
        Copy(text.format("mean", 2), Location("b.ipynb", 2, 1)),
        Copy(text.format("median", 1), Location("src/p/m.py", 0, 1), fixed=True),
    ]
    found = unify(copies)
    assert [one.copies for one in found.classes] == [(0, 1)]
    (apart,) = found.apart
    assert apart.copies == (2,)
    assert apart.reasons[0].location == Location("a.ipynb", 2, 2)
    assert apart.reasons[0].message.startswith("`x.mean` ")


def test_a_reason_quotes_what_stands_at_its_place() -> None:
    """What the one reads of the function is told beside what stands there in the other."""
    (apart,) = unified("def f(x, y):\n    g(x)\n    return h(y)", "def f(x, y):\n    g(x)\n    return h(z)").apart
    (reason,) = apart.reasons
    assert reason.location == Location("b.ipynb", 2, 3)
    assert reason.message.startswith("`z` stands where the other copy has `y`, which ")


def test_names_are_crossed_with_the_heaviest_copy_of_a_class() -> None:
    """What fits one copy of a class and not the first stays apart, and is told why."""
    text = "def f(x):\n    {0} = 1\n    {1} = {2}\n    return x / {0} * {1}"
    found = unify(
        copies_of(
            text.format("low", "high", 10), text.format("a", "b", 20), text.format("high", "low", 20), weights=(3, 2, 1)
        )
    )
    assert [one.copies for one in found.classes] == [(0, 1)]
    (apart,) = found.apart
    assert apart.copies == (2,)
    assert "stand for each other's values" in apart.reasons[0].message
    assert (apart.contrasts[0].left.path, apart.contrasts[0].right.path) == ("a.ipynb", "c.ipynb")
