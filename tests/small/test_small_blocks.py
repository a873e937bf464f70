"""Small programs with blocks: what is called safe becomes a function, every notebook gives what it gave, few stay for nothing.

By default a seeded sample; with --soak a larger one. NB2MOD_SOAK_SECONDS bounds that: each shard takes its part of the time.
"""

import os
import time
from collections.abc import Callable, Iterable, Iterator
from itertools import islice

import pytest
from msgspec.structs import replace
from small import blocks_grammar as grammar
from small.blocks_extraction import Span
from small.blocks_grammar import Program
from small.blocks_harmless import Move, judge
from small.blocks_judging import Pair, Tally, tally
from small.grammar import Stmt

from nb2mod.model import Block, BlockFlow, Features, Names
from nb2mod.stages import analyze
from nb2mod.stages.verify.proof import Proof

PAIRS, SHARDS = 2_000, 8
SOAK_PAIRS, SOAK_SHARDS = 200_000, 80
PROVED, SOAK_PROVED = 300, 10_000
SILENCED, SOAK_SILENCED = 150, 1_500
SEED = 40_000_003
FLOW = ("NB361", "NB362", "NB363", "NB365", "NB367", "NB368")  # what the grammar has programs for
Record = Callable[[str, object], None]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    soak = metafunc.config.getoption("--soak")
    if "shard" in metafunc.fixturenames:
        metafunc.parametrize("shard", range(SOAK_SHARDS if soak else SHARDS))
    if "silent" in metafunc.fixturenames:
        metafunc.parametrize("silent", [*[(code,) for code in FLOW], FLOW] if soak else [FLOW], ids="-".join)


