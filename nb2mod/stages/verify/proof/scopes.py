"""Names of one scope, and the names a statement reads from outside itself. Python's scoping rules, told from `ast` alone.

Written for the verifier and shared with nothing: an error here must not agree with an error in the room that plans.
What a name means lives in `meanings.py`.
"""

import ast
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from nb2mod.stages.verify.proof.trees import children

Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp

DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


class Names(NamedTuple):
    """What one scope binds itself, and what it declares to belong to the module or to an enclosing function."""

    bound: frozenset[str]
    declared_global: frozenset[str]
    declared_nonlocal: frozenset[str]


class Read(NamedTuple):
    """A name read from outside a statement. `deferred`: inside a function's body, read when that runs."""

    name: str
    node: ast.AST
    deferred: bool


def parameters(arguments: ast.arguments) -> list[ast.arg]:
    """All parameters in the order of the source."""
    found = [*arguments.posonlyargs, *arguments.args]
    if arguments.vararg:
        found.append(arguments.vararg)
    found.extend(arguments.kwonlyargs)
    if arguments.kwarg:
        found.append(arguments.kwarg)
    return found


def names_of(body: Iterable[ast.AST], arguments: ast.arguments | None = None) -> Names:
    """The names that statements bind in their own scope; nested functions and classes are not entered."""
    bound: set[str] = set()
    declared: tuple[set[str], set[str]] = (set(), set())
    if arguments is not None:
        bound.update(parameter.arg for parameter in parameters(arguments))
    stack: list[ast.AST] = list(body)
    while stack:
        node = stack.pop()
        bound.update(_bound_by(node))
        if isinstance(node, ast.Global):
            declared[0].update(node.names)
        elif isinstance(node, ast.Nonlocal):
            declared[1].update(node.names)
        stack.extend(_same_scope(node))
    return Names(frozenset(bound - declared[0] - declared[1]), frozenset(declared[0]), frozenset(declared[1]))


def _bound_by(node: ast.AST) -> Iterable[str]:
    """Names bound by this very node."""
    match node:
        case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
            return (name,)
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return (name,)
        case ast.Import() | ast.ImportFrom():
            return [imported_as(alias) for alias in node.names if alias.name != "*"]
        case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
            return (name,)
        case ast.MatchMapping(rest=str(name)):
            return (name,)
        case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
            return walrus_names(node)  # `:=` binds in the scope around the comprehension
    return ()


def _same_scope(node: ast.AST) -> Iterable[ast.AST]:
    """The children that are evaluated in the same scope as the node."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return [*node.decorator_list, *evaluated_with(node.args), *([node.returns] if node.returns else [])]
    if isinstance(node, ast.ClassDef):
        return [*node.decorator_list, *node.bases, *node.keywords]
    if isinstance(node, ast.Lambda):
        return evaluated_with(node.args)
    if isinstance(node, COMPREHENSIONS):
        return ()
    return children(node)


def _walrus_targets(node: ast.AST) -> Iterator[ast.expr]:
    for child in children(node):
        if isinstance(child, ast.Lambda):
            continue
        if isinstance(child, ast.NamedExpr):
            yield child.target
        yield from _walrus_targets(child)


def evaluated_with(arguments: ast.arguments) -> list[ast.expr]:
    """Defaults and annotations: evaluated where the function is defined."""
    annotations = [parameter.annotation for parameter in parameters(arguments) if parameter.annotation]
    return [*arguments.defaults, *(default for default in arguments.kw_defaults if default), *annotations]


def imported_as(alias: ast.alias) -> str:
    """The name an import binds: `a` for `import a.b`."""
    return alias.asname or alias.name.partition(".")[0]


def walrus_names(node: ast.AST) -> frozenset[str]:
    """Names that `:=` inside a comprehension binds outside of it."""
    return frozenset(target.id for target in _walrus_targets(node) if isinstance(target, ast.Name))


def comprehension_names(node: Comprehension) -> Names:
    """The loop variables of a comprehension."""
    bound: set[str] = set()
    for generator in node.generators:
        bound.update(names_of([generator.target]).bound)
    return Names(frozenset(bound), frozenset(), walrus_names(node))


def type_parameters(node: ast.AST) -> frozenset[str]:
    """`T` of `def f[T](x: T)` (Python 3.12): visible in the whole definition, bound in no scope of the program's own."""
    return frozenset(parameter.name for parameter in getattr(node, "type_params", ()))


