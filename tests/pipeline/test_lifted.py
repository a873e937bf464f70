"""Lifted definitions through the whole pipeline: line ends of Windows, and parameters that copies call differently."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from msgspec.structs import replace

from nb2mod import pipeline, settings
from nb2mod.model import Location, Report, Target

BODY = """\
def score(values):
    total = 0
    for value in values:
        if value > {0}:
            total += value
    print("sum", total)
    return total"""
MODULE = '"""Scores."""\n\n\n' + BODY.format(1) + "\n"
HEAD = "def score(values, *, value_threshold=1):"


def _request(
    root: Path, notebooks: Mapping[str, Sequence[str]], modules: Mapping[str, bytes] | None = None
) -> pipeline.Request:
    root.mkdir()
    for path, content in (modules or {}).items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content)
    for name, sources in notebooks.items():
        cells = [
            {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": source}
            for source in sources
        ]
        book = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
        (root / f"{name}.ipynb").write_text(json.dumps(book))
    return pipeline.Request(root=root, config=settings.load(root), jobs=1, cache=False, unsafe=bool(modules))


def _told(report: Report) -> list[tuple[str, str, str, int]]:
    return [(one.name, one.code, one.verdict.value, len(one.occurrences)) for one in report.candidates]


def _after(report: Report) -> dict[str, bytes]:
    return {change.path: change.after for change in report.changes.changes}


def _sources(report: Report, path: str) -> list[str]:
    return ["".join(cell["source"]) for cell in json.loads(_after(report)[path])["cells"]]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_near_copies_in_cells_with_any_line_ends(project_root: Path, end: str) -> None:
    one = [BODY.format(1).replace("\n", end), "score([1, 2])"]
    other = [BODY.format(2).replace("\n", end), f"print(1){end}score([3,{end}])"]
    report = pipeline.extract(_request(project_root, {"one": one, "other": other}))
    assert _told(report) == [("score", "NB103", "extract", 2)]
    assert report.candidates[0].calls == (Location("other.ipynb", 2, 3),)
    assert _sources(report, "one.ipynb")[1] == "score([1, 2])"
    assert _sources(report, "other.ipynb")[1] == f"print(1){end}score([3,{end}], value_threshold=2)"
    assert HEAD in _after(report)["src/project/modeling.py"].decode()


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_module_keeps_its_line_ends_and_its_mark(project_root: Path, end: str, mark: str) -> None:
    """A function of the package that gets a parameter: not a byte of its module changes beside."""
    text = mark + MODULE.replace("\n", end)
    modules = {"src/project/__init__.py": b"", "src/project/modeling.py": text.encode()}
    books = {name: [BODY.format(2), "score([3])", f"print('{name}')"] for name in ("one", "other")}
    books["other"].append("1 + 1")
    report = pipeline.extract(_request(project_root, books, modules))
    assert _told(report) == [("score", "NB106", "review", 2)]
    expected = text.replace("def score(values):", HEAD).replace("value > 1", "value > value_threshold")
    assert _after(report)["src/project/modeling.py"] == expected.encode()


@pytest.mark.parametrize(
    ("calls", "moved"),
    [
        (["score([1])", "score([2])", "score([3])"], 3),
        (["score(values=[1])", "score([2])", "score([3])"], 3),  # the name that is passed stays
        (["score(values=[1])", "score(rows=[2])", "score([3])"], 2),
    ],
)
def test_near_copies_with_parameters_of_other_names(project_root: Path, calls: list[str], moved: int) -> None:
    """What calls pass for a hole by keyword says nothing of the names of the parameters that were there before (N20)."""
    spelled = ["values", "rows", "items"]
    books = {
        name: [BODY.format(number).replace("values", spelled[number - 1]), call, f"print('{name}')"]
        for number, (name, call) in enumerate(zip(("one", "other", "third"), calls, strict=True), start=1)
    }
    report = pipeline.extract(_request(project_root, books))
    assert ("score", "NB103", "extract", moved) in _told(report)


@pytest.mark.parametrize("value", ["low * 2", "limit()"])
def test_a_function_of_the_package_gets_no_parameter_without_default(project_root: Path, value: str) -> None:
    """What else calls it would pass nothing: the function of the notebooks has drifted from it."""
    text = MODULE.replace("total = 0", "total = 10")
    modules = {"src/project/__init__.py": b"", "src/project/modeling.py": text.encode()}
    books = {
        name: [
            f"low = {number}\nlimit = int\nprint(low, limit)",
            BODY.format(1).replace("= 0", f"= {value}"),
            "score([3])",
        ]
        for number, name in enumerate(("one", "other"), start=1)
    }
    books["other"] += ["1 + 1", "2 + 2", "3 + 3"]
    report = pipeline.extract(_request(project_root, books, modules))
    assert _told(report) == [("score", "NB106", "review", 2)]
    (extraction,) = report.plan.extractions if report.plan else ()
    assert extraction.name == "score_2", "the yes of --unsafe: a second function, under a name of its own"
    assert _after(report).get("src/project/modeling.py", text.encode()).startswith(text.encode())


STATE = "def share(column):\n    total = df[column] / limit\n    print(total)\n    return total"


def test_no_parameter_is_advised_where_there_can_be_none(project_root: Path) -> None:
    """Kept in a list while what it reads changes; a name in capitals is advice as ever, where that is what would do."""
    cells = ["limit = 3\ndf = dict(a=1)", STATE, "kept = [share]", "df = dict(a=2)"]
    books = {name: [*cells, *(f"{name}{number} = {number}" for number in range(5))] for name in ("one", "two")}
    report = pipeline.scan(_request(project_root, books))
    (one,) = (one for one in report.candidates if one.name == "share")
    messages = {reason.code: reason.message for reason in one.reasons}
    assert "used as a value" in messages["NB376"]
    states = [reason.message for reason in one.reasons if reason.code == "NB305"]
    assert len(states) == 2
    assert not any("parameter" in message for message in states)
    assert [message for message in states if "capitals" in message] == [
        message for message in states if "`limit`" in message
    ]


@pytest.mark.parametrize(
    ("names", "calls", "told"),
    [
        (
            ("score", "score"),
            ("score(values=[1])", "score(items=[2])"),
            [
                "its parameter `values` is `items` in another copy, and a call may pass it by its name",
                "its parameter `items` is `values` in another copy, and a call may pass it by its name",
            ],
        ),
        (
            ("score", "rate"),
            ("getattr(1, 'score', 2)\nscore([1])", "getattr(1, 'rate', 2)\nrate([2])"),
            [
                "is called `score` here and `rate` in another copy, and `score` stands in a string of the notebook",
                "is called `rate` here and `score` in another copy, and `rate` stands in a string of the notebook",
            ],
        ),
        (("score", "score"), ("score(values=[1])", "score([2])"), []),  # one of them may give way
        (("score", "rate"), ("getattr(1, 'score', 2)\nscore([1])", "rate([2])"), []),
    ],
)
def test_near_copies_that_keep_their_names_are_told_with_what_sees_them(
    project_root: Path, names: tuple[str, str], calls: tuple[str, str], told: list[str]
) -> None:
    """N20 after the lift: what has other names, and something sees them, is another function; that is no secret."""
    texts = [BODY.format(1).replace("score", names[0])]
    texts += [BODY.format(2).replace("score", names[1]).replace("values", "items")]
    books = {
        name: [text, call, f"print('{name}')"] for name, text, call in zip(("one", "two"), texts, calls, strict=True)
    }
    (found,) = pipeline.scan(_request(project_root, books)).candidates
    assert (found.code, len(found.occurrences)) == ("NB103", 2)
    assert [reason.message for reason in found.reasons if reason.effect == "blocks"] == told
    assert found.verdict.value == ("blocked" if told else "extract")


@pytest.mark.parametrize("locked", [True, False])
def test_each_place_has_one_verdict(project_root: Path, locked: bool) -> None:
    """A copy in production moves by itself, where a call of it can't be given the value: what stays is the other one, and
    beside the one that moves stands why it moves alone.
    """
    books = {"one": [BODY.format(1), "score([1])"], "two": [BODY.format(2), "score([2])", "3"]}
    request = _request(project_root, books)
    path = project_root / "two.ipynb"
    book = json.loads(path.read_text())
    book["cells"][1 if locked else 2]["metadata"] = {"tags": ["parameters"]}
    path.write_text(json.dumps(book))
    found = pipeline.scan(request).candidates
    places = [(each.path, each.cell) for one in found for each in one.occurrences]
    assert sorted(places) == [("one.ipynb", 1), ("two.ipynb", 1)]
    if not locked:
        assert _told(pipeline.scan(request)) == [("score", "NB103", "extract", 2)]
        return
    stays, moves = found
    assert (stays.code, stays.verdict.value, stays.occurrences[0].path) == ("NB103", "blocked", "one.ipynb")
    assert (moves.code, moves.verdict.value, moves.occurrences[0].path) == ("NB201", "extract", "two.ipynb")
    why = next(reason for reason in stays.reasons if reason.code == "NB376")
    note = next(reason for reason in moves.reasons if reason.code == "NB103")
    assert note.message == f"near copies of it are not made one with it: {why.message}"
    assert note.location == why.location == Location("two.ipynb", 2, 1)


# What has drifted from the package (NB106)


def _drifted(root: Path, cells: Mapping[str, Sequence[str]], *, unsafe: bool = False) -> pipeline.Request:
    modules = {"src/project/__init__.py": b"", "src/project/modeling.py": MODULE.encode()}
    books = {name: [*found, *(f"{name}{number} = {number}" for number in range(4))] for name, found in cells.items()}
    return replace(_request(root, books, modules), unsafe=unsafe)


MORE = BODY.format(1).replace("    total = 0", "    values = list(values)\n    total = 0")


@pytest.mark.parametrize("body", [MORE, BODY.format(2)])
def test_without_a_yes_the_package_gets_no_second_version(project_root: Path, body: str) -> None:
    """Also where a parameter is offered: what it would not move with one, it does not move without one."""
    report = pipeline.extract(_drifted(project_root, {name: [body, "score([3])"] for name in ("one", "two")}))
    assert _told(report) == [("score", "NB106", "review", 2)]
    assert not _after(report)


def test_what_a_notebook_defines_alone_is_shown_beside_the_package(project_root: Path) -> None:
    report = pipeline.extract(_drifted(project_root, {"one": [MORE, "score([3])"]}, unsafe=True))
    (one,) = report.candidates
    assert (one.code, one.verdict.value, one.drifted) == ("NB106", "blocked", Target("project.modeling", "score"))
    (contrast,) = one.contrasts
    assert (contrast.left.path, contrast.right.path) == ("src/project/modeling.py", "one.ipynb")
    assert contrast.right_lines == ("values = list(values)",)
    assert "change `project.modeling.score` where the notebooks are right" in one.advice
    assert not _after(report)


def test_a_copy_that_is_nearer_to_another_notebooks_is_held_against_the_package(project_root: Path) -> None:
    """Two copies differ from each other by a statement, and both from the package by more."""
    far = MORE.replace("    return total", "    print(len(values))\n    return total")
    report = pipeline.scan(_drifted(project_root, {"one": [MORE, "score([3])"], "two": [far, "score([4])"]}))
    drifted = [one for one in report.candidates if one.code == "NB106"]
    assert {each.path for one in drifted for each in one.occurrences} == {"one.ipynb", "two.ipynb"}
    assert {contrast.left.path for one in drifted for contrast in one.contrasts} == {"src/project/modeling.py"}


@pytest.mark.parametrize("unsafe", [False, True])
def test_a_value_that_no_call_can_pass(project_root: Path, unsafe: bool) -> None:
    """The place that keeps the parameter away is named, and the values stand side by side."""
    cells = {name: [BODY.format(2), "kept = [score]"] for name in ("one", "two")}
    report = pipeline.extract(_drifted(project_root, cells, unsafe=unsafe))
    (one,) = (each for each in report.candidates if each.name == "score")
    assert (one.code, one.verdict.value) == ("NB106", "blocked" if unsafe else "review")
    assert [contrast.what for contrast in one.contrasts] == ["the value differs: `1` and `2`"]
    if not unsafe:
        assert "in values alone" in one.reasons[0].message
        assert "used as a value" in one.reasons[0].message
    assert not _after(report)


def test_two_copies_with_values_of_their_own_drift_together(project_root: Path) -> None:
    """They would be one function with a parameter, and that one another than the package's."""
    cells = {"one": [MORE, "score([3])"], "two": [MORE.replace("> 1", "> 5"), "score([4])"]}
    report = pipeline.extract(_drifted(project_root, cells))
    assert _told(report) == [("score", "NB106", "review", 2)]
    assert not _after(report)


