"""Whether a name of the notebook keeps its value while a function of the notebook runs, whatever that calls."""

import ast
from collections.abc import Iterator
from functools import cached_property

from nb2mod.stages.verify.proof.scopes import walrus_names
from nb2mod.stages.verify.proof.trees import all_nodes, last_name
from nb2mod.stages.verify.proof.unbound import BUILTINS, hides_no_builtin
from nb2mod.stages.verify.proof.views import NotebookView

# They go on with what they are given while other code runs.
STARTS_BESIDE = frozenset(
    {"Thread", "Timer", "submit", "run_in_executor", "start_new_thread", "settrace", "setprofile", "signal"}
)
_RUN_BESIDE = STARTS_BESIDE | {
    *("Parallel", "Pool", "ProcessPoolExecutor", "ThreadPool", "ThreadPoolExecutor", "apply_async", "map_async"),
    *("create_task", "delayed", "ensure_future", "to_thread"),
}


class Standing:
    """The names of one notebook."""

    def __init__(self, view: NotebookView) -> None:
        self.view = view
        self._told: dict[str, str] = {}

    def rebound(self, name: str) -> str:
        """What may bind or unbind a name while a function runs, in words; "" when nothing does."""
        if name not in self._told:
            self._told[name] = next(self._rebound(name), "")
        return self._told[name]

    def once(self, name: str) -> bool:
        """Whether a name never has two values."""
        bound = self.view.bindings.get(name, ())
        unseen = any(each.may_bind(name) for each in self.view.unseen)
        if not bound:
            return name in BUILTINS and all(hides_no_builtin(each.star, name) for each in self.view.unseen if each.star)
        return len(bound) == 1 and bound[0].certain and not unseen

    def _rebound(self, name: str) -> Iterator[str]:
        bound = self.view.bindings.get(name, ())
        for one in bound:
            where = f"in cell {one.place[0] + 1}"
            if one.lasting:
                yield f"a function {where} binds it"
            if one.kind == "deleted" or name in _deleted_in(one.statement):
                yield f"it is unbound {where}"
        for each in self.view.unseen:
            if each.may_bind(name) and not each.star:
                yield f"{each.why} in cell {each.place[0] + 1} may bind it"
        for node in self._nodes:
            if isinstance(node, ast.GeneratorExp) and name in walrus_names(node):
                yield "a generator binds it when it is asked"
        if len(bound) > 1 and self._runs_beside:
            yield "it is bound again, maybe while something runs beside"

    @cached_property
    def _nodes(self) -> list[ast.AST]:
        return [node for _, _, statement in self.view.statements for node in all_nodes(statement)]

    @cached_property
    def _runs_beside(self) -> bool:
        called = {last_name(node.func) for node in self._nodes if isinstance(node, ast.Call)}
        return not called.isdisjoint(_RUN_BESIDE)


def _deleted_in(statement: ast.stmt) -> set[str]:
    """Names that a statement may unbind, wherever in it: by `del`, or at the end of a handler that names its exception."""
    found: set[str] = set()
    for node in all_nodes(statement):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Del):
            found.add(node.id)
        elif isinstance(node, ast.ExceptHandler) and node.name:
            found.add(node.name)
    return found
