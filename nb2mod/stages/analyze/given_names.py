"""What a name means that its file does not bind: what Python and IPython give, what a star import may bring, and what only a cell
that can't be read could have bound.
"""

import builtins

from nb2mod.model import Meaning, Names
from nb2mod.syntax.stars import brings, may_bring

BUILTINS = frozenset(dir(builtins)) - {"_", "exit", "quit", "copyright", "credits", "license"}
IPYTHON = {"display": "IPython.display", "get_ipython": "IPython"}
IDENTITY = frozenset(("__name__", "__file__", "__doc__", "__spec__", "__loader__", "__package__", "__annotations__"))
SESSION = frozenset(("In", "Out", "_", "__", "___", "_i", "_ii", "_iii", "_ih", "_oh", "_dh", "_sh", "exit", "quit"))
# What Databricks, Synapse, Fabric and Spark kernels bind in every notebook. Only unmistakable names: `sql`, `table` and `udf`
# are as often a person's own.
PLATFORM = frozenset(("spark", "sc", "sqlContext", "dbutils", "displayHTML", "notebookutils", "mssparkutils"))


def may_be_bound_unseen(names: Names, name: str) -> bool:
    """A cell that does not parse binds what stands in a binding position there; in another language nobody knows."""
    if name in names.unknown_bound:
        return True
    mentioned = name in names.unknown and name not in BUILTINS
    return mentioned and (name in names.foreign or name not in names.bindings)


def unbound(names: Names, name: str, *, in_module: bool) -> Meaning:
    """What a name means that nothing in its file binds, as far as can be seen."""
    if name in IPYTHON:
        # One notebook may import what another takes as given: the same thing, so the same key.
        return Meaning("ipython", f"import:{IPYTHON[name]}.{name}", name)
    if name in IDENTITY:
        return Meaning("identity", f"identity:{name}", name)
    stars = tuple(bound for bound in names.stars if may_bring(bound.binding.target, name))
    if not in_module and name in PLATFORM and not any(brings(bound.binding.target, name) for bound in stars):
        return Meaning("session", f"session:{name}", name, (), "it is what a platform binds in every notebook")
    if stars:
        origins = ",".join(sorted({bound.binding.target for bound in stars}))
        return Meaning("star", f"star:{origins}:{name}", name, stars)
    if name in BUILTINS:
        return Meaning("builtin", f"builtin:{name}", name)
    if not in_module and (name in SESSION or (name[0] == "_" and name[1:].isdigit())):
        return Meaning("session", f"session:{name}", name)
    why = "a %run or exec of the notebook may bind it" if names.wild else "nothing in the notebook binds it"
    return Meaning("unbound", f"unbound:{name}", name, (), why)
