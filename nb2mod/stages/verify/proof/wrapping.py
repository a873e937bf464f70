"""A lambda in place of a function that is given away: `lambda row: f(row, df=df)` has the parameters of `f` and hands each on."""

import ast
from collections.abc import Container

from nb2mod.stages.verify.proof.lifts import defaults_of, is_value
from nb2mod.stages.verify.proof.trees import dump


def hands_on(made: ast.Lambda, function: ast.arguments, came: Container[int]) -> str:
    """What is wrong with a lambda that calls a function with these parameters, in words; "" when nothing is. `came`: ids of
    keywords that it passes of its own.
    """
    assert isinstance(made.body, ast.Call)
    own, call = made.args, made.body
    defaults = [{name: dump(value) for name, value in defaults_of(each).items()} for each in (own, function)]
    if (
        _shape(own) != _shape(function)
        or defaults[0] != defaults[1]
        or not all(map(is_value, defaults_of(own).values()))
    ):
        return "has other parameters than the function had"
    positional = [each.arg for each in (*own.posonlyargs, *own.args)]
    given = [each.id for each in call.args if isinstance(each, ast.Name)]
    starred = [
        each.value.id for each in call.args if isinstance(each, ast.Starred) and isinstance(each.value, ast.Name)
    ]
    named = [(each.arg, each.value) for each in call.keywords if id(each) not in came]
    rest = own.kwarg.arg if own.kwarg else ""
    names = [name for name, value in named if isinstance(value, ast.Name) and value.id == (name or rest)]
    wanted = [*positional[len(given) :], *(each.arg for each in own.kwonlyargs), *([None] if own.kwarg else [])]
    in_order = given == positional[: len(given)] and len(given) >= len(own.posonlyargs)
    all_starred = starred == ([own.vararg.arg] if own.vararg else []) and (not starred or len(given) == len(positional))
    complete = len(given) + len(starred) == len(call.args) and len(names) == len(named) and names == wanted
    return "" if in_order and all_starred and complete else "does not hand on what it is given"


def _shape(arguments: ast.arguments) -> tuple[object, ...]:
    lists = [[each.arg for each in found] for found in (arguments.posonlyargs, arguments.args, arguments.kwonlyargs)]
    stars = [each.arg if each else None for each in (arguments.vararg, arguments.kwarg)]
    return (*map(tuple, lists), *stars)
