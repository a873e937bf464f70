"""Every lift of the cases with one wrong value, name, argument or default: caught by the proof alone."""

import random
from collections import Counter
from collections.abc import Callable

import pytest
from verify.corpus import corpus
from verify.planted import Mutant
from verify.planting_lifts import lift_mutants

SAMPLE = 2  # wrong steps per extraction without --soak


def test_wrong_lifts_are_caught(request: pytest.FixtureRequest, record_property: Callable[[str, object], None]) -> None:
    """Caught: something is found against it, or a place that was proved is not any more."""
    tried: Counter[str] = Counter()
    escaped: list[str] = []
    lifted = 0
    for extracted in corpus():
        mutants = list(lift_mutants(extracted))
        if not mutants:
            continue
        lifted += 1
        known = set(extracted.proof_of_bytes().evidence)
        for mutant in mutants if request.config.getoption("--soak") else _some(mutants, extracted.name):
            made = mutant.make()
            if made is None:
                continue
            tried[mutant.kind] += 1
            found = extracted.proof_of_bytes(made.changes)
            if not found.findings and known <= set(found.evidence):
                escaped.append(f"{extracted.name}: {mutant.kind} ({mutant.where})")
    record_property(
        "score",
        f"wrong lifts caught: {tried.total() - len(escaped)}/{tried.total()} of {len(tried)} kinds, {lifted} cases",
    )
    assert not escaped, "\n".join(escaped)
    assert lifted


def _some(mutants: list[Mutant], name: str) -> list[Mutant]:
    """A few of each case: the kind is drawn first, so that rare kinds are not drowned."""
    draw = random.Random(name)
    kinds: dict[str, list[Mutant]] = {}
    for mutant in mutants:
        kinds.setdefault(mutant.kind, []).append(mutant)
    return [draw.choice(kinds[draw.choice(sorted(kinds))]) for _ in range(SAMPLE)]
