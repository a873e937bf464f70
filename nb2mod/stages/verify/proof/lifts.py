"""Definitions with parameters that they did not have: what stands where such a parameter is read, and what of a signature came.

Data, and the comparison of two signatures. How the definition is made lives in `raising.py`, whether it may be in `handed.py`.
"""

import ast
import copy
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from nb2mod.stages.verify.proof.package import Found
from nb2mod.stages.verify.proof.trees import dump

_SAFE = 10**15  # numbers of that size and more may come to what is too large


class Hole(NamedTuple):
    """One read of a new parameter. `value`: what stood there in the notebook; `text`: a stretch of an f-string's text.

    `node` is the read itself, in the definition that was made.
    """

    value: ast.expr
    text: bool
    node: ast.expr


class Changed(NamedTuple):
    """A parameter that had another default. `place` counts positional parameters; None: it is keyword-only."""

    value: ast.expr
    place: int | None


class Signature(NamedTuple):
    """`made`: the notebook's parameters, with those that came and the module's defaults. `added`: keyword-only ones with
    their defaults, `changed` by the names they have in the notebook. `kept`: parameters with the same literal for a default on
    both sides, which a function of the package that calls it passes on.
    """

    made: ast.arguments
    added: Mapping[str, ast.expr | None]
    changed: Mapping[str, Changed]
    kept: Mapping[str, Changed]

    @property
    def known(self) -> Mapping[str, Changed]:
        """Parameters that it had, of which a call may pass what stood for the default."""
        return {**self.changed, **self.kept}


class Lift(NamedTuple):
    """A name of the notebook whose definition went, and has other parameters where it is now."""

    name: str
    found: Found
    passable: frozenset[str]  # keywords that a call of it may have got


@dataclass(frozen=True, eq=False)
class Raised:
    """One definition of the notebook, and as it would be with the parameters. `holes` of each that came, maybe none."""

    lift: Lift
    original: ast.FunctionDef
    made: ast.FunctionDef
    signature: Signature
    holes: Mapping[str, tuple[Hole, ...]]


def signature_of(old: ast.arguments, new: ast.arguments, passed: Collection[str] = ()) -> Signature | None:
    """None when the two differ in more than keyword-only parameters at the end and values of defaults, or in nothing. `passed`
    are keywords that another function of the package passes, though the notebook left them to their defaults.
    """
    shapes = [(len(each.posonlyargs), len(each.args), bool(each.vararg), bool(each.kwarg)) for each in (old, new)]
    kept = len(old.kwonlyargs)
    if shapes[0] != shapes[1] or kept > len(new.kwonlyargs):
        return None
    positional = [*old.posonlyargs, *old.args]
    changed: dict[str, Changed] = {}
    pairs = zip([each.arg for each in positional], _filled(old), _filled(new), strict=True)
    defaults = [_default(name, place, pair, changed) for place, (name, *pair) in enumerate(pairs)]
    named = zip([each.arg for each in old.kwonlyargs], old.kw_defaults, new.kw_defaults[:kept], strict=True)
    kw_defaults = [_default(name, None, pair, changed) for name, *pair in named]
    first = next((index for index, each in enumerate(defaults) if each is not None), len(defaults))
    if any(each is None for each in defaults[first:]):
        return None
    came = list(zip(new.kwonlyargs[kept:], new.kw_defaults[kept:], strict=True))
    left = _kept(old, new, passed)
    if not came and not changed and not left:
        return None
    made = copy.copy(old)
    made.defaults = [each for each in defaults[first:] if each is not None]
    made.kwonlyargs = [*old.kwonlyargs, *(ast.copy_location(ast.arg(each.arg), each) for each, _ in came)]
    made.kw_defaults = [*kw_defaults, *(default for _, default in came)]
    return Signature(made, {each.arg: default for each, default in came}, changed, left)


def _kept(old: ast.arguments, new: ast.arguments, passed: Collection[str]) -> dict[str, Changed]:
    """Those of some keywords that can be passed by name and are left to the same literal on both sides."""
    places: dict[str, int | None] = {each.arg: None for each in old.kwonlyargs}
    places |= {each.arg: place for place, each in enumerate([*old.posonlyargs, *old.args]) if each in old.args}
    sides = defaults_of(old), defaults_of(new)
    return {
        name: Changed(sides[0][name], places[name])
        for name in passed
        if name in places
        and all(name in side and is_value(side[name]) for side in sides)
        and dump(sides[0][name]) == dump(sides[1][name])
    }


