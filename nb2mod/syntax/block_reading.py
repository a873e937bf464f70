"""A run of statements → what it reads before it binds it, what it binds for certain, what it leaves behind that runs later.

`read_run` takes text and gives facts; the rules are Python's for a module's top level. What the notebook around it makes of
them is for analyze. A `with` is taken to let errors through unless it is made by something that is known to swallow them or that
the caller doubts.
"""

import ast
from functools import lru_cache

from nb2mod.syntax import parse
from nb2mod.syntax.block_compound import Compound
from nb2mod.syntax.block_facts import Flow, Reading, Spot
from nb2mod.syntax.block_forms import keeps_length, runs_nothing, target_roots
from nb2mod.syntax.block_values import SETTING, display_settings, is_quiet
from nb2mod.syntax.closures import eager_parts
from nb2mod.syntax.scopes import FUNCTIONS, import_name
from nb2mod.syntax.scopes import parameters as parameters_of
from nb2mod.syntax.views import view_of

_TRIES = (ast.Try, ast.TryStar)


@lru_cache(maxsize=2048)
def read_run(
    pieces: tuple[tuple[str, int, int], ...],
    doubted: frozenset[str] = frozenset(),
    constants: frozenset[tuple[str, str]] = frozenset(),
) -> Reading:
    """The facts of a run: for each piece the cell's masked text and the indexes of its first and last statement, inclusive.

    `doubted`: names that mean something of the notebook's own: what they give may swallow an error when it stands in a `with`,
    functions may bind them, they need not be the builtins. `constants`: names and literals to which nothing
    but one assignment of the notebook binds them. Raises SyntaxError for what is no Python.
    """
    walk = _Statements(doubted)
    for name, literal in constants:
        value = ast.parse(literal, mode="eval").body
        if keeps_length(value):
            walk.paths.constants[name] = value
    for piece, (text, first, last) in enumerate(pieces):
        walk.paths.piece = piece
        walk.sets_display = SETTING in text
        for statement in _tree(text).body[first : last + 1]:
            walk.top(statement)
    return walk.reading()


@lru_cache(maxsize=32)  # of one cell the block is read, and what stands around it
def _tree(text: str) -> ast.Module:
    return parse(text)


