"""Copies side by side: their holes, and what they need as patterns that can be compared."""

from collections import Counter
from collections.abc import Hashable, Iterable
from typing import NamedTuple, TypeVar

from nb2mod.model import Member, NewParameter
from nb2mod.stages.lift.groups import Group, Lifted
from nb2mod.stages.lift.notebooks import Notebooks
from nb2mod.syntax.passing_signature import signature

_Key = TypeVar("_Key", bound=Hashable)


class Item(NamedTuple):
    """Something that a copy must be given. `key` is the same in copies that need the same."""

    key: tuple[object, ...]
    name: str
    value: str
    reads: tuple[str, ...]
    callee: str = ""
    parameter: Lifted | None = None


def holes_of(books: Notebooks, index: int, group: Group) -> tuple[Lifted, ...]:
    """What unify found, copy beside copy."""
    first = group.parameters.get(group.members[0], ())
    found = []
    for at, one in enumerate(first):
        each: dict[Member, NewParameter] = {member: group.parameters[member][at] for member in group.members}
        keywords = dict.fromkeys(each, one.name)
        if one.position is not None and one.position >= 0:
            keywords = {member: signature(books.text(member)).slots[one.position].name for member in each}
        found.append(
            Lifted(
                one.name,
                one.kind,
                one.default,
                {member: own.value for member, own in each.items()},
                {member: own.reads for member, own in each.items()},
                (index, one.name),
                keywords,
                {member: own.replacements for member, own in each.items()},
                one.position,
            )
        )
    return tuple(found)


def called(one: Lifted, name: str) -> Lifted:
    return Lifted(name, one.kind, one.default, one.values, one.reads, one.origin, dict.fromkeys(one.keywords, name))


def pattern_of(items: list[Item]) -> tuple[tuple[object, ...], ...]:
    """The keys, with names of state numbered: copies may call the same thing otherwise."""
    numbers: dict[object, int] = {}
    return tuple(
        ("state", numbers.setdefault(item.key[1], len(numbers))) if item.key[0] == "state" else item.key
        for item in items
    )


def most_frequent(found: Iterable[_Key]) -> _Key:
    """The most frequent; of several the smallest, so that the order of files says nothing."""
    counts = Counter(found)
    return min(counts, key=lambda key: (-counts[key], repr(key)))
