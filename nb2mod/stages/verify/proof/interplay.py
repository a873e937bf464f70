"""What a run of statements may call that reads or binds, in the notebook, a name that the run binds or is handed (B4, B5).

While the function runs, its names are its own: the notebook's still have the values from before.
"""

import ast
import re
from collections.abc import Iterator, Sequence

from nb2mod.stages.verify.proof.called import Called
from nb2mod.stages.verify.proof.closures import used_up
from nb2mod.stages.verify.proof.flow import reaching
from nb2mod.stages.verify.proof.mentions import looks_at_names
from nb2mod.stages.verify.proof.paths import paths_of
from nb2mod.stages.verify.proof.scopes import DEFINITIONS, names_of, reads
from nb2mod.stages.verify.proof.trees import last_name
from nb2mod.stages.verify.proof.unbound import BUILTINS
from nb2mod.stages.verify.proof.views import NotebookView

_REGISTERS = re.compile(r"register|hook|callback|observe|connect|subscribe|listen|handler|formatter|^on_|^set_|^at")
# They go on with what they are given while other code runs.
_BESIDE = frozenset({"Thread", "Timer", "submit", "run_in_executor", "start_new_thread", "settrace", "setprofile", "signal"})


def seen_while_it_runs(
    view: NotebookView, called: Called, bound: frozenset[str], given: frozenset[str]
) -> Iterator[str]:
    """One sentence for each name of the run that something it may call reads or binds in the notebook."""
    read = {each.name for node in called.statements for each in reads(node)} | given
    start = called.run[0][0]
    others = [(node, names_of([node]).bound) for cell, at, node in view.statements if (cell.index, at) < start]
    for name in sorted(bound | given):
        holders = _holders(view, [node for node, _ in others], name, reads_matter=name in bound)
        if not holders:
            continue
        tainted = _tainted(view, holders, others)
        if through := sorted(tainted & read):
            yield f"`{name}` is the function's own while it runs, and what `{through[0]}` holds uses the notebook's"
        elif any(_starts_beside(node, tainted) for node, _ in others):
            yield f"`{name}` is the function's own while it runs, and what runs beside it uses the notebook's"


def _holders(view: NotebookView, above: Sequence[ast.stmt], name: str, *, reads_matter: bool) -> set[str]:
    """Names bound to something that reads `name` when it runs, binds it through `global`, or may do either.

    What stands below the run is not there yet when that runs.
    """
    writers = {id(one.statement) for one in view.bindings.get(name, ()) if one.kind == "computed"}
    found: set[str] = set()
    for node in above:
        if isinstance(node, DEFINITIONS):
            sees = bool(looks_at_names(node))
            if id(node) in writers or sees or (reads_matter and name in _deferred(node, view)):
                found.add(node.name)
        elif reads_matter and name in _deferred(node, view):
            found |= names_of([node]).bound | _roots(view, node)
    return found


def _deferred(node: ast.stmt, view: NotebookView) -> set[str]:
    """Names that a function, lambda or generator in a statement reads when it runs."""
    quick = used_up([node], view)
    return {one.name for one in paths_of([node])[0].held if id(one.holder) not in quick}


def _tainted(view: NotebookView, holders: set[str], others: Sequence[tuple[ast.stmt, frozenset[str]]]) -> set[str]:
    """Names through which the run could come to call one of the holders: what leads to them, keeps them, was made by them."""
    found = set(holders)
    grown = True
    while grown:
        new = {each for name in found for each in reaching(view, name)}
        for node, bound in others:
            if isinstance(node, DEFINITIONS):
                continue
            if _keeps(view, node, found | new):
                new |= bound | _roots(view, node)
        grown = not new <= found
        found |= new
    return found


def _keeps(view: NotebookView, node: ast.stmt, names: set[str]) -> bool:
    """Whether a statement may put one of the names where it can be called later: any use but the call of a plain function."""
    called = {
        id(inner.func): inner.func.id
        for inner in ast.walk(node)
        if isinstance(inner, ast.Call) and isinstance(inner.func, ast.Name)
    }
    for read in reads(node):
        if read.name in names and not (id(read.node) in called and _gives_values(view, read.name)):
            return True
    return False


def _gives_values(view: NotebookView, name: str) -> bool:
    """Whether a name is a function that hands out nothing that could run later: no closure, generator or class of its own."""
    definitions = [one.definition for one in view.bindings.get(name, ())]
    lasting = (ast.Yield, ast.YieldFrom, ast.Lambda, ast.GeneratorExp, *DEFINITIONS)
    return bool(definitions) and all(
        isinstance(one, ast.FunctionDef)
        and not one.decorator_list
        and not any(isinstance(inner, lasting) for part in one.body for inner in ast.walk(part))
        for one in definitions
    )


def _roots(view: NotebookView, node: ast.stmt) -> set[str]:
    """Names whose objects a statement may change: `registry` of `registry.append(f)` and of `registry[0] = f`.

    A function of a library or a builtin keeps nothing, unless it is called like one that registers.
    """
    found: set[str] = set()
    for inner in ast.walk(node):
        if isinstance(inner, (ast.Attribute, ast.Subscript)) and not isinstance(inner.ctx, ast.Load):
            found |= {each.id for each in ast.walk(inner) if isinstance(each, ast.Name)}
        elif isinstance(inner, ast.Call):
            names = {each.id for each in ast.walk(inner) if isinstance(each, ast.Name)}
            registers = _REGISTERS.search(last_name(inner.func)) is not None
            found |= {name for name in names if registers or not _of_library(view, name)}
    return found


def _of_library(view: NotebookView, name: str) -> bool:
    bound = view.bindings.get(name, ())
    return name in BUILTINS if not bound else all(one.kind == "import" for one in bound)


def _starts_beside(node: ast.stmt, tainted: set[str]) -> bool:
    """Whether a statement starts something that goes on while others run, with one of the names."""
    for inner in ast.walk(node):
        if isinstance(inner, ast.Call) and last_name(inner.func) in _BESIDE:
            if tainted & {each.id for each in ast.walk(inner) if isinstance(each, ast.Name)}:
                return True
    return False
