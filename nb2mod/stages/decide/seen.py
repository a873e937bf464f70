"""Why copies that mean the same stay apart all the same: their names differ, and something sees them (N20). For people to read;
what is decided by it is in `parts`.
"""

from collections.abc import Iterator, Mapping, Sequence

from nb2mod.model import Features, Location, Member, Names, Reason
from nb2mod.stages.decide.parts import definition_at, is_call_naming, names_kept

_CODE = "NB373"


def why_apart(
    member: Member, others: Sequence[Member], features: Sequence[Features], names: Mapping[int, Names]
) -> Reason:
    """Why `member` is not one with `others`, copies of one shape, with the place that sees what they are called; its own `def`
    where no place can be named.
    """
    own = definition_at(features, member)
    for other in sorted(others):
        found = definition_at(features, other)
        if (found.name, found.params) == (own.name, own.params):
            continue
        message = f"is called `{own.name}` here and `{found.name}` in another copy"
        kept = None
        if found.name == own.name:
            pairs = zip(own.params, found.params, strict=False)
            mine, its = next((pair for pair in pairs if pair[0] != pair[1]), ("", ""))
            message = f"its parameter `{mine}` is `{its}` in another copy"
            kept = names_kept(own.params, found.params)
        for one, name in ((member, own.name), (other, found.name)):
            for place, how in _seen(one, name, kept, features, names[one.file]):
                return Reason(_CODE, f"{message}, and {how}", "blocks", place)
    message = "what it reads or calls means something else than in the other copies"
    return Reason(_CODE, message, "blocks", _own_place(member, features))


def _seen(
    member: Member, name: str, kept: frozenset[str] | None, features: Sequence[Features], notebook: Names
) -> Iterator[tuple[Location, str]]:
    what = "the name" if kept is None else "it"
    for used in notebook.uses.get(name, ()):
        if not is_call_naming(used.use, kept):
            where = features[member.file].cells[used.cell]
            how = (
                f"a use that is no plain call may see {what}" if kept is None else f"a call may pass {what} by its name"
            )
            yield Location(features[member.file].path, where.number, used.use.line, where.id), how
    own = _own_place(member, features)
    if name in notebook.strings:
        yield own, f"`{name}` stands in a string of the notebook"
    if name in notebook.unknown:
        yield own, "a cell that can't be read mentions it"
    if notebook.wild:
        yield own, "code that the notebook runs or executes may see it"


def _own_place(member: Member, features: Sequence[Features]) -> Location:
    one = features[member.file]
    cell = one.cells[member.cell]
    return Location(one.path, cell.number, definition_at(features, member).def_line, cell.id)
