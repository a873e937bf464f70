"""Near copies of which some stay: the others are unified anew, so that no parameter stands for what all that move agree in."""

from collections import defaultdict
from collections.abc import Sequence

from msgspec.structs import replace

from nb2mod.model import Block, BlockClass, Candidate, Cut
from nb2mod.pipeline.cutting import with_blocks
from nb2mod.pipeline.near_blocks import NEAR_BLOCKS
from nb2mod.pipeline.real_places import OUT, Blocks, block_occurrence
from nb2mod.pipeline.survey import Survey

_VALUES = "NB375"  # what becomes a parameter: it does not, where a copy stays


def parted(seen: Survey, candidates: Sequence[Candidate]) -> Survey | None:
    """The survey laid anew with near copies that move together by themselves, where they agree in a parameter; None: nowhere do.

    `candidates` are the verdicts, with places as they are in the notebooks, whatever they come from: what stays is told by them.
    """
    blocks = seen.blocks
    moving: dict[BlockClass, list[tuple[Cut, ...]]] = defaultdict(list)
    for one in candidates:
        cuts = _cuts(blocks, one)
        if cuts and one.verdict.moves and not one.existing and blocks.classes[cuts[0]].code == NEAR_BLOCKS:
            moving[blocks.classes[cuts[0]]].append(cuts)
    numbers = dict(blocks.parted)
    out: set[Block] = set()
    for near, groups in moving.items():
        if any(map(_agree, groups)):
            # Those of the first group keep their number.
            for group in groups[1:]:
                numbers |= dict.fromkeys((one.block for one in group), max(0, *numbers.values()) + 1)
            out.update(set(near.members) - {one.block for group in groups for one in group})
    numbers |= dict.fromkeys(out, OUT)
    if blocks.bare is None or numbers == blocks.parted:
        return None
    laid = Blocks(
        parted=numbers,
        dropped=(*blocks.dropped, *_dropped(seen, out, candidates)),
        shortens=blocks.shortens,
        shortened=blocks.shortened,
        tried=blocks.tried,
    )
    bare = blocks.bare
    return with_blocks(replace(seen, features=blocks.real, names=bare.names, classes=bare.classes, blocks=laid))


def _cuts(blocks: Blocks, one: Candidate) -> tuple[Cut, ...]:
    """The blocks that a candidate is made of, further copies in their notebooks too."""
    first = [blocks.cuts[member] for member in one.members if member in blocks.cuts]
    functions = {(cut.block.file, cut.name) for cut in first}
    return (*first, *(cut for cut in blocks.again if (cut.block.file, cut.name) in functions))


def _agree(cuts: Sequence[Cut]) -> bool:
    """Whether there is a parameter that has one value in all of the copies."""
    return any(
        len({each.value or each.default for each in same}) == 1
        for same in zip(*(one.arguments for one in cuts), strict=True)
    )


def _dropped(seen: Survey, out: set[Block], candidates: Sequence[Candidate]) -> list[Candidate]:
    """How copies were judged that are taken out."""
    at = {(one.path, one.cell, one.line) for one in (block_occurrence(seen.blocks.real, block, "") for block in out)}
    known = {one.id for one in seen.blocks.dropped}
    return [
        replace(
            one,
            members=(),
            chosen=None,
            needs=(),
            arguments=(),
            reasons=tuple(reason for reason in one.reasons if reason.code != _VALUES),
        )
        for one in candidates
        if not one.verdict.moves and one.id not in known
        if any((each.path, each.cell, each.line) in at for each in one.occurrences)
    ]
