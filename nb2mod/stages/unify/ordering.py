"""Copies that hold the same in another way: statements in another order, names that stand for each other's values."""

import ast

from msgspec import Struct

from nb2mod.stages.unify.aligning import Alignment
from nb2mod.stages.unify.contrasting import statement_of
from nb2mod.stages.unify.sources import Source
from nb2mod.stages.unify.spans import Span
from nb2mod.stages.unify.terms import FREE, Term

_OWN = 1  # the scope of the function's own names


class Crossing(Struct, frozen=True):
    """What is `name` in the left source is called `there` in the right one, though one of these two names is in both."""

    name: str
    there: str
    left_span: Span
    right_span: Span


def crossed_names(found: Alignment, left: Source, right: Source) -> tuple[str, str] | None:
    """A name of the left source and the one that it is paired with, when that is another and one of the two is in both sources.
    To be asked when the differences are known.
    """
    names = {binding for binding in left.marked.marks[id(left.read.term)][1] if binding[0] == _OWN}
    names &= {binding for binding in right.marked.marks[id(right.read.term)][1] if binding[0] == _OWN}
    for mine, its in found.pairs():
        if mine != its and mine[0] == its[0] == _OWN and (mine in names or its in names):
            return mine[1], its[1]
    return None


def crossing_of(left: Source, right: Source) -> Crossing | None:
    """The first of those names, and the statements in which it is bound."""
    alignment = Alignment(left.marked, right.marked)
    differing = list(alignment.differences())
    names = crossed_names(alignment, left, right) if differing else None
    if names is None:
        return None
    spans = [_binding_of(name, source) for name, source in zip(names, (left, right), strict=True)]
    return Crossing(*names, *spans)


def reordered(left: Source, right: Source) -> tuple[Span, Span] | None:
    """The statements that stand in another order, when nothing else keeps the two apart."""
    one, other = left.read.term, right.read.term
    if _sorted_text(one, left) != _sorted_text(other, right):
        return None
    return _moved(one, left, other, right)


def _binding_of(name: str, source: Source) -> Span:
    """Where a name gets its value: the statement, or the line of the definition for a parameter; where there is no such line, the
    statement that reads it first.
    """
    bare = source.headless and any(
        term.role == "parameter" and term.binding == (_OWN, name) for term in source.read.term.kids
    )
    stack: list[list[Term]] = [[source.read.term]]
    while stack:
        chain = stack.pop()
        term = chain[-1]
        stores = isinstance(term.node, ast.Name) and isinstance(term.node.ctx, ast.Store)
        binds = stores or term.role in ("parameter", "name", "names")
        if term.binding == (_OWN, name) and (term.role != "parameter" if bare else binds):
            return _head(statement_of(chain[:-1]), source)
        stack.extend([*chain, kid] for kid in reversed(term.kids))
    return _head(source.read.term, source)


def _head(statement: Term, source: Source) -> Span:
    """The first line of a statement."""
    start = statement.span[0]
    end = source.text.find("\n", start)
    return start, min(statement.span[1], end if end >= 0 else statement.span[1])


def _sorted_text(term: Term, source: Source) -> str:
    """All of a term, as if its statements stood in order of their texts, and its parameters in that of their names."""
    own = ""
    if term.binding is not None:
        own = source.keys[term.binding[1]] if term.binding[0] == FREE else term.binding[1]
    kids = [_sorted_text(kid, source) for kid in term.kids]
    if term.label.startswith("suite"):
        kids.sort()
    elif term is source.read.term:
        names = sorted(text for text, kid in zip(kids, term.kids, strict=True) if kid.role == "parameter")
        kids = [*names, *(text for text, kid in zip(kids, term.kids, strict=True) if kid.role != "parameter")]
    return f"({term.label}\0{own}{''.join(kids)})"


def _moved(one: Term, left: Source, other: Term, right: Source) -> tuple[Span, Span] | None:
    """The innermost run of statements that are in another order, from the first to the last that was moved."""
    if one.label.startswith("suite"):
        pairs = list(zip(one.kids, other.kids, strict=True))
        moved = [
            number for number, (mine, its) in enumerate(pairs) if _sorted_text(mine, left) != _sorted_text(its, right)
        ]
        if moved:
            spans = [(side.kids[moved[0]].span[0], side.kids[moved[-1]].span[1]) for side in (one, other)]
            return spans[0], spans[1]
    for mine, its in zip(one.kids, other.kids, strict=True):
        if found := _moved(mine, left, its, right):
            return found
    return None
