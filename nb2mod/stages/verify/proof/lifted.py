"""A notebook as it would be had its definitions always had the parameters that the package's have, and its calls passed them.

Before: each definition that went stands with the package's signature, each statement that stays with the arguments that came to
its calls. What is known of definitions that became imports holds for these too. Whether the notebook as it was does the same is
told in `handed.py` and `passed.py`.
"""

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from nb2mod.stages.verify.proof.bindings import same_statement
from nb2mod.stages.verify.proof.cells import CellView
from nb2mod.stages.verify.proof.lifts import Lift, Raised, signature_of
from nb2mod.stages.verify.proof.package import Found, Package
from nb2mod.stages.verify.proof.raising import Marks, Same, edited, raised, with_calls_of
from nb2mod.stages.verify.proof.scopes import DEFINITIONS
from nb2mod.stages.verify.proof.trees import all_nodes
from nb2mod.stages.verify.proof.views import NotebookView


@dataclass(frozen=True, eq=False)
class Lifted:
    """`before` as it would be. `raised` by the ids of the definitions made; `originals`: id of any definition that went and is
    another now → as it was. `edits` by the index of their cell: statements as they were and as they are.
    """

    before: NotebookView
    lifts: Mapping[str, Lift]
    raised: Mapping[int, Raised]
    marks: Marks
    edits: Mapping[int, tuple[tuple[ast.stmt, ast.stmt], ...]]
    originals: Mapping[int, ast.stmt]


def lifted(before: NotebookView, after: NotebookView, package: Package) -> Lifted | None:
    """None when no definition has other parameters where it went; text too deep to be walked is none."""
    gone = _gone(before, after, package)
    lifts = dict(_lifts(before, gone))
    if not lifts:
        return None
    lifts |= _passed_on(before, gone, lifts, package)
    maker = _Maker(gone, lifts, package)
    try:
        cells = tuple(maker.cell(*sides) for sides in zip(before.cells, after.cells, strict=True))
    except RecursionError:
        return None
    edits = {index: tuple(found) for index, found in maker.edits.items()}
    return Lifted(NotebookView(before.path, cells), lifts, maker.raised, maker.marks, edits, maker.originals)


def _gone(before: NotebookView, after: NotebookView, package: Package) -> dict[str, Found]:
    """Names that the notebook defined, and has from the package now and from nowhere else."""
    found: dict[str, Found] = {}
    for name, bound in after.bindings.items():
        targets = {one.target if one.kind == "import" else "" for one in bound}
        target = targets.pop() if len(targets) == 1 else ""
        own = before.bindings.get(name, ())
        if target and own and package.owns(target) and all(one.definition is not None for one in own):
            end = package.find(target)
            if end is not None and len(end.bindings) == 1 and end.bindings[0].definition is not None:
                found[name] = end
    return found


def _lifts(before: NotebookView, gone: Mapping[str, Found]) -> list[tuple[str, Lift]]:
    found: list[tuple[str, Lift]] = []
    for name, end in gone.items():
        new = end.bindings[0].definition
        passable: set[str] = set()
        for one in before.bindings[name]:
            old = one.definition
            if isinstance(old, ast.FunctionDef) and isinstance(new, ast.FunctionDef):
                signature = signature_of(old.args, new.args)
                passable |= {*signature.added, *signature.changed} if signature else set()
        if passable:
            found.append((name, Lift(name, end, frozenset(passable))))
    return found


def _passed_on(
    before: NotebookView, gone: Mapping[str, Found], lifts: Mapping[str, Lift], package: Package
) -> dict[str, Lift]:
    """Names with a parameter that a lifted definition passes its own on to, where the notebook left that to the default that the
    package's has too: a call may pass it now, and does the same when it passes that default.
    """
    found: dict[str, Lift] = {}
    for lift in lifts.values():
        for function, keyword in _hands_on(lift):
            there = package.find(f"{lift.found.module.name}.{function}")
            for name, end in gone.items():
                if there is None or there.identity != end.identity:
                    continue
                old = found.get(name) or lifts.get(name) or Lift(name, end, frozenset())
                if keyword not in old.passable and _keeps(before, old, keyword):
                    found[name] = old._replace(passable=old.passable | {keyword})
    return found


