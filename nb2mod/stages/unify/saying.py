"""Differences in words: what is not alike, and the smallest change that would make it so. Nothing is decided here."""

import ast

from nb2mod.model import Location
from nb2mod.stages.unify.holes import Hole
from nb2mod.stages.unify.terms import FREE, Term

_OPERATED = (ast.BinOp, ast.BoolOp, ast.Compare, ast.AugAssign, ast.UnaryOp)
_LONG = 60


def what_differs(left: Term, right: Term) -> str:
    """In what two terms are not alike, as the head of a contrast."""
    one, other = left.node, right.node
    if isinstance(one, ast.Attribute) and isinstance(other, ast.Attribute) and one.attr != other.attr:
        what = "method" if left.role == "func" else "attribute"
        return f"the {what} differs: `{one.attr}` and `{other.attr}`"
    if isinstance(one, ast.keyword) and isinstance(other, ast.keyword):
        return f"the keyword differs: `{one.arg or '**'}` and `{other.arg or '**'}`"
    if type(one) is type(other) and isinstance(one, _OPERATED) and len(left.kids) == len(right.kids):
        return "the operator differs"
    if isinstance(one, ast.Call) and isinstance(other, ast.Call):
        return "the arguments differ in number"
    if "decorator" in left.barrier:
        return "the decorator differs"
    if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef):
        return "the decorators or parameters differ in number or kind"
    if isinstance(one, ast.ClassDef):
        return "the class inside differs"
    if left.is_statement:
        return "the statement differs"
    if left.literal is not None and right.literal is not None:
        return f"the value differs: {spelled(left)} and {spelled(right)}"
    if _is_local(left) and _is_local(right):
        return f"another variable stands there: {spelled(left)} and {spelled(right)}"
    if left.role in ("defaults", "kw_defaults"):
        return "the default differs"
    return "the expression differs"


def spelled(term: Term) -> str:
    """A name or constant as it is written."""
    node = term.node
    if isinstance(node, ast.Name):
        return f"`{node.id}`"
    return f"`{shortened(ast.unparse(node))}`" if isinstance(node, ast.expr) else "it"


def why_blocked(hole: Hole, text: str) -> str:
    """One hole that no parameter can stand for."""
    return f"`{shortened(text)}` {hole.why}" if hole.why else f"`{shortened(text)}` differs"


def advice_for(hole: Hole, line: str, left: str, right: str, there: Location, here: Location) -> str:
    """What would let a parameter stand there. `left` and `right` are the texts of the hole in the two copies, `line` is the
    statement around the left one.
    """
    free = all(not term.local_names() for term in hole.terms)
    if hole.kind == "expression" and free and not any(term.barrier for term in hole.terms):
        if hole.terms[0].role == "func":
            return f"give `{shortened(left)}` and `{shortened(right)}` one name above the definitions and call that"
        return f"give `{shortened(left)}` and `{shortened(right)}` one name above the definitions and read that"
    return as_there(line, there, here)


def as_there(line: str, there: Location, here: Location) -> str:
    """Make this line what stands in the other place."""
    return f"make {placed(here)} `{shortened(line)}`, as in {placed(there).partition(' of ')[2]}"


def taken_out(line: str, here: Location, there: Location) -> str:
    """A statement that one copy has more."""
    return f"take `{shortened(line)}` out of {placed(here)}, or put it into {placed(there)} as well"


def placed(place: Location) -> str:
    """ "line 4 of a.ipynb cell 3"."""
    cell = f" cell {place.cell}" if place.cell else ""
    return f"line {place.line} of {place.path}{cell}"


def shortened(text: str) -> str:
    """The first line of a text, not too long."""
    first, _, rest = text.strip().partition("\n")
    first = first.rstrip()
    return f"{first[: _LONG - 3]}..." if len(first) > _LONG else f"{first} ..." if rest else first


def _is_local(term: Term) -> bool:
    return term.binding is not None and term.binding[0] != FREE
