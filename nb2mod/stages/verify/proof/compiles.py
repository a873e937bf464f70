"""Check (a): every new or changed module and every changed cell compiles, and warns of nothing it did not warn of before."""

import ast
import warnings
from functools import cached_property

from nb2mod.model import Finding
from nb2mod.stages.verify.proof.alignment import changed_cells
from nb2mod.stages.verify.proof.subject import Subject

_CELL_FLAGS = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT


def check(subject: Subject) -> list[Finding]:
    """Findings over all changed files."""
    findings: list[Finding] = []
    known = _Known(subject)
    for change in subject.modules:
        if error := known.error_of(_decoded(change.after), 0):
            blamed = subject.candidates_of_module(subject.after.dotted(change.path))
            findings.append(Finding("compiles", f"{change.path}: {error[0]}", change.path, 0, error[1], blamed))
    for pair in subject.notebooks:
        changed = [after for before, after in changed_cells(pair) if after.kind == "code"]
        for cell in [*changed, *(cell for cell in pair.inserted if cell.kind == "code")]:
            if error := known.error_of(cell.masked.python, _CELL_FLAGS):
                blamed = subject.candidates(path=pair.path, cell=cell.number, line=error[1])
                message = f"cell {cell.number}: {error[0]}"
                findings.append(Finding("compiles", message, pair.path, cell.number, error[1], blamed))
    return findings


class _Known:
    """What the compiler said of the same code where it stood before; asked only when it warns of something."""

    def __init__(self, subject: Subject) -> None:
        self._subject = subject

    def error_of(self, text: str | SyntaxError, flags: int) -> tuple[str, int] | None:
        """(what is wrong, its line): an error, or a warning that is new."""
        error, said = (text, {}) if isinstance(text, SyntaxError) else _compiled(text, flags)
        if error is not None:
            return f"does not compile: {error.msg}", error.lineno or 0
        new = sorted(set(said) - self.warnings) if said else []
        return (f"warns of something new: {new[0]}", said[new[0]]) if new else None

    @cached_property
    def warnings(self) -> set[str]:
        """All warnings of the changed notebooks and modules before the change."""
        texts = [
            (cell.masked.python, _CELL_FLAGS)
            for pair in self._subject.notebooks
            for cell in pair.before.cells
            if cell.kind == "code"
        ]
        modules = [_decoded(change.before) for change in self._subject.modules if change.before is not None]
        texts += [(text, 0) for text in modules if isinstance(text, str)]
        return {message for text, flags in texts for message in _compiled(text, flags)[1]}


def _compiled(text: str, flags: int) -> tuple[SyntaxError | None, dict[str, int]]:
    """The error or None, and the warnings with their lines."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            compile(text, "<text>", "exec", flags=flags, dont_inherit=True)
        except SyntaxError as error:
            return error, {}
        except (ValueError, RecursionError, MemoryError) as error:
            return SyntaxError(str(error)), {}
    return None, {str(warning.message): warning.lineno for warning in caught}


def _decoded(data: bytes) -> str | SyntaxError:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return SyntaxError(f"it is not UTF-8: {error}")
