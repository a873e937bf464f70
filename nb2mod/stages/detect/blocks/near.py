"""Near copies of type 2: runs of one skeleton in which a literal was replaced or a use renamed by itself (code NB370).

Looked for among what exact copies have left free. One name or literal may differ, or as many as a tenth of the names, and these
in one statement or one in four: five assignments of different constants are no copies.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import chain, pairwise
from operator import ne
from typing import Any

from msgspec import Struct

from nb2mod.model import CellFeatures, Features
from nb2mod.notebook import mask
from nb2mod.stages.detect.blocks.repeats import Limits, Repeat, enough, long_enough, shortest_runs
from nb2mod.stages.detect.blocks.runs import Line
from nb2mod.stages.detect.blocks.spelling import Spelling, Token
from nb2mod.syntax import split_lines
from nb2mod.syntax.statements import literal_repr, literals_of

# What share of names and literals must be alike, and how many may differ for each name when it is more than one.
SIMILAR, DIFFERING = 0.8, 0.1
# The share of statements that may differ when it is more than one.
UNLIKE = 0.25
# With how many others a run is compared at most: what stands in more places than that is found through its nearest neighbours.
_MOST_PARTNERS = 8
_PARTS = 3


class NearCopy(Struct, frozen=True):
    """Runs of one skeleton. `differs`: (statement, what differs in words); `similarity` is the least among the places."""

    repeat: Repeat
    differs: tuple[tuple[int, str], ...]
    similarity: float


class NearCopies:
    """Finds them and takes their places in `taken`."""

    def __init__(
        self, line: Line, spelling: Spelling, features: Sequence[Features], limits: Limits, taken: bytearray
    ) -> None:
        self.line = line
        self.spelling = spelling
        self.features = features
        self.limits = limits
        self.taken = taken
        self._literals: dict[tuple[bytes, int], tuple[Any, ...]] = {}

    def found(self) -> Iterator[NearCopy]:
        for position, length, partners in self._pairs():
            if self.taken.find(1, position, position + length) >= 0:
                continue
            near = self._read(position, length, partners)
            if near is not None:
                for at in near.repeat.positions:
                    self.taken[at : at + near.repeat.length] = b"\1" * near.repeat.length
                yield near

    # where to look

    def _pairs(self) -> Iterator[tuple[int, int, list[int]]]:
        """Runs just long enough, in order, each with the later ones of its skeleton that share a third of their statements."""
        seeds = shortest_runs(self.line, self.line.skeletons, self._free(), self.limits)
        partners: dict[int, set[int]] = defaultdict(set)
        lengths = {}
        for keys, positions in seeds.items():
            if not enough(self.line, positions, self.limits.notebooks):
                continue
            length = len(keys)
            parts = min(length, _PARTS)
            for part in range(parts):
                first, last = (part * length // parts, (part + 1) * length // parts) if parts > 1 else (0, 0)
                same: dict[tuple[int, ...], list[int]] = defaultdict(list)
                for at in positions:
                    same[tuple(self.line.fixed[at + first : at + last])].append(at)
                for group in same.values():
                    for number, at in enumerate(group[:-1]):
                        partners[at].update(group[number + 1 : number + 1 + _MOST_PARTNERS])
                        lengths[at] = length
        for at in sorted(partners):
            yield at, lengths[at], sorted(partners[at])

    def _free(self) -> Iterator[tuple[int, int]]:
        """Stretches of positions that nothing has taken, of statements whose skeleton is not the only one."""
        skeletons = self.line.skeletons
        counts = Counter(skeletons)
        first = 0
        for end, key in enumerate(chain(skeletons, (-1,))):
            if key == -1 or counts[key] < 2 or self.taken[end]:
                yield first, end
                first = end + 1

    # how near they are

    def _read(self, position: int, length: int, partners: Sequence[int]) -> NearCopy | None:
        """The run at `position` with those partners that are near to it, read on together as far as they stay so."""
        group = [position]
        for at in partners:
            if (
                at >= group[-1] + length
                and self.taken.find(1, at, at + length) < 0
                and self._near(position, at, length)
            ):
                group.append(at)
        if not enough(self.line, group, self.limits.notebooks):
            return None
        while self._goes_on(group, length) and all(self._near(position, at, length + 1) for at in group[1:]):
            length += 1
        length = self._trimmed(group, length)
        if not long_enough(self.line, position, length, self.limits.statements):
            return None
        similarities = [self._similarity(position, at, length) for at in group[1:]]
        near = [at for at, similarity in zip(group[1:], similarities, strict=True) if similarity >= SIMILAR]
        if not enough(self.line, [position, *near], self.limits.notebooks):
            return None
        differs: dict[int, str] = {}
        for at in near:
            for number, words in self._differences(position, at, length):
                differs.setdefault(number, words)
        if not differs:
            return None
        least = min(similarity for similarity in similarities if similarity >= SIMILAR)
        return NearCopy(Repeat((position, *near), length), tuple(sorted(differs.items())), round(least, 2))

    def _goes_on(self, group: Sequence[int], length: int) -> bool:
        line = self.line
        nexts = [at + length for at in group]
        key = line.skeletons[nexts[0]]
        if key == -1 or any(line.skeletons[at] != key or self.taken[at] for at in nexts):
            return False
        return all(at + length < after for at, after in pairwise(group))

    def _near(self, first: int, second: int, length: int) -> bool:
        """By what needs no source: enough statements alike, enough names the same under the best renaming."""
        most = max(1, UNLIKE * length)
        fixed = self.line.fixed
        if sum(map(ne, fixed[first : first + length], fixed[second : second + length])) > most:
            return False
        unlike = self._other_literals(first, second, length)
        names, odd = self._renaming(first, second, length)
        if len(unlike | odd.keys()) > most:
            return False
        return not names or sum(map(len, odd.values())) <= (1 - SIMILAR) * names

    def _other_literals(self, first: int, second: int, length: int) -> set[int]:
        fixed = self.line.fixed
        return {at for at in range(length) if fixed[first + at] != fixed[second + at]}

    def _renaming(self, first: int, second: int, length: int) -> tuple[int, dict[int, list[tuple[str, str]]]]:
        """How many names there are, and by statement those that are not what the best consistent renaming makes of them."""
        ours = [self.spelling.tokens(at) for at in range(first, first + length)]
        theirs = [self.spelling.tokens(at) for at in range(second, second + length)]
        best = _best_renaming(Counter(zip(chain(*ours), chain(*theirs), strict=False)))
        odd: dict[int, list[tuple[str, str]]] = {}
        for at in range(length):
            if [best.get(one) for one in ours[at]] != list(theirs[at]):
                spelled = zip(self._names(first + at), self._names(second + at), strict=False)
                pairs = zip(ours[at], theirs[at], strict=False)
                odd[at] = [words for (one, other), words in zip(pairs, spelled, strict=False) if best.get(one) != other]
        return sum(map(len, ours)), odd

    def _names(self, position: int) -> tuple[str, ...]:
        one = self.line.statements[position]
        assert one is not None
        return one.names

    def _trimmed(self, group: Sequence[int], length: int) -> int:
        """Without what a run may not end with; the last statements stay when they differ only while nothing shorter is enough."""
        line = self.line
        while length and not all(self.limits.ends[at + length - 1] and line.closes[at + length - 1] for at in group):
            length -= 1
        while long_enough(line, group[0], length - 1, self.limits.statements) and any(
            line.fixed[group[0] + length - 1] != line.fixed[at + length - 1] for at in group
        ):
            length -= 1
        return length

    def _similarity(self, first: int, second: int, length: int) -> float:
        """The share of names and literals that are the same under the best renaming; 0 when too many are not."""
        names, odd = self._renaming(first, second, length)
        other = sum(map(len, odd.values()))
        # Literals are read from the source: at first only where they are not the same.
        unlike = self._other_literals(first, second, length)
        for at in unlike:
            ours, theirs = self._literals_at(first + at), self._literals_at(second + at)
            other += sum(literal_repr(one) != literal_repr(two) for one, two in zip(ours, theirs, strict=False))
            other += abs(len(ours) - len(theirs))
            if other > max(1, DIFFERING * names):
                return 0.0
        total = names + sum(len(self._literals_at(first + at)) for at in range(length))
        return max(0.0, (total - other) / total) if total else 1.0

    def _literals_at(self, position: int) -> tuple[Any, ...]:
        line = self.line
        cell = self.features[line.files[position]].cells[line.cells[position]]
        key = cell.digest, line.indexes[position]
        found = self._literals.get(key)
        if found is None:
            found = self._literals[key] = _read_literals(cell, line.indexes[position])
        return found

    # how they differ

    def _differences(self, first: int, second: int, length: int) -> Iterator[tuple[int, str]]:
        for at in sorted(self._other_literals(first, second, length)):
            ours, theirs = self._literals_at(first + at), self._literals_at(second + at)
            pairs = [
                (one, two) for one, two in zip(ours, theirs, strict=False) if literal_repr(one) != literal_repr(two)
            ]
            if pairs:
                yield at, ", ".join(f"{_shown(one)} here, {_shown(two)} there" for one, two in pairs[:2])
            else:
                yield at, "a name that its text depends on"
        _, odd = self._renaming(first, second, length)
        for at, found in odd.items():
            yield at, ", ".join(map(_told, dict.fromkeys(found[:2])))


def _read_literals(cell: CellFeatures, index: int) -> tuple[Any, ...]:
    """The literals of one statement of a cell: of its lines alone, for most statements share theirs with none."""
    statements = cell.facts.statements
    one = statements[index]
    shared = sum(other.end_line >= one.line for other in statements[:index])
    lines = split_lines(mask(cell.source).python)
    if shared and statements[index - shared].line < one.line:
        return literals_of("\n".join(lines))[index]
    return literals_of("\n".join(lines[one.line - 1 : one.end_line]))[shared]


def _best_renaming(pairs: Counter[tuple[Token, Token]]) -> dict[Token, Token]:
    """Each name with its most frequent partner, one to one; what may not be renamed has only itself."""
    best: dict[Token, Token] = {}
    used: set[Token] = set()
    for (one, other), _ in sorted(pairs.items(), key=lambda item: -item[1]):
        if type(one) is str or type(other) is str:
            if one == other:
                best[one] = other
        elif one not in best and other not in used:
            best[one] = other
            used.add(other)
    return best


def _told(names: tuple[str, str]) -> str:
    one, other = names
    return f"`{one}`, which is something else there" if one == other else f"`{one}` here, `{other}` there"


def _shown(value: Any) -> str:
    """A literal as a person reads it, cut when it is long."""
    plain = "".join("{…}" if part is None else part for part in value) if isinstance(value, tuple) else value
    text = literal_repr(plain)
    return f"`{text if len(text) <= 40 else text[:39] + '…'}`"
