"""One line of old texts that differ by more than numbers: what it must be, made of how it was written each time, and whether
another one is that. Which lines are the same one is for `noisy_lines.py` to find.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from itertools import chain, groupby
from typing import NamedTuple

from nb2mod.stages.verify.comparing.aligning import align, common_ends, fits
from nb2mod.stages.verify.comparing.chance import COMPANY
from nb2mod.stages.verify.comparing.tokens import NUMBER_HERE, is_number, tokens

LETTERS = 3  # so few are likely to be the same by chance
BY_CHANCE = 4  # tokens in a row that two lines of random bytes may have in common: `\\`, `x`, a digit, a sign


class Bag(NamedTuple):
    """Tokens in any order between those that stand fast. `exact` is False where numbers differ: then they count as such."""

    start: tuple[str, ...]
    inside: Counter[str]
    end: tuple[str, ...]
    exact: bool


class Line(NamedTuple):
    """What one line must be: `text` with any white space, else a bag, else tokens with holes (None: any tokens)."""

    text: str
    bag: Bag | None = None
    parts: tuple[str | None, ...] = ()


def line_of(variants: Sequence[str]) -> Line:
    """What the line must be that was written in these ways."""
    if all(variant == variants[0] for variant in variants):
        return Line(variants[0])
    rows = [_tokens(variant) for variant in variants]
    shapes = [_shapes(row) for row in rows]
    if all(row == shapes[0] for row in shapes):
        same = zip(*rows, strict=True)
        return Line(variants[0], None, tuple(row[0] if len(set(row)) == 1 else NUMBER_HERE for row in same))
    return Line(variants[0], _bag(rows, shapes), _parts(rows, shapes))


def _tokens(text: str) -> list[str]:
    """With one kind of quotes: which one repr takes, and whether it escapes them, depends on what is noise inside."""
    return tokens(text.replace("\\'", "'").replace('\\"', "'").replace('"', "'"))


def _bag(rows: Sequence[Sequence[str]], shapes: Sequence[Sequence[str]]) -> Bag | None:
    """The line as a bag, when its tokens are the same in another order: a set that was printed."""
    if any(len(row) != len(shapes[0]) for row in shapes) or any(sorted(row) != sorted(shapes[0]) for row in shapes):
        return None
    exact = all(sorted(row) == sorted(rows[0]) for row in rows)
    first = rows[0]
    start, stop = _between_brackets(first, *common_ends(rows))
    inside = Counter((first if exact else shapes[0])[start:stop])
    return Bag(tuple(first[:start]), inside, tuple(first[stop:]), exact)


def _between_brackets(row: Sequence[str], start: int, end: int) -> tuple[int, int]:
    """The part that may be in any order: all that is between the brackets, since the first members may agree by chance."""
    opening = (index for index in range(start - 1, -1, -1) if row[index] in "{[(")
    closing = (index for index in range(len(row) - end, len(row)) if row[index] in "}])")
    return next(opening, -1) + 1, next(closing, len(row))


def _shapes(row: Sequence[str]) -> list[str]:
    return [NUMBER_HERE if is_number(token) else token for token in row]


def _parts(rows: Sequence[Sequence[str]], shapes: Sequence[Sequence[str]]) -> tuple[str | None, ...]:
    """The first row's tokens: kept, the mark for a number, or None where others stand in another row."""
    first = rows[0]
    parts: list[str | None] = list(first)
    gaps: set[int] = set()
    for row, row_shape in zip(rows[1:], shapes[1:], strict=True):
        paired = chain.from_iterable(
            ((block.a + offset, block.b + offset) for offset in range(block.size))
            for block in align(shapes[0], row_shape)
        )
        expected_a = expected_b = 0
        for a, b in [*paired, (len(first), len(row))]:
            for index in range(expected_a, a):
                parts[index] = None
            if b > expected_b:
                gaps.add(a)
            if a < len(first) and first[a] != row[b] and parts[a] is not None:
                parts[a] = NUMBER_HERE
            expected_a, expected_b = a + 1, b + 1
    made: list[str | None] = []
    for index in range(len(first) + 1):
        if index in gaps:
            made.append(None)
        if index < len(first):
            made.append(parts[index])
    return _without_chance(made)


def _without_chance(parts: list[str | None]) -> tuple[str | None, ...]:
    """Without lonely tokens among many holes: half of what stands there differs, so random bytes or words agree by chance.

    `parts` has a hole for each token that another row does not have.
    """
    runs = [(hole, list(run)) for hole, run in groupby(parts, lambda part: part is None)]
    holes = [place for place, (hole, _) in enumerate(runs) if hole]
    between = runs[holes[0] : holes[-1] + 1] if holes else []
    lost = sum(len(run) for hole, run in between if hole)
    if lost < COMPANY or 2 * lost < sum(len(run) for _, run in between):
        return tuple(parts)
    kept: list[str | None] = []
    for place, (hole, run) in enumerate(runs):
        told = any(map(_is_word, run)) and (len(run) > 1 or not holes[0] < place < holes[-1])
        if told and place < holes[0]:
            while not _is_word(run[-1]):
                run.pop()
        if not hole and (told or (len(run) > BY_CHANCE and holes[0] < place < holes[-1])):
            kept += run
        elif not kept or kept[-1] is not None:
            kept.append(None)
    return tuple(kept)


def _is_word(part: str | None) -> bool:
    return part is not None and part.isalpha() and len(part) > LETTERS


def same_line(line: Line, text: str) -> bool:
    """Whether a text is such a line."""
    if line.text == text:
        return True
    if line.bag is not None:
        return _in_bag(line.bag, _tokens(text))
    return bool(line.parts) and fits(line.parts, _tokens(text), _same_token) is None


def _in_bag(bag: Bag, row: Sequence[str]) -> bool:
    stop = len(row) - len(bag.end)
    if stop < len(bag.start) or tuple(row[: len(bag.start)]) != bag.start or tuple(row[stop:]) != bag.end:
        return False
    inside = row[len(bag.start) : stop]
    return Counter(inside if bag.exact else _shapes(inside)) == bag.inside


def _same_token(part: str, token: str) -> bool:
    return part == token or (part == NUMBER_HERE and is_number(token))


def numbers_of(line: Line | None) -> dict[int, bool]:
    """For each number of the line, by its place among the line's numbers, whether it is noise."""
    parts = [] if line is None else line.parts or _tokens(line.text)
    numbers = [part for part in parts if part is not None and (part == NUMBER_HERE or is_number(part))]
    return {place: part == NUMBER_HERE for place, part in enumerate(numbers)}


def with_holes(line: Line, loose: Collection[int]) -> tuple[str | None, ...]:
    """The line's parts, with any number where the numbers of these places stand; places as in `numbers_of`."""
    made: list[str | None] = []
    place = 0
    for part in line.parts or _tokens(line.text):
        number = part is not None and (part == NUMBER_HERE or is_number(part))
        made.append(NUMBER_HERE if number and place in loose else part)
        place += number
    return tuple(made)
