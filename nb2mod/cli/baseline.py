"""The baseline: which candidates past the threshold a team knows of, as a file under version control. A scan with it tells, and
fails on, what is new: another thing, or one more place of a known one.

A candidate is known by its id. Where that has changed, by its content when it was renamed, by its name and notebooks when it was
edited where it stands. Lines and cells are not in the file, so nothing that only moves is new.
"""

import json
import os
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import msgspec
from msgspec.structs import replace

from nb2mod.cli import planfile
from nb2mod.cli.terminal import Terminal
from nb2mod.errors import UsageError
from nb2mod.model import Candidate, Report, Verdict
from nb2mod.report import facts
from nb2mod.report.words import count

VERSION = 1
KIND = "nb2mod baseline"
_RECORDED = (Verdict.EXTRACT, Verdict.REVIEW, Verdict.BLOCKED)


class Known(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One candidate as it was when the baseline was written. `places` as in the report; paths from the project's root."""

    id: str
    content: str
    kind: str
    places: int
    notebooks: list[str]


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    kind: str
    version: int
    known: list[Known]


class Comparison(msgspec.Struct, frozen=True):
    """A report without what is known; `grown`: candidates with more places than are known, and how many are; `gone`: entries
    that nothing answers to any more.
    """

    report: Report
    grown: tuple[tuple[Candidate, int], ...] = ()
    gone: int = 0


def write(path: Path, report: Report) -> int:
    """Writes what is past the threshold; how many entries. Effect: writes one file, whole or not at all."""
    recorded = {_plain(one.id): one for one in report.candidates if one.verdict in _RECORDED}
    entries = [
        {"id": identity, "content": one.content, "kind": one.kind, "places": one.places, "notebooks": _notebooks(one)}
        for identity, one in sorted(recorded.items())
    ]
    content = {"kind": KIND, "version": VERSION, "known": entries}
    try:
        planfile.replace_file(path, json.dumps(content, indent=1) + "\n")
    except OSError as error:
        raise UsageError(f"{path}: the baseline can't be written: {error.strerror}") from None
    return len(entries)


def read(path: Path) -> tuple[Known, ...]:
    """The entries of a baseline. Raises UsageError that names what is wrong with it."""
    hint = f"write one with `nb2mod scan --write-baseline {path.name}`"
    if not path.is_file():  # a device or a pipe has no end
        raise UsageError(f"{path}: the baseline can't be read: it is no file; {hint}")
    try:
        content = msgspec.json.decode(path.read_bytes(), type=_File)
    except OSError as error:
        raise UsageError(f"{path}: the baseline can't be read: {error.strerror}") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UsageError(f"{path}: no baseline that nb2mod wrote: {error}; {hint} under another name") from None
    if content.kind != KIND:
        raise UsageError(f"{path}: no baseline that nb2mod wrote: its kind is {content.kind[:40]!r}; {hint}")
    if content.version != VERSION:
        raise UsageError(f"{path}: a baseline of version {content.version}; this nb2mod reads version {VERSION}")
    twice = [name for name, often in Counter(one.id for one in content.known).items() if often > 1]
    if twice:
        raise UsageError(f"{path}: {twice[0]} stands there more than once; keep one entry, or write the baseline again")
    return tuple(content.known)


def compared(report: Report, known: Sequence[Known]) -> Comparison:
    """The report without the candidates that are known and stand in no more places than they did."""
    recorded = [one for one in report.candidates if one.verdict in _RECORDED]
    pairs = _paired(recorded, known)
    grown = tuple(
        (one, pairs[one.id].places) for one in recorded if one.id in pairs and one.places > pairs[one.id].places
    )
    new = {one.id for one, _ in grown} | {one.id for one in recorded if one.id not in pairs}
    kept = tuple(one for one in report.candidates if one.verdict not in _RECORDED or one.id in new)
    verdicts = {verdict.value: sum(one.verdict is verdict for one in kept) for verdict in Verdict}
    summary = replace(report.summary, verdicts=verdicts)
    left_out = len(report.candidates) - len(kept)
    gone = len({one.id for one in known} - {one.id for one in pairs.values()})
    return Comparison(replace(report, candidates=kept, summary=summary, known=left_out), grown, gone)


def refuse_part(path: Path, *chosen: Sequence[object] | None) -> None:
    """Raises UsageError before anything is read, when only a part is asked about or another file stands there."""
    if any(chosen):
        raise UsageError("--write-baseline takes in the whole project: leave PATHS, --only and --ignore out")
    if os.path.lexists(path):
        read(path)


def written(path: Path, report: Report, terminal: Terminal) -> None:
    """Effect: writes the baseline, and says what can be done with it."""
    told = count(write(path, report), "candidate")
    terminal.note(f"{path}: {told}; `nb2mod scan --baseline {path}` tells what is new, and fails on it")


def without_known(report: Report, known: Sequence[Known], path: Path, terminal: Terminal) -> Report:
    """The report without what is known; notes on what has grown, and on entries that nothing answers to."""
    found = compared(report, known)
    for candidate, places in found.grown:
        terminal.warn(f"{candidate.id}: in {count(candidate.places, 'place')}, {places} of them known")
    if found.gone and not report.part:
        are = "entry is" if found.gone == 1 else "entries are"
        terminal.note(f"{path}: {found.gone} {are} gone; `nb2mod scan --write-baseline {path}` takes them out")
    return found.report


def _paired(candidates: Sequence[Candidate], known: Sequence[Known]) -> dict[str, Known]:
    """Candidate's id → its entry. Each entry answers for one candidate, by the surest match: id, content, name and notebooks."""
    entries = {one.id: one for one in known}
    pairs = {one.id: entries.pop(_plain(one.id)) for one in candidates if _plain(one.id) in entries}
    for by_content in (True, False):
        index: dict[tuple[str, str], list[Known]] = {}
        for entry in entries.values():
            index.setdefault((entry.kind, entry.content if by_content else _name(entry.id)), []).append(entry)
        for candidate in candidates:
            sought = candidate.content if by_content else _name(_plain(candidate.id))
            if candidate.id in pairs or not sought:
                continue
            listed = index.get((candidate.kind, sought), [])
            found = next((entry for entry in listed if by_content or _stands_there(candidate, entry)), None)
            if found is not None:
                listed.remove(found)
                pairs[candidate.id] = entries.pop(found.id)
    return pairs


def _name(identity: str) -> str:
    """What an id keeps when the candidate is edited."""
    return identity.rpartition("-")[0]


def _stands_there(candidate: Candidate, known: Known) -> bool:
    """Whether it stands in no other notebook than the known one did."""
    return set(_notebooks(candidate)) <= set(known.notebooks)


def _notebooks(candidate: Candidate) -> list[str]:
    return sorted(map(_plain, facts.notebooks_of(candidate)))


def _plain(text: str) -> str:
    """Undecodable file names as escapes, which any JSON can hold."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
