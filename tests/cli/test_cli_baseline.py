"""`scan --baseline` and `--write-baseline`: what is known is left out, what is new fails, and files that are none are refused."""

import json
from pathlib import Path

import pytest
from cli.conftest import LOAD, Run, notebook

OTHER = "def tidy(rows):\n    rows = [row.strip() for row in rows]\n    rows = [row for row in rows if row]\n    return rows\n"


def entries(path: Path) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(path.read_text())["known"]
    return found


def add(project: Path, name: str, *cells: str) -> None:
    (project / "notebooks" / f"{name}.ipynb").write_text(notebook(*cells, name=name, kernel="python3"))


def test_what_is_known_is_left_out_and_does_not_fail(project: Path, run: Run) -> None:
    assert run("scan", "--check").status == 1
    written = run("scan", "--write-baseline", "known.json")
    assert written.status == 0
    number = len(entries(project / "known.json"))
    assert f"known.json: {number} candidates" in written.err
    ran = run("scan", "--baseline", "known.json")
    assert (ran.status, ran.err) == (0, "")
    assert f"Nothing new is past the threshold. {number} candidates of the baseline are left out." in " ".join(
        ran.out.split()
    )
    assert "load -> " not in ran.out
    assert run("scan", "--baseline", "known.json", "--check", "-q").status == 0
    told = json.loads(run("scan", "--baseline", "known.json", "--output-format", "json").out)
    assert told["summary"]["known"] == number
    assert told["summary"]["verdicts"]["extract"] == 0
    assert "known" not in json.loads(run("scan", "--output-format", "json").out)["summary"]


def test_the_file_is_stable_and_names_no_place_of_this_machine(project: Path, run: Run) -> None:
    run("scan", "--write-baseline", "known.json")
    first = (project / "known.json").read_bytes()
    assert str(project).encode() not in first
    assert b'"line"' not in first
    run("scan", "--write-baseline", "known.json", "--no-cache")
    assert (project / "known.json").read_bytes() == first
    known = entries(project / "known.json")
    assert [one["id"] for one in known] == sorted(str(one["id"]) for one in known)
    load = next(one for one in known if str(one["id"]).startswith("load-"))
    assert load | {"id": "", "content": ""} == {
        "id": "",
        "content": "",
        "kind": "function",
        "places": 2,
        "notebooks": ["notebooks/a.ipynb", "notebooks/b.ipynb"],
    }


def test_moved_lines_and_more_cells_are_nothing_new(project: Path, run: Run) -> None:
    run("scan", "--write-baseline", "known.json")
    for name in ("a", "b"):
        cells = ("# a comment\n\n\nextra = 1\n", f"\n\n# above\n{LOAD}", f"rows = load('{name}')\n")
        add(project, name, *cells, "def tell():\n    n = len(rows)\n    return print(n)\n", "tell()\n")
    assert run("scan", "--baseline", "known.json").status == 0


def test_another_thing_is_new(project: Path, run: Run) -> None:
    run("scan", "--write-baseline", "known.json")
    add(project, "c", OTHER, "tidy([])\n")
    add(project, "d", OTHER, "tidy(['x'])\n")
    ran = run("scan", "--baseline", "known.json")
    assert ran.status == 1
    assert "tidy -> " in ran.out
    assert "load -> " not in ran.out
    assert " of the baseline are left out." in " ".join(ran.out.split())


def test_one_more_place_of_a_known_thing_is_new(project: Path, run: Run) -> None:
    run("scan", "--write-baseline", "known.json")
    add(project, "c", LOAD, "load('c')\n")
    ran = run("scan", "--baseline", "known.json")
    assert ran.status == 1
    assert "in 3 places, 2 of them known" in ran.err
    assert "load -> " in ran.out
    assert run("scan", "--write-baseline", "known.json").status == 0
    assert run("scan", "--baseline", "known.json").status == 0


