"""What is odd about the notebooks, as lines of the text report: each code once, with how often, and the first places."""

from collections.abc import Sequence

from nb2mod.model import Diagnostic, Location, Severity
from nb2mod.report import facts, words
from nb2mod.report.ink import Look, clean

_FEW = 3
_LINES = 3
_INDENT = "    "
# What one of them is, and what is said of them all. A code that is not here speaks by its own sentences.
_KINDS = {
    "NB401": ("cell", "not parsed"),
    "NB402": ("notebook", "whose cells run in another order than top to bottom"),
    "NB403": ("notebook", "with copies of the whole of it; they count as one place"),
    "NB404": ("file", "that could not be read"),
    "NB405": ("notebook", "in another language"),
    "NB406": ("notebook", "in an old format"),
    "NB407": ("cell", "of magics that are not Python: their names are unknown"),
    "NB408": ("notebook", "paired with a text file"),
    "NB409": ("name", "with several bodies, kept apart"),
    "NB410": ("notebook", "opened from Colab or Binder links: there the package must be found, see bootstrap"),
    "NB411": ("notebook", "that declare a stage which is none"),
}
_LISTED_BY = {"NB403": ", ", "NB409": "; "}  # what stands between the places that a sentence ends in
_TOLD_BY_NUMBER = {"NB410"}  # the sentence is the same for each, and their paths help nobody who did not ask


def section(diagnostics: Sequence[Diagnostic], look: Look) -> list[str]:
    """One line per code, worst first, then its first few places with their sentences; `verbose`: all of them."""
    by_code: dict[tuple[Severity, str], list[Diagnostic]] = {}
    for one in diagnostics:
        by_code.setdefault((one.severity, one.code), []).append(one)
    return [line for (severity, code), found in by_code.items() for line in _code(severity, code, found, look)]


def _code(severity: Severity, code: str, found: Sequence[Diagnostic], look: Look) -> list[str]:
    paint = {Severity.ERROR: look.ink.bad, Severity.WARNING: look.ink.warning}.get(severity, look.ink.faint)
    first, *rest = words.wrap(f"{code}  {_how_many(code, found)}", look.width, "  ", " " * (len(code) + 4))
    lines = [first.replace(code, paint(code), 1), *rest]
    if code in _TOLD_BY_NUMBER and not look.verbose:
        return lines
    sentences = _sentences(found, look)
    shown = sentences if look.verbose or len(sentences) <= _FEW + 1 else sentences[:_FEW]
    for sentence in shown:
        separator = "" if look.verbose else _LISTED_BY.get(code, "")
        lines += _wrapped(_short(sentence, separator, look) if separator else sentence, look)
    hidden = len(sentences) - len(shown)
    return [*lines, look.ink.faint(f"{_INDENT}... and {hidden:,} more (-v shows all)")] if hidden else lines


def _wrapped(sentence: str, look: Look) -> list[str]:
    return words.wrap(sentence, look.width, _INDENT, _INDENT + "  ")


def _short(sentence: str, separator: str, look: Look) -> str:
    """A sentence that lists twenty notebooks is not read to its end: as many as a few lines hold, and how many more."""
    listed = sentence.split(separator)
    short = sentence
    for kept in range(len(listed), 0, -1):
        more = f" and {len(listed) - kept:,} more" if kept < len(listed) else ""
        short = separator.join(listed[:kept]) + more
        if len(_wrapped(short, look)) <= _LINES:
            break
    return short


def _how_many(code: str, found: Sequence[Diagnostic]) -> str:
    if code not in _KINDS:
        return words.count(len(found), "finding")
    noun, what = _KINDS[code]
    places = [one.location for one in found if one.location]
    files = facts.count_distinct(place.path for place in places)
    number = files if noun in ("notebook", "file") and places else len(found)
    inside = f" in {words.count(files, 'notebook')}" if noun == "cell" and len(found) > 1 else ""
    return f"{words.count(number, noun)}{inside} {what}"


def _sentences(found: Sequence[Diagnostic], look: Look) -> list[str]:
    """The same words once, with their first place and how many more; `verbose`: each place."""
    by_message: dict[str, list[Location | None]] = {}
    for one in found:
        by_message.setdefault(one.message, []).append(one.location)
    told = []
    for message, locations in by_message.items():
        known = [words.place(location) for location in locations if location]
        if look.verbose:
            told += [f"{place}: {clean(message)}" for place in known]
        elif known:
            more = f" and {len(known) - 1:,} more" if len(known) > 1 else ""
            told.append(f"{known[0]}{more}: {clean(message)}")
        if not known:
            told.append(clean(message))
    return told
