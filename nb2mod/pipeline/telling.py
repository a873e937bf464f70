"""What a report says of near copies that stay, beside the verdicts on the places where they stand: each place has one verdict."""

from collections.abc import Iterator, Sequence

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
    both += [one for one in staying if one.code == DRIFTED and not drifts.issuperset(_lines([one]))]
    for one in near:
        places = tuple(each for each in one.occurrences if _line(each) not in (moving if one.contrasts else told))
        both += [replace(one, occurrences=places)] if places else []
    return tuple(sorted(both, key=lambda one: (one.occurrences[0], one.id)))


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
