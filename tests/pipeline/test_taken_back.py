"""What the proof takes back of an extract is told in every form of its output, also where it is no candidate any more."""

import json
from pathlib import Path

import pytest
from harness.author import files_of
from harness.case import write_tree
from harness.project import extract, scan
from msgspec.structs import replace

from nb2mod.cli.app import main
from nb2mod.model import Finding
from nb2mod.pipeline import drafting

LIFTED = """\
=== pyproject.toml
[tool.nb2mod]
package = "team"
=== a.ipynb
# %%
rate = 2
# %%
def summary(key):
    value = key * 1.5 + rate
    rounded = round(value, 2)
    shown = f"the value of {key} is {rounded}"
    print(shown.capitalize())
    return rounded
# %%
def report(keys):
    lines = [str(summary(k)) for k in keys]
    return lines[:9]
# %%
print(report([1, 2]), summary(1))
=== b.ipynb
# %%
print("b")
rate = 5
# %%
def summary(key):
    value = key * 2.5 + rate
    rounded = round(value, 2)
    shown = f"the value of {key} is {rounded}"
    print(shown.capitalize())
    return rounded
# %%
def report(keys):
    lines = [str(summary(k)) for k in keys]
    return lines[:9]
# %%
print(report([1, 3]), summary(2))
"""


@pytest.fixture
def doubted(project_root: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project in which each proof finds against one of what would move."""
    prove = drafting.prove

    def proof(changes, plan, *others, **options):  # type: ignore[no-untyped-def]
        found = prove(changes, plan, *others, **options)
        told = [Finding("inlines", "differs", "", candidates=(one.candidate,)) for one in plan.extractions][-1:]
        return replace(found, findings=(*found.findings, *told))

    monkeypatch.setattr(drafting, "prove", proof)
    write_tree(files_of(LIFTED), project_root)
    return project_root


def test_what_falls_with_a_lift_is_told(doubted: Path) -> None:
    """Without its parameter, a caller means another function in each notebook: no candidate, and yet scan had promised it."""
    promised = {one.name for one in scan(doubted, {}).candidates if one.verdict.moves}
    assert promised == {"summary", "report"}
    found = extract(doubted, {})
    assert found.plan is not None
    assert found.plan.extractions == ()
    told = {one.name: one for one in found.candidates}
    for name in promised:
        assert (told[name].verdict.value, len(told[name].occurrences)) == ("blocked", 2), name
        assert "NB390" in {reason.code for reason in told[name].reasons}


SAID = "2 definitions that were to move stay: the proof failed (NB390)."


@pytest.mark.parametrize(
    "line", ["extract --diff", "extract --diff -q", "extract -n", "extract -n -q", "extract -q", "extract -i"]
)
def test_each_form_of_output_tells_it(
    line: str, doubted: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(doubted)
    assert main(line.split()) == 0
    streams = capsys.readouterr()
    told = streams.err if "--diff" in line or "-i" in line else streams.out
    assert " ".join(told.split()).count(SAID) == 1
    if line == "extract --diff":
        assert streams.out == ""
        for name in ("summary in a.ipynb cell 2 line 1", "report in a.ipynb cell 3 line 1"):
            assert name in streams.err


def test_json_tells_it(doubted: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(doubted)
    assert main(["extract", "--output-format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    stays = {
        one["occurrences"][0]["name"]
        for one in told["candidates"]
        if "NB390" in {reason["code"] for reason in one["reasons"]}
    }
    assert stays == {"summary", "report"}
