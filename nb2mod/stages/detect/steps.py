"""One notebook as a whole: the steps it is made of, and what stands at its head as its parameters.

The head of a notebook are its imports, settings and constants; it stays. Below it, a step is a run of statements in one cell,
or in neighbouring cells under one heading.
"""

from collections.abc import Iterator, Sequence

from msgspec import Struct

from nb2mod.model import BindKind, Block, CellFeatures, Features, Statement
from nb2mod.stages.detect.blocks.runs import IMPORTS, runs_of
from nb2mod.stages.detect.blocks.setting_up import settings_in
from nb2mod.syntax.statements import BARE_CONSTANT

# What is more than a call by itself: one simple statement as a function would only be a longer way to say it.
_SMALLEST = 2
# Cells that are joined into one function make none that is longer than this, nested statements counted.
_LARGEST_JOINED = 15
_DEFINITIONS = frozenset(("functiondef", "asyncfunctiondef", "classdef"))
_PARAMETERS = "parameters"

Place = tuple[int, int]  # index of a cell, index of a statement in it


class Step(Struct, frozen=True):
    """`block` is what may become one function; where that can't be, or would move output, each of `parts` may."""

    block: Block
    parts: tuple[Block, ...]


def steps(features: Features, file: int, own_package: str | None) -> tuple[Step, ...]:
    """All steps of a notebook, in order. `file` is its place in the list of Features."""
    head = _end_of_head(features)
    found = []
    for run in runs_of(features, own_package):
        cells = [_trimmed(features, part, head) for part in _by_cell(run)]
        parts = [part for part in cells if part]
        large = [part for part in parts if _size(features, part) >= _SMALLEST]
        whole = _trimmed(features, run, head)
        if len(parts) > 1 and _is_section(features, whole) and _size(features, whole) <= _LARGEST_JOINED:
            found.append(Step(_block(file, whole), tuple(_block(file, part) for part in large)))
        else:
            found += [Step(_block(file, part), (_block(file, part),)) for part in large]
    return tuple(found)


def parameters(features: Features) -> tuple[Place, ...]:
    """Statements that give the notebook what it is run with: those of papermill's cell, else the constants of its head that
    nothing binds again.
    """
    tagged = [at for at, cell in enumerate(features.cells) if _PARAMETERS in cell.tags]
    if tagged:
        cells = features.cells
        return tuple((at, index) for at in tagged for index in _literals(cells[at]))
    head = _end_of_head(features)
    once = _bound_once(features)
    return tuple(
        (at, index)
        for at, cell in enumerate(features.cells)
        for index, name in _literals(cell).items()
        if (at, index) < head and name in once and not cell.facts.runs_in_function
    )


def _end_of_head(features: Features) -> Place:
    """Where the first statement stands that works: it does more than import, define, set an option or name a constant."""
    imported = {
        binding.name: binding.target
        for cell in features.cells
        for binding in cell.facts.bindings
        if binding.kind is BindKind.IMPORT
    }
    for at, cell in enumerate(features.cells):
        if _PARAMETERS in cell.tags or "injected-parameters" in cell.tags:
            continue
        quiet = {*_literals(cell), *settings_in(cell, imported), *_magics(cell)}
        for index, one in enumerate(cell.facts.statements):
            if index not in quiet and _solid(one) and one.kind not in _DEFINITIONS:
                return at, index
    return len(features.cells), 0


def _magics(cell: CellFeatures) -> Iterator[int]:
    for index, one in enumerate(cell.facts.statements):
        if any(first <= one.end_line and last >= one.line for first, last, _ in cell.facts.magic_lines):
            yield index


def _literals(cell: CellFeatures) -> dict[int, str]:
    """Statements `name = literal`, by their index, with the name."""
    found: dict[int, str] = {}
    several: set[int] = set()
    for binding in cell.facts.bindings:
        if binding.statement in found or binding.kind is not BindKind.LITERAL or not binding.certain:
            several.add(binding.statement)
        found[binding.statement] = binding.name
    kinds = ("assign", "annassign")
    return {
        index: name
        for index, name in found.items()
        if index >= 0 and index not in several and cell.facts.statements[index].kind in kinds
    }


def _bound_once(features: Features) -> frozenset[str]:
    bound: set[str] = set()
    again: set[str] = set()
    for cell in features.cells:
        for binding in cell.facts.bindings:
            (again if binding.name in bound else bound).add(binding.name)
        again.update(cell.facts.unknown)
    return frozenset(bound - again)


def _by_cell(run: Sequence[Place]) -> Iterator[list[Place]]:
    part: list[Place] = []
    for place in run:
        if part and part[-1][0] != place[0]:
            yield part
            part = []
        part.append(place)
    yield part


def _trimmed(features: Features, run: Sequence[Place], head: Place) -> list[Place]:
    """The run below the head, without constants at its beginning, nor what no block begins or ends with."""
    once = _bound_once(features)
    kept = [place for place in run if place >= head]
    while kept and not _may_begin(features, kept[0], once):
        kept.pop(0)
    while kept and not _may_end(features, kept[-1]):
        kept.pop()
    return kept


def _may_begin(features: Features, place: Place, once: frozenset[str]) -> bool:
    cell, index = features.cells[place[0]], place[1]
    statements = cell.facts.statements
    alone = index == 0 or statements[index - 1].end_line < statements[index].line
    knob = _literals(cell).get(index) in once
    return alone and _solid(statements[index]) and not knob


def _may_end(features: Features, place: Place) -> bool:
    statements = features.cells[place[0]].facts.statements
    index = place[1]
    alone = index + 1 == len(statements) or statements[index + 1].line > statements[index].end_line
    return alone and _solid(statements[index])


def _solid(one: Statement) -> bool:
    return not (one.kind in IMPORTS or one.kind == "pass" or one.skeleton == BARE_CONSTANT)


def _is_section(features: Features, run: Sequence[Place]) -> bool:
    """Whether a run begins in the first code cell under a heading."""
    number = features.cells[run[0][0]].number
    above = [heading.cell for heading in features.headings if heading.cell < number]
    return bool(above) and not any(above[-1] < cell.number < number for cell in features.cells if cell.source.strip())


def _size(features: Features, run: Sequence[Place]) -> int:
    """Statements, nested ones counted; a constant is none."""
    cells = features.cells
    return sum(cells[cell].facts.statements[index].size for cell, index in run if index not in _literals(cells[cell]))


def _block(file: int, run: Sequence[Place]) -> Block:
    (cell, first), (last_cell, last) = run[0], run[-1]
    return Block(file, cell, first, last_cell, last)
