"""What a new parameter is called: by the keyword its value is passed to, what it is assigned to, the unit of what it is compared
with, the parameter of a well-known call, or its role.

In this order of trust. A name is never one that Python, or any of the copies, reads or binds.
"""

import ast
import builtins
import keyword
import re
from collections.abc import Collection, Iterator, Sequence
from itertools import count

from nb2mod.stages.unify.aligning import Path
from nb2mod.stages.unify.holes import Hole
from nb2mod.stages.unify.reading import Read
from nb2mod.stages.unify.terms import FREE, Term
from nb2mod.stages.unify.well_known import MAPS, POSITIONAL, SHOWN

_BUILTINS = frozenset(dir(builtins))
_WORD = re.compile(r"[^\W_]+")
_PATH = re.compile(r"[\w.~-]*/[\w./~-]*|[\w-]+\.[A-Za-z][A-Za-z0-9]{1,7}")
_UNITS = frozenset(
    "ms s sec secs seconds minutes min mins hours days weeks months years ns us m mm cm km meters kg g mg lb percent pct usd eur "
    "gbp bytes kb mb gb px pixels deg degrees rad hz khz mhz celsius kelvin volts watts kwh".split()
)
_OPERATORS: dict[type[ast.operator], str] = {
    ast.Mult: "factor", ast.Div: "divisor", ast.FloorDiv: "divisor", ast.Add: "offset", ast.Sub: "offset", ast.Pow: "exponent",
    ast.Mod: "modulus", ast.MatMult: "matrix",
}  # fmt: skip
_ORDERING = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)
_KEYWORD, _ASSIGNED, _UNIT, _POSITIONAL, _ROLE, _LAST = range(6)


def name_of(
    root: Term, holes: Sequence[Hole], taken: Collection[str], given: Collection[str], only: Collection[str] | None
) -> str:
    """The name for what stands at these holes, which all have the same values; "" when none is left. `given` are those of other
    new parameters: a second one of the same name is numbered. `only`: the names that are allowed where not any will do.
    """
    told = sorted(
        (tier, number, order, name)
        for number, hole in enumerate(holes)
        for order, (tier, name) in enumerate(_candidates(root, hole))
    )
    names = [name for _, _, _, name in told]
    if only is not None:
        return next((name for name in names if name in only and name not in given and is_free(name, taken)), "")
    best = next((name for name in names if is_free(name, taken)), "value")
    if is_free(best, taken) and best not in given:
        return best
    return next(name for number in count(2) if is_free(name := f"{best}_{number}", taken) and name not in given)


def is_free(name: str, taken: Collection[str]) -> bool:
    """Whether a new parameter may be called so."""
    reserved = keyword.iskeyword(name) or keyword.issoftkeyword(name) or name in _BUILTINS
    return name.isidentifier() and not reserved and name not in taken and not name.startswith("_")


def _candidates(root: Term, hole: Hole) -> Iterator[tuple[int, str]]:
    """(tier, name) for one place."""
    chain = [root]
    for index in hole.path:
        chain.append(chain[-1].kids[index])
    term, around = chain[-1], chain[:-1][::-1]
    if hole.kind in ("name", "function"):
        yield from _of_names(hole)
    parent = around[0]
    if isinstance(parent.node, ast.keyword) and parent.node.arg:
        yield _KEYWORD, parent.node.arg
    yield from _assigned(term, around)
    yield from _compared(term, parent)
    yield from _positional(term, parent)
    yield from _by_role(hole, term, around)


def _of_names(hole: Hole) -> Iterator[tuple[int, str]]:
    """What the names that are handed in have in common: `mean_age` and `median_age` are both an age."""
    names = [term.binding[1] for term in hole.terms if term.binding]
    if not names:
        return
    words = [_WORD.findall(name.lower()) for name in names]
    usual = min(names, key=lambda name: (-names.count(name), name)) if hole.kind == "name" else names[0]
    spoken = usual.lower() if usual.isupper() else usual
    if len(set(names)) == 1 and len(names) == len(hole.terms):
        yield _KEYWORD - 1, spoken
    elif hole.kind == "name" and (len(set(names)) == 1 or 2 * names.count(usual) > len(hole.terms)):
        yield _ASSIGNED, spoken
    shared = 0
    while all(len(each) > shared and each[-1 - shared] == words[0][-1 - shared] for each in words):
        shared += 1
    if shared and len(set(names)) > 1:
        yield _ASSIGNED, "_".join(words[0][-shared:])
    started = 0
    while all(len(each) > started and each[started] == words[0][started] for each in words):
        started += 1
    if started and len(set(names)) > 1:
        yield _ASSIGNED, "_".join(words[0][:started])


