"""One copy's text → the function or class it holds, its terms, and what of it concerns the function as a whole."""

import ast
from typing import Any

from msgspec import Struct

from nb2mod.stages.unify.building import Builder
from nb2mod.stages.unify.spans import Positions
from nb2mod.stages.unify.terms import Term
from nb2mod.syntax import parse
from nb2mod.syntax.depth import too_deep
from nb2mod.syntax.scopes import FUNCTIONS, FunctionNode, import_name
from nb2mod.syntax.strings import NAMESPACE_READERS, called_name, code_names, walk

_OWN_NAMES = frozenset(("locals", "vars", "dir"))  # without arguments
_COLLECTIONS = (ast.List, ast.Tuple, ast.Set, ast.Dict, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)

_NAMED = (*FUNCTIONS, ast.ClassDef, ast.ExceptHandler, ast.MatchAs, ast.MatchStar)


class Read(Struct, frozen=True):
    """One function. `names`: all that it reads, binds or mentions as a name anywhere; `looks`: what in it looks at all names."""

    text: str
    node: Any
    term: Term
    positions: Positions
    names: frozenset[str]
    looks: str
    recursive: bool
    later: bool  # its body runs after the call: a generator, a coroutine


def read(text: str) -> Read | str:
    """The function or class of a text, or why there is none that could be compared, in words."""
    try:
        tree = parse(text)
        if too_deep(tree, text):
            return "it is nested too deeply to be read"
    except (SyntaxError, RecursionError):
        return "it can't be read as Python"
    if len(tree.body) != 1 or not isinstance(tree.body[0], (*FUNCTIONS, ast.ClassDef)):
        return "it is no function or class"
    node = tree.body[0]
    positions = Positions(text)
    builder = Builder(node, text, positions)
    term = builder.root()
    names, looks = _all_names(node), _looks(node)
    return Read(text, node, term, positions, names, looks, builder.recursive, _runs_later(node, term))


def _all_names(root: FunctionNode | ast.ClassDef) -> frozenset[str]:
    found: set[str] = set()
    for node in walk(root):
        if isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.arg):
            found.add(node.arg)
        elif isinstance(node, ast.Global | ast.Nonlocal):
            found.update(node.names)
        elif isinstance(node, ast.alias):
            found.add(import_name(node))
        elif isinstance(node, ast.Call):
            found.update(code_names(node))
        elif isinstance(node, _NAMED):
            found.update(filter(None, (node.name,)))
        elif isinstance(node, ast.MatchMapping):
            found.update(filter(None, (node.rest,)))
    return frozenset(found)


def _looks(root: FunctionNode | ast.ClassDef) -> str:
    for node in walk(root):
        if isinstance(node, ast.Call):
            name = called_name(node)
            values = (name in _OWN_NAMES and (node.args or node.keywords)) or (name == "stack" and _stacks_values(node))
            if name in NAMESPACE_READERS and not values:
                return f"{name}()"
    return ""


def _stacks_values(call: ast.Call) -> bool:
    """Whether it is a `stack` of values, as that of numpy: the one of `inspect` takes a number, `context`, and nothing else."""
    plain = [each for each in call.args if not isinstance(each, ast.Starred)]
    named = [each.arg for each in call.keywords if each.arg]
    first = isinstance(call.args[0], _COLLECTIONS) if call.args else False
    return first or len(plain) + len(named) > 1 or (bool(named) and named != ["context"])


def _runs_later(root: FunctionNode | ast.ClassDef, term: Term) -> bool:
    if isinstance(root, ast.AsyncFunctionDef):
        return True
    stack = list(term.kids)
    while stack:
        one = stack.pop()
        if isinstance(one.node, ast.Yield | ast.YieldFrom):
            return True
        if not isinstance(one.node, (*FUNCTIONS, ast.Lambda)):
            stack.extend(one.kids)
    return False
