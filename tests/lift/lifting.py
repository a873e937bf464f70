"""What the tests of lift share: notebooks as lists of cells, what lifting makes of them, and their output when they are run."""

import contextlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from nb2mod.model import CellFeatures, Environment, Features, Lifts, Member, NewParameter, Replacement
from nb2mod.notebook.masking import mask
from nb2mod.stages.analyze import Meanings, names_of
from nb2mod.stages.index.reading import digest, read_cell, read_module
from nb2mod.stages.lift import Group, lift

Cells = Sequence[str]


@dataclass
class Project:
    """Notebooks (lists of cells) and modules (texts) with their features."""

    notebooks: Sequence[Cells]
    modules: Sequence[str] = ()
    cell: Mapping[str, Any] = field(default_factory=dict)  # of every cell

    def __post_init__(self) -> None:
        books = [
            Features(f"{chr(97 + at)}.ipynb", tuple(map(self._cell, range(1, 99), one)))
            for at, one in enumerate(self.notebooks)
        ]
        modules = [
            Features(
                f"src/team/m{at}.py", (CellFeatures(0, None, text, digest(text), read_module(text)),), kind="module"
            )
            for at, text in enumerate(self.modules)
        ]
        self.features = [*books, *modules]
        self.names = {file: names_of(file, one) for file, one in enumerate(self.features)}
        self.meanings = Meanings(self.features, self.names, Environment())

    def _cell(self, number: int, source: str) -> CellFeatures:
        return CellFeatures(number, f"id{number}", source, digest(source), read_cell(source), **self.cell)

    def members(self, name: str) -> tuple[Member, ...]:
        """Every definition of a name, in order of place."""
        return tuple(
            Member(file, cell, index)
            for file, one in enumerate(self.features)
            for cell, each in enumerate(one.cells)
            for index, definition in enumerate(each.facts.definitions)
            if definition.name == name
        )

    def lift(self, *groups: str | Group) -> Lifts:
        """Lifts groups; a name stands for all definitions of that name."""
        given = [Group(self.members(one)) if isinstance(one, str) else one for one in groups]
        return lift(
            self.features,
            self.names,
            given,
            lambda member, name: self.meanings.of(member.file, member.cell, member.definition, name),
        )

    def text(self, member: Member) -> str:
        cell = self.features[member.file].cells[member.cell]
        definition = cell.facts.definitions[member.definition]
        return "\n".join(cell.source.splitlines()[definition.line - 1 : definition.end_line])

    def after(self, lifts: Lifts) -> list[list[str]]:
        """The cells of every file with the edits made."""
        found = [[cell.source for cell in one.cells] for one in self.features]
        for edit in sorted(lifts.edits, reverse=True):
            source = found[edit.file][edit.cell]
            found[edit.file][edit.cell] = source[: edit.start] + edit.text + source[edit.end :]
        for before, after in zip(self.features, found, strict=True):
            for cell, source in zip(before.cells, after, strict=True):
                assert len(cell.source.splitlines()) == len(source.splitlines()), source
        return found


def hole(
    text: str, what: str, name: str, default: str, value: str = "", kind: str = "literal", **more: Any
) -> NewParameter:
    """The parameter for all places of `what` in a definition's text."""
    places, at = [], text.find(what)
    while at >= 0:
        places.append(Replacement(at, at + len(what), name))
        at = text.find(what, at + 1)
    assert places, what
    return NewParameter(name, kind, default, value, replacements=tuple(places), **more)


def literal_group(project: Project, name: str, parameter: str, default: str, *whats: str) -> Group:
    """The copies of `name`, each with its own literal at the hole."""
    members = project.members(name)
    found = {
        member: (hole(project.text(member), what, parameter, default, "" if what == default else what),)
        for member, what in zip(members, whats, strict=True)
    }
    return Group(members, found)


def lifted(*cells: str, moves: Sequence[str] = ("f",), **cell: Any) -> tuple[list[str], list[str]]:
    """The cells of one notebook after lifting, and the messages of what is refused."""
    project = Project([cells], cell=cell)
    found = project.lift(*moves)
    return project.after(found)[0], [reason.message for reasons in found.refused.values() for reason in reasons]


def run(cells: Cells) -> str:
    """What the cells print, run one after the other; an error ends it and is printed."""
    out = io.StringIO()
    space: dict[str, Any] = {"__name__": "__main__"}
    with contextlib.redirect_stdout(out):
        for cell in cells:
            try:
                exec(compile(mask(cell).python, "<cell>", "exec"), space)
            except Exception as error:
                print(type(error).__name__, "" if isinstance(error, TypeError | RecursionError) else error)
                break
    return out.getvalue()