BLOCK = """\
rows = [1, 2, 3]
kept = []
for row in rows:
    kept.append(score([row]) + {0})
print("kept", kept)
best = {1}(kept)
print("best", best)
label = f"best {{best}}"
print(label)"""


@pytest.mark.parametrize("moves", [True, False])
def test_a_lift_keeps_no_block_apart(project_root: Path, moves: bool) -> None:
    """Of two copies of a block, one calls the copy that holds the default: that one says so too, where the block moves; a call
    that stays says no more than it has to. A method that differs keeps the block, and is what is told.
    """
    least = "min" if moves else "[].append or max"
    texts = {"one": BLOCK.format(5, "min"), "two": BLOCK.format(6, least)}
    books = {name: [BODY.format(at), texts[name]] for at, name in enumerate(texts, start=1)}
    books["third"] = [BODY.format(1), "score([4])"]
    request = _request(project_root, books)
    report = pipeline.extract(request)
    assert ("score", "NB103", "extract", 3) in _told(report)
    assert "third.ipynb" in _after(report)
    assert _sources(report, "third.ipynb")[1] == "score([4])"
    (block,) = (one for one in report.candidates if one.kind == "block")
    if moves:
        assert block.verdict.value == "extract"
        called = [_sources(report, f"{name}.ipynb")[1].splitlines()[-2] for name in texts]
        assert called == ["label = evaluate_label()", "label = evaluate_label(value_threshold=2, offset=6)"]
    else:
        assert block.verdict.value == "blocked"
        assert all("score" not in reason.message for reason in block.reasons)
        assert _sources(report, "one.ipynb")[1] == texts["one"]
        assert "score([row], value_threshold=2)" in _sources(report, "two.ipynb")[1]
    for path, data in _after(report).items():
        (project_root / path).parent.mkdir(parents=True, exist_ok=True)
        (project_root / path).write_bytes(data)
    assert pipeline.extract(replace(request, config=settings.load(project_root))).plan.extractions == ()


