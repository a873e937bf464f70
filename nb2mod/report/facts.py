"""What every format needs to know about a Report: lines saved, copies told, which candidates a run moved. No words, no layout."""

from collections.abc import Iterable

from nb2mod.model import CallSite, Candidate, CopiedNotebooks, Diagnostic, Location, Plan, Report, Severity, Verdict

COPIED = "NB403"
PROOF = "NB390"


def saved_lines(candidate: Candidate) -> int:
    """Lines that go away: all copies, less the one that stays in the module and one import per copy; of blocks the calls too.

    Near copies that stay save nothing: no function stands for them.
    """
    if candidate.clone_type == 3 and candidate.verdict in (Verdict.BLOCKED, Verdict.BELOW):
        return 0
    if candidate.kind == "block":
        return max(0, candidate.saved)
    lengths = [occurrence.end_line - occurrence.line + 1 for occurrence in candidate.occurrences]
    kept = 0 if candidate.existing or not lengths else max(lengths)
    return max(0, sum(lengths) - kept - len(lengths))


def notebooks_of(candidate: Candidate) -> tuple[str, ...]:
    """Paths the candidate stands in, each once, in order."""
    return tuple(dict.fromkeys(occurrence.path for occurrence in candidate.occurrences))


def with_verdict(report: Report, verdict: Verdict) -> list[Candidate]:
    """Candidates of one verdict, those that save most lines first; notebooks as a whole, which move otherwise, left out."""
    return sorted((one for one in report.candidates if one.verdict is verdict and one.kind != "notebook"), key=_place)


def wholes(report: Report) -> list[Candidate]:
    """Notebooks that are past the threshold as a whole."""
    return [one for one in report.candidates if one.kind == "notebook"]


def moved(report: Report) -> list[Candidate]:
    """Candidates that the report's changes move, in the order a scan lists them; empty when nothing changes."""
    if report.plan is None or report.changes is None or not report.changes.changes:
        return []
    ids = {extraction.candidate for extraction in report.plan.extractions}
    order = list(Verdict)
    found = [candidate for candidate in report.candidates if candidate.id in ids]
    return sorted(found, key=lambda candidate: (order.index(candidate.verdict), *_place(candidate)))


def taken_back(report: Report) -> list[Candidate]:
    """Candidates of which copies were to move and stay, because the proof of the change failed."""
    return [one for one in report.candidates if any(reason.code == PROOF for reason in one.reasons)]


def constants_along(plan: Plan | None, candidate: Candidate) -> tuple[str, ...]:
    """Names of the constants that move because the candidate reads them."""
    extractions = plan.extractions if plan else ()
    constants = (one for one in extractions if one.kind == "constant" and candidate.id in (one.candidate, *one.users))
    return tuple(dict.fromkeys(one.name for one in constants))


def sites(plan: Plan | None, candidate: Candidate) -> tuple[CallSite, ...]:
    """The statements of the candidate's own copies that become imports."""
    extractions = plan.extractions if plan else ()
    own = (one for one in extractions if one.candidate == candidate.id and one.kind != "constant")
    return tuple(site for one in own for site in one.sites)


def diagnostics(report: Report) -> list[Diagnostic]:
    """The report's diagnostics, worst first, with copied notebooks among them even when only `copied` tells of them."""
    told = list(report.diagnostics)
    if not any(diagnostic.code == COPIED for diagnostic in told):
        told += [_copied(copies) for copies in report.copied]
    weight = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}
    return sorted(told, key=lambda diagnostic: (weight[diagnostic.severity], diagnostic.code))


def past_threshold(report: Report) -> bool:
    """True when something wants a person: what `--check` asks."""
    return any(candidate.verdict.moves for candidate in report.candidates)


def display_name(candidate: Candidate) -> str:
    """The name a person knows it by: its own, or that of its first copy."""
    return candidate.name or next((occurrence.name for occurrence in candidate.occurrences), candidate.id)


def _place(candidate: Candidate) -> tuple[int, str, str]:
    """Where in a list it stands: those that save most lines first."""
    return -saved_lines(candidate), candidate.name, candidate.id


def count_distinct(paths: Iterable[str]) -> int:
    return len(set(paths))


def _copied(copies: CopiedNotebooks) -> Diagnostic:
    others = ", ".join(copies.paths[1:])
    message = f"shares {copies.shared:.0%} of its code cells with {others}; together they count as one place"
    return Diagnostic(COPIED, message, Location(copies.paths[0]), Severity.NOTE)
