"""The order of the stages; nothing else knows it.

discover → index → detect → analyze → decide → plan ┬→ report                    scan
                                                    └→ rewrite → verify → report extract; then apply, by `write`
                                     two states of the project → verify → report  verify; and extract's, by `run`
"""

import time
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from nb2mod.model import ChangeSet, Found, Report, RunOptions, Verification
from nb2mod.pipeline import remembering
from nb2mod.pipeline.request import Progress, Request, silent
from nb2mod.stages import discover
from nb2mod.store import Store

if TYPE_CHECKING:
    from nb2mod.pipeline.verifying import Announce, Watch
    from nb2mod.stages.apply import UndoResult

__all__ = [
    "Request",
    "apply_init",
    "extract",
    "init_changes",
    "interpreters",
    "recover",
    "run",
    "scan",
    "undo",
    "verify",
    "write",
]


def scan(request: Request, progress: Progress | None = None) -> Report:
    """Finds and judges; writes nothing in the project. When no file changed since, the last report is given again."""
    started = time.perf_counter()
    found = _find(request)
    store = Store(request.root) if request.cache else None
    try:
        key = remembering.key(request, found) if store else b""
        report = remembering.recall(store, key) if store else None
        if report is None:
            from nb2mod.pipeline.outcome import scanned

            report = scanned(request, found, store, progress or silent)
            if store:
                remembering.keep(store, key, report)
        return _timed(report, started)
    finally:
        if store:
            store.close()


def extract(request: Request, progress: Progress | None = None) -> Report:
    """Computes every byte of the change and proves it; writes nothing. `write` applies what comes back.

    A candidate whose proof fails is blocked with what depends on it, and the rest is planned and proved again. Raises Refused
    when even that fails. When no file changed since nothing was to be moved, that is told again.
    """
    started = time.perf_counter()
    found = _find(request)
    store = Store(request.root) if request.cache else None
    try:
        key = remembering.key(request, found) if store and not request.whole else b""
        report = remembering.recall_idle(store, key) if store and key else None
        if report is None:
            from nb2mod.pipeline.outcome import extracted

            report = extracted(request, found, store, progress or silent)
            if store and key:
                remembering.keep_idle(store, key, report)
        return _timed(report, started)
    finally:
        if store:
            store.close()


def run(
    request: Request,
    report: Report,
    options: RunOptions,
    announce: "Announce",
    watch: "Watch",
    *,
    tests: bool = False,
) -> Report:
    """The report of `extract` with what running its notebooks before and after came to, and with `tests` made of their calls.

    Effect: runs notebooks, in copies.
    """
    from nb2mod.pipeline import verifying

    started = time.perf_counter()
    ran = verifying.ran(request, options, _find(replace(request, paths=())), report, announce, watch, tests=tests)
    return _timed(ran, started - report.summary.seconds)


def verify(
    request: Request, options: RunOptions, against: str | None, announce: "Announce", watch: "Watch"
) -> Verification:
    """Compares the working tree with the state before the last extraction, or with a revision. Effect: runs notebooks, in
    copies; writes nothing in the project. Raises UsageError when there is nothing to compare with.
    """
    from nb2mod.pipeline import verifying

    return verifying.verified(request, options, _find(request), against, announce, watch)


def write(request: Request, report: Report) -> Report:
    """Applies the changes of a report, all or nothing. Effect: writes notebooks, modules and the journal."""
    if report.changes is None or not report.changes.changes:
        return report
    from nb2mod.stages import apply

    named = discover.named_files(request.root, request.paths)
    apply.write(request.root, report.changes, named=named, allow_dirty=request.allow_dirty)
    return replace(report, applied=True)


def undo(root: Path, *, keep_going: bool = False) -> "UndoResult":
    """Takes back the last extraction. Effect: writes the files it had changed."""
    from nb2mod.stages import apply

    return apply.undo(root, keep_going=keep_going)


def recover(root: Path) -> str | None:
    """Finishes or takes back what a killed run left half-way; a sentence about it, or None. Effect: may write."""
    from nb2mod.stages import apply

    return apply.recover(root)


def init_changes(request: Request, *, autoreload: bool = False, bootstrap: bool = False) -> ChangeSet:
    """What `nb2mod init` would write (see `initializing`)."""
    from nb2mod.pipeline import initializing

    return initializing.init_changes(request, autoreload=autoreload, bootstrap=bootstrap)


def apply_init(request: Request, changes: ChangeSet) -> None:
    """Applies what `init_changes` gave, all or nothing. Effect: writes."""
    from nb2mod.stages import apply

    apply.write(request.root, changes, allow_dirty=request.allow_dirty, label="init")


def interpreters(report: Report) -> tuple[list[str], dict[str, int]]:
    """The Pythons that run the changed notebooks, and the kernels this machine has no Python for, with how many use them."""
    from nb2mod.stages.verify.running import kernels

    used = kernels.used_by(report.changes.changes if report.changes else ())
    known, unknown = kernels.interpreters(used)
    return known, {name: used[name] for name in unknown}


def _find(request: Request) -> Found:
    """The files of the run: the whole project, and files named beside it; with `here`, PATHS alone."""
    if request.here and request.paths:
        return discover.find(request.root, request.config, request.paths)
    found = discover.find(request.root, request.config, ())
    if not request.paths:
        return found
    named = discover.find(request.root, request.config, request.paths)
    return replace(
        found,
        notebooks=tuple(sorted({*found.notebooks, *named.notebooks})),
        stats={**found.stats, **named.stats},
        outside=tuple(sorted({*found.outside, *named.outside})),
        unreadable=tuple(sorted({*found.unreadable, *named.unreadable})),
    )


def _timed(report: Report, started: float) -> Report:
    return replace(report, summary=replace(report.summary, seconds=time.perf_counter() - started))
