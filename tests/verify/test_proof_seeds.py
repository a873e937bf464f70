"""The verifier is verified: wrong refactorings, one wrong step each, must all be caught; harmless ones must all pass."""

from collections.abc import Callable

import pytest
from verify.harmless import HARMLESS
from verify.proving import told
from verify.seeds import Seed
from verify.wrong import WRONG


@pytest.mark.parametrize("seed", HARMLESS, ids=lambda seed: seed.name)
def test_harmless_is_proved(seed: Seed) -> None:
    refactoring = seed.planted()
    proof = refactoring.proof()
    assert not proof.findings, told(proof)
    sites = {(site.path, site.cell, site.name) for each in refactoring.plan().extractions for site in each.sites}
    assert set(proof.evidence) == sites
    assert set(proof.evidence.values()) == {"proved"}


@pytest.mark.parametrize("seed", WRONG, ids=lambda seed: seed.name)
def test_wrong_is_caught(seed: Seed) -> None:
    proof = seed.planted().proof()
    assert seed.check in {finding.check for finding in proof.findings}, told(proof) or "a wrong refactoring was proved"


def test_score(record_property: Callable[[str, object], None]) -> None:
    caught = sum(bool(seed.planted().proof().findings) for seed in WRONG)
    passed = sum(not seed.planted().proof().findings for seed in HARMLESS)
    score = f"wrong refactorings caught: {caught}/{len(WRONG)}; harmless ones proved: {passed}/{len(HARMLESS)}"
    record_property("score", score)
    assert (caught, passed) == (len(WRONG), len(HARMLESS))
