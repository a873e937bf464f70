"""The cells of a notebook → what a function that does the same would say, statement by statement, or why there can be none.

Steps and definitions that move stand in the cells as functions already: what is left of a cell are calls, what is shown, and
what is too small to be a step.
"""

import ast
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from nb2mod.model import CellFeatures, Features, Location, Reason
from nb2mod.notebook import mask
from nb2mod.syntax import parse, split_lines

_QUIET_MAGICS = frozenset(("matplotlib", "autoreload", "config", "pip", "conda", "mamba"))
_QUIET_CELL_MAGICS = frozenset(("time",))
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_SHOWS_ITSELF = frozenset(("print", "display", "plt.show", "pyplot.show"))
CODE = "NB203"

Place = tuple[int, int]  # index of a cell, index of a statement in it


class Moved(Struct, frozen=True):
    """What a statement of the notebook became: a name of a module. `name` is what it is called there, `bound` here."""

    module: str
    name: str
    bound: str


class Piece(Struct, frozen=True):
    """One statement of the function to be, or several that share a line. `kind` is "statement", "shown" (an expression that the
    notebook shows), "import", "moved", "constant" (one of the notebook's parameters) or "heading".
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


def pieces_of(features: Features, constants: Sequence[Place], moved: Mapping[tuple[int, int], Moved]) -> Reading:
    """Reads all cells. `constants` are the statements that are parameters; `moved` tells by cell number and first line which
    statements became names of a module.
    """
    reader = _Reader(features, frozenset(constants), moved)
    for at, cell in enumerate(features.cells):
        reader.read(at, cell)
    return Reading(tuple(reader.pieces), tuple(reader.refused), tuple(reader.left_out))


class _Reader:
    def __init__(
        self, features: Features, constants: frozenset[Place], moved: Mapping[tuple[int, int], Moved]
    ) -> None:
        self.features = features
        self.constants = constants
        self.moved = moved
        self.pieces: list[Piece] = []
        self.refused: list[Reason] = []
        self.left_out: list[tuple[str, str]] = []
        self.headings = list(features.headings)

    def read(self, at: int, cell: CellFeatures) -> None:
        self._heading(cell)
        if not cell.source.strip():
            return
        if why := _unreadable(cell):
            self._refuse(cell, 0, why)
            return
        python = mask(cell.source).python
        body = parse(python).body
        lines = split_lines(python)
        for index, group in _groups(body):
            self._group(at, cell, lines, index, group, last=group[-1] is body[-1])

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
        first = min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", ()))])
        moved = self.moved.get((cell.number, first)) or self.moved.get((cell.number, node.lineno))
        magic = _magic_at(cell, node)
        if magic is not None:
            self._magic(cell, node, magic)
        elif moved is not None:
            self.pieces.append(Piece("moved", "", place, (node,), moved))
        elif isinstance(node, _DEFINITIONS):
            self._refuse(cell, node.lineno, f"`{node.name}` stays in the notebook")
        elif (at, index) in self.constants:
            comment = _comment(lines[(node.end_lineno or node.lineno) - 1], node.end_col_offset or 0)
            self.pieces.append(Piece("constant", text, place, (node,), comment=comment))
        elif isinstance(node, ast.Import | ast.ImportFrom):
            self._import(cell, node, text)
        elif shown and isinstance(node, ast.Expr) and not _is_quiet(lines, node) and not _shows_itself(node):
            segment = ast.get_source_segment("\n".join(lines), node.value) or ""
            self.pieces.append(Piece("shown", segment, place, (node,)))
        else:
            self.pieces.append(Piece("statement", text, place, (node,)))

    def _import(self, cell: CellFeatures, node: ast.Import | ast.ImportFrom, text: str) -> None:
        if any(alias.name == "*" for alias in node.names):
            self._refuse(cell, node.lineno, "a function can't hold a star import")
        elif not (isinstance(node, ast.ImportFrom) and node.module == "__future__"):
            self.pieces.append(Piece("import", text, self._place(cell, node.lineno), (node,)))

    def _magic(self, cell: CellFeatures, node: ast.stmt, name: str) -> None:
        line = split_lines(cell.source)[node.lineno - 1].strip()
        extension = name == "load_ext" and "autoreload" in line
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
        return f"the cell is in another language (%%{facts.cell_magic})" if facts.cell_magic else "the cell is no Python"
    if facts.cell_magic is not None and facts.cell_magic not in _QUIET_CELL_MAGICS:
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
    first = min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", ()))])
    while first > 1 and lines[first - 2].startswith("#"):
        first -= 1
    return "\n".join(lines[first - 1 : node.end_lineno])


def _comment(line: str, column: int) -> str:
    rest = line.encode("utf-8", "surrogatepass")[column:].decode("utf-8", "surrogatepass").strip()
    return " ".join(rest.lstrip("#").split()) if rest.startswith("#") else ""


def _is_quiet(lines: Sequence[str], node: ast.Expr) -> bool:
    """Whether a semicolon hides what the cell's last expression gives."""
    line = lines[(node.end_lineno or node.lineno) - 1]
    rest = line.encode("utf-8", "surrogatepass")[node.end_col_offset or 0 :].decode("utf-8", "surrogatepass")
    return rest.lstrip().startswith(";")


def _shows_itself(node: ast.Expr) -> bool:
    """Calls that show something and give None."""
    return isinstance(node.value, ast.Call) and ast.unparse(node.value.func) in _SHOWS_ITSELF


def _magic_at(cell: CellFeatures, node: ast.stmt) -> str | None:
    end = node.end_lineno or node.lineno
    return next((name for first, last, name in cell.facts.magic_lines if first <= end and last >= node.lineno), None)
