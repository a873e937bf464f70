"""D9: definitions that are patched later: f.cache = {}, Model.fit = …, f = njit(f), fib = memo(fib)."""

from collections.abc import Iterator

from nb2mod.model import BindKind, Reason, Used, UseKind
from nb2mod.stages.decide.hazards.redefined import reads_itself
from nb2mod.stages.decide.order import others
from nb2mod.stages.decide.subject import Dependency, Subject

CODE = "NB329"


def check(subject: Subject) -> Iterator[Reason]:
    """Blocks a definition that would go past the patch: one that reads its own rebound name, or another patched name.

    The import gives the notebook the same object, so a patch by itself does no harm.
    """
    bound_again = [bound for bound in others(subject) if bound.binding.kind not in (BindKind.DEF, BindKind.CLASS)]
    if bound_again and reads_itself(subject):
        place = subject.where(bound_again[-1])
        message = f"reads its own name, which is bound again in {place}; inside a module it would not see that"
        yield subject.blocks(CODE, message)
    for dependency in subject.read:
        patch = _patch(subject, dependency)
        if patch is not None:
            where = f"cell {subject.features.cells[patch.cell].number}, line {patch.use.line}"
            message = f"reads `{dependency.name}`, which the notebook patches in {where}"
            yield subject.blocks(CODE, message, subject.place(dependency.line))


def _patch(subject: Subject, dependency: Dependency) -> Used | None:
    """The first place outside the helper itself that sets an attribute on it."""
    if dependency.meaning.kind != "helper":
        return None
    bound = dependency.meaning.bound[-1]
    for used in subject.names.uses.get(dependency.name, ()):
        use = used.use
        inside = used.cell == bound.cell and use.owner == bound.binding.owner
        sets = use.kind is UseKind.ATTRIBUTE_STORE or (use.kind is UseKind.VALUE and use.detail == "setattr")
        if sets and not inside:
            return used
    return None
