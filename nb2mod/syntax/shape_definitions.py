"""Functions, classes and lambdas as a shape writes them: what of their signatures, decorators and names it keeps. Everything
else is `shape.py`'s.
"""

import ast
from collections.abc import Sequence

from nb2mod.syntax.docstrings import split_docstring
from nb2mod.syntax.numbering import Numbering
from nb2mod.syntax.scopes import FUNCTIONS, FunctionNode, body_scope, outside_reads
from nb2mod.syntax.scopes import parameters as parameters_of

_HARMLESS_FOR_ANNOTATIONS = frozenset(
    "staticmethod classmethod property abstractmethod cache lru_cache cached_property contextmanager wraps jit njit vectorize "
    "no_grad inference_mode total_ordering".split()
)


class DefinitionWriter(Numbering):
    """`node` is given by whoever knows all kinds of nodes."""

    def node(self, node: ast.AST) -> None:
        raise NotImplementedError

    def definition(self, node: FunctionNode | ast.ClassDef) -> None:
        if isinstance(node, ast.ClassDef):
            self.tokens.append("." + node.name)
            self.class_(node)
        else:
            self.spellings.append(node.name)
            self.params.extend(parameter.arg for parameter in parameters_of(node.args))
            self.function(node, keep=False)

    def function(self, node: FunctionNode, *, keep: bool) -> None:
        """Everything of a function statement but its name."""
        self.nodes += 1
        self.tokens.append(type(node).__name__)
        self.many(node.decorator_list)
        read = any(last_name(decorator) not in _HARMLESS_FOR_ANNOTATIONS for decorator in node.decorator_list)
        self.signature(node.args, annotations=read)
        if read and node.returns:
            self.tokens.append("->")
            self.node(node.returns)
        _, body = split_docstring(node.body)
        scope = body_scope(node.body, node.args, walrus=self.walrus)
        before = self.enter(scope.bound, keep=keep, free=scope.declared_global)
        if keep:
            # A caller could see the parameters; plain locals stay free to be renamed.
            seen = {parameter.arg for parameter in parameters_of(node.args)}
            for name in scope.bound - seen - self.kept:
                self.env[name] = (self.scopes, name)
        for parameter in parameters_of(node.args):
            self.name(parameter.arg)
        self.body(body)
        self.leave(before)

    def signature(self, arguments: ast.arguments, *, annotations: bool) -> None:
        """Kinds and defaults of parameters; the names are written inside the function's scope."""
        counts = (len(arguments.posonlyargs), len(arguments.args), len(arguments.kwonlyargs))
        self.tokens.append(f"({counts}{bool(arguments.vararg)}{bool(arguments.kwarg)}")
        self.many(arguments.defaults)
        self.tokens.append("|")
        for default in arguments.kw_defaults:
            self.node(default) if default is not None else self.tokens.append("-")
        if annotations:
            for parameter in parameters_of(arguments):
                self.node(parameter.annotation) if parameter.annotation else self.tokens.append("-")

    def class_(self, node: ast.ClassDef) -> None:
        """Everything of a class statement but its name; attributes keep theirs."""
        self.nodes += 1
        self.tokens.append("ClassDef")
        self.many(node.decorator_list)
        self.many(node.bases)
        self.many(node.keywords)
        _, body = split_docstring(node.body)
        scope = body_scope(node.body, walrus=self.walrus)
        before = self.enter(scope.bound, is_class=True, free=scope.declared_global)
        self.tokens.append("{")
        unbound = scope.bound
        for statement in body:
            self.statements += 1
            self.starts.append(len(self.tokens))
            for name in outside_reads(statement, unbound):
                self.tokens.append("outside")
                self.free(name)
            unbound -= body_scope((statement,), walrus=self.walrus).bound
            if isinstance(statement, FUNCTIONS):
                self.spellings.append(statement.name)
                self.tokens.append("." + statement.name)
                self.method(statement)
            else:
                self.node(statement)
        self.tokens.append("}")
        self.leave(before)

    def method(self, node: FunctionNode) -> None:
        own = [parameter.arg for parameter in parameters_of(node.args)]
        static = any(last_name(decorator) == "staticmethod" for decorator in node.decorator_list)
        visible = own if static or not (node.args.posonlyargs or node.args.args) else own[1:]
        self.params.extend(f"{node.name}.{name}" for name in visible)
        self.function(node, keep=False)

    def nested(self, node: FunctionNode) -> None:
        self.name(node.name)
        self.function(node, keep=self.escapes(node.name))

    def lambda_(self, node: ast.Lambda, *, keep: bool) -> None:
        self.nodes += 1
        self.tokens.append("Lambda")
        self.signature(node.args, annotations=False)
        names = [parameter.arg for parameter in parameters_of(node.args)]
        before = self.enter(names, keep=keep)
        for name in names:
            self.name(name)
        self.node(node.body)
        self.leave(before)

    def nested_class(self, node: ast.ClassDef) -> None:
        self.name(node.name)
        # A class's name shows in repr and pickles wherever an instance goes: it is never renamed.
        self.tokens.append("." + node.name)
        self.class_(node)

    # suites and lists

    def body(self, body: Sequence[ast.stmt]) -> None:
        """A suite; an empty one (a docstring alone) is `pass`."""
        self.tokens.append("{")
        if not body:
            self.statements += 1
            self.tokens.append("Pass")
        for statement in body:
            self.statements += 1
            self.starts.append(len(self.tokens))
            self.node(statement)
        self.tokens.append("}")

    def many(self, nodes: Sequence[ast.AST]) -> None:
        self.tokens.append(f"[{len(nodes)}")
        for node in nodes:
            self.node(node)


def last_name(node: ast.AST) -> str:
    """`c` of `a.b.c`, `c(…)`; "" for anything else."""
    if isinstance(node, ast.Call):
        return last_name(node.func)
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""
