"""Whether two definitions are the same program text up to consistent renaming of what belongs to them.

Both trees are walked in step. Names that belong to neither side come back as slots; what these mean lives in `meanings.py`.
Who could see a renamed parameter from outside lives in `visible.py`.
"""

import ast
from collections.abc import Sequence
from typing import NamedTuple

from nb2mod.stages.verify.proof.bindings import imported
from nb2mod.stages.verify.proof.frames import Difference, Frame, Slot, owner
from nb2mod.stages.verify.proof.looks import HARMLESS_DECORATORS, looks_of
from nb2mod.stages.verify.proof.scopes import Definition, Function, names_of, parameters
from nb2mod.stages.verify.proof.steps import Steps
from nb2mod.stages.verify.proof.trees import (
    described,
    docstring_of,
    dump,
    every_bound_name,
    has_annotations,
    last_name,
    same_tree,
)

_BRANCHING = (ast.If, ast.For, ast.While, ast.Try, ast.With, ast.Match)
Bodies = tuple[Sequence[ast.stmt], Sequence[ast.stmt]]


class Comparison(NamedTuple):
    """What remains to be shown when two definitions have the same text up to renaming.

    `renames` are the local identifiers that differ; `parameters` those among them that a caller could see, as (method or
    "", before, after). `ignored` names what else differs, as in `Steps`.
    """

    slots: tuple[Slot, ...]
    renames: tuple[tuple[str, str], ...]
    parameters: tuple[tuple[str, str, str], ...]
    ignored: frozenset[str]
    local_imports: tuple[ast.stmt, ...] = ()


def compare(before: Definition, after: Definition, local_imports: frozenset[str] | None = frozenset()) -> Comparison:
    """Raises Difference. `local_imports` are dumps of the imports that may stand at the head of the module's functions.

    None: any may. Those that stand there come back; each of their names is read in a slot.
    """
    walker = _Walker(before, after, local_imports)
    walker.root()
    read = {slot.after for slot in walker.slots if slot.inside is not None}
    for statement in walker.inserted:
        if not {name for name, _ in imported(statement)} <= read:
            raise Difference(
                f"{described(statement)} stands in the module's function, which does not read it", before.lineno
            )
    return Comparison(
        tuple(dict.fromkeys(walker.slots)),
        tuple(walker.renames),
        tuple(walker.parameters),
        frozenset(walker.ignored),
        tuple(walker.inserted),
    )


