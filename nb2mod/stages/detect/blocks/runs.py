"""Where runs of statements may stand: the statements of all notebooks in one line, cut where no run may go on.

Positions are numbered through all notebooks in order of their paths, so that nothing found depends on the order of the files.
"""

from array import array
from collections.abc import Iterator, Mapping, Sequence

from nb2mod.model import BindKind, Block, CellFeatures, Features, Statement, UseKind
from nb2mod.syntax.keeping import kept_line
from nb2mod.syntax.statements import BARE_CONSTANT

_DEFINITIONS = frozenset(("functiondef", "asyncfunctiondef", "classdef"))
IMPORTS = frozenset(("import", "importfrom"))
# What a run may not begin or end with.
_HOLLOW = frozenset((*IMPORTS, "pass"))
_CALLS = frozenset((UseKind.CALL, UseKind.CALL_KEYWORDS, UseKind.CALL_SPREAD, UseKind.ATTRIBUTE_CALL))


_MOST_ALIKE = 30


class Line:
    """The statements of all notebooks that a run may hold, in one line; where no run goes on a position stays empty.

    `fixed` and `skeletons` number the hashes of what stands at a position (−1: nothing). A run may begin where `begins` is set
    and end where `closes` is (no other statement shares that line); `solid` is not set at imports, `pass` and bare constants.
    """

    def __init__(self) -> None:
        self.files = array("l")
        self.cells = array("l")
        self.indexes = array("l")
        self.statements: list[Statement | None] = []
        self.fixed: list[int] = []
        self.skeletons: list[int] = []
        self.sizes: list[int] = []
        self.begins = bytearray()
        self.closes = bytearray()
        self.solid = bytearray()
        self._heights = array("l", [0])
        self._numbers: dict[bytes, int] = {b"": -1}

    def add(self, file: int, run: Sequence[tuple[int, int]], features: Features) -> None:
        """A run as long as it may be: (cell, statement) pairs of one notebook, and an empty position after it."""
        numbers, heights = self._numbers, self._heights
        height = heights[-1]
        here = -1
        for at, (cell, index) in enumerate(run, 1):
            if cell != here:
                here, statements = cell, features.cells[cell].facts.statements
                last = len(statements) - 1
            one = statements[index]
            self.statements.append(one)
            self.fixed.append(numbers.setdefault(one.fixed, len(numbers)))
            self.skeletons.append(numbers.setdefault(one.skeleton, len(numbers)))
            self.begins.append(not index or statements[index - 1].end_line < one.line)
            self.closes.append(index == last or statements[index + 1].line > one.end_line)
            self.solid.append(one.kind not in _HOLLOW and one.skeleton != BARE_CONSTANT)
            goes_on = at < len(run) and run[at][0] == cell
            height += (statements[index + 1].line if goes_on else one.end_line + 1) - one.line
            heights.append(height)
        self.files.extend([file] * len(run))
        self.cells.extend([cell for cell, _ in run])
        self.indexes.extend([index for _, index in run])
        self.sizes.extend([one.size for one in self.statements[-len(run) :] if one])
        for numbered in (self.files, self.cells, self.indexes, self.fixed, self.skeletons):
            numbered.append(-1)
        for flags in (self.begins, self.closes, self.solid):
            flags.append(False)
        self.statements.append(None)
        self.sizes.append(0)
        heights.append(height)

    def __len__(self) -> int:
        return len(self.fixed)

    def lines(self, position: int, length: int) -> int:
        """How many lines a run takes, blank ones and comments between its statements too."""
        last = position + length - 1
        one = self.statements[last]
        assert one is not None
        return self._heights[last] - self._heights[position] + one.end_line - one.line + 1

    def block(self, position: int, length: int) -> Block:
        last = position + length - 1
        return Block(
            self.files[position], self.cells[position], self.indexes[position], self.cells[last], self.indexes[last]
        )


def line_up(
    features: Sequence[Features],
    own_package: str | None,
    moving: Mapping[int, frozenset[str]] | None = None,
    barred: Mapping[int, frozenset[tuple[int, int]]] | None = None,
) -> Line:
    """All runs of all notebooks; modules of the package hold none. `moving` and `barred` as in `runs_of`, by file."""
    line = Line()
    for file in sorted(range(len(features)), key=lambda file: features[file].path):
        one = features[file]
        if one.kind == "notebook" and not one.error:
            own, out = (moving or {}).get(file, frozenset()), (barred or {}).get(file, frozenset())
            for run in runs_of(one, own_package, moving=own, barred=out):
                line.add(file, run, one)
    return line


