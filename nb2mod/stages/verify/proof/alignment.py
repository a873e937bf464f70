"""Which statements of a changed notebook became which imports. Everything else must be the same statement in the same place.

Whether the imported definition is the one that stood there is shown in `inlines.py`, what the text around it looks like in
`leftovers.py`.
"""

import ast
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from nb2mod.stages.verify.proof.bindings import Place, imported, movable, same_statement, star_of
from nb2mod.stages.verify.proof.cells import CellView
from nb2mod.stages.verify.proof.flow import reaching
from nb2mod.stages.verify.proof.scopes import DEFINITIONS
from nb2mod.stages.verify.proof.subject import NotebookPair
from nb2mod.stages.verify.proof.trees import described, first_line, same_tree
from nb2mod.stages.verify.proof.unseen import looks_around


class Replacement(NamedTuple):
    """A statement of the notebook that became an import of `target`, bound to the same name."""

    cell: CellView  # before
    position: int  # in its cell
    statement: ast.stmt
    name: str
    target: str
    import_cell: CellView  # after
    import_position: int
    import_statement: ast.ImportFrom


class Problem(NamedTuple):
    """Something that is not a statement replaced by its import. `names` are those that it concerns."""

    message: str
    cell: CellView  # before
    line: int
    names: tuple[str, ...] = ()


class Alignment(NamedTuple):
    """What became of a notebook."""

    replacements: tuple[Replacement, ...]
    problems: tuple[Problem, ...]


class _Gone(NamedTuple):
    """A statement that stands no longer where it stood."""

    cell: CellView
    position: int  # in its cell
    statement: ast.stmt
    name: str


class _Come(NamedTuple):
    """One name of an import that stood nowhere before."""

    cell: CellView
    position: int
    statement: ast.ImportFrom
    name: str
    target: str
    cell_before: CellView


def align(pair: NotebookPair, owns: Callable[[str], bool]) -> Alignment:
    """`owns` tells whether a dotted module belongs to the package."""
    gone: list[_Gone] = []
    come: list[_Come] = []
    replacements: list[Replacement] = []
    problems: list[Problem] = []
    for before, after in changed_cells(pair):
        if why := _unfit(before, after):
            problems.append(Problem(why, before, 0))
            continue
        cell = _Cell(before, after, owns)
        cell.walk()
        gone += cell.gone
        come += cell.come
        replacements += cell.replacements
        problems += cell.problems
    moved, more = _moved(pair, gone, come)
    return Alignment((*replacements, *moved), (*problems, *more))


def changed_cells(pair: NotebookPair) -> Iterator[tuple[CellView, CellView]]:
    """Cells whose source differs, before and after."""
    for before, after in zip(pair.before.cells, pair.after.cells, strict=True):
        if before.source != after.source:
            yield before, after


def _unfit(before: CellView, after: CellView) -> str | None:
    """Why a cell could not be changed at all."""
    if before.kind != "code":
        return f"a {before.kind} cell was changed; only code cells may"
    if before.locked or {"parameters", "injected-parameters"} & set(before.tags):
        return "a locked cell or a cell of parameters was changed"
    if before.tree is None or after.tree is None:
        return "a cell was changed that is no Python, before or after"
    if (
        before.masked.cell_magic != after.masked.cell_magic
        or before.masked.transformed
        or before.masked.runs_in_function
    ):
        return "a cell was changed whose lines IPython reads in its own way"
    return None


