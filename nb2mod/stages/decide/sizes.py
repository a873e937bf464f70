"""How large things are: one definition, and a notebook with the largest of each kind in it. Knows no limits.

The names are those of the settings; threshold.py holds them against the limits.
"""

from collections.abc import Iterator

from msgspec import Struct

from nb2mod.model import CellFeatures, Definition, Features, Location, Names

_SET_UP = ("import", "importfrom")


class Size(Struct, frozen=True):
    """One number. `name` as in the settings: "cell-statements"; `location` is where the largest of several stands."""

    name: str
    value: int
    location: Location | None = None


def definition_sizes(definition: Definition, names: Names, cell: int, index: int) -> tuple[Size, ...]:
    """What may make one function or class heavy. `cell` and `index` say where it stands in its notebook.

    A class has no complexity of its own: twenty simple methods are not as hard to read as one function of twenty branches.
    """
    sizes = [Size("function-statements", definition.statements)]
    if definition.kind != "class":
        sizes.append(Size("function-complexity", definition.complexity))
    return (*sizes, Size("function-cells", _cells_that_use(definition.name, names, cell, index)))


def notebook_sizes(features: Features, names: Names) -> tuple[Size, ...]:
    """The notebook as a whole, then its largest definition and cell of each kind."""
    cells = [cell for cell in features.cells if cell.source.strip()]
    whole = (
        Size("notebook-lines", sum(_lines(cell) for cell in cells)),
        Size("notebook-cells", len(cells)),
        Size("notebook-complexity", 1 + sum(one.complexity for cell in cells for one in cell.facts.statements)),
        Size("notebook-definitions", sum(len(cell.facts.definitions) for cell in cells)),
    )
    largest: dict[str, Size] = {}
    for size in (*_of_definitions(features, names), *_of_cells(features)):
        if size.name not in largest or size.value > largest[size.name].value:
            largest[size.name] = size
    return (*whole, *largest.values())


def _of_definitions(features: Features, names: Names) -> Iterator[Size]:
    for at, cell in enumerate(features.cells):
        for index, definition in enumerate(cell.facts.definitions):
            place = Location(features.path, cell.number, definition.def_line, cell.id)
            for size in definition_sizes(definition, names, at, index):
                yield Size(size.name, size.value, place)


def _of_cells(features: Features) -> Iterator[Size]:
    for cell in features.cells:
        own = [one for one in cell.facts.statements if "def" not in one.kind and one.kind not in _SET_UP]
        place = Location(features.path, cell.number, 0, cell.id)
        yield Size("cell-statements", sum(one.size for one in own), place)
        yield Size("cell-complexity", 1 + sum(one.complexity for one in own), place)


def _lines(cell: CellFeatures) -> int:
    """Lines that hold more than blanks and a comment."""
    stripped = (line.strip() for line in cell.source.splitlines())
    return sum(bool(line) and not line.startswith("#") for line in stripped)


def _cells_that_use(name: str, names: Names, cell: int, index: int) -> int:
    own = (cell, index)
    return len({used.cell for used in names.uses.get(name, ()) if (used.cell, used.use.owner) != own})
