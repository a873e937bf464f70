"""The survey in which near-miss copies and functions that read state have the parameters that let them move, and their calls
the arguments that say which is meant. Only what then moves stays lifted.
"""

import functools
from collections import defaultdict
from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from nb2mod.model import (
    BindKind,
    Candidate,
    Features,
    Lifts,
    Location,
    Meaning,
    Member,
    Reason,
    TextEdit,
)
from nb2mod.pipeline import worth
from nb2mod.pipeline.drifting import with_drift
from nb2mod.pipeline.lifted import LiftedCopy, Lifting, Line, Place
from nb2mod.pipeline.near_misses import Known, NearMisses, near_classes, near_misses, staying
from nb2mod.pipeline.survey import Survey
from nb2mod.stages import analyze, decide, detect, index, lift

# Each round leaves out one copy at least; the number bounds the time that a bug could cost.
_ROUNDS = 50
Left = Mapping[Member, tuple[Reason, ...]]


def with_lifts(seen: Survey, left: Left | None = None, spelled: frozenset[Line] = frozenset()) -> Survey:
    """The survey with every definition lifted that can then move; copies in `left` are not, for the reasons given. On the lines
    `spelled`, calls pass defaults too.
    """
    out = dict(left or {})
    meanings = analyze.Meanings(seen.features, seen.names, seen.environment, seen.package.source_root)
    classes = near_classes(seen)
    known: Known = {}
    kept: dict[Member, Candidate] = {}
    for _ in range(_ROUNDS):
        near = near_misses(seen, meanings, classes, out.keys(), known)
        lifts = _lifts(seen, meanings, near, out, spelled)
        holders = {member for group in near.groups for member in group.members}
        refused = {member: why for member, why in lifts.refused.items() if member in holders and member not in out}
        if refused:
            out |= refused  # what is left may agree in a hole: unified without them
            continue
        lifted = _lifted(seen, near, lifts, out, spelled)
        stuck = _stuck(lifted, lifts) if lifts.parameters else {}
        if not stuck:
            return with_drift(_with_kept(lifted, kept), seen, classes, near, known)
        kept |= {member: one for member, one in stuck.items() if one is not None and member in holders}
        out |= {
            member: _why_apart(lifted, near, member) if one is None and member in holders else ()
            for member, one in stuck.items()
        }
    return seen


def _why_apart(lifted: Survey, near: NearMisses, member: Member) -> tuple[Reason, ...]:
    """Why a near copy has no candidate though it was lifted: decide kept it apart from the others (N20)."""
    others = next(set(group.members) - {member} for group in near.groups if member in group.members)
    return (decide.why_apart(member, sorted(others), lifted.features, lifted.names),)


def _lifts(seen: Survey, meanings: analyze.Meanings, near: NearMisses, left: Left, spelled: frozenset[Line]) -> Lifts:
    groups = [lift.Group(group.members, group.parameters) for group in near.groups]
    taken = {member for group in near.groups for member in group.members}
    groups += [lift.Group(members) for members in _reading_state(seen, taken, set(left))]
    if not groups:
        return Lifts()

    def meaning(member: Member, name: str) -> Meaning:
        return meanings.of(member.file, member.cell, member.definition, name)

    return lift.lift(seen.features, analyze.with_runners(seen.features, seen.names), groups, meaning, spelled)


def _reading_state(seen: Survey, near: set[Member], left: set[Member]) -> list[tuple[Member, ...]]:
    """Copies of one shape that may pass the threshold, or come along with such, where one reads what may be state, itself or
    through what it calls, or calls one of the near-miss copies.
    """
    moving = wanted(seen) - near - left
    reading = near | {member for member in moving if _may_read_state(seen, member)}
    if not reading:
        return []
    users: dict[Member, set[Member]] = defaultdict(set)
    for member in moving:
        for helper in _helpers(seen, member):
            users[helper].add(member)
    waiting = list(reading)
    while waiting:
        for user in users[waiting.pop()] - reading:
            reading.add(user)
            waiting.append(user)
    found = []
    for clones in seen.classes:
        members = tuple(member for member in clones.members if member in moving)
        if not reading.isdisjoint(members):
            found.append(members)
    return found


def wanted(seen: Survey) -> set[Member]:
    """Definitions of notebooks that may move: those past the threshold by their number or size, and what they need."""
    config = seen.config
    notebooks = min(config.threshold_notebooks, config.production_notebooks)
    heavy = min(config.threshold_function_statements, config.production_function_statements)
    waiting = [
        member
        for clones in seen.classes
        for member in clones.members
        if seen.features[member.file].kind == "notebook"
        and (
            len({each.file for each in clones.members}) >= max(notebooks, 2)
            or seen.definition(member).statements >= heavy
            or _in_production(seen, member)
        )
    ]
    found = set(waiting)
    while waiting:
        for helper in _helpers(seen, waiting.pop()):
            if helper not in found:
                found.add(helper)
                waiting.append(helper)
    return found


def _in_production(seen: Survey, member: Member) -> bool:
    stage = seen.stages.get(seen.features[member.file].path)
    return stage is not None and stage.production