def _assigned(term: Term, around: Sequence[Term]) -> Iterator[tuple[int, str]]:
    """The one target that the value goes to: an attribute or key gives its name, a local variable its name and what it is."""
    parent = around[0]
    if isinstance(parent.node, ast.Dict) and term.role == "values":
        before = parent.kids[parent.kids.index(term) - 1]
        if name := _text_of(before):
            yield _ASSIGNED, f"{name}_{role}" if (role := _role_in_map(around)) else name
    if isinstance(parent.node, ast.Assign | ast.AnnAssign) and term.role == "value":
        targets = [kid for kid in parent.kids if kid.role in ("targets", "target")]
        if len(targets) == 1 and (name := _spoken(targets[0])):
            yield _ASSIGNED, name
            yield _ASSIGNED, f"{name}_value"
    functions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
    default = term.role in ("defaults", "kw_defaults") and isinstance(parent.node, functions)
    if default and (name := _parameter_of(parent, term)):
        yield _ASSIGNED, name
        yield _ASSIGNED, f"{name}_default"


def _role_in_map(around: Sequence[Term]) -> str:
    """What the values of a dict are, of which the keys name columns: `cost` of `rename({"price": "cost"})` is a column."""
    outer = [term for term in around[1:3] if not isinstance(term.node, ast.keyword)][:1]
    return MAPS.get(_spoken_function(outer[0].kids[0]), "") if outer and isinstance(outer[0].node, ast.Call) else ""


def _goes_to(value: Term, around: Sequence[Term]) -> str:
    """The one variable that the statement around a value binds."""
    statement = next((term for term in around if isinstance(term.node, ast.stmt)), None)
    if statement is None or not isinstance(statement.node, ast.Assign | ast.AnnAssign | ast.AugAssign):
        return ""
    targets = [kid for kid in statement.kids if kid.role in ("targets", "target")]
    values = [kid for kid in statement.kids if kid.role == "value"]
    if len(targets) != 1:
        return ""
    several = isinstance(targets[0].node, ast.Tuple) and isinstance(values[0].node, ast.Tuple)
    if not several or len(targets[0].kids) != len(values[0].kids):
        return _spoken(targets[0])
    inside = {id(term) for term in (value, *around)}  # `a, b = 1, 2`: each its own
    return next(
        (_spoken(one) for one, its in zip(targets[0].kids, values[0].kids, strict=True) if id(its) in inside), ""
    )


def _parameter_of(function: Term, default: Term) -> str:
    """The parameter that a default belongs to."""
    arguments = function.node.args  # type: ignore[union-attr]
    node = default.node
    positional = [*arguments.posonlyargs, *arguments.args]
    pairs = [*zip(positional[len(positional) - len(arguments.defaults) :], arguments.defaults, strict=True)]
    pairs += [(one, value) for one, value in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True) if value]
    return next((one.arg for one, value in pairs if value is node), "")


def _compared(term: Term, parent: Term) -> Iterator[tuple[int, str]]:
    """What a value is compared or reckoned with: `age > 18` is an age_threshold, `delay_ms / 1000` leaves its unit."""
    others = [kid for kid in parent.kids if kid is not term]
    if isinstance(parent.node, ast.Compare) and len(parent.kids) == 2:
        name = _spoken(others[0])
        if isinstance(parent.node.ops[0], _ORDERING):
            if name and len(name) > 1:
                yield _UNIT, f"{name}_threshold"
            yield _ROLE, "threshold"
        elif name:
            yield _UNIT, name
            yield _UNIT, f"{name}_value"
    elif isinstance(parent.node, ast.BinOp | ast.AugAssign):
        name = _spoken(others[0]) if others else ""
        role = _OPERATORS.get(type(parent.node.op), "")
        same_unit = isinstance(parent.node.op, ast.Add | ast.Sub)
        unit = name.rpartition("_")[2]
        if same_unit and unit in _UNITS and unit != name:
            yield _UNIT, f"{role}_{unit}"
        if role:
            yield _ROLE, role


