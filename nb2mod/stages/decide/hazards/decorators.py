"""D2, D3: decorators run when the definition runs. Those known to wrap and no more may come along; others register or show."""

from collections.abc import Iterator

from nb2mod.config import PURE_DECORATORS
from nb2mod.model import Meaning, Reason
from nb2mod.stages.decide.hazards.dispatch import DISPATCHERS, is_registration
from nb2mod.stages.decide.hazards.workers import WORKER_DECORATORS
from nb2mod.stages.decide.resolve import builds_only, doing, is_one_of, meaning_of, stands_for
from nb2mod.stages.decide.subject import Subject, details_of
from nb2mod.syntax.evaluated import Decorator

CODE = "NB323"
_OF_PROPERTIES = ("setter", "getter", "deleter", "register")


def check(subject: Subject) -> Iterator[Reason]:
    """Blocks a decorator that is not known to be pure, and calls in the arguments of one."""
    own = [(decorator, False) for decorator in subject.details.decorators]
    for decorator, of_method in (*own, *((one, True) for one in subject.details.method_decorators)):
        if not _is_harmless(subject, decorator, of_method):
            what = f"`@{decorator.name}`" if decorator.name else "a decorator"
            full = next(iter(stands_for(subject, decorator.name)), decorator.name) if decorator.name else "its name"
            message = f"{what} may do more than wrap; if it does not, put `{full}` into pure-decorators"
            yield subject.blocks(CODE, message, subject.inside(decorator.line))
    for run in subject.details.runs:
        if run.part == "decorator" and not builds_only(subject, run):
            yield subject.blocks(CODE, f"a decorator's argument {doing(run)}", subject.inside(run.line))


def _is_harmless(subject: Subject, decorator: Decorator, of_method: bool) -> bool:
    root, _, rest = decorator.name.partition(".")
    if not root:
        return False
    if of_method and root in subject.details.class_locals:
        return rest in _OF_PROPERTIES
    pure = {*PURE_DECORATORS, *subject.config.pure_decorators, *DISPATCHERS, *WORKER_DECORATORS}
    if is_one_of(subject, decorator.name, {"functools.partial"}):
        return bool(decorator.first) and is_one_of(subject, decorator.first, pure)
    if is_one_of(subject, decorator.name, pure) or decorator.name in subject.config.pure_decorators:
        return True
    if is_registration(subject, decorator):
        return True  # its own check tells it
    meaning = meaning_of(subject, decorator.name)
    return not rest and meaning is not None and _only_wraps(subject, meaning, decorator.called)


def _only_wraps(subject: Subject, meaning: Meaning, called: bool) -> bool:
    """A decorator that the notebook defines itself, in one of the forms that can be seen to do nothing else."""
    if meaning.kind != "helper":
        return False
    bound = meaning.bound[-1]
    cell = subject.features.cells[bound.cell]
    found, error = details_of(cell, cell.facts.definitions[bound.binding.owner])
    return error is None and found.wraps >= 1 + called
