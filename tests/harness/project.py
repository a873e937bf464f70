"""nb2mod at work on a case's project, through the pipeline and with the options of the case. Compares nothing."""

from pathlib import Path
from typing import Any

from harness.case import Tree
from nb2mod import pipeline, settings
from nb2mod.model import Report


def scan(root: Path, options: dict[str, Any]) -> Report:
    """What `nb2mod scan` finds."""
    return pipeline.scan(_request(root, options))


def extract(root: Path, options: dict[str, Any]) -> Report:
    """Effect: `nb2mod extract`. The report is the one after writing."""
    return pipeline.write(_request(root, options), proposed(root, options))


def proposed(root: Path, options: dict[str, Any]) -> Report:
    """What `nb2mod extract` would write, proved; nothing is written."""
    return pipeline.extract(_request(root, options))


def undo(root: Path) -> None:
    """Effect: `nb2mod undo`."""
    pipeline.undo(root)


def _request(root: Path, options: dict[str, Any]) -> pipeline.Request:
    """One worker, nothing remembered, no git: a case depends on its own files only. `paths` are relative to the root."""
    words = {key: tuple(options[key]) for key in ("select", "ignore") if key in options}
    paths = tuple(root / path for path in options.get("paths", ()))
    fields: dict[str, Any] = options | words | {"paths": paths, "jobs": 1, "cache": False, "allow_dirty": True}
    return pipeline.Request(root=root, config=settings.load(root), **fields)


def modules(tree: Tree) -> list[str]:
    """The dotted names of the project's modules, from its source root's point of view."""
    names = []
    for path in tree:
        if path.endswith(".py"):
            parts = path.removeprefix("src/").removesuffix(".py").split("/")
            names.append(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
    return [name for name in names if name]


def source_roots(root: Path) -> list[Path]:
    """Where the project's package may be imported from, as an installed package would be."""
    return [path for path in (root / "src", root) if path.is_dir()]
