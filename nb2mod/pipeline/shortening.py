"""Repeated blocks that stay because of what they begin or end with, or that call what moves: tried without these statements.

A second run would try it too, since a call of the package is no part of a block. What comes to nothing is told as it was found.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec.structs import replace

from nb2mod.config import thresholds_for
from nb2mod.model import Block, BlockClass, Candidate, Features, Plan, Reason, Stage, UseKind
from nb2mod.pipeline.cutting import with_blocks
from nb2mod.pipeline.near_blocks import overlap
from nb2mod.pipeline.real_places import Blocks
from nb2mod.pipeline.survey import Survey
from nb2mod.stages import cut

# What one statement is the reason of, by the line that is told.
_OF_A_STATEMENT = frozenset(
    "NB301 NB305 NB307 NB309 NB310 NB311 NB312 NB313 NB315 NB318 NB319 NB361 NB362 NB363 NB364 NB365 NB368".split()
)
_CALLS = frozenset((UseKind.CALL, UseKind.CALL_KEYWORDS, UseKind.CALL_SPREAD, UseKind.ATTRIBUTE_CALL))


def shortened(seen: Survey, candidates: Sequence[Candidate], plan: Plan) -> Survey | None:
    """The survey laid anew without the statements that keep blocks where they are; None: no block would change.

    `candidates` are the verdicts and `plan` what moves, with places as they are in the notebooks. A class is tried once.
    """
    blocks = seen.blocks
    if blocks.bare is None or not blocks.shortens:
        return None
    moving = _moving(blocks, candidates)
    wanted = {
        members: out
        for members, out in blocks.shortened.items()
        if any(overlap(one, other) for one in members for other in moving if other.file == one.file)
    }
    for members, out in _tries(seen, candidates, plan):
        if members not in blocks.tried:
            wanted[members] = out
    if wanted == blocks.shortened:
        return None
    anew = Blocks(
        parted=blocks.parted, dropped=blocks.dropped, shortened=wanted, tried=blocks.tried | frozenset(wanted)
    )
    bare = blocks.bare
    return with_blocks(replace(seen, features=blocks.real, names=bare.names, classes=bare.classes, blocks=anew))


def _moving(blocks: Blocks, candidates: Sequence[Candidate]) -> list[Block]:
    members = (member for one in candidates if one.verdict.moves for member in one.members if member in blocks.cuts)
    functions = {(blocks.cuts[member].block.file, blocks.cuts[member].name) for member in members}
    return [one.block for one in blocks.classes if (one.block.file, one.name) in functions]


def _tries(
    seen: Survey, candidates: Sequence[Candidate], plan: Plan
) -> Iterator[tuple[tuple[Block, ...], frozenset[tuple[int, int, int]]]]:
    """Classes of which no copy moves: their members, and (file, cell, statement) for all that they are to be tried without."""
    features = seen.blocks.real
    least = thresholds_for(seen.config, Stage.EXPLORATORY).block_statements
    called = _moving_names(seen, plan)
    for kind, reasons in _staying(seen.blocks, candidates):
        places = {member: _places(features, member) for member in kind.members}
        out = _ends(features, places, reasons)
        for member, at in places.items():
            out |= _calls(features[member.file], at, called.get(member.file, set()))
        sizes = [one.size for _, one in cut.statements_of(features, kind.members[0])]
        if out and _longest(sizes, out) >= least:
            yield (
                kind.members,
                frozenset((one.file, *at) for one, all_ in places.items() for n, at in enumerate(all_) if n in out),
            )


def _staying(blocks: Blocks, candidates: Sequence[Candidate]) -> Iterator[tuple[BlockClass, list[Reason]]]:
    """Repeated blocks of which no copy moves, with what blocks them; not those whose proof failed. Copies that mean different
    things are no candidate, so nothing is said of them.
    """
    found: dict[BlockClass, list[Reason]] = {kind: [] for kind in blocks.classes.values()}
    found |= {kind: [*reasons] for kind, reasons in blocks.held}
    free: set[BlockClass] = set()
    for one in candidates:
        for member in one.members:
            if member in blocks.cuts:
                kind = blocks.classes[blocks.cuts[member]]
                found.setdefault(kind, []).extend(one.reasons)
                if one.verdict.moves:
                    free.add(kind)
    for kind, reasons in found.items():
        if kind.code == "NB111" and kind not in free and all(one.code != "NB390" for one in reasons):
            yield kind, [one for one in reasons if one.effect == "blocks"]


def _moving_names(seen: Survey, plan: Plan) -> dict[int, set[str]]:
    """Names of definitions that the plan moves, by file."""
    files = {one.path: file for file, one in enumerate(seen.features)}
    found: dict[int, set[str]] = defaultdict(set)
    for extraction in plan.extractions:
        for site in extraction.sites:
            if not site.call and extraction.kind != "constant":
                found[files[site.path]].add(site.name)
    return found


def _places(features: Sequence[Features], block: Block) -> list[tuple[int, int]]:
    """(cell, statement) of all statements of a block."""
    found = []
    for cell in range(block.cell, block.last_cell + 1):
        first = block.first if cell == block.cell else 0
        count = len(features[block.file].cells[cell].facts.statements)
        found += [(cell, at) for at in range(first, block.last + 1 if cell == block.last_cell else count)]
    return found


def _calls(features: Features, places: Sequence[tuple[int, int]], names: set[str]) -> set[int]:
    """Which statements of a block call what moves."""
    calling = {
        (cell, use.statement)
        for cell in {cell for cell, _ in places}
        for use in features.cells[cell].facts.uses
        if use.name in names and use.kind in _CALLS
    }
    return {number for number, place in enumerate(places) if place in calling}


def _ends(
    features: Sequence[Features], places: Mapping[Block, Sequence[tuple[int, int]]], reasons: Iterable[Reason]
) -> set[int]:
    """Which statements at the ends of a block are all that blocks it; none where something between them does too."""
    odd: set[int] = set()
    for one in reasons:
        at = _statement(features, places, one) if one.code in _OF_A_STATEMENT else None
        if at is None:
            return set()
        odd.add(at)
    count = len(next(iter(places.values())))
    front = next((number for number in range(count) if number not in odd), count)
    back = next((number for number in range(count, front, -1) if number - 1 not in odd), front)
    return odd if all(not front <= number < back for number in odd) else set()


def _statement(
    features: Sequence[Features], places: Mapping[Block, Sequence[tuple[int, int]]], reason: Reason
) -> int | None:
    """The number of the statement in its block that a reason speaks of."""
    where = reason.location
    for block, all_ in places.items() if where else ():
        for number, (cell, at) in enumerate(all_):
            one = features[block.file].cells[cell]
            statement = one.facts.statements[at]
            here = (features[block.file].path, one.number) == (where.path, where.cell) if where else False
            if where and here and statement.line <= where.line <= statement.end_line:
                return number
    return None


def _longest(sizes: Sequence[int], out: set[int]) -> int:
    """The statements of the longest run that is left, nested ones counted."""
    best = here = 0
    for number, size in enumerate(sizes):
        here = 0 if number in out else here + size
        best = max(best, here)
    return best
