"""`scan --explain ID`: which candidates are meant."""

from nb2mod.cli.options import Format
from nb2mod.errors import UsageError
from nb2mod.model import Candidate, Report
from nb2mod.report import facts


def refuse_lines(output: Format, wanted: str | None) -> None:
    """Raises UsageError for a reckoning as editor lines: it is no finding in a place."""
    if wanted is not None and output is Format.editor:
        raise UsageError("--explain prints text, or JSON with --output-format json; editor lines are for findings")


def meant(report: Report, wanted: str) -> list[Candidate]:
    """The candidate with this id; else all with this name, also where a copy alone bears it. Raises UsageError for none."""
    by_id = [one for one in report.candidates if one.id == wanted]
    found = by_id or [one for one in report.candidates if wanted in _names(one)]
    if not found:
        raise UsageError(f"--explain {wanted}: no candidate has that id or name{_hint(report, wanted)}")
    return found


def _names(candidate: Candidate) -> set[str]:
    return {facts.display_name(candidate), *(place.name for place in candidate.occurrences)}


def _hint(report: Report, wanted: str) -> str:
    import difflib

    if not report.candidates:
        return "; scan finds none in these notebooks"
    names = sorted({name for one in report.candidates for name in (*_names(one), one.id)})
    near = difflib.get_close_matches(wanted, names, 1)
    return f"; did you mean {near[0]}?" if near else "; nb2mod scan -v lists the names, its JSON the ids"