class _Walker(Steps):
    """`before` is the notebook's side, `after` the module's, in every method."""

    def __init__(self, before: Definition, after: Definition, local_imports: frozenset[str] | None) -> None:
        super().__init__((looks_of(before), looks_of(after)), before.lineno)
        self.before = before
        self.after = after
        self.local_imports = local_imports
        self.inserted: list[ast.Import | ast.ImportFrom] = []
        self.parameters: list[tuple[str, str, str]] = []
        self.lost_annotations = "annotations" if has_annotations(before) else "gained annotations"

    def root(self) -> None:
        if isinstance(self.before, ast.ClassDef) and isinstance(self.after, ast.ClassDef):
            if self.before.name != self.after.name:
                raise self.differs("a class may not be renamed: repr and pickles show its name")
            self.class_(self.before, self.after)
        elif type(self.before) is type(self.after):
            self.function(self.before, self.after, visible="")  # type: ignore[arg-type]
        else:
            raise self.differs(f"{described(self.before)} became {described(self.after)}")
        in_strings = self.looks[0].strings | self.looks[1].strings
        for name in sorted(in_strings - every_bound_name(self.before)):
            self.slots.append(Slot(name, name, False, self.before.lineno, soft=True))

    # definitions

    def function(self, before: Function, after: Function, *, visible: str | None) -> None:
        """Everything of a function but its name. `visible`: None inside functions, else whose parameters these are."""
        self.each(getattr(before, "decorator_list", []), getattr(after, "decorator_list", []), "decorators")
        self.each(before.args.defaults, after.args.defaults, "default values")
        self.each(before.args.kw_defaults, after.args.kw_defaults, "default values")
        self.type_parameters(before, after)
        self.signature(before, after)
        bodies, imports = self.bodies(before, after)
        frame = Frame(self.frame, names_of(bodies[0], before.args), names_of(bodies[1], after.args), "function")
        frame.imports = imports
        if visible is None and self.is_seen(before, after):
            frame.fixed = frozenset(each.arg for side in (before, after) for each in parameters(side.args))
        with self.inside(frame, deeper=True):
            self.bind_parameters(before, after, visible)
            self.each(*bodies, "statements")

    def bind_parameters(self, before: Function, after: Function, visible: str | None) -> None:
        hidden = {each.arg for each in (*before.args.posonlyargs, before.args.vararg, before.args.kwarg) if each}
        decorators = {last_name(decorator) for decorator in getattr(before, "decorator_list", [])}
        if visible and "staticmethod" not in decorators and before.args.args:
            hidden.add(before.args.args[0].arg)
        for one, other in zip(parameters(before.args), parameters(after.args), strict=True):
            self.line = one.lineno
            self.name(one.arg, other.arg)
            if visible is not None and one.arg != other.arg and one.arg not in hidden:
                self.parameters.append((visible, one.arg, other.arg))

    def is_seen(self, before: Function, after: Function) -> bool:
        """Whether a nested function gets where its parameters' names can be seen."""
        if isinstance(before, ast.Lambda):
            return id(before) not in self.looks[0].quiet_lambdas or id(after) not in self.looks[1].quiet_lambdas
        return before.name in self.looks[0].escaping or getattr(after, "name", "") in self.looks[1].escaping

    def signature(self, before: Function, after: Function) -> None:
        """Kinds of parameters and annotations; the names are paired inside the function's scope."""
        shapes = [
            (len(args.posonlyargs), len(args.args), len(args.kwonlyargs), bool(args.vararg), bool(args.kwarg))
            for args in (before.args, after.args)
        ]
        if shapes[0] != shapes[1]:
            raise self.differs("the parameters differ in number or kind")
        pairs = zip(parameters(before.args), parameters(after.args), strict=True)
        annotations = [(one.annotation, other.annotation) for one, other in pairs]
        annotations.append((getattr(before, "returns", None), getattr(after, "returns", None)))
        decorators = getattr(before, "decorator_list", [])
        read = any(last_name(decorator) not in HARMLESS_DECORATORS for decorator in decorators)
        if all(_same(one, other) for one, other in annotations):
            around, self.annotating = self.annotating, not read
            for one, other in annotations:
                self.node(one, other)
            self.annotating = around
        elif read:
            raise self.differs("annotations differ where a decorator may read them")
        else:
            self.ignored.add(self.lost_annotations)

    def type_parameters(self, before: ast.AST, after: ast.AST) -> None:
        """`def f[T](…)` of Python 3.12: spelled the same on both sides."""
        lists = getattr(before, "type_params", []), getattr(after, "type_params", [])
        if list(map(dump, lists[0])) != list(map(dump, lists[1])):
            raise self.differs("the type parameters differ")

    def bodies(self, before: Function, after: Function) -> tuple[Bodies, dict[str, str]]:
        """Both bodies without docstrings and without the imports that the plan put into the module's side."""
        if isinstance(before, ast.Lambda) or isinstance(after, ast.Lambda):
            wrapped = [[ast.Expr(value=side.body)] for side in (before, after) if isinstance(side, ast.Lambda)]
            return (wrapped[0], wrapped[1]), {}
        own, theirs = self.without_docstrings(before.body, after.body)
        imports: dict[str, str] = {}
        while theirs and isinstance(theirs[0], (ast.Import, ast.ImportFrom)) and self.may_be_inserted(own, theirs[0]):
            imports.update(imported(theirs[0]))
            self.inserted.append(theirs[0])
            theirs = theirs[1:]
        return (own or [ast.Pass()], theirs or [ast.Pass()]), imports

    def may_be_inserted(self, own: Sequence[ast.stmt], statement: ast.Import | ast.ImportFrom) -> bool:
        if own and same_tree(own[0], statement):
            return False
        return self.local_imports is None or dump(statement) in self.local_imports

    def without_docstrings(self, before: Sequence[ast.stmt], after: Sequence[ast.stmt]) -> Bodies:
        (first, own), (second, theirs) = docstring_of(before), docstring_of(after)
        if (first or "").split() != (second or "").split():
            self.ignored.add("docstring" if first else "gained docstring")
        return own, theirs

    def class_(self, before: ast.ClassDef, after: ast.ClassDef) -> None:
        """Everything of a class but its name. Attributes keep their names, methods are compared as functions."""
        self.each(before.decorator_list, after.decorator_list, "decorators")
        self.each(before.bases, after.bases, "base classes")
        self.each(before.keywords, after.keywords, "class keywords")
        self.type_parameters(before, after)
        own, theirs = self.without_docstrings(before.body, after.body)
        own, theirs = own or [ast.Pass()], theirs or [ast.Pass()]
        frame = Frame(self.frame, names_of(own), names_of(theirs), "class")
        with self.inside(frame):
            self.same_length(own, theirs, "statements of the class")
            for one, other in zip(own, theirs, strict=True):
                self.class_statement(one, other)
                if not isinstance(one, _BRANCHING):
                    frame.certain |= names_of([one]).bound

    def class_statement(self, before: ast.stmt, after: ast.stmt) -> None:
        self.line = getattr(before, "lineno", self.line)
        methods = (ast.FunctionDef, ast.AsyncFunctionDef)
        if isinstance(before, methods) and isinstance(after, methods) and type(before) is type(after):
            self.name(before.name, after.name)
            self.function(before, after, visible=before.name)
        else:
            self.node(before, after)

    def nested(self, before: Definition, after: Definition) -> None:
        """A function or class inside a function or class."""
        fixed = isinstance(before, ast.ClassDef) or before.name in self.looks[0].escaping
        if before.name != after.name and fixed:
            raise self.differs(f"`{before.name}` became `{after.name}`, where something could see the name")
        self.name(before.name, after.name)
        if isinstance(before, ast.ClassDef) and isinstance(after, ast.ClassDef):
            self.class_(before, after)
        else:
            self.function(before, after, visible=None)  # type: ignore[arg-type]

    def lambda_(self, before: ast.Lambda, after: ast.Lambda) -> None:
        self.function(before, after, visible=None)

    def call(self, before: ast.Call, after: ast.Call) -> None:
        self.node(before.func, after.func)
        self.each(before.args, after.args, "arguments")
        self.same_length(before.keywords, after.keywords, "keyword arguments")
        own = {(old, new) for _, old, new in self.parameters} if self.calls_itself(before, after) else set()
        renamed = {name for pair in own for name in pair}
        for one, other in zip(before.keywords, after.keywords, strict=True):
            if one.arg != other.arg and (one.arg, other.arg) not in own:
                raise self.differs(f"the keyword `{one.arg}` became `{other.arg}`")
            if one.arg == other.arg and one.arg in renamed:
                raise self.differs(f"a recursive call names the parameter `{one.arg}`, which is renamed")
            self.node(one.value, other.value)

    def calls_itself(self, before: ast.Call, after: ast.Call) -> bool:
        match before.func, after.func:
            case ast.Name(id=one), ast.Name(id=other):
                free = owner(self.frame, one, 0) is None and owner(self.frame, other, 1) is None
                return free and one == self.before.name and other == self.after.name
        return False


def _same(before: ast.AST | None, after: ast.AST | None) -> bool:
    if before is None or after is None:
        return before is after
    return same_tree(before, after)
