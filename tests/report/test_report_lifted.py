"""What becomes of near copies and of state, in words: the calls that pass more, notes said once, why there is no parameter."""

import json
from collections.abc import Sequence

from msgspec.structs import replace
from report.sampling import candidate

from nb2mod.model import (
    Argument,
    CallSite,
    Candidate,
    CellEdit,
    ChangeSet,
    Contrast,
    Extraction,
    FileChange,
    Location,
    Passing,
    Plan,
    Reason,
    Report,
    Summary,
    Verdict,
)
from nb2mod.report import as_json, candidates, diff, explaining, text
from nb2mod.report.ink import Ink, Look

DEFINED = "def load(path):\n    return open(path, 'r')\n"
WIDE = Look(width=200)
MODULE = "def other():\n    pass\n\n\ndef load(path):\n    return open(path, 'x')\n\n\ndef last():\n    pass\n"


AT = {"load": Location("a.ipynb", 1, 1), "total": Location("a.ipynb", 1, 4)}


def _passing(path: str, cell: int, source: str, old: str, new: str, *calls: str) -> Passing:
    """`calls`: the functions whose calls it is an edit of."""
    start = source.index(old)
    return Passing(path, cell, start, start + len(old), new, tuple(AT[name] for name in calls))


def _lifted(cells: Sequence[str], edits: Sequence[Passing], module: str | None = None) -> Report:
    """`load`, and `total` that has a parameter too, move out of the first cell of a.ipynb; `edits` lift them and their calls."""
    sites = (CallSite("a.ipynb", 1, None, 1, 1, 2, "load", passes=(("mode", "'r'"),)),)
    totals = (CallSite("a.ipynb", 1, None, 4, 4, 5, "total", passes=(("df", "df"),)),)
    extractions = (
        Extraction("load-1a2b3c4d", "function", "team.io", "load", DEFINED, sites, existing=module is not None),
        Extraction("total-1a2b3c4d", "function", "team.io", "total", "def total(): pass\n", totals),
    )
    changed = tuple(CellEdit(number, None, source, source) for number, source in enumerate(cells, 1))
    changes = [FileChange("a.ipynb", b"{}", b"{ }", changed)]
    if module is not None:
        changes.append(FileChange("src/team/io.py", module.encode(), b"changed"))
    plan = Plan("team", "src", extractions, passing=tuple(edits))
    return Report("/project", Summary(), plan=plan, changes=ChangeSet(tuple(changes)))


def _hunks(report: Report, name: str) -> list[str]:
    """The lines that lifting changes, without those of the definition."""
    shown = diff.render_candidate(report, f"{name}-1a2b3c4d", Ink()).splitlines()
    begins = [number for number, line in enumerate(shown) if "what calls pass" in line or line == "src/team/io.py"]
    return [line for line in shown[begins[0] :] if line[:1] in ("+", "-")] if begins else []


FIRST = "def load(path):\n    return open(path, 'r')\n\ndef total(x):\n    return load(x) + df\n\nload(1)\n"


def test_calls_that_pass_more_are_shown_with_the_candidate_they_call() -> None:
    second = "print(total(load('(')), load(total(2)))\n"
    third = "list(map(total, rows))\n"
    edits = (
        _passing("a.ipynb", 1, FIRST, "path)", "path, *, mode)"),
        _passing("a.ipynb", 1, FIRST, "total(x)", "total(x, *, df)"),
        _passing("a.ipynb", 1, FIRST, "load(x)", "load(x, mode='r')", "load"),
        _passing("a.ipynb", 1, FIRST, "1)", "1, mode='r')", "load"),
        _passing("a.ipynb", 2, second, "')", "', mode='r')", "load"),
        _passing("a.ipynb", 2, second, "),", ", df=df),", "total"),
        _passing("a.ipynb", 2, second, "2)", "2, df=df)", "total"),
        _passing("a.ipynb", 2, second, "))\n", ", mode='r'))\n", "load"),
        _passing("a.ipynb", 3, third, "total", "lambda x: total(x, df=df)", "total"),
    )
    report = _lifted((FIRST, second, third, "untouched()\n"), edits)
    assert _hunks(report, "load") == [
        "-    return load(x) + df",  # `total` may stay
        "+    return load(x, mode='r') + df",
        "-load(1)",
        "+load(1, mode='r')",
        "-print(total(load('(')), load(total(2)))",
        "+print(total(load('(', mode='r')), load(total(2), mode='r'))",
    ]
    assert _hunks(report, "total") == [
        "-print(total(load('(')), load(total(2)))",
        "+print(total(load('('), df=df), load(total(2, df=df)))",
        "-list(map(total, rows))",
        "+list(map(lambda x: total(x, df=df), rows))",
    ]


