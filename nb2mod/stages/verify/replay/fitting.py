"""Whether recorded calls fit a definition where it is now: a lifted one has parameters that nothing was recorded for."""

import ast
import textwrap
from collections.abc import Sequence

from nb2mod.syntax import lines_between


def takes_more(source: str, lines: tuple[int, int], module: str, name: str, *, defaults: bool = False) -> bool:
    """Whether the function `name` in the text of a module takes what the one in `lines` of a cell's source takes, and more.

    More are keyword-only parameters behind those it had; with `defaults`, another default too, which calls that left it out
    pass now. False for whatever else is different, or can't be read: that is for the replay to find.
    """
    old, new = _arguments(textwrap.dedent(lines_between(source, *lines)), ""), _arguments(module, name)
    if old is None or new is None:
        return False
    shapes = [(len(each.posonlyargs), len(each.args), bool(each.vararg), bool(each.kwarg)) for each in (old, new)]
    kept = len(old.kwonlyargs)
    named = [[each.arg for each in one.kwonlyargs[:kept]] for one in (old, new)]
    if shapes[0] != shapes[1] or named[0] != named[1]:
        return False
    if len(new.kwonlyargs) > kept:
        return True
    return defaults and _defaults(old) != _defaults(new)


def are_literals(passed: Sequence[tuple[str, str]]) -> bool:
    """Whether calls pass nothing for these parameters but literals."""
    try:
        for _, text in passed:
            ast.literal_eval(text)
    except (SyntaxError, ValueError, TypeError, RecursionError, MemoryError):
        return False
    return True


def _arguments(text: str, name: str) -> ast.arguments | None:
    """Of the last function of that name at the top of the text; without a name, of the only statement there."""
    try:
        body = ast.parse(text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    if not name and len(body) != 1:
        return None
    found = [one for one in body if isinstance(one, ast.FunctionDef) and name in ("", one.name)]
    return found[-1].args if found else None


def _defaults(arguments: ast.arguments) -> list[str]:
    return [ast.dump(each) if each else "" for each in (*arguments.defaults, *arguments.kw_defaults)]
