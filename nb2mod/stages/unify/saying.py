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
    if isinstance(one, ast.Name) and isinstance(other, ast.Name) and one.id == other.id:
        return f"`{one.id}` is another thing in each"
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


def why_other_blocked(hole: Hole, there: str, here: str) -> str:
    """One hole that no parameter can stand for because of what the other copy has there."""
    return f"`{shortened(here)}` stands where the other copy has `{shortened(there)}`, which {hole.why}"


def another_import(there: str, here: str, left: str, right: str) -> str:
    """Two names that stand for different imports, `left` there and `right` here: nobody hands in a module."""
    if there == here:
        return f"`{here}` is another import in each: `{right}` here, and `{left}` there"
    return f"`{here}` stands where the other copy has `{there}`, and both are imports"


def import_alike(name: str, target: str, here: Location) -> str:
    """One name that stands for different imports."""
    return f"import `{name}` in {here.path} as the other copy does, from `{target}`"


def advice_for(hole: Hole, line: str, left: str, right: str, there: Location, here: Location, *, steady: bool) -> str:
    """What would let a parameter stand there. `left` and `right` are the texts of the hole in the two copies, `line` is the
    statement around the left one. Only what is `steady`, the same whenever it is looked at, is told to be given a name above.
    """
    free = all(not term.local_names() for term in hole.terms)
    if hole.kind == "expression" and free and not any(term.barrier for term in hole.terms):
        both = f"`{shortened(left)}` and `{shortened(right)}`"
        if steady:
            done = "call" if hole.terms[0].role == "func" else "read"
            return f"give {both} one name above the definitions and {done} that"
        if hole.terms[0].role != "func":
            hand = f"hand in a function that gives `{shortened(left)}` for one and `{shortened(right)}` for the other"
            return f"{as_there(line, there, here)}; or {hand}, and call that"
    return as_there(line, there, here)


def same_order(here: Location, there: Location) -> str:
    """Statements that were moved."""
    return f"put the statements from {placed(here)} on into the order that they have from {placed(there)} on"


def called_alike(here_name: str, there_name: str, here: Location, there: Location) -> str:
    """Names that stand for each other's values."""
    alike = f"call what is `{here_name}` in {placed(here)} as it is called in {placed(there)}, `{there_name}`"
    return f"{alike}, or give it another name in both"


def parameter_more(left: Term | None, right: Term | None, there: Location, here: Location, *, fixed: bool) -> str:
    """One copy has parameters more, with defaults; "" where it is otherwise. `fixed`: the left copy stays as it is."""
    one, other = left.node if left else None, right.node if right else None
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    if not isinstance(one, functions) or not isinstance(other, functions) or type(one) is not type(other):
        return ""
    mine, its = _more(one.args, other.args), _more(other.args, one.args)
    if bool(mine) == bool(its):
        return ""
    what = f"the parameter{'s' * (len(mine or its) > 1)} {', '.join(f'`{text}`' for text in mine or its)}"
    if mine:
        return f"give the function in {placed(here)} {what} too, and read it as the one in {placed(there)} does"
    if fixed:
        return f"take {what} out of {placed(here)}, and write the default where it is read"
    return f"give the function in {placed(there)} {what} too, and read it as the one in {placed(here)} does"


def _more(one: ast.arguments, other: ast.arguments) -> list[str]:
    """The parameters that only the first has, as they are written; none when one of them has no default, or nothing is shared."""
    positional = [*one.posonlyargs, *one.args]
    defaults = dict(zip(positional[len(positional) - len(one.defaults) :], one.defaults, strict=True))
    defaults |= {each: value for each, value in zip(one.kwonlyargs, one.kw_defaults, strict=True) if value}
    count = len(other.posonlyargs) + len(other.args)
    known = {each.arg for each in other.kwonlyargs}
    more = [*positional[count:], *(each for each in one.kwonlyargs if each.arg not in known)]
    return [f"{each.arg}={ast.unparse(defaults[each])}" for each in more] if all(e in defaults for e in more) else []


def as_there(line: str, there: Location, here: Location) -> str:
    """Make this line what stands in the other place."""
    return f"make {placed(here)} `{shortened(line)}`, as in {placed(there).partition(' of ')[2]}"


def taken_out(line: str, here: Location, there: Location) -> str:
    """A statement that one copy has more."""
    return f"take `{shortened(line)}` out of {placed(here)}, or put it into {placed(there)} as well"


def out_of(line: str, here: Location) -> str:
    """A statement that the package does not have."""
    return f"take `{shortened(line)}` out of {placed(here)}"


def put_into(line: str, here: Location, there: Location) -> str:
    """A statement that only the package has."""
    return f"put `{shortened(line)}` into {placed(here)}, as in {placed(there)}"


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
