"""Copies that join no class: why, where they differ from the nearest other, and the smallest change that would help."""

import ast
from collections import Counter
from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from nb2mod.model import Apart, Contrast, Copy, Reason
from nb2mod.stages.unify import saying
from nb2mod.stages.unify.classes import Trial, differences, tried
from nb2mod.stages.unify.contrasting import Gap, gaps_of, head_span, labels_of, resemblance, statement_of
from nb2mod.stages.unify.grouping import MOST, Group
from nb2mod.stages.unify.holes import OTHER_IMPORT, Hole, is_steady
from nb2mod.stages.unify.ordering import Crossing, crossing_of, reordered
from nb2mod.stages.unify.pairing import Pair, first_of, paired
from nb2mod.stages.unify.sources import Source
from nb2mod.stages.unify.terms import Term

_CONTRASTS = 5
_COMPARED = 200  # of a larger class the heaviest: a look at all pairs takes the square of their number


def apart_of(
    alone: Sequence[Source],
    trials: Sequence[Trial],
    refused: Mapping[int, str],
    copies: Sequence[Copy],
) -> tuple[Apart, ...]:
    """What keeps each of these sources apart, one by one; two that are nearest to each other are told as one."""
    everything = [source for trial in trials for source in trial.sources]
    labels = {id(source): labels_of(source.read.term, source) for source in everything}
    nearest = {id(source): _nearest(source, everything, labels) for source in alone}
    classes = {id(source): trial for trial in trials for source in trial.sources}
    found = []
    told: set[int] = set()
    for source in alone:
        if id(source) in told:
            continue
        other = nearest[id(source)]
        if other is None:
            found.append(_single(source, copies))
            continue
        mutual = nearest.get(id(other)) is source
        told.update((id(source), id(other)) if mutual else ())
        found.append(_apart(source, other, classes[id(other)], copies, both=mutual))
    return (*found, *_refused(refused, copies))


def _nearest(source: Source, others: Sequence[Source], labels: Mapping[int, Counter[str]]) -> Source | None:
    """The source that is likest; of equals the heaviest."""
    found = [other for other in others[:_COMPARED] if other is not source]
    return min(found, key=lambda one: (-resemblance(labels[id(source)], labels[id(one)]), one.rank), default=None)


def _apart(source: Source, other: Source, trial: Trial, copies: Sequence[Copy], *, both: bool) -> Apart:
    indexes = tuple(sorted((*source.copies, *(other.copies if both else ()))))
    pair = paired(other, source, copies, either=both)
    left, right = pair.left, pair.right
    if moved := reordered(left, right):
        contrast = pair.contrast("the statements stand in another order", *moved)
        advice = saying.same_order(contrast.right, contrast.left)
        return _told(pair, indexes, "NB372", contrast.what, (contrast,), advice)
    found = differences(left, right)
    if any(one.path is None for one in found):
        return _structural(pair, indexes)
    if crossing := crossing_of(left, right):
        return _crossed(pair, indexes, crossing)
    alone = tried((left, right), [one.path for one in found if one.path is not None])
    if alone.blocked:
        return _blocked(pair, indexes, alone.blocked)
    if alone.many:
        return _many(pair, indexes, alone.many)
    if alone.unnamed:
        why = f"a value {alone.unnamed}"
        holes = [group.holes[0] for group in alone.groups if group.kind != "default"] or [alone.groups[0].holes[0]]
        advice = f"take `**` out of the signature, and name what it brings; or {_hole_advice(pair, holes[:1])}"
        return _told(pair, indexes, "NB373", why, _hole_contrasts(pair, holes), advice)
    seed = trial.sources[0]
    if crossing := crossing_of(seed, source):
        pair = paired(seed, source, copies, either=False)
        return _crossed(pair, indexes, crossing if pair.left is seed else crossing_of(source, seed) or crossing)
    return _beside_class(pair, indexes, trial)


def _crossed(pair: Pair, indexes: tuple[int, ...], crossing: Crossing) -> Apart:
    """Merged, one of the names would stand for what the other copy calls otherwise."""
    what = "the names stand for each other's values"
    contrast = pair.contrast(what, crossing.left_span, crossing.right_span)
    why = f"{what}: what is `{crossing.name}` in one copy is `{crossing.there}` in the other, and both have a name of these"
    advice = saying.called_alike(crossing.there, crossing.name, contrast.right, contrast.left)
    return _told(pair, indexes, "NB373", why, (contrast,), advice)


