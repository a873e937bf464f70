"""What the facts of a cell tell of what its statements do with a name, so that they need not be read for it."""

from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property

from msgspec import Struct

from nb2mod.model import Binding, BindKind, CellFacts, Use, UseKind
from nb2mod.syntax.block_words import Words

BINDING = frozenset(
    (BindKind.IMPORT, BindKind.DEF, BindKind.CLASS, BindKind.LITERAL, BindKind.ASSIGN, BindKind.AUGMENTED)
)
_NO_READS = frozenset((UseKind.ANNOTATION, UseKind.STRING, UseKind.MAGIC))
Place = tuple[int, int, int]  # index of a cell, its first and last statement


class Sorts(Struct, frozen=True):
    """Indexes of cells that may look at all names, hold code that runs later, hold generators, unbind names from inside
    functions, set what is shown; of which only the reading tells what they want.
    """

    views: tuple[int, ...]
    closes: tuple[int, ...]
    yields: tuple[int, ...]
    unbinds: tuple[int, ...]
    displays: tuple[int, ...]
    open: tuple[int, ...]


class Facts:
    """The facts of one cell, by name."""

    def __init__(self, facts: CellFacts) -> None:
        self._bindings: dict[str, list[Binding]] = defaultdict(list)
        for binding in facts.bindings:
            self._bindings[binding.name].append(binding)
        self._uses: dict[str, list[Use]] = defaultdict(list)
        for use in facts.uses:
            self._uses[use.name].append(use)

    @cached_property
    def spoken(self) -> frozenset[str]:
        """Names that the cell reads, or binds from inside a function."""
        declared = (
            name for name, found in self._bindings.items() if any(one.kind is BindKind.DECLARED for one in found)
        )
        return frozenset((*self._uses, *declared))

    def bound(self, place: Place, name: str) -> list[Binding]:
        """The bindings of a name in some statements."""
        _, first, last = place
        return [one for one in self._bindings.get(name, ()) if first <= one.statement <= last]

    def wants(self, place: Place, name: str, words: Words) -> bool | None:
        """Whether statements read or delete a name that they need not have bound; None when only a reading can tell."""
        uses = list(self._uses_in(place, name))
        bound = self.bound(place, name)
        if words.classes or not words.sure or any(one.kind not in BINDING for one in bound):
            return None
        if not uses:
            return False
        if any(use.kind in _NO_READS for use in uses) or not words.straight:
            return None
        first = min((one.statement for one in bound), default=place[2] + 1)
        if any(use.deferred or use.statement < first for use in uses):
            return True
        sure = min((one.statement for one in bound if one.certain), default=place[2] + 1)
        return False if not words.closes and all(use.statement > sure for use in uses) else None

    def _uses_in(self, place: Place, name: str) -> Iterator[Use]:
        _, first, last = place
        return (one for one in self._uses.get(name, ()) if first <= one.statement <= last)
