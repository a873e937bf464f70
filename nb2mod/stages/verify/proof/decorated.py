"""Whether a definition may be handed more through its decorators: those that hand on whatever they are given."""

import ast
from collections.abc import Iterator

from nb2mod.stages.verify.proof.lifted import Lifted
from nb2mod.stages.verify.proof.lifts import Raised
from nb2mod.stages.verify.proof.trees import all_nodes, last_name
from nb2mod.stages.verify.proof.views import NotebookView

_CACHING = frozenset({"cache", "lru_cache"})
_HANDING_ON = _CACHING | {"contextmanager", "no_grad", "inference_mode", "final", "override"}


def against_decorators(one: Raised, lifted: Lifted, view: NotebookView) -> Iterator[str]:
    """What in the decorators of a definition forbids that calls pass it more, in words. What is passed is another matter."""
    cached = False
    for decorator in one.original.decorator_list:
        root = ast.unparse(decorator).partition("(")[0].partition(".")[0]
        bound = view.bindings.get(root, ())
        if last_name(decorator) not in _HANDING_ON or not bound or any(each.kind != "import" for each in bound):
            yield f"it has a decorator, `@{ast.unparse(decorator)}`, which may see its parameters"
            return
        cached = cached or last_name(decorator) in _CACHING
    if cached and one.signature.known:
        yield "its cache keeps apart what is passed and what is left to a default"
    elif cached and _told_apart(one, lifted, view):
        yield "some calls pass it more and others do not, which its cache keeps apart"


def _told_apart(one: Raised, lifted: Lifted, view: NotebookView) -> bool:
    """Whether a cache may be asked for the same in two ways; what moves may be called from anywhere."""
    moving = [each.made for each in lifted.raised.values()]
    if any(_passes(call, one) for made in moving for call in _calls(made, one.made.name)):
        return True
    calls = [call for _, _, statement in view.statements for call in _calls(statement, one.made.name)]
    passing = {_passes(call, one) for call in calls}
    # Who is given the function itself passes nothing more.
    return len(passing) > 1 or (True in passing and _given_away(view, one.made.name, {id(call.func) for call in calls}))


def _given_away(view: NotebookView, name: str, called: set[int]) -> bool:
    nodes = [node for _, _, statement in view.statements for node in all_nodes(statement)]
    called |= {id(node.value) for node in nodes if isinstance(node, ast.Attribute)}
    return any(isinstance(node, ast.Name) and node.id == name and id(node) not in called for node in nodes)


def _calls(root: ast.AST, name: str) -> list[ast.Call]:
    nodes = (node for node in all_nodes(root) if isinstance(node, ast.Call))
    return [node for node in nodes if isinstance(node.func, ast.Name) and node.func.id == name]


def _passes(call: ast.Call, one: Raised) -> bool:
    return any(each.arg in one.signature.added for each in call.keywords)
