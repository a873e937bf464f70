"""What a call does beside what its run did, and no text shows: values that die with the function, output that moves up a cell."""

import ast
from collections.abc import Collection, Sequence

from nb2mod.stages.verify.proof.called import Called
from nb2mod.stages.verify.proof.trees import all_nodes, described, last_name
from nb2mod.stages.verify.proof.views import NotebookView

# What they make does something when nothing holds it any more.
_ENDS = frozenset(
    {"FuncAnimation", "ArtistAnimation", "NamedTemporaryFile", "Popen", "SpooledTemporaryFile", "TemporaryDirectory"}
    | {"TemporaryFile", "connect", "fdopen", "finalize", "mkstemp", "open", "socket", "start_session", "urlopen"}
)
_END = frozenset({"cleanup", "close", "shutdown", "terminate", "wait"})
# They show nothing and warn of nothing.
_QUIET_CALLS = frozenset(
    {"abs", "all", "any", "bool", "bytes", "complex", "dict", "divmod", "enumerate", "float", "frozenset", "getattr"}
    | {"hasattr", "int", "isinstance", "issubclass", "iter", "len", "list", "max", "min", "next", "ord", "chr", "pow"}
    | {"range", "repr", "reversed", "round", "set", "slice", "sorted", "str", "sum", "tuple", "type", "zip"}
)
_QUIET_METHODS = frozenset(
    {"add", "append", "capitalize", "clear", "copy", "count", "endswith", "extend", "find", "format", "get", "index"}
    | {"insert", "items", "join", "keys", "lower", "lstrip", "most_common", "partition", "pop", "remove", "replace"}
    | {"reverse", "rpartition", "rsplit", "rstrip", "setdefault", "sort", "split", "splitlines", "startswith", "strip"}
    | {"title", "union", "update", "upper", "values"}
)


def beside(view: NotebookView, called: Called, lost: Collection[str]) -> str:
    """The first thing that the text alone can't tell, in words; "" when there is none. `lost` are names that end in the call."""
    return _dies(view, called.statements, lost) or _moves(view, called)


def _dies(view: NotebookView, statements: Sequence[ast.stmt], lost: Collection[str]) -> str:
    """Values that end with the function's names, where something might notice."""
    nodes = [inner for statement in statements for inner in all_nodes(statement)]
    ended = {
        node.func.value.id
        for node in nodes
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _END
        if isinstance(node.func.value, ast.Name)
    }
    for node in nodes:
        match node:
            case ast.Assign(targets=targets, value=value):
                bound = {each.id for target in targets for each in all_nodes(target) if isinstance(each, ast.Name)}
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                bound = {name}
            case ast.NamedExpr(target=ast.Name(id=name), value=value):
                bound = {name}
            case _:
                continue
        made = [each for each in _values(value) if last_name(each) in _ENDS and isinstance(each, ast.Call)]
        if made and (names := sorted(bound & set(lost) - ended)):
            return f"`{names[0]}` holds what {described(made[0])} makes; it ends with the function"
    if lost and ("weakref" in view.text or "__del__" in view.text):
        return "the notebook may notice when a value ends, and those of the function end with it"
    return ""


def _values(node: ast.expr) -> list[ast.expr]:
    """What an assignment may bind: both sides of a condition, each part of a tuple."""
    match node:
        case ast.IfExp(body=one, orelse=other):
            return [*_values(one), *_values(other)]
        case ast.Tuple(elts=items) | ast.List(elts=items) | ast.BoolOp(values=items):
            return [each for item in items for each in _values(item)]
    return [node]


def _moves(view: NotebookView, called: Called) -> str:
    """Output of the cells below, which would stand under the cell of the call."""
    for index in called.cells[1:]:
        cell = view.cells[index]
        if cell.masked.cell_magic is not None:
            return f"cell {cell.number} runs under `%%{cell.masked.cell_magic}`, and its statements would no longer"
        for node in called.in_cell(index):
            if loud := _loud(node, view):
                return f"what {loud} of cell {cell.number} shows would be shown by cell {called.cell.number}"
    if len(called.cells) > 1 and (magic := called.cell.masked.cell_magic):
        return f"cell {called.cell.number} runs under `%%{magic}`, and so would statements of the cells below"
    return ""


def _loud(node: ast.stmt, view: NotebookView) -> str:
    """The first call that may show something, in words."""
    for inner in all_nodes(node):
        match inner:
            case ast.Call(func=ast.Name(id=name)) if name in _QUIET_CALLS and name not in view.bindings:
                continue
            case ast.Call(func=ast.Attribute(attr=name)) if name in _QUIET_METHODS:
                continue
            case ast.Call():
                return described(inner)
    return ""
