"""A ChangeSet as a diff for people: one section per cell, whole new modules, hunks of changed text files.

Computes no change of its own and is no patch to apply: the changes themselves are in the ChangeSet.
"""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from nb2mod.model import CallSite, CellEdit, ChangeSet, Extraction, FileChange, Report
from nb2mod.report.ink import Ink, clean, clean_code
from nb2mod.report.passing import Passed, passed
from nb2mod.report.words import count

_CONTEXT = 3
_COPIES = 3
_CALLS = 6  # cells whose calls pass more, shown with the lines around them; of the others just what changes
_Opcode = tuple[str, int, int, int, int]
_Site = tuple[Extraction, CallSite]


def render(changes: ChangeSet, ink: Ink) -> str:
    """Every change, files in order, cells in order; ends in a newline unless there is nothing to show."""
    return _joined(section for change in changes.changes for section in _file_sections(change, ink))


def render_candidate(report: Report, candidate: str, ink: Ink, along: Sequence[str] = ()) -> str:
    """What one candidate does by itself: the text it puts into its module, what becomes of its first copies, and of every call
    that says something else from now on, its own or of the helpers that it brings `along` (ids).

    Where neighbours move too, the real change joins their imports; here each candidate is shown alone.
    """
    extractions = [one for one in (report.plan.extractions if report.plan else ()) if one.candidate == candidate]
    sections = [_module_section(extraction, ink) for extraction in extractions if not extraction.existing]
    before = {
        (change.path, edit.cell): edit.before
        for change in (report.changes.changes if report.changes else ())
        for edit in change.cells
        if not edit.inserted
    }
    sites = [(one, site) for one in extractions for site in one.sites if (site.path, site.cell) in before]
    shown, hidden = _samples(sites)
    sections += [_site_section(one, site, before[site.path, site.cell], ink) for one, site in shown]
    if hidden:
        alike = {_losses(site) for _, site in hidden} <= {_losses(site) for _, site in shown}
        more = count(len(hidden), "more place")
        told = f"... and the same in {more}" if alike else f"... and {more}, which differ as told above"
        sections.append([ink.faint(told)])
    calls = {site.call for _, site in shown}
    sections += [_call_section(site, ink) for _, site in hidden if site.call not in calls]
    sections += _passed_sections(passed(report, {candidate, *along}), ink)
    return _joined(sections)


def _call_section(site: CallSite, ink: Ink) -> list[str]:
    """What a block becomes whose call is none of those that are shown."""
    head = _heading(site.path, f"cell {site.cell} line {min(site.top, site.line)}", ink)
    return [head, *_added(list(filter(None, site.call.split("\n"))), ink)]


def _passed_sections(found: Sequence[Passed], ink: Ink) -> Iterator[list[str]]:
    cells = [one for one in found if one.cell]
    for one in found:
        part = f"cell {one.cell}, what calls pass" if one.cell else ""
        context = 0 if one in cells[_CALLS:] else _CONTEXT
        yield [_heading(one.path, part, ink), *_hunks(one.before.splitlines(), one.after.splitlines(), ink, context)]


def _samples(sites: Sequence[_Site]) -> tuple[list[_Site], list[_Site]]:
    """The few places that are shown, and the others: one of each kind first, and of those the ones that lose something."""
    kinds = [_losses(site) for _, site in sites]

    def rank(number: int) -> tuple[bool, bool, int]:
        return kinds.index(kinds[number]) != number, number > 0 and not sites[number][1].ignored, number

    chosen = sorted(sorted(range(len(sites)), key=rank)[:_COPIES])
    return [sites[n] for n in chosen], [site for n, site in enumerate(sites) if n not in chosen]


def _losses(site: CallSite) -> tuple[object, ...]:
    """In what a copy differs from the chosen one."""
    return site.name, site.renames, site.ignored


def counts(change: FileChange) -> tuple[int, int]:
    """Lines added and removed: in a notebook, of its cells' sources."""
    pairs = [(edit.before, edit.after) for edit in change.cells] or [(_text(change.before), _text(change.after))]
    added = removed = 0
    for before, after in pairs:
        for tag, start, end, new_start, new_end in _opcodes(before.splitlines(), after.splitlines()):
            if tag != "equal":
                removed += end - start
                added += new_end - new_start
    return added, removed


