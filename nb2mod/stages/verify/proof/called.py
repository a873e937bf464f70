"""A run of statements that became a call, and the function that the run would be where it stood."""

import ast
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from nb2mod.stages.verify.proof.bindings import Place
from nb2mod.stages.verify.proof.cells import CellView
from nb2mod.stages.verify.proof.trees import docstring_of, first_line, last_line


class Form(NamedTuple):
    """A call as it is written: `scores, total = load_scores(path, sep=";")`. `keywords` are values by their names."""

    name: str
    parameters: tuple[str, ...]
    returns: tuple[str, ...]
    keywords: tuple[tuple[str, ast.expr], ...] = ()


@dataclass(frozen=True, eq=False)
class Called:
    """A run of statements of the notebook before that became one call of `function`, which stands in the package.

    `run` may go on in the cells below `cell`, where it begins. `stays` are imports that stand below the call because the run
    held them. `call_place` counts in the notebook after.
    """

    form: Form
    target: str
    function: ast.FunctionDef
    cell: CellView
    run: tuple[tuple[Place, ast.stmt], ...]
    call: ast.stmt
    call_place: Place
    stays: tuple[ast.stmt, ...]

    @property
    def name(self) -> str:
        """What the notebook calls the function."""
        return self.form.name

    @property
    def statements(self) -> tuple[ast.stmt, ...]:
        """The run's statements, in order."""
        return tuple(node for _, node in self.run)

    @property
    def ids(self) -> frozenset[int]:
        """The run's statements."""
        return frozenset(map(id, self.statements))

    @property
    def line(self) -> int:
        """Where the run begins in its cell."""
        return first_line(self.statements[0])

    def in_cell(self, index: int) -> tuple[ast.stmt, ...]:
        """The run's statements in one cell."""
        return tuple(node for place, node in self.run if place[0] == index)

    @property
    def cells(self) -> tuple[int, ...]:
        """Indexes of the cells that the run stands in."""
        return tuple(dict.fromkeys(place[0] for place, _ in self.run))


def as_function(called: Called, statements: Sequence[ast.stmt], arguments: ast.arguments) -> ast.FunctionDef:
    """The run as a function: what the call hands in are its parameters, what the call binds is returned. `statements` are
    the run's, with parameters where the call hands in values.

    It has the docstring of the package's: nobody could read one before.
    """
    text, _ = docstring_of(called.function.body)
    body: list[ast.stmt] = [ast.Expr(ast.Constant(text))] if text is not None else []
    body += statements
    names: list[ast.expr] = [ast.Name(name, ast.Load()) for name in called.form.returns]
    if names:
        body.append(ast.Return(names[0] if len(names) == 1 else ast.Tuple(names, ast.Load())))
    made = ast.FunctionDef(called.name, arguments, body, [])
    made.lineno, made.col_offset = called.line, 0
    made.end_lineno = last_line(called.in_cell(called.cell.index)[-1])
    return ast.fix_missing_locations(made)
