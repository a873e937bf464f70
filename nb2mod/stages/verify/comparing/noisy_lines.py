"""Old texts that differ by more than numbers, line by line: a pattern is made of them, and the new text must fit it.

A line that every old text has is compared as it is; a line that differs, token by token, with holes; where lines come and go,
any number of lines may stand; and lines that are the same in another order must be those lines, in whatever order.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from itertools import chain, groupby
from typing import NamedTuple

from nb2mod.stages.verify.comparing.aligning import align, fits
from nb2mod.stages.verify.comparing.chance import COMPANY, SHARE, WORD, line_kind
from nb2mod.stages.verify.comparing.tokens import NUMBER_HERE, is_number, shape, tokens

LETTERS = 3  # a line with fewer is too likely to be the same by chance to lead the alignment


BY_CHANCE = 4  # tokens in a row that two lines of random bytes may have in common: `\\`, `x`, a digit, a sign

TIRED = (-2, -2)


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


def where_unlike(olds: Sequence[str], new: str) -> tuple[int, int] | None:
    """The lines, in the first old text and in the new one, where the new one ceases to fit the old ones; None when it fits.

    `TIRED`: lines come and go in so many places that the search was given up.
    """
    texts = [[" ".join(line.split()) for line in text.split("\n")] for text in olds]
    news = [" ".join(line.split()) for line in new.split("\n")]
    start, end = _common_ends(texts)
    if _shuffled([lines[start : len(lines) - end] for lines in texts]):
        return _unlike_shuffled(texts, news, *_like_shuffled(texts[0], start, end))
    inner = [lines[start : len(lines) - end] for lines in texts]
    pattern, places = _pattern(inner)
    head: list[Line | None] = [Line(line) for line in texts[0][:start]]
    tail: list[Line | None] = [Line(line) for line in texts[0][len(texts[0]) - end :]]
    wrong = fits([*head, *pattern, *tail], news, _same_line)
    if wrong is None:
        return None
    if wrong.tired:
        return TIRED
    rows = [*range(start), *(start + place for place in places), *range(len(texts[0]) - end, len(texts[0]))]
    return (rows[wrong.pattern] if wrong.pattern < len(rows) else len(texts[0]) - 1), min(wrong.item, len(news) - 1)


def same_in_any_order(olds: Sequence[str], new: str) -> bool:
    """Whether the old texts are the same lines in different orders, as threads print them, and the new one is, too.

    What stands above and below the lines that change places must stand there.
    """
    first, *others = [text.split("\n") for text in olds]
    lines = new.split("\n")
    if any(sorted(other) != sorted(first) for other in [*others, lines]):
        return False
    start, end = _like_shuffled(first, *_common_ends([first, *others]))
    return lines[:start] == first[:start] and lines[len(lines) - end :] == first[len(first) - end :]


def _common_ends(texts: Sequence[Sequence[str]]) -> tuple[int, int]:
    limit, start, end = min(map(len, texts)), 0, 0
    while start < limit and all(lines[start] == texts[0][start] for lines in texts):
        start += 1
    while end < limit - start and all(lines[-1 - end] == texts[0][-1 - end] for lines in texts):
        end += 1
    return start, end


def _shuffled(inner: Sequence[Sequence[str]]) -> bool:
    """Whether the lines are the same in another order; up to numbers, where their words tell most lines apart.

    Lines in the same order up to numbers are better compared in it. So are those of a log, which all have the same words.
    """
    shapes = [[shape(line) for line in lines] for lines in inner]
    if all(lines == shapes[0] for lines in shapes):
        return False
    if all(sorted(lines) == sorted(inner[0]) for lines in inner):
        return True
    return 2 * len(set(shapes[0])) >= len(shapes[0]) and all(sorted(lines) == sorted(shapes[0]) for lines in shapes)


def _like_shuffled(lines: Sequence[str], start: int, end: int) -> tuple[int, int]:
    """Where the lines in any order begin, and how many stand after them; lines of the same make kept their place by chance."""
    makes = {WORD.sub("w", line) for line in lines[start : len(lines) - end]}
    while start and WORD.sub("w", lines[start - 1]) in makes:
        start -= 1
    while end and WORD.sub("w", lines[-end]) in makes:
        end -= 1
    return start, end


def _unlike_shuffled(
    texts: Sequence[Sequence[str]], news: Sequence[str], start: int, end: int
) -> tuple[int, int] | None:
    first = texts[0]
    stop, new_stop = len(first) - end, len(news) - end
    for index in range(start):
        if index >= len(news) or news[index] != first[index]:
            return index, min(index, len(news) - 1)
    for index in range(1, end + 1):
        if len(news) - index < start or news[-index] != first[-index]:
            return len(first) - index, max(0, len(news) - index)
    wanted = [Counter(lines[start : len(lines) - end]) for lines in texts]
    certain = wanted[0].copy()
    for other in wanted[1:]:
        certain &= other
    loose = Counter(shape(line) for line in (wanted[0] - certain).elements())
    inside = Counter(news[start:new_stop])
    rest = Counter(shape(line) for line in (inside - certain).elements())
    gone = next((index for index in range(start, stop) if inside[first[index]] < certain[first[index]]), None)
    come = next(
        (
            index
            for index in range(start, new_stop)
            if inside[news[index]] > certain[news[index]] and rest[shape(news[index])] > loose[shape(news[index])]
        ),
        None,
    )
    if gone is None and come is None and rest == loose:
        return None
    return start if gone is None else gone, min(start, len(news) - 1) if come is None else come


def _pattern(inner: Sequence[Sequence[str]]) -> tuple[list[Line | None], list[int]]:
    """The lines of the first text as they must be, None for any lines, and for each of these its line in the first text."""
    first = inner[0]
    variants: list[list[str]] = [[line] for line in first]
    holes_before: set[int] = set()
    for other in inner[1:]:
        pairs = _paired(first, other)
        expected = 0
        for index in range(len(first) + 1):
            partner = pairs.get(index) if index < len(first) else len(other)
            if partner is None:
                continue
            if partner > expected:
                holes_before.add(index)
            expected = partner + 1
        for index in range(len(first)):
            if index in pairs:
                variants[index].append(other[pairs[index]])
    pattern: list[Line | None] = []
    places: list[int] = []
    for index, lines in enumerate(variants):
        if index in holes_before:
            pattern.append(None)
            places.append(index)
        pattern.append(_line(lines) if len(lines) == len(inner) else None)
        places.append(index)
    if len(first) in holes_before:
        pattern.append(None)
        places.append(len(first))
    return _loosened(pattern), places


def _loosened(pattern: list[Line | None]) -> list[Line | None]:
    """The pattern with a hole for every number of a column or row of which many differ: the rest agrees by chance."""
    kinds: dict[str, list[int]] = {}
    for index, line in enumerate(pattern):
        if line is not None and line.bag is None and any(map(str.isdigit, line.text)):
            kinds.setdefault(line_kind(line.text), []).append(index)
    made = list(pattern)
    for members in kinds.values():
        rows = {index: _row(pattern[index]) for index in members}
        noisy = Counter(place for row in rows.values() for place in row if row[place])
        for index, row in rows.items():
            if len(members) >= COMPANY:
                loose = {place for place in row if noisy[place] >= SHARE * len(members)}
            else:
                loose = set(row) if len(row) >= COMPANY and sum(row.values()) >= SHARE * len(row) else set()
            line = made[index]
            if line is not None and any(not row[place] for place in loose):
                made[index] = line._replace(parts=_with_holes(line, loose))
    return made


def _row(line: Line | None) -> dict[int, bool]:
    """For each number of the line, by its place among the line's numbers, whether it is noise."""
    parts = [] if line is None else line.parts or _tokens(line.text)
    numbers = [part for part in parts if part is not None and (part == NUMBER_HERE or is_number(part))]
    return {place: part == NUMBER_HERE for place, part in enumerate(numbers)}


