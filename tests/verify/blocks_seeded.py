"""Wrong steps planted in calls that are right: in the function, in the call, on the border of the run. And harmless spellings."""

import ast
import copy
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import combinations

from verify.blocks_right import RIGHT_BLOCKS
from verify.pairs import MODULE, F, Pair

Change = Callable[[ast.FunctionDef, ast.stmt], bool | None]
# Of these, every name that is handed in is read and every name that comes back is read again.
_LOOSE = {
    "more than is read comes back",
    "an unused argument",
    "what is handed in comes back",
    "read in an earlier cell",
    "a folder that is returned",
    "handed in twice as far",
}
TIGHT = [pair for pair in RIGHT_BLOCKS if pair.name not in _LOOSE]


def seeds(pair: Pair) -> Iterator[tuple[str, Pair]]:
    """(what is wrong, the pair with it)."""
    function, call = _function(pair), _call(pair)
    for name, change in _changes(function, call):
        made = copy.deepcopy(function), copy.deepcopy(call)
        if change(*made) is not False:
            yield name, _with(pair, *made)
    yield from _moved(pair, call)


def _changes(function: ast.FunctionDef, call: ast.stmt) -> Iterator[tuple[str, Change]]:
    parameters, returns = function.args.args, _returned(function)
    for index in range(len(parameters)):
        yield "a parameter dropped", lambda f, c, i=index: _drop(f.args.args, i)  # type: ignore[misc]
        yield "an argument dropped", lambda f, c, i=index: _drop(_calling(c).args, i)  # type: ignore[misc]
        yield (
            "a parameter and its argument dropped",
            lambda f, c, i=index: (_drop(f.args.args, i), _drop(_calling(c).args, i))[0],
        )  # type: ignore[misc]
    for one, other in combinations(range(len(parameters)), 2):
        yield "parameters swapped", lambda f, c, i=one, j=other: _swap(f.args.args, i, j)  # type: ignore[misc]
        yield "arguments swapped", lambda f, c, i=one, j=other: _swap(_calling(c).args, i, j)  # type: ignore[misc]
    for one, other in combinations(range(len(returns)), 2):
        yield "returns swapped", lambda f, c, i=one, j=other: _swap(_returned(f), i, j)  # type: ignore[misc]
        yield "targets swapped", lambda f, c, i=one, j=other: _swap(_targets(c), i, j)  # type: ignore[misc]
    for index in range(len(returns)):
        if len(returns) > 1:
            yield "a return dropped", lambda f, c, i=index: _drop(_returned(f), i)  # type: ignore[misc]
            yield (
                "a return and its target dropped",
                lambda f, c, i=index: (_drop(_returned(f), i), _drop(_targets(c), i))[0],
            )  # type: ignore[misc]
        yield "another value returned", lambda f, c, i=index: _another(_returned(f), i)  # type: ignore[misc]
    if returns:
        yield "the return dropped", lambda f, c: _drop(f.body, len(f.body) - 1)
    for index in range(1, len(function.body) - bool(returns)):
        yield "a statement dropped", lambda f, c, i=index: _drop(f.body, i)  # type: ignore[misc]
        yield "a statement twice", lambda f, c, i=index: f.body.insert(i, f.body[i])  # type: ignore[misc]
        if index > 1:
            yield "statements swapped", lambda f, c, i=index: _swap(f.body, i - 1, i)  # type: ignore[misc]
    yield "a default", lambda f, c: f.args.defaults.append(ast.Constant(1)) if f.args.args else False
    yield "a decorator", lambda f, c: f.decorator_list.append(ast.Name("staticmethod"))
    yield "a statement added", lambda f, c: f.body.insert(1, ast.parse("print('seen')").body[0])
    yield "a global", lambda f, c: f.body.insert(1, ast.Global(["seen"]))


def _moved(pair: Pair, call: ast.stmt) -> Iterator[tuple[str, Pair]]:
    """The call in another place, another number of times, and statements of the run that stand on the wrong side."""
    number = next(number for number, source in pair.moved.items() if "f(" in source)
    text = ast.unparse(call)
    source = pair.moved[number]
    above, _, below = source.partition(f"{text}\n")
    run = _function(pair).body[1:]
    first, last = ast.unparse(run[0]), ast.unparse(run[-2] if isinstance(run[-1], ast.Return) else run[-1])

    def with_source(made: str) -> Pair:
        return replace(pair, moved={**pair.moved, number: made})

    yield "called twice", with_source(f"{above}{text}\n{text}\n{below}")
    yield "not called", with_source(f"{above}pass\n{below}")
    if F in source:
        yield "not imported", with_source(source.replace(F, ""))
        yield "the import below the call", with_source(f"{above.replace(F, '')}{text}\n{F}{below}")
    if not isinstance(run[0], (ast.Import, ast.ImportFrom)):  # an import may stand in both
        yield "the first statement stays too", with_source(f"{above}{first}\n{text}\n{below}")
    yield "the last statement stays too", with_source(f"{above}{text}\n{last}\n{below}")
    rest = ast.parse(below).body if not below.startswith(("%", "!")) and "!" not in below else []
    if rest:
        lines = below.splitlines(keepends=True)
        end = rest[0].end_lineno or 1
        yield (
            "the call below the next statement",
            with_source(f"{above}{''.join(lines[:end])}{text}\n{''.join(lines[end:])}"),
        )
        if isinstance(rest[0], (ast.Import, ast.ImportFrom)):
            yield "an import that stayed dropped", with_source(f"{above}{text}\n{''.join(lines[end:])}")


