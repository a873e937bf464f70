"""A run of statements → what it reads before it binds it, what it binds for certain, what it leaves behind that runs later.

`read_run` takes text and gives facts; the rules are Python's for a module's top level. What the notebook around it makes of
them is for analyze. A `with` is taken to let errors through unless it is made by something that is known to swallow them or that
the caller doubts.
"""

import ast
from collections.abc import Iterable
from functools import lru_cache

from nb2mod.syntax import parse
from nb2mod.syntax.block_expressions import Expressions
from nb2mod.syntax.block_facts import Reading, Spot
from nb2mod.syntax.block_forms import captures, certainly_runs, element_of, may_jump, target_roots, unbound_in
from nb2mod.syntax.block_values import display_settings, is_quiet
from nb2mod.syntax.closures import eager_parts
from nb2mod.syntax.evaluated import dotted
from nb2mod.syntax.scopes import FUNCTIONS, body_scope, import_name
from nb2mod.syntax.scopes import parameters as parameters_of
from nb2mod.syntax.views import view_of

# They go on after an error.
SWALLOWERS = frozenset("suppress raises assertRaises assertRaisesRegex ignored Output ExitStack AsyncExitStack".split())
_TRIES = (ast.Try, ast.TryStar)


@lru_cache(maxsize=2048)
def read_run(pieces: tuple[tuple[str, int, int], ...], doubted: frozenset[str] = frozenset()) -> Reading:
    """The facts of a run: for each piece the cell's masked text and the indexes of its first and last statement, inclusive.

    `doubted`: names whose results may swallow an error when they stand in a `with`. Raises SyntaxError for what is no Python.
    """
    walk = _Statements(doubted)
    for piece, (text, first, last) in enumerate(pieces):
        walk.paths.piece = piece
        for statement in parse(text).body[first : last + 1]:
            walk.top(statement)
    return walk.reading()


