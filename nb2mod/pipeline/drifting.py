"""Finds what has drifted from the package: definitions of notebooks that resemble one of its own, each held against that one."""

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from nb2mod.model import (
    Apart,
    Contrast,
    Copy,
    Location,
    Meaning,
    Member,
    NearClass,
    Reason,
    Target,
    Unified,
)
from nb2mod.pipeline import drifted
from nb2mod.pipeline.alike import Alike
from nb2mod.pipeline.drifted import Drift, once
from nb2mod.pipeline.lifted import Place
from nb2mod.pipeline.near_misses import Known, NearMisses, copy_at, unify_once
from nb2mod.pipeline.survey import Survey
from nb2mod.stages import analyze

_STATEMENTS = "NB372"


def with_drift(lifted: Survey, seen: Survey, classes: Sequence[NearClass], near: NearMisses, known: Known) -> Survey:
    """The lifted survey with what is told of drift. `seen` is what the files hold, `near` what it was lifted by."""
    modules = frozenset(file for file, one in enumerate(seen.features) if one.kind == "module")
    if not modules:
        return lifted
    groups = {member: index for index, group in enumerate(near.groups) for member in group.members}
    meanings = analyze.Meanings(seen.features, seen.names, seen.environment, seen.package.source_root)
    alike = Alike(seen.features, meanings, groups)
    drifts = dict(_of_one_text(seen, lifted, alike, modules))
    drifts |= dict(_drifts(seen, lifted, alike, modules, classes, near, known))
    if not drifts:
        return lifted
    at = {(one.path, one.cell, one.line): drift for member, drift in drifts.items() for one in (_place(seen, member),)}
    return replace(
        lifted,
        lifting=replace(
            lifted.lifting,
            drifted={_at(seen, member): drift for member, drift in drifts.items()},
            staying=once([part for one in lifted.lifting.staying for part in drifted.apart(one, at)]),
        ),
    )


def _drifts(
    seen: Survey,
    lifted: Survey,
    alike: Alike,
    modules: frozenset[int],
    classes: Sequence[NearClass],
    near: NearMisses,
    known: Known,
) -> Iterator[tuple[Member, Drift]]:
    """Definitions of notebooks that are in a near-miss class with one of the package."""
    shapes = {member: clones.members for clones in seen.classes for member in clones.members}
    together = {
        member
        for group in near.groups
        if not modules.isdisjoint(member.file for member in group.members)
        for member in group.members
    }
    for one in classes:
        standing = [member for member in one.members if member.file in modules]
        if not standing:
            continue
        found: dict[tuple[Member, ...], Drift] = {}  # copies of one shape differ in the same
        for member in one.members:
            shape = shapes[member]
            if member.file in modules or not modules.isdisjoint(each.file for each in shape):
                continue
            if shape not in found:
                package = _nearest(seen, standing, member)
                found[shape] = _drift(seen, alike, package, member, one, known)
            drift = found[shape]
            if member in together:
                yield member, replace(drift, why=None)
                continue
            refused = lifted.lifting.refused.get(_at(seen, member), ())
            yield member, _refused(drift, refused) if refused else drift


def _of_one_text(seen: Survey, lifted: Survey, alike: Alike, modules: frozenset[int]) -> Iterator[tuple[Member, Drift]]:
    """Definitions with the name and the text of one of the package that are another one all the same (N16, N20)."""
    standing: dict[Member, Member] = {}
    for clones in seen.classes:
        package = {seen.definition(each).name: each for each in clones.members if _is_imported(seen, each, modules)}
        for member in clones.members if package else ():
            if member.file not in modules and (name := seen.definition(member).name) in package:
                standing[member] = package[name]
    for one in lifted.candidates() if standing else ():
        for member in one.members:
            if one.existing is None and member in standing:
                yield member, _same_text(seen, alike, standing[member], member)


def _is_imported(seen: Survey, member: Member, modules: frozenset[int]) -> bool:
    """Whether it is certainly what an import of its name gets."""
    if member.file not in modules:
        return False
    bounds = seen.names[member.file].bindings.get(seen.definition(member).name, ())
    return len(bounds) == 1 and bounds[0].binding.certain


def _same_text(seen: Survey, alike: Alike, package: Member, member: Member) -> Drift:
    target = _target(seen, package)
    name = f"`{target.module}.{target.name}`"
    place = _place(seen, member)
    pairs = [(alike.of(package, free), alike.of(member, free)) for free in seen.definition(member).slots]
    other = [(left, right) for left, right in pairs if left.key != right.key]
    if other:
        names = ", ".join(dict.fromkeys(f"`{right.name}`" for _, right in other))
        why = Reason("NB304", f"has the text of {name}, and means another thing by {names}", "blocks", place)
        contrasts = tuple(
            _bindings(seen, (package, left), (member, right)) for left, right in other if left.bound and right.bound
        )
        advice = f"make {names} in the notebooks what it is in {target.module}"
        return Drift(target, why, 1.0, contrasts, f"{advice}; or {_OR_THE_PACKAGE.format(name)}")
    why = Reason("NB373", f"is {name} under other names, and something in the notebook sees those", "blocks", place)
    lines = [copy_at(seen, alike, each).text.splitlines()[:1] for each in (package, member)]
    contrast = Contrast("the names differ", _place(seen, package), place, tuple(lines[0]), tuple(lines[1]))
    return Drift(target, why, 1.0, (contrast,), f"call it, and what is passed by keyword, by the names that {name} has")


