"""STAGE: near-miss copies → one function with parameters, or why not. Text in, values out; nothing is known of notebooks here."""

from collections.abc import Sequence

from nb2mod.model import Copy, Unification, Unified
from nb2mod.stages.unify.apart import apart_of
from nb2mod.stages.unify.classes import Trial, classes_of
from nb2mod.stages.unify.copies import copy_of
from nb2mod.stages.unify.notes import notes_of
from nb2mod.stages.unify.saying import placed
from nb2mod.stages.unify.sources import sources_of
from nb2mod.stages.unify.uncertain import why_uncertain

__all__ = ["copy_of", "placed", "unify", "why_uncertain"]


def unify(copies: Sequence[Copy]) -> Unification:
    """Which of the copies one function can stand for, and the parameters of each; the others, and what keeps them apart.

    Pure; never raises for what the copies hold. The same for every order of the copies. Classes come heaviest first. What is
    returned has passed its check: with the parameters all copies of a class have one shape, and a copy's own values give it back.
    """
    sources, refused = sources_of(copies)
    trials = list(classes_of(sources))
    joined = [trial for trial in trials if sum(len(source.copies) for source in trial.sources) > 1]
    alone = [trial.sources[0] for trial in trials if trial not in joined]
    return Unification(tuple(_unified(trial, copies) for trial in joined), apart_of(alone, trials, refused, copies))


def _unified(trial: Trial, copies: Sequence[Copy]) -> Unified:
    pairs = sorted(
        (index, own) for source, own in zip(trial.sources, trial.parameters, strict=True) for index in source.copies
    )
    return Unified(tuple(index for index, _ in pairs), tuple(own for _, own in pairs), notes_of(trial, copies))