def _helpers(seen: Survey, member: Member) -> list[Member]:
    """Definitions of its notebook that a definition reads."""
    bindings = seen.names[member.file].bindings
    bounds = (bound for name in seen.definition(member).slots for bound in bindings.get(name, ()))
    kinds = (BindKind.DEF, BindKind.CLASS)
    return [Member(member.file, one.cell, one.binding.owner) for one in bounds if one.binding.kind in kinds]


def _may_read_state(seen: Survey, member: Member) -> bool:
    bindings = seen.names[member.file].bindings
    comes_along = {BindKind.IMPORT, BindKind.DEF, BindKind.CLASS}
    return any(
        not comes_along.issuperset(bound.binding.kind for bound in bindings.get(name, ()))
        for name in seen.definition(member).slots
    )


# The survey of what is lifted


def _lifted(seen: Survey, near: NearMisses, lifts: Lifts, left: Left, spelled: frozenset[Line]) -> Survey:
    refused = {**{member: why for member, why in left.items() if why}, **lifts.refused}
    lifting = Lifting(
        real=seen.features,
        names=seen.names,
        classes=seen.classes,
        copies={_place(seen, member): copy for member, copy in _copies(seen, near, lifts).items()},
        edits=lifts.edits,
        spelled=spelled,
        refused={_place(seen, member): why for member, why in refused.items() if not _is_class(seen, member)},
        staying=tuple(staying(seen, near, refused)),
    )
    if not lifts.parameters:
        return replace(seen, lifting=lifting)
    features = _lifted_features(seen.features, lifts.edits)
    changed = {edit.file for edit in lifts.edits}
    names = dict(seen.names) | {
        file: analyze.names_of(file, features[file], seen.package.name) for file in sorted(changed)
    }
    return replace(seen, features=features, names=names, classes=detect.clone_classes(features), lifting=lifting)


def _is_class(seen: Survey, member: Member) -> bool:
    """Nothing calls a class to use its methods: that it can't be handed state goes without saying."""
    return seen.definition(member).kind == "class"


def _copies(seen: Survey, near: NearMisses, lifts: Lifts) -> dict[Member, LiftedCopy]:
    of_group = {member: group for group in near.groups for member in group.members}
    doubts = {
        group.members: worth.of_definitions(
            seen.features, {each: lifts.parameters[each] for each in group.members}, lifts.edits
        )
        for group in near.groups
        if lifts.parameters.keys() >= set(group.members)
    }
    found = {}
    for member, parameters in lifts.parameters.items():
        cell = seen.features[member.file].cells[member.cell]
        definition = seen.definition(member)
        where = Location(seen.features[member.file].path, cell.number, definition.line, cell.id)
        group = of_group.get(member)
        if group:
            doubt = doubts.get(group.members)
            found[member] = LiftedCopy(parameters, where, group.notes, group.source.similarity, doubt)
        else:
            found[member] = LiftedCopy(parameters, where)
    return found


def _lifted_features(features: Sequence[Features], edits: Sequence[TextEdit]) -> tuple[Features, ...]:
    """The features with the edited cells read anew."""
    by_cell: dict[tuple[int, int], list[TextEdit]] = defaultdict(list)
    for edit in edits:
        by_cell[edit.file, edit.cell].append(edit)
    found = list(features)
    read_cell = functools.cache(index.read_cell)  # copies become the same cell
    for (file, cell), made in by_cell.items():
        cells = list(found[file].cells)
        source = cells[cell].source
        for edit in sorted(made, reverse=True):
            source = source[: edit.start] + edit.text + source[edit.end :]
        is_module = found[file].kind == "module"
        key = index.digest(f"module\0{source}" if is_module else source)
        facts = index.read_module(source) if is_module else read_cell(source)
        cells[cell] = replace(cells[cell], source=source, digest=key, facts=facts)
        found[file] = replace(found[file], cells=tuple(cells))
    return tuple(found)


def _stuck(lifted: Survey, lifts: Lifts) -> dict[Member, Candidate | None]:
    """Lifted copies of notebooks that do not move all the same, each with its candidate: blocked for another reason, or short of
    the threshold.
    """
    of_member = {member: one for one in lifted.candidates() for member in one.members}
    modules = {file for file, one in enumerate(lifted.features) if one.kind == "module"}
    found = {member: of_member.get(member) for member in lifts.parameters if member.file not in modules}
    return {member: one for member, one in found.items() if one is None or not one.verdict.moves}


def _with_kept(lifted: Survey, kept: Mapping[Member, Candidate]) -> Survey:
    """The survey that tells of near-miss copies, too, that a parameter alone does not let move."""
    one_each = {one.id: one for member, one in kept.items() if _place(lifted, member) not in lifted.lifting.copies}
    if not one_each:
        return lifted
    stay = tuple(replace(one, id=f"{one.id}n", members=(), chosen=None, needs=()) for one in one_each.values())
    return replace(lifted, lifting=replace(lifted.lifting, staying=(*lifted.lifting.staying, *stay)))


def _place(seen: Survey, member: Member) -> Place:
    return member.file, member.cell, seen.definition(member).def_line
