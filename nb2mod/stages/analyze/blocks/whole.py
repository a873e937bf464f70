"""One notebook as the blocks of it see it: its cells as plain Python and what each does. Made once for all its blocks."""

from collections import defaultdict
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from functools import cached_property, lru_cache

from nb2mod.model import BindKind, Features, Names, UseKind
from nb2mod.notebook import mask
from nb2mod.stages.analyze.blocks.telling import BINDING, Facts, Place, Sorts
from nb2mod.stages.analyze.given_names import BUILTINS
from nb2mod.syntax.block_compound import SWALLOWERS
from nb2mod.syntax.block_facts import BOUND, GONE, Reading
from nb2mod.syntax.block_reading import read_run
from nb2mod.syntax.block_values import SETTING
from nb2mod.syntax.block_words import Words, used_words, words_of

_DEFINITIONS = frozenset((BindKind.DEF, BindKind.CLASS))
_LONGEST_NUMBER = 20
_NO_CONSTANTS: frozenset[tuple[str, str]] = frozenset()
_UNBINDING = frozenset(("reset", "reset_selective"))


class Whole:
    """A notebook and its names."""

    def __init__(self, features: Features, names: Names) -> None:
        self.features = features
        self.names = names
        self._texts: dict[int, str] = {}
        self._words: dict[int, Words] = {}
        self._readings: dict[Place, Reading] = {}
        self._wanted: dict[Place, frozenset[str]] = {}
        self._told: dict[tuple[Place, str], bool | None] = {}
        self.kept: dict[str, frozenset[str]] = {}  # what others have found out about all of it
        self._speaking: dict[str, tuple[int, ...]] = {}
        self._touching: dict[str, tuple[int, ...]] = {}
        self._cells: dict[int, Facts] = {}
        self._ends: dict[tuple[Place, str], int | None] = {}

    def text(self, cell: int) -> str:
        """The cell's source as plain Python, line for line."""
        if cell not in self._texts:
            self._texts[cell] = mask(self.features.cells[cell].source).python
        return self._texts[cell]

    def words(self, cell: int) -> Words:
        if cell not in self._words:
            self._words[cell] = words_of(self.text(cell))
        return self._words[cell]

    @cached_property
    def sorts(self) -> Sorts:
        """The cells that can be read, by what their words say that they may hold."""
        words = [(index, self.words(index)) for index in self.readable]
        return Sorts(
            views=tuple(index for index, each in words if each.views),
            closes=tuple(index for index, each in words if each.closes or each.views),
            yields=tuple(index for index, each in words if each.yields),
            unbinds=tuple(index for index, each in words if each.unbinds),
            displays=tuple(index for index, each in words if SETTING in self.text(index)),
            open=tuple(
                index
                for index, each in words
                if each.classes or not each.sure or self.features.cells[index].facts.runs_in_function
            ),
        )

    @cached_property
    def readable(self) -> tuple[int, ...]:
        """The cells that hold Python."""
        return tuple(
            index
            for index, one in enumerate(self.features.cells)
            if not (one.facts.error or one.facts.opaque or one.odd) and one.facts.statements
        )

    def reading(self, place: Place) -> Reading:
        """Some statements of one cell."""
        if place not in self._readings:
            self._readings[place] = self.run((place,))
        return self._readings[place]

    def run(self, places: tuple[Place, ...]) -> Reading:
        """Statements of several cells as one run: for each cell its index, the first and the last of them."""
        pieces = tuple((self.text(cell), first, last) for cell, first, last in places)
        words = [self.words(cell) for cell, _, _ in places]
        doubted: set[str] = set()
        constants = _NO_CONSTANTS
        if any("with" in each.names for each in words):
            doubted.update(*(each.names & self._doubted for each in words))
        if any("for" in each.names for each in words):
            doubted.update(*(each.names & self._shadowed for each in words))
            names = frozenset[str]().union(*(each.names for each in words))
            constants = frozenset((name, self._constants[name]) for name in names & self._constants.keys())
        return read_run(pieces, frozenset(doubted), constants)

    # what a part does with a name, without reading it where its facts tell

    def wants(self, place: Place, name: str) -> bool:
        """Whether statements of a cell read or delete a name that they need not have bound themselves."""
        told = self.told(place, name)
        if told is not None:
            return told
        if place not in self._wanted:
            self._wanted[place] = frozenset(_wanted(self.reading(place)))
        return name in self._wanted[place]

    def told(self, place: Place, name: str) -> bool | None:
        """What the words and facts of the cell say to `wants`; None when only its reading can tell."""
        if (place, name) not in self._told:
            words = self.words(place[0])
            silent = words.sure and name not in words.names
            self._told[place, name] = False if silent else self._facts(place[0]).wants(place, name, words)
        return self._told[place, name]

    def end_of(self, place: Place, name: str) -> int | None:
        """What a name may hold after some statements of a cell; None when they neither bind nor delete it."""
        if (place, name) not in self._ends:
            self._ends[place, name] = self._end_of(place, name)
        return self._ends[place, name]

    def _end_of(self, place: Place, name: str) -> int | None:
        cell = place[0]
        found = self._facts(cell).bound(place, name)
        if not found:
            return None
        if self.words(cell).straight and all(each.kind in BINDING for each in found) and any(e.certain for e in found):
            return BOUND
        reading = self.reading(place)
        end = next((bound.end for bound in reading.bound if bound.name == name), None)
        return GONE if end is None and any(deleted.name == name for deleted in reading.deletes) else end

    def _facts(self, cell: int) -> Facts:
        if cell not in self._cells:
            self._cells[cell] = Facts(self.features.cells[cell].facts)
        return self._cells[cell]

    # names of the whole notebook

    def binds(self, place: Place, name: str) -> bool:
        """Whether statements of a cell bind or unbind a name."""
        return bool(self._facts(place[0]).bound(place, name))

    def uses(self, cell: int, names: AbstractSet[str]) -> bool:
        """Whether a cell reads one of the names, or binds it from inside a function."""
        return not self._facts(cell).spoken.isdisjoint(names)

    def cells_touching(self, name: str) -> tuple[int, ...]:
        """The cells that may bind or unbind a name, in order."""
        if name not in self._touching:
            bounds = self.names.bindings.get(name, ())
            self._touching[name] = tuple(sorted(self.unbinding.union(bound.cell for bound in bounds)))
        return self._touching[name]

    def cells_speaking(self, name: str) -> tuple[int, ...]:
        """The cells whose statements `wants` may say yes of, in order."""
        if name not in self._speaking:
            found = set(self.sorts.open)
            found.update(used.cell for used in self.names.uses.get(name, ()))
            bounds = self.names.bindings.get(name, ())
            found.update(bound.cell for bound in bounds if bound.binding.kind not in BINDING)
            self._speaking[name] = tuple(sorted(found))
        return self._speaking[name]

    @cached_property
    def unbinding(self) -> frozenset[int]:
        """The cells with a magic that takes all names away."""
        return frozenset(
            index
            for index, cell in enumerate(self.features.cells)
            if any(magic in _UNBINDING for _, _, magic in cell.facts.magic_lines)
        )

    @cached_property
    def imported(self) -> frozenset[str]:
        """Names that nothing but imports bind."""
        return frozenset(
            name
            for name, bounds in self.names.bindings.items()
            if all(each.binding.kind is BindKind.IMPORT for each in bounds)
        )

    @cached_property
    def asked_by_magics(self) -> frozenset[str]:
        return frozenset(
            name for name, uses in self.names.uses.items() if any(each.use.kind is UseKind.MAGIC for each in uses)
        )

    @cached_property
    def annotating(self) -> dict[str, list[tuple[int, int]]]:
        """Where names stand in annotations, quoted or not: cell and statement."""
        found: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for name, uses in self.names.uses.items():
            for used in uses:
                quoted = used.use.kind is UseKind.STRING and used.use.detail == "annotation"
                if quoted or used.use.kind is UseKind.ANNOTATION:
                    found[name].append((used.cell, used.use.statement))
        return found

    @cached_property
    def _shadowed(self) -> frozenset[str]:
        """Names that functions bind, and builtins that the notebook binds."""
        bindings = self.names.bindings
        declared = (
            name for name, bounds in bindings.items() if any(b.binding.kind is BindKind.DECLARED for b in bounds)
        )
        return frozenset(declared) | (bindings.keys() & BUILTINS)

    @cached_property
    def _constants(self) -> dict[str, str]:
        """Names that one statement of the notebook binds, to a literal that nobody is invited to change."""
        found = {}
        for name, bounds in self.names.bindings.items():
            binding = bounds[0].binding
            open_ = "parameters" in self.features.cells[bounds[0].cell].tags
            sure = len(bounds) == 1 and binding.certain and name not in self.names.unknown_bound
            if binding.kind is BindKind.LITERAL and sure and not open_ and not self.names.wild:
                found[name] = _shortened(binding.target)
        return found

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
        makers = own | SWALLOWERS
        for cell in self.readable:
            if not used_words(self.text(cell)).isdisjoint(makers):
                last = len(self.features.cells[cell].facts.statements) - 1
                for flow in read_run(((self.text(cell), 0, last),)).flows:
                    if any(
                        made.partition(".")[0] in own or made.rpartition(".")[2] in SWALLOWERS for made in flow.made
                    ):
                        found.add(flow.target)
        return frozenset(found - {""})


def _wanted(reading: Reading) -> Iterator[str]:
    yield from (need.name for need in reading.needs)
    yield from (deleted.name for deleted in reading.deletes if not (deleted.own or deleted.handler))
    for closure in reading.closures:
        yield from closure.reads
        yield from closure.unbinds


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
