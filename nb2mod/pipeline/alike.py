"""What a definition means once near-miss copies of what it calls are one function, and state is handed in."""

from collections.abc import Mapping
from hashlib import blake2b

from msgspec.structs import replace

from nb2mod.model import BindKind, Features, Meaning, Member
from nb2mod.stages import analyze

_HANDED_IN = frozenset(("state", "constant"))


class Alike:
    """Keys of meaning as `Meanings` has them, but for helpers in `groups` (copy → the group that becomes one function), which
    mean their group, and for names that are handed in, which any two copies may have differently.
    """

    def __init__(
        self, features: tuple[Features, ...], meanings: analyze.Meanings, groups: Mapping[Member, int]
    ) -> None:
        self._features = features
        self._meanings = meanings
        self._groups = groups
        self._keys: dict[Member, str] = {}
        self._open: set[Member] = set()

    def key(self, member: Member) -> str:
        """Equal for copies of one shape that differ in nothing but what lifting takes care of."""
        return f"group:{self._groups[member]}" if member in self._groups else self.own_key(member)

    def own_key(self, member: Member) -> str:
        """The same, whatever group the copy itself is in."""
        if member in self._open:
            return f"loop:{self._definition_name(member)}"
        if member not in self._keys:
            self._open.add(member)
            one = self._features[member.file].cells[member.cell].facts.definitions[member.definition]
            found = [self.of(member, name) for name in one.slots]
            self._open.discard(member)
            parts = [one.shape.hex(), *("handed in" if each.kind in _HANDED_IN else each.key for each in found)]
            text = "\0".join(parts).encode("utf-8", "surrogatepass")
            self._keys[member] = blake2b(text, digest_size=16).hexdigest()
        return self._keys[member]

    def of(self, member: Member, name: str) -> Meaning:
        """What a free name of a definition means: a definition of the notebook and the package's are the same when they do."""
        found = self._meanings.of(member.file, member.cell, member.definition, name)
        helper = self.helper(member, found)
        return replace(found, key=f"def:{self._definition_name(helper)}:{self.key(helper)}") if helper else found

    def helper(self, member: Member, found: Meaning) -> Member | None:
        """The definition that a name stands for, of the notebook or the package; None for what is none."""
        if found.kind == "import" and found.bound:
            own = self._meanings.own_definition(found.bound[0].binding.target)
            return Member(own[0], own[1].cell, own[1].binding.owner) if own else None
        if found.kind != "helper":
            return None
        last = found.bound[-1]
        definition = last.binding.kind in (BindKind.DEF, BindKind.CLASS) and last.binding.owner >= 0
        return Member(member.file, last.cell, last.binding.owner) if definition else None

    def _definition_name(self, member: Member) -> str:
        return self._features[member.file].cells[member.cell].facts.definitions[member.definition].name
