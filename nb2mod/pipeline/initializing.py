"""`nb2mod init`: the section and, only when there is none, the package; with values measured in this repository."""

from msgspec.structs import replace

from nb2mod.model import ChangeSet, FileChange, Insertion
from nb2mod.pipeline.drafting import text_change
from nb2mod.pipeline.measuring import measure, proposed
from nb2mod.pipeline.reading import read_all
from nb2mod.pipeline.request import Request, silent
from nb2mod.pipeline.survey import Survey, imported_by_folder, survey
from nb2mod.stages import discover
from nb2mod.stages.index import Tree
from nb2mod.stages.rewrite import PACKAGE_DOCSTRING, with_autoreload
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
    config = proposed(seen, request.config)
    config = replace(config, bootstrap="sys-path") if bootstrap else config
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
        insertions = (Insertion(0, PACKAGE_DOCSTRING),)
        changes.append(FileChange(init, None, PACKAGE_DOCSTRING.encode(), insertions=insertions))
    return changes


def _imported(seen: Survey) -> set[str]:
    return {name for names in imported_by_folder(seen.features).values() for name in names}


def _autoreload(seen: Survey) -> list[FileChange]:
    changes = (with_autoreload(one, seen.tree.read(one.path) or b"") for one in seen.on_disk)
    return [change for change in changes if change is not None]
