"""A statement of the notebook as it would be had it the parameters and the arguments that came: it is walked in step with what it
became, and only what may have come is taken over.

Everything else stays as the notebook has it, so what is made differs in nothing but that. Whether it does the same is told in
`handed.py` and `passed.py`, whether it is what the statement became where statements are compared.
"""

import ast
import copy
from collections.abc import Callable, Sequence
from typing import Any

from nb2mod.stages.verify.proof.filling import filled
from nb2mod.stages.verify.proof.lifts import Hole, Lift, Raised, signature_of
from nb2mod.stages.verify.proof.scopes import DEFINITIONS, parameters, reads
from nb2mod.stages.verify.proof.trees import all_nodes, docstring_of, dump, plain_assignment

Same = Callable[[str, str], Lift | None]  # a name of either side → what both call, when that is lifted


class Marks:
    """What came, by the ids of its nodes: keywords of calls, and lambdas with the names that stood in their place."""

    def __init__(self) -> None:
        self.keywords: dict[int, ast.keyword] = {}
        self.lambdas: dict[int, tuple[ast.Lambda, ast.Name]] = {}


class Raiser:
    """`parameters` are names that came with the new side's signature; {} outside of lifted definitions."""

    def __init__(
        self, same: Same, marks: Marks, sides: tuple[ast.AST, ast.AST], parameters: frozenset[str] = frozenset()
    ) -> None:
        self._same = same
        self._marks = marks
        self._free = tuple({id(read.node) for read in reads(side)} for side in sides)
        self._parameters = parameters
        self.holes: dict[str, list[Hole]] = {name: [] for name in parameters}

    def node(self, old: Any, new: Any) -> Any:
        """The old node when nothing of it came."""
        match old, new:
            case ast.expr(), ast.Name(id=name, ctx=ast.Load()) if name in self._parameters:
                return self.hole(name, old)
            case ast.Name(), ast.Lambda():
                return self._wrapped(old, new)
            case ast.Call(), ast.Call():
                return self._call(old, new)
            case ast.JoinedStr(), ast.JoinedStr():
                made = filled(old, new, self._parameters, self) if self._parameters else None
                return made or self._fields(old, new)
        if type(old) is not type(new) and isinstance(old, ast.stmt) and isinstance(new, ast.stmt):
            plain = plain_assignment(old), plain_assignment(new)
            made = self.node(old.value, plain[1].value) if all(isinstance(one, ast.Assign) for one in plain) else None  # type: ignore[attr-defined]
            return _with(old, {"value": made}) if made is not None and made is not old.value else old  # type: ignore[attr-defined]
        return self._fields(old, new) if type(old) is type(new) and isinstance(old, ast.AST) else old

    def hole(self, name: str, old: ast.expr, *, text: bool = False) -> ast.Name:
        """A read of a parameter in place of what stood there."""
        made = ast.copy_location(ast.Name(name, ast.Load()), old)
        self.holes[name].append(Hole(old, text, made))
        return made

    def suite(self, old: Sequence[ast.stmt], new: Sequence[ast.stmt]) -> list[ast.stmt]:
        """A body; docstrings and the imports that were put at its head (N18) are nobody's counterpart."""
        own, theirs = docstring_of(old)[1], docstring_of(new)[1]
        while len(theirs) > len(own) and isinstance(theirs[0], (ast.Import, ast.ImportFrom)):
            theirs = theirs[1:]
        return [*old[: len(old) - len(own)], *self.each(list(own), list(theirs))]

    def each(self, old: Sequence[Any], new: Sequence[Any]) -> list[Any]:
        """Pairs of nodes; of another number they have no counterpart."""
        if len(old) != len(new):
            return list(old)
        return [self.node(one, other) for one, other in zip(old, new, strict=True)]

    def _fields(self, old: ast.AST, new: ast.AST) -> ast.AST:
        changed: dict[str, Any] = {}
        for field in old._fields:
            one, other = getattr(old, field, None), getattr(new, field, None)
            made = one
            if field == "body" and isinstance(old, DEFINITIONS):
                made = self.suite(one, other)  # type: ignore[arg-type]
            elif isinstance(one, list) and isinstance(other, list):
                made = self.each(one, other)
            elif isinstance(one, ast.AST):
                made = self.node(one, other)
            is_same = len(made) == len(one) and all(map(_is, made, one)) if isinstance(made, list) else made is one  # type: ignore[arg-type]
            if not is_same:
                changed[field] = made
        return _with(old, changed) if changed else old

    def _call(self, old: ast.Call, new: ast.Call) -> ast.AST:
        lift = self._lift(old.func, new.func)
        if lift is None:
            return self._fields(old, new)
        keywords: list[ast.keyword] = []
        waiting = list(old.keywords)
        for keyword in new.keywords:
            if waiting and waiting[0].arg == keyword.arg:
                keywords.append(self.node(waiting.pop(0), keyword))
            elif keyword.arg in lift.passable:
                keywords.append(self._came(keyword, old))
            else:
                return self._fields(old, new)
        if waiting:
            return self._fields(old, new)
        return _with(old, {"args": self.each(old.args, new.args), "keywords": keywords})

    def _wrapped(self, old: ast.Name, new: ast.Lambda) -> ast.AST:
        """`f` as `lambda row: f(row, df=df)`."""
        lift = self._lift(old, new.body.func) if isinstance(new.body, ast.Call) else None
        if lift is None:
            return old
        made = _placed(new, old)
        assert isinstance(made, ast.Lambda)
        assert isinstance(made.body, ast.Call)
        made.body.func = ast.copy_location(ast.Name(old.id, ast.Load()), old)
        own = {each.arg for each in parameters(made.args)}
        for keyword in made.body.keywords:
            if keyword.arg in lift.passable - own:
                self._marks.keywords[id(keyword)] = keyword
        self._marks.lambdas[id(made)] = made, old
        return made

    def _lift(self, old: ast.expr, new: ast.expr) -> Lift | None:
        """What both sides call, when both mean the top level's name."""
        if not isinstance(old, ast.Name) or not isinstance(new, ast.Name):
            return None
        return self._same(old.id, new.id) if id(old) in self._free[0] and id(new) in self._free[1] else None

    def _came(self, keyword: ast.keyword, old: ast.Call) -> ast.keyword:
        made = _placed(keyword, old)
        assert isinstance(made, ast.keyword)
        self._marks.keywords[id(made)] = made
        return made


