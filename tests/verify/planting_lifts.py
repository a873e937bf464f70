"""Wrong steps where a lift can go wrong: in what calls pass, and in the parameters that lifted functions have got."""

import ast
import copy
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice, pairwise

from verify.corpus import Extracted
from verify.planted import Made, Mutant
from verify.same import Statement, parsed, same_program, statements

from nb2mod.notebook import mask, read

Way = Callable[[ast.AST], None]
Values = dict[str, tuple[str, ...]]  # of each new parameter, what any place passes for it


def passed(extracted: Extracted) -> dict[str, Values]:
    """The lifted functions by the name that notebooks know them by."""
    found: dict[str, dict[str, list[str]]] = {}
    for extraction in extracted.plan.extractions:
        for site in extraction.sites:
            for name, value in site.passes:
                found.setdefault(site.name, {}).setdefault(name, []).append(value)
    return {
        function: {name: tuple(dict.fromkeys(each)) for name, each in values.items()}
        for function, values in found.items()
    }


def lift_mutants(extracted: Extracted) -> Iterator[Mutant]:
    """All of them, in a fixed order; none where nothing was lifted."""
    lifted = passed(extracted)
    defaults = dict(_defaults_of(extracted, lifted))
    taken = set(_taken(extracted, lifted))
    for change in extracted.changes.changes if lifted else ():
        if change.path.endswith(".ipynb"):
            cells = read(change.path, change.after).cells
            sources = {cell.number: cell.source for cell in cells if cell.kind == "code" and cell.end}
            names = _names(sources)
            for number, source in sources.items():
                make = partial(_recelled, extracted, change.path, number)
                place = f"{change.path}#{number}"
                yield from _planted(
                    source, place, make, partial(_in_call, lifted=lifted, defaults=defaults, names=names)
                )
        elif change.path.endswith(".py"):
            source = change.after.decode("utf-8-sig")
            make = partial(_rewritten, extracted, change.path)
            yield from _planted(source, change.path, make, partial(_in_definition, lifted=lifted, taken=taken))


def _defaults_of(extracted: Extracted, lifted: dict[str, Values]) -> Iterator[tuple[tuple[str, str], ast.expr]]:
    """(function, parameter) → the default that it has in its module."""
    for change in extracted.changes.changes:
        tree = parsed(change.after.decode("utf-8-sig")) if change.path.endswith(".py") else None
        for node in tree.body if tree else ():
            if isinstance(node, ast.FunctionDef) and node.name in lifted:
                for argument, default in _with_defaults(node.args):
                    yield (node.name, argument.arg), default


def _taken(extracted: Extracted, lifted: dict[str, Values]) -> Iterator[tuple[str, str]]:
    """(function, parameter) where a default is meant: some use in a notebook or module does not pass the parameter."""
    for change in extracted.changes.changes:
        if change.path.endswith(".ipynb"):
            texts = [mask(cell.source).python for cell in read(change.path, change.after).cells if cell.kind == "code"]
        else:
            texts = [change.after.decode("utf-8-sig")] if change.path.endswith(".py") else []
        for tree in filter(None, map(parsed, texts)):
            calls = {id(node.func): node for node in ast.walk(tree) if isinstance(node, ast.Call)}
            for node in ast.walk(tree):
                if isinstance(node, ast.Name) and node.id in lifted:
                    call = calls.get(id(node))
                    given = {keyword.arg for keyword in call.keywords} if call else set()
                    yield from ((node.id, name) for name in lifted[node.id].keys() - given)


def _with_defaults(arguments: ast.arguments) -> Iterator[tuple[ast.arg, ast.expr]]:
    positional = [*arguments.posonlyargs, *arguments.args]
    yield from zip(positional[len(positional) - len(arguments.defaults) :], arguments.defaults, strict=True)
    for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        if default is not None:
            yield argument, default


def _names(sources: dict[int, str]) -> tuple[str, ...]:
    """Names that the notebook binds at its top level by plain assignments."""
    trees = filter(None, (parsed(mask(source).python) for source in sources.values()))
    targets = (
        target for tree in trees for node in tree.body if isinstance(node, ast.Assign) for target in node.targets
    )
    return tuple(sorted({target.id for target in targets if isinstance(target, ast.Name)}))


def _planted(
    source: str,
    place: str,
    make: Callable[[str], Made | None],
    steps: Callable[[ast.AST], Iterator[tuple[str, Way]]],
) -> Iterator[Mutant]:
    tree = parsed(mask(source).python if place.rpartition("#")[0] else source)
    lines = source.splitlines(keepends=True)
    for one in statements(tree) if tree else ():
        for position, node in enumerate(ast.walk(one.node)):
            for kind, way in steps(node):
                text = partial(_restated, make, lines, one, position, way)
                yield Mutant(kind, f"{place}:{one.start + 1}", text)


def _restated(
    make: Callable[[str], Made | None], lines: list[str], one: Statement, position: int, way: Way
) -> Made | None:
    node = copy.deepcopy(one.node)
    way(next(islice(ast.walk(node), position, None)))
    text = ast.unparse(ast.fix_missing_locations(node)) + "\n" * lines[one.end - 1].endswith("\n")
    return make("".join([*lines[: one.start], text, *lines[one.end :]]))


