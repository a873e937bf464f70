"""Every extraction of the cases with one wrong step: caught by the proof alone. And with one harmless step: still proved."""

import random
from collections import Counter
from collections.abc import Callable

import pytest
from verify.corpus import Extracted, bare, corpus
from verify.planted import Mutant
from verify.planting import mutants
from verify.variations import variations

PARTS = 2  # so that several workers share the work
SAMPLE = 2  # wrong steps, and harmless ones, per extraction without --soak


def chosen(extracted: Extracted, everything: bool) -> list[Mutant]:
    """All of them, or a few of each extraction: the kind is drawn first, so that rare kinds are not drowned."""
    found = list(mutants(extracted))
    if everything:
        return found
    draw = random.Random(extracted.name)
    kinds: dict[str, list[Mutant]] = {}
    for mutant in found:
        kinds.setdefault(mutant.kind, []).append(mutant)
    return [draw.choice(kinds[draw.choice(sorted(kinds))]) for _ in range(SAMPLE)] if kinds else []


@pytest.mark.parametrize("part", range(PARTS))
def test_mutants_are_caught(
    part: int, request: pytest.FixtureRequest, record_property: Callable[[str, object], None]
) -> None:
    """Caught: something is found against it, or a place that was proved is not any more."""
    everything = bool(request.config.getoption("--soak"))
    tried: Counter[str] = Counter()
    escaped: list[str] = []
    for extracted in corpus()[part::PARTS]:
        proofs = extracted.proof, extracted.proof_of_bytes
        # A plan that says that docstrings or annotations are not kept allows any; so does a function that was no function before.
        planned = extracted.plan.extractions
        allows = any(each.ignored or any(site.call for site in each.sites) for each in planned)
        known = [set(proof().evidence) for proof in proofs]
        for mutant in chosen(extracted, everything):
            made = mutant.make()
            if made is None or (made.layout and allows):
                continue
            tried[mutant.kind] += 1
            for proof, proved in zip(proofs[: 1 if made.layout else 2], known, strict=False):
                found = proof(made.changes)
                if not found.findings and proved <= set(found.evidence):
                    escaped.append(f"{extracted.name}: {mutant.kind} ({mutant.where}), {proof.__name__}")
    caught = tried.total() - len({line.rpartition(",")[0] for line in escaped})
    score = f"wrong steps in real extractions caught, part {part + 1} of {PARTS}: {caught}/{tried.total()}"
    record_property("score", f"{score} of {len(tried)} kinds")
    assert not escaped, "\n".join(escaped)


@pytest.mark.parametrize("part", range(PARTS))
def test_variations_are_proved(
    part: int, request: pytest.FixtureRequest, record_property: Callable[[str, object], None]
) -> None:
    """What runs the same is proved as before, from the bytes alone: comments, quotes, layout, order of imports, spelling."""
    everything = bool(request.config.getoption("--soak"))
    tried = 0
    lost: list[str] = []
    for extracted in corpus()[part::PARTS]:
        proved = set(extracted.proof_of_bytes().evidence)
        found_here = list(variations(extracted))
        if not everything:
            found_here = random.Random(extracted.name).sample(found_here, min(SAMPLE, len(found_here)))
        for name, changes in found_here:
            tried += 1
            found = extracted.proof_of_bytes(changes)
            if found.findings or set(found.evidence) != proved:
                why = "; ".join([*(each.message for each in found.findings), *found.unsure.values()])
                lost.append(f"{extracted.name}: {name}: {why}")
    record_property(
        "score",
        f"harmless variations of real extractions proved, part {part + 1} of {PARTS}: {tried - len(lost)}/{tried}",
    )
    assert not lost, "\n".join(lost)


@pytest.mark.parametrize("part", range(PARTS))
def test_bytes_alone_are_enough(part: int) -> None:
    """Without the plan the same places are proved, and no others; the plan's record adds nothing to believe."""
    for extracted in corpus()[part::PARTS]:
        planned, alone = extracted.proof(), extracted.proof_of_bytes(bare(extracted.changes))
        assert alone.findings == (), extracted.name
        assert (alone.evidence, alone.unsure) == (planned.evidence, planned.unsure), extracted.name
