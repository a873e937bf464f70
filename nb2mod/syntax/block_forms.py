"""What the form of a loop, a target or a pattern says by itself: which names, and whether it happens at all."""

import ast
from collections.abc import Container, Mapping

from nb2mod.syntax.block_values import root_of
from nb2mod.syntax.evaluated import dotted
from nb2mod.syntax.scopes import FUNCTIONS


def target_roots(target: ast.expr) -> list[tuple[str, bool]]:
    """The names that a target binds, and those of the objects that it changes inside."""
    if isinstance(target, ast.Tuple | ast.List):
        return [found for inner in target.elts for found in target_roots(inner)]
    if isinstance(target, ast.Starred):
        return target_roots(target.value)
    if isinstance(target, ast.Name):
        return [(target.id, True)]
    root = root_of(target)
    return [(root, False)] if root else []


def keeps_length(value: ast.expr) -> bool:
    """Whether a name that is bound to it has a number or a length that nothing can change: constants and tuples."""
    return isinstance(value, ast.Tuple) or (isinstance(value, ast.Constant) and type(value.value) in (int, str, bytes))


def certainly_runs(iterated: ast.expr, constants: Mapping[str, ast.expr], own: Container[str]) -> bool:
    """Whether a loop over it has a first time round: a literal that is not empty, a range of constants.

    `constants`: names with a value that `keeps_length`; `own`: names that need not mean the builtin.
    """
    if isinstance(iterated, ast.Name):
        return iterated.id in constants and certainly_runs(constants[iterated.id], {}, own)
    if isinstance(iterated, ast.Tuple | ast.List | ast.Set):
        return any(not isinstance(one, ast.Starred) for one in iterated.elts)
    if isinstance(iterated, ast.Dict):
        return any(key is not None for key in iterated.keys)
    if isinstance(iterated, ast.Constant):
        return isinstance(iterated.value, str | bytes) and bool(iterated.value)
    if not (isinstance(iterated, ast.Call) and isinstance(iterated.func, ast.Name) and iterated.args):
        return False
    called = iterated.func.id
    if called in own:
        return False
    if called in ("enumerate", "reversed", "sorted", "list", "tuple", "set"):
        return certainly_runs(iterated.args[0], constants, own)
    if called == "zip":
        return all(certainly_runs(each, constants, own) for each in iterated.args)
    bounds = [_integer(argument, constants) for argument in iterated.args]
    if called != "range" or len(bounds) > 3 or iterated.keywords:
        return False
    known = [bound for bound in bounds if bound is not None]
    return len(known) == len(bounds) and 0 not in known[2:] and len(range(*known)) > 0


def _integer(node: ast.expr, constants: Mapping[str, ast.expr]) -> int | None:
    if isinstance(node, ast.Name):
        node = constants.get(node.id, node)
    sign = -1 if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) else 1
    inner = node.operand if sign < 0 and isinstance(node, ast.UnaryOp) else node
    if isinstance(inner, ast.Constant) and type(inner.value) is int and abs(inner.value) < 1 << 40:
        return sign * inner.value
    return None


def element_of(iterated: ast.expr) -> ast.expr | None:
    """What a loop gets one after the other, where the loop itself makes it: `open(p)` of `for f in (open(p) for p in paths)`."""
    if isinstance(iterated, ast.GeneratorExp | ast.ListComp | ast.SetComp):
        return iterated.elt
    if isinstance(iterated, ast.Call) and dotted(iterated.func) == "map" and iterated.args:
        return ast.copy_location(ast.Call(iterated.args[0], [], []), iterated)
    return None


def unbound_in(body: list[ast.stmt]) -> set[str]:
    found: set[str] = set()
    stack: list[ast.AST] = list(body)
    while stack:
        node = stack.pop()
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Del):
            found.add(node.id)
        elif isinstance(node, ast.ExceptHandler) and node.name:
            found.add(node.name)
        if not isinstance(node, (*FUNCTIONS, ast.Lambda, ast.ClassDef)):
            stack.extend(ast.iter_child_nodes(node))
    return found


def runs_nothing(node: ast.AST) -> bool:
    """Whether a statement or expression certainly runs no code but its own: names, literals and displays of them, bound to names;
    functions that are made and not called; loops over displays. Not even an operator, which a class may define.
    """
    match node:
        case ast.Name() | ast.Constant() | ast.Pass() | ast.Import() | ast.ImportFrom():
            return True
        case ast.Expr(value):
            return runs_nothing(value)
        case ast.AnnAssign(ast.Name(), annotation, ast.expr() as value):
            return runs_nothing(annotation) and runs_nothing(value)
        case ast.Assign(targets, value):
            plain = all(isinstance(target, ast.Name) or _takes_apart(target, value) for target in targets)
            return plain and runs_nothing(value)
        case ast.Tuple(elts) | ast.List(elts):
            return all(map(runs_nothing, elts))
        case ast.Lambda(arguments):
            return all(runs_nothing(each) for each in (*arguments.defaults, *filter(None, arguments.kw_defaults)))
        case ast.ListComp(element, [ast.comprehension(ast.Name(), iterated, [])]):
            return _is_display(iterated) and runs_nothing(iterated) and runs_nothing(element)
        case ast.GeneratorExp(_, [ast.comprehension(_, iterated), *_]):
            return _is_display(iterated) and runs_nothing(iterated)
        case ast.If(ast.Constant(), body, orelse):
            return all(map(runs_nothing, (*body, *orelse)))
        case ast.For(ast.Name(), iterated, body, orelse):
            return _is_display(iterated) and all(map(runs_nothing, (iterated, *body, *orelse)))
    return False


def _is_display(node: ast.expr) -> bool:
    return isinstance(node, ast.Tuple | ast.List)


def _takes_apart(target: ast.expr, value: ast.expr) -> bool:
    """`a, *b = x, y`: no more than names on the left, and nothing is asked for its items."""
    parts = [each.value if isinstance(each, ast.Starred) else each for each in getattr(target, "elts", ())]
    return _is_display(target) and _is_display(value) and all(isinstance(each, ast.Name) for each in parts)


def may_jump(statement: ast.stmt) -> bool:
    """Whether a statement of a loop's body may hold a `break` or `continue` (of a loop inside it too)."""
    return any(isinstance(node, ast.Break | ast.Continue) for node in ast.walk(statement))


def captures(pattern: ast.pattern) -> list[str]:
    names = []
    for node in ast.walk(pattern):
        if isinstance(node, ast.MatchAs | ast.MatchStar) and node.name:
            names.append(node.name)
        elif isinstance(node, ast.MatchMapping) and node.rest:
            names.append(node.rest)
    return names
