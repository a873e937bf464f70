"""Definitions that got parameters: calls that hand in what stood there are proved, near neighbours that don't are not."""

import random
from collections import Counter
from collections.abc import Callable

import pytest
from verify.corpus import bare
from verify.lifts_decorated import RIGHT_DECORATED, WRONG_DECORATED
from verify.lifts_drift import RIGHT_DRIFTS, WRONG_DRIFTS, refactoring
from verify.lifts_kept import RIGHT_KEPT, WRONG_KEPT
from verify.lifts_programs import behaves, program
from verify.lifts_right import RIGHT_LIFTS
from verify.lifts_runs import RIGHT_RUNS
from verify.lifts_seeded import TIGHT, plain, seeds
from verify.lifts_wrong import WRONG_CALLS
from verify.lifts_wrong_bodies import WRONG_BODIES
from verify.lifts_wrong_runs import WRONG_RUNS
from verify.lifts_wrong_state import WRONG_STATE
from verify.pairs import Pair
from verify.proving import PACKAGE, told
from verify.test_pairs import alone, proved

from nb2mod.stages.verify.proof import Proof, prove_bytes

WRONG_LIFTS = [*WRONG_CALLS, *WRONG_BODIES, *WRONG_STATE, *WRONG_RUNS, *WRONG_DECORATED, *WRONG_KEPT]
SEEDS = 5  # wrong steps per pair without --soak
PROGRAMS, MANY = 300, 20_000
Record = Callable[[str, object], None]


@pytest.mark.parametrize("pair", [*RIGHT_LIFTS, *RIGHT_DECORATED, *RIGHT_KEPT, *RIGHT_RUNS], ids=lambda pair: pair.name)
def test_a_call_that_hands_in_what_stood_there_is_proved(pair: Pair, record_property: Record) -> None:
    for proof in (pair.refactoring().proof(), alone(pair)):
        record_property("tally", ("lifted definitions", {"proved": (int(not proof.findings), 1)}))
        assert not proof.findings, told(proof)
        assert proved(proof, pair), proof.unsure


@pytest.mark.parametrize("pair", WRONG_LIFTS, ids=lambda pair: pair.name)
def test_a_call_that_hands_in_something_else_is_not_proved(pair: Pair, record_property: Record) -> None:
    for proof in (pair.refactoring().proof(), alone(pair)):
        caught = bool(proof.findings) or not proved(proof, pair)
        record_property("tally", ("wrong lifts by hand", {"caught": (int(caught), 1)}))
        assert caught
        assert proof.findings or all(proof.unsure.values())


def drifts(pair: Pair) -> tuple[Proof, Proof]:
    """With the plan and without it."""
    made = refactoring(pair)
    changes = made.changes()
    return made.proof(), prove_bytes(bare(changes), PACKAGE, made.source_root, made.read, notebooks=made.others)


@pytest.mark.parametrize("pair", RIGHT_DRIFTS, ids=lambda pair: pair.name)
def test_a_function_of_the_package_that_got_a_parameter_is_what_it_was(pair: Pair) -> None:
    for proof in drifts(pair):
        assert not proof.findings, told(proof)
        assert proved(proof, pair), proof.unsure


@pytest.mark.parametrize("pair", WRONG_DRIFTS, ids=lambda pair: pair.name)
def test_a_function_of_the_package_that_became_another_is_told(pair: Pair, record_property: Record) -> None:
    planned, without = drifts(pair)
    record_property("tally", ("wrong lifts by hand", {"caught": (int(bool(planned.findings)), 1)}))
    assert planned.findings
    assert without.findings or not proved(without, pair) or "comment" in pair.name


def test_planted_errors_are_caught(request: pytest.FixtureRequest, record_property: Record) -> None:
    """One wrong step each, from the bytes alone: about twelve seconds."""
    tried: Counter[str] = Counter()
    escaped: list[str] = []
    for pair in TIGHT:
        found = list(seeds(pair))
        if not request.config.getoption("--soak"):
            found = random.Random(pair.name).sample(found, min(SEEDS, len(found)))
        for name, made in found:
            tried[name] += 1
            proof = alone(made)
            if proved(proof, made) and not proof.findings:
                escaped.append(f"{pair.name}: {name}")
    record_property(
        "score",
        f"wrong steps in lifts: {tried.total() - len(escaped)} of {tried.total()} caught, of {len(tried)} kinds",
    )
    assert not escaped, "\n".join(escaped)
    assert tried.total() >= 300


def test_what_errors_are_planted_in_is_proved() -> None:
    for pair in TIGHT:
        proof = alone(plain(pair))
        assert not proof.findings, told(proof)
        assert proved(proof, pair), proof.unsure


def test_programs_at_random(request: pytest.FixtureRequest, record_property: Record) -> None:
    """Run before and after: what is proved prints the same. About three seconds; all of them in six minutes."""
    shown = harmless = changed = 0
    for seed in range(MANY if request.config.getoption("--soak") else PROGRAMS):
        pair = program(random.Random(seed))
        same, ended = behaves(pair)
        proof = alone(pair)
        holds = proved(proof, pair) and not proof.findings
        assert same or not holds, (seed, pair.cells, pair.moved)
        changed += not same
        harmless += same and not ended
        shown += holds and not ended
    record_property(
        "score",
        f"random programs whose lifted function prints something else: {changed}, proved 0; {shown} of {harmless} others proved",
    )
    assert changed > 50
    assert shown > harmless / 5