def function_names(node: Function) -> Names:
    """What a function binds: its parameters and everything stored in its body."""
    body: Sequence[ast.AST] = [node.body] if isinstance(node, ast.Lambda) else node.body
    return names_of(body, node.args)


def reads(node: ast.AST, *, evaluate_annotations: bool = True) -> Iterator[Read]:
    """Names a top-level statement reads from the module's or notebook's level, in source order."""
    return _Reader(evaluate_annotations).visit(node, frozenset(), frozenset(), deferred=False)


class _Reader:
    """`hidden` are names of enclosing scopes seen here; `outer` those that functions defined here see (no class names)."""

    def __init__(self, evaluate_annotations: bool) -> None:
        self.evaluate_annotations = evaluate_annotations

    def visit(self, node: ast.AST, hidden: frozenset[str], outer: frozenset[str], *, deferred: bool) -> Iterator[Read]:
        generic = type_parameters(node)
        if generic:  # at every node both sets would be copied: the square of a function's names
            hidden, outer = hidden | generic, outer | generic
        if isinstance(node, ast.Name):
            if isinstance(node.ctx, ast.Load) and node.id not in hidden:
                yield Read(node.id, node, deferred)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            yield from self.function(node, hidden, outer, deferred=deferred)
        elif isinstance(node, ast.ClassDef):
            around = [*node.decorator_list, *node.bases, *node.keywords]
            yield from self.many(around, hidden, outer, deferred=deferred)
            names = names_of(node.body)
            inside = (outer | names.bound) - names.declared_global
            yield from self.many(node.body, inside, outer, deferred=deferred)
        elif isinstance(node, COMPREHENSIONS):
            yield from self.comprehension(node, hidden, outer, deferred=deferred)
        elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            if node.target.id not in hidden:
                yield Read(node.target.id, node.target, deferred)
            yield from self.visit(node.value, hidden, outer, deferred=deferred)
        elif isinstance(node, ast.AnnAssign):
            shown = [node.value, node.target, node.annotation if self.evaluate_annotations and not deferred else None]
            yield from self.many([part for part in shown if part], hidden, outer, deferred=deferred)
        else:
            yield from self.many(children(node), hidden, outer, deferred=deferred)

    def many(
        self, nodes: Iterable[ast.AST], hidden: frozenset[str], outer: frozenset[str], *, deferred: bool
    ) -> Iterator[Read]:
        for node in nodes:
            yield from self.visit(node, hidden, outer, deferred=deferred)

    def function(
        self, node: Function, hidden: frozenset[str], outer: frozenset[str], *, deferred: bool
    ) -> Iterator[Read]:
        around: list[ast.AST] = [*getattr(node, "decorator_list", ()), *node.args.defaults]
        around.extend(default for default in node.args.kw_defaults if default)
        if self.evaluate_annotations:
            around.extend(parameter.annotation for parameter in parameters(node.args) if parameter.annotation)
            around.extend(filter(None, [getattr(node, "returns", None)]))
        yield from self.many(around, hidden, outer, deferred=deferred)
        names = function_names(node)
        inside = (outer | names.bound) - names.declared_global
        body: Iterable[ast.AST] = [node.body] if isinstance(node, ast.Lambda) else node.body
        yield from self.many(body, inside, inside, deferred=True)

    def comprehension(
        self, node: Comprehension, hidden: frozenset[str], outer: frozenset[str], *, deferred: bool
    ) -> Iterator[Read]:
        yield from self.visit(node.generators[0].iter, hidden, outer, deferred=deferred)
        inside = outer | comprehension_names(node).bound | (walrus_names(node) & hidden)
        for position, generator in enumerate(node.generators):
            parts: list[ast.AST] = [generator.target, *generator.ifs]
            yield from self.many(
                parts if position == 0 else [generator.iter, *parts], inside, inside, deferred=deferred
            )
        results = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
        yield from self.many(results, inside, inside, deferred=deferred)
