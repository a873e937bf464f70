"""What every call of a lifted copy passes, and whether it may: each use of the name in its notebook is looked at.

One fault refuses the copy, or, where it lies with a copy that calls it and moves too, that one.
"""

from collections.abc import Iterator, Sequence, Set

from msgspec import Struct

from nb2mod.model import Member, Reason, Replacement, TextEdit, Use, Used, UseKind
from nb2mod.stages.lift.groups import Lifted, Shared
from nb2mod.stages.lift.notebooks import Line, Notebooks
from nb2mod.stages.lift.one_call import Place
from nb2mod.stages.lift.sharing import Sharing
from nb2mod.syntax.passing import Mention, passing
from nb2mod.syntax.passing_check import Given, only_passes
from nb2mod.syntax.passing_places import edited
from nb2mod.syntax.stars import may_bring
from nb2mod.syntax.strings import SIGNATURE_READERS

_CALLS = (UseKind.CALL, UseKind.CALL_KEYWORDS, UseKind.CALL_SPREAD)
_READ_FROM_IT = ("__name__", "__doc__", "__qualname__", "cache_info", "cache_clear", "cache_parameters")
_READING = (UseKind.ATTRIBUTE, UseKind.ATTRIBUTE_CALL)
_SHOWING = SIGNATURE_READERS | {"help", "getsource", "getsourcelines", "getdoc"}
_SHOWING_MAGICS = ("?", "pdef", "pinfo", "pinfo2", "pdoc", "psource", "pfile")
_NAMESPACES = ("globals", "locals", "eval", "exec")


class Edited(Struct, frozen=True):
    """One call that passes more, or one name that became a lambda: its edits in its cell, and what they come to."""

    file: int
    cell: int
    name: str
    is_call: bool
    given: Given
    replacements: tuple[Replacement, ...]
    member: Member  # what is called

    def edits(self) -> Iterator[TextEdit]:
        for one in self.replacements:
            yield TextEdit(self.file, self.cell, one.start, one.end, one.text, (self.member,))


