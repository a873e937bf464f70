"""What a run of statements does with names, as values: the findings of `block_reading.py`. Nothing is read here."""

from msgspec import Struct

from nb2mod.syntax.closures import Closure

# What a name may hold at one point: what was there before, what the run gave it, nothing any more.
OUTER, BOUND, GONE = 1, 2, 4


class Spot(Struct, frozen=True):
    """One place: `piece` counts the run's pieces (one per cell), `line` within the cell; `what` in words or as code."""

    what: str
    piece: int
    line: int


class Need(Struct, frozen=True):
    """The first read of a name that may find what was there before the run.

    `sure`: it is evaluated whatever happens, and finds just that. `calm`: nothing but names, literals and attributes of names
    (`asked`) was evaluated before it. `later`: only code that runs later reads it.
    """

    name: str
    piece: int
    line: int
    sure: bool
    calm: bool
    later: bool = False
    asked: frozenset[str] = frozenset()


class Bound(Struct, frozen=True):
    """A name that the run binds: where first, what it may hold at the end (OUTER | BOUND | GONE), and how.

    `ways`: "import", "definition", "value", "import inside" (not at the run's own level), "star".
    """

    name: str
    piece: int
    line: int
    end: int
    ways: frozenset[str]


class Flow(Struct, frozen=True):
    """What may be reachable through `target` since then: names read in what was assigned to it, stored in it, or given to a
    method of it. `calls` are names called, `values` names used otherwise, `closures` indexes of closures; `made` the dotted
    names of calls whose result is the value itself, or a part of it. `target` is "" for arguments of a call of something else;
    then `callee` says what.
    """

    target: str
    piece: int
    line: int
    calls: frozenset[str]
    values: frozenset[str]
    closures: tuple[int, ...] = ()
    made: tuple[str, ...] = ()
    binds: bool = True
    callee: str = ""
    names: bool = False  # the notebook's names themselves are in it: globals(), user_ns


class Deleted(Struct, frozen=True):
    """`del name`; `own`: the name certainly held what the run gave it."""

    name: str
    piece: int
    line: int
    own: bool
    handler: bool = False  # the end of `except … as name`


class Reading(Struct, frozen=True):
    """All of it, in order of evaluation. `calls` are everything called, dotted; "" for what has no name.

    `noisy`: statements of pieces after the first that may write output.
    """

    needs: tuple[Need, ...] = ()
    bound: tuple[Bound, ...] = ()
    declared: frozenset[str] = frozenset()  # annotated without a value
    closures: tuple[Closure, ...] = ()
    flows: tuple[Flow, ...] = ()
    deletes: tuple[Deleted, ...] = ()
    suspends: tuple[Spot, ...] = ()
    views: tuple[Spot, ...] = ()
    calls: tuple[Spot, ...] = ()
    shown: tuple[Spot, ...] = ()  # bare expressions at the run's own level
    noisy: tuple[Spot, ...] = ()
    declarations: tuple[Spot, ...] = ()  # `global x` statements, star imports
    annotated: tuple[Spot, ...] = ()  # annotations that call something; `what` is the code
    annotating: tuple[Spot, ...] = ()  # names in annotations of variables that the run may not have bound
    hidden_strings: tuple[Spot, ...] = ()  # names that only a string reads, in a scope of its own
    still: bool = False  # no code of anybody else runs
    display: tuple[Spot, ...] = ()  # what ast_node_interactivity is set to; "" when that is computed
