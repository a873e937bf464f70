"""What a repository says about the settings: comments for the `[tool.nb2mod]` that init and extract write, and the limits that
init proposes. Decides nothing of code.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from nb2mod.config import Config
from nb2mod.model import Member, NotebookStage, Stage
from nb2mod.pipeline.survey import Survey

# Proposed limits never go below these: in a small or tidy repository the largest tenth of the notebooks is no debt.
_FLOORS = {
    "function-statements": 25,
    "function-complexity": 12,
    "function-cells": 8,
    "cell-statements": 15,
    "cell-complexity": 8,
    "notebook-lines": 300,
    "notebook-cells": 40,
    "notebook-complexity": 40,
    "notebook-definitions": 10,
}
_PART = 0.9
_MANY = 10  # fewer have no tenth


def measure(seen: Survey) -> dict[str, str]:
    """What this repository says about each key, by the key's name: comments for the section."""
    notebooks = [one for one in seen.features if one.kind == "notebook" and not one.error]
    repeated = (one for one in seen.candidates() if one.places > 1 and one.code not in ("NB201", "NB203"))
    copies = [one for one in repeated if _is_definition(seen, one.members)]
    spread = sorted(candidate.places for candidate in copies)
    sizes = sorted(candidate.statements for candidate in copies)
    links = Counter(link for one in notebooks for link in one.links)
    measured = {
        "notebooks": f"{len(notebooks)} notebooks with {sum(len(one.cells) for one in notebooks)} code cells were found.",
    }
    if len(spread) == 1:
        measured["threshold.notebooks"] = f"Here one definition is repeated; it stands in {spread[0]} places."
        measured["threshold.statements"] = f"It has {sizes[0]} statement{'s' if sizes[0] > 1 else ''}."
    elif spread:
        measured["threshold.notebooks"] = (
            f"Here {len(spread)} definitions are repeated; half of them stand in up to {_share(spread, 0.5)} places, "
            f"90 % in up to {_share(spread, _PART)}."
        )
        measured["threshold.statements"] = (
            f"Half of them have up to {_share(sizes, 0.5)} statements, 90 % up to {_share(sizes, _PART)}."
        )
    measured |= dict(_measured_limits(seen))
    if links:
        told = ", ".join(f"{count} from {link.capitalize()}" for link, count in sorted(links.items()))
        measured["bootstrap"] = (
            f'Notebooks are opened from links ({told}): "sys-path" lets them find the package without an install.'
        )
    return measured


def proposed(seen: Survey, config: Config) -> Config:
    """The settings with limits from this repository: for each measure just above what 90 % of the exploratory notebooks have,
    and never below a floor. Production keeps its own limits, and never gets higher ones than exploring.
    """
    values = _by_measure(seen, Stage.EXPLORATORY)
    limits = {name: max(floor, _share(values[name], _PART) + 1) for name, floor in _FLOORS.items() if values.get(name)}
    fields: dict[str, int] = {}
    for name, limit in limits.items():
        end = name.replace("-", "_")
        fields |= {f"threshold_{end}": limit, f"production_{end}": min(limit, getattr(config, f"production_{end}"))}
    return replace(config, **fields)


def _measured_limits(seen: Survey) -> Iterator[tuple[str, str]]:
    for stage, table in ((Stage.EXPLORATORY, "threshold"), (Stage.PRODUCTION, "threshold.production")):
        for name, values in _by_measure(seen, stage).items():
            few = f"The most in a notebook here is {values[-1]}."
            most = f"90 % of the {stage.value} notebooks here have up to {_share(values, _PART)}, one has {values[-1]}."
            yield f"{table}.{name}", few if len(values) < _MANY else most


def _by_measure(seen: Survey, stage: Stage) -> dict[str, list[int]]:
    """Each measure's values over the notebooks of a stage, in ascending order: of functions and cells the largest in each."""
    notebooks: list[NotebookStage] = [one for one in seen.stages.values() if one.stage is stage]
    found: dict[str, list[int]] = {}
    for one in notebooks:
        for size in one.measures:
            found.setdefault(size.name, []).append(size.value)
    return {name: sorted(values) for name, values in found.items()}


def _is_definition(seen: Survey, members: Sequence[Member]) -> bool:
    return bool(members) and not any(member in seen.blocks.told for member in members)


def _share(values: Sequence[int], part: float) -> int:
    """The smallest value that at least `part` of the values do not exceed."""
    return values[min(len(values) - 1, max(0, -(-int(part * len(values) * 100) // 100) - 1))]
