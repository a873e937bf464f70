"""A Report as text made to be read: totals, candidates by verdict, odd notebooks, what to do next; at any width, coloured or not.

What changes per cell is in `diff.py`; how candidates and oddities look is in `candidates.py` and `oddities.py`.
"""

from collections import Counter
from collections.abc import Sequence

from nb2mod.model import Candidate, FileChange, Location, Report, Verdict
from nb2mod.report import candidates, details, diff, facts, oddities, runs, stages, summing, whole, words
from nb2mod.report.ink import Look, clean

_NAMED = 12
_FILES = 30
_UNREAD = ("NB404", "NB405")


def render_scan(report: Report, look: Look) -> str:
    """What scan found. `quiet`: the totals and the last word. Ends in a newline."""
    sections = [[totals(report, look)]]
    ready = facts.with_verdict(report, Verdict.EXTRACT)
    review = facts.with_verdict(report, Verdict.REVIEW)
    if not look.quiet:
        sections += [
            _moving("Ready to extract", "good", ready, report, look),
            _moving("Wants a review before it moves", "warning", review, report, look),
            _staying("Blocked, past the threshold but not safe to move", "bad", report, Verdict.BLOCKED, look),
            _below(report, look),
            stages.section(report, look),
            _odd(report, look),
        ]
    last = [
        line
        for sentence in [
            *_found(report, ready, review, look),
            *_found_whole(report),
            *_known(report),
            *_nowhere(report, ready or review),
        ]
        for line in words.wrap(sentence, look.width, "")
    ]
    steps = [] if look.quiet else _next_after_scan(ready, review, look)
    return _joined([*sections, last, steps])


def render_extract(report: Report, look: Look, *, written: bool) -> str:
    """What extract did: totals and outcome, evidence, files, what stayed and why, next steps. `quiet`: the first two.

    `written` False: the same in the conditional, for a run that only shows what it would do. Ends in a newline.
    """
    moved = facts.moved(report)
    ran = [f"{runs.counted(report.outcomes)}."] if look.quiet and report.outcomes else []
    told = words.wrap(" ".join([*summing.outcome(report, written=written), *ran]), look.width, "")
    sections = [[totals(report, look)], [look.ink.heading(line, "good" if moved else "") for line in told]]
    if not look.quiet:
        sections += [
            [line for candidate in moved for line in _evidence(candidate, report, look)],
            whole.section(report.whole, look, written=written),
            *runs.by_status(report.outcomes, look),
            _files(report, look),
            _left(report, moved, look),
            _odd(report, look) if look.verbose else _unread(report, look) if not moved else [],
            _notes(report.notes, look),
        ]
    return _joined(sections)


def totals(report: Report, look: Look) -> str:
    """How much was looked at, on one line."""
    summary = report.summary
    parts = [words.count(summary.notebooks, "notebook")]
    parts += [f"{summary.skipped:,} skipped"] if summary.skipped else []
    parts += [words.count(summary.code_cells, "code cell"), words.count(summary.definitions, "definition")]
    return look.ink.strong(" · ".join([*parts, _duration(summary.seconds)]))


def files(changes: Sequence[FileChange], look: Look) -> list[str]:
    """One line per file, modules first: new or changed, lines added and removed, its path, its cells."""
    ordered = sorted(changes, key=lambda change: (bool(change.cells), change.path))
    shown = ordered if look.verbose or len(ordered) <= _FILES + 1 else ordered[:_FILES]
    lines = [_file(change, look) for change in shown]
    hidden = len(ordered) - len(shown)
    return [*lines, look.ink.faint(f"  ... and {words.count(hidden, 'more file')} (-v shows all)")] if hidden else lines


def _known(report: Report) -> list[str]:
    if not report.known:
        return []
    were = "is" if report.known == 1 else "are"
    return [f"{words.count(report.known, 'candidate')} of the baseline {were} left out."]


