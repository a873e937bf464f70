"""What is asked of a notebook for each of its runs of statements, told once: who reads what, what is bound when, what waits."""

import ast
from collections.abc import Collection, Iterator
from functools import cached_property

from nb2mod.stages.verify.proof.bindings import Place
from nb2mod.stages.verify.proof.called import Called
from nb2mod.stages.verify.proof.cells import CellView
from nb2mod.stages.verify.proof.mentions import looks_at_names, read_in
from nb2mod.stages.verify.proof.paths import Paths, paths_of
from nb2mod.stages.verify.proof.scopes import names_of, reads
from nb2mod.stages.verify.proof.trees import all_nodes
from nb2mod.stages.verify.proof.used_up import used_up
from nb2mod.stages.verify.proof.views import NotebookView


class Statement:
    """One statement at the top of a cell."""

    def __init__(self, node: ast.stmt, view: NotebookView) -> None:
        self.node = node
        self.view = view

    @cached_property
    def bound(self) -> frozenset[str]:
        """Names it binds."""
        return names_of([self.node]).bound

    @cached_property
    def read(self) -> frozenset[str]:
        """Names it reads, at once or later."""
        return frozenset(read.name for read in reads(self.node))

    @cached_property
    def waiting(self) -> frozenset[str]:
        """Names that a function, lambda or generator in it reads when it runs, unless that has run to its end by then."""
        quick = used_up([self.node], self.view)
        return frozenset(
            one.name for one in paths_of([self.node], self.view.constants)[0].held if id(one.holder) not in quick
        )

    @cached_property
    def declares(self) -> bool:
        """Whether something in it binds names of the notebook through `global`."""
        return any(isinstance(inner, ast.Global) for inner in all_nodes(self.node))

    @cached_property
    def sees(self) -> str:
        """Through what it sees names that it does not spell; "" when it does not."""
        return looks_at_names(self.node, self.view.bindings)


class Around:
    """One notebook as it was."""

    def __init__(self, view: NotebookView) -> None:
        self.view = view
        self._read: dict[int, dict[str, str]] = {}
        self._within: dict[int, list[frozenset[str]]] = {}
        self._above: list[frozenset[str]] = [frozenset()]  # what is certainly bound above each cell

    @cached_property
    def statements(self) -> tuple[tuple[tuple[int, int], Statement], ...]:
        """(place, statement) of all that parse, in order."""
        return tuple(((cell.index, at), Statement(node, self.view)) for cell, at, node in self.view.statements)

    def mentions(self, names: Collection[str], run: Called | None, *, spelled: bool = False) -> dict[str, str]:
        """Those of `names` that something outside the run may read → where, in words.

        `spelled`: what reads names without spelling them does not count.
        """
        found: dict[str, str] = {}
        for cell in self.view.cells if names else ():
            if cell.kind == "code":
                there = self._readers(cell, run)
                wanted = set(names) & set(there) if spelled or "" not in there else names
                for name in sorted(set(wanted) - set(found)):
                    found[name] = there.get(name) or there[""]
        return found

    def _readers(self, cell: CellView, run: Called | None) -> dict[str, str]:
        if run is not None and cell.index in run.cells:
            return read_in(cell, run.ids, self.view)
        if cell.index not in self._read:
            self._read[cell.index] = read_in(cell, (), self.view)
        return self._read[cell.index]

    def bound_above(self, called: Called) -> frozenset[str]:
        """Names that are certainly bound where a run begins, when everything above it has run."""
        return self.bound_at(called.run[0][0])

    def bound_at(self, place: Place) -> frozenset[str]:
        """Names that are certainly bound before the statement at a place, when everything above it has run."""
        index, position = place
        while len(self._above) <= index:
            cell = self.view.cells[len(self._above) - 1]
            state = self._states(cell)[-1]
            self._above.append(state | {name for magic in _magics(cell) for name in magic})
        return self._states(self.view.cells[index])[position]

    def _states(self, cell: CellView) -> list[frozenset[str]]:
        """What is bound before each statement of a cell, and after the last."""
        if cell.index not in self._within:
            self._within[cell.index] = list(self._walked(cell, self._above[cell.index]))
        return self._within[cell.index]

    def _walked(self, cell: CellView, start: frozenset[str]) -> Iterator[frozenset[str]]:
        yield start
        walk, state = Paths(self.view.constants), start
        ended = cell.kind != "code" or cell.tree is None or not cell.leaves_names
        for node in cell.tree or ():
            after = None if ended else walk.statement(node, state)
            ended = after is None
            state = start if after is None else after
            yield state & start if "raises-exception" in cell.tags else state


def _magics(cell: CellView) -> Iterator[tuple[str, ...]]:
    yield from (magic.binds for magic in cell.masked.magics) if cell.kind == "code" else ()
