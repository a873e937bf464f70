"""One copy of a candidate with all that a hazard check may ask of it. The checks see this value and nothing else."""

from collections.abc import Iterator, Mapping

from msgspec import Struct

from nb2mod.config import Config
from nb2mod.model import (
    Bound,
    CellFeatures,
    Definition,
    Environment,
    Features,
    Location,
    Meaning,
    Member,
    Names,
    Reason,
    Use,
    Used,
    UseKind,
)
from nb2mod.syntax import split_lines
from nb2mod.syntax.details import Details, details


class Dependency(Struct, frozen=True):
    """A free name of the definition: what it means, the first line it is read on (in the cell), and how.

    `eager`: read when the definition statement runs (decorator, default, base class, class body, evaluated annotation);
    `only_annotation`: in annotations alone; `in_string`: in strings alone, which are code for somebody (N12);
    `unread`: only in annotations that Python does not evaluate.
    """

    name: str
    meaning: Meaning
    line: int
    eager: bool
    only_annotation: bool
    in_string: bool
    unread: bool = False


class Subject(Struct, frozen=True):
    """A definition in its cell in its notebook. `error` says why its text could not be understood at all."""

    member: Member
    features: Features
    names: Names
    dependencies: tuple[Dependency, ...]
    details: Details
    config: Config
    environment: Environment
    earliest_run: tuple[int, int]  # (cell index, line) of the first moment its body can run, top to bottom
    owners: Mapping[tuple[int, int], str]  # (cell index, definition index) → name, for the whole file
    error: str | None = None
    by_row: Mapping[str, tuple[Dependency, ...]] = {}  # code → the dependencies that fall under it (rows.py)

    @property
    def cell(self) -> CellFeatures:
        return self.features.cells[self.member.cell]

    @property
    def definition(self) -> Definition:
        return self.cell.facts.definitions[self.member.definition]

    @property
    def name(self) -> str:
        return self.definition.name

    @property
    def read(self) -> tuple[Dependency, ...]:
        """The dependencies that something evaluates."""
        return tuple(dependency for dependency in self.dependencies if not dependency.unread)

    def is_own(self, used: Used) -> bool:
        """Whether a use stands inside the definition itself."""
        return used.cell == self.member.cell and used.use.owner == self.member.definition

    def uses(self) -> Iterator[Used]:
        """Uses of the definition's name in its notebook, those inside itself left out."""
        return (used for used in self.names.uses.get(self.name, ()) if not self.is_own(used))

    def own_uses(self, name: str) -> Iterator[Used]:
        """Uses of a name inside the definition."""
        return (used for used in self.names.uses.get(name, ()) if self.is_own(used))

    def where(self, bound: Bound) -> str:
        """A binding's place in words: "cell 3, line 2"."""
        return f"cell {self.features.cells[bound.cell].number}, line {bound.binding.line}"

    def places(self, meaning: Meaning) -> str:
        """The places of all bindings of a name, in words."""
        return "; ".join(map(self.where, meaning.bound))

    def place(self, line: int | None = None, cell: int | None = None) -> Location:
        """A line of the notebook; the definition's own when none is given. `cell` is an index into the code cells."""
        where = self.cell if cell is None else self.features.cells[cell]
        return Location(self.features.path, where.number, self.definition.def_line if line is None else line, where.id)

    def at(self, used: Used) -> Location:
        """The place of a use."""
        return self.place(used.use.line, used.cell)

    def inside(self, line: int) -> Location:
        """A place from a line that `details` counts (from the definition's first)."""
        return self.place(self.definition.line + line - 1)

    def blocks(self, code: str, message: str, location: Location | None = None) -> Reason:
        return Reason(code, message, "blocks", location or self.place())

    def review(self, code: str, message: str, location: Location | None = None) -> Reason:
        return Reason(code, message, "review", location or self.place())

    def note(self, code: str, message: str, location: Location | None = None) -> Reason:
        return Reason(code, message, "note", location or self.place())


def source_of(cell: CellFeatures, definition: Definition, *, comments: bool = False) -> str:
    """The definition's lines as they stand in the cell, with the comments above when asked, line ends as newlines."""
    lines = split_lines(cell.source)
    first = definition.top if comments else definition.line
    return "\n".join(lines[first - 1 : definition.end_line])


def details_of(cell: CellFeatures, definition: Definition) -> tuple[Details, str | None]:
    """The details, and why they can't be trusted: the text does not parse alone, or symtable sees other names than the index."""
    empty = Details(frozenset(), (), (), (), (), (), (), None, False, False, False)
    if definition.conditional:
        return empty, None
    try:
        found = details(source_of(cell, definition))
    except (SyntaxError, ValueError, RecursionError) as error:
        return empty, f"its text does not stand alone: {error}"
    indexed = {name for name, _, _ in _reads(cell, definition) if name != definition.name}
    missed = {name for name in found.free - indexed if not name.startswith("__")}
    if missed and not found.globals:
        return found, f"it reads {', '.join(sorted(missed))} in a way that could not be followed"
    return found, None


def _reads(cell: CellFeatures, definition: Definition) -> Iterator[tuple[str, int, UseKind]]:
    index = cell.facts.definitions.index(definition)
    for use in cell.facts.uses:
        if use.owner == index:
            yield use.name, use.line, use.kind


class FreeUse(Struct, frozen=True):
    """How a definition reads one free name; fields as in `Dependency`."""

    line: int
    eager: bool
    only_annotation: bool
    in_string: bool
    unread: bool


def free_uses(cell: CellFeatures, index: int, *, lazy_annotations: bool) -> dict[str, FreeUse]:
    """Free names of a definition and how it reads them, in order of first use.

    `lazy_annotations`: `from __future__ import annotations` is in force.
    """
    uses: dict[str, list[Use]] = {}
    definition = cell.facts.definitions[index]
    for use in cell.facts.uses:
        implicit = use.name == "__class__" and definition.kind == "class"
        if use.owner == index and use.name != definition.name and not implicit:
            uses.setdefault(use.name, []).append(use)
    return {name: _free_use(found, lazy_annotations) for name, found in uses.items()}


def _free_use(uses: list[Use], lazy_annotations: bool) -> FreeUse:
    in_annotation = [use.kind is UseKind.ANNOTATION for use in uses]
    in_string = [use.kind is UseKind.STRING for use in uses]
    forward = [use.kind is UseKind.STRING and use.detail == "annotation" for use in uses]
    unevaluated = [string or (lazy_annotations and note) for string, note in zip(forward, in_annotation, strict=True)]
    eager = any(
        not use.deferred and not string and not quiet
        for use, string, quiet in zip(uses, in_string, unevaluated, strict=True)
    )
    return FreeUse(min(use.line for use in uses), eager, all(in_annotation), all(in_string), all(unevaluated))
