"""Near-miss classes of a survey: what their copies unify to, and what is told of those that don't."""

from collections import defaultdict
from collections.abc import Iterator, Sequence, Set
from hashlib import blake2b

from msgspec import Struct

from nb2mod.model import (
    Apart,
    Candidate,
    Copy,
    Member,
    NearClass,
    NewParameter,
    Occurrence,
    Reason,
    Unification,
    Unified,
    Verdict,
)
from nb2mod.pipeline.alike import Alike
from nb2mod.pipeline.drifted import DRIFTED, share
from nb2mod.pipeline.lifted import NEAR_COPIES
from nb2mod.pipeline.meant_apart import by_meaning, meant_apart
from nb2mod.pipeline.survey import Survey
from nb2mod.stages import analyze, detect, unify

Known = dict[tuple[tuple[Member, tuple[str, ...]], ...], Unification]
_ROUNDS = 4  # of what calls what calls near-miss copies


class NearGroup(Struct, frozen=True):
    """Copies that one function with `parameters` can stand for; `source` is the class that they were found in."""

    members: tuple[Member, ...]
    parameters: dict[Member, tuple[NewParameter, ...]]
    notes: tuple[Reason, ...]
    source: NearClass


class NearMisses(Struct, frozen=True):
    """What near-miss classes come to. `apart`: copies that no function is made for, with the class they were found in; `looked`:
    the classes that stand in enough files.
    """

    looked: tuple[NearClass, ...] = ()
    groups: tuple[NearGroup, ...] = ()
    apart: tuple[tuple[tuple[Member, ...], Apart, NearClass], ...] = ()
    short: tuple[NearClass, ...] = ()  # of too few notebooks


def near_classes(seen: Survey) -> tuple[NearClass, ...]:
    """The near-miss classes of all files."""
    return detect.near_classes(seen.features, seen.classes)


def near_misses(
    seen: Survey, meanings: analyze.Meanings, classes: Sequence[NearClass], left: Set[Member], known: Known
) -> NearMisses:
    """The classes without the copies in `left`, unified; copies of one text that mean different things by a name are too.
    `known` keeps what was unified.

    What calls near-miss copies that become one function means the same by them: worked out again until that changes nothing.
    """
    found = NearMisses()
    for _ in range(_ROUNDS):
        groups = {member: index for index, group in enumerate(found.groups) for member in group.members}
        alike = Alike(seen.features, meanings, groups)
        taken = {member for one in classes for member in one.members}
        both = (*classes, *_of_one_shape(seen, alike, taken, left))
        before, found = found, _unified(seen, alike, both, left, known)
        if [group.members for group in found.groups] == [group.members for group in before.groups]:
            break
    return found


def _of_one_shape(seen: Survey, alike: Alike, taken: Set[Member], left: Set[Member]) -> Iterator[NearClass]:
    """Such copies differ in what they call alone; where enough mean the same, those are copies as ever (N16)."""
    for clones in seen.classes:
        members = [member for member in clones.members if member not in left]
        if not _enough(seen, members) or not taken.isdisjoint(members) or not seen.definition(members[0]).slots:
            continue
        meant: dict[str, list[Member]] = defaultdict(list)
        for member in members:
            meant[alike.own_key(member)].append(member)
        few = [member for same in meant.values() if not _enough(seen, same) for member in same]
        if len(meant) > 1 and _enough(seen, few):
            yield NearClass(seen.definition(members[0]).kind, tuple(sorted(few)), 1.0)


def _unified(seen: Survey, alike: Alike, classes: Sequence[NearClass], left: Set[Member], known: Known) -> NearMisses:
    looked: list[NearClass] = []
    groups: list[NearGroup] = []
    apart: list[tuple[tuple[Member, ...], Apart, NearClass]] = []
    short: list[NearClass] = []
    for one in classes:
        if not _enough(seen, one.members):
            short.append(one)
            continue
        looked.append(one)
        members = [member for member in one.members if member not in left]
        if not _enough(seen, members):
            continue
        parts = by_meaning(seen, alike, members)
        few = sorted(member for part in parts if not _enough(seen, part) for member in part)
        apart += [(tuple(few), meant_apart(seen, alike, parts, few), one)] if few else []
        for part in parts:
            if not _enough(seen, part):
                continue
            found = unify_once(seen, alike, part, known)
            groups += [group for each in found.classes if (group := _group(seen, part, each, one))]
            apart += [(tuple(part[at] for at in each.copies), each, one) for each in found.apart]
    apart = [each for each in apart if each[2].similarity < 1]  # one text that means several things is told as that
    return NearMisses(tuple(looked), tuple(groups), tuple(apart), tuple(short))


def unify_once(seen: Survey, alike: Alike, members: Sequence[Member], known: Known) -> Unification:
    """What the copies unify to; looked up where the same copies meant the same before."""
    meant = tuple(
        (member, tuple(alike.of(member, name).key for name in seen.definition(member).slots)) for member in members
    )
    if meant not in known:
        known[meant] = unify.unify([copy_at(seen, alike, member) for member in members])
    return known[meant]


