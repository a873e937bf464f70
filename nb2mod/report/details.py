"""What moving a candidate brings and does not keep, as lines: parameters, constants; renamed locals, docstrings, comments.

All of it stands in the plan; what a candidate is and where it stands is in `candidates.py`.
"""

from collections.abc import Iterable, Iterator

from nb2mod.model import CallSite, Candidate, Location, Plan
from nb2mod.report import facts, words
from nb2mod.report.ink import Look, clean

_PLACES = 2
_NAMES = 3
_INDENT = "    "


def brought(plan: Plan | None, candidate: Candidate, look: Look) -> list[str]:
    """The constants that come along."""
    names = facts.constants_along(plan, candidate)
    return _wrapped(f"brings {words.listed(names, _most(look, 8, names))} along", look) if names else []


def arguments(candidate: Candidate, look: Look) -> list[str]:
    """Each parameter that the copies did not have: its default, and what other copies pass. Every value is told (H8)."""
    lines = []
    for one in candidate.arguments:
        if all(value == one.name for value, _ in one.values):
            lines += _wrapped(f"takes `{clean(one.name)}` of its notebook", look)
            continue
        parts = [f"`{clean(one.default)}` by default"] if one.default else []
        for value, places in one.values:
            if value != one.default:
                where = list(dict.fromkeys(words.place(Location(place.path, place.cell)) for place in places))
                parts.append(f"`{clean(value)}` in {words.listed(where, _most(look, _PLACES, where))}")
        lines += _wrapped(f"takes `{clean(one.name)}`: {', '.join(parts)}", look)
    return lines


def calls(candidate: Candidate, look: Look) -> list[str]:
    """Each line, other than in its copies, on which calls pass more from now on."""
    by_path: dict[str, list[str]] = {}
    for one in candidate.calls:
        by_path.setdefault(one.path, []).append(words.place(Location("", one.cell, one.line)).strip())
    parts = [f"{clean(path)} {', '.join(lines)}" for path, lines in by_path.items()]
    return [line for part in parts for line in _wrapped(f"its calls change in {part}", look)]


def called(plan: Plan | None, candidate: Candidate, look: Look) -> list[str]:
    """How a block's function is called: what goes in and what comes out; `verbose`: in each copy that calls it otherwise."""
    calls = dict.fromkeys(site.call.split("\n")[0] for site in facts.sites(plan, candidate) if site.call)
    return [line for call in list(calls)[: None if look.verbose else 1] for line in _wrapped(clean(call), look)]


def given_up(plan: Plan | None, candidate: Candidate, look: Look) -> list[str]:
    """In what copies differ from the one that stays, the same difference once; `verbose`: each place."""
    sites = facts.sites(plan, candidate)
    lines = []
    for label, pairs in (("not kept", _ignored(sites)), ("renamed", _renames(sites, look))):
        by_what: dict[str, list[str]] = {}
        for what, site in pairs:
            by_what.setdefault(what, []).append(words.place(Location(site.path, site.cell)))
        parts = [_part(label, what, list(dict.fromkeys(places)), look) for what, places in by_what.items()]
        shown = parts if look.verbose or len(parts) <= _NAMES + 1 else parts[:_NAMES]
        more = f"; and {len(parts) - len(shown):,} more (-v shows all)" if len(shown) < len(parts) else ""
        lines += _wrapped(f"{label}: {'; '.join(shown)}{more}", look) if parts else []
    return lines


def _ignored(sites: Iterable[CallSite]) -> Iterator[tuple[str, CallSite]]:
    return ((what, site) for site in sites for what in site.ignored)


def _renames(sites: Iterable[CallSite], look: Look) -> Iterator[tuple[str, CallSite]]:
    for site in sites:
        # Its own name it keeps: the import binds it.
        pairs = [f"{clean(old)} -> {clean(new)}" for old, new in site.renames if old not in (new, site.name)]
        if pairs:
            yield words.listed(pairs, _most(look, _NAMES, pairs)), site


def _part(label: str, what: str, places: list[str], look: Look) -> str:
    told = words.listed(places, _most(look, _PLACES, places))
    return f"{clean(what)} of {told}" if label == "not kept" else f"{what} ({told})"


def _most(look: Look, number: int, found: Iterable[str]) -> int:
    return len(list(found)) if look.verbose else number


def _wrapped(text: str, look: Look) -> list[str]:
    return words.wrap(text, look.width, _INDENT, _INDENT + "  ")
