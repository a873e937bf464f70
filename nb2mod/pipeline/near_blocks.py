"""Near-miss blocks of a survey (NB113): for which of them one function with parameters will do, and what is told of the rest."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b

from msgspec import Struct
from msgspec.structs import replace

from nb2mod.model import (
    Apart,
    Block,
    BlockClass,
    BlockFlow,
    Contrast,
    Copy,
    Features,
    Reason,
    Unification,
    Unified,
    Verdict,
)
from nb2mod.pipeline.near_texts import NearTexts, location
from nb2mod.pipeline.other_inputs import OtherInputs
from nb2mod.pipeline.real_places import OUT
from nb2mod.pipeline.survey import Survey
from nb2mod.stages import cut, unify
from nb2mod.stages.cut import Filled

NEAR_BLOCKS = "NB113"


class Aside(Struct, frozen=True):
    """Near copies that stay: those of `members`. `source` is the class that they were found in, with a shape of their own;
    `places` is what counts.
    """

    source: BlockClass
    members: tuple[Block, ...]
    verdict: Verdict
    reasons: tuple[Reason, ...]
    contrasts: tuple[Contrast, ...] = ()
    advice: str = ""
    places: int = 0


class NearBlocks(Struct, frozen=True):
    """What near-miss classes come to. `classes`: those of which each can be one function, exact copies among them too; `holes`:
    of each block in them that has such; `notes`: by the shape of a class, what a person should know of its values (H8);
    `sources`: by the same, and by that of what stays, the shape of the class that it was found in.
    """

    classes: tuple[BlockClass, ...] = ()
    holes: Mapping[Block, Filled] = {}
    notes: Mapping[bytes, tuple[Reason, ...]] = {}
    sources: Mapping[bytes, bytes] = {}
    aside: tuple[Aside, ...] = ()


class _Variant(Struct, frozen=True):
    """Blocks of the same text whose names mean the same."""

    copy: Copy
    members: tuple[Block, ...]


def near_blocks(seen: Survey, classes: Sequence[BlockClass], flow: Callable[[Block], BlockFlow]) -> NearBlocks:
    """The near-miss classes of a survey, unified; copies that were parted (`Blocks.parted`) by themselves. `flow`: what flows
    through a block by itself.
    """
    found = _Found(seen, flow)
    for one in classes:
        for part in _parts(one, seen.blocks.parted):
            found.add(part)
    return NearBlocks(tuple(found.classes), found.holes, found.notes, found.sources, tuple(found.aside))


def _parts(one: BlockClass, parted: Mapping[Block, int]) -> Iterator[BlockClass]:
    """Copies of a class that may share a function, by their number."""
    numbers = {member: parted.get(member, 0) for member in one.members}
    for number in sorted(set(numbers.values()) - {OUT}):
        shape = blake2b(one.shape + str(number).encode(), digest_size=16).digest() if number else one.shape
        yield replace(one, shape=shape, members=tuple(member for member in one.members if numbers[member] == number))


def joined(shared: NearBlocks, more: NearBlocks) -> NearBlocks:
    """With the classes that `more` found among copies that were left aside; what is told of others stands."""
    moved = [member for one in more.classes for member in one.members]
    left = (
        tuple(each for each in one.members if not any(overlap(each, other) for other in moved)) for one in shared.aside
    )
    rest = (replace(one, members=members) for one, members in zip(shared.aside, left, strict=True))
    return NearBlocks(
        (*shared.classes, *more.classes),
        {**shared.holes, **more.holes},
        {**shared.notes, **more.notes},
        {**more.sources, **shared.sources},
        tuple(one for one in rest if one.members),
    )


def overlap(one: Block, other: Block) -> bool:
    """Whether two blocks share a statement."""
    return (
        one.file == other.file
        and (one.cell, one.first) <= (other.last_cell, other.last)
        and (other.cell, other.first) <= (one.last_cell, one.last)
    )


class _Found:
    """What has come of the classes looked at so far."""

    def __init__(self, seen: Survey, flow: Callable[[Block], BlockFlow]) -> None:
        self.classes: list[BlockClass] = []
        self.holes: dict[Block, Filled] = {}
        self.notes: dict[bytes, tuple[Reason, ...]] = {}
        self.sources: dict[bytes, bytes] = {}
        self.aside: list[Aside] = []
        self._seen = seen
        self._flow = flow
        self._texts = NearTexts(seen)
        self._limit = seen.config.threshold_notebooks
        copied = () if seen.config.count_copied_notebooks else seen.copied
        self._copied = {path: number for number, one in enumerate(copied) for path in one.paths}

    def add(self, one: BlockClass) -> None:
        """Effect: unifies a class and puts what comes of it to the rest."""
        count = self._count(one.members)
        if count < self._limit:
            message = f"stands in {count} notebook{'s' * (count != 1)}"
            message += f" (copies of each other count once); the threshold is {self._limit}"
            self._leave(one, one.members, Aside(one, (), Verdict.BELOW, (Reason("NB100", message, "below"),)))
            return
        variants, found, stuck = self._unified(one.members)
        if stuck:
            reasons = gathered({member: self._flow(member) for member in stuck}, stuck)
            self._leave(one, stuck, Aside(one, (), Verdict.BLOCKED, reasons))
        for each in found.classes:
            self._join(one, [variants[at] for at in each.copies], each)
        for members, apart in self._apart(variants, found):
            self._put_aside(one, members, apart)

    def _unified(self, members: Sequence[Block]) -> tuple[list[_Variant], Unification, list[Block]]:
        """Copies by their texts and what they unify to, without those that can't be functions whatever becomes a parameter."""
        stuck: list[Block] = []
        while True:
            variants = self._variants([member for member in members if member not in stuck])
            found = unify.unify([variant.copy for variant in variants])
            joined = [at for each in found.classes if any(each.parameters) for at in each.copies]
            more = [member for at in joined for member in variants[at].members if _blocks(self._flow(member))]
            if not more:
                return variants, found, stuck
            stuck += more

    def _count(self, members: Iterable[Block]) -> int:
        """How many notebooks count: copies of a whole notebook once (N17)."""
        features = self._seen.features
        return len({self._copied.get(features[member.file].path, -1 - member.file) for member in members})

    def _variants(self, members: Sequence[Block]) -> list[_Variant]:
        found: dict[tuple[str, tuple[tuple[str, str], ...]], list[Block]] = defaultdict(list)
        for member in members:
            text = self._texts.text(member)
            means = self._texts.means(member)
            found[text, tuple(sorted((name, meaning.key) for name, meaning in means.items()))].append(member)
        return [self._variant(text, same) for (text, _), same in found.items()]

    def _variant(self, text: str, same: Sequence[Block]) -> _Variant:
        notebooks = len({each.file for each in same})
        first = same[0]
        copy = Copy(text, self._texts.place(first), notebooks, self._texts.means(first), headless=True)
        return _Variant(copy, tuple(same))

    # what becomes of it

    def _join(self, source: BlockClass, variants: Sequence[_Variant], unified: Unified) -> None:
        members = tuple(sorted(member for variant in variants for member in variant.members))
        if not any(unified.parameters) or self._count(members) < self._limit:
            reason = _too_few(self._seen.features, members)
            self._leave(source, members, Aside(source, (), Verdict.BLOCKED, (reason,)))
            return
        for variant, parameters in zip(variants, unified.parameters, strict=True):
            filled = cut.filled(variant.copy.text, parameters)
            self.holes.update(dict.fromkeys(variant.members, filled))
        shape = _shape(source, {variant.copy.text for variant in variants})
        made = replace(source, shape=shape, members=members, parts=())
        self.notes[made.shape] = tuple(self._texts.real(note, members) for note in unified.notes)
        self._go_on(source, made)

    def _apart(
        self, variants: Sequence[_Variant], found: Unification
    ) -> Iterator[tuple[tuple[Block, ...], Apart | None]]:
        """Copies that join none, and why."""
        beside = OtherInputs(self._texts, [one.members[0] for one in variants], [one.copy for one in variants])
        left = {at for apart in found.apart for at in apart.copies}
        kept = beside.apart(left) if beside.differ else ((apart.copies, apart) for apart in found.apart)
        for copies, apart in kept:
            yield _members(variants, copies), apart

    def _put_aside(self, source: BlockClass, members: tuple[Block, ...], apart: Apart | None) -> None:
        if apart is None:
            reason = _too_few(self._seen.features, members)
            self._leave(source, members, Aside(source, (), Verdict.BLOCKED, (reason,)))
            return
        reasons = tuple(self._texts.real(reason, source.members) for reason in apart.reasons)
        contrasts = tuple(self._texts.contrast(one, source.members) for one in apart.contrasts)
        advice = self._texts.words(apart.advice, source.members)
        self._leave(source, members, Aside(source, (), Verdict.BLOCKED, reasons, contrasts, advice))

    def _leave(self, source: BlockClass, members: Sequence[Block], aside: Aside) -> None:
        """Exact copies among near ones that stay go on as what they are; the others are told."""
        left = set(members)
        for part in source.parts:
            same = tuple(member for member in part.members if member in left)
            if len({member.file for member in same}) >= self._limit:
                self._go_on(source, replace(part, members=same))
                left.difference_update(same)
        if left:
            own = replace(source, shape=_shape(source, {self._texts.text(member) for member in left}))
            self.sources[own.shape] = source.shape
            self.aside.append(replace(aside, source=own, members=tuple(sorted(left)), places=self._count(left)))

    def _go_on(self, source: BlockClass, one: BlockClass) -> None:
        self.sources[one.shape] = source.shape
        self.classes.append(one)


