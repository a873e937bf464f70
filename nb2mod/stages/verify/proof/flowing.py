"""Whether a run of statements may stand in a function that is called in its place: what flows in, out, and past it.

Told of the notebook as it was and of how it calls, from both texts. Whether the function holds just these statements, and
whether its free names mean the same in its module, is shown as for every definition: see `virtual.py` and `meanings.py`.
"""

import ast
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from nb2mod.stages.verify.proof.around import Around
from nb2mod.stages.verify.proof.bordering import beside
from nb2mod.stages.verify.proof.called import Called
from nb2mod.stages.verify.proof.closures import rebound_under
from nb2mod.stages.verify.proof.flow import bound_unseen
from nb2mod.stages.verify.proof.interplay import seen_while_it_runs
from nb2mod.stages.verify.proof.mentions import looks_at_names, read_by_others
from nb2mod.stages.verify.proof.paths import LOOPED, Paths, paths_of
from nb2mod.stages.verify.proof.scopes import DEFINITIONS, names_of
from nb2mod.stages.verify.proof.subject import NotebookPair, Subject
from nb2mod.stages.verify.proof.trees import all_nodes, described, has_annotations
from nb2mod.stages.verify.proof.unbound import BUILTINS
from nb2mod.stages.verify.proof.views import NotebookView
from nb2mod.stages.verify.proof.visible import reads_annotations

# As it is anyway.
_SETTING = re.compile(r"""ast_node_interactivity\s*=\s*["']last_expr["']""")
_WAITS = (ast.Await, ast.AsyncFor, ast.AsyncWith, ast.Yield, ast.YieldFrom)


class Flow(NamedTuple):
    """A run in its notebook, as the rules ask of it. `bound`: all names it binds; `kept`: those bound again by its imports."""

    subject: Subject
    around: Around
    before: NotebookView
    after: NotebookView
    called: Called
    walk: Paths
    ends: frozenset[str] | None  # what it certainly has bound at its end; None: it does not come to its end
    bound: frozenset[str]
    kept: frozenset[str]

    @property
    def given(self) -> frozenset[str]:
        """Names that are handed in."""
        return frozenset(self.called.form.parameters)

    @property
    def returned(self) -> frozenset[str]:
        """Names that the call binds."""
        return frozenset(self.called.form.returns)

    def outside(self, name: str) -> bool:
        """Whether anything else than the run may bind a name."""
        bound = self.before.bindings.get(name, ())
        other = any(id(one.statement) not in self.called.ids for one in bound)
        unseen = any(one.may_bind(name) for one in self.before.unseen)
        return other or unseen or name in BUILTINS


def check(subject: Subject, pair: NotebookPair, around: Around, called: Called) -> tuple[list[str], str]:
    """(what is against it, what the text alone can't tell or "")."""
    before, after = around.view, (pair.as_it_was or (pair.before, pair.after))[1]
    walk, ends = paths_of(called.statements, before.constants)
    kept = frozenset(name for node in called.stays for name in names_of([node]).bound)
    flow = Flow(subject, around, before, after, called, walk, ends, names_of(called.statements).bound, kept)
    found = [*_form(flow), *_in(flow), *_out(flow), *_deleted(flow), *_named(flow), *_annotated(flow), *_shown(flow)]
    if not found:  # these are asked last: they read the whole notebook
        found += rebound_under(flow.before, called, walk, flow.bound | flow.given)
        found += seen_while_it_runs(around, called, flow.bound, flow.given)
    unsure = _unseen(flow) or beside(flow.before, called, flow.bound - flow.returned - flow.kept)
    return found, unsure


def _form(flow: Flow) -> Iterator[str]:
    """Statements that do something else in a function, or that a cell reads in its own way."""
    for place, node in flow.called.run:
        cell = flow.before.cells[place[0]]
        lines = {line for magic in cell.masked.magics for line in range(magic.line, magic.end_line + 1)}
        what = described(node)
        if lines.intersection(range(node.lineno, (node.end_lineno or node.lineno) + 1)):
            yield f"{what} holds a magic, which means the notebook"
        if isinstance(node, ast.ImportFrom) and (node.module == "__future__" or node.names[0].name == "*"):
            yield f"{what} can't stand in a function"
        if isinstance(node, (*DEFINITIONS, ast.Global)):
            yield f"{what} would belong to the function"
        if how := looks_at_names(node, flow.before.bindings):
            yield f"{what} sees the names around it through `{how}`: they would be the function's"
        if _waits(node):
            yield f"{what} waits, or is given back half done: at the top of a cell it may, in a plain function not"
        if any(isinstance(inner, ast.ClassDef) for inner in all_nodes(node)):
            yield f"{what} defines a class that would be the function's own"


