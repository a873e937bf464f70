"""How a case is read and judged: an expectation that is misspelt or not met must show."""

import json
from pathlib import Path

import pytest
from harness.author import files_of, notebook_bytes
from harness.case import Case, differences, read_case, tree_differences

from nb2mod.model import Candidate, Diagnostic, Location, Occurrence, Reason, Report, Summary, Verdict

TEXT = "# %% [markdown]\n# # Title\n# %% tags=parameters id=load\nprint('ä')\n\nx = 1\n#> ä\n# %%\n"


def _candidate(verdict: Verdict = Verdict.EXTRACT, *codes: str, path: str = "a.ipynb") -> Candidate:
    return Candidate(
        id=f"f-{path}",
        code="NB101",
        kind="function",
        name="f",
        clone_type=1,
        verdict=verdict,
        reasons=(*(Reason(code, "why", "blocks") for code in codes), Reason("NB999", "by the way", "note")),
        members=(),
        occurrences=(Occurrence(path, 2, 1, 3, "f"),),
        places=2,
    )


def _report(*candidates: Candidate, diagnostics: tuple[str, ...] = ()) -> Report:
    told = tuple(Diagnostic(code, "odd", Location("a.ipynb")) for code in diagnostics)
    return Report("/project", Summary(), candidates, told)


def _case(**candidates: list[dict[str, object]]) -> Case:
    return Case("X1_x", {}, {}, "why", candidates=candidates)


GOOD: dict[str, object] = {"code": "NB101", "verdict": "extract", "places": 2}


def test_a_report_that_says_what_it_must() -> None:
    assert differences(_case(f=[GOOD]), _report(_candidate())) == []
    full = GOOD | {"notes": ["NB999"], "at": ["a.ipynb:2"], "kind": "function"}
    assert differences(_case(f=[full]), _report(_candidate())) == []
    assert differences(_case(), _report(_candidate(Verdict.BELOW))) == []


WRONG = {
    "another verdict": (_case(f=[GOOD]), _report(_candidate(Verdict.BLOCKED, "NB301"))),
    "a reason too many": (_case(f=[GOOD]), _report(_candidate(Verdict.EXTRACT, "NB301"))),
    "another reason": (_case(f=[GOOD | {"reasons": ["NB301"]}]), _report(_candidate(Verdict.EXTRACT, "NB302"))),
    "another place": (_case(f=[GOOD | {"at": ["b.ipynb:2"]}]), _report(_candidate())),
    "no candidate": (_case(f=[GOOD]), _report()),
    "one of two": (_case(f=[GOOD, GOOD]), _report(_candidate())),
    "a candidate too many": (_case(), _report(_candidate())),
    "expected below": (_case(f=[GOOD | {"verdict": "below"}]), _report()),
    "a diagnostic": (_case(), _report(diagnostics=("NB401",))),
}


@pytest.mark.parametrize(("case", "report"), WRONG.values(), ids=WRONG.keys())
def test_a_report_that_says_something_else(case: Case, report: Report) -> None:
    assert differences(case, report)


def test_candidates_of_one_name_match_in_any_order() -> None:
    entries = [GOOD | {"at": ["b.ipynb:2"]}, GOOD | {"at": ["a.ipynb:2"]}]
    assert differences(_case(f=entries), _report(_candidate(), _candidate(path="b.ipynb"))) == []


@pytest.mark.parametrize(
    "line", ['verdicts = "x"', "[candidates]\nf = { verdikt = 'extract' }", "[candidates]\nf = {}"]
)
def test_a_misspelt_expectation_is_refused(tmp_path: Path, line: str) -> None:
    (tmp_path / "expected.toml").write_text(f'why = "x"\n{line}\n', encoding="utf-8")
    with pytest.raises(ValueError, match=r"unknown|lacks"):
        read_case(tmp_path)


def test_trees() -> None:
    assert tree_differences({"a": b"1\n"}, {"a": b"1\n"}) == []
    assert "only found" in tree_differences({}, {"a": b"1\n"})[0]
    assert "only expected" in tree_differences({"a": b"1\n"}, {})[0]
    assert r"1\r\n" in tree_differences({"a": b"1\n"}, {"a": b"1\r\n"})[0]
    assert r"\udcff" in tree_differences({"a": b"1\n"}, {"a": b"\xff\n"})[0] or tree_differences(
        {"a": b"1"}, {"a": b"\xff"}
    )


def test_author_writes_cells() -> None:
    cells = json.loads(notebook_bytes(TEXT, slug="n"))["cells"]
    assert [cell["cell_type"] for cell in cells] == ["markdown", "code", "code"]
    assert [cell["id"] for cell in cells] == ["n-01", "load", "n-03"]
    assert [cell["source"] for cell in cells] == [["# Title"], ["print('ä')\n", "\n", "x = 1"], []]
    assert cells[1]["metadata"] == {"tags": ["parameters"]}
    assert cells[1]["outputs"] == [{"name": "stdout", "output_type": "stream", "text": ["ä\n"]}]


def test_author_keeps_file_habits() -> None:
    def written(**options: str) -> bytes:
        return notebook_bytes(TEXT, {key.replace("_", "-"): value for key, value in options.items()})

    assert written().startswith(b'{\n "cells"')
    assert written(crlf="").count(b"\r\n") == written().count(b"\n")
    assert written(bom="").startswith(b"\xef\xbb\xbf")
    assert not written(no_final_newline="").endswith(b"\n")
    assert written(indent="tab").startswith(b'{\n\t"cells"')
    assert b"\n" not in written(indent="none").rstrip()
    assert b"\\u00e4" in written(ascii="")
    assert b'"id"' not in written(minor="4")
    assert isinstance(json.loads(written(string=""))["cells"][1]["source"], str)


@pytest.mark.parametrize("text", ["x = 1\n", "=== a.ipynb\nx = 1\n", "=== a.ipynb crfl\n# %%\nx = 1\n"])
def test_author_refuses_what_it_does_not_know(text: str) -> None:
    with pytest.raises(ValueError, match=r"expected|unknown option"):
        files_of(text)
