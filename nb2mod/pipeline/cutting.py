"""Blocks of a survey: which runs of statements are repeated or heavy, what flows through them, and the survey in which those
that can become functions stand there as functions already.
"""

import functools
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from msgspec.structs import replace

from nb2mod.model import (
    Block,
    BlockClass,
    BlockFlow,
    Candidate,
    Cut,
    Features,
    Member,
    Names,
    Reason,
    Verdict,
)
from nb2mod.pipeline.block_notes import notes_of
from nb2mod.pipeline.finding_blocks import calls_that_move, heavy, left_over, repeated
from nb2mod.pipeline.near_blocks import NEAR_BLOCKS, NearBlocks, gathered, joined, near_blocks
from nb2mod.pipeline.near_texts import location
from nb2mod.pipeline.real_places import Bare, block_occurrence
from nb2mod.pipeline.survey import Survey
from nb2mod.stages import analyze, cut, detect, index
from nb2mod.stages.cut import Filled, Laid


def with_blocks(seen: Survey) -> Survey:
    """The survey with every block that can become a function laid into its notebooks; what it knows of copies that were parted
    is taken over.
    """
    found = repeated(seen)
    near = [one for one in found if one.code == NEAR_BLOCKS]
    names = analyze.with_runners(seen.features, seen.names)
    flow_of = functools.cache(lambda block: analyze.flow_of(seen.features[block.file], names[block.file], block))
    shared = near_blocks(seen, near, flow_of) if near else NearBlocks()
    others = [one for one in found if one.code != NEAR_BLOCKS]
    if shared.aside:
        shared = joined(shared, near_blocks(seen, list(left_over(seen, near, [*others, *shared.classes])), flow_of))
        moving = calls_that_move(seen, [member for one in shared.aside for member in one.members])
        if moving:
            left = list(left_over(seen, near, [*others, *shared.classes], moving))
            shared = joined(shared, near_blocks(seen, left, flow_of))
    classes = sorted((*others, *shared.classes), key=lambda one: one.members)
    classes += heavy(seen, classes)
    if not classes and not shared.aside:
        bare = Bare(seen.names, seen.classes) if seen.blocks.shortened else None
        return replace(seen, blocks=replace(seen.blocks, real=seen.features, staying=seen.blocks.dropped, bare=bare))
    return with_classes(seen, classes, _flows(seen, names, classes, shared.holes, flow_of), shared)


def _flows(
    seen: Survey,
    names_seen: Mapping[int, Names],
    classes: Sequence[BlockClass],
    holes: Mapping[Block, Filled],
    flow_of: Callable[[Block], BlockFlow],
) -> dict[Block, BlockFlow]:
    """What flows through each block, when all become functions: copies return what any of them must, and calls pass on what their
    block binds on some paths only, which other blocks must have given. `flow_of`: through one by itself.
    """
    followed = [one for one in classes if not one.boilerplate]
    asked: dict[Block, frozenset[str]] = {member: frozenset() for one in followed for member in one.members}
    flows = {member: flow_of(member) for member in sorted(asked)}
    waiting: Iterable[Block] = ()
    while True:
        for member in sorted(waiting):
            names = names_seen[member.file]
            flows[member] = analyze.flow_of(seen.features[member.file], names, member, asked[member])
        lacking = {
            member: found
            for member, wanted in _wanted(seen, followed, flows, holes).items()
            if (found := wanted.intersection(flows[member].local))
        }
        asked |= {member: asked[member] | found for member, found in lacking.items()}
        if not lacking:
            return flows
        waiting = lacking


def _wanted(
    seen: Survey, classes: Sequence[BlockClass], flows: Mapping[Block, BlockFlow], holes: Mapping[Block, Filled]
) -> dict[Block, frozenset[str]]:
    """The names that each block is to return for the sake of other blocks: of its copies, and of its notebook."""
    passed: dict[tuple[int, str], set[Block]] = defaultdict(set)
    for member, flow in flows.items():
        for name in flow.inputs:
            passed[member.file, name].add(member)
    wanted = {
        member: frozenset(name for name in flow.local if passed[member.file, name] - {member})
        for member, flow in flows.items()
    }
    for one in classes:
        free = [member for member in one.members if not _blocked(flows[member])]
        for group in cut.grouped(free, flows, seen.features, holes):
            for member in group.members:
                names = holes[member].names if member in holes else cut.spelled(seen.features, member)
                wanted[member] |= frozenset(cut.returns_of(group, names))
    return wanted


def with_classes(
    seen: Survey, classes: Sequence[BlockClass], flows: Mapping[Block, BlockFlow], shared: NearBlocks | None = None
) -> Survey:
    """The survey with the blocks of `classes` that can become functions laid into their notebooks. `shared`: what near copies
    among them have in holes, and those that stay.
    """
    shared = shared or NearBlocks()
    cuts, of_class, staying = _cut(seen, classes, flows, shared)
    laid = cut.lay(seen.features, cuts)
    features = _laid_features(seen.features, laid)
    standing = _members(features, laid)
    standing_blocks = {one.block for one in cuts}
    changed = {file for file, _ in laid.sources}
    names = dict(seen.names) | {
        file: analyze.names_of(file, features[file], seen.package.name) for file in sorted(changed)
    }
    blocks = replace(
        seen.blocks,
        real=seen.features,
        cuts=standing,
        again=tuple(one for one in cuts if not one.text),
        classes=of_class,
        told={
            member: (*notes, *shared.notes.get(of_class[standing[member]].shape, ()))
            for member, notes in notes_of(seen, standing, of_class, flows).items()
        },
        laid=laid,
        staying=(*staying, *seen.blocks.dropped),
        bare=Bare(seen.names, seen.classes),
        held=tuple(
            (one, gathered(flows, one.members))
            for one in classes
            if not one.boilerplate and standing_blocks.isdisjoint(one.members)
        ),
        stuck=frozenset(one.shape for one in classes if not standing_blocks.issuperset(one.members)),
    )
    return replace(seen, features=features, names=names, classes=detect.clone_classes(features), blocks=blocks)


