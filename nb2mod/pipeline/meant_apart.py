"""Copies that are apart because they mean different things by one name: which name it is, and what it means in each (N16)."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from msgspec import Struct

from nb2mod.model import Apart, Location, Meaning, Member, Reason
from nb2mod.pipeline.alike import Alike
from nb2mod.pipeline.survey import Survey
from nb2mod.stages import unify

_MOST = 5  # names that are told of one class


class _Meant(Struct, frozen=True):
    """One name that two copies read, and what it means to each. `through`: the helper that reads it, "" for the copy itself."""

    name: str
    readers: tuple[Member, Member]
    means: tuple[Meaning, Meaning]
    through: str = ""


def by_meaning(seen: Survey, alike: Alike, members: Sequence[Member]) -> list[list[Member]]:
    """Copies that mean different definitions or modules by one name are different functions, whatever else they share (N16)."""
    named = _common(seen, alike, members)
    parts: dict[tuple[str, ...], list[Member]] = defaultdict(list)
    for member in members:
        parts[tuple(alike.of(member, name).key for name in named)].append(member)
    return list(parts.values())


def _common(seen: Survey, alike: Alike, members: Sequence[Member]) -> list[str]:
    """Names that all of them read and that none of them can be handed."""
    named = (
        {name for name in seen.definition(member).slots if not _is_handed_in(alike.of(member, name))}
        for member in members
    )
    return sorted(set.intersection(*named))


def _is_handed_in(means: Meaning) -> bool:
    return means.kind in ("state", "constant")


def meant_apart(seen: Survey, alike: Alike, parts: Sequence[Sequence[Member]], few: Sequence[Member]) -> Apart:
    """What keeps the copies `few` from the others of their class. `parts`: the copies that mean the same, all of the class."""
    names = _common(seen, alike, [member for part in parts for member in part])
    reasons: dict[frozenset[tuple[str, str]], Reason] = {}
    advice = ""
    for part in parts:
        if part[0] not in few:
            continue
        for one in _nearest(seen, alike, names, part[0], [other[0] for other in parts if other is not part]):
            place = _placed(seen, part[0])
            told = Reason("NB373", _in_words(seen, alike, one), "blocks", place)
            reasons.setdefault(frozenset((one.name, means.key) for means in one.means), told)
            advice = advice or _advice(seen, alike, one)
    return Apart(tuple(range(len(few))), tuple(reasons.values())[:_MOST], (), advice)


def _nearest(seen: Survey, alike: Alike, names: Sequence[str], here: Member, others: Sequence[Member]) -> list[_Meant]:
    """The names that mean another thing to the copy that shares most names with this one."""
    return min((list(_meant(seen, alike, names, here, there)) for there in others), key=len)


def _meant(seen: Survey, alike: Alike, names: Sequence[str], here: Member, there: Member) -> Iterator[_Meant]:
    for name in names:
        means = alike.of(here, name), alike.of(there, name)
        if means[0].key != means[1].key:
            yield _deepest(seen, alike, _Meant(name, (here, there), means))


def _deepest(seen: Survey, alike: Alike, one: _Meant) -> _Meant:
    """Of definitions with the same text, the name in them that means another thing, however far down."""
    visited: set[tuple[Member, Member]] = set()
    while True:
        helpers = [alike.helper(reader, means) for reader, means in zip(one.readers, one.means, strict=True)]
        here, there = helpers
        if here is None or there is None or (here, there) in visited:
            return one
        visited.add((here, there))
        if seen.definition(here).shape != seen.definition(there).shape:
            return one
        below = next(_meant_below(seen, alike, here, there), None)
        if below is None:
            return one
        one = below


def _meant_below(seen: Survey, alike: Alike, here: Member, there: Member) -> Iterator[_Meant]:
    through = seen.definition(here).name
    if seen.definition(here).slots == seen.definition(there).slots:
        for name in seen.definition(here).slots:
            means = alike.of(here, name), alike.of(there, name)
            if means[0].key != means[1].key:
                yield _Meant(name, (here, there), means, through)


# in words


def _in_words(seen: Survey, alike: Alike, one: _Meant) -> str:
    named = f"`{one.name}`, which `{one.through}` reads," if one.through else f"`{one.name}`"
    for reader, means in zip(one.readers, one.means, strict=True):
        if why := unify.why_uncertain(means):
            path = seen.features[reader.file].path
            return f"what {named} means in {path} is not certain: {why}{_unsure_at(seen, reader, means)}"
    if all(alike.helper(reader, means) for reader, means in zip(one.readers, one.means, strict=True)):
        here, there = (_bound_at(seen, *each) for each in zip(one.readers, one.means, strict=True))
        return f"{named} is one definition in {here} and another in {there}"
    here, there = (_said(seen, alike, *each) for each in zip(one.readers, one.means, strict=True))
    return f"{named} is {here} and {there}"


def _unsure_at(seen: Survey, reader: Member, means: Meaning) -> str:
    """The last place of its notebook that may bind the name to something nobody sees."""
    wild = seen.names[reader.file].wild if means.kind in ("ambiguous", "unbound") else ()
    places = [*wild, *((one.cell, one.binding.line) for one in means.bound if means.kind == "star")]
    if not places:
        return ""
    cell, line = max(places)
    return f" (cell {seen.features[reader.file].cells[cell].number} line {line})"


def _said(seen: Survey, alike: Alike, reader: Member, means: Meaning) -> str:
    """What a name means in one of the notebooks."""
    path = seen.features[reader.file].path
    if not means.bound:
        return f"what {'IPython gives' if means.kind == 'ipython' else 'Python gives'} in {path}"
    at = _bound_at(seen, reader, means)
    if alike.helper(reader, means):
        return f"the definition in {at}"
    target = means.bound[0].binding.target
    file = means.key.removeprefix("local:").rpartition(":")[0] if means.key.startswith("local:") else ""
    return f"`{target}`{f' of {file}' if file and target[0] != '.' else ''} in {at}"


def _bound_at(seen: Survey, reader: Member, means: Meaning) -> str:
    last = means.bound[-1]
    one = seen.features[reader.file]
    cell = one.cells[last.cell]
    return unify.placed(Location(one.path, cell.number, last.binding.line, cell.id))


def _advice(seen: Survey, alike: Alike, one: _Meant) -> str:
    """The smallest change that would make them one, where they are meant to be."""
    for reader, means in zip(one.readers, one.means, strict=True):
        path = seen.features[reader.file].path
        if means.kind == "unbound" and not seen.names[reader.file].wild:
            return f"import or define `{one.name}` in {path}"
        if means.kind == "star":
            return f"import `{one.name}` by its name in {path}"
        if unify.why_uncertain(means):
            return ""
    here, there = (_bound_at(seen, *each) if each[1].bound else "" for each in zip(one.readers, one.means, strict=True))
    if all(alike.helper(reader, means) for reader, means in zip(one.readers, one.means, strict=True)):
        return f"where both are meant to do the same, make the `{one.name}` in {here} what it is in {there}"
    if here and there:
        return f"where both are meant to be the same, make {here} bind `{one.name}` as {there} does"
    return ""


def _placed(seen: Survey, member: Member) -> Location:
    one = seen.features[member.file]
    cell = one.cells[member.cell]
    return Location(one.path, cell.number, seen.definition(member).line, cell.id)
