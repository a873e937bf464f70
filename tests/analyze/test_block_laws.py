"""Small random notebooks: where nothing forbids it, a block becomes a function and nobody can tell; few are refused in vain.

By default a seeded sample, some seconds; with --soak a hundred times as many.
"""

from collections.abc import Callable

import pytest
from analyze.flowing import codes, notebook
from analyze.programs import difference, programs, ran, valuations

from nb2mod.stages.analyze import flow_of, names_of

_COUNT, _SOAK = 2_000, 200_000


def test_what_is_not_refused_gives_the_same(
    request: pytest.FixtureRequest, record_property: Callable[[str, object], None]
) -> None:
    """Every truth value of the conditions; what is printed, the error at the end, and every name that is not local."""
    count = _SOAK if request.config.getoption("--soak") else _COUNT
    allowed = refused = runs = harmless = 0
    for program in programs(7, count):
        features = notebook(program.sources())
        flow = flow_of(features, names_of(0, features), program.block())
        found = [difference(program, flow, conditions) for conditions in valuations(program)]
        if codes(flow, "blocks"):
            refused += 1
            fails = any(ran(program.sources(), conditions)[1] for conditions in valuations(program))
            runs += not fails
            harmless += not fails and not any(found)
            continue
        allowed += 1
        assert not any(found), f"{program}\n{flow}\n{next(filter(None, found))}"
    assert allowed > count / 4
    record_property(
        "score",
        f"blocks of small notebooks: {allowed:,} of {count:,} made functions, 0 changed; of {refused:,} refused "
        f"ones {runs:,} run to their end, and {harmless:,} of these would have been harmless",
    )
