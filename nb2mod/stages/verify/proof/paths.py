"""Which names a sequence of statements certainly binds, and which it may read before it has bound them. Told path by path.

Asked of a run of statements that became a call, and of everything that stands around it. What it means that a name is read
is told in `flowing.py` and `mentions.py`.
"""

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import reduce
from typing import NamedTuple

from nb2mod.stages.verify.proof.evaluation import Evaluation
from nb2mod.stages.verify.proof.scopes import DEFINITIONS, imported_as, names_of, reads
from nb2mod.stages.verify.proof.trees import all_nodes, last_name

Bound = frozenset[str]
# They may end their body early and go on below it as if nothing had been.
_SUPPRESS = frozenset({"suppress", "ignored", "raises", "assertRaises", "ExitStack", "catch", "handle_errors"})

# Builtins that loops are told by: what they give is as long as what they are given.
LOOPED = frozenset({"range", "zip", "enumerate", "reversed", "sorted", "list", "tuple", "set"})


class Held(NamedTuple):
    """A name that a function, lambda or generator reads when it runs. `certain`: it was bound when that was made."""

    name: str
    holder: ast.AST
    certain: bool


class Paths(Evaluation):
    """Walks statements in the order they run.

    `exposed`: names read where they are not certainly bound → the first such read. `sure`: those of them that are read
    on every path and bound on none by then. `held`: what is read later. `texts`: names in strings that are code, where they
    are not certainly bound. `constants`: names that stand for one number, text or tuple wherever they are read.
    """

    def __init__(self, constants: Mapping[str, ast.expr]) -> None:
        self.constants = constants
        self.exposed: dict[str, ast.AST] = {}
        self.sure: set[str] = set()
        self.held: list[Held] = []
        self.texts: set[str] = set()
        self._maybe = 0  # how many conditions stand around
        self._met: set[str] = set()  # names that some path may have bound by now

    def suite(self, body: Iterable[ast.stmt], bound: Bound) -> Bound | None:
        """What is certainly bound after the body; None: nothing comes after it."""
        state: Bound | None = bound
        for node in body:
            if state is None:
                break
            state = self.statement(node, state)
        return state

    def statement(self, node: ast.stmt, bound: Bound) -> Bound | None:
        """What is certainly bound after one statement."""
        handler = getattr(self, f"_{type(node).__name__.lower()}", None)
        if handler is not None:
            found: Bound | None = handler(node, bound)
            return found
        if isinstance(node, DEFINITIONS):
            return self._definition(node, bound)
        for child in ast.iter_child_nodes(node):
            bound = self.value(child, bound)
        return bound

    @contextmanager
    def maybe(self) -> Iterator[None]:
        """What is walked meanwhile may not run."""
        self._maybe += 1
        yield
        self._maybe -= 1

    def read(self, name: str, node: ast.AST, bound: Bound) -> None:
        """One read of a name."""
        if name not in bound:
            self.exposed.setdefault(name, node)
            if not self._maybe and name not in self._met:
                self.sure.add(name)

    def meet(self, names: Bound) -> Bound:
        """Names that some path binds here."""
        self._met |= names
        return names

    def hold(self, name: str, holder: ast.AST, bound: Bound) -> None:
        """One read that waits."""
        self.held.append(Held(name, holder, name in bound))

    def name_in_text(self, name: str, bound: Bound) -> None:
        """A name in a string that is code."""
        if name not in bound:
            self.texts.add(name)

    # statements

    def _assign(self, node: ast.Assign, bound: Bound) -> Bound:
        bound = self.value(node.value, bound)
        for target in node.targets:
            bound = self.target(target, bound)
        return bound

    def _augassign(self, node: ast.AugAssign, bound: Bound) -> Bound:
        if isinstance(node.target, ast.Name):
            self.read(node.target.id, node.target, bound)
        else:
            bound = self.target(node.target, bound)
        return self.target(node.target, self.value(node.value, bound))

    def _annassign(self, node: ast.AnnAssign, bound: Bound) -> Bound:
        if node.value is not None:
            bound = self.target(node.target, self.value(node.value, bound))
        elif not isinstance(node.target, ast.Name):
            bound = self.target(node.target, bound)
        return self.value(node.annotation, bound)

    def _delete(self, node: ast.Delete, bound: Bound) -> Bound:
        for target in node.targets:
            for inner in all_nodes(target):
                if isinstance(inner, ast.Name):
                    self.read(inner.id, inner, bound)
        return bound - names_of([node]).bound

    def _import(self, node: ast.Import, bound: Bound) -> Bound:
        return bound | self.meet(frozenset(imported_as(alias) for alias in node.names))

    def _importfrom(self, node: ast.ImportFrom, bound: Bound) -> Bound:
        return bound | self.meet(frozenset(imported_as(alias) for alias in node.names if alias.name != "*"))

    def _return(self, node: ast.Return, bound: Bound) -> None:
        if node.value is not None:
            self.value(node.value, bound)

    def _raise(self, node: ast.Raise, bound: Bound) -> None:
        for child in ast.iter_child_nodes(node):
            bound = self.value(child, bound)

    def _break(self, _node: ast.Break, _bound: Bound) -> None:
        return None

    def _continue(self, _node: ast.Continue, _bound: Bound) -> None:
        return None

    def _assert(self, node: ast.Assert, bound: Bound) -> Bound:
        bound = self.when(node.test, bound)[0]
        if node.msg is not None:
            with self.maybe():
                self.value(node.msg, bound)
        return bound

    def _if(self, node: ast.If, bound: Bound) -> Bound | None:
        yes, no = self.when(node.test, bound)
        with self.maybe():
            return _either(self.suite(node.body, yes), self.suite(node.orelse, no))

    def _while(self, node: ast.While, bound: Bound) -> Bound:
        bound -= _unbound_in(node.body)
        yes, no = self.when(node.test, bound)
        with self.maybe():
            self.suite(node.body, yes)
            self.suite(node.orelse, no)
        return no - _unbound_in(node.orelse)

    def _for(self, node: ast.For | ast.AsyncFor, bound: Bound) -> Bound:
        bound = self.value(node.iter, bound) - _unbound_in(node.body)
        with self.maybe():
            first = self.target(node.target, bound)
            end = self.suite(node.body, first)
            self.suite(node.orelse, bound)
        if _has_first_turn(node.iter, self.constants):
            left_early = any(isinstance(one, ast.Break | ast.Continue) for one in _inside(node.body))
            bound = first if end is None or left_early else first | end
        return bound - _unbound_in(node.body) - _unbound_in(node.orelse)

    def _asyncfor(self, node: ast.AsyncFor, bound: Bound) -> Bound:
        return self._for(node, bound)

    def _with(self, node: ast.With | ast.AsyncWith, bound: Bound) -> Bound | None:
        early = False
        for item in node.items:
            bound = self.value(item.context_expr, bound)
            early = early or last_name(item.context_expr) in _SUPPRESS
            if item.optional_vars is not None:
                bound = self.target(item.optional_vars, bound)
        if not early:
            return self.suite(node.body, bound)
        with self.maybe():
            self.suite(node.body, bound)
        return bound - _unbound_in(node.body)

    def _asyncwith(self, node: ast.AsyncWith, bound: Bound) -> Bound | None:
        return self._with(node, bound)

    def _try(self, node: ast.Try, bound: Bound) -> Bound | None:
        low = bound - _unbound_in([node])
        with self.maybe():
            end = self.suite(node.body, bound)
            ends = [self.suite(node.orelse, end) if end is not None else None]
            for handler in node.handlers:
                start = self.value(handler.type, low) if handler.type else low
                named = frozenset({handler.name} if handler.name else ())
                after = self.suite(handler.body, start | self.meet(named))
                ends.append(after - named if after is not None else None)
            last = self.suite(node.finalbody, low)
        whole = reduce(_either, ends)
        if last is None or whole is None:
            return None
        return (whole - _unbound_in(node.finalbody)) | last

    def _trystar(self, node: ast.Try, bound: Bound) -> Bound | None:
        return self._try(node, bound)

    def _match(self, node: ast.Match, bound: Bound) -> Bound | None:
        bound = self.value(node.subject, bound)
        ends: list[Bound | None] = []
        rest: Bound | None = bound
        with self.maybe():
            for case in node.cases:
                for inner in all_nodes(case.pattern):
                    if isinstance(inner, ast.expr):
                        self.value(inner, bound)
                state = bound | self.meet(names_of([case.pattern]).bound)
                state = self.when(case.guard, state)[0] if case.guard else state
                ends.append(self.suite(case.body, state))
                if case.guard is None and isinstance(case.pattern, ast.MatchAs) and case.pattern.pattern is None:
                    rest = None
        return reduce(_either, ends, rest)

    def _definition(self, node: ast.stmt, bound: Bound) -> Bound:
        for read in reads(node):
            if read.deferred:
                self.hold(read.name, node, bound)
            else:
                self.read(read.name, read.node, bound)
        return bound | self.meet(names_of([node]).bound)


