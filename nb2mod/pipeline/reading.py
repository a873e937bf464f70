"""Files → Features, through the store: only what changed since is read, and no text twice."""

from collections.abc import Mapping

import msgspec

from nb2mod.engine import run
from nb2mod.model import CellFacts, Features
from nb2mod.pipeline.request import Progress
from nb2mod.stages import index
from nb2mod.stages.index import Tree
from nb2mod.store import Store


def read_all(
    tree: Tree, store: Store | None, jobs: int, progress: Progress, known: Mapping[bytes, CellFacts] = {}
) -> tuple[Features, ...]:
    """Features of every notebook and module of the tree, in order of path. `known` are facts by the digest of their text."""
    paths = sorted({*tree.found.notebooks, *tree.found.modules})
    stats = {path: msgspec.msgpack.encode(tree.found.stats[path]) for path in paths if path in tree.found.stats}
    for path in tree.overlay:
        stats.pop(path, None)
    outlines = store.outlines(stats) if store else {}
    fresh: list[tuple[Features, bytes]] = []
    for number, path in enumerate(paths):
        if path not in outlines:
            outlines[path] = _outline(tree, path)
            if path in stats and outlines[path].error is None:
                fresh.append((outlines[path], stats[path]))
        if number % 64 == 0:
            progress("reading", number, len(paths))
    facts = _facts(tuple(outlines.values()), store, jobs, progress, fresh, known)
    return tuple(index.complete(outlines[path], facts) for path in paths)


def _outline(tree: Tree, path: str) -> Features:
    data = tree.read(path)
    if data is None:
        return Features(path, error="the file can't be read", kind="module" if path.endswith(".py") else "notebook")
    return index.outline_module(path, data) if path.endswith(".py") else index.outline(path, data)


def _facts(
    outlines: tuple[Features, ...],
    store: Store | None,
    jobs: int,
    progress: Progress,
    fresh: list[tuple[Features, bytes]],
    known: Mapping[bytes, CellFacts],
) -> dict[bytes, CellFacts]:
    """The facts of every distinct cell text: from the store, or worked out now and remembered."""
    sources = {
        cell.digest: (cell.digest, cell.source, features.kind == "module")
        for features in outlines
        for cell in features.cells
    }
    facts = {key: known[key] for key in sources if key in known}
    facts |= store.facts([key for key in sources if key not in facts]) if store else {}
    missing = [item for key, item in sources.items() if key not in facts]
    progress("parsing", 0, len(missing))
    size = sum(len(source) for _, source, _ in missing)
    made = dict(run(index.read_cells, missing, size=size, jobs=jobs))
    progress("parsing", len(missing), len(missing))
    facts.update(made)
    if store and (made or fresh):
        store.remember(fresh, made, None)
    return facts
