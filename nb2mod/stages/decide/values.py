"""Copies that differ in nothing but the value of a constant (N4): no two of them mean the same, and a parameter would make them.

Only told: parts that have passed the threshold by themselves are extracted apart (N16).
"""

from collections import defaultdict
from collections.abc import Callable, Sequence

from nb2mod.model import Features, Location, Meaning, Member, Reason
from nb2mod.stages.decide.meaning import MeaningSource
from nb2mod.stages.decide.parts import Part, definition_at

CODE = "NB304"


def differing_values(
    parts: Sequence[Part],
    features: Sequence[Features],
    meanings: MeaningSource,
    enough: Callable[[Part], bool],
) -> list[tuple[Part, list[Reason]]]:
    """The parts of one class joined where only constants differ and they are `enough` together, with the reasons."""
    groups: dict[tuple[str, ...], list[Part]] = defaultdict(list)
    for part in parts:
        slots = _slots(part.members[0], features, meanings)
        if any(meaning.kind == "constant" for meaning in slots):
            fixed = (f"constant:{m.name}" if m.kind == "constant" else m.key for m in slots)
            groups[part.name, *fixed].append(part)
    found = []
    for alike in groups.values():
        if len(alike) > 1:
            members = tuple(sorted(member for part in alike for member in part.members))
            exact = all(part.exact for part in alike)
            joined = Part(f"{min(part.key for part in alike)}:values", alike[0].name, members, (), exact)
            if enough(joined):
                found.append((joined, _reasons(alike, features, meanings)))
    return found


def _slots(member: Member, features: Sequence[Features], meanings: MeaningSource) -> list[Meaning]:
    slots = definition_at(features, member).slots
    return [meanings.of(member.file, member.cell, member.definition, name) for name in slots]


def _reasons(alike: Sequence[Part], features: Sequence[Features], meanings: MeaningSource) -> list[Reason]:
    """One sentence per constant that differs: which value where."""
    reasons = []
    columns = zip(*(_slots(part.members[0], features, meanings) for part in alike), strict=True)
    for column in columns:
        if column[0].kind != "constant" or len({meaning.key for meaning in column}) < 2:
            continue
        told = [
            f"{meaning.bound[0].binding.target} in {features[part.members[0].file].path}"
            for meaning, part in zip(column, alike, strict=True)
        ]
        values = ", ".join(told[:-1]) + f" and {told[-1]}"
        message = f"the constant `{column[0].name}` is {values}; a parameter would do"
        first = alike[0].members[0]
        cell = features[first.file].cells[column[0].bound[0].cell]
        place = Location(features[first.file].path, cell.number, column[0].bound[0].binding.line, cell.id)
        reasons.append(Reason(CODE, message, "blocks", place))
    return reasons
