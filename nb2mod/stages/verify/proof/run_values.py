"""What the call of a run of statements hands in by keyword: `outs = f(rows, bins=30)`, where 30 stood in the run."""

import ast
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from nb2mod.stages.verify.proof.called import Called
from nb2mod.stages.verify.proof.handed import looked_into, only_names_a_value
from nb2mod.stages.verify.proof.lifts import Hole, is_display, is_value, same_value
from nb2mod.stages.verify.proof.looks import looks_of
from nb2mod.stages.verify.proof.opening import later, opening, repeated
from nb2mod.stages.verify.proof.raising import Marks, Raiser, Same
from nb2mod.stages.verify.proof.scopes import names_of, reads
from nb2mod.stages.verify.proof.standing import Standing
from nb2mod.stages.verify.proof.trees import all_nodes, described, docstring_of, dump, every_bound_name
from nb2mod.stages.verify.proof.used_up import used_up


class Given(NamedTuple):
    """The run's statements with the parameters' names where their values stood, and the parameters. `why`: what the call hands in
    is not certainly what stood there, in words; the statements are then as they were.
    """

    statements: list[ast.stmt]
    arguments: ast.arguments
    why: str


def with_parameters(called: Called, same: Same, marks: Marks, standing: Standing) -> Given:
    """What the call of a run hands in, put into its function."""
    function = called.function
    keywords = [each.arg for each in function.args.kwonlyargs]
    defaults = dict(zip(keywords, function.args.kw_defaults, strict=True))
    whole = ast.Module(list(called.statements), [])
    raiser = Raiser(same, marks, (whole, function), frozenset(keywords))
    made = raiser.each(called.statements, _counterparts(called))
    check = _Values(called, whole, made, standing)
    passed = dict(called.form.keywords)
    against = [f"`{name}` is no parameter of the function" for name in passed if name not in keywords]
    for name in keywords:
        if why := check.against(name, passed.get(name, defaults[name]), raiser.holes[name], name in passed):
            against.append(f"`{name}` {why}")
    if against:
        made, keywords = list(called.statements), []
    own = [ast.arg(name) for name in called.form.parameters]
    came = [ast.arg(name) for name in keywords]
    arguments = ast.arguments([], own, None, came, [defaults[name] for name in keywords], None, [])
    return Given(made, arguments, next(iter(against), ""))


class _Values:
    """Values of one run."""

    def __init__(self, called: Called, whole: ast.Module, made: Sequence[ast.stmt], standing: Standing) -> None:
        self.called = called
        self.whole = whole
        self.made = made
        self.standing = standing
        self.looks = looks_of(whole)
        self.bound = names_of(called.statements).bound
        self.free = {id(read.node) for read in reads(whole)}

    def against(self, name: str, value: ast.expr | None, holes: Sequence[Hole], passed: bool) -> str:
        """What is against a parameter, in words; "" when nothing is."""
        if value is None:
            return "is not passed, and has no default"
        if name in self._spelled(holes) or self.looks.namespace:
            return "is a name of the statements too, or they look at the names around them"
        if is_value(value):
            return self._literal(value, holes)
        odd = next((hole for hole in holes if hole.text or dump(value) != dump(hole.value)), None)
        if not passed or odd is not None:
            stood = described(odd.value) if odd else "nothing"
            return f"is {described(value)}, where {stood} stood"
        if is_display(value):
            again = len(holes) != 1 or id(holes[0].node) in repeated(self.made)
            return f"is {described(value)}, which was made anew each time it was reached" if again else ""
        names = [node for hole in holes for node in all_nodes(hole.value) if isinstance(node, ast.Name)]
        if not all(id(node) in self.free for node in names):
            return f"is {described(value)}, which reads names of the statements' own"
        if isinstance(value, ast.Name):
            return self._name(name, value.id)
        first = opening(self.made, {id(hole.node) for hole in holes})
        certain = len(holes) == 1 and bool(first) and only_names_a_value(value) and self._computed() == 1
        return "" if certain else f"is {described(value)}, which was not certainly evaluated first of all, once"

    def _literal(self, value: ast.expr, holes: Sequence[Hole]) -> str:
        odd = next((hole for hole in holes if not same_value(value, hole)), None)
        if odd is not None:
            return f"is {described(value)}, where {described(odd.value)} stood"
        return next((f"stands for what is no plain value: {why}" for hole in holes for why in self._asked(hole)), "")

    def _asked(self, hole: Hole) -> Iterator[str]:
        yield from looked_into(self.whole, hole, frozenset())

    def _spelled(self, holes: Sequence[Hole]) -> set[str]:
        """Names in the statements, in code or in a text that is code; `load=load` takes just those in the holes away."""
        handed = {id(node) for hole in holes for node in all_nodes(hole.value)}
        nodes = [node for node in all_nodes(self.whole) if id(node) not in handed]
        found = {node.id for node in nodes if isinstance(node, ast.Name)} | self.looks.strings | self.bound
        return found | {each for node in self.called.statements for each in every_bound_name(node)}

    def _name(self, name: str, wanted: str) -> str:
        late = later(self.made, used_up(self.made, self.standing.view))
        nodes = (inner for node in self.made for inner in all_nodes(node))
        waits = any(isinstance(node, ast.Name) and node.id == name and id(node) in late for node in nodes)
        again = self.standing.rebound(wanted) or ("the statements bind it" if wanted in self.bound else "")
        if waits and not self.standing.once(wanted):
            again = again or "something reads it later"
        return f"is `{wanted}`, and {again}" if again else ""

    def _computed(self) -> int:
        """How many of the values are expressions: the order of several is nobody's business here."""
        values = (value for _, value in self.called.form.keywords)
        return sum(not (is_value(value) or is_display(value) or isinstance(value, ast.Name)) for value in values)


def _counterparts(called: Called) -> Sequence[ast.stmt]:
    """The statements of the package's function that stand for the run: its docstring, imports at its head, and what it returns
    left out."""
    _, body = docstring_of(called.function.body)
    body = body[: len(body) - isinstance(body[-1], ast.Return)] if body else body
    return body[max(len(body) - len(called.statements), 0) :]