def paths_of(
    body: Sequence[ast.stmt], constants: Mapping[str, ast.expr], bound: Bound = frozenset()
) -> tuple[Paths, Bound | None]:
    """The walk over statements that begin with `bound`, and what they certainly bind at their end."""
    walk = Paths(constants)
    return walk, walk.suite(body, bound)


def _either(one: Bound | None, other: Bound | None) -> Bound | None:
    if one is None or other is None:
        return other if one is None else one
    return one & other


def _has_first_turn(iterated: ast.expr, constants: Mapping[str, ast.expr]) -> bool:
    """Whether a loop over it runs at all: something written out, a range of constants, or what goes through such a thing one by
    one (that these builtins are Python's own is asked in `flowing.py`).
    """
    match iterated:
        case ast.Name(id=name):
            return name in constants and _has_first_turn(constants[name], {})
        case ast.Tuple(elts=elements) | ast.List(elts=elements) | ast.Set(elts=elements):
            return any(not isinstance(one, ast.Starred) for one in elements)
        case ast.Dict(keys=keys):
            return any(key is not None for key in keys)
        case ast.Constant(value=str(text)):
            return text != ""
        case ast.Call(func=ast.Name(id="range"), args=[*bounds], keywords=[]):
            return _counts([constants.get(one.id, one) if isinstance(one, ast.Name) else one for one in bounds])
        case ast.Call(func=ast.Name(id="zip"), args=[_, *_] as through):
            return all(_has_first_turn(one, constants) for one in through)
        case ast.Call(func=ast.Name(id=name), args=[first, *_]) if name in LOOPED:
            return _has_first_turn(first, constants)
    return False


def _counts(bounds: Sequence[ast.expr]) -> bool:
    """Whether a range from one number to another is not empty."""
    numbers = [one.value for one in bounds if isinstance(one, ast.Constant) and type(one.value) is int]
    if len(numbers) != len(bounds) or not 1 <= len(numbers) <= 3 or numbers[2:] == [0]:
        return False
    return any(True for _ in range(*numbers))


def _inside(body: Sequence[ast.stmt]) -> Iterator[ast.AST]:
    return (inner for statement in body for inner in all_nodes(statement))


def _unbound_in(body: Sequence[ast.stmt]) -> Bound:
    """Names that may be unbound in a body: by `del`, or at the end of a handler that names its exception."""
    found: set[str] = set()
    for node in _inside(body):
        if isinstance(node, ast.Delete):
            found |= names_of([node]).bound
        elif isinstance(node, ast.ExceptHandler) and node.name:
            found.add(node.name)
    return frozenset(found)