def test_the_packages_own_function_is_shown() -> None:
    edits = (
        _passing("src/team/io.py", 0, MODULE, "path)", "path, *, mode='x')"),
        _passing("src/team/io.py", 0, MODULE, "'x'", "mode"),
        _passing("src/team/io.py", 0, MODULE, "last()", "last(*, of_another)"),
    )
    assert _hunks(_lifted((FIRST,), edits, MODULE), "load") == [
        "-def load(path):",
        "-    return open(path, 'x')",
        "+def load(path, *, mode='x'):",
        "+    return open(path, mode)",
    ]


def test_of_many_cells_every_call() -> None:
    """Of the later ones without the lines around them: nobody says yes to a call that was not shown."""
    cells = [FIRST, *(f"print({number})\nload({number})\n" for number in range(9))]
    edits = [
        _passing("a.ipynb", at, one, "\nload(", "\nload(mode='r', ", "load") for at, one in enumerate(cells[1:], 2)
    ]
    shown = diff.render_candidate(_lifted(cells, edits), "load-1a2b3c4d", Ink()).splitlines()
    assert [line for line in shown if line.startswith("+load")] == [f"+load(mode='r', {number})" for number in range(9)]
    assert [line for line in shown if line.startswith(" print")] == [f" print({number})" for number in range(6)]


def test_calls_of_the_helpers_that_come_along() -> None:
    edits = (_passing("a.ipynb", 2, "total(load(2))\n", "2)", "2, mode='r')", "load"),)
    report = _lifted((FIRST, "total(load(2))\n"), edits)
    assert "mode" not in diff.render_candidate(report, "total-1a2b3c4d", Ink())
    assert "+total(load(2, mode='r'))" in diff.render_candidate(report, "total-1a2b3c4d", Ink(), ["load-1a2b3c4d"])


def test_calls_of_a_block_that_are_not_those_of_the_shown_copies() -> None:
    """More copies than are shown: each call that passes another value stands there all the same."""
    calls = ["total = add(1)"] * 4 + ["total = add(1, step=2)"] * 2
    sites = [
        CallSite(f"{at}.ipynb", 1, None, 1, 1, 2, "add", call=call, passes=(("step", call[-2:-1]),))
        for at, call in enumerate(calls)
    ]
    block = Extraction("add-1a2b3c4d", "function", "team.io", "add", "def add(): pass\n", tuple(sites))
    changes = [FileChange(one.path, b"{}", b"{ }", (CellEdit(1, None, "a\nb\n", "c\n"),)) for one in sites]
    report = Report("/project", Summary(), plan=Plan("team", "src", (block,)), changes=ChangeSet(tuple(changes)))
    shown = diff.render_candidate(report, "add-1a2b3c4d", Ink()).splitlines()
    assert shown.count("+total = add(1)") == 3
    assert shown.count("+total = add(1, step=2)") == 2


def test_where_calls_change_is_said() -> None:
    lines = (Location("a.ipynb", 2, 3), Location("a.ipynb", 5, 1), Location("b.ipynb", 2, 1))
    one = replace(_moving(True), calls=lines)
    for shown in (
        "\n".join(candidates.moving([one], replace(WIDE, verbose=True))),
        explaining.render(Report("/project", Summary(), candidates=(one,)), one, WIDE),
    ):
        assert "    its calls change in a.ipynb cell 2 line 3, cell 5 line 1" in shown.splitlines()
        assert "    its calls change in b.ipynb cell 2 line 1" in shown.splitlines()
    told = json.loads(as_json.render_scan(Report("/project", Summary(), candidates=(one,))))["candidates"][0]
    assert told["calls"][1] == {"path": "a.ipynb", "cell": 5, "line": 1}