class _Cell:
    """The statements of one cell, before and after, walked side by side."""

    def __init__(self, before: CellView, after: CellView, owns: Callable[[str], bool]) -> None:
        self.before, self.after = before, after
        self.old: Sequence[ast.stmt] = before.tree or ()
        self.new: Sequence[ast.stmt] = after.tree or ()
        self.owns = owns
        self.gone: list[_Gone] = []
        self.come: list[_Come] = []
        self.replacements: list[Replacement] = []
        self.problems: list[Problem] = []

    def walk(self) -> None:
        self.statements()
        last = [side[-1] if side and isinstance(side[-1], ast.Expr) else ast.Pass() for side in (self.old, self.new)]
        if not self.problems and not same_tree(*last):
            message = "what the cell shows at its end would be another value: its last expression came or went"
            self.problems.append(Problem(message, self.before, len(self.before.lines)))

    def statements(self) -> None:
        i = j = 0
        while i < len(self.old) or j < len(self.new):
            if i < len(self.old) and j < len(self.new) and same_statement(self.old[i], self.new[j]):
                i, j = i + 1, j + 1
            elif taken := self.replaced(i, j):
                i, j = i + taken[0], j + taken[1]
            elif j < len(self.new) and self.is_new_import(j):
                self.come += [_Come(self.after, j, *one, self.before) for one in self.names(j)]
                j += 1
            elif i < len(self.old) and (name := movable(self.old[i])):
                self.gone.append(_Gone(self.before, i, self.old[i], name))
                i += 1
            else:
                self.problems.append(self.problem(i, j))
                return

    def replaced(self, i: int, j: int) -> tuple[int, int] | None:
        """Imports from `j` on that bind just what the statements from `i` on bound: how many of each there are."""
        end = j
        while end < len(self.new) and self.is_new_import(end):
            end += 1
        for stop in range(end, j, -1):
            wanted = [(k, *one) for k in range(j, stop) for one in self.names(k)]
            stood = [(movable(node), i + offset, node) for offset, node in enumerate(self.old[i : i + len(wanted)])]
            by_name = {name: (k, statement, target) for k, statement, name, target in wanted}
            if len(by_name) == len(wanted) == len(stood) and {name for name, *_ in stood} == set(by_name):
                for name, index, node in stood:
                    k, statement, target = by_name[name or ""]
                    self.replacements.append(
                        Replacement(self.before, index, node, name or "", target, self.after, k, statement)
                    )
                return len(stood), stop - j
        return None

    def is_new_import(self, j: int) -> bool:
        node = self.new[j]
        return (
            isinstance(node, ast.ImportFrom)
            and not node.level
            and self.owns(node.module or "")
            and all(alias.name != "*" for alias in node.names)
        )

    def names(self, j: int) -> list[tuple[ast.ImportFrom, str, str]]:
        node = self.new[j]
        return [(node, *one) for one in imported(node)] if isinstance(node, ast.ImportFrom) else []

    def problem(self, i: int, j: int) -> Problem:
        old = described(self.old[i]) if i < len(self.old) else "the end of the cell"
        new = described(self.new[j]) if j < len(self.new) else "the end of the cell"
        line = first_line(self.old[i]) if i < len(self.old) else len(self.before.lines)
        return Problem(f"{old} became {new}", self.before, line)


def _moved(pair: NotebookPair, gone: list[_Gone], come: list[_Come]) -> tuple[list[Replacement], list[Problem]]:
    """Pairs statements that are gone with imports that stand higher up (`imports = "top"`)."""
    moved: list[Replacement] = []
    problems: list[Problem] = []
    waiting = list(come)
    for one in gone:
        match = next((each for each in waiting if each.name == one.name), None)
        line = first_line(one.statement)
        if match is None:
            problems.append(
                Problem(f"{described(one.statement)} is gone and nothing stands for it", one.cell, line, (one.name,))
            )
            continue
        waiting.remove(match)
        if why := _hindrance(pair, one, match):
            problems.append(Problem(why, one.cell, line, (one.name,)))
        moved.append(
            Replacement(
                one.cell,
                one.position,
                one.statement,
                one.name,
                match.target,
                match.cell,
                match.position,
                match.statement,
            )
        )
    for left in waiting:
        message = f"`{left.name}` is imported where no definition of it stood"
        problems.append(Problem(message, left.cell_before, 0, (left.name,)))
    return moved, problems


def _hindrance(pair: NotebookPair, gone: _Gone, come: _Come) -> str | None:
    """Why the import may not stand there: between the two places, nothing may bind the name or read it."""
    if len(pair.before.bindings.get(gone.name, ())) != 1 or "raises-exception" in gone.cell.tags:
        return f"`{gone.name}` is bound more than once, or maybe not at all; its import may not move"
    start: Place = (come.cell.index, come.position)
    end: Place = (gone.cell.index, gone.position)
    if start > end:
        return f"the import of `{gone.name}` stands below its definition"
    for cell, index, node in pair.after.statements:
        if not start < (cell.index, index) <= (end[0], end[1] + len(come.statement.names)):
            continue
        magics = cell.masked.magics
        if star_of(node) is not None or any(magic.unknown or magic.name.startswith("who") for magic in magics):
            return f"something between the import and the definition of `{gone.name}` may bind it"
    names = reaching(pair.before, gone.name)
    for place, node, found in pair.before.reads:
        if not start <= place < end:
            continue
        waits = isinstance(node, DEFINITIONS) and not node.decorator_list
        if any(read.name in names and not (read.deferred and waits) for read in found):
            return f"`{gone.name}` is read between its import and its definition"
        if looks_around(node):
            return f"something between the import and the definition of `{gone.name}` asks which names there are"
    return None
