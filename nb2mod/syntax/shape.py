"""The shape of a definition: its syntax tree up to layout, comments, docstring, unread annotations and consistent renaming.

Two definitions of one shape do the same when their free names mean the same, slot by slot (`Shape.slots`). A name keeps its
spelling in the shape wherever something could see it: attributes, keywords, names inside code strings, nested functions and
their parameters when these escape, everything when the definition looks at its own namespace. Alpha-equivalence is decided
by numbering bindings in order of first appearance (de Bruijn 1972, with levels for indices).
"""

import ast
from collections.abc import Callable
from hashlib import blake2b
from typing import Any

from msgspec import Struct

from nb2mod.syntax.scopes import (
    COMPREHENSIONS,
    FunctionNode,
    comprehension_names,
    import_name,
)
from nb2mod.syntax.shape_definitions import DefinitionWriter, last_name
from nb2mod.syntax.strings import SIGNATURE_READERS
from nb2mod.syntax.tokens import token_bytes


class Shape(Struct, frozen=True):
    """`digest` is equal for equal shapes, `exact` for equal shapes and spellings; `params` and `tokens` as in `Definition`."""

    digest: bytes
    exact: bytes
    slots: tuple[str, ...]
    params: tuple[str, ...]
    nodes: int
    statements: int
    tokens: bytes


def shape_of(node: FunctionNode | ast.ClassDef, text: str) -> Shape:
    """The shape of a top-level definition; `text` is its source, or any text that contains it."""
    writer = _Writer(node, text)
    writer.definition(node)
    text = "\x00".join(writer.tokens)
    digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16)
    exact = digest.copy()
    exact.update("\x01".join(writer.spellings).encode("utf-8", "surrogatepass"))
    slots = tuple(writer.slots)
    tokens = token_bytes(writer.tokens, writer.starts, slots)
    return Shape(digest.digest(), exact.digest(), slots, tuple(writer.params), writer.nodes, writer.statements, tokens)


