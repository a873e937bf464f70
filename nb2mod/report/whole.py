"""What became of a notebook as a whole, in words: its module, `main` and how to call it, what stays and why."""

from collections.abc import Iterator

from nb2mod.model import Reason, Whole
from nb2mod.report import words
from nb2mod.report.ink import Look, clean

_NAMED = 8


def section(whole: Whole | None, look: Look, *, written: bool) -> list[str]:
    """Lines under a heading; none when no notebook as a whole was asked for."""
    if whole is None or not (whole.steps or whole.main or whole.stays):
        return []
    title = look.ink.heading(f"As a whole: {clean(whole.path)} -> {clean(whole.module)}")
    lines = [line for told in _told(whole, written=written) for line in words.wrap(told, look.width, "  ", "    ")]
    command = [f"    {look.ink.strong(clean(line))}" for line in _commands(whole)]
    return [title, "", *lines, *command]


def _told(whole: Whole, *, written: bool) -> Iterator[str]:
    if whole.steps:
        steps = [f"{one.name} ({_cells(one.cell, one.end_cell)})" for one in whole.steps]
        yield f"steps: {words.listed(steps, _NAMED)}"
    for name, why in whole.stays:
        yield f"stays in the notebook: {clean(name)}{_place(why)}: {why.code}: {clean(why.message)}"
    for name, told in whole.inside:
        yield f"no argument of {whole.main}: {clean(name)}: {clean(told)}; its value stands inside"
    for what, told in whole.left_out:
        yield f"left out of {whole.main}: {clean(what)}: {clean(told)}"
    if not whole.main:
        first, *rest = whole.refused or (Reason("", "nothing moves", "note"),)
        more = f" ({len(rest)} more)" if rest else ""
        yield f"no main{_place(first)}: {clean(first.message)}{more}"
        return
    options = [one.option for one in whole.parameters]
    takes = f", with the {'options' if options[1:] else 'option'} {words.listed(options, _NAMED)}" if options else ""
    does = "does" if written else "would do"
    where = f" in {clean(whole.folder)}/" if whole.folder else ""
    yield f"{whole.main} {does} what the notebook does{takes}; to call it{where}:"


def _commands(whole: Whole) -> list[str]:
    return [f"{whole.command} --help"] if whole.command else []


def _cells(first: int, last: int) -> str:
    return f"cell {first}" if first == last else f"cells {first}-{last}"


def _place(why: Reason) -> str:
    return f" (cell {why.location.cell})" if why.location and why.location.cell else ""
