"""Counts over small programs with blocks: what was tried, moved, changed, and blocked though moving it would be harmless."""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import cycle, islice
from typing import NamedTuple

from small.blocks_extraction import CONFIG, WITH_DEFINITIONS, Judged, Result, results
from small.blocks_grammar import Program, render
from small.blocks_harmless import Move, judge
from small.grammar import Literals

from nb2mod.model import Verdict

TOGETHER = 40  # pairs in one project
Pair = tuple[Program, Program]


class Tally(NamedTuple):
    """`codes` counts what blocks, `moves` blocked blocks by what moving them by hand came to, `needless` the codes of the
    harmless ones. `examples`: the shortest program of each code.
    """

    counts: Counter[str]
    codes: Counter[str]
    moves: Counter[Move]
    needless: Counter[str]
    failures: list[str]
    examples: dict[str, str]

    @property
    def share(self) -> tuple[int, int]:
        """Harmless and blocked, of all that are harmless: among the programs that were judged."""
        blocked = self.moves[Move.HARMLESS]
        return blocked, blocked + self.counts["moved and judged"]


def tally(pairs: Iterable[Pair], *, every: int = 1) -> Tally:
    """Extracts every pair, in every second project with the definitions around. Of what is blocked, that of each `every`-th pair
    is judged by hand; 0: none.
    """
    found = Tally(Counter(), Counter(), Counter(), Counter(), [], {})
    numbered = iter(enumerate(pairs))
    configs = cycle((CONFIG, WITH_DEFINITIONS))
    while batch := list(islice(numbered, TOGETHER)):
        for (number, _), result in zip(batch, results([pair for _, pair in batch], next(configs)), strict=True):
            _add(found, result, bool(every) and number % every == 0)
    return found


def _add(found: Tally, result: Result, judged: bool) -> None:
    found.counts["programs"] += len(set(result.pair))
    if result.changed or result.refused:
        found.counts["changed" if result.changed else "refused"] += 1
        found.failures.append(f"{result.changed or result.refused}\n{told(result)}")
    alike = result.pair[0] == result.pair[1]
    for one in result.judged:
        found.counts["blocks"] += 1
        found.counts[one.verdict.value] += 1
        found.counts["doubted"] += "NB390" in one.codes
        found.codes.update(one.codes)
        if not judged or not alike or len(one.spans) != 2:
            continue
        found.counts["moved and judged"] += one.verdict is Verdict.EXTRACT
        if one.verdict is Verdict.BLOCKED:
            _add_blocked(found, result, one)


def _add_blocked(found: Tally, result: Result, one: Judged) -> None:
    move = judge(result.pair[0], one.spans[0])
    found.moves[move] += 1
    if move is Move.HARMLESS:
        code = "+".join(one.codes)
        found.needless[code] += 1
        text = f"{one.why}\n{told(result, 1)}"
        if len(text) < len(found.examples.get(code, text + " ")):
            found.examples[code] = text


def told(result: Result, sides: int = 2) -> str:
    """The notebooks of a pair, before and after, for a person."""
    books: list[tuple[str, Sequence[str]]] = []
    for side, program in list(enumerate(result.pair))[:sides]:
        books.append((f"{'xy'[side]} before", render(program, side, "", Literals(0, 0x5555555555)).cells))
    if sides == 2:
        books += [(f"{side} after", cells) for side, cells in zip("xy", result.after, strict=False)]
    texts = [f"== {title}\n" + "\n# %%\n".join(cells) for title, cells in books]
    return "\n".join([*texts, result.modules])
