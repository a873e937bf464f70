"""Which binding a later read sees: pairs in which it is another must not be proved, their harmless neighbours must be."""

from collections.abc import Callable

import pytest
from verify.corpus import bare
from verify.pairs import A, Pair
from verify.pairs_late import IN_TIME, LATE
from verify.pairs_modules import MODULES
from verify.pairs_moments import MOMENTS
from verify.pairs_rebound import REBINDINGS
from verify.pairs_right import RIGHT_PAIRS
from verify.proving import PACKAGE, told

from nb2mod.stages.verify.proof import Proof, prove_bytes

WRONG_PAIRS = [*REBINDINGS, *MOMENTS, *MODULES, *LATE]
HARMLESS_PAIRS = [*RIGHT_PAIRS, *IN_TIME]


def alone(pair: Pair) -> Proof:
    """The proof without the plan."""
    made = pair.refactoring()
    return prove_bytes(bare(made.changes()), PACKAGE, made.source_root, made.read, notebooks=made.others)


def proved(proof: Proof, pair: Pair) -> bool:
    return any(path == A and name == pair.site for path, _, name in proof.evidence)


@pytest.mark.parametrize("pair", WRONG_PAIRS, ids=lambda pair: pair.name)
def test_another_binding_is_not_proved(pair: Pair) -> None:
    """With the plan: a finding, or no evidence. Without: the same."""
    planned = pair.refactoring().proof()
    assert planned.findings or not proved(planned, pair)
    without = alone(pair)
    assert without.findings or not proved(without, pair)


@pytest.mark.parametrize("pair", HARMLESS_PAIRS, ids=lambda pair: pair.name)
def test_the_same_binding_is_proved(pair: Pair) -> None:
    for proof in (pair.refactoring().proof(), alone(pair)):
        assert not proof.findings, told(proof)
        assert proved(proof, pair), proof.unsure


def test_what_is_not_certain_is_told(record_property: Callable[[str, object], None]) -> None:
    """Nothing is silently in between: each place that is not proved has a finding or a reason."""
    for pair in WRONG_PAIRS:
        proof = pair.refactoring().proof()
        assert proof.findings or all(proof.unsure.values()), pair.name
        assert proof.findings or proof.unsure, pair.name
    caught = sum(not proved(alone(pair), pair) or bool(alone(pair).findings) for pair in WRONG_PAIRS)
    score = f"later reads that see another binding: {caught}/{len(WRONG_PAIRS)} not proved"
    score += f"; {len(HARMLESS_PAIRS)} harmless neighbours proved"
    record_property("score", score)
    assert caught == len(WRONG_PAIRS) >= 160
    assert len(HARMLESS_PAIRS) >= 50
