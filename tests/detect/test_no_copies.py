"""What is nearly the same and does something else: never one of exact copies, but near ones; and what is no copy at all."""

import pytest
from detect.corpus import notebook, two

from nb2mod.model import Features
from nb2mod.stages.detect import block_classes

START = "rows = source.rows\nlimit = source.limit\nprices = source.prices"
BLOCK = """\
best = sorted(rows, key=lambda row: row[1])
total = sum(best) + limit
shares = table(best, limit, index="name").query("share > @limit")
low, high = shares.min(axis=0), prices.max() / total
after = f"{low=} {high - low}"
"""


def _notebooks(one: str, other: str, start: str = START, second: str = "") -> list[Features]:
    """The runs in two notebooks, each with a statement behind it that stands nowhere else."""
    return [
        notebook("a.ipynb", start, "", f"{one}\nend = source.end_a"),
        notebook("b.ipynb", second or start, "", f"{other}\nend = source.end_b"),
    ]


def _classes(one: str, other: str, start: str = START, second: str = "") -> list[tuple[str, int | None]]:
    features = _notebooks(one, other, start, second)
    return [(each.code, each.clone_type) for each in block_classes(features) if not each.boilerplate]


EXACT, NEAR = [("NB111", 1)], [("NB113", 3)]


def test_the_block_itself_is_found() -> None:
    """So what follows is not passed over for another reason."""
    assert _classes(BLOCK, BLOCK) == EXACT


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("total = sum(best) + limit", "total = sum(best) - limit"),
        ("total = sum(best)", "total += sum(best)"),
        ("shares.min(axis=0)", "shares.max(axis=0)"),
        ("axis=0", "level=0"),
        ("row[1]", "row"),
        ("table(best, limit", "table(best, *limit"),
        ("prices.max()", "max(prices)"),
    ],
)
def test_another_operator_attribute_or_keyword(was: str, now: str) -> None:
    assert was in BLOCK
    assert _classes(BLOCK, BLOCK.replace(was, now)) == NEAR


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ('index="name"', 'index="id"'),
        ("axis=0", "axis=1"),
        ("row[1]", f"row[0x1{'f' * 5000}]"),
        ("row[1]", "row[-1]"),
        ("sum(best) + limit", "sum(best) + prices"),
        ("sum(best)", "max(best)"),
        ("{low=}", "{low!r}"),
    ],
)
def test_another_literal_or_name(was: str, now: str) -> None:
    assert was in BLOCK
    features = _notebooks(BLOCK, BLOCK.replace(was, now))
    found = [each for each in block_classes(features) if not each.boilerplate]
    assert [each.code for each in found] == ["NB113"]
    assert 0.9 <= found[0].similarity < 1


def test_a_renamed_name_that_a_query_reads_differs() -> None:
    """`limit` renamed, and the query's text not: the copy reads another name."""
    bound = START.replace("limit", "bound")
    both = BLOCK.replace("limit", "bound")
    text_stays = both.replace("@bound", "@limit")
    assert _classes(BLOCK, both, START, bound) == NEAR
    assert _classes(BLOCK, text_stays, START, f"{START}\n{bound}") == NEAR


def test_a_name_shown_in_an_f_string_differs() -> None:
    assert _classes(BLOCK, BLOCK.replace("low", "least")) == NEAR


def test_another_import_under_the_same_name_differs() -> None:
    block = "a = read(rows)\nb = read(prices)\nc = a + b\nd = c.mean()\ne = d * c"
    first, second = (f"{START}\nfrom {module} import read" for module in ("one", "two"))
    assert _classes(block, block, first, first) == EXACT
    assert _classes(block, block, first, second) == NEAR


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a = 1\nb = 2\nc = 3\nd = 4\ne = 5", "v = 6\nw = 7\nx = 8\ny = 9\nz = 10"),
        ("a = 'x'\nb = 'y'\nc = 'z'\nd = 'u'\ne = 'v'", "a = 'one'\nb = 'two'\nc = 'three'\nd = 'four'\ne = 'five'"),
        ("a = f(1)\nb = f(2)\nc = f(3)\nd = f(4)\ne = f(5)", "a = f(6)\nb = f(7)\nc = f(8)\nd = f(9)\ne = f(10)"),
        ("a = str\nb = int\nc = list\nd = set\ne = tuple", "a = int\nb = str\nc = set\nd = list\ne = dict"),
    ],
)
def test_a_row_of_constants_is_no_copy_of_another(one: str, other: str) -> None:
    assert _classes(one, other) == []


def test_four_statements_are_too_few_and_nested_ones_count() -> None:
    four = "a = rows[0]\nb = a + limit\nc = b.mean()\nd = c - a"
    assert _classes(four, four) == []
    nested = "a = rows[0]\nfor one in rows:\n    a = a + one\n    if a:\n        limit += 1"
    assert _classes(nested, nested) == EXACT


def test_one_notebook_is_not_enough_and_one_may_be() -> None:
    features = [notebook("a.ipynb", START, "", BLOCK, "", BLOCK)]
    assert block_classes(features) == ()
    assert [len(one.members) for one in block_classes(features, notebooks=1)] == [2]
    assert block_classes(two(START, "", BLOCK), notebooks=3) == ()


def test_copies_within_a_notebook_are_members_too() -> None:
    features = [notebook("a.ipynb", START, "", BLOCK, "", BLOCK), notebook("b.ipynb", "x = 1", "", START, "", BLOCK)]
    assert [len(one.members) for one in block_classes(features)] == [3]


def test_modules_take_no_part() -> None:
    features = two(START, "", BLOCK)
    assert block_classes(features)
    assert block_classes([features[0], Features("team/rows.py", features[1].cells, kind="module")]) == ()


STEPS = "best = sorted(rows)\ntotal = sum(best) + width\nshares = [one / total for one in best]"


@pytest.mark.parametrize(
    ("one", "found"),
    [
        ("width = 100.0\nnames = 41\nstep = .01\n" + STEPS, []),
        ("width = 100.0\nnames = 41\n" + STEPS, []),
        ("width = 100.0\n" + STEPS + "\nlow = min(shares)", []),
        ("width = 100.0\n" + STEPS + "\nlow = min(shares)\nspan = max(shares) - low", NEAR),
        ("width = 100.0\nnames = 41\nstep = .01\n" + STEPS + "\nlow = min(shares)\nspan = max(shares) - low", NEAR),
    ],
    ids=["half of it", "three steps", "four steps", "five steps", "more steps than values"],
)
def test_values_that_somebody_sets_are_no_steps_of_a_near_copy(one: str, found: list[tuple[str, int]]) -> None:
    assert _classes(one, one.replace("100.0", "20.0").replace("sum(best)", "sum(best, 3)")) == found


def test_values_of_an_exact_copy_count() -> None:
    one = "width = 100.0\nnames = 41\n" + STEPS
    assert _classes(one, one) == EXACT
