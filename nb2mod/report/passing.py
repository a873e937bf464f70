"""What lifting one candidate changes beside its copies: the cells whose calls pass more, the package's own function.

The edits stand in the plan, for all candidates together; here those of one are picked out, for people to look at.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Sequence

from msgspec import Struct

from nb2mod.model import CallSite, Extraction, Passing, Report


class Passed(Struct, frozen=True):
    """The text of a cell, or (`cell` 0) of a module, before and after."""

    path: str
    cell: int
    before: str
    after: str


def passed(report: Report, candidates: Collection[str]) -> list[Passed]:
    """Modules first, then cells in order; nothing for candidates whose calls stay as they are. Calls in their own copies are
    left out: those go. Calls in what another candidate moves are not: it may stay.
    """
    plan = report.plan
    own = [one for one in (plan.extractions if plan else ()) if one.candidate in candidates and _is_lifted(one)]
    if plan is None or not own:
        return []
    sites = [site for one in own for site in one.sites]
    copies = {(site.path, site.cell, site.line) for site in sites if site.passes}
    texts = _texts(report)
    chosen: dict[tuple[str, int], list[Passing]] = defaultdict(list)
    for edit in plan.passing:
        text = texts.get((edit.path, edit.cell))
        if text is None:
            continue
        if edit.cell:
            called = {(place.path, place.cell, place.line) for place in edit.calls}
            is_own = not copies.isdisjoint(called) and not _inside(edit, text, sites)
        else:
            is_own = any(_defines(one, edit, text) for one in own)
        if is_own:
            chosen[edit.path, edit.cell].append(edit)
    return [
        Passed(*place, texts[place], _made(texts[place], edits))
        for place, edits in sorted(chosen.items(), key=lambda item: (item[0][1] > 0, item[0]))
    ]


def _is_lifted(one: Extraction) -> bool:
    return any(site.passes for site in one.sites)


def _texts(report: Report) -> dict[tuple[str, int], str]:
    """What the changes begin with: sources of cells, and texts of modules as cell 0."""
    found: dict[tuple[str, int], str] = {}
    for change in report.changes.changes if report.changes else ():
        for edit in change.cells:
            if not edit.inserted:
                found[change.path, edit.cell] = edit.before
        if change.before is not None and change.path.endswith(".py"):
            found[change.path, 0] = change.before.decode("utf-8-sig", errors="backslashreplace")
    return found


def _inside(edit: Passing, text: str, sites: Sequence[CallSite]) -> bool:
    """Whether the edit is in a definition that goes."""
    line = text.count("\n", 0, edit.start) + 1
    return any(
        (site.path, site.cell) == (edit.path, edit.cell) and min(site.top, site.line) <= line <= site.end_line
        for site in sites
    )


def _defines(one: Extraction, edit: Passing, text: str) -> bool:
    """Whether the edit is in the function of this extraction, in the package's module."""
    inner = one.module.replace(".", "/")
    if not any(f"/{edit.path}".endswith(f"/{inner}{end}") for end in (".py", "/__init__.py")):
        return False
    heads = [found for found in re.finditer(r"^def\s+(\w+)", text, re.MULTILINE) if found.start() <= edit.start]
    return bool(heads) and heads[-1].group(1) == one.name


def _made(text: str, edits: Sequence[Passing]) -> str:
    for edit in sorted(edits, reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text
