"""Which runs of a notebook's statements became calls of functions of the package: both sides of each cell are walked in step.

Whether call and run are the same is told in `flowing.py`; here it is only found what can stand for what.
"""

import ast
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from nb2mod.stages.verify.proof.bindings import Place, imported, movable, same_statement, star_of
from nb2mod.stages.verify.proof.called import Called, Form
from nb2mod.stages.verify.proof.cells import CellView
from nb2mod.stages.verify.proof.package import Package
from nb2mod.stages.verify.proof.scopes import DEFINITIONS
from nb2mod.stages.verify.proof.trees import all_nodes, docstring_of
from nb2mod.stages.verify.proof.views import NotebookView


class Step(NamedTuple):
    """How many statements of either side go together, and the call when they are a run and what stands for it."""

    old: int
    new: int
    called: Called | None = None


class Walked(NamedTuple):
    """One cell, both sides. `taken` of its statements before belong to a run that began above; `beyond` of those below to its
    last run."""

    taken: int
    steps: tuple[Step, ...]
    beyond: int


class Finder:
    """The calls of one notebook."""

    def __init__(self, before: NotebookView, after: NotebookView, package: Package) -> None:
        self.before = before
        self.after = after
        self.package = package
        self._functions: dict[str, tuple[str, ast.FunctionDef] | None] = {}

    def walks(self) -> dict[int, Walked]:
        """Index of a cell → how its sides go together; {} when no cell holds a call that came."""
        if not any(self._has_calls(*sides) for sides in zip(self.before.cells, self.after.cells, strict=True)):
            return {}
        found: dict[int, Walked] = {}
        taken = 0
        begun: list[tuple[CellView, CellView, int]] = []  # cells of the run that goes on, as they were walked
        for before, after in zip(self.before.cells, self.after.cells, strict=True):
            if before.kind != "code" or (before.source == after.source and not taken):
                continue
            walked = self._cell(before, after, taken)
            if walked is None and taken:
                found = self._ended(found, begun)
                taken = 0
                walked = self._cell(before, after, 0)
            if walked is not None:
                begun = [*(begun if taken else ()), (before, after, taken)]
                found[before.index] = walked
                taken = walked.beyond
        if taken:
            found = self._ended(found, begun)
        return found if any(step.called for one in found.values() for step in one.steps) else {}

    def _ended(self, found: Mapping[int, Walked], begun: Sequence[tuple[CellView, CellView, int]]) -> dict[int, Walked]:
        """The walks when a run that seemed to go on in the next cell does not: it ends in its own, or is none."""
        rest = {index: one for index, one in found.items() if index not in {before.index for before, _, _ in begun}}
        for before, after, taken in begun[:1]:
            walked = self._cell(before, after, taken, within=True)
            if walked is not None:
                rest[before.index] = walked
        return dict(sorted(rest.items()))

    def _has_calls(self, before: CellView, after: CellView) -> bool:
        if before.kind != "code" or before.source == after.source:
            return False
        forms = [form for node in after.tree or () if (form := form_of(node))]
        return any(self._function(form.name) for form in forms)

    def _cell(self, before: CellView, after: CellView, taken: int, *, within: bool = False) -> Walked | None:
        """A way through both sides from end to end; what is likeliest is tried first. None when there is none. `within`: no run
        goes on in the next cell.
        """
        if before.tree is None or after.tree is None:
            return None
        ends = len(before.tree), len(after.tree)
        if taken > ends[0]:
            return Walked(ends[0], (), taken - ends[0]) if not ends[1] else None
        failed: set[tuple[int, int]] = set()
        path: list[Step] = []
        states = [(taken, 0)]
        tries = [self._steps(before, after, taken, 0)]
        while states:
            i, j = states[-1]
            if j == ends[1] and (i == ends[0] or (i > ends[0] and not within)):
                return Walked(taken, tuple(path), i - ends[0])
            step = next(tries[-1], None) if (i, j) not in failed else None
            if step is not None:
                path.append(step)
                states.append((i + step.old, j + step.new))
                tries.append(self._steps(before, after, *states[-1]))
                continue
            failed.add((i, j))
            states.pop()
            tries.pop()
            del path[-1:]
        return None

    def _steps(self, before: CellView, after: CellView, i: int, j: int) -> Iterator[Step]:
        """What may come next: the same statement, an import that came, a call that stands for a run, a definition that went."""
        old, new = before.tree or [], after.tree or []
        if i < len(old) and j < len(new) and same_statement(old[i], new[j]):
            yield Step(1, 1)
        if j < len(new) and i <= len(old):
            if self._is_import(new[j]):
                yield Step(0, 1)
            if i < len(old):
                yield from self._runs(before, after, i, j)
        if i < len(old) and movable(old[i]):
            yield Step(1, 0)

    def _is_import(self, node: ast.stmt) -> bool:
        return isinstance(node, ast.ImportFrom) and self.package.owns(node.module or "") and star_of(node) is None

    def _runs(self, before: CellView, after: CellView, i: int, j: int) -> Iterator[Step]:
        new = after.tree or []
        form = form_of(new[j])
        function = self._function(form.name) if form else None
        if form is None or function is None:
            return
        counts = lengths(function[1])
        for count in counts:
            run = self._statements(before, i, count)
            if any(_is_about(node, form.name) for _, node in run):
                continue
            if not all(isinstance(node, ast.Import | ast.ImportFrom) for _, node in run[: count - counts[-1]]):
                continue  # the imports at the function's head did not stand here
            held = [one for _, node in run for one in _imported(node)]
            for stays in range(_imports_from(new, j + 1), -1, -1) if run else ():
                repeated = tuple(new[j + 1 : j + 1 + stays])
                if all(one in held for node in repeated for one in _imported(node)):
                    called = Called(form, *function, before, tuple(run), new[j], (after.index, j), repeated)
                    yield Step(count, 1 + stays, called)

    def _function(self, name: str) -> tuple[str, ast.FunctionDef] | None:
        if name not in self._functions:
            self._functions[name] = self._find(name)
        return self._functions[name]

    def _find(self, name: str) -> tuple[str, ast.FunctionDef] | None:
        """(target, function) when a name of the notebook after is imported from the package and is nothing else."""
        bound = self.after.bindings.get(name, ())
        targets = {one.target if one.kind == "import" else "" for one in bound}
        target = targets.pop() if len(targets) == 1 else ""
        end = self.package.find(target) if target and self.package.owns(target) else None
        if end is None or len(end.bindings) != 1:
            return None
        definition = end.bindings[0].definition
        return (target, definition) if isinstance(definition, ast.FunctionDef) else None

    def _statements(self, cell: CellView, start: int, count: int) -> list[tuple[Place, ast.stmt]]:
        """`count` statements from a place on, over the borders of cells; [] when there are not so many that can be read."""
        found: list[tuple[Place, ast.stmt]] = []
        for each in self.before.cells[cell.index :]:
            if each.kind != "code":
                continue
            if each.tree is None or len(found) >= count:
                break
            first = start if each is cell else 0
            body = each.tree[first : first + count - len(found)]
            found += [((each.index, first + offset), node) for offset, node in enumerate(body)]
        return found if len(found) == count else []


