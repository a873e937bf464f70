"""Which names cross the edge of a block: into it, out of it, or not at all."""

import re
from collections.abc import Iterator

from nb2mod.model import BindKind
from nb2mod.stages.analyze.blocks.lifetime import Lifetimes
from nb2mod.stages.analyze.blocks.surroundings import Part, Surroundings
from nb2mod.stages.analyze.given_names import BUILTINS
from nb2mod.syntax.block_facts import BOUND, OUTER, Bound, Need

_TRY = re.compile(r"\btry\b")
_FREE = frozenset((BindKind.IMPORT, BindKind.DEF, BindKind.CLASS))
# Python itself, or a tool, looks at these.
_SEEN_ALWAYS = frozenset(("In", "Out", "_ih", "_oh", "_dh"))


class Crossing:
    """The names of one block. A name that holds something which must live on is an output (see `lifetime.py`)."""

    def __init__(self, around: Surroundings, asked: frozenset[str] = frozenset()) -> None:
        self._around = around
        reading = around.reading
        self.bound: dict[str, Bound] = {bound.name: bound for bound in reading.bound}
        self.needs: dict[str, Need] = {need.name: need for need in reading.needs}
        self.lifetimes = Lifetimes(around)
        self.viewed = any(_looks(part) for part in around.parts_in(around.whole.sorts.views))
        self._asked = asked
        self._wanted: dict[str, bool] = {}
        self.stays = frozenset(
            name for name, bound in self.bound.items() if bound.ways == {"import"} and self.leaves(name)
        )
        self.outputs = tuple(name for name in self.bound if name not in self.stays and self.leaves(name))
        self.inputs = tuple(self._inputs())
        self.local = tuple(name for name in self.bound if name not in self.stays and name not in self.outputs)
        self.same_imports = frozenset(self._same_imports())

    def leaves(self, name: str) -> bool:
        """Whether the notebook needs the name after the block."""
        seen = name in _SEEN_ALWAYS or (name.startswith("__") and name.endswith("__") and len(name) > 4)
        return self.viewed or seen or self._is_wanted(name) or self.lifetimes.in_block(name)

    def _is_wanted(self, name: str) -> bool:
        """Whether something outside the block reads a name where it need not have bound it itself.

        A string that only spells a name (`getattr(module, "load")`) is none, but where something looks at all names every one is.
        """
        if name not in self._wanted:
            whole = self._around.whole
            self._wanted[name] = (
                name in self._asked
                or name in self._around.names.unknown
                or name in whole.asked_by_magics
                or any(not self._around.is_inside(*place) for place in whole.annotating.get(name, ()))
                or self._is_read(name)
            )
        return self._wanted[name]

    def _is_read(self, name: str) -> bool:
        parts = list(self._around.parts_in(self._around.whole.cells_speaking(name)))
        return any(part.told(name) for part in parts) or any(part.wants(name) for part in parts)

    def _inputs(self) -> Iterator[str]:
        for name in self.needs:
            returned_unsure = name in self.outputs and bool(self.bound[name].end & OUTER)
            if self._is_parameter(name) and (returned_unsure or not self._is_only_here(name)):
                yield name
        for name in self.outputs:
            if name not in self.needs and self.bound[name].end & OUTER:
                yield name

    def _is_parameter(self, name: str) -> bool:
        """Whether a name that the block reads is a variable of the notebook; a name that it binds is one anyhow."""
        if name in self.bound or name in self._around.reading.declared:
            return True
        kinds = {bound.binding.kind for bound in self._around.names.bindings.get(name, ())}
        return bool(kinds - _FREE)

    def _is_only_here(self, name: str) -> bool:
        """Whether nothing but the block can have bound a name: where a read finds it unbound, it fails in a function too.

        With another message, which matters only where the notebook goes on after the error.
        """
        names = self._around.names
        if name not in self.bound or name in BUILTINS or name in names.unknown_bound or names.wild:
            return False
        cells = [self._around.cell(index) for index in self._around.cells]
        if any(cell.raises or _TRY.search(cell.source) for cell in cells):
            return False
        return all(
            self._around.is_inside(bound.cell, bound.binding.statement) for bound in names.bindings.get(name, ())
        )

    def _same_imports(self) -> Iterator[str]:
        """Names that every binding in the notebook gives the same imported thing, one of them certainly above the block."""
        for name, bound in self.bound.items():
            bounds = self._around.names.bindings.get(name, ())
            targets = {each.binding.target for each in bounds}
            if (
                bound.ways != {"import"}
                or {each.binding.kind for each in bounds} != {BindKind.IMPORT}
                or len(targets) > 1
            ):
                continue
            held = any(part.end_of(name) == BOUND for part in self._around.before)
            if held and name not in self._around.names.unknown_bound:
                yield name


def _looks(part: Part) -> bool:
    return bool(part.reading.views) or any(closure.view for closure in part.reading.closures)
