"""Code that runs later than the statement that makes it: functions, lambdas, classes, generator expressions. Which names of the
notebook it reads, writes and unbinds when it runs.
"""

import ast
from collections.abc import Iterable

from msgspec import Struct

from nb2mod.syntax.scopes import COMPREHENSIONS, FUNCTIONS, body_scope, comprehension_names
from nb2mod.syntax.scopes import parameters as parameters_of
from nb2mod.syntax.strings import called_name, code_names
from nb2mod.syntax.views import view_of

_NOTHING: frozenset[str] = frozenset()
# They take a generator expression to its end before they return.
CONSUMERS = frozenset("sum list any all sorted dict set frozenset tuple max min join".split())
# They are done with a function when they return.
_USED_UP = frozenset("sorted max min sort".split())
_Closing = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef | ast.GeneratorExp


class Closure(Struct, frozen=True):
    """One such piece of code. `piece` and `line`: where it is made; `name`: what it is bound to by its own statement, or "".

    `reads` are the outer names that it reads when it runs, `values` those of them that it does more with than to call them;
    `strings` those of them that only a string names (`df.query("a > @b")`). `writes` and `unbinds` go through `global`.
    `makes`: holds a function or generator of its own, so that what it returns may run its code later; `yields`: it is a
    generator itself, or holds one. `view`: looks at all
    names. `brief`: whoever is given it is done with it when the call is over.
    """

    kind: str  # "function", "lambda", "class" or "generator"
    name: str
    piece: int
    line: int
    reads: frozenset[str] = _NOTHING
    values: frozenset[str] = _NOTHING
    strings: frozenset[str] = _NOTHING
    writes: frozenset[str] = _NOTHING
    unbinds: frozenset[str] = _NOTHING
    makes: bool = False
    yields: bool = False
    view: bool = False
    brief: bool = False
    given_to: str = ""  # the last name of the call that it is an argument of
    decorated: bool = False


class Inside:
    """What has been found in code that runs later."""

    def __init__(self) -> None:
        self.reads: set[str] = set()
        self.values: set[str] = set()
        self.strings: set[str] = set()
        self.writes: set[str] = set()
        self.unbinds: set[str] = set()
        self.makes = False
        self.yields = False
        self.view = False

    def look(self, node: ast.AST, hidden: frozenset[str], called: bool = False) -> None:
        """Everything below `node` that belongs to no name of `hidden`."""
        if isinstance(node, ast.Name):
            self._name(node, hidden, called)
            return
        if isinstance(node, ast.Constant):
            return
        self.view = self.view or bool(view_of(node, later=True))
        if isinstance(node, (*FUNCTIONS, ast.Lambda)):
            self._function(node, hidden)
        elif isinstance(node, COMPREHENSIONS):
            self._comprehension(node, hidden)
        elif isinstance(node, ast.Call):
            strings = {name for name in code_names(node) if name not in hidden}
            self.strings |= strings - self.reads
            self.reads |= strings
            self.look(node.func, hidden, called=True)
            self._all((*node.args, *(keyword.value for keyword in node.keywords)), hidden)
        else:
            self.yields = self.yields or isinstance(node, ast.Yield | ast.YieldFrom)
            self.makes = self.makes or isinstance(node, ast.Yield | ast.YieldFrom | ast.ClassDef)
            if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name) and node.target.id not in hidden:
                self.reads.add(node.target.id)
            self._all(ast.iter_child_nodes(node), hidden)

    def _all(self, nodes: Iterable[ast.AST], hidden: frozenset[str]) -> None:
        for node in nodes:
            self.look(node, hidden)

    def _name(self, node: ast.Name, hidden: frozenset[str], called: bool) -> None:
        if node.id in hidden:
            return
        if isinstance(node.ctx, ast.Load):
            self.reads.add(node.id)
            self.strings.discard(node.id)
            if not called:
                self.values.add(node.id)
        elif isinstance(node.ctx, ast.Del) and node.id in self.writes:
            self.unbinds.add(node.id)

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda, hidden: frozenset[str]) -> None:
        self.makes = True
        self._all(eager_parts(node), hidden)
        self.body(node, hidden)

    def _comprehension(self, node: ast.AST, hidden: frozenset[str]) -> None:
        self.makes = self.makes or isinstance(node, ast.GeneratorExp)
        generators: list[ast.comprehension] = node.generators  # type: ignore[attr-defined]
        self.look(generators[0].iter, hidden)
        self.elements(node, hidden)

    def elements(self, node: ast.AST, hidden: frozenset[str]) -> None:
        """A comprehension but for its first iterable."""
        generators: list[ast.comprehension] = node.generators  # type: ignore[attr-defined]
        inner = hidden | comprehension_names(generators)
        for generator in generators:
            if generator is not generators[0]:
                self.look(generator.iter, inner)
            self._all(generator.ifs, inner)
        self._all((node.key, node.value) if isinstance(node, ast.DictComp) else (node.elt,), inner)  # type: ignore[attr-defined]

    def body(self, node: _Closing, hidden: frozenset[str]) -> None:
        """What runs later of a function, class or lambda."""
        if isinstance(node, ast.Lambda):
            self.look(node.body, hidden | {parameter.arg for parameter in parameters_of(node.args)})
        elif isinstance(node, FUNCTIONS):
            scope = body_scope(node.body, node.args)
            self.writes |= scope.declared_global & scope.stored
            self._all(node.body, (hidden | scope.bound) - scope.declared_global)
        elif isinstance(node, ast.ClassDef):
            self._all(node.body, hidden)
        else:
            self.elements(node, hidden)


def eager_parts(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef) -> list[ast.expr]:
    """What is evaluated when the statement runs: decorators, defaults, bases; annotations not counted."""
    if isinstance(node, ast.ClassDef):
        return [*node.decorator_list, *node.bases, *(keyword.value for keyword in node.keywords)]
    defaults = [*node.args.defaults, *(default for default in node.args.kw_defaults if default is not None)]
    return defaults if isinstance(node, ast.Lambda) else [*node.decorator_list, *defaults]


def closure_of(
    node: _Closing, name: str, place: tuple[int, int], hidden: frozenset[str], call: ast.Call | None
) -> Closure:
    """The closure that `node` makes. `hidden`: names of comprehensions around it; `call`: the one it is an argument of."""
    inside = Inside()
    inside.body(node, hidden)
    kind = {ast.Lambda: "lambda", ast.ClassDef: "class", ast.GeneratorExp: "generator"}.get(type(node), "function")
    given_to = called_name(call) if call is not None else ""
    return Closure(
        kind=kind,
        name=name,
        piece=place[0],
        line=place[1],
        reads=frozenset(inside.reads),
        values=frozenset(inside.values),
        strings=frozenset(inside.strings),
        writes=frozenset(inside.writes),
        unbinds=frozenset(inside.unbinds),
        makes=inside.makes or kind in ("class", "generator"),
        yields=inside.yields,
        view=inside.view,
        brief=given_to in _USED_UP,
        given_to=given_to,
        decorated=bool(getattr(node, "decorator_list", ())),
    )


def is_consumed(node: ast.GeneratorExp, call: ast.Call | None) -> bool:
    """Whether a generator expression is the only argument of a call that takes it to its end at once."""
    return call is not None and call.args[:1] == [node] and len(call.args) == 1 and called_name(call) in CONSUMERS
