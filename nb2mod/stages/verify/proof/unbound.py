"""Names that one side binds nowhere: builtins, what IPython provides, what a star import may bring."""

import builtins
from collections.abc import Sequence

from nb2mod.stages.verify.proof.bindings import Binding
from nb2mod.stages.verify.proof.frames import Slot

BUILTINS = frozenset(dir(builtins)) - {"_", "exit", "quit", "copyright", "credits", "license"}
MODULE_NAMES = frozenset(
    {"__name__", "__file__", "__doc__", "__spec__", "__loader__", "__package__", "__path__", "__annotations__"}
    | {"__builtins__", "__dict__"}
)
# They read the namespace of the module whose code calls them.
_NAMESPACE_BUILTINS = frozenset({"globals", "eval", "exec"})
_SESSION = frozenset({"In", "Out", "_", "__", "___", "_i", "_ii", "_iii", "_ih", "_oh", "_dh", "_sh", "exit", "quit"})
# Databricks, Synapse and Fabric bind them before the first cell: no star import does.
_PLATFORM = frozenset({"spark", "sc", "sqlContext", "dbutils", "displayHTML", "notebookutils", "mssparkutils"})
_IPYTHON = {
    "display": {"IPython.display.display", "IPython.core.display.display", "IPython.core.display_functions.display"},
    "get_ipython": {"IPython.get_ipython", "IPython.core.getipython.get_ipython"},
}
# Builtins that libraries made for star imports put their own over: numeric, symbolic, functional ones.
_OFTEN_SHADOWED = frozenset(
    {
        "abs",
        "all",
        "any",
        "bool",
        "bytes",
        "complex",
        "divmod",
        "filter",
        "float",
        "format",
        "hash",
        "hex",
        "input",
        "int",
    }
    | {
        "map",
        "max",
        "min",
        "next",
        "object",
        "open",
        "pow",
        "range",
        "reversed",
        "round",
        "set",
        "slice",
        "sorted",
        "str",
    }
    | {"sum", "type", "vars", "zip"}
)
# Modules known to shadow fewer or others.
_SHADOWED = {
    "enum": frozenset({"property"}),
    "math": frozenset({"pow"}),
    "operator": frozenset({"abs", "pow"}),
    "os": frozenset({"open"}),
    "re": frozenset({"compile"}),
    "rich": frozenset({"print"}),
    **dict.fromkeys(
        (
            *("abc", "bisect", "cmath", "collections", "collections.abc", "contextlib", "copy", "dataclasses"),
            *("datetime", "decimal", "fractions", "functools", "heapq", "ipywidgets", "itertools", "json"),
            *("matplotlib.pyplot", "os.path", "pathlib", "pprint", "random", "statistics", "string", "textwrap"),
            *("time", "typing"),
        ),
        frozenset[str](),
    ),
}


def hides_no_builtin(star: str, name: str) -> bool:
    """Whether a star import certainly leaves a builtin alone."""
    return name in BUILTINS and name not in _SHADOWED.get(star, _OFTEN_SHADOWED)


def same_unbound(
    slot: Slot,
    own: Sequence[Binding],
    theirs: Sequence[Binding],
    own_stars: tuple[str, ...],
    their_stars: tuple[str, ...],
) -> str | None:
    """Why a name that at least one side binds nowhere does not mean the same on both; None: it does."""
    name = slot.before
    if own:
        return f"`{name}` is bound in the notebook, `{slot.after}` nowhere in the module"
    if name in _IPYTHON:
        targets = {binding.target for binding in theirs if binding.kind == "import"}
        known = bool(theirs) and targets <= _IPYTHON[name] and all(binding.kind == "import" for binding in theirs)
        return None if known else f"`{name}` is IPython's; the module must import it"
    if name in _SESSION | _PLATFORM or (name.startswith("_") and name[1:].isdigit()):
        return f"`{name}` is the session's; a module does not have it"
    if theirs:
        return f"`{name}` is bound nowhere in the notebook, but the module binds `{slot.after}`"
    if name != slot.after:
        return f"`{name}` became `{slot.after}`"
    if name in MODULE_NAMES or name in _NAMESPACE_BUILTINS:
        return f"`{name}` means the module's own there"
    if name in BUILTINS:
        unequal = set(own_stars) ^ set(their_stars)
        hiding = [star for star in unequal if name in _SHADOWED.get(star, _OFTEN_SHADOWED)]
        return f"`from {hiding[0]} import *` on one side may hide the builtin `{name}`" if hiding else None
    if own_stars and own_stars == their_stars:
        return None
    return f"`{name}` is bound nowhere" if not own_stars else f"`{name}` comes from a star import of one side only"