def _filled(arguments: ast.arguments) -> list[ast.expr | None]:
    """The default of each positional parameter."""
    count = len(arguments.posonlyargs) + len(arguments.args)
    return [*[None] * (count - len(arguments.defaults)), *arguments.defaults]


def _default(
    name: str, place: int | None, pair: Sequence[ast.expr | None], changed: dict[str, Changed]
) -> ast.expr | None:
    """The default that the lifted definition has. One that differs must be a literal there, or be gone."""
    old, new = pair
    if old is None or (new is not None and (dump(old) == dump(new) or not is_value(new))):
        return old
    changed[name] = Changed(old, place)
    return new


def defaults_of(arguments: ast.arguments) -> dict[str, ast.expr]:
    """Name → default, of all parameters that have one."""
    positional = [*arguments.posonlyargs, *arguments.args]
    last = [each.arg for each in positional[len(positional) - len(arguments.defaults) :]]
    found = dict(zip(last, arguments.defaults, strict=True))
    return found | {
        each.arg: default for each, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True) if default
    }


def is_value(node: ast.expr) -> bool:
    """A literal that nobody can change: numbers, texts, None, truth values, and tuples of those."""
    match node:
        case ast.Constant():
            return True
        case ast.Tuple(elts=items):
            return all(map(is_value, items))
        case ast.UnaryOp(op=ast.USub() | ast.UAdd() | ast.Invert() | ast.Not(), operand=ast.Constant()):
            return True
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub() | ast.Mult(), right=right):
            return (_is_number(left) and _is_number(right)) or _number(node) is not None
        case ast.BinOp() | ast.UnaryOp():
            return _number(node) is not None
    return False


def is_display(node: ast.expr) -> bool:
    """A list, set or dict of literals, which each evaluation makes anew."""
    match node:
        case ast.List(elts=items) | ast.Set(elts=items) | ast.Tuple(elts=items):
            return all(is_value(each) or is_display(each) for each in items)
        case ast.Dict(keys=keys, values=values):
            return all(key is not None and is_value(key) for key in keys) and all(
                is_value(each) or is_display(each) for each in values
            )
    return False


def same_value(passed: ast.expr, hole: Hole) -> bool:
    """Whether a literal is what stands in a hole; in a text it is written out."""
    if not hole.text:
        return dump(passed) == dump(hole.value)
    wanted = hole.value.value if isinstance(hole.value, ast.Constant) else None
    match passed:
        case ast.Constant(value=str(text)):
            return text == wanted
        case ast.Constant(value=int(number)) if type(number) is int:
            return str(number) == wanted
    return False


def _is_number(node: ast.expr) -> bool:
    match node:
        case ast.Constant(value=value):
            return type(value) in (int, float, complex)
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            return _is_number(inner)
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub() | ast.Mult(), right=right):
            return _is_number(left) and _is_number(right)
    return False


def _number(node: ast.expr) -> int | float | complex | None:
    """What comes of numbers as they are written: `1/4`, `-(1/6) + 1`. None where it could fail, or grows large."""
    match node:
        case ast.Constant(value=int() | float() | complex() as value) if type(value) is not bool:
            return _small(value)
        case ast.UnaryOp(op=ast.USub() | ast.UAdd() as op, operand=inner):
            number = _number(inner)
            return -number if number is not None and isinstance(op, ast.USub) else number
        case ast.BinOp(left=left, op=op, right=right):
            one, other = _number(left), _number(right)
            if one is None or other is None:
                return None
            match op:
                case ast.Add():
                    return _small(one + other)
                case ast.Sub():
                    return _small(one - other)
                case ast.Mult():
                    return _small(one * other)
                case ast.Div() if other != 0 and complex not in (type(one), type(other)):
                    return _small(one / other)
    return None


def _small(value: int | float | complex) -> int | float | complex | None:
    return value if abs(value) < _SAFE else None
