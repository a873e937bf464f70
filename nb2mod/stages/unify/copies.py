"""A definition of a notebook or module as the text that is unified."""

from collections.abc import Mapping

from nb2mod.model import Copy, Features, Location, Meaning, Member
from nb2mod.syntax import lines_between


def copy_of(features: Features, member: Member, meanings: Mapping[str, Meaning]) -> Copy:
    """The copy that a member of this file points at; `meanings` are those of its free names."""
    cell = features.cells[member.cell]
    definition = cell.facts.definitions[member.definition]
    text = lines_between(cell.source, definition.line, definition.end_line)
    place = Location(features.path, cell.number, definition.line, cell.id)
    return Copy(text, place, 1, dict(meanings), features.kind == "module")
