"""What people read: the whole text of a small report, line by line, and what a stranger's names can't do to a terminal."""

import re

import pytest
from msgspec.structs import replace
from report.sampling import candidate, extracted, scanned

from nb2mod.model import (
    CallSite,
    ChangeSet,
    Diagnostic,
    Extraction,
    Location,
    Outcome,
    Plan,
    Ran,
    Reason,
    Report,
    Severity,
    Summary,
    Target,
    Verdict,
)
from nb2mod.report import text
from nb2mod.report.ink import Ink, Look, clean

PLAIN = Look()
EVIL = "\x1b]0;owned\x07\x1b[2J\r\u202egnp.exe\x9b31m\ud800"

SCAN = """\
8 notebooks · 1 skipped · 40 code cells · 21 definitions · 40 ms

Ready to extract: 2, saving 26 lines

  Model -> team.modeling.Model                                             NB102
    class of 10 lines, 3 renamed copies in 2 notebooks, saves 17 lines
    nb/a.ipynb cell 5 line 1, cell 8 line 2
    nb/b.ipynb cell 6 line 1

  load -> team.dataset.load                                                NB101
    function of 3 lines, 6 exact copies in 6 notebooks, saves 9 lines
    nb/a.ipynb cell 3 line 1
    nb/b.ipynb cell 3 line 1
    nb/c.ipynb cell 3 line 1
    ... and 3 more notebooks (-v shows all)

Wants a review before it moves: 1, saving 2 lines

  store                                                                    NB101
    function of 4 lines, 2 exact copies in 2 notebooks, saves 2 lines
    nb/a.ipynb cell 6 line 1
    nb/b.ipynb cell 7 line 1
    review NB330: the notebook pickles it (nb/b.ipynb cell 9 line 1)

Blocked, past the threshold but not safe to move: 2

  NB305  `df` is computed in the notebook; a parameter would do
    show  nb/a.ipynb cell 4 line 2 and 1 more
    tell  nb/a.ipynb cell 4 line 2 and 1 more

Below the threshold: 1

  one (-v tells how far)

Odd notebooks

  NB404  1 file that could not be read
    nb/broken.ipynb: not valid JSON: line 3
  NB410  14 notebooks opened from Colab or Binder links: there the package must
         be found, see bootstrap

2 definitions can move now, saving 26 lines.

Next

  nb2mod extract --diff         shows every change and writes nothing
  nb2mod extract                makes them; nb2mod undo takes them back
  nb2mod extract --interactive  asks about each, with its diff
"""

EXTRACT = """\
8 notebooks · 1 skipped · 40 code cells · 21 definitions · 40 ms

Moved 1 definition into 1 module; 2 notebooks import it and are 4 lines shorter.

  load -> team.dataset.load                                      2 copies proved

Files

  new        +3        src/team/dataset.py
  changed    +1    -3  nb/a.ipynb  cell 3
  changed    +1    -3  nb/b.ipynb  cell 3

Wants a review before it moves: 1

  store (--interactive asks about each, --unsafe moves them all)

Blocked, stays as it is: 2

  NB305  `df` is computed in the notebook; a parameter would do
    show  nb/a.ipynb cell 4 line 2 and 1 more
    tell  nb/a.ipynb cell 4 line 2 and 1 more

Next

  - Install team where the notebooks run:
    python3 -m pip install -e .
  - Restart the kernels.
"""


def test_scan_reads_as_agreed() -> None:
    assert text.render_scan(scanned(), PLAIN) == SCAN


def test_extract_reads_as_agreed() -> None:
    assert text.render_extract(extracted(applied=True), PLAIN, written=True) == EXTRACT


def test_what_was_not_written_is_said_to_be_so() -> None:
    shown = text.render_extract(extracted(), PLAIN, written=False)
    assert "Would move 1 definition into 1 module; 2 notebooks would import it" in shown
    assert "Nothing was written." in shown


