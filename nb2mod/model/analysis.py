"""What a whole notebook does with its names, and what one name means to a definition that reads it."""

from msgspec import Struct

from nb2mod.model.facts import Binding, Use


class Bound(Struct, frozen=True, array_like=True):
    """A binding and the cell it stands in: index into `Features.cells`."""

    cell: int
    binding: Binding


class Used(Struct, frozen=True, array_like=True):
    """A use and the cell it stands in: index into `Features.cells`."""

    cell: int
    use: Use


class Names(Struct, frozen=True):
    """All names of one notebook (or module), in order of cell and line.

    `unknown` names may be bound or read by a part that can't be read; `wild` are the places where any name may be bound
    (%run, exec), as (cell, line).
    """

    file: int
    bindings: dict[str, tuple[Bound, ...]]
    uses: dict[str, tuple[Used, ...]]
    unknown: frozenset[str] = frozenset()
    unknown_bound: frozenset[str] = (
        frozenset()
    )  # those in a binding position there: `name =`, `import name`, `def name`
    wild: tuple[tuple[int, int], ...] = ()
    stars: tuple[Bound, ...] = ()
    keywords: frozenset[str] = frozenset()
    strings: frozenset[str] = frozenset()
    future: frozenset[str] = frozenset()
    modules: frozenset[str] = frozenset()  # top-level names of everything imported, inside functions too
    foreign: frozenset[str] = frozenset()  # those of `unknown` that stand in cells of another language


class Meaning(Struct, frozen=True):
    """What a free name means in one notebook. Two names mean the same when their keys are equal.

    `kind`: "import", "import statement" (N2), "constant" (N4), "helper" (N6), "builtin", "ipython" (N9: display, get_ipython),
    "session" (N9: _, In, Out, exit), "identity" (N15: __name__, __file__), "star" (N3), "state" (N5, N4b),
    "ambiguous" (N1, N7, N11: depends on order), "unknown" (F5), "unbound" (N10).
    """

    kind: str
    key: str
    name: str
    bound: tuple[Bound, ...] = ()
    why: str = ""  # for state, ambiguous, unknown: in words


class Environment(Struct, frozen=True):
    """What the project and this Python know of modules (hazards N18, N19).

    `known`: import names of the standard library, declared dependencies and installed distributions, and what the
    curated table knows. `local`: (folder of the notebook, top-level import name) → the file or folder it is there.
    """

    known: frozenset[str] = frozenset()
    local: dict[str, str] = {}  # f"{folder}\n{module}" → path
    package: str | None = None
    hides_package: dict[str, str] = {}  # folder of notebooks → a file there that `import package` would find first
