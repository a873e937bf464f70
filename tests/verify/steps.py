"""Wrong steps in a syntax tree, by kind: for one node, every way to go wrong there. What they are planted in lives elsewhere.

A way changes the node in place; `where` it stands in its statement is the planter's business.
"""

import ast
from collections.abc import Callable, Iterator
from itertools import combinations

Way = Callable[[ast.AST], None]
Ways = Iterator[tuple[str, Way]]

_COMMUTING = (ast.Eq, ast.NotEq, ast.Is, ast.IsNot)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_OTHER: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Is: ast.Eq,
    ast.IsNot: ast.NotEq, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div,
    ast.Div: ast.FloorDiv, ast.FloorDiv: ast.Div, ast.Mod: ast.Pow, ast.Pow: ast.Mult, ast.And: ast.Or, ast.Or: ast.And,
    ast.USub: ast.UAdd, ast.Not: ast.UAdd, ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr, ast.LShift: ast.RShift,
}  # fmt: skip


def parameter_dropped(node: ast.AST) -> Ways:
    """From the definition, or the argument from a call."""
    if isinstance(node, ast.arguments):
        for index in range(len(node.args)):
            yield "a parameter", lambda made, index=index: _without_parameter(made, index)
        for index in range(len(node.kwonlyargs)):
            yield "a keyword parameter", lambda made, index=index: _pop(made, index, "kwonlyargs", "kw_defaults")
        for field in ("vararg", "kwarg"):
            if getattr(node, field):
                yield field, lambda made, field=field: setattr(made, field, None)
    if isinstance(node, ast.Call):
        for field in ("args", "keywords"):
            for index in range(len(getattr(node, field))):
                yield "an argument", lambda made, index=index, field=field: _pop(made, index, field)


def return_dropped(node: ast.AST) -> Ways:
    """The value is computed and thrown away, or nothing is left at all."""
    for suite in _suites(node):
        for index, inner in enumerate(getattr(node, suite)):
            if isinstance(inner, ast.Return) and inner.value is not None:
                yield (
                    "the value only",
                    lambda made, s=suite, i=index: _put(made, s, i, ast.Expr(getattr(made, s)[i].value)),
                )
                yield "the statement", lambda made, s=suite, i=index: _put(made, s, i, ast.Pass())
                yield "the expression", lambda made, s=suite, i=index: _put(made, s, i, ast.Return(value=None))


def swapped(node: ast.AST) -> Ways:
    """Two arguments, two parameters, two operands, the branches of a conditional expression, two targets."""
    for field in ("args", "elts", "values", "ops"):
        items = getattr(node, field, None)
        if isinstance(items, list) and isinstance(node, (ast.Call, ast.arguments, ast.Tuple, ast.List, ast.Compare)):
            for one, other in combinations(range(len(items)), 2):
                yield f"two of the {field}", lambda made, f=field, i=one, j=other: _swap(made, f, i, j)
    if isinstance(node, ast.BinOp):
        yield "operands", lambda made: _exchange(made, "left", "right")
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and not isinstance(node.ops[0], _COMMUTING):
        yield "sides of a comparison", _turn
    if isinstance(node, ast.IfExp):
        yield "branches", lambda made: _exchange(made, "body", "orelse")
    if isinstance(node, ast.Slice):
        yield "ends of a slice", lambda made: _exchange(made, "lower", "upper")
    if isinstance(node, ast.Call) and len(node.keywords) > 1:
        yield "values of two keywords", _exchange_keywords


def default_changed(node: ast.AST) -> Ways:
    """Another value, another type, none at all."""
    for field in ("defaults", "kw_defaults"):
        for index, value in enumerate(getattr(node, field, []) if isinstance(node, ast.arguments) else []):
            if value is not None:
                yield "another", lambda made, f=field, i=index: _put(made, f, i, _another(getattr(made, f)[i]))
                yield "None", lambda made, f=field, i=index: _put(made, f, i, ast.Constant(None))
    if isinstance(node, ast.arguments) and node.defaults:
        yield "none", lambda made: _pop(made, 0, "defaults")


