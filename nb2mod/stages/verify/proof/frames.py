"""The scopes of two definitions, walked in step: which name of the one is which of the other. The walk is in `alpha.py`."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from nb2mod.stages.verify.proof.looks import Looks
from nb2mod.stages.verify.proof.scopes import Names


class Difference(Exception):
    """The two sides differ. `line` is that of the notebook's side. Caught by `inlines.py`, which makes a finding of it."""

    def __init__(self, message: str, line: int = 0) -> None:
        super().__init__(message)
        self.line = line


class Slot(NamedTuple):
    """A free name on both sides. `eager`: read when the definition runs. `soft`: named in a string, maybe no name at all.

    `inside` is what the name stands for on the module's side when an import inside the function binds it (N18).
    `annotation`: read in an annotation that only those see who ask for annotations.
    """

    before: str
    after: str
    eager: bool
    line: int
    inside: str | None = None
    soft: bool = False
    annotation: bool = False


class Frame:
    """One scope of both sides, with a bijection between their names.

    `fixed` names keep their spelling; `imports` are what the local imports of N18 bind; `certain` are, in a class, the
    names its body has certainly bound by now: a class reads any other name from outside first.
    """

    def __init__(self, parent: "Frame | None", before: Names, after: Names, kind: str) -> None:
        self.parent = parent
        self.names = (before, after)
        self.kind = kind  # "function", "comprehension" or "class"
        self.forward: dict[str, str] = {}
        self.backward: dict[str, str] = {}
        self.fixed: frozenset[str] = frozenset()
        self.imports: dict[str, str] = {}
        self.certain: set[str] = set()


class Naming:
    """The names met so far. `before` is the notebook's side, `after` the module's, everywhere."""

    def __init__(self, looks: tuple[Looks, Looks], line: int) -> None:
        self.looks = looks
        self.line = line
        self.frame: Frame | None = None
        self.depth = 0  # of function bodies: 0 is what runs with the definition
        self.annotating = False  # inside an annotation that no decorator reads
        self.slots: list[Slot] = []
        self.renames: dict[tuple[str, str], None] = {}

    def differs(self, message: str) -> Difference:
        """The exception for the place where the walk stands."""
        return Difference(message, self.line)

    def name(self, before: str, after: str, *, load: bool = False) -> None:
        """One occurrence of a name on both sides."""
        frame, other = owner(self.frame, before, 0), owner(self.frame, after, 1)
        if frame is not other:
            raise self.differs(f"`{before}` and `{after}` belong to different scopes")
        if frame is None:
            self._free(before, after)
        elif frame.kind != "class":
            self._pair(frame, before, after)
        elif before != after:
            raise self.differs(f"the class attribute `{before}` became `{after}`")
        elif load and before not in frame.certain:
            self._free(before, after)

    @contextmanager
    def inside(self, frame: Frame, *, deeper: bool = False) -> Iterator[None]:
        """What is walked meanwhile stands in `frame`; `deeper`: it runs later than the definition."""
        outer, self.frame = self.frame, frame
        self.depth += deeper
        yield
        self.depth -= deeper
        self.frame = outer

    def _free(self, before: str, after: str) -> None:
        if not before == after == "__class__":
            inside = _imported_inside(self.frame, after)
            self.slots.append(Slot(before, after, self.depth == 0, self.line, inside, annotation=self.annotating))

    def _pair(self, frame: Frame, before: str, after: str) -> None:
        if frame.forward.setdefault(before, after) != after or frame.backward.setdefault(after, before) != before:
            raise self.differs(f"`{before}` does not become `{after}` everywhere in its scope")
        if before == after:
            return
        if before in frame.fixed or after in frame.fixed:
            raise self.differs(f"`{before}` became `{after}`, where something could see the name")
        for look, name in zip(self.looks, (before, after), strict=True):
            if look.namespace:
                raise self.differs(f"`{before}` became `{after}` in code that looks at its own names")
            if name in look.strings or (name.startswith("__") and not name.endswith("__")):
                raise self.differs(f"`{before}` became `{after}`, but a string or a class reads the name")
        self.renames[before, after] = None


def owner(frame: Frame | None, name: str, side: int) -> Frame | None:
    """The scope a name belongs to; None: it is free."""
    innermost = frame
    while frame is not None:
        names = frame.names[side]
        visible = frame.kind != "class" or frame is innermost
        if visible and name in names.declared_global:
            return None
        if visible and name in names.bound:
            return frame
        frame = frame.parent
    return None


def _imported_inside(frame: Frame | None, name: str) -> str | None:
    while frame is not None:
        if name in frame.imports:
            return frame.imports[name]
        frame = frame.parent
    return None
