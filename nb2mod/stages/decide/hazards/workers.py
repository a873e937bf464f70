"""W2: functions that travel to other processes: Spark, Ray, Dask, Beam, multiprocessing."""

from collections.abc import Iterator

from nb2mod.model import BindKind, Reason, UseKind
from nb2mod.stages.decide.resolve import is_one_of
from nb2mod.stages.decide.subject import Subject

CODE = "NB342"
WORKER_DECORATORS = (
    "dask.delayed",
    "dask.delayed.delayed",
    "pyspark.sql.functions.pandas_udf",
    "pyspark.sql.functions.udf",
    "ray.remote",
)
_SENDERS = {
    "apache_beam": ("Map", "FlatMap", "Filter", "ParDo", "CombineGlobally", "CombinePerKey"),
    "concurrent": ("submit", "map"),
    "dask": ("delayed", "map", "submit", "map_partitions", "apply", "map_blocks"),
    "distributed": ("submit", "map"),
    "ipyparallel": ("map", "map_sync", "map_async", "apply", "apply_async", "push"),
    "joblib": ("delayed",),
    "multiprocess": ("map", "imap", "imap_unordered", "starmap", "apply_async", "map_async", "Process"),
    "multiprocessing": ("map", "imap", "imap_unordered", "starmap", "apply_async", "map_async", "Process"),
    "pyspark": ("udf", "pandas_udf", "map", "flatMap", "filter", "reduceByKey", "mapPartitions", "foreach", "register"),
    "ray": ("remote", "map", "map_batches"),
}


def check(subject: Subject) -> Iterator[Reason]:
    """A note: functions of __main__ travel by value, those of a module by reference, so workers need the package."""
    for decorator in subject.details.decorators:
        if is_one_of(subject, decorator.name, WORKER_DECORATORS):
            yield subject.note(CODE, _message(decorator.name), subject.inside(decorator.line))
            return
    if not any(True for used in subject.uses() if used.use.kind is UseKind.VALUE):
        return
    senders = {name: tool for tool in _imported(subject) for name in _SENDERS.get(tool, ())}
    for used in subject.uses():
        tool = senders.get(used.use.detail.lstrip("."))
        if used.use.kind is UseKind.VALUE and tool:
            yield subject.note(CODE, _message(tool), subject.at(used))
            return


def _imported(subject: Subject) -> set[str]:
    return {
        bound.binding.target.partition(".")[0]
        for bounds in subject.names.bindings.values()
        for bound in bounds
        if bound.binding.kind is BindKind.IMPORT
    }


def _message(tool: str) -> str:
    return f"travels to workers ({tool}): from a module it goes by name, so they need the package installed"