def _hands_on(lift: Lift) -> list[tuple[str, str]]:
    """(function, keyword) of the calls in the package's definition to which it passes a parameter that came."""
    new = lift.found.bindings[0].definition
    calls = [node for node in all_nodes(new) if isinstance(node, ast.Call)] if new else []
    return [
        (call.func.id, each.arg)
        for call in calls
        for each in call.keywords
        if isinstance(call.func, ast.Name) and each.arg and isinstance(each.value, ast.Name)
        if each.value.id in lift.passable
    ]


def _keeps(before: NotebookView, lift: Lift, keyword: str) -> bool:
    """Whether a definition of the notebook has the package's own default, a literal, for a parameter."""
    new = lift.found.bindings[0].definition
    pairs = [(one.definition, new) for one in before.bindings[lift.name]]
    signatures = [
        signature_of(old.args, other.args, {keyword})
        for old, other in pairs
        if isinstance(old, ast.FunctionDef) and isinstance(other, ast.FunctionDef)
    ]
    return any(each is not None and keyword in each.kept for each in signatures)


def same_in(package: Package, target: str, lifts: Mapping[str, Lift]) -> Same:
    """What a name of the notebook and one of a target's module both call."""

    def same(one: str, other: str) -> Lift | None:
        lift = lifts.get(one)
        found = package.find(target) if lift else None
        there = package.find(f"{found.module.name}.{other}") if found else None
        return lift if lift and there and there.identity == lift.found.identity else None

    return same


class _Maker:
    """Cells one by one."""

    def __init__(self, gone: Mapping[str, Found], lifts: Mapping[str, Lift], package: Package) -> None:
        self.gone = gone
        self.lifts = lifts
        self.package = package
        self.raised: dict[int, Raised] = {}
        self.marks = Marks()
        self.originals: dict[int, ast.stmt] = {}
        self.edits: dict[int, list[tuple[ast.stmt, ast.stmt]]] = {}

    def cell(self, before: CellView, after: CellView) -> CellView:
        """A cell whose lines IPython reads in its own way, and in which only calls changed, has its text from after."""
        if before.source == after.source or before.tree is None or after.tree is None:
            return before
        pairs = self.pairs(before.tree, after.tree)
        made = [pairs[id(node)][0] if id(node) in pairs else self.definition(node) for node in before.tree]
        if all(one is other for one, other in zip(made, before.tree, strict=True)):
            return before
        self.originals |= {id(one): node for node, one in zip(before.tree, made, strict=True) if one is not node}
        own = [
            (node, pairs[id(node)][1]) for node in before.tree if id(node) in pairs and pairs[id(node)][0] is not node
        ]
        if own:
            self.edits[before.index] = own
        only_calls = len(pairs) == len(before.tree) == len(after.tree)
        odd = before.masked.transformed or before.masked.runs_in_function
        open_to_all = not before.locked and not before.sets_parameters
        source = after.source if only_calls and odd and open_to_all else before.source
        return replace(before, source=source, given=tuple(made))

    def pairs(self, old: Sequence[ast.stmt], new: Sequence[ast.stmt]) -> dict[int, tuple[ast.stmt, ast.stmt]]:
        """Id of a statement that stays → as it would be, and as it is. Each new one is the next that it can be."""
        found: dict[int, tuple[ast.stmt, ast.stmt]] = {}
        position = 0
        for node in new:
            for index in range(position, len(old)):
                made = (
                    old[index] if same_statement(old[index], node) else edited(old[index], node, self.same, self.marks)
                )
                if made is not None:
                    found[id(old[index])] = made, node
                    position = index + 1
                    break
        return found

    def definition(self, node: ast.stmt) -> ast.stmt:
        """One that went; anything else as it is."""
        end = self.gone.get(node.name) if isinstance(node, DEFINITIONS) else None
        new = end.bindings[0].definition if end else None
        if end is None or new is None or type(new) is not type(node):
            return node

        same = same_in(self.package, f"{end.module.name}.{end.name}", self.lifts)
        lift = self.lifts.get(node.name)
        if lift and isinstance(node, ast.FunctionDef) and isinstance(new, ast.FunctionDef):
            made = raised(lift, node, new, same, self.marks)
            if made is not None:
                self.raised[id(made.made)] = made
                return made.made
        return with_calls_of(node, new, same, self.marks)

    def same(self, one: str, other: str) -> Lift | None:
        """In the notebook both sides have its names."""
        return self.lifts.get(one) if one == other else None
