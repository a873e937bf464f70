"""STAGE: classes of copies → candidates with a verdict and its reasons. One file per hazard check; one reader of the threshold.

When code moves, unknown means blocked: a definition that depends on something blocked is blocked with it.
"""

from collections.abc import Mapping, Sequence

from nb2mod.config import Config
from nb2mod.model import (
    Candidate,
    CloneClass,
    CopiedNotebooks,
    Environment,
    Features,
    Member,
    Names,
    NotebookStage,
    Reason,
    Verdict,
)
from nb2mod.stages.decide.meaning import MeaningSource
from nb2mod.stages.decide.parts import Given, Part, split
from nb2mod.stages.decide.seen import why_apart
from nb2mod.stages.decide.threshold import copy_groups
from nb2mod.stages.decide.verdicts import Court
from nb2mod.stages.decide.whole import block_measured, measured, whole

__all__ = ["Given", "block_measured", "decide", "measured", "whole", "why_apart"]


_NOTHING = Given()


def decide(
    classes: Sequence[CloneClass],
    features: Sequence[Features],
    names: Mapping[int, Names],
    meanings: MeaningSource,
    copied: Sequence[CopiedNotebooks],
    config: Config,
    environment: Environment,
    rejected: Mapping[Member, Reason] | None = None,
    modules: Mapping[str, str] | None = None,
    told: Mapping[Member, Sequence[Reason]] | None = None,
    stages: Mapping[str, NotebookStage] | None = None,
    given: Given = _NOTHING,
) -> tuple[Candidate, ...]:
    """A verdict for every definition that stands in two places, and for the helpers they need.

    `rejected` are copies that a later stage could not place or prove: they are blocked with that reason, and what depends on
    them too. `modules` gives the import name of each of the package's files. `told` is what is known of copies beforehand,
    `stages` what each notebook's path says of its stage: without it, all are exploratory. `given`: which got parameters.
    """
    court = Court(
        features, names, meanings, config, environment, rejected or {}, modules or {}, told or {}, stages or {}, given
    )
    families = [split(clones, features, names, meanings.key, given) for clones in classes]
    parts = [part for family in families for part in family]
    parts.sort(key=lambda part: min((*part.members, *part.package)))
    court.index(parts)
    groups = copy_groups(copied, config)
    candidates: list[Candidate] = []
    past: list[Part] = []
    apart: set[Member] = set()
    for family in families:
        for joined, reasons in court.differing_values(family, groups):
            candidates.append(court.candidate(joined, joined.members, Verdict.BLOCKED, reasons, groups))
            apart.update(joined.members)
    for part in parts:
        if not part.members or part.members[0] in apart:
            continue
        alone = len(part.members) + len(part.package) < 2
        if alone and court.is_block(part) and not court.moves_alone(part):
            continue
        short = court.shortfall(part, groups)
        if alone and short:
            continue
        if short:
            candidates.append(court.candidate(part, part.members, Verdict.BELOW, short, groups))
        else:
            past.append(part)
    court.judge(past)
    below = {candidate.id: candidate for candidate in candidates}
    for part in past:
        for candidate in court.verdicts(part, groups):
            below.pop(candidate.id, None)
            candidates.append(candidate)
    moving = {need.candidate for c in candidates if c.verdict.moves for need in c.needs if need.candidate}
    candidates = [c for c in candidates if c.id not in moving or c.verdict.moves]
    have = {candidate.id for candidate in candidates}
    candidates += court.companions(moving - have, candidates, groups)
    candidates += court.unclear(families, candidates, groups)
    return tuple(sorted(candidates, key=lambda candidate: (candidate.occurrences[0], candidate.id)))
