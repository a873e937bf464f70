"""Where a notebook or a module binds a name at its own level, and to what. What two bindings mean lives in `meanings.py`."""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from nb2mod.stages.verify.proof.scopes import DEFINITIONS, Definition, imported_as, names_of
from nb2mod.stages.verify.proof.trees import all_nodes, same_tree

Place = tuple[int, int]  # (index of the cell, index of the statement in it); a module is cell 0

# What %pylab binds; with --no-import-all the stars stay away.
PYLAB = {
    "numpy": "numpy",
    "np": "numpy",
    "matplotlib": "matplotlib",
    "pylab": "matplotlib.pylab",
    "mlab": "matplotlib.mlab",
    "pyplot": "matplotlib.pyplot",
    "plt": "matplotlib.pyplot",
    "figsize": "IPython.core.pylabtools.figsize",
    "getfigs": "IPython.core.pylabtools.getfigs",
}
PYLAB_STARS = ("matplotlib.pylab", "numpy")

_SUITES = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.Try, ast.TryStar, ast.With, ast.AsyncWith, ast.Match)
_SETTLING = (ast.Import, ast.ImportFrom, ast.Pass)


@dataclass(frozen=True, eq=False)
class Binding:
    """One statement that binds one name.

    `kind` is "import" (`target` is what the name stands for: "numpy.random" for `from numpy import random`), "definition",
    "literal" (`value`), "fallback" (inside an if or try that only imports and sets literals), "deleted", or "computed".
    `certain`: it happens whenever the statements before it did. `lasting`: from its place on at any time, since a function does
    it through `global`.
    """

    name: str
    kind: str
    place: Place
    certain: bool
    statement: ast.stmt
    target: str = ""
    value: ast.expr | None = None
    lasting: bool = False

    @property
    def definition(self) -> Definition | None:
        """The definition statement, when the binding is one."""
        return self.statement if self.kind == "definition" and isinstance(self.statement, DEFINITIONS) else None


def bindings_of(
    statement: ast.stmt, place: Place, package: str = "", *, certain: bool = True, declares: bool = True
) -> Iterator[Binding]:
    """All bindings a top-level statement makes. `package` is the one relative imports start from.

    `declares` False: no `global` stands in it.
    """
    if declares:
        yield from _declared(statement, place)
    if isinstance(statement, (ast.Import, ast.ImportFrom)):
        for name, target in imported(statement, package):
            yield Binding(name, "import", place, certain, statement, target)
    elif isinstance(statement, DEFINITIONS):
        yield Binding(statement.name, "definition", place, certain, statement)
        for name in names_of([statement]).bound - {statement.name}:
            yield Binding(name, "computed", place, certain, statement)
    elif literal := literal_assignment(statement):
        yield Binding(literal[0], "literal", place, certain, statement, value=literal[1])
    elif isinstance(statement, ast.Delete):
        for name in names_of([statement]).bound:
            yield Binding(name, "deleted", place, certain, statement)
    elif isinstance(statement, ast.AnnAssign) and statement.value is None:
        return
    else:
        kind = "fallback" if _only_settles(statement) else "computed"
        for name in sorted(names_of([statement]).bound):
            yield Binding(name, kind, place, certain and not isinstance(statement, _SUITES), statement)


def imported(statement: ast.Import | ast.ImportFrom, package: str = "") -> Iterator[tuple[str, str]]:
    """(name, what it stands for) for each alias; star imports bind no name of their own."""
    for alias in statement.names:
        if isinstance(statement, ast.Import):
            yield imported_as(alias), alias.name if alias.asname else alias.name.partition(".")[0]
        elif alias.name != "*":
            yield alias.asname or alias.name, f"{source_module(statement, package)}.{alias.name}"


def source_module(statement: ast.ImportFrom, package: str = "") -> str:
    """The module a from-import reads, relative ones resolved; a relative import outside a package keeps its dots."""
    if not statement.level:
        return statement.module or ""
    parts = package.split(".") if package else []
    if len(parts) < statement.level:
        return "." * statement.level + (statement.module or "")
    base = parts[: len(parts) - statement.level + 1]
    return ".".join([*base, statement.module] if statement.module else base)


def star_of(statement: ast.stmt, package: str = "") -> str | None:
    """The module of `from module import *`, wherever in the statement it stands."""
    for node in all_nodes(statement):
        if isinstance(node, ast.ImportFrom) and node.names[0].name == "*":
            return source_module(node, package)
    return None


def movable(statement: ast.stmt) -> str | None:
    """The name a statement binds when it is one that may become an import: a definition or a literal constant."""
    if isinstance(statement, DEFINITIONS):
        return statement.name
    literal = literal_assignment(statement)
    return literal[0] if literal else None


def same_statement(before: ast.stmt, after: ast.stmt) -> bool:
    """Identical trees; `from a import b as b` is `from a import b`."""
    if isinstance(before, ast.ImportFrom) and isinstance(after, ast.ImportFrom):
        plain = all(alias.name != "*" for node in (before, after) for alias in node.names)
        if plain and (before.module, before.level) == (after.module, after.level):
            return list(imported(before)) == list(imported(after))
    return same_tree(before, after)


def literal_assignment(statement: ast.stmt) -> tuple[str, ast.expr] | None:
    """(name, value) of `NAME = literal` and `NAME: type = literal`."""
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)], value=value) if is_literal(value):
            return name, value
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value) if is_literal(value):
            return name, value
    return None


def is_literal(node: ast.expr) -> bool:
    """Constants, displays of literals, and arithmetic on numbers: what gives the same value wherever it stands."""
    match node:
        case ast.Constant():
            return node.value is not Ellipsis
        case ast.Tuple(elts=items) | ast.List(elts=items) | ast.Set(elts=items):
            return all(map(is_literal, items))
        case ast.Dict(keys=keys, values=values):
            return all(key is not None and is_literal(key) for key in keys) and all(map(is_literal, values))
        case ast.UnaryOp(operand=operand):
            return is_literal(operand)
        case ast.BinOp(left=left, right=right):
            return is_literal(left) and is_literal(right)
    return False


def _only_settles(statement: ast.stmt) -> bool:
    """An if or try whose suites only import, set literals and raise nothing of their own: N2's import with a fallback."""
    if not isinstance(statement, (ast.If, ast.Try)):
        return False
    return all(
        isinstance(inner, _SETTLING) or literal_assignment(inner) is not None or _only_settles(inner)
        for inner in _suites(statement)
    )


def _suites(statement: ast.If | ast.Try) -> Iterable[ast.stmt]:
    yield from statement.body
    yield from statement.orelse
    if isinstance(statement, ast.Try):
        yield from statement.finalbody
        for handler in statement.handlers:
            yield from handler.body


def _declared(statement: ast.stmt, place: Place) -> Iterator[Binding]:
    """Names that functions inside the statement bind through `global`."""
    for node in all_nodes(statement):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            for name in sorted(names_of(node.body).declared_global):
                yield Binding(name, "computed", place, False, statement, lasting=True)
