"""What a project declares to need: distributions, and the modules they give. Read line by line; nothing is resolved."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

from nb2mod.distributions import modules_of, normalized
from nb2mod.stages.discover.metadata import Metadata, at, read_metadata, texts

# Where requirement files stand; Binder's folders are read by repo2docker.
_FOLDERS = (".", "requirements", "binder", ".binder")
_NAME = re.compile(r"\s*([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(.*)", re.DOTALL)
_EGG = re.compile(r"#egg=([A-Za-z0-9._-]+)")


def declared(root: Path) -> frozenset[str]:
    """Every distribution the project declares, normalised as PEP 503 says, and the import names they give.

    From pyproject.toml ([project], its optional dependencies, dependency groups, poetry, pdm), setup.cfg, setup.py,
    requirements*.txt and .in (with the files they include), environment.yml, Pipfile.
    Effect: reads these files. Never fails: what can't be read declares nothing.
    """
    metadata = read_metadata(root)
    named = {
        *_of_pyproject(metadata),
        *_of_setup(metadata),
        *_of_pipfile(root / "Pipfile"),
    }
    seen: set[Path] = set()
    for folder in _FOLDERS:
        for path in sorted((root / folder).glob("*.txt")) + sorted((root / folder).glob("*.in")):
            if folder == "requirements" or path.name.startswith("requirements"):
                named.update(_of_requirements(Path(os.path.realpath(path)), seen))
        for name in ("environment.yml", "environment.yaml"):
            named.update(_of_environment(root / folder / name))
    return frozenset(name for distribution in named for name in (normalized(distribution), *modules_of(distribution)))


def _of_pyproject(metadata: Metadata) -> Iterator[str]:
    document = metadata.pyproject
    lists = [at(document, "project", "dependencies")]
    for path in (("project", "optional-dependencies"), ("dependency-groups",), ("tool", "pdm", "dev-dependencies")):
        table = at(document, *path)
        lists += list(table.values()) if isinstance(table, dict) else []
    for requirements in lists:
        yield from _names(texts(requirements))
    poetry = at(document, "tool", "poetry")
    groups = at(poetry, "group")
    tables = [at(poetry, "dependencies"), at(poetry, "dev-dependencies")]
    tables += [at(group, "dependencies") for group in groups.values()] if isinstance(groups, dict) else []
    for table in tables:
        yield from (name for name in table if name != "python") if isinstance(table, dict) else ()


def _of_setup(metadata: Metadata) -> Iterator[str]:
    for value in (
        metadata.setup_cfg.get("options", {}).get("install_requires", ""),
        metadata.setup_py.get("install_requires"),
    ):
        yield from _names(value.splitlines() if isinstance(value, str) else texts(value))
    for value in metadata.setup_cfg.get("options.extras_require", {}).values():
        yield from _names(value.splitlines())
    extras = metadata.setup_py.get("extras_require")
    for value in extras.values() if isinstance(extras, dict) else ():
        yield from _names(texts(value))


def _of_requirements(start: Path, seen: set[Path]) -> Iterator[str]:
    """The names in a requirements file and in those it includes with -r."""
    waiting = [start]
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        for line in _lines(path):
            option, _, value = line.partition(" ")
            if option not in ("-r", "--requirement"):
                yield from _names([line])
            elif "\0" not in value:
                waiting.append(Path(os.path.realpath(path.parent / value.strip())))


def _of_environment(path: Path) -> Iterator[str]:
    """The names in a conda environment: items of lists, `channel::name=1.0=build`, and those of its pip list."""
    section = ""
    for line in _lines(path):
        if not line.startswith((" ", "-")):
            section = line.partition(":")[0].strip()
            continue
        item = line.strip()
        if section == "dependencies" and item.startswith("-") and not item.endswith(":"):
            yield from _names([item.removeprefix("-").strip().strip("\"'").rpartition("::")[2]])


def _of_pipfile(path: Path) -> Iterator[str]:
    section = ""
    for line in _lines(path):
        if line.startswith("["):
            section = line.strip("[] ")
        elif section in ("packages", "dev-packages") and "=" in line:
            yield from _names([line.partition("=")[0].strip(" \"'")])


def _lines(path: Path) -> list[str]:
    try:
        # What a stranger's file includes may be a device or a pipe, which has no end.
        text = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
    except OSError:
        return []
    lines = (re.sub(r"(^|\s)#.*", "", line).rstrip() for line in text.splitlines())
    return [line for line in lines if line]


def _names(requirements: list[str]) -> Iterator[str]:
    """The distribution each requirement names; nothing for paths, options and addresses without #egg=."""
    for requirement in requirements:
        egg = _EGG.search(requirement)
        found = _NAME.match(requirement)
        if egg:
            yield egg[1]
        elif found and "/" not in found[1] and not found[2].startswith((":", "/", "\\")):
            yield found[1]
