"""Whether a notebook could see that a function or its parameters got other names (hazard N20). Conservative: unknown is yes."""

import ast
from collections.abc import Iterator

from nb2mod.stages.verify.proof.bindings import Binding, Place
from nb2mod.stages.verify.proof.flow import NEVER
from nb2mod.stages.verify.proof.looks import HARMLESS_DECORATORS, code_from_outside
from nb2mod.stages.verify.proof.moments import reads_what_changes
from nb2mod.stages.verify.proof.scopes import DEFINITIONS, Read
from nb2mod.stages.verify.proof.trees import all_nodes, last_name
from nb2mod.stages.verify.proof.unseen import looks_around, worth_reading
from nb2mod.stages.verify.proof.views import NotebookView

_DOCSTRING_READERS = frozenset({"doctest", "__doc__", "getdoc"})
_ANNOTATION_READERS = frozenset(
    {"get_type_hints", "__annotations__", "get_annotations", "getfullargspec", "signature", "interact", "interactive"}
    | {"interact_manual", "interactive_output", "typechecked", "beartype", "validate_call"}
)
_HOME_READERS = frozenset({"__module__", "__globals__", "getmodule", "getsourcefile", "getfile"})
Parameters = tuple[tuple[str, str, str], ...]


def rename_seen(view: NotebookView, binding: Binding, new_name: str, parameters: Parameters) -> str | None:
    """Why a renaming of `binding`'s function or of some parameters could be seen; None: it can't.

    `parameters` are (method or "", old name, new name).
    """
    definition = binding.definition
    if definition is None or (binding.name == new_name and not parameters):
        return None
    own = {name for method, *pair in parameters if not method for name in pair}
    if own or binding.name != new_name:
        if any(last_name(decorator) not in HARMLESS_DECORATORS for decorator in definition.decorator_list):
            return f"a decorator may see the names of `{binding.name}`"
        if why := _seen_in_uses(view, binding, own):
            return why
    methods = [one for one in parameters if one[0]]
    return _methods_seen(view, definition, methods) if methods else None


def only_called(view: NotebookView, binding: Binding) -> bool:
    """Whether a function runs only while its name is bound to it: it is called by name, at once and to the end.

    What uses the name when that is certainly bound again holds another; what a function holds may have run before.
    """
    definition = binding.definition
    if definition is None or isinstance(definition, ast.ClassDef):
        return False
    inner = [node for node in all_nodes(definition) if node is not definition]
    lasting = (ast.Yield, ast.YieldFrom, ast.Await, ast.Lambda, ast.GeneratorExp, *DEFINITIONS)
    if any(isinstance(node, lasting) for node in inner):
        return False
    if definition.decorator_list or any(one.lasting for one in view.bindings.get(binding.name, ())):
        return False
    later = [one for one in view.bindings.get(binding.name, ()) if one.place > binding.place]
    if later and worth_reading(view.text) and any(looks_around(node) for _, _, node in view.statements):
        return False  # it may be taken out by its name in a string
    end = min((one.place for one in later if one.certain), default=NEVER)
    return all(
        call is not None
        for place, _, read, call in _uses(view, binding.name)
        if place <= end and (read.deferred or place >= binding.place)
    )


def unsure_of(view: NotebookView, binding: Binding) -> str:
    """What of a definition the text of a notebook can't tell: values that change, code that comes as text; "" when nothing."""
    definition = binding.definition
    if definition is None:
        shows = "last_expr_or_assign" in view.text
        return "the notebook shows what its last assignments assign" if shows else ""
    if _mentions(view, _HOME_READERS):
        return "code of the notebook looks at where things are defined"
    return reads_what_changes(definition, view.stored_attributes) or code_from_outside(definition)


def reads_docstrings(view: NotebookView) -> bool:
    """Whether some code of the notebook looks at docstrings (W6)."""
    return _mentions(view, _DOCSTRING_READERS)


def reads_annotations(view: NotebookView) -> bool:
    """Whether some code of the notebook looks at annotations (D6)."""
    return _mentions(view, _ANNOTATION_READERS)


def _mentions(view: NotebookView, names: frozenset[str]) -> bool:
    return not names.isdisjoint(view.mentioned)


def _seen_in_uses(view: NotebookView, binding: Binding, renamed: set[str]) -> str | None:
    name = binding.name
    for place, statement, _, call in _uses(view, name):
        where = f"in cell {place[0] + 1}"
        if call is None:
            return f"`{name}` is used other than by calling it, {where}: its names could be seen"
        if statement is binding.statement:
            continue  # a recursive call; the definition itself is compared word by word
        keywords = {keyword.arg for keyword in call.keywords}
        if renamed and (None in keywords or keywords & renamed):
            return f"`{name}` is called with keywords {where}, and its parameters have other names now"
    for view_cell in view.cells:
        magics = view_cell.masked.magics if view_cell.kind == "code" else ()
        if any(name in magic.reads for magic in magics):
            return f"`{name}` is used by a magic in cell {view_cell.number}"
    return None


def _uses(view: NotebookView, name: str) -> Iterator[tuple[Place, ast.stmt, Read, ast.Call | None]]:
    """(place, statement, read, the call whose function it is or None) for every read of a name."""
    for place, statement, found in view.readers.get(name, ()):
        calls = {id(node.func): node for node in all_nodes(statement) if isinstance(node, ast.Call)}
        for read in (read for read in found if read.name == name):
            yield place, statement, read, calls.get(id(read.node))


def _methods_seen(view: NotebookView, definition: ast.AST, renamed: list[tuple[str, str, str]]) -> str | None:
    """Methods are called by anyone who holds an instance: no keyword of that name, no `**`, nothing inherited."""
    assert isinstance(definition, ast.ClassDef)
    if definition.bases or definition.keywords or definition.decorator_list:
        return (
            f"parameters of methods of `{definition.name}` have other names, and a base class or decorator may see them"
        )
    names = {name for _, *pair in renamed for name in pair}
    for place, statement, _ in view.reads:
        for node in all_nodes(statement):
            if isinstance(node, ast.Call):
                keywords = {keyword.arg for keyword in node.keywords}
                if keywords & names or (None in keywords and last_name(node.func) in _callable_names(definition)):
                    return f"a call in cell {place[0] + 1} may name a parameter of a method of `{definition.name}`"
    return None


def _callable_names(definition: ast.ClassDef) -> set[str]:
    methods = {node.name for node in definition.body if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))}
    return {definition.name, *methods}
