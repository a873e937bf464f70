"""Whether every use of a lifted definition hands in what stood there: each call by itself, and everything that is no call.

The function with a call's arguments put in must be what the call meant before: what it passes, or leaves to a default, is the
value that the definition in force there held, or the name that it read, bound by then.
"""

import ast
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from nb2mod.stages.verify.proof.around import Around
from nb2mod.stages.verify.proof.bindings import Binding, Place
from nb2mod.stages.verify.proof.called import Called
from nb2mod.stages.verify.proof.cells import CellView
from nb2mod.stages.verify.proof.flow import bound_by, bound_unseen, first_run, in_force
from nb2mod.stages.verify.proof.handed import Handed
from nb2mod.stages.verify.proof.lifted import Lifted
from nb2mod.stages.verify.proof.lifts import Hole, Raised, defaults_of, is_display, is_value, same_value
from nb2mod.stages.verify.proof.paths import paths_of
from nb2mod.stages.verify.proof.receivers import looks_at, only_calls
from nb2mod.stages.verify.proof.scopes import DEFINITIONS, Read, names_of
from nb2mod.stages.verify.proof.trees import all_nodes, described, dump, every_bound_name
from nb2mod.stages.verify.proof.unbound import BUILTINS
from nb2mod.stages.verify.proof.views import NotebookView
from nb2mod.stages.verify.proof.wrapping import hands_on


class Use(NamedTuple):
    """One read of a lifted name. `free`: ids of the names that its statement reads from the notebook."""

    cell: CellView
    place: Place
    statement: ast.stmt
    read: Read
    free: frozenset[int]
    parents: dict[int, ast.AST]

    @property
    def call(self) -> ast.Call | None:
        """The call of which it is the function."""
        parent = self.parents.get(id(self.read.node))
        return parent if isinstance(parent, ast.Call) and parent.func is self.read.node else None


class Told(NamedTuple):
    """What is against a lifted name, and what the text can't tell of it; in words, with the cell."""

    problems: tuple[str, ...]
    unsure: str


