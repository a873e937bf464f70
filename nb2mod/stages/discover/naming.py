"""A name for a package that does not stand yet: taken from the project, never where something stands already."""

import itertools
import keyword
import os
import re
import unicodedata
from pathlib import Path

from nb2mod.distributions import taken_distribution, taken_module

_SUFFIXES = ("_code", "_lib")


def choose_name(root: Path, project: str | None, imported: frozenset[str], notebooks: tuple[str, ...]) -> str:
    """An import name for the project's own code.

    From the project's name, else the root folder's. Never a keyword, a module that the notebooks import, a module or
    distribution that is installed or well known, or what stands beside a notebook (which would be imported in its place);
    letter case is not enough of a difference. Effect: lists the notebooks' folders.
    """
    base = as_identifier(project or _spaced(root.resolve().name)) or "notebook_code"
    near = _neighbours(root, notebooks) | {name.partition(".")[0].lower() for name in imported}

    def is_free(name: str) -> bool:
        own_distribution = project is not None and name == base
        taken = taken_module(name) or (not own_distribution and taken_distribution(name))
        return (
            not taken and name.lower() not in near and not keyword.iskeyword(name) and not keyword.issoftkeyword(name)
        )

    stem = base.removesuffix("_code")
    suffixed = (f"{stem}{suffix}" for suffix in _SUFFIXES)
    numbered = (f"{stem}{_SUFFIXES[0]}_{number}" for number in itertools.count(2))
    return next(name for name in itertools.chain([base], suffixed, numbered) if is_free(name))


def as_identifier(name: str) -> str:
    """The name as people would import it: `2024 Sales-Report` → `sales_report_2024`; "" when nothing is left of it."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", plain)
    leading = list(itertools.takewhile(str.isdigit, words))
    words = words[len(leading) :] + leading
    if words and words[0][0].isdigit():
        words = words[1:] + words[:1] if len(words) > 1 and not words[1][0].isdigit() else ["project", *words]
    return "_".join(words)


def _spaced(name: str) -> str:
    """`MarketData` → `Market Data`. Not for a distribution's name, by which a build finds its package."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z][a-z])", " ", name)


def _neighbours(root: Path, notebooks: tuple[str, ...]) -> frozenset[str]:
    """What `import` would find beside a notebook, lower case: stems of .py files, folders."""
    found: set[str] = set()
    for folder in {path.rpartition("/")[0] for path in notebooks}:
        try:
            with os.scandir(root / folder) as entries:
                found.update(
                    entry.name.removesuffix(".py").lower()
                    for entry in entries
                    if entry.is_dir() or entry.name.endswith(".py")
                )
        except OSError:
            continue  # gone since the walk: nothing stands there any more
    return frozenset(found)
