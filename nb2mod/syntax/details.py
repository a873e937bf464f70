"""One definition's source → what the hazard checks need to know of it. Slower than the index's walk and asked of candidates only.

Scope questions are answered by `symtable`, Python's own; the index's reader is a second opinion, and where the two disagree
the definition is not touched.
"""

import ast
import symtable
from collections.abc import Iterator
from functools import lru_cache

from msgspec import Struct

from nb2mod.syntax.literals import literal_text
from nb2mod.syntax.scopes import FUNCTIONS, FunctionNode
from nb2mod.syntax.scopes import parameters as parameters_of
from nb2mod.syntax.shape import split_docstring

_MUTABLE = (ast.List, ast.Dict, ast.Set)
_EFFECT_FREE = (ast.Pass, ast.AnnAssign, *FUNCTIONS, ast.ClassDef)


class Decorator(Struct, frozen=True):
    """`name` is dotted as written ("functools.lru_cache"), "" when it is no name; `line` counts from the definition's first."""

    name: str
    line: int
    called: bool


class Default(Struct, frozen=True):
    """A parameter's default: `kind` is "constant", "mutable" (a display of constants), "name" or "computed"."""

    parameter: str
    kind: str
    text: str
    line: int


class Read(Struct, frozen=True):
    """A name or call that was found, and the line from the definition's first (1)."""

    name: str
    line: int


class Details(Struct, frozen=True):
    """What one definition does, in plain values. Lines count from the definition's first line, decorators included, as 1."""

    free: frozenset[str]  # names it takes from outside, by symtable
    decorators: tuple[Decorator, ...]
    defaults: tuple[Default, ...]
    globals: tuple[Read, ...]  # names declared global, in any function of it
    calls: tuple[Read, ...]  # bare names and last attributes of everything called: "locals", "_getframe"
    reads: tuple[Read, ...]  # every free name read, with its line
    annotations: tuple[Read, ...]  # names that annotations hold
    docstring: str | None
    is_generator: bool
    is_async: bool
    returns_function: bool  # a nested function or lambda that reads free names may leave it
    bases: tuple[str, ...] = ()  # classes: dotted bases, "" for an expression
    class_keywords: tuple[str, ...] = ()  # metaclass, …
    class_effects: tuple[Read, ...] = ()  # statements of a class body that do more than define, by ast name
    class_attributes: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    method_decorators: tuple[Decorator, ...] = ()
    local_imports: tuple[str, ...] = ()  # dotted modules imported inside


@lru_cache(maxsize=4096)
def details(source: str) -> Details:
    """The details of the definition that `source` is. Raises SyntaxError when it is none."""
    tree = ast.parse(source)
    if len(tree.body) != 1 or not isinstance(tree.body[0], (*FUNCTIONS, ast.ClassDef)):
        raise SyntaxError("not one definition")
    node = tree.body[0]
    free = free_names(source)
    is_class = isinstance(node, ast.ClassDef)
    nested = list(ast.walk(node))
    docstring, _ = split_docstring(node.body)
    class_facts = _class_facts(node) if isinstance(node, ast.ClassDef) else {}
    return Details(
        free=free - {node.name},
        decorators=tuple(map(_decorator, node.decorator_list)),
        defaults=() if isinstance(node, ast.ClassDef) else tuple(_defaults(node)),
        globals=tuple(Read(name, n.lineno) for n in nested if isinstance(n, ast.Global) for name in n.names),
        calls=tuple(Read(_last(n.func), n.lineno) for n in nested if isinstance(n, ast.Call)),
        reads=tuple(
            Read(n.id, n.lineno)
            for n in nested
            if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load) and n.id in free
        ),
        annotations=tuple(_annotation_reads(node)),
        docstring=docstring,
        is_generator=not is_class and _own_yields(node),
        is_async=isinstance(node, ast.AsyncFunctionDef),
        returns_function=not is_class and _lets_functions_escape(node),
        local_imports=tuple(_local_imports(nested)),
        **class_facts,  # type: ignore[arg-type]
    )


def free_names(source: str) -> frozenset[str]:
    """Global names that any scope of the source reads, binds or declares, by `symtable`; names bound at its top level excepted."""
    top = symtable.symtable(source, "<definition>", "exec")
    bound = {symbol.get_name() for symbol in top.get_symbols() if symbol.is_assigned() or symbol.is_imported()}
    found: set[str] = set()
    stack = [top]
    while stack:
        table = stack.pop()
        for symbol in table.get_symbols():
            if symbol.is_global() or (table is top and symbol.is_referenced() and not symbol.is_assigned()):
                found.add(symbol.get_name())
        stack.extend(table.get_children())
    return frozenset(found - bound)


