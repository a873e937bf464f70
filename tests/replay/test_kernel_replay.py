"""Calls recorded and made again in real kernels: what is the same, what is skipped and why; wrong ones are seen."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from replay.replayed import PACKAGE, notebook_bytes, replayed, targets_of

from nb2mod.model import Difference, Replay, RunOptions, Sides
from nb2mod.stages.verify.replay import ReplayResult, loading
from nb2mod.stages.verify.running.scratch import scratch_copy
from nb2mod.stages.verify.running.session import run_notebook

DEFINITIONS = """\
def push(items, value):
    items.append(value)
    return len(items)

def collect(value, seen=[]):
    seen.append(value)
    return list(seen)

def root(x, digits=3):
    if x < 0:
        raise ValueError(f"negative: {x}")
    return round(x ** 0.5, digits)

def shout(text):
    print(text.upper())

def draw(count):
    return [random.random() for _ in range(count)], np.random.rand(count)

def now():
    return time.time()

def ticket(counter=[0]):
    global issued
    issued = globals().get("issued", 0) + 1
    return issued

def read(handle):
    return handle.read()

def factorial(n):
    return 1 if n < 2 else n * factorial(n - 1)

class Point:
    def __init__(self, x, y=0):
        self.x, self.y = x, y

    def norm(self):
        return (self.x ** 2 + self.y ** 2) ** 0.5

    def move(self, by):
        self.x += by
        return self

    @classmethod
    def origin(cls):
        return cls(0, 0)

    @staticmethod
    def twice(value):
        return 2 * value

    @property
    def pair(self):
        return (self.x, self.y)

def evens(limit):
    for number in range(0, limit, 2):
        yield number

def scale(values, by=2.0):
    return values * by

def clean(table, column="a"):
    kept = table.dropna(subset=[column])
    return kept.assign(twice=kept[column] * 2)

def outer(x):
    return root(abs(x)) + 1

@functools.lru_cache(maxsize=None)
def cached(n):
    return n + 1

def spread(first, *rest, sign=1, **named):
    return sign * (first + sum(rest)), sorted(named)

def plot(values):
    plt.plot(values)

def save(text):
    with open("saved.txt", "w") as file:
        file.write(text)

def load():
    import team.other
    return team.other.WHERE

def never():
    return 1

def replaced(x):
    return x + 1

async def later():
    return 1
"""
HEAD = "import functools\nimport random\nimport time\nimport matplotlib.pyplot as plt\nimport numpy as np\nimport pandas as pd\n"
CALLS = """
# %%
%matplotlib inline
items = [1]
push(items, 2), push(items, 3), collect(1), collect(2), replaced(1)
# %%
root(4), root(9, digits=1)
root(-1)
# %%
def replaced(x):
    return x - 1
