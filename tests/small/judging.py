"""Counts over many small programs: what was tried, moved, changed, and blocked though the move would have been harmless."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from small.extraction import Pair, Result, results
from small.grammar import Literals, Program, neighbour, render
from small.harmless import Move, judge

from nb2mod.model import Verdict

TOGETHER = 40  # programs in one project


class Tally(NamedTuple):
    """`moves` counts blocked definitions by what moving them by hand came to; `needless` the codes of the harmless ones.

    `doubted`: definitions that decide would have moved and the proof took back. `examples`: one program for each code.
    """

    counts: Counter[str]
    moves: Counter[Move]
    needless: Counter[str]
    failures: list[str]
    examples: dict[str, str]

    @property
    def share(self) -> tuple[int, int]:
        """Harmless and blocked, of all that are harmless."""
        blocked = self.moves[Move.HARMLESS]
        return blocked, blocked + self.counts["moved"]


def tally(programs: Iterable[Program], *, judged: bool = True) -> Tally:
    """Extracts every program beside itself, each third one beside a neighbour. `judged`: also judges what is blocked."""
    found = Tally(Counter(), Counter(), Counter(), [], {})
    for batch in _batches(programs):
        for result in results(batch):
            _add(found, result, judged)
    return found


def _batches(programs: Iterable[Program]) -> Iterator[list[Pair]]:
    numbered = iter(enumerate(programs))
    while batch := list(islice(numbered, TOGETHER)):
        yield [Pair(one, one if number % 3 else neighbour(one)) for number, one in batch]


def _add(found: Tally, result: Result, judged: bool) -> None:
    found.counts["programs"] += 1
    if result.changed or result.refused:
        found.counts["changed" if result.changed else "refused"] += 1
        found.failures.append(f"{result.changed or result.refused}\n{told(result)}")
    for one in result.judged:
        found.counts["definitions"] += 1
        found.counts["moved"] += one.verdict is Verdict.EXTRACT
        found.counts["doubted"] += "NB390" in one.codes
        if one.verdict is not Verdict.BLOCKED or not judged or result.pair.one != result.pair.two:
            continue
        move = judge(result.pair.one, one.statements[0][0])
        found.moves[move] += 1
        if move is Move.HARMLESS:
            code = "+".join(one.codes)
            found.needless[code] += 1
            found.examples.setdefault(code, f"{one.why}\n{told(result)}")


def told(result: Result) -> str:
    """The notebooks of a pair, before and after, for a person."""
    books: list[tuple[str, Sequence[str]]] = []
    for side, program in zip("xy", result.pair, strict=True):
        books.append((f"{side} before", render(program, "", Literals(0))))
    books += [(f"{side} after", cells) for side, cells in zip("xy", result.after, strict=False)]
    return "\n".join(f"== {title}\n" + "\n# %%\n".join(cells) for title, cells in books)
