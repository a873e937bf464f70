"""The expressions of a run of statements, in the order in which Python evaluates them. Statements are `block_reading.py`'s."""

import ast
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from msgspec import structs

from nb2mod.syntax.block_facts import Flow, Spot
from nb2mod.syntax.block_paths import Paths
from nb2mod.syntax.block_values import makers, root_of
from nb2mod.syntax.closures import Closure, closure_of, eager_parts, is_consumed
from nb2mod.syntax.evaluated import dotted
from nb2mod.syntax.scopes import COMPREHENSIONS, comprehension_names
from nb2mod.syntax.strings import code_names
from nb2mod.syntax.views import NAMES_THEMSELVES, view_of

_NOTHING: frozenset[str] = frozenset()
# Evaluating these does nothing by itself.
_CALM = (ast.Tuple, ast.List, ast.keyword, ast.Starred, ast.expr_context)


class Gathered:
    """Names read and closures made while an expression is evaluated."""

    def __init__(self) -> None:
        self.calls: set[str] = set()
        self.values: set[str] = set()
        self.closures: list[int] = []
        self.names = False

    def flow(self, target: str, place: tuple[int, int], value: ast.expr | None = None, *, binds: bool = True) -> Flow:
        """What flows from the expression into `target`."""
        made = tuple(dict.fromkeys(makers(value))) if value is not None else ()
        calls, values, closures = frozenset(self.calls), frozenset(self.values), tuple(self.closures)
        return Flow(target, *place, calls, values, closures, made, binds, names=self.names)


