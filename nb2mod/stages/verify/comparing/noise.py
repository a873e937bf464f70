"""Two or more old texts and a new one: what differs between the old ones is noise, everything else must stand in the new one.

Numbers first, since nearly all noise is numbers: texts that are equal up to their numbers are compared number by number. What
differs otherwise is compared line by line in `noisy_lines.py`. In a text that holds noise, the width of white space counts only
in paragraphs without any: columns and the breaks of wrapped arrays move with the numbers.
"""

from collections.abc import Sequence
from typing import NamedTuple

from nb2mod.stages.verify.comparing.aligning import align
from nb2mod.stages.verify.comparing.chance import by_chance
from nb2mod.stages.verify.comparing.excerpts import apart, apart_at
from nb2mod.stages.verify.comparing.noisy_lines import TIRED, same_in_any_order, where_unlike
from nb2mod.stages.verify.comparing.tokens import NUMBER, shape


class Compared(NamedTuple):
    """What a comparison came to. `noisy`: the old ones differ. `before` and `after` are for reading, empty unless `differs`."""

    noisy: bool = False
    differs: bool = False
    before: str = ""
    after: str = ""
    tired: bool = False  # so noisy that the comparison was given up: not known to differ, not known to be the same


def compare_texts(olds: Sequence[str], new: str) -> Compared:
    """Whether `new` says what the old texts agree on. A text equal to any of the old ones never differs."""
    noisy = any(old != olds[0] for old in olds)
    if new in olds:
        return Compared(noisy)
    if not noisy:
        return Compared(False, True, *apart(olds[0], new))
    if same_in_any_order(olds, new):
        return Compared(True)
    lines = _unlike_numbers(olds, new) or where_unlike(olds, new)
    if lines == TIRED:
        return Compared(True, tired=True)
    if lines is not None and lines[0] >= 0:
        return Compared(True, True, *apart_at(olds[0], new, *lines))
    lost = _lost_paragraph(olds, new)
    return Compared(True, lost is not None, *(apart(lost, _nearest(lost, new)) if lost is not None else ()))


SAME = (-1, -1)


def _unlike_numbers(olds: Sequence[str], new: str) -> tuple[int, int] | None:
    """The lines of the first number that the old texts agree on and the new one does not have; `SAME` when there is none.

    None: the texts differ by more than numbers.
    """
    if len({shape(text) for text in (*olds, new)}) > 1:
        return None
    numbers = [NUMBER.findall(text) for text in olds]
    wrong: list[int] = []
    noisy: set[int] = set()
    for index, (value, *others) in enumerate(zip(NUMBER.findall(new), *numbers, strict=True)):
        if any(other != others[0] for other in others):
            noisy.add(index)
        elif value != others[0]:
            wrong.append(index)
    excused = by_chance(olds[0], wrong, noisy) if wrong else ()
    first = next((index for index in wrong if index not in excused), None)
    return SAME if first is None else (_line_of_number(olds[0], first), _line_of_number(new, first))


def _line_of_number(text: str, index: int) -> int:
    for number, match in enumerate(NUMBER.finditer(text)):
        if number == index:
            return text.count("\n", 0, match.start())
    return 0


def _lost_paragraph(olds: Sequence[str], new: str) -> str | None:
    """The first paragraph that every old text has, at the same place, and the new one has not to the letter."""
    paragraphs = [_paragraphs(old) for old in olds]
    kept = set(range(len(paragraphs[0])))
    for other in paragraphs[1:]:
        kept &= {block.a + offset for block in align(paragraphs[0], other) for offset in range(block.size)}
    at = 0
    for index in sorted(kept):
        found = new.find(paragraphs[0][index], at)
        if found < 0:
            return paragraphs[0][index]
        at = found + len(paragraphs[0][index])
    return None


def _paragraphs(text: str) -> list[str]:
    return [paragraph.strip("\n") for paragraph in text.split("\n\n") if paragraph.strip()]


def _nearest(paragraph: str, text: str) -> str:
    """The paragraph of `text` that says the same with other white space."""
    wanted = paragraph.split()
    return next((other for other in _paragraphs(text) if other.split() == wanted), text)
