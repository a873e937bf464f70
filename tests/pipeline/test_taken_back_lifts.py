"""What a failed proof leaves of lifts: just the edits of what moves, and a word of all that does not."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from harness.author import files_of
from harness.case import read_tree, write_tree
from harness.project import extract
from msgspec.structs import replace

from nb2mod.model import Extraction, Finding, Report, Verdict
from nb2mod.pipeline import drafting

# `scale` is a near-miss copy; `share` reads what is state.
LIFTED = """\
=== pyproject.toml
[tool.nb2mod]
package = "team"
=== n0.ipynb
# %%
rate = len("abc")
# %%
def scale(v):
    w = v * 2
    print("scaling", w)
    return w + 1
# %%
def share(v):
    w = v * rate
    print("sharing", w)
    return w + 1
# %%
print(scale(2), share(3))
=== n1.ipynb
# %%
rate = len("abcd")
# %%
def scale(v):
    w = v * 3
    print("scaling", w)
    return w + 1
# %%
def share(v):
    w = v * rate
    print("sharing", w)
    return w + 1
# %%
print(scale(2), share(3))
"""

Doubt = Callable[[Mapping[str, Extraction]], list[Finding]]


def extracted_twice(
    root: Path, monkeypatch: pytest.MonkeyPatch, doubt: Doubt, text: str, select: tuple[str, ...] = ()
) -> Report:
    """The report of an extract in which every proof finds what `doubt` says of what would move, by name; a second one, which
    knows nothing of it, changes nothing.
    """
    prove = drafting.prove

    def proof(changes, plan, *others, **options):  # type: ignore[no-untyped-def]
        found = prove(changes, plan, *others, **options)
        return replace(found, findings=(*found.findings, *doubt({one.name: one for one in plan.extractions})))

    monkeypatch.setattr(drafting, "prove", proof)
    write_tree(files_of(text), root)
    report = extract(root, {"select": select})
    after = read_tree(root)
    again = extract(root, {"select": select})
    assert read_tree(root) == after
    assert again.changes is not None
    assert not again.changes.changes
    return report


def against(one: Extraction | None, path: str, cell: int, *, told: bool) -> list[Finding]:
    """A finding where a copy moves from this cell; `told`: it names the cell."""
    if one is None or (path, cell) not in [(site.path, site.cell) for site in one.sites]:
        return []
    return [Finding("inlines", "differs", path, cell if told else 0, candidates=(one.candidate,))]


def moved(report: Report) -> dict[str, list[tuple[str, int]]]:
    assert report.plan is not None
    return {one.name: [(site.path, site.cell) for site in one.sites] for one in report.plan.extractions}


def told(report: Report) -> dict[str, set[str]]:
    """What is blocked, with the codes of its reasons."""
    blocked = [one for one in report.candidates if one.verdict is Verdict.BLOCKED]
    return {one.name: {reason.code for reason in one.reasons} for one in blocked}


@pytest.mark.parametrize("name", ["scale", "share"])
def test_where_the_only_one_asked_for_is_doubted_nothing_changes(
    name: str, project_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was not asked for stays as it is, in every round: no edit of its calls is made."""
    cell = 2 if name == "scale" else 3
    report = extracted_twice(
        project_root,
        monkeypatch,
        lambda found: against(found.get(name), "n0.ipynb", cell, told=True),
        LIFTED,
        (name,),
    )
    assert moved(report) == {}
    assert report.plan is not None
    assert report.plan.passing == ()
    assert report.changes is not None
    assert report.changes.changes == ()
    assert "NB390" in told(report)[name]


def test_lifted_definitions_are_told_when_one_proof_after_the_other_fails(
    project_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def doubt(found: Mapping[str, Extraction]) -> list[Finding]:
        scale = against(found.get("scale"), "n0.ipynb", 2, told=False)
        return scale or against(found.get("share"), "n0.ipynb", 3, told=False)

    report = extracted_twice(project_root, monkeypatch, doubt, LIFTED)
    assert moved(report) == {}
    assert "NB390" in told(report)["scale"]
    assert "NB390" in told(report)["share"]


def test_what_was_not_asked_for_stays_when_another_copy_moves_without_the_doubted_one(
    project_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    third = LIFTED[LIFTED.index("=== n1") :].replace("n1", "n2").replace("v * 3", "v * 4")
    report = extracted_twice(
        project_root,
        monkeypatch,
        lambda found: against(found.get("scale"), "n1.ipynb", 2, told=True),
        LIFTED + third,
        ("scale",),
    )
    assert moved(report) == {"scale": [("n0.ipynb", 2), ("n2.ipynb", 2)]}
    assert report.plan is not None
    assert {one.path for one in report.plan.passing} == {"n0.ipynb", "n2.ipynb"}
    assert not any("rate" in one.text for one in report.plan.passing)
