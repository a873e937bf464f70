"""Near-miss blocks through the whole pipeline: what becomes a parameter is proved, what stays is told at its real place."""

import ast
import json
import random
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import pytest
from detect.edited_blocks import TYPE_2_ODD, pair

from nb2mod import pipeline, settings
from nb2mod.model import Candidate, Reason, Report, Verdict
from nb2mod.pipeline import outcome
from nb2mod.pipeline.laying import settled
from nb2mod.pipeline.request import silent
from nb2mod.stages import discover


def _write(root: Path, **notebooks: Sequence[str]) -> pipeline.Request:
    root.mkdir(parents=True)
    for name, sources in notebooks.items():
        cells = [
            {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": source}
            for source in sources
        ]
        book = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
        (root / f"{name}.ipynb").write_text(json.dumps(book))
    return pipeline.Request(root=root, config=settings.load(root), jobs=1, cache=False)


def _blocks(report: Report) -> list[Candidate]:
    return [one for one in report.candidates if one.kind == "block" and one.code != "NB112"]


@pytest.mark.parametrize("name", ["number replaced", "string replaced"])
def test_replaced_literals_become_parameters(
    name: str,
    project_root: Path,
    pytestconfig: pytest.Config,
    record_property: Callable[[str, object], None],
) -> None:
    """Generated blocks, one literal exchanged: calls pass just these two values, and the proof accepts every one."""
    wanted = 100 if pytestconfig.getoption("--soak") else 5
    seen = 0
    for seed in range(8 * wanted):
        rng = random.Random(f"near {name} {seed}")
        made = pair(TYPE_2_ODD[name], rng, rng.choice((5, 6)), f"k{seed}")
        report = pipeline.extract(_write(project_root / str(seed), one=made.one, other=made.other))
        if any(one.code == "NB111" for one in _blocks(report)):
            continue  # what stands above the literal, or below, is a block by itself
        told = [(one.code, one.verdict.value, one.reasons) for one in _blocks(report)]
        assert [one[:2] for one in told] == [("NB113", "extract")], (seed, told, made)
        (moved,) = _blocks(report)
        (argument,) = moved.arguments
        assert any("violet" in value or "31415" in value for value, _ in argument.values)
        assert argument.default in ("", *(value for value, _ in argument.values))  # a list has none
        for value, (place,) in argument.values:
            source = (made.one if place.path == "one.ipynb" else made.other)[place.cell - 1]
            assert any(ast.dump(ast.parse(value, mode="eval").body) == ast.dump(node) for node in _nodes(source))
        assert {one.evidence for one in moved.occurrences} == {"proved"}
        seen += 1
        if seen == wanted:
            break
    assert seen == wanted
    record_property("score", f"{seen} blocks with a {name} became one function each, proved")


def _nodes(source: str) -> list[ast.AST]:
    return list(ast.walk(ast.parse(source)))


HEAD = "rows = source.rows_{0}\nlimit = source.limit_{0}"
FIRST = "best = sorted(rows)\ntotal = sum(best) + limit\nshares = [one / total for one in best]"
SECOND = "low = min(shares)\nhigh = max(shares)\nspan = high - low"


def test_a_block_over_two_cells_is_told_where_it_differs(project_root: Path) -> None:
    """The statement that is more stands in the second cell: reason, contrast and advice name it there."""
    more = SECOND.replace("high =", "shares.sort()\nhigh =")
    request = _write(
        project_root,
        a=[HEAD.format("a"), f"a = 1\n{FIRST}", SECOND, "print(span)"],
        b=[HEAD.format("b"), "b = 2", FIRST, more, "print(span, total)"],
    )
    (found,) = _blocks(pipeline.scan(request))
    assert (found.code, found.verdict, found.clone_type) == ("NB113", Verdict.BLOCKED, 3)
    (reason,) = (one for one in found.reasons if one.effect == "blocks")
    assert reason.code == "NB372"
    assert reason.location is not None
    assert (reason.location.path, reason.location.cell, reason.location.line) == ("b.ipynb", 4, 2)
    (contrast,) = found.contrasts
    assert contrast.right_lines == ("shares.sort()",)
    assert (contrast.right.cell, contrast.right.line) == (4, 2)
    assert "line 2 of b.ipynb cell 4" in found.advice


def test_a_thing_more_that_a_copy_takes_is_no_difference_of_its_own(project_root: Path) -> None:
    """One copy reads a name of its notebook that the other does not: a person sees the statement, not a parameter."""
    more = SECOND.replace("span = high - low", "span = high - low - limit")
    head = HEAD + "\nother = source.other_{0}"
    changed = FIRST.replace("total = sum(best) + limit", "best.append(other)\ntotal = sum(best) + limit")
    request = _write(
        project_root,
        a=[head.format("a"), f"{FIRST}\n{SECOND}\na = span", "print(span)"],
        b=[head.format("b"), "b = 2", f"{changed}\n{more}\nc = span", "print(span, total)"],
    )
    (found,) = _blocks(pipeline.scan(request))
    told = " ".join([one.message for one in found.reasons] + [one.what for one in found.contrasts] + [found.advice])
    assert "parameter" not in told
    assert "def block" not in told
    assert ("best.append(other)",) in [one.right_lines for one in found.contrasts]


def test_near_copies_have_ids_of_their_own(project_root: Path) -> None:
    """Three near copies of one exact block, each in its own way: three candidates, none with the id of another."""
    block = f"{FIRST}\n{SECOND}"
    variants = {
        "c": block.replace("low =", "best.clear()\nlow ="),
        "d": block.replace("min(shares)", "shares.pop()"),
        "e": block.replace("+ limit", "- limit"),
    }
    cells = {name: [HEAD.format(name), f"{name} = 1", block, "print(span)"] for name in "ab"}
    cells |= {name: [HEAD.format(name), f"{name} = 1", text, "print(span, low)"] for name, text in variants.items()}
    found = _blocks(pipeline.scan(_write(project_root, **cells)))
    assert [one.verdict for one in found if one.code == "NB111"] == [Verdict.EXTRACT]
    staying = [one for one in found if one.code == "NB113"]
    assert sorted(one.path for each in staying for one in each.occurrences) == ["c.ipynb", "d.ipynb", "e.ipynb"]
    assert len({one.id for one in found}) == len(found)
    assert all(one.verdict is Verdict.BLOCKED and one.contrasts for one in staying)


def test_what_is_left_of_it_is_not_proposed_again(project_root: Path) -> None:
    """A second extract finds nothing to do: what stays beside a function of the package is near to no block any more."""
    block = f"{FIRST}\n{SECOND}"
    cells = {name: [HEAD.format(name), f"{name} = 1", block, "print(span)"] for name in "ab"}
    cells["c"] = [HEAD.format("c"), "c = 1", block.replace("high - low", "high * 2 - low"), "print(span, low)"]
    cells["d"] = [HEAD.format("d"), "d = 1", block.replace("sum(best)", "sum(best, 5)"), "print(span, high)"]
    request = _write(project_root, **cells)
    pipeline.write(request, pipeline.extract(request))
    again = pipeline.extract(request)
    assert again.summary.verdicts.get("extract", 0) == 0
    assert not again.changes.changes


def _settled(request: pipeline.Request, path: str) -> tuple[list[Candidate], dict[str, Candidate]]:
    """Verdicts on blocks when the copy in one notebook is taken out, as a proof or a plan does that fails for it; by path."""
    seen = outcome.surveyed(request, discover.find(request.root, request.config, ()), None, silent)
    (member,) = (one for one in seen.blocks.cuts if seen.features[one.file].path == path)
    rejected = {member: Reason("NB390", "does not hold", "blocks")}
    _, candidates, planned = settled(seen, rejected, partial(outcome._planned, request=request))
    assert planned.plan.extractions
    assert path not in {site.path for one in planned.plan.extractions for site in one.sites}
    found = [one for one in candidates if one.kind == "block"]
    return found, {each.path: one for one in found for each in one.occurrences}


TIMES = f"{FIRST}\n{SECOND}".replace("sum(best)", "sum(best, {0})").replace("[one / total", "[{1} * one / total")
STATE = "rows = [{0}, 5, 7]\nlimit = len(rows) + {0}"


def test_copies_that_are_left_and_equal_are_exact_ones(project_root: Path) -> None:
    """Only the copy that drops out held another value: the others need no parameter."""
    starts = {"a": 5, "b": 5, "c": 9}
    cells = {
        name: [STATE.format(at), "print(rows)", TIMES.format(start, 3), f"print(span, {at})"]
        for at, (name, start) in enumerate(starts.items())
    }
    request = _write(project_root, **cells)
    assert [(one.code, len(one.arguments)) for one in _blocks(pipeline.scan(request))] == [("NB113", 1)]
    found, by_path = _settled(request, "c.ipynb")
    assert len(found) == 2
    assert by_path["a.ipynb"] is by_path["b.ipynb"]
    assert (by_path["a.ipynb"].code, by_path["a.ipynb"].verdict) == ("NB111", Verdict.EXTRACT)
    assert not by_path["a.ipynb"].arguments
    assert by_path["c.ipynb"].verdict is Verdict.BLOCKED
    assert [one.code for one in by_path["c.ipynb"].reasons if one.effect == "blocks"] == ["NB390"]


def test_no_parameter_is_left_that_no_call_passes(project_root: Path) -> None:
    """The copies that are left differ in one place of two."""
    values = {"a": (5, 3), "b": (5, 4), "c": (9, 3)}
    cells = {
        name: [STATE.format(at), "print(rows)", TIMES.format(*both), f"print(span, {at})"]
        for at, (name, both) in enumerate(values.items())
    }
    request = _write(project_root, **cells)
    assert [(one.code, len(one.arguments)) for one in _blocks(pipeline.scan(request))] == [("NB113", 2)]
    found, by_path = _settled(request, "c.ipynb")
    assert len(found) == 2
    moved = by_path["a.ipynb"]
    assert moved is by_path["b.ipynb"]
    assert (moved.code, moved.verdict) == ("NB113", Verdict.EXTRACT)
    (argument,) = moved.arguments
    assert {value for value, _ in argument.values} == {"3", "4"}
    assert by_path["c.ipynb"].verdict is Verdict.BLOCKED


EXACT = """\
plt.figure(figsize=(9, 3))
plt.xlabel('x')
plt.ylabel('u')
plt.grid(True)
plt.plot(xs, u, linestyle='--')
plt.xlim(0, 2)"""
OTHER = EXACT.replace("'x'", "'t'").replace("'u')", "'z')\nplt.title('Height')")
POINTS = "import matplotlib.pyplot as plt\nxs = list(range({0}))\nu = [x * x for x in xs]"


def test_what_is_left_over_of_a_class_has_copies_of_its_own(project_root: Path) -> None:
    """`e` is near to what three others hold exactly, and does not unify with it: it does with what `d` holds twice."""
    cells = {name: [POINTS.format(at), f"{EXACT}\nprint({at})"] for at, name in enumerate("abc", 5)}
    smaller = OTHER.replace("(9, 3)", "(8, 4)").replace("'--'", "'-'")
    again = POINTS.format(21).partition("\n")[2]
    cells["d"] = [POINTS.format(20), f"{smaller}\nprint('d')", again, f"{smaller}\nprint('again')"]
    cells["e"] = [POINTS.format(30), f"{OTHER}\nprint('e')"]
    found = _blocks(pipeline.scan(_write(project_root, **cells)))
    assert [(one.code, [each.path[0] for each in one.occurrences]) for one in found] == [
        ("NB111", ["a", "b", "c"]),
        ("NB113", ["d", "d", "e"]),
    ]
    assert {"figsize", "linestyle"} <= {one.name for one in found[1].arguments}
    assert all(one.verdict is not Verdict.BLOCKED for one in found)
