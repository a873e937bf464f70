"""One wrong step in a definition's syntax tree, at every place where it can be made; and one harmless one: other local names."""

import ast
import copy
import random
from collections.abc import Callable, Iterator, Sequence
from itertools import islice

Mutant = tuple[ast.stmt, str, ast.stmt]


def mutants(definitions: Sequence[ast.stmt], count: int, seed: int) -> Iterator[Mutant]:
    """`count` of them, drawn at random: (the definition, what was done, the definition with it).

    Annotations and docstrings are left alone.
    """
    choose = random.Random(seed)
    places = [(root, position, node) for root in definitions for position, node in enumerate(_meaningful(root))]
    while count:
        root, position, node = choose.choice(places)
        name, step = choose.choice(_STEPS)
        tried = copy.deepcopy(node)
        step(tried, root)
        if ast.dump(tried) != ast.dump(node):
            changed = copy.deepcopy(root)
            step(next(islice(_meaningful(changed), position, None)), root)
            count -= 1
            yield root, f"{name} in line {getattr(node, 'lineno', '?')}", changed


def _meaningful(root: ast.AST) -> Iterator[ast.AST]:
    """All nodes but annotations and docstrings, in a fixed order."""
    for field, value in ast.iter_fields(root):
        if field in ("annotation", "returns"):
            continue
        items = value if isinstance(value, list) else [value]
        for index, item in enumerate(items):
            is_docstring = (
                field == "body" and index == 0 and isinstance(item, ast.Expr) and isinstance(item.value, ast.Constant)
            )
            if isinstance(item, ast.AST) and not is_docstring:
                yield item
                yield from _meaningful(item)


def _constant(node: ast.AST, _root: ast.AST) -> None:
    if isinstance(node, ast.Constant):
        value = node.value
        if isinstance(value, bool):
            node.value = int(value)
        elif isinstance(value, int | float | complex):
            node.value = value + 1
        elif isinstance(value, str):
            node.value = value + "x"
        elif isinstance(value, bytes):
            node.value = value.decode("latin-1")
        elif value is None:
            node.value = False


def _other_name(node: ast.AST, root: ast.AST) -> None:
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
        names = sorted({each.id for each in ast.walk(root) if isinstance(each, ast.Name)} - {node.id})
        if names:
            node.id = names[len(node.id) % len(names)]


def _operator(node: ast.AST, _root: ast.AST) -> None:
    swaps: dict[type[ast.AST], type[ast.AST]] = {
        ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.FloorDiv, ast.Lt: ast.LtE, ast.Gt: ast.GtE,
        ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Is: ast.Eq, ast.In: ast.NotIn, ast.And: ast.Or, ast.Or: ast.And,
        ast.USub: ast.UAdd, ast.Not: ast.Invert, ast.Mod: ast.Pow, ast.BitOr: ast.BitAnd, ast.LShift: ast.RShift,
    }  # fmt: skip
    for field in ("op", "ops"):
        value = getattr(node, field, None)
        if isinstance(value, list):
            value[:1] = [swaps.get(type(value[0]), type(value[0]))()]
        elif value is not None:
            setattr(node, field, swaps.get(type(value), type(value))())


def _arguments(node: ast.AST, _root: ast.AST) -> None:
    if isinstance(node, ast.Call) and len(node.args) > 1:
        node.args.reverse()


def _fewer_arguments(node: ast.AST, _root: ast.AST) -> None:
    if isinstance(node, ast.Call) and node.args:
        node.args.pop()


def _keyword(node: ast.AST, _root: ast.AST) -> None:
    if isinstance(node, ast.keyword) and node.arg:
        node.arg += "_"


def _fewer_keywords(node: ast.AST, _root: ast.AST) -> None:
    if isinstance(node, ast.Call) and node.keywords:
        node.keywords.pop()


def _attribute(node: ast.AST, _root: ast.AST) -> None:
    if isinstance(node, ast.Attribute):
        node.attr += "_"


def _fewer_statements(node: ast.AST, _root: ast.AST) -> None:
    for field in ("body", "orelse", "finalbody"):
        suite = getattr(node, field, None)
        if isinstance(suite, list) and len(suite) > 1:
            suite.pop()
            return


def _other_order(node: ast.AST, _root: ast.AST) -> None:
    suite = getattr(node, "body", None)
    if isinstance(suite, list) and len(suite) > 2:
        suite[-1], suite[-2] = suite[-2], suite[-1]


def _no_return(node: ast.AST, _root: ast.AST) -> None:
    suite = getattr(node, "body", None)
    if isinstance(suite, list) and isinstance(suite[-1], ast.Return) and suite[-1].value is not None:
        suite[-1] = ast.copy_location(ast.Expr(suite[-1].value), suite[-1])


def _parameters(node: ast.AST, _root: ast.AST) -> None:
    if isinstance(node, ast.arguments) and node.defaults:
        node.defaults.pop()


def _kind_of_parameter(node: ast.AST, _root: ast.AST) -> None:
    if isinstance(node, ast.arguments) and node.args:
        node.posonlyargs.append(node.args.pop(0))


def _decorators(node: ast.AST, _root: ast.AST) -> None:
    if getattr(node, "decorator_list", None):
        node.decorator_list.pop()  # type: ignore[attr-defined]


def _bases(node: ast.AST, _root: ast.AST) -> None:
    if isinstance(node, ast.ClassDef) and node.bases:
        node.bases.pop()


def _subscript(node: ast.AST, _root: ast.AST) -> None:
    if isinstance(node, ast.Slice):
        node.lower, node.upper = node.upper, node.lower


def _handler(node: ast.AST, _root: ast.AST) -> None:
    if isinstance(node, ast.ExceptHandler) and node.type is not None:
        node.type = None
        node.name = None


def _global(node: ast.AST, _root: ast.AST) -> None:
    if isinstance(node, ast.FunctionDef):
        node.body.insert(0, ast.Global(["a_name_of_the_module"]))


_STEPS: list[tuple[str, Callable[[ast.AST, ast.AST], None]]] = [
    ("another constant", _constant),
    ("another name", _other_name),
    ("another operator", _operator),
    ("arguments swapped", _arguments),
    ("an argument fewer", _fewer_arguments),
    ("another keyword", _keyword),
    ("a keyword fewer", _fewer_keywords),
    ("another attribute", _attribute),
    ("a statement fewer", _fewer_statements),
    ("statements swapped", _other_order),
    ("no return", _no_return),
    ("a default fewer", _parameters),
    ("a parameter of another kind", _kind_of_parameter),
    ("a decorator fewer", _decorators),
    ("a base fewer", _bases),
    ("a slice turned round", _subscript),
    ("everything is caught", _handler),
    ("a global declared", _global),
]


def renamed(definition: ast.FunctionDef) -> ast.FunctionDef | None:
    """The function with every local renamed; None where a nested scope or a look at names makes that no mere renaming."""
    nested = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp)
    inner = [node for node in ast.walk(definition) if node is not definition]
    if any(isinstance(node, (*nested, ast.GeneratorExp, ast.Global, ast.Import, ast.ImportFrom)) for node in inner):
        return None
    local = {node.arg for node in inner if isinstance(node, ast.arg)}
    local |= {node.id for node in inner if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load)}
    local |= {node.name for node in inner if isinstance(node, ast.ExceptHandler) and node.name}
    changed = copy.deepcopy(definition)
    for node in ast.walk(changed):
        for field in ("id", "arg", "name"):
            own_keyword = isinstance(node, ast.keyword) or node is changed
            if not own_keyword and getattr(node, field, None) in local:
                setattr(node, field, f"{getattr(node, field)}_renamed")
    return changed
