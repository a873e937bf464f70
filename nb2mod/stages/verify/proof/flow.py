"""Which binding a read sees when the notebook runs from top to bottom, told conservatively. No meaning is compared here."""

import ast
from collections.abc import Sequence

from nb2mod.stages.verify.proof.bindings import Binding, Place
from nb2mod.stages.verify.proof.unseen import Unseen
from nb2mod.stages.verify.proof.views import NotebookView

NEVER: Place = (2**31, 0)


def in_force(view: NotebookView, name: str, until: Place, eager: bool) -> tuple[Binding, ...]:
    """Every binding of `name` that a read at `until` may see; unless the read is eager, at `until` or any time later."""
    bound = view.bindings.get(name, ())
    earlier = [index for index, binding in enumerate(bound) if binding.place < until]
    settled = [index for index in earlier if bound[index].certain]
    start = settled[-1] if settled else 0
    turned = tuple(binding for binding in bound[:start] if binding.lasting)
    return (*turned, *(bound[start : len(earlier)] if eager else bound[start:]))


def bound_by(bound: Sequence[Binding], until: Place) -> bool | None:
    """Whether a name is bound when it is read at `until`: True certainly, False maybe, None certainly not.

    An import with a fallback counts: whether it binds is the same wherever it stands.
    """
    early = [one for one in bound if one.place < until]
    return any(one.certain or one.kind == "fallback" for one in early) if early else None


def bound_unseen(
    bound: Sequence[Binding], unseen: Sequence[Unseen], name: str, until: Place, eager: bool
) -> Unseen | None:
    """What may bind `name` where nothing says so, so that a read at `until` sees it; unless eager, then or any time later.

    `bound` are all bindings of the name, `unseen` what the same notebook or module may bind unseen.
    """
    settled = [one for one in bound if one.place < until and one.certain]
    start = settled[-1].place if settled else (-1, 0)
    targets = {one.target if one.kind == "import" and isinstance(one.statement, ast.Import) else "" for one in bound}
    target = targets.pop() if len(targets) == 1 else ""
    for one in unseen:
        in_reach = one.place < until if eager else True
        if in_reach and (one.lasting or one.place > start) and one.may_bind(name) and not one.same_as(name, target):
            return one
    return None


def first_run(view: NotebookView, reader: Binding) -> Place:
    """The first place after a definition where some statement could call it, directly or through other definitions."""
    names = reaching(view, reader.name)
    unseen = [one.place for one in view.unseen if one.place > reader.place and one.names is None and not one.star]
    by_statements = (place for name in names for place in view.runs.get(name, ()) if place > reader.place)
    by_magics = (max((cell, 0), reader.place) for cell, read in view.read_by_magics if names & read)
    return min((*by_statements, *by_magics, *unseen), default=NEVER)


def reaching(view: NotebookView, name: str) -> set[str]:
    """The name, and the names of definitions whose bodies lead to it."""
    found = {name}
    waiting = [name]
    while waiting:
        new = view.leading.get(waiting.pop(), frozenset()) - found
        found |= new
        waiting.extend(new)
    return found
