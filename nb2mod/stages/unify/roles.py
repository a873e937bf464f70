"""What a value does where it stands: in a comparison, a sum, a call that everybody knows, a text, a subscript."""

import ast
from collections.abc import Iterator, Sequence

from nb2mod.stages.unify.holes import Hole
from nb2mod.stages.unify.speaking import (
    ASSIGNED,
    KNOWN_CALL,
    ROLE,
    UNIT,
    Hint,
    kind_word,
    spoken,
    spoken_function,
    texts_of,
    with_kind,
)
from nb2mod.stages.unify.targets import goes_to, role_in_map
from nb2mod.stages.unify.terms import Term
from nb2mod.stages.unify.well_known import KEYED, MODULES, POSITIONAL, SHOWN, UNITS

_LEFT: dict[type[ast.operator], str] = {
    ast.Div: "numerator", ast.FloorDiv: "dividend", ast.Mod: "dividend", ast.Pow: "base", ast.Sub: "reference",
}  # fmt: skip
_OPERATORS: dict[type[ast.operator], str] = {
    ast.Mult: "factor", ast.Div: "divisor", ast.FloorDiv: "divisor", ast.Add: "offset", ast.Sub: "offset", ast.Pow: "exponent",
    ast.Mod: "modulus", ast.MatMult: "matrix",
}  # fmt: skip
_ORDERING = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)
_LITERAL_PARTS = (ast.Tuple, ast.List, ast.Set, ast.Dict, ast.UnaryOp)
_ORDERING = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)


def compared(hole: Hole, term: Term, parent: Term) -> Iterator[Hint]:
    """What a value is compared with: `age > 18` is an age_threshold."""
    if not isinstance(parent.node, ast.Compare) or len(parent.kids) != 2:
        return
    name = spoken(next(kid for kid in parent.kids if kid is not term))
    operator = parent.node.ops[0]
    if isinstance(operator, _ORDERING):
        if name and len(name) > 1:
            yield UNIT, f"{name}_threshold"
        yield ROLE, "threshold"
    elif isinstance(operator, ast.In | ast.NotIn):
        if term is parent.kids[0]:
            yield ROLE, "wanted"
        elif name:
            yield UNIT, f"{name}_choices"
        yield ROLE, "choices"
    elif name:
        yield UNIT, name
        yield UNIT, f"{name}_{kind_word(hole)}"
    else:
        yield ROLE, "expected"


def reckoned(hole: Hole, term: Term, parent: Term) -> Iterator[Hint]:
    """What a value does to another: `delay_ms + 20` is an offset_ms, `name + ".csv"` a suffix."""
    if not isinstance(parent.node, ast.BinOp | ast.AugAssign):
        return
    operator = type(parent.node.op)
    left = term is parent.kids[0]
    if texts := texts_of(hole):
        repeated = "symbol" if all(len(text) < 3 for text in texts) else "text"
        yield ROLE, {ast.Add: "prefix" if left else "suffix", ast.Mod: "template"}.get(operator, repeated)
        return
    counted = isinstance(parent.node, ast.AugAssign) and operator in (ast.Add, ast.Sub)
    role = "step" if counted else (_LEFT.get(operator, "") if left else "") or _OPERATORS.get(operator, "")
    name = next((spoken(kid) for kid in parent.kids if kid is not term), "")
    unit = name.rpartition("_")[2]
    if operator in (ast.Add, ast.Sub) and unit in UNITS and unit != name:
        yield UNIT, f"{role}_{unit}"
    if role:
        yield ROLE, role


