"""What a report says of near copies that stay, beside the verdicts on the places where they stand: each place has one verdict."""

from collections.abc import Iterable, Iterator, Sequence, Set

from msgspec.structs import replace

from nb2mod.model import Candidate, Occurrence, Reason, Verdict
from nb2mod.pipeline.drifted import DRIFTED
from nb2mod.pipeline.lifted import NEAR_COPIES

_Line = tuple[str, int, int]


def with_staying(found: Sequence[Candidate], staying: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """Candidates with what else is known. Of near copies that stay, those are left out that move by themselves, and that these
    are not made one is a note there; what has drifted from the package is told once of each place.
    """
    told = set(_lines(found))
    drifts = set(_lines([one for one in found if one.code == DRIFTED]))
    moving = set(_lines([one for one in found if one.verdict.moves]))
    near = [one for one in staying if one.code != DRIFTED]
    both = [_noted(one, near) if one.verdict.moves else one for one in found]
    drifted = [one for one in staying if one.code == DRIFTED and not drifts.issuperset(_lines([one]))]
    for one in (*drifted, *near):
        known = moving if one.contrasts or one.code == DRIFTED else told
        places = tuple(each for each in one.occurrences if _line(each) not in known)
        both += [replace(one, occurrences=places)] if places else []
    return tuple(sorted(both, key=lambda one: (one.occurrences[0], one.id)))


def with_kept(found: Sequence[Candidate], kept: Iterable[Candidate], moving: Set[str]) -> tuple[Candidate, ...]:
    """Candidates with near copies that are not to move now, as they were judged. Those of them that are the same may move by
    themselves (`moving`: ids of what does) and are told as that.
    """
    by_themselves = set(_lines([one for one in found if one.id in moving]))
    both = {one.id: one for one in found}
    for one in kept:
        places = tuple(each for each in one.occurrences if _line(each) not in by_themselves)
        if places and one.id not in moving:
            both[one.id] = one if len(places) == len(one.occurrences) else replace(one, occurrences=places)
    return tuple(sorted(both.values(), key=lambda one: (one.occurrences[0], one.id)))


def _noted(one: Candidate, near: Sequence[Candidate]) -> Candidate:
    """With a note of why near copies are not made one with it."""
    own = set(_lines([one]))
    for other in near:
        if (
            other.verdict is Verdict.BLOCKED
            and not own.isdisjoint(_lines([other]))
            and not own.issuperset(_lines([other]))
        ):
            why = next(reason for reason in other.reasons if reason.effect == "blocks")
            note = Reason(
                NEAR_COPIES, f"near copies of it are not made one with it: {why.message}", "note", why.location
            )
            reasons = (*one.reasons, note)
            return replace(one, reasons=reasons, contrasts=one.contrasts or other.contrasts)
    return one


def _lines(found: Sequence[Candidate]) -> Iterator[_Line]:
    return (_line(each) for one in found for each in one.occurrences)


def _line(one: Occurrence) -> _Line:
    return one.path, one.cell, one.line
