"""Statements that may bind names without spelling them: star imports, exec, writes through globals(), %run, unreadable cells.

Told on the safe side: what is not known to leave a namespace alone may bind any name in it. Nothing is compared here.
"""

import ast
import importlib
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from nb2mod.stages.verify.proof.bindings import PYLAB, PYLAB_STARS, Place, star_of
from nb2mod.stages.verify.proof.scopes import DEFINITIONS
from nb2mod.stages.verify.proof.trees import all_nodes, last_name

# Modules of the standard library that do nothing when they are imported: their names are looked up.
_QUIET = frozenset(
    (
        "abc",
        "bisect",
        "cmath",
        "collections",
        "contextlib",
        "copy",
        "dataclasses",
        "datetime",
        "decimal",
        "enum",
        "fractions",
        "functools",
        "heapq",
        "itertools",
        "json",
        "math",
        "operator",
        "os.path",
        "pathlib",
        "pprint",
        "random",
        "re",
        "statistics",
        "string",
        "textwrap",
        "time",
        "typing",
    )
)
_SPACES = frozenset({"globals", "locals", "vars"})
_RUNNERS = frozenset({"exec", "eval", "execfile", "compile_command"})
_ATTRIBUTES = frozenset(
    {"f_globals", "f_locals", "f_back", "__globals__", "_getframe", "currentframe", "user_ns", "user_global_ns"}
    | {"user_module", "run_cell", "run_cell_magic", "run_line_magic", "run_code", "safe_execfile", "exec", "execfile"}
)
_IPYTHON_METHODS = frozenset({"ex", "ev", "push", "magic", "system", "getoutput", "reset", "del_var", "drop_by_id"})
_OF_MAGICS = frozenset({"run_line_magic", "run_cell_magic", "system", "getoutput"})
_READ_ONLY = frozenset({"get", "keys", "values", "items", "copy", "__contains__"})
_LOOKS = frozenset({"len", "list", "sorted", "set", "print", "repr", "str", "dir", "tuple", "display", "any", "all"})


_WORDS = re.compile(
    r"\*|__main__|\bmodules\b|\b(" + "|".join(sorted(_SPACES | _RUNNERS | _ATTRIBUTES | {"get_ipython"})) + r")\b"
)


def worth_reading(text: str) -> bool:
    """Whether a text holds any of the words that `unseen_in` looks for."""
    return _WORDS.search(text) is not None


class Unseen(NamedTuple):
    """`names` that may be bound at `place`; None: any. `star` is the module of a star import.

    `lasting`: from there on at any time, since a function holds it.
    """

    place: Place
    why: str
    names: frozenset[str] | None = None
    star: str = ""
    lasting: bool = False

    def may_bind(self, name: str) -> bool:
        """Whether `name` may be one of them."""
        if self.star:
            known = _exports(self.star)
            return name in known if known is not None else not name.startswith("_")
        return self.names is None or name in self.names

    def same_as(self, name: str, target: str) -> bool:
        """Whether it binds the name to just what `import target as name` does: pylab's `np` is everybody's."""
        return self.star in (*PYLAB_STARS, "pylab") and bool(target) and PYLAB.get(name) == target


def unseen_in(statement: ast.stmt, place: Place, magic_lines: frozenset[int] = frozenset()) -> Iterator[Unseen]:
    """What one top-level statement of a notebook or module may bind unseen.

    `magic_lines` are lines where the masker has put a call for a magic; what that one binds is told elsewhere.
    """
    star = star_of(statement)
    if star is not None:
        yield Unseen(place, f"`from {star} import *`", star=star)
    harmless = _harmless(statement)
    inside = _in_functions(statement)
    for node in all_nodes(statement):
        why = _writes(node, id(node) in inside)
        if why in _OF_MAGICS and getattr(node, "lineno", 0) in magic_lines:
            continue
        if why and id(node) not in harmless:
            yield Unseen(place, f"`{why}`", lasting=isinstance(statement, DEFINITIONS) or id(node) in inside)