def _apart(seen: Survey, stuck: Sequence[Block], flows: Mapping[Block, BlockFlow]) -> Reason:
    """Why a copy that could be a function is none together with the others."""
    names = ", ".join(f"`{name}`" for name in flows[stuck[0]].inputs) or "nothing"
    message = f"takes {names} from its notebook, and too few other copies take the same"
    first = stuck[0]
    line = seen.features[first.file].cells[first.cell].facts.statements[first.first].line
    return Reason("NB370", message, "blocks", location(seen.features[first.file], first.cell, line))


def _cut(
    seen: Survey, classes: Sequence[BlockClass], flows: Mapping[Block, BlockFlow], shared: NearBlocks
) -> tuple[list[Cut], dict[Cut, BlockClass], list[Candidate]]:
    """Cuts for the copies that can become functions, candidates for the rest."""
    cuts: list[Cut] = []
    of_class: dict[Cut, BlockClass] = {}
    staying: list[Candidate] = []
    names = cut.Names(seen.features, seen.names, flows)
    given: dict[bytes, str] = {}
    for one in classes:
        called = names.name(one)
        given.setdefault(shared.sources.get(one.shape, one.shape), called.name)
        if one.boilerplate:
            short = Reason("NB112", "imports and set-up alone: boilerplate", "below")
            staying.append(_candidate(seen, one, one.members, called.name, Verdict.BELOW, [short]))
            continue
        stuck = [member for member in one.members if _blocked(flows[member])]
        free = [member for member in one.members if member not in stuck]
        moved = False
        for group in cut.grouped(free, flows, seen.features, shared.holes):
            few = len({member.file for member in group.members}) < seen.config.threshold_notebooks
            if few and one.code in ("NB111", NEAR_BLOCKS):
                stuck += group.members
                continue
            own = names.name(one) if moved else called  # each group is a function of its own
            moved = True
            made = cut.cuts_of(group, own.name, own.docstring, flows, seen.features, shared.holes)
            cuts += made
            of_class.update(dict.fromkeys(made, one))
        if stuck:
            reasons = gathered(flows, stuck)
            if not any(reason.effect == "blocks" for reason in reasons):
                reasons = (_apart(seen, stuck, flows), *reasons)
            staying.append(_candidate(seen, one, stuck, called.name, Verdict.BLOCKED, reasons))
    for aside in shared.aside:
        name = given.get(shared.sources[aside.source.shape]) or names.name(aside.source).name
        told = _candidate(seen, aside.source, aside.members, name, aside.verdict, aside.reasons)
        staying.append(replace(told, contrasts=aside.contrasts, advice=aside.advice, places=aside.places))
    return cuts, of_class, staying


def _blocked(flow: BlockFlow) -> bool:
    return any(reason.effect == "blocks" for reason in flow.reasons)


def _candidate(
    seen: Survey, one: BlockClass, members: Sequence[Block], name: str, verdict: Verdict, reasons: Sequence[Reason]
) -> Candidate:
    """A block that does not move, with the places where it stands."""
    occurrences = tuple(sorted(block_occurrence(seen.features, member, name) for member in members))
    return Candidate(
        id=f"{name}-{one.shape.hex()[:8]}" + ("" if verdict is Verdict.BELOW else "x"),
        code=one.code,
        kind="block",
        name=name,
        clone_type=one.clone_type if len(one.members) > 1 else None,
        verdict=verdict,
        reasons=tuple(reasons),
        members=(),
        occurrences=occurrences,
        statements=one.statements,
        places=len({member.file for member in members}),
        similarity=one.similarity,
        saved=one.saved,
        content=one.shape.hex()[:8],
    )


def _laid_features(features: Sequence[Features], laid: Laid) -> tuple[Features, ...]:
    """The features with the laid cells read anew."""
    found = list(features)
    read = functools.cache(index.read_cell)  # copies become the same cell
    for (file, cell), source in laid.sources.items():
        cells = list(found[file].cells)
        cells[cell] = replace(cells[cell], source=source, digest=index.digest(source), facts=read(source))
        found[file] = replace(found[file], cells=tuple(cells))
    return tuple(found)


def _members(features: Sequence[Features], laid: Laid) -> dict[Member, Cut]:
    """The functions of cuts as members: the definition that begins on the cut's first line."""
    found = {}
    for one, (cell, first, _, _) in laid.standing.items():
        for at, definition in enumerate(features[one.block.file].cells[cell].facts.definitions):
            if one.text and definition.def_line == first and definition.name == one.name:
                found[Member(one.block.file, cell, at)] = one
    return found
