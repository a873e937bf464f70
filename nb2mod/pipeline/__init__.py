"""The order of the stages; nothing else knows it.

discover → index → detect → analyze → decide → plan ┬→ report                    scan
                                                    └→ rewrite → verify → report extract; then apply, by `write`
"""

import time
from collections.abc import Sequence
from pathlib import Path

from msgspec.structs import replace

from nb2mod.errors import Refused, UsageError
from nb2mod.model import (
    Candidate,
    Features,
    Finding,
    Member,
    Occurrence,
    PlanOptions,
    PlanResult,
    Reason,
    Report,
    Summary,
    Verdict,
)
from nb2mod.pipeline import remembering
from nb2mod.pipeline.choosing import MOVES, in_scope, named_files, to_move
from nb2mod.pipeline.diagnosing import diagnostics
from nb2mod.pipeline.drafting import Draft, draft, still_proposes
from nb2mod.pipeline.initializing import init_changes
from nb2mod.pipeline.reading import Tree, read_all
from nb2mod.pipeline.request import Progress, Request, silent
from nb2mod.pipeline.survey import Survey, survey
from nb2mod.stages import apply, discover, plan
from nb2mod.store import Store

__all__ = ["Request", "extract", "init_changes", "recover", "scan", "undo", "write"]

# Rounds of planning in which candidates that can't be placed or proved are taken out. Each round takes out one at least, so
# the number only bounds the time a bug could cost.
_ROUNDS = 50


def scan(request: Request, progress: Progress | None = None) -> Report:
    """Finds and judges; writes nothing in the project. When no file changed since, the last report is given again."""
    started = time.perf_counter()
    found = _find(request)
    store = Store(request.root) if request.cache else None
    try:
        key = remembering.key(request, found) if store else b""
        known = remembering.recall(store, key) if store else None
        if known is None:
            seen = _survey(request, found, store, progress or silent)
            candidates, planned = _planned(seen, request)
            known = _report(seen, request, candidates, planned)
            if store:
                remembering.keep(store, key, known)
        return _timed(known, started)
    finally:
        if store:
            store.close()


def extract(request: Request, progress: Progress | None = None) -> Report:
    """Computes every byte of the change and proves it; writes nothing. `write` applies what comes back.

    A candidate whose proof fails is blocked with what depends on it, and the rest is planned and proved again. Raises Refused
    when even that fails.
    """
    started = time.perf_counter()
    progress = progress or silent
    found = _find(request)
    store = Store(request.root) if request.cache else None
    try:
        seen = _survey(request, found, store, progress)
    finally:
        if store:
            store.close()
    discover.require_package(
        request.root, request.config, frozenset(), found.notebooks
    ) if seen.package.conflicts else None
    rejected: dict[Member, Reason] = {}
    for attempt in range(3):
        candidates, planned = _planned(seen, request, rejected)
        progress("proving", attempt, 3)
        done = draft(seen, planned, request)
        failed = [*done.findings, *(still_proposes(seen, done, request, _proposed) if not done.findings else ())]
        if not failed:
            return _timed(_with_changes(_report(seen, request, candidates, planned), done), started)
        if attempt == 2 or not _reject(failed, planned, rejected):
            raise Refused(_in_words(failed))
    raise AssertionError("unreachable")


def write(request: Request, report: Report) -> Report:
    """Applies the changes of a report, all or nothing. Effect: writes notebooks, modules and the journal."""
    if report.changes is None or not report.changes.changes:
        return report
    named = named_files(request, [change.path for change in report.changes.changes])
    apply.write(request.root, report.changes, named=named, allow_dirty=request.allow_dirty)
    return replace(report, applied=True)


def undo(root: Path, *, keep_going: bool = False) -> apply.UndoResult:
    """Takes back the last extraction. Effect: writes the files it had changed."""
    return apply.undo(root, keep_going=keep_going)


def recover(root: Path) -> str | None:
    """Finishes or takes back what a killed run left half-way; a sentence about it, or None. Effect: may write."""
    return apply.recover(root)


def _find(request: Request):  # type: ignore[no-untyped-def]
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


def _survey(request: Request, found, store: Store | None, progress: Progress) -> Survey:  # type: ignore[no-untyped-def]
    tree = Tree(request.root, found)
    features = read_all(tree, store, request.jobs, progress)
    progress("comparing", 0, 1)
    return survey(tree, features, request.config)


