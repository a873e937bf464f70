"""What lifting one candidate changes beside its copies: the cells whose calls pass more, the package's own function.

The edits stand in the plan, for all candidates together; here those of one are picked out, for people to look at.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from msgspec import Struct

from nb2mod.model import CallSite, Extraction, Passing, Report

_OPENING, _CLOSING = "([{", ")]}"
_HANDED = re.compile(r"\s*lambda\b[^:]*:\s*([^\W\d]\w*)\(")  # what a function that is handed over becomes
_WORD_BEFORE = re.compile(r"([^\W\d]\w*)\s*$")


class Passed(Struct, frozen=True):
    """The text of a cell, or (`cell` 0) of a module, before and after."""

    path: str
    cell: int
    before: str
    after: str


def passed(report: Report, candidate: str) -> list[Passed]:
    """Modules first, then cells in order; nothing for a candidate whose calls stay as they are. What is edited in the
    definition of another candidate moves with that one, and is left out.
    """
    plan = report.plan
    own = [one for one in (plan.extractions if plan else ()) if one.candidate == candidate and _is_lifted(one)]
    if plan is None or not own:
        return []
    names = {(site.path, site.name) for one in own for site in one.sites if site.passes}
    lifted = {site.name for one in plan.extractions for site in one.sites if site.passes}
    sites = [site for one in plan.extractions for site in one.sites]
    texts = _texts(report)
    chosen: dict[tuple[str, int], list[Passing]] = defaultdict(list)
    for edit in plan.passing:
        text = texts.get((edit.path, edit.cell))
        if text is None:
            continue
        if edit.cell:
            is_own = not _inside(edit, text, sites) and (edit.path, _callee(edit, text, lifted)) in names
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


def _callee(edit: Passing, text: str, lifted: set[str]) -> str:
    """Which of the lifted names is called where the edit is; "" when that is not to be seen."""
    handed = _HANDED.match(edit.text)
    names = (handed.group(1),) if handed else _enclosing(text[: edit.start])
    return next((name for name in names if name in lifted), "")


def _enclosing(text: str) -> Iterator[str]:
    """Names before the brackets that are open at the end of the text, from the inside out."""
    depth = 0
    for at in range(len(text) - 1, -1, -1):
        if text[at] in _CLOSING:
            depth += 1
        elif text[at] in _OPENING and depth:
            depth -= 1
        elif text[at] in _OPENING and (found := _WORD_BEFORE.search(text[:at])):
            yield found.group(1)


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
