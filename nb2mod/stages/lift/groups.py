"""What is to be lifted: groups of copies, and the parameters that each comes to have."""

from collections.abc import Mapping

from msgspec import Struct

from nb2mod.model import Member, NewParameter, Replacement
from nb2mod.syntax.passing import Mention


class Group(Struct, frozen=True):
    """Copies that are to become one function. `parameters`: what they differ in, as unify found it, per copy, with the same names
    in the same order in all; {}: nothing. Replacements are offsets in the definition's own text (`Copy.text`).
    """

    members: tuple[Member, ...]
    parameters: dict[Member, tuple[NewParameter, ...]] = {}


class Lifted(Struct, frozen=True):
    """One parameter of a group: what calls of each copy pass (source, "" for the default), and the names of the notebook that
    this reads. `origin` is the group and parameter that it was handed on from, its own where it was not. `keywords`: what it is
    called in each copy's signature; `replacements` as in `NewParameter`.
    """

    name: str
    kind: str
    default: str
    values: dict[Member, str]
    reads: dict[Member, tuple[str, ...]]
    origin: tuple[int, str]
    keywords: dict[Member, str]
    replacements: dict[Member, tuple[Replacement, ...]] = {}
    position: int | None = None

    def of(self, member: Member, replaced: Mapping[tuple[Member, str], tuple[Replacement, ...]]) -> NewParameter:
        """As the copy gets it. `replaced`: (copy, parameter) → what became it beside the holes."""
        return NewParameter(
            self.name,
            self.kind,
            self.default,
            self.values[member],
            self.reads[member],
            self.replacements.get(member, ()) or replaced.get((member, self.name), ()),
            self.position,
        )


class Shared(Struct, frozen=True):
    """The parameters of one group in order. `handed_on`: (copy, name it calls, parameter of that) → its own parameter."""

    parameters: tuple[Lifted, ...] = ()
    handed_on: dict[tuple[Member, str, str], str] = {}


def passes(mention: Mention, one: Lifted, callee: Member) -> bool:
    """Whether a call passes a parameter that it had before, in plain sight."""
    given = one.position is not None and 0 <= one.position < mention.positional
    return given or one.keywords[callee] in mention.keywords
