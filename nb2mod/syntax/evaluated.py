"""What of a definition runs when its statement runs: decorators, defaults, bases, class bodies.

Form alone: what the called names mean, and so whether a call does harm, is for whoever knows the notebook.
"""

import ast
from collections.abc import Iterable, Iterator

from msgspec import Struct

from nb2mod.syntax.literals import literal_text
from nb2mod.syntax.scopes import FUNCTIONS, FunctionNode

_DISPLAYS = (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.SetComp, ast.DictComp)
# Calls of these make a new object that can be changed in place.
FRESH = frozenset(
    (
        *("list", "dict", "set", "bytearray", "object", "defaultdict", "OrderedDict", "Counter", "deque", "count"),
        *("enumerate", "fromkeys", "map", "reversed", "zip", "Lock", "RLock", "SimpleNamespace"),
    )
)
_LATER = (*FUNCTIONS, ast.Lambda)


class Decorator(Struct, frozen=True):
    """`name` is dotted as written ("functools.lru_cache"), "" when it is no name; `line` counts from the definition's first.

    `first` is the dotted first argument of a called one: what `partial(jit, …)` stands for.
    """

    name: str
    line: int
    called: bool
    first: str = ""


class Default(Struct, frozen=True):
    """A parameter's default: `kind` is "constant", "mutable" (a new list, dict, set, …), "name" or "computed"."""

    parameter: str
    kind: str
    text: str
    line: int
    names: tuple[str, ...] = ()  # read when the definition runs


class Run(Struct, frozen=True):
    """What happens when the definition's statement runs: `name` dotted as written, "" for any other expression.

    `part` is "default", "decorator" (inside its arguments), "base" or "body" (of a class); `kind` is "call", "attribute"
    or "item" (a subscript).
    """

    name: str
    line: int
    part: str
    kind: str = "call"


class ClassBody(Struct, frozen=True):
    """What running a class statement does, nested classes included."""

    effects: tuple[tuple[str, int], ...]  # statements that do more than bind names: ast name, line
    attributes: tuple[str, ...]
    mutable: tuple[str, ...]  # attributes that are new lists, dicts, sets
    methods: tuple[str, ...]
    local: frozenset[str]  # names bound in the body
    decorators: tuple[Decorator, ...]
    defaults: tuple[Default, ...]
    runs: tuple[Run, ...]


def decorator_of(node: ast.expr) -> Decorator:
    """One decorator."""
    if not isinstance(node, ast.Call):
        return Decorator(dotted(node), node.lineno, False)
    first = dotted(node.args[0]) if node.args else ""
    return Decorator(dotted(node.func), node.lineno, True, first)


def decorator_runs(nodes: Iterable[ast.expr]) -> Iterator[Run]:
    """The calls inside the arguments of decorators."""
    for node in nodes:
        if isinstance(node, ast.Call):
            for argument in (*node.args, *(keyword.value for keyword in node.keywords)):
                yield from runs_in(argument, "decorator")


def dotted(node: ast.expr) -> str:
    """`a.b.c` as text; "" when the expression is no dotted name."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return ""
    return ".".join((node.id, *reversed(parts)))


def runs_in(node: ast.AST, part: str) -> Iterator[Run]:
    """What evaluating an expression calls and looks up; methods of literals ("a b".split()) are none worth telling."""
    stack = [node]
    while stack:
        inner = stack.pop()
        if isinstance(inner, ast.Call):
            if not _of_literal(inner.func):
                yield Run(dotted(inner.func), inner.lineno, part)
            stack.extend((*inner.args, *(keyword.value for keyword in inner.keywords)))
            if not dotted(inner.func):
                stack.append(inner.func)
        elif isinstance(inner, ast.Attribute) and dotted(inner):
            yield Run(dotted(inner), inner.lineno, part, "attribute")
        elif isinstance(inner, ast.Lambda):
            stack.extend((*inner.args.defaults, *filter(None, inner.args.kw_defaults)))
        else:
            if isinstance(inner, ast.Await | ast.Yield | ast.YieldFrom | ast.NamedExpr):
                yield Run("", inner.lineno, part)
            if isinstance(inner, ast.Subscript) and dotted(inner.value):
                yield Run(dotted(inner.value), inner.lineno, part, "item")
            stack.extend(ast.iter_child_nodes(inner))


def _of_literal(function: ast.expr) -> bool:
    return isinstance(function, ast.Attribute) and literal_text(function.value) is not None


def defaults_of(node: FunctionNode) -> Iterator[Default]:
    """The defaults of a function's parameters."""
    for argument, value in _default_pairs(node):
        if isinstance(value, ast.Constant):
            kind = "constant"
        elif is_fresh(value):
            kind = "mutable"
        elif literal_text(value) is not None:
            kind = "constant"
        else:
            kind = "name" if isinstance(value, ast.Name) else "computed"
        yield Default(argument.arg, kind, ast.unparse(value), value.lineno, tuple(_names_now(value)))


