"""One cell's Python → what it binds and reads at the notebook's level, and its definitions. One walk, made for speed:
this is the inner loop of a cold scan.
"""

import ast
from collections.abc import Callable, Sequence
from typing import Any

from nb2mod.model import BindKind, Statement, Use, UseKind
from nb2mod.syntax.reader_scopes import ScopeReader
from nb2mod.syntax.scopes import COMPREHENSIONS, FUNCTIONS
from nb2mod.syntax.statements import trace
from nb2mod.syntax.strings import called_name, code_names
from nb2mod.syntax.weighing import weight

_NAMESPACE_WRITERS = frozenset(("exec", "globals", "vars", "locals"))
# What these are given, or are methods of, they only read.
_LOOKS = frozenset("eval get items keys len list print repeat run_docstring_examples sorted testmod timeit".split())


class Reader(ScopeReader):
    """Walks the top-level statements of one cell."""

    # walking

    def read(self, body: Sequence[ast.stmt]) -> None:
        for index, statement in enumerate(body):
            self.statement = index
            bound = len(self.bindings)
            self.visit(statement)
            line = statement.lineno
            decorators = getattr(statement, "decorator_list", None)
            if decorators:
                line = min(line, decorators[0].lineno)
            looks = trace(statement)
            size, decisions = weight((statement,))
            self.statements.append(
                Statement(
                    line,
                    statement.end_lineno or line,
                    type(statement).__name__.lower(),
                    len(self.bindings) > bound,
                    looks.skeleton,
                    looks.fixed,
                    looks.names,
                    size,
                    decisions,
                )
            )

    def visit(self, node: ast.AST, detail: str = "") -> None:
        kind = type(node)
        if kind is ast.Name:
            name = node.id  # type: ignore[attr-defined]
            if type(node.ctx) is ast.Load:  # type: ignore[attr-defined]
                if name not in self.hidden:
                    self.uses.append(
                        Use(name, UseKind.VALUE, node.lineno, detail, self.owner, self.deferred, self.statement)  # type: ignore[attr-defined]
                    )
            elif not self.inside and name not in self.hidden:
                deleted = type(node.ctx) is ast.Del  # type: ignore[attr-defined]
                self.bind(name, BindKind.DELETE if deleted else BindKind.ASSIGN, node.lineno)  # type: ignore[attr-defined]
            return
        if kind is ast.Constant:
            text = node.value  # type: ignore[attr-defined]
            if type(text) is str and text.isidentifier():
                self.strings.add(text)
            return
        handler = _HANDLERS.get(kind)
        if handler is not None:
            handler(self, node)
            return
        for field in _FIELDS.get(kind) or kind._fields:
            value: Any = getattr(node, field, None)
            inner = type(value)
            if inner is list:
                for item in value:
                    if isinstance(item, ast.AST):
                        self.visit(item, detail)
            elif inner is ast.Name and type(value.ctx) is ast.Load:
                # Names are most of what is met here, and a call costs more than what is to be done for one.
                if value.id not in self.hidden:
                    self.uses.append(
                        Use(value.id, UseKind.VALUE, value.lineno, detail, self.owner, self.deferred, self.statement)
                    )
            elif isinstance(value, ast.AST):
                self.visit(value, detail)

    def uncertain(self, node: ast.AST) -> None:
        """Compound statements: what stands in their suites happens or not."""
        before, self.certain = self.certain, False
        for field in node._fields:
            value = getattr(node, field, None)
            if type(value) is list:
                self.visit_all(item for item in value if isinstance(item, ast.AST))
            elif isinstance(value, ast.AST):
                if field == "iter":
                    self.looked_at.append(value)
                self.visit(value, "for" if field == "iter" else "")
        self.certain = before

    def call(self, node: ast.Call) -> None:
        func = node.func
        callee = called_name(node)
        if type(func) is ast.Name:
            self.use(func.id, _call_kind(node), node.lineno, ",".join(k.arg or "**" for k in node.keywords))
            if func.id in _NAMESPACE_WRITERS and func.id not in self.hidden:
                self.namespace(node, func.id)
        elif type(func) is ast.Attribute:
            if func.attr in _LOOKS:
                self.looked_at.append(func.value)
            self.attribute_chain(func, UseKind.ATTRIBUTE_CALL)
            callee = "." + callee
        else:
            self.visit(func)
        if callee.lstrip(".") in _LOOKS:
            self.looked_at.extend((*node.args, *(keyword.value for keyword in node.keywords)))
        for argument in node.args:
            self.visit(argument, callee)
        for keyword in node.keywords:
            if keyword.arg:
                self.keywords.add(keyword.arg)
            else:
                self.keywords.add("**")
            self.visit(keyword.value, callee)
        for name in code_names(node):
            self.use(name, UseKind.STRING, node.lineno, callee)

    def attribute(self, node: ast.Attribute) -> None:
        stored = type(node.ctx) is not ast.Load
        self.attribute_chain(node, UseKind.ATTRIBUTE_STORE if stored else UseKind.ATTRIBUTE)

    def attribute_chain(self, node: ast.Attribute, kind: UseKind) -> None:
        parts = [node.attr]
        inner = node.value
        while type(inner) is ast.Attribute:
            parts.append(inner.attr)
            inner = inner.value
        if type(inner) is ast.Name:
            self.use(inner.id, kind, node.lineno, ".".join(reversed(parts)))
        else:
            self.visit(inner, "." + parts[-1])

    def subscript(self, node: ast.Subscript) -> None:
        stored = type(node.ctx) is not ast.Load
        inner: ast.expr = node.value
        if type(inner) is ast.Name:
            self.use(inner.id, UseKind.SUBSCRIPT_STORE if stored else UseKind.SUBSCRIPT, node.lineno)
        elif stored:
            # a[0][1] = …, a.b[0] = …: the root object changes inside.
            while isinstance(inner, ast.Subscript | ast.Attribute):
                inner = inner.value
            if type(inner) is ast.Name:
                self.use(inner.id, UseKind.SUBSCRIPT_STORE, node.lineno)
            self.visit(node.value)
        else:
            if type(inner) is ast.Call:
                self.looked_at.append(inner)
            self.visit(inner)
        self.visit(node.slice, "[]")

    def compare(self, node: ast.Compare) -> None:
        self.visit(node.left)
        self.looked_at.extend(one for one in node.comparators if type(one) is ast.Call)
        for operator, right in zip(node.ops, node.comparators, strict=True):
            self.visit(right, "in" if isinstance(operator, ast.In | ast.NotIn) else "")

    # bindings

    def assign(self, node: ast.Assign) -> None:
        target = node.targets[0]
        if len(node.targets) == 1 and type(target) is ast.Name:
            self.visit(node.value, "=")
            self.bind_value(target.id, node.value, node.lineno)
        else:
            self.visit(node.value, "=")
            self.visit_all(node.targets)

    def annotated_assign(self, node: ast.AnnAssign) -> None:
        self.annotation(node.annotation)
        if node.value is not None:
            self.visit(node.value, "=")
        if type(node.target) is not ast.Name:
            self.visit(node.target)
        elif node.value is not None:
            self.bind_value(node.target.id, node.value, node.lineno)
        else:
            self.bind(node.target.id, BindKind.ANNOTATION, node.lineno)

    def augmented_assign(self, node: ast.AugAssign) -> None:
        self.visit(node.value)
        if type(node.target) is ast.Name:
            self.use(node.target.id, UseKind.VALUE, node.lineno, "+=")
            if node.target.id not in self.hidden:
                self.bind(node.target.id, BindKind.AUGMENTED, node.lineno)
        else:
            self.visit(node.target)

    def walrus(self, node: ast.NamedExpr) -> None:
        self.visit(node.value)
        if not self.inside:
            # Inside a comprehension too, a walrus binds in the notebook (PEP 572).
            self.bind(node.target.id, BindKind.ASSIGN, node.lineno)

    def handler(self, node: ast.ExceptHandler) -> None:
        if node.type:
            self.visit(node.type)
        if node.name and node.name not in self.hidden:
            self.bind(node.name, BindKind.ASSIGN, node.lineno)
            self.bind(node.name, BindKind.DELETE, node.lineno)
        self.visit_all(node.body)

    def capture(self, node: ast.MatchAs | ast.MatchStar | ast.MatchMapping) -> None:
        name = node.rest if isinstance(node, ast.MatchMapping) else node.name
        if name and name not in self.hidden:
            self.bind(name, BindKind.ASSIGN, node.lineno)
        for child in ast.iter_child_nodes(node):
            self.visit(child)


