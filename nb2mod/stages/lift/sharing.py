"""The parameters of each group: holes, then what its copies read of the notebook's state and what they hand on to others.

Worked out together, since a copy that calls a lifted one needs what that needs. Says nothing of whether calls can be rewritten.
"""

from collections.abc import Iterator, Sequence

from nb2mod.model import Meaning, Member, Reason
from nb2mod.stages.lift.groups import Group, Lifted, Shared, passes
from nb2mod.stages.lift.notebooks import CODE, TOO_MANY, Notebooks
from nb2mod.stages.lift.patterns import Item, called, holes_of, most_frequent, pattern_of
from nb2mod.syntax.passing_places import edited
from nb2mod.syntax.passing_signature import own_names, signature

MOST = 4  # names of state that one function may take
_PASSABLE = ("state", "constant")
STAYING = ("helper", "import", "builtin")  # a module can say it as a notebook does
_ROUNDS = 12  # callers of callers: how far a parameter is handed on

Refused = dict[Member, list[Reason]]


class Sharing:
    """One attempt, with the copies that are still to be lifted. `refused` says which are not to be, and why."""

    def __init__(self, books: Notebooks, groups: Sequence[Group]) -> None:
        self._books = books
        self._groups = groups
        self.refused: Refused = {}
        self.group_of = {member: index for index, group in enumerate(groups) for member in group.members}
        self.called: dict[tuple[int, str], list[Member]] = {}
        for member in self.group_of:
            name = books.definition(member).name
            self.called.setdefault((member.file, name), []).append(member)
        self.shared: list[Shared] = []
        self._slots: list[dict[Member, tuple[str, ...]]] = []

    def work_out(self) -> list[Shared]:
        """The parameters of each group, in order; wrong when anything was refused."""
        free = self._slots = [self._aligned(group) for group in self._groups]
        if self.refused:
            return []
        marks = [self._marks(group, slots) for group, slots in zip(self._groups, free, strict=True)]
        for group, names, found in zip(self._groups, free, marks, strict=True):
            self._are_functions(group, names, found)
        if self.refused:
            return []
        holes = [holes_of(self._books, index, group) for index, group in enumerate(self._groups)]
        self.shared = [Shared(found) for found in holes]
        for _ in range(_ROUNDS):
            before = list(self.shared)
            for index, group in enumerate(self._groups):
                # What leads to a refused one may need nothing, once that is left out; the others are refused in one go.
                if not self.refused or not self._leads_to_refused(index):
                    self.shared[index] = self._shared(index, group, holes[index], free[index], marks[index])
            if self.refused or self.shared == before:
                return self.shared
        for member in self.group_of:
            self._refuse(member, "what it calls hands parameters on without end")
        return self.shared

    def _refuse(self, member: Member, message: str, line: int = 0, code: str = CODE) -> None:
        self.refused.setdefault(member, []).append(self._books.blocks(message, member, line=line, code=code))

    def _leads_to_refused(self, index: int) -> bool:
        """Whether a group has refused copies, or calls one that has, directly or not."""
        seen: set[int] = set()
        stack = [index]
        while stack:
            current = stack.pop()
            if current in seen:
                continue
            seen.add(current)
            for member in self._groups[current].members:
                if member in self.refused:
                    return True
                callees = (self.callee(member, name) for name in self._slots[current][member])
                stack.extend(self.group_of[callee] for callee in callees if callee is not None)
        return False

    def _are_functions(self, group: Group, names: dict[Member, tuple[str, ...]], marks: list[str]) -> None:
        state = "state" in marks
        for member in group.members if group.parameters or state else ():
            why = self._books.why_no_function(member)
            if why:
                asked = f"`{names[member][marks.index('state')]}`" if state else "what differs"
                self._refuse(member, f"{asked} can't be handed in: {why}")

    # copies side by side

    def _aligned(self, group: Group) -> dict[Member, tuple[str, ...]]:
        """The free names of each copy in order of appearance, the first of one standing for what the first of another does."""
        found = {member: self._shape(group, member) for member in group.members}
        most = most_frequent(shape for shape, _ in found.values())
        for member, (shape, _) in found.items():
            if not shape:
                self._refuse(member, "its text can't be read alone")
            elif shape != most:
                self._refuse(member, "it differs from the other copies in more than what can be handed in")
        return {member: slots for member, (_, slots) in found.items()}

    def _shape(self, group: Group, member: Member) -> tuple[bytes, tuple[str, ...]]:
        edits = [edit for one in group.parameters.get(member, ()) for edit in one.replacements]
        if edits:
            return self._books.shape(edited(self._books.text(member), edits))
        definition = self._books.definition(member)
        return definition.shape, definition.slots

    def _marks(self, group: Group, slots: dict[Member, tuple[str, ...]]) -> list[str]:
        """For each free name: "own" (the function's, or a hole's), "state" (in one copy at least, or constants that differ)."""
        first = group.members[0]
        new = {one.name for found in group.parameters.values() for one in found}
        marks = []
        for index, name in enumerate(slots[first]):
            if name in new or name == self._books.definition(first).name:
                marks.append("own")
                continue
            meanings = {member: self._books.meaning(member, names[index]) for member, names in slots.items()}
            kinds = {meaning.kind for meaning in meanings.values()}
            differ = kinds == {"constant"} and len({meaning.key for meaning in meanings.values()}) > 1
            marks.append("state" if "state" in kinds or differ else "")
            if marks[-1]:
                self._mixed(slots, index, meanings)
        return marks

    def _mixed(self, slots: dict[Member, tuple[str, ...]], index: int, meanings: dict[Member, Meaning]) -> None:
        odd = [member for member, meaning in meanings.items() if meaning.kind not in _PASSABLE]
        if 2 * len(odd) > len(meanings):
            odd = [member for member in meanings if member not in odd]
        for member in odd:
            name = slots[member][index]
            why = meanings[member].why or f"is a {meanings[member].kind}"
            self._refuse(member, f"`{name}` {why} here, and not in the other copies", self._line(member, name))

    def _line(self, member: Member, name: str) -> int:
        return min((use.line for use in self._books.own_uses(member, name)), default=0)

    # what each copy needs

    def _shared(
        self,
        index: int,
        group: Group,
        holes: tuple[Lifted, ...],
        slots: dict[Member, tuple[str, ...]],
        marks: list[str],
    ) -> Shared:
        needs = {member: list(self._needs(index, member, slots, marks)) for member in group.members}
        patterns = {member: pattern_of(found) for member, found in needs.items()}
        most = most_frequent(patterns.values())
        for member, pattern in patterns.items():
            if pattern != most:
                self._refuse(member, "what it calls or reads is handed in otherwise than in the other copies")
        if not self.refused.keys().isdisjoint(group.members):
            return self.shared[index]
        found = list(holes)
        handed: dict[tuple[Member, str, str], str] = {}
        known: dict[tuple[object, ...], Lifted] = {}
        for at, keys in enumerate(most):
            items = {member: needs[member][at] for member in group.members}
            one = known.get(keys) or self._carried(index, items)
            if keys not in known and keys[0] != "own" and one is not None:
                if one.name in (other.name for other in found):
                    one = called(one, f"{items[group.members[0]].callee}_{one.name}")
                known[keys] = one
                found.append(one)
            for member, item in items.items():
                if item.parameter is not None and one is not None:
                    handed[member, item.callee, item.parameter.name] = one.name
        return self._checked(group, tuple(found), handed)

    def _needs(
        self, index: int, member: Member, slots: dict[Member, tuple[str, ...]], marks: list[str]
    ) -> Iterator[Item]:
        for at, name in enumerate(slots[member]):
            if marks[at] == "state":
                uses = list(self._books.own_uses(member, name))
                if any(use.deferred for use in uses):
                    yield Item(("state", name), name, name, (name,))
                if not all(use.deferred for use in uses):
                    yield Item(("default", at), name, name, (name,))
            callee = None if marks[at] == "own" else self.callee(member, name)
            if callee is not None and self._books.meaning(member, name).kind == "helper":
                yield from self._handed_on(index, member, name, callee, at)

    def _handed_on(self, index: int, member: Member, name: str, callee: Member, at: int) -> Iterator[Item]:
        for one in self.shared[self.group_of[callee]].parameters:
            if one.position is not None and not self._left_out(member, name, one, callee):
                continue
            if one.kind == "state" or (one.kind == "default" and one.reads[callee]):
                state = one.values[callee]
                yield Item(("state", state), state, state, (state,), name, one)
            elif one.origin[0] == index:
                yield Item(("own", one.origin[1]), one.origin[1], "", (), name, one)
            elif self._is_handed_on(index, at, one):
                yield Item(("hole", one.origin), one.name, one.values[callee], one.reads[callee], name, one)

    def _left_out(self, member: Member, name: str, one: Lifted, callee: Member) -> bool:
        """Whether a call inside a copy leaves a parameter to its default."""
        calls = (mention for mention in self._books.inside(member, name) if mention.form == "call")
        return any(not passes(mention, one, callee) for mention in calls)

    def _is_handed_on(self, index: int, at: int, one: Lifted) -> bool:
        """Whether what a call passes for a hole differs between the copies that call, or is state there."""
        values = set()
        keys: dict[str, str] = {}
        for member in self._groups[index].members:
            callee = self.callee(member, self._slots[index][member][at])
            if callee is None or callee not in one.values:
                continue
            values.add(one.values[callee])
            for name in one.reads[callee]:
                meaning = self._books.meaning(member, name)
                if meaning.kind not in STAYING or keys.setdefault(name, meaning.key) != meaning.key:
                    return True
        return len(values) > 1

    def callee(self, member: Member, name: str) -> Member | None:
        found = self.called.get((member.file, name), ())
        return found[-1] if found else None

    def _carried(self, index: int, items: dict[Member, Item]) -> Lifted | None:
        """The parameter for what the copies need; None where there can't be one."""
        first = next(iter(items.values()))
        if first.key[0] == "own":
            return next((one for one in self.shared[index].parameters if one.name == first.name), None)
        values = {member: item.value for member, item in items.items()}
        reads = {member: item.reads for member, item in items.items()}
        if first.key[0] == "hole":
            assert first.parameter is not None
            one = first.parameter
            kind = "literal" if one.kind == "default" else one.kind
            name = self._not_taken(one.name, index)
            return Lifted(name, kind, one.default, values, reads, one.origin, dict.fromkeys(items, name))
        if first.key[0] == "default":
            return self._moved_default(index, items)
        name = most_frequent(item.name for item in items.values())
        name = self._not_taken(name, index) if all(item.callee for item in items.values()) else name
        return Lifted(name, "state", "", values, reads, (index, name), dict.fromkeys(items, name))

    def _not_taken(self, name: str, index: int) -> str:
        """The name of a parameter that copies only hand on: another one where it is a local name of theirs."""
        slots = self._slots[index]
        try:
            every = {member: own_names(self._books.text(member)).every for member in slots}
        except SyntaxError:
            return name  # a class: refused with its own words
        if any(name in found for found in slots.values()) or not any(name in found for found in every.values()):
            return name
        while any(name in found for found in every.values()):
            name += "_"
        return name

    def _moved_default(self, index: int, items: dict[Member, Item]) -> Lifted | None:
        """A default that is state (D1): no default any more."""
        keywords: dict[Member, str] = {}
        at: set[int] = set()
        for member, item in items.items():
            slots = signature(self._books.text(member)).slots
            found = [place for place, slot in enumerate(slots) if slot.default == item.name]
            if len(found) != 1:
                self._refuse(member, f"`{item.name}` is read when the definition runs", self._line(member, item.name))
                return None
            keywords[member] = slots[found[0]].name
            at.add(-1 if slots[found[0]].kind == "keyword-only" else found[0])
        if len(at) > 1:
            return None
        name = most_frequent(keywords.values())
        values = {member: item.value for member, item in items.items()}
        reads = {member: item.reads for member, item in items.items()}
        return Lifted(name, "default", "", values, reads, (index, name), keywords, position=at.pop())

    def _checked(self, group: Group, found: tuple[Lifted, ...], handed: dict[tuple[Member, str, str], str]) -> Shared:
        state = [f"`{one.name}`" for one in found if one.kind == "state"]
        if len(state) > MOST:
            message = f"it would take {len(state)} names of the notebook, at most {MOST}: {', '.join(state)}"
            for member in group.members:
                self._refuse(member, f"{message}; hand in one object that holds them", code=TOO_MANY)
        return Shared(found, handed)