def in_known_call(hole: Hole, term: Term, around: Sequence[Term]) -> Iterator[Hint]:
    """The name that the parameter has in a call that everybody knows."""
    parent = around[0]
    if not isinstance(parent.node, ast.Call) or term.role != "args":
        return
    function = parent.kids[0]
    called = spoken_function(function)
    place = parent.kids.index(term) - 1
    count = len(parent.node.args)
    if called == "range" and count == 1 and (turned := _turns(around)):
        yield KNOWN_CALL, turned
    owner = spoken_function(function.kids[0]) if isinstance(function.node, ast.Attribute) else ""
    owner = MODULES.get(owner, owner)
    keys = (f"{owner}.{called}", f"{called}/{count}", called)
    known: tuple[str, ...] = next((POSITIONAL[key] for key in keys if key in POSITIONAL), ())
    if place < len(known) and known[place]:
        yield KNOWN_CALL, known[place]
        yield KNOWN_CALL, with_kind(known[place], hole)
    elif called in SHOWN:
        sentences = [text for text in texts_of(hole) if text.count(" ") > 2 and not text.rstrip().endswith((":", "="))]
        yield ROLE, "message" if sentences and len(sentences) == len(hole.terms) else "label"
    elif called.startswith("set_") and count == 1:
        yield KNOWN_CALL, called.removeprefix("set_")


def _turns(around: Sequence[Term]) -> str:
    """What is counted by `for epoch in range(5)`: epochs."""
    if len(around) < 2:
        return ""
    outer = around[1]
    targets = [kid for kid in outer.kids if kid.role == "target"]
    if not targets and isinstance(outer.node, ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
        targets = [kid for one in outer.kids if one.role == "generators" for kid in one.kids if kid.role == "target"][
            :1
        ]
    name = spoken(targets[0]).strip("_") if targets else ""
    if not name:
        return "repeats" if targets else ""
    return f"{name}s" if len(name) > 2 and name.isalpha() and not name.endswith("s") else ""


def in_text(term: Term, around: Sequence[Term]) -> Iterator[Hint]:
    """A piece of an f-string: words to read are a label, what makes a name of something is its prefix or suffix."""
    if term.role != "text":
        return
    value = str(getattr(term.node, "value", ""))
    texts = [kid for kid in around[0].kids if kid.role == "text"]
    first, last = term is texts[0], term is texts[-1]
    call = next((one for one in around[1:3] if isinstance(one.node, ast.Call)), None)
    shown = call is not None and spoken_function(call.kids[0]) in SHOWN
    if not shown and value == value.strip() and first != last and value:
        owner = around[1].node
        place = owner.arg if isinstance(owner, ast.keyword) and owner.arg else goes_to(around)
        end = "prefix" if first else "suffix"
        yield ASSIGNED, f"{place}_{end}" if place else end
    yield ROLE, "label"


def by_role(hole: Hole, term: Term, around: Sequence[Term]) -> Iterator[Hint]:
    parent = around[0]
    yield from _by_form(hole)
    if term.display and isinstance(term.node, ast.List | ast.Set):
        yield ROLE, "columns" if isinstance(parent.node, ast.Subscript) else "values"
    bare = isinstance(parent.node, ast.Tuple) and parent.role == "slice"  # `0, "a"` of `x.loc[0, "a"]`
    several = isinstance(parent.node, ast.List) and parent.role == "slice"  # `["a", "b"]` of `x[["a", "b"]]`
    if (isinstance(parent.node, ast.Subscript) and term.role == "slice") or bare or several:
        yield ROLE, _subscript(hole, around[1] if bare or several else parent)
    if isinstance(parent.node, ast.Dict) and term.role == "keys":
        yield ROLE, "column" if role_in_map(around) else "key"
    if isinstance(parent.node, ast.Slice):
        yield ROLE, {"lower": "start", "upper": "stop", "step": "step"}[term.role]
    if isinstance(parent.node, ast.Attribute) and parent.node.attr == "join" and texts_of(hole):
        yield ROLE, "separator"
    if isinstance(parent.node, ast.Return):
        yield ROLE, "result"


def _by_form(hole: Hole) -> Iterator[Hint]:
    """What the texts look like."""
    word = kind_word(hole)
    if word in ("url", "color"):
        yield UNIT, word  # of more weight than that something is read from it
    elif word == "path":
        yield ROLE, word


def _subscript(hole: Hole, parent: Term) -> str:
    if hole.terms[0].literal and hole.terms[0].literal.startswith("int:"):
        return "index"
    owner = spoken(parent.kids[0]).lower()
    return "key" if owner in KEYED or owner.endswith(tuple(f"_{word}" for word in KEYED)) else "column"
