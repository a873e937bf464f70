"""All small programs: what the tool calls safe is moved, and every notebook gives what it gave; few are blocked for nothing.

By default a seeded sample, a minute and a half on two cores; with --soak all of them, more than an hour. NB2MOD_SOAK_SECONDS
bounds that: each shard takes its part of the time, and the score says how far they came.
"""

import os
import time
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import islice

import pytest
from small import grammar
from small.grammar import Program, Stmt
from small.harmless import Move, judge
from small.judging import Tally, tally

from nb2mod.stages.decide import judging
from nb2mod.stages.decide.hazards import bound_too_late, redefined
from nb2mod.stages.verify.proof import Proof

PROGRAMS, SHARDS, SOAK_SHARDS = 5_000, 20, 80
CHECKED_ALONE = 1_000
SEED = 20_000_003
Record = Callable[[str, object], None]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "shard" in metafunc.fixturenames:
        shards = SOAK_SHARDS if metafunc.config.getoption("--soak") else SHARDS
        metafunc.parametrize("shard", range(shards))


def test_nothing_changes(shard: int, pytestconfig: pytest.Config, record_property: Record) -> None:
    started = time.perf_counter()
    if pytestconfig.getoption("--soak"):
        programs: Iterable[Program] = _until(_soak_seconds(), grammar.every(shard, SOAK_SHARDS))
    else:
        programs = _sample()[shard::SHARDS]
    found = tally(programs)
    record_property("tally", _told(found, time.perf_counter() - started))
    assert not found.failures, "\n\n".join(found.failures[:5])
    assert found.counts["moved"] > found.counts["definitions"] / 4, "hardly anything was moved: nothing is shown"
    blocked, harmless = found.share
    assert blocked < harmless / 10, f"{blocked} of {harmless} blocked needlessly\n" + "\n\n".join(
        f"{count} times {code}: {found.examples[code]}" for code, count in found.needless.most_common()
    )


def _told(found: Tally, seconds: float) -> tuple[str, dict[str, object]]:
    counts = found.counts
    told: dict[str, object] = {
        "programs": counts["programs"],
        "definitions": counts["definitions"],
        "moved": counts["moved"],
        "changed": counts["changed"],
        "refused": counts["refused"],
        "doubted by the proof": counts["doubted"],
        "blocked though harmless": found.share,
        **{f"of these {code}": count for code, count in found.needless.most_common()},
        "blocked rightly": found.moves[Move.HARMFUL],
        "only a parameter would free": found.moves[Move.PARAMETER],
        "that read what nothing binds": found.moves[Move.UNBOUND],
        "replaced before any use": found.moves[Move.UNUSED],
        "seconds": round(seconds),
    }
    return "small programs", told


@lru_cache(maxsize=1)
def _sample() -> list[Program]:
    return grammar.sample(SEED, PROGRAMS)


def _soak_seconds() -> float | None:
    """What one shard may take, when the whole is bounded."""
    bound = os.environ.get("NB2MOD_SOAK_SECONDS")
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    return float(bound) * workers / SOAK_SHARDS if bound else None


def _until(seconds: float | None, programs: Iterator[Program]) -> Iterator[Program]:
    end = time.monotonic() + seconds if seconds is not None else None
    for program in programs:
        if end is not None and time.monotonic() > end:
            return
        yield program


def test_the_checks_alone_change_nothing(record_property: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    """The proof is a second opinion: without it, too, nothing that the hazard checks let through changes anything."""
    monkeypatch.setattr("nb2mod.pipeline.drafting.prove", lambda *_, **__: Proof())
    found = tally(grammar.sample(SEED + 1, CHECKED_ALONE), judged=False)
    counts = found.counts
    record_property("score", f"small programs without the proof: {counts['moved']} moved, {counts['changed']} changed")
    assert not found.failures, "\n\n".join(found.failures[:5])
    assert counts["moved"] > counts["definitions"] / 4


READER = Program((Stmt("def calls", 0, 1), Stmt("def", 1), Stmt("call", 0)), 3)
RECURSIVE = Program((Stmt("def recurses", 0), Stmt("alias", 1, 0), Stmt("def", 0), Stmt("show with", 1)), 7)
LATE = Program((Stmt("def calls", 0, 1), Stmt("call", 0), Stmt("def", 1)), 3)


@pytest.mark.parametrize("hazard", [redefined, bound_too_late], ids=["redefined", "bound_too_late"])
def test_a_check_that_says_nothing_is_found(hazard: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the check, and without the proof that would doubt what follows, running finds the change."""
    program = {redefined: RECURSIVE, bound_too_late: LATE}[hazard]
    programs = [program, program]  # the first beside a neighbour, the second beside itself
    assert not tally(programs).counts["changed"]
    checks = tuple(check for check in judging.HAZARDS if check is not hazard.check)  # type: ignore[attr-defined]
    assert len(checks) == len(judging.HAZARDS) - 1
    monkeypatch.setattr(judging, "HAZARDS", checks)
    monkeypatch.setattr("nb2mod.pipeline.drafting.prove", lambda *_, **__: Proof())
    assert tally(programs).counts["changed"]


def test_harmless_means_for_all_values() -> None:
    """Of one program each, what moving it by hand comes to."""
    late_rebinding = Program((Stmt("def", 1), Stmt("def calls", 0, 1), Stmt("conditional", 1), Stmt("call", 0)))
    constant = Program((Stmt("assign", 1), Stmt("def reads", 0, 1), Stmt("call", 0)), 0, capitals=True)
    assert judge(READER, 0) is Move.HARMLESS
    assert judge(constant, 1) is Move.HARMLESS
    assert judge(constant._replace(capitals=False), 1) is Move.PARAMETER
    assert judge(late_rebinding, 1) is Move.HARMFUL  # though not when the condition is false
    assert judge(LATE, 0) is Move.HARMFUL
    assert judge(Program((Stmt("def reads", 0, 1),)), 0) is Move.UNBOUND
    assert judge(Program((Stmt("def", 0), Stmt("def default", 0))), 0) is Move.UNUSED


def test_programs_are_counted_once() -> None:
    """No program is another one under other names; what is drawn is what is counted; parts are the whole."""
    short = _short()
    assert len(set(short)) == len(short)
    assert all(grammar.renumbered(one.statements) == one.statements for one in short)
    drawn = [one for one in grammar.sample(1, 2_000) if len(one.statements) < grammar.LONGEST]
    assert set(drawn) <= set(short)
    parts = [list(islice(grammar.every(part, 3), 100)) for part in range(3)]
    assert {*parts[0], *parts[1], *parts[2]} >= set(islice(grammar.every(), 100))


def _short() -> list[Program]:
    return [
        one
        for length in range(1, grammar.LONGEST)
        for each in grammar.sequences(length)
        for one in grammar.layouts(each)
    ]
