"""Near-miss blocks that take another number of names from their notebooks: what keeps them apart, and where."""

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from nb2mod.model import Apart, Block, Contrast, Copy, Location, NewParameter, Reason, Unified
from nb2mod.pipeline.near_texts import NearTexts
from nb2mod.stages import unify

_MORE_VALUES = "NB374"
_ADVICE = "read as many names in both, each at the same places"
_MOST_TOLD = 5  # names of a list, and places
Kept = tuple[tuple[int, ...], Apart | None]


class OtherInputs:
    """`firsts`: a block for each of the `copies`. Their statements are compared as if all that they take could be handed in, so
    that what is told stands in them.
    """

    def __init__(self, texts: NearTexts, firsts: Sequence[Block], copies: Sequence[Copy]) -> None:
        self._texts = texts
        self._firsts = firsts
        self._taken = [texts.inputs(block) for block in firsts]
        self._copies = [texts.bare(copy, block) for copy, block in zip(copies, firsts, strict=True)]

    @property
    def differ(self) -> bool:
        return len({len(names) for names in self._taken}) > 1

    def apart(self, copies: set[int]) -> Iterator[Kept]:
        """What keeps these apart, each once; None for those that nothing does but their number."""
        found = unify.unify(self._copies)
        left = set(copies)
        for apart in found.apart:
            here = tuple(at for at in apart.copies if at in left)
            left.difference_update(here)
            others = self._of_another_number(here[0], range(len(self._copies))) if here else []
            if others and apart.reasons[0].code == _MORE_VALUES:  # names of the notebook are none of these
                apart = replace(apart, reasons=(self._takes(here[0], others[0]),))
            if here:
                yield here, apart
        for each in found.classes:
            here = tuple(at for at in each.copies if at in left)
            others = self._of_another_number(here[0], each.copies) if here else []
            if here:
                yield here, self._beside(here, others[0], each) if others else None

    def _of_another_number(self, at: int, copies: Sequence[int]) -> list[int]:
        """Those that take more names or fewer, the likest first."""
        mine = self._taken[at]
        others = [other for other in copies if len(self._taken[other]) != len(mine)]
        return sorted(others, key=lambda other: (-len(set(mine).intersection(self._taken[other])), other))

    def _takes(self, at: int, other: int) -> Reason:
        here, there = (self._texts.first_line(self._firsts[each]) for each in (at, other))
        mine, its = (_listed(self._taken[each]) for each in (at, other))
        message = f"it takes {mine} from its notebook, and what stands from {unify.placed(there)} on takes {its}"
        return Reason("NB373", message, "blocks", here)

    def _beside(self, here: tuple[int, ...], other: int, one: Unified) -> Apart:
        """Copies of which the names alone keep one from another: the places at which these are read."""
        own = dict(zip(one.copies, one.parameters, strict=True))
        pairs = zip(own[other], own[here[0]], strict=True)
        contrasts = [self._contrast(other, here[0], mine, its) for mine, its in pairs if mine.value != its.value]
        return Apart(here, (self._takes(here[0], other),), tuple(dict.fromkeys(contrasts))[:_MOST_TOLD], _ADVICE)

    def _contrast(self, left: int, right: int, mine: NewParameter, its: NewParameter) -> Contrast:
        """The lines on which a parameter would stand first."""
        one, other = self._read_at(left, mine), self._read_at(right, its)
        what = f"the one reads `{mine.value or mine.default}`, the other `{its.value or its.default}`"
        return Contrast(what, one[0], other[0], (one[1],), (other[1],))

    def _read_at(self, at: int, parameter: NewParameter) -> tuple[Location, str]:
        copy = self._copies[at]
        number = copy.text.count("\n", 0, parameter.replacements[0].start)
        return replace(copy.place, line=copy.place.line + number), copy.text.split("\n")[number].strip()


def _listed(names: Sequence[str]) -> str:
    told = [f"`{name}`" for name in names[:_MOST_TOLD]]
    more = f" and {len(names) - _MOST_TOLD} more" if len(names) > _MOST_TOLD else ""
    return ", ".join(told) + more if told else "nothing"
