"""Two states of the project → what shows that its notebooks do the same: the proof where it can, then a run of each.

Which notebooks are run, and between which two states; how is the business of `stages/verify`.
"""

import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from msgspec.structs import replace

from nb2mod.errors import UsageError
from nb2mod.model import (
    Candidate,
    ChangeSet,
    Checked,
    Diagnostic,
    Features,
    FileChange,
    Found,
    Occurrence,
    Outcome,
    Ran,
    Report,
    RunOptions,
    RunStep,
    Sides,
    ToRun,
    Verification,
)
from nb2mod.model.projects import Package
from nb2mod.pipeline.concerning import concerned, roots
from nb2mod.pipeline.reading import read_all
from nb2mod.pipeline.replaying import Replayer, with_tests
from nb2mod.pipeline.request import Request, silent
from nb2mod.stages import apply, discover
from nb2mod.stages.index import Tree
from nb2mod.stages.verify import replay
from nb2mod.stages.verify.proof import Proof, prove_bytes
from nb2mod.stages.verify.running import trial

Announce = Callable[[Sequence[ToRun]], None]
Watch = Callable[[RunStep], None]


def verified(
    request: Request, options: RunOptions, found: Found, revision: str | None, announce: Announce, watch: Watch
) -> Verification:
    """Proves and runs what differs between the working tree and `revision`, or the state before the last extraction.

    Writes nothing. With `request.paths`, the notebooks there are run instead, whether they differ or not. Raises UsageError
    when there is nothing to compare with.
    """
    started = time.perf_counter()
    name, before, untold = _state_before(request, revision)
    tree = Tree(request.root, found)
    features = [one for one in read_all(tree, None, request.jobs, silent) if not one.error]
    package = discover.package(request.root, request.config, frozenset(roots(features)), found.notebooks)
    unknown = {one.location.path for one in untold if one.location}
    notebooks = [one for one in features if one.kind == "notebook" and one.path not in unknown]
    named = discover.within(request.root, request.paths)
    proof = proved(request, tree, before, package, [one.path for one in notebooks])
    paths = (
        [one.path for one in notebooks if named(one.path)]
        if request.paths
        else concerned(notebooks, before, tree, package)
    )
    doubted = {one.path for one in proof.findings}
    sides = Sides(before=before, local=_local(_notebooks_in(tree, before, paths), notebooks, without=doubted))
    targets = _targets(proof, tree, before, paths, package) if options.replay else {}
    replayer = Replayer(targets, sides, options, package, watch)
    outcomes = run_all(request, options, tree, sides, paths, package, announce, watch, replayer)
    return Verification(
        str(request.root),
        name,
        outcomes,
        _checked(proof, outcomes, named),
        tuple(one for one in proof.findings if not one.path.endswith(".ipynb") or named(one.path)),
        untold,
        time.perf_counter() - started,
    )


def proved(
    request: Request, tree: Tree, before: Mapping[str, bytes | None], package: Package, notebooks: Sequence[str]
) -> Proof:
    """What of the change can be shown by syntax, from the files before and after alone."""
    changes, removed = [], {}
    for path, was in sorted(before.items()):
        now = tree.read(path)
        if now is not None and path.endswith((".ipynb", ".py")):
            changes.append(FileChange(path, was, now))
        elif now is None and was is not None:
            removed[path] = was
    return prove_bytes(
        ChangeSet(tuple(changes)),
        package.name,
        package.source_root,
        tree.read,
        notebooks=notebooks,
        removed=removed,
        pure_decorators=request.config.pure_decorators,
    )


def ran(
    request: Request,
    options: RunOptions,
    found: Found,
    report: Report,
    announce: Announce,
    watch: Watch,
    *,
    tests: bool = False,
) -> Report:
    """The report of an extraction that is not written yet, with what running its notebooks before and after came to.

    With `tests`, its changes hold test modules too: calls that both definitions answered in the same way.
    """
    if report.changes is None or not report.changes.changes or report.plan is None:
        return report
    plan = report.plan
    after = {change.path: change.after for change in report.changes.changes}
    tree = Tree(request.root, found)
    features = [one for one in read_all(tree, None, request.jobs, silent) if not one.error]
    package = Package(plan.package, plan.source_root, "", exists=True)
    notebooks = [one for one in features if one.kind == "notebook"]
    paths = concerned(notebooks, {path: tree.read(path) for path in after}, replace(tree, overlay=after), package)
    sides = Sides(after=dict(after), local=_local(notebooks, _notebooks_in(tree, after, paths)))
    targets = {path: replay.targets(plan, path, _sources(notebooks, path)) for path in paths}
    replayer = Replayer(targets if options.replay or tests else {}, sides, options, package, watch)
    outcomes = run_all(request, options, tree, sides, paths, package, announce, watch, replayer)
    made = with_runs(report, outcomes)
    if tests and not any(one.status is Ran.DIFFERS for one in outcomes):
        made = with_tests(made, request, tree, package, sides, replayer.records)
    return made


def run_all(
    request: Request,
    options: RunOptions,
    tree: Tree,
    sides: Sides,
    paths: Sequence[str],
    package: Package,
    announce: Announce,
    watch: Watch,
    replayer: Replayer | None = None,
) -> tuple[Outcome, ...]:
    """Says what is going to be run, and runs it."""
    if not paths:
        return ()
    announce([ToRun(path, trial.last_took(path, tree.read(path) or b"")) for path in paths])
    return trial.check(request.root, sides, paths, options, package, watch, replayer)


