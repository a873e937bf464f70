"""The cells of a notebook → what a function that does the same would say, statement by statement, or why there can be none.

Steps and definitions that move stand in the cells as functions already: what is left of a cell are calls, what is shown, and
what is too small to be a step.
"""

import ast
import re
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from nb2mod.model import BindKind, CellFeatures, Features, Location, Reason
from nb2mod.notebook import mask
from nb2mod.stages.rewrite.main_figures import Figures
from nb2mod.syntax import parse, split_lines

_QUIET_MAGICS = frozenset(("matplotlib", "autoreload", "config", "pip", "conda", "mamba"))
_IDLE_EXTENSION = re.compile(r"\b(autoreload|(nb|lab|jupyter)_black)\b")
_TIMED = "time"  # runs the Python that follows, once, and tells how long it took
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_SHOWS_ITSELF = frozenset(("print", "display", "plt.show", "pyplot.show"))
CODE = "NB203"

Place = tuple[int, int]  # index of a cell, index of a statement in it
Site = tuple[int, int, str]  # number of a cell, first line of a statement, the name that it binds


class Moved(Struct, frozen=True):
    """What a statement of the notebook became: a name of a module. `name` is what it is called there, `bound` here."""

    module: str
    name: str
    bound: str


class Piece(Struct, frozen=True):
    """One statement of the function to be. `kind` is "statement", "shown" (an expression that the notebook shows), "import",
    "moved", "constant" (one of the notebook's parameters), "computed" (one whose value is no literal), "heading", or "figures":
    the end of a cell that shows what was drawn and closes it.
    """

    kind: str
    text: str
    place: Location
    nodes: tuple[ast.stmt, ...] = ()
    moved: Moved | None = None
    comment: str = ""


class Reading(Struct, frozen=True):
    """All pieces in order, why there can be no such function, and lines it does without, each as (what, why)."""

    pieces: tuple[Piece, ...]
    refused: tuple[Reason, ...]
    left_out: tuple[tuple[str, str], ...]


def pieces_of(
    features: Features, constants: Sequence[Place], moved: Mapping[Site, Moved], silent: frozenset[str]
) -> Reading:
    """Reads all cells. `constants` are the statements that are parameters; `moved` tells which statements became names of a
    module; `silent` are functions that give nothing back.
    """
    reader = _Reader(features, frozenset(constants), moved, silent)
    for at, cell in enumerate(features.cells):
        reader.read(at, cell)
    return Reading(tuple(reader.pieces), tuple(reader.refused), tuple(reader.left_out))


class _Reader:
    def __init__(
        self,
        features: Features,
        constants: frozenset[Place],
        moved: Mapping[Site, Moved],
        silent: frozenset[str],
    ) -> None:
        self.silent = silent
        self.features = features
        self.constants = constants
        self.moved = moved
        self.pieces: list[Piece] = []
        self.refused: list[Reason] = []
        self.left_out: list[tuple[str, str]] = []
        self.headings = list(features.headings)
        self.figures = Figures(features)
        self.variables = {
            binding.name
            for cell in features.cells
            for binding in cell.facts.bindings
            if binding.kind is not BindKind.IMPORT
        }

    def read(self, at: int, cell: CellFeatures) -> None:
        self._heading(cell)
        if not cell.source.strip():
            return
        if why := _unreadable(cell):
            self._refuse(cell, 0, why)
            return
        if cell.facts.cell_magic is not None:
            self.left_out.append((f"%%{cell.facts.cell_magic}", f"only a notebook can run it (cell {cell.number})"))
        python = mask(cell.source).python
        body = parse(python).body
        lines = split_lines(python)
        for index, group in _groups(body):
            self._group(at, cell, lines, index, group, last=group[-1] is body[-1])
        if self.figures.loses(cell):
            self._refuse(cell, 0, "figures are saved after others were shown, which closes them in a notebook only")
        elif self.figures.draws(cell):
            self.pieces.append(Piece("figures", self.figures.pyplot, self._place(cell, 0)))

    def _heading(self, cell: CellFeatures) -> None:
        above = [heading for heading in self.headings if heading.cell < cell.number]
        if above:
            self.headings = self.headings[len(above) :]
            text = " ".join(above[-1].text.split())
            if above[-1] is not self.features.headings[0]:
                self.pieces.append(Piece("heading", f"# {text}", self._place(cell, 0)))

    def _group(
        self, at: int, cell: CellFeatures, lines: Sequence[str], index: int, group: Sequence[ast.stmt], *, last: bool
    ) -> None:
        """Statements that share lines, or a single one with its comments."""
        for offset, node in enumerate(group):
            whole = len(group) == 1
            text = _text(lines, node) if whole else ast.get_source_segment("\n".join(lines), node) or ""
            shown = last and offset == len(group) - 1 and isinstance(node, ast.Expr)
            self._statement(at, cell, index + offset, node, text, lines, shown=shown)

    def _statement(
        self,
        at: int,
        cell: CellFeatures,
        index: int,
        node: ast.stmt,
        text: str,
        lines: Sequence[str],
        *,
        shown: bool,
    ) -> None:
        place = self._place(cell, node.lineno)
        moved = self.moved.get((cell.number, _first_line(node), _bound_name(node)))
        magic = _magic_at(cell, node)
        if magic == _TIMED:
            self.left_out.append((f"%{_TIMED}", f"only a notebook can run it (cell {cell.number})"))
        if magic not in (None, _TIMED):
            self._magic(cell, node, magic or "")
        elif moved is not None:
            self.pieces.append(Piece("moved", "", place, (node,), moved))
        elif isinstance(node, _DEFINITIONS):
            self._refuse(cell, node.lineno, f"`{node.name}` stays in the notebook")
        elif (at, index) in self.constants:
            comment = _comment(lines[(node.end_lineno or node.lineno) - 1], node.end_col_offset or 0)
            self.pieces.append(Piece("constant", text, place, (node,), comment=comment))
        elif isinstance(node, ast.Import | ast.ImportFrom):
            self._import(cell, node, text)
        elif shown and isinstance(node, ast.Expr) and not _is_quiet(lines, node) and not self._shows_itself(node):
            segment = ast.get_source_segment("\n".join(lines), node.value) or ""
            segment = f"({segment})" if isinstance(node.value, ast.Tuple) else segment
            self.pieces.append(Piece("shown", segment, place, (node,)))
        else:
            named = "parameters" in cell.tags and bool(_bound_name(node))
            self.pieces.append(Piece("computed" if named else "statement", text, place, (node,)))

    def _shows_itself(self, node: ast.Expr) -> bool:
        """Whether it is a call that gives None, whatever it shows while it runs."""
        if not isinstance(node.value, ast.Call):
            return False
        called = ast.unparse(node.value.func)
        return called in self.silent or (called in _SHOWS_ITSELF and called.partition(".")[0] not in self.variables)

    def _import(self, cell: CellFeatures, node: ast.Import | ast.ImportFrom, text: str) -> None:
        if any(alias.name == "*" for alias in node.names):
            self._refuse(cell, node.lineno, "a function can't hold a star import")
        elif not (isinstance(node, ast.ImportFrom) and node.module == "__future__"):
            self.pieces.append(Piece("import", text, self._place(cell, node.lineno), (node,)))

    def _magic(self, cell: CellFeatures, node: ast.stmt, name: str) -> None:
        line = split_lines(cell.source)[node.lineno - 1].strip()
        extension = name == "load_ext" and _IDLE_EXTENSION.search(line) is not None
        install = name == "!" and bool(cell.facts.installs)
        if name in _QUIET_MAGICS or extension or install:
            self.left_out.append((line, f"only a notebook can run it (cell {cell.number})"))
        else:
            self._refuse(cell, node.lineno, f"`{line[:60]}` runs in a notebook only")

    def _place(self, cell: CellFeatures, line: int) -> Location:
        return Location(self.features.path, cell.number, line, cell.id)

    def _refuse(self, cell: CellFeatures, line: int, why: str) -> None:
        self.refused.append(Reason(CODE, why, "note", self._place(cell, line)))


