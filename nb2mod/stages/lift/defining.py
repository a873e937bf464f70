"""What lifted definitions come to look like, and whether what they read of the notebook can be a parameter at all."""

from collections.abc import Sequence

from nb2mod.model import Member, Reason, Replacement, TextEdit, UseKind
from nb2mod.stages.lift.groups import Group, Lifted, Shared
from nb2mod.stages.lift.notebooks import TRANSPARENT, Notebooks
from nb2mod.syntax.details import Decorator, details
from nb2mod.syntax.passing import Mention, renamed
from nb2mod.syntax.passing_check import renames_only, same_arguments
from nb2mod.syntax.passing_places import Places, edited
from nb2mod.syntax.passing_signature import added, own_names, signature, undefaulted

_IMMUTABLE = ("literal", "default")


class Defining:
    """The definitions of one attempt. `refused` says what can't be lifted, `edits` holds those of each copy."""

    def __init__(self, books: Notebooks, groups: Sequence[Group], shared: Sequence[Shared]) -> None:
        self._books = books
        self._groups = groups
        self._shared = shared
        self.refused: dict[Member, list[Reason]] = {}
        self.edits: dict[Member, tuple[TextEdit, ...]] = {}
        self.replaced: dict[
            tuple[Member, str], tuple[Replacement, ...]
        ] = {}  # beside what unify found: renamed reads, defaults

    def work_out(self) -> None:
        for group, shared in zip(self._groups, self._shared, strict=True):
            for member in group.members:
                self._strings(member)
            if not shared.parameters:
                continue
            texts = {member: self._one(member, shared.parameters) for member in group.members}
            shapes = {self._books.shape(text)[0] for text in texts.values() if text}
            if len(shapes) > 1 or b"" in shapes:
                for member in group.members:
                    self._refuse(member, "with what is handed in the copies are still not alike")

    def _refuse(self, member: Member, message: str, line: int = 0) -> None:
        self.refused.setdefault(member, []).append(self._books.blocks(message, member, line=line))

    def _strings(self, member: Member) -> None:
        """State that only a string names can't become a parameter."""
        for use in self._books.cell(member).facts.uses:
            if use.owner != member.definition or use.kind is not UseKind.STRING or use.detail == "annotation":
                continue
            if self._books.meaning(member, use.name).kind == "state":
                message = f"`{use.name}` can't be handed in: a string names it here; write it outside of the string"
                self._refuse(member, message, use.line)

    def _one(self, member: Member, parameters: Sequence[Lifted]) -> str:
        """The lifted text of one copy, "" when it can't be lifted."""
        why, line = self._why_not(member, parameters)
        if why:
            asked = ", ".join(one.name for one in parameters)
            self._refuse(member, f"`{asked}` can't be handed in: {why}", line)
            return ""
        text = self._books.text(member)
        edits = [edit for one in parameters for edit in one.replacements.get(member, ())]
        found = signature(text)
        new = [(one.name, one.default) for one in parameters if one.position is None]
        names: dict[str, str] = {}
        edits += added(found, new)
        dropped = []
        for one in parameters:
            if one.kind == "default" and not one.replacements and one.reads[member]:
                edit = undefaulted(found, one.keywords[member], text)
                if edit is None:
                    why = "one before it has a default, or it goes over lines"
                    self._refuse(
                        member, f"`{one.keywords[member]}` can't lose its default `{one.values[member]}`: {why}"
                    )
                    return ""
                edits.append(edit)
                self.replaced[member, one.name] = (edit,)
                dropped.append(one.keywords[member])
            elif one.kind == "state" and one.values[member] != one.name:
                names[one.values[member]] = one.name
        for name, other in names.items():
            more = self._renames(member, name, other)
            if more is None:
                return ""
            edits += more
            self.replaced[member, other] = more
        after = edited(text, edits)
        holes = any(one.replacements.get(member) for one in parameters)
        if not same_arguments(text, after, new, dropped) or not (holes or renames_only(text, after, names)):
            self._refuse(member, "its text could not be changed for certain")
            return ""
        self.edits[member] = tuple(self._books.edits(member, edits))
        return after

    # whether

    def _why_not(self, member: Member, parameters: Sequence[Lifted]) -> tuple[str, int]:
        """Why a definition can't take these, in words, and the line (0: its `def`); "" when it can."""
        books, definition = self._books, self._books.definition(member)
        why = books.why_no_function(member)
        if why:
            return why, 0
        cell = books.cell(member)
        if cell.facts.transformed or cell.locked or cell.odd:
            return "its cell is not to be edited", 0
        found = details(books.text(member))
        why = self._why_not_decorated(member, parameters, found.decorators)
        if why:
            return why, definition.line
        read = [one for one in parameters if one.kind not in _IMMUTABLE]
        if read and (found.is_generator or found.is_async):
            return "it is a generator or coroutine, which reads when it is asked for values", 0
        passed = {name for one in read for name in one.reads[member]}
        declared = next((one for one in found.globals if one.name in passed), None)
        if declared is not None:
            return f"it binds `{declared.name}` itself, through `global`", definition.line + declared.line - 1
        own = own_names(
            edited(books.text(member), [edit for one in parameters for edit in one.replacements.get(member, ())])
        )
        for one in parameters:
            why, line = self._why_not_name(member, one, own.bound, own.every, own.hides)
            if why:
                return why, line
        return "", 0

    def _why_not_decorated(self, member: Member, parameters: Sequence[Lifted], decorators: Sequence[Decorator]) -> str:
        """Literals are handed through a decorator that hands on what it is given, whatever that is."""
        for one in decorators:
            root, _, _ = one.name.partition(".")
            imported = self._books.meaning(member, root).kind == "import"
            if not imported or one.name.rpartition(".")[2] not in TRANSPARENT:
                return f"its decorator `{one.name}` sees its parameters"
            if any(each.kind not in _IMMUTABLE or each.reads[member] for each in parameters):
                return f"it is no literal, and its decorator `{one.name}` sees what is passed"
        if any(each.position is not None for each in parameters) and self._books.is_cached(member):
            return "its cache would no longer tell apart calls that leave a default out and calls that pass it"
        return ""

    def _why_not_name(
        self, member: Member, one: Lifted, bound: frozenset[str], every: frozenset[str], hides: frozenset[str]
    ) -> tuple[str, int]:
        read = one.values[member] if one.kind == "state" else ""
        if one.position is not None:
            return self._why_not_default(member, one), 0
        if one.name in bound or one.name in hides or read in hides:
            return f"`{one.name}` is a name of its own there; give that another name", 0
        if one.name in every and one.name != read and not one.replacements.get(member):
            return f"`{one.name}` means something else there already", 0
        for name in one.reads[member] if one.kind == "state" or one.replacements.get(member) else ():
            why = self._books.why_unsteady(member.file, name)
            if why:
                return f"`{name}` may change while it runs: {why}", 0
            for mention in self._inside(member, name):
                if mention.later and not self._books.once(member.file, name):
                    return f"`{name}` is read by code that may run later, and it is bound more than once", mention.line
                if name in mention.unsure:
                    return f"`{name}` may be a name of the class there", mention.line
        return "", 0

    def _why_not_default(self, member: Member, one: Lifted) -> str:
        """A default that is state: it must be the same at each call as it was when the definition ran."""
        for name in one.reads[member] if one.kind == "default" and not one.replacements else ():
            moment = self._books.moment(member)
            if not self._books.once(member.file, name) or not self._books.bound_before(member.file, name, moment):
                return f"the default `{name}` is not bound just once, above the definition"
        return ""

    def _inside(self, member: Member, name: str) -> list[Mention]:
        try:
            return list(self._books.inside(member, name))
        except SyntaxError:
            return []

    def _renames(self, member: Member, name: str, other: str) -> tuple[Replacement, ...] | None:
        """The edits of a definition's text that call a name as the other copies do; None, and it is refused, without any."""
        cell = self._books.cell(member)
        places = Places(cell.source, cell.source)
        own = Places(self._books.text(member), self._books.text(member))
        first = self._books.definition(member).line
        found = []
        for mention in self._inside(member, name):
            edit = renamed(mention, other)
            if isinstance(edit, str):
                self._refuse(member, f"`{name}` can't be called `{other}` as in the other copies: {edit}", mention.line)
                return None
            line, column = places.place(edit[0].start)
            start = own.at(line - first + 1, column)
            found.append(Replacement(start, start + len(name), other))
        return tuple(found)