def _in(flow: Flow) -> Iterator[str]:
    """Every name that is read before the run has certainly bound it is handed in, and has a value by then."""
    read = {*flow.walk.exposed, *flow.walk.texts}
    for name in sorted((read & flow.bound) - flow.given):
        if flow.outside(name) or _goes_on_after_errors(flow):
            yield f"`{name}` is read before the statements certainly bind it, and is not handed in"
    own = LOOPED & flow.before.bindings.keys()
    for name in sorted(own & _looped(flow) if own else ()):
        yield f"`{name}` is a name of the notebook's own, and may run a loop no time"
    certain = flow.around.bound_above(flow.called)
    by_keyword = {
        node.id for _, value in flow.called.form.keywords for node in all_nodes(value) if isinstance(node, ast.Name)
    }
    for name in sorted((flow.given | by_keyword) - certain - flow.walk.sure):
        if name not in BUILTINS or name in flow.before.bindings:
            yield f"`{name}` is handed in and may not be bound by then"


def _looped(flow: Flow) -> set[str]:
    """Names that loops of the notebook, or of the run, go through."""
    statements = [*flow.called.statements, *(node for _, _, node in flow.before.statements)]
    loops = (inner for node in statements for inner in all_nodes(node) if isinstance(inner, ast.For))
    return {each.id for loop in loops for each in all_nodes(loop.iter) if isinstance(each, ast.Name)}


def _goes_on_after_errors(flow: Flow) -> bool:
    """Whether the message of an error may be seen: it is another one for a name of a function."""
    nodes = (inner for node in flow.called.statements for inner in all_nodes(node))
    tried = any(isinstance(node, ast.Try | ast.TryStar) for node in nodes)
    return tried or any("raises-exception" in flow.before.cells[index].tags for index in flow.called.cells)


def _out(flow: Flow) -> Iterator[str]:
    """What the run binds is returned, stays imported, or nothing else speaks of it; what is returned has a value."""
    for name in sorted(flow.returned - flow.bound - flow.given):
        yield f"`{name}` is bound by the call, and was not by the statements"
    for name in sorted(flow.returned - flow.given - (flow.ends or frozenset())):
        yield f"`{name}` is returned, and may not be bound by then"
    lost = flow.bound - flow.returned - flow.kept
    lost -= {name for name in lost if _stands_imported(flow, name)}
    for where, names in _grouped(flow.around.mentions(lost, flow.called)):
        yield f"the notebook no longer binds {names}, which may be read {where}"
    for other, names in _grouped(read_by_others(flow.subject, flow.before, lost)):
        yield f"the notebook no longer binds {names}, and {other} runs it and may read that"
    for name in sorted(flow.kept):
        inside = [one for one in flow.before.bindings.get(name, ()) if id(one.statement) in flow.called.ids]
        one_import = {one.kind for one in inside} == {"import"} and len({one.target for one in inside}) == 1
        if not one_import or name in flow.returned or name in flow.given:
            yield f"`{name}` is imported below the call, and the statements bind it to something else too"


