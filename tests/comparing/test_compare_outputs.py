"""Displays, pictures, data, errors, warnings, cells and names: what is seen, and what is noise or a note."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from comparing.giving import against, bundle, drawn, encoded, err, error, kinds, out, run, show
from PIL import Image

from nb2mod.model.runs import CellRun, NotebookRun, RunError

PNG, OTHER_PNG = encoded(drawn((120, 80), (10, 10, 30, 30))), encoded(drawn((120, 80), (90, 50, 95, 55)))


def table(*rows: str, uid: str = "") -> dict[str, Any]:
    """A frame as pandas shows it; cells are parted by blanks."""
    made = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row.split())}</tr>" for row in rows)
    style = f"<style>#T_{uid}_row0_col0 {{color: red}}</style>" if uid else ""
    return show(
        html=f'<div>{style}<table border="1" id="T_{uid}" class="dataframe"><tbody>{made}</tbody></table></div>'
    )


def data(mime: str, value: Any) -> dict[str, Any]:
    return bundle({mime: value})


PLOTLY, VIEW = "application/vnd.plotly.v1+json", "application/vnd.jupyter.widget-view+json"
DIV = '<div id="{0}"></div><script>Plotly.newPlot("{0}", [{1}])</script>'
SVG = '<svg><dc:date>{0}</dc:date><path id="m{1}" d="M 0 {2}"/><use href="#m{1}" clip-path="url(#p{1})"/></svg>'
UUIDS = ("0f8fad5b-d9cb-469f-a165-70867728950e", "7c9e6679-7425-40de-944b-e07fc1f90ae7")
WARNED = "{}:{}: {}: {}\n  {}\n"
FEW = WARNED.format("a.py", 1, "UserWarning", "few", "f()")
SQUARE = (9, 9, 19, 19)

# What a cell gave before (in both old runs) and after, and what kind of difference is told.
SEEN: dict[str, tuple[Any, Any, list[str]]] = {
    "text": (show(text="1"), show(text="2"), ["text"]),
    "a cell of a table": (table("a b", "1 2"), table("a b", "1 3"), ["table"]),
    "cells moved within a table": (table("a b", "1 2"), table("a b", "2 1"), ["table"]),
    "a row less": (table("a b", "1 2"), table("a b"), ["table"]),
    "an empty cell": (table("a b", "1 2"), show(html=table("a b", "1 2")["data"]["text/html"].replace(">2<", "><")), ["table"]),
    "markup": (show(html="<b>x</b>"), show(html="<i>x</i>"), ["text"]),
    "an attribute": (show(html='<a href="x">x</a>'), show(html='<a href="y">x</a>'), ["text"]),
    "colour of a cell": (
        show(html="<style>#T_ab12c {color: red}</style><table></table>"),
        show(html="<style>#T_ab12c {color: blue}</style><table></table>"),
        ["text"],
    ),
    "picture": (show(png=PNG), show(png=OTHER_PNG), ["image"]),
    "size of a picture": (show(png=encoded(drawn((9, 9)))), show(png=encoded(drawn((9, 8)))), ["image"]),
    "broken picture": (show(png="AAAA"), show(png="AAAB"), ["image"]),
    "not base64": (show(png="ä"), show(png="ö"), ["image"]),
    "svg": (show(svg=SVG.format(1, "0123456789", 5)), show(svg=SVG.format(1, "0123456789", 6)), ["image"]),
    "plot as data": (data(PLOTLY, {"data": [{"y": [1, 2]}]}), data(PLOTLY, {"data": [{"y": [1, 3]}]}), ["data"]),
    "a key less": (data(PLOTLY, {"a": 1, "b": 2}), data(PLOTLY, {"a": 1}), ["data"]),
    "a key more": (data(PLOTLY, {"a": 1}), data(PLOTLY, {"a": 1, "b": 2}), ["data"]),
    "true for 1": (data(PLOTLY, {"a": 1}), data(PLOTLY, {"a": True}), ["data"]),
    "longer list": (data(PLOTLY, [1, 2]), data(PLOTLY, [1, 2, 3]), ["data"]),
    "script": (show(html=DIV.format("x", 1)), show(html=DIV.format("x", 2)), ["text"]),
    "javascript": (show(js="f(1)"), show(js="f(2)"), ["data"]),
    "metadata": (bundle({"text/plain": "x"}, {"width": 3}), bundle({"text/plain": "x"}, {"width": 4}), ["data"]),
    "form less": (show(text="x", html="<b>x</b>"), show(text="x"), ["text"]),
    "form more": (show(text="x"), show(text="x", html="<b>x</b>"), ["text"]),
    "picture lost": (show(text="x", png=PNG), show(text="x"), ["image"]),
    "display less": ([show(text="x"), show(text="y")], show(text="x"), ["order"]),
    "display more": (show(text="x"), [show(text="x"), show(text="y")], ["order"]),
    "shown, not returned": (show("execute_result", text="x"), show("display_data", text="x"), ["order"]),
    "swapped": ([show(text="x"), show(png=PNG)], [show(png=PNG), show(text="x")], ["order"]),
    "swapped pictures": ([show(png=PNG), show(png=OTHER_PNG)], [show(png=OTHER_PNG), show(png=PNG)], ["order"]),
    "printed after instead of before": ([out("a"), show(png=PNG)], [show(png=PNG), out("a")], ["order"]),
    "printed lines on the other side": (
        [out("a\n"), show(text="x"), out("b\n")], [out("a\nb\n"), show(text="x")], ["order"],
    ),
    "stdout for stderr": (out("a"), err("a"), ["stream", "stream"]),
    "error in place of none": (out("a"), [out("a"), error("ValueError", "no")], ["error"]),
    "no error any more": ([out("a"), error("ValueError", "no")], out("a"), ["error"]),
    "type of the error": (error("ValueError", "no"), error("TypeError", "no"), ["error"]),
    "message of the error": (error("ValueError", "no 1"), error("ValueError", "no 2"), ["error"]),
    "a warning": ("", err(FEW), ["stream"]),
    "no warning any more": (err(FEW), "", ["stream"]),
    "what a warning says": (
        err(FEW), err(WARNED.format("a.py", 1, "UserWarning", "many", "f()")),
        ["stream", "stream"],
    ),
    "text beside a warning": (
        err(FEW + "x"), err(WARNED.format("b.py", 2, "UserWarning", "few", "g()") + "y"),
        ["stream"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "what"), SEEN.values(), ids=SEEN)
def test_what_differs_is_seen(old: Any, new: Any, what: list[str]) -> None:
    compared = against(run(old), run(old), run(new))
    assert kinds(compared) == what
    assert all(difference.before != difference.after for difference in compared.differences)
    assert all(
        len(text) <= 1100 for difference in compared.differences for text in (difference.before, difference.after)
    )
    assert compared.noisy == 0
    assert not against(run(old), run(old), run(old)).differences
    # The same in the middle of other cells, and seen from the other side.
    assert kinds(against(run("a", new, "b"), run("a", new, "b"), run("a", old, "b")))


SAME: dict[str, tuple[Any, Any]] = {
    "ids of a styled table": (table("a b", "1 2", uid="ab12c"), table("a b", "1 2", uid="0f9e8")),
    "lines or text": (show(text="a\nb"), show(text=["a\n", "b"])),
    "plotly's ids": (show(html=DIV.format(UUIDS[0], 1)), show(html=DIV.format(UUIDS[1], 1))),
    "svg's ids and date": (show(svg=SVG.format("2024", "0123456789", 5)), show(svg=SVG.format("2026", "abcdef0123", 5))),
    "uid": (data(PLOTLY, {"uid": UUIDS[0], "y": 1}), data(PLOTLY, {"uid": UUIDS[1], "y": 1})),
    "1 and 1.0": (data(PLOTLY, {"y": 1}), data(PLOTLY, {"y": 1.0})),
    "NaN": (data(PLOTLY, [float("nan")]), data(PLOTLY, [float("nan")])),
    "widget": (data(VIEW, {"model_id": "0f8fad5bd9cb", "version_major": 2}), data(VIEW, {"model_id": "77", "version_major": 2})),
    "rounding of pixels": (
        show(png=encoded(drawn((120, 80), SQUARE))), show(png=encoded(drawn((120, 80), SQUARE, colour=(4, 4, 4)))),
    ),
    "compression": (show(png=PNG), show(png=encoded(drawn((120, 80), (10, 10, 30, 30)), compress_level=1))),
    "frames of an error": (error("ValueError", "x"), {**error("ValueError", "x"), "traceback": ["other"]}),
    "error's module": (error("BadInput", "x"), error("team.models.BadInput", "x")),
    "names in the message": (error("TypeError", "__main__.load() takes 1"), error("TypeError", "team.models.load() takes 1")),
    "file in a SyntaxError": (error("SyntaxError", "bad (345.py, line 1)"), error("SyntaxError", "bad (9.py, line 2)")),
    "streams race": ([out("a"), err("b")], [err("b"), out("a")]),
    "place of a warning": (
        err(WARNED.format("/tmp/ipykernel_1/2.py", 1, "UserWarning", "few", "f()")),
        err(WARNED.format("/src/team/models.py", 30, "UserWarning", "few", "models.f(x)")),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new"), SAME.values(), ids=SAME)
def test_what_carries_no_meaning_is_the_same(old: Any, new: Any) -> None:
    compared = against(run(old), run(old), run(new))
    assert not compared.differences
    assert not compared.notes


NOISE: dict[str, tuple[Any, Any, Any]] = {
    "table of random numbers": (table("a b", "1 2"), table("a b", "3 4"), table("a b", "-5 6")),
    "rows that come and go": (table("a b", "1 2", "3 4"), table("a b", "1 2"), table("a b", "1 2", "3 4", "5 6")),
    "leaf": (data(PLOTLY, {"y": [1, 2]}), data(PLOTLY, {"y": [3, 2]}), data(PLOTLY, {"y": [4, 2]})),
    "list of another length": (data(PLOTLY, {"y": [1, 2]}), data(PLOTLY, {"y": [3]}), data(PLOTLY, {"y": []})),
    "size of a picture of random data": tuple(
        show(png=encoded(drawn(*one))) for one in (((120, 80), SQUARE), ((120, 80),), ((121, 79),))
    ),
    "size of pictures": (show(png=encoded(drawn((9, 9)))), show(png=encoded(drawn((8, 9)))), show(png=encoded(drawn((7, 7))))),
    "number of displays": ([show(text="x")] * 2, [show(text="x")] * 3, [show(text="x")] * 4),
    "error now and then": (out("a"), [out("a"), error("ValueError", "x")], [out("a"), error("OSError", "y")]),
    "number in a message": (error("E", "at 0.1 s"), error("E", "at 0.2 s"), error("E", "at 0.5 s")),
    "number in a warning": tuple(err(WARNED.format("a.py", 1, "UserWarning", f"{n} rows", "f()")) for n in range(3)),
}  # fmt: skip


@pytest.mark.parametrize(("old", "again", "new"), NOISE.values(), ids=NOISE)
def test_what_differs_between_the_old_runs_is_noise(old: Any, again: Any, new: Any) -> None:
    compared = against(run(old), run(again), run(new))
    assert not compared.differences


def test_a_table_of_random_numbers_keeps_its_labels() -> None:
    before = [run(table("a b", f"x {seed}", f"y {seed + 1}")) for seed in (1, 5)]
    assert kinds(against(*before, run(table("a b", "x 7", "z 8")))) == ["table"]
    assert kinds(against(*before, run(table("a c", "x 7", "y 8")))) == ["table"]
    assert kinds(against(*before, run(table("a b", "x 7", "y many")))) == ["table"]


def test_around_noise_of_a_picture_the_rest_must_agree() -> None:
    def points(*boxes: tuple[int, int, int, int]) -> NotebookRun:
        return run(show(png=encoded(drawn((400, 300), *boxes))))

    olds = [points((50, 50, 60, 60), (90, 80, 95, 85)), points((52, 70, 60, 78), (70, 60, 75, 65))]
    assert not against(*olds, points((60, 62, 66, 68))).differences
    (seen,) = against(*olds, points((60, 62, 66, 68), (300, 200, 305, 210))).differences
    assert seen.what == "image"
    assert "50 (0.042 %) differ, within columns 301–305, rows 201–210" in seen.after


def test_one_pixel_and_a_faint_change_all_over_are_seen() -> None:
    grey = Image.new("RGB", (300, 200), (200, 200, 200))
    old = run(show(png=encoded(grey)))
    dot = grey.copy()
    dot.putpixel((7, 9), (180, 200, 200))
    assert kinds(against(old, run(show(png=encoded(dot))))) == ["image"]
    assert kinds(against(old, run(show(png=encoded(Image.new("RGB", (300, 200), (203, 203, 203))))))) == ["image"]
    assert not against(old, run(show(png=encoded(Image.new("RGB", (300, 200), (201, 200, 200)))))).differences


def test_all_frames_of_an_animation_count() -> None:
    def film(*colours: str) -> NotebookRun:
        frames = [Image.new("RGB", (20, 20), colour) for colour in colours]
        picture = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
        return run(bundle({"image/gif": picture}))

    assert not against(film("red", "blue"), film("red", "blue")).differences
    assert kinds(against(film("red", "blue"), film("red", "green"))) == ["image"]
    assert kinds(against(film("red", "blue"), film("red", "blue", "red"))) == ["image"]


def test_a_picture_that_would_fill_the_memory_is_not_decoded() -> None:
    big = encoded(Image.new("1", (12_000, 12_000)))
    other = encoded(Image.new("1", (12_000, 12_001)))
    start = time.perf_counter()
    assert not against(run(show(png=big)), run(show(png=big))).differences
    assert kinds(against(run(show(png=big)), run(show(png=other)))) == ["image"]
    assert time.perf_counter() - start < 5


def test_large_pictures_take_a_second_or_two(record_property: Callable[[str, object], None]) -> None:
    boxes = [(x * 37 % 1900, x * 91 % 1900, x * 37 % 1900 + 9, x * 91 % 1900 + 9) for x in range(500)]
    pictures = [run(show(png=encoded(drawn((2000, 2000), *boxes[:-count]), compress_level=1))) for count in (1, 2, 3)]
    start = time.perf_counter()
    assert kinds(against(*pictures)) == ["image"]
    took = time.perf_counter() - start
    assert took < 30
    record_property("score", f"comparing three pictures of 2,000 × 2,000 pixels: {took:.1f} s")


def test_pdf_is_not_compared_and_told() -> None:
    compared = against(run(data("application/pdf", "AAAA")), run(data("application/pdf", "BBBB")))
    assert not compared.differences
    assert compared.notes == ("cell 1: the content of application/pdf is not compared",)
    assert kinds(against(run(data("application/pdf", "AAAA")), run(show(text="x")))) == ["data", "text"][:1]


def test_deprecation_shown_only_from_main_is_a_note() -> None:
    for category in ("DeprecationWarning", "PendingDeprecationWarning"):
        shown = run(err(WARNED.format("/tmp/ipykernel_1/2.py", 1, category, "old", "f()")))
        compared = against(shown, shown, run([]))
        assert not compared.differences
        assert len(compared.notes) == 1
        assert category in compared.notes[0]


def test_a_warning_in_another_cell_or_number_is_a_note() -> None:
    few = err(FEW)
    for old, new in ((run(few, "x"), run([], [few, out("x")])), (run(few, "x"), run([few, few], "x"))):
        compared = against(old, old, new)
        assert not compared.differences
        assert compared.notes == ("UserWarning: few is shown in other cells, or another number of times",)


def test_a_new_run_that_ends_early() -> None:
    compared = against(run("a", "b", "c", names={"x": "1"}), run("a", error("KeyError", "'k'")))
    assert kinds(compared) == ["error", "stream", "cells"]  # the error says why the rest is missing
    lost = compared.differences[-1]
    assert (lost.cell, lost.cell_id, lost.before) == (3, "id-3", "ran to cell 3")
    assert lost.after == "ended at its cell 2, 1 cell earlier: KeyError: 'k'"
    timed = NotebookRun("a.ipynb", run("a").cells, None, failed="timeout", failure="cell 2 took longer than 5 s")
    assert "longer than 5 s" in against(run("a", "b"), timed).differences[0].after


def test_an_old_run_that_ends_earlier_than_the_other() -> None:
    compared = against(run("a", "b", "c"), run("a", error("KeyError", "'k'")), run("a", "b", "z"))
    assert not compared.differences
    assert compared.notes == (
        "one run of the old notebook ended after cell 2 (KeyError: 'k'): what comes later is not compared",
    )
    assert kinds(against(run("a", "b", "c"), run("a", error("KeyError", "'k'")), run("x", "b", "z"))) == ["stream"]


def test_cells_are_found_by_the_map() -> None:
    assert not against(run("a", "b"), run("new", "a", "b"), cells={1: 2, 2: 3}).differences
    assert against(run("a"), run("new", "a"), cells={1: 2}).notes == (
        "cell 1 of the new notebook was inserted and shows something",
    )
    assert not against(run("a"), run([], "a"), cells={1: 2}).notes
    assert kinds(against(run("a", "b"), run("b"), cells={2: 1})) == ["cells"]
    assert not against(run([], "b"), run("b"), cells={2: 1}).differences


def test_error_without_an_output() -> None:
    bare = NotebookRun("a.ipynb", (CellRun(1, None, "", (), 0.1, RunError(1, "E", "x")),), {})
    assert not against(bare, run(error("E", "x"))).differences
    assert kinds(against(bare, run(error("E", "y")))) == ["error"]


def test_function_that_calls_itself_otherwise_is_a_note() -> None:
    """Two copies under two names became one function, imported under the old name (N20)."""
    old = run("a", names={"multimap": "function multimap", "M": "class M", "m": "function M.fit"})
    renamed = run("a", names={"multimap": "function accumulate", "M": "class M", "m": "function M.fit"})
    compared = against(old, old, renamed)
    assert compared.differences == ()
    assert compared.notes == ("multimap is a function that calls itself accumulate now; nothing that ran shows it",)
    for name, line in (
        ("multimap", "class multimap"),
        ("multimap", "function"),
        ("M", "class N"),
        ("m", "function M.go"),
    ):
        (other,) = against(old, old, run("a", names={**(old.names or {}), name: line})).differences
        assert other.what == "name"


def test_names_at_the_end() -> None:
    old = run("a", names={"x": "1", "df": "DataFrame (3, 4) [a, b] 0123456789abcdef", "M": "class __main__.M"})
    moved = {"x": "1", "df": "DataFrame (3, 4) [a, b] 0123456789abcdef", "M": "class team.models.M"}
    assert against(old, old, run("a", names=moved)).differences == ()
    (gone,) = against(old, run("a", names={name: line for name, line in moved.items() if name != "x"})).differences
    assert (gone.cell, gone.what, gone.before, gone.after) == (0, "name", "x = 1", "x is not bound")
    (other,) = against(old, run("a", names={**moved, "x": "2"})).differences
    assert (other.before, other.after) == ("x = 1", "x = 2")
    more = against(old, run("a", names={**moved, "y": "3", "np": "module numpy"}))
    assert not more.differences
    assert more.notes == ("bound at the end only after: y",)
    untaken = NotebookRun("a.ipynb", run("a").cells, None)
    assert against(old, untaken).notes == (
        "the names at the end are not compared: they could not be taken in every run",
    )


def test_names_that_differ_between_the_old_runs() -> None:
    def ended(**names: str) -> NotebookRun:
        return run("a", names=names)

    olds = ended(a="ndarray (3, 4) 00aa11bb22cc33dd", b="1"), ended(a="ndarray (3, 4) 1234567890123456", c="2")
    assert not against(*olds, ended(a="ndarray (3, 4) f00aa11bb22cc33d")).differences
    assert kinds(against(*olds, ended(a="ndarray (3, 5) f00aa11bb22cc33d"))) == ["name"]
    noted = against(*olds, ended(a="ndarray (3, 4) f00aa11bb22cc33d"))
    assert noted.notes == ("at the end not the same in any two runs: a, b, c",)
    assert noted.noisy == 0  # that counts cells
