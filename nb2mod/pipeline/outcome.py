"""What scan and extract do when something is new: the stages in their order, round after round until every proof holds.

Kept apart from the package's door because its imports are most of the start-up, and a warm scan needs none of them.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from msgspec.structs import replace

from nb2mod.engine import without_collecting
from nb2mod.errors import Refused, UsageError
from nb2mod.model import (
    Candidate,
    Extraction,
    Features,
    Finding,
    Found,
    Location,
    Member,
    Occurrence,
    PlanOptions,
    PlanResult,
    Reason,
    Report,
    Summary,
    Verdict,
)
from nb2mod.pipeline.choosing import in_scope, is_part, to_move, unmatched
from nb2mod.pipeline.diagnosing import diagnostics
from nb2mod.pipeline.laying import laid, settled
from nb2mod.pipeline.reading import read_all
from nb2mod.pipeline.request import Progress, Request, silent
from nb2mod.pipeline.staging import with_block_measures
from nb2mod.pipeline.survey import Lay, Survey, survey
from nb2mod.pipeline.taken_back import Settled, with_taken_back
from nb2mod.stages import discover
from nb2mod.stages.index import Tree
from nb2mod.stages.plan import make
from nb2mod.store import Store

if TYPE_CHECKING:
    from nb2mod.pipeline.drafting import Draft

# Rounds of planning in which candidates that can't be placed or proved are taken out. Each round takes out one at least, so
# the number only bounds the time a bug could cost.
_ROUNDS = 50
_PROOFS = 3


def scanned(request: Request, found: Found, store: Store | None, progress: Progress) -> Report:
    """The report of a scan: verdicts, and where each thing that may move would go."""
    with without_collecting():
        seen = surveyed(request, found, store, progress)
        progress("planning", 0, 0)
        seen, candidates, planned = settled(seen, {}, partial(_planned, request=request))
        return _report(seen, request, candidates, planned)


def extracted(request: Request, found: Found, store: Store | None, progress: Progress) -> Report:
    """The report of an extraction with every byte of its change, proved. Raises Refused when proofs go on failing."""
    with without_collecting():
        return _extracted(request, found, store, progress)


def _extracted(request: Request, found: Found, store: Store | None, progress: Progress) -> Report:
    from nb2mod.pipeline.drafting import refuse_ignored

    if found.notebooks:
        discover.require_package(request.root, request.config, frozenset(), found.notebooks)
    seen = surveyed(request, found, store, progress)
    seen, candidates, planned, done = _proven(seen, request, {}, progress)
    _refuse_nothing(seen, planned)
    refuse_ignored(request.root, done.changes)
    return _with_changes(_report(seen, request, candidates, planned), done)


def _proven(
    seen: Survey, request: Request, rejected: dict[Member, Reason], progress: Progress, *, once: bool = False
) -> tuple[Survey, tuple[Candidate, ...], PlanResult, "Draft"]:
    """Plans and proves, round after round without what a proof failed for. `once`: not asking what a second run would move.
    Raises Refused when nothing more can be taken out.
    """
    from nb2mod.pipeline.drafting import draft, still_proposes

    first: Settled | None = None
    for _ in range(_PROOFS):
        progress("planning", 0, 0)
        seen, candidates, planned = settled(seen, rejected, partial(_planned, request=request))
        first = first or (candidates, planned)
        done = draft(seen, planned, request, progress)
        failed = list(done.findings)
        if not failed and not once and not (planned.whole and planned.whole.stays):  # what moves frees what stays
            progress("checking a second run", 0, 0)
            failed += still_proposes(seen, done, request, _lay(request), _proposed(seen, rejected, candidates, planned))
        if not failed:
            told = candidates if seen.whole else with_taken_back(first, (candidates, planned))
            return seen, told, planned, done
        if seen.whole and (why := _against_main(failed, planned)):
            seen = replace(seen, undriven=why)
        elif not _reject(seen, failed, planned, rejected):
            break
    raise Refused(_in_words(failed))


def surveyed(request: Request, found: Found, store: Store | None, progress: Progress) -> Survey:
    """Everything known of the project before deciding."""
    tree = Tree(request.root, found)
    features = read_all(tree, store, request.jobs, progress)
    progress("comparing", 0, 0)
    return survey(tree, features, request.config, lay=_lay(request))


def _lay(request: Request) -> Lay:
    """What finds runs of statements: those that are repeated or heavy, or the steps of one notebook."""
    if not request.whole:
        return laid
    from nb2mod.pipeline.whole import with_steps

    return partial(with_steps, paths=sorted(discover.named_files(request.root, request.paths)))


def _against_main(failed: Sequence[Finding], planned: PlanResult) -> str:
    from nb2mod.pipeline.whole import undriven

    return undriven(failed, planned)


def _refuse_nothing(seen: Survey, planned: PlanResult) -> None:
    """Raises UsageError when a notebook was to become a module and holds nothing for it."""
    if seen.whole and not planned.plan.extractions:
        from nb2mod.pipeline.whole import nothing

        raise UsageError(nothing(seen, planned))


def _planned(
    seen: Survey, taken_out: dict[Member, Reason], *, request: Request
) -> tuple[tuple[Candidate, ...], PlanResult]:
    """Decides and plans until every candidate that is to move has a place."""
    if seen.whole:
        from nb2mod.pipeline import whole

        request = replace(request, module=whole.module_of(seen, request.module))
    options = PlanOptions(request.module, request.choices or (), request.unsafe)
    beside = (*seen.blocks.staying, *seen.lifting.staying, *seen.lifting.kept.values())
    for _ in range(_ROUNDS):
        candidates = seen.candidates(taken_out)
        moving = to_move(in_scope(candidates, request, beside), candidates, request)
        planned = make(moving, seen.features, seen.package, seen.config, options)
        members = {c.id: c.members for c in candidates}
        fresh = {m: why for key, why in planned.rejected for m in members.get(key, ()) if m not in taken_out}
        if not fresh:
            break
        taken_out.update(fresh)
    targets = {candidate.id: candidate.target for candidate in planned.candidates}
    found = tuple(replace(c, target=targets.get(c.id, c.target)) for c in candidates)
    real = seen.real_candidates(found)
    if seen.whole:
        planned = whole.with_main(seen, planned, real, request.module or "")
        real = whole.shown(real)
    return real, replace(planned, plan=seen.real_plan(planned.plan))


def _proposed(
    first: Survey, rejected: Mapping[Member, Reason], candidates: Sequence[Candidate], planned: PlanResult
) -> Callable[[Survey, Request], tuple[Extraction, ...]]:
    """What an extract with the same request would move next. Where a block moved, what was blocked or taken out stays out, and
    a block that did not move always does: what moved may have been what kept them. Else a second run is held to all that it
    would do, and knows as little as any other of what this one has taken out.

    A selection by plan file is spent by the first extract.
    """
    stays = Reason("NB390", "was left by the run before", "blocks")
    # Only a block that moves may free what was blocked: where none does, an extract is whole.
    calls = any(site.call for extraction in planned.plan.extractions for site in extraction.sites)
    blocked = (one for one in candidates if one.verdict is Verdict.BLOCKED and one.kind != "block")
    left = {(each.path, each.cell, each.name) for one in blocked for each in one.occurrences} if calls else set()
    left |= {_place(first, member) for member in rejected} if calls else set()
    moved = _moved_blocks(first, planned)

    def proposed(second: Survey, request: Request) -> tuple[Extraction, ...]:
        if request.choices is not None:
            return ()
        second = replace(second, blocks=replace(second.blocks, shortens=False))  # they were tried, and stay
        blocks = second.blocks
        again = {member: stays for member in second.members() if _place(second, member) in left}
        again |= {member: stays for member, one in blocks.cuts.items() if blocks.classes[one].shape not in moved}
        try:
            second, _, planned = settled(second, again, partial(_planned, request=request))
            if planned.plan.extractions:
                _, _, planned, _ = _proven(second, request, again, silent, once=True)
        except UsageError:
            return ()  # what --only named is no candidate any more
        except Refused:
            pass  # nothing would be written, and a person told of a bug
        return planned.plan.extractions

    return proposed


def _moved_blocks(seen: Survey, planned: PlanResult) -> frozenset[bytes]:
    """The shapes of blocks of which a plan moves every copy."""
    sites = {(site.path, site.name) for extraction in planned.plan.extractions for site in extraction.sites}
    moved: set[bytes] = set()
    left = set(seen.blocks.stuck)
    for cut, one in seen.blocks.classes.items():
        (moved if (seen.features[cut.block.file].path, cut.name) in sites else left).add(one.shape)
    return frozenset(moved - left)


def _place(seen: Survey, member: Member) -> tuple[str, int, str]:
    """A copy by path, cell number and name: what stays the same when definitions above it go."""
    one = seen.features[member.file]
    cell = one.cells[member.cell]
    return one.path, cell.number, cell.facts.definitions[member.definition].name


def _reject(seen: Survey, findings: Sequence[Finding], planned: PlanResult, rejected: dict[Member, Reason]) -> bool:
    """Blocks the copies that findings speak about: those in the cell named, else in the notebook, else all: a copy taken out
    without need is found by the next run, which does not know of it. False when none can be told.
    """
    members = {candidate.id: candidate.members for candidate in planned.candidates}
    before = len(rejected)
    for finding in findings:
        for identity in finding.candidates:
            found = members.get(identity, ())
            here = [member for member in found if seen.features[member.file].path == finding.path]
            there = [one for one in here if seen.features[one.file].cells[one.cell].number == finding.cell]
            message = f"the proof failed ({finding.check}): {finding.message}"
            for member in there or here or found:
                rejected.setdefault(member, Reason("NB390", message, "blocks", _location(seen, member)))
    return len(rejected) > before


def _location(seen: Survey, member: Member) -> Location:
    one = seen.features[member.file]
    cell = one.cells[member.cell]
    return Location(one.path, cell.number, cell.facts.definitions[member.definition].def_line, cell.id)


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
    shown = with_block_measures([one for one in candidates if one.id in scope], seen.stages, seen.config)
    notebooks = [one for one in seen.on_disk if one.kind == "notebook"]
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
    told = diagnostics(seen.tree.found, seen.on_disk, seen.copied, shown, seen.features, seen.names)
    within = discover.within(request.root, request.paths)
    return Report(
        str(request.root),
        summary,
        shown,
        told,
        seen.copied,
        planned.plan,
        part=is_part(request),
        packages=seen.package.conflicts,
        unmatched=unmatched(candidates, request),
        notebooks=tuple(one for path, one in sorted(seen.stages.items()) if within(path)),
        whole=planned.whole,
    )


def _definitions(one: Features) -> int:
    return sum(len(cell.facts.definitions) for cell in one.cells)


def _with_changes(report: Report, done: "Draft") -> Report:
    moved = {
        candidate for extraction in done.plan.extractions for candidate in (extraction.candidate, *extraction.users)
    }
    candidates = tuple(
        replace(c, occurrences=tuple(_proved(o, done) for o in c.occurrences)) if c.id in moved else c
        for c in report.candidates
    )
    return replace(report, candidates=candidates, changes=done.changes, plan=done.plan)


def _proved(occurrence: Occurrence, done: "Draft") -> Occurrence:
    place = (occurrence.path, occurrence.cell, occurrence.name)
    return replace(occurrence, evidence=done.evidence.get(place, "not-checked"), doubt=done.unsure.get(place))
