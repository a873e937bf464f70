"""Copies and what is decided about them."""

from msgspec import Struct

from nb2mod.model.contrasts import Argument, Contrast
from nb2mod.model.places import Location, Verdict
from nb2mod.model.stages import Measure


class Member(Struct, frozen=True, order=True):
    """One definition of a clone class: indexes into the list of Features, its cells and their definitions."""

    file: int
    cell: int
    definition: int


class CloneClass(Struct, frozen=True):
    """Definitions of one shape, whatever their free names mean. `members` in order of path, cell and line."""

    shape: bytes
    members: tuple[Member, ...]


class CopiedNotebooks(Struct, frozen=True):
    """Notebooks that are copies of each other as a whole: one place for the threshold."""

    paths: tuple[str, ...]
    shared: float  # the smallest share of code cells in common along the links that join them, 0 to 1


class Reason(Struct, frozen=True):
    """Why a candidate is not simply extracted, or what a person should know. `blocks`, `review`, `below` or `note`."""

    code: str
    message: str
    effect: str  # "blocks", "review", "below" or "note"
    location: Location | None = None


class Occurrence(Struct, frozen=True, order=True):
    """One copy: where, and under which name. Lines as in `Definition`: `line` to `end_line`; a block that goes on in later cells
    ends in `end_cell`, on its `end_line`.
    """

    path: str
    cell: int
    line: int
    end_line: int
    name: str
    cell_id: str | None = None
    evidence: str | None = None  # after extract: "proved", "ran-same" or "not-checked"
    doubt: str | None = None  # why the text alone can't show it: then it is not "proved"
    end_cell: int = 0  # 0: it ends in `cell`


class Target(Struct, frozen=True):
    """Where a candidate would go: dotted module and the name there; `apart` says why it is not the module that it fits best."""

    module: str
    name: str
    apart: str = ""


class Candidate(Struct, frozen=True):
    """One thing that could be moved, with the verdict on it.

    `members` are the copies that move together; all mean the same. `id` is stable between runs: the name and eight
    hex digits of the content's hash.
    """

    id: str
    # NB101 exact, NB102 renamed, NB103 near-miss, NB105 stands in the package, NB106 drifted from it, NB201 alone and past a
    # limit, NB203 a whole notebook; blocks: NB111, NB113, NB202
    code: str
    kind: str
    name: str
    clone_type: int | None
    verdict: Verdict
    reasons: tuple[Reason, ...]
    members: tuple[Member, ...]
    occurrences: tuple[Occurrence, ...]
    statements: int = 0
    places: int = 0  # notebooks it counts for the threshold; copies of a whole notebook count once
    similarity: float = 1.0
    existing: Target | None = None  # NB105: the definition that stands in the package
    needs: tuple["Need", ...] = ()  # what the definition needs beside itself, in order of first use
    target: Target | None = None  # filled in by plan
    chosen: Member | None = None  # the copy whose text goes to the module; `needs` are its needs
    rename_ok: bool = False  # nothing in any notebook can see the name, so the module may call it otherwise (N20)
    measures: tuple[Measure, ...] = ()  # how far it is from each limit of its notebooks' stage
    saved: int = 0  # of a block: lines that the notebooks lose, less what its function and calls cost
    arguments: tuple[Argument, ...] = ()  # parameters that its copies did not have, and what their calls pass
    calls: tuple[Location, ...] = ()  # where calls, other than in its copies, pass more from now on
    contrasts: tuple[Contrast, ...] = ()  # where two copies of a near-miss class differ so that no parameter would do
    advice: str = ""  # the smallest change that would let them be one function
    drifted: Target | None = None  # NB106: what of the package it resembles and is not to become one with
    content: str = (
        ""  # eight hex digits of what it is whatever it is called, so that a baseline knows it when it is renamed
    )


class Need(Struct, frozen=True):
    """One free name of a definition and what must stand beside it in a module.

    `kind` is "import" (target: "numpy" or "numpy.random.default_rng"), "import statement" (`text` is the whole try/if
    statement, N2), "star" (target: module), "constant" (`text`: its literal, `members` empty, `constants`: where it is
    bound), "helper" (`candidate`: id of the candidate that provides it), "ipython" (display, get_ipython).
    """

    name: str
    kind: str
    target: str = ""
    text: str = ""
    candidate: str | None = None
    sites: tuple["Site", ...] = ()
    eager: bool = False  # read when the definition runs (default, decorator, base class), not only when it is called


class Site(Struct, frozen=True, order=True):
    """A statement of a notebook by position: indexes into Features and cells, and its lines."""

    file: int
    cell: int
    line: int
    end_line: int