def _in_call(
    node: ast.AST, lifted: dict[str, Values], defaults: dict[tuple[str, str], ast.expr], names: tuple[str, ...]
) -> Iterator[tuple[str, Way]]:
    """A call passes too little, too much, something else, or to another parameter; a lambda binds early."""
    if isinstance(node, ast.Lambda) and isinstance(node.body, ast.Call) and _called(node.body) in lifted:
        if node.body.keywords:
            yield "a lambda binds early", _as_partial
        yield "a lambda is the function", lambda made: _become(made, "body", ast.Name(_called(made.body)))  # type: ignore[attr-defined]
    if not isinstance(node, ast.Call) or _called(node) not in lifted:
        return
    values = lifted[_called(node)]
    given = [at for at, keyword in enumerate(node.keywords) if keyword.arg in values]
    for at in given:
        name = node.keywords[at].arg or ""
        yield "an argument is not passed", lambda made, at=at: made.keywords.pop(at)  # type: ignore[attr-defined]
        others = {*values[name], "None", "0", *names} - {ast.unparse(node.keywords[at].value)}
        for other in sorted(others):
            if not _equal(other, node.keywords[at].value):
                yield "another value is passed", partial(_passes, at=at, value=other)
        for other in sorted(values.keys() - {name}):
            yield (
                "a value is passed to another parameter",
                lambda made, at=at, to=other: setattr(made.keywords[at], "arg", to),
            )  # type: ignore[attr-defined]
    for at, other in pairwise(given):
        if not _equal(ast.unparse(node.keywords[at].value), node.keywords[other].value):
            yield "two values are exchanged", partial(_exchanged, at=at, other=other)
    for name in sorted(values.keys() - {keyword.arg for keyword in node.keywords}):
        default = defaults.get((_called(node), name))
        for value in sorted({*values[name], "None"}):
            if default is None or not _equal(value, default):
                yield "a value is passed in place of the default", partial(_added, name=name, value=value)


def _in_definition(node: ast.AST, lifted: dict[str, Values], taken: set[tuple[str, str]]) -> Iterator[tuple[str, Way]]:
    """Another default, none, two parameters exchanged; in the body a value in place of the parameter."""
    if not isinstance(node, ast.FunctionDef) or node.name not in lifted:
        return
    values = lifted[node.name]
    for at, argument in enumerate(node.args.kwonlyargs):
        if argument.arg not in values:
            continue
        default = node.args.kw_defaults[at] if (node.name, argument.arg) in taken else None
        if default is not None:
            yield "a default is lost", lambda made, at=at: _become(made.args, "kw_defaults", None, at)  # type: ignore[attr-defined]
        for value in sorted({*values[argument.arg], "None"}):
            if default is not None and not _equal(value, default):
                yield "another default", partial(_defaults, at=at, value=value)
            if parsed(value):
                yield "a value in place of the parameter", partial(_fixed, name=argument.arg, value=value)
        for other in sorted(values.keys() - {argument.arg}):
            yield "two parameters are exchanged in the body", partial(_renamed, one=argument.arg, other=other)


def _called(node: ast.AST) -> str:
    return node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""


def _equal(text: str, node: ast.expr) -> bool:
    return ast.dump(ast.parse(text, mode="eval").body) == ast.dump(ast.parse(ast.unparse(node), mode="eval").body)


def _expression(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body


def _become(made: ast.AST, field: str, value: object, at: int | None = None) -> None:
    if at is None:
        setattr(made, field, value)
    else:
        getattr(made, field)[at] = value


def _as_partial(made: ast.AST) -> None:
    """The lambda's own body, evaluated now for the state and later for the rest: it no longer reads as late."""
    assert isinstance(made, ast.Lambda)
    keywords = made.body.keywords  # type: ignore[attr-defined]
    for keyword in keywords:
        made.args.kwonlyargs.append(ast.arg(f"{keyword.arg}_"))
        made.args.kw_defaults.append(keyword.value)
        keyword.value = ast.Name(f"{keyword.arg}_", ast.Load())


def _passes(made: ast.AST, at: int, value: str) -> None:
    made.keywords[at].value = _expression(value)  # type: ignore[attr-defined]


def _exchanged(made: ast.AST, at: int, other: int) -> None:
    one, two = made.keywords[at], made.keywords[other]  # type: ignore[attr-defined]
    one.value, two.value = two.value, one.value


def _added(made: ast.AST, name: str, value: str) -> None:
    made.keywords.append(ast.keyword(name, _expression(value)))  # type: ignore[attr-defined]


def _defaults(made: ast.AST, at: int, value: str) -> None:
    made.args.kw_defaults[at] = _expression(value)  # type: ignore[attr-defined]


def _fixed(made: ast.AST, name: str, value: str) -> None:
    assert isinstance(made, ast.FunctionDef)

    class Fixed(ast.NodeTransformer):
        def visit_Name(self, node: ast.Name) -> ast.expr:
            return _expression(value) if node.id == name and isinstance(node.ctx, ast.Load) else node

    made.body = [Fixed().visit(each) for each in made.body]


def _renamed(made: ast.AST, one: str, other: str) -> None:
    assert isinstance(made, ast.FunctionDef)
    names = {one: other, other: one}
    for each in (inner for part in made.body for inner in ast.walk(part)):
        if isinstance(each, ast.Name):
            each.id = names.get(each.id, each.id)


def _recelled(extracted: Extracted, path: str, number: int, text: str) -> Made | None:
    return Made(extracted.with_cells(path, {number: text}))


def _rewritten(extracted: Extracted, path: str, text: str) -> Made | None:
    change = next(each for each in extracted.changes.changes if each.path == path)
    was, made = parsed(change.after.decode("utf-8-sig")), parsed(text)
    return None if was and made and same_program(was, made) else Made(extracted.with_text(path, text))
