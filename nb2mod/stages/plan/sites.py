"""The statements of notebooks that become imports: where each stands, what it says, and where its import goes."""

import ast
from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from nb2mod.model import BindKind, CallSite, CellFeatures, Features, Site
from nb2mod.stages.plan.copies import Copy, lost, renames
from nb2mod.stages.plan.loads import Loaded
from nb2mod.stages.plan.reading import lines_of, parsed


class Placed(Struct, frozen=True):
    """A call site and what is certainly loaded where its import will stand."""

    site: CallSite
    loaded: frozenset[str]


class Assignment(Struct, frozen=True):
    """A constant's statement in one notebook. `alone` tells whether its lines hold nothing else."""

    name: str
    text: str
    alone: bool


def definition_site(copy: Copy, kept: Copy, loaded: Loaded) -> Placed:
    """The place of one copy."""
    site = CallSite(
        path=copy.path,
        cell=copy.cell,
        cell_id=copy.cell_id,
        top=copy.top,
        line=copy.line,
        end_line=copy.end_line,
        name=copy.name,
        renames=renames(copy, kept),
        ignored=lost(copy, kept),
    )
    return Placed(site, loaded.at(copy.member.file, copy.member.cell, copy.line))


def constant_site(features: Sequence[Features], site: Site, name: str, loaded: Loaded) -> Placed:
    """The place of one assignment; comments above it stay, they often head the cell's other settings too."""
    file = features[site.file]
    cell = file.cells[site.cell]
    call = CallSite(file.path, cell.number, cell.id, site.line, site.line, site.end_line, name)
    return Placed(call, loaded.at(site.file, site.cell, site.line))


def assignment_at(features: Sequence[Features], site: Site, names: frozenset[str]) -> Assignment | None:
    """The statement that binds one of `names` and nothing else; None when other names hang on it."""
    lines = lines_of(features[site.file].cells[site.cell].source)[site.line - 1 : site.end_line]
    tree = parsed("\n".join(lines))
    for node in tree.body if tree else ():
        name = _bound_alone(node)
        if name is not None and name in names:
            whole = "\n".join(lines)
            text = ast.get_source_segment(whole, node) or ""
            alone = len(tree.body) == 1 and not _tail(whole, text).lstrip().startswith(";") if tree else False
            return Assignment(name, (whole if alone else text) + "\n", alone)
    return None


def _bound_alone(node: ast.stmt) -> str | None:
    if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
        return node.targets[0].id
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value is not None:
        return node.target.id
    return None


def _tail(whole: str, text: str) -> str:
    return whole[whole.find(text) + len(text) :]


def at_top(features: Sequence[Features], file: int, cell: int, placed: Placed, loaded: Loaded) -> Placed:
    """The same site with its import in the notebook's import cell, or unchanged where that would not be the same.

    It would be when the name is bound once, nothing can read or bind it unseen, and nothing reads it earlier.
    """
    site = placed.site
    cells = features[file].cells
    here = _import_place(cells, cell, site.top)
    if here is None or not _bound_once_and_read_later(cells, cell, site):
        return placed
    index, line = here
    return Placed(replace(site, import_cell=cells[index].number, import_line=line), loaded.at(file, index, line + 1))


def _import_place(cells: Sequence[CellFeatures], cell: int, top: int) -> tuple[int, int] | None:
    """Index of the first cell that imports something, and the last line of its last import; before `top` only."""
    for index, features in enumerate(cells[: cell + 1]):
        facts = features.facts
        imports = [item for item in facts.statements if item.kind in ("import", "importfrom")]
        if not imports:
            continue
        closed = features.locked or features.raises or facts.opaque or facts.transformed or facts.cell_magic
        end = imports[-1].end_line
        for statement in facts.statements:
            if statement.line <= end < statement.end_line:
                end = statement.end_line
        if closed or (index == cell and end >= top):
            return None
        return index, end
    return None


def _bound_once_and_read_later(cells: Sequence[CellFeatures], cell: int, site: CallSite) -> bool:
    bound = 0
    for index, features in enumerate(cells):
        facts = features.facts
        if facts.any_name or site.name in facts.unknown:
            return False
        bound += sum(b.name == site.name and b.kind is not BindKind.ANNOTATION for b in facts.bindings)
        for use in facts.uses:
            if use.name == site.name and (index < cell or (index == cell and use.line < site.top)):
                return False
    return bound == 1
