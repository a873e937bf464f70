"""Warnings in what was written to stderr: taken out of the text, and compared over the whole notebook as a set.

A warning is shown with the file, the line and the source that stands there; all three move with the code. How often and in which
cell it is shown depends on where its code lives too: Python shows a warning once per place in a module, and remembers that per
module. So a warning must be shown in both runs or in neither; in which cell and how often is a note.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from nb2mod.model.runs import Difference
from nb2mod.stages.verify.comparing.tokens import shape

HEAD = re.compile(r"^(?:\S.*?|‹cell›):\d+: (?:[\w.]+\.)?(\w*Warning): ?(.*)$")
REACH = 12  # lines of a message, at most, before the quoted source
# Python shows these by default only where `__main__` caused them (hazard W4).
ONLY_FROM_MAIN = ("DeprecationWarning", "PendingDeprecationWarning")


class Warned(NamedTuple):
    """One kind of warning."""

    category: str
    message: str


class Judged(NamedTuple):
    """What the warnings of whole runs come to."""

    differences: tuple[Difference, ...]
    notes: tuple[str, ...]


def take_out(text: str) -> tuple[str, list[Warned]]:
    """The text without its warnings, and those. Of a message over several lines the others stay in the text."""
    if "Warning" not in text:
        return text, []
    lines = text.split("\n")
    found: list[Warned] = []
    gone: set[int] = set()
    for index, line in enumerate(lines):
        head = HEAD.match(line)
        if head is None:
            continue
        found.append(Warned(head[1], head[2]))
        gone.add(index)
        for at in range(index + 1, min(len(lines), index + 1 + REACH)):
            if HEAD.match(lines[at]):
                break
            if re.match(r"  \S", lines[at]):
                gone.add(at)
                break
    return "\n".join(line for index, line in enumerate(lines) if index not in gone), found


def compare_warnings(olds: Sequence[Mapping[int, Sequence[Warned]]], new: Mapping[int, Sequence[Warned]]) -> Judged:
    """Each run's warnings by the old notebook's cells."""
    old_sets = [{warned for cell in run.values() for warned in cell} for run in olds]
    new_set = {warned for cell in new.values() for warned in cell}
    always, ever = set.intersection(*old_sets), set.union(*old_sets)
    noise = {(warned.category, shape(warned.message)) for warned in ever - always}
    differences, notes = [], []
    for before, after, wrong, cells in (
        ("{}", "not shown", always - new_set, olds[0]),
        ("not shown", "{}", new_set - ever, new),
    ):
        for warned in sorted(wrong):
            if (warned.category, shape(warned.message)) in noise:
                continue
            told = f"{warned.category}: {warned.message}"
            cell = next(number for number, shown in cells.items() if warned in shown)
            if warned.category in ONLY_FROM_MAIN:
                notes.append(
                    f"cell {cell}: {told[:200]} is shown only {_side(after)}: Python shows it from `__main__` only"
                )
            else:
                differences.append(Difference(cell, "stream", before.format(told[:1000]), after.format(told[:1000])))
    return Judged(tuple(differences), (*notes, *_moved(olds, new, always & new_set)))


def _side(after: str) -> str:
    return "before" if after == "not shown" else "after"


def _moved(
    olds: Sequence[Mapping[int, Sequence[Warned]]], new: Mapping[int, Sequence[Warned]], both: Iterable[Warned]
) -> list[str]:
    notes = []
    for warned in sorted(both):
        shown = [Counter({cell: list(found).count(warned) for cell, found in run.items()}) for run in (*olds, new)]
        if all(counts != shown[-1] for counts in shown[:-1]):
            notes.append(
                f"{warned.category}: {warned.message[:200]} is shown in other cells, or another number of times"
            )
    return notes