def _unreadable(cell: CellFeatures) -> str:
    """Why nothing can be said of a whole cell, in words; "" when it can be read."""
    facts = cell.facts
    if cell.odd or facts.error:
        return f"the cell can't be read: {cell.odd or facts.error}"
    if facts.opaque:
        return (
            f"the cell is in another language (%%{facts.cell_magic})" if facts.cell_magic else "the cell is no Python"
        )
    if facts.cell_magic is not None and facts.cell_magic != _TIMED:
        return f"%%{facts.cell_magic} runs in a notebook only"
    if "injected-parameters" in cell.tags:
        return "papermill has written its values into this cell: name the notebook that it was made from"
    if cell.raises:
        return "the cell is expected to raise, and the notebook goes on"
    if facts.any_name or facts.any_name_later:
        return "the cell may bind any name"
    return "the cell is indented as a whole or has prompts" if facts.transformed else ""


def _groups(body: Sequence[ast.stmt]) -> Iterator[tuple[int, list[ast.stmt]]]:
    """Statements, those that share a line together, with the index of the first."""
    group: list[ast.stmt] = []
    for index, node in enumerate(body):
        if group and (group[-1].end_lineno or 0) < node.lineno:
            yield index - len(group), group
            group = []
        group.append(node)
    if group:
        yield len(body) - len(group), group


def _text(lines: Sequence[str], node: ast.stmt) -> str:
    """Its lines with the comments directly above."""
    first = _first_line(node)
    while first > 1 and lines[first - 2].startswith("#"):
        first -= 1
    return "\n".join(lines[first - 1 : node.end_lineno])


def _first_line(node: ast.stmt) -> int:
    decorators = node.decorator_list if isinstance(node, _DEFINITIONS) else []
    return min([node.lineno, *(each.lineno for each in decorators)])


def _bound_name(node: ast.stmt) -> str:
    """What a definition or a plain assignment binds."""
    if isinstance(node, _DEFINITIONS):
        return node.name
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return targets[0].id if len(targets) == 1 and isinstance(targets[0], ast.Name) else ""


def _comment(line: str, column: int) -> str:
    rest = line.encode("utf-8", "surrogatepass")[column:].decode("utf-8", "surrogatepass").strip()
    return " ".join(rest.lstrip("#").split()) if rest.startswith("#") else ""


def _is_quiet(lines: Sequence[str], node: ast.Expr) -> bool:
    """Whether a semicolon hides what the cell's last expression gives."""
    line = lines[(node.end_lineno or node.lineno) - 1]
    rest = line.encode("utf-8", "surrogatepass")[node.end_col_offset or 0 :].decode("utf-8", "surrogatepass")
    return rest.lstrip().startswith(";")


def _magic_at(cell: CellFeatures, node: ast.stmt) -> str | None:
    end = node.end_lineno or node.lineno
    return next((name for first, last, name in cell.facts.magic_lines if first <= end and last >= node.lineno), None)