def test_what_is_edited_or_renamed_where_it_stands_is_known(project: Path, run: Run) -> None:
    run("scan", "--write-baseline", "known.json")
    other = LOAD.replace("sorted(rows)", "sorted(rows, reverse=True)")
    for edited in (other, other.replace("def load", "def fetch")):
        for name in ("a", "b"):
            add(project, name, edited, f"print('{name}')\n")
        ran = run("scan", "--baseline", "known.json")
        assert ran.status == 0, ran.out
        run("scan", "--write-baseline", "known.json")


def test_entries_that_are_gone_are_told_of_and_fail_nothing(project: Path, run: Run) -> None:
    run("scan", "--write-baseline", "known.json")
    add(project, "a", "x = 1\n")
    ran = run("scan", "--baseline", "known.json")
    assert ran.status == 0
    assert f"known.json: {len(entries(project / 'known.json'))} entries are gone" in ran.err
    assert "are gone" not in run("scan", "notebooks/b.ipynb", "--baseline", "known.json").err


def test_explain_looks_at_known_ones_too(project: Path, run: Run) -> None:
    run("scan", "--write-baseline", "known.json")
    ran = run("scan", "--baseline", "known.json", "--explain", "load")
    assert ran.status == 0
    assert "load" in ran.out


ENTRY = '{"id": "a-1", "content": "1", "kind": "function", "places": 2, "notebooks": []}'
FOREIGN = {
    "[]": "no baseline that nb2mod wrote",
    "{": "no baseline that nb2mod wrote",
    "": "no baseline that nb2mod wrote",
    "\x00": "no baseline that nb2mod wrote",
    '{"version": 1, "package": "shop", "candidates": []}': "no baseline that nb2mod wrote",
    '{"kind": "other", "version": 1, "known": []}': "its kind is 'other'",
    '{"kind": "nb2mod baseline", "version": 2, "known": []}': "a baseline of version 2",
    '{"kind": "nb2mod baseline", "version": 1, "known": [{"id": 3}]}': "no baseline that nb2mod wrote",
    f'{{"kind": "nb2mod baseline", "version": 1, "known": [{ENTRY}, {ENTRY}]}}': "a-1 stands there more than once",
    "[" * 100_000: "no baseline that nb2mod wrote",
}


@pytest.mark.parametrize("text", FOREIGN)
def test_foreign_files_are_refused_and_never_written_over(text: str, project: Path, run: Run) -> None:
    file = project / "other.json"
    file.write_text(text)
    for option in ("--baseline", "--write-baseline"):
        ran = run("scan", option, "other.json")
        assert ran.status == 2
        assert ran.out == ""
        assert FOREIGN[text] in ran.err
    assert file.read_text() == text


def test_a_missing_baseline_is_a_usage_error_with_a_hint(project: Path, run: Run) -> None:
    ran = run("scan", "--baseline", "known.json")
    assert ran.status == 2
    assert "nb2mod scan --write-baseline known.json" in ran.err
    assert run("scan", "--baseline", "notebooks").status == 2
    assert run("scan", "--write-baseline", "no/such/folder/known.json").status == 2


@pytest.mark.parametrize("part", ["notebooks/a.ipynb", "--only=load", "--ignore=load"])
def test_a_baseline_of_a_part_is_refused(part: str, project: Path, run: Run) -> None:
    ran = run("scan", part, "--write-baseline", "known.json")
    assert ran.status == 2
    assert "takes in the whole project" in ran.err
    assert not (project / "known.json").exists()


def test_a_part_is_compared_with_the_whole_baseline(project: Path, run: Run) -> None:
    run("scan", "--write-baseline", "known.json")
    add(project, "c", OTHER, "tidy([])\n")
    add(project, "d", OTHER, "tidy(['x'])\n")
    assert run("scan", "notebooks/a.ipynb", "--baseline", "known.json").status == 0
    assert run("scan", "notebooks/c.ipynb", "--baseline", "known.json").status == 1