def test_quiet_is_the_totals_and_the_last_word() -> None:
    assert text.render_scan(scanned(), Look(quiet=True)).splitlines() == [
        SCAN.splitlines()[0],
        "",
        SCAN.splitlines()[-7],
    ]


def test_verbose_shows_every_place_and_what_is_below() -> None:
    shown = text.render_scan(scanned(), Look(verbose=True))
    assert "-v" not in shown
    assert all(f"nb/{letter}.ipynb cell 3 line 1" in shown for letter in "abcdef")
    assert "has 1 statement; the threshold is 2" in shown
    assert shown.count("opened from Colab links") == 14


@pytest.mark.parametrize("width", [60, 80, 100])
@pytest.mark.parametrize("verbose", [False, True])
def test_prose_keeps_to_the_width(width: int, verbose: bool) -> None:
    shown = text.render_scan(scanned(), Look(width=width, verbose=verbose))
    prose, _, _ = shown.partition("\nNext\n")  # a row of commands is kept whole
    assert [line for line in prose.splitlines()[1:] if len(line) > width] == []


def test_colours_change_nothing_but_colours() -> None:
    coloured = text.render_scan(scanned(), Look(Ink(colour=True)))
    assert "\x1b[1m" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == SCAN


@pytest.mark.parametrize(
    ("summary", "said"),
    [
        (Summary(), "No notebooks were found under /project"),
        (Summary(notebooks=3, code_cells=9), "No notebook defines a function or a class"),
        (Summary(notebooks=3, code_cells=9, definitions=4), "Nothing is repeated"),
    ],
)
def test_finding_nothing_is_said_plainly(summary: Summary, said: str) -> None:
    assert said in " ".join(text.render_scan(Report("/project", summary), PLAIN).split())


@pytest.mark.parametrize(
    ("report", "said"),
    [
        (Report("/project", Summary(notebooks=3, definitions=4), part=True), "matches what was asked for"),
        (Report("/project", Summary(notebooks=3, skipped=1, definitions=4)), "in the notebooks that could be read"),
    ],
    ids=["a part", "unreadable"],
)
def test_nothing_found_speaks_of_no_more_than_was_judged(report: Report, said: str) -> None:
    shown = " ".join(text.render_scan(report, PLAIN).split())
    assert said in shown
    assert "stands in one place only" not in shown


def test_a_quiet_scan_refers_to_no_reasons_that_it_does_not_show() -> None:
    blocked = tuple(one for one in scanned().candidates if one.verdict is Verdict.BLOCKED)
    report = replace(scanned(), candidates=blocked)
    assert text.render_scan(report, PLAIN).endswith("Nothing can move as it stands; the reasons say what would help.\n")
    assert text.render_scan(report, Look(quiet=True)).endswith("\nNothing can move as it stands.\n")


def test_an_extract_without_notebooks_says_so() -> None:
    shown = text.render_extract(Report("/project", Summary()), PLAIN, written=True)
    assert "No notebooks were found under /project" in shown


def _lossy() -> Report:
    """`load` with a constant, five copies that differ from the kept one, and one under another name."""
    kept = CallSite("nb/a.ipynb", 3, None, 1, 1, 3, "load")
    undocumented = [replace(kept, path=f"nb/{letter}.ipynb", ignored=("docstring",)) for letter in "bcde"]
    renamed = replace(kept, path="nb/f.ipynb", name="read", renames=(("read", "load"), ("rows", "table")))
    limit = replace(kept, line=9, end_line=9, name="LIMIT")
    plan = Plan(
        "team",
        "src",
        (
            Extraction("load-1a2b3c4d", "function", "team.dataset", "load", "", (kept, *undocumented, renamed)),
            Extraction("other", "constant", "team.settings", "LIMIT", "", (limit,), users=("other", "load-1a2b3c4d")),
        ),
    )
    six = [(f"nb/{letter}.ipynb", 3, 1, 3) for letter in "abcdef"]
    one = candidate("load", Verdict.EXTRACT, six, target=Target("team.dataset", "load"))
    return replace(extracted(), candidates=(one,), plan=plan)


