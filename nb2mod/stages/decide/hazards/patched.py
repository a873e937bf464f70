"""D9: definitions that are patched later: f.cache = {}, Model.fit = …, f = njit(f), fib = memo(fib)."""

from collections.abc import Iterator

from nb2mod.model import Binding, BindKind, Reason, Use, Used, UseKind
from nb2mod.stages.decide.hazards.redefined import sees_itself_later
from nb2mod.stages.decide.order import later_others
from nb2mod.stages.decide.subject import Dependency, Subject

CODE = "NB329"


def check(subject: Subject) -> Iterator[Reason]:
    """Blocks a definition that would go past the patch: one that reads its own rebound name while something else may hold it, or
    another patched name.

    The import gives the notebook the same object, so a patch by itself does no harm.
    """
    bound_again = [b for b in later_others(subject) if b.binding.kind not in (BindKind.DEF, BindKind.CLASS)]
    if bound_again and sees_itself_later(subject):
        place = subject.where(bound_again[-1])
        message = f"reads its own name, which is bound again in {place}; inside a module it would not see that"
        yield subject.blocks(CODE, message)
    for dependency in subject.read:
        patch = _patch(subject, dependency)
        if patch is not None:
            where = f"cell {subject.features.cells[patch.cell].number}, line {patch.use.line}"
            message = f"reads `{dependency.name}`, which the notebook patches in {where}"
            yield subject.blocks(CODE, message, subject.place(dependency.line))
        elif _is_mocked(subject, dependency):
            message = (
                f"reads `{dependency.name}`, which the notebook replaces under the name `__main__.{dependency.name}`"
            )
            yield subject.blocks(CODE, message, subject.place(dependency.line))


def _patch(subject: Subject, dependency: Dependency) -> Used | None:
    """The first place outside the helper itself that sets an attribute on it, or on the module it was imported from."""
    meaning = dependency.meaning
    if meaning.kind == "import":
        return _patched_import(subject, dependency.name, meaning.bound[0].binding)
    if meaning.kind != "helper":
        return None
    bound = meaning.bound[-1]
    for used in subject.names.uses.get(dependency.name, ()):
        use = used.use
        inside = used.cell == bound.cell and use.owner == bound.binding.owner
        if _sets(use) and not inside:
            return used
    return None


def _patched_import(subject: Subject, name: str, binding: Binding) -> Used | None:
    """`from statistics import mean` and `statistics.mean = …`: a module would import the patch. And patches on what the
    team's package has, as on a helper.
    """
    if binding.target.partition(".")[0] == subject.environment.package:
        own = (used for used in subject.names.uses.get(name, ()) if _sets(used.use))
        return next(own, None)
    if not binding.text.startswith("from "):
        return None
    for other, bounds in subject.names.bindings.items():
        targets = {bound.binding.target for bound in bounds if bound.binding.kind is BindKind.IMPORT}
        for used in subject.names.uses.get(other, ()) if targets else ():
            named = used.use.detail if used.use.kind is UseKind.ATTRIBUTE_STORE else binding.target.rpartition(".")[2]
            if _sets(used.use) and any(f"{target}.{named}" == binding.target for target in targets):
                return used
    return None


def _is_mocked(subject: Subject, dependency: Dependency) -> bool:
    """`mock.patch("__main__.fetch")` replaces the notebook's name; a module would read its own."""
    if dependency.meaning.kind not in ("helper", "import", "constant"):
        return False
    quoted = tuple(f"{quote}__main__.{dependency.name}{quote}" for quote in "\"'")
    return any(text in cell.source for cell in subject.features.cells for text in quoted)


def _sets(use: Use) -> bool:
    return use.kind is UseKind.ATTRIBUTE_STORE or (use.kind is UseKind.VALUE and use.detail == "setattr")