def _file_sections(change: FileChange, ink: Ink) -> Iterator[list[str]]:
    if change.cells:
        for edit in change.cells:
            yield _cell_section(change.path, edit, ink)
    elif change.before is None:
        head = _heading(change.path, "new file", ink)
        yield [head, *_added(_text(change.after).splitlines(), ink)]
    else:
        before, after = _text(change.before), _text(change.after)
        yield [_heading(change.path, "", ink), *_hunks(before.splitlines(), after.splitlines(), ink)]


def _cell_section(path: str, edit: CellEdit, ink: Ink) -> list[str]:
    if edit.inserted:
        head = _heading(path, f"new cell before cell {edit.cell}", ink)
        return [head, *_added(edit.after.splitlines(), ink)]
    hunks = _hunks(edit.before.splitlines(), edit.after.splitlines(), ink)
    return [_heading(path, f"cell {edit.cell}", ink), *hunks]


def _module_section(extraction: Extraction, ink: Ink) -> list[str]:
    head = _heading(extraction.module, extraction.name, ink)
    return [head, *_added(extraction.source.strip("\n").splitlines(), ink)]


def _site_section(extraction: Extraction, site: CallSite, before: str, ink: Ink) -> list[str]:
    top = min(site.top, site.line)
    alias = f" as {site.name}" if site.name != extraction.name else ""
    removed = before.splitlines()[top - 1 : site.end_line]
    head = _heading(site.path, f"cell {site.cell} line {top}", ink)
    lines = [ink.bad("-" + clean_code(line)) for line in removed]
    brought = [] if site.bare else [f"from {extraction.module} import {extraction.name}{alias}"]
    return [head, *lines, *_added([*brought, *filter(None, site.call.split("\n"))], ink)]


def _heading(path: str, part: str, ink: Ink) -> str:
    return ink.strong(f"{clean(path)} · {clean(part)}" if part else clean(path))


def _hunks(before: Sequence[str], after: Sequence[str], ink: Ink, context: int = _CONTEXT) -> Iterator[str]:
    for group in _matcher(before, after).get_grouped_opcodes(context):
        (_, start, _, new_start, _), (_, _, end, _, new_end) = group[0], group[-1]
        yield ink.target(f"@@ -{_span(start, end)} +{_span(new_start, new_end)} @@")
        for code in group:
            yield from _hunk_lines(code, before, after, ink)


def _hunk_lines(code: _Opcode, before: Sequence[str], after: Sequence[str], ink: Ink) -> Iterator[str]:
    tag, start, end, new_start, new_end = code
    if tag == "equal":
        yield from (" " + clean_code(line) if line else "" for line in before[start:end])
        return
    yield from (ink.bad("-" + clean_code(line)) for line in before[start:end])
    yield from _added(after[new_start:new_end], ink)


def _added(lines: Sequence[str], ink: Ink) -> Iterator[str]:
    return (ink.good("+" + clean_code(line)) for line in lines)


def _span(start: int, end: int) -> str:
    """Lines as unified diffs count them: from 1, the length left out when it is 1, the line before an empty range."""
    length = end - start
    return f"{start + 1}" if length == 1 else f"{start + bool(length)},{length}"


def _opcodes(before: Sequence[str], after: Sequence[str]) -> list[_Opcode]:
    return [(code[0], *code[1:]) for code in _matcher(before, after).get_opcodes()]


def _matcher(before: Sequence[str], after: Sequence[str]) -> SequenceMatcher[str]:
    # autojunk drops lines that are frequent in long texts (blank ones), and hunks then grow over half the file.
    return SequenceMatcher(None, before, after, autojunk=False)


def _text(data: bytes | None) -> str:
    return "" if data is None else data.decode("utf-8-sig", errors="backslashreplace")


def _joined(sections: Iterator[list[str]] | list[list[str]]) -> str:
    return "\n".join("\n".join(section) + "\n" for section in sections)
