"""Wrong steps planted in lifts that are right: in what a call passes, in the function, and in the notebook around them."""

import ast
import copy
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise

from verify.lifts_right import RIGHT_LIFTS
from verify.pairs import MODULE, B, Pair

Step = Callable[[ast.Call], None]
# Nothing needs to be handed in, or `ast` would write it in another way.
_LOOSE = {
    "nobody calls it",
    "the default holds, and is passed",
    "the default holds, and the shell reads it",
    "a hidden value",
}
TIGHT = [
    pair
    for pair in RIGHT_LIFTS
    if pair.name not in _LOOSE
    and not any(text.lstrip()[:1] in "%>!" or "\n    %" in text for text in pair.moved.values())
]


def seeds(pair: Pair) -> Iterator[tuple[str, Pair]]:
    """(what is wrong, the pair with it)."""
    for number, text in pair.moved.items():
        if number > 2 or "def " not in pair.cells[number - 1]:
            yield from _calls(pair, number, text)
    yield from _function(pair)
    yield from _around(pair)


def plain(pair: Pair) -> Pair:
    """The same, written by `ast`: what the seeds of calls are planted in."""
    return replace(pair, moved={number: _written(ast.parse(text)) for number, text in pair.moved.items()})


def _calls(pair: Pair, number: int, text: str) -> Iterator[tuple[str, Pair]]:
    tree = ast.parse(text)
    before = {ast.dump(node) for node in ast.walk(ast.parse(pair.cells[number - 1])) if isinstance(node, ast.keyword)}
    for place, node in enumerate(ast.walk(tree)):
        if not isinstance(node, ast.Call):
            continue
        came = [index for index, each in enumerate(node.keywords) if each.arg and ast.dump(each) not in before]
        for name, step in _steps(node, came):
            made = copy.deepcopy(tree)
            target = [*ast.walk(made)][place]
            assert isinstance(target, ast.Call)
            step(target)
            yield name, _with(pair, number, _written(made))


def _steps(node: ast.Call, came: list[int]) -> Iterator[tuple[str, Step]]:
    for index in came:
        yield "a keyword dropped", lambda call, i=index: call.keywords.pop(i)
        yield "a keyword renamed", lambda call, i=index: setattr(call.keywords[i], "arg", call.keywords[i].arg + "_")
        yield (
            "another value",
            lambda call, i=index: setattr(call.keywords[i], "value", _another(call.keywords[i].value)),
        )
        yield (
            "a value that is no value",
            lambda call, i=index: setattr(call.keywords[i], "value", ast.parse("print").body[0].value),
        )
        yield "by its place", lambda call, i=index: call.args.append(call.keywords.pop(i).value)
    for one, other in pairwise(came):
        yield "two values swapped", lambda call, i=one, j=other: _exchange(call.keywords[i], call.keywords[j])
    if came:
        yield "one more keyword", lambda call: call.keywords.append(ast.keyword("more", ast.Constant(1)))
        for index, each in enumerate(node.args):
            if isinstance(each, ast.Constant):
                yield "another argument", lambda call, i=index: call.args.__setitem__(i, ast.Constant("zz"))
        if len(node.args) == 1 and isinstance(node.args[0], ast.Constant):
            yield "no argument", lambda call: call.args.clear()
    elif isinstance(node.func, (ast.Name, ast.Attribute)):
        yield "a keyword elsewhere", lambda call: call.keywords.append(ast.keyword("sep", ast.Constant(",")))


def _function(pair: Pair) -> Iterator[tuple[str, Pair]]:
    """In the module's function: each read of a new parameter, each statement beside it."""
    tree = ast.parse(pair.new[MODULE])
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    for place, node in enumerate(ast.walk(tree)):
        inside = [each for each in functions if any(inner is node for part in each.body for inner in ast.walk(part))]
        names = {arg.arg for each in inside for arg in each.args.kwonlyargs}
        if isinstance(node, ast.Name) and node.id in names and isinstance(node.ctx, ast.Load):
            others = sorted(names | {arg.arg for each in inside for arg in each.args.args})
            for other in others:
                if other != node.id:
                    yield "another parameter read", _changed(pair, tree, place, "id", other)
            yield "a name of nobody read", _changed(pair, tree, place, "id", "nobody")
        if isinstance(node, ast.Constant) and inside and not isinstance(node.value, (str, bytes, tuple, type(None))):
            yield "another constant in the function", _changed(pair, tree, place, "value", 4321)
    for index, function in enumerate(tree.body):
        if isinstance(function, ast.FunctionDef) and function.args.kwonlyargs:
            made = copy.deepcopy(tree)
            target = made.body[index]
            assert isinstance(target, ast.FunctionDef)
            name = target.args.kwonlyargs[-1].arg
            target.body.insert(0, ast.parse(f"{name} = [{name}]").body[0])
            yield "the parameter bound again", replace(pair, new={MODULE: _written(made)})
            made = copy.deepcopy(tree)
            target = made.body[index]
            assert isinstance(target, ast.FunctionDef)
            target.body[-1:] = [ast.parse(f"print({name})").body[0], target.body[-1]]
            yield "the parameter read once more", replace(pair, new={MODULE: _written(made)})