def shifted(node: ast.AST) -> Ways:
    """Statements of one suite exchanged, the last one moved out of its block, the next one moved in."""
    for suite in _suites(node):
        body = getattr(node, suite)
        for index in range(_docstring(body), len(body) - 1):
            yield "two statements", lambda made, s=suite, i=index: _swap(made, s, i, i + 1)
        for index, inner in enumerate(body):
            for block in _suites(inner) if not isinstance(inner, (*_FUNCTIONS, ast.ClassDef)) else ():
                if len(getattr(inner, block)) > 1:
                    yield "out of a block", lambda made, s=suite, i=index, b=block: _out(getattr(made, s), i, b)
                if index + 1 < len(body):
                    yield "into a block", lambda made, s=suite, i=index, b=block: _into(getattr(made, s), i, b)


def bound_early(node: ast.AST) -> Ways:
    """A global that the body reads is captured where the definition runs, as a default."""
    if isinstance(node, (*_FUNCTIONS,)):
        local = {each.arg for each in ast.walk(node.args) if isinstance(each, ast.arg)}
        stored = {each.id for each in ast.walk(node) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)}
        read = [each.id for part in node.body for each in ast.walk(part) if isinstance(each, ast.Name)]
        for name in sorted(set(read) - local - stored):
            yield f"{name} as a default", lambda made, name=name: _capture(made, name)


def constant_changed(node: ast.AST) -> Ways:
    """A number, a text, a truth value."""
    if isinstance(node, ast.Constant) and node.value is not Ellipsis:
        yield "another value", lambda made: setattr(made, "value", _another(made).value)  # type: ignore[attr-defined]


def operator_changed(node: ast.AST) -> Ways:
    """Comparisons, arithmetic, logic."""
    for index, each in enumerate(getattr(node, "ops", ())):
        if type(each) in _OTHER:
            yield "a comparison", lambda made, i=index: _put(made, "ops", i, _OTHER[type(made.ops[i])]())  # type: ignore[attr-defined]
    if type(getattr(node, "op", None)) in _OTHER:
        yield "an operator", lambda made: setattr(made, "op", _OTHER[type(made.op)]())  # type: ignore[attr-defined]


def name_changed(node: ast.AST) -> Ways:
    """A keyword, an attribute, one use of a name, the name of a method."""
    if isinstance(node, ast.keyword) and node.arg:
        yield "a keyword", lambda made: setattr(made, "arg", made.arg + "_")  # type: ignore[attr-defined]
    if isinstance(node, ast.Attribute):
        yield "an attribute", lambda made: setattr(made, "attr", made.attr + "_")  # type: ignore[attr-defined]
    if isinstance(node, ast.Name):
        yield "one use", lambda made: setattr(made, "id", made.id + "_")  # type: ignore[attr-defined]
    if isinstance(node, ast.ClassDef):
        for index, inner in enumerate(node.body):
            if isinstance(inner, _FUNCTIONS):
                yield "a method", lambda made, i=index: setattr(made.body[i], "name", made.body[i].name + "_")  # type: ignore[attr-defined]


def scope_changed(node: ast.AST) -> Ways:
    """global and nonlocal come or go; async and await go."""
    if isinstance(node, _FUNCTIONS):
        yield "a global comes", lambda made: made.body.insert(0, ast.Global(["counted_"]))  # type: ignore[attr-defined]
        stored = {each.id for each in ast.walk(node) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)}
        for name in sorted(stored):
            yield (
                f"{name} is global",
                lambda made, name=name: made.body.insert(_docstring(made.body), ast.Global([name])),
            )  # type: ignore[attr-defined]
    for suite in _suites(node):
        for index, inner in enumerate(getattr(node, suite)):
            if isinstance(inner, (ast.Global, ast.Nonlocal)):
                yield "a declaration goes", lambda made, s=suite, i=index: _put(made, s, i, ast.Pass())
    for field, value in ast.iter_fields(node):
        if isinstance(value, ast.Await):
            yield "await goes", lambda made, f=field: setattr(made, f, getattr(made, f).value)


def decorator_changed(node: ast.AST) -> Ways:
    """A decorator goes, a base class goes, a decorator comes."""
    for field in ("decorator_list", "bases", "keywords"):
        if isinstance(node, (*_FUNCTIONS, ast.ClassDef)):
            for index in range(len(getattr(node, field, ()))):
                yield f"one of the {field} goes", lambda made, f=field, i=index: _pop(made, i, f)
    if isinstance(node, _FUNCTIONS):
        yield "one comes", lambda made: made.decorator_list.append(ast.Name("staticmethod", ast.Load()))  # type: ignore[attr-defined]