class Calling:
    """The calls of one attempt. `refused` says what can't be lifted."""

    def __init__(
        self, books: Notebooks, sharing: Sharing, shared: Sequence[Shared], spelled: Set[Line] = frozenset()
    ) -> None:
        self._books = books
        self._sharing = sharing
        self._shared = shared
        self._spelled = spelled
        self.refused: dict[Member, list[Reason]] = {}
        self.edited: list[Edited] = []

    def work_out(self) -> None:
        for (file, name), members in sorted(self._sharing.called.items()):
            if any(self._parameters(member) for member in members):
                self._name(file, name, members)

    def check(self) -> None:
        """Holds each edited cell against the one before, by Python's own trees."""
        cells: dict[tuple[int, int], list[Edited]] = {}
        for one in self.edited:
            cells.setdefault((one.file, one.cell), []).append(one)
        for (file, cell), found in cells.items():
            source = self._books.features[file].cells[cell].source
            after = edited(source, [edit for one in found for edit in one.replacements])
            calls = [(one.name, one.given) for one in found if one.is_call]
            lambdas = [(one.name, one.given) for one in found if not one.is_call]
            if not only_passes(self._books.python(file, cell), self._books.masked(file, after), calls, lambdas):
                for one in found:
                    self._refuse_all([one.member], "the calls in this cell could not be rewritten for certain", cell, 0)

    def _parameters(self, member: Member) -> tuple[Lifted, ...]:
        return self._shared[self._sharing.group_of[member]].parameters

    def _refuse(self, member: Member, message: str, cell: int = -1, line: int = 0) -> None:
        reason = self._books.blocks(message, member, cell, line)
        if reason not in self.refused.setdefault(member, []):
            self.refused[member].append(reason)

    # one name

    def _name(self, file: int, name: str, members: list[Member]) -> None:
        """Every use of a name that stands for copies. Where calls pass nothing new, those of copies that move may hand on."""
        handed = any(one.values[member] for member in members for one in self._parameters(member))
        every = handed and not self._books.is_module(members[0])
        if not handed and len(members) == 1:
            self._spell(file, name, members[0])
        if every and not self._may_be_called(file, name, members):
            return
        cells: dict[int, list[Used]] = {}
        for used in self._books.names[file].uses.get(name, ()):
            shown = _shown_by(used.use)
            if shown:
                why = f"`{name}` is given to `{shown}` here, which shows its parameters"
                self._refuse_all(members, why, used.cell, used.use.line)
            elif every or Member(file, used.cell, used.use.owner) in self._sharing.group_of:
                cells.setdefault(used.cell, []).append(used)
        for cell, uses in cells.items():
            self._cell(file, cell, name, members, uses, every)

    def _spell(self, file: int, name: str, member: Member) -> None:
        """Passes what a copy holds as the default, where calls are to say so: no call that can't is anything against it."""
        cells = sorted({used.cell for used in self._books.names[file].uses.get(name, ())})
        cells = [cell for cell in cells if any((file, cell) == line[:2] for line in self._spelled)]
        if not cells or self._why_otherwise(file, name, [member])[0]:
            return
        for cell in cells:
            try:
                found = self._books.mentions(file, cell, name)
            except SyntaxError:
                continue
            for mention in found:
                if mention.form != "call" or mention.owner or (file, cell, mention.line) not in self._spelled:
                    continue
                if (cell, self._books.statement(file, cell, mention)) <= self._books.moment(member):
                    continue
                context = Place(self._books, self._sharing, self._shared, member, None, cell, mention, spelled=True)
                given, _, _ = context.given()
                edits = passing(mention, given) if given and not context.why_not_editable() else ""
                if edits and not isinstance(edits, str):
                    self.edited.append(Edited(file, cell, name, True, tuple(given), edits, member))

    def _may_be_called(self, file: int, name: str, members: list[Member]) -> bool:
        """Whether the name means these copies and nothing else, and nothing calls it unseen."""
        why, cell, line = self._why_otherwise(file, name, members)
        if why:
            self._refuse_all(members, why, cell, line)
        return not why

    def _why_otherwise(self, file: int, name: str, members: list[Member]) -> tuple[str, int, int]:
        """Why the name may mean something else, or be called unseen, and where; "" when it can't."""
        names = self._books.names[file]
        own = {(member.cell, member.definition) for member in members}
        why, cell, line = "", -1, 0
        for bound in names.bindings.get(name, ()):
            if (bound.cell, bound.binding.owner) not in own or bound.binding.name != name:
                why, cell, line = (
                    f"`{name}` is bound again here, so a call may mean something else",
                    bound.cell,
                    bound.binding.line,
                )
            elif not bound.binding.certain:
                why, cell, line = "it is defined inside if, for, try or with", bound.cell, bound.binding.line
        wild = max(names.wild, default=(-1, 0))
        cells = self._books.features[file].cells
        first = min(map(self._books.moment, members))
        stars = [((bound.cell, bound.binding.statement), bound) for bound in names.stars]
        if name in names.unknown:
            why = "a cell that can't be read mentions it, and may call it"
        elif wild > max((member.cell, 0) for member in members):
            inside = wild[0] < len(cells)
            why, cell, line = (
                "what is run or executed here may call it",
                wild[0] if inside else -1,
                wild[1] if inside else 0,
            )
        elif self._is_imported(file, name):
            why = "another notebook imports this one, and may call it"
        elif "__main__" in names.modules or any(f"__main__.{name}" in each.source for each in cells):
            why = "it may be called as a name of `__main__`"
        elif name in names.strings and "__main__" in names.strings:
            why = "it may be looked up by its name, which stands in a string"
        elif any(star > first and may_bring(bound.binding.target, name) for star, bound in stars):
            why = "what is imported by `*` below may be called the same"
        elif "doctest" in names.modules and any(">>>" in self._books.text(member) for member in members):
            why = "its docstring calls it, and the notebook runs docstrings"
        elif any(used.use.detail == "[]" for used in names.uses.get("__name__", ())):
            why = "it may be looked up in `sys.modules[__name__]`"
        elif any(each in names.uses for each in _NAMESPACES):
            word = next(each for each in _NAMESPACES if each in names.uses)
            used = names.uses[word][0]
            why, cell, line = f"with `{word}` it may be called unseen", used.cell, used.use.line
        return why, cell, line

    def _is_imported(self, file: int, name: str) -> bool:
        """Whether a notebook that imports notebooks knows the name."""
        others = (one for each, one in self._books.importing.items() if each != file)
        return any(name in one.bindings or name in one.uses for one in others)

    def _asked(self, member: Member) -> str:
        return ", ".join(one.name for one in self._parameters(member)) or self._books.definition(member).name

    # one cell

    def _cell(self, file: int, cell: int, name: str, members: list[Member], uses: list[Used], every: bool) -> None:
        code = [used for used in uses if self._is_code(used, members)]
        if not code:
            return
        line = code[0].use.line
        try:
            found = [one for one in self._books.mentions(file, cell, name) if one.form != "attribute"]
        except SyntaxError as error:
            self._refuse_all(members, str(error.msg), cell, line)
            return
        owners = {one: self._books.owner(file, cell, one.owner) for one in found}
        if not every:
            found = [one for one in found if Member(file, cell, owners[one]) in self._sharing.group_of]
        if len(found) != len(code) or any(one.owner and owners[one] < 0 for one in found):
            self._refuse_all(members, "the calls in this cell could not be told apart", cell, line)
            return
        for mention in found:
            if mention.form == "read":
                self._refuse_all(members, f"`{name}` is used as a value here", cell, mention.line)
            else:
                self._mention(file, cell, mention, owners[mention], members)

    def _refuse_all(self, members: Sequence[Member], why: str, cell: int, line: int) -> None:
        for member in members:
            self._refuse(member, f"`{self._asked(member)}` can't be handed in: {why}", cell, line)

    def _is_code(self, used: Used, members: list[Member]) -> bool:
        """Whether a use is a call, or a function given away; anything else is refused, or does no harm."""
        use = used.use
        if use.kind in _CALLS or use.kind is UseKind.VALUE:
            return True
        read = use.kind in _READING and use.detail in _READ_FROM_IT
        if not read:
            why = f"`{use.name}` is used otherwise than by a call here"
            self._refuse_all(members, why, used.cell, use.line)
        return False

    def _mention(self, file: int, cell: int, mention: Mention, owner: int, members: list[Member]) -> None:
        caller = Member(file, cell, owner) if owner >= 0 else None
        moving = caller if caller in self._sharing.group_of else None
        callee = self._meant(cell, mention, members, moving)
        if callee is None:
            return
        spelled = (file, cell, mention.line) in self._spelled
        context = Place(self._books, self._sharing, self._shared, callee, moving, cell, mention, spelled)
        given, why, blamed = context.given()
        if not why and given:
            why = context.why_not_editable()
        edits: tuple[Replacement, ...] | str = ()
        if not why and given:
            edits = passing(mention, given) if mention.form == "call" else context.as_lambda(given)
            why = edits if isinstance(edits, str) else ""
        if why:
            self._refuse(blamed or callee, f"`{self._asked(callee)}` can't be handed in: {why}", cell, mention.line)
        elif edits and not isinstance(edits, str):
            self.edited.append(Edited(file, cell, mention.name, mention.form == "call", tuple(given), edits, callee))

    def _meant(self, cell: int, mention: Mention, members: list[Member], moving: Member | None) -> Member | None:
        """Which of the copies of that name a call means; None, and all refused, where that is not certain."""
        if moving in members:
            return moving
        if mention.deferred:
            passed = {tuple((one.name, one.values[member]) for one in self._parameters(member)) for member in members}
            if len(passed) > 1:
                self._refuse_all(members, f"which `{mention.name}` is called here depends on when", cell, mention.line)
                return None
            return members[-1]
        moment = (cell, self._books.statement(members[0].file, cell, mention))
        above = [member for member in members if self._books.moment(member) < moment]
        if not above:
            self._refuse_all(members, "it is called above its definition", cell, mention.line)
            return None
        return max(above, key=self._books.moment)


def _shown_by(use: Use) -> str:
    """Who shows a function's parameters to people or code that asks, "" when nobody does."""
    if use.kind is UseKind.MAGIC and use.detail in _SHOWING_MAGICS:
        return use.detail if use.detail == "?" else f"%{use.detail}"
    asked = use.detail.lstrip(".")
    return asked if use.kind is UseKind.VALUE and asked in _SHOWING else ""