def _structural(pair: Pair, indexes: tuple[int, ...]) -> Apart:
    """Statements, or parts of them that are no expression."""
    gaps = gaps_of(pair.left, pair.right)
    if not gaps:
        why = "variables stand for each other in one copy and not in the other"
        return _told(pair, indexes, "NB372", why, (), "call the variables alike in both")
    contrasts = tuple(pair.contrast(_what(gap), gap.left_span, gap.right_span) for gap in gaps[:_CONTRASTS])
    advice = _advice(pair, gaps)
    if any(_is_statement(gap) for gap in gaps):
        # The same words for all: a report puts those together. Which and where is in the contrasts.
        return _told(pair, indexes, "NB372", "whole statements differ from the nearest copy", contrasts, advice)
    if isinstance(pair.left.read.node, ast.ClassDef):
        return _told(pair, indexes, "NB373", f"classes take no parameter here: {_what(gaps[0])}", contrasts, advice)
    barrier = gaps[0].left.barrier if gaps[0].left else ""
    why = f"; {barrier}, where no parameter can stand" if barrier else ", which can't be a parameter"
    return _told(pair, indexes, "NB373", f"{_what(gaps[0])}{why}", contrasts, advice)


def _blocked(pair: Pair, indexes: tuple[int, ...], holes: Sequence[Hole]) -> Apart:
    """Expressions that no parameter can stand for: each with its row."""
    contrasts = _hole_contrasts(pair, holes)
    reasons = []
    for hole in holes[:_CONTRASTS]:
        texts = [pair.text(hole.terms[side], left=side == 0) for side in (0, 1)]
        theirs = _has_own_names(hole.terms[0]) and not _has_own_names(hole.terms[1])
        why = saying.why_other_blocked(hole, texts[0], texts[1]) if theirs else saying.why_blocked(hole, texts[1])
        if targets := _imports(pair, hole):
            why = saying.another_import(texts[0], texts[1], *targets)
        reasons.append(Reason("NB373", why, "blocks", pair.place(hole.terms[1].span, left=False)))
    return Apart(indexes, tuple(dict.fromkeys(reasons)), contrasts, _hole_advice(pair, holes))


def _imports(pair: Pair, hole: Hole) -> tuple[str, str] | None:
    """What two names that import different things stand for; None where a hole is something else."""
    if not hole.why.endswith(OTHER_IMPORT):
        return None
    names = [term.binding[1] if term.binding else "" for term in hole.terms[:2]]
    meanings = [side.meanings.get(name) for side, name in zip((pair.left, pair.right), names, strict=True)]
    left, right = (
        one.bound[-1].binding.target if one and one.bound else one.key.rpartition(":")[2] if one else name
        for one, name in zip(meanings, names, strict=True)
    )
    return left, right


def _has_own_names(term: Term) -> bool:
    """Whether it reads or binds names that only the function knows."""
    return bool(term.local_names()) or any(inner.scope >= 0 for inner in term.walk())


def _many(pair: Pair, indexes: tuple[int, ...], groups: Sequence[Group]) -> Apart:
    """More values differ than a function gets new parameters."""
    holes = [group.holes[0] for group in groups if group.kind != "default"]
    over = len(holes) - MOST
    what = "one more than" if over == 1 else f"{over} more than"
    message = f"{len(holes)} values differ, {what} the {MOST} that a function gets as new parameters"
    here, there = pair.place(holes[0].terms[1].span, left=False), pair.place(holes[0].terms[0].span, left=True)
    advice = saying.as_there(_statement_text(pair, holes[0]), there, here)
    rest = "" if over == 1 else f", and {over - 1} more of the values that differ"
    return _told(pair, indexes, "NB374", message, _hole_contrasts(pair, holes), advice + rest)


def _beside_class(pair: Pair, indexes: tuple[int, ...], trial: Trial) -> Apart:
    """Nothing keeps the two apart but the copies that the nearest one goes with: what it comes to with them."""
    swapped = pair.right in trial.sources and pair.left not in trial.sources
    here, there = (pair.left, pair.right) if swapped else (pair.right, pair.left)
    members = [*(source for source in trial.sources if source is not here), here]
    paths = [one.path for source in members[1:] for one in differences(members[0], source) if one.path is not None]
    together = tried(members, paths)
    other = next((number for number, source in enumerate(members) if source is there), 0)

    def seen(hole: Hole) -> Hole:
        terms = hole.terms[other], hole.terms[-1]
        return replace(hole, terms=terms[::-1] if swapped else terms)

    if together.blocked:
        return _blocked(pair, indexes, [seen(hole) for hole in together.blocked])
    if together.many:
        return _many(pair, indexes, [Group(tuple(map(seen, group.holes))) for group in together.many])
    message = "what it becomes with parameters could not be shown to be what it was"
    return _told(pair, indexes, "NB373", message, (), "")


