"""What a copy becomes with its parameters, and the check of every result: all copies then have one shape, and each with its own
values put back is what it was.
"""

import ast
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from nb2mod.model import NewParameter
from nb2mod.stages.unify.sources import Source
from nb2mod.stages.unify.spans import line_ends, replaced
from nb2mod.stages.unify.terms import number_of
from nb2mod.syntax import parse
from nb2mod.syntax.shape import shape_of


def lifted_key(source: Source, parameters: Sequence[NewParameter]) -> object | None:
    """What the lifted function is, equal where two are the same function; None when the check of this copy fails."""
    if not parameters:
        return *source.shape, ()
    found = _shape(source.text, tuple(parameters))
    if found is None:
        return None
    digest, slots = found
    keys = tuple(source.keys.get(name, f"?{name}") for name in slots)
    defaults = tuple((one.name, one.kind, one.default) for one in parameters)
    return digest, keys, defaults


@lru_cache(maxsize=4096)  # the same copies are unified again without those that were refused
def _shape(before: str, parameters: tuple[NewParameter, ...]) -> tuple[bytes, tuple[str, ...]] | None:
    """Shape and free names of the lifted function; None when its check fails."""
    text = replaced(before, [edit for one in parameters for edit in one.replacements])
    if line_ends(text) != line_ends(before):
        return None
    try:
        node = _with_parameters(text, parameters)
        shape = shape_of(node, text)
        return (shape.digest, shape.slots) if _gives_back(node, before, parameters) else None
    except (SyntaxError, ValueError):
        return None


def _with_parameters(text: str, parameters: Sequence[NewParameter]) -> Any:
    """The function of a text with its new parameters in the signature."""
    node: Any = parse(text).body[0]
    for one in parameters:
        if one.kind != "default":
            node.args.kwonlyargs.append(ast.arg(one.name))
            node.args.kw_defaults.append(_expression(one.default) if one.default else None)
    return node


def _gives_back(node: Any, text: str, parameters: Sequence[NewParameter]) -> bool:
    """Whether the lifted function, its parameters gone and this copy's values in their places, is the copy."""
    new = {one.name: one.value or one.default for one in parameters if one.kind != "default"}
    if new:
        count = len(new)
        del node.args.kwonlyargs[-count:], node.args.kw_defaults[-count:]
    for one in parameters:
        if one.kind == "default":
            _set_default(node.args, one)
    back = _PutBack(new).visit(node)
    return ast.dump(_Joined().visit(back)) == _dump(text)


@lru_cache(maxsize=1024)
def _dump(text: str) -> str:
    """The function of a text as its lifted one is to be again."""
    return ast.dump(_Joined().visit(parse(text).body[0]))


def _set_default(arguments: ast.arguments, one: NewParameter) -> None:
    value = _expression(one.value or one.default)
    if one.position == -1:
        at = [argument.arg for argument in arguments.kwonlyargs].index(one.name)
        arguments.kw_defaults[at] = value
    else:
        positional = len(arguments.posonlyargs) + len(arguments.args)
        arguments.defaults[(one.position or 0) - (positional - len(arguments.defaults))] = value


def _expression(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body


class _PutBack(ast.NodeTransformer):
    """Values in place of names that are read."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return (
            _expression(self._values[node.id]) if node.id in self._values and isinstance(node.ctx, ast.Load) else node
        )


class _Joined(ast.NodeTransformer):
    """Texts of f-strings in one piece, a field that only holds a text among them; prefixes of texts forgotten; sums of numbers
    made, since one value may be written in two ways.
    """

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        return self._folded(node)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.expr:
        return self._folded(node)

    def _folded(self, node: ast.BinOp | ast.UnaryOp) -> ast.expr:
        value = number_of(node)
        return ast.Constant(value) if value is not None else self.generic_visit(node)  # type: ignore[return-value]

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.expr:
        self.generic_visit(node)
        values: list[ast.expr] = []
        for value in node.values:
            text = _plain_text(value)
            if text is None:
                values.append(value)
            elif values and isinstance(values[-1], ast.Constant):
                values[-1] = ast.Constant(str(values[-1].value) + text)
            elif text:
                values.append(ast.Constant(text))
        if not values or all(isinstance(value, ast.Constant) for value in values):
            return values[0] if values else ast.Constant("")
        return ast.JoinedStr(values)

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        return ast.Constant(node.value)


def _plain_text(node: ast.expr) -> str | None:
    inner: ast.AST = node
    if isinstance(node, ast.FormattedValue) and node.conversion == -1 and node.format_spec is None:
        inner = node.value
    return inner.value if isinstance(inner, ast.Constant) and isinstance(inner.value, str) else None
