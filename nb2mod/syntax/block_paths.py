"""What each name may hold, on every path through a run of statements: rules of joining, looping and raising. Reads no tree."""

import ast

from nb2mod.syntax.block_facts import BOUND, GONE, OUTER, Deleted, Need
from nb2mod.syntax.block_facts import Bound as BoundName

State = dict[str, int]  # what is missing holds OUTER


def joined(*states: State | None) -> State | None:
    """What names may hold where several ways meet; None is a way that nothing takes."""
    taken = [state for state in states if state is not None]
    if not taken:
        return None
    names = {name for state in taken for name in state}
    return {name: _any_of(taken, name) for name in names}


def _any_of(states: list[State], name: str) -> int:
    held = 0
    for state in states:
        held |= state.get(name, OUTER)
    return held


class Paths:
    """The way that is being followed, and what has been found on it."""

    def __init__(self) -> None:
        self.state: State | None = {}
        self.piece = 0
        self.sure = True  # what is met is evaluated whatever happens
        self.calm = True  # nothing but names, their attributes and literals was evaluated so far
        self.asked: set[str] = set()  # names that an attribute was asked of
        self.needs: dict[str, Need] = {}
        self.first: dict[str, tuple[int, int]] = {}
        self.ways: dict[str, set[str]] = {}
        self.deletes: list[Deleted] = []
        self.breaks: list[list[State | None]] = []
        self.continues: list[list[State | None]] = []
        self.constants: dict[str, ast.expr] = {}  # names bound to what keeps its length
        self._watched: list[State | None] = []  # per `try` around: what names may hold when something raises

    def read(self, name: str, line: int, *, later: bool = False) -> None:
        """A read of a name; it matters where it may find what the run did not put there."""
        held = OUTER if self.state is None else self.state.get(name, OUTER)
        if self.state is None or not held & OUTER:
            return
        sure = self.sure and held == OUTER
        known = self.needs.get(name)
        if known is None:
            self.needs[name] = Need(name, self.piece, line, sure and not later, self.calm, later, frozenset(self.asked))
        elif known.later and not later:
            self.needs[name] = Need(name, known.piece, known.line, sure, self.calm, asked=frozenset(self.asked))

    def may_be_outer(self, name: str) -> bool:
        """Whether a name may hold here what the run did not put there."""
        return self.state is not None and bool(self.state.get(name, OUTER) & OUTER)

    def bind(self, name: str, line: int, way: str = "value") -> None:
        self.first.setdefault(name, (self.piece, line))
        self.ways.setdefault(name, set()).add(way)
        self.constants.pop(name, None)
        self._hold(name, BOUND)

    def unbind(self, name: str, line: int, *, handler: bool = False) -> None:
        own = self.state is None or self.state.get(name, OUTER) == BOUND
        self.constants.pop(name, None)
        self.deletes.append(Deleted(name, self.piece, line, own, handler))
        self._hold(name, GONE)

    def _hold(self, name: str, held: int) -> None:
        if self.state is None:
            return
        self.state[name] = held
        for index, watched in enumerate(self._watched):
            self._watched[index] = joined(watched, self.state)

    # ways

    def fork(self) -> State | None:
        """What holds here, to come back to."""
        return None if self.state is None else dict(self.state)

    def meet(self, *others: State | None) -> None:
        """Other ways come in here."""
        self.state = joined(self.state, *others)

    def watch(self) -> None:
        """From here on something may raise, and somebody goes on."""
        self._watched.append(self.fork())

    def raised(self) -> State | None:
        """What names may hold when it did, since the last `watch`."""
        return self._watched.pop()

    def leave(self) -> None:
        """Nothing goes on from here."""
        self.state = None

    def may_hold(self, bound: set[str], unbound: set[str]) -> None:
        """Before a loop: an earlier time round may have bound and unbound these."""
        for name in bound | unbound:
            self.constants.pop(name, None)
        if self.state is not None:
            for name in bound | unbound:
                held = BOUND * (name in bound) | GONE * (name in unbound)
                self.state[name] = self.state.get(name, OUTER) | held

    def bound_names(self) -> tuple[BoundName, ...]:
        state = self.state or {}
        return tuple(
            BoundName(name, piece, line, state.get(name, OUTER), frozenset(self.ways[name]))
            for name, (piece, line) in self.first.items()
        )
