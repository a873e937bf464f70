"""Where work runs: any `concurrent.futures.Executor`. A process pool on one machine, a cluster's executor past it."""

import gc
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

# Below this much source a pool costs more than it gives: starting two workers takes about 0.15 s of CPU each.
_WORTH_A_POOL = 3_000_000
_BATCHES_PER_WORKER = 4


@contextmanager
def without_collecting() -> Iterator[None]:
    """Turns the cycle collector off. Trees, facts and decisions hold no cycles and most of them live to the end of the run:
    the collector would only walk them again and again, a sixth of a cold scan.
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


def run(
    work: Callable[[Sequence[Item]], Iterable[Result]],
    items: Sequence[Item],
    *,
    size: int,
    jobs: int = 0,
    executor: Executor | None = None,
) -> list[Result]:
    """`work` over batches of `items`; results in the order of `items` whatever the workers did.

    `size` is the characters of source in all items; `jobs` 0 means one worker per core. With an executor given, it is used and
    left open.
    """
    workers = jobs or os.cpu_count() or 1
    if executor is None and (workers == 1 or size < _WORTH_A_POOL):
        with without_collecting():
            return list(work(items))
    if executor is not None:
        return _spread(work, items, workers, executor)
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    # Not fork: the caller may have threads (an editor's server, a progress bar).
    context = multiprocessing.get_context(
        "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
    )
    with _safe_path(), ProcessPoolExecutor(workers, mp_context=context) as pool:
        return _spread(work, items, workers, pool)


@contextmanager
def _safe_path() -> Iterator[None]:
    """Pythons started meanwhile do not look for modules in the working directory: a file `re.py` beside somebody's notebooks
    would be imported, and so run, in place of the standard library's.
    """
    before = os.environ.get("PYTHONSAFEPATH")
    os.environ["PYTHONSAFEPATH"] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ["PYTHONSAFEPATH"]
        else:
            os.environ["PYTHONSAFEPATH"] = before


def _spread(
    work: Callable[[Sequence[Item]], Iterable[Result]], items: Sequence[Item], workers: int, executor: Executor
) -> list[Result]:
    length = max(1, -(-len(items) // (workers * _BATCHES_PER_WORKER)))
    batches = [items[start : start + length] for start in range(0, len(items), length)]
    return [result for batch in executor.map(work, batches) for result in batch]