def _nowhere(report: Report, found: Sequence[Candidate]) -> list[str]:
    """That nothing moves before a person says where to."""
    if not report.packages or not found:
        return []
    return [
        f"Before it does, nb2mod must know which package it goes to, {words.listed(report.packages, _NAMED)}: set `package` "
        "under [tool.nb2mod] in pyproject.toml."
    ]


def _found_whole(report: Report) -> list[str]:
    number = len(facts.wholes(report))
    are = "is" if number == 1 else "are"
    return [f"{words.count(number, 'notebook')} {are} past the threshold as a whole."] if number else []


def _found(report: Report, ready: list[Candidate], review: list[Candidate], look: Look) -> list[str]:
    """The last word of a scan. Says so plainly when nothing was found: silence could be a mistake."""
    if report.summary.notebooks == 0:
        return [summing.no_notebooks(report)]
    if ready:
        saved = sum(map(facts.saved_lines, ready))
        saving = f", saving {words.count(saved, 'line')}" if saved else ""
        return [f"{words.things([one.kind for one in ready])} can move now{saving}."]
    if review:
        return [f"{words.things([one.kind for one in review])} can move after a review."]
    if any(candidate.verdict is Verdict.BLOCKED for candidate in report.candidates):
        return ["Nothing can move as it stands" + ("." if look.quiet else "; the reasons say what would help.")]
    if facts.wholes(report):
        return []
    if report.known is not None:
        return ["Nothing new is past the threshold."]
    if report.candidates:
        return ["Nothing is past the threshold."]
    if report.part:
        return ["Nothing that is repeated matches what was asked for; nb2mod scan alone looks at the whole project."]
    if report.summary.definitions == 0:
        return ["No notebook defines a function or a class: there is nothing to compare."]
    if report.summary.skipped:
        return ["Nothing is repeated in the notebooks that could be read."]
    return ["Nothing is repeated: every function and class stands in one place only."]


def _moving(title: str, colour: str, found: list[Candidate], report: Report, look: Look) -> list[str]:
    if not found:
        return []
    saved = sum(map(facts.saved_lines, found))
    saving = f", saving {words.count(saved, 'line')}" if saved else ""
    return [look.ink.heading(f"{title}: {len(found):,}{saving}", colour), *candidates.moving(found, look, report.plan)]


def _staying(title: str, colour: str, report: Report, verdict: Verdict, look: Look) -> list[str]:
    found = facts.with_verdict(report, verdict)
    if not found:
        return []
    return [look.ink.heading(f"{title}: {len(found):,}", colour), "", *candidates.staying(found, verdict, look)]


def _below(report: Report, look: Look) -> list[str]:
    found = facts.with_verdict(report, Verdict.BELOW)
    if look.verbose or not found:
        return _staying("Below the threshold", "", report, Verdict.BELOW, look)
    title = look.ink.heading(f"Below the threshold: {len(found):,}")
    return [title, "", *words.wrap(f"{candidates.names(found)} (-v tells how far)", look.width, "  ")]


def _odd(report: Report, look: Look) -> list[str]:
    lines = oddities.section(facts.diagnostics(report), look)
    return [look.ink.heading("Odd notebooks"), "", *lines] if lines else []


def _unread(report: Report, look: Look) -> list[str]:
    """Which notebooks were not looked at, and why, where that may be why nothing moves."""
    if not report.summary.skipped:
        return []
    lines = oddities.section([one for one in facts.diagnostics(report) if one.code in _UNREAD], look)
    return [look.ink.heading("Not looked at"), "", *lines] if lines else []


def _next_after_scan(ready: list[Candidate], review: list[Candidate], look: Look) -> list[str]:
    steps = []
    if ready:
        steps += [("nb2mod extract --diff", "shows every change and writes nothing")]
        steps += [("nb2mod extract", "makes them; nb2mod undo takes them back")]
    if review:
        steps += [("nb2mod extract --interactive", "asks about each, with its diff")]
    if not steps:
        return []
    width = max(len(command) for command, _ in steps)
    rows = [f"  {look.ink.strong(command)}{' ' * (width - len(command))}  {what}" for command, what in steps]
    return [look.ink.heading("Next"), "", *rows]


