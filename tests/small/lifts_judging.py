"""Counts over many small programs with lifted definitions: what moved, with parameters or without, what changed, and what was
blocked though handing it in would have been harmless.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple

from small.lifts_extraction import Result, results
from small.lifts_grammar import BODIES, Program
from small.lifts_harmless import Lift, judge

from nb2mod.model import Verdict

TOGETHER = BODIES  # programs in one project: each with another body


class Tally(NamedTuple):
    """`lifts` counts blocked definitions by what lifting them by hand came to; `needless` the codes of the harmless ones.

    `examples`: one program for each code.
    """

    counts: Counter[str]
    lifts: Counter[Lift]
    needless: Counter[str]
    failures: list[str]
    examples: dict[str, str]

    @property
    def share(self) -> tuple[int, int]:
        """Harmless and blocked, of all that are harmless."""
        blocked = self.lifts[Lift.HARMLESS]
        return blocked, blocked + self.counts["lifted"]


def tally(programs: Iterable[Program], *, judged: bool = True) -> Tally:
    """Extracts every program. `judged`: also judges what is blocked."""
    found = Tally(Counter(), Counter(), Counter(), [], {})
    for batch in _batches(programs):
        for result in results(batch):
            _add(found, result, judged)
    return found


def _batches(programs: Iterable[Program]) -> Iterator[list[Program]]:
    waiting = iter(programs)
    while batch := list(islice(waiting, TOGETHER)):
        yield batch


def _add(found: Tally, result: Result, judged: bool) -> None:
    found.counts["programs"] += 1
    if result.changed or result.refused:
        found.counts["changed" if result.changed else "refused"] += 1
        found.failures.append(f"{result.changed or result.refused}\n{told(result)}")
    for one in result.judged:
        moved = one.verdict is Verdict.EXTRACT
        found.counts["definitions"] += 1
        found.counts["moved"] += moved
        found.counts["lifted"] += moved and one.lifted
        found.counts["doubted"] += "NB390" in one.codes
        if one.verdict is not Verdict.BLOCKED or not judged:
            continue
        lift = judge(result.program, one.name)
        found.lifts[lift] += 1
        if lift is Lift.HARMLESS:
            code = "+".join(one.codes)
            found.needless[code] += 1
            found.examples.setdefault(code, f"{one.name}: {one.why}\n{told(result)}")


def told(result: Result) -> str:
    """The notebooks of a program, before and after, for a person."""
    sides = result.program.sides
    books = [(f"{side} before", cells) for side, cells in zip(sides, result.before, strict=False)]
    books += (
        [(f"{side} after", cells) for side, cells in zip(sides, result.after, strict=False)] if result.changed else []
    )
    text = "\n".join(f"== {title}\n" + "\n# %%\n".join(cells) for title, cells in books)
    return f"{text}\n{result.modules}"