replaced(5)
# %%
random.seed(1), np.random.seed(2)
shout("a"), draw(2), draw(3), now(), ticket(), read(open("n.ipynb")), factorial(5)
# %%
p = Point(3, 4)
p.norm(), p.move(2), Point.origin(), Point.twice(4), p.pair
# %%
list(evens(5)), scale(np.arange(4.0)), scale(np.arange(100.0)), scale(np.array([[1, 2]]), by=3)
# %%
frame = pd.DataFrame({"a": [1.0, None, 4.0], "b": list("xyz"), "d": pd.date_range("2020-01-01", periods=3)})
print(clean(frame), frame["a"].map(root), list(map(factorial, [3, 0])))
print(frame.dropna().apply(lambda row: root(row["a"], 1), axis=1))
# %%
outer(-4), cached(1), cached(1), spread(1, 2, 3, sign=-1, b=1, a=2), plot([1, 2]), save("kept")
undefined_name
# %%
import team.other
load(), [p.norm() for p in [Point(1)] * 50], [root(n) for n in range(100)]
"""
NAMES = [
    line.split()[-1].split("(")[0].rstrip(":")
    for line in DEFINITIONS.splitlines()
    if line[:4] in ("def ", "clas", "asyn")
]
NAMES = [
    line.removeprefix("async ").split()[1].split("(")[0].rstrip(":")
    for line in DEFINITIONS.splitlines()
    if line.startswith(("def ", "class ", "async "))
]
TEXT = f"# %%\n{HEAD}# %%\n{DEFINITIONS}{CALLS}"
OTHER = {"src/team/__init__.py": "", "src/team/other.py": "WHERE = 'package'\n"}


@pytest.fixture(scope="module")
def right(tmp_path_factory: pytest.TempPathFactory) -> ReplayResult:
    """The same definitions, in a module."""
    root = tmp_path_factory.mktemp("right") / "project"
    return replayed(root, TEXT, HEAD + DEFINITIONS, NAMES, files=OTHER)


def of(result: ReplayResult, name: str) -> Replay:
    return next(one for one in result.replays if one.name == name)


def test_what_did_not_change_makes_no_difference(right: ReplayResult) -> None:
    assert right.differences == ()


SAME = {
    "push": 2,
    "collect": 2,
    "shout": 1,
    "draw": 2,
    "factorial": 3,
    "evens": 1,
    "scale": 3,
    "clean": 1,
    "outer": 1,
    "cached": 1,
    "spread": 1,
    "plot": 1,
    "save": 1,
    "load": 1,
}


@pytest.mark.parametrize(("name", "calls"), SAME.items())
def test_calls_that_are_the_same(right: ReplayResult, name: str, calls: int) -> None:
    """Recursion counts once, a cached call once; cells go on after the errors in the third and the ninth."""
    found = of(right, name)
    assert (found.same, found.skipped, found.note) == (calls, 0, "")


def test_many_calls_are_not_all_kept(right: ReplayResult) -> None:
    assert 8 <= of(right, "root").same <= 30
    assert 8 <= of(right, "Point").same <= 30


SKIPPED = {
    "now": (1, 0, "does not do again what it did"),
    "ticket": (1, 0, "does not do again what it did"),
    "read": (0, 0, "TextIOWrapper"),
    "never": (0, 0, "never called"),
    "later": (0, 0, "coroutines"),
}


@pytest.mark.parametrize(("name", "expected"), SKIPPED.items())
def test_what_is_skipped_says_why(right: ReplayResult, name: str, expected: tuple[int, int, str]) -> None:
    found = of(right, name)
    assert (found.recorded, found.same) == expected[:2]
    assert expected[2] in found.note


def test_calls_belong_to_the_definition_that_was_in_force(right: ReplayResult) -> None:
    found = of(right, "replaced")
    assert (found.recorded, found.same) == (1, 1)


def test_records_hold_every_kind_of_call(right: ReplayResult) -> None:
    kinds = {(one.target.name, one.method) for one in right.records}
    assert {("push", ""), ("root", ""), ("Point", "norm"), ("Point", "twice"), ("clean", ""), ("evens", "")} <= kinds
    assert not kinds & {("draw", ""), ("plot", ""), ("save", ""), ("now", ""), ("ticket", "")}


# Each turns one definition into a wrong one: name, what stands there, what stands there instead.
WRONG = {
    "a default changed": ("root", "digits=3", "digits=2"),
    "a default that no call used": ("spread", "sign=1", "sign=2"),
    "a default that may change": ("collect", "seen=[]", "seen=[0]"),
    "an operator changed": ("scale", "values * by", "values + by"),
    "an extra print": ("factorial", "    return 1 if", "    print(n)\n    return 1 if"),
    "a print dropped": ("shout", "print(text.upper())", "text.upper()"),
    "a mutation dropped": ("push", "items.append(value)", "items = items + [value]"),
    "an exception's type": ("outer", "root(abs(x)) + 1", "int('x')"),
    "another random number": ("draw", "np.random.rand(count)", "np.random.rand(count + 1)[1:]"),
    "a method": ("Point", "self.y ** 2", "self.y"),
    "what yields": ("evens", "range(0, limit, 2)", "range(0, limit + 2, 2)"),
    "a column": ("clean", "kept[column] * 2", "kept[column] * 2.5"),
    "a picture": ("plot", "plt.plot(values)", "plt.plot(values, 'r')"),
    "a file": ("save", "file.write(text)", "file.write(text + '.')"),
    "arguments swapped": ("replaced", "x + 1", "1 - x"),
    "a return dropped": ("cached", "return n + 1", "n + 1"),
    "keywords lost": ("load", "team.other.WHERE", "None"),
}


def test_every_wrong_definition_is_seen(tmp_path: Path, record_property: Callable[[str, object], None]) -> None:
    """All at once, in one kernel: each is in a function of its own. The error's type is tested on one that raised."""
    module = HEAD + DEFINITIONS
    for name, old, new in WRONG.values():
        start = module.index(f" {name}(" if name != "Point" else "class Point")
        assert old in module[start:]
        module = module[:start] + module[start:].replace(old, new, 1)
    module = module.replace("def outer(x):\n    return int('x')", "def outer(x):\n    raise KeyError(x)")
    found = replayed(tmp_path / "project", TEXT, module, NAMES, files=OTHER)
    told = "\n".join(f"{one.before} | {one.after}" for one in found.differences)
    missed = [what for what, (name, _, _) in WRONG.items() if f"{name}(" not in told and f"{name}." not in told]
    assert not missed, told
    assert all(one.what == "replay" and one.cell == 2 for one in found.differences)
    record_property("score", f"replay: {len(WRONG) - len(missed)} of {len(WRONG)} wrong definitions seen")