def form_of(node: ast.stmt) -> Form | None:
    """How a statement calls: plain names go in, anything by keyword, plain names are bound, none of them twice."""
    match node:
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call() as call):
            returns: tuple[str, ...] = (name,)
        case ast.Assign(targets=[ast.Tuple(elts=[_, _, *_] as items)], value=ast.Call() as call):
            returns = tuple(item.id for item in items if isinstance(item, ast.Name))
            if not len(returns) == len(items) == len(set(returns)):
                return None
        case ast.Expr(value=ast.Call() as call):
            returns = ()
        case _:
            return None
    parameters = tuple(item.id for item in call.args if isinstance(item, ast.Name))
    keywords = tuple((each.arg, each.value) for each in call.keywords if each.arg)
    plain = len(parameters) == len(call.args) == len(set(parameters)) and len(keywords) == len(call.keywords)
    return Form(call.func.id, parameters, returns, keywords) if plain and isinstance(call.func, ast.Name) else None


def _is_about(node: ast.stmt, name: str) -> bool:
    """Whether a statement can't be of a run that a function of this name stands for: it defines, or speaks of that name.

    `def f(v): …` and `f(a)` below it became an import and the same call: no run, though the function may be as long.
    """
    return isinstance(node, DEFINITIONS) or any(
        isinstance(inner, ast.Name) and inner.id == name for inner in all_nodes(node)
    )


def lengths(function: ast.FunctionDef) -> list[int]:
    """How many statements a function may stand for: imports at its head may have been put there for it (N18)."""
    _, body = docstring_of(function.body)
    whole = len(body) - (bool(body) and isinstance(body[-1], ast.Return))
    return [count for count in range(whole, whole - _imports_from(body, 0) - 1, -1) if count > 0]


def _imports_from(body: Sequence[ast.stmt], start: int) -> int:
    """How many imports follow each other."""
    count = 0
    for node in body[start:]:
        if not isinstance(node, (ast.Import, ast.ImportFrom)) or star_of(node) is not None:
            break
        count += 1
    return count


def _imported(node: ast.stmt) -> list[tuple[str, str]]:
    """(name, what it stands for) of an import; `import a.b` is more than `import a`."""
    if isinstance(node, ast.Import):
        return [(alias.asname or alias.name.partition(".")[0], f"module {alias.name}") for alias in node.names]
    return list(imported(node)) if isinstance(node, ast.ImportFrom) else []
