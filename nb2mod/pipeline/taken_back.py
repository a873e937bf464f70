"""What was to move until the proof found against it, or against what it moves with: told, each copy once, and never left out."""

from collections.abc import Iterable, Iterator, Sequence

from msgspec.structs import replace

from nb2mod.model import Candidate, Location, Occurrence, PlanResult, Reason, Verdict

PROOF = "NB390"
_MOVED_WITH = "was to move with what the proof failed for, and stays with it"

_ByPath = dict[str, list[Occurrence]]
Settled = tuple[tuple[Candidate, ...], PlanResult]


def with_taken_back(first: Settled, last: Settled) -> tuple[Candidate, ...]:
    """The candidates of the `last` plan, and of the `first`, which nothing was taken out of, those that are told nowhere else."""
    if first[1] is last[1]:
        return last[0]
    moving = _by_path(each for _, each in _moving(last))
    lost = [(one, each) for one, each in _moving(first) if not _overlaps(each, moving)]
    if not lost:
        return last[0]
    gone = _by_path(each for _, each in lost)
    told = [_told(one, gone) for one in last[0]]
    known = _by_path(each for one in told for each in one.occurrences)
    left: dict[str, tuple[Candidate, list[Occurrence]]] = {}
    for one, each in lost:
        if not _overlaps(each, known):
            left.setdefault(one.id, (one, []))[1].append(each)
    told += [_left(one, places) for one, places in left.values()]
    return tuple(sorted(told, key=lambda one: (one.occurrences[0], one.id)))


def _moving(settled: Settled) -> Iterator[tuple[Candidate, Occurrence]]:
    candidates, planned = settled
    ids = {one.candidate for one in planned.plan.extractions}
    return ((one, each) for one in candidates if one.id in ids for each in one.occurrences)


def _told(one: Candidate, gone: _ByPath) -> Candidate:
    """A candidate that stays, with the reason why it was to move and does not."""
    mine = [each for each in one.occurrences if _overlaps(each, gone)]
    if not mine or any(reason.code == PROOF for reason in one.reasons):
        return one
    effect = "note" if one.verdict is Verdict.BELOW else "blocks"
    verdict = Verdict.BLOCKED if one.verdict.moves else one.verdict
    return replace(one, verdict=verdict, reasons=(*one.reasons, _reason(mine[0], effect)))


def _left(one: Candidate, places: Sequence[Occurrence]) -> Candidate:
    """What is no candidate any more, now that nothing is made of it."""
    return replace(
        one,
        verdict=Verdict.BLOCKED,
        reasons=(_reason(places[0], "blocks"),),
        members=(),
        occurrences=tuple(places),
        arguments=(),
        calls=(),
        target=None,
    )


def _reason(place: Occurrence, effect: str) -> Reason:
    return Reason(PROOF, _MOVED_WITH, effect, Location(place.path, place.cell, place.line, place.cell_id))


def _by_path(found: Iterable[Occurrence]) -> _ByPath:
    places: _ByPath = {}
    for each in found:
        places.setdefault(each.path, []).append(each)
    return places


def _overlaps(one: Occurrence, others: _ByPath) -> bool:
    """Whether it has a line in common with one of the others."""
    start, end = _span(one)
    return any(start <= last and first <= end for first, last in map(_span, others.get(one.path, ())))


def _span(one: Occurrence) -> tuple[tuple[int, int], tuple[int, int]]:
    return (one.cell, one.line), (one.end_cell or one.cell, one.end_line)
