"""Functions, lambdas and generators that a run makes: they read the names around them when they run, not when made (B7)."""

from collections.abc import Collection, Iterator

from nb2mod.stages.verify.proof.called import Called
from nb2mod.stages.verify.proof.paths import Paths
from nb2mod.stages.verify.proof.trees import described
from nb2mod.stages.verify.proof.used_up import used_up
from nb2mod.stages.verify.proof.views import NotebookView


def rebound_under(view: NotebookView, called: Called, walk: Paths, names: Collection[str]) -> Iterator[str]:
    """Names of the run that something binds again while a closure over them may live.

    In the notebook it would read the new value; made in a function, the function's own. `names` are those that are bound or
    handed in there.
    """
    quick = used_up(called.statements, view)
    for one in walk.held:
        if one.name not in names:
            continue
        what = described(one.holder)
        if id(one.holder) not in quick and (where := _rebound(view, called, one.name)):
            yield f"{what} reads `{one.name}` when it runs, and that is bound again {where}"
        elif not one.certain and one.name not in called.form.parameters:
            others = (id(each.statement) not in called.ids for each in view.bindings.get(one.name, ()))
            if any(others):
                yield f"{what} reads `{one.name}` when it runs, maybe before the statements bind it"


def _rebound(view: NotebookView, called: Called, name: str) -> str:
    """Where, in words; "" when nowhere."""
    start = called.run[0][0]
    for one in view.bindings.get(name, ()):
        if id(one.statement) not in called.ids and (one.place > start or one.lasting):
            return f"in cell {one.place[0] + 1}"
    for unseen in view.unseen:
        if unseen.may_bind(name) and (unseen.lasting or unseen.place > start):
            return f"maybe, by {unseen.why} in cell {unseen.place[0] + 1}"
    return ""
