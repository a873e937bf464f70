"""What is to be proved, read once for all checks: both sides of every changed file, and who is to blame for a place."""

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from nb2mod.model import CallSite, ChangeSet, Extraction, FileChange, Finding, Plan
from nb2mod.stages.verify.proof.bindings import PYLAB, PYLAB_STARS, source_module
from nb2mod.stages.verify.proof.called import Called
from nb2mod.stages.verify.proof.cells import CellView
from nb2mod.stages.verify.proof.lifted import Lifted, lifted
from nb2mod.stages.verify.proof.package import Package, Read
from nb2mod.stages.verify.proof.trees import all_nodes
from nb2mod.stages.verify.proof.views import NotebookView, Unreadable, read_notebook
from nb2mod.stages.verify.proof.virtual import virtual


@dataclass(frozen=True, eq=False)
class NotebookPair:
    """A changed notebook, before and after.

    Cells of `after` are numbered as in `before`; cells that the change inserts stand in `inserted` instead. Where definitions
    got parameters, `before` is that of `lifted.py`, and `lifted` says what came; where runs of statements became calls, the views
    are those of `virtual.py`, `functions` are the runs by their functions, and `unfit` says of which the call hands in something
    else. `as_it_was` are then both sides as they are written.
    """

    change: FileChange
    before: NotebookView
    after: NotebookView
    inserted: tuple[CellView, ...] = ()
    functions: Mapping[int, Called] = field(default_factory=dict)
    as_it_was: tuple[NotebookView, NotebookView] | None = None
    lifted: Lifted | None = None
    unfit: Mapping[int, str] = field(default_factory=dict)

    @property
    def path(self) -> str:
        return self.change.path

    @property
    def written(self) -> tuple[NotebookView, NotebookView]:
        """Both sides as they are written."""
        return self.as_it_was or (self.before, self.after)


@dataclass(frozen=True, eq=False)
class Subject:
    """One ChangeSet with its plan. `others` are the notebooks of the project.

    `recorded`: the change was planned, so that renamings, lost docstrings and inserted cells must stand in the plan. A plan
    is believed in nothing else: it names those to blame. `removed` are files that the change took away, as they were.
    """

    changes: ChangeSet
    plan: Plan
    read: Read
    others: Sequence[str]
    notebooks: tuple[NotebookPair, ...]
    unreadable: tuple[Finding, ...]
    recorded: bool = True
    removed: Mapping[str, bytes] = field(default_factory=dict)

    @cached_property
    def runners(self) -> tuple[tuple[str, bytes], ...]:
        """Notebooks of the project that may run another one in their own namespace, with their bytes."""
        found = ((path, self.read(path)) for path in self.others)
        return tuple((path, data) for path, data in found if data is not None and b"%run" in data)

    @cached_property
    def before(self) -> Package:
        """The package as it was."""
        changed = {change.path: change.before for change in self.changes.changes} | dict(self.removed)
        return Package(self.plan.package, self.plan.source_root, changed, self.read)

    @cached_property
    def after(self) -> Package:
        """The package as it will be."""
        changed: dict[str, bytes | None] = {change.path: change.after for change in self.changes.changes}
        changed.update(dict.fromkeys(self.removed))
        return Package(self.plan.package, self.plan.source_root, changed, self.read)

    @cached_property
    def known_imports(self) -> frozenset[str]:
        """Dotted names of everything that changed notebooks and modules imported before, wherever in their text."""
        views = [(statement, "") for pair in self.notebooks for _, _, statement in pair.before.statements]
        for change in self.modules:
            module = self.before.module(self.before.dotted(change.path))
            views += [(statement, module.package) for statement in module.body] if module else []
        found = {name for statement, package in views for name in imports_in(statement, package)}
        pylab = any(each.place for pair in self.notebooks for each in pair.before.bindings.get("pylab", ()))
        return frozenset(found | (set(PYLAB.values()) | {f"{star}.*" for star in PYLAB_STARS} if pylab else set()))

    @property
    def modules(self) -> list[FileChange]:
        """Changed and new Python files."""
        return [change for change in self.changes.changes if change.path.endswith(".py")]

    def extraction(self, module: str, name: str) -> Extraction | None:
        """What the plan says of a definition of the package."""
        return self._by_target.get((module, name))

    def site(self, path: str, cell: int, name: str, line: int) -> tuple[Extraction, CallSite] | None:
        """What the plan says of a statement of a notebook; one name may be bound twice in a cell."""
        sites = self._by_place.get((path, cell, name), [])
        exact = [one for one in sites if one[1].top <= line <= one[1].end_line]
        return next(iter(exact or sites), None)

    def candidates(self, *, path: str, cell: int, line: int = 0, names: Sequence[str] = ()) -> tuple[str, ...]:
        """Ids of the candidates that a place in a notebook concerns."""
        in_cell = [one for one in self.planned_in(path) if one[1].cell == cell]
        close = [one for one in in_cell if one[1].name in names] or [
            one for one in in_cell if one[1].top <= line <= one[1].end_line
        ]
        return _ids([extraction for extraction, _ in close or in_cell])

    def candidates_of_module(self, module: str, names: Sequence[str] = ()) -> tuple[str, ...]:
        """Ids of the candidates that go to a module; only those of `names` when any of these does."""
        there = [extraction for extraction in self.plan.extractions if extraction.module == module]
        return _ids([extraction for extraction in there if extraction.name in names] or there)

    def candidates_in(self, path: str) -> tuple[str, ...]:
        """Ids of the candidates that change a notebook."""
        return _ids([extraction for extraction, _ in self.planned_in(path)])

    def planned_in(self, path: str) -> Sequence[tuple[Extraction, CallSite]]:
        """What the plan says of a notebook, in the plan's order."""
        return self._by_path.get(path, ())

    @cached_property
    def _by_path(self) -> dict[str, list[tuple[Extraction, CallSite]]]:
        found: dict[str, list[tuple[Extraction, CallSite]]] = {}
        for extraction in self.plan.extractions:
            for site in extraction.sites:
                found.setdefault(site.path, []).append((extraction, site))
        return found

    @cached_property
    def _by_target(self) -> dict[tuple[str, str], Extraction]:
        return {(extraction.module, extraction.name): extraction for extraction in self.plan.extractions}

    @cached_property
    def _by_place(self) -> dict[tuple[str, int, str], list[tuple[Extraction, CallSite]]]:
        found: dict[tuple[str, int, str], list[tuple[Extraction, CallSite]]] = {}
        for extraction in self.plan.extractions:
            for site in extraction.sites:
                found.setdefault((site.path, site.cell, site.name), []).append((extraction, site))
        return found


