"""One block → its `BlockFlow`."""

from nb2mod.model import BindKind, Block, BlockFlow, Features, Location, Names, Reason
from nb2mod.stages.analyze.blocks.crossing import Crossing
from nb2mod.stages.analyze.blocks.reasons import CHECKS
from nb2mod.stages.analyze.blocks.surroundings import Surroundings


def flow_of(features: Features, names: Names, block: Block, asked: frozenset[str] = frozenset()) -> BlockFlow:
    """What flows through one block of `features`, whose names are `names`. `block.file` is not looked at.

    `asked`: names that the call of another block will read, though no statement does.

    Effect "blocks" is given for everything that can't be shown to be the same. The display settings that a notebook finds
    in its user's startup files are not seen.
    """
    around = Surroundings(features, names, block)
    try:
        crossing = Crossing(around, asked)
        reasons = _reasons(around, crossing)
    except (SyntaxError, RecursionError) as error:
        place = Location(features.path, features.cells[block.cell].number, 0, features.cells[block.cell].id)
        return BlockFlow(reasons=(Reason("NB355", f"the block can't be read: {error}", "blocks", place),))
    return BlockFlow(
        inputs=crossing.inputs,
        outputs=crossing.outputs,
        local=crossing.local,
        stays=_staying_imports(around, crossing),
        reasons=reasons,
    )


def _reasons(around: Surroundings, crossing: Crossing) -> tuple[Reason, ...]:
    found: dict[tuple[str, str], Reason] = {}
    for check in CHECKS:
        for reason in check(around, crossing):
            found.setdefault((reason.code, reason.message), reason)
    return tuple(found.values())


def _staying_imports(around: Surroundings, crossing: Crossing) -> tuple[tuple[str, str], ...]:
    found: dict[tuple[str, str], None] = {}
    for index in around.cells:
        for binding in around.cell(index).facts.bindings:
            inside = around.is_inside(index, binding.statement)
            if inside and binding.kind is BindKind.IMPORT and binding.name in crossing.stays:
                found[binding.name, binding.text] = None
    return tuple(found)
