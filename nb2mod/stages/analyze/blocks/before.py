"""Whether a name is certainly bound when the block begins, from top to bottom."""

from nb2mod.model import BindKind
from nb2mod.stages.analyze.blocks.surroundings import Surroundings
from nb2mod.stages.analyze.given_names import BUILTINS
from nb2mod.syntax.block_facts import BOUND, GONE, OUTER


def why_unbound(around: Surroundings, name: str) -> str:
    """Why it may be unbound there, in words; "" when it is certainly bound."""
    if name in BUILTINS:
        return ""
    if any(
        name in closure.unbinds
        for part in around.parts_in(around.whole.sorts.unbinds)
        for closure in part.reading.closures
    ):
        return "a function of the notebook may delete it"
    held = held_before(around, name)
    if held == BOUND:
        return ""
    if not held & BOUND:
        elsewhere = any(
            not around.is_inside(bound.cell, bound.binding.statement) for bound in around.names.bindings.get(name, ())
        )
        if around.names.wild or name in around.names.unknown_bound:
            return "only a part of the notebook that can't be read could have bound it by then"
        return "it is bound only below" if elsewhere else "nothing binds it before"
    return "it is bound or not, depending on what ran"


def held_before(around: Surroundings, name: str) -> int:
    """What the name may hold at the start of the block: BOUND, GONE or both. From the block upwards, until nothing that stands
    still further up matters.
    """
    held = 0
    for index in reversed(around.whole.cells_touching(name)):
        if index > around.block.cell:
            continue
        by_magic = _after_magics(around, index, name)
        if by_magic:
            return held | by_magic
        cell = around.cell(index)
        part = next((each for each in around.parts_in((index,)) if each.before), None)
        if part is not None and not cell.facts.runs_in_function:
            end = part.end_of(name)
            if end is not None and cell.raises:
                end = _end_of_raising(around, index, name)
            if end is not None:
                held |= end & (BOUND | GONE)
                if not end & OUTER:
                    return held
        if index in around.whole.unbinding:
            return held | GONE
    return held | GONE


def _end_of_raising(around: Surroundings, cell: int, name: str) -> int:
    """In a cell that is expected to raise only its first statements are sure to run."""
    bounds = [bound.binding for bound in around.names.bindings.get(name, ()) if bound.cell == cell]
    if any(binding.kind is BindKind.DELETE for binding in bounds):
        return OUTER | BOUND | GONE
    return BOUND if any(binding.certain for binding in bounds) else OUTER | BOUND


def _after_magics(around: Surroundings, cell: int, name: str) -> int:
    """What the last magic of a cell, above the block, leaves in the name; 0 where none binds it."""
    held = 0
    for bound in around.names.bindings.get(name, ()):
        magic = bound.cell == cell and bound.binding.kind is BindKind.MAGIC
        if magic and (cell, bound.binding.line) < (around.block.cell, around.start.line):
            held = GONE if bound.binding.target == "xdel" else BOUND
    return held
