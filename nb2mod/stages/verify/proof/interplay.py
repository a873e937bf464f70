"""What a run of statements may call that reads or binds, in the notebook, a name that the run binds or is handed (B4, B5).

While the function runs, its names are its own: the notebook's still have the values from before.
"""

import ast
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from nb2mod.stages.verify.proof.around import Around, Statement
from nb2mod.stages.verify.proof.called import Called
from nb2mod.stages.verify.proof.flow import reaching
from nb2mod.stages.verify.proof.scopes import DEFINITIONS, reads
from nb2mod.stages.verify.proof.standing import STARTS_BESIDE
from nb2mod.stages.verify.proof.trees import all_nodes, last_name
from nb2mod.stages.verify.proof.unbound import BUILTINS
from nb2mod.stages.verify.proof.views import NotebookView

_REGISTERS = re.compile(r"register|hook|callback|observe|connect|subscribe|listen|handler|formatter|^on_|^set_|^at")
# They look once, when they are called; what others give may be looked at later.
_AT_ONCE = frozenset({"", "eval", "exec", "dir"})


def seen_while_it_runs(around: Around, called: Called, bound: frozenset[str], given: frozenset[str]) -> Iterator[str]:
    """One sentence for each name of the run that something it may call reads or binds in the notebook."""
    view = around.view
    calls = not all(map(_only_names_things, called.statements))
    read = {each.name for node in called.statements for each in reads(node)} | given
    above = [one for place, one in around.statements if place < called.run[0][0]]
    waiting = [one for one in above if one.waiting or one.sees or one.declares or isinstance(one.node, DEFINITIONS)]
    for name in sorted(bound | given):
        holders = _holders(view, waiting, name, reads_matter=name in bound)
        if not holders:
            continue
        tainted = _tainted(view, holders, above)
        if calls and (through := sorted(tainted & read)):
            yield f"`{name}` is the function's own while it runs, and what `{through[0]}` holds uses the notebook's"
        elif any(_starts_beside(one.node, tainted) for one in above):
            yield f"`{name}` is the function's own while it runs, and what runs beside it uses the notebook's"


_NAMING = (
    ast.Assign, ast.AnnAssign, ast.Expr, ast.Name, ast.Constant, ast.Tuple, ast.List, ast.If, ast.For, ast.Lambda, ast.ListComp,
    ast.GeneratorExp, ast.comprehension, ast.arguments, ast.arg, ast.expr_context, ast.Import, ast.ImportFrom, ast.alias,
    ast.Pass,
)  # fmt: skip


def _only_names_things(statement: ast.stmt) -> bool:
    """Whether a statement calls nothing at all: no call, no operator, nothing that asks an object for anything."""
    for node in all_nodes(statement):
        plain = isinstance(node, _NAMING)
        if isinstance(node, ast.If):
            plain = isinstance(node.test, ast.Constant)
        elif isinstance(node, (ast.For, ast.comprehension)):
            plain = isinstance(node.iter, (ast.Tuple, ast.List)) and isinstance(node.target, ast.Name)
        elif isinstance(node, ast.Assign):
            # To unpack a value that is not written there asks it for its items.
            written = isinstance(node.value, (ast.Tuple, ast.List))
            flat = [each for one in node.targets for each in (getattr(one, "elts", [one]) if written else [one])]
            plain = all(isinstance(each, ast.Name) for each in flat)
        if not plain:
            return False
    return True


def _holders(view: NotebookView, above: Sequence[Statement], name: str, *, reads_matter: bool) -> set[str]:
    """Names bound to something that reads `name` when it runs, binds it through `global`, or may do either.

    What stands below the run is not there yet when that runs.
    """
    writers = {id(one.statement) for one in view.bindings.get(name, ()) if one.lasting}
    found: set[str] = set()
    for one in above:
        if isinstance(one.node, DEFINITIONS):
            if id(one.node) in writers or one.sees or (reads_matter and name in one.waiting):
                found.add(one.node.name)
        elif id(one.node) in writers or (reads_matter and (name in one.waiting or one.sees not in _AT_ONCE)):
            found |= one.bound | _roots(view, one.node)
    return found


def _tainted(view: NotebookView, holders: set[str], above: Sequence[Statement]) -> set[str]:
    """Names through which the run could come to call one of the holders: what leads to them, keeps them, was made by them."""
    found = set(holders)
    grown = True
    while grown:
        new = {each for name in found for each in reaching(view, name)}
        for one in above:
            known = found | new
            if isinstance(one.node, DEFINITIONS):
                # A function that hands them out or puts them somewhere: whatever it reads may hold them.
                if one.node.name in known and not _gives_values(view, one.node.name, known):
                    new |= {name for name in one.read if not _of_library(view, name)}
            elif one.read & known and _keeps(view, one.node, known):
                new |= one.bound | _roots(view, one.node)
        grown = not new <= found
        found |= new
    return found


def _keeps(view: NotebookView, node: ast.stmt, names: set[str], seen: frozenset[str] = frozenset()) -> bool:
    """Whether a statement may put one of the names where it can be called later: any use but the call of a plain function."""
    called = {id(inner.func) for inner in all_nodes(node) if isinstance(inner, ast.Call)}
    return any(
        read.name in names and not (id(read.node) in called and _gives_values(view, read.name, names, seen))
        for read in reads(node)
    )


def _gives_values(view: NotebookView, name: str, names: set[str], seen: frozenset[str] = frozenset()) -> bool:
    """Whether a name is a function that hands out nothing that could run later: no closure, generator, class or instance."""
    if name in seen:
        return True
    definitions = [one.definition for one in view.bindings.get(name, ())]
    lasting = (ast.Yield, ast.YieldFrom, ast.Lambda, ast.GeneratorExp, *DEFINITIONS)
    return bool(definitions) and all(
        isinstance(one, ast.FunctionDef)
        and not one.decorator_list
        and not any(isinstance(inner, lasting) for part in one.body for inner in all_nodes(part))
        and not _keeps(view, one, names, seen | {name})
        for one in definitions
    )


def _roots(view: NotebookView, node: ast.stmt) -> set[str]:
    """Names whose objects a statement may change: `registry` of `registry.append(f)` and of `registry[0] = f`.

    A function of a library or a builtin keeps nothing, unless it is called like one that registers.
    """
    found: set[str] = set()
    for inner in all_nodes(node):
        if isinstance(inner, (ast.Attribute, ast.Subscript)) and not isinstance(inner.ctx, ast.Load):
            found |= {each.id for each in all_nodes(inner) if isinstance(each, ast.Name)}
        elif isinstance(inner, ast.Call):
            names = {each.id for each in all_nodes(inner) if isinstance(each, ast.Name)}
            registers = _REGISTERS.search(last_name(inner.func)) is not None
            found |= {name for name in names if registers or not _of_library(view, name)}
    return found


def _of_library(view: NotebookView, name: str) -> bool:
    bound = view.bindings.get(name, ())
    return name in BUILTINS if not bound else all(one.kind == "import" for one in bound)


def _starts_beside(node: ast.stmt, tainted: set[str]) -> bool:
    """Whether a statement starts something that goes on while others run, with one of the names."""
    return not tainted.isdisjoint(_started_with(node))


@lru_cache(maxsize=1 << 14)
def _started_with(node: ast.stmt) -> frozenset[str]:
    """Names in calls that start something. Asked of every statement above each block, so it is kept by statement."""
    calls = (
        inner for inner in all_nodes(node) if isinstance(inner, ast.Call) and last_name(inner.func) in STARTS_BESIDE
    )
    return frozenset(each.id for call in calls for each in all_nodes(call) if isinstance(each, ast.Name))
