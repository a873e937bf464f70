"""Laws over generated projects: cells run before and after give the same, load nothing early, and modules have no circles."""

import ast
import contextlib
import io
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plan.building import Project

from nb2mod.model import PlanResult

THIRD_PARTY = ("alpha", "beta", "gamma")
# Items of a notebook: text, and the names it wants to stand above it when it runs.
ITEMS: dict[str, tuple[str, tuple[str, ...]]] = {
    "alpha": ("import alpha", ()),
    "beta": ("import beta as be", ()),
    "gamma": ("from gamma import value as gv", ()),
    "LIMIT": ("LIMIT = 3  # rows", ()),
    "load": ('def load(x):\n    """Reads."""\n    return alpha.value + x', ()),
    "plot": ("# draws\ndef plot(x, *, scale=2):\n    return be.value * x * scale", ()),
    "fit": ("def fit(x):\n    return helper(x) + gv", ()),
    "helper": ("def helper(x): return sum([x, LIMIT])", ("sum",)),  # which sum it means must not depend on when it runs
    "even": ("def even(n):\n    return n == 0 or odd(n - 1)", ()),
    "odd": ("def odd(n):\n    return n != 0 and even(n - 1)", ()),
    "Base": ("class Base:\n    def value(self):\n        return LIMIT", ()),
    "Net": (
        "class Net(Base):\n    size = 2\n    def total(self):\n        return self.value() + load(self.size)",
        ("Base",),
    ),
    "default": ("def default(x, k=Base):\n    return k().value() + x", ("Base",)),
    "wrapped": ("@be.wrap\ndef wrapped(x):\n    return x + 1", ("beta",)),
    "sum": ("def sum(x, start=0):\n    return start - len(x)", ()),
    "state": ("counter = []", ()),
}
CALLS = (
    ("print(load(1))", ("load", "alpha")),
    ("plot(2)", ("plot", "beta")),
    ("print(fit(1))", ("fit", "helper", "LIMIT", "gamma")),
    ("x = even(4); print(x)", ("even", "odd")),
    ("print(Net().total())", ("Net", "Base", "LIMIT", "load", "alpha")),
    ("print(default(1), LIMIT)", ("default", "Base", "LIMIT")),
    ("print(wrapped(1));", ("wrapped",)),
    ("counter.append(1)\ncounter", ("state",)),
)


@st.composite
def notebooks(draw: st.DrawFn) -> dict[str, list[str]]:
    """Two to four notebooks over the same items, each in an order of its own that Python accepts."""
    names = draw(st.lists(st.sampled_from(sorted(ITEMS)), min_size=3, max_size=12, unique=True))
    names = sorted(_closed(names))
    made = {}
    for number in range(draw(st.integers(2, 4))):
        made[f"{'nbs/' if number % 2 else ''}n{number}.ipynb"] = _cells(names, Random(draw(st.integers(0, 10_000))))
    return made


def _closed(names: Sequence[str]) -> set[str]:
    """The names with all that their text mentions, so that decide would let them move."""
    found = set(names)
    while True:
        more = {other for name in found for other in ITEMS if other != name and _mentions(ITEMS[name][0], other)}
        more |= {"sum"} & found
        if more <= found:
            return found
        found |= more


def _mentions(text: str, name: str) -> bool:
    spelled = {"beta": "be", "gamma": "gv"}.get(name, name)
    words = {node.id for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name)}
    return spelled in words and not (name == "sum" and name in words)


def _cells(names: Sequence[str], random: Random) -> list[str]:
    waiting, placed, cells = list(names), set[str](), [""]
    calls = list(CALLS)
    while waiting:
        ready = [name for name in waiting if placed.issuperset(n for n in ITEMS[name][1] if n in names)]
        name = random.choice(ready)
        waiting.remove(name)
        placed.add(name)
        _append(cells, ITEMS[name][0], random)
        for call in [call for call in calls if placed.issuperset(call[1])]:
            if random.random() < 0.7:
                calls.remove(call)
                _append(cells, call[0], random)
    return cells


def _append(cells: list[str], text: str, random: Random) -> None:
    if cells[-1] and random.random() < 0.5:
        cells.append(text)
    else:
        cells[-1] += ("\n" * random.choice((1, 2, 3)) if cells[-1] else "") + text


@pytest.fixture(scope="module")
def third_party(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Modules to import whose loading can be watched."""
    folder = tmp_path_factory.mktemp("third_party")
    for number, name in enumerate(THIRD_PARTY, 2):
        (folder / f"{name}.py").write_text(f"value = {number}\ndef wrap(f):\n    return lambda x: f(x) * 2\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(folder)
        yield folder


def _run(cells: Sequence[str], path: Path | None) -> tuple[list[Any], set[str]]:
    """What each cell printed and which third-party modules were loaded after it; the names bound at the end."""
    for name in [name for name in sys.modules if name in THIRD_PARTY or name.partition(".")[0] == "reports"]:
        del sys.modules[name]
    told: list[Any] = []
    names: dict[str, Any] = {"__name__": "__main__"}
    with contextlib.ExitStack() as stack:
        if path is not None:
            sys.path.insert(0, str(path))
            stack.callback(sys.path.remove, str(path))
        for cell in cells:
            out = io.StringIO()
            with contextlib.redirect_stdout(out):
                exec(compile(cell, "<cell>", "exec"), names)
            told.append((out.getvalue(), [name for name in THIRD_PARTY if name in sys.modules]))
    return told, {name for name in names if not name.startswith("__")}


@given(made=notebooks())
@settings(max_examples=60)
def test_notebooks_do_what_they_did(
    third_party: Path, tmp_path_factory: pytest.TempPathFactory, made: dict[str, list[str]]
) -> None:
    project = Project(made)
    result = project.plan()
    files = project.after()
    root = tmp_path_factory.mktemp("project")
    for path, text in files.items():
        if path.endswith(".py"):
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text)
    for path, cells in made.items():
        after = files[path].split("\n---\n")
        assert _run(after, root / "src") == _run(cells, None), "\n".join([*result_lines(result), files[path]])
    assert_no_circles(result)
    assert not result.rejected


def result_lines(result: PlanResult) -> list[str]:
    return [f"{item.module} {item.name} {item.imports} {item.local_imports}" for item in result.plan.extractions]


def assert_no_circles(result: PlanResult) -> None:
    """No module of the plan imports one that imports it, inside functions neither."""
    reads: dict[str, set[str]] = {}
    for item in result.plan.extractions:
        reads.setdefault(item.module, set()).update(module for module, _ in item.requires if module != item.module)
    while reads:
        free = [module for module, others in reads.items() if not others & reads.keys()]
        assert free, reads
        for module in free:
            del reads[module]


@given(made=notebooks(), data=st.data())
@settings(max_examples=40)
def test_order_of_notebooks_does_not_matter(made: dict[str, list[str]], data: st.DataObject) -> None:
    order = data.draw(st.permutations(sorted(made)))
    assert Project(made, order=order).after() == Project(made).after()
    assert Project(made, order=order).plan().plan == Project(made).plan().plan


@given(made=notebooks())
@settings(max_examples=30)
def test_a_plan_written_and_read_again_gives_the_same_changes(made: dict[str, list[str]]) -> None:
    import msgspec

    from nb2mod.model import Plan

    project = Project(made)
    result = project.plan()
    again = msgspec.json.decode(msgspec.json.encode(result.plan), type=Plan)
    assert again == result.plan
    assert project.changes(result) == project.changes()
