"""What recorded calls fit no longer is told by signatures; everything else is left for the replay to find."""

import pytest

from nb2mod.stages.verify.replay import takes_more
from nb2mod.stages.verify.replay.fitting import are_literals

ONLY_MORE = [
    ("def f(a):", "def f(a, *, sep=','):"),
    ("def f(a, *, b=1):", "def f(a, *, b=1, df):"),
    ("def f(*a, **c):", "def f(*a, df, **c):"),
    ("def f(a=1):", "def f(a=2, *, n):"),
]
NOT_MORE = [
    ("def f(a):", "def f(a):"),
    ("def f(a):", "def f():"),
    ("def f(a):", "def f(a, b=1):"),
    ("def f(a, *, b=1):", "def f(a, *, c=1, b=1):"),
    ("def f(a):", "def f(a, *args, n=1):"),
    ("def f(a):", "class f:"),
    ("def f(a):", "async def f(a, *, n=1):"),
    ("def f(a):", "def g(a, *, n=1):"),
    ("def f(a):", "def f(a, *, n=1) broken"),
]


def cell(head: str) -> str:
    return f"%matplotlib inline\nif True:\n    {head}\n        pass\nf(1)\n"


@pytest.mark.parametrize(("old", "new"), ONLY_MORE)
def test_new_keywords(old: str, new: str) -> None:
    for defaults in (False, True):
        assert takes_more(cell(old), (3, 4), f"import os\n\n\n{new}\n    pass\n", "f", defaults=defaults)


@pytest.mark.parametrize(("old", "new"), NOT_MORE)
def test_anything_else(old: str, new: str) -> None:
    for defaults in (False, True):
        assert not takes_more(cell(old), (3, 4), f"{new}\n    pass\n", "f", defaults=defaults)


def test_another_default_only_where_the_proof_stands_for_the_calls() -> None:
    module = "def f(a, n=20):\n    pass\n"
    assert takes_more(cell("def f(a, n=10):"), (3, 4), module, "f", defaults=True)
    assert not takes_more(cell("def f(a, n=10):"), (3, 4), module, "f")


def test_no_module() -> None:
    assert not takes_more(cell("def f(a):"), (3, 4), "", "f", defaults=True)


def test_literals() -> None:
    assert are_literals((("n", "-1"), ("columns", '["id", {1: None}]'), ("title", "'a'")))
    assert are_literals(())
    assert not any(
        are_literals((("n", "1"), ("m", text))) for text in ("df", "f(1)", "[df]", "1 +", "", "{[]: 1}", "a.b")
    )
