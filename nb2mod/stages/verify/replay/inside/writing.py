"""A call that was the same with both definitions, as the parts of a test: expressions, data, what to expect.

Nothing is written to a file here. Runs inside the kernel (Python 3.8).
"""

from __future__ import annotations

from typing import Any

from .calling import Yielded
from .expressing import Expression, Inexpressible, is_local
from .records import Call
from .sameness import Comparison
from .telling import Differs

_MOST_OUTPUT = 300


def case(replayed: Any) -> dict[str, Any] | None:
    """The parts of a test for this call, ready for JSON; None when it can't be told in one."""
    made, call = replayed.new, replayed.call
    silent = not (made.shown or made.warned or made.figures or made.files or made.output["stderr"])
    if not silent or made.drew or len(made.output["stdout"]) > _MOST_OUTPUT or is_local(made.output["stdout"]):
        return None
    classes = _classes(replayed)
    try:
        return _parts(replayed, made, call, Expression(classes))
    except Inexpressible:
        return None


def _parts(replayed: Any, made: Any, call: Call, expression: Expression) -> dict[str, Any]:
    arguments = replayed.fresh(replayed.paired)
    positional, named = replayed.call_form(arguments, list(replayed.new_function.__code__.co_varnames))
    named.update(replayed.passed())
    kind = _kind(replayed, call)
    receiver = ""
    if call.method:
        if kind == "class":
            positional = positional[1:]
        elif kind == "instance":
            receiver, positional = expression.of(positional[0]), positional[1:]
        elif kind != "static":
            raise Inexpressible("a method that is reached in a way of its own")
    given = [["", expression.of(value)] for value in positional]
    given += [[name, expression.of(value)] for name, value in named.items()]
    parts: dict[str, Any] = {
        "method": call.method, "kind": kind, "receiver": receiver, "arguments": given, "mutated": [],
        "lines": sorted(made.lines or replayed.again.lines), "shape": repr(call.shape),
    }  # fmt: skip
    parts["mutated"] = _mutated(replayed, positional, expression, bool(call.method) and kind != "static")
    if made.error is not None:
        parts["raises"] = _raises(made.error)
    else:
        result = made.result.items if isinstance(made.result, Yielded) else made.result
        if isinstance(made.result, Yielded) and not made.result.ended:
            raise Inexpressible("an iterator that goes on")
        parts["yields"] = isinstance(made.result, Yielded)
        parts["result"] = _alone(result, replayed.new_arguments, expression)
    parts["stdout"] = made.output["stdout"]
    parts["data"] = expression.plain_data()
    return parts


def _kind(replayed: Any, call: Call) -> str:
    """How the function is reached: "function", "instance", "class", "static", or "other" for properties and decorators."""
    if not call.method:
        return "function" if call.steps in ((), None) or set(call.steps) == {"__wrapped__"} else "other"
    if call.method.startswith("__") and call.method != "__init__":
        return "other"
    owner = getattr(replayed.staged.modules.get(call.watched.module), call.watched.new_name, None)
    inner = vars(owner).get(call.method)
    if isinstance(inner, staticmethod):
        return "static"
    if isinstance(inner, classmethod):
        return "class"
    return "instance" if call.steps == () and call.method != "__init__" else "other"


def _classes(replayed: Any) -> dict[int, tuple[str, Any]]:
    """The class of the method under test, by its id: the one that a test has imported anyway."""
    one = replayed.call.watched
    new = getattr(replayed.staged.modules.get(one.module), one.new_name, None)
    return {id(new): (one.new_name, new)} if isinstance(new, type) else {}


def _mutated(replayed: Any, positional: list[Any], expression: Expression, bound: bool) -> list[Any]:
    """[index of the argument as it is passed or -1 for the receiver, name, expression] of what the call changed."""
    found = []
    before = replayed.fresh(replayed.paired)
    for number, name in enumerate(replayed.call.names):
        after = replayed.new_arguments[number]
        try:
            comparison = Comparison({})
            comparison.check(before[number], after, name)
            changed = False
        except Differs:
            changed = True
        if not changed:
            continue
        if number in replayed.call.left_out or number >= replayed.call.code.co_argcount:
            raise Inexpressible("changes what is passed as *args or **kwargs")
        new_name = replayed.new_function.__code__.co_varnames[number]
        at = number - bound if number - bound < len(positional) else new_name
        found.append([at, new_name, expression.of(after)])
    return found


def _alone(result: Any, arguments: list[Any], expression: Expression) -> str:
    """The result's expression. A result that is one of the arguments is compared as they are."""
    if any(value is result for value in arguments):
        expression.forget()
    return expression.of(result)


def _raises(error: BaseException) -> list[str]:
    kind = type(error)
    message = str(error)
    if (
        kind.__module__ != "builtins"
        or len(message) > _MOST_OUTPUT
        or is_local(message)
        or not isinstance(error, Exception)
    ):
        raise Inexpressible("an exception of a kind of its own")
    return [kind.__name__, message]
