"""One class of type 2 as near copies are sought among: its tokens, its names, and when two of them are near."""

from collections.abc import Sequence

from nb2mod.model import CloneClass, Features
from nb2mod.stages.detect.near.aligning import Spelled, similarity

# How alike two definitions must be: of different names; of one name; of one name, when one of them holds nearly all of the other.
# (share, how much more the smaller they are, than so many tokens)
_UNNAMED, _NAMED, _EXTENDED = (0.82, 0.1, 100), (0.66, 0.08, 60), (0.6, 0.12, 60)
_HELD = 0.9
# A statement has about so many tokens; a longer one counts for more.
_STATEMENT = 8


class Shape:
    """One class of type 2. `rank`: heavier shapes first, then by what they are and never by path. `length` in statements."""

    def __init__(self, features: Sequence[Features], one: CloneClass) -> None:
        definitions = [features[at.file].cells[at.cell].facts.definitions[at.definition] for at in one.members]
        self.kind = definitions[0].kind
        self.members = one.members
        self.names = {definition.name for definition in definitions}
        # Free names may be spelled differently in the copies of one shape.
        tokens = min(definition.tokens for definition in definitions)
        self.spelled = Spelled(tokens)
        self.length = max(definitions[0].statements, self.spelled.size // _STATEMENT)
        self.rank = (-len({member.file for member in one.members}), -len(one.members), tokens, one.shape)
        self.small = False  # only one of its name is compared with it


def near(one: Shape, other: Shape, slack: float = 0) -> float:
    """How alike two shapes are; 0 when that is not near, by more than `slack`."""
    sizes = one.spelled.size, other.spelled.size
    named = not one.names.isdisjoint(other.names)
    if not named and (one.small or other.small):
        return 0.0
    size = min(sizes)
    slack += 1e-9
    needed = _needed(_EXTENDED if named else _UNNAMED, size) - slack
    # In one order, whichever is asked for first: where two alignments are as good, either may be taken.
    first, second = sorted((one.spelled, other.spelled), key=lambda each: each.tokens)
    alike = similarity(first, second, needed)
    if named and alike * sum(sizes) < 2 * _HELD * size:
        needed = _needed(_NAMED, size) - slack
    return alike if alike >= needed else 0.0


def _needed(limit: tuple[float, float, int], size: int) -> float:
    share, more, large = limit
    return share + more * max(0.0, 1 - size / large)