def _shape(source: BlockClass, texts: Iterable[str]) -> bytes:
    """That of some of a class's copies."""
    digest = blake2b(source.shape, digest_size=16)
    for text in sorted(texts):
        digest.update(text.encode("utf-8", "surrogatepass"))
    return digest.digest()


def _members(variants: Sequence[_Variant], copies: Sequence[int]) -> tuple[Block, ...]:
    return tuple(sorted(member for at in copies for member in variants[at].members))


def _too_few(features: Sequence[Features], members: Sequence[Block]) -> Reason:
    cell, statement = cut.statements_of(features, members[0])[0]
    message = "one function would do for these copies, and they stand in too few notebooks"
    return Reason("NB370", message, "blocks", location(features[members[0].file], cell, statement.line))


def _blocks(flow: BlockFlow) -> bool:
    return any(reason.effect == "blocks" for reason in flow.reasons)


def gathered(flows: Mapping[Block, BlockFlow], members: Sequence[Block]) -> tuple[Reason, ...]:
    """The same sentence of several copies once, what blocks first."""
    seen: dict[tuple[str, str], Reason] = {}
    for member in members:
        for reason in flows[member].reasons:
            seen.setdefault((reason.code, reason.message), reason)
    return tuple(sorted(seen.values(), key=lambda reason: reason.effect != "blocks"))