def with_runs(report: Report, outcomes: Sequence[Outcome]) -> Report:
    """The report with what running came to, in the evidence of each place too."""
    by_path = {one.path: one for one in outcomes}
    candidates = tuple(_with_evidence(candidate, by_path) for candidate in report.candidates)
    return replace(report, candidates=candidates, outcomes=tuple(outcomes))


def _with_evidence(candidate: Candidate, outcomes: Mapping[str, Outcome]) -> Candidate:
    if not any(one.evidence == "proved" for one in candidate.occurrences):
        return candidate
    return replace(candidate, occurrences=tuple(_ran(one, outcomes.get(one.path)) for one in candidate.occurrences))


def _ran(occurrence: Occurrence, outcome: Outcome | None) -> Occurrence:
    """ "ran-same" only for a place that the run reached and called, or whose calls were made again with both definitions.

    Whether it was called is known where calls were recorded; without that, reaching it must do.
    """
    if outcome is None or occurrence.evidence != "proved":
        return occurrence
    calls = [one for one in outcome.replays if (one.cell, one.name) == (occurrence.cell, occurrence.name)]
    idle = bool(calls) and not any(one.recorded or one.skipped for one in calls)
    reached = outcome.status is Ran.SAME and (outcome.ended is None or occurrence.cell < outcome.ended.cell)
    shown = (reached and not idle) or any(one.same for one in calls)
    return replace(occurrence, evidence="ran-same") if shown and outcome.status is not Ran.DIFFERS else occurrence


def _state_before(
    request: Request, revision: str | None
) -> tuple[str, dict[str, bytes | None], tuple[Diagnostic, ...]]:
    """What the working tree is compared with: its name, the files that differ, and those that nothing can be said of."""
    if revision is not None:
        return revision, discover.at_revision(request.root, revision), ()
    earlier = apply.earlier(request.root)
    if earlier is None:
        raise UsageError(
            "There is no extraction to verify: nb2mod's journal holds none that stands. To compare with a commit or a branch, "
            "name it: nb2mod verify --against REV"
        )
    untold = tuple(Diagnostic("NB390", one.reason, one.location) for one in earlier.unknown)
    return "the state before the last extraction", earlier.files, untold


def _checked(proof: Proof, outcomes: Sequence[Outcome], named: Callable[[str], bool]) -> tuple[Checked, ...]:
    """Every definition that became an import, with its evidence."""
    by_path = {one.path: one for one in outcomes}
    found = []
    for path, cell, name in sorted(proof.targets):
        if named(path):
            evidence = proof.evidence.get((path, cell, name), "not-checked")
            place = _ran(Occurrence(path, cell, 0, 0, name, evidence=evidence), by_path.get(path))
            found.append(Checked(path, cell, name, place.evidence or evidence, proof.unsure.get((path, cell, name))))
    return tuple(found)


def _targets(
    proof: Proof, tree: Tree, before: Mapping[str, bytes | None], paths: Sequence[str], package: Package
) -> dict[str, list[replay.Target]]:
    """The definitions whose calls are to be made again: those that the proof knows the new place of.

    A lifted definition is told by its signature. That only a default differs does not do unless the proof stands for its calls.
    """
    old = _notebooks_in(tree, before, paths)
    cells = {(one.path, cell.number): cell for one in old for cell in one.cells}
    found: dict[str, list[replay.Target]] = {}
    for (path, number, name), target in sorted(proof.targets.items()):
        cell = cells.get((path, number))
        lines = [(one.def_line, one.end_line) for one in cell.facts.definitions if one.name == name] if cell else []
        if cell and lines:
            module, _, new_name = target.rpartition(".")
            known = (path, number, name) in proof.evidence
            text = _module_text(tree, package, module)
            more = replay.takes_more(cell.source, lines[-1], text, new_name, defaults=known)
            one = replay.Target(path, number, name, cell.source, lines[-1][0], module, new_name, cell.id, more)
            found.setdefault(path, []).append(one)
    return found


def _module_text(tree: Tree, package: Package, module: str) -> str:
    """What stands in a module of the package; nothing where it can't be read."""
    prefix = "" if package.source_root in ("", ".") else f"{package.source_root.strip('/')}/"
    inner = f"{prefix}{module.replace('.', '/')}"
    data = tree.read(f"{inner}.py") or tree.read(f"{inner}/__init__.py") or b""
    return data.decode("utf-8-sig", errors="replace")


def _notebooks_in(tree: Tree, state: Mapping[str, bytes | None], paths: Sequence[str]) -> list[Features]:
    """The notebooks among `paths` as they are in another state of the project."""
    found = {path: data for path in paths if (data := state.get(path)) is not None}
    return list(read_all(Tree(tree.root, Found(notebooks=tuple(found)), found), None, 1, silent))


def _local(
    before: Iterable[Features], after: Iterable[Features], without: Collection[str] = ()
) -> dict[str, frozenset[str]]:
    """By notebook, the names that its cells bind no longer. `without` are notebooks whose change is in doubt."""
    now = {one.path: _bound(one) for one in after}
    return {one.path: _bound(one) - now[one.path] for one in before if one.path in now and one.path not in without}


def _bound(one: Features) -> frozenset[str]:
    return frozenset(binding.name for cell in one.cells for binding in cell.facts.bindings)


def _sources(notebooks: Iterable[Features], path: str) -> dict[int, str]:
    return {cell.number: cell.source for one in notebooks if one.path == path for cell in one.cells}
