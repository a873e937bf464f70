"""What running notebooks came to, as text: which ran the same, which differ and where, which were not checked and why."""

from collections.abc import Sequence

from nb2mod.model import Difference, Finding, Location, Outcome, Ran, Verification
from nb2mod.report import words
from nb2mod.report.ink import Look, clean, clean_code

_FEW = 3  # differences, and lines of each side, that are shown of one notebook without -v
_LINES = 6
_MORE_LINES = 40
_ABOVE = "the reasons stand above"
_TITLES = {
    Ran.DIFFERS: ("Differs", "bad"),
    Ran.SAME: ("Ran the same", "good"),
    Ran.NOT_CHECKED: ("Not checked", "warning"),
}


def render_verify(found: Verification, look: Look) -> str:
    """What verify found: how much was run, the notebooks by what they came to, the proof, the last word. Ends in a newline."""
    sections = [[look.ink.strong(_totals(found))]]
    if not look.quiet:
        sections += by_status(found.outcomes, look)
        sections += [_proof(found, look), _untold(found, look)]
    told = last_word(found)
    sections.append(
        words.wrap(told.replace(_ABOVE, "leave out -q for the reasons") if look.quiet else told, look.width, "")
    )
    return "\n\n".join("\n".join(section) for section in sections if section) + "\n"


def by_status(outcomes: Sequence[Outcome], look: Look) -> list[list[str]]:
    """A section for each status that occurs; what differs stands first."""
    sections = []
    for status, (title, colour) in _TITLES.items():
        found = [one for one in outcomes if one.status is status]
        if found:
            heading = look.ink.heading(f"{title}: {len(found):,}", colour)
            sections.append([heading, "", *[line for one in found for line in _notebook(one, look)]])
    return sections


def counted(outcomes: Sequence[Outcome]) -> str:
    """ "2 notebooks ran the same, 1 differs and 1 was not checked"."""
    same, differ, unchecked = (
        sum(one.status is status for one in outcomes) for status in (Ran.SAME, Ran.DIFFERS, Ran.NOT_CHECKED)
    )
    parts = [(same, "ran the same"), (differ, "differs" if differ == 1 else "differ")]
    parts += [(unchecked, "was not checked" if unchecked == 1 else "were not checked")]
    told = [f"{number:,} {what}" for number, what in parts if number]
    if told:
        number, _, what = told[0].partition(" ")
        told[0] = f"{words.count(int(number.replace(',', '')), 'notebook')} {what}"
    return " and ".join(filter(None, [", ".join(told[:-1]), *told[-1:]]))


def last_word(found: Verification) -> str:
    """Whether the notebooks do what they did, as far as it was shown."""
    if not found.outcomes:
        return f"No notebook to run: none differs from {clean(found.before)}, nor do modules that they import."
    differ = [one for one in found.outcomes if one.status is Ran.DIFFERS]
    if differ:
        verb = "does" if len(differ) == 1 else "do"
        return f"{words.count(len(differ), 'notebook')} {verb} not do what {'it' if len(differ) == 1 else 'they'} did."
    if all(one.status is Ran.NOT_CHECKED for one in found.outcomes):
        return f"No notebook could be checked by running it; {_ABOVE}."
    unchecked = sum(one.status is Ran.NOT_CHECKED for one in found.outcomes)
    rest = f"; {words.count(unchecked, 'notebook')} could not be checked" if unchecked else ""
    which = "Every notebook that could be checked" if unchecked else "Every notebook"
    return f"{which} does what it did{_as_far(found.outcomes)}{rest}."


def _as_far(outcomes: Sequence[Outcome]) -> str:
    """Cells that no run reached show nothing: a last word must not sound as if they had run."""
    stopped = sum(one.status is Ran.SAME and one.ended is not None for one in outcomes)
    if not stopped:
        return ""
    return f" as far as it runs: {stopped:,} {'stops' if stopped == 1 else 'stop'} at an error, the same as before"


def _totals(found: Verification) -> str:
    seconds = (
        f"{found.seconds:.1f} s"
        if found.seconds < 60
        else f"{int(found.seconds) // 60} min {int(found.seconds) % 60} s"
    )
    told = counted(found.outcomes) or "nothing to run"
    return f"against {clean(found.before)} · {told} · {seconds}"


