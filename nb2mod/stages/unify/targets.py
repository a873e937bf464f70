"""What a value is assigned to: the attribute, key, local variable or parameter that gets it."""

import ast
from collections.abc import Iterator, Sequence

from nb2mod.stages.unify.holes import Hole
from nb2mod.stages.unify.speaking import ASSIGNED, Hint, spoken, spoken_function, spoken_text, with_kind
from nb2mod.stages.unify.terms import Term
from nb2mod.stages.unify.well_known import MAPS


def assigned(root: Term, hole: Hole, term: Term, around: Sequence[Term]) -> Iterator[Hint]:
    """The one target that the value goes to: an attribute or key gives its name, a local variable its name and what it is."""
    parent = around[0]
    if isinstance(parent.node, ast.Dict) and term.role == "values":
        before = parent.kids[parent.kids.index(term) - 1]
        if name := spoken_text(before):
            yield ASSIGNED, f"{name}_{role}" if (role := role_in_map(around)) else name
    if isinstance(parent.node, ast.Assign | ast.AnnAssign) and term.role == "value":
        targets = [kid for kid in parent.kids if kid.role in ("targets", "target")]
        if len(targets) == 1 and (name := spoken(targets[0])):
            yield ASSIGNED, name
            if _moves_on(root, targets[0]):
                yield ASSIGNED, f"initial_{name}"
            yield ASSIGNED, with_kind(name, hole)
    functions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
    default = term.role in ("defaults", "kw_defaults") and isinstance(parent.node, functions)
    if default and (name := _parameter_of(parent, term)):
        yield ASSIGNED, name
        yield ASSIGNED, f"{name}_default"


def _moves_on(root: Term, target: Term) -> bool:
    """Whether a variable is counted up, or otherwise changed, after it was given its first value."""
    changed = (term.kids[0] for term in root.walk() if isinstance(term.node, ast.AugAssign))
    return target.binding is not None and any(term.binding == target.binding for term in changed)


def role_in_map(around: Sequence[Term]) -> str:
    """What the values of a dict are, of which the keys name columns: `cost` of `rename({"price": "cost"})` is a column."""
    outer = [term for term in around[1:3] if not isinstance(term.node, ast.keyword)][:1]
    return MAPS.get(spoken_function(outer[0].kids[0]), "") if outer and isinstance(outer[0].node, ast.Call) else ""


def goes_to(around: Sequence[Term]) -> str:
    """The one variable that the statement around a value binds."""
    statement = next((term for term in around if isinstance(term.node, ast.stmt)), None)
    if statement is None or not isinstance(statement.node, ast.Assign | ast.AnnAssign | ast.AugAssign):
        return ""
    targets = [kid for kid in statement.kids if kid.role in ("targets", "target")]
    values = [kid for kid in statement.kids if kid.role == "value"]
    if len(targets) != 1 or not values:
        return ""
    several = isinstance(targets[0].node, ast.Tuple) and isinstance(values[0].node, ast.Tuple)
    if not several or len(targets[0].kids) != len(values[0].kids):
        return spoken(targets[0])
    return ""


def goes_to_beside(value: Term, around: Sequence[Term]) -> str:
    """The same where a tuple is taken apart: `a, b = 1, 2`, each its own."""
    parent, statement = around[0], around[1] if len(around) > 1 else around[0]
    if not (isinstance(parent.node, ast.Tuple) and isinstance(statement.node, ast.Assign)):
        return goes_to(around)
    targets = [kid for kid in statement.kids if kid.role == "targets"]
    if len(targets) != 1 or len(targets[0].kids) != len(parent.kids):
        return goes_to(around)
    return spoken(targets[0].kids[parent.kids.index(value)])


def _parameter_of(function: Term, default: Term) -> str:
    """The parameter that a default belongs to."""
    arguments = function.node.args  # type: ignore[union-attr]
    node = default.node
    positional = [*arguments.posonlyargs, *arguments.args]
    pairs = [*zip(positional[len(positional) - len(arguments.defaults) :], arguments.defaults, strict=True)]
    pairs += [(one, value) for one, value in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True) if value]
    return next((one.arg for one, value in pairs if value is node), "")