def runs_of(
    features: Features,
    own_package: str | None,
    *,
    across: bool = True,
    moving: frozenset[str] = frozenset(),
    barred: frozenset[tuple[int, int]] = frozenset(),
) -> Iterator[list[tuple[int, int]]]:
    """The longest runs of one notebook, as (cell, statement) pairs; with `across`, over the borders of neighbouring cells.
    `moving`: definitions that are as good as in the package; `barred`: statements that are known to be no part of a function.
    """
    own = _own_names(features, own_package) | moving
    constants = _constants_of_definitions(features)
    run: list[tuple[int, int]] = []
    before = -1
    for at, cell in enumerate(features.cells):
        facts = cell.facts
        single = facts.cell_magic is not None
        if run and not (across and cell.number == before + 1 and not single):
            yield run
            run = []
        before = -1 if single else cell.number
        if not facts.statements or not _may_change(cell):
            if run:
                yield run
                run = []
            continue
        cuts = _cuts(cell, own, constants)
        for index in range(len(facts.statements)):
            if index not in cuts and (at, index) not in barred:
                run.append((at, index))
            elif run:
                yield run
                run = []
        if single and run:
            yield run
            run = []
    if run:
        yield run


def _may_change(cell: CellFeatures) -> bool:
    facts = cell.facts
    return not (cell.locked or cell.odd or facts.error or facts.opaque or facts.transformed or facts.runs_in_function)


def _cuts(cell: CellFeatures, own: frozenset[str], constants: frozenset[str]) -> set[int]:
    """Statements of a cell that no run holds: definitions and their constants, magics, star imports, what is shown, what is kept
    or done already.
    """
    facts = cell.facts
    statements = facts.statements
    cuts = {index for index, one in enumerate(statements) if one.kind in _DEFINITIONS}
    cuts.update(one.statement for one in facts.definitions if one.conditional)
    cuts.update(_monotonous(statements))
    if statements[-1].kind == "expr":
        cuts.add(len(statements) - 1)
    if facts.magic_lines:
        cuts.update(
            index
            for index, one in enumerate(statements)
            if any(first <= one.end_line and last >= one.line for first, last, _ in facts.magic_lines)
        )
    if "importfrom" in {one.kind for one in statements} or facts.future:
        cuts.update(
            one.statement
            for one in facts.bindings
            if one.kind is BindKind.STAR or (one.kind is BindKind.IMPORT and one.target.startswith("__future__."))
        )
    if own:
        cuts.update(one.statement for one in facts.uses if one.name in own and one.kind in _CALLS)
        cuts.update(one.statement for one in facts.bindings if one.name in own and one.kind is BindKind.IMPORT)
    if constants:
        cuts.update(one.statement for one in facts.bindings if one.kind is BindKind.LITERAL and one.name in constants)
    if facts.keep or cell.tags:
        cuts.update(
            index for index, one in enumerate(statements) if kept_line(cell, one.line, one.end_line) is not None
        )
    return cuts


def _monotonous(statements: Sequence[Statement]) -> Iterator[int]:
    """Statements after many of one form: data written as code, no step; and every part of such a run repeats every other."""
    alike = 0
    for index in range(1, len(statements)):
        alike = alike + 1 if statements[index].fixed == statements[index - 1].fixed else 0
        if alike >= _MOST_ALIKE:
            yield index


def _constants_of_definitions(features: Features) -> frozenset[str]:
    """ALL_CAPS literals that a definition of the notebook reads: they come along with it (N4), and so are no block's."""
    found = {
        binding.name
        for cell in features.cells
        for binding in cell.facts.bindings
        if binding.kind is BindKind.LITERAL and binding.name.isupper()
    }
    if not found:
        return frozenset()
    return frozenset(
        use.name for cell in features.cells for use in cell.facts.uses if use.owner >= 0 and use.name in found
    )


def _own_names(features: Features, own_package: str | None) -> frozenset[str]:
    """Names that an import of the team's package binds anywhere in the notebook."""
    if not own_package:
        return frozenset()
    root = own_package.partition(".")[0]
    return frozenset(
        binding.name
        for cell in features.cells
        if root in cell.facts.modules
        for binding in cell.facts.bindings
        if binding.kind is BindKind.IMPORT and f"{binding.target}.".startswith(f"{own_package}.")
    )
