"""What becomes a parameter: the function that copies become, and what the calls of each pass."""

import ast
import re
from pathlib import Path

import pytest
from unify.texts import copies_of, lifted, passed, replaced, unified

from nb2mod.model import Copy, Location
from nb2mod.stages.unify import unify

# name: (the copies, what all become, what the calls of each pass more)
UNIFIED = {
    "equal": (["def f(x):\n    return x"] * 2, "def f(x):\n    return x", ["", ""]),
    "renamed": (
        ["def f(x):\n    y = x\n    return y", "def g(a):\n    b = a\n    return b"],
        "def f(x):\n    y = x\n    return y",
        ["", ""],
    ),
    "H1 keyword": (
        ["def f(p):\n    return read(p, sep=',')", "def f(p):\n    return read(p, sep=';')"],
        "def f(p, *, sep=','):\n    return read(p, sep=sep)",
        ["", ", sep=';'"],
    ),
    "H1 types are told apart": (
        ["def f(x):\n    return g(x, n=1)", "def f(x):\n    return g(x, n=1.0)", "def f(x):\n    return g(x, n=True)"],
        "def f(x, *, n=1):\n    return g(x, n=n)",
        ["", ", n=1.0", ", n=True"],
    ),
    "H1 negative": (
        ["def f(x):\n    return x.shift(-1)", "def f(x):\n    return x.shift(2)"],
        "def f(x, *, periods=-1):\n    return x.shift(periods)",
        ["", ", periods=2"],
    ),
    "H1 tuple": (
        ["def f(x):\n    g(x, size=(1, 2))", "def f(x):\n    g(x, size=(3, 4, 5))"],
        "def f(x, *, size=(1, 2)):\n    g(x, size=size)",
        ["", ", size=(3, 4, 5)"],
    ),
    "H1 parts of a bare tuple": (
        ["def f(x):\n    return x.loc[0, 'a']", "def f(x):\n    return x.loc[0, 'b']"],
        "def f(x, *, column='a'):\n    return x.loc[0, column]",
        ["", ", column='b'"],
    ),
    "H3 literal in a loop": (
        ["def f(x):\n    while x > 10:\n        x = x - 3", "def f(x):\n    while x > 10:\n        x = x - 4"],
        "def f(x, *, offset=3):\n    while x > 10:\n        x = x - offset",
        ["", ", offset=4"],
    ),
    "H3 literal in a lambda's default": (
        ["def f(x):\n    return lambda v=1: v", "def f(x):\n    return lambda v=2: v"],
        "def f(x, *, v_default=1):\n    return lambda v=v_default: v",
        ["", ", v_default=2"],
    ),
    "H3 literal in a nested decorator": (
        ["def f(x):\n    @g(1)\n    def k():\n        return x\n    return k()"] * 1
        + ["def f(x):\n    @g(2)\n    def k():\n        return x\n    return k()"],
        "def f(x, *, value=1):\n\n    @g(value)\n    def k():\n        return x\n    return k()",
        ["", ", value=2"],
    ),
    "H1 key that is assigned to": (
        ["def f(x):\n    x['a'] = 1\n    return x", "def f(x):\n    x['b'] = 1\n    return x"],
        "def f(x, *, column='a'):\n    x[column] = 1\n    return x",
        ["", ", column='b'"],
    ),
    "H1 key that is deleted": (
        ["def f(x):\n    del x['a']\n    return x", "def f(x):\n    del x['b']\n    return x"],
        "def f(x, *, column='a'):\n    del x[column]\n    return x",
        ["", ", column='b'"],
    ),
    "H1 key of a dict": (
        ["def f(x):\n    return {'a': x}", "def f(x):\n    return {'b': x}"],
        "def f(x, *, key='a'):\n    return {key: x}",
        ["", ", key='b'"],
    ),
    "H1 number before an attribute": (
        ["def f(x):\n    return 1 .real + x", "def f(x):\n    return 2 .real + x"],
        "def f(x, *, value=1):\n    return value.real + x",
        ["", ", value=2"],
    ),
    "H1 starred tuple": (
        ["def f(x):\n    return g(*(1, 2), x)", "def f(x):\n    return g(*(1, 3), x)"],
        "def f(x, *, value=(1, 2)):\n    return g(*value, x)",
        ["", ", value=(1, 3)"],
    ),
    "H1 slice": (
        ["def f(x):\n    return x[:3]", "def f(x):\n    return x[:4]"],
        "def f(x, *, stop=3):\n    return x[:stop]",
        ["", ", stop=4"],
    ),
    "H1 code string without names": (
        ["def f(df):\n    return df.query('x > 3')", "def f(df):\n    return df.query('x > 5')"],
        "def f(df, *, condition='x > 3'):\n    return df.query(condition)",
        ["", ", condition='x > 5'"],
    ),
    "f-string text": (
        ["def f(x):\n    return f'Mean {x:.1f} m'", "def f(x):\n    return f'Sum {x:.1f} m'"],
        "def f(x, *, label='Mean '):\n    return f'{label}{x:.1f} m'",
        ["", ", label='Sum '"],
    ),
    "f-string text on one side": (
        ["def f(x):\n    return f'{x}'", "def f(x):\n    return f'{x} m'"],
        "def f(x, *, label=' m'):\n    return f'{x}{label}'",
        [", label=''", ""],
    ),
    "f-string braces and escapes": (
        ["def f(x):\n    return f'{{a}}\\t{x}'", "def f(x):\n    return f'{{b}}\\t{x}'"],
        "def f(x, *, label='{a}\\t'):\n    return f'{label}{x}'",
        ["", ", label='{b}\\t'"],
    ),
    "f-string field": (
        ["def f(x):\n    return f\"{x['a']!r:>10}\"", "def f(x):\n    return f\"{x['b']!r:>10}\""],
        "def f(x, *, column='a'):\n    return f'{x[column]!r:>10}'",
        ["", ", column='b'"],
    ),
    "f-string of another piece": (
        ["def f(x):\n    return 'a ' f'{x} b'", "def f(x):\n    return 'a ' f'{x} c'"],
        "def f(x, *, label=' b'):\n    return f'a {x}{label}'",
        ["", ", label=' c'"],
    ),
    "raw f-string": (
        ["def f(x):\n    return rf'\\d{x}'", "def f(x):\n    return rf'\\w{x}'"],
        "def f(x, *, prefix='\\\\d'):\n    return f'{prefix}{x}'",
        ["", ", prefix='\\\\w'"],
    ),
    "f-string without fields is a text": (
        ["def f(x):\n    return g(x, unit=f'm')", "def f(x):\n    return g(x, unit='km')"],
        "def f(x, *, unit='km'):\n    return g(x, unit=unit)",
        [", unit=f'm'", ""],
    ),
    "default": (
        ["def f(x, n=10):\n    return x.head(n)", "def f(x, n=20):\n    return x.head(n)"],
        "def f(x, n=10):\n    return x.head(n)",
        ["", ", n=20"],
    ),
    "default of a keyword-only one": (
        ["def f(x, *, n=10):\n    return x.head(n)", "def f(x, *, n=20):\n    return x.head(n)"],
        "def f(x, *, n=10):\n    return x.head(n)",
        ["", ", n=20"],
    ),
    "H4 function": (
        ["def f(x):\n    return clean_text(x)", "def f(x):\n    return strip_text(x)"],
        "def f(x, *, text_function):\n    return text_function(x)",
        [", text_function=clean_text", ", text_function=strip_text"],
    ),
    "name": (
        ["def f(x):\n    return x.merge(orders)", "def f(x):\n    return x.merge(sales)"],
        "def f(x, *, right):\n    return x.merge(right)",
        [", right=orders", ", right=sales"],
    ),
    "name or literal": (
        ["def f(x):\n    return g(x, n=LIMIT)", "def f(x):\n    return g(x, n=3)"],
        "def f(x, *, n):\n    return g(x, n=n)",
        [", n=LIMIT", ", n=3"],
    ),
    "H2 expression": (
        ["def f(x):\n    return g(x, size=len(A))", "def f(x):\n    return g(x, size=B.n)"],
        "def f(x, *, size):\n    return g(x, size=size)",
        [", size=len(A)", ", size=B.n"],
    ),
    "H2 list": (
        ["def f(x):\n    return x[['a', 'b']]", "def f(x):\n    return x[['a', 'c', 'd']]"],
        "def f(x, *, columns):\n    return x[columns]",
        [", columns=['a', 'b']", ", columns=['a', 'c', 'd']"],
    ),
    "H2 list with several parts": (
        ["def f(x):\n    return x[['a', 'b']]", "def f(x):\n    return x[['c', 'd']]"],
        "def f(x, *, columns):\n    return x[columns]",
        [", columns=['a', 'b']", ", columns=['c', 'd']"],
    ),
    "H2 one part of a list": (
        ["def f(x):\n    return x[['a', 'b']]", "def f(x):\n    return x[['a', 'd']]"],
        "def f(x, *, column='b'):\n    return x[['a', column]]",
        ["", ", column='d'"],
    ),
    "H6 one parameter": (
        ["def f(x):\n    g(x['a'])\n    return x['a']", "def f(x):\n    g(x['b'])\n    return x['b']"],
        "def f(x, *, column='a'):\n    g(x[column])\n    return x[column]",
        ["", ", column='b'"],
    ),
    "H6 lists are never shared": (
        ["def f(x):\n    g([1])\n    h([1])", "def f(x):\n    g([1, 2])\n    h([1, 2])"],
        "def f(x, *, g_values, h_values):\n    g(g_values)\n    h(h_values)",
        [", g_values=[1], h_values=[1]", ", g_values=[1, 2], h_values=[1, 2]"],
    ),
    "behind keyword-only ones and before **": (
        ["def f(x, *a, k, **kw):\n    return g(sep=',', **kw)", "def f(x, *a, k, **kw):\n    return g(sep=';', **kw)"],
        "def f(x, *a, k, sep=',', **kw):\n    return g(sep=sep, **kw)",
        ["", ", sep=';'"],
    ),
    "generator": (
        ["def f(x):\n    yield x + 1", "def f(x):\n    yield x + 2"],
        "def f(x, *, offset=1):\n    yield (x + offset)",
        ["", ", offset=2"],
    ),
    "coroutine": (
        ["async def f(x):\n    await g(x, n=1)", "async def f(x):\n    await g(x, n=2)"],
        "async def f(x, *, n=1):\n    await g(x, n=n)",
        ["", ", n=2"],
    ),
    "decorated": (
        ["@lru_cache\ndef f(x):\n    return x + 1", "@lru_cache\ndef f(x):\n    return x + 2"],
        "@lru_cache\ndef f(x, *, offset=1):\n    return x + offset",
        ["", ", offset=2"],
    ),
    "docstrings and annotations do not count": (
        ['def f(x: int):\n    """One."""\n    return x + 1', "def f(x) -> int:\n    return x + 2"],
        'def f(x: int, *, offset=1):\n    """One."""\n    return x + offset',
        ["", ", offset=2"],
    ),
    "names that grow together": (
        ["def f(x):\n    return'a'if x else'b'", "def f(x):\n    return'c'if x else'b'"],
        "def f(x, *, name='a'):\n    return name if x else 'b'",
        ["", ", name='c'"],
    ),
    "columns are bytes": (
        ["def f(x):\n    return g('äöü', 'é', x)", "def f(x):\n    return g('äöü', 'ü', x)"],
        "def f(x, *, name='é'):\n    return g('äöü', name, x)",
        ["", ", name='ü'"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", UNIFIED)
def test_unified(name: str) -> None:
    texts, function, calls = UNIFIED[name]
    found = unified(*texts)
    assert not found.apart
    (one,) = found.classes
    assert one.copies == tuple(range(len(texts)))
    assert [passed(own) for own in one.parameters] == calls
    assert lifted(texts[0], one.parameters[0]) == function
    for text, own in zip(texts, one.parameters, strict=True):
        assert replaced(text, own).count("\n") == text.count("\n")
        assert [(p.name, p.kind, p.default) for p in own] == [(p.name, p.kind, p.default) for p in one.parameters[0]]
        assert all(p.value == "" or p.value != p.default for p in own)


SPANNING = {
    "tuple": ("def f(x):\n    g(x, size=(\n        1,  # wide\n        2,\n    ))", "def f(x):\n    g(x, size=(3, 4))"),
    "text in pieces": ("def f(x):\n    g(x, t='a'\n      'b')", "def f(x):\n    g(x, t='c')"),
    "triple quotes": ('def f(x):\n    g(x, t="""a\nb""")', "def f(x):\n    g(x, t='c')"),
    "f-string": ('def f(x):\n    g(f"""a\n{x}""")', 'def f(x):\n    g(f"""c\n{x}""")'),
    "carriage returns": ("def f(x):\r\n    g(x, t='a'\r\n      'b')\r\n", "def f(x):\r\n    g(x, t='c')\r\n"),
    "continued": ("def f(x):\n    y = 'a' \\\n        'b'\n    g(y, x)", "def f(x):\n    y = 'c'\n    g(y, x)"),
}


@pytest.mark.parametrize("name", SPANNING)
def test_lines_stay_where_they_are(name: str) -> None:
    texts = SPANNING[name]
    (one,) = unified(*texts).classes
    for text, own in zip(texts, one.parameters, strict=True):
        after = replaced(text, own)
        assert (after.count("\n"), after.count("\r")) == (text.count("\n"), text.count("\r"))
        assert all("\n" not in p.value + p.default for p in own)


def test_the_majority_of_notebooks_gives_the_default() -> None:
    text = "def f(x):\n    return g(x, n={})"
    found = unify(copies_of(*(text.format(n) for n in (1, 2, 3)), weights=(1, 5, 1)))
    assert [passed(own) for own in found.classes[0].parameters] == [", n=1", "", ", n=3"]


def test_of_equals_the_smallest_text_is_the_default() -> None:
    text = "def f(x):\n    return g(x, n={})"
    found = unified(*(text.format(n) for n in (7, 3, 5)))
    assert [passed(own) for own in found.classes[0].parameters] == [", n=7", "", ", n=5"]


def test_of_equal_weights_the_smallest_text_is_the_default() -> None:
    text = "def f(x):\n    return g(x, n={})"
    found = unify(copies_of(*(text.format(n) for n in (7, 3, 5)), weights=(2, 1, 2)))
    assert [passed(own) for own in found.classes[0].parameters] == [", n=7", ", n=3", ""]


SHOWN = "def {2}(x):\n    return g(x, n={0}, label={1!r})"


def _defaults(*texts: str, weights: tuple[int, ...] = ()) -> list[str]:
    found = unify(copies_of(*texts, weights=weights or (1,) * len(texts)))
    return [parameter.default for parameter in found.classes[0].parameters[0]]


def test_all_defaults_come_from_one_copy() -> None:
    texts = [SHOWN.format(*own, "f") for own in ((1, "b"), (2, "a"))]
    assert _defaults(*texts) == ["1", "'b'"]
    assert _defaults(*texts, weights=(1, 2)) == ["2", "'a'"]


def test_the_heaviest_variant_leads_where_no_copy_has_the_majority_of_each_value() -> None:
    texts = [SHOWN.format(*own, "f") for own in ((1, "a"), (1, "b"), (2, "c"), (3, "c"))]
    assert _defaults(*texts, weights=(2, 2, 3, 1)) == ["2", "'c'"]


def test_the_copy_that_holds_the_majority_of_each_value_leads_a_heavier_variant() -> None:
    texts = [SHOWN.format(*own, "f") for own in ((1, "x"), (1, "y"), (2, "y"), (3, "y"))]
    assert _defaults(*texts, weights=(2, 1, 1, 1)) == ["1", "'y'"]


def test_of_equals_one_that_is_called_as_most_leads() -> None:
    texts = [SHOWN.format(*own) for own in ((1, "a", "g1"), (2, "b", "f"), (3, "c", "f"))]
    assert _defaults(*texts) == ["2", "'b'"]


def test_of_equals_one_with_a_docstring_leads() -> None:
    texts = [SHOWN.format(1, "a", "f"), SHOWN.format(2, "b", "f").replace("\n", '\n    """Two."""\n')]
    assert _defaults(*texts) == ["2", "'b'"]


def test_values_without_a_default_do_not_lead() -> None:
    text = "def f(x):\n    return g(x, n={}, rows={})"
    texts = [text.format(7, "orders"), text.format(7, "sales"), text.format(3, "parts")]
    assert _defaults(*texts) == ["7", ""]


def test_the_package_gives_the_default() -> None:
    text = "def f(x):\n    return g(x, n={})"
    copies = [
        Copy(text.format(1), Location("a.ipynb", 1, 1), weight=9),
        Copy(text.format(2), Location("src/p/m.py", 0, 1), fixed=True),
    ]
    assert [passed(own) for own in unify(copies).classes[0].parameters] == [", n=1", ""]


def test_names_that_only_one_copy_has_may_be_others() -> None:
    left = "def f(x):\n    low = 1\n    high = 2\n    return x[low:high]"
    right = "def f(x):\n    start = 1\n    end = 3\n    return x[start:end]"
    assert [passed(own) for own in unified(left, right).classes[0].parameters] == ["", ", high_value=3"]


def test_copies_with_crossed_names_that_are_one_function_stay_one() -> None:
    """Nothing becomes a parameter: the names of either copy are right for all of it."""
    texts = "def f(a, b):\n    return a - b", "def f(b, a):\n    return b - a"
    assert unified(*texts).classes[0].parameters == ((), ())


@pytest.mark.parametrize(
    "call", ["np.stack([x] * 4, axis=2)", "torch.stack((x, x))", "df.stack(level=0)", "stack(x, 1)"]
)
def test_a_stack_of_values_is_no_look_at_names(call: str) -> None:
    left, right = (f"def f(x, df):\n    y = {call}\n    return y[{number}]" for number in (1, 2))
    assert len(unified(left, right).classes) == 1


@pytest.mark.parametrize("call", ["inspect.stack()", "stack(2)", "inspect.stack(context=2)", "inspect.stack(*x, **df)"])
def test_a_stack_of_frames_is_a_look_at_names(call: str) -> None:
    left, right = (f"def f(x, df):\n    y = {call}\n    return y[{number}]" for number in (1, 2))
    (apart,) = unified(left, right).apart
    assert "looks at its own names with stack()" in apart.reasons[0].message


def test_several_classes_rather_than_one_with_flags() -> None:
    first = "def f(x):\n    a(x, n={})\n    return x"
    second = "def f(x):\n    b(x, n={})\n    c(x)\n    return x"
    found = unify(copies_of(first.format(1), second.format(1), first.format(2), second.format(2)))
    assert [one.copies for one in found.classes] == [(0, 2), (1, 3)]
    assert not found.apart


def test_a_value_too_many_starts_another_class() -> None:
    text = "def f(x):\n    g(a={}, b={}, c={}, d={}, e={})"
    found = unify(
        copies_of(
            text.format(1, 1, 1, 1, 1), text.format(2, 3, 1, 1, 1), text.format(1, 1, 4, 5, 1), text.format(1, 1, 4, 5, 6),
            weights=(4, 3, 2, 1),
        )
    )  # fmt: skip
    assert [one.copies for one in found.classes] == [(0, 1, 2)]
    assert [one.reasons[0].code for one in found.apart] == ["NB374"]


def test_names_that_mean_the_same_are_no_hole() -> None:
    texts = "def f(x):\n    return np.sqrt(x)", "def f(x):\n    return numpy.sqrt(x)"
    found = unify(copies_of(*texts, meanings=({"np": "import:numpy"}, {"numpy": "import:numpy"})))
    assert found.classes[0].parameters == ((), ())


def test_a_name_that_means_another_thing_is_handed_in() -> None:
    text = "def f(x):\n    return x > LIMIT"
    meanings = ({"LIMIT": "constant:LIMIT=3"}, {"LIMIT": "constant:LIMIT=5"})
    (one,) = unify(copies_of(text, text, meanings=meanings)).classes
    assert [passed(own) for own in one.parameters] == [", limit=LIMIT"] * 2
    assert one.parameters[0][0].reads == ("LIMIT",)


def test_state_under_one_name_keeps_it() -> None:
    text = "def f(x):\n    return helper(x, rates)"
    meanings = ({"rates": "constant:rates=3"}, {"rates": "state:rates"})
    (one,) = unify(copies_of(text, text, meanings=meanings)).classes
    assert [(p.name, p.kind, p.value) for p in one.parameters[0]] == [("rates", "name", "rates")]
    assert replaced(text, one.parameters[0]) == text


def test_builtins_are_no_names_of_the_notebook() -> None:
    texts = "def f(x):\n    return min(x)", "def f(x):\n    return max(x)"
    (one,) = unify(copies_of(*texts, meanings=({"min": "builtin:min"}, {"max": "builtin:max"}))).classes
    assert [(p[0].value, p[0].reads) for p in one.parameters] == [("min", ()), ("max", ())]


def test_every_literal_is_told() -> None:
    text = "def f(x, n={}):\n    return g(x, rate={})"
    (one,) = unify(copies_of(text.format(1, 0.1), text.format(1, 0.01), text.format(2, 0.1), weights=(3, 1, 1))).classes
    assert [note.message for note in one.notes] == [
        "the default of `n` differs: 1 in a.ipynb cell 2, b.ipynb cell 2; 2 in c.ipynb cell 2; 1 is the default",
        "`rate` differs: 0.1 in a.ipynb cell 2, c.ipynb cell 2; 0.01 in b.ipynb cell 2; 0.1 is the default",
    ]
    assert {(note.code, note.effect) for note in one.notes} == {("NB375", "note")}


# name: (left, right, the names of the parameters)
NAMES = {
    "keyword before all": ("plt.hist(x, bins=10)", "plt.hist(x, bins=20)", ["bins"]),
    "unit of what it is compared with": ("x[delay_ms > 5]", "x[delay_ms > 9]", ["delay_ms_threshold"]),
    "column that is compared": ("x[x['age'] > 18]", "x[x['age'] > 21]", ["age_threshold"]),
    "column that is chosen": ("x[x['city'] == 'Oslo']", "x[x['city'] == 'Bergen']", ["city"]),
    "one letter": ("T = 3; x * T", "T = 4; x * T", ["T_value"]),
    "one of several": ("a, b = 1, 2; x * a * b", "a, b = 1, 3; x * a * b", ["b_value"]),
    "inside what is assigned": ("T = h(3)[x]; x * T", "T = h(4)[x]; x * T", ["T_value"]),
    "key that is renamed": ("x.rename({'price': 'cost'})", "x.rename({'fee': 'cost'})", ["column"]),
    "what a column is renamed to": (
        "x.rename(columns={'price': 'cost'})",
        "x.rename(columns={'price': 'fee'})",
        ["price_column"],
    ),
    "what is made of a column": ("x.agg({'price': 'mean'})", "x.agg({'price': 'sum'})", ["price_aggregate"]),
    "value of any other dict": ("g(x, {'rate': 1})", "g(x, {'rate': 2})", ["rate"]),
    "local variable is not taken": ("rate = 0.1; x * rate", "rate = 0.2; x * rate", ["rate_value"]),
    "attribute": ("x.title = 'a'", "x.title = 'b'", ["title"]),
    "key": ("x['lr'] = 0.1", "x['lr'] = 0.2", ["lr"]),
    "factor": ("g(x * 2)", "g(x * 3)", ["factor"]),
    "path": ("g('data/a.csv', x)", "g('data/b.csv', x)", ["path"]),
    "well-known call": ("plt.title('a')", "plt.title('b')", ["title"]),
    "url": ("g('https://a.org/x', x)", "g('https://a.org/y', x)", ["url"]),
    "seed": ("np.random.seed(1)", "np.random.seed(2)", ["seed"]),
    "never a builtin": ("g(x, sum=1)", "g(x, sum=2)", ["sum_value"]),
    "never a name that is read": ("g(x, sep=1); h(sep)", "g(x, sep=2); h(sep)", ["sep_value"]),
    "numbers where nothing else is left": ("g('a', 'b', x)", "g('c', 'd', x)", ["name", "name_2"]),
    "capital constants": ("g(x, LOW)", "g(x, HIGH)", ["data"]),
    "the one name beside a literal": ("g(x, LOW)", "g(x, 3)", ["low"]),
    "shared words": ("g(x, mean_age)", "g(x, median_age)", ["age"]),
    "flag": ("g(x, True)", "g(x, False)", ["flag"]),
    "flag of a call that is known": ("plt.grid(True)", "plt.grid(False)", ["grid"]),
    "short keyword": ("plt.plot(x, c='r', lw=2)", "plt.plot(x, c='b', lw=3)", ["color", "linewidth"]),
    "color": ("g(x, '#AAAAAA')", "g(x, '#BBBBBB')", ["color"]),
    "two of a name say what they belong to": (
        "plt.plot(x, low, label='a'); plt.plot(x, high, label='b')",
        "plt.plot(x, low, label='c'); plt.plot(x, high, label='d')",
        ["low_label", "high_label"],
    ),
    "two of a name by what is called": (
        "y = np.cos(x * 2) + np.exp(3 * x)",
        "y = np.cos(x * 6) + np.exp(9 * x)",
        ["cos_factor", "exp_factor"],
    ),
    "two of a name that each copy calls otherwise": (
        "a = x; plt.plot(a, label='a'); b = x; plt.scatter(b, label='b'); g(a, b)",
        "c = x; plt.plot(c, label='c'); d = x; plt.scatter(d, label='d'); g(c, d)",
        ["plot_label", "scatter_label"],
    ),
    "left of a division": ("g(1 / x)", "g(2 / x)", ["numerator"]),
    "left of a power": ("g(2 ** x)", "g(3 ** x)", ["base"]),
    "text that is put behind": ("g(x + '.csv')", "g(x + '.txt')", ["suffix"]),
    "text that is put before": ("g('a_' + x)", "g('b_' + x)", ["prefix"]),
    "end of a name in an f-string": ("h(out=f'{x}-one')", "h(out=f'{x}-two')", ["out_suffix"]),
    "sentence that is printed": ("print('There is no such file.')", "print('There was no such file.')", ["message"]),
    "label that is printed": ("print('Mean:', x)", "print('Mean error:', x)", ["label"]),
    "how often": ("for epoch in range(5): g(epoch)", "for epoch in range(9): g(epoch)", ["epochs"]),
    "how often, not read": ("for _ in range(5): g(x)", "for _ in range(9): g(x)", ["repeats"]),
    "first value of what moves on": (
        "n = 0; n += x; g(n)",
        "n = 1; n += x; g(n)",
        ["initial_n"],
    ),
    "text for a local variable": ("city = 'Oslo'; g(city)", "city = 'Bergen'; g(city)", ["city_name"]),
    "keyword that is a local variable": (
        "split = x; h(split); g(split='a')",
        "split = x; h(split); g(split='b')",
        ["split_name"],
    ),
    "classes": ("model = LinearModel(x); g(model)", "model = DeepModel(x); g(model)", ["model_class"]),
    "classes with nothing in common": ("model = Ridge(x); g(model)", "model = GMM(x); g(model)", ["model_class"]),
    "functions that do one thing": ("y = load_csv(x); g(y)", "y = load_json(x); g(y)", ["load"]),
    "functions that reduce": ("y = mean(x); g(y)", "y = median(x); g(y)", ["aggregate"]),
    "what joins": ("g(','.join(x))", "g(';'.join(x))", ["separator"]),
    "text that is repeated": ("g('-' * x)", "g('=' * x)", ["symbol"]),
    "one of what is listed": ("lines = ['a b', x]; g(lines)", "lines = ['a c', x]; g(lines)", ["line_text"]),
    "key of settings": ("g(config['a'])", "g(config['b'])", ["key"]),
    "those allowed": ("g(city in ('a', 'b'))", "g(city in ('a', 'c'))", ["city_choices"]),
    "what is looked for": ("g('a' in x)", "g('b' in x)", ["wanted"]),
    "what it is given to": ("x.get_layer('a')", "x.get_layer('b')", ["layer_name"]),
    "module of a call": ("np.clip(x, 0, 5)", "np.clip(x, 0, 9)", ["upper"]),
    "unit of the sum": ("g(wait_ms + 5)", "g(wait_ms + 9)", ["offset_ms"]),
}


@pytest.mark.parametrize("name", NAMES)
def test_names(name: str) -> None:
    left, right, names = NAMES[name]
    texts = [f"def f(x):\n    {body}\n    return x" for body in (left, right)]
    (one,) = unified(*texts).classes
    assert [p.name for p in one.parameters[0]] == names


def test_a_name_of_any_copy_is_taken() -> None:
    left = "def f(x):\n    sep = x\n    return g(sep, sep=1)"
    right = "def f(x):\n    y = x\n    return g(y, sep=2)"
    assert [p.name for p in unified(left, right).classes[0].parameters[0]] != ["sep"]


def test_the_example_of_the_documentation() -> None:
    """docs/near-misses.md: two copies, what they become, and the call of the second."""
    page = (Path(__file__).parents[2] / "docs" / "near-misses.md").read_text(encoding="utf-8")
    copies, becomes, call = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    texts = [text.strip() for text in re.split(r"^# .*\n", copies, flags=re.MULTILINE) if text.strip()]
    (one,) = unify(copies_of(*texts, weights=(3, 1))).classes
    assert lifted(texts[0], one.parameters[0]) == ast.unparse(ast.parse(becomes))
    assert passed(one.parameters[0]) == ""
    assert passed(one.parameters[1]) in call