def test_a_copy_that_has_drifted_is_told_once(project_root: Path) -> None:
    """A class that reads state differs by a statement, too: two reasons to stay, one candidate."""
    head, body = "class Score:\n    def of(self, values):\n", BODY.format(1).split("\n", 1)[1].replace("\n", "\n    ")
    modules = {"src/project/__init__.py": b"", "src/project/modeling.py": f"{head}    {body}\n".encode()}
    more = f"{head}        values = values[low:]\n    {body}"
    cells = {
        name: ["low = 1\nlow += 1", more, "Score().of([3])", "print(low)", f"print('{name}')"]
        for name in ("one", "two")
    }
    report = pipeline.scan(_request(project_root, cells, modules))
    assert [one.code for one in report.candidates if one.kind == "class" and one.verdict.value == "blocked"] == [
        "NB106"
    ]


TAIL = """\
print("kept", kept)
best = max(kept)
print("best{0}", best)
label = f"best {{best}}"
print(label)
total = sum(kept)
print(total, best)
print(label, total)"""


@pytest.mark.parametrize("value", [1, 2])
def test_what_stands_below_a_call_that_moves_is_found_at_once(project_root: Path, value: int) -> None:
    """An operator keeps the whole block. A second run would look below the call, the package's by then: so does the first."""
    head = "rows = [1, 2, 3]\nkept = []\nfor row in rows:\n    kept.append(score([row]) {0} 2)\n"
    books = {
        "one": [BODY.format(1), head.format("+") + TAIL.format(1)],
        "two": [BODY.format(value), head.format("*") + TAIL.format(2)],
    }
    request = _request(project_root, books)
    report = pipeline.extract(request)
    (block,) = (one for one in report.candidates if one.kind == "block")
    assert (block.code, block.verdict.value) == ("NB113", "extract")
    assert [(each.line, each.end_line) for each in block.occurrences] == [(5, 11)] * 2
    for path, data in _after(report).items():
        (project_root / path).parent.mkdir(parents=True, exist_ok=True)
        (project_root / path).write_bytes(data)
    assert pipeline.extract(replace(request, config=settings.load(project_root))).plan.extractions == ()


