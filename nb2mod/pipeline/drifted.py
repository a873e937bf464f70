"""What a survey knows of definitions that resemble one of the package and differ from it now (NB106), and what a report says of
them. A package gets no second version of what it has unless a person says so.
"""

from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b

from msgspec import Struct
from msgspec.structs import replace

from nb2mod.model import Candidate, Contrast, Member, Occurrence, Reason, Target, Verdict

DRIFTED = "NB106"
_NEAR_MISS = 3  # clone type
_NEARLY = 0.99


class Drift(Struct, frozen=True):
    """One definition of a notebook beside that of the package which it resembles. `why` it is not to become one with that;
    None where the package's can get the parameters that make them one.
    """

    target: Target
    why: Reason | None
    similarity: float
    contrasts: tuple[Contrast, ...] = ()
    advice: str = ""


def share(similarity: float) -> float:
    """How much is alike, in hundredths; 1 is kept for copies of one text."""
    return 1.0 if similarity >= 1 else min(round(similarity, 2), _NEARLY)


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
    if one.existing == drift.target:
        return _as_it_stands(one, drifts)
    return replace(
        one,
        code=DRIFTED,
        clone_type=_NEAR_MISS,
        similarity=share(drift.similarity),
        contrasts=drift.contrasts,
        advice=drift.advice,
        drifted=drift.target,
    )


def _as_it_stands(one: Candidate, drifts: Mapping[Member, Drift]) -> Candidate:
    """Without these reasons, where what it becomes with its parameters is what the package has: that is imported, and no more."""
    gone = reasons({member: drifts[member] for member in one.members if member in drifts}).values()
    left = tuple(reason for reason in one.reasons if reason not in gone)
    free = one.verdict is Verdict.REVIEW and all(reason.effect != "review" for reason in left)
    return replace(one, reasons=left, verdict=Verdict.EXTRACT if free else one.verdict)


def apart(one: Candidate, drifts: Mapping[tuple[str, int, int], Drift]) -> Iterator[Candidate]:
    """A candidate of near copies that stay anyway, each beside the package's: one for each way to differ from that. `drifts` by
    path, cell number and first line.
    """
    ways: dict[str, list[tuple[Occurrence, Drift | None]]] = {}
    for each in one.occurrences if one.code == DRIFTED else ():
        drift = drifts.get(_at(each))
        ways.setdefault(_way(drift) if drift else "", []).append((each, drift))
    if not any(ways):
        yield one
        return
    for way, found in ways.items():
        part = one if len(ways) == 1 else _part(one, tuple(each for each, _ in found), way)
        drift = found[0][1]
        yield _lone(part, drift) if drift and way else part


def _way(drift: Drift) -> str:
    """In what a copy differs from the package's, wherever it stands; "" where it can become one with that."""
    if drift.why is None:
        return ""
    shown = [(one.what, one.left_lines, one.right_lines) for one in drift.contrasts]
    return f"{drift.target} {drift.why.message} {shown}"


def _part(one: Candidate, places: tuple[Occurrence, ...], what: str) -> Candidate:
    """Some of its copies, by themselves."""
    names = [each.name for each in places]
    name = max(sorted(set(names)), key=names.count)
    content = blake2b(f"{one.content} {name} {what}".encode(errors="surrogatepass"), digest_size=4).hexdigest()
    notebooks = len({each.path for each in places})
    return replace(
        one,
        id=f"{name}-{content}x",
        name=name,
        content=content,
        occurrences=places,
        places=min(one.places, notebooks),
    )


def _lone(one: Candidate, drift: Drift) -> Candidate:
    assert drift.why is not None
    others = tuple(reason for reason in one.reasons if reason.code not in (drift.why.code, "NB372", "NB373", "NB374"))
    return replace(
        one,
        reasons=(drift.why, *others),
        similarity=share(drift.similarity),
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
