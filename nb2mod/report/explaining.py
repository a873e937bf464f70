"""One candidate's whole reckoning, as text: measures, limits, stage, evidence, hazards found and not found, what comes along.

What was looked at follows from what the candidate is; which candidate is asked for is the door's business.
"""

from collections.abc import Iterator

from nb2mod.codes import CODES, Code
from nb2mod.model import Candidate, NotebookStage, Report, Verdict
from nb2mod.report import candidates, contrasts, details, facts, stages, words
from nb2mod.report.ink import Look, clean

_INDENT = "    "
_OF_BLOCKS = frozenset(f"NB{number}" for number in range(361, 371))
_PROOF = "NB390"  # extract's, not scan's
_VERDICTS = {
    Verdict.EXTRACT: "extract: past the threshold, and nothing stands against it",
    Verdict.REVIEW: "review: past the threshold, and wants a yes from a person",
    Verdict.BLOCKED: "blocked: past the threshold, and something stands against it",
    Verdict.BELOW: "below: short of the threshold",
}
_SHORT = "it is short of the threshold, so nobody asked whether it could move"
_WHOLE = "what may move of a notebook as a whole is looked at by nb2mod extract --whole"


def render(report: Report, candidate: Candidate, look: Look) -> str:
    """The reckoning of one candidate. Ends in a newline."""
    blocks = [
        _head(candidate, look),
        _titled("Where it stands", _places(report, candidate, look), look),
        _titled("Measures", _measures(candidate), look),
        _titled("What its calls pass", [*details.arguments(candidate, look), *details.calls(candidate, look)], look),
        *_hazards(candidate, look),
        _titled("Where copies differ", _contrasts(candidate, look), look),
        _titled("What comes with it", _along(report, candidate, look), look),
    ]
    return "\n\n".join("\n".join(lines) for lines in blocks if lines) + "\n"


def looked_at(candidate: Candidate) -> tuple[list[Code], str]:
    """The checks that can stand against such a candidate, in order; when none was made, why not."""
    if candidate.kind == "notebook":
        return [], _WHOLE
    if candidate.verdict is Verdict.BELOW:
        return [], _SHORT
    against = [code for code in CODES.values() if code.code.startswith("NB3") and code.effect in ("blocks", "review")]
    own = [code for code in against if code.code not in (*_OF_BLOCKS, _PROOF)] if candidate.members else []
    flow = [code for code in against if code.code in _OF_BLOCKS] if candidate.kind == "block" else []
    return sorted((*own, *flow), key=lambda code: code.code), ""


def passed(candidate: Candidate) -> list[Code]:
    """The checks that found nothing."""
    found = {reason.code for reason in candidate.reasons}
    return [code for code in looked_at(candidate)[0] if code.code not in found]


def notebooks_of(report: Report, candidate: Candidate) -> list[NotebookStage]:
    """The notebooks it stands in, with their stage."""
    paths = facts.notebooks_of(candidate)
    return [one for one in report.notebooks if one.path in paths]


def along(report: Report, candidate: Candidate) -> list[tuple[str, str]]:
    """What a module would hold beside it: kind, and the line or the name."""
    ids = {one.id: one for one in report.candidates}
    found = []
    for need in candidate.needs:
        if need.kind == "helper":
            helper = ids.get(need.candidate or "")
            what = f"{need.name} ({need.candidate})" if need.candidate else need.name
            found.append(("helper", f"{what}, {helper.verdict.value}" if helper else what))
        else:
            found.append((need.kind, need.text or need.target or need.name))
    return found


