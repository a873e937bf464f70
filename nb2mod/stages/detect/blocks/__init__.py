"""All Features → classes of repeated runs of statements, and cells that have grown into a script.

Knows nothing of what flows through a run, nor whether it may move: that is for analyze and decide.
"""

from collections.abc import Sequence
from hashlib import blake2b

from msgspec.structs import replace

from nb2mod.model import BlockClass, CopiedNotebooks, Features
from nb2mod.stages.detect.blocks.choosing import Choice, saved_lines
from nb2mod.stages.detect.blocks.heavy import heavy_cells
from nb2mod.stages.detect.blocks.near import NearCopies
from nb2mod.stages.detect.blocks.repeats import Limits, Repeat
from nb2mod.stages.detect.blocks.runs import Line, line_up
from nb2mod.stages.detect.blocks.setting_up import SettingUp
from nb2mod.stages.detect.blocks.spelling import Spelling

__all__ = ["block_classes", "heavy_cells"]


def block_classes(
    features: Sequence[Features],
    *,
    statements: int = 5,
    notebooks: int = 2,
    own_package: str | None = None,
    copied: Sequence[CopiedNotebooks] = (),
) -> tuple[BlockClass, ...]:
    """Runs of at least `statements` statements, nested ones counted, that stand in `notebooks` or more: the same up to layout and
    names (type 1 and 2), near copies among what is left, and boilerplate.

    No two members overlap. Copies within one notebook are members too. What stands in enough places when `copied` notebooks
    count once is chosen first. The result depends on the files alone, not on their order.
    """
    line = line_up(features, own_package)
    spelling = Spelling(line, features)
    setting_up = SettingUp(line, features)
    taken = bytearray(len(line))
    paths = {path: group for group, one in enumerate(copied) for path in one.paths}
    copies = {file: paths[one.path] for file, one in enumerate(features) if one.path in paths}
    everywhere = b"\1" * len(line)

    limits = Limits(statements, notebooks, line.solid, everywhere)
    blocks = Choice(line, spelling, limits, copies, taken, lambda one: setting_up.mostly(one.positions[0], one.length))
    classes = [_block_class(line, spelling, one) for one in blocks.chosen()]
    only = bytearray(not taken[at] and setting_up.at(at) for at in range(len(line)))
    boilerplate = Choice(line, spelling, Limits(statements, notebooks, everywhere, only), copies, taken)
    classes += [_block_class(line, spelling, one, boilerplate=True) for one in boilerplate.chosen()]
    limits = Limits(statements, notebooks, line.solid, everywhere)
    for near in NearCopies(line, spelling, features, limits, taken).found():
        if not setting_up.mostly(near.repeat.positions[0], near.repeat.length):
            made = _block_class(line, spelling, near.repeat)
            classes.append(replace(made, clone_type=2, differs=near.differs, similarity=near.similarity))
    return tuple(sorted(classes, key=lambda one: one.members))


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


def _names(line: Line, position: int, length: int) -> tuple[tuple[str, ...], ...]:
    return tuple(one.names for one in line.statements[position : position + length] if one is not None)


def _shape(line: Line, spelling: Spelling, position: int, length: int) -> bytes:
    digest = blake2b(digest_size=16)
    for one in line.statements[position : position + length]:
        assert one is not None
        digest.update(one.fixed)
    digest.update(repr(spelling.numbered(position, length)).encode("utf-8", "surrogatepass"))
    return digest.digest()
