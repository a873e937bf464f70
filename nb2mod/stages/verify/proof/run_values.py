"""What the call of a run of statements hands in by keyword: `outs = f(rows, bins=30)`, where 30 stood in the run."""

import ast
from collections.abc import Sequence

from nb2mod.stages.verify.proof.called import Called
from nb2mod.stages.verify.proof.handed import looked_into, only_names_a_value
from nb2mod.stages.verify.proof.lifts import Hole, is_display, is_value, same_value
from nb2mod.stages.verify.proof.looks import looks_of
from nb2mod.stages.verify.proof.opening import later, opening, repeated
from nb2mod.stages.verify.proof.raising import Marks, Raiser, Same
from nb2mod.stages.verify.proof.scopes import names_of, reads
from nb2mod.stages.verify.proof.standing import Standing
from nb2mod.stages.verify.proof.trees import docstring_of, dump, every_bound_name
from nb2mod.stages.verify.proof.used_up import used_up


def with_parameters(
    called: Called, same: Same, marks: Marks, standing: Standing
) -> tuple[list[ast.stmt], ast.arguments]:
    """The run's statements with the parameters' names where their values stood, and the parameters; the statements as they are
    where what the call hands in is not certainly what stood there.
    """
    function = called.function
    keywords = [each.arg for each in function.args.kwonlyargs]
    defaults = dict(zip(keywords, function.args.kw_defaults, strict=True))
    whole = ast.Module(list(called.statements), [])
    raiser = Raiser(same, marks, (whole, function), frozenset(keywords))
    made = raiser.each(called.statements, _counterparts(called))
    check = _Values(called, whole, made, standing)
    passed = dict(called.form.keywords)
    if not passed.keys() <= set(keywords) or any(
        check.against(name, passed.get(name, defaults[name]), raiser.holes[name], name in passed) for name in keywords
    ):
        made, keywords = list(called.statements), []
    own = [ast.arg(name) for name in called.form.parameters]
    came = [ast.arg(name) for name in keywords]
    return made, ast.arguments([], own, None, came, [defaults[name] for name in keywords], None, [])


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

    def against(self, name: str, value: ast.expr | None, holes: Sequence[Hole], passed: bool) -> bool:
        """Whether something is against a parameter."""
        nodes = list(ast.walk(self.whole))
        spelled = {node.id for node in nodes if isinstance(node, ast.Name)} | self.looks.strings | self.bound
        spelled |= {each for node in self.called.statements for each in every_bound_name(node)}
        if value is None or name in spelled or self.looks.namespace:
            return True
        if is_value(value):
            odd = (why for hole in holes for why in looked_into(self.whole, hole, frozenset()))
            return not all(same_value(value, hole) for hole in holes) or any(odd)
        if not passed or not all(not hole.text and dump(value) == dump(hole.value) for hole in holes):
            return True
        if is_display(value):
            return len(holes) != 1 or id(holes[0].node) in repeated(self.made)
        if not all(
            id(node) in self.free for hole in holes for node in ast.walk(hole.value) if isinstance(node, ast.Name)
        ):
            return True
        if isinstance(value, ast.Name):
            return self._name(name, value.id)
        first = opening(self.made, {id(hole.node) for hole in holes})
        return len(holes) != 1 or not first or not only_names_a_value(value) or self._computed() > 1

    def _name(self, name: str, wanted: str) -> bool:
        late = later(self.made, used_up(self.made, self.standing.view))
        nodes = (inner for node in self.made for inner in ast.walk(node))
        waits = any(isinstance(node, ast.Name) and node.id == name and id(node) in late for node in nodes)
        again = bool(self.standing.rebound(wanted)) or wanted in self.bound
        return again or (waits and not self.standing.once(wanted))

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
