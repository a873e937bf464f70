"""Old texts that differ by more than numbers, line by line: a pattern is made of them, and the new text must fit it.

A line that every old text has is compared as it is; a line that differs, token by token, with holes; where lines come and go,
any number of lines may stand; and lines that are the same in another order must be those lines, in whatever order.
"""

from collections import Counter
from collections.abc import Sequence

from nb2mod.stages.verify.comparing.aligning import align, common_ends, fits
from nb2mod.stages.verify.comparing.chance import COMPANY, SHARE, WORD, line_kind
from nb2mod.stages.verify.comparing.line_patterns import LETTERS, Line, line_of, numbers_of, same_line, with_holes
from nb2mod.stages.verify.comparing.tokens import shape

TIRED = (-2, -2)


def where_unlike(olds: Sequence[str], new: str) -> tuple[int, int] | None:
    """The lines, in the first old text and in the new one, where the new one ceases to fit the old ones; None when it fits.

    `TIRED`: lines come and go in so many places that the search was given up.
    """
    texts = [[" ".join(line.split()) for line in text.split("\n")] for text in olds]
    news = [" ".join(line.split()) for line in new.split("\n")]
    start, end = common_ends(texts)
    if _shuffled([lines[start : len(lines) - end] for lines in texts]):
        return _unlike_shuffled(texts, news, *_like_shuffled(texts[0], start, end))
    inner = [lines[start : len(lines) - end] for lines in texts]
    pattern, places = _pattern(inner)
    head: list[Line | None] = [Line(line) for line in texts[0][:start]]
    tail: list[Line | None] = [Line(line) for line in texts[0][len(texts[0]) - end :]]
    wrong = fits([*head, *pattern, *tail], news, same_line)
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
    start, end = _like_shuffled(first, *common_ends([first, *others]))
    return lines[:start] == first[:start] and lines[len(lines) - end :] == first[len(first) - end :]


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
        pattern.append(line_of(lines) if len(lines) == len(inner) else None)
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
        rows = {index: numbers_of(pattern[index]) for index in members}
        noisy = Counter(place for row in rows.values() for place in row if row[place])
        for index, row in rows.items():
            if len(members) >= COMPANY:
                loose = {place for place in row if noisy[place] >= SHARE * len(members)}
            else:
                loose = set(row) if len(row) >= COMPANY and sum(row.values()) >= SHARE * len(row) else set()
            line = made[index]
            if line is not None and any(not row[place] for place in loose):
                made[index] = line._replace(parts=with_holes(line, loose))
    return made


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