def docstring_changed(node: ast.AST) -> Ways:
    """The docstring goes, or says something else."""
    if isinstance(node, (*_FUNCTIONS, ast.ClassDef)) and _docstring(node.body):
        if len(node.body) > 1:
            yield "it goes", lambda made: _pop(made, 0, "body")
        yield "it says more", lambda made: _put(made, "body", 0, ast.Expr(ast.Constant("Another text.")))


def statement_added(node: ast.AST) -> Ways:
    """Something with an effect, at the head and at the end of a body."""
    if isinstance(node, (*_FUNCTIONS, ast.ClassDef)):
        effect = ast.parse("print('seen')").body[0]
        yield "first", lambda made: made.body.insert(_docstring(made.body), effect)  # type: ignore[attr-defined]
        yield "last", lambda made: made.body.append(effect)  # type: ignore[attr-defined]


def statement_dropped(node: ast.AST) -> Ways:
    """One statement of a suite, whichever."""
    for suite in _suites(node):
        body = getattr(node, suite)
        for index in range(_docstring(body), len(body)):
            yield "one", lambda made, s=suite, i=index: _put(made, s, i, ast.Pass())


STEPS: dict[str, Callable[[ast.AST], Ways]] = {
    "a parameter or argument dropped": parameter_dropped,
    "a return dropped": return_dropped,
    "arguments, parameters or operands swapped": swapped,
    "a default changed": default_changed,
    "a statement shifted": shifted,
    "an early binding": bound_early,
    "a constant changed": constant_changed,
    "an operator changed": operator_changed,
    "a name changed": name_changed,
    "global, nonlocal, async or await": scope_changed,
    "a decorator or base changed": decorator_changed,
    "a docstring changed": docstring_changed,
    "a statement added": statement_added,
    "a statement dropped": statement_dropped,
}


def _suites(node: ast.AST) -> list[str]:
    fields = ("body", "orelse", "finalbody")
    found = [field for field in fields if isinstance(getattr(node, field, None), list) and getattr(node, field)]
    return [] if isinstance(node, (ast.Module, ast.Interactive)) else found


def _docstring(body: list[ast.stmt]) -> int:
    """1 when the first statement is a docstring."""
    match body:
        case [ast.Expr(value=ast.Constant(value=str())), *_]:
            return 1
    return 0


def _another(node: ast.AST) -> ast.Constant:
    match node:
        case ast.Constant(value=bool(value)):
            return ast.Constant(not value)
        case ast.Constant(value=int(value) | float(value) | complex(value)):
            return ast.Constant(value + 1)
        case ast.Constant(value=str(value)):
            return ast.Constant(value + "x")
        case ast.Constant(value=bytes(value)):
            return ast.Constant(value + b"x")
    return ast.Constant(4321)


def _pop(made: ast.AST, index: int, *fields: str) -> None:
    for field in fields:
        getattr(made, field).pop(index)


def _put(made: ast.AST, field: str, index: int, value: ast.AST) -> None:
    getattr(made, field)[index] = value


def _swap(made: ast.AST, field: str, one: int, other: int) -> None:
    items = getattr(made, field)
    items[one], items[other] = items[other], items[one]


def _exchange(made: ast.AST, one: str, other: str) -> None:
    first, second = getattr(made, one), getattr(made, other)
    setattr(made, one, second)
    setattr(made, other, first)


def _turn(made: ast.AST) -> None:
    assert isinstance(made, ast.Compare)
    made.left, made.comparators = made.comparators[0], [made.left]


def _exchange_keywords(made: ast.AST) -> None:
    assert isinstance(made, ast.Call)
    first, second = made.keywords[:2]
    first.value, second.value = second.value, first.value


def _without_parameter(made: ast.AST, index: int) -> None:
    assert isinstance(made, ast.arguments)
    from_end = len(made.args) - index
    made.args.pop(index)
    if from_end <= len(made.defaults):
        made.defaults.pop(len(made.defaults) - from_end)


def _capture(made: ast.AST, name: str) -> None:
    assert isinstance(made, _FUNCTIONS)
    made.args.kwonlyargs.append(ast.arg(name))
    made.args.kw_defaults.append(ast.Name(name, ast.Load()))


def _out(body: list[ast.stmt], index: int, block: str) -> None:
    body.insert(index + 1, getattr(body[index], block).pop())


def _into(body: list[ast.stmt], index: int, block: str) -> None:
    getattr(body[index], block).append(body.pop(index + 1))
