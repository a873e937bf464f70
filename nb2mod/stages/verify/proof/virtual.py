"""A notebook whose runs of statements became calls, as it would be had the functions always stood in it.

Before: each run stands as `def f(…)` where its import stands now, and the call where it stood. What is known of definitions that
became imports holds for these too. Whether a run and its call do the same is told in `flowing.py`.
"""

import ast
import copy
from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

from nb2mod.stages.verify.proof.bindings import Place, imported
from nb2mod.stages.verify.proof.called import Called, as_function
from nb2mod.stages.verify.proof.calls import Finder, Walked
from nb2mod.stages.verify.proof.cells import CellView
from nb2mod.stages.verify.proof.lifted import Lifted, same_in
from nb2mod.stages.verify.proof.lifts import Lift
from nb2mod.stages.verify.proof.package import Package
from nb2mod.stages.verify.proof.raising import Marks
from nb2mod.stages.verify.proof.run_values import with_parameters
from nb2mod.stages.verify.proof.standing import Standing
from nb2mod.stages.verify.proof.trees import all_nodes
from nb2mod.stages.verify.proof.views import NotebookView


class Virtual(NamedTuple):
    """Both sides as they would be. `functions`: id of a function's statement → the run that it is; `unfit`: of those whose
    calls hand in something else by keyword, why.
    """

    before: NotebookView
    after: NotebookView
    functions: Mapping[int, Called]
    unfit: Mapping[int, str]


def virtual(before: NotebookView, after: NotebookView, package: Package, came: Lifted | None = None) -> Virtual | None:
    """None when nothing became a call. `came`: what came to definitions that the runs may call."""
    walks = Finder(before, after, package).walks()
    if not walks:
        return None
    maker = _Maker(walks, after, package, came, Standing(before))
    sides: tuple[list[CellView], list[CellView]] = ([], [])
    for one, other in zip(before.cells, after.cells, strict=True):
        made = maker.cell(one, other, walks[one.index]) if one.index in walks else (one, other)
        for side, cell in zip(sides, made, strict=True):
            side.append(cell)
    was, now = (NotebookView(before.path, tuple(side)) for side in sides)
    return Virtual(was, now, maker.functions, maker.unfit)


class _Maker:
    """Each call has an import of its own: one that came with it, or one put directly above it, which changes nothing."""

    def __init__(
        self,
        walks: Mapping[int, Walked],
        after: NotebookView,
        package: Package,
        came: Lifted | None,
        standing: Standing,
    ) -> None:
        self.standing = standing
        self.package = package
        self.lifts: Mapping[str, Lift] = came.lifts if came else {}
        self.marks = came.marks if came else Marks()
        self.functions: dict[int, Called] = {}
        self.unfit: dict[int, str] = {}
        self.at: dict[Place, list[Called]] = {}  # import → the runs whose functions stand there
        imports = [(place, name) for place in _imports(walks) for name in _names(after, place)]
        for called in sorted(_calls(walks), key=lambda each: each.call_place):
            above = [each for each in imports if each[1] == called.name and each[0] < called.call_place]
            if above:
                imports.remove(above[-1])
                self.at.setdefault(above[-1][0], []).append(called)

    def cell(self, before: CellView, after: CellView, walked: Walked) -> tuple[CellView, CellView]:
        """One cell on both sides."""
        old, new = before.tree or [], after.tree or []
        was: list[ast.stmt] = []
        now: list[ast.stmt] = []
        i, j = walked.taken, 0
        with_import = {id(called) for found in self.at.values() for called in found}
        for step in walked.steps:
            if step.called is None:
                was += map(self.function, self.at.get((after.index, j), ()) if step.new and not step.old else ())
                was += old[i : i + step.old]
            else:
                if id(step.called) not in with_import:
                    was.append(self.function(step.called))
                    now.append(_import_of(step.called))
                was += [_moved(node, step.called) for node in (step.called.call, *step.called.stays)]
            now += new[j : j + step.new]
            i, j = i + step.old, j + step.new
        return replace(before, given=tuple(was)), replace(after, given=tuple(now))

    def function(self, called: Called) -> ast.stmt:
        same = same_in(self.package, called.target, self.lifts)
        given = with_parameters(called, same, self.marks, self.standing)
        made = as_function(called, given.statements, given.arguments)
        self.functions[id(made)] = called
        if given.why:
            self.unfit[id(made)] = given.why
        return made


def _calls(walks: Mapping[int, Walked]) -> list[Called]:
    return [step.called for walked in walks.values() for step in walked.steps if step.called is not None]


def _imports(walks: Mapping[int, Walked]) -> list[Place]:
    """Places, after, of the imports that came."""
    found: list[Place] = []
    for index, walked in sorted(walks.items()):
        position = 0
        for step in walked.steps:
            if step.called is None and step.new and not step.old:
                found.append((index, position))
            position += step.new
    return found


def _names(after: NotebookView, place: Place) -> list[str]:
    node = (after.cells[place[0]].tree or [])[place[1]]
    return [name for name, _ in imported(node)] if isinstance(node, ast.ImportFrom) else []


def _import_of(called: Called) -> ast.stmt:
    module, _, name = called.target.rpartition(".")
    alias = ast.alias(name, called.name if called.name != name else None)
    made = ast.ImportFrom(module, [alias], 0)
    return ast.fix_missing_locations(ast.copy_location(made, called.call))


def _moved(node: ast.stmt, called: Called) -> ast.stmt:
    """A statement of the notebook after as it would stand before: in the line where the run began."""
    made = copy.deepcopy(node)
    for inner in all_nodes(made):
        if isinstance(inner, (ast.stmt, ast.expr, ast.alias, ast.keyword)):
            inner.lineno = inner.end_lineno = called.line
    return made
