"""One call of a lifted copy in its place: what it passes, and whether those names mean there what they mean to the copy."""

from collections.abc import Sequence

from nb2mod.model import Member, Replacement
from nb2mod.stages.lift.groups import Lifted, Shared, passes
from nb2mod.stages.lift.notebooks import Moment, Notebooks
from nb2mod.stages.lift.receivers import why_no_lambda
from nb2mod.stages.lift.sharing import STAYING, Sharing
from nb2mod.syntax.keeping import kept_line
from nb2mod.syntax.passing import Mention, wrapped
from nb2mod.syntax.passing_signature import Signature, signature

_SET_FROM_OUTSIDE = ("parameters", "injected-parameters")


class Place:
    """A mention of `callee` as a function; `moving`: the copy around it, when that one moves too. `spelled`: a call of it passes
    defaults too, where it may.
    """

    def __init__(
        self,
        books: Notebooks,
        sharing: Sharing,
        shared: Sequence[Shared],
        callee: Member,
        moving: Member | None,
        cell: int,
        mention: Mention,
        spelled: bool = False,
    ) -> None:
        self._books = books
        self._sharing = sharing
        self._shared = shared
        self._callee = callee
        self._moving = moving
        self._cell = cell
        self._mention = mention
        self._file = callee.file
        self._blamed: Member | None = None
        self._spelled = spelled and moving is None and mention.form == "call" and not mention.deferred
        self._recursive = moving is not None and (
            moving == callee or books.definition(moving).name == books.definition(callee).name
        )

    def given(self) -> tuple[list[tuple[str, str]], str, Member | None]:
        """What the call passes more; or why it can't, in words, and whose fault that is, the copy's that is called when None."""
        found: list[tuple[str, str]] = []
        for one in self._shared[self._sharing.group_of[self._callee]].parameters:
            value, why = self._value(one)
            if why:
                return [], why, self._blamed
            if value:
                found.append((one.keywords[self._callee], value))
        return found, "", None

    def _value(self, one: Lifted) -> tuple[str, str]:
        """What is passed for one parameter, "" for nothing; and why that can't be, in words."""
        if one.position is not None and passes(self._mention, one, self._callee):
            return "", ""
        if self._recursive:
            value, why = self._own(one)
        elif self._moving is not None:
            value, why = self._handed(one, self._moving)
        elif self._spelled and one.default and not one.values[self._callee]:
            cached = self._books.is_cached(self._callee)
            return ("" if cached or self._why_not_passed(one) else one.default), ""
        else:
            value = one.values[self._callee]
            why = next(filter(None, (self._why_not_bound(name) for name in one.reads[self._callee] if value)), "")
        if value and not why and self._moving is not None and self._books.is_cached(self._callee):
            why = "its cache would tell apart calls that pass it and calls that leave it to the default"
        if value and not why:
            why = self._why_not_passed(one) or self._why_changed(one)
        return value, why

    def _why_changed(self, one: Lifted) -> str:
        """Why what is passed is not what the copy held: a function that comes to take more itself."""
        for name in one.reads[self._callee]:
            for member in self._sharing.called.get((self._file, name), ()):
                if self._shared[self._sharing.group_of[member]].parameters:
                    return f"`{name}`, which is to be passed, comes to take more itself"
        return ""

    def _why_not_passed(self, one: Lifted) -> str:
        mention, keyword = self._mention, one.keywords[self._callee]
        found = self._signature()
        if one.position is not None:
            slot = next(slot for slot in found.slots if slot.name == keyword)
            if slot.kind == "positional-only":
                return f"`{keyword}` can be passed by position only"
            if mention.spread or mention.double:
                return f"`*` or `**` may pass `{keyword}` already"
        elif keyword in mention.keywords or (mention.double and found.kind("**")):
            return f"the call may pass something called `{keyword}` already"
        return ""

    def _own(self, one: Lifted) -> tuple[str, str]:
        """A call of itself passes its own parameter."""
        if one.position is not None:
            differs = any(one.values.values())
            return "", "it calls itself and leaves a default that differs between the copies" if differs else ""
        if one.kind == "expression":
            return "", f"it calls itself, and `{one.name}` is worked out anew at each call"
        if not self._mention.deferred:
            return "", "it calls itself when it is defined"
        return one.name, self._why_not_seen(one.name) or self._why_too_late(one.reads[self._callee])

    def _handed(self, one: Lifted, moving: Member) -> tuple[str, str]:
        """A call inside another copy that moves passes what that one is given, or the same in all its copies."""
        group = self._sharing.group_of[moving]
        handed = self._shared[group].handed_on.get((moving, self._mention.name, one.name), "")
        value = handed or one.values[self._callee]
        if not value:
            return "", ""
        self._blamed = moving
        if not handed and not all(map(self._stands_in_module, one.reads[self._callee])):
            return "", f"`{self._books.definition(moving).name}` would have to hand it on, and can't"
        if handed and one.kind == "expression":
            value = one.values[self._callee]
            return (
                "",
                f"`{self._books.definition(moving).name}` can't hand on `{value}`, which is worked out at each call",
            )
        if handed and not self._mention.deferred:
            return "", f"`{self._books.definition(moving).name}` calls it when it is defined"
        names = (handed,) if handed else one.reads[self._callee]
        why = next(filter(None, map(self._why_not_seen, names)), "")
        if not why and handed:
            why = self._why_too_late(one.reads[self._callee])
        return value, why

    def _stands_in_module(self, name: str) -> bool:
        return self._books.meaning(self._callee, name).kind in STAYING

    # names in this place

    def _why_not_seen(self, name: str) -> str:
        if name in self._mention.hidden or name in self._mention.unsure:
            return f"`{name}` is another thing here, a local one"
        return ""

    def _why_too_late(self, names: Sequence[str]) -> str:
        """Why a name may have changed when code that runs later comes to it."""
        late = [name for name in names if self._mention.later and not self._books.once(self._file, name)]
        if late:
            return f"the call here may run later, and `{late[0]}` is bound more than once"
        return ""

    def _why_not_bound(self, name: str) -> str:
        why = self._why_not_seen(name)
        if why:
            return why
        facts = self._books.features[self._file].cells[self._cell].facts
        if facts.runs_in_function and any(binding.name == name for binding in facts.bindings):
            return f"`{name}` is another thing here, a local one"
        why = self._books.why_unsteady(self._file, name)
        if why:
            return f"`{name}` may change while it runs: {why}"
        if name in self._mention.assured and not self._mention.deferred:
            return ""
        if not self._books.bound_before(self._file, name, self._moment()):
            return f"`{name}` is not certain to be bound when this runs; bind it above, outside of if, for and try"
        return ""

    def _moment(self) -> Moment:
        """The first statement that may run this."""
        if self._mention.deferred and self._mention.owner:
            owner = self._books.owner(self._file, self._cell, self._mention.owner)
            return self._books.earliest(self._file, self._books.owners(self._file)[self._cell, owner])
        return self._cell, self._books.statement(self._file, self._cell, self._mention)

    # edits

    def why_not_editable(self) -> str:
        """Why nobody may edit this line; "" when one may."""
        cell = self._books.features[self._file].cells[self._cell]
        if cell.odd:
            return f"this cell is not to be edited: {cell.odd}"
        if cell.locked:
            return f"this cell is locked: {cell.locked}"
        if any(tag in cell.tags for tag in _SET_FROM_OUTSIDE):
            return "this cell of parameters is not to be edited"
        if cell.facts.transformed:
            return "this cell is written with prompts or indentation that IPython takes away"
        if kept_line(cell, self._mention.line, self._mention.line) is not None:
            return "this line is to be kept (`nb2mod: keep`)"
        return ""

    def as_lambda(self, given: Sequence[tuple[str, str]]) -> tuple[Replacement, ...] | str:
        """The edit for a function that is given away."""
        parameters = self._signature().required
        names = self._books.names[self._file]
        why = why_no_lambda(self._mention, parameters, names)
        if why or parameters is None:
            return why
        reads = {
            name
            for one in self._shared[self._sharing.group_of[self._callee]].parameters
            for name in one.reads[self._callee]
        }
        if reads.union((self._mention.name, *(value for _, value in given))) & set(parameters):
            return "its parameters are called as what it is to pass"
        for name in sorted(reads):
            if not self._books.once(self._file, name):
                return (
                    f"`{name}` is bound more than once, and `{self._mention.name}` is given away here; call it instead"
                )
        return wrapped(self._mention, parameters, given)

    def _signature(self) -> Signature:
        return signature(self._books.text(self._callee))
