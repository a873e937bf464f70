"""Two sources as a person sees them side by side: which stands where, and the lines of each."""

from collections.abc import Sequence

from msgspec import Struct

from nb2mod.model import Contrast, Copy, Location
from nb2mod.stages.unify.sources import Source
from nb2mod.stages.unify.spans import Span
from nb2mod.stages.unify.terms import Term
from nb2mod.syntax import split_lines

_LINES = 12


class Pair(Struct, frozen=True, eq=False):
    """Two sources, and where each stands for a person. What is to be changed is `right`, at `here`: never the package's copy
    where the other is a notebook's.
    """

    left: Source
    right: Source
    there: Copy
    here: Copy

    def place(self, span: Span, *, left: bool) -> Location:
        source, copy = (self.left, self.there) if left else (self.right, self.here)
        line = source.read.positions.line(span[0]) + copy.place.line - 1
        return Location(copy.place.path, copy.place.cell, line, copy.place.cell_id)

    def lines(self, span: Span, *, left: bool) -> tuple[str, ...]:
        """The whole lines that a span stands on, without their common indentation; none of an empty span."""
        source = self.left if left else self.right
        if span[0] == span[1]:
            return ()
        first, last = source.read.positions.line(span[0]), source.read.positions.line(span[1])
        found = split_lines(source.text)[first - 1 : last]
        depth = min((len(line) - len(line.lstrip()) for line in found if line.strip()), default=0)
        return tuple(line[depth:] for line in found[:_LINES])

    def text(self, term: Term, *, left: bool) -> str:
        """What is written at a term; `""` for a text that is not there."""
        found = (self.left if left else self.right).text[slice(*term.span)]
        return found if term.span[0] != term.span[1] else '""'

    def contrast(self, what: str, left: Span, right: Span) -> Contrast:
        return Contrast(
            what,
            self.place(left, left=True),
            self.place(right, left=False),
            self.lines(left, left=True),
            self.lines(right, left=False),
        )


def paired(one: Source, other: Source, copies: Sequence[Copy], *, either: bool) -> Pair:
    """Two sources side by side. `either`: what stands in more notebooks, or first, is what the other is held against; else `one`
    is. The package's copy always is.
    """
    ordered = [one, other]
    if either:
        ordered.sort(key=lambda source: (-source.weight, first_of(source, copies).place, source.rank))
    left, right = sorted(ordered, key=lambda source: not source.fixed)
    return Pair(left, right, first_of(left, copies), first_of(right, copies))


def first_of(source: Source, copies: Sequence[Copy]) -> Copy:
    """The copy that a source is shown by: the package's, else the first."""
    return min((copies[index] for index in source.copies), key=lambda copy: (not copy.fixed, copy.place))
