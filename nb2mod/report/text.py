"""A Report as text made to be read: one line of totals, candidates grouped by verdict, odd notebooks, what to do next."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from nb2mod.model import Candidate, Diagnostic, FileChange, Reason, Report, Verdict
from nb2mod.report import diff, facts, words
from nb2mod.report.ink import Look, clean

_FEW = 4  # places of one candidate, and diagnostics of one code, shown without -v
_EFFECTS = {Verdict.EXTRACT: "", Verdict.REVIEW: "review", Verdict.BLOCKED: "blocks", Verdict.BELOW: "below"}
_SECTIONS = (
    (Verdict.EXTRACT, "Extract", "good", "past the threshold, safe to move"),
    (Verdict.REVIEW, "Review", "warning", "past it, moved only with --unsafe"),
    (Verdict.BLOCKED, "Blocked", "bad", "past it, but moving could change what a notebook does"),
    (Verdict.BELOW, "Below", "", "repeated, short of the threshold"),
)
_CODES = {"NB101": "exact", "NB102": "renamed", "NB105": "in the package"}
_ODD = {
    "NB401": "cells that do not parse",
    "NB403": "notebooks copied as a whole, counted as one place",
    "NB404": "files that could not be read",
    "NB405": "notebooks in another language",
    "NB406": "notebooks in an old format",
    "NB407": "cells of other magics, their names unknown",
    "NB408": "notebooks paired with a text file",
    "NB409": "names that stand for different bodies, kept apart",
    "NB410": "notebooks opened from Colab or Binder links",
}


def render_scan(report: Report, look: Look) -> str:
    """What scan found. Ends in a newline."""
    lines = [_totals(report, look)]
    if not look.quiet:
        for verdict, title, colour, meaning in _SECTIONS:
            lines += _section(report, verdict, (title, colour, meaning), look)
        lines += _odd(report, look)
    lines += ["", *_next_after_scan(report, look)]
    return "\n".join(lines) + "\n"


def render_extract(report: Report, look: Look) -> str:
    """What extract did, or would do. Ends in a newline."""
    moved = facts.moved(report)
    lines = [_totals(report, look)]
    if not look.quiet:
        lines += _moved(report, moved, look) + _files(report, look)
        for verdict, title, colour, meaning in _SECTIONS[1:3]:
            lines += _section(report, verdict, (title, colour, meaning), look, without=moved)
        lines += _odd(report, look)
    lines += ["", *_next_after_extract(report, moved, look)]
    return "\n".join(lines) + "\n"


# totals


def _totals(report: Report, look: Look) -> str:
    s = report.summary
    parts = [
        words.count(s.notebooks, "notebook"),
        words.count(s.code_cells, "code cell"),
        words.count(s.definitions, "definition"),
    ]
    if s.skipped:
        parts.append(f"{s.skipped:,} skipped")
    parts.append(f"{s.seconds:.1f} s" if s.seconds >= 0.1 else f"{s.seconds * 1000:.0f} ms")
    return look.ink.strong(" · ".join(parts))


# candidates


def _section(
    report: Report, verdict: Verdict, heading: tuple[str, str, str], look: Look, without: Sequence[Candidate] = ()
) -> list[str]:
    gone = {candidate.id for candidate in without}
    found = [candidate for candidate in facts.with_verdict(report, verdict) if candidate.id not in gone]
    if not found:
        return []
    title, colour, meaning = heading
    lines = ["", f"{look.ink.heading(f'{title} ({len(found):,})', colour)} {look.ink.faint(meaning)}"]
    if verdict is Verdict.BELOW and not look.verbose:
        names = words.listed((facts.display_name(candidate) for candidate in found), 6)
        return [*lines, *words.wrap(f"{names}  (-v shows them)", look.width, "  ")]
    for candidate in found:
        lines += _candidate(candidate, verdict, look)
    return lines


def _candidate(candidate: Candidate, verdict: Verdict, look: Look) -> Iterator[str]:
    name = facts.display_name(candidate)
    target = candidate.target or candidate.existing
    where = f" → {clean(target.module)}.{clean(target.name)}" if target and verdict is not Verdict.BLOCKED else ""
    saved = facts.saved_lines(candidate)
    kind = "class " if candidate.kind == "class" else ""
    sort = _CODES.get(candidate.code, "")
    details = [f"{candidate.code} {sort}".strip()]
    details.append(words.count(len(facts.notebooks_of(candidate)), "notebook"))
    if saved and verdict is not Verdict.BLOCKED:
        details.append(f"saves {words.count(saved, 'line')}")
    yield f"  {kind}{look.ink.strong(clean(name))}{look.ink.target(where)}"
    yield f"    {look.ink.faint(', '.join(details))}"
    told = words.places(candidate.occurrences, name)
    most = len(told) if look.verbose or len(told) <= _FEW + 1 else _FEW
    for phrase in told[:most]:
        yield from words.wrap(phrase, look.width, "    ", "      ")
    if len(told) > most:
        yield look.ink.faint(f"    and {len(told) - most:,} more notebooks (-v)")
    yield from _reasons(candidate, verdict, look)


def _reasons(candidate: Candidate, verdict: Verdict, look: Look) -> Iterator[str]:
    effect = _EFFECTS[verdict]
    first = [reason for reason in candidate.reasons if reason.effect == effect]
    notes = [reason for reason in candidate.reasons if reason.effect == "note"]
    shown = [*first, *notes] if look.verbose else [*first[:3], *notes[:2]]
    for reason in shown:
        mark = "note" if reason.effect == "note" else "why"
        yield from words.wrap(
            f"{mark}: {reason.code} {clean(reason.message)}{_at(reason)}", look.width, "    ", "      "
        )
    hidden = len(first) + len(notes) - len(shown)
    if hidden > 0:
        yield look.ink.faint(f"    and {words.count(hidden, 'more reason')} (-v)")


def _at(reason: Reason) -> str:
    return f" ({words.place(reason.location)})" if reason.location else ""


# what extract does


def _moved(report: Report, moved: Sequence[Candidate], look: Look) -> list[str]:
    if not moved:
        return []
    title = "Moved" if report.applied else "Would move"
    lines = ["", look.ink.heading(f"{title} ({len(moved):,})", "good")]
    for candidate in moved:
        target = candidate.target or candidate.existing
        where = f" → {clean(target.module)}.{clean(target.name)}" if target else ""
        evidence = sorted({occurrence.evidence or "not-checked" for occurrence in candidate.occurrences})
        copies = words.count(len(candidate.occurrences), "copy")
        lines.append(f"  {look.ink.strong(clean(facts.display_name(candidate)))}{look.ink.target(where)}")
        lines.append(f"    {look.ink.faint(copies + ', ' + ' and '.join(evidence))}")
        lines += _told_notes(candidate, look)
    return lines


def _told_notes(candidate: Candidate, look: Look) -> Iterator[str]:
    for reason in candidate.reasons:
        if reason.effect == "note":
            yield from words.wrap(f"note: {reason.code} {clean(reason.message)}", look.width, "    ", "      ")


def _files(report: Report, look: Look) -> list[str]:
    changes = report.changes.changes if report.changes else ()
    if not changes:
        return []
    lines = ["", look.ink.heading(f"Files ({len(changes):,})")]
    ordered = sorted(changes, key=lambda change: (bool(change.cells), change.path))
    most = len(ordered) if look.verbose or len(ordered) <= 20 else 18
    width = min(52, max(len(clean(change.path)) for change in ordered[:most]))
    lines += [_file(change, width, look) for change in ordered[:most]]
    if len(ordered) > most:
        lines.append(look.ink.faint(f"  and {len(ordered) - most:,} more notebooks (-v)"))
    return lines


def _file(change: FileChange, width: int, look: Look) -> str:
    added, removed = diff.counts(change)
    numbers = f"{look.ink.good(f'+{added}')} {look.ink.bad(f'-{removed}')}"
    what = "new" if change.before is None else words.count(len(change.cells), "cell") if change.cells else ""
    return f"  {clean(change.path):<{width}}  {numbers}  {look.ink.faint(what)}".rstrip()


# odd notebooks


def _odd(report: Report, look: Look) -> list[str]:
    by_code: dict[str, list[Diagnostic]] = defaultdict(list)
    for diagnostic in facts.diagnostics(report):
        by_code[diagnostic.code].append(diagnostic)
    if not by_code:
        return []
    lines = ["", look.ink.heading("Odd notebooks")]
    for code in sorted(by_code):
        told = by_code[code]
        lines.append(f"  {look.ink.warning(code)} {len(told):,} {_ODD.get(code, 'findings')}")
        if code == "NB410" and not look.verbose:
            continue
        most = len(told) if look.verbose or len(told) <= _FEW else _FEW - 1
        for diagnostic in told[:most]:
            where = f"{words.place(diagnostic.location)}: " if diagnostic.location else ""
            lines += words.wrap(f"{where}{clean(diagnostic.message)}", look.width, "    ", "      ")
        if len(told) > most:
            lines.append(look.ink.faint(f"    and {len(told) - most:,} more (-v)"))
    return lines


# what to do next


def _next_after_scan(report: Report, look: Look) -> list[str]:
    counted = {verdict: len(facts.with_verdict(report, verdict)) for verdict in Verdict}
    if not report.summary.notebooks:
        return ["No notebooks here: nothing was looked at. Name a folder, or see `notebooks` in the configuration."]
    if counted[Verdict.EXTRACT]:
        saved = sum(facts.saved_lines(candidate) for candidate in facts.with_verdict(report, Verdict.EXTRACT))
        can_move = words.count(counted[Verdict.EXTRACT], "definition")
        show, do = look.ink.strong("nb2mod extract --diff"), look.ink.strong("nb2mod extract")
        return [
            f"{can_move} can move now, {words.count(saved, 'line')} fewer in the notebooks.",
            f"Next: {show} shows every change, {do} makes them.",
        ]
    if counted[Verdict.REVIEW]:
        return [
            f"Nothing can move without a look: {look.ink.strong('nb2mod extract --unsafe --diff')} shows what would."
        ]
    if counted[Verdict.BLOCKED]:
        return ["Nothing can move as it stands; the reasons above say what would help."]
    return ["Nothing stands past the threshold."]


def _next_after_extract(report: Report, moved: Sequence[Candidate], look: Look) -> list[str]:
    if not moved:
        return ["Nothing to move: no file was changed."]
    if not report.applied:
        return [f"Nothing was written. {look.ink.strong('nb2mod extract')} makes these changes."]
    lines = [f"Written. {look.ink.strong('nb2mod undo')} takes it back."]
    for note in report.notes:
        lines += words.wrap(clean(note), max(look.width, 100), "- ", "  ")
    return lines
