"""Notebooks by stage, as lines of the text report: what speaks for production, and how far each is from its limits."""

from collections.abc import Iterator, Sequence

from nb2mod.model import Evidence, Measure, NotebookStage, Report
from nb2mod.report import words
from nb2mod.report.ink import Look, clean

_SHOWN = 8
_NEAR = 0.9  # of a limit
_INDENT = "    "
_WHOLE = "notebook-"
# What is counted, and of what: "" where the noun says it. A measure without a noun is a complexity.
_NOUNS = {
    "notebooks": ("notebook", ""),
    "statements": ("statement", ""),
    "block-statements": ("statement", ""),
    "function-statements": ("statement", " in a function"),
    "function-complexity": ("", " of a function"),
    "function-cells": ("cell", " that one function is used in"),
    "cell-statements": ("statement", " in a cell"),
    "cell-complexity": ("", " of a cell"),
    "notebook-lines": ("line", " of code"),
    "notebook-cells": ("code cell", ""),
    "notebook-complexity": ("", ""),
    "notebook-definitions": ("definition", ""),
}


def section(report: Report, look: Look) -> list[str]:
    """Production notebooks and those past or near a limit as a whole; `verbose`: all, with every measure. Empty without any."""
    found = list(report.notebooks) if look.verbose else [one for one in report.notebooks if is_remarkable(one)]
    if not found:
        return []
    found.sort(key=lambda one: (not past(one), not one.production, one.path))
    shown = found if look.verbose or len(found) <= _SHOWN + 1 else found[:_SHOWN]
    lines = [look.ink.heading(_title(report)), ""]
    for one in shown:
        lines += _notebook(one, look)
    if len(shown) < len(found):
        lines.append(look.ink.faint(f"  ... and {len(found) - len(shown):,} more (-v shows all)"))
    if any(map(past, found)):
        lines += ["", *words.wrap(_HINT, look.width, "  ", _INDENT)]
    return lines


_HINT = "nb2mod extract --whole NOTEBOOK makes a module of one that is past it, and leaves a thin driver."


def is_remarkable(one: NotebookStage) -> bool:
    return one.production or any(measure.value >= _NEAR * measure.limit for measure in whole(one))


def whole(one: NotebookStage) -> list[Measure]:
    """The measures of the notebook as a whole."""
    return [measure for measure in one.measures if measure.name.startswith(_WHOLE)]


def past(one: NotebookStage) -> bool:
    return any(measure.past for measure in whole(one))


def distance(measure: Measure) -> str:
    """ "412 lines of code, 112 past the threshold of 300"; "38 code cells, 2 short of 40"."""
    value = counted(measure)
    if not measure.past:
        return f"{value}, {measure.limit - measure.value:,} short of {measure.limit:,}"
    over = measure.value - measure.limit
    return f"{value}, {f'{over:,} past' if over else 'at'} the threshold of {measure.limit:,}"


def counted(measure: Measure) -> str:
    """ "412 lines of code"; "complexity 17"."""
    noun, of = _NOUNS[measure.name]
    return f"{words.count(measure.value, noun) if noun else f'complexity {measure.value:,}'}{of}"


def evidence(one: Evidence) -> str:
    """The clause with its place inside the notebook."""
    place = one.location
    inside = f" (cell {place.cell}{f' line {place.line}' if place.line else ''})" if place and place.cell else ""
    return f"{clean(one.message)}{inside}"


def _title(report: Report) -> str:
    number = len(report.notebooks)
    production = sum(one.production for one in report.notebooks)
    gone = sum(map(past, report.notebooks))
    parts = [f"{production:,} of {words.count(number, 'notebook')} in production"]
    parts += [f"{gone:,} past the threshold as a whole"] if gone else []
    return f"Stages: {', '.join(parts)}"


def _notebook(one: NotebookStage, look: Look) -> Iterator[str]:
    code = f"  {look.ink.warning('NB203')}" if past(one) else ""
    yield f"  {look.ink.strong(clean(one.path))}  {one.stage.value}{code}"
    shown = one.evidence if look.verbose else one.counted
    if shown:
        parts = [evidence(each) for each in shown]
        few = parts if look.verbose or len(parts) <= 3 else [*parts[:2], f"{len(parts) - 2:,} more"]
        yield from words.wrap("; ".join(few), look.width, _INDENT, _INDENT + "  ")
    for measure in _told(one, look):
        where = f" (cell {measure.location.cell})" if measure.location and measure.location.cell else ""
        paint = look.ink.warning if measure.past else look.ink.faint
        yield from map(paint, words.wrap(f"{distance(measure)}{where}", look.width, _INDENT, _INDENT + "  "))


def _told(one: NotebookStage, look: Look) -> Sequence[Measure]:
    if look.verbose:
        return one.measures
    return [measure for measure in whole(one) if measure.value >= _NEAR * measure.limit]
