"""Copies of one text whose names mean the same, read once: what is compared, and how much it weighs."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from nb2mod.model import Copy, Meaning
from nb2mod.stages.unify.aligning import Marked, marked
from nb2mod.stages.unify.reading import Read, read
from nb2mod.syntax.shape import shape_of


class Source(Struct, frozen=True, eq=False):
    """`copies`: indexes of those given. `keys`: what each free name means; `shape`: equal for sources that differ in the names of
    locals alone, all their free names meaning the same. `headless`: the line of `def` stands in no file.
    """

    text: str
    copies: tuple[int, ...]
    weight: int
    fixed: bool
    read: Read
    keys: Mapping[str, str]
    meanings: Mapping[str, Meaning]
    shape: tuple[bytes, tuple[str, ...]]
    marked: Marked
    headless: bool

    @property
    def rank(self) -> tuple[int, str, tuple[str, ...]]:
        """Heaviest first, then by text: never by place."""
        return -self.weight, self.text, self.shape[1]


def sources_of(copies: Sequence[Copy]) -> tuple[list[Source], dict[int, str]]:
    """Every distinct source, heaviest first, and of copies that can't be compared why not."""
    readings: dict[str, Read | str] = {}
    refused: dict[int, str] = {}
    groups: dict[tuple[str, tuple[str, ...]], list[int]] = {}
    for index, copy in enumerate(copies):
        found = readings.get(copy.text)
        if found is None:
            found = readings[copy.text] = read(copy.text)
        if isinstance(found, str):
            refused[index] = found
            continue
        groups.setdefault((copy.text, tuple(_keys(found, copy).values())), []).append(index)
    sources = [_source(copies, members, readings[text]) for (text, _), members in groups.items()]
    return sorted(sources, key=lambda one: one.rank), refused


def _keys(found: Read, copy: Copy) -> dict[str, str]:
    return {name: free_key(name, copy.meanings) for name in found.term.free_names()}


def free_key(name: str, meanings: Mapping[str, Meaning]) -> str:
    """What a free name means: two names mean the same when their keys are equal."""
    meaning = meanings.get(name)
    return meaning.key if meaning else f"?{name}"


def _source(copies: Sequence[Copy], members: list[int], found: Read | str) -> Source:
    assert isinstance(found, Read)
    first = copies[members[0]]
    shape = shape_of(found.node, first.text)
    meant = tuple(free_key(name, first.meanings) for name in shape.slots)
    weight = sum(copies[index].weight for index in members)
    fixed = any(copies[index].fixed for index in members)
    keys = _keys(found, first)
    return Source(
        first.text,
        tuple(members),
        weight,
        fixed,
        found,
        keys,
        first.meanings,
        (shape.digest, meant),
        marked(found.term, keys),
        first.headless,
    )