def spellings(pair: Pair) -> Iterator[tuple[str, Pair]]:
    """(how it is written, the pair written so): what runs the same."""
    module = pair.new[MODULE]
    text = ast.unparse(_call(pair))
    number = next(number for number, source in pair.moved.items() if "f(" in source)
    source = pair.moved[number]

    def written(new: str, made: str = source) -> Pair:
        return replace(pair, moved={**pair.moved, number: made}, new={MODULE: new})

    yield "comments", written(module.replace('"""\n', '"""\n    # first\n'), source.replace(text, f"# here\n{text}"))
    yield "no docstring", written(module.replace('    """Says what it does."""\n', ""))
    yield "layout", written(ast.unparse(ast.parse(module)))
    yield (
        "brackets",
        written(
            module, source.replace(f"{text}\n", f"({_left(text)}) = {_right(text)}\n" if "=" in text else f"{text}\n")
        ),
    )
    yield "another function beside it", written(f"{module}\n\ndef beside(v):\n    return v\n")
    yield (
        "another name in the module",
        written(
            module.replace("def f(", "def read_it("), source.replace(F, "from reports.dataset import read_it as f\n")
        )
        if F in source
        else written(module),
    )
    yield (
        "annotations",
        written(module.replace(":\n", " -> object:\n", 1)) if module.startswith("def f") else written(module),
    )
    function = _function(pair)
    for old in [each.arg for each in function.args.args][:1]:
        if not any(
            isinstance(each, ast.Constant) and isinstance(each.value, str) and f"@{old}" in each.value
            for each in ast.walk(function)
        ):
            yield (
                "a parameter has another name",
                written(module.replace(ast.unparse(function), "") and _renamed(module, old, f"{old}_")),
            )


def _renamed(module: str, old: str, new: str) -> str:
    """A name of the function, wherever it stands there."""
    tree = ast.parse(module)
    function = next(node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "f")
    for node in ast.walk(function):
        if isinstance(node, ast.Name) and node.id == old:
            node.id = new
        elif isinstance(node, ast.arg) and node.arg == old:
            node.arg = new
        elif isinstance(node, (ast.ExceptHandler, ast.MatchAs)) and node.name == old:
            node.name = new
    return ast.unparse(tree)


def _function(pair: Pair) -> ast.FunctionDef:
    tree = ast.parse(pair.new[MODULE])
    return next(node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "f")


def _call(pair: Pair) -> ast.stmt:
    lines = (
        line
        for source in pair.moved.values()
        for line in source.splitlines()
        if line.rstrip().endswith(")") and "f(" in line
    )
    return ast.parse(next(lines)).body[0]


def _with(pair: Pair, function: ast.FunctionDef, call: ast.stmt) -> Pair:
    tree = ast.parse(pair.new[MODULE])
    tree.body = [function if isinstance(node, ast.FunctionDef) and node.name == "f" else node for node in tree.body]
    module = ast.unparse(ast.fix_missing_locations(tree))
    old, new = ast.unparse(_call(pair)), ast.unparse(ast.fix_missing_locations(call))
    moved = {number: source.replace(f"{old}\n", f"{new}\n") for number, source in pair.moved.items()}
    return replace(pair, moved=moved, new={MODULE: module})


def _calling(call: ast.stmt) -> ast.Call:
    assert isinstance(call, (ast.Assign, ast.Expr))
    assert isinstance(call.value, ast.Call)
    return call.value


def _targets(call: ast.stmt) -> list[ast.expr]:
    assert isinstance(call, ast.Assign)
    return call.targets[0].elts if isinstance(call.targets[0], ast.Tuple) else call.targets


def _returned(function: ast.FunctionDef) -> list[ast.expr]:
    match function.body[-1]:
        case ast.Return(value=ast.Tuple(elts=items)):
            return items
        case ast.Return(value=ast.expr() as value):
            return [value]
    return []


def _drop(items: list, index: int) -> None:  # type: ignore[type-arg]
    items.pop(index)


def _swap(items: list, one: int, other: int) -> None:  # type: ignore[type-arg]
    items[one], items[other] = items[other], items[one]


def _another(items: list[ast.expr], index: int) -> None:
    node = items[index]
    assert isinstance(node, ast.Name)
    node.id = f"{node.id}_"


def _left(text: str) -> str:
    return text.partition(" = ")[0]


def _right(text: str) -> str:
    return text.partition(" = ")[2]