def test_nothing_changes(
    shard: int, pytestconfig: pytest.Config, record_property: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What flow and the hazard checks let through changes nothing. Without the proof: it could only take some of it back."""
    monkeypatch.setattr("nb2mod.pipeline.drafting.prove", lambda *_, **__: Proof())
    started = time.perf_counter()
    found = tally(_drawn(pytestconfig, SEED + shard, PAIRS // SHARDS, SOAK_PAIRS // SOAK_SHARDS), every=0)
    counts = found.counts
    told = {
        "programs": counts["programs"],
        "blocks": counts["blocks"],
        "moved": counts["extract"],
        "changed": counts["changed"],
        "refused": counts["refused"],
        "that want a review": counts["review"],
        "seconds": round(time.perf_counter() - started),
    }
    record_property("tally", ("small programs with blocks, the proof silent", told))
    assert not found.failures, "\n\n".join(found.failures[:5])
    assert counts["extract"] > counts["blocks"] / 4, "hardly anything was moved: nothing is shown"


def _drawn(config: pytest.Config, seed: int, pairs: int, soak: int) -> Iterator[Pair]:
    """So many pairs; the other number with --soak, as far as the time goes."""
    if config.getoption("--soak"):
        return _until(_soak_seconds(), islice(grammar.sample(seed), soak))
    return islice(grammar.sample(seed), pairs)


def _soak_seconds() -> float | None:
    """What one shard may take, when the whole is bounded."""
    bound = os.environ.get("NB2MOD_SOAK_SECONDS")
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    return float(bound) * workers / SOAK_SHARDS if bound else None


def _until(seconds: float | None, pairs: Iterable[Pair]) -> Iterator[Pair]:
    end = time.monotonic() + seconds if seconds is not None else None
    for pair in pairs:
        if end is not None and time.monotonic() > end:
            return
        yield pair


def test_few_are_blocked_for_nothing(pytestconfig: pytest.Config, record_property: Record) -> None:
    """With the proof: of the blocks that could have moved, for all values, less than a tenth stay."""
    found = tally(_drawn(pytestconfig, SEED - 1, PROVED, SOAK_PROVED))
    record_property("tally", ("small programs with blocks, proved", _judged(found)))
    assert not found.failures, "\n\n".join(found.failures[:5])
    blocked, harmless = found.share
    assert blocked < harmless / 10, f"{blocked} of {harmless} blocked needlessly\n" + "\n\n".join(
        f"{count} times {code}: {found.examples[code]}" for code, count in found.needless.most_common()
    )


def _judged(found: Tally) -> dict[str, object]:
    counts = found.counts
    return {
        "programs": counts["programs"],
        "blocks": counts["blocks"],
        "moved": counts["extract"],
        "changed": counts["changed"],
        "doubted by the proof": counts["doubted"],
        "blocked though harmless": found.share,
        **{f"of these {code}": count for code, count in found.needless.most_common(5)},
        "blocked rightly": found.moves[Move.HARMFUL],
        "harmless here, of a row of the table that blocks": found.moves[Move.ROW],
        "only a function as parameter would free": found.moves[Move.PARAMETER],
        "that read what nothing binds": found.moves[Move.UNBOUND],
        "that fail by themselves": found.moves[Move.FAILS],
    }


def test_the_proof_alone_lets_nothing_through(
    silent: tuple[str, ...], pytestconfig: pytest.Config, record_property: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Flow that says nothing of a hazard: the proof doubts every change that would follow."""
    _silence(monkeypatch, silent)
    found = tally(_drawn(pytestconfig, SEED - 3, SILENCED, SOAK_SILENCED), every=0)
    counts = found.counts
    told = f"blocks without {' '.join(silent)}: {counts['doubted']} doubted by the proof, {counts['changed']} changed"
    record_property("score", told)
    assert not found.failures, "\n\n".join(found.failures[:5])
    assert counts["doubted"]


def _silence(monkeypatch: pytest.MonkeyPatch, codes: tuple[str, ...]) -> None:
    flow_of = analyze.flow_of

    def silent(features: Features, names: Names, block: Block, asked: frozenset[str] = frozenset()) -> BlockFlow:
        flow = flow_of(features, names, block, asked)
        kept = tuple(reason for reason in flow.reasons if reason.code not in codes)
        return replace(flow, reasons=kept)

    monkeypatch.setattr("nb2mod.pipeline.cutting.analyze.flow_of", silent)


UNBOUND = Program((), (Stmt("assign", 1), Stmt("conditional", 0)), (Stmt("print", 1), Stmt("print", 0)))
SEEN = Program((Stmt("lambda", 0, 1),), (Stmt("assign", 1), Stmt("call", 0)), (Stmt("print", 1),))
REBOUND = Program((), (Stmt("assign", 1), Stmt("lambda", 0, 1)), (Stmt("assign", 1), Stmt("call", 0)))
DELETED = Program((Stmt("assign", 0),), (Stmt("assign", 1), Stmt("del", 0)), (Stmt("print", 1),))


@pytest.mark.parametrize(
    ("code", "program"), {"NB362": SEEN, "NB363": REBOUND}.items(), ids=lambda one: one if isinstance(one, str) else ""
)
def test_a_flow_that_says_nothing_is_found(code: str, program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the reason, and without the proof that would doubt what follows, running finds the change."""
    assert not tally([(program, program)] * 2, every=0).counts["changed"]
    _silence(monkeypatch, (code,))
    monkeypatch.setattr("nb2mod.pipeline.drafting.prove", lambda *_, **__: Proof())
    assert tally([(program, program)] * 2, every=0).counts["changed"]


def test_harmless_means_for_all_values() -> None:
    """Of one program each, what moving its block by hand comes to."""
    plain = Program((Stmt("assign", 0),), (Stmt("pair", 1, 0), Stmt("list", 2)), (Stmt("print", 1),))
    called = Program((Stmt("def", 0),), (Stmt("assign call", 1, 0), Stmt("list", 2)), (Stmt("print", 1),))
    lost = Program((), (Stmt("lambda", 0, 1), Stmt("list", 2)), (Stmt("print", 2),))
    assert judge(plain, Span(0, 2, 3)) is Move.HARMLESS
    assert judge(called, Span(0, 2, 3)) is Move.HARMLESS
    assert judge(SEEN, Span(0, 2, 3)) is Move.HARMFUL
    assert judge(REBOUND, Span(0, 0, 1)) is Move.HARMFUL
    assert judge(DELETED, Span(0, 2, 3)) is Move.HARMFUL
    assert judge(UNBOUND, Span(0, 0, 1)) is Move.HARMFUL  # though not when the condition is true
    assert judge(lost, Span(0, 0, 1)) is Move.UNBOUND
    assert judge(plain._replace(block=(Stmt("global", 2), *plain.block)), Span(0, 2, 4)) is Move.ROW


def test_pairs_are_drawn_once() -> None:
    """No pair twice, the same ones for the same seed, and both notebooks hold the same block."""
    drawn = list(islice(grammar.sample(1), 500))
    assert len(set(drawn)) == 500
    assert drawn == list(islice(grammar.sample(1), 500))
    assert all(one.block == two.block for one, two in drawn)
