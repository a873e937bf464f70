"""Which runs of statements of a survey are blocks, by the limits of the stage of their notebooks."""

import functools
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence

from nb2mod.config import thresholds_for
from nb2mod.model import Block, BlockClass, Stage
from nb2mod.pipeline.lifting import wanted
from nb2mod.pipeline.real_places import OUT
from nb2mod.pipeline.survey import Survey
from nb2mod.stages import detect


def repeated(seen: Survey) -> tuple[BlockClass, ...]:
    """Runs that are repeated, by the limits of the stage of their notebooks: one copy in production is enough for its limit."""
    copied = () if seen.config.count_copied_notebooks else seen.copied
    return _by_limits(
        seen, functools.partial(detect.block_classes, seen.features, copied=copied, barred=seen.blocks.barred)
    )


def left_over(
    seen: Survey,
    near: Sequence[BlockClass],
    standing: Sequence[BlockClass],
    moving: Mapping[int, frozenset[str]] | None = None,
) -> Iterator[BlockClass]:
    """Near copies of what came to nothing in the class that it was found in, and so is no part of those that are `standing`.
    With `moving`: between the calls of these definitions, by file, which are the package's from now on: a second run would look
    there.
    """
    taken = {member for one in standing for member in one.members}
    taken.update(member for member, number in seen.blocks.parted.items() if number == OUT)
    known = [set(one.members) for one in near]
    beside = functools.partial(
        detect.near_beside, seen.features, sorted(taken), moving=moving, barred=seen.blocks.barred
    )
    for one in _by_limits(seen, beside):
        if not any(members.issuperset(one.members) for members in known):
            yield one


def calls_that_move(seen: Survey, stuck: Sequence[Block]) -> dict[int, frozenset[str]]:
    """Names of definitions that may move, by file, where one of the blocks calls such; {} where none does."""
    names: dict[int, set[str]] = defaultdict(set)
    for member in wanted(seen):
        names[member.file].add(seen.features[member.file].cells[member.cell].facts.definitions[member.definition].name)
    called = any(
        use.name in names[one.file]
        for one in stuck
        for cell in range(one.cell, one.last_cell + 1)
        for use in seen.features[one.file].cells[cell].facts.uses
        if (one.cell, one.first) <= (cell, use.statement) <= (one.last_cell, one.last)
    )
    return {file: frozenset(found) for file, found in names.items()} if called else {}


def _by_limits(seen: Survey, found: Callable[..., tuple[BlockClass, ...]]) -> tuple[BlockClass, ...]:
    limits = {stage: thresholds_for(seen.config, stage).block_statements for stage in Stage}
    production = {path for path, one in seen.stages.items() if one.production}
    classes = found(
        statements=min(limits.values()) if production else limits[Stage.EXPLORATORY],
        notebooks=seen.config.threshold_notebooks,
        own_package=seen.package.name,
    )
    return tuple(
        one
        for one in classes
        if one.statements >= limits[Stage.EXPLORATORY]
        or any(seen.features[member.file].path in production for member in one.members)
    )


def heavy(seen: Survey, classes: Sequence[BlockClass]) -> list[BlockClass]:
    """Cells that have grown into a script, by the limits of their notebook's stage; none that holds part of a repeated block."""
    taken = [member for one in classes if not one.boilerplate for member in one.members]
    found = []
    for stage in Stage:
        limits = thresholds_for(seen.config, stage)
        heavy = detect.heavy_cells(
            seen.features,
            statements=limits.cell_statements,
            complexity=limits.cell_complexity,
            own_package=seen.package.name,
            taken=taken,
        )
        for one in heavy:
            told = seen.stages.get(seen.features[one.members[0].file].path)
            if told is not None and told.stage is stage:
                found.append(one)
    return found
