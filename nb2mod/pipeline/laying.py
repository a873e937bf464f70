"""What decide judges: notebooks with lifted definitions and with blocks as functions, laid anew without what does not move."""

from collections.abc import Callable, Iterator

from msgspec.structs import replace

from nb2mod.model import Candidate, Location, Member, PlanResult, Reason, Verdict
from nb2mod.pipeline.cutting import with_blocks
from nb2mod.pipeline.lifted import Lifting, Line, Place
from nb2mod.pipeline.lifting import with_lifts
from nb2mod.pipeline.parting import parted
from nb2mod.pipeline.real_places import Blocks
from nb2mod.pipeline.shortening import shortened
from nb2mod.pipeline.spelled import kept_lines, spelled_lines
from nb2mod.pipeline.survey import Survey
from nb2mod.pipeline.telling import with_kept

# Each round leaves out one lifted copy at least; the number bounds the time that a bug could cost.
_ROUNDS = 50
_NEAR_MISS = 3  # clone type
Rejected = dict[Member, Reason]
Planned = tuple[tuple[Candidate, ...], PlanResult]


def laid(seen: Survey) -> Survey:
    """The survey with everything that can be lifted, and then with every block that can become a function."""
    lifted = with_lifts(seen)
    spelled = spelled_lines(seen, lifted)
    return with_blocks(with_lifts(seen, spelled=spelled) if spelled else lifted)


def settled(
    seen: Survey, rejected: Rejected, planned: Callable[[Survey, Rejected], Planned]
) -> tuple[Survey, tuple[Candidate, ...], PlanResult]:
    """The survey in which just those definitions are lifted that the plan moves, with its candidates and its plan.

    What could be lifted and is not to move now (it wants a review, or was not asked for) is told as it was judged, and is not
    lifted again when the survey that comes back is settled anew. `rejected` is brought in line with that survey.
    """
    kept = dict(seen.lifting.kept)
    judged: dict[tuple[Location, ...], Candidate] = {}  # blocks that stay, as they read with their calls in full
    for _ in range(_ROUNDS):
        candidates, result = planned(seen, rejected)
        unmoved = _unmoved(seen, result)
        anew = _without(seen, unmoved) if unmoved else _laid_anew(seen, candidates, result)
        if anew is None:
            break
        if anew.lifting.spelled != seen.lifting.spelled:
            judged |= {_lines(one): one for one in candidates if one.verdict is Verdict.BLOCKED and one.kind == "block"}
        found = {place: one for one in candidates for place in _places(seen, one) if place in unmoved}
        # Near copies have no candidate of their own once they are not lifted.
        kept |= {place: one for place, one in found.items() if one.verdict.moves or one.clone_type == _NEAR_MISS}
        places = {seen.place(member): reason for member, reason in rejected.items()}
        seen = replace(anew, lifting=replace(anew.lifting, kept=dict(kept)))
        rejected.clear()
        rejected.update({member: places[at] for member, at in _with_places(seen) if at in places})
    moving = {one.candidate for one in result.plan.extractions}
    told = [one for one in candidates if one.id in moving or kept.keys().isdisjoint(_places(seen, one))]
    told = [judged.get(_lines(one), one) if one.verdict is Verdict.BLOCKED else one for one in told]
    return seen, with_kept(told, {one.id: one for one in kept.values()}.values(), moving), result


def _lines(one: Candidate) -> tuple[Location, ...]:
    return tuple(Location(each.path, each.cell, each.line) for each in one.occurrences)


def _unmoved(seen: Survey, result: PlanResult) -> set[Place]:
    """Lifted copies of notebooks that the plan leaves where they stand."""
    if not seen.lifting.copies:
        return set()
    ids = {one.candidate for one in result.plan.extractions}
    moved = {place for one in result.candidates if one.id in ids for place in _places(seen, one)}
    notebooks = {file for file, one in enumerate(seen.features) if one.kind == "notebook"}
    return {place for place in seen.lifting.copies if place[0] in notebooks} - moved


def _laid_anew(seen: Survey, candidates: tuple[Candidate, ...], result: PlanResult) -> Survey | None:
    """The survey laid anew where blocks can be parted, shortened or called with less; None: nowhere."""
    return parted(seen, candidates) or shortened(seen, candidates, result.plan) or _respelled(seen, result)


def _respelled(seen: Survey, result: PlanResult) -> Survey | None:
    """The survey laid anew in which no call says more than it has to; None: none does."""
    spelled = kept_lines(seen, result)
    return None if spelled == seen.lifting.spelled else _without(seen, set(), spelled)


def _without(seen: Survey, left: set[Place], spelled: frozenset[Line] | None = None) -> Survey:
    """The survey laid anew from the notebooks as they are, copies in `left` as they stand; calls say in full what they pass on
    the lines `spelled`, those of before when None.
    """
    before = seen.lifting
    left = left | before.left
    spelled = before.spelled if spelled is None else spelled
    bare = replace(
        seen,
        features=before.real,
        names=before.names,
        classes=before.classes,
        lifting=Lifting(),
        blocks=_known(seen.blocks),
    )
    out = {
        member: before.refused.get(at, ()) for member, at in _with_places(bare) if at in left or at in before.refused
    }
    lifted = with_lifts(bare, out, spelled)
    return with_blocks(replace(lifted, lifting=replace(lifted.lifting, left=frozenset(left))))


def _known(blocks: Blocks) -> Blocks:
    """What was found out about blocks, without any of them."""
    return Blocks(
        parted=blocks.parted,
        dropped=blocks.dropped,
        shortens=blocks.shortens,
        shortened=blocks.shortened,
        tried=blocks.tried,
    )


def _places(seen: Survey, one: Candidate) -> Iterator[Place]:
    return map(seen.place, one.members)


def _with_places(seen: Survey) -> Iterator[tuple[Member, Place]]:
    """All definitions with their places."""
    return ((member, seen.place(member)) for member in seen.members())