class Expressions:
    """Evaluates expressions for what they read, bind and call."""

    def __init__(self) -> None:
        self.paths = Paths()
        self.hidden = _NOTHING  # targets of the comprehensions around
        self.closures: list[Closure] = []
        self.flows: list[Flow] = []
        self.suspends: list[Spot] = []
        self.views: list[Spot] = []
        self.calls: list[Spot] = []
        self.hidden_strings: list[Spot] = []
        self._gathering: list[Gathered] = []
        self._argument_of: dict[ast.expr, ast.Call] = {}

    @contextmanager
    def gather(self) -> Iterator[Gathered]:
        found = Gathered()
        self._gathering.append(found)
        yield found
        self._gathering.pop()

    def spot(self, what: str, line: int) -> Spot:
        return Spot(what, self.paths.piece, line)

    def all(self, nodes: Iterable[ast.AST | None]) -> None:
        for node in nodes:
            if node is not None:
                self.expression(node)

    def parts(self, node: ast.AST) -> None:
        """What stands directly below a node. Contexts and operators hold nothing; an operator is evaluated all the same."""
        for field in node._fields:
            value = getattr(node, field, None)
            for inner in value if type(value) is list else (value,):
                if isinstance(inner, ast.AST):
                    if inner._fields:
                        self.expression(inner)
                    elif not isinstance(inner, ast.expr_context):
                        self.paths.calm = False

    def expression(self, node: ast.AST) -> None:
        if isinstance(node, ast.Name):
            self.name(node)
            return
        if isinstance(node, ast.Constant):
            return
        view = view_of(node)
        if view:
            for found in self._gathering:
                found.names = found.names or view in NAMES_THEMSELVES
            self.views.append(self.spot(view, getattr(node, "lineno", 1)))
        if isinstance(node, ast.Call):
            self.call(node)
        elif isinstance(node, ast.BoolOp):
            self.expression(node.values[0])
            self.maybe(node.values[1:])
        elif isinstance(node, ast.IfExp):
            self.expression(node.test)
            self.either((node.body,), (node.orelse,))
        elif isinstance(node, ast.Compare):
            self.all((node.left, node.comparators[0]))
            self.paths.calm = False
            self.maybe(node.comparators[1:])
        elif isinstance(node, ast.NamedExpr):
            self.walrus(node)
        elif isinstance(node, ast.Lambda):
            self.all(eager_parts(node))
            self.close(node, "")
        elif isinstance(node, COMPREHENSIONS):
            self.comprehension(node)
        else:
            if isinstance(node, ast.Await | ast.Yield | ast.YieldFrom):
                self.suspends.append(self.spot(type(node).__name__.lower(), node.lineno))
            self.parts(node)
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                self.paths.asked.add(node.value.id)
            elif not isinstance(node, _CALM):
                self.paths.calm = False

    def name(self, node: ast.Name, *, called: bool = False) -> None:
        if node.id in self.hidden:
            return
        if isinstance(node.ctx, ast.Store):
            self.paths.bind(node.id, node.lineno)
        elif isinstance(node.ctx, ast.Del):
            self.paths.unbind(node.id, node.lineno)
        else:
            for found in self._gathering:
                (found.calls if called else found.values).add(node.id)
            self.paths.read(node.id, node.lineno)

    def call(self, node: ast.Call) -> None:
        if isinstance(node.func, ast.Name):
            self.name(node.func, called=True)
        else:
            self.expression(node.func)
        arguments = (*node.args, *(keyword.value for keyword in node.keywords))
        for argument in arguments:
            self._argument_of[argument] = node
        with self.gather() as given:
            self.all(arguments)
        for name in code_names(node):
            self._named_in_string(name, node.lineno)
        self.paths.calm = False
        callee = dotted(node.func)
        self.calls.append(self.spot(callee, node.lineno))
        if given.calls or given.values or given.closures or given.names:
            target = root_of(node.func) if isinstance(node.func, ast.Attribute) else ""
            flow = given.flow(target, (self.paths.piece, node.lineno), binds=False)
            self.flows.append(structs.replace(flow, callee=callee or getattr(node.func, "attr", "")))

    def _named_in_string(self, name: str, line: int) -> None:
        if self.hidden:
            self.hidden_strings.append(self.spot(name, line))
        if name not in self.hidden:
            self.paths.read(name, line)

    def walrus(self, node: ast.NamedExpr) -> None:
        with self.gather() as given:
            self.expression(node.value)
        self.paths.bind(node.target.id, node.lineno)
        self.flows.append(given.flow(node.target.id, (self.paths.piece, node.lineno), node.value))

    # what happens or not

    def maybe(self, nodes: Iterable[ast.AST]) -> None:
        """Expressions of which each is evaluated only when the one before it was."""
        sure, self.paths.sure = self.paths.sure, False
        for node in nodes:
            before = self.paths.fork()
            self.expression(node)
            self.paths.meet(before)
        self.paths.sure = sure

    def either(self, one: Iterable[ast.AST], other: Iterable[ast.AST]) -> None:
        sure, self.paths.sure = self.paths.sure, False
        before = self.paths.fork()
        self.all(one)
        first, self.paths.state = self.paths.state, before
        self.all(other)
        self.paths.meet(first)
        self.paths.sure = sure

    # scopes of their own

    def comprehension(self, node: ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp) -> None:
        first = node.generators[0]
        self.expression(first.iter)
        self.paths.calm = False
        if any(generator.is_async for generator in node.generators):
            self.suspends.append(self.spot("async for", node.lineno))
        if isinstance(node, ast.GeneratorExp) and not is_consumed(node, self._argument_of.get(node)):
            self.close(node, "")
            return
        before, sure = self.paths.fork(), self.paths.sure
        hidden = self.hidden
        self.paths.sure = False
        self.hidden = hidden | comprehension_names(node.generators)
        for generator in node.generators:
            if generator is not first:
                self.expression(generator.iter)
            self.all(generator.ifs)
        self.all((node.key, node.value) if isinstance(node, ast.DictComp) else (node.elt,))
        self.hidden, self.paths.sure = hidden, sure
        self.paths.meet(before)

    def close(
        self,
        node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef | ast.GeneratorExp,
        name: str,
    ) -> int:
        """Code that runs later: what it reads may be read any time from now on."""
        call = self._argument_of.get(node) if isinstance(node, ast.expr) else None
        place = (self.paths.piece, node.lineno)
        closure = closure_of(node, name, place, self.hidden, call)
        index = len(self.closures)
        self.closures.append(closure)
        for found in self._gathering:
            found.closures.append(index)
        for read in sorted(closure.reads):
            self.paths.read(read, node.lineno, later=closure.kind != "class")
        if isinstance(node, ast.GeneratorExp):
            for inner in ast.walk(node):
                if isinstance(inner, ast.Await):
                    self.suspends.append(self.spot("await", inner.lineno))
        return index
