"""The notebooks as if each block were a function and its call already, and the way back from their lines to the real ones."""

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from nb2mod.model import Cut, Features
from nb2mod.stages.cut.making import parts_of
from nb2mod.syntax import split_lines

Origin = tuple[int, int]  # index of the real cell, line


class Laid(Struct, frozen=True):
    """Sources of the changed cells by (file, cell); for each of their lines where it comes from; for each cut where its
    function and call stand: (cell, first line, last line of the function (first − 1: none), last line of the call).
    """

    sources: Mapping[tuple[int, int], str] = {}
    origins: Mapping[tuple[int, int], tuple[Origin, ...]] = {}
    standing: Mapping[Cut, tuple[int, int, int, int]] = {}

    def origin(self, file: int, cell: int, line: int) -> Origin:
        """The real cell and line of a line that the stages after this one know; line 0 is the whole cell."""
        origins = self.origins.get((file, cell))
        if origins is None or not 1 <= line <= len(origins):
            return cell, line
        return origins[line - 1]


class _Piece(Struct, frozen=True):
    """Lines `first` to `last` of one cell become `lines`, which come from `origins`."""

    first: int
    last: int
    lines: tuple[str, ...]
    origins: tuple[Origin, ...]
    cut: Cut | None = None
    function: int = 0  # how many of the lines are the function's


def lay(features: Sequence[Features], cuts: Sequence[Cut]) -> Laid:
    """All cuts laid into their cells. Cells that a block leaves keep its lines as blank ones."""
    pieces: dict[tuple[int, int], list[_Piece]] = {}
    for cut in cuts:
        for cell, piece in _pieces(features, cut):
            pieces.setdefault((cut.block.file, cell), []).append(piece)
    sources: dict[tuple[int, int], str] = {}
    origins: dict[tuple[int, int], tuple[Origin, ...]] = {}
    standing: dict[Cut, tuple[int, int, int, int]] = {}
    for (file, cell), found in pieces.items():
        old = split_lines(features[file].cells[cell].source)
        lines: list[str] = []
        come: list[Origin] = []
        after = 1
        for piece in sorted(found, key=lambda piece: piece.first):
            lines += old[after - 1 : piece.first - 1]
            come += [(cell, line) for line in range(after, piece.first)]
            if piece.cut is not None:
                at = len(lines) + 1
                standing[piece.cut] = (
                    cell,
                    at + bool(piece.function),
                    at + piece.function - 1,
                    at + len(piece.lines) - 1,
                )
            lines += piece.lines
            come += piece.origins
            after = piece.last + 1
        lines += old[after - 1 :]
        come += [(cell, line) for line in range(after, len(old) + 1)]
        sources[file, cell] = "\n".join(lines)
        origins[file, cell] = tuple(come)
    return Laid(sources, origins, standing)


def _pieces(features: Sequence[Features], cut: Cut) -> Iterator[tuple[int, _Piece]]:
    parts = parts_of(features, cut.block)
    real = [(cell, first + at) for cell, first, lines in parts for at in range(len(lines))]
    # A blank line keeps the comments above where they are: they head the cell, not the function.
    function = ["", *cut.text.split("\n")] if cut.text else []
    call = cut.call.split("\n")
    come: list[Origin] = []
    if function:
        tail = len(function) - 2 - len(real)
        come += [real[0], real[0], *real, *[real[-1]] * tail]
    come += [real[0]] * len(call)
    cell, first, lines = parts[0]
    yield (
        cell,
        _Piece(first, first + len(lines) - 1, (*function, *call), tuple(come), cut, len(function)),
    )
    for cell, first, lines in parts[1:]:
        yield (
            cell,
            _Piece(
                first, first + len(lines) - 1, ("",) * len(lines), tuple((cell, first + at) for at in range(len(lines)))
            ),
        )