def read_subject(changes: ChangeSet, plan: Plan, read: Read, others: Sequence[str]) -> Subject:
    """Reads every changed notebook; one that can't be read becomes a finding and is left out."""
    pairs: list[NotebookPair] = []
    findings: list[Finding] = []
    made = {change.path: change.after for change in changes.changes}
    package = Package(plan.package, plan.source_root, made, read)
    for change in changes.changes:
        if not change.path.endswith(".ipynb"):
            continue
        try:
            if change.before is None:
                raise Unreadable("it is a new notebook; a notebook is changed, never made")
            pairs.append(with_calls(_pair(change, change.before), package))
        except Unreadable as error:
            blamed = _ids([each for each in plan.extractions if any(site.path == change.path for site in each.sites)])
            findings.append(Finding("json", f"{change.path}: {error}", change.path, candidates=blamed))
    return Subject(changes, plan, read, others, tuple(pairs), tuple(findings))


def with_calls(pair: NotebookPair, package: Package) -> NotebookPair:
    """The pair with every definition that got parameters as if it had them, and every run of statements that became a call as
    the function it became. `package` is that of after.
    """
    written = (pair.before, pair.after)
    came = lifted(pair.before, pair.after, package)
    if came is not None:
        pair = replace(pair, before=came.before, lifted=came, as_it_was=written)
    found = virtual(pair.before, pair.after, package, came)
    if found is None:
        return pair
    return replace(
        pair, before=found.before, after=found.after, functions=found.functions, unfit=found.unfit, as_it_was=written
    )


def _pair(change: FileChange, data: bytes) -> NotebookPair:
    before, after = read_notebook(change.path, data), read_notebook(change.path, change.after)
    waiting = [edit for edit in change.cells if edit.inserted]
    kept: list[CellView] = []
    inserted: list[CellView] = []
    for cell in after.cells:
        if waiting and cell.source == waiting[0].after and waiting[0].cell - 1 <= len(kept) <= waiting[0].cell:
            waiting.pop(0)
            inserted.append(cell)
        else:
            kept.append(_same_view(before, replace(cell, number=len(kept) + 1)))
    if waiting or [cell.kind for cell in kept] != [cell.kind for cell in before.cells]:
        raise Unreadable("its cells are not the ones it had, in number, order or kind")
    return NotebookPair(change, before, NotebookView(change.path, tuple(kept)), tuple(inserted))


def _same_view(before: NotebookView, cell: CellView) -> CellView:
    """The view from before when the cell is the same: what is known of its text is known already."""
    old = before.cells[cell.index] if cell.index < len(before.cells) else cell
    return old if old == cell else cell


def imports_in(statement: ast.stmt, package: str) -> Iterator[str]:
    """Dotted names that imports in a statement load or bind; `module.*` for a star import."""
    for node in all_nodes(statement):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            source = source_module(node, package)
            yield source
            yield from (f"{source}.{alias.name}" for alias in node.names)


def _ids(extractions: Sequence[Extraction]) -> tuple[str, ...]:
    found = [candidate for each in extractions for candidate in (each.candidate, *each.users)]
    return tuple(dict.fromkeys(found))