class _Statements(Expressions):
    def __init__(self, doubted: frozenset[str]) -> None:
        super().__init__()
        self._doubted = doubted
        self._nested = 0
        self.declared: set[str] = set()
        self.shown: list[Spot] = []
        self.noisy: list[Spot] = []
        self.declarations: list[Spot] = []
        self.annotated: list[Spot] = []
        self.display: list[Spot] = []

    def reading(self) -> Reading:
        return Reading(
            needs=tuple(self.paths.needs.values()),
            bound=self.paths.bound_names(),
            declared=frozenset(self.declared),
            closures=tuple(self.closures),
            flows=tuple(self.flows),
            deletes=tuple(self.paths.deletes),
            suspends=tuple(self.suspends),
            views=tuple(self.views),
            calls=tuple(self.calls),
            shown=tuple(self.shown),
            noisy=tuple(self.noisy),
            declarations=tuple(self.declarations),
            annotated=tuple(self.annotated),
            hidden_strings=tuple(self.hidden_strings),
            display=tuple(self.display),
        )

    def top(self, statement: ast.stmt) -> None:
        """One statement of the run's own level."""
        if isinstance(statement, ast.Expr):
            self.shown.append(self.spot(ast.unparse(statement), statement.lineno))
        if not is_quiet(statement):
            self.noisy.append(self.spot(type(statement).__name__.lower(), statement.lineno))
        for node in ast.walk(statement):
            self.display += [self.spot(value, line) for value, line in display_settings(node)]
        self.statement(statement)

    def suite(self, body: Iterable[ast.stmt]) -> None:
        self._nested += 1
        for statement in body:
            self.statement(statement)
        self._nested -= 1

    def unsure(self, body: Iterable[ast.stmt]) -> None:
        sure, self.paths.sure = self.paths.sure, False
        self.suite(body)
        self.paths.sure = sure

    def statement(self, node: ast.stmt) -> None:
        if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
            self.assignment(node)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            self.import_(node)
        elif isinstance(node, (*FUNCTIONS, ast.ClassDef)):
            self.definition(node)
        elif isinstance(node, ast.If):
            self.expression(node.test)
            before = self.paths.fork()
            self.unsure(node.body)
            then, self.paths.state = self.paths.state, before
            self.unsure(node.orelse)
            self.paths.meet(then)
        elif isinstance(node, ast.For | ast.AsyncFor):
            self.for_(node)
        elif isinstance(node, ast.While):
            self.while_(node)
        elif isinstance(node, ast.With | ast.AsyncWith):
            self.with_(node)
        elif isinstance(node, _TRIES):
            self.try_(node)
        elif isinstance(node, ast.Match):
            self.match(node)
        elif isinstance(node, ast.Global):
            self.declarations.append(self.spot(f"global {', '.join(node.names)}", node.lineno))
        else:
            self.simple(node)

    def simple(self, node: ast.stmt) -> None:
        self.all(ast.iter_child_nodes(node))
        if isinstance(node, ast.Return):
            self.suspends.append(self.spot("return", node.lineno))
        elif isinstance(node, ast.Break) and self.paths.breaks:
            self.paths.breaks[-1].append(self.paths.fork())
        elif isinstance(node, ast.Continue) and self.paths.continues:
            self.paths.continues[-1].append(self.paths.fork())
        if isinstance(node, ast.Return | ast.Break | ast.Continue | ast.Raise):
            self.paths.leave()

    # bindings

    def assignment(self, node: ast.Assign | ast.AugAssign | ast.AnnAssign) -> None:
        if isinstance(node, ast.AnnAssign):
            if any(isinstance(inner, ast.Call | ast.NamedExpr) for inner in ast.walk(node.annotation)):
                self.annotated.append(self.spot(ast.unparse(node.annotation), node.lineno))
            if node.value is None:
                if isinstance(node.target, ast.Name):
                    self.declared.add(node.target.id)
                else:
                    self.expression(node.target)
                return
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        changed = isinstance(node, ast.AugAssign)
        value = node.value
        assert value is not None
        with self.gather() as given:
            if changed:  # `x[i] += 1` reads x and i before its value is worked out
                self.changed_target(targets[0])
            self.expression(value)
        for target in targets:
            if isinstance(target, ast.Name) or not changed:
                self.target(target)
            for name, binds in target_roots(target):
                self.flows.append(given.flow(name, (self.paths.piece, node.lineno), value, binds=binds))

    def changed_target(self, target: ast.expr) -> None:
        if isinstance(target, ast.Name):
            self.paths.read(target.id, target.lineno)
        else:
            self.target(target)

    def target(self, target: ast.expr) -> None:
        if isinstance(target, ast.Tuple | ast.List):
            for inner in target.elts:
                self.target(inner)
        elif isinstance(target, ast.Starred):
            self.target(target.value)
        else:
            self.expression(target)
            self.paths.calm = self.paths.calm and isinstance(target, ast.Name)

    def import_(self, node: ast.Import | ast.ImportFrom) -> None:
        view = view_of(node)
        if view:
            self.views.append(self.spot(view, node.lineno))
        self.paths.calm = False
        for alias in node.names:
            if alias.name == "*":
                self.declarations.append(self.spot(ast.unparse(node), node.lineno))
                continue
            name = import_name(alias) if isinstance(node, ast.Import) else alias.asname or alias.name
            self.paths.bind(name, node.lineno, "import inside" if self._nested else "import")

    def definition(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> None:
        place = (self.paths.piece, node.lineno)
        with self.gather() as given:
            self.all(eager_parts(node))
            if not isinstance(node, ast.ClassDef):
                self.all(parameter.annotation for parameter in parameters_of(node.args))
                self.all((node.returns,))
        with self.gather() as made:
            self.close(node, node.name)
        given.closures += made.closures
        self.flows.append(given.flow(node.name, place))
        if node.decorator_list:
            self.flows.append(given.flow("", place, binds=False))
            self.paths.calm = False
        if isinstance(node, ast.ClassDef):
            self.paths.calm = False
        self.paths.bind(node.name, node.lineno, "definition")

    # loops

    def for_(self, node: ast.For | ast.AsyncFor) -> None:
        if isinstance(node, ast.AsyncFor):
            self.suspends.append(self.spot("async for", node.lineno))
        with self.gather() as given:
            self.expression(node.iter)
        entry = self.paths.fork()
        runs = certainly_runs(node.iter)
        sure = self.paths.sure
        self._turn_back(node.body)
        self.paths.sure = sure and runs
        self.target(node.target)
        for name, binds in target_roots(node.target):
            self.flows.append(given.flow(name, (self.paths.piece, node.lineno), element_of(node.iter), binds=binds))
        self._body(node.body)
        self.paths.sure = sure
        if not runs:
            self.paths.meet(entry)
        self._after_loop(node.orelse)

    def while_(self, node: ast.While) -> None:
        endless = isinstance(node.test, ast.Constant) and bool(node.test.value)
        entry_sure = self.paths.sure
        entry = self.paths.fork()
        self._turn_back(node.body)
        self.expression(node.test)
        if isinstance(node.test, ast.NamedExpr) or any(isinstance(n, ast.NamedExpr) for n in ast.walk(node.test)):
            entry = self.paths.fork()
        self.paths.sure = entry_sure and endless
        self._body(node.body)
        self.paths.sure = entry_sure
        if endless:
            self.paths.leave()
        else:
            self.paths.meet(entry)
        self._after_loop(node.orelse)

    def _turn_back(self, body: list[ast.stmt]) -> None:
        self.paths.may_hold(set(body_scope(body).stored), unbound_in(body))
        self.paths.breaks.append([])
        self.paths.continues.append([])

    def _body(self, body: list[ast.stmt]) -> None:
        """One time round: after the first statement that may leave it nothing is sure."""
        sure = self.paths.sure
        self._nested += 1
        for statement in body:
            self.statement(statement)
            self.paths.sure = self.paths.sure and not may_jump(statement)
        self._nested -= 1
        self.paths.sure = sure
        self.paths.meet(*self.paths.continues.pop())

    def _after_loop(self, orelse: list[ast.stmt]) -> None:
        breaks = self.paths.breaks.pop()
        self.unsure(orelse)
        self.paths.meet(*breaks)

    # what may end early

    def with_(self, node: ast.With | ast.AsyncWith) -> None:
        if isinstance(node, ast.AsyncWith):
            self.suspends.append(self.spot("async with", node.lineno))
        swallows = False
        for item in node.items:
            with self.gather() as given:
                self.expression(item.context_expr)
            self.paths.calm = False
            swallows = swallows or self._swallows(item.context_expr)
            if swallows:
                break
            self._with_target(item, given.flow, node.lineno)
        if not swallows:
            self.suite(node.body)
            return
        sure = self.paths.sure
        self.paths.watch()
        for item in node.items:
            self._with_target(item, None, node.lineno)
        self.unsure(node.body)
        self.paths.sure = sure
        self.paths.meet(self.paths.raised())

    def _with_target(self, item: ast.withitem, flow: object, line: int) -> None:
        if item.optional_vars is None:
            return
        self.target(item.optional_vars)
        if callable(flow):
            for name, binds in target_roots(item.optional_vars):
                self.flows.append(flow(name, (self.paths.piece, line), None, binds=binds))

    def _swallows(self, manager: ast.expr) -> bool:
        made = manager.func if isinstance(manager, ast.Call) else manager
        name = dotted(made)
        return not name or name.rpartition(".")[2] in SWALLOWERS or name.partition(".")[0] in self._doubted

    def try_(self, node: ast.Try | ast.TryStar) -> None:
        sure = self.paths.sure
        if node.finalbody:
            self.paths.watch()
        self.paths.watch()
        self.unsure(node.body)
        raised = self.paths.raised()
        self.unsure(node.orelse)
        ends = [self.paths.state]
        for handler in node.handlers:
            self.paths.state = dict(raised) if raised is not None else None
            if handler.type:
                self.paths.sure = False
                self.expression(handler.type)
            if handler.name:
                self.paths.bind(handler.name, handler.lineno)
            self.unsure(handler.body)
            if handler.name and self.paths.state is not None:
                self.paths.unbind(handler.name, handler.lineno, handler=True)
            ends.append(self.paths.state)
        self.paths.state = None
        self.paths.meet(*ends)
        if node.finalbody:
            end = self.paths.fork()
            self.paths.meet(self.paths.raised())
            self.unsure(node.finalbody)  # on every way, for what it reads
            self.paths.state = end
            self.unsure(node.finalbody)  # on the ways that go on
        self.paths.sure = sure

    def match(self, node: ast.Match) -> None:
        with self.gather() as given:
            self.expression(node.subject)
        sure, self.paths.sure = self.paths.sure, False
        ends = []
        for case in node.cases:
            before = self.paths.fork()
            self.all(value for value in ast.walk(case.pattern) if isinstance(value, ast.expr))
            for name in captures(case.pattern):
                self.paths.bind(name, case.pattern.lineno)
                self.flows.append(given.flow(name, (self.paths.piece, case.pattern.lineno)))
            missed = self.paths.fork()
            if case.guard:
                self.expression(case.guard)
                missed = self.paths.fork()
            self.suite(case.body)
            ends.append(self.paths.state)
            always = isinstance(case.pattern, ast.MatchAs) and case.pattern.pattern is None and not case.guard
            self.paths.state = None
            if not always:
                self.paths.meet(before, missed)
        self.paths.meet(*ends)
        self.paths.sure = sure