def _head(candidate: Candidate, look: Look) -> list[str]:
    target = candidate.target or candidate.existing
    where = f"to {target.module}.{target.name}" if target else "nowhere as it stands"
    where += f"; {target.apart}" if target and target.apart else ""
    if candidate.existing:
        where += ", which stands there already"
    if candidate.drifted:
        where = _second(candidate)
    if candidate.kind == "notebook":
        where = f"to a module of its own: nb2mod extract --whole {facts.notebooks_of(candidate)[0]}"
    saved = facts.saved_lines(candidate)
    code = CODES[candidate.code]
    rows = [
        ("what", f"{candidate.kind}, {candidate.code} {code.title}"),
        ("id", candidate.id),
        *([("drifted", f"from {candidate.drifted.module}.{candidate.drifted.name}")] if candidate.drifted else []),
        *([("near to", ", ".join(near))] if (near := _near(candidate)) else []),
        ("verdict", _VERDICTS[candidate.verdict]),
        ("would go", where),
        *([("saves", words.count(saved, "line"))] if saved else []),
    ]
    lines = [look.ink.heading(clean(facts.display_name(candidate)))]
    for label, text in rows:
        lines += words.wrap(f"{label:9}{clean(text)}", look.width, "  ", " " * 11)
    return lines


def _second(candidate: Candidate) -> str:
    """Where what has drifted from the package would go: nowhere, unless a person wants both there."""
    if candidate.verdict is not Verdict.REVIEW or not candidate.drifted:
        return "nowhere as it stands"
    own = "under a name of its own " if candidate.drifted.name == candidate.name else ""
    return f"nowhere; beside it, {own}in the package, with nb2mod extract --unsafe"


def _near(candidate: Candidate) -> list[str]:
    """Where the copies stand that it was compared with; those of its own are listed as such."""
    own = {(one.path, one.cell) for one in candidate.occurrences}
    sides = (place for one in candidate.contrasts for place in (one.left, one.right))
    return list(dict.fromkeys(words.place(place) for place in sides if (place.path, place.cell) not in own))


def _places(report: Report, candidate: Candidate, look: Look) -> Iterator[str]:
    for place in words.places(candidate.occurrences, facts.display_name(candidate)):
        yield from words.wrap(place, look.width, "  ", _INDENT)
    for one in notebooks_of(report, candidate):
        evidence = "; ".join(map(stages.evidence, one.evidence)) or "nothing speaks for production"
        yield from words.wrap(f"{clean(one.path)} is {one.stage.value}: {evidence}", look.width, "  ", _INDENT)


def _measures(candidate: Candidate) -> Iterator[str]:
    width = max((len(one.name) for one in candidate.measures), default=0)
    for one in candidate.measures:
        over = one.value - one.limit
        told = f"{over:,} past it" if over > 0 else "reached" if not over else f"{-over:,} short of it"
        where = f"  (cell {one.location.cell})" if one.location and one.location.cell else ""
        yield f"  {one.name:{width}}  {one.value:>6,}  threshold {one.limit:>6,}  {told}{where}"


def _hazards(candidate: Candidate, look: Look) -> Iterator[list[str]]:
    reasons = []
    for reason in candidates.not_said(candidate):
        where = f" ({words.place(reason.location)})" if reason.location and reason.effect != "note" else ""
        reasons += words.wrap(
            f"{reason.code} {reason.effect}: {clean(reason.message)}{where}", look.width, "  ", _INDENT
        )
    yield _titled("Found", reasons or ["  nothing"], look)
    _, why = looked_at(candidate)
    if why:
        yield _titled("Not looked at", words.wrap(why, look.width, "  "), look)
        return
    clear = passed(candidate)
    lines = [f"  {code.code} {code.title}" for code in clear]
    yield _titled(f"Looked at, and not found: {len(clear)}", lines, look)


def _contrasts(candidate: Candidate, look: Look) -> list[str]:
    lines = contrasts.lines(candidate.contrasts, look, "  ")
    advice = contrasts.advice(candidate.advice, look, "  ") if candidate.advice else []
    return [*lines, *([""] if lines and advice else []), *advice]


def _along(report: Report, candidate: Candidate, look: Look) -> Iterator[str]:
    for kind, what in along(report, candidate):
        yield from words.wrap(f"{kind}: {clean(what)}", look.width, "  ", _INDENT)


def _titled(title: str, lines: Iterator[str] | list[str], look: Look) -> list[str]:
    found = list(lines)
    return [look.ink.heading(title), "", *found] if found else []
