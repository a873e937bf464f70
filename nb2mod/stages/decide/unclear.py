"""Copies of one text that are apart only because a notebook does not tell what a name means there (N16, F5).

Nobody knows whether they are the same, so they never move; but they look repeated, and silence would say that they are not.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from nb2mod.model import Features, Meaning
from nb2mod.stages.decide.meaning import MeaningSource
from nb2mod.stages.decide.parts import Part, definition_at

_UNCLEAR = frozenset(("state", "ambiguous", "unknown", "unbound", "star"))


def unclear(parts: Sequence[Part], features: Sequence[Features], meanings: MeaningSource) -> Iterator[tuple[Part, ...]]:
    """The parts of one class that bear one name and agree in every name that is clear in both. Each part once."""
    by_name: dict[str, list[tuple[Part, list[Meaning]]]] = defaultdict(list)
    for part in parts:
        by_name[part.name].append((part, _slots(part, features, meanings)))
    for alike in by_name.values():
        while len(alike) > 1:
            (leader, first), *others = alike
            fitting = [leader, *(part for part, slots in others if _agree(first, slots))]
            if len(fitting) > 1:
                yield tuple(fitting)
            alike = [(part, slots) for part, slots in others if part not in fitting]


def _agree(first: Sequence[Meaning], second: Sequence[Meaning]) -> bool:
    """Whether all that keeps them apart is unclear."""
    apart = [(one, other) for one, other in zip(first, second, strict=True) if one.key != other.key]
    return bool(apart) and all(one.kind in _UNCLEAR or other.kind in _UNCLEAR for one, other in apart)


def _slots(part: Part, features: Sequence[Features], meanings: MeaningSource) -> list[Meaning]:
    member = part.members[0]
    slots = definition_at(features, member).slots
    return [meanings.of(member.file, member.cell, member.definition, name) for name in slots]