def test_what_is_not_kept_and_what_comes_along_is_told() -> None:
    shown = text.render_extract(_lossy(), PLAIN, written=False)
    assert "    brings LIMIT along\n" in shown
    assert "not kept: docstring of nb/b.ipynb cell 3, nb/c.ipynb cell 3 and 2 more\n" in shown
    assert "renamed: rows -> table (nb/f.ipynb cell 3)\n" in shown
    everything = " ".join(text.render_extract(_lossy(), Look(verbose=True), written=False).split())
    assert "nb/b.ipynb cell 3, nb/c.ipynb cell 3, nb/d.ipynb cell 3, nb/e.ipynb cell 3 renamed" in everything


def test_a_scan_tells_what_comes_along_and_verbose_what_is_not_kept() -> None:
    assert "brings LIMIT along" in text.render_scan(_lossy(), PLAIN)
    assert "not kept" not in text.render_scan(_lossy(), PLAIN)
    assert "not kept: docstring of nb/b.ipynb cell 3" in text.render_scan(_lossy(), Look(verbose=True))


def test_extract_lists_candidates_as_scan_does() -> None:
    report = scanned()
    sites = (CallSite("nb/a.ipynb", 3, None, 1, 1, 3, "f"),)
    plan = Plan("team", "src", tuple(Extraction(c.id, "class", "team.m", c.name, "", sites) for c in report.candidates))
    both = replace(report, plan=plan, changes=extracted().changes)
    shown = text.render_extract(both, PLAIN, written=False)
    assert shown.index("  Model -> ") < shown.index("  load -> ") < shown.index("\n  store")


def test_nothing_to_extract_is_said_plainly() -> None:
    report = Report("/project", Summary(notebooks=2, definitions=3))
    assert "Nothing to extract; no file was changed." in text.render_extract(report, PLAIN, written=True)


def test_many_candidates_are_cut_and_counted() -> None:
    many = tuple(
        candidate(f"f{n}", Verdict.EXTRACT, [("a.ipynb", n, 1, 4), ("b.ipynb", n, 1, 4)], id=f"f{n}-0")
        for n in range(90)
    )
    report = replace(scanned(), candidates=many)
    assert "... and 50 more, saving 100 lines (-v shows all)" in text.render_scan(report, PLAIN)
    assert "f89" in text.render_scan(report, Look(verbose=True))


def test_a_long_list_of_notebooks_is_cut_and_counted() -> None:
    copies = ", ".join(f"archive/copy_of_the_weekly_report_{n}.ipynb" for n in range(20))
    odd = Diagnostic("NB403", f"copied as a whole: {copies}", Location("nb/a.ipynb"), Severity.NOTE)
    report = replace(scanned(), diagnostics=(odd,))
    shown = text.render_scan(report, PLAIN)
    assert "copy_of_the_weekly_report_0.ipynb" in shown
    assert " and 17 more\n" in shown
    assert "copy_of_the_weekly_report_19.ipynb" in text.render_scan(report, Look(verbose=True))


def test_a_target_that_is_too_long_for_its_line_has_one_of_its_own() -> None:
    name = "plot_artificial_sms_dataset_with_every_switch"
    where = Target("team.plots", name)
    long = candidate(name, Verdict.EXTRACT, [("a.ipynb", 1, 1, 4), ("b.ipynb", 1, 1, 4)], target=where)
    lines = text.render_scan(replace(scanned(), candidates=(long,)), PLAIN).split("\n")
    at = lines.index(f"    -> team.plots.{name}")
    assert lines[at - 1] == f"  {name}{'NB101'.rjust(78 - len(name))}"


