"""Would handing it in have been harmless? Lifts a definition of a small program by hand, with what it calls, and runs the
notebooks before and after for every truth value of the conditions and several literal values.

Shares nothing with the tool: the names of state that it and what it calls read become parameters, every plain call passes them,
and what fills the hole is passed too. No call that could be found is judged; only what a run shows.
"""

import ast
from collections.abc import Iterator
from enum import StrEnum
from functools import partial
from itertools import product

from small.execution import PACKAGE
from small.grammar import Literals
from small.lifts_extraction import differs, seen
from small.lifts_grammar import DEFINITIONS, FUNCTIONS, STATES, TEXTS, Line, Program, cells, hole_of, render, text_of

_ROUNDS = (20_000, 70_000)
_HOLE, _TEXT = "hole", "hole of a text"


class Lift(StrEnum):
    """What lifting one definition comes to."""

    HARMLESS = "harmless"
    HARMFUL = "harmful"
    VALUE = "used as a value"
    ROW = "of a row of the table that blocks"


# Generators, closures that come out, bindings of the notebook's names and `del`, text that runs (hazards N5, D1, D10, N14).
_ROWS = frozenset(
    (
        "generator",
        "generator expression",
        "closure",
        "binds",
        "default",
        "hole in a closure",
        "hole in a default",
        "hole in the first default",
        "hole of an operator",
        "hole of a statement",
    )
)
_BLIND = frozenset(
    (
        "run as text",
        "by globals",
        "set by globals",
        "in a text that runs",
        "in a function that binds",
        "called later",
        "read later",
        "deleted",
    )
)


def judge(program: Program, name: str) -> Lift:
    """Whether the definition of that name can be lifted so that nobody could tell, for all values."""
    at = [number for number, line in enumerate(program.lines) if line.name == name and line.kind in DEFINITIONS]
    if len(at) != 1:
        return Lift.ROW
    group = _group(program, name)
    if any(_of_a_row(program.lines[number]) for number in group.values()) or _blind(program):
        return Lift.ROW
    if _as_value(program, set(group)):
        return Lift.VALUE
    return Lift.HARMLESS if all(_same(program, group, literals) for literals in _valuations(program)) else Lift.HARMFUL


def _of_a_row(line: Line) -> bool:
    """Whether the table blocks it for what it is: also holes that read a variable of the function, or that hold an expression
    anywhere but at the beginning (H2, H3).
    """
    return line.kind in _ROWS or any(map(partial(_is_no_value, line.kind), line.hole))


def _is_no_value(kind: str, filled: str) -> bool:
    if not filled or kind == _TEXT:
        return "{x}" in filled
    tree = ast.parse(filled.replace("{{", "{").replace("}}", "}"), mode="eval").body
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    if names & {"x", "k"}:
        return True
    display = isinstance(tree, (ast.List, ast.Dict))
    value = isinstance(tree, (ast.Name, ast.Constant, ast.UnaryOp)) or (not names and isinstance(tree, ast.Tuple))
    return not value and kind not in (("hole first", "hole last") if display and not names else ("hole first",))


def _blind(program: Program) -> bool:
    return any(line.kind in _BLIND for line in program.lines)


def _group(program: Program, name: str) -> dict[str, int]:
    """The definition and those it reads, by name, and where they stand."""
    places = {line.name: at for at, line in enumerate(program.lines) if line.kind in DEFINITIONS}
    found: dict[str, int] = {}
    waiting = [name]
    while waiting:
        one = waiting.pop()
        if one in places and one not in found:
            found[one] = places[one]
            waiting += [word for side in "xy" for word in _names(program.lines[places[one]], side) if word in FUNCTIONS]
    return found


def _names(line: Line, side: str) -> set[str]:
    tree = ast.parse(text_of(line, side, 0, "", Literals(0)))
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