def looks_around(statement: ast.stmt) -> bool:
    """Whether a statement asks which names there are."""
    names = _SPACES | _RUNNERS | {"dir"}
    return any(isinstance(node, ast.Name) and node.id in names for node in all_nodes(statement))


def _writes(node: ast.AST, inside_function: bool) -> str:
    """The name through which a piece of syntax reaches a namespace; "" when it reaches none."""
    match node:
        case ast.Name(id=name, ctx=ast.Load()) if name in _RUNNERS or name == "globals":
            return name
        case ast.Name(id=name, ctx=ast.Load()) if name in _SPACES and not inside_function:
            return name
        case ast.Attribute(attr=name) if name in _ATTRIBUTES:
            return name
        case ast.Attribute(attr=name, value=value) if name in _IPYTHON_METHODS and last_name(value) == "get_ipython":
            return name
        case ast.Constant(value="__main__") | ast.alias(name="__main__"):
            return "__main__"
        case ast.Subscript(value=ast.Attribute(attr="modules"), slice=key) if not isinstance(key, ast.Constant):
            return "sys.modules"
    return ""


def _harmless(statement: ast.stmt) -> set[int]:
    """Ids of the names and constants in uses that only look: `x in globals()`, `vars(thing)`, `__name__ == "__main__"`."""
    found: set[int] = set()
    for node in all_nodes(statement):
        match node:
            case ast.Compare(left=left, comparators=[right]):
                sides = [left, right]
                if any(isinstance(side, ast.Name) and side.id == "__name__" for side in sides):
                    found |= {id(side) for side in sides}
                if all(isinstance(each, (ast.In, ast.NotIn)) for each in node.ops):
                    found |= _space(right)
            case ast.Subscript(value=value, ctx=ast.Load()):
                found |= _space(value)
            case ast.Call(func=ast.Attribute(attr=name, value=value)) if name in _READ_ONLY:
                found |= _space(value)
            case ast.Call(func=ast.Name(id=name), args=arguments) if name in _LOOKS:
                for argument in arguments:
                    found |= _space(argument)
            case ast.Call(func=ast.Name(id="eval") as name, args=[ast.Constant(value=str(text))]) if _only_reads(text):
                found.add(id(name))
            case ast.Call(func=ast.Name(id="vars") as name, args=[argument]) if not _is_main(argument):
                found.add(id(name))
            case ast.Call(func=ast.Name(id="exec" | "eval") as name, args=[_, ast.Name(), *_]):
                found.add(id(name))  # in a namespace of its own; globals() under another name is told where it is taken
    return found


def _only_reads(text: str) -> bool:
    """Whether an expression in a text binds nothing and reaches no namespace."""
    try:
        nodes = list(all_nodes(ast.parse(text.strip(), mode="eval")))
    except (SyntaxError, ValueError, RecursionError):
        return False
    return not any(isinstance(node, ast.NamedExpr) or _writes(node, False) for node in nodes)


def _space(node: ast.AST) -> set[int]:
    """The name in `globals()`."""
    match node:
        case ast.Call(func=ast.Name(id="globals" | "locals" | "vars") as name, args=[], keywords=[]):
            return {id(name)}
    return set()


def _is_main(node: ast.AST) -> bool:
    return any(isinstance(each, ast.Constant) or last_name(each) == "__main__" for each in all_nodes(node))


def _in_functions(statement: ast.stmt) -> set[int]:
    """Ids of everything in the bodies of functions."""
    functions = [
        node for node in all_nodes(statement) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda))
    ]
    bodies = [each for node in functions for each in (node.body if isinstance(node.body, list) else [node.body])]
    return {id(node) for body in bodies for node in all_nodes(body)}


@lru_cache(maxsize=64)
def _exports(module: str) -> frozenset[str] | None:
    """What a star import brings, where that is known. Effect: imports a module of the standard library."""
    if module not in _QUIET:
        return None
    found = importlib.import_module(module)
    return frozenset(getattr(found, "__all__", (name for name in vars(found) if not name.startswith("_"))))
