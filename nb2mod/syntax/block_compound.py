"""Statements that hold others: loops, `with`, `try`, `match`, and which paths lead through them. Single statements are
`block_reading.py`'s.
"""

import ast
from collections.abc import Iterable

from nb2mod.syntax.block_expressions import Expressions
from nb2mod.syntax.block_forms import captures, certainly_runs, element_of, may_jump, target_roots, unbound_in
from nb2mod.syntax.evaluated import dotted
from nb2mod.syntax.scopes import body_scope

# They go on after an error.
SWALLOWERS = frozenset("suppress raises assertRaises assertRaisesRegex ignored Output ExitStack AsyncExitStack".split())


class Compound(Expressions):
    """`statement` and `target` are given by whoever knows them all."""

    def __init__(self, doubted: frozenset[str]) -> None:
        super().__init__()
        self.doubted = doubted
        self.nested = 0

    def statement(self, node: ast.stmt) -> None:
        raise NotImplementedError

    def target(self, target: ast.expr) -> None:
        raise NotImplementedError

    def suite(self, body: Iterable[ast.stmt]) -> None:
        self.nested += 1
        for statement in body:
            self.statement(statement)
        self.nested -= 1

    def unsure(self, body: Iterable[ast.stmt]) -> None:
        sure, self.paths.sure = self.paths.sure, False
        self.suite(body)
        self.paths.sure = sure

    # loops

    def for_(self, node: ast.For | ast.AsyncFor) -> None:
        if isinstance(node, ast.AsyncFor):
            self.suspends.append(self.spot("async for", node.lineno))
        with self.gather() as given:
            self.expression(node.iter)
        entry = self.paths.fork()
        constants = {name: value for name, value in self.paths.constants.items() if name not in self.doubted}
        runs = certainly_runs(node.iter, constants, self.doubted | self.paths.first.keys())
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
        self.nested += 1
        for statement in body:
            self.statement(statement)
            self.paths.sure = self.paths.sure and not may_jump(statement)
        self.nested -= 1
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
        return not name or name.rpartition(".")[2] in SWALLOWERS or name.partition(".")[0] in self.doubted

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
