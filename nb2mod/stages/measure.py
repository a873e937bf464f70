"""STAGE: what `nb2mod init` writes down about a repository: settings to start from, and the numbers that speak for them.

Data in, data out. The text of the section is made in stages/rewrite/packaging.py.
"""

import math
import statistics
from collections import Counter
from collections.abc import Sequence

import msgspec

from nb2mod.config import PURE_DECORATORS, Config
from nb2mod.model import BindKind, Candidate, CopiedNotebooks, Features, UseKind

AUTORELOAD_CELL = "%load_ext autoreload\n%autoreload 2"

_MOST_FOLDERS = 3  # more are no list a person would keep up to date
_MOST_NAMED = 3


class Measured(msgspec.Struct, frozen=True):
    """Settings to start from, comments by key (as in the file), and what a person may want to choose beside them."""

    config: Config
    comments: dict[str, str]
    proposals: tuple[str, ...] = ()


def measure(
    config: Config,
    features: Sequence[Features],
    candidates: Sequence[Candidate],
    copied: Sequence[CopiedNotebooks],
) -> Measured:
    """What one scan says about the settings. What `config` already holds stays as it is; defaults may be narrowed."""
    notebooks = [file for file in features if file.kind == "notebook"]
    folders = _folders(notebooks)
    if config.notebooks == Config().notebooks and folders:
        config = msgspec.structs.replace(config, notebooks=folders)
    comments = {
        "notebooks": _where(notebooks),
        "threshold.notebooks": _spread(candidates),
        "threshold.statements": _sizes(candidates),
        "count-copied-notebooks": _copies(copied),
        "pure-decorators": _decorators(notebooks, config),
        "bootstrap": _links(notebooks),
    }
    return Measured(config, {key: text for key, text in comments.items() if text}, _proposals(notebooks, config))


def _folders(notebooks: list[Features]) -> tuple[str, ...]:
    """The folders at the root that hold all notebooks; empty when they do not, or are too many."""
    tops = sorted({file.path.partition("/")[0] for file in notebooks if "/" in file.path})
    all_inside = all("/" in file.path for file in notebooks)
    return tuple(tops) if all_inside and len(tops) <= _MOST_FOLDERS else ()


def _where(notebooks: list[Features]) -> str:
    counted = Counter(file.path.rpartition("/")[0] or "." for file in notebooks)
    if not counted:
        return "No notebooks yet."
    most = ", ".join(f"{number} in {folder}" for folder, number in counted.most_common(_MOST_NAMED))
    rest = len(counted) - _MOST_NAMED
    return f"{_count(len(notebooks), 'notebook')}: {most}" + (
        f", others in {_count(rest, 'folder')}" if rest > 0 else ""
    )


def _spread(candidates: Sequence[Candidate]) -> str:
    places = sorted(candidate.places for candidate in candidates if candidate.places >= 2)
    if not places:
        return ""
    most = places[math.ceil(len(places) * 0.9) - 1]
    spread = "2 notebooks" if most == 2 else f"2 to {most} notebooks"
    return f"{_count(len(places), 'definition')} repeated across notebooks; 90 % of them in {spread}."


def _sizes(candidates: Sequence[Candidate]) -> str:
    sizes = [candidate.statements for candidate in candidates if candidate.places >= 2]
    if not sizes:
        return ""
    single = sum(size < 2 for size in sizes)
    return f"Half of them have {math.ceil(statistics.median(sizes))} statements or more; {single} have only one."


def _copies(copied: Sequence[CopiedNotebooks]) -> str:
    inside = sum(len(group.paths) for group in copied)
    return (
        f"{inside} notebooks are copies of each other as a whole, in {_count(len(copied), 'group')}." if copied else ""
    )


def _decorators(notebooks: list[Features], config: Config) -> str:
    """Decorators that block an extraction because nobody said they are pure, the most frequent first."""
    pure = {*PURE_DECORATORS, *config.pure_decorators}
    seen = Counter(name for file in notebooks for name in _imported_decorators(file) if name not in pure)
    most = [f"{name} ({_count(number, 'notebook')})" for name, number in seen.most_common(_MOST_NAMED)]
    return f"Seen here and not known to be pure: {', '.join(most)}." if most else ""


def _imported_decorators(file: Features) -> set[str]:
    """Dotted names, through the notebook's imports, of what stands after an @. Decorators of the notebook's own are no news."""
    imports = {
        binding.name: binding.target
        for cell in file.cells
        for binding in cell.facts.bindings
        if binding.kind == BindKind.IMPORT
    }
    return {
        ".".join(part for part in (imports[use.name], use.detail) if part)
        for cell in file.cells
        for use in cell.facts.uses
        if use.kind == UseKind.DECORATOR and use.name in imports
    }


def _links(notebooks: list[Features]) -> str:
    linked = sum(bool(file.links) for file in notebooks)
    return f"{linked} of {_count(len(notebooks), 'notebook')} are opened from Colab or Binder links." if linked else ""


def _proposals(notebooks: list[Features], config: Config) -> tuple[str, ...]:
    """What a person decides: nothing of it is written without a yes."""
    found: list[str] = []
    linked = sum(bool(file.links) for file in notebooks)
    if linked and config.bootstrap == "none":
        found.append(
            f"{_count(linked, 'notebook')} of {len(notebooks)} opened from Colab or Binder, where the package is not "
            'installed: bootstrap = "sys-path" lets them find it.'
        )
    reloading = sum(_reloads(file) for file in notebooks)
    if notebooks and reloading < len(notebooks):
        found.append(
            f"{reloading} of {_count(len(notebooks), 'notebook')} reload modules as they are edited; "
            "`nb2mod init --autoreload` shows the cell that does."
        )
    return tuple(found)


def _reloads(file: Features) -> bool:
    return any(name == "autoreload" for cell in file.cells for _, _, name in cell.facts.magic_lines)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