def test_another_exception_is_seen(tmp_path: Path) -> None:
    text = "# %%\ndef check(x):\n    if not x:\n        raise ValueError('no')\n# %%\ncheck(0)\n"
    module = "def check(x):\n    if not x:\n        raise {}\n"
    for error in ("TypeError('no')", "ValueError('not')"):
        found = replayed(tmp_path / "project", text, module.format(error), ["check"])
        assert [type(one) for one in found.differences] == [Difference]
        assert "ValueError: no" in found.differences[0].before


def test_recording_does_not_change_the_run(tmp_path: Path) -> None:
    """Every output of every cell, but for clocks; and functions are what they were to whoever looks at them."""
    looks = (
        "# %%\nimport inspect, pickle, sys\n"
        "print(inspect.getsource(root), inspect.signature(root), pickle.loads(pickle.dumps(root)) is root, "
        "root.__code__.co_names, root.__dict__, sorted(name for name in globals() if 'nb2mod' in name))\n"
    )
    text = TEXT.replace("now(), ", "") + looks
    root = tmp_path / "project"
    root.mkdir()
    (root / "n.ipynb").write_bytes(notebook_bytes(text))
    sides = Sides(before={name: content.encode() for name, content in OTHER.items()})
    options = RunOptions(cell_timeout=60)
    with scratch_copy(root, sides, options, PACKAGE, ("src",)) as scratch:
        plain, _ = run_notebook(scratch, "n.ipynb", options, keep_going=True)
        scratch.lay("before")
        prologue = loading.prologue(targets_of(text, NAMES))
        watched, _ = run_notebook(scratch, "n.ipynb", options, keep_going=True, prologue=(prologue,))
    assert len(plain.cells) == len(watched.cells) == 12
    for one, other in zip(plain.cells, watched.cells, strict=True):
        assert [_shown(each) for each in one.outputs] == [_shown(each) for each in other.outputs]
    assert plain.names == watched.names


def _shown(output: dict[str, object]) -> str:
    """Without addresses, and without the traceback, which names the kernel's process in its temporary files."""
    told = json.dumps({key: value for key, value in output.items() if key != "traceback"}, sort_keys=True)
    return re.sub(r"0x[0-9a-f]{6,}", "0x…", told)


