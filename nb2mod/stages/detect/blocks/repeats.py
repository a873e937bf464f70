"""Maximal repeated runs: every run that stands in several places, up to names, and can't be longer for all of these.

Seeds are the shortest runs that are long enough, found by the hashes of their statements; each group of equal seeds is read on
statement by statement, and parts where its members do. A group that is another one shifted by a statement finds nothing
new and is passed over, so the work grows with the statements, not with the lengths of what is copied.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from msgspec import Struct

from nb2mod.stages.detect.blocks.runs import Line
from nb2mod.stages.detect.blocks.spelling import Spelling, Token, renumbered

# How far back the group is looked for that may already have found what this one would: over imports, `pass` and the like.
_BACK = 4


class Limits(Struct, frozen=True):
    """From which size on a run counts: `statements` with nested ones, in so many `notebooks`. `ends` are positions that a run may
    begin or end with; `open` those that it may hold.
    """

    statements: int
    notebooks: int
    ends: bytes | bytearray
    open: bytes | bytearray


class Repeat(Struct, frozen=True):
    """A run of `length` top-level statements that stands at each of `positions`, in order."""

    positions: tuple[int, ...]
    length: int


def enough(line: Line, positions: Sequence[int], notebooks: int) -> bool:
    """Whether copies stand in so many notebooks, and are at least two."""
    return len(positions) > 1 and (notebooks < 2 or len({line.files[at] for at in positions}) >= notebooks)


def long_enough(line: Line, position: int, length: int, statements: int) -> bool:
    return length > 0 and sum(line.sizes[position : position + length]) >= statements


def shortest_runs(
    line: Line, keys: Sequence[int], stretches: Iterable[tuple[int, int]], limits: Limits
) -> dict[tuple[int, ...], list[int]]:
    """Where each of the shortest runs that are long enough begins, by the `keys` of its statements. None leaves its stretch, a
    (first, end) pair.
    """
    found: dict[tuple[int, ...], list[int]] = defaultdict(list)
    for first, end in stretches:
        stop, size = first, 0
        for at in range(first, end):
            while stop < end and size < limits.statements:
                size += line.sizes[stop]
                stop += 1
            if size < limits.statements:
                break
            if limits.ends[at] and line.begins[at]:
                found[tuple(keys[at:stop])].append(at)
            size -= line.sizes[at]
    return found


def repeats(line: Line, spelling: Spelling, limits: Limits) -> Iterator[Repeat]:
    """All of them, those that begin first in front. Several may overlap: choosing is `choosing.py`'s."""
    groups = sorted(_seeds(line, spelling, limits))
    group_of = {position: number for number, (positions, _) in enumerate(groups) for position in positions}
    passed: set[int] = set()  # groups that parted by what the statements are, never by what the names are
    for number, (positions, length) in enumerate(groups):
        before = _shifted(groups, group_of, positions, line, limits)
        if before is not None and before in passed:
            passed.add(number)
            continue
        reading = _Reading(line, spelling, limits)
        yield from reading.read(positions, length)
        if not reading.parted_by_names:
            passed.add(number)


def _seeds(line: Line, spelling: Spelling, limits: Limits) -> Iterator[tuple[tuple[int, ...], int]]:
    """Groups of positions at which the same shortest run begins, with its length."""
    found = shortest_runs(line, line.fixed, _live(line, limits), limits)
    for keys, positions in found.items():
        if not enough(line, positions, limits.notebooks):
            continue
        named: dict[tuple[Token, ...], list[int]] = defaultdict(list)
        for at in positions:
            named[spelling.numbered(at, len(keys))].append(at)
        for same in named.values():
            if enough(line, same, limits.notebooks):
                yield tuple(same), len(keys)