def _evidence(candidate: Candidate, report: Report, look: Look) -> list[str]:
    proof = Counter(occurrence.evidence or "not-checked" for occurrence in candidate.occurrences)
    said = {"proved": "proved", "ran-same": "ran the same", "not-checked": "not checked"}
    parts = [f"{words.count(number, 'copy')} {said.get(kind, clean(kind))}" for kind, number in proof.items()]
    lines = candidates.title(candidate, ", ".join(parts), look)
    for one in candidate.occurrences:
        if one.doubt:
            place = words.place(Location(one.path, one.cell, one.line))
            lines += words.wrap(f"not proved: {place}: {clean(one.doubt)}", look.width, "    ", "      ")
    if look.verbose:
        lines += [f"    {place}" for place in words.places(candidate.occurrences, facts.display_name(candidate))]
    lines += details.arguments(candidate, look)
    lines += details.brought(report.plan, candidate, look)
    lines += details.given_up(report.plan, candidate, look)
    told: set[str] = set()
    for reason in candidates.not_said(candidate):
        again = reason.code in candidates.OF_EACH_COPY and reason.code in told and not look.verbose
        told.add(reason.code)
        if reason.effect == "note" and not again:
            lines += words.wrap(f"note {reason.code}: {clean(reason.message)}", look.width, "    ", "      ")
    return lines


def _files(report: Report, look: Look) -> list[str]:
    changes = report.changes.changes if report.changes else ()
    return [look.ink.heading("Files"), "", *files(changes, look)] if changes else []


def _file(change: FileChange, look: Look) -> str:
    added, removed = diff.counts(change)
    state = look.ink.good("new    ") if change.before is None else "changed"
    minus = look.ink.bad(f"-{removed}".rjust(5)) if removed else " " * 5
    numbers = f"{look.ink.good(f'+{added}'.rjust(5))} {minus}"
    edited = [edit.cell for edit in change.cells if not edit.inserted]
    cells = f"  {'cell' if len(edited) == 1 else 'cells'} {words.ranges(edited)}" if edited else ""
    new = "  new cell" if any(edit.inserted for edit in change.cells) else ""
    return f"  {state} {numbers}  {clean(change.path)}{look.ink.faint(cells + new)}"


def _left(report: Report, moved: list[Candidate], look: Look) -> list[str]:
    gone = {candidate.id for candidate in moved}
    lines: list[str] = []
    if moved and report.declined:
        lines += words.wrap(
            f"Got no yes, stays as it is: {words.listed(report.declined, _NAMED)}", look.width, "", "  "
        )
    review = [
        one
        for one in facts.with_verdict(report, Verdict.REVIEW)
        if one.id not in gone and facts.display_name(one) not in report.declined
    ]
    if review:
        lines += [""] if lines else []
        lines += [look.ink.heading(f"Wants a review before it moves: {len(review):,}", "warning"), ""]
        hint = "--interactive asks about each, --unsafe moves them all"
        lines += words.wrap(f"{candidates.names(review, _NAMED)} ({hint})", look.width, "  ")
    blocked = _staying("Blocked, stays as it is", "bad", report, Verdict.BLOCKED, look)
    return [*lines, *([""] if lines and blocked else []), *blocked]


def _notes(notes: Sequence[str], look: Look) -> list[str]:
    lines: list[str] = []
    for note in notes:
        first, *rest = note.split("\n")
        lines += words.wrap(clean(first), look.width, "  - ", "    ")
        lines += [
            f"    {look.ink.strong(clean(line))}" for line in rest
        ]  # commands: kept whole, so that they can be copied
    return [look.ink.heading("Next"), "", *lines] if lines else []


def _duration(seconds: float) -> str:
    if seconds < 0.1:
        return f"{seconds * 1000:.0f} ms"
    return f"{seconds:.1f} s" if seconds < 60 else f"{int(seconds) // 60} min {int(seconds) % 60} s"


def _joined(sections: Sequence[Sequence[str]]) -> str:
    return "\n\n".join("\n".join(section) for section in sections if section) + "\n"