def test_a_kernel_that_dies_or_hangs_costs_the_replay_alone(tmp_path: Path) -> None:
    text = "# %%\nimport os\ndef end(x):\n    return x\ndef add(x):\n    return x + 1\n# %%\nend(1), add(1)\n"
    module = "import os\ndef end(x):\n    {}\ndef add(x):\n    return x + 1\n"
    dead = replayed(tmp_path / "project", text, module.format("os._exit(3)"), ["end", "add"])
    assert dead.differences == ()
    assert all(one.same == 0 and "kernel died" in one.note for one in dead.replays)
    hung = replayed(tmp_path / "project", text, module.format("while True: pass"), ["end", "add"])
    assert "came to its end" in hung.differences[0].before
    assert "was stopped" in hung.differences[0].after
    assert of(hung, "add").same == 1


@pytest.mark.parametrize(
    ("cell", "note"),
    [
        (
            "for name in [n for n in sys.modules if n.startswith('_nb2mod')]:\n    del sys.modules[name]",
            "from sys.modules",
        ),
        (
            "sys.modules['_nb2mod_replay'].again.run = lambda *_: [{'cases': [{'data': [['../x', '']]}]}]",
            "not believed",
        ),
        ("sys.modules['_nb2mod_replay'].again.run = None", "TypeError"),
    ],
)
def test_a_notebook_that_meddles_is_told(tmp_path: Path, cell: str, note: str) -> None:
    source = "def add(x):\n    return x + 1\n"
    found = replayed(tmp_path / "project", f"# %%\nimport sys\n{source}# %%\nadd(1)\n# %%\n{cell}\n", source, ["add"])
    (replay,) = found.replays
    assert note in replay.note
    assert (replay.recorded, found.records, found.differences) == (0, (), ())


def test_a_module_that_can_not_be_imported_is_told(tmp_path: Path) -> None:
    text = "# %%\ndef add(x):\n    return x + 1\n# %%\nadd(1)\n"
    found = replayed(tmp_path / "project", text, "import no_such_module\ndef add(x):\n    return x + 1\n", ["add"])
    assert "no_such_module" in of(found, "add").note
    assert of(found, "add").same == 0


LIFTED_BEFORE = """# %%
def near(x): return [x, 2]
def wrong(x): return [x, 2]
def less(x): return [x, 2]
def gone(x, *rest, sep=":", **more): return sep.join([str(x), "b", *rest, *more])
def grown(x): x.append(1); return x
def default(x, n=2): return [x, n]
near(1), wrong(1), less(1), gone("a", "r", k=1), grown([]), default(1)
"""
LIFTED_AFTER = """
def near(x, *, n=3): return [x, n]
def wrong(x, *, n=3): return [x, n + 1]
def less(x, *, n): return [x, n]
def gone(x, *rest, sep=":", last, **more): return sep.join([str(x), last, *rest, *more])
def grown(x, *, with_these): x += with_these; with_these.append(2); return x
def default(x, n=3): return [x, n]
"""
PASSES = {
    "near": (("n", "2"),),
    "wrong": (("n", "2"),),
    "gone": (("last", "'b'"),),
    "grown": (("with_these", "[1]"),),
    "default": (("n", "2"),),
}


def test_lifted_functions_are_passed_what_their_calls_pass_from_now_on(tmp_path: Path) -> None:
    """Each call anew; a parameter that nothing is known of is a difference as ever, another default says nothing."""
    names = ["near", "wrong", "less", "gone", "grown", "default"]
    result = replayed(tmp_path / "project", LIFTED_BEFORE, LIFTED_AFTER, names, passes=PASSES)
    assert [of(result, name).same for name in names] == [1, 0, 0, 1, 1, 0]
    assert "another default" in of(result, "default").note
    assert [(one.before, one.after) for one in result.differences if "wrong" in one.before] == [
        ("wrong(x=1): result[1] = 2", "wrong(x=1): result[1] = 3")
    ]
    assert {one.before.split("(")[0] for one in result.differences} == {"wrong", "less"}
    texts = {record.target.name: [(one.name, one.text) for one in record.arguments] for record in result.records}
    assert texts["near"] == [("", "1"), ("n", "2")]
    assert ("last", "'b'") in texts["gone"]