def default_runs(node: FunctionNode) -> Iterator[Run]:
    """The calls that evaluating a function's defaults makes."""
    for _, value in _default_pairs(node):
        yield from runs_in(value, "default")


def _default_pairs(node: FunctionNode) -> list[tuple[ast.arg, ast.expr]]:
    positional = [*node.args.posonlyargs, *node.args.args]
    pairs = list(zip(positional[len(positional) - len(node.args.defaults) :], node.args.defaults, strict=True))
    return pairs + [
        (argument, value)
        for argument, value in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)
        if value is not None
    ]


def is_fresh(node: ast.expr) -> bool:
    """Whether evaluating the expression again gives another object that could be changed in place."""
    return any(
        isinstance(inner, _DISPLAYS) or (isinstance(inner, ast.Call) and dotted(inner.func).rpartition(".")[2] in FRESH)
        for inner in ast.walk(node)
    )


def _names_now(node: ast.expr) -> Iterator[str]:
    """Names an expression reads at once, not in the bodies of its lambdas."""
    stack: list[ast.AST] = [node]
    while stack:
        inner = stack.pop()
        if isinstance(inner, ast.Name):
            yield inner.id
        if isinstance(inner, ast.Lambda):
            stack.extend((*inner.args.defaults, *filter(None, inner.args.kw_defaults)))
        else:
            stack.extend(ast.iter_child_nodes(inner))


# Class bodies.


def class_body(node: ast.ClassDef) -> ClassBody:
    """What running a class statement does."""
    effects: list[tuple[str, int]] = []
    attributes: list[str] = []
    mutable: list[str] = []
    decorators: list[Decorator] = []
    defaults: list[Default] = []
    runs: list[Run] = []
    methods: list[str] = []
    for base in (*node.bases, *(keyword.value for keyword in node.keywords)):
        runs.extend(runs_in(base, "base"))
    for statement in node.body:
        if isinstance(statement, FUNCTIONS):
            methods.append(statement.name)
            decorators.extend(map(decorator_of, statement.decorator_list))
            runs.extend(decorator_runs(statement.decorator_list))
            defaults.extend(defaults_of(statement))
            runs.extend(default_runs(statement))
        elif isinstance(statement, ast.ClassDef):
            inner = class_body(statement)
            effects.extend(inner.effects)
            decorators.extend((*map(decorator_of, statement.decorator_list), *inner.decorators))
            defaults.extend(inner.defaults)
            runs.extend((*decorator_runs(statement.decorator_list), *inner.runs))
        elif not _only_binds(statement):
            effects.append((type(statement).__name__, statement.lineno))
        else:
            bound = list(_bound_names(statement))
            attributes.extend(bound)
            value = getattr(statement, "value", None)
            if isinstance(value, ast.expr):
                runs.extend(runs_in(value, "body"))
                mutable.extend(bound if is_fresh(value) else ())
    local = frozenset((*attributes, *methods, *(s.name for s in node.body if isinstance(s, ast.ClassDef))))
    return ClassBody(
        tuple(effects),
        tuple(attributes),
        tuple(mutable),
        tuple(methods),
        local,
        tuple(decorators),
        tuple(defaults),
        tuple(runs),
    )


def _only_binds(statement: ast.stmt) -> bool:
    """A statement of a class body that only binds names of the class, or says nothing; its calls are judged apart."""
    if isinstance(statement, ast.Assign):
        return all(isinstance(part, ast.Name | ast.Tuple) for target in statement.targets for part in _parts(target))
    if isinstance(statement, ast.AnnAssign | ast.AugAssign):
        return isinstance(statement.target, ast.Name)
    if isinstance(statement, ast.Expr):
        return isinstance(statement.value, ast.Constant)
    return isinstance(statement, ast.Pass)


def _bound_names(statement: ast.stmt) -> Iterator[str]:
    targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
    for target in targets:
        if target is not None:
            yield from (part.id for part in _parts(target) if isinstance(part, ast.Name))


def _parts(target: ast.expr) -> Iterator[ast.expr]:
    yield target
    if isinstance(target, ast.Tuple | ast.List):
        for inner in target.elts:
            yield from _parts(inner)
