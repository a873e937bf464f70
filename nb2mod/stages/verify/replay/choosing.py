"""Which of the calls that were the same become tests: few, small, each showing something that the others do not."""

from collections.abc import Iterable, Sequence

from nb2mod.stages.verify.replay.calls import Record

MOST = 3
"""Tests per function or method."""

MOST_CHARACTERS = 2000
"""Of one test's expressions and a share of its data; a reader should take it in at a glance."""

Key = tuple[str, str, str]  # module, name in the module, method


def choose(records: Iterable[Record], most: int = MOST) -> tuple[Record, ...]:
    """At most `most` calls per function, in order of module, function and size. The same records give the same choice.

    First the call that runs the most lines, then those that run lines or have kinds of arguments that no chosen one has;
    between equals the smaller. A call that shows nothing (no result, no change, no output) is no test.
    """
    grouped: dict[Key, dict[tuple[object, ...], Record]] = {}
    for record in records:
        if record.size <= MOST_CHARACTERS and _shows_something(record):
            key = (record.target.module, record.target.new_name, record.method)
            same_call = (record.receiver, record.arguments, record.data if record.data else ())
            grouped.setdefault(key, {}).setdefault(same_call, record)
    chosen: list[Record] = []
    for key in sorted(grouped):
        chosen += sorted(_chosen(list(grouped[key].values()), most), key=_order)
    return tuple(chosen)


def _shows_something(record: Record) -> bool:
    return record.raises is not None or record.result != "None" or bool(record.mutated) or bool(record.stdout)


def _chosen(candidates: Sequence[Record], most: int) -> list[Record]:
    left = sorted(candidates, key=_order)
    chosen: list[Record] = []
    lines: set[int] = set()
    shapes: set[str] = set()
    while left and len(chosen) < most:
        best = max(left, key=lambda one: (len(_lines(one) - lines), one.shape not in shapes))  # the first of equals
        if chosen and not _lines(best) - lines and best.shape in shapes:
            break
        chosen.append(best)
        left.remove(best)
        lines |= _lines(best)
        shapes.add(best.shape)
    return chosen


def _lines(record: Record) -> set[int]:
    """Lines that ran, counted from the definition's own first: copies stand in different places of their cells."""
    return {line - record.target.line for line in record.lines}


def _order(record: Record) -> tuple[int, str, str]:
    return record.size, record.receiver, repr(record.arguments)
