"""`nb2mod init`: the section and, only when there is none, the package; with values measured in this repository."""

from collections import Counter
from collections.abc import Sequence

from msgspec.structs import replace

from nb2mod.model import ChangeSet, FileChange, Insertion
from nb2mod.pipeline.drafting import text_change
from nb2mod.pipeline.reading import read_all
from nb2mod.pipeline.request import Request, silent
from nb2mod.pipeline.survey import Survey, imported_by_folder, survey
from nb2mod.stages import discover
from nb2mod.stages.index import Tree
from nb2mod.stages.rewrite import with_autoreload
from nb2mod.stages.rewrite.packaging import add_section, pyproject_for, section_text, with_package
from nb2mod.store import Store


def init_changes(request: Request, *, autoreload: bool = False, bootstrap: bool = False) -> ChangeSet:
    """What `init` would write; empty when all is there. Raises UsageError when a section stands already and nothing else is left.

    `autoreload` puts `%load_ext autoreload` before the first import of every notebook that hasn't it; `bootstrap` turns on
    `bootstrap = "sys-path"`.
    """
    found = discover.find(request.root, request.config, ())
    store = Store(request.root) if request.cache else None
    try:
        seen = survey(
            Tree(request.root, found), read_all(Tree(request.root, found), store, request.jobs, silent), request.config
        )
    finally:
        if store:
            store.close()
    changes = [*_packaging(seen, request, bootstrap)]
    if autoreload:
        changes += _autoreload(seen)
    return ChangeSet(tuple(sorted(changes, key=lambda change: change.path)))


def _packaging(seen: Survey, request: Request, bootstrap: bool) -> list[FileChange]:
    package = discover.require_package(
        request.root, request.config, frozenset(_imported(seen)), seen.tree.found.notebooks
    )
    config = replace(request.config, bootstrap="sys-path") if bootstrap else request.config
    measured = measure(seen)
    changes: list[FileChange] = []
    data = seen.tree.read("pyproject.toml")
    before = data.decode("utf-8") if data is not None else None
    after = pyproject_for(package, before, config, measured)
    if after is None and (before is None or "[tool.nb2mod" not in before):
        after = add_section(before, section_text(with_package(config, package), measured))
    if after is not None and after != before:
        changes.append(text_change("pyproject.toml", before, after))
    init = f"{package.folder}/__init__.py"
    if not package.exists and seen.tree.read(init) is None:
        text = '"""Code that the notebooks share."""\n'
        changes.append(FileChange(init, None, text.encode(), insertions=(Insertion(0, text),)))
    return changes


def _imported(seen: Survey) -> set[str]:
    return {name for names in imported_by_folder(seen.features).values() for name in names}


def measure(seen: Survey) -> dict[str, str]:
    """What this repository says about each key, by the key's name: comments for the section."""
    notebooks = [one for one in seen.features if one.kind == "notebook" and not one.error]
    candidates = seen.candidates()
    spread = sorted(candidate.places for candidate in candidates)
    sizes = sorted(candidate.statements for candidate in candidates)
    links = Counter(link for one in notebooks for link in one.links)
    measured = {
        "notebooks": f"{len(notebooks)} notebooks with {sum(len(one.cells) for one in notebooks)} code cells were found.",
    }
    if spread:
        measured["threshold.notebooks"] = (
            f"Here {len(spread)} definitions are repeated; half of them stand in up to {_share(spread, 0.5)} places, "
            f"90 % in up to {_share(spread, 0.9)}."
        )
        measured["threshold.statements"] = (
            f"Half of them have up to {_share(sizes, 0.5)} statements, 90 % up to {_share(sizes, 0.9)}."
        )
    if links:
        told = ", ".join(f"{count} from {link.capitalize()}" for link, count in sorted(links.items()))
        measured["bootstrap"] = (
            f'Notebooks are opened from links ({told}): "sys-path" lets them find the package without an install.'
        )
    return measured


def _share(values: Sequence[int], part: float) -> int:
    """The smallest value that at least `part` of the values do not exceed."""
    return values[min(len(values) - 1, max(0, -(-int(part * len(values) * 100) // 100) - 1))]


def _autoreload(seen: Survey) -> list[FileChange]:
    changes = (with_autoreload(one, seen.tree.read(one.path) or b"") for one in seen.features)
    return [change for change in changes if change is not None]
