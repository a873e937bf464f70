"""What a mutant is, and wrong steps inside one statement: shared by those that plant them in modules and in notebooks."""

import ast
import copy
import re
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from typing import NamedTuple

from verify.steps import STEPS, Way

from nb2mod.model import ChangeSet

IMPORTS = (ast.Import, ast.ImportFrom)


class Made(NamedTuple):
    """A change with one wrong step. `layout`: nothing that runs is another, only comments, docstrings or annotations of
    functions; a plan must speak of these, bytes alone need not."""

    changes: ChangeSet
    layout: bool = False


class Mutant(NamedTuple):
    """One wrong step in one extraction. `make` takes it; None: that makes the same program."""

    kind: str
    where: str
    make: Callable[[], Made | None]


def steps_of(node: ast.stmt) -> Iterator[tuple[str, str, Callable[[], str]]]:
    """(kind, where, what gives the statement's text with one wrong step)."""
    if isinstance(node, IMPORTS):
        return
    for position, inner in enumerate(ast.walk(node)):
        for kind, step in STEPS.items():
            for where, way in step(inner):
                yield kind, where, partial(_with_step, node, position, way)


def _with_step(node: ast.stmt, position: int, way: Way) -> str:
    made = copy.deepcopy(node)
    way(next(islice(ast.walk(made), position, None)))
    return ast.unparse(ast.fix_missing_locations(made)) + "\n"


def indented(text: str) -> str:
    return "".join(f"    {line}" for line in re.split(r"(?<=\n)", text) if line)
