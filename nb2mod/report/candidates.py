"""Candidates as lines of the text report: those that move one by one, those that stay under the reason they share."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from msgspec.structs import replace

from nb2mod.model import Candidate, Location, Plan, Reason, Verdict
from nb2mod.report import contrasts, details, facts, words
from nb2mod.report.ink import Look, clean

_MOVING = 40
_PLACES = 3
_REASONS = 12
_STAYING = 8
_INDENT = "    "
# Said of each copy in its own names, or by the line of the argument already: scan tells them with -v.
OF_EACH_COPY = frozenset(("NB371", "NB375", "NB377"))
_OF_ARGUMENTS = frozenset(("NB375", "NB377"))
# Why there is no parameter: says more than that one is missing.
_NO_PARAMETER = frozenset(("NB372", "NB373", "NB374", "NB376"))
_COPIES = {1: "exact copy", 2: "renamed copy", 3: "near copy"}
_EFFECTS = {Verdict.BLOCKED: "blocks", Verdict.REVIEW: "review", Verdict.BELOW: "below"}


def moving(candidates: Sequence[Candidate], look: Look, plan: Plan | None = None) -> list[str]:
    """One block per candidate, a blank line before each; past the first few dozen only their number, unless `verbose`.

    With the plan, each tells which constants come along; `verbose`: also what of which copy is not kept.
    """
    shown = candidates if look.verbose or len(candidates) <= _MOVING else candidates[:_MOVING]
    lines = [line for candidate in shown for line in ("", *_block(candidate, look, plan))]
    if len(shown) < len(candidates):
        saved = sum(map(facts.saved_lines, candidates[len(shown) :]))
        more = f"  ... and {len(candidates) - len(shown):,} more, saving {words.count(saved, 'line')} (-v shows all)"
        lines += ["", look.ink.faint(more)]
    return lines


def staying(candidates: Sequence[Candidate], verdict: Verdict, look: Look) -> list[str]:
    """Candidates under the reason they share; each with the line that holds it, or with `verbose` all that is known."""
    groups = list(_by_reason(candidates, _EFFECTS[verdict]).items())
    shown = groups if look.verbose or len(groups) <= _REASONS + 1 else groups[:_REASONS]
    lines: list[str] = []
    for (code, message), members in shown:
        lines += [""] if look.verbose and lines else []
        lines += coded(code, clean(message), look.ink.strong, look)
        lines += _members(members, code, look)
    hidden = Counter(code for (code, _), members in groups[len(shown) :] for _ in members)
    if hidden:
        codes = ", ".join(f"{number:,} {code}" for code, number in hidden.most_common())
        lines += words.wrap(f"... and {hidden.total():,} more: {codes} (-v shows all)", look.width, "  ", _INDENT)
    return lines


def coded(code: str, text: str, paint: Callable[[str], str], look: Look) -> list[str]:
    """`text` after its code, wrapped in a column of its own."""
    first, *rest = words.wrap(f"{code}  {text}", look.width, "  ", " " * (len(code) + 4))
    return [first.replace(code, paint(code), 1), *rest]


def not_said(candidate: Candidate) -> list[Reason]:
    """Its reasons, without the notes that the lines of its arguments (`details.arguments`) say as well."""
    return [one for one in candidate.reasons if not (candidate.arguments and one.code in _OF_ARGUMENTS)]


def names(candidates: Sequence[Candidate], most: int = 6) -> str:
    """ "a, b, c and 4 more", each name once."""
    return words.listed(dict.fromkeys(facts.display_name(candidate) for candidate in candidates), most)


def title(candidate: Candidate, right: str, look: Look) -> list[str]:
    """`name -> module.name`, and `right` at the right margin; the target on a line of its own where one is too short."""
    name = clean(facts.display_name(candidate))
    target = candidate.target or candidate.existing
    where = clean(f"{target.module}.{target.name}") if target else ""
    length = 2 + len(name) + (4 + len(where) if where else 0)
    arrow = f" -> {look.ink.target(where)}" if where else ""
    if where and length + 2 + len(right) > look.width:
        return [*title(replace(candidate, target=None, existing=None), right, look), f"   {arrow}"]
    gap = " " * max(look.width - length - len(right), 2)
    return [f"  {look.ink.strong(name)}{arrow}{gap}{look.ink.faint(right)}"]


def _block(candidate: Candidate, look: Look, plan: Plan | None) -> list[str]:
    lines = title(candidate, candidate.code, look)
    lines += words.wrap(_description(candidate), look.width, _INDENT)
    lines += _places(words.places(candidate.occurrences, facts.display_name(candidate)), look)
    lines += details.arguments(candidate, look)
    lines += details.calls(candidate, look) if look.verbose else []
    lines += details.called(plan, candidate, look)
    lines += details.brought(plan, candidate, look)
    lines += details.given_up(plan, candidate, look) if look.verbose else []
    reasons = [one for one in not_said(candidate) if look.verbose or one.code not in OF_EACH_COPY]
    lines += [line for told in _told_once(reasons) for line in _reason(*told, look)]
    return lines + (contrasts.lines(candidate.contrasts, look, _INDENT) if look.verbose else [])


def _members(members: Sequence[Candidate], code: str, look: Look) -> list[str]:
    shown = members if look.verbose or len(members) <= _STAYING + 1 else members[:_STAYING]
    width = min(max(len(clean(facts.display_name(candidate))) for candidate in shown), 24)
    lines = [line for candidate in shown for line in _stays(candidate, code, width, look)]
    hidden = len(members) - len(shown)
    return [*lines, look.ink.faint(f"{_INDENT}... and {hidden:,} more (-v shows all)")] if hidden else lines


def _description(candidate: Candidate) -> str:
    copies = _copies(candidate)
    notebooks = len(facts.notebooks_of(candidate))
    length = max((occurrence.end_line - occurrence.line + 1 for occurrence in candidate.occurrences), default=0)
    size = words.count(length, "line")
    if candidate.kind == "block":
        size, copies = (
            words.count(candidate.statements, "statement"),
            copies if len(candidate.occurrences) > 1 else "once",
        )
    text = f"{candidate.kind} of {size}, {copies} in {words.count(notebooks, 'notebook')}"
    if candidate.code == "NB201":
        text = f"{candidate.kind} of {size}, alone in its notebook"
    if candidate.existing:
        text += ", stands in the package already"
    elif candidate.places < notebooks:
        text += f", counted as {words.count(candidate.places, 'place')}"
    saved = facts.saved_lines(candidate)
    return text + (f", saves {words.count(saved, 'line')}" if saved else "")


def _copies(candidate: Candidate) -> str:
    """How many copies of which kind; near ones may have one text, whose names mean several things."""
    number = len(candidate.occurrences)
    near = candidate.clone_type == 3
    if near and candidate.similarity >= 1:
        return f"{words.count(number, 'copy')} of one text"
    alike = f" ({candidate.similarity:.0%} alike)" if near else ""
    return words.count(number, _COPIES.get(candidate.clone_type or 0, "copy")) + alike


def _places(found: Sequence[str], look: Look) -> list[str]:
    shown = found if look.verbose or len(found) <= _PLACES + 1 else found[:_PLACES]
    lines = [line for one in shown for line in words.wrap(one, look.width, _INDENT, _INDENT + "    ")]
    hidden = len(found) - len(shown)
    return (
        [*lines, look.ink.faint(f"{_INDENT}... and {words.count(hidden, 'more notebook')} (-v shows all)")]
        if hidden
        else lines
    )


def _told_once(reasons: Sequence[Reason]) -> Iterator[tuple[Reason, list[Location]]]:
    """Reasons with the same words once, with all their places."""
    told: dict[tuple[str, str, str], tuple[Reason, list[Location]]] = {}
    for reason in reasons:
        _, locations = told.setdefault((reason.code, reason.effect, reason.message), (reason, []))
        locations += [reason.location] if reason.location else []
    yield from told.values()


def _reason(reason: Reason, locations: list[Location], look: Look, indent: str = _INDENT) -> list[str]:
    label = {"blocks": "blocked", "review": "review", "below": "below", "note": "note"}.get(
        reason.effect, reason.effect
    )
    where = f" ({_somewhere(locations)})" if locations and reason.effect != "note" else ""
    lines = words.wrap(f"{label} {reason.code}: {clean(reason.message)}{where}", look.width, indent, indent + "  ")
    paint = {"blocks": look.ink.bad, "review": look.ink.warning}.get(reason.effect, look.ink.faint)
    return [paint(line) for line in lines]


def _by_reason(candidates: Sequence[Candidate], effect: str) -> dict[tuple[str, str], list[Candidate]]:
    """Each candidate once, under that of its reasons that most candidates share, or why it can't get a parameter; the largest
    groups first.
    """
    keys = {
        candidate.id: list(dict.fromkeys((r.code, r.message) for r in candidate.reasons if r.effect == effect))
        for candidate in candidates
    }
    shared = Counter(key for found in keys.values() for key in found)
    groups: dict[tuple[str, str], list[Candidate]] = {}
    for candidate in candidates:
        found = keys[candidate.id] or [(candidate.code, "no reason was given")]
        groups.setdefault(max(found, key=lambda key: (key[0] in _NO_PARAMETER, shared[key])), []).append(candidate)
    return dict(sorted(groups.items(), key=lambda item: (-len(item[1]), item[0])))


def _stays(candidate: Candidate, code: str, width: int, look: Look) -> list[str]:
    name = facts.display_name(candidate)
    if look.verbose:
        first, *rest = words.wrap(f"{clean(name)}  {_description(candidate)}", look.width, _INDENT, _INDENT + "  ")
        lines = [first.replace(clean(name), look.ink.strong(clean(name)), 1), *rest]
        for place in words.places(candidate.occurrences, name):
            lines += words.wrap(place, look.width, _INDENT + "  ", _INDENT + "      ")
        for reason, locations in _told_once(candidate.reasons):
            if locations or reason.code != code:
                lines += _reason(reason, locations, look, _INDENT + "  ")
        return lines
    notebooks = len(facts.notebooks_of(candidate))
    more = f" and {notebooks - 1:,} more" if notebooks > 1 else ""
    others = sorted({reason.code for reason in candidate.reasons if reason.effect != "note"} - {code})
    also = f" (also {', '.join(others)})" if others else ""
    text = f"{clean(name):{width}}  {_first_place(candidate, code)}{more}{also}"
    return words.wrap(text, look.width, _INDENT, _INDENT + "  ")


def _first_place(candidate: Candidate, code: str) -> str:
    """The line a reason names, because that is where a person looks; else the first copy's."""
    named = (words.place(reason.location) for reason in candidate.reasons if reason.code == code and reason.location)
    copies = (words.place(Location(one.path, one.cell, one.line)) for one in candidate.occurrences)
    return next(named, None) or next(copies, "")


def _somewhere(locations: Sequence[Location]) -> str:
    more = f" and {len(locations) - 1:,} more" if len(locations) > 1 else ""
    return words.place(locations[0]) + more
