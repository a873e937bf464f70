"""The order in which the parts of an expression are evaluated, and which of them may not be. What `paths.py` asks of one."""

import ast
from contextlib import AbstractContextManager

from nb2mod.stages.verify.proof.looks import code_names
from nb2mod.stages.verify.proof.scopes import COMPREHENSIONS, Comprehension, comprehension_names, evaluated_with, reads
from nb2mod.stages.verify.proof.trees import all_nodes

Bound = frozenset[str]


class Evaluation:
    """Expressions: each method takes the names that are certainly bound before, and gives those bound after.

    `hidden` are the loop variables of the comprehensions that the walk stands in: names of nobody else.
    """

    hidden: Bound = frozenset()

    def read(self, name: str, node: ast.AST, bound: Bound) -> None:
        """One read of a name; `paths.py` keeps it."""
        raise NotImplementedError

    def meet(self, names: Bound) -> Bound:
        """Names that are bound here, and the same ones."""
        raise NotImplementedError

    def hold(self, name: str, holder: ast.AST, bound: Bound) -> None:
        """One read that waits until `holder` runs."""
        raise NotImplementedError

    def name_in_text(self, name: str, bound: Bound) -> None:
        """A name in a string that is code."""
        raise NotImplementedError

    def maybe(self) -> AbstractContextManager[None]:
        """What is walked meanwhile may not run."""
        raise NotImplementedError

    def value(self, node: ast.AST, bound: Bound) -> Bound:
        """An expression that is evaluated for its value."""
        match node:
            case ast.Name(id=name, ctx=ast.Load()):
                self.read(name, node, bound)
                return bound
            case ast.NamedExpr(target=target, value=inner):
                return self.target(target, self.value(inner, bound))
            case ast.Lambda():
                return self._lambda(node, bound)
            case ast.BoolOp() | ast.IfExp():
                yes, no = self.when(node, bound)
                return yes & no
            case ast.Compare():
                return self._compare(node, bound)
            case ast.Call():
                for name in sorted(code_names(node)):
                    self.name_in_text(name, bound)
        if isinstance(node, COMPREHENSIONS):
            return self._comprehension(node, bound)
        for child in ast.iter_child_nodes(node):
            bound = self.value(child, bound)
        return bound

    def target(self, node: ast.expr, bound: Bound) -> Bound:
        """What an assignment binds; parts of it may be evaluated: `rows[i] = 1`."""
        match node:
            case ast.Name(id=name):
                return bound | self.meet(frozenset({name}))
            case ast.Tuple(elts=items) | ast.List(elts=items):
                for item in items:
                    bound = self.target(item, bound)
                return bound
            case ast.Starred(value=inner):
                return self.target(inner, bound)
        for child in ast.iter_child_nodes(node):
            bound = self.value(child, bound)
        return bound

    def when(self, node: ast.expr, bound: Bound) -> tuple[Bound, Bound]:
        """What is bound when a condition holds, and when it does not."""
        match node:
            case ast.UnaryOp(op=ast.Not(), operand=inner):
                yes, no = self.when(inner, bound)
                return no, yes
            case ast.BoolOp(op=op, values=[first, *rest]):
                return self._chain(isinstance(op, ast.And), first, rest, bound)
            case ast.IfExp(test=test, body=body, orelse=orelse):
                yes, no = self.when(test, bound)
                with self.maybe():
                    both = self.value(body, yes) & self.value(orelse, no)
                return both, both
        bound = self.value(node, bound)
        return bound, bound

    def _chain(self, every: bool, first: ast.expr, rest: list[ast.expr], bound: Bound) -> tuple[Bound, Bound]:
        """`a and b and c` holds when all were evaluated; it may fail after the first. `or` the other way round."""
        yes, no = self.when(first, bound)
        with self.maybe():
            for inner in rest:
                if every:
                    yes, failed = self.when(inner, yes)
                    no &= failed
                else:
                    held, no = self.when(inner, no)
                    yes &= held
        return yes, no

    def _compare(self, node: ast.Compare, bound: Bound) -> Bound:
        """`a < b < c`: what comes third may not be evaluated."""
        bound = self.value(node.comparators[0], self.value(node.left, bound))
        state = bound
        with self.maybe():
            for inner in node.comparators[1:]:
                state = self.value(inner, state)
        return bound

    def _lambda(self, node: ast.Lambda, bound: Bound) -> Bound:
        for default in evaluated_with(node.args):
            bound = self.value(default, bound)
        for read in reads(node):
            if read.deferred and read.name not in self.hidden:
                self.hold(read.name, node, bound)
        return bound

    def _comprehension(self, node: Comprehension, bound: Bound) -> Bound:
        """Its own names hide others. A generator reads when it is asked: its reads are both, of now and held."""
        bound = self.value(node.generators[0].iter, bound)
        if isinstance(node, ast.GeneratorExp):
            around = {id(inner) for inner in all_nodes(node.generators[0].iter)}
            for read in reads(node):
                if id(read.node) not in around and read.name not in self.hidden:
                    self.hold(read.name, node, bound)
        own = comprehension_names(node).bound
        around_hidden, self.hidden = self.hidden, self.hidden | own
        inside = bound | own
        with self.maybe():
            for position, generator in enumerate(node.generators):
                if position:
                    inside = self.value(generator.iter, inside)
                inside = self.target(generator.target, inside)
                for condition in generator.ifs:
                    inside = self.when(condition, inside)[0]
            parts = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
            for part in parts:
                inside = self.value(part, inside)
        self.hidden = around_hidden
        return bound
