"""Which stage the settings declare for a notebook, by patterns in the language of .gitignore."""

from collections.abc import Callable, Sequence

from nb2mod.config import Config
from nb2mod.model import Stage
from nb2mod.stages.discover.ignore import Rules, parse_rules

_Patterns = list[tuple[str, tuple[Rules, ...]]]


def declared_stage(config: Config) -> Callable[[str], tuple[Stage, str] | None]:
    """From the path of a notebook to the stage that `[tool.nb2mod.stage]` gives it, with the pattern that does; None: none.

    A pattern that matches a folder speaks of all below it, and of several the last one wins, "!" included. A notebook that
    both lists match is exploratory: that list is where exceptions are written down.
    """
    lists = (
        (Stage.EXPLORATORY, _read(config.stage_exploratory)),
        (Stage.PRODUCTION, _read(config.stage_production)),
    )

    def declared(path: str) -> tuple[Stage, str] | None:
        for stage, patterns in lists:
            pattern = _matching(patterns, path)
            if pattern is not None:
                return stage, pattern
        return None

    return declared


def _read(patterns: Sequence[str]) -> _Patterns:
    return [(text, parse_rules([text])) for text in patterns]


def _matching(patterns: _Patterns, path: str) -> str | None:
    """The pattern that speaks of the path, or of a folder above it; None when the last to do so takes it back."""
    found = None
    for text, rules in patterns:
        said = _verdict(rules, path)
        if said is not None:
            found = text if said else None
    return found


def _verdict(rules: tuple[Rules, ...], path: str) -> bool | None:
    parts = path.split("/")
    for depth in range(len(parts), 0, -1):
        for one in rules:
            said = one.verdict("/".join(parts[:depth]), depth < len(parts))
            if said is not None:
                return said
    return None