def _around(pair: Pair) -> Iterator[tuple[str, Pair]]:
    """In the notebook, on both sides: code that is not handed anything, or that sees another value."""
    if not any("def " not in pair.cells[number - 1] for number in pair.moved):
        return  # the default is what stood there: nothing needs to be handed in
    yield "a call that passes nothing", _cell(pair, f"{pair.site}('zz')\n")
    yield "a value", _cell(pair, f"todo = [{pair.site}]\n")
    yield "given away", _cell(pair, f"list(map({pair.site}, ['zz']))\n")
    yield "called in code", _cell(pair, f"exec(\"{pair.site}('zz')\")\n")
    yield "called by the shell", _cell(pair, f"!echo {{{pair.site}('zz')}}\n")
    yield "code from elsewhere", _cell(pair, "exec(open('x').read())\n")
    yield "another notebook runs it", replace(pair, others={B: ("%run a.ipynb\n", f"{pair.site}('zz')\n")})
    for name in sorted(_names_passed(pair)):
        yield "bound by a function", _cell(pair, f"def turn():\n    global {name}\n    {name} = None\n")
        yield "bound by globals()", _cell(pair, f"globals()['{name}'] = None\n")
        yield "unbound", _cell(pair, f"del {name}\n")
        yield "unbound above", _cell(pair, f"del {name}\n", first=True)
        yield "shadowed", _shadowed(pair, f"[{{}} for {name} in [0]]")
        yield "shadowed by a lambda", _shadowed(pair, f"(lambda {name}: {{}})(0)")


def _names_passed(pair: Pair) -> set[str]:
    """Names of the notebook that calls pass under their own name."""
    found: set[str] = set()
    for number, text in pair.moved.items():
        if "def " not in pair.cells[number - 1]:
            nodes = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.keyword)]
            found |= {
                node.arg
                for node in nodes
                if isinstance(node.value, ast.Name) and node.value.id == node.arg and node.arg
            }
    return found


def _shadowed(pair: Pair, around: str) -> Pair:
    """Calls that are statements of their own stand in a scope that has the name; elsewhere one comes that does."""
    for number, text in pair.moved.items():
        old, new = ast.parse(pair.cells[number - 1]).body, ast.parse(text).body
        if len(old) == len(new) == 1 and isinstance(old[0], ast.Expr) and isinstance(new[0], ast.Expr):
            cells = list(pair.cells)
            cells[number - 1] = around.format(ast.unparse(old[0])) + "\n"
            return replace(
                pair, cells=tuple(cells), moved={**pair.moved, number: around.format(ast.unparse(new[0])) + "\n"}
            )
    passed = ", ".join(f"{name}={name}" for name in sorted(_names_passed(pair)))
    cells = (*pair.cells, around.format(f"{pair.site}('zz')") + "\n")
    return replace(
        pair, cells=cells, moved={**pair.moved, len(cells): around.format(f"{pair.site}('zz', {passed})") + "\n"}
    )


def _cell(pair: Pair, text: str, *, first: bool = False) -> Pair:
    if not first:
        return replace(pair, cells=(*pair.cells, text))
    number = 2  # below the imports
    cells = (*pair.cells[: number - 1], text, *pair.cells[number - 1 :])
    return replace(pair, cells=cells, moved={each + (each >= number): cell for each, cell in pair.moved.items()})


def _changed(pair: Pair, tree: ast.Module, place: int, field: str, value: object) -> Pair:
    made = copy.deepcopy(tree)
    setattr([*ast.walk(made)][place], field, value)
    return replace(pair, new={MODULE: _written(made)})


def _with(pair: Pair, number: int, text: str) -> Pair:
    return replace(pair, moved={**plain(pair).moved, number: text})


def _written(tree: ast.Module) -> str:
    return ast.unparse(ast.fix_missing_locations(tree)) + "\n"


def _another(node: ast.expr) -> ast.expr:
    match node:
        case ast.Constant(value=str(text)):
            return ast.Constant(text + "x")
        case ast.Constant(value=bytes(text)):
            return ast.Constant(text + b"x")
        case ast.Constant(value=bool(value)):
            return ast.Constant(int(value))
        case ast.Constant(value=int(value) | float(value)):
            return ast.Constant(value + 1)
    return ast.Call(ast.Name("repr", ast.Load()), [node], [])


def _exchange(one: ast.keyword, other: ast.keyword) -> None:
    one.value, other.value = other.value, one.value