def test_below_a_call_that_stays_nothing_is_looked_for(project_root: Path) -> None:
    """The call is of no function that could move: the block is one, and told as it is."""
    head = "rows = [1, 2, 3]\nkept = []\nfor row in rows:\n    kept.append(abs(row) {0} 2)\n"
    books = {
        "one": [BODY.format(1), "score([1])", head.format("+") + TAIL.format(1)],
        "two": [BODY.format(1), "score([1])", head.format("*") + TAIL.format(2)],
    }
    (block,) = (one for one in pipeline.scan(_request(project_root, books)).candidates if one.kind == "block")
    assert (block.verdict.value, block.occurrences[0].line) == ("blocked", 1)


def test_what_the_package_has_already_is_imported_and_has_one_verdict(project_root: Path) -> None:
    """Extracted before, and brought back in the notebooks: with its parameters it is the package's to the letter."""
    state = "def best(count):\n    ranked = sorted(table)\n    top = ranked[-count:]\n    return [x * {0} for x in top]"
    books = {
        name: [f"table = [{at}, 1, 2]", state.format(factor), "best(2)", f"print('{name}')", f"{name} = 0"]
        for at, (name, factor) in enumerate({"one": 2, "two": 2, "three": 3}.items())
    }
    request = _request(project_root, books)
    first = pipeline.extract(request)
    for path, data in _after(first).items():
        if path.endswith(".py"):
            (project_root / path).parent.mkdir(parents=True, exist_ok=True)
            (project_root / path).write_bytes(data)
    again = pipeline.extract(replace(request, config=settings.load(project_root)))
    assert _told(first) == _told(again) == [("best", "NB103", "extract", 3)]
    assert again.candidates[0].existing == first.candidates[0].target
    notebooks = {path: data for path, data in _after(first).items() if path.endswith(".ipynb")}
    assert _after(again) == notebooks