def _planned(
    seen: Survey, request: Request, rejected: dict[Member, Reason] | None = None
) -> tuple[tuple[Candidate, ...], PlanResult]:
    """Decides and plans until every candidate that is to move has a place."""
    taken_out = {} if rejected is None else rejected
    options = PlanOptions(request.module, request.choices or (), request.unsafe)
    for _ in range(_ROUNDS):
        candidates = seen.candidates(taken_out)
        moving = to_move(in_scope(candidates, request), candidates, request)
        planned = plan.make(moving, seen.features, seen.package, seen.config, options)
        members = {c.id: c.members for c in candidates}
        fresh = {m: why for key, why in planned.rejected for m in members.get(key, ()) if m not in taken_out}
        if not fresh:
            break
        taken_out.update(fresh)
    targets = {candidate.id: candidate.target for candidate in planned.candidates}
    return tuple(replace(c, target=targets.get(c.id, c.target)) for c in candidates), planned


def _proposed(seen: Survey, request: Request) -> tuple[str, ...]:
    """Names of what an extract with the same request would move now. A selection by id or plan file is spent by the first."""
    try:
        _, planned = _planned(seen, replace(request, choices=None))
    except UsageError:
        return ()  # what --only named is no candidate any more
    return (
        tuple(sorted({extraction.name for extraction in planned.plan.extractions})) if request.choices is None else ()
    )


def _reject(findings: Sequence[Finding], planned: PlanResult, rejected: dict[Member, Reason]) -> bool:
    """Blocks the candidates that findings speak about; False when none of them can be told."""
    members = {candidate.id: candidate.members for candidate in planned.candidates}
    before = len(rejected)
    for finding in findings:
        for identity in finding.candidates:
            for member in members.get(identity, ()):
                message = f"the proof failed ({finding.check}): {finding.message}"
                rejected.setdefault(member, Reason("NB390", message, "blocks"))
    return len(rejected) > before


def _in_words(findings: Sequence[Finding]) -> str:
    first = findings[0]
    place = first.path + (f" cell {first.cell}" if first.cell else "") + (f" line {first.line}" if first.line else "")
    more = f" ({len(findings) - 1} more)" if len(findings) > 1 else ""
    return (
        f"Nothing was written: the check '{first.check}' failed at {place}: {first.message}{more}. "
        "This is a bug of nb2mod; please report it with the notebook's cell."
    )


def _report(seen: Survey, request: Request, candidates: Sequence[Candidate], planned: PlanResult) -> Report:
    scope = {candidate.id for candidate in in_scope(candidates, request)}
    scope |= {candidate.id for candidate in planned.candidates}
    shown = tuple(candidate for candidate in candidates if candidate.id in scope)
    notebooks = [one for one in seen.features if one.kind == "notebook"]
    read = [one for one in notebooks if not one.error]
    verdicts = {verdict.value: sum(c.verdict is verdict for c in shown) for verdict in Verdict}
    summary = Summary(
        notebooks=len(notebooks),
        skipped=len(notebooks) - len(read),
        cells=sum(len(one.cells) + one.markdown_cells for one in read),
        code_cells=sum(len(one.cells) for one in read),
        definitions=sum(_definitions(one) for one in read),
        verdicts=verdicts,
    )
    told = diagnostics(seen.tree.found, seen.features, seen.copied, shown)
    return Report(str(request.root), summary, shown, told, seen.copied, planned.plan)


def _definitions(one: Features) -> int:
    return sum(len(cell.facts.definitions) for cell in one.cells)


def _with_changes(report: Report, done: Draft) -> Report:
    moved = {
        candidate for extraction in done.plan.extractions for candidate in (extraction.candidate, *extraction.users)
    }
    candidates = tuple(
        replace(c, occurrences=tuple(_proved(o, done) for o in c.occurrences)) if c.id in moved else c
        for c in report.candidates
    )
    return replace(report, candidates=candidates, changes=done.changes, plan=done.plan)


def _proved(occurrence: Occurrence, done: Draft) -> Occurrence:
    place = (occurrence.path, occurrence.cell, occurrence.name)
    return replace(occurrence, evidence=done.evidence.get(place, "not-checked"))


def _timed(report: Report, started: float) -> Report:
    return replace(report, summary=replace(report.summary, seconds=time.perf_counter() - started))


def is_movable(candidate: Candidate) -> bool:
    """Whether the verdict lets a candidate move, at once or after a yes."""
    return candidate.verdict in MOVES