def _call_kind(node: ast.Call) -> UseKind:
    for argument in node.args:
        if type(argument) is ast.Starred:
            return UseKind.CALL_SPREAD
    for keyword in node.keywords:
        if keyword.arg is None:
            return UseKind.CALL_SPREAD
    return UseKind.CALL_KEYWORDS if node.keywords else UseKind.CALL


def _skip(_reader: Reader, _node: ast.AST) -> None:
    """Global, nonlocal, pass: no reads; a global of a function is read through its scope."""


# The fields that hold nodes, for the kinds that make up most of a cell and have no handler.
_FIELDS: dict[type[ast.AST], tuple[str, ...]] = {
    ast.BinOp: ("left", "right"),
    ast.BoolOp: ("values",),
    ast.UnaryOp: ("operand",),
    ast.Expr: ("value",),
    ast.Return: ("value",),
    ast.Tuple: ("elts",),
    ast.List: ("elts",),
    ast.Set: ("elts",),
    ast.Dict: ("keys", "values"),
    ast.IfExp: ("test", "body", "orelse"),
    ast.JoinedStr: ("values",),
    ast.FormattedValue: ("value", "format_spec"),
    ast.Slice: ("lower", "upper", "step"),
    ast.Starred: ("value",),
    ast.Assert: ("test", "msg"),
    ast.Raise: ("exc", "cause"),
    ast.withitem: ("context_expr", "optional_vars"),
    ast.Await: ("value",),
}

_HANDLERS: dict[type[ast.AST], Callable[[Reader, Any], None]] = {
    ast.Call: Reader.call,
    ast.Attribute: Reader.attribute,
    ast.Subscript: Reader.subscript,
    ast.Compare: Reader.compare,
    ast.Assign: Reader.assign,
    ast.AnnAssign: Reader.annotated_assign,
    ast.AugAssign: Reader.augmented_assign,
    ast.NamedExpr: Reader.walrus,
    ast.Import: Reader.import_,
    ast.ImportFrom: Reader.import_from,
    ast.ExceptHandler: Reader.handler,
    ast.MatchAs: Reader.capture,
    ast.MatchStar: Reader.capture,
    ast.MatchMapping: Reader.capture,
    **dict.fromkeys(FUNCTIONS, Reader.function),
    ast.Lambda: Reader.lambda_,
    ast.ClassDef: Reader.class_,
    **dict.fromkeys(COMPREHENSIONS, Reader.comprehension),
    **dict.fromkeys(
        (ast.If, ast.For, ast.AsyncFor, ast.While, ast.Try, ast.With, ast.AsyncWith, ast.Match, ast.TryStar),
        Reader.uncertain,
    ),
    **dict.fromkeys((ast.Global, ast.Nonlocal, ast.Pass, ast.Break, ast.Continue), _skip),
}