def _with_holes(line: Line, loose: Collection[int]) -> tuple[str | None, ...]:
    made: list[str | None] = []
    place = 0
    for part in line.parts or _tokens(line.text):
        number = part is not None and (part == NUMBER_HERE or is_number(part))
        made.append(NUMBER_HERE if number and place in loose else part)
        place += number
    return tuple(made)


def _paired(first: Sequence[str], other: Sequence[str]) -> dict[int, int]:
    """Which line of the other text each line of the first is, rising."""
    if len(first) == len(other) and all(shape(line) == shape(mate) for line, mate in zip(first, other, strict=True)):
        return {index: index for index in range(len(first))}
    pairs: dict[int, int] = {}
    steady = [
        block for block in align(first, other, anchors_only=True) if _tells(first[block.a : block.a + block.size])
    ]
    low_a = low_b = 0
    ends = [(block.a, block.b, block.size) for block in steady]
    for a, b, size in [*ends, (len(first), len(other), 0)]:
        _pair_gap(pairs, first, other, (low_a, a, low_b, b))
        pairs.update({a + offset: b + offset for offset in range(size)})
        low_a, low_b = a + size, b + size
    return pairs


def _tells(lines: Sequence[str]) -> bool:
    return len(lines) > 1 or sum(map(str.isalpha, lines[0])) >= LETTERS


def _pair_gap(
    pairs: dict[int, int], first: Sequence[str], other: Sequence[str], gap: tuple[int, int, int, int]
) -> None:
    """Pairs between two steady lines: by the lines' shapes, then by their places where as many are left on both sides."""
    a, stop_a, b, stop_b = gap
    blocks = align([shape(line) for line in first[a:stop_a]], [shape(line) for line in other[b:stop_b]])
    low_a, low_b = a, b
    for block in [*blocks, None]:
        high_a, high_b = (a + block.a, b + block.b) if block else (stop_a, stop_b)
        if high_a - low_a == high_b - low_b:
            pairs.update({low_a + offset: low_b + offset for offset in range(high_a - low_a)})
        if block:
            pairs.update({high_a + offset: high_b + offset for offset in range(block.size)})
            low_a, low_b = high_a + block.size, high_b + block.size


def _line(variants: Sequence[str]) -> Line:
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
    start, stop = _between_brackets(first, *_common_ends(rows))
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


def _same_line(line: Line, text: str) -> bool:
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
