"""f-strings of which a stretch of text became a field: `f"{x} km"` and `f"{x} {unit}"`."""

import ast
from typing import Protocol

Field = ast.FormattedValue


class Holes(Protocol):
    """What `raising.py` has: both are told there."""

    def node(self, old: ast.AST, new: ast.AST) -> ast.AST:
        """Two fields in step."""

    def hole(self, name: str, old: ast.expr, *, text: bool = False) -> ast.Name:
        """A stretch of text as a read of a parameter."""


def filled(old: ast.JoinedStr, new: ast.JoinedStr, names: frozenset[str], holes: Holes) -> ast.JoinedStr | None:
    """The old text with the new one's fields; None when the two do not fit, or no text became a field."""
    own, theirs = _split(old, frozenset()), _split(new, names)
    if len(own) != len(theirs) or len(_fields(old)) == len(_fields(new)):
        return None
    cuts = [_cut("".join(map(_text, one)), other) for (one, _), (other, _) in zip(own, theirs, strict=True)]
    if any(cut is None for cut in cuts):
        return None
    values: list[ast.expr] = []
    for (_, field), (stretch, other), cut in zip(own, theirs, cuts, strict=True):
        for each in stretch:
            if isinstance(each, Field) and isinstance(each.value, ast.Name):
                text = ast.copy_location(ast.Constant(cut), old)
                values.append(ast.copy_location(Field(holes.hole(each.value.id, text, text=True), -1, None), old))
            else:
                values.append(ast.copy_location(ast.Constant(_text(each)), old))
        if field is not None and other is not None:
            made = holes.node(field, other)
            assert isinstance(made, ast.expr)
            values.append(made)
    return ast.copy_location(ast.JoinedStr(values), old)


def _split(node: ast.JoinedStr, names: frozenset[str]) -> list[tuple[list[ast.expr], Field | None]]:
    """Stretches of text, fields of `names` among them, each with the field that ends it."""
    found: list[tuple[list[ast.expr], Field | None]] = []
    stretch: list[ast.expr] = []
    for each in node.values:
        if isinstance(each, Field) and not _is_plain(each, names):
            found.append((stretch, each))
            stretch = []
        else:
            stretch.append(each)
    return [*found, (stretch, None)]


def _cut(text: str, stretch: list[ast.expr]) -> str | None:
    """What of a text is left for the one field of a stretch, "" when it has none; None when it does not fit."""
    fields = [index for index, each in enumerate(stretch) if isinstance(each, Field)]
    if not fields:
        return "" if text == "".join(map(_text, stretch)) else None
    if len(fields) > 1:
        return None
    head, tail = ("".join(map(_text, part)) for part in (stretch[: fields[0]], stretch[fields[0] + 1 :]))
    fits = text.startswith(head) and text.endswith(tail) and len(text) >= len(head) + len(tail)
    return text[len(head) : len(text) - len(tail)] if fits else None


def _is_plain(field: Field, names: frozenset[str]) -> bool:
    is_name = isinstance(field.value, ast.Name) and field.value.id in names
    return is_name and field.conversion == -1 and field.format_spec is None


def _fields(node: ast.JoinedStr) -> list[ast.expr]:
    return [each for each in node.values if isinstance(each, Field)]


def _text(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
