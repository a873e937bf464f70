"""What a survey knows of definitions that resemble one of the package and differ from it now (NB106), and what a report says of
them. A package gets no second version of what it has unless a person says so.
"""

from collections.abc import Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from nb2mod.model import Candidate, Contrast, Member, Occurrence, Reason, Target, Verdict

DRIFTED = "NB106"
_NEAR_MISS = 3  # clone type


class Drift(Struct, frozen=True):
    """One definition of a notebook beside that of the package which it resembles. `why` it is not to become one with that;
    None where the package's can get the parameters that make them one.
    """

    target: Target
    why: Reason | None
    similarity: float
    contrasts: tuple[Contrast, ...] = ()
    advice: str = ""


def reasons(drifts: Mapping[Member, Drift]) -> dict[Member, Reason]:
    """What keeps each from moving beside the package's without a yes."""
    return {
        member: Reason(DRIFTED, drift.why.message, "review", drift.why.location)
        for member, drift in drifts.items()
        if drift.why is not None
    }


def told(candidates: Sequence[Candidate], drifts: Mapping[Member, Drift]) -> tuple[Candidate, ...]:
    """The candidates; each that has drifted beside what it drifted from."""
    return tuple(_told(one, drifts) for one in candidates) if drifts else tuple(candidates)


def _told(one: Candidate, drifts: Mapping[Member, Drift]) -> Candidate:
    drift = next((drifts[member] for member in one.members if member in drifts), None)
    if drift is None or one.verdict is Verdict.BELOW:
        return one
    if drift.why is None:
        return replace(one, contrasts=drift.contrasts) if one.code == DRIFTED else one
    return replace(
        one,
        code=DRIFTED,
        clone_type=_NEAR_MISS,
        similarity=drift.similarity,
        contrasts=drift.contrasts,
        advice=drift.advice,
        drifted=drift.target,
    )


def lone(one: Candidate, drifts: Mapping[tuple[str, int, int], Drift]) -> Candidate:
    """A candidate of near copies that stay anyway, beside the package's; `drifts` by path, cell number and first line."""
    drift = next((drifts[_at(each)] for each in one.occurrences if _at(each) in drifts), None)
    if one.code != DRIFTED or drift is None or drift.why is None:
        return one
    others = tuple(reason for reason in one.reasons if reason.code not in (drift.why.code, "NB372", "NB373", "NB374"))
    return replace(
        one,
        reasons=(drift.why, *others),
        contrasts=drift.contrasts,
        advice=drift.advice,
        drifted=drift.target,
    )


def once(staying: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """Candidates that stay, without those whose copies another one tells as drifted already."""
    told: set[Occurrence] = set()
    kept: set[int] = set()
    for number, one in sorted(enumerate(staying), key=lambda item: -len(item[1].occurrences)):
        if one.drifted is None or not told.issuperset(one.occurrences):
            kept.add(number)
            told.update(one.occurrences if one.drifted else ())
    return tuple(one for number, one in enumerate(staying) if number in kept)


def _at(one: Occurrence) -> tuple[str, int, int]:
    return one.path, one.cell, one.line
