"""One notebook as the blocks of it see it: its cells as plain Python and what each does. Made once for all its blocks."""

import re
from functools import cached_property, lru_cache

from nb2mod.model import BindKind, Features, Names
from nb2mod.notebook import mask
from nb2mod.stages.analyze.meanings import BUILTINS
from nb2mod.syntax.block_compound import SWALLOWERS
from nb2mod.syntax.block_facts import Reading
from nb2mod.syntax.block_reading import read_run

_DEFINITIONS = frozenset((BindKind.DEF, BindKind.CLASS))
_LONGEST_NUMBER = 20
_NONE: frozenset[str] = frozenset()
_WITH = re.compile(r"\bwith\b")
_FOR = re.compile(r"\bfor\b")


class Whole:
    """A notebook and its names."""

    def __init__(self, features: Features, names: Names) -> None:
        self.features = features
        self.names = names
        self._texts: dict[int, str] = {}
        self._readings: dict[tuple[int, int, int], Reading] = {}

    def text(self, cell: int) -> str:
        """The cell's source as plain Python, line for line."""
        if cell not in self._texts:
            self._texts[cell] = mask(self.features.cells[cell].source).python
        return self._texts[cell]

    def is_readable(self, cell: int) -> bool:
        one = self.features.cells[cell]
        return not (one.facts.error or one.facts.opaque or one.odd) and bool(one.facts.statements)

    def reading(self, cell: int, first: int, last: int) -> Reading:
        """Some statements of one cell."""
        key = (cell, first, last)
        if key not in self._readings:
            self._readings[key] = self.run((key,))
        return self._readings[key]

    def run(self, places: tuple[tuple[int, int, int], ...]) -> Reading:
        """Statements of several cells as one run: for each cell its index, the first and the last of them."""
        pieces = tuple((self.text(cell), first, last) for cell, first, last in places)
        loops = any(_FOR.search(text) for text, _, _ in pieces)
        doubted = self._doubted if any(_WITH.search(text) for text, _, _ in pieces) else _NONE
        if not loops:
            return read_run(pieces, doubted)
        return read_run(pieces, doubted | self._shadowed, self._constants)

    @cached_property
    def _shadowed(self) -> frozenset[str]:
        """Names that functions bind, and builtins that the notebook binds."""
        bindings = self.names.bindings
        declared = (
            name for name, bounds in bindings.items() if any(b.binding.kind is BindKind.DECLARED for b in bounds)
        )
        return frozenset(declared) | (bindings.keys() & BUILTINS)

    @cached_property
    def _constants(self) -> frozenset[tuple[str, str]]:
        """Names that one statement of the notebook binds, to a literal that nobody is invited to change."""
        found = []
        for name, bounds in self.names.bindings.items():
            binding = bounds[0].binding
            open_ = "parameters" in self.features.cells[bounds[0].cell].tags
            sure = len(bounds) == 1 and binding.certain and name not in self.names.unknown_bound
            if binding.kind is BindKind.LITERAL and sure and not open_ and not self.names.wild:
                found.append((name, _shortened(binding.target)))
        return frozenset(found)

    @cached_property
    def _doubted(self) -> frozenset[str]:
        """Names of the notebook whose context managers may swallow errors: its own definitions, and what they or known swallowers
        made.
        """
        own = {
            name
            for name, bounds in self.names.bindings.items()
            if any(bound.binding.kind in _DEFINITIONS for bound in bounds)
        }
        found = set(own)
        for cell, one in enumerate(self.features.cells):
            if self.is_readable(cell):
                for flow in read_run(((self.text(cell), 0, len(one.facts.statements) - 1),)).flows:
                    if any(
                        made.partition(".")[0] in own or made.rpartition(".")[2] in SWALLOWERS for made in flow.made
                    ):
                        found.add(flow.target)
        return frozenset(found - {""})


def _shortened(literal: str) -> str:
    """A literal that is as good for the question whether a loop over it runs."""
    if literal[:1] == "(" and literal != "()" and "," in literal:
        return "(0,)"
    if literal[:1] in "'\"" and len(literal) > 2:
        return "'a'"
    return literal if len(literal) < _LONGEST_NUMBER else "0"


class _Same:
    """A value that is looked up by being itself: to compare two notebooks would cost more than to read one."""

    __slots__ = ("features", "names")

    def __init__(self, features: Features, names: Names) -> None:
        self.features = features
        self.names = names

    def __hash__(self) -> int:
        return hash((id(self.features), id(self.names)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.features is other.features and self.names is other.names


def whole_of(features: Features, names: Names) -> Whole:
    """The notebook, remembered from its block before."""
    return _whole(_Same(features, names))


@lru_cache(maxsize=8)
def _whole(same: _Same) -> Whole:
    return Whole(same.features, same.names)
