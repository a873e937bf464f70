"""The Plan as changed files: modules, missing `__init__.py`, notebooks."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from nb2mod.model import CellEdit, ChangeSet, Extraction, FileChange, Insertion, Notebook, Passing, Plan
from nb2mod.notebook import insert_cell, read, replace_sources
from nb2mod.stages.rewrite.bootstrap import TAG, bootstrap_source
from nb2mod.stages.rewrite.cells import Place, edited
from nb2mod.stages.rewrite.formatting import Style
from nb2mod.stages.rewrite.modules import PACKAGE_DOCSTRING, extended, inserted, new_module


def wanted(plan: Plan) -> tuple[str, ...]:
    """Paths of the Python files whose text `render` asks for: the modules that get or change something, and every `__init__.py`
    above new definitions.
    """
    modules = {item.module for item in plan.extractions if not item.existing}
    inits = {init for module in modules for init in _inits(plan, module)}
    changed = {edit.path for edit in plan.passing if not edit.cell}
    return tuple(sorted({_path(plan, module) for module in modules} | inits | changed))


def opened(plan: Plan, read_bytes: Callable[[str], bytes | None]) -> dict[str, Notebook]:
    """The notebooks that `render` asks for. A file that is gone or no notebook any more raises UnreadableNotebook."""
    sites = {site.path for extraction in plan.extractions for site in extraction.sites}
    paths = sorted(sites | {edit.path for edit in plan.passing if edit.cell})
    return {path: read(path, read_bytes(path) or b"") for path in paths}


def render(
    plan: Plan,
    notebooks: Mapping[str, Notebook],
    texts: Mapping[str, str | None],
    black_config: Mapping[str, object] | None = None,
) -> ChangeSet:
    """Every change of the plan.

    `notebooks` holds each notebook that has a call site; `texts` each path of `wanted`, None for a file that does not
    exist (line ends as in the file). `black_config` is the project's `[tool.black]`. The same input gives the same bytes.
    """
    style = Style(black_config or {})
    changes = [*_module_changes(plan, texts, style), *_notebook_changes(plan, notebooks, style)]
    changed = (change for change in changes if change.before != change.after)
    return ChangeSet(tuple(sorted(changed, key=lambda change: change.path)))


def _module_changes(plan: Plan, texts: Mapping[str, str | None], style: Style) -> Iterator[FileChange]:
    modules: dict[str, list[Extraction]] = {}
    for item in plan.extractions:
        if not item.existing:
            modules.setdefault(item.module, []).append(item)
    for path in sorted({init for module in modules for init in _inits(plan, module)}):
        if texts.get(path) is None:
            yield _text_change(path, None, (Insertion(0, PACKAGE_DOCSTRING),))
    added = {_path(plan, module): extractions for module, extractions in modules.items()}
    passing = _by_path(edit for edit in plan.passing if not edit.cell)
    for path in dict.fromkeys((*added, *passing)):
        text = texts.get(path)
        if text is None:
            made = new_module(added[path], plan.package, style)
            yield _text_change(path, None, (Insertion(0, made),))
            continue
        mark = "\ufeff" if text.startswith("\ufeff") else ""  # which the index does not count
        lifted = mark + passed(text.removeprefix(mark), passing.get(path, ()))
        insertions = extended(lifted, added[path], plan.package, style) if path in added else ()
        if lifted == text:
            yield _text_change(path, text, insertions)
        else:
            yield FileChange(path, text.encode("utf-8"), inserted(lifted, insertions).encode("utf-8"))


def passed(text: str, edits: Sequence[Passing]) -> str:
    """A cell or module with the edits of its lifts."""
    for edit in sorted(edits, reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


def _by_path(edits: Iterable[Passing]) -> dict[str, list[Passing]]:
    found: dict[str, list[Passing]] = {}
    for edit in edits:
        found.setdefault(edit.path, []).append(edit)
    return found


def _text_change(path: str, text: str | None, insertions: tuple[Insertion, ...]) -> FileChange:
    after = inserted(text or "", insertions)
    before = None if text is None else text.encode("utf-8")
    return FileChange(path, before, after.encode("utf-8"), insertions=insertions)


def _notebook_changes(plan: Plan, notebooks: Mapping[str, Notebook], style: Style) -> Iterator[FileChange]:
    places: dict[str, list[Place]] = {}
    for item in plan.extractions:
        for site in item.sites:
            places.setdefault(site.path, []).append(Place(site, item.module, item.name))
    passing = _by_path(edit for edit in plan.passing if edit.cell)
    for path in sorted({*places, *passing}):
        notebook = notebooks[path]
        edits = list(_cell_edits(notebook, places.get(path, ()), passing.get(path, ()), style))
        after = replace_sources(notebook, {edit.cell: edit.after for edit in edits})
        if plan.bootstrap and not any(TAG in cell.tags for cell in notebook.cells):
            before = next((cell.number for cell in notebook.cells if cell.kind == "code"), 1)
            source = bootstrap_source(plan.package, plan.source_root)
            after = insert_cell(read(path, after), before, source, (TAG,))
            edits.append(CellEdit(before, None, "", source, inserted=True))
        yield FileChange(path, notebook.data, after, cells=tuple(sorted(edits, key=_order)))


def _order(edit: CellEdit) -> tuple[int, bool]:
    return edit.cell, not edit.inserted


def _cell_edits(
    notebook: Notebook, places: Sequence[Place], passing: Sequence[Passing], style: Style
) -> Iterator[CellEdit]:
    numbers = {place.site.cell for place in places} | {place.site.import_cell for place in places}
    parts = [part for place in places for part in place.site.parts]
    numbers |= {cell for cell, _, _ in parts} | {edit.cell for edit in passing}
    for number in sorted(numbers - {0}):
        cell = notebook.cells[number - 1]
        standing = [place for place in places if place.site.cell == number]
        coming = [place for place in places if place.site.import_cell == number]
        gone = [(first, last) for part, first, last in parts if part == number]
        lifted = passed(cell.source, [edit for edit in passing if edit.cell == number])
        after = edited(lifted, standing, coming, style, gone)
        if after != cell.source:
            yield CellEdit(number, cell.id, cell.source, after)


def _path(plan: Plan, module: str) -> str:
    root = "" if plan.source_root in ("", ".") else plan.source_root.strip("/") + "/"
    return f"{root}{module.replace('.', '/')}.py"


def _inits(plan: Plan, module: str) -> list[str]:
    """The `__init__.py` of every package above the module."""
    parts = module.split(".")[:-1]
    return [_path(plan, ".".join((*parts[: end + 1], "__init__"))) for end in range(len(parts))]
