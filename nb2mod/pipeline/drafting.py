"""Plan → every byte of the change → the proof of it. Nothing is written."""

import tomllib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from nb2mod.distributions import distribution_of, modules_of
from nb2mod.errors import Refused
from nb2mod.model import ChangeSet, Extraction, FileChange, Finding, Insertion, Plan, PlanResult
from nb2mod.model.projects import Package
from nb2mod.pipeline.measuring import measure
from nb2mod.pipeline.reading import read_all
from nb2mod.pipeline.request import Progress, Request, silent
from nb2mod.pipeline.survey import Lay, Survey, survey
from nb2mod.stages import discover, rewrite
from nb2mod.stages.index import Tree
from nb2mod.stages.rewrite.packaging import add_dependencies, pyproject_for
from nb2mod.stages.verify.proof import prove


class Draft(Struct, frozen=True):
    """A change that could be written, and what its proof came to.

    `evidence`: (path, cell, name) → "proved"; `unsure`: of other places that nothing was found against, why the text can't tell.
    """

    changes: ChangeSet
    plan: Plan
    findings: tuple[Finding, ...]
    evidence: Mapping[tuple[str, int, str], str]
    unsure: Mapping[tuple[str, int, str], str]


def draft(seen: Survey, planned: PlanResult, request: Request, progress: Progress) -> Draft:
    """Renders the plan and doubts it."""
    tree = seen.tree
    plan = replace(planned.plan, dependencies=_distributions(seen, planned))
    progress("rendering", 0, 0)
    notebooks = rewrite.opened(plan, tree.read)
    texts = {path: _text(tree.read(path)) for path in rewrite.wanted(plan)}
    changes = rewrite.render(plan, notebooks, texts, black_settings(tree))
    packaging = _packaging(seen, plan, request) if plan.extractions else None
    if packaging is not None:
        changes = ChangeSet(tuple(sorted((*changes.changes, packaging), key=lambda change: change.path)))
    paths = [one.path for one in seen.features if one.kind == "notebook" and not one.error]
    progress("proving", 0, 0)
    pure = seen.config.pure_decorators
    proof = prove(changes, plan, tree.read, notebooks=paths, pure_decorators=pure)
    return Draft(changes, plan, proof.findings, proof.evidence, proof.unsure)


def refuse_ignored(root: Path, changes: ChangeSet) -> None:
    """Raises Refused when git would not see a file that is made: notebooks would be committed that import what nobody has."""
    unseen = discover.ignored_by_git(root, (change.path for change in changes.changes if change.before is None))
    if unseen:
        more = f" and {len(unseen) - 1} more" if len(unseen) > 1 else ""
        raise Refused(
            f"expected new files that git takes in, but it would ignore {unseen[0]}{more}; nothing was written. "
            f"`git check-ignore -v {unseen[0]}` shows the pattern: make an exception of it, or set another `package` under "
            "[tool.nb2mod] in pyproject.toml"
        )


def still_proposes(
    seen: Survey, done: Draft, request: Request, lay: Lay, proposes: Callable[[Survey, Request], Sequence[Extraction]]
) -> list[Finding]:
    """What a second extract over the changed tree would move (check f): nothing, or the first was not whole. `lay` as in
    `survey`. To blame is what moved under that name, else all that moved from the notebooks in question.
    """
    if not done.changes.changes:
        return []
    found = seen.tree.found
    overlay = {change.path: change.after for change in done.changes.changes}
    folder = f"{seen.package.folder}/"
    added = [path for path in overlay if path.endswith(".py") and path.startswith(folder)]
    after = Tree(seen.tree.root, replace(found, modules=tuple(sorted({*found.modules, *added}))), overlay)
    known = {cell.digest: cell.facts for one in seen.on_disk if not one.error for cell in one.cells}
    changed = read_all(
        replace(after, found=replace(after.found, notebooks=_only(found.notebooks, overlay))), None, 1, silent, known
    )
    by_path = {one.path: one for one in seen.on_disk} | {one.path: one for one in changed}
    features = [by_path[path] for path in sorted(by_path)]
    second = survey(after, features, seen.config, _standing(seen.package), lay)
    moved = done.plan.extractions
    findings = []
    for one in proposes(second, request):
        paths = {site.path for site in one.sites}
        blamed = [each for each in moved if each.name == one.name]
        blamed = blamed or [each for each in moved if any(site.path in paths for site in each.sites)]
        candidates = tuple(dict.fromkeys(each.candidate for each in blamed))
        findings.append(Finding("stable", f"a second extract would move {one.name} again", "", candidates=candidates))
    return findings


def _only(paths: Sequence[str], overlay: Mapping[str, bytes]) -> tuple[str, ...]:
    return tuple(path for path in paths if path in overlay)


def _standing(package: Package) -> Package:
    return replace(package, exists=True)


def _text(data: bytes | None) -> str | None:
    return None if data is None else data.decode("utf-8")


def black_settings(tree: Tree) -> dict[str, object]:
    """`[tool.black]` of the project; nothing when there is none or the file is broken, which settings.load has told."""
    try:
        document = tomllib.loads((tree.read("pyproject.toml") or b"").decode("utf-8"))
    except (ValueError, RecursionError):
        return {}
    tool = document.get("tool")
    settings = tool.get("black") if isinstance(tool, dict) else None
    return dict(settings) if isinstance(settings, dict) else {}


def _distributions(seen: Survey, planned: PlanResult) -> tuple[str, ...]:
    """What the moved code needs installed; where nobody knows the module, what the notebooks themselves install for it."""
    installed = sorted({name for one in seen.features for cell in one.cells for name in cell.facts.installs})
    found = {
        distribution_of(module) or next((name for name in installed if module in modules_of(name)), None)
        for module in planned.third_party
    }
    return tuple(sorted(name for name in found if name))


def _packaging(seen: Survey, plan: Plan, request: Request) -> FileChange | None:
    """The pyproject.toml: made when there is no packaging at all, its dependencies when they are ours to add (section 5)."""
    package = seen.package
    path = package.pyproject or "pyproject.toml"
    data = seen.tree.read(path)
    before = _text(data)
    after = before
    if plan.creates_package and not package.exists:
        # the limits of `--whole`, which let all of one notebook move, are no agreement, and one notebook is no measure
        made = pyproject_for(package, before, request.config, {} if seen.whole else measure(seen), brief=True)
        after = made if made is not None else before
    ours = request.add_dependencies or seen.config.manage_dependencies or (plan.creates_package and after != before)
    if ours and after is not None and plan.dependencies:
        after = add_dependencies(after, plan.dependencies)
    if after is None or after == before:
        return None
    return text_change(path, before, after)


def text_change(path: str, before: str | None, after: str) -> FileChange:
    """The change of one text file; its insertions when the old text is still there in one or two pieces."""
    old = before or ""
    start = next((i for i, (a, b) in enumerate(zip(old, after, strict=False)) if a != b), min(len(old), len(after)))
    tail = len(old) - start
    inserted = after[start : len(after) - tail] if after.endswith(old[start:]) and len(after) >= len(old) else ""
    insertions = (Insertion(start, inserted),) if inserted else ()
    return FileChange(
        path, None if before is None else before.encode("utf-8"), after.encode("utf-8"), insertions=insertions
    )
