"""What each unit's module may load, given where the unit and everything that reads it stand (hazard N18).

Units that read each other in a circle are one group and share a module. Groups come out with what they read first. An
import that a place forbids moves into the function that uses it; when it is needed sooner, the unit can't be moved.
"""

import heapq
from collections.abc import Mapping, Sequence

from msgspec import Struct

from nb2mod.stages.plan.loads import ExistingModules, missing
from nb2mod.stages.plan.units import Unit

Limit = frozenset[str] | None  # modules that may be loaded; None: any


class Limits(Struct, frozen=True):
    """`groups` in the order of placing. `inside` are (unit, name) pairs whose import stands inside the function.

    `faults` maps units that can't be moved to the modules that would be loaded too early.
    """

    groups: tuple[tuple[Unit, ...], ...]
    limit: dict[str, Limit]
    inside: frozenset[tuple[str, str]]
    faults: dict[str, frozenset[str]]


def limits_of(units: Mapping[str, Unit], existing: ExistingModules) -> Limits:
    """Every edge must lead to a unit of `units`."""
    groups = ordered_groups(units)
    number = {unit.key: index for index, group in enumerate(groups) for unit in group}
    least = _least_loads(groups, number, existing)
    limit: list[Limit] = [_both(*(unit.avail for unit in group)) for group in groups]
    inside: set[tuple[str, str]] = set()
    faults: dict[str, frozenset[str]] = {}
    for index in reversed(range(len(groups))):
        for unit in groups[index]:
            own = limit[index]
            for edge in unit.edges:
                other = number[edge.unit]
                if other == index:
                    continue
                too_early = _beyond(least[other], own)
                if not too_early:
                    limit[other] = _both(limit[other], own)
                elif edge.lazy and unit.is_function:
                    inside.add((unit.key, edge.name))
                else:
                    faults[unit.key] = too_early
    for index, group in enumerate(groups):
        for unit in group:
            for item in unit.imports:
                too_early = _beyond(item.loads, limit[index])
                if too_early and item.lazy and unit.is_function:
                    inside.add((unit.key, item.name))
                elif too_early:
                    faults[unit.key] = too_early
    limit_of = {unit.key: limit[index] for index, group in enumerate(groups) for unit in group}
    return Limits(tuple(groups), limit_of, frozenset(inside), faults)


def _least_loads(
    groups: Sequence[tuple[Unit, ...]], number: Mapping[str, int], existing: ExistingModules
) -> list[frozenset[str]]:
    """Per group what its module loads at least: imports that can't move into a function, and those of what it reads."""
    least: list[frozenset[str]] = []
    for index, group in enumerate(groups):
        names: set[str] = set()
        for unit in group:
            if unit.fixed:
                names |= existing.loads(unit.fixed.module)
            names.update(*(item.loads for item in unit.imports if not (item.lazy and unit.is_function)))
            names.update(*(least[number[edge.unit]] for edge in unit.edges if number[edge.unit] != index))
        least.append(frozenset(names))
    return least


def _beyond(loads: frozenset[str], limit: Limit) -> frozenset[str]:
    return frozenset() if limit is None else missing(loads, limit)


def _both(*limits: Limit) -> Limit:
    known = [limit for limit in limits if limit is not None]
    return frozenset.intersection(*known) if known else None


def ordered_groups(units: Mapping[str, Unit]) -> list[tuple[Unit, ...]]:
    """Circles of units as groups, what a group reads before the group, frequent ones first among equals."""
    groups = _circles(units)
    number = {unit.key: index for index, group in enumerate(groups) for unit in group}
    reads = [{number[edge.unit] for unit in group for edge in unit.edges} - {i} for i, group in enumerate(groups)]
    readers: list[list[int]] = [[] for _ in groups]
    for index, others in enumerate(reads):
        for other in others:
            readers[other].append(index)
    ready = [(groups[index][0].order, index) for index, others in enumerate(reads) if not others]
    heapq.heapify(ready)
    ordered = []
    while ready:
        _, index = heapq.heappop(ready)
        ordered.append(groups[index])
        for reader in readers[index]:
            reads[reader].discard(index)
            if not reads[reader]:
                heapq.heappush(ready, (groups[reader][0].order, reader))
    return ordered


def _circles(units: Mapping[str, Unit]) -> list[tuple[Unit, ...]]:
    """Strongly connected components (Tarjan), without recursion: helper chains may be long."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    on_stack: set[str] = set()
    found: list[tuple[Unit, ...]] = []
    for start in sorted(units, key=lambda key: units[key].order):
        work = [(start, iter(_reads(units[start])))] if start not in index else []
        while work:
            key, rest = work[-1]
            if key not in index:
                index[key] = low[key] = len(index)
                stack.append(key)
                on_stack.add(key)
            for other in rest:
                if other not in index:
                    work.append((other, iter(_reads(units[other]))))
                    break
                if other in on_stack:
                    low[key] = min(low[key], index[other])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[key])
                if low[key] == index[key]:
                    found.append(_popped(key, stack, on_stack, units))
    return found


def _popped(key: str, stack: list[str], on_stack: set[str], units: Mapping[str, Unit]) -> tuple[Unit, ...]:
    members = []
    while True:
        member = stack.pop()
        on_stack.discard(member)
        members.append(units[member])
        if member == key:
            return tuple(sorted(members, key=lambda unit: unit.order))


def _reads(unit: Unit) -> list[str]:
    return [edge.unit for edge in unit.edges]
