"""Functions, classes, lambdas and comprehensions for the reader: what they hide from the notebook's level, and what of them is
read there. What a cell reads outside them is `reader.py`'s.
"""

import ast
from collections.abc import Iterable
from typing import Any

from nb2mod.model import BindKind, UseKind
from nb2mod.syntax.recorder import Recorder
from nb2mod.syntax.scopes import SIMPLE, FunctionNode, body_scope, comprehension_names
from nb2mod.syntax.scopes import parameters as parameters_of
from nb2mod.syntax.strings import annotation_names


class ScopeReader(Recorder):
    """`visit` is given by whoever knows all kinds of nodes."""

    def visit(self, node: ast.AST, detail: str = "") -> None:
        raise NotImplementedError

    def visit_all(self, nodes: Iterable[ast.AST | None], detail: str = "") -> None:
        for node in nodes:
            if node is not None:
                self.visit(node, detail)

    def function(self, node: FunctionNode) -> None:
        owner = self.define(node)
        before = self.owner
        self.owner = owner
        for decorator in node.decorator_list:
            self.decorator(decorator)
        for parameter in parameters_of(node.args):
            if parameter.annotation:
                self.annotation(parameter.annotation)
        if node.returns:
            self.annotation(node.returns)
        # Nothing calls what is only kept as a default of a plain function, before somebody uses that function.
        kept = "default" if not (self.inside or node.decorator_list) else ""
        for default in (*node.args.defaults, *node.args.kw_defaults):
            if default is not None:
                self.visit(default, kept if isinstance(default, ast.Name) else "")
        scope = body_scope(node.body, node.args, walrus=self.has_walrus)
        line = node.lineno
        for name in scope.declared_global & scope.stored:
            self.bind(name, BindKind.DECLARED, line, owner=self.owner)
        self.enter_function(scope.bound, node.body, free=scope.declared_global)
        self.owner = before

    def enter_function(self, names: frozenset[str], body: Iterable[ast.AST], free: Iterable[str] = ()) -> None:
        before = (self.hidden, self.function_hidden, self.deferred, self.inside)
        self.hidden = self.function_hidden = self.function_hidden.difference(free) | names
        self.deferred = self.inside = True
        self.visit_all(body)
        self.hidden, self.function_hidden, self.deferred, self.inside = before

    def lambda_(self, node: ast.Lambda) -> None:
        self.visit_all((*node.args.defaults, *node.args.kw_defaults))
        names = frozenset(parameter.arg for parameter in parameters_of(node.args))
        self.enter_function(names, (node.body,))

    def class_(self, node: ast.ClassDef) -> None:
        owner = self.define(node)
        before = (self.owner, self.hidden, self.inside)
        self.owner = owner
        for decorator in node.decorator_list:
            self.decorator(decorator)
        for base in (*node.bases, *(keyword.value for keyword in node.keywords)):
            if type(base) is ast.Name:
                self.use(base.id, UseKind.BASE, node.lineno)
            else:
                self.visit(base)
        # A class body reads a name before it binds it from outside: `x = x` in a class is a read of the notebook's x.
        whole = body_scope(node.body, walrus=self.has_walrus).bound
        bound: frozenset[str] = frozenset()
        self.inside = True
        for statement in node.body:
            own = whole & body_scope((statement,), walrus=self.has_walrus).bound
            self.hidden = self.function_hidden | (bound if isinstance(statement, SIMPLE) else bound | own)
            self.visit(statement)
            bound |= own
        self.owner, self.hidden, self.inside = before

    def define(self, node: FunctionNode | ast.ClassDef) -> int:
        """Records a definition of the notebook's level and binds its name; a nested one belongs to its owner."""
        if self.inside:
            return self.owner
        index = len(self.definitions)
        self.definitions.append((node, self.statement, not self.certain))
        kind = BindKind.CLASS if isinstance(node, ast.ClassDef) else BindKind.DEF
        self.bind(node.name, kind, node.lineno, owner=index)
        return index

    def decorator(self, node: ast.expr) -> None:
        inner = node.func if isinstance(node, ast.Call) else node
        parts: list[str] = []
        while isinstance(inner, ast.Attribute):
            parts.append(inner.attr)
            inner = inner.value
        if isinstance(inner, ast.Name):
            self.use(inner.id, UseKind.DECORATOR, node.lineno, ".".join(reversed(parts)))
        else:
            self.visit(inner)
        if isinstance(node, ast.Call):
            self.visit_all((*node.args, *(keyword.value for keyword in node.keywords)))

    def annotation(self, node: ast.expr) -> None:
        for inner in ast.walk(node):
            if isinstance(inner, ast.Name):
                self.use(inner.id, UseKind.ANNOTATION, inner.lineno)
            elif isinstance(inner, ast.Constant) and isinstance(inner.value, str):
                for name in annotation_names(inner.value):
                    self.use(name, UseKind.STRING, inner.lineno, "annotation")

    def comprehension(self, node: Any) -> None:
        first = node.generators[0]
        self.looked_at.append(first.iter)
        self.visit(first.iter, "for")
        before = (self.hidden, self.function_hidden)
        names = comprehension_names(node.generators)
        base = self.function_hidden if self.inside else self.hidden
        self.hidden = base | names
        self.function_hidden = self.function_hidden | names
        for generator in node.generators:
            if generator is not first:
                self.visit(generator.iter, "for")
            self.visit_all(generator.ifs)
        self.visit_all((node.key, node.value) if isinstance(node, ast.DictComp) else (node.elt,))
        self.hidden, self.function_hidden = before