def _positional(term: Term, parent: Term) -> Iterator[tuple[int, str]]:
    """The name that the parameter has in a call that everybody knows."""
    if not isinstance(parent.node, ast.Call) or term.role != "args":
        return
    called = _spoken_function(parent.kids[0])
    place = parent.kids.index(term) - 1
    known = POSITIONAL.get(called, ())
    if place < len(known) and known[place]:
        yield _POSITIONAL, known[place]
    elif called in SHOWN:
        yield _ROLE, "label"


def _by_role(hole: Hole, term: Term, around: Sequence[Term]) -> Iterator[tuple[int, str]]:
    parent = around[0]
    values = [inner.node.value for inner in hole.terms if isinstance(inner.node, ast.Constant)]
    texts = [value for value in values if isinstance(value, str)]
    if hole.kind == "function":
        yield _ROLE, "function"
    if texts and len(texts) == len(hole.terms):
        if all(text.startswith(("http://", "https://", "s3://", "gs://")) for text in texts):
            yield _ROLE, "url"
        elif all(_PATH.fullmatch(text) for text in texts):
            yield _ROLE, "path"
    if term.display and isinstance(term.node, ast.List | ast.Set):
        yield _ROLE, "columns" if isinstance(parent.node, ast.Subscript) else "values"
    if (isinstance(parent.node, ast.Subscript) and term.role == "slice") or _is_index(parent):
        yield _ROLE, "index" if hole.terms[0].literal and hole.terms[0].literal.startswith("int:") else "column"
    if isinstance(parent.node, ast.Dict) and term.role == "keys" and _role_in_map(around):
        yield _ROLE, "column"
    if isinstance(parent.node, ast.Slice):
        yield _ROLE, {"lower": "start", "upper": "stop", "step": "step"}[term.role]
    if term.role == "text":
        yield _ROLE, "label"
    if isinstance(parent.node, ast.Return):
        yield _ROLE, "result"
    if texts and len(texts) == len(hole.terms):
        yield _LAST, "label"
    if values and all(isinstance(value, bool) for value in values):
        yield _LAST, "flag"
    if hole.kind != "name" and (target := _goes_to(term, around)):
        yield _LAST, f"{target}_value"
    yield _LAST, "data" if hole.kind == "name" else "value"


def _is_index(term: Term) -> bool:
    """`0, "a"` of `x.loc[0, "a"]`."""
    return isinstance(term.node, ast.Tuple) and term.role == "slice"


def _spoken(term: Term) -> str:
    """The name that stands for a value: `age` of age, person.age, person["age"], len(age)."""
    node = term.node
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return node.attr
    if isinstance(node, ast.Subscript) and len(term.kids) > 1:
        return _text_of(term.kids[1]) or _spoken(term.kids[0])
    if isinstance(node, ast.Call) and term.kids:
        inner = _spoken_function(term.kids[0])
        if inner in ("abs", "float", "int", "round", "str") and len(term.kids) > 1:
            return _spoken(term.kids[1])
        if inner == "len":
            return "size"
    return ""


def _spoken_function(term: Term) -> str:
    return (
        term.node.attr
        if isinstance(term.node, ast.Attribute)
        else term.node.id
        if isinstance(term.node, ast.Name)
        else ""
    )


def _text_of(term: Term) -> str:
    """A text as an identifier: "Price (EUR)" is price_eur."""
    value = getattr(term.node, "value", None)
    if not isinstance(term.node, ast.Constant) or not isinstance(value, str) or len(value) > 30:
        return ""
    name = "_".join(word.lower() for word in _WORD.findall(value)[:4])
    return name if name.isidentifier() else ""


def replaced_everywhere(read: Read, name: str, paths: Collection[Path]) -> bool:
    """Whether a name stands at these places only, all of them reads from outside, so that a parameter may have it."""
    found = {path for path, term in _placed(read.term) if term.binding == (FREE, name)}
    count = sum(isinstance(node, ast.Name) and node.id == name for node in ast.walk(read.node))
    return found <= set(paths) and (count == len(found) if count else name not in read.names)


def _placed(root: Term) -> Iterator[tuple[Path, Term]]:
    stack: list[tuple[Path, Term]] = [((), root)]
    while stack:
        path, term = stack.pop()
        yield path, term
        stack.extend(((*path, number), kid) for number, kid in enumerate(term.kids))
