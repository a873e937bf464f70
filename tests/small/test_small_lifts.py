"""Small programs with functions that read state and copies that differ: what moves changes nothing, and little stays for nothing.

By default a seeded sample, some ten seconds on two cores; with --soak many more. NB2MOD_SOAK_SECONDS bounds each shard's part.
"""

import os
import time
from collections.abc import Callable, Iterable, Iterator
from itertools import islice

import pytest
from small import lifts_grammar as grammar
from small.lifts_grammar import Line, Program
from small.lifts_harmless import Lift, judge
from small.lifts_judging import Tally, tally

from nb2mod.stages.verify.proof import Proof

PROGRAMS, SHARDS = 240, 2
SOAK_PROGRAMS, SOAK_SHARDS = 80_000, 80
PROVED, SOAK_PROVED = 80, 10_000
SEED = 50_000_017
Record = Callable[[str, object], None]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "shard" in metafunc.fixturenames:
        shards = SOAK_SHARDS if metafunc.config.getoption("--soak") else SHARDS
        metafunc.parametrize("shard", range(shards))


def test_nothing_changes(
    shard: int, pytestconfig: pytest.Config, record_property: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the checks let through changes nothing. Without the proof: it could only take some of it back."""
    monkeypatch.setattr("nb2mod.pipeline.drafting.prove", lambda *_, **__: Proof())
    started = time.perf_counter()
    found = tally(_drawn(pytestconfig, SEED + shard, PROGRAMS // SHARDS, SOAK_PROGRAMS // SOAK_SHARDS), judged=False)
    counts = found.counts
    told = {
        "programs": counts["programs"],
        "definitions": counts["definitions"],
        "moved": counts["moved"],
        "of these with new parameters": counts["lifted"],
        "changed": counts["changed"],
        "refused": counts["refused"],
        "seconds": round(time.perf_counter() - started),
    }
    record_property("tally", ("small programs with lifts, the proof silent", told))
    assert not found.failures, "\n\n".join(found.failures[:5])
    assert counts["lifted"] > counts["programs"] / 8, "hardly anything was lifted: nothing is shown"


def test_few_are_blocked_for_nothing(pytestconfig: pytest.Config, record_property: Record) -> None:
    """With the proof: nothing changes, and of the definitions that could have been lifted, for all values, few stay."""
    found = tally(_drawn(pytestconfig, SEED - 1, PROVED, SOAK_PROVED))
    record_property("tally", ("small programs with lifts, proved", _judged(found)))
    assert not found.failures, "\n\n".join(found.failures[:5])
    blocked, harmless = found.share
    assert blocked < harmless / 6, f"{blocked} of {harmless} blocked needlessly\n" + "\n\n".join(
        f"{count} times {code}: {found.examples[code]}" for code, count in found.needless.most_common()
    )


def _judged(found: Tally) -> dict[str, object]:
    counts = found.counts
    return {
        "programs": counts["programs"],
        "definitions": counts["definitions"],
        "moved": counts["moved"],
        "of these with new parameters": counts["lifted"],
        "changed": counts["changed"],
        "doubted by the proof": counts["doubted"],
        "blocked though harmless": found.share,
        **{f"of these {code}": count for code, count in found.needless.most_common(5)},
        "blocked rightly": found.lifts[Lift.HARMFUL],
        "used as a value": found.lifts[Lift.VALUE],
        "of a row of the table that blocks": found.lifts[Lift.ROW],
    }


def _drawn(config: pytest.Config, seed: int, programs: int, soak: int) -> Iterator[Program]:
    """So many programs; the other number with --soak, as far as the time goes."""
    if config.getoption("--soak"):
        return _until(_soak_seconds(), islice(grammar.sample(seed), soak))
    return islice(grammar.sample(seed), programs)


def _soak_seconds() -> float | None:
    """What one shard may take, when the whole is bounded."""
    bound = os.environ.get("NB2MOD_SOAK_SECONDS")
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    return float(bound) * workers / SOAK_SHARDS if bound else None


def _until(seconds: float | None, programs: Iterable[Program]) -> Iterator[Program]:
    end = time.monotonic() + seconds if seconds is not None else None
    for program in programs:
        if end is not None and time.monotonic() > end:
            return
        yield program


STATE = (Line("number", "s"), Line("number", "t"))
READS = Line("reads", "f", "s")
PLAIN = Program((*STATE, READS, Line("call", "f"), Line("number", "s"), Line("by keyword", "f")))
SHADOWED = Program((*STATE, READS, Line("in a list over state", "f")))
STORED = Program((*STATE, READS, Line("stored", "f")))
LITERAL = Program((*STATE, Line("hole in a loop", "f", "s", ("1", "2")), Line("call", "f"), Line("nested", "f")))
PRINTED = Program((*STATE, Line("hole after a print", "f", "s", ("print(1)", "print(2)")), Line("call", "f")))


def test_harmless_means_for_all_values() -> None:
    """Of one program each, what lifting its function by hand comes to."""
    late = Program((*STATE, READS, Line("number", "s"), Line("in a function over state", "f")))
    unbound = Program((STATE[1], READS, Line("conditional", "s"), Line("tried", "f")))
    assert judge(PLAIN, "f") is Lift.HARMLESS
    assert judge(LITERAL, "f") is Lift.HARMLESS
    assert judge(SHADOWED, "f") is Lift.HARMFUL
    assert judge(late, "f") is Lift.HARMFUL
    assert judge(PRINTED, "f") is Lift.ROW  # an expression after an effect
    assert judge(STORED, "f") is Lift.VALUE
    assert judge(Program((*STATE, Line("generator", "f", "s"), Line("call", "f"))), "f") is Lift.ROW
    assert judge(unbound, "f") is Lift.HARMLESS  # the call fails there, one frame further out


def test_programs_are_drawn_once() -> None:
    """No program twice, the same ones for the same seed; each defines something, and every kind of line comes up."""
    drawn = list(islice(grammar.sample(1), 1500))
    assert len(set(drawn)) == len(drawn)
    assert drawn[:200] == list(islice(grammar.sample(1), 200))
    assert all(any(line.kind in grammar.DEFINITIONS for line in one.lines) for one in drawn)
    assert {line.kind for one in drawn for line in one.lines} == grammar.TEXTS.keys()
