"""What lifting asks of the notebooks: the text of a copy, where a name is mentioned, whether it is bound there for certain."""

import builtins
from collections.abc import Callable, Iterator, Mapping, Sequence

from nb2mod.model import (
    BindKind,
    Bound,
    CellFeatures,
    Definition,
    Features,
    Location,
    Masked,
    Meaning,
    Member,
    Names,
    Reason,
    Replacement,
    TextEdit,
    Use,
)
from nb2mod.notebook.masking import mask
from nb2mod.syntax import facts, lines_between, split_lines
from nb2mod.syntax.details import details
from nb2mod.syntax.passing import Mention, mentions
from nb2mod.syntax.passing_places import Places

CODE = "NB376"
TOO_MANY = "NB374"
Moment = tuple[int, int]  # cell index, statement in it
Line = tuple[int, int, int]  # file, cell index, line
NEVER: Moment = (1 << 60, 0)
_BUILTINS = frozenset(dir(builtins))
# Names are read at other times than they are written down where these run code beside the notebook's own.
_BESIDE = frozenset(
    "threading _thread concurrent asyncio ipywidgets multiprocessing joblib dask ray sched panel dash bokeh tkinter trio anyio "
    "twisted tornado aiohttp gevent schedule watchdog signal".split()
)
# Decorators that hand on what they are given, keywords too, and look at no signature.
_CACHING = frozenset(("cache", "lru_cache"))
TRANSPARENT = _CACHING | {"contextmanager", "no_grad", "inference_mode", "final", "override"}
_IMPORTERS = frozenset(("import_ipynb", "nbimporter", "ipynb", "importnb", "testbook"))