class _Statements(Compound):
    def __init__(self, doubted: frozenset[str]) -> None:
        super().__init__(doubted)
        self.declared: set[str] = set()
        self.shown: list[Spot] = []
        self.noisy: list[Spot] = []
        self.declarations: list[Spot] = []
        self.annotated: list[Spot] = []
        self.annotating: list[Spot] = []
        self.display: list[Spot] = []
        self.still = True
        self.sets_display = False

    def reading(self) -> Reading:
        return Reading(
            needs=tuple(self.paths.needs.values()),
            bound=self.paths.bound_names(),
            declared=frozenset(self.declared),
            closures=tuple(self.closures),
            flows=tuple(self.flows),
            deletes=tuple(self.paths.deletes),
            suspends=tuple(self.suspends),
            views=tuple(self.views),
            calls=tuple(self.calls),
            shown=tuple(self.shown),
            noisy=tuple(self.noisy),
            declarations=tuple(self.declarations),
            annotated=tuple(self.annotated),
            annotating=tuple(self.annotating),
            hidden_strings=tuple(self.hidden_strings),
            display=tuple(self.display),
            still=self.still,
        )

    def top(self, statement: ast.stmt) -> None:
        """One statement of the run's own level."""
        if isinstance(statement, ast.Expr):
            self.shown.append(self.spot(type(statement.value).__name__.lower(), statement.lineno))
        if self.paths.piece and not is_quiet(statement):
            self.noisy.append(self.spot(type(statement).__name__.lower(), statement.lineno))
        self.still = self.still and runs_nothing(statement)
        for node in ast.walk(statement) if self.sets_display else ():
            self.display += [self.spot(value, line) for value, line in display_settings(node)]
        self.statement(statement)

    def statement(self, node: ast.stmt) -> None:
        if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
            self.assignment(node)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            self.import_(node)
        elif isinstance(node, (*FUNCTIONS, ast.ClassDef)):
            self.definition(node)
        elif isinstance(node, ast.If):
            self.expression(node.test)
            before = self.paths.fork()
            self.unsure(node.body)
            then, self.paths.state = self.paths.state, before
            self.unsure(node.orelse)
            self.paths.meet(then)
        elif isinstance(node, ast.For | ast.AsyncFor):
            self.for_(node)
        elif isinstance(node, ast.While):
            self.while_(node)
        elif isinstance(node, ast.With | ast.AsyncWith):
            self.with_(node)
        elif isinstance(node, _TRIES):
            self.try_(node)
        elif isinstance(node, ast.Match):
            self.match(node)
        elif isinstance(node, ast.Global):
            self.declarations.append(self.spot(f"global {', '.join(node.names)}", node.lineno))
        else:
            self.simple(node)

    def simple(self, node: ast.stmt) -> None:
        self.all(ast.iter_child_nodes(node))
        if isinstance(node, ast.Return):
            self.suspends.append(self.spot("return", node.lineno))
        elif isinstance(node, ast.Break) and self.paths.breaks:
            self.paths.breaks[-1].append(self.paths.fork())
        elif isinstance(node, ast.Continue) and self.paths.continues:
            self.paths.continues[-1].append(self.paths.fork())
        if isinstance(node, ast.Return | ast.Break | ast.Continue | ast.Raise):
            self.paths.leave()

    # bindings

    def assignment(self, node: ast.Assign | ast.AugAssign | ast.AnnAssign) -> None:
        if isinstance(node, ast.AnnAssign):
            if any(isinstance(inner, ast.Call | ast.NamedExpr) for inner in ast.walk(node.annotation)):
                self.annotated.append(self.spot(ast.unparse(node.annotation), node.lineno))
            read = [inner.id for inner in ast.walk(node.annotation) if isinstance(inner, ast.Name)]
            self.annotating += [self.spot(name, node.lineno) for name in read if self.paths.may_be_outer(name)]
            if node.value is None:
                if isinstance(node.target, ast.Name):
                    self.declared.add(node.target.id)
                else:
                    self.expression(node.target)
                return
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        changed = isinstance(node, ast.AugAssign)
        value = node.value
        assert value is not None
        with self.gather() as given:
            if changed:  # `x[i] += 1` reads x and i before its value is worked out
                self.changed_target(targets[0])
            self.expression(value)
        for target in targets:
            if isinstance(target, ast.Name) or not changed:
                self.target(target)
            if isinstance(target, ast.Name) and not changed and not self.nested and keeps_length(value):
                self.paths.constants[target.id] = value
            for name, binds in target_roots(target):
                self.flows.append(given.flow(name, (self.paths.piece, node.lineno), value, binds=binds))

    def changed_target(self, target: ast.expr) -> None:
        if isinstance(target, ast.Name):
            self.paths.read(target.id, target.lineno)
        else:
            self.target(target)

    def target(self, target: ast.expr) -> None:
        if isinstance(target, ast.Tuple | ast.List):
            for inner in target.elts:
                self.target(inner)
        elif isinstance(target, ast.Starred):
            self.target(target.value)
        else:
            self.expression(target)
            self.paths.calm = self.paths.calm and isinstance(target, ast.Name)

    def import_(self, node: ast.Import | ast.ImportFrom) -> None:
        view = view_of(node)
        if view:
            self.views.append(self.spot(view, node.lineno))
        self.paths.calm = False
        for alias in node.names:
            if alias.name == "*":
                self.declarations.append(self.spot(ast.unparse(node), node.lineno))
                continue
            name = import_name(alias) if isinstance(node, ast.Import) else alias.asname or alias.name
            self.paths.bind(name, node.lineno, "import inside" if self.nested else "import")
            if view:
                self.flows.append(Flow(name, self.paths.piece, node.lineno, frozenset(), frozenset(), names=True))

    def definition(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> None:
        place = (self.paths.piece, node.lineno)
        with self.gather() as given:
            self.all(eager_parts(node))
            if not isinstance(node, ast.ClassDef):
                self.all(parameter.annotation for parameter in parameters_of(node.args))
                self.all((node.returns,))
        with self.gather() as made:
            self.close(node, node.name)
        given.closures += made.closures
        self.flows.append(given.flow(node.name, place))
        if node.decorator_list:
            self.flows.append(given.flow("", place, binds=False))
            self.paths.calm = False
        if isinstance(node, ast.ClassDef):
            self.paths.calm = False
        self.paths.bind(node.name, node.lineno, "definition")
