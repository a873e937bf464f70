"""What is kept of a wanted definition and of each of its calls. Runs inside the kernel (Python 3.8)."""

from __future__ import annotations

import contextlib
import gc
import types
from collections.abc import Iterator
from typing import Any

from .copying import ATOMS, Budget, Copier, Uncopyable

MISSING: Any = type("Missing", (), {"__repr__": lambda _: "missing"})()
"""Stands for a result or arguments that could not be copied."""

FIRST, SHAPES, SPREAD = 8, 16, 4
"""Per definition: the first calls; then calls with other kinds of arguments; then the 16th, 64th, 256th and so on."""


class Watched:
    """One definition that is extracted, where it goes, and its calls so far."""

    def __init__(
        self, cell: int, name: str, source: str, line: int, module: str, new_name: str, passes: Any = ()
    ) -> None:
        self.passes: dict[str, str] = dict(passes)  # new parameters → what calls pass for them, as text
        self.cell, self.name, self.source, self.line = cell, name, source.strip(), line
        self.module, self.new_name = module, new_name
        self.calls: list[Call] = []
        self.skipped: list[str] = []
        self.seen = self.asynchronous = False
        self._count = self._spread = 0
        self._next = FIRST * 2
        self._shapes: set[Any] = set()
        self.defaults_at_first: dict[Any, list[Any]] = {}  # code → its defaults before its first recorded call, copied

    def is_in(self, raw: str) -> bool:
        """Whether this is the text of its cell, or what a cell magic on top of it leaves to be run."""
        text = raw.strip()
        return bool(text) and (text == self.source or (self.source.startswith("%%") and self.source.endswith(text)))

    def skip(self, reason: str) -> None:
        """Counts a call that can't be made again."""
        self.skipped.append(reason)

    def wants(self, shape: Any) -> bool:
        """Whether a call with arguments of this kind is to be kept; counts it."""
        self._count += 1
        new = shape not in self._shapes
        if len(self.calls) + len(self.skipped) < FIRST or (new and len(self._shapes) < FIRST + SHAPES):
            self._shapes.add(shape)
            return True
        if self._count >= self._next and self._spread < SPREAD:
            self._spread += 1
            self._next = self._count * 4
            return True
        return False

    def full(self) -> bool:
        """Whether enough calls are known for the watching to cost nothing more."""
        return len(self.calls) + len(self.skipped) >= FIRST and self._spread >= 1


class Call:
    """One call as it was made: `arguments` are copies from before, `after` and `result` from its end."""

    def __init__(
        self,
        watched: Watched,
        method: str,
        code: Any,
        namespace: Any,
        names: list[str],
        arguments: list[Any],
        states: tuple[Any, Any],
        shape: Any,
    ) -> None:
        self.watched, self.method, self.code, self.namespace = watched, method, code, namespace
        self.names, self.arguments, self.states, self.shape = names, arguments, states, shape
        self.after: Any = MISSING
        self.result: Any = MISSING
        self.raised: Any = None  # the exception's name; True where only that there was one is known
        self.seconds = 0.0
        self.steps: tuple[str, ...] | None = None  # from what the name is bound to, to the function of this code
        self.function: Any = None
        self.owner: Any = None  # what the definition's name was bound to
        self.left_out: set[int] = set()  # arguments that were their parameter's default

    def find_function(self, values: list[Any]) -> None:
        """The function that was called, by its code; and which arguments its defaults gave."""
        owner = self.owner = self.namespace.get(self.watched.name)
        if self.method:
            owner = vars(owner).get(self.method) if isinstance(owner, type) else None
        found = next(((steps, one) for steps, one in reached(owner) if one.__code__ is self.code), None)
        if found is None:
            owners = [one for one in gc.get_referrers(self.code) if isinstance(one, types.FunctionType)]
            found = (None, owners[0]) if len(owners) == 1 else None  # type: ignore[assignment]
        if found is None:
            self.function = types.FunctionType(self.code, self.namespace) if not self.code.co_freevars else None
            return
        self.steps, original = found
        if all(call.code is not self.code for call in self.watched.calls):
            with contextlib.suppress(Uncopyable):
                copier = Copier(Budget(10000, 2**20, 0.2))
                self.watched.defaults_at_first[self.code] = [copier.copy(one) for one in original.__defaults__ or ()]
        # A function of its own: what is patched later, also its defaults, is not what was called.
        self.function = types.FunctionType(
            self.code, self.namespace, original.__name__, original.__defaults__, original.__closure__
        )
        self.function.__kwdefaults__ = original.__kwdefaults__
        self.left_out = set(self._from_defaults(original, values))

    def _from_defaults(self, function: Any, values: list[Any]) -> Iterator[int]:
        """Parameters whose default was used, as far as can be seen. One that may change is passed as it was instead."""
        defaults = function.__defaults__ or ()
        first = self.code.co_argcount - len(defaults)
        for number, default in enumerate(defaults):
            if values[first + number] is default and is_plain(default):
                yield first + number
        for name, default in (function.__kwdefaults__ or {}).items():
            if name in self.names and values[self.names.index(name)] is default and is_plain(default):
                yield self.names.index(name)


def is_plain(value: Any) -> bool:
    """Whether a default can never change."""
    return type(value) in ATOMS or (isinstance(value, tuple) and all(is_plain(part) for part in value))


def reached(owner: Any, steps: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every plain function that a binding leads to, with the way: decorators, properties and static methods wrap it."""
    if isinstance(owner, types.FunctionType):
        yield steps, owner
    for step in ("__func__", "fget", "fset", "fdel", "__wrapped__", "func"):
        inner = getattr(owner, step, None) if owner is not None and len(steps) < 8 else None
        if inner is not None and inner is not owner:
            yield from reached(inner, (*steps, step))