def _live(line: Line, limits: Limits) -> list[tuple[int, int]]:
    """The stretches of statements of which each stands in enough places to be part of a repeated run."""
    first_file: dict[int, int] = {}
    often: set[int] = {-1}
    if limits.notebooks == 2:
        for key, file in zip(line.fixed, line.files, strict=True):
            if first_file.setdefault(key, file) != file:
                often.add(key)
    else:
        files: dict[int, set[int]] = defaultdict(set)
        for key, file in zip(line.fixed, line.files, strict=True):
            files[key].add(file)
        often.update(key for key, found in files.items() if len(found) >= limits.notebooks)
    stretches = []
    first = 0
    for at, key in enumerate(chain(line.fixed, (-1,))):
        if key == -1 or key not in often or not limits.open[at]:
            if at > first:
                stretches.append((first, at))
            first = at + 1
    return stretches


def _shifted(
    groups: Sequence[tuple[tuple[int, ...], int]],
    group_of: dict[int, int],
    positions: tuple[int, ...],
    line: Line,
    limits: Limits,
) -> int | None:
    """The group whose members stand just before these, each as far before as the others, with the same in between; None when
    there is none.
    """
    first = positions[0]
    for back in range(1, _BACK + 1):
        before = group_of.get(first - back)
        if before is not None:
            if len(groups[before][0]) == len(positions) and all(
                group_of.get(position - back) == before for position in positions
            ):
                return before
            return None
        key = line.fixed[first - back] if first >= back else -1
        if key == -1 or any(line.fixed[at - back] != key or not limits.open[at - back] for at in positions):
            return None
    return None


class _Reading:
    """Reads a group on, as far as at least two of its members agree in enough notebooks."""

    def __init__(self, line: Line, spelling: Spelling, limits: Limits) -> None:
        self.line = line
        self.spelling = spelling
        self.limits = limits
        self.parted_by_names = False

    def read(self, positions: tuple[int, ...], length: int) -> Iterator[Repeat]:
        names: dict[int, dict[Token, int]] = {}
        for position in positions:
            seen = names[position] = {}
            for at in range(position, position + length):
                renumbered(self.spelling.tokens(at), seen)
        waiting = [(positions, length)]
        while waiting:
            group, reach = waiting.pop()
            parts = self._parts(group, reach, names)
            if len(parts) == 1 and len(parts[0]) == len(group):
                waiting.append((group, reach + 1))
                continue
            yield from self._trimmed(group, reach)
            waiting.extend((part, reach + 1) for part in parts if enough(self.line, part, self.limits.notebooks))

    def _parts(self, group: tuple[int, ...], reach: int, names: dict[int, dict[Token, int]]) -> list[tuple[int, ...]]:
        """The members by what stands `reach` statements after their begin; those that end there are left out."""
        fixed, open_ = self.line.fixed, self.limits.open
        by_statement: dict[int, list[int]] = defaultdict(list)
        for position in group:
            at = position + reach
            if fixed[at] != -1 and open_[at]:
                by_statement[fixed[at]].append(position)
        parts: list[tuple[int, ...]] = []
        for same in by_statement.values():
            if len(same) == 1:
                continue
            by_names: dict[tuple[Token, ...], list[int]] = defaultdict(list)
            for position in same:
                by_names[renumbered(self.spelling.tokens(position + reach), names[position])].append(position)
            self.parted_by_names |= len(by_names) > 1
            parts.extend(map(tuple, by_names.values()))
        return parts

    def _trimmed(self, group: tuple[int, ...], length: int) -> Iterator[Repeat]:
        """The run without what it may not end with; shorter still for all where a line of some copies is shared."""
        line, limits = self.line, self.limits
        while length and not limits.ends[group[0] + length - 1]:
            length -= 1
        while long_enough(line, group[0], length, limits.statements):
            whole = tuple(position for position in group if line.closes[position + length - 1])
            if enough(line, whole, limits.notebooks):
                yield Repeat(whole, length)
            if len(whole) == len(group):
                return
            length -= 1
            while length and not limits.ends[group[0] + length - 1]:
                length -= 1
