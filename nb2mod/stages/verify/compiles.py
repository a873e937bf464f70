"""Check (a): every new or changed module and every changed cell compiles, and warns of nothing it did not warn of before."""

import ast
import warnings

from nb2mod.model import Finding
from nb2mod.stages.verify.subject import Subject

_CELL_FLAGS = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT


def check(subject: Subject) -> list[Finding]:
    """Findings over all changed files."""
    findings: list[Finding] = []
    known = _known_warnings(subject)
    for change in subject.modules:
        text, error = _decoded(change.after)
        error = error or _compiled(text, 0, known)[0]
        if error:
            blamed = subject.candidates_of_module(subject.after.dotted(change.path))
            findings.append(Finding("compiles", f"{change.path}: {error[0]}", change.path, 0, error[1], blamed))
    for pair in subject.notebooks:
        for before, after in [*zip(pair.before.cells, pair.after.cells, strict=True), *((c, c) for c in pair.inserted)]:
            if after.kind != "code" or (before.source == after.source and after not in pair.inserted):
                continue
            error = _compiled(after.masked.python, _CELL_FLAGS, known)[0]
            if error:
                blamed = subject.candidates(path=pair.path, cell=after.number, line=error[1])
                message = f"cell {after.number}: {error[0]}"
                findings.append(Finding("compiles", message, pair.path, after.number, error[1], blamed))
    return findings


def _known_warnings(subject: Subject) -> set[str]:
    """What the compiler said of the same code where it stood before."""
    known: set[str] = set()
    for pair in subject.notebooks:
        for cell in pair.before.cells:
            if cell.kind == "code":
                known |= _compiled(cell.masked.python, _CELL_FLAGS, None)[1]
    for change in subject.modules:
        if change.before is not None:
            known |= _compiled(_decoded(change.before)[0], 0, None)[1]
    return known


def _compiled(text: str, flags: int, known: set[str] | None) -> tuple[tuple[str, int] | None, set[str]]:
    """(error and its line or None, warnings). A warning that is not `known` is an error too; None: all are known."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            compile(text, "<text>", "exec", flags=flags, dont_inherit=True)
        except SyntaxError as error:
            return (f"does not compile: {error.msg}", error.lineno or 0), set()
        except (ValueError, RecursionError, MemoryError) as error:
            return (f"does not compile: {error}", 0), set()
    said = {str(warning.message): warning.lineno for warning in caught}
    new = sorted(set(said) - known) if known is not None else []
    return (f"warns of something new: {new[0]}", said[new[0]]) if new else None, set(said)


def _decoded(data: bytes) -> tuple[str, tuple[str, int] | None]:
    try:
        return data.decode("utf-8-sig"), None
    except UnicodeDecodeError as error:
        return "", (f"is not UTF-8: {error}", 0)