class Notebooks:
    """All files of a run; what is worked out of them is kept."""

    def __init__(
        self,
        features: Sequence[Features],
        names: Mapping[int, Names],
        meaning: Callable[[Member, str], Meaning],
    ) -> None:
        self.features = features
        self.names = names
        self.meaning = meaning
        # Notebooks that import notebooks, by file.
        self.importing = {file: one for file, one in names.items() if one.modules & _IMPORTERS}
        self._mentioned: dict[tuple[int, int, str], tuple[Mention, ...]] = {}
        self._pieces: dict[tuple[int, int], tuple[str, ...]] = {}
        self._texts: dict[Member, str] = {}
        self._masked: dict[tuple[int, int], str] = {}
        self._shapes: dict[str, tuple[bytes, tuple[str, ...]]] = {}
        self._owners: dict[int, dict[tuple[int, int], str]] = {}

    # places

    def cell(self, member: Member) -> CellFeatures:
        return self.features[member.file].cells[member.cell]

    def definition(self, member: Member) -> Definition:
        return self.cell(member).facts.definitions[member.definition]

    def is_module(self, member: Member) -> bool:
        return self.features[member.file].kind == "module"

    def blocks(self, message: str, member: Member, cell: int = -1, line: int = 0, code: str = CODE) -> Reason:
        """A reason why a copy is not lifted, at a line of its file; its own `def` when none is given."""
        where = self.features[member.file].cells[member.cell if cell < 0 else cell]
        line = line or self.definition(member).def_line
        return Reason(code, message, "blocks", Location(self.features[member.file].path, where.number, line, where.id))

    def moment(self, member: Member) -> Moment:
        """When its statement runs."""
        return member.cell, self.definition(member).statement

    # texts

    def text(self, member: Member) -> str:
        """The lines of a definition with their line ends as they stand, as `Copy.text` has them."""
        if member not in self._texts:
            definition = self.definition(member)
            source = self.cell(member).source
            self._texts[member] = lines_between(source, definition.line, definition.end_line)
        return self._texts[member]

    def why_no_function(self, member: Member) -> str:
        """Why a definition can have no new parameter, whatever it does; "" when it can."""
        definition = self.definition(member)
        if definition.kind == "class":
            return "it is a class; hand it to its methods"
        if definition.conditional:
            return "it is defined inside if, for, try or with"
        try:
            details(self.text(member))
        except (SyntaxError, ValueError, RecursionError):
            return "its text can't be read alone; is there a magic in it?"
        return ""

    def is_cached(self, member: Member) -> bool:
        """Whether what it gives is kept by what it is passed."""
        decorators = details(self.text(member)).decorators
        return any(one.name.rpartition(".")[2] in _CACHING for one in decorators)

    def edits(self, member: Member, replacements: Sequence[Replacement]) -> Iterator[TextEdit]:
        """Edits of a definition's text as those of its cell."""
        own = Places(self.text(member), self.text(member))
        cell = self.cell(member)
        places = Places(cell.source, cell.source)
        first = self.definition(member).line
        end = "\r\n" if "\r\n" in cell.source else "\n"
        for one in replacements:
            (start_line, start), (end_line, last) = own.place(one.start), own.place(one.end)
            yield TextEdit(
                member.file,
                member.cell,
                places.at(start_line + first - 1, start),
                places.at(end_line + first - 1, last),
                one.text.replace("\r\n", "\n").replace("\n", end),
            )

    def shape(self, text: str) -> tuple[bytes, tuple[str, ...]]:
        """The shape and free names of the one definition that `text` is; (b"", ()) when it is none."""
        if text not in self._shapes:
            found = facts(text, Masked(text)).definitions
            self._shapes[text] = (found[0].shape, found[0].slots) if len(found) == 1 else (b"", ())
        return self._shapes[text]

    def python(self, file: int, cell: int) -> str:
        """A cell masked."""
        if (file, cell) not in self._masked:
            self._masked[file, cell] = self.masked(file, self.features[file].cells[cell].source)
        return self._masked[file, cell]

    def masked(self, file: int, source: str) -> str:
        """A cell's text as plain Python; that of a module is."""
        return source if self.features[file].kind == "module" else mask(source).python

    def mentions(self, file: int, cell: int, name: str) -> tuple[Mention, ...]:
        """Every read of a name in a cell. Raises SyntaxError where a cell can't be read closely enough."""
        if (file, cell, name) not in self._mentioned:
            source = self.features[file].cells[cell].source
            pieces = (piece for piece in self._cut(file, cell) if name in piece)
            found = tuple(mention for piece in pieces for mention in mentions(source, piece, (name,)))
            self._mentioned[file, cell, name] = found
        return self._mentioned[file, cell, name]

    def _cut(self, file: int, cell: int) -> tuple[str, ...]:
        """A cell masked, statement by statement, each on its own lines: a whole cell costs too much to read for one name."""
        if (file, cell) not in self._pieces:
            lines = split_lines(self.python(file, cell))
            found: list[tuple[int, int]] = []
            for one in self.features[file].cells[cell].facts.statements:
                if found and one.line <= found[-1][1]:
                    found[-1] = (found[-1][0], max(found[-1][1], one.end_line))
                else:
                    found.append((one.line, one.end_line))
            cut = tuple("\n" * (first - 1) + "\n".join(lines[first - 1 : last]) for first, last in found)
            self._pieces[file, cell] = cut
        return self._pieces[file, cell]

    def statement(self, file: int, cell: int, mention: Mention) -> int:
        """The statement of a cell that a mention stands in; -1: none."""
        line = mention.line
        statements = self.features[file].cells[cell].facts.statements
        found = [index for index, one in enumerate(statements) if one.line <= line <= one.end_line]
        if len(found) < 2:
            return found[0] if found else -1
        # Several on one line: those that read the name, in their order, are those that the mentions stand in.
        uses = [each.use for each in self.names[file].uses.get(mention.name, ()) if each.cell == cell]
        reading = sorted(use.statement for use in uses if use.line == line and use.statement in found)
        beside = [one.start for one in self.mentions(file, cell, mention.name) if one.line == line]
        if len(reading) == len(beside) and -1 not in beside:
            return reading[sorted(beside).index(mention.start)]
        return min(reading, default=found[0])

    def inside(self, member: Member, name: str) -> tuple[Mention, ...]:
        """Reads of a name inside a definition."""
        line = self.definition(member).def_line
        return tuple(one for one in self.mentions(member.file, member.cell, name) if one.owner == line)

    def owner(self, file: int, cell: int, line: int) -> int:
        """Which definition of a cell has its `def` on a line; -1: none."""
        found = self.features[file].cells[cell].facts.definitions
        return next((index for index, one in enumerate(found) if one.def_line == line), -1)

    def own_uses(self, member: Member, name: str) -> Iterator[Use]:
        for used in self.names[member.file].uses.get(name, ()):
            if used.cell == member.cell and used.use.owner == member.definition:
                yield used.use

    # when names are bound

    def once(self, file: int, name: str) -> bool:
        """Whether a name holds one thing from its binding to the end."""
        bounds = self.names[file].bindings.get(name, ())
        return self.is_builtin(file, name) or (len(bounds) == 1 and bounds[0].binding.certain)

    def is_builtin(self, file: int, name: str) -> bool:
        return name in _BUILTINS and name not in self.names[file].bindings

    def why_unsteady(self, file: int, name: str) -> str:
        """Why a name may change under a call, in words; "" when it can't."""
        names = self.names[file]
        for bound in names.bindings.get(name, ()):
            place = self.where(file, bound)
            if bound.binding.kind is BindKind.DECLARED:
                return f"a function binds it through `global` ({place})"
            if bound.binding.kind is BindKind.DELETE:
                return f"it is deleted in {place}"
        if name in names.unknown:
            return "a cell that can't be read mentions it"
        beside = sorted(names.modules & _BESIDE)
        if beside and not self.once(file, name):
            return f"it is bound more than once, and with `{beside[0]}` code may run in between"
        if names.wild and max(names.wild) >= NEVER:
            return "a function may bind any name when it is called (exec, globals)"
        return ""

    def where(self, file: int, bound: Bound) -> str:
        return f"cell {self.features[file].cells[bound.cell].number}, line {bound.binding.line}"

    def bound_before(self, file: int, name: str, moment: Moment) -> bool:
        """Whether a name is certainly bound when the statement at `moment` begins."""
        if self.is_builtin(file, name):
            return True
        for bound in self.names[file].bindings.get(name, ()):
            binding = bound.binding
            if not binding.certain or binding.kind in (BindKind.DECLARED, BindKind.DELETE, BindKind.AUGMENTED):
                continue
            # What a %% line binds, it binds when its cell is over.
            if (bound.cell, NEVER[0] if binding.statement < 0 else binding.statement) < moment:
                return True
        return False

    def earliest(self, file: int, name: str) -> Moment:
        """The first statement that may run the body of `name`, a function or class of a notebook."""
        names = self.names[file]
        seen: set[str] = set()
        found, stack = NEVER, [name]
        while stack:
            current = stack.pop()
            if current in seen:
                continue
            seen.add(current)
            if current in names.unknown:
                return (-1, 0)
            found = min(found, self._decorated(file, current))
            for used in names.uses.get(current, ()):
                if used.use.deferred and used.use.owner >= 0:
                    stack.append(self.owners(file)[used.cell, used.use.owner])
                else:
                    found = min(found, (used.cell, used.use.statement))
        return found

    def _decorated(self, file: int, name: str) -> Moment:
        """When the first decorated definition of a name is made: a decorator may call it at once."""
        moments = [NEVER]
        for bound in self.names[file].bindings.get(name, ()):
            if bound.binding.owner >= 0:
                definition = self.features[file].cells[bound.cell].facts.definitions[bound.binding.owner]
                if definition.line < definition.def_line:
                    moments.append((bound.cell, bound.binding.statement))
        return min(moments)

    def owners(self, file: int) -> dict[tuple[int, int], str]:
        if file not in self._owners:
            self._owners[file] = {
                (cell, index): definition.name
                for cell, one in enumerate(self.features[file].cells)
                for index, definition in enumerate(one.facts.definitions)
            }
        return self._owners[file]
