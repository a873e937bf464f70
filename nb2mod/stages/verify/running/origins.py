"""Where the objects of a notebook come from, as far as its text tells: from which library, from a literal, or unknown. Pure."""

import ast
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from nb2mod.stages.verify.running import reaching_words
from nb2mod.stages.verify.running.reaching_words import DATABASE, LOCAL_DATABASE

_LOCAL_ADDRESS = re.compile(
    r"(?::memory:|(?:sqlite|duckdb)(?:\+\w+)?:/{2,3}(?:\Z|:memory:|(?!/)[^/~].*)|(?!\w+(?:\+\w+)?://)(?![/~])[^:]*)\Z"
)
_ROUNDS = 3  # names that are made from names that are made from …


def is_local_address(address: str) -> bool:
    """Whether a database's address is in memory or a file inside the project."""
    return _LOCAL_ADDRESS.match(address) is not None


class Origin(NamedTuple):
    """`module`: the library an object comes from, "" when unknown. `local`: it certainly does not reach out."""

    module: str = ""
    local: bool = False
    local_database: bool = False


_UNKNOWN = Origin()
_HERE = Origin(local=True)
_DISPLAYS = (
    ast.Constant, ast.List, ast.Tuple, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp, ast.GeneratorExp,
    ast.JoinedStr, ast.Lambda, ast.Compare, ast.BinOp, ast.UnaryOp,
)  # fmt: skip
_BUILDERS = frozenset(
    "open list dict set tuple frozenset str int float bytes range zip map filter sorted enumerate".split()
)


class Origins:
    """The origins of a notebook's names. A name that is bound to several things is what all of them are, else unknown."""

    def __init__(self, trees: Sequence[ast.Module]) -> None:
        self._names: dict[str, Origin] = {"self": _HERE, "cls": _HERE, **dict.fromkeys(_BUILDERS, _HERE)}
        self.texts: dict[str, str] = {}
        bindings = [pair for tree in trees for pair in _bindings(tree)]
        for name, value in bindings:
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                self.texts[name] = value.value
        imports = {name: origin for name, origin in bindings if isinstance(origin, Origin)}
        self._names.update(imports)
        for _ in range(_ROUNDS):
            seen: dict[str, set[Origin]] = {}
            for name, value in bindings:
                seen.setdefault(name, set()).add(value if isinstance(value, Origin) else self.of(value))
            self._names.update((name, _merged(origins)) for name, origins in seen.items())

    def of(self, node: ast.expr | None) -> Origin:
        """Where what `node` gives comes from; a method's result is its object's kin."""
        if node is None:
            return _UNKNOWN
        if isinstance(node, _DISPLAYS):
            return _HERE
        if isinstance(node, ast.Name):
            return self._names.get(node.id, _UNKNOWN)
        if isinstance(node, ast.Await | ast.Subscript | ast.Starred):
            return self.of(node.value)
        if isinstance(node, ast.Attribute):
            inner = self.of(node.value)
            is_module = isinstance(node.value, ast.Name) and bool(inner.module)
            return inner._replace(module=f"{inner.module}.{node.attr}") if is_module else inner
        if isinstance(node, ast.Call):
            return self._made(node)
        return _UNKNOWN

    def _made(self, call: ast.Call) -> Origin:
        origin = self.of(call.func)
        library = origin.module.split(".")[0]
        name = origin.module.rpartition(".")[2]
        if library in DATABASE and name in ("connect", "create_engine", "create_async_engine"):
            address = literal(call.args[0], self) if call.args else None
            local = (address is None and library == "duckdb" and not call.args) or (
                address is not None and is_local_address(address)
            )
            return Origin(library, False, local and (library in LOCAL_DATABASE or library == "sqlalchemy"))
        if library in DATABASE and call.args and not origin.local_database:
            given = self.of(call.args[0] if call.args else None)
            bound = next((self.of(one.value) for one in call.keywords if one.arg == "bind"), given)
            if bound.local_database:
                return Origin(library, False, True)
        if library in DATABASE:
            bound = next((self.of(one.value) for one in call.keywords if one.arg == "bind"), _UNKNOWN)
            return origin._replace(local_database=origin.local_database or bound.local_database)
        return origin


def literal(node: ast.expr | None, origins: Origins) -> str | None:
    """The text that `node` surely gives or begins with: a literal, an f-string's or sum's beginning, a name bound to one."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.JoinedStr) and node.values:
        return literal(node.values[0], origins) if isinstance(node.values[0], ast.Constant) else None
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Div | ast.Mod):
        return literal(node.left, origins)
    if isinstance(node, ast.Name):
        return origins.texts.get(node.id)
    if isinstance(node, ast.Call):
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if called == "format" and isinstance(node.func, ast.Attribute):
            return literal(node.func.value, origins)
        if called in ("Path", "PurePath", "join", "expanduser", "S3Path", "CloudPath") and node.args:
            return literal(node.args[0], origins)
    return None


def _merged(origins: set[Origin]) -> Origin:
    if len(origins) == 1:
        return next(iter(origins))
    reaching = [origin for origin in origins if not origin.local]
    if not reaching:
        return _HERE
    return reaching[0] if len(reaching) == 1 else _UNKNOWN


def _bindings(tree: ast.Module) -> Iterator[tuple[str, ast.expr | Origin]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                name = alias.name if alias.asname else alias.name.split(".")[0]
                yield alias.asname or name, _of_module(name)
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                yield alias.asname or alias.name, _of_module(f"{node.module or '.'}.{alias.name}")
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name, _UNKNOWN if _inherits(node) else _HERE
            if not isinstance(node, ast.ClassDef):
                arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
                yield from ((one.arg, _UNKNOWN) for one in arguments if one.arg not in ("self", "cls"))
        elif isinstance(node, ast.Assign):
            yield from ((name.id, node.value) for name in node.targets if isinstance(name, ast.Name))
        elif isinstance(node, ast.AnnAssign | ast.NamedExpr) and isinstance(node.target, ast.Name) and node.value:
            yield node.target.id, node.value
        elif isinstance(node, ast.withitem) and isinstance(node.optional_vars, ast.Name):
            yield node.optional_vars.id, node.context_expr


def _of_module(name: str) -> Origin:
    return Origin(name, name.split(".")[0] in reaching_words.LOCAL)


def _inherits(node: ast.AST) -> bool:
    """A class with bases may be anything; what a function gives may be, too."""
    return not isinstance(node, ast.ClassDef) or bool(node.bases)
