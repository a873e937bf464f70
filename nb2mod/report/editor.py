"""A Report as lines that editors and terminals can follow: `absolute/path:line:column: CODE message`.

Where a cell's line stands in the raw file is not known here: the caller passes `locate`, which may read files.
"""

from collections.abc import Callable, Iterator
from pathlib import PurePath

from nb2mod.model import Candidate, Diagnostic, Location, Report, Severity, Verdict
from nb2mod.report import facts, words
from nb2mod.report.ink import clean

Locate = Callable[[Location], tuple[int, int]]
"""Line and column of a place in its file as it is on disk, both from 1."""


def render(report: Report, locate: Locate, *, verbose: bool = False) -> str:
    """One line per finding and copy, in order of path and line.

    What is past the threshold, why it stays, and what was left out of a notebook. With `verbose` also what is below the
    threshold and mere notes. A diagnostic without a place is not an editor's: it is left out.
    """
    found = {_line(report, locate, *finding) for finding in _findings(report, verbose=verbose)}
    return "".join(f"{path}:{line}:{column}: {text}\n" for path, line, column, text in sorted(found))


def _findings(report: Report, *, verbose: bool) -> Iterator[tuple[Location, str, str]]:
    for candidate in report.candidates:
        if verbose or candidate.verdict is not Verdict.BELOW:
            yield from _of_candidate(candidate)
    for diagnostic in facts.diagnostics(report):
        if diagnostic.location and (verbose or diagnostic.severity is not Severity.NOTE):
            yield diagnostic.location, diagnostic.code, _message(diagnostic)


def _of_candidate(candidate: Candidate) -> Iterator[tuple[Location, str, str]]:
    if candidate.kind == "notebook":
        for reason in candidate.reasons:
            if reason.location:
                message = f"{reason.message}; nb2mod extract --whole {reason.location.path}"
                yield reason.location, reason.code, message
        return
    stands = f"stands in {words.count(len(facts.notebooks_of(candidate)), 'notebook')}"
    for occurrence in candidate.occurrences:
        location = Location(occurrence.path, occurrence.cell, occurrence.line)
        yield location, candidate.code, f"{occurrence.name} {stands}; {_verdict(candidate)}"
    for reason in candidate.reasons:
        if reason.location and reason.effect != "note":
            yield reason.location, reason.code, f"{facts.display_name(candidate)}: {reason.message}"


def _verdict(candidate: Candidate) -> str:
    target = candidate.target or candidate.existing
    where = f" to {target.module}.{target.name}" if target else ""
    if candidate.verdict is Verdict.EXTRACT:
        return f"nb2mod extract moves it{where}"
    effects = {Verdict.REVIEW: "review", Verdict.BLOCKED: "blocks", Verdict.BELOW: "below"}
    reasons = [reason for reason in candidate.reasons if reason.effect == effects[candidate.verdict]]
    why = f" ({reasons[0].code} {reasons[0].message})" if reasons else ""
    if candidate.verdict is Verdict.REVIEW:
        return f"nb2mod extract --unsafe would move it{where}{why}"
    return f"it stays: {'blocked' if candidate.verdict is Verdict.BLOCKED else 'below the threshold'}{why}"


def _message(diagnostic: Diagnostic) -> str:
    return f"{diagnostic.severity.value}: {diagnostic.message}"


def _line(report: Report, locate: Locate, location: Location, code: str, message: str) -> tuple[str, int, int, str]:
    line, column = locate(location)
    return clean(str(PurePath(report.root, location.path))), line, column, f"{code} {clean(message)}"
