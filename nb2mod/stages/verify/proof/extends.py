"""Check (h): an existing file is extended by insertion only, and what stood in it still means what it meant.

A function may have got a parameter, see `drift.py`.
"""

import ast
from collections.abc import Iterator, Mapping

from nb2mod.model import FileChange, Finding
from nb2mod.stages.verify.proof.bindings import Binding
from nb2mod.stages.verify.proof.drift import grown, only_more_lines, rest_of
from nb2mod.stages.verify.proof.looks import SIGNATURE_READERS
from nb2mod.stages.verify.proof.scopes import reads
from nb2mod.stages.verify.proof.subject import Subject
from nb2mod.stages.verify.proof.trees import dump
from nb2mod.stages.verify.proof.unbound import BUILTINS
from nb2mod.stages.verify.proof.views import ModuleView, Unreadable, read_module

Functions = Mapping[str, tuple[ast.FunctionDef, ast.FunctionDef]]


def check(subject: Subject) -> list[Finding]:
    """Findings over all files that are no notebooks."""
    findings: list[Finding] = []
    for change in subject.changes.changes:
        if change.path.endswith(".ipynb"):
            continue
        messages = list(_messages(subject, change))
        blamed = subject.candidates_of_module(subject.after.dotted(change.path)) if messages else ()
        findings += [Finding("extends", f"{change.path}: {each}", change.path, candidates=blamed) for each in messages]
    return findings


def _messages(subject: Subject, change: FileChange) -> Iterator[str]:
    if change.before is None:
        if subject.read(change.path) not in (None, change.after):
            yield "a new file would replace one that stands there"
        return
    is_module = change.path.endswith(".py")
    functions = _grown(subject, change, change.before) if is_module else {}
    asked = subject.recorded and (change.insertions or is_module)
    if asked and (why := _not_only_inserted(change, change.before, functions)):
        yield why
    if is_module:
        yield from _means_something_else(subject, change, change.before, functions)


def _not_only_inserted(change: FileChange, before: bytes, functions: Functions) -> str | None:
    """Taking the insertions out of the result must give the old text, with `functions` as they are now."""
    try:
        old, new = before.decode("utf-8"), change.after.decode("utf-8")
    except UnicodeDecodeError as error:
        return f"it is not UTF-8: {error}"
    if old.startswith("\ufeff") and not new.startswith("\ufeff"):
        return "the byte order mark is gone"
    if functions and not change.insertions:
        rest = rest_of(old.removeprefix("\ufeff"), new.removeprefix("\ufeff"), list(functions.values()))
        same = rest is not None and only_more_lines(rest, new.removeprefix("\ufeff"))
        return None if same else "text beside the functions that got parameters was changed or removed"
    position = taken = 0
    for insertion in sorted(change.insertions, key=lambda each: each.offset):
        if not taken <= insertion.offset <= len(old):
            return f"an insertion at character {insertion.offset} stands outside of the old text"
        kept = old[taken : insertion.offset]
        if new[position : position + len(kept)] != kept:
            return "text that stood there was changed or removed"
        position += len(kept)
        if new[position : position + len(insertion.text)] != insertion.text:
            return "the result does not hold what the change says was inserted"
        position += len(insertion.text)
        taken = insertion.offset
    return None if new[position:] == old[taken:] else "text that stood there was changed or removed"


def _grown(subject: Subject, change: FileChange, data: bytes) -> Functions:
    dotted = subject.after.dotted(change.path)
    try:
        found = grown(read_module(dotted, change.path, data), read_module(dotted, change.path, change.after))
    except Unreadable:
        return {}
    for path in subject.others if found else ():
        text = subject.read(path) or b""
        if subject.plan.package.encode() in text and any(
            each.encode() in text for each in SIGNATURE_READERS - {"Model"}
        ):
            found = {name: pair for name, pair in found.items() if name.encode() not in text}
    return found


def _means_something_else(subject: Subject, change: FileChange, data: bytes, functions: Functions) -> Iterator[str]:
    """An insertion may bind no name again, and none that older code reads as a builtin or from a star import."""
    dotted = subject.after.dotted(change.path)
    try:
        before, after = read_module(dotted, change.path, data), read_module(dotted, change.path, change.after)
    except Unreadable:
        return  # told by `compiles.py`
    for name, bindings in before.bindings.items():
        if name not in functions and _what(bindings) != _what(after.bindings.get(name, ())):
            yield f"`{name}` is bound to something else or once more"
    read = {each.name for node in before.body for each in reads(node)}
    for name in sorted((set(after.bindings) - set(before.bindings)) & read):
        if name in BUILTINS or before.stars:
            yield f"`{name}` is bound now, and older code of the module reads it from elsewhere"
    for star in sorted(set(after.stars) ^ set(before.stars)):
        yield f"`from {star} import *` came or went, and may bind names that older code reads"
    if before.futures != after.futures:
        yield "a future import rules the whole module, also what stood there"
    if not _statements(before, after, functions):
        yield "a statement that stood there is changed or stands in another order"


def _what(bindings: tuple[Binding, ...]) -> set[tuple[str, str]]:
    return {(each.kind, each.target if each.kind == "import" else dump(each.statement)) for each in bindings}


def _statements(before: ModuleView, after: ModuleView, functions: Functions) -> bool:
    """Old statements in their old order; an import may have grown, a function may have got a parameter."""
    now = {dump(old): dump(new) for old, new in functions.values()}
    remaining = iter([dump(node) for node in after.body if not isinstance(node, (ast.Import, ast.ImportFrom))])
    old = [dump(node) for node in before.body if not isinstance(node, (ast.Import, ast.ImportFrom))]
    return all(any(now.get(each, each) == other for other in remaining) for each in old)
