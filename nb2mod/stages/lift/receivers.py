"""Who may be given a lambda for a function: those that call it and see neither its name nor its parameters, nor pickle it."""

from nb2mod.model import Names
from nb2mod.syntax.passing import Mention

_ADVICE = "call it there yourself"
_KEYED = frozenset(("sorted", "min", "max", ".sort", ".sort_values", ".sort_index"))
_TABLES = frozenset((".apply", ".map", ".applymap", ".transform"))
_TABLE_KEYWORDS = frozenset("axis raw result_type na_action convert_dtype".split())
# Their methods of these names send functions elsewhere, or look into them.
_SENDING = frozenset(
    "multiprocessing concurrent joblib dask distributed ray pyspark ipyparallel modin pandarallel swifter loky pathos mpi4py "
    "tensorflow datasets polars cudf vaex sqlalchemy beam apache_beam".split()
)


def why_no_lambda(mention: Mention, parameters: tuple[str, ...] | None, names: Names) -> str:
    """Why a function that is given away can't be a lambda of its `parameters` there, in words; "" when it can."""
    receiver, slot = mention.receiver, mention.slot
    given = f"`{mention.name}` is given to `{receiver.lstrip('.')}`" if receiver else f"`{mention.name}` is given away"
    if parameters is None:
        return f"{given} here, and has defaults, `*` or `**`; {_ADVICE}"
    known = _KEYED | _TABLES | {"filter", "map"}
    if receiver in names.bindings and receiver in known:
        return f"{given} here, which the notebook binds itself; {_ADVICE}"
    if (receiver in _KEYED and slot == "key") or (receiver == "filter" and slot == "0"):
        wanted = 1
    elif receiver == "map" and slot == "0" and mention.receiver_arguments > 1:
        wanted = mention.receiver_arguments - 1
    elif receiver in _TABLES and slot == "0" and mention.receiver_arguments == 1:
        sending = sorted(names.modules & _SENDING)
        if "pandas" not in names.modules or sending:
            return f"{given} here, and it is not certain that it is a method of pandas; {_ADVICE}"
        if not _TABLE_KEYWORDS.issuperset(mention.receiver_keywords):
            return f"{given} here with arguments that it may pass on; {_ADVICE}"
        wanted = 1
    else:
        return f"{given} here, which may look at its name or parameters; {_ADVICE}"
    if len(parameters) != wanted:
        return f"{given} here, which calls it with {wanted} of {len(parameters)} arguments; {_ADVICE}"
    return ""
