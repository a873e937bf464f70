"""What a person is told of a block that can become a function: why it moves alone, what is seen no more, and what its call would
have to carry.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace

from nb2mod.config import thresholds_for
from nb2mod.model import Block, BlockClass, BlockFlow, Cut, Member, Reason, Stage
from nb2mod.pipeline import worth
from nb2mod.pipeline.near_texts import location
from nb2mod.pipeline.survey import Survey
from nb2mod.stages import cut

_LOST = "NB371"
# Past these a call is harder to read than what it replaces: who writes the next one gets their order wrong.
_MOST_ARGUMENTS, _MOST_RETURNS = 8, 5


def notes_of(
    seen: Survey, cuts: Mapping[Member, Cut], classes: Mapping[Cut, BlockClass], flows: Mapping[Block, BlockFlow]
) -> dict[Member, tuple[Reason, ...]]:
    """All of it for each of the blocks in `cuts`. `classes`: what each was found in; `flows`: what flows through each."""
    lost = {one: _lost(seen, one, flows[one.block]) for one in cuts.values()}
    where: dict[tuple[bytes, str], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for one, message in lost.items():
        where[classes[one].shape, one.name][message].add(seen.features[one.block.file].path)
    copies: dict[tuple[bytes, str], list[Cut]] = defaultdict(list)
    for one, kind in classes.items():
        copies[kind.shape, one.name].append(one)
    found = {}
    for member, one in cuts.items():
        kind = classes[one]
        own = where[kind.shape, one.name]
        # Where copies lose different names, each note says which notebooks it speaks of.
        told = f"{lost[one]} ({_listed(own[lost[one]])})" if lost[one] and len(own) > 1 else lost[one]
        # Steps of one notebook are called by its `main` alone.
        crowded = [] if seen.whole else _crowded(seen, one, copies[kind.shape, one.name])
        found[member] = (*_flowing(flows[one.block], told), *crowded, *_alone(seen, kind))
    return found


def _lost(seen: Survey, one: Cut, flow: BlockFlow) -> str:
    """Which names its notebook does not hold any more, in words. Those that its call gives back because another copy needs them
    can still be seen.
    """
    bindings = seen.names[one.block.file].bindings
    lost = [name for name in flow.local if name not in one.returns and not name.startswith("_")]
    inside = range(one.block.cell, one.block.last_cell + 1)
    stale = [name for name in lost if any(bound.cell not in inside for bound in bindings.get(name, ()))]
    parts = [("no longer visible at the prompt", [name for name in lost if name not in stale])]
    parts.append(("keeps the value that other cells give it", stale))
    return "; ".join(f"{what}: {', '.join(f'`{name}`' for name in found)}" for what, found in parts if found)


def _listed(paths: set[str]) -> str:
    first, *more = sorted(paths)
    return f"{first} and {len(more)} more" if len(more) > 1 else " and ".join((first, *more))


def _flowing(flow: BlockFlow, lost: str) -> Iterator[Reason]:
    """What its flow tells, with `lost` for the names that become local."""
    for reason in flow.reasons:
        if reason.code != _LOST:
            yield reason
        elif lost:
            yield replace(reason, message=lost)


def _crowded(seen: Survey, one: Cut, copies: Sequence[Cut]) -> list[Reason]:
    """Why a person should say whether a call with so much in it is wanted. `copies`: all blocks that share the function."""
    arguments, returns = len(one.parameters) + len(one.arguments), len(one.returns)
    parts = [f"pass {arguments} arguments"] if arguments > _MOST_ARGUMENTS else []
    parts += [f"take {returns} values back"] if returns > _MOST_RETURNS else []
    message = f"its call would {' and '.join(parts)}" if parts else worth.of_blocks(seen.features, copies)
    line = cut.statements_of(seen.features, one.block)[0][1].line
    place = location(seen.features[one.block.file], one.block.cell, line)
    return [Reason("NB378", message, "review", place)] if message else []


def _alone(seen: Survey, one: BlockClass) -> list[Reason]:
    """Why a block moves though it stands once."""
    if one.code != "NB202":
        return []
    block = one.members[0]
    features = seen.features[block.file]
    told = seen.stages.get(features.path)
    limits = thresholds_for(seen.config, told.stage if told else Stage.EXPLORATORY)
    statements = cut.statements_of(seen.features, block)
    decisions = 1 + sum(statement.complexity for _, statement in statements)
    parts = []
    if one.statements >= limits.cell_statements:
        parts.append(f"{one.statements} statements, the limit of a cell is {limits.cell_statements}")
    if decisions >= limits.cell_complexity:
        parts.append(f"a cyclomatic complexity of {decisions}, the limit of a cell is {limits.cell_complexity}")
    place = location(features, block.cell, statements[0][1].line)
    return [Reason("NB202", f"has {'; '.join(parts)}", "note", place)]
