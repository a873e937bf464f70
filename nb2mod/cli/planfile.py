"""The plan as a file that people read and edit: which candidates move, to which module, under which name.

Only these three can be changed. Places and texts are found again when the plan is applied, so a plan can't name a path or put
text anywhere, whoever wrote it.
"""

import json
import os
import re
import tempfile
from collections import Counter
from pathlib import Path

import msgspec

from nb2mod.errors import UsageError
from nb2mod.model import Choice, Report

VERSION = 1
_LONGEST = 200  # a file's name takes 255 bytes, and each dot of a module makes a folder
_DOTTED = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*")


class _Entry(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    id: str
    module: str
    name: str
    apply: bool = True
    places: list[str] = []


class _File(msgspec.Struct, forbid_unknown_fields=True):
    version: int
    package: str
    candidates: list[_Entry]


def write(path: Path, report: Report) -> int:
    """Writes the report's plan; the number of candidates in it. Effect: writes one file, whole or not at all."""
    plan = report.plan
    planned = plan.extractions if plan else ()
    targets = {extraction.candidate: extraction for extraction in planned if extraction.kind != "constant"}
    entries = []
    for candidate in report.candidates:
        extraction = targets.get(candidate.id)
        if extraction is not None:
            places = [f"{o.path} cell {o.cell} line {o.line}" for o in candidate.occurrences]
            entry = {"id": candidate.id, "module": extraction.module, "name": extraction.name}
            entries.append({**entry, "apply": True, "places": places})
    content = {"version": VERSION, "package": plan.package if plan else "", "candidates": entries}
    try:
        replace_file(path, json.dumps(content, indent=2, ensure_ascii=False) + "\n")
    except OSError as error:
        raise UsageError(f"{path}: the plan can't be written: {error.strerror}") from None
    return len(entries)


def read(path: Path) -> tuple[Choice, ...]:
    """The choices of a plan file. Raises UsageError that names what is wrong with it."""
    if not path.is_file():  # a device or a pipe has no end
        raise UsageError(f"{path}: the plan can't be read: it is no file")
    try:
        content = msgspec.json.decode(path.read_bytes(), type=_File)
    except OSError as error:
        raise UsageError(f"{path}: the plan can't be read: {error.strerror}") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UsageError(
            f"{path}: no plan that nb2mod wrote: {error}; write one with `nb2mod scan --plan {path.name}`"
        ) from None
    if content.version != VERSION:
        raise UsageError(f"{path}: a plan of version {content.version}; this nb2mod reads version {VERSION}")
    ids = Counter(entry.id for entry in content.candidates)
    for entry in content.candidates:
        if ids[entry.id] > 1:
            raise UsageError(f"{path}: {entry.id} stands there {ids[entry.id]} times; keep one entry")
        for what, value in (("module", entry.module), ("name", entry.name)):
            if len(value) > _LONGEST:
                raise UsageError(f"{path}: {entry.id}: {what} has {len(value)} characters; expected {_LONGEST} at most")
            if not _DOTTED.fullmatch(value) or (what == "name" and "." in value):
                raise UsageError(f"{path}: {entry.id}: {what} {value!r} is no Python name")
    return tuple(Choice(entry.id, entry.module, entry.name, entry.apply) for entry in content.candidates)


def replace_file(path: Path, content: str) -> None:
    """Effect: writes one file, whole or not at all. Raises OSError."""
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(content)
        umask = os.umask(0)
        os.umask(umask)
        Path(temporary).chmod(0o666 & ~umask)  # mkstemp's is for its maker's eyes only
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
