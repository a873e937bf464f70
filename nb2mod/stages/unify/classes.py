"""Sources → classes of those that one function can stand for: greedy from the heaviest, a class of its own where more would be
needed than four parameters, or one that can't be.
"""

from collections.abc import Collection, Iterator, Sequence

from msgspec import Struct

from nb2mod.model import NewParameter
from nb2mod.stages.unify import moments
from nb2mod.stages.unify.aligning import Alignment, Difference, Path, at
from nb2mod.stages.unify.grouping import MOST, Group, groups_of, parameters_of
from nb2mod.stages.unify.holes import Hole, holes_of
from nb2mod.stages.unify.lifted import lifted_key
from nb2mod.stages.unify.ordering import crossed_names
from nb2mod.stages.unify.sources import Source


class Trial(Struct, frozen=True, eq=False):
    """What comes of unifying some sources, the first of them the one that the others are compared with.

    `blocked`: holes that no parameter can stand for; `many`: the groups, when they are more than four; `parameters`: of each
    source, when neither is so. `unnamed`: why a parameter can't be named or the result did not pass its check.
    """

    sources: tuple[Source, ...]
    groups: tuple[Group, ...] = ()
    blocked: tuple[Hole, ...] = ()
    many: tuple[Group, ...] = ()
    parameters: tuple[tuple[NewParameter, ...], ...] = ()
    unnamed: str = ""

    @property
    def works(self) -> bool:
        return not (self.blocked or self.many or self.unnamed)


def classes_of(sources: Sequence[Source]) -> Iterator[Trial]:
    """Every source in exactly one trial that works, heaviest first."""
    pending = list(_variants(sources))
    while pending:
        seed, *others = pending
        grown = _grown(seed, others)
        used = {id(source) for source in grown.sources}
        yield grown
        pending = [rest for variant in pending if (rest := [source for source in variant if id(source) not in used])]


def differences(left: Source, right: Source) -> list[Difference]:
    """Where two sources differ, in order."""
    return list(Alignment(left.marked, right.marked).differences())


def tried(sources: Sequence[Source], paths: Collection[Path]) -> Trial:
    """The sources with one hole at each of the paths."""
    everything = tuple(sources)
    holes = holes_of(sources, _fewer(sources, _outermost(paths)))
    blocked = tuple(hole for hole in holes if hole.why)
    if blocked:
        return Trial(everything, blocked=blocked)
    groups = tuple(groups_of(sources, holes))
    if sum(group.kind != "default" for group in groups) > MOST:
        return Trial(everything, groups, many=groups)
    parameters = parameters_of(sources, groups)
    if isinstance(parameters, str):
        return Trial(everything, groups, unnamed=parameters)
    return Trial(everything, groups, parameters=tuple(parameters))


def _variants(sources: Sequence[Source]) -> list[list[Source]]:
    """Sources of one shape together, heaviest first."""
    found: dict[object, list[Source]] = {}
    for source in sources:
        found.setdefault(source.shape, []).append(source)
    return sorted(found.values(), key=lambda variant: (-sum(source.weight for source in variant), variant[0].rank))


def _grown(seed: list[Source], others: Sequence[list[Source]]) -> Trial:
    """The largest class that grows from a variant: all others that fit at once, else one after the other."""
    paths: dict[int, tuple[Path, ...]] = {}
    for source in (*seed[1:], *(source for variant in others for source in variant)):
        found = _paths(seed[0], source)
        if found is not None:
            paths[id(source)] = found
    own = [seed[0], *(source for source in seed[1:] if paths.get(id(source)) == ())]
    fitting = [each for variant in others if (each := [source for source in variant if id(source) in paths])]
    everything = _checked([*own, *(source for variant in fitting for source in variant)], paths)
    if everything is not None:
        return everything
    best = _checked(own, paths) or Trial((seed[0],), parameters=((),))
    for variant in fitting:
        more = _checked([*best.sources, *variant], paths)
        best = more or best
    return best


def _checked(sources: Sequence[Source], paths: dict[int, tuple[Path, ...]]) -> Trial | None:
    """The class of these sources, when it works and passes its check."""
    together = {path for source in sources[1:] for path in paths[id(source)]}
    trial = tried(sources, together)
    if not trial.works:
        return None
    keys = {lifted_key(source, own) for source, own in zip(sources, trial.parameters, strict=True)}
    return trial if len(keys) == 1 and None not in keys else None


def _paths(left: Source, right: Source) -> tuple[Path, ...] | None:
    """Where two sources differ; None when something differs that is no expression, or that reads what only the function knows, or
    when they differ and call each other's values by one name: who read the one would take it for the other.
    """
    found = []
    alignment = Alignment(left.marked, right.marked)
    for one in alignment.differences():
        if one.path is None:
            return None
        found.append(one.path)
    if found and crossed_names(alignment, left, right):
        return None
    paths = _outermost(found)
    ends = [at(source.read.term, path) for source in (left, right) for path in paths]
    return None if any(term.literal is None and term.local_names() for term in ends) else tuple(paths)


def _outermost(paths: Collection[Path]) -> list[Path]:
    """Paths without those that lie below another."""
    kept: list[Path] = []
    for path in sorted(set(paths)):
        if not kept or path[: len(kept[-1])] != kept[-1]:
            kept.append(path)
    return kept


def _fewer(sources: Sequence[Source], paths: list[Path]) -> list[Path]:
    """Several places inside one list, set or dict of literals become the whole of it, where that may be handed in."""
    root = sources[0].read.term
    within: dict[Path, int] = {}
    for path in paths:
        display = next((path[:depth] for depth in range(1, len(path)) if at(root, path[:depth]).display), None)
        if display is not None:
            within[display] = within.get(display, 0) + 1
    whole = [
        path
        for path, places in within.items()
        if places > 1
        and not moments.why_often(root, path)
        and not any(source.read.recursive or source.read.node.decorator_list for source in sources)
        and all(at(source.read.term, path).display and not at(source.read.term, path).barrier for source in sources)
    ]
    return _outermost([*paths, *whole])
