"""The one reader of the threshold of modularization."""

from collections.abc import Mapping, Sequence

from nb2mod.config import Config
from nb2mod.model import CopiedNotebooks, Features, Member, Reason


def places(members: Sequence[Member], features: Sequence[Features], copies: Mapping[str, int], in_package: bool) -> int:
    """How many places count: notebooks, copies of a whole notebook once, and the package as one (N17)."""
    found = {copies.get(features[member.file].path, -1 - member.file) for member in members}
    return len(found) + in_package


def copy_groups(copied: Sequence[CopiedNotebooks], config: Config) -> dict[str, int]:
    """Path → group of copied notebooks; empty when the config counts each copy."""
    if config.count_copied_notebooks:
        return {}
    return {path: group for group, notebooks in enumerate(copied) for path in notebooks.paths}


def shortfall(count: int, statements: int, copies: int, config: Config) -> list[Reason]:
    """What is missing to the threshold; empty when a candidate is past it. `copies` are all notebooks that hold one."""
    reasons = []
    if count < config.threshold_notebooks:
        kept_once = f" ({copies} that are copies of each other count once)" if copies > count else ""
        message = f"stands in {_count(count, 'notebook')}{kept_once}; the threshold is {config.threshold_notebooks}"
        reasons.append(Reason("NB100", message, "below"))
    if statements < config.threshold_statements:
        message = f"has {_count(statements, 'statement')}; the threshold is {config.threshold_statements}"
        reasons.append(Reason("NB100", message, "below"))
    return reasons


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
