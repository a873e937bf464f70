"""All Features → classes of repeated runs of statements, and cells that have grown into a script.

Knows nothing of what flows through a run, nor whether it may move: that is for analyze and decide.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from hashlib import blake2b

from nb2mod.model import Block, BlockClass, CopiedNotebooks, Features
from nb2mod.stages.detect.blocks.choosing import FUNCTION_LINES, KEPT_LINES, Choice, saved_lines
from nb2mod.stages.detect.blocks.heavy import heavy_cells
from nb2mod.stages.detect.blocks.near import NearCopies, NearCopy
from nb2mod.stages.detect.blocks.repeats import Limits, Repeat
from nb2mod.stages.detect.blocks.runs import Line, line_up
from nb2mod.stages.detect.blocks.setting_up import SettingUp
from nb2mod.stages.detect.blocks.spelling import Spelling

__all__ = ["block_classes", "heavy_cells", "near_beside"]


def block_classes(
    features: Sequence[Features],
    *,
    statements: int = 5,
    notebooks: int = 2,
    own_package: str | None = None,
    copied: Sequence[CopiedNotebooks] = (),
    barred: Mapping[int, frozenset[tuple[int, int]]] | None = None,
) -> tuple[BlockClass, ...]:
    """Runs of at least `statements` statements, nested ones counted, that stand in `notebooks` or more: the same up to layout and
    names (type 1 and 2), near copies among what is left, and boilerplate.

    No two members overlap. Copies within one notebook are members too. What stands in enough places when `copied` notebooks
    count once is chosen first. `barred`: by file, (cell, statement) pairs that no run holds. The result depends on the files
    alone, not on their order.
    """
    line = line_up(features, own_package, barred=barred)
    spelling = Spelling(line, features)
    setting_up = SettingUp(line, features)
    taken = bytearray(len(line))
    paths = {path: group for group, one in enumerate(copied) for path in one.paths}
    copies = {file: paths[one.path] for file, one in enumerate(features) if one.path in paths}
    everywhere = b"\1" * len(line)

    limits = Limits(statements, notebooks, line.solid, everywhere)
    blocks = Choice(line, spelling, limits, copies, taken, lambda one: setting_up.mostly(one.positions[0], one.length))
    exact = {one.positions[0]: one for one in blocks.chosen()}
    only = bytearray(not taken[at] and setting_up.at(at) for at in range(len(line)))
    boilerplate = Choice(line, spelling, Limits(statements, notebooks, everywhere, only), copies, taken)
    classes = [_block_class(line, spelling, one, boilerplate=True) for one in boilerplate.chosen()]
    near = NearCopies(line, spelling, features, limits, taken, tuple(exact.values()), setting_up.gives_value)
    for one in near.found():
        if not any(setting_up.mostly(*run) for run in one.runs):
            parts = [exact.pop(first) for first in one.exact]
            classes.append(_near_class(line, spelling, one, parts))
    classes += [_block_class(line, spelling, one) for one in exact.values()]
    return tuple(sorted(classes, key=lambda one: one.members))


def near_beside(
    features: Sequence[Features],
    taken: Sequence[Block],
    *,
    statements: int = 5,
    notebooks: int = 2,
    own_package: str | None = None,
    moving: Mapping[int, frozenset[str]] | None = None,
    barred: Mapping[int, frozenset[tuple[int, int]]] | None = None,
) -> tuple[BlockClass, ...]:
    """Near copies among what no block in `taken` stands on: what joined others, and came to nothing there, may have copies of
    its own; with `moving`, between calls of definitions that are as good as in the package (by file).
    """
    line = line_up(features, own_package, moving, barred)
    used = bytearray(len(line))
    inside: dict[int, list[Block]] = defaultdict(list)
    for one in taken:
        inside[one.file].append(one)
    for at in range(len(line)):
        where = line.cells[at], line.indexes[at]
        used[at] = any(
            (one.cell, one.first) <= where <= (one.last_cell, one.last) for one in inside.get(line.files[at], ())
        )
    spelling, setting_up = Spelling(line, features), SettingUp(line, features)
    limits = Limits(statements, notebooks, line.solid, b"\1" * len(line))
    near = NearCopies(line, spelling, features, limits, used, (), setting_up.gives_value)
    found = (one for one in near.found() if not any(setting_up.mostly(*run) for run in one.runs))
    return tuple(sorted((_near_class(line, spelling, one, ()) for one in found), key=lambda one: one.members))


def _block_class(line: Line, spelling: Spelling, one: Repeat, *, boilerplate: bool = False) -> BlockClass:
    first = one.positions[0]
    members = tuple(sorted(line.block(position, one.length) for position in one.positions))
    at = {line.block(position, one.length): position for position in one.positions}[members[0]]
    return BlockClass(
        shape=_shape(line, spelling, first, one.length),
        members=members,
        clone_type=1 if len({_names(line, position, one.length) for position in one.positions}) == 1 else 2,
        statements=sum(line.sizes[first : first + one.length]),
        lines=line.lines(at, one.length),
        saved=saved_lines(line, one),
        boilerplate=boilerplate,
        code="NB112" if boilerplate else "NB111",
    )


def _near_class(line: Line, spelling: Spelling, one: NearCopy, exact: Sequence[Repeat]) -> BlockClass:
    """All of the runs, and the copies of those that stand exactly elsewhere too."""
    parts = [_block_class(line, spelling, each) for each in exact]
    alone = [run for run in one.runs if run[0] not in one.exact]
    members = sorted([line.block(*run) for run in alone] + [member for part in parts for member in part.members])
    of = {line.block(position, each.length): (position, each.length) for each in exact for position in each.positions}
    of |= {line.block(*run): run for run in alone}
    first = of[members[0]]
    shapes = sorted(_shape(line, spelling, *run) for run in one.runs)
    lost = sum(line.lines(*of[member]) - KEPT_LINES for member in members)
    return BlockClass(
        shape=blake2b(b"".join(shapes), digest_size=16).digest(),
        members=tuple(members),
        clone_type=3,
        statements=max(sum(line.sizes[at : at + length]) for at, length in one.runs),
        lines=line.lines(*first),
        saved=lost - line.lines(*min(of.values())) - FUNCTION_LINES,
        similarity=round(one.similarity, 2),
        code="NB113",
        parts=tuple(sorted(parts, key=lambda part: part.members)),
    )


def _names(line: Line, position: int, length: int) -> tuple[tuple[str, ...], ...]:
    return tuple(one.names for one in line.statements[position : position + length] if one is not None)


def _shape(line: Line, spelling: Spelling, position: int, length: int) -> bytes:
    digest = blake2b(digest_size=16)
    for one in line.statements[position : position + length]:
        assert one is not None
        digest.update(one.fixed)
    digest.update(repr(spelling.numbered(position, length)).encode("utf-8", "surrogatepass"))
    return digest.digest()