def _as_value(program: Program, names: set[str]) -> bool:
    """Whether one of the names is read other than to be called."""
    for side, (at, line) in product("xy", enumerate(program.lines)):
        tree = ast.parse(text_of(line, side, at, "", Literals(0)))
        called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Name) and node.id in names and id(node) not in called:
                return True
            if isinstance(node, ast.Constant) and node.value in names:
                return True
    return False


def _valuations(program: Program) -> Iterator[Literals]:
    conditions = [at for at, line in enumerate(program.lines) if "{c}" in TEXTS[line.kind]]
    for truth in product((0, 1), repeat=len(conditions)):
        bits = sum(value << at for value, at in zip(truth, conditions, strict=True))
        yield from (Literals(base, bits) for base in _ROUNDS)


def _same(program: Program, group: dict[str, int], literals: Literals) -> bool:
    holes = {at for at in group.values() if program.lines[at].hole != ("", "")}
    state = sorted({name for side in "xy" for at in group.values() for name in _state(program.lines[at], side)})
    module = _module(program, group, literals, holes, state)
    for side in "xy":
        value = next((_value(program.lines[at], side) for at in holes), None)
        given = {name: name for name in state} | ({_HOLE: value} if value is not None else {})
        texts = []
        for at, line in enumerate(program.lines):
            if at in group.values():
                texts.append(f"from {PACKAGE}.moved import {line.name}")
                continue
            texts.append(_passing(text_of(line, side, at, "", literals), set(group), given))
        after = cells(program, texts)
        if differs(
            seen(render(program, side, "", literals), {}), seen(after, {PACKAGE: "", f"{PACKAGE}.moved": module})
        ):
            return False
    return True


def _value(line: Line, side: str) -> str:
    """What fills the hole, as an expression."""
    filled = hole_of(line, side)
    return repr(filled) if line.kind == _TEXT else filled.replace("{{", "{").replace("}}", "}")


def _lifted_text(line: Line, side: str, at: int, literals: Literals) -> str:
    """The definition with the parameter in its hole."""
    filled = {_TEXT: f"{{{{{_HOLE}}}}}"}.get(line.kind, _HOLE) if line.hole != ("", "") else None
    return text_of(line, side, at, "", literals, filled)


def _state(line: Line, side: str) -> set[str]:
    """State that the definition's own text reads, its hole left out."""
    tree = ast.parse(_lifted_text(line, side, 0, Literals(0)))
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    own = {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    own |= {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    return (names & {*STATES}) - own if line.kind != "calls beside a local" else set()


def _module(program: Program, group: dict[str, int], literals: Literals, holes: set[int], state: list[str]) -> str:
    """What the package would hold: each function of the group with all parameters, handed on in each call."""
    parameters = [*state, _HOLE] if holes else state
    given = {name: name for name in parameters}
    parts = []
    for at in sorted(group.values()):
        line = program.lines[at]
        tree = ast.parse(_passing(_lifted_text(line, "x", at, literals), set(group), given))
        definition = tree.body[0]
        assert isinstance(definition, ast.FunctionDef)
        taken = {each.arg for each in ast.walk(definition.args) if isinstance(each, ast.arg)}
        for name in parameters:
            if name not in taken:
                definition.args.kwonlyargs.append(ast.arg(name))
                definition.args.kw_defaults.append(None)
        parts.append(ast.unparse(tree))
    return "\n".join(parts)


class _Pass(ast.NodeTransformer):
    def __init__(self, names: set[str], given: dict[str, str]) -> None:
        self.names, self.given = names, given

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.func, ast.Name) and node.func.id in self.names:
            has = {keyword.arg for keyword in node.keywords}
            for name, value in self.given.items():
                if name not in has:
                    node.keywords.append(ast.keyword(name, ast.parse(value, mode="eval").body))
        return node


def _passing(text: str, names: set[str], given: dict[str, str]) -> str:
    tree = _Pass(names, given).visit(ast.parse(text))
    return ast.unparse(ast.fix_missing_locations(tree))
