"""Two syntax trees walked in step: statements and expressions. Definitions and calls are in `alpha.py`."""

import ast
from collections.abc import Sequence
from typing import Any

from nb2mod.stages.verify.proof.frames import Frame, Naming, Slot
from nb2mod.stages.verify.proof.looks import Looks, names_in
from nb2mod.stages.verify.proof.scopes import (
    COMPREHENSIONS,
    DEFINITIONS,
    Comprehension,
    comprehension_names,
    imported_as,
)
from nb2mod.stages.verify.proof.trees import deleted, described, dump, plain_assignment, same_tree


class Steps(Naming):
    """`before` is the notebook's side, `after` the module's.

    `ignored` names what differs and may: "docstring" and "annotations" when the notebook's are lost, "gained docstring"
    and "gained annotations" when only the module has some.
    """

    def __init__(self, looks: tuple[Looks, Looks], line: int) -> None:
        super().__init__(looks, line)
        self.ignored: set[str] = set()
        self.lost_annotations = "annotations"

    def each(self, before: Sequence[Any], after: Sequence[Any], what: str) -> None:
        self.same_length(before, after, what)
        for one, other in zip(before, after, strict=True):
            self.node(one, other)

    def same_length(self, before: Sequence[Any], after: Sequence[Any], what: str) -> None:
        if len(before) != len(after):
            raise self.differs(f"{len(before)} {what} became {len(after)}")

    def node(self, before: Any, after: Any) -> None:
        if type(before) is not type(after):
            before, after = plain_assignment(before), plain_assignment(after)
            if type(before) is not type(after) or self.frame is None or self.frame.kind == "class":
                raise self.differs(f"{described(before)} became {described(after)}")
            self.ignored.add(self.lost_annotations)
        if not isinstance(before, ast.AST):
            self.plain(before, after)
            return
        self.line = getattr(before, "lineno", self.line)
        special = _SPECIAL.get(type(before))
        if special:
            getattr(self, special)(before, after)
            return
        for field in before._fields:
            one, other = getattr(before, field, None), getattr(after, field, None)
            if isinstance(one, list) and isinstance(other, list):
                self.each(one, other, "parts")
            else:
                self.node(one, other)

    def plain(self, before: Any, after: Any) -> None:
        if before != after:
            raise self.differs(f"`{before}` became `{after}`")

    def name_node(self, before: ast.Name, after: ast.Name) -> None:
        if type(before.ctx) is not type(after.ctx):
            raise self.differs(f"`{before.id}` is read on one side and bound on the other")
        self.name(before.id, after.id, load=isinstance(before.ctx, ast.Load))

    def constant(self, before: ast.Constant, after: ast.Constant) -> None:
        if dump(before) != dump(after):
            raise self.differs(f"{described(before)} became {described(after)}")
        if self.annotating and isinstance(before.value, str):
            for name in sorted(names_in(before.value)):
                self.slots.append(Slot(name, name, False, self.line, soft=True, annotation=True))

    def comprehension(self, before: Comprehension, after: Comprehension) -> None:
        self.same_length(before.generators, after.generators, "loops of a comprehension")
        self.node(before.generators[0].iter, after.generators[0].iter)
        frame = Frame(self.frame, comprehension_names(before), comprehension_names(after), "comprehension")
        with self.inside(frame):
            for position, (one, other) in enumerate(zip(before.generators, after.generators, strict=True)):
                if position:
                    self.node(one.iter, other.iter)
                self.node(one.target, other.target)
                self.each(one.ifs, other.ifs, "conditions")
                self.plain(one.is_async, other.is_async)
            for field in ("key", "value", "elt"):
                self.node(getattr(before, field, None), getattr(after, field, None))

    def import_(self, before: ast.Import | ast.ImportFrom, after: ast.Import | ast.ImportFrom) -> None:
        self.same_length(before.names, after.names, "imported names")
        for one, other in zip(before.names, after.names, strict=True):
            if _loaded(before, one) != _loaded(after, other):
                raise self.differs(f"{described(before)} became {described(after)}")
            self.name(imported_as(one), imported_as(other))

    def handler(self, before: ast.ExceptHandler, after: ast.ExceptHandler) -> None:
        self.node(before.type, after.type)
        self.optional_name(before.name, after.name)
        self.each(before.body, after.body, "statements")

    def capture(self, before: ast.MatchAs | ast.MatchStar, after: ast.MatchAs | ast.MatchStar) -> None:
        self.node(getattr(before, "pattern", None), getattr(after, "pattern", None))
        self.optional_name(before.name, after.name)

    def mapping(self, before: ast.MatchMapping, after: ast.MatchMapping) -> None:
        self.each(before.keys, after.keys, "keys")
        self.each(before.patterns, after.patterns, "patterns")
        self.optional_name(before.rest, after.rest)

    def optional_name(self, before: str | None, after: str | None) -> None:
        if before is None or after is None:
            self.plain(before, after)
        else:
            self.name(before, after)

    def global_(self, before: ast.Global, _after: ast.Global) -> None:
        raise self.differs(f"`global {before.names[0]}` would bind in the module, not in the notebook")

    def nonlocal_(self, before: ast.Nonlocal, after: ast.Nonlocal) -> None:
        self.same_length(before.names, after.names, "names")
        for one, other in zip(before.names, after.names, strict=True):
            self.name(one, other)

    def delete(self, before: ast.Delete, after: ast.Delete) -> None:
        self.each(deleted(before), deleted(after), "deleted names")

    def annotated(self, before: ast.AnnAssign, after: ast.AnnAssign) -> None:
        """In a function the annotation of a variable is never evaluated; in a class it is meaning (dataclasses)."""
        self.node(before.value, after.value)
        self.node(before.target, after.target)
        if self.frame is None or self.frame.kind == "class":
            self.node(before.annotation, after.annotation)
        elif not same_tree(before.annotation, after.annotation):
            self.ignored.add(self.lost_annotations)


def _loaded(statement: ast.Import | ast.ImportFrom, alias: ast.alias) -> tuple[object, ...]:
    """What an import inside a function loads and what of it the name stands for."""
    if isinstance(statement, ast.ImportFrom):
        return statement.level, statement.module, alias.name
    return alias.name, alias.asname is None and "." in alias.name


_SPECIAL: dict[type[ast.AST], str] = {
    ast.Name: "name_node",
    ast.Constant: "constant",
    ast.Lambda: "lambda_",
    ast.Call: "call",
    ast.Import: "import_",
    ast.ImportFrom: "import_",
    ast.ExceptHandler: "handler",
    ast.MatchAs: "capture",
    ast.MatchStar: "capture",
    ast.MatchMapping: "mapping",
    ast.Global: "global_",
    ast.Nonlocal: "nonlocal_",
    ast.Delete: "delete",
    ast.AnnAssign: "annotated",
    **dict.fromkeys(DEFINITIONS, "nested"),
    **dict.fromkeys(COMPREHENSIONS, "comprehension"),
}