def _bindings(seen: Survey, left: tuple[Member, Meaning], right: tuple[Member, Meaning]) -> Contrast:
    """Where a name is bound that means different things, side by side."""
    places: list[Location] = []
    lines: list[tuple[str, ...]] = []
    for member, meaning in (left, right):
        last = meaning.bound[-1]
        features = seen.features[member.file]
        cell = features.cells[last.cell]
        places.append(Location(features.path, cell.number, last.binding.line, cell.id))
        lines.append(tuple(cell.source.splitlines()[last.binding.line - 1 : last.binding.line]))
    return Contrast(f"`{right[1].name}` is another thing", places[0], places[1], lines[0], lines[1])


def _nearest(seen: Survey, standing: Sequence[Member], member: Member) -> Member:
    """The package's function of the same name, else the nearest in size; of equals the first."""
    own = seen.definition(member)

    def rank(other: Member) -> tuple[bool, int, Member]:
        there = seen.definition(other)
        return there.name != own.name, abs(len(there.tokens) - len(own.tokens)), other

    return min(standing, key=rank)


def _drift(seen: Survey, alike: Alike, package: Member, member: Member, source: NearClass, known: Known) -> Drift:
    """One definition of a notebook against one of the package, by themselves."""
    target = _target(seen, package)
    pair = (package, member)
    found = unify_once(seen, alike, pair, known)
    name = f"`{target.module}.{target.name}`"
    if not found.apart:
        contrasts = _values(found.classes[0], [copy_at(seen, alike, each) for each in pair]) if found.classes else ()
        why = Reason("NB373", f"differs from {name} in values alone", "blocks", _place(seen, member))
        return Drift(target, why, source.similarity, contrasts, _OR_THE_PACKAGE.format(name))
    apart = next((one for one in found.apart if 1 in one.copies), found.apart[0])
    advice = f"{apart.advice}; or {_OR_THE_PACKAGE.format(name)}" if apart.advice else _OR_THE_PACKAGE.format(name)
    return Drift(target, _why(apart, name, _place(seen, member)), source.similarity, apart.contrasts, advice)


_OR_THE_PACKAGE = "change {} where the notebooks are right, and import it"


def _why(apart: Apart, name: str, place: Location) -> Reason:
    first = apart.reasons[0]
    if first.code == _STATEMENTS and apart.contrasts:
        message = f"differs from {name} in whole statements"
    else:
        message = f"differs from {name}: {first.message}"
    return Reason(first.code, message, "blocks", first.location or place)


def _refused(drift: Drift, refused: Sequence[Reason]) -> Drift:
    """Why what differs in values can't be handed in comes first: a parameter was all that it took."""
    if drift.why is None or drift.why.code != "NB373" or not drift.why.message.endswith("in values alone"):
        return drift
    first = refused[0]
    return replace(drift, why=Reason(first.code, f"{drift.why.message}; {first.message}", "blocks", first.location))


def _values(one: Unified, copies: Sequence[Copy]) -> tuple[Contrast, ...]:
    """The lines of two copies where values become parameters."""
    found: dict[tuple[int, int], Contrast] = {}
    for left, right in zip(*one.parameters, strict=True):
        starts = [
            (ours.start, theirs.start) for ours, theirs in zip(left.replacements, right.replacements, strict=False)
        ]
        if not starts:  # a default of the signature
            starts = [(copies[0].text.index("def "), copies[1].text.index("def "))]
        for start, other in starts:
            lines = _line(copies[0], start), _line(copies[1], other)
            values = [f"`{each.value or each.default}`" for each in (left, right)]
            what = f"the value differs: {values[0]} and {values[1]}" if lines not in found else "several values differ"
            places = [replace(copy.place, line=copy.place.line + at) for copy, at in zip(copies, lines, strict=True)]
            texts = [(copy.text.splitlines()[at].strip(),) for copy, at in zip(copies, lines, strict=True)]
            found[lines] = Contrast(what, places[0], places[1], texts[0], texts[1])
    return tuple(found[lines] for lines in sorted(found))


def _line(copy: Copy, position: int) -> int:
    """The line of a text that a character stands in, from 0."""
    return len(copy.text[: position + 1].splitlines()) - 1


def _target(seen: Survey, package: Member) -> Target:
    module = analyze.dotted_module(seen.features[package.file].path, seen.package.source_root)
    return Target(module, seen.definition(package).name)


def _at(seen: Survey, member: Member) -> Place:
    return member.file, member.cell, seen.definition(member).def_line


def _place(seen: Survey, member: Member) -> Location:
    cell = seen.features[member.file].cells[member.cell]
    return Location(seen.features[member.file].path, cell.number, seen.definition(member).line, cell.id)