def _group(seen: Survey, members: Sequence[Member], one: Unified, source: NearClass) -> NearGroup | None:
    """None where nothing is to be done: copies of one variant, or in the package alone."""
    if not any(one.parameters):
        return None
    found = tuple(members[at] for at in one.copies)
    if all(seen.features[member.file].kind == "module" for member in found) or not _enough(seen, found):
        return None
    return NearGroup(found, dict(zip(found, one.parameters, strict=True)), one.notes, source)


def _enough(seen: Survey, members: Sequence[Member]) -> bool:
    """Whether they stand in as many files as the lower of both thresholds asks for: which of them holds is for decide."""
    most = min(seen.config.threshold_notebooks, seen.config.production_notebooks)
    return places(seen, members) >= max(2, most)


def places(seen: Survey, members: Sequence[Member]) -> int:
    """How many places count: notebooks, copies of a whole notebook once (N17), and each module."""
    copied = () if seen.config.count_copied_notebooks else seen.copied
    group_of = {path: index for index, one in enumerate(copied) for path in one.paths}
    return len({group_of.get(seen.features[member.file].path, -1 - member.file) for member in members})


def copy_at(seen: Survey, alike: Alike, member: Member) -> Copy:
    """A definition as text, with what its free names mean."""
    names = seen.definition(member).slots
    return unify.copy_of(seen.features[member.file], member, {name: alike.of(member, name) for name in names})


# What is told of copies that stay


def staying(seen: Survey, near: NearMisses, refused: dict[Member, tuple[Reason, ...]]) -> Iterator[Candidate]:
    """Candidates for near-miss copies that do not become one function."""
    modules = {file for file, one in enumerate(seen.features) if one.kind == "module"}
    for lone, apart, source in near.apart:
        # Where another copy of the class stands in the notebook too, the lone one is a second definition there, no copy.
        others = {member.file for member in source.members if member not in lone} - modules
        members = tuple(member for member in lone if member.file not in others)
        if members and modules.issuperset(member.file for member in members):
            # The package's function stands alone: it is the notebooks' copies that differ from it now.
            members = tuple(member for member in source.members if member.file not in modules)
        if not members:
            continue
        code = NEAR_COPIES if modules.isdisjoint(each.file for each in source.members) else DRIFTED
        yield _candidate(seen, members, source, code, Verdict.BLOCKED, apart.reasons, apart)
    for source, members in _refused(seen, near, refused):
        if modules.issuperset(member.file for member in members):
            continue
        code = NEAR_COPIES if modules.isdisjoint(each.file for each in source.members) else DRIFTED
        reasons = tuple(dict.fromkeys(reason for member in members for reason in refused.get(member, ())))
        yield _candidate(seen, members, source, code, Verdict.BLOCKED, reasons, None)
    for one in near.short:
        if modules.issuperset(member.file for member in one.members):
            continue
        files = places(seen, one.members)
        limit = seen.config.threshold_notebooks
        message = f"stands in {files} notebook{'s' * (files != 1)}; the threshold is {limit}"
        yield _candidate(seen, one.members, one, NEAR_COPIES, Verdict.BELOW, (Reason("NB100", message, "below"),), None)


def _refused(
    seen: Survey, near: NearMisses, refused: dict[Member, tuple[Reason, ...]]
) -> Iterator[tuple[NearClass, tuple[Member, ...]]]:
    """Near-miss copies that their calls keep from being lifted, by class, with those that have no other copy then."""
    lifted = {member for group in near.groups for member in group.members}
    shapes = {member: clones for clones in seen.classes for member in clones.members}
    for one in near.looked:
        if not refused.keys().isdisjoint(one.members):
            rest = [member for member in one.members if member not in lifted]
            yield (
                one,
                tuple(member for member in rest if member in refused or not _enough(seen, shapes[member].members)),
            )


def _candidate(
    seen: Survey,
    members: Sequence[Member],
    source: NearClass,
    code: str,
    verdict: Verdict,
    reasons: Sequence[Reason],
    apart: Apart | None,
) -> Candidate:
    """Near copies that stay, with the places where they stand; those in the package are none."""
    names = [seen.definition(member).name for member in members]
    name = max(sorted(set(names)), key=names.count)
    shapes = sorted(seen.definition(member).shape for member in members)
    content = blake2b(b"".join(shapes), digest_size=4).hexdigest()
    texts = {(seen.definition(member).shape, seen.definition(member).slots) for member in members}
    standing = [member for member in members if seen.features[member.file].kind != "module"]
    return Candidate(
        id=f"{name}-{content}" + ("n" if verdict is Verdict.BELOW else "x"),
        code=code,
        kind="class" if source.kind == "class" else "function",
        name=name,
        clone_type=3,
        verdict=verdict,
        reasons=tuple(reasons),
        members=(),
        occurrences=tuple(sorted(_occurrence(seen, member) for member in standing)),
        statements=seen.definition(members[0]).statements,
        places=places(seen, members),
        similarity=1.0 if len(members) > 1 and len(texts) == 1 else share(source.similarity),
        contrasts=apart.contrasts if apart else (),
        advice=apart.advice if apart else "",
        content=content,
    )


def _occurrence(seen: Survey, member: Member) -> Occurrence:
    features = seen.features[member.file]
    cell = features.cells[member.cell]
    definition = seen.definition(member)
    return Occurrence(features.path, cell.number, definition.line, definition.end_line, definition.name, cell.id)