@pytest.mark.parametrize("verbose", [False, True])
def test_names_and_paths_of_strangers_can_not_drive_the_terminal(verbose: bool) -> None:
    one = candidate(EVIL, Verdict.EXTRACT, [(f"{EVIL}.ipynb", 1, 1, 4), ("b.ipynb", 1, 1, 4)])
    two = replace(one, id="x", verdict=Verdict.BLOCKED)
    odd = Diagnostic("NB401", EVIL, Location(EVIL, 1, 1))
    report = replace(scanned(), root=EVIL, candidates=(one, two), diagnostics=(odd,))
    look = Look(verbose=verbose)
    for shown in (text.render_scan(report, look), text.render_extract(report, look, written=False)):
        shown.encode("utf-8")
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", shown)


def test_clean_names_what_it_takes_away() -> None:
    assert clean("a\x1b[2Jb\nc\u202ed\ud800") == "a\\x1b[2Jb\\nc\\u202ed\\ud800"
    assert clean("naïve → 数据 😀") == "naïve → 数据 😀"


def test_a_quiet_verified_extract_counts_what_ran() -> None:
    outcomes = (*(Outcome(f"{name}.ipynb", Ran.SAME) for name in "ab"), Outcome("c.ipynb", Ran.NOT_CHECKED))
    report = replace(extracted(), outcomes=outcomes)
    told = text.render_extract(report, Look(quiet=True), written=True)
    assert "2 notebooks ran the same and 1 was not checked." in " ".join(told.split())
    assert "ran the same and" not in text.render_extract(replace(report, outcomes=()), Look(quiet=True), written=True)


def test_notebooks_that_could_not_be_read_are_told_where_nothing_moves() -> None:
    broken = Diagnostic("NB404", "not valid JSON: line 3", Location("nb/broken.ipynb"))
    report = Report("/project", Summary(notebooks=1, skipped=1), diagnostics=(broken,))
    told = text.render_extract(report, PLAIN, written=True)
    assert "NB404  1 file that could not be read" in told
    assert "nb/broken.ipynb: not valid JSON: line 3" in told
    assert "NB404" not in text.render_extract(replace(extracted(), diagnostics=(broken,)), PLAIN, written=True)


def test_a_scan_says_that_nothing_moves_before_a_package_is_chosen() -> None:
    report = replace(scanned(), packages=("case_studies", "envs"))
    for look in (PLAIN, Look(quiet=True)):
        told = " ".join(text.render_scan(report, look).split())
        assert (
            "nb2mod must know which package it goes to, case_studies, envs: set `package` under [tool.nb2mod]" in told
        )
    assert "which package" not in text.render_scan(scanned(), PLAIN)
    below = tuple(one for one in scanned().candidates if one.verdict is Verdict.BELOW)
    assert "which package" not in text.render_scan(replace(report, candidates=below), PLAIN)


def test_copies_of_one_text_are_not_alike_by_a_share() -> None:
    near = {"code": "NB103", "clone_type": 3, "reasons": (Reason("NB304", "`cell` is another in each", "blocks"),)}
    places = [("nb/a.ipynb", 4, 1, 5), ("nb/c.ipynb", 2, 1, 5)]
    same, other = (candidate("draw", Verdict.BLOCKED, places, similarity=value, **near) for value in (1.0, 0.69))
    look = Look(verbose=True)
    assert "2 copies of one text in 2 notebooks" in text.render_scan(replace(scanned(), candidates=(same,)), look)
    assert "2 near copies (69% alike) in 2 notebooks" in text.render_scan(replace(scanned(), candidates=(other,)), look)


def test_what_got_no_yes_is_told_as_that() -> None:
    report = replace(extracted(), declined=("store",))
    told = text.render_extract(report, PLAIN, written=True)
    assert "Got no yes, stays as it is: store" in told
    assert "Wants a review before it moves" not in told
    nothing = replace(report, changes=ChangeSet(), declined=("load", "store"))
    assert "Nothing got a yes (load, store); no file was changed." in text.render_extract(nothing, PLAIN, written=True)
