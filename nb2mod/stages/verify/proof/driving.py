"""Check (i): a function that stands for a whole notebook says what the notebook says, statement by statement, in its order.

What it may leave out are imports, magics that do nothing outside of a notebook, and the constants that are its parameters; what
it may say beside are imports, the end of a figure, and a copy of a list that is a default.
"""

import ast
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from nb2mod.model import Extraction, Finding
from nb2mod.stages.verify.proof.cells import CellView
from nb2mod.stages.verify.proof.subject import Subject
from nb2mod.stages.verify.proof.trees import all_nodes, described, docstring_of, dump, plain_assignment
from nb2mod.stages.verify.proof.views import NotebookView

_IDLE_MAGICS = frozenset(("matplotlib", "autoreload", "load_ext", "config", "pip", "conda", "mamba", "!"))
_IMPORTS = (ast.Import, ast.ImportFrom)
_SHOW_THEMSELVES = ("print", "display")


class _Said(NamedTuple):
    """One statement of the notebook; `shown`: an expression that ends its cell and is shown; `silent`: it gives None, so that
    nothing is.
    """

    cell: int
    node: ast.stmt
    shown: bool
    silent: bool = False


def check(subject: Subject) -> list[Finding]:
    """Findings over all functions that the plan says stand for a notebook."""
    return [finding for item in subject.plan.extractions if item.drives for finding in _checked(subject, item)]


def _checked(subject: Subject, item: Extraction) -> Iterator[Finding]:
    module = subject.after.module(item.module)
    pair = next((pair for pair in subject.notebooks if pair.path == item.drives), None)
    function = next((node for node in module.body if _is_called(node, item.name)), None) if module else None
    blamed = (item.candidate,)
    if module is None or pair is None or not isinstance(function, ast.FunctionDef):
        yield Finding(
            "names", f"{item.module}.{item.name} or its notebook is not there", item.drives, candidates=blamed
        )
        return
    silent = {node.name for node in module.body if isinstance(node, ast.FunctionDef) and not _gives(node)}
    view = pair.as_it_was[1] if pair.as_it_was is not None else pair.after
    aliases = dict(_aliases(view, item.module))
    for message, cell, line in _compared(list(_notebook(view, silent)), function, aliases):
        yield Finding("inlines", f"{item.name} {message}", module.path, cell, line, blamed)


def _is_called(node: ast.stmt, name: str) -> bool:
    return isinstance(node, ast.FunctionDef) and node.name == name


def _gives(function: ast.FunctionDef) -> bool:
    """Whether a call may give something else than None."""
    inside = list(all_nodes(function))
    gives = any(isinstance(node, ast.Return) and node.value is not None for node in inside)
    return gives or bool(function.decorator_list) or any(isinstance(node, ast.Yield | ast.YieldFrom) for node in inside)


def _notebook(view: NotebookView, silent: Collection[str]) -> Iterator[_Said]:
    """What the notebook says when it runs from top to bottom. `silent` are functions that give None, so nothing is shown."""
    for cell in view.cells:
        body = cell.tree or []
        for node in body:
            if isinstance(node, _IMPORTS) or _is_idle(cell, node):
                continue
            last = node is body[-1] and isinstance(node, ast.Expr) and not cell.ends_hidden
            yield _Said(cell.number, node, last, _calls(node, silent))


def _calls(node: ast.stmt, names: Collection[str]) -> bool:
    match node:
        case ast.Expr(value=ast.Call(func=ast.Name(id=name))):
            return name in names
    return False


def _is_idle(cell: CellView, node: ast.stmt) -> bool:
    """Whether it stands for a magic that does nothing for what comes after it."""
    end = node.end_lineno or node.lineno
    return any(
        magic.name in _IDLE_MAGICS and magic.line <= end and magic.end_line >= node.lineno
        for magic in cell.masked.magics
    )


def _aliases(view: NotebookView, module: str) -> Iterator[tuple[str, str]]:
    """Names under which the notebook imports something of the module that has another one."""
    for _, _, node in view.statements:
        if isinstance(node, ast.ImportFrom) and node.module == module and not node.level:
            yield from ((alias.asname, alias.name) for alias in node.names if alias.asname)


def _compared(
    said: Sequence[_Said], function: ast.FunctionDef, aliases: Mapping[str, str]
) -> Iterator[tuple[str, int, int]]:
    """What differs first, with a cell of the notebook and a line of the module."""
    defaults = _defaults(function)
    waiting = list(said)
    for node in docstring_of(function.body)[1]:
        while waiting and not _same(waiting[0], node) and _is_parameter(waiting[0], defaults):
            defaults.pop(_target(waiting.pop(0).node))
        if waiting and _same(waiting[0], node):
            waiting.pop(0)
        elif not _may_be_added(node, function, aliases):
            cell = waiting[0].cell if waiting else 0
            wanted = described(waiting[0].node) if waiting else "nothing more"
            yield f"says {described(node)} where the notebook says {wanted}", cell, node.lineno
            return
    while waiting and _is_parameter(waiting[0], defaults):
        defaults.pop(_target(waiting.pop(0).node))
    if waiting:
        yield f"leaves out {described(waiting[0].node)}", waiting[0].cell, function.lineno
    for name in defaults:
        yield f"has a parameter `{name}` that is no constant of the notebook", 0, function.lineno


def _defaults(function: ast.FunctionDef) -> dict[str, str]:
    """Parameters with their defaults; one without is given a text that no default has."""
    names = [argument.arg for argument in function.args.args]
    missing = len(names) - len(function.args.defaults)
    return dict(zip(names, [*[""] * missing, *map(dump, function.args.defaults)], strict=True))


def _is_parameter(one: _Said, defaults: dict[str, str]) -> bool:
    node = plain_assignment(one.node)
    return isinstance(node, ast.Assign) and defaults.get(_target(node)) == dump(node.value)


def _target(node: ast.stmt) -> str:
    target = (
        node.targets[0] if isinstance(node, ast.Assign) else node.target if isinstance(node, ast.AnnAssign) else None
    )
    return target.id if isinstance(target, ast.Name) else ""


def _same(one: _Said, node: ast.stmt) -> bool:
    """Whether a statement says the same; what is shown is handed to the hook that shows, unless it shows itself."""
    if not one.shown or not isinstance(one.node, ast.Expr):
        return dump(one.node) == dump(node)
    if one.silent and dump(one.node) == dump(node):
        return True
    match node:
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id="sys"), attr="displayhook"), args=[value])):
            return dump(value) == dump(one.node.value)
        case ast.Expr(value=ast.Call(func=ast.Name(id=name))) if name in _SHOW_THEMSELVES:
            return dump(one.node) == dump(node)
        case ast.Expr(value=ast.Call(func=ast.Attribute(attr="show"), args=[], keywords=[])):
            return dump(one.node) == dump(node)
    return False


def _may_be_added(node: ast.stmt, function: ast.FunctionDef, aliases: Mapping[str, str]) -> bool:
    match node:
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Name(id=other)):
            return aliases.get(name) == other
        case ast.Import() | ast.ImportFrom():
            return True
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(), attr="show"), args=[], keywords=[])):
            return True
        case ast.Expr(
            value=ast.Call(func=ast.Attribute(value=ast.Name(), attr="close"), args=[ast.Constant(value="all")])
        ):
            return True
        case ast.Assign(
            targets=[ast.Name(id=name)],
            value=ast.Call(func=ast.Name(id="list"), args=[ast.Name(id=copied)], keywords=[]),
        ):
            return name == copied and name in [argument.arg for argument in function.args.args]
    return False
