"""What is odd about the notebooks, as lines of the text report: the same sentence once, with how often and where."""

from collections.abc import Sequence

from nb2mod.model import Diagnostic, Location, Severity
from nb2mod.report import candidates, facts, words
from nb2mod.report.ink import Look, clean

_SENTENCES = 3


def section(diagnostics: Sequence[Diagnostic], look: Look) -> list[str]:
    """Grouped by code, then by sentence, worst first; of a code with many sentences the first few, unless `verbose`."""
    by_code: dict[tuple[Severity, str], dict[str, list[Location | None]]] = {}
    for one in diagnostics:
        by_code.setdefault((one.severity, one.code), {}).setdefault(one.message, []).append(one.location)
    lines: list[str] = []
    for (severity, code), sentences in by_code.items():
        items = list(sentences.items())
        shown = items if look.verbose or len(items) <= _SENTENCES + 1 else items[:_SENTENCES]
        for message, locations in shown:
            lines += _sentence(severity, code, message, locations, look)
        if len(shown) < len(items):
            rest = sum(len(locations) for _, locations in items[len(shown) :])
            lines.append(look.ink.faint(f"    ... and {rest:,} more of {code} (-v shows all)"))
    return lines


def _sentence(
    severity: Severity, code: str, message: str, locations: Sequence[Location | None], look: Look
) -> list[str]:
    known = [location for location in locations if location]
    each = look.verbose or len(known) <= 1
    where = [words.place(location) for location in known] or [""] if each else [_counted(known)]
    paint = {Severity.ERROR: look.ink.bad, Severity.WARNING: look.ink.warning}.get(severity, look.ink.faint)
    lines = []
    for place in where:
        text = f"{place}: {clean(message)}" if place else clean(message)
        lines += candidates.coded(code, text, paint, look)
    return lines


def _counted(locations: Sequence[Location]) -> str:
    noun = "notebook" if all(location.path.endswith(".ipynb") for location in locations) else "file"
    files = words.count(facts.count_distinct(location.path for location in locations), noun)
    if all(not location.cell for location in locations):
        return files
    cells = facts.count_distinct(f"{location.path}\n{location.cell}" for location in locations)
    return f"{words.count(cells, 'cell')} in {files}"
