"""The verifier is verified: wrong refactorings, one wrong step each, must all be caught; harmless ones must all pass."""

from collections.abc import Callable

import pytest
from verify.harmless import HARMLESS
from verify.proving import told
from verify.seeds import Seed
from verify.wrong import WRONG

Record = Callable[[str, object], None]


@pytest.mark.parametrize("seed", HARMLESS, ids=lambda seed: seed.name)
def test_harmless_is_proved(seed: Seed, record_property: Record) -> None:
    refactoring = seed.planted()
    proof = refactoring.proof()
    record_property("tally", ("harmless refactorings written by hand", {"proved": (int(not proof.findings), 1)}))
    assert not proof.findings, told(proof)
    sites = {(site.path, site.cell, site.name) for each in refactoring.plan().extractions for site in each.sites}
    assert set(proof.evidence) == sites
    assert set(proof.evidence.values()) == {"proved"}


@pytest.mark.parametrize("seed", WRONG, ids=lambda seed: seed.name)
def test_wrong_is_caught(seed: Seed, record_property: Record) -> None:
    proof = seed.planted().proof()
    record_property("tally", ("wrong refactorings written by hand", {"caught": (int(bool(proof.findings)), 1)}))
    assert seed.check in {finding.check for finding in proof.findings}, told(proof) or "a wrong refactoring was proved"
