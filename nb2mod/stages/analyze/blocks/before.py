"""Whether a name is certainly bound when the block begins, from top to bottom."""

from nb2mod.model import BindKind
from nb2mod.stages.analyze.blocks.surroundings import Surroundings
from nb2mod.stages.analyze.meanings import BUILTINS
from nb2mod.syntax.block_facts import BOUND, GONE, OUTER

_UNBINDING = frozenset(("reset", "reset_selective"))


def why_unbound(around: Surroundings, name: str) -> str:
    """Why it may be unbound there, in words; "" when it is certainly bound."""
    if name in BUILTINS:
        return ""
    if any(name in closure.unbinds for part in around.parts for closure in part.reading.closures):
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
    """What the name may hold at the start of the block: BOUND, GONE or both."""
    held = GONE
    parts = {part.cell: part.reading for part in around.before}
    for index in range(around.block.cell + 1):
        cell = around.cell(index)
        if _UNBINDING.intersection(magic for _, _, magic in cell.facts.magic_lines):
            held = GONE
        reading = parts.get(index)
        if reading is not None and not cell.facts.runs_in_function:
            end = next((bound.end for bound in reading.bound if bound.name == name), None)
            if end is None and any(deleted.name == name for deleted in reading.deletes):
                end = GONE
            if end is not None and cell.raises:
                end = _end_of_raising(around, index, name)
            if end is not None:
                held = (held if end & OUTER else 0) | (end & (BOUND | GONE))
        held = _after_magics(around, index, name, held)
    return held


def _end_of_raising(around: Surroundings, cell: int, name: str) -> int:
    """In a cell that is expected to raise only its first statements are sure to run."""
    bounds = [bound.binding for bound in around.names.bindings.get(name, ()) if bound.cell == cell]
    if any(binding.kind is BindKind.DELETE for binding in bounds):
        return OUTER | BOUND | GONE
    return BOUND if any(binding.certain for binding in bounds) else OUTER | BOUND


def _after_magics(around: Surroundings, cell: int, name: str, held: int) -> int:
    for bound in around.names.bindings.get(name, ()):
        above = (bound.cell, bound.binding.line) < (around.block.cell, around.start.line)
        if bound.cell == cell and bound.binding.kind is BindKind.MAGIC and above:
            held = GONE if bound.binding.target == "xdel" else BOUND
    return held