def _grouped(found: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """(where, the names there in a row)."""
    for where in dict.fromkeys(found.values()):
        yield where, ", ".join(f"`{name}`" for name in sorted(found) if found[name] == where)


def _stands_imported(flow: Flow, name: str) -> bool:
    """Whether an import above has bound the name already to just what the run's own import binds it to."""
    bound = flow.before.bindings.get(name, ())
    above = any(one.place < flow.called.run[0][0] and one.certain for one in bound)
    return above and all(one.kind == "import" for one in bound) and len({one.target for one in bound}) == 1


def _deleted(flow: Flow) -> Iterator[str]:
    """A name of the notebook that the run unbinds would stay bound (B9)."""
    nodes = [inner for node in flow.called.statements for inner in all_nodes(node)]
    handlers = {node.name for node in nodes if isinstance(node, ast.ExceptHandler) and node.name}
    deleted = {name for node in nodes if isinstance(node, ast.Delete) for name in names_of([node]).bound}
    for name in sorted(handlers | deleted):
        if flow.outside(name) or name in flow.given:
            yield f"`{name}` is unbound by the statements, and would stay bound in the notebook"


def _named(flow: Flow) -> Iterator[str]:
    """The name of the function is nobody else's, and its import has run where it is called."""
    name, place = flow.called.name, flow.called.call_place
    own = flow.before.bindings.get(name, ())
    ours = all(one.kind == "import" and one.target == flow.called.target for one in own)
    if own and not ours:
        yield f"`{name}` is a name of the notebook already"
    elif not own and (name in BUILTINS or flow.around.mentions({name}, None, spelled=True)):
        yield f"`{name}` is read by the notebook already"
    if name in flow.bound | flow.given or name in {one.name for one in flow.walk.held}:
        yield f"`{name}` is a name of the statements"
    bound = flow.after.bindings.get(name, ())
    # Where an import of the same cell fails, the call is not reached.
    if not any(one.place < place and (one.certain or one.place[0] == place[0]) for one in bound):
        yield f"`{name}` is called where it is not certainly imported"


def _annotated(flow: Flow) -> Iterator[str]:
    """Annotations at the top of a cell are evaluated and kept; those of a function's variables are neither (B13)."""
    for node in flow.called.statements:
        for inner in all_nodes(node):
            if not isinstance(inner, ast.AnnAssign) or _in_nested(node, inner):
                continue
            parts = [*all_nodes(inner.annotation)]
            if any(isinstance(part, (ast.Call, ast.NamedExpr, ast.Await, ast.BinOp)) for part in parts):
                yield f"the annotation of {described(inner)} is computed, and would not be"
    if any(map(has_annotations, flow.called.statements)) and reads_annotations(flow.before):
        yield "the notebook reads annotations, and those of the statements would not be kept"


def _shown(flow: Flow) -> Iterator[str]:
    """What a cell shows of its own accord, and cells that may end in the middle (B10, B14)."""
    called = flow.called
    settings = len(_SETTING.findall(flow.before.text))
    setting = settings != flow.before.text.count("ast_node_interactivity")
    expressions = any(isinstance(node, ast.Expr) for node in called.statements)
    for index in called.cells:
        cell = flow.before.cells[index]
        body = cell.tree or [ast.Pass()]
        is_last = id(body[-1]) in called.ids
        if is_last and isinstance(body[-1], ast.Expr) and not cell.ends_hidden and not _gives_nothing(flow, body[-1]):
            yield f"cell {cell.number} shows {described(body[-1])} at its end, and would not"
        if setting and is_last and "last_expr_or_assign" in flow.before.text:
            yield f"cell {cell.number} shows what it assigns last"
        if "raises-exception" in cell.tags and (called.form.returns or called.stays or len(called.cells) > 1):
            yield f"cell {cell.number} may end in the middle, with only some of its names bound"
    if setting and expressions:
        yield "the notebook changes which values are shown; none in a function is"


def _gives_nothing(flow: Flow, node: ast.Expr) -> bool:
    """`print(…)` has no value to be shown."""
    match node.value:
        case ast.Call(func=ast.Name(id="print")):
            return "print" not in flow.before.bindings
    return False


def _unseen(flow: Flow) -> str:
    """What may bind a name that matters where nothing spells it."""
    name, place = flow.called.name, flow.called.call_place
    if why := bound_unseen(flow.after.bindings.get(name, ()), flow.after.unseen, name, place, True):
        return f"`{name}` may be bound by {why.why} in cell {why.place[0] + 1}"
    return ""


def _waits(node: ast.AST) -> bool:
    """Whether something waits in it that is in no function of its own."""
    if isinstance(node, _WAITS) or (isinstance(node, ast.comprehension) and node.is_async):
        return True
    inner = [] if isinstance(node, (*DEFINITIONS, ast.Lambda)) else ast.iter_child_nodes(node)
    return any(map(_waits, inner))


def _in_nested(node: ast.AST, wanted: ast.AST) -> bool:
    """Whether a piece of syntax stands in a definition inside a statement."""
    return any(
        isinstance(inner, DEFINITIONS) and any(each is wanted for each in all_nodes(inner)) for inner in all_nodes(node)
    )
