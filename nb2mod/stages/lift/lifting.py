"""Attempts to lift all groups at once: what is refused is left out, and everything is worked out again without it."""

from collections.abc import Callable, Mapping, Sequence, Set

from nb2mod.model import Features, Lifts, Meaning, Member, Names, NewParameter, Reason, TextEdit
from nb2mod.stages.lift.calling import Calling
from nb2mod.stages.lift.defining import Defining
from nb2mod.stages.lift.groups import Group, Shared
from nb2mod.stages.lift.notebooks import Line, Notebooks
from nb2mod.stages.lift.sharing import Sharing


def lift(
    features: Sequence[Features],
    names: Mapping[int, Names],
    groups: Sequence[Group],
    meaning: Callable[[Member, str], Meaning],
    spelled: Set[Line] = frozenset(),
) -> Lifts:
    """Which copies get which parameters, and every edit of definitions and calls. `groups` are all definitions that are to move,
    each in one; every other stays where it is. `meaning` is what a free name of a definition means there. On the lines `spelled`,
    calls pass what is the default too, so that they read like those of other copies.
    """
    books = Notebooks(features, names, meaning)
    refused: dict[Member, tuple[Reason, ...]] = {}
    while True:
        left = [_without(group, refused) for group in groups]
        left = [group for group in left if group.members]
        found, new = _attempt(books, left, spelled)
        if not new:
            return Lifts(found.parameters, found.edits, dict(sorted(refused.items())))
        refused.update(new)


def _without(group: Group, refused: Mapping[Member, object]) -> Group:
    """A group without some members, and without the holes in which those that are left are alike."""
    members = tuple(member for member in group.members if member not in refused)
    if len(members) == len(group.members):
        return group
    found = {member: group.parameters[member] for member in members if member in group.parameters}
    alike = {
        at
        for at, column in enumerate(zip(*found.values(), strict=True))
        if column[0].kind in ("literal", "default") and len({one.value for one in column}) == 1
    }
    kept = {member: tuple(one for at, one in enumerate(each) if at not in alike) for member, each in found.items()}
    return Group(members, kept)


def _attempt(
    books: Notebooks, groups: Sequence[Group], spelled: Set[Line]
) -> tuple[Lifts, dict[Member, tuple[Reason, ...]]]:
    """What lifting these comes to, or what is refused."""
    sharing = Sharing(books, groups)
    shared = sharing.work_out()
    if sharing.refused:
        return Lifts(), _frozen(sharing.refused)
    defining = Defining(books, groups, shared)
    defining.work_out()
    calling = Calling(books, sharing, shared, spelled)
    calling.work_out()
    if not defining.refused and not calling.refused:
        calling.check()
    refused = _frozen(defining.refused, calling.refused)
    if refused:
        return Lifts(), _roots(sharing, shared, refused)
    parameters: dict[Member, tuple[NewParameter, ...]] = {}
    for group, one in zip(groups, shared, strict=True):
        for member in group.members if one.parameters else ():
            parameters[member] = tuple(each.of(member, defining.replaced) for each in one.parameters)
    calls = [edit for found in calling.edited for edit in found.edits()]
    edits = [edit for found in defining.edits.values() for edit in found] + calls
    clashing = _clashing(defining.edits, calls)
    if clashing:
        message = "a call inside what becomes a parameter would have to pass more itself"
        return Lifts(), {member: (books.blocks(message, member),) for member in clashing}
    return Lifts(dict(sorted(parameters.items())), tuple(_joined(sorted(edits))), {}), {}


def _roots(
    sharing: Sharing, shared: Sequence[Shared], refused: dict[Member, tuple[Reason, ...]]
) -> dict[Member, tuple[Reason, ...]]:
    """Those that call no other refused one: what calls one may need nothing, once that is left out."""
    calls: dict[Member, set[Member]] = {}
    for one in shared:
        for member, name, _ in one.handed_on:
            callee = sharing.callee(member, name)
            if callee is not None:
                calls.setdefault(member, set()).add(callee)
    below = {member: _reached(member, calls) for member in refused}
    found = {
        member: reasons
        for member, reasons in refused.items()
        if not any(other in refused and member not in below[other] for other in below[member] - {member})
    }
    return found or refused


def _reached(member: Member, calls: Mapping[Member, set[Member]]) -> set[Member]:
    found: set[Member] = set()
    stack = [member]
    while stack:
        new = calls.get(stack.pop(), set()) - found
        found |= new
        stack.extend(new)
    return found


def _frozen(*found: Mapping[Member, Sequence[Reason]]) -> dict[Member, tuple[Reason, ...]]:
    members = sorted({member for one in found for member in one})
    return {
        member: tuple(dict.fromkeys(reason for one in found for reason in one.get(member, ()))) for member in members
    }


def _clashing(own: Mapping[Member, Sequence[TextEdit]], calls: Sequence[TextEdit]) -> list[Member]:
    """Copies of which a part is replaced that a call's edit stands in."""
    by_cell: dict[tuple[int, int], list[TextEdit]] = {}
    for call in calls:
        by_cell.setdefault((call.file, call.cell), []).append(call)
    return [
        member
        for member, edits in own.items()
        if any(
            edit.start < call.end and call.start < edit.end
            for call in by_cell.get((member.file, member.cell), ())
            for edit in edits
        )
    ]


def _joined(edits: Sequence[TextEdit]) -> list[TextEdit]:
    """Edits that touch each other made one."""
    found: list[TextEdit] = []
    for edit in edits:
        last = found[-1] if found else None
        if last is not None and (last.file, last.cell, last.end) == (edit.file, edit.cell, edit.start):
            calls = tuple(dict.fromkeys((*last.calls, *edit.calls)))
            found[-1] = TextEdit(last.file, last.cell, last.start, edit.end, last.text + edit.text, calls)
        else:
            found.append(edit)
    return found