def _decorator(node: ast.expr) -> Decorator:
    called = isinstance(node, ast.Call)
    return Decorator(dotted(node.func if isinstance(node, ast.Call) else node), node.lineno, called)


def dotted(node: ast.expr) -> str:
    """`a.b.c` as text; "" when the expression is no dotted name."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return ""
    return ".".join((node.id, *reversed(parts)))


def _defaults(node: FunctionNode) -> Iterator[Default]:
    positional = [*node.args.posonlyargs, *node.args.args]
    pairs = list(zip(positional[len(positional) - len(node.args.defaults) :], node.args.defaults, strict=True))
    pairs += [(arg, value) for arg, value in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True) if value]
    for argument, value in pairs:
        if isinstance(value, _MUTABLE) and literal_text(value) is not None:
            kind = "mutable"
        elif literal_text(value) is not None or (isinstance(value, ast.Constant)):
            kind = "constant"
        else:
            kind = "name" if isinstance(value, ast.Name) else "computed"
        yield Default(argument.arg, kind, ast.unparse(value), value.lineno)


def _annotation_reads(node: ast.AST) -> Iterator[Read]:
    for inner in ast.walk(node):
        annotations: list[ast.expr | None] = []
        if isinstance(inner, FUNCTIONS):
            annotations = [*(parameter.annotation for parameter in parameters_of(inner.args)), inner.returns]
        elif isinstance(inner, ast.AnnAssign):
            annotations = [inner.annotation]
        for annotation in annotations:
            for part in ast.walk(annotation) if annotation else ():
                if isinstance(part, ast.Name):
                    yield Read(part.id, part.lineno)


def _own_yields(node: ast.AST) -> bool:
    """A yield of the function itself, not of a function inside it."""
    stack = list(ast.iter_child_nodes(node))
    while stack:
        inner = stack.pop()
        if isinstance(inner, ast.Yield | ast.YieldFrom):
            return True
        if not isinstance(inner, (*FUNCTIONS, ast.Lambda, ast.ClassDef)):
            stack.extend(ast.iter_child_nodes(inner))
    return False


def _lets_functions_escape(node: ast.AST) -> bool:
    """Whether a nested function, lambda or class is returned, yielded or stored somewhere: judged by its being there at all
    outside an argument of a call.
    """
    arguments: set[ast.AST] = set()
    for inner in ast.walk(node):
        if isinstance(inner, ast.Call):
            arguments.update(inner.args)
            arguments.update(keyword.value for keyword in inner.keywords)
    return any(
        inner is not node and inner not in arguments and isinstance(inner, (*FUNCTIONS, ast.Lambda, ast.ClassDef))
        for inner in ast.walk(node)
    )


def _local_imports(nodes: list[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")


def _class_facts(node: ast.ClassDef) -> dict[str, object]:
    _, body = split_docstring(node.body)
    methods = [statement for statement in body if isinstance(statement, FUNCTIONS)]
    return {
        "bases": tuple(map(dotted, node.bases)),
        "class_keywords": tuple(keyword.arg or "**" for keyword in node.keywords),
        "class_effects": tuple(
            Read(type(statement).__name__, statement.lineno) for statement in body if not _is_harmless(statement)
        ),
        "class_attributes": tuple(
            target.id
            for statement in body
            if isinstance(statement, ast.Assign)
            for target in statement.targets
            if isinstance(target, ast.Name)
        ),
        "methods": tuple(method.name for method in methods),
        "method_decorators": tuple(_decorator(decorator) for method in methods for decorator in method.decorator_list),
    }


def _is_harmless(statement: ast.stmt) -> bool:
    """A statement of a class body that only binds a name to a constant, a name, or a definition."""
    if isinstance(statement, ast.AnnAssign):
        return statement.value is None or not _calls(statement.value)
    if isinstance(statement, ast.Assign):
        return all(isinstance(target, ast.Name) for target in statement.targets) and not _calls(statement.value)
    if isinstance(statement, ast.Expr):
        return isinstance(statement.value, ast.Constant)
    return isinstance(statement, _EFFECT_FREE)


# Calls in a class body that build a value and touch nothing else.
_BUILDERS = frozenset(
    (
        "field",
        "property",
        "namedtuple",
        "TypeVar",
        "dict",
        "list",
        "set",
        "tuple",
        "frozenset",
        "Lock",
        "auto",
        "object",
    )
)


def _calls(node: ast.expr) -> bool:
    return any(isinstance(inner, ast.Call) and _last(inner.func) not in _BUILDERS for inner in ast.walk(node))


def _last(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""