def _told(
    pair: Pair, indexes: tuple[int, ...], code: str, message: str, contrasts: tuple[Contrast, ...], advice: str
) -> Apart:
    place = contrasts[0].right if contrasts else pair.here.place
    return Apart(indexes, (Reason(code, message, "blocks", place),), contrasts, advice)


def _advice(pair: Pair, gaps: Sequence[Gap]) -> str:
    """The change of the first place, and how many more there are."""
    gap = gaps[0]
    here, there = pair.place(gap.right_span, left=False), pair.place(gap.left_span, left=True)
    more = f"; {len(gaps) - 1} more {'place differs' if len(gaps) == 2 else 'places differ'}" if len(gaps) > 1 else ""
    left, right = (
        "\n".join(pair.lines(span, left=side)) for span, side in ((gap.left_span, True), (gap.right_span, False))
    )
    if gap.left and gap.right and (_in_class(gap.left) or _in_class(gap.right)):
        return f"make what differs an argument of the class's `__init__`, in {saying.placed(here)}{more}"
    if told := saying.parameter_more(gap.left, gap.right, there, here, fixed=pair.left.fixed):
        return told + more
    if gap.left is None:
        return (saying.out_of(right, here) if pair.left.fixed else saying.taken_out(right, here, there)) + more
    if gap.right is None:
        return (saying.put_into(left, here, there) if pair.left.fixed else saying.taken_out(left, there, here)) + more
    return saying.as_there(left, there, here) + more


def _hole_advice(pair: Pair, holes: Sequence[Hole]) -> str:
    hole = holes[0]
    here, there = pair.place(hole.terms[1].span, left=False), pair.place(hole.terms[0].span, left=True)
    left, right = pair.text(hole.terms[0], left=True), pair.text(hole.terms[1], left=False)
    more = (
        f"; {len(holes) - 1} more {'place differs' if len(holes) == 2 else 'places differ'}" if len(holes) > 1 else ""
    )
    if left == right and (targets := _imports(pair, hole)):
        return saying.import_alike(left, targets[0], here) + more
    # A function of the package gets no parameter without a default: a name above the definitions would be one.
    steady = not pair.left.fixed and all(
        is_steady(term, source) for term, source in zip(hole.terms, (pair.left, pair.right), strict=False)
    )
    return saying.advice_for(hole, _statement_text(pair, hole), left, right, there, here, steady=steady) + more


def _hole_contrasts(pair: Pair, holes: Sequence[Hole]) -> tuple[Contrast, ...]:
    """One for each statement, whatever number of holes it has."""
    found: dict[object, list[Contrast]] = {}
    for hole in holes:
        one = _hole_contrast(pair, hole)
        found.setdefault((one.left, one.right), []).append(one)
    merged = [
        same[0] if len(same) == 1 else replace(same[0], what=f"{len(same)} values differ") for same in found.values()
    ]
    return tuple(merged[:_CONTRASTS])


def _hole_contrast(pair: Pair, hole: Hole) -> Contrast:
    spans = [
        head_span(_around(source, hole), source) if len(hole.path) > 1 else hole.terms[number].span
        for number, source in enumerate((pair.left, pair.right))
    ]
    return pair.contrast(saying.what_differs(*hole.terms[:2]), spans[0], spans[1])


def _around(source: Source, hole: Hole) -> Term:
    chain = [source.read.term]
    for index in hole.path:
        chain.append(chain[-1].kids[index])
    return statement_of(chain)


def _statement_text(pair: Pair, hole: Hole) -> str:
    return "\n".join(pair.lines(head_span(_around(pair.left, hole), pair.left), left=True))


def _what(gap: Gap) -> str:
    if gap.left is None or gap.right is None:
        return "the statement stands in one copy only"
    return saying.what_differs(gap.left, gap.right)


def _is_statement(gap: Gap) -> bool:
    terms = (gap.left, gap.right)
    return any(term is None or (term.is_statement and term.role != "root") for term in terms)


def _in_class(term: Term | None) -> bool:
    return term is not None and "class" in term.barrier


def _single(source: Source, copies: Sequence[Copy]) -> Apart:
    place = first_of(source, copies).place
    return Apart(source.copies, (Reason("NB372", "no other copy can be compared with it", "blocks", place),))


def _refused(refused: Mapping[int, str], copies: Sequence[Copy]) -> list[Apart]:
    """Copies that are no function that could be compared: classes, and what can't be read."""
    found = []
    for why in sorted(set(refused.values())):
        indexes = tuple(index for index in sorted(refused) if refused[index] == why)
        first = min(indexes, key=lambda index: copies[index].place)
        found.append(Apart(indexes, (Reason("NB373", why, "blocks", copies[first].place),)))
    return found