class _Writer(DefinitionWriter):
    """Writes tokens while it walks."""

    def node(self, node: ast.AST) -> None:
        self.nodes += 1
        kind = type(node)
        if kind is ast.Name:
            self.tokens.append("N" if type(node.ctx) is ast.Load else type(node.ctx).__name__)  # type: ignore[attr-defined]
            self.name(node.id)  # type: ignore[attr-defined]
            return
        special = _SPECIAL.get(kind)
        if special is not None:
            special(self, node)
            return
        self.tokens.append(kind.__name__)
        self.fields(node)

    def fields(self, node: ast.AST) -> None:
        tokens = self.tokens
        for field in node._fields:
            value = getattr(node, field, None)
            if isinstance(value, list):
                if value and isinstance(value[0], ast.stmt):
                    self.body(value)
                else:
                    tokens.append(f"[{len(value)}")
                    for item in value:
                        if isinstance(item, ast.AST):
                            self.node(item)
                        else:
                            tokens.append(repr(item))
            elif isinstance(value, ast.AST):
                if value._fields:
                    self.node(value)
                elif not isinstance(value, ast.expr_context):
                    tokens.append(type(value).__name__)
            else:
                tokens.append(repr(value))

    def constant(self, node: ast.Constant) -> None:
        value = node.value
        # repr() of an int refuses beyond 4,300 digits (CVE-2020-10735); hex does not.
        text = hex(value) if type(value) is int else repr(value)
        self.tokens.append(f"{type(value).__name__}:{text}")

    def call(self, node: ast.Call) -> None:
        self.tokens.append("Call")
        self.node(node.func)
        hides = last_name(node.func) in SIGNATURE_READERS
        self.tokens.append(f"[{len(node.args)}")
        for argument in node.args:
            self.argument(argument, keep=hides)
        recursive = isinstance(node.func, ast.Name) and node.func.id == self.own_name and self.own_name not in self.env
        for keyword in node.keywords:
            if recursive and keyword.arg in self.own_parameters and keyword.arg not in self.kept:
                # A recursive call names the parameter, which may be renamed with it. The root's scope is the first, number 1.
                key = (1, keyword.arg)
                self.spellings.append(keyword.arg)
                self.tokens.append(f"k v{self.numbers.setdefault(key, len(self.numbers))}")
            else:
                self.tokens.append(f"k {keyword.arg}")
            self.argument(keyword.value, keep=hides)

    def argument(self, node: ast.expr, *, keep: bool) -> None:
        if isinstance(node, ast.Lambda):
            self.lambda_(node, keep=keep)
        else:
            self.node(node)

    def assign(self, node: ast.Assign) -> None:
        self.tokens.append(f"Assign{len(node.targets)}")
        target = node.targets[0]
        if isinstance(node.value, ast.Lambda) and isinstance(target, ast.Name) and len(node.targets) == 1:
            self.lambda_(node.value, keep=self.escapes(target.id))
        else:
            self.node(node.value)
        for target in node.targets:
            self.node(target)

    def annotated_assign(self, node: ast.AnnAssign) -> None:
        in_class = self.env is not self.function_env
        if node.value is not None and not in_class and isinstance(node.target, ast.Name):
            self.assign(ast.Assign(targets=[node.target], value=node.value))
        else:
            self.tokens.append("AnnAssign")
            self.fields(node)

    def comprehension(self, node: ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp) -> None:
        self.tokens.append(type(node).__name__)
        first = node.generators[0]
        self.node(first.iter)
        before = self.enter(comprehension_names(node.generators))
        for generator in node.generators:
            self.tokens.append(f"for{generator.is_async}")
            self.node(generator.target)
            if generator is not first:
                self.node(generator.iter)
            self.many(generator.ifs)
        if isinstance(node, ast.DictComp):
            self.node(node.key)
            self.node(node.value)
        else:
            self.node(node.elt)
        self.leave(before)

    def import_(self, node: ast.Import) -> None:
        for alias in node.names:
            self.tokens.append(f"import {alias.name} {alias.asname is None and '.' in alias.name}")
            self.name(import_name(alias))

    def import_from(self, node: ast.ImportFrom) -> None:
        for alias in node.names:
            self.tokens.append(f"from {'.' * node.level}{node.module} import {alias.name}")
            self.name(alias.asname or alias.name)

    def handler(self, node: ast.ExceptHandler) -> None:
        self.tokens.append("except")
        if node.type:
            self.node(node.type)
        if node.name:
            self.tokens.append("as")
            self.name(node.name)
        self.body(node.body)

    def capture(self, node: ast.MatchAs | ast.MatchStar) -> None:
        self.tokens.append(type(node).__name__)
        pattern = getattr(node, "pattern", None)
        if pattern is not None:
            self.node(pattern)
        self.name(node.name) if node.name else self.tokens.append("_")

    def match_mapping(self, node: ast.MatchMapping) -> None:
        self.tokens.append("MatchMapping")
        self.many(node.keys)
        self.many(node.patterns)
        self.name(node.rest) if node.rest else self.tokens.append("-")

    def declaration(self, node: ast.Global | ast.Nonlocal) -> None:
        self.tokens.append(type(node).__name__)
        for name in node.names:
            self.name(name)

    def delete(self, node: ast.Delete) -> None:
        """`del (a, b)` is `del a, b`: black takes the parentheses away."""
        targets = list(node.targets)
        while len(targets) == 1 and isinstance(targets[0], ast.Tuple) and targets[0].elts:
            targets = list(targets[0].elts)
        self.tokens.append("Delete")
        self.many(targets)


_SPECIAL: dict[type[ast.AST], Callable[[_Writer, Any], None]] = {
    ast.Constant: _Writer.constant,
    ast.Call: _Writer.call,
    ast.Assign: _Writer.assign,
    ast.AnnAssign: _Writer.annotated_assign,
    ast.FunctionDef: _Writer.nested,
    ast.AsyncFunctionDef: _Writer.nested,
    ast.ClassDef: _Writer.nested_class,
    ast.Lambda: lambda writer, node: writer.lambda_(node, keep=True),
    **dict.fromkeys(COMPREHENSIONS, _Writer.comprehension),
    ast.Import: _Writer.import_,
    ast.ImportFrom: _Writer.import_from,
    ast.ExceptHandler: _Writer.handler,
    ast.MatchAs: _Writer.capture,
    ast.MatchStar: _Writer.capture,
    ast.MatchMapping: _Writer.match_mapping,
    ast.Global: _Writer.declaration,
    ast.Nonlocal: _Writer.declaration,
    ast.Delete: _Writer.delete,
}