def raised(lift: Lift, old: ast.FunctionDef, new: ast.FunctionDef, same: Same, marks: Marks) -> Raised | None:
    """A lifted definition; None when the signatures don't allow it."""
    signature = signature_of(old.args, new.args, lift.passable)
    if signature is None:
        return None
    raiser = Raiser(same, marks, (old, new), frozenset(signature.added))
    body = raiser.suite(old.body, new.body)
    made = _with(old, {"args": signature.made, "body": body})
    assert isinstance(made, ast.FunctionDef)
    return Raised(lift, old, made, signature, {name: tuple(found) for name, found in raiser.holes.items()})


def edited(old: ast.stmt, new: ast.stmt, same: Same, marks: Marks) -> ast.stmt | None:
    """A statement that stays, with what came; None when that does not make it the new one."""
    if type(old) is not type(new):
        return None
    made = Raiser(same, marks, (old, new)).node(old, new)
    return made if made is not old and dump(made) == dump(new) else None


def with_calls_of(old: ast.stmt, new: ast.stmt, same: Same, marks: Marks) -> ast.stmt:
    """A definition that went, with what came to the calls in it."""
    made = Raiser(same, marks, (old, new)).node(old, new)
    assert isinstance(made, ast.stmt)
    return made


def _with(node: ast.AST, changed: dict[str, Any]) -> ast.AST:
    made = copy.copy(node)
    for field, value in changed.items():
        setattr(made, field, value)
    return made


def _placed(node: ast.AST, old: ast.expr) -> ast.AST:
    """A copy that stands where the old one stood."""
    made = copy.deepcopy(node)
    for inner in all_nodes(made):
        if isinstance(inner, (ast.expr, ast.keyword, ast.arg)):
            ast.copy_location(inner, old)
    return made


def _is(one: object, other: object) -> bool:
    return one is other
