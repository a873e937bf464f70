"""Which copies of a block may become one function: those that take the same things in the same places.

Copies are the same up to renaming, near copies when their holes are filled: so a name is known in all of them by where it first
appears.
"""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from nb2mod.model import Block, BlockFlow, Features, NewParameter, Statement


class Filled(Struct, frozen=True):
    """A block whose holes are filled. `body`: its lines, indented, with a parameter's name where it differs from other copies;
    `names`: those in it, each once, in order of first appearance.
    """

    parameters: tuple[NewParameter, ...]
    body: tuple[str, ...]
    names: tuple[str, ...]


class Group(Struct, frozen=True):
    """Copies that may share one function. `inputs` and `outputs` are places in each copy's names (`spelled`), or a name itself
    that only strings spell, which no copy can have renamed.
    """

    members: tuple[Block, ...]
    inputs: tuple[int | str, ...]
    outputs: tuple[int | str, ...]


def grouped(
    members: Sequence[Block],
    flows: Mapping[Block, BlockFlow],
    features: Sequence[Features],
    holes: Mapping[Block, Filled] = {},
) -> list[Group]:
    """Copies with equal parameters together, in order of their first copy; a function returns what any of its notebooks reads.

    The order of parameters is that of first reads, the order of returns that of first appearance.
    """
    found: dict[tuple[int | str, ...], list[Block]] = {}
    returned: dict[tuple[int | str, ...], set[int | str]] = {}
    for member in members:
        names = holes[member].names if member in holes else spelled(features, member)
        place = {name: at for at, name in enumerate(names)}
        flow = flows[member]
        key = tuple(place.get(name, name) for name in flow.inputs)
        found.setdefault(key, []).append(member)
        returned.setdefault(key, set()).update(place.get(name, name) for name in flow.outputs)
    return [Group(tuple(some), key, tuple(sorted(returned[key], key=_order))) for key, some in found.items()]


def returns_of(group: Group, names: Sequence[str]) -> tuple[str, ...]:
    """What the function of a group returns, in the names of one copy."""
    return tuple(at if isinstance(at, str) else names[at] for at in group.outputs)


def _order(place: int | str) -> tuple[bool, int, str]:
    return (True, 0, place) if isinstance(place, str) else (False, place, "")


def spelled(features: Sequence[Features], block: Block) -> tuple[str, ...]:
    """The names of a block, each once, in order of first appearance."""
    return tuple(dict.fromkeys(name for _, one in statements_of(features, block) for name in one.names))


def statements_of(features: Sequence[Features], block: Block) -> list[tuple[int, Statement]]:
    """(index of the cell, statement) of all statements of a block, in order."""
    found = []
    for cell in range(block.cell, block.last_cell + 1):
        statements = features[block.file].cells[cell].facts.statements
        first = block.first if cell == block.cell else 0
        end = block.last + 1 if cell == block.last_cell else len(statements)
        found += [(cell, statement) for statement in statements[first:end]]
    return found
