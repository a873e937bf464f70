"""A notebook's constants → arguments that a command line can give, with the old values as defaults."""

import ast
import keyword
from collections.abc import Collection

from nb2mod.model import Parameter

_SIMPLE = (bool, int, float, str)  # bool first: it is an int too
_WRITTEN = frozenset(
    (*(one.__name__ for one in _SIMPLE), *(f"{outer}[{one.__name__}]" for outer in ("list", "List") for one in _SIMPLE))
)


def parameter_of(statement: ast.stmt, comment: str, taken: Collection[str]) -> Parameter | str:
    """The argument that `name = literal` becomes, or why it becomes none, in words that continue "`name`: ".

    `taken` are options that others have. The type is what the notebook writes, else that of the value.
    """
    target, value = _parts(statement)
    written = ast.unparse(statement.annotation) if isinstance(statement, ast.AnnAssign) else ""
    option = "--" + target.lower().replace("_", "-")
    kind = written.replace("List", "list") if written in _WRITTEN else "" if written else _type_of(value)
    if not kind:
        return f"no command line gives {_described(value, written)}"
    if kind.startswith("list") and not isinstance(value, ast.List):
        return f"its value is no {kind}"
    if target.startswith("_") or target.endswith("_") or keyword.iskeyword(target) or not target.isascii():
        return "its name makes no option"
    if option in taken or option == "--help":
        return f"{option} means something else already"
    return Parameter(target, kind, ast.unparse(value), option, comment)


def _parts(statement: ast.stmt) -> tuple[str, ast.expr]:
    if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
        return statement.targets[0].id, statement.value
    assert isinstance(statement, ast.AnnAssign)
    assert isinstance(statement.target, ast.Name)
    assert statement.value is not None
    return statement.target.id, statement.value


def _type_of(value: ast.expr) -> str:
    """ "float", "list[str]"; "" for what is neither a plain value nor a list of such."""
    try:
        found = ast.literal_eval(value)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return ""
    kinds = {type(one) for one in found} if isinstance(found, list) else {type(found)}
    if len(kinds) != 1 or not kinds < set(_SIMPLE) | {None}:
        return ""
    name = kinds.pop().__name__
    return f"list[{name}]" if isinstance(found, list) else name


def _described(value: ast.expr, written: str) -> str:
    if written:
        return f"a value of type {written}"
    if isinstance(value, ast.List):
        return "an empty list" if not value.elts else "a list of several types"
    if isinstance(value, ast.Constant) and value.value is None:
        return "None, and of what type another value would be is not told"
    kinds = {ast.Dict: "a dict", ast.Tuple: "a tuple", ast.Set: "a set"}
    return kinds.get(type(value), f"a value like {ast.unparse(value)[:40]}")