def _notebook(one: Outcome, look: Look) -> list[str]:
    facts = "; ".join(_facts(one))
    lines = words.wrap(f"{clean(one.path)}  {facts}" if facts else clean(one.path), look.width, "  ", "    ")
    shown = one.differences if look.verbose else one.differences[:_FEW]
    for difference in shown:
        lines += _difference(difference, look)
    if hidden := len(one.differences) - len(shown):
        lines.append(look.ink.faint(f"    ... and {words.count(hidden, 'more difference')} (-v shows all)"))
    if look.verbose:
        lines += [
            line for note in _all_notes(one) for line in words.wrap(f"note: {note}", look.width, "    ", "      ")
        ]
    return lines


def _all_notes(one: Outcome) -> list[str]:
    """What the comparison noted, then why calls were not made again."""
    unplayed = [f"calls of {each.name} (cell {each.cell}): {each.note}" for each in one.replays if each.note]
    return [clean(note) for note in (*one.notes, *unplayed)]


def _facts(one: Outcome) -> list[str]:
    facts = [clean(one.reason)] if one.reason else []
    if one.status is not Ran.NOT_CHECKED or one.ran:
        took = f", {one.seconds:.1f} s" if one.seconds else ""
        cells = (
            f"{one.ran} of {words.count(one.cells, 'cell')}" if one.ran < one.cells else words.count(one.cells, "cell")
        )
        facts.append(f"{cells}{took}")
    if one.ended and not one.reason:
        facts.append(f"stops in cell {one.ended.cell} with {clean(one.ended.name)}, as before")
    if one.noisy:
        facts.append(f"{words.count(one.noisy, 'cell')} compared but for what changes with every run")
    replayed = [f"{clean(each.name)} {each.same}" for each in one.replays if each.same]
    if replayed:
        facts.append(f"calls replayed: {', '.join(replayed)}")
    return facts


def _difference(difference: Difference, look: Look) -> list[str]:
    where = f"cell {difference.cell}" if difference.cell else "at the end"
    lines = [f"    {where}, {clean(difference.what)}"]
    for side, text, paint in (("before", difference.before, look.ink.bad), ("after ", difference.after, look.ink.good)):
        rows = text.split("\n") or [""]
        kept = rows[: _MORE_LINES if look.verbose else _LINES]
        more = [f"... {words.count(len(rows) - len(kept), 'more line')}"] if len(rows) > len(kept) else []
        for number, row in enumerate([*(clean_code(row) for row in kept), *more]):
            lines.append(f"      {look.ink.faint(side if number == 0 else ' ' * 6)} {paint(row)}".rstrip())
    return lines


def _proof(found: Verification, look: Look) -> list[str]:
    if not found.checked and not found.unproved:
        return []
    proved = sum(one.doubt is None for one in found.checked)
    lines = [look.ink.heading("By syntax, without running"), ""]
    if found.checked:
        whole = words.count(len(found.checked), "replaced definition")
        lines.append(f"  {proved:,} of {whole} proved to be the same")
    for one in found.checked:
        if one.doubt:
            place = words.place(Location(one.path, one.cell))
            lines += words.wrap(
                f"not proved: {clean(one.name)} in {place}: {clean(one.doubt)}", look.width, "  ", "    "
            )
    shown = found.unproved if look.verbose else found.unproved[:_FEW]
    for finding in shown:
        lines += words.wrap(f"not proved: {_place(finding)}: {_message(finding)}", look.width, "  ", "    ")
    if hidden := len(found.unproved) - len(shown):
        lines.append(look.ink.faint(f"  ... and {hidden:,} more (-v shows all)"))
    return lines


def _message(finding: Finding) -> str:
    """Without the cell in front, which the place tells already."""
    return clean(finding.message.removeprefix(f"cell {finding.cell}: ") if finding.cell else finding.message)


def _place(finding: Finding) -> str:
    return words.place(Location(finding.path, finding.cell, finding.line)) if finding.path else "the change as a whole"


def _untold(found: Verification, look: Look) -> list[str]:
    lines = []
    for one in found.untold:
        where = f"{words.place(one.location)}: " if one.location else ""
        lines += words.wrap(f"{where}{clean(one.message)}", look.width, "  ", "    ")
    if not lines:
        return []
    lines += words.wrap("To compare with git instead: nb2mod verify --against REV", look.width, "  ", "    ")
    return [look.ink.heading("What it was before can't be told", "warning"), "", *lines]
