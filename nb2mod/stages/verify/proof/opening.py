"""When a piece of a function's body is evaluated: first of all, at most once, or later than the call."""

import ast
from collections.abc import Collection, Iterator, Sequence

from nb2mod.stages.verify.proof.scopes import COMPREHENSIONS, evaluated_with

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def opening(body: Sequence[ast.stmt], wanted: Collection[int]) -> list[int]:
    """Ids of those expressions that are certainly evaluated, in order, before anything else but names, constants and their
    stores in locals.
    """
    walk = _Opening(wanted)
    for node in body:
        if not walk.statement(node):
            break
    return walk.found


class _Opening:
    """Each method tells whether what it was given did nothing that anybody could see, so that one may go on."""

    def __init__(self, wanted: Collection[int]) -> None:
        self.wanted = wanted
        self.found: list[int] = []

    def statement(self, node: ast.stmt) -> bool:
        match node:
            case ast.Expr(value=value):
                return self.value(value)
            case ast.Assign(targets=targets, value=value):
                return self.value(value) and all(isinstance(each, ast.Name) for each in targets)
            case ast.AnnAssign(target=ast.Name(), value=ast.expr() as value):
                return self.value(value)
            case ast.Return(value=ast.expr() as value) | ast.AugAssign(target=ast.Name(), value=value):
                self.value(value)
            case ast.If(test=value) | ast.For(iter=value) | ast.Assert(test=value) | ast.Raise(exc=ast.expr() as value):
                self.value(value)
            case ast.With(items=[first, *_]):
                self.value(first.context_expr)
            case ast.Pass():
                return True
        return False

    def value(self, node: ast.expr) -> bool:
        if id(node) in self.wanted:
            self.found.append(id(node))
            return True
        match node:
            case ast.Name() | ast.Constant():
                return True
            case ast.Tuple(elts=items) | ast.List(elts=items):
                return all(map(self.value, items))
            case ast.Slice():
                return all(map(self.value, filter(None, (node.lower, node.upper, node.step))))
        all(map(self.value, _first_parts(node)))
        return False


def _first_parts(node: ast.expr) -> list[ast.expr]:
    """What is certainly evaluated of an expression, in order, before it does anything itself."""
    match node:
        case ast.Call(func=func, args=args, keywords=keywords):
            return [func, *args, *(each.value for each in keywords)]
        case ast.BinOp(left=left, right=right):
            return [left, right]
        case ast.Compare(left=left, comparators=[first, *_]):
            return [left, first]
        case ast.Subscript(value=value, slice=index):
            return [value, index]
        case ast.BoolOp(values=[first, *_]) | ast.IfExp(test=first) | ast.UnaryOp(operand=first):
            return [first]
        case ast.Attribute(value=value) | ast.FormattedValue(value=value) | ast.Starred(value=value):
            return [value]
        case ast.JoinedStr(values=values) | ast.Set(elts=values):
            return list(values)
        case ast.ListComp(generators=[first, *_]) | ast.SetComp(generators=[first, *_]):
            return [first.iter]
        case ast.DictComp(generators=[first, *_]) | ast.GeneratorExp(generators=[first, *_]):
            return [first.iter]
    return []


def later(body: Sequence[ast.stmt], quick: Collection[int] = ()) -> set[int]:
    """Ids of what a function, lambda or generator in the body evaluates when it runs. `quick`: ids of those that have run to
    their end where they stand.
    """
    return {id(node) for node, waits, _ in _walk(body, quick) if waits}


def repeated(body: Sequence[ast.stmt]) -> set[int]:
    """Ids of what may be evaluated more than once in one call."""
    return {id(node) for node, waits, again in _walk(body, ()) if waits or again}


def _walk(body: Sequence[ast.AST], quick: Collection[int]) -> Iterator[tuple[ast.AST, bool, bool]]:
    """(node, whether it waits, whether it may be evaluated again)."""
    work: list[tuple[ast.AST, bool, bool]] = [(node, False, False) for node in body]
    while work:
        node, waits, again = work.pop()
        yield node, waits, again
        now, often = _parts(node)
        lasting = isinstance(node, (*_FUNCTIONS, ast.Lambda, ast.GeneratorExp)) and id(node) not in quick
        work += [(each, waits, again) for each in now]
        work += [(each, waits or lasting, True) for each in often]


def _parts(node: ast.AST) -> tuple[list[ast.AST], list[ast.AST]]:
    """What is evaluated with a node, once, and what may be several times."""
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            return [*node.decorator_list, *evaluated_with(node.args)], list(node.body)
        case ast.Lambda(args=arguments, body=value):
            return [*evaluated_with(arguments)], [value]
        case ast.For() | ast.AsyncFor():
            return [node.iter, *node.orelse], [node.target, *node.body]
        case ast.While():
            return [*node.orelse], [node.test, *node.body]
    if isinstance(node, COMPREHENSIONS):
        first, *others = node.generators
        results: list[ast.AST] = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
        return [first.iter], [first.target, *first.ifs, *others, *results]
    return list(ast.iter_child_nodes(node)), []
