"""The one reader of the threshold of modularization: its limits depend on the stage of the notebook that code stands in."""

from collections.abc import Iterable, Mapping, Sequence

from nb2mod.config import Config, Thresholds
from nb2mod.model import CopiedNotebooks, Features, Location, Measure, Member, NotebookStage, Reason
from nb2mod.stages.decide.sizes import Size

HEAVY = "NB201"
_WORDS = {
    "function-statements": ("has", "statement", ""),
    "function-complexity": ("has", "", "a cyclomatic complexity of "),
    "function-cells": ("is used by", "cell", ""),
    "notebook-lines": ("has", "line of code", ""),
    "notebook-cells": ("has", "code cell", ""),
    "notebook-complexity": ("has", "", "a cyclomatic complexity of "),
    "notebook-definitions": ("has", "definition", ""),
}


def places(members: Sequence[Member], features: Sequence[Features], copies: Mapping[str, int], in_package: bool) -> int:
    """How many places count: notebooks, copies of a whole notebook once, and the package as one (N17)."""
    found = {copies.get(features[member.file].path, -1 - member.file) for member in members}
    return len(found) + in_package


def copy_groups(copied: Sequence[CopiedNotebooks], config: Config) -> dict[str, int]:
    """Path → group of copied notebooks; empty when the config counts each copy."""
    if config.count_copied_notebooks:
        return {}
    return {path: group for group, notebooks in enumerate(copied) for path in notebooks.paths}


def shortfall(count: int, statements: int, copies: int, limits: Thresholds) -> list[Reason]:
    """What is missing to the threshold of copies; empty when a candidate is past it. `copies` are all notebooks that hold one."""
    reasons = []
    if count < limits.notebooks:
        kept_once = f" ({copies} that are copies of each other count once)" if copies > count else ""
        message = f"stands in {_count(count, 'notebook')}{kept_once}; the threshold is {limits.notebooks}"
        reasons.append(Reason("NB100", message, "below"))
    if statements < limits.statements:
        message = f"has {_count(statements, 'statement')}; the threshold is {limits.statements}"
        reasons.append(Reason("NB100", message, "below"))
    return reasons


def held(sizes: Iterable[Size], limits: Thresholds) -> tuple[Measure, ...]:
    """Each size with its limit."""
    return tuple(
        Measure(size.name, size.value, getattr(limits, size.name.replace("-", "_")), size.location) for size in sizes
    )


def heavy(measures: Iterable[Measure], statements: int, limits: Thresholds) -> bool:
    """Whether a definition is past a limit by itself. What is too small to be worth a module never is, however much used."""
    return statements >= limits.statements and any(one.past for one in measures if one.name.startswith("function-"))


def why_alone(measures: Iterable[Measure], limits: Thresholds, production: NotebookStage | None) -> list[Reason]:
    """Notes: why a definition that too few notebooks hold is past the threshold all the same. `production`: its notebook."""
    notes = [Reason(HEAVY, past_words(one), "note") for one in measures if one.past and one.name in _WORDS]
    if production is not None and limits.notebooks == 1:
        said = "; ".join(f"{one.message}{_inside(one.location)}" for one in production.counted)
        place = next((one.location for one in production.counted), None)
        notes.append(
            Reason(HEAVY, f"stands in a production notebook ({said}); the threshold there is 1", "note", place)
        )
    elif limits.notebooks == 1 and not notes:
        notes.append(Reason(HEAVY, "stands in 1 notebook; the threshold is 1", "note"))
    return notes


def past_words(one: Measure) -> str:
    """ "has 52 statements; the threshold is 40 (12 past it)"."""
    verb, noun, before = _WORDS[one.name]
    value = f"{before}{one.value:,}" if before else _count(one.value, noun)
    past = f" ({one.value - one.limit:,} past it)" if one.value > one.limit else ""
    return f"{verb} {value}; the threshold is {one.limit:,}{past}"


def _inside(place: Location | None) -> str:
    return f", cell {place.cell}{f' line {place.line}' if place.line else ''}" if place and place.cell else ""


def _count(number: int, noun: str) -> str:
    if number == 1:
        return f"1 {noun}"
    head, of, tail = noun.partition(" of ")
    return f"{number:,} {head}s{of}{tail}"
