"""What a failed proof takes out of an extract, by proofs that find against a change what they are told to: as much as it
speaks about and no more, and a second run, which knows nothing of it, changes nothing."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from harness.author import files_of
from harness.case import read_tree, write_tree
from harness.project import extract
from msgspec.structs import replace

from nb2mod.model import Extraction, Finding, Report
from nb2mod.pipeline import drafting

TEXT = """\
=== pyproject.toml
[tool.nb2mod]
package = "team"
count-copied-notebooks = true
=== n0.ipynb
# %%
def scale(v):
    w = v * 2
    return w + 1
# %%
def twice(v):
    w = scale(v)
    return scale(w)
# %%
print(twice(2))
# %%
def scale(v):
    w = v * 2
    return w + 1
# %%
def twice(v):
    w = scale(v)
    return scale(w)
# %%
print(twice(3))
=== n1.ipynb
# %%
def scale(v):
    w = v * 2
    return w + 1
# %%
def twice(v):
    w = scale(v)
    return scale(w)
# %%
print(twice(4))
"""

Doubt = Callable[[Mapping[str, Extraction]], list[Finding]]


def extracted_twice(root: Path, monkeypatch: pytest.MonkeyPatch, doubt: Doubt) -> Report:
    """The report of an extract in which every proof finds what `doubt` says of what would move, by name."""
    prove = drafting.prove

    def proof(changes, plan, *others, **options):  # type: ignore[no-untyped-def]
        told = doubt({one.name: one for one in plan.extractions})
        found = prove(changes, plan, *others, **options)
        return replace(found, findings=(*found.findings, *told))

    monkeypatch.setattr(drafting, "prove", proof)
    write_tree(files_of(TEXT), root)
    report = extract(root, {})
    after = read_tree(root)
    again = extract(root, {})
    assert read_tree(root) == after
    assert again.changes is not None
    assert not again.changes.changes
    return report


def moved(report: Report) -> dict[str, list[tuple[str, int]]]:
    assert report.plan is not None
    return {one.name: [(site.path, site.cell) for site in one.sites] for one in report.plan.extractions}


def against(one: Extraction | None, path: str, cell: int, *, told: bool) -> list[Finding]:
    """A finding where a copy moves from this cell; `told`: it names the cell."""
    if one is None or (path, cell) not in [(site.path, site.cell) for site in one.sites]:
        return []
    return [Finding("inlines", "differs", path, cell if told else 0, candidates=(one.candidate,))]


def test_nothing_is_taken_out_without_a_finding(project_root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    report = extracted_twice(project_root, monkeypatch, lambda found: [])
    places = [("n0.ipynb", 1), ("n0.ipynb", 4), ("n1.ipynb", 1)]
    assert moved(report) == {"scale": places, "twice": [(path, cell + 1) for path, cell in places]}


def test_a_finding_in_a_cell_takes_out_the_copy_of_that_cell(
    project_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = extracted_twice(
        project_root, monkeypatch, lambda found: against(found.get("twice"), "n0.ipynb", 2, told=True)
    )
    assert moved(report)["twice"] == [("n0.ipynb", 5), ("n1.ipynb", 2)]
    stays = [one for one in report.candidates if "NB390" in {reason.code for reason in one.reasons}]
    assert [(each.path, each.cell) for one in stays for each in one.occurrences] == [("n0.ipynb", 2)]


def test_a_finding_in_a_notebook_takes_out_its_copies(project_root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    report = extracted_twice(
        project_root, monkeypatch, lambda found: against(found.get("twice"), "n0.ipynb", 2, told=False)
    )
    assert moved(report) == {"scale": [("n0.ipynb", 1), ("n0.ipynb", 4), ("n1.ipynb", 1)]}


def test_what_frees_what_was_taken_out_stays_with_it(project_root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Together they are doubted, one after the other not: moved alone, the first would free the second for the next run."""

    def doubt(found: Mapping[str, Extraction]) -> list[Finding]:
        both = "scale" in found and "twice" in found
        return [Finding("inlines", "differs", "", candidates=(found["twice"].candidate,))] if both else []

    report = extracted_twice(project_root, monkeypatch, doubt)
    assert moved(report) == {}
    stable = {one.name for one in report.candidates for reason in one.reasons if "(stable)" in reason.message}
    assert stable == {"scale"}