def test_copies_that_drifted_in_several_ways_are_told_one_by_one(project_root: Path) -> None:
    """A group of near copies that stays for one of them: each is told with its own difference from the package."""
    head = (
        "def scrub(values, limit={0}):\n    values = list(values)\n    center = {1}(values)\n    spread = max(values)"
    )
    text = head + "{2}\n    keep = [v for v in values if abs(v - center) < limit * spread]\n    return keep"
    kinds = {
        "one": ("2.5", "math.fsum", ""),
        "two": ("3.0", "math.prod", ""),
        "three": ("3.0", "math.fsum", " * scale"),
    }
    calls = "print(scrub([1, 2]), list(map(scrub, [[1, 2]])))"
    books = {
        name: ["import math\nscale = 2", text.format(*kind), calls, *(f"{name}{at} = {at}" for at in range(4))]
        for name, kind in kinds.items()
    }
    modules = {
        "src/project/__init__.py": b"",
        "src/project/clean.py": f"import math\n\n\n{text.format('3.0', 'math.fsum', '')}\n".encode(),
    }
    report = pipeline.scan(replace(_request(project_root, books, modules), unsafe=False))
    told = {one.occurrences[0].path: one for one in report.candidates if one.name == "scrub"}
    assert sorted(told) == ["one.ipynb", "three.ipynb", "two.ipynb"]
    assert len({one.id for one in told.values()}) == 3
    assert {one.drifted for one in told.values()} == {Target("project.clean", "scrub")}
    heads = {path: (one.contrasts[0].left_lines, one.contrasts[0].right_lines) for path, one in told.items()}
    assert heads == {
        "one.ipynb": (("def scrub(values, limit=3.0):",), ("def scrub(values, limit=2.5):",)),
        "two.ipynb": (("center = math.fsum(values)",), ("center = math.prod(values)",)),
        "three.ipynb": (("spread = max(values)",), ("spread = max(values) * scale",)),
    }
    for one in told.values():
        assert "one name above the definitions" not in one.advice
