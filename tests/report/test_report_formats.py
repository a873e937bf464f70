"""JSON, editor lines and diffs: what scripts and editors rely on."""

import json
import re

from msgspec.structs import replace
from report.sampling import LOAD, candidate, extracted, scanned

from nb2mod.model import CellEdit, ChangeSet, FileChange, Location, Occurrence, Verdict
from nb2mod.report import as_json, diff, editor
from nb2mod.report.ink import Ink

PLAIN = Ink()


def test_json_has_the_keys_of_the_promise_in_their_order() -> None:
    told = json.loads(as_json.render_scan(scanned()))
    assert list(told) == ["version", "root", "summary", "candidates", "diagnostics", "notebooks"]
    assert list(told["summary"]) == ["notebooks", "skipped", "code_cells", "definitions", "verdicts"]
    assert told["summary"]["verdicts"] == {"extract": 2, "review": 1, "blocked": 2, "below": 1}
    keys = "id code kind clone_type similarity verdict reasons target occurrences measures arguments contrasts advice "
    keys += "calls drifted"
    assert all(list(one) == keys.split() for one in told["candidates"])
    blocked = told["candidates"][3]
    assert list(blocked["reasons"][0]) == ["code", "message", "location"]
    assert blocked["reasons"][0]["location"] == {"path": "nb/a.ipynb", "cell": 4, "line": 2}
    assert blocked["target"] is None
    assert told["candidates"][0]["target"] == {"module": "team.dataset", "name": "load"}
    assert list(blocked["occurrences"][0]) == ["path", "cell", "cell_id", "line", "end_line", "name", "end_cell"]
    assert list(told["diagnostics"][0]) == ["code", "severity", "message", "location"]


def test_json_of_extract_adds_and_changes_nothing() -> None:
    told = json.loads(as_json.render_extract(extracted(applied=True)))
    assert list(told)[5:] == ["plan", "changes", "applied", "notebooks"]
    assert told["applied"] is True
    assert told["changes"][2] == {"path": "src/team/dataset.py", "created": True, "cells": []}
    assert told["changes"][0] == {"path": "nb/a.ipynb", "created": False, "cells": [3]}
    occurrences = [one for each in told["candidates"] for one in each["occurrences"]]
    assert {one["evidence"] for one in occurrences} == {"proved", "not-checked"}
    assert told["plan"]["extractions"][0]["candidate"] == told["candidates"][0]["id"]
    keys = "path cell cell_id line end_line name ignored renames passes".split()
    assert all(list(one) == keys for each in told["plan"]["extractions"] for one in each["sites"])


def test_json_tells_what_of_a_copy_is_not_kept() -> None:
    report = extracted()
    assert report.plan is not None
    first = report.plan.extractions[0]
    site = replace(first.sites[1], ignored=("comments",), renames=(("rows", "table"),))
    plan = replace(report.plan, extractions=(replace(first, sites=(first.sites[0], site)),))
    told = json.loads(as_json.render_extract(replace(report, plan=plan)))["plan"]["extractions"][0]["sites"]
    assert [one["ignored"] for one in told] == [[], ["comments"]]
    assert [one["renames"] for one in told] == [[], [{"from": "rows", "to": "table"}]]


def test_json_is_ascii_and_survives_undecodable_paths() -> None:
    report = replace(scanned(), root="/données/\udcff")
    assert json.loads(as_json.render_scan(report).encode("ascii"))["root"] == "/données/\udcff"


def _locate(location: Location) -> tuple[int, int]:
    return location.cell * 100 + location.line, 6


def test_editor_lines_can_be_followed() -> None:
    lines = editor.render(scanned(), _locate).splitlines()
    assert all(re.match(r"/project/nb/\w+\.ipynb:\d+:\d+: NB\d{3} \S", line) for line in lines)
    assert (
        "/project/nb/a.ipynb:301:6: NB101 load stands in 6 notebooks; nb2mod extract moves it to team.dataset.load"
        in lines
    )
    assert "/project/nb/broken.ipynb:0:6: NB404 warning: not valid JSON: line 3" in lines
    assert not any("NB410" in line or " one " in line for line in lines)


def test_editor_lines_are_sorted_and_each_once() -> None:
    lines = editor.render(scanned(), _locate, verbose=True).splitlines()
    assert len(lines) == len(set(lines))
    assert [line.split(":")[0] for line in lines] == sorted(line.split(":")[0] for line in lines)
    assert sum("NB410" in line for line in lines) == 14


DIFF = """\
nb/a.ipynb · cell 3
@@ -1,4 +1,2 @@
-def load(path):
-    \"\"\"Rows of a file.\"\"\"
-    return path.read()
+from team.dataset import load
 rows = load(P)

nb/b.ipynb · cell 3
@@ -1,4 +1,2 @@
-def load(path):
-    \"\"\"Rows of a file.\"\"\"
-    return path.read()
+from team.dataset import load
 rows = load(P)

src/team/dataset.py · new file
+def load(path):
+    \"\"\"Rows of a file.\"\"\"
+    return path.read()
"""


def test_diff_shows_each_cell_and_whole_new_modules() -> None:
    changes = extracted().changes
    assert changes is not None
    assert diff.render(changes, PLAIN) == DIFF
    coloured = diff.render(changes, Ink(colour=True))
    assert "\x1b[31m-def load(path):\x1b[0m" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == DIFF


def test_diff_keeps_distant_hunks_apart_and_shows_no_untouched_line() -> None:
    before = "\n".join(f"line {n}" for n in range(40)) + "\n"
    after = before.replace("line 3\n", "three\n").replace("line 30\n", "thirty\n")
    shown = diff.render(ChangeSet((FileChange("m.py", before.encode(), after.encode()),)), PLAIN)
    assert shown.count("@@ ") == 2
    assert "@@ -1,7 +1,7 @@" in shown
    assert "line 15" not in shown


def test_diff_of_an_inserted_cell_and_of_strangers_source() -> None:
    cells = (CellEdit(1, None, "", "import sys\n", inserted=True), CellEdit(2, None, "x\x1b[2J = 1\r\n", "\ty = 2\r\n"))
    shown = diff.render(ChangeSet((FileChange("a\x1b.ipynb", b"", b"", cells),)), PLAIN)
    assert "a\\x1b.ipynb · new cell before cell 1\n+import sys\n" in shown
    assert "-x\\x1b[2J = 1\n+\ty = 2\n" in shown


def test_one_candidate_is_shown_alone() -> None:
    shown = diff.render_candidate(extracted(), "load-1a2b3c4d", PLAIN)
    assert shown.startswith(f"team.dataset · load\n+{LOAD.splitlines()[0]}\n")
    assert "nb/b.ipynb · cell 3 line 1\n-def load(path):" in shown
    assert "+from team.dataset import load\n" in shown
    assert "rows = load" not in shown
    assert diff.render_candidate(extracted(), "another", PLAIN) == ""


def test_saved_lines_count_what_stays() -> None:
    from nb2mod.report import facts

    one = candidate("f", Verdict.EXTRACT, [("a.ipynb", 1, 1, 5), ("b.ipynb", 1, 1, 7)])
    assert facts.saved_lines(one) == 12 - 7 - 2
    assert facts.saved_lines(replace(one, occurrences=(Occurrence("a.ipynb", 1, 1, 1, "f"),))) == 0