def test_nothing_is_added_where_calls_stay() -> None:
    report = _lifted((FIRST,), ())
    assert "what calls pass" not in diff.render_candidate(report, "load-1a2b3c4d", Ink())


NOTES = (
    Reason("NB375", "`bins` differs: 20 in a.ipynb cell 1; 30 in b.ipynb cell 1; 20 is the default", "note"),
    Reason("NB377", "`df` of the notebook becomes an argument: each call passes it", "note"),
)
PLACES = [("a.ipynb", 1, 1, 9), ("b.ipynb", 1, 1, 9)]


def _moving(arguments: bool) -> Candidate:
    values = (("20", (Location("a.ipynb", 1),)), ("30", (Location("b.ipynb", 1),)))
    found = (Argument("bins", "literal", "20", values),) if arguments else ()
    return candidate("plot", Verdict.EXTRACT, PLACES, reasons=NOTES, arguments=found, clone_type=3, similarity=0.9)


def test_values_are_said_once() -> None:
    """By the lines of the arguments; where a candidate has none (blocks), by the notes."""
    for listed in (True, False):
        one = _moving(listed)
        report = Report("/project", Summary(), candidates=(one,))
        moved = replace(report, plan=Plan("team", "src", (Extraction(one.id, "function", "team", "plot", "", ()),)))
        moved = replace(moved, changes=ChangeSet((FileChange("src/team/plots.py", None, b""),)))
        verbose = replace(WIDE, verbose=True)
        for shown in (
            "\n".join(candidates.moving([one], verbose)),
            explaining.render(report, one, WIDE),
            text.render_extract(moved, verbose, written=True),
        ):
            assert ("takes `bins`: `20` by default, `30` in b.ipynb cell 1" in shown) == listed
            assert ("NB375" in shown, "NB377" in shown) == (not listed, not listed)


def test_near_copies_that_stay_save_nothing_and_tell_of_what_they_are_copies() -> None:
    why = Reason("NB372", "whole statements differ from the nearest copy", "blocks", Location("c.ipynb", 2, 3))
    contrast = Contrast("the statement stands in one copy only", Location("a.ipynb", 1, 4), Location("c.ipynb", 2, 3))
    fields = {"code": "NB103", "clone_type": 3, "similarity": 0.9, "contrasts": (contrast,), "reasons": (why,)}
    apart = candidate("plot", Verdict.BLOCKED, [("c.ipynb", 2, 1, 20)], **fields)
    several = candidate("plot", Verdict.BLOCKED, [("c.ipynb", 2, 1, 20), ("d.ipynb", 2, 1, 20)], **fields)
    for one in (apart, several):
        shown = explaining.render(Report("/project", Summary(), candidates=(one,)), one, WIDE)
        assert "  near to  a.ipynb cell 1 line 4\n" in shown
        assert "saves" not in shown
        assert "saves" not in "\n".join(candidates.staying([one], Verdict.BLOCKED, replace(WIDE, verbose=True)))
    assert "saves" in "\n".join(candidates.moving([_moving(False)], WIDE))


def test_why_there_is_no_parameter_comes_before_what_one_would_cure() -> None:
    state = Reason("NB305", "`df` is bound more than once", "blocks", Location("a.ipynb", 1, 2))
    handed = Reason(
        "NB376", "`df` can't be handed in: `g` is used as a value here", "blocks", Location("a.ipynb", 7, 1)
    )
    three = [candidate(name, Verdict.BLOCKED, PLACES, reasons=(state,)) for name in ("d", "e", "f")]
    found = [*three, candidate("g", Verdict.BLOCKED, PLACES, reasons=(state, handed))]
    shown = "\n".join(candidates.staying(found, Verdict.BLOCKED, WIDE)).split("  NB376  ")
    assert "NB305  `df` is bound more than once" in shown[0]
    assert "g  a.ipynb cell 7 line 1 and 1 more (also NB305)" in shown[1]
