"""What an extract comes to, in sentences: what moved, what was to move and stays. The lines of a report are in `text.py`."""

from nb2mod.model import Candidate, Reason, Report
from nb2mod.report import diff, facts, words
from nb2mod.report.ink import clean

_NAMED = 12


def outcome(report: Report, *, written: bool) -> list[str]:
    """What the changes come to, in a sentence; in others what was to move and stays, and that nothing was written."""
    if report.summary.notebooks == 0:
        return [no_notebooks(report)]
    moved = facts.moved(report)
    back = taken_back(report)[:1]
    if not moved:
        nothing = (
            f"Nothing got a yes ({words.listed(report.declined, _NAMED)})" if report.declined else "Nothing to extract"
        )
        return [f"{nothing}; no file was changed." if written else f"{nothing}.", *back]
    changes = report.changes.changes if report.changes else ()
    notebooks = [change for change in changes if change.path.endswith(".ipynb")]
    modules = facts.count_distinct(extraction.module for extraction in report.plan.extractions) if report.plan else 0
    one = len(notebooks) == 1
    uses = ("imports" if one else "import") if written else "would import"
    fewer = sum(removed - added for added, removed in map(diff.counts, notebooks))
    are = ("is" if one else "are") if written else "be"
    shorter = f" and {are} {words.count(fewer, 'line')} shorter" if fewer > 0 else ""
    head = (
        f"{'Moved' if written else 'Would move'} {words.things([one.kind for one in moved])} into "
        f"{words.count(modules, 'module')}; {words.count(len(notebooks), 'notebook')} {uses} "
        f"{'it' if len(moved) == 1 else 'them'}{shorter}."
    )
    return [head, *back] if written else [head, *back, "Nothing was written."]


def taken_back(report: Report) -> list[str]:
    """How much less it is than a scan says, in a sentence; then each with its place and the reason."""
    found = facts.taken_back(report)
    if not found:
        return []
    were, stay = ("was", "stays") if len(found) == 1 else ("were", "stay")
    head = f"{words.things([one.kind for one in found])} that {were} to move {stay}: the proof failed (NB390)."
    reasons = [(one, reason) for one in found for reason in one.reasons if reason.code == facts.PROOF]
    return [head, *(f"  {_taken(one, reason)}" for one, reason in reasons)]


def _taken(one: Candidate, reason: Reason) -> str:
    where = f" in {words.place(reason.location)}" if reason.location else ""
    return f"{clean(facts.display_name(one))}{where}: {clean(reason.message)}"


def no_notebooks(report: Report) -> str:
    """Where they were looked for, and what would help."""
    where = clean(report.root)
    return (
        f"No notebooks were found under {where}: name a folder with .ipynb files, or see `notebooks` and `exclude` in the "
        "settings. Notebooks that are kept as text (jupytext, Databricks, Quarto) are not read."
    )
