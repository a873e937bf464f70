"""Whether an edited cell differs from the old one by just what was meant: by Python's own trees, not by what made the edits."""

import ast
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache

from nb2mod.syntax import parse

Given = tuple[tuple[str, str], ...]  # (keyword, source) of what a call passes more


def only_passes(
    before: str, after: str, calls: Sequence[tuple[str, Given]], lambdas: Sequence[tuple[str, Given]]
) -> bool:
    """Whether `after` is `before` with these calls (name, what each passes more) and these names made lambdas, each once."""
    expected = Counter(
        [
            *(("call", name, _dumped(given)) for name, given in calls),
            *(("lambda", name, _dumped(given)) for name, given in lambdas),
        ]
    )
    found: Counter[tuple[str, str, tuple[str, ...]]] = Counter()
    names = {name for name, _ in (*calls, *lambdas)}
    try:
        return _same(parse(before), parse(after), names, found) and found == expected
    except (SyntaxError, RecursionError):
        return False


def renames_only(before: str, after: str, names: Mapping[str, str]) -> bool:
    """Whether the body of the definition that `after` is differs from that of `before` by reads of other names alone."""
    return _renames_only(before, after, tuple(sorted(names.items())))


@lru_cache(maxsize=4096)  # the same is asked again in each attempt to lift
def _renames_only(before: str, after: str, names: tuple[tuple[str, str], ...]) -> bool:
    try:
        return _renamed_value(_function(before).body, _function(after).body, dict(names))
    except (SyntaxError, RecursionError):
        return False


def same_arguments(before: str, after: str, new: Sequence[tuple[str, str]], dropped: Sequence[str]) -> bool:
    """Whether the definition that `after` is has the parameters of that of `before`, and keyword-only ones behind (name,
    default). Of `dropped` ones the default is gone. Defaults that were there are not compared.
    """
    return _same_arguments(before, after, tuple(new), tuple(dropped))


@lru_cache(maxsize=4096)  # the same is asked again in each attempt to lift
def _same_arguments(before: str, after: str, new: tuple[tuple[str, str], ...], dropped: tuple[str, ...]) -> bool:
    try:
        old, now = _function(before).args, _function(after).args
    except (SyntaxError, RecursionError):
        return False
    behind = len(old.kwonlyargs)
    named = [parameter.arg for parameter in now.kwonlyargs[behind:]]
    defaults = ["" if node is None else ast.dump(node) for node in now.kw_defaults[behind:]]
    expected = ["" if not default else _dump(default) for _, default in new]
    kept = _defaulted(old) - set(dropped)
    return (
        [name for name, _ in new] == named
        and defaults == expected
        and all(
            map(
                _same_list,
                (old.posonlyargs, old.args, old.kwonlyargs),
                (now.posonlyargs, now.args, now.kwonlyargs[:behind]),
            )
        )
        and _same_list(_optional(old.vararg), _optional(now.vararg))
        and _same_list(_optional(old.kwarg), _optional(now.kwarg))
        and _defaulted(now) - {name for name, _ in new} == kept
    )


def _function(text: str) -> ast.FunctionDef | ast.AsyncFunctionDef:
    found = [node for node in parse(text).body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    if len(found) != 1:
        raise SyntaxError("not one definition")
    return found[0]


def _optional(parameter: ast.arg | None) -> list[ast.arg]:
    return [] if parameter is None else [parameter]


def _same_list(old: Sequence[ast.AST], now: Sequence[ast.AST]) -> bool:
    return [ast.dump(node) for node in old] == [ast.dump(node) for node in now]


def _defaulted(arguments: ast.arguments) -> set[str]:
    plain = [*arguments.posonlyargs, *arguments.args]
    found = {parameter.arg for parameter in plain[len(plain) - len(arguments.defaults) :]}
    return found | {
        parameter.arg
        for parameter, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
        if default is not None
    }


def _dumped(given: Given) -> tuple[str, ...]:
    return tuple(f"{keyword}={_dump(value)}" for keyword, value in given)


def _dump(value: str) -> str:
    return ast.dump(ast.parse(f"({value}\n)", mode="eval").body)


def _same(old: ast.AST, now: ast.AST, names: set[str], found: "Counter[tuple[str, str, tuple[str, ...]]]") -> bool:
    """Whether two trees are alike but for what is counted in `found`."""
    if isinstance(old, ast.Name) and isinstance(now, ast.Lambda) and old.id in names:
        return _is_wrapper(old.id, now, found)
    if type(old) is not type(now):
        return False
    more = 0
    if (
        isinstance(old, ast.Call)
        and isinstance(now, ast.Call)
        and isinstance(old.func, ast.Name)
        and old.func.id in names
    ):
        more = len(now.keywords) - len(old.keywords)
        if more < 0:
            return False
        if more:
            given = now.keywords[len(old.keywords) :]
            found["call", old.func.id, tuple(f"{one.arg}={ast.dump(one.value)}" for one in given)] += 1
    for field in old._fields:
        one, other = getattr(old, field, None), getattr(now, field, None)
        if field == "keywords" and more:
            other = now.keywords[:-more]  # type: ignore[attr-defined]
        if not _same_value(one, other, names, found):
            return False
    return True


def _same_value(
    one: object, other: object, names: set[str], found: "Counter[tuple[str, str, tuple[str, ...]]]"
) -> bool:
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(
            _same_value(left, right, names, found) for left, right in zip(one, other, strict=True)
        )
    if isinstance(one, ast.AST) and isinstance(other, ast.AST):
        return _same(one, other, names, found)
    return type(one) is type(other) and one == other


def _is_wrapper(name: str, node: ast.Lambda, found: "Counter[tuple[str, str, tuple[str, ...]]]") -> bool:
    call = node.body
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name) or call.func.id != name:
        return False
    parameters = [parameter.arg for parameter in node.args.args]
    passed = [argument.id for argument in call.args if isinstance(argument, ast.Name)]
    found["lambda", name, tuple(f"{one.arg}={ast.dump(one.value)}" for one in call.keywords)] += 1
    return parameters == passed and len(call.args) == len(passed) and name not in parameters


def _renamed(old: ast.AST, now: ast.AST, names: Mapping[str, str]) -> bool:
    if type(old) is not type(now):
        return False
    if isinstance(old, ast.Name) and isinstance(now, ast.Name) and isinstance(old.ctx, ast.Load):
        return now.id in (old.id, names.get(old.id))
    fields = ((getattr(old, field, None), getattr(now, field, None)) for field in old._fields)
    return all(_renamed_value(one, other, names) for one, other in fields)


def _renamed_value(one: object, other: object, names: Mapping[str, str]) -> bool:
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(
            _renamed_value(left, right, names) for left, right in zip(one, other, strict=True)
        )
    if isinstance(one, ast.AST) and isinstance(other, ast.AST):
        return _renamed(one, other, names)
    return type(one) is type(other) and one == other
