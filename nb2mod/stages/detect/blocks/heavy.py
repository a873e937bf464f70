"""Cells that have grown into a script: one run of statements past a limit by itself (code NB202)."""

from collections.abc import Collection, Sequence
from hashlib import blake2b

from nb2mod.model import Block, BlockClass, Features, Statement
from nb2mod.stages.detect.blocks.runs import IMPORTS, runs_of
from nb2mod.syntax.statements import BARE_CONSTANT


def heavy_cells(
    features: Sequence[Features],
    *,
    statements: int,
    complexity: int,
    own_package: str | None = None,
    taken: Collection[Block] = (),
) -> tuple[BlockClass, ...]:
    """The heaviest run of each cell in which one reaches `statements`, nested ones counted, or `complexity`, McCabe's for all
    of it together. A cell that holds part of a block in `taken` is passed over: that one moves first.
    """
    covered = {(one.file, cell) for one in taken for cell in range(one.cell, one.last_cell + 1)}
    found = []
    for file, one in enumerate(features):
        if one.kind != "notebook" or one.error or not _may_be_heavy(one, statements, complexity):
            continue
        best: dict[int, tuple[int, int, Block, BlockClass]] = {}
        for run in runs_of(one, own_package, across=False):
            cell = run[0][0]
            if (file, cell) in covered:
                continue
            whole = one.cells[cell].facts.statements
            first, last = _trimmed(whole, run[0][1], run[-1][1])
            part = whole[first : last + 1]
            size, decisions = sum(each.size for each in part), sum(each.complexity for each in part)
            if part and (size >= statements or decisions + 1 >= complexity):
                block = Block(file, cell, first, cell, last)
                made = _alone(block, part, size)
                best[cell] = max(best.get(cell, (0, 0, block, made)), (size, decisions, block, made), key=_weight)
        found += [made for _, _, _, made in best.values()]
    return tuple(found)


def _may_be_heavy(features: Features, statements: int, complexity: int) -> bool:
    """Whether any cell reaches a limit with all of its statements: most notebooks have none, and need no runs."""
    return any(
        sum([one.size for one in cell.facts.statements]) >= statements
        or sum([one.complexity for one in cell.facts.statements]) + 1 >= complexity
        for cell in features.cells
    )


def _weight(found: tuple[int, int, Block, BlockClass]) -> tuple[int, int]:
    return found[0], found[1]


def _trimmed(statements: Sequence[Statement], first: int, last: int) -> tuple[int, int]:
    """A run without imports, `pass`, bare constants and shared lines at its ends."""
    while first <= last and (
        not _solid(statements[first]) or (first and statements[first - 1].end_line >= statements[first].line)
    ):
        first += 1
    while last >= first and (
        not _solid(statements[last])
        or (last + 1 < len(statements) and statements[last + 1].line <= statements[last].end_line)
    ):
        last -= 1
    return first, last


def _solid(one: Statement) -> bool:
    return not (one.kind in IMPORTS or one.kind == "pass" or one.skeleton == BARE_CONSTANT)


def _alone(block: Block, part: Sequence[Statement], size: int) -> BlockClass:
    digest = blake2b(digest_size=16)
    for one in part:
        digest.update(one.fixed)
        digest.update("\0".join(one.names).encode("utf-8", "surrogatepass"))
    lines = part[-1].end_line - part[0].line + 1
    return BlockClass(digest.digest(), (block,), None, size, lines, code="NB202")
