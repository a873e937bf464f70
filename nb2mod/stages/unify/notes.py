"""What a person should know of the values that become parameters: which value where, each of them (hazard H8)."""

from collections.abc import Sequence

from nb2mod.model import Copy, Location, NewParameter, Reason
from nb2mod.stages.unify.classes import Trial

_PLACES = 3
_VALUES = 8


def notes_of(trial: Trial, copies: Sequence[Copy]) -> tuple[Reason, ...]:
    """One note for each parameter that stands for a literal or a default."""
    found = []
    for number, parameter in enumerate(trial.parameters[0]):
        if parameter.kind not in ("literal", "default"):
            continue
        values: dict[str, list[Copy]] = {}
        for source, own in zip(trial.sources, trial.parameters, strict=True):
            value = own[number].value or parameter.default
            values.setdefault(value, []).extend(copies[index] for index in source.copies)
        found.append(_note(parameter, values))
    return tuple(found)


def _note(parameter: NewParameter, values: dict[str, list[Copy]]) -> Reason:
    ordered = sorted(
        values, key=lambda value: (value != parameter.default, -sum(c.weight for c in values[value]), value)
    )
    told = [f"{_short(value)} in {_places([copy.place for copy in values[value]])}" for value in ordered[:_VALUES]]
    more = len(ordered) - len(told)
    said = "; ".join([*told, *([f"{more} more values"] if more else [])])
    what = (
        f"the default of `{parameter.name}` differs" if parameter.kind == "default" else f"`{parameter.name}` differs"
    )
    default = f"{_short(parameter.default)} is the default" if parameter.default else "every call passes its own"
    first = min(copy.place for value in ordered for copy in values[value])
    return Reason("NB375", f"{what}: {said}; {default}", "note", first)


def _places(places: Sequence[Location]) -> str:
    ordered = sorted(set(places))
    shown = ", ".join(f"{place.path} cell {place.cell}" if place.cell else place.path for place in ordered[:_PLACES])
    return shown + (f" and {len(ordered) - _PLACES} more" if len(ordered) > _PLACES else "")


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}..."
