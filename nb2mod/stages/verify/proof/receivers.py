"""What a function is given to, where it is used as a value: who only calls it, and who may look at it."""

import ast

from nb2mod.stages.verify.proof.looks import SIGNATURE_READERS
from nb2mod.stages.verify.proof.trees import last_name
from nb2mod.stages.verify.proof.views import NotebookView

_BUILTINS = frozenset(
    {"map", "filter", "sorted", "min", "max", "reduce", "any", "all", "sum", "list", "groupby", "takewhile"}
)
_METHODS = frozenset({"apply", "map", "applymap", "transform", "pipe", "sort", "sort_values", "assign", "sort_index"})
# Whoever loads these may send what a `map` is given elsewhere, or run it beside.
_SHIPPING = frozenset(
    {"billiard", "concurrent", "dask", "distributed", "ipyparallel", "joblib", "modin", "mpi4py", "multiprocess"}
    | {"multiprocessing", "pandarallel", "pathos", "polars", "pyspark", "ray", "swifter", "tensorflow", "tqdm", "vaex"}
)
_OF_FUNCTIONS = frozenset({"__code__", "__defaults__", "__kwdefaults__", "__signature__", "__wrapped__", "__globals__"})
_HARMLESS = frozenset({"__doc__", "__name__", "__qualname__", "__module__", "__dict__"})


def only_calls(call: ast.Call, view: NotebookView) -> bool:
    """Whether what is called takes a function and does nothing but call it."""
    match call.func:
        case ast.Name(id=name):
            return name in _BUILTINS and all(one.kind == "import" for one in view.bindings.get(name, ()))
        case ast.Attribute(attr=name, value=value):
            plain = isinstance(value, ast.Name) and value.id in ("functools", "itertools")
            return name in (_BUILTINS if plain else _METHODS) and (plain or not _ships(view))
    return False


def looks_at(parent: ast.AST | None) -> bool | None:
    """Whether what a function's name stands in, where it is used as a value, sees its parameters: True certainly, False certainly
    not, None maybe.
    """
    match parent:
        case ast.Attribute(attr=name):
            harmless = name in _HARMLESS or not name.startswith("__")
            return True if name in _OF_FUNCTIONS else (False if harmless else None)
        case ast.Call(func=func) if last_name(func) in SIGNATURE_READERS | {"help", "getsource", "getsourcelines"}:
            return True
    return None


def _ships(view: NotebookView) -> bool:
    targets = (one.target for bound in view.bindings.values() for one in bound if one.kind in ("import", "fallback"))
    return any(target.partition(".")[0] in _SHIPPING for target in targets)
