"""Which names a Python scope binds, read from `ast`. The rules are the language reference's ("Naming and binding");
the tests hold them against `symtable`. Nothing here knows of notebooks.
"""

import ast
from collections.abc import Iterable, Iterator

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


class Scope:
    """Names that one function or class body binds: `bound` without those it declares global or nonlocal."""

    __slots__ = ("bound", "declared_global", "declared_nonlocal", "stored")

    def __init__(self) -> None:
        self.stored: set[str] = set()
        self.declared_global: set[str] = set()
        self.declared_nonlocal: set[str] = set()
        self.bound: frozenset[str] = frozenset()


def parameters(arguments: ast.arguments) -> Iterator[ast.arg]:
    """Every parameter, in the order of the signature."""
    yield from arguments.posonlyargs
    yield from arguments.args
    if arguments.vararg:
        yield arguments.vararg
    yield from arguments.kwonlyargs
    if arguments.kwarg:
        yield arguments.kwarg


def body_scope(body: Iterable[ast.stmt], arguments: ast.arguments | None = None, *, walrus: bool = True) -> Scope:
    """The scope of a function body (with its parameters) or of a class body.

    `walrus=False` promises that no `:=` stands in it: then plain expressions bind nothing and need no look, which is most
    of the work.
    """
    scope = Scope()
    if arguments is not None:
        scope.stored.update(parameter.arg for parameter in parameters(arguments))
    _collect(list(body) if walrus else _binding_parts(body), scope)
    scope.bound = frozenset(scope.stored - scope.declared_global - scope.declared_nonlocal)
    return scope


def comprehension_names(generators: Iterable[ast.comprehension]) -> frozenset[str]:
    """The targets of a comprehension; a walrus inside it binds outside."""
    scope = Scope()
    _collect([generator.target for generator in generators], scope)
    return frozenset(scope.stored)


# Statements that read all they read before they bind.
SIMPLE = (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Expr, *FUNCTIONS, ast.ClassDef)


def outside_reads(statement: ast.stmt, unbound: frozenset[str]) -> list[str]:
    """Names of `unbound`, which a class body binds later, that a simple statement of it reads from outside before that.

    Functions, lambdas and comprehensions inside never see the names of a class body.
    """
    found: dict[str, None] = {}
    stack: list[ast.AST] = [statement] if unbound and isinstance(statement, SIMPLE) else []
    while stack:
        node = stack.pop()
        if isinstance(node, ast.Name):
            changed = isinstance(statement, ast.AugAssign) and node is statement.target
            if node.id in unbound and (changed or isinstance(node.ctx, ast.Load)):
                found[node.id] = None
        elif isinstance(node, (*FUNCTIONS, ast.Lambda)):
            stack.extend((*node.args.defaults, *filter(None, node.args.kw_defaults)))
            stack.extend(getattr(node, "decorator_list", ()))
        elif isinstance(node, ast.ClassDef):
            stack.extend((*node.decorator_list, *node.bases, *node.keywords))
        elif isinstance(node, COMPREHENSIONS):
            stack.append(node.generators[0].iter)
        else:
            stack.extend(ast.iter_child_nodes(node))
    return sorted(found)


def import_name(alias: ast.alias) -> str:
    """The name that `import alias` binds."""
    return alias.asname or alias.name.partition(".")[0]


_PLAIN = frozenset((ast.Expr, ast.Return, ast.Raise, ast.Assert, ast.Pass, ast.Break, ast.Continue))


def _binding_parts(body: Iterable[ast.AST]) -> list[ast.AST]:
    """The nodes of a suite that can bind a name when there is no walrus: targets, definitions, imports, declarations."""
    parts: list[ast.AST] = []
    stack = list(body)
    while stack:
        node = stack.pop()
        kind = type(node)
        if kind in _PLAIN:
            continue
        if isinstance(node, ast.Assign):
            parts.extend(node.targets)
        elif isinstance(node, ast.AugAssign) or (isinstance(node, ast.AnnAssign) and _declares(node)):
            parts.append(node.target)
        elif isinstance(node, ast.AnnAssign):
            continue
        elif isinstance(node, ast.For | ast.AsyncFor):
            parts.append(node.target)
            stack.extend((*node.body, *node.orelse))
        elif isinstance(node, ast.With | ast.AsyncWith):
            parts.extend(item.optional_vars for item in node.items if item.optional_vars)
            stack.extend(node.body)
        elif isinstance(node, ast.If | ast.While):
            stack.extend((*node.body, *node.orelse))
        elif isinstance(node, ast.Try | ast.TryStar):
            stack.extend((*node.body, *node.handlers, *node.orelse, *node.finalbody))
        elif isinstance(node, ast.ExceptHandler):
            if node.name:
                parts.append(ast.Name(node.name, ast.Store()))
            stack.extend(node.body)
        else:
            parts.append(node)
    return parts


def _collect(stack: list[ast.AST], scope: Scope) -> None:
    """Every binding below the nodes on the stack, in their scope."""
    stored = scope.stored
    while stack:
        node = stack.pop()
        kind = type(node)
        if kind is ast.Name:
            if type(node.ctx) is not ast.Load:  # type: ignore[attr-defined]
                stored.add(node.id)  # type: ignore[attr-defined]
        elif isinstance(node, FUNCTIONS):
            stored.add(node.name)
            stack.extend(_evaluated_around(node))
        elif isinstance(node, ast.ClassDef):
            stored.add(node.name)
            stack.extend((*node.decorator_list, *node.bases, *(keyword.value for keyword in node.keywords)))
        elif isinstance(node, ast.Lambda):
            stack.extend(_defaults(node.args))
        elif isinstance(node, COMPREHENSIONS):
            stored.update(_walrus_names(node))
        elif isinstance(node, ast.Import):
            stored.update(import_name(alias) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            stored.update(alias.asname or alias.name for alias in node.names)
        elif isinstance(node, ast.AnnAssign) and not _declares(node):
            stack.append(node.annotation)
        elif isinstance(node, ast.Global):
            scope.declared_global.update(node.names)
        elif isinstance(node, ast.Nonlocal):
            scope.declared_nonlocal.update(node.names)
        else:
            if isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and node.name:
                stored.add(node.name)
            elif isinstance(node, ast.MatchMapping) and node.rest:
                stored.add(node.rest)
            stack.extend(ast.iter_child_nodes(node))


def _declares(node: ast.AnnAssign) -> bool:
    """`x: int` makes x local, `(x): int` does not (PEP 526)."""
    return bool(node.simple) or node.value is not None


def _defaults(arguments: ast.arguments) -> list[ast.expr]:
    return [*arguments.defaults, *(default for default in arguments.kw_defaults if default is not None)]


def _evaluated_around(node: FunctionNode) -> list[ast.AST]:
    """The parts of a function statement that the enclosing scope evaluates."""
    annotations = [parameter.annotation for parameter in parameters(node.args) if parameter.annotation]
    around: list[ast.AST] = [*node.decorator_list, *_defaults(node.args), *annotations]
    if node.returns:
        around.append(node.returns)
    return around


def _walrus_names(node: ast.AST) -> Iterator[str]:
    """Targets of walrus expressions in a comprehension, those of nested comprehensions too, of lambdas not (PEP 572)."""
    stack = [node]
    while stack:
        inner = stack.pop()
        if isinstance(inner, ast.NamedExpr):
            yield inner.target.id
        if not isinstance(inner, ast.Lambda):
            stack.extend(ast.iter_child_nodes(inner))