class Passed:
    """The uses of one notebook's lifted names. `view` is the notebook as it would be."""

    def __init__(self, view: NotebookView, lifted: Lifted, handed: Handed, runs: Mapping[int, Called]) -> None:
        self.view = view
        self.runs = runs
        self.lifted = lifted
        self.handed = handed
        self.around = Around(view)
        self._wrapped = {id(made.body): made for made, _ in lifted.marks.lambdas.values()}

    def told(self, uses: Sequence[Use]) -> Told:
        """Of one name, by all its uses."""
        problems: list[str] = []
        unsure: list[str] = []
        for use in uses:
            where = f"in cell {use.place[0] + 1}"
            definitions = self._in_force(use)
            if definitions is None:
                problems.append(f"what it stands for {where} is not the function that went")
                continue
            problems += [f"{where}, {why}" for why in self._use(use, definitions)]
            unsure += [f"{where}, {why}" for why in self._doubts(use, definitions)]
        return Told(tuple(dict.fromkeys(problems)), next(iter(unsure), ""))

    def uses(self) -> dict[str, list[Use]]:
        """Name → its uses, in order."""
        found: dict[str, list[Use]] = {name: [] for name in self.lifted.lifts}
        for place, statement, there in self.view.reads:
            wanted = [read for read in there if read.name in found]
            if not wanted:
                continue
            parents = {id(child): node for node in all_nodes(statement) for child in ast.iter_child_nodes(node)}
            free = frozenset(id(read.node) for read in there)
            cell = self.view.cells[place[0]]
            for read in wanted:
                found[read.name].append(Use(cell, place, statement, read, free, parents))
        return found

    def needs_passing(self, one: Raised) -> bool:
        """Whether a call that passes nothing would be another one."""
        left = (self._left_out(one, name) for name in one.signature.added)
        return bool(one.signature.changed) or any(left)

    def _in_force(self, use: Use) -> list[Raised] | None:
        until, eager = self._moment(use)
        found = [self.lifted.raised.get(id(one.statement)) for one in in_force(self.view, use.read.name, until, eager)]
        return None if None in found else [one for one in found if one is not None]

    def _moment(self, use: Use) -> tuple[Place, bool]:
        """(when it is read, or not before, whether just then)."""
        if not use.read.deferred:
            return use.place, True
        if isinstance(use.statement, DEFINITIONS):
            binding = next(
                one
                for one in self.view.bindings[use.statement.name]
                if one.statement is use.statement and one.definition
            )
            return first_run(self.view, binding), False
        return use.place, False

    def _use(self, use: Use, definitions: list[Raised]) -> Iterator[str]:
        name, call = use.read.name, use.call
        if use.cell.masked.runs_in_function and name in names_of(use.cell.tree or ()).bound:
            yield f"`{name}` is bound where the cell times it"
        for one in definitions:
            if call is not None:
                if wrapped := self._wrapped.get(id(call)):
                    yield from self._wrapper(use, one, wrapped)
                yield from self._call(use, one, call)
            elif looks_at(use.parents.get(id(use.read.node))) is False:
                continue  # `f.__name__`
            elif self.needs_passing(one):
                yield f"`{name}` is used other than by calling it, and nothing can be passed"
            elif one.original.args.kwarg:
                yield f"`{name}` is used other than by calling it, and may be handed a new parameter"
            elif looks_at(use.parents.get(id(use.read.node))):
                yield f"the parameters of `{name}` are looked at, and it has more"

    def _doubts(self, use: Use, definitions: list[Raised]) -> Iterator[str]:
        name = use.read.name
        if why := bound_unseen(self.view.bindings[name], self.view.unseen, name, *self._moment(use)):
            yield f"`{name}` may be bound by {why.why}"
        given = self._wrapped.get(id(use.call)) if use.call is not None else use.read.node
        if given is None or not definitions:
            return
        parent = use.parents.get(id(given))
        parent = use.parents.get(id(parent)) if isinstance(parent, ast.keyword) else parent
        if isinstance(parent, ast.Call) and parent.func is not given:
            if not only_calls(parent, self.view):
                yield f"{described(parent.func)} is given `{name}`, and may look at it"
        elif looks_at(parent) is not False:
            yield f"`{name}` is used as a value, and may be looked at"

    # calls

    def _call(self, use: Use, one: Raised, call: ast.Call) -> Iterator[str]:
        came = self.lifted.marks.keywords
        named = {each.arg: each for each in call.keywords if each.arg}
        native = {name for name, each in named.items() if id(each) not in came}
        stars = (
            any(isinstance(each, ast.Starred) for each in call.args),
            any(each.arg is None for each in call.keywords),
        )
        text = described(call)
        if one.original.args.kwarg and stars[1]:
            yield f"{text} hands on keywords, and one of them may be a new parameter"
        for name in one.signature.added:
            if name in native:
                yield f"{text} passed `{name}` before there was such a parameter"
            elif name in named:
                yield from self._same(use, one, name, named[name].value, call)
            elif why := self._left_out(one, name):
                yield f"{text} does not pass `{name}`, {why}"
        for name, changed in one.signature.known.items():
            by_place = changed.place is not None and changed.place < len(call.args)
            if name in one.signature.kept and (name in native or name not in named):
                continue  # as it was, and the default is the same
            if stars[1] or (stars[0] and changed.place is not None):
                yield f"{text} may pass `{name}` or not"
            elif (name in native or by_place) == (name in named and name not in native):
                yield (
                    f"{text} leaves `{name}` to another default"
                    if name not in named
                    else f"{text} passes `{name}` twice"
                )
            elif name in named and name not in native:
                yield from self._same(use, one, name, named[name].value, call)
        yield from self._others(one, call, {name: each for name, each in named.items() if name not in native})

    def _others(self, one: Raised, call: ast.Call, came: dict[str, ast.keyword]) -> Iterator[str]:
        """Keywords that came for another definition of the name."""
        by_name = defaults_of(one.original.args)
        places = [each.arg for each in (*one.original.args.posonlyargs, *one.original.args.args)]
        only_places = [each.arg for each in one.original.args.posonlyargs]
        for name, keyword in came.items():
            if name in only_places:
                yield f"{described(call)} passes `{name}` by its name, which it can't"
            if name in one.signature.added or name in one.signature.known:
                continue
            default = by_name.get(name)
            known = default is not None and is_value(keyword.value) and dump(default) == dump(keyword.value)
            if not known or (name in places and places.index(name) < len(call.args)):
                yield f"{described(call)} passes `{name}`, which it did not"

    def _left_out(self, one: Raised, name: str) -> str:
        """Why a new parameter can't be left to its default; "" when it can."""
        default = one.signature.added[name]
        if default is None:
            return "which has no default"
        holes = self.handed.holes(one, name)
        same = is_value(default) and all(
            self.handed.kind(hole) == "value" and same_value(default, hole) for hole in holes
        )
        return "" if same else f"whose default is {described(default)}"

    def _same(self, use: Use, one: Raised, name: str, value: ast.expr, call: ast.Call) -> Iterator[str]:
        """What a call passes is what stood in the definition."""
        holes = self.handed.holes(one, name)
        text = f"{described(call)} passes {described(value)} as `{name}`"
        for hole in holes:
            what = described(hole.value)
            kind = self.handed.kind(hole)
            if is_value(value):
                if kind != "value" or not same_value(value, hole):
                    yield f"{text}, which stood for {what}"
            elif isinstance(value, ast.Name) and id(value) not in use.free:
                yield from (f"{text}: {why}" for why in self._passed_on(use, value.id, hole, call))
            elif isinstance(value, ast.Name):
                if kind != "name" or not isinstance(hole.value, ast.Name) or hole.value.id != value.id:
                    yield f"{text}, which stood for {what}"
                elif why := self._unbound(use, value.id) or self._outrun(value, call):
                    yield f"{text}, {why}"
            elif hole.text or dump(value) != dump(hole.value):
                yield f"{text}, which stood for {what}"
            elif not is_display(value):
                yield from (f"{text}: {why}" for why in self._evaluated(use, one, value, call))

    def _outrun(self, value: ast.Name, call: ast.Call) -> str:
        """What a call evaluates after a name, so that this may be another by then; "" when nothing."""
        came = self.lifted.marks.keywords
        position = next(index for index, each in enumerate(call.keywords) if each.value is value)
        for node in (inner for each in call.keywords[position:] if id(each) not in came for inner in all_nodes(each)):
            binds = isinstance(node, ast.NamedExpr) and node.target.id == value.id
            if binds or isinstance(node, (ast.Await, ast.Yield, ast.YieldFrom)):
                return "before another argument that may bind it again"
        return ""

    def _passed_on(self, use: Use, name: str, hole: Hole, call: ast.Call) -> Iterator[str]:
        """A parameter of the definition, or of the run's function, that the call stands in: it stands for the same."""
        if run := self.runs.get(id(use.statement)):
            keywords = run.function.args
            left = {each.arg: value for each, value in zip(keywords.kwonlyargs, keywords.kw_defaults, strict=True)}
            value = dict(run.form.keywords).get(name) or left.get(name)
            same = isinstance(hole.value, ast.Name) and self.handed.kind(hole) == "name" and hole.value.id == name
            bound = {each for node in run.statements for each in every_bound_name(node)} | names_of(
                run.statements
            ).bound
            own_name = name in run.form.parameters and name not in bound
            if not (same_value(value, hole) if value is not None else same and own_name):
                yield "that is no name of the notebook, but one of the statements"
            return
        around = self.lifted.raised.get(id(use.statement))
        known = name in around.signature.added if around else False
        own = self.handed.holes(around, name)[:1] if around is not None and known else ()
        if not own or (own[0].text, dump(own[0].value)) != (hole.text, dump(hole.value)):
            yield "that is no name of the notebook, but one of the scope that it stands in"
        elif self.handed.kind(hole) == "expression":
            handed = [*call.args, *(each.value for each in call.keywords)]
            if not all(isinstance(each, (ast.Name, ast.Constant)) for each in handed):
                yield "it is evaluated before other arguments"

    def _evaluated(self, use: Use, one: Raised, value: ast.expr, call: ast.Call) -> Iterator[str]:
        """An expression: after all else that the call evaluates, in the order in which the definition did."""
        names = [node for node in all_nodes(value) if isinstance(node, ast.Name)]
        if any(id(node) not in use.free for node in names):
            yield "a name in it is one of the scope that it stands in"
        came = self.lifted.marks.keywords
        position = next(index for index, each in enumerate(call.keywords) if each.value is value)
        if any(id(each) not in came for each in call.keywords[position:]):
            yield "it is evaluated before other arguments"
        order = self.handed.order(one)
        plain = (ast.Name, ast.Constant)
        computed = [each.arg for each in call.keywords if each.arg in order and not isinstance(each.value, plain)]
        if [each for each in order if each in computed] != computed:
            yield "expressions are evaluated in another order"

    def _unbound(self, use: Use, name: str) -> str:
        """Why a name may not be bound, or be another, where a call passes it; "" when it is."""
        bound = self.view.bindings.get(name, ())
        if use.cell.masked.runs_in_function and name in names_of(use.cell.tree or ()).bound:
            return "which is bound where the cell times it"
        if not bound:
            return "" if name in BUILTINS and self.handed.standing.once(name) else "which the notebook does not bind"
        if all(isinstance(one.statement, ast.Pass) for one in bound):
            return "" if any(self._captured(one, use) for one in bound) else "which only a magic binds, maybe"
        if use.read.deferred and isinstance(use.statement, DEFINITIONS):
            return "" if bound_by(bound, self._moment(use)[0]) else "which may not be bound by then"
        walk, _ = paths_of([use.statement], self.view.constants, self.around.bound_at(use.place))
        exposed = name in walk.exposed or name in walk.texts
        late = any(one.name == name and not one.certain for one in walk.held)
        return "which may not be bound by then" if exposed or late else ""

    def _captured(self, binding: Binding, use: Use) -> bool:
        """Whether a cell above binds the name by `%%capture`, which does so even when its body raises."""
        cell = self.view.cells[binding.place[0]]
        names = [name for magic in cell.masked.magics if magic.name == "capture" for name in magic.binds]
        return binding.name in names and cell.masked.cell_magic == "capture" and binding.place[0] < use.place[0]

    def _wrapper(self, use: Use, one: Raised, made: ast.Lambda) -> Iterator[str]:
        """`lambda row: f(row, df=df)`."""
        if not bound_by(self.view.bindings[use.read.name], self._moment(use)[0]):
            yield f"{described(made)} stands where `{use.read.name}` may not be bound yet"
        if why := hands_on(made, one.original.args, self.lifted.marks.keywords):
            yield f"{described(made)} {why}"
