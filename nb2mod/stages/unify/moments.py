"""When in a call an expression is evaluated: how often, on which way, and what has run before (hazards H2, H3).

A small analysis of form. Each answer is "" or why not, in words that end a sentence which begins with the expression.
"""

import ast
from collections.abc import Collection

from nb2mod.stages.unify.aligning import Path
from nb2mod.stages.unify.terms import FREE, Term

_CONSUMERS = frozenset("sum min max any all list tuple set frozenset dict sorted".split())
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def why_often(root: Term, path: Path) -> str:
    """Why it may be evaluated more than once in a call, or after it."""
    return next((why for parent, child in _steps(root, path) if (why := _repeated(parent, child))), "")


def why_late(root: Term, path: Path) -> str:
    """Why it may be evaluated after the call is over; a generator that is used up on the spot is not late."""
    around = root
    for parent, child in _steps(root, path):
        node = parent.node
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) and child.role == "body":
            return "is read when the function inside is called"
        if isinstance(node, ast.GeneratorExp) and child.role != "first" and not _consumes(around):
            return "is read when the generator is asked for values"
        around = parent
    return ""


def _consumes(call: Term) -> bool:
    if not isinstance(call.node, ast.Call):
        return False
    function = call.node.func
    if isinstance(function, ast.Attribute):
        return function.attr == "join"
    return isinstance(function, ast.Name) and function.id in _CONSUMERS


def why_not_surely(root: Term, path: Path) -> str:
    """Why it may not be evaluated at all, or inside something that catches what it raises."""
    return next((why for parent, child in _steps(root, path) if (why := _conditional(parent, child))), "")


def why_not_first(root: Term, path: Path, hoisted: Collection[Path], modules: Collection[str]) -> str:
    """What is evaluated before it that is more than a name, a constant or a literal's assignment. `hoisted` are places that a
    parameter stands at; attributes of `modules` are looked up without effects.
    """
    own: Path = ()
    term = root
    for index in path:
        for number, before in enumerate(term.kids[:index]):
            if isinstance(term.node, ast.For | ast.AsyncFor) and before.role == "target":
                continue
            if term is root and before.role != "body":
                continue  # the signature has been evaluated long before
            if not _is_harmless(before, (*own, number), hoisted, modules):
                return "is evaluated after something that could have an effect"
        own, term = (*own, index), term.kids[index]
    return ""


def _steps(root: Term, path: Path) -> "list[tuple[Term, Term]]":
    """(parent, child) from the body of the function down to the expression."""
    steps, term = [], root
    for index in path:
        steps.append((term, term.kids[index]))
        term = term.kids[index]
    return steps[1:]


def _repeated(parent: Term, child: Term) -> str:
    node, role = parent.node, child.role
    if isinstance(node, ast.For | ast.AsyncFor) and role in ("target", "body"):
        return "is evaluated in a loop"
    if isinstance(node, ast.While) and role != "orelse":
        return "is evaluated in a loop"
    if isinstance(node, _COMPREHENSIONS) and role != "first":
        return "is evaluated once for each item"
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) and role == "body":
        return "is evaluated when the function inside is called"
    return "is evaluated inside a class" if isinstance(node, ast.ClassDef) else ""


def _conditional(parent: Term, child: Term) -> str:
    node, role = parent.node, child.role
    first = parent.kids[0] is child
    if isinstance(node, ast.If | ast.IfExp) and role != "test":
        return "is evaluated on one way only"
    if isinstance(node, ast.BoolOp) and not first:
        return "is evaluated on one way only"
    if isinstance(node, ast.Compare) and child not in parent.kids[:2]:
        return "is evaluated on one way only"
    if isinstance(node, ast.For | ast.AsyncFor | ast.While) and role == "orelse":
        return "is evaluated on one way only"
    if isinstance(node, ast.Match) and role != "subject":
        return "is evaluated on one way only"
    if isinstance(node, ast.Assert):
        return "is evaluated on one way only"
    if isinstance(node, ast.Try | ast.TryStar | ast.ExceptHandler):
        return "is evaluated inside `try`"
    if isinstance(node, ast.With | ast.AsyncWith) and not first:
        return "is evaluated inside `with`"
    return ""


def _is_harmless(term: Term, path: Path, hoisted: Collection[Path], modules: Collection[str]) -> bool:
    if path in hoisted or term.literal is not None or term.display or term.label.startswith("Name "):
        return True
    node = term.node
    if isinstance(node, ast.Attribute):
        return _root_module(term) in modules
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
        arguments = node.args
        every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]
        if isinstance(node, ast.Lambda):
            return all(kid.literal is not None for kid in term.kids if kid.role in ("defaults", "kw_defaults"))
        plain = (
            not node.decorator_list
            and node.returns is None
            and all(one is None or one.annotation is None for one in every)
        )
        return plain and all(kid.literal is not None for kid in term.kids if kid.role in ("defaults", "kw_defaults"))
    if isinstance(node, ast.Assign | ast.AnnAssign):
        if not all(kid.label.startswith("Name ") for kid in term.kids if kid.role == "targets"):
            return False
    elif not isinstance(
        node, ast.Pass | ast.Expr | ast.Global | ast.Nonlocal | ast.keyword | ast.Tuple | ast.List | ast.Slice
    ):
        return False
    return all(_is_harmless(kid, (*path, number), hoisted, modules) for number, kid in enumerate(term.kids))


def _root_module(term: Term) -> str:
    """`np` of `np.random.normal`, when that is a name from outside; "" otherwise."""
    while isinstance(term.node, ast.Attribute):
        term = term.kids[0]
    return term.binding[1] if term.binding and term.binding[0] == FREE else ""
