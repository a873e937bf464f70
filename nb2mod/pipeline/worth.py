"""Whether one function for near copies is worth having: what their calls come to say, against what goes away. A person may want
it all the same.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from nb2mod.model import Cut, Definition, Features, Member, NewParameter, Reason, TextEdit
from nb2mod.pipeline.near_texts import location
from nb2mod.stages import cut, unify

_CODE = "NB378"
# Of 58 merges in 15 repositories eight lay past it, all of which a person would ask about; the next was at 0.89. Measured before
# state was left out of the count, which makes no merge dearer.
_MOST_SAID = 0.9
_LONGEST_TABLE = 30  # characters of a list or dict that the calls of one notebook may hold altogether
_FEW_STATEMENTS = 6


def of_definitions(
    features: Sequence[Features], parameters: Mapping[Member, Sequence[NewParameter]], edits: Iterable[TextEdit]
) -> Reason | None:
    """Why a person should say whether near-miss definitions are to become one; None where they may. `parameters`: what each copy
    gets; `edits`: of the whole project. One that the package has already is asked about anyway.
    """
    if any(features[member.file].kind == "module" for member in parameters):
        return None
    found = {member: _definition(features, member) for member in parameters}
    texts = [unify.copy_of(features[member.file], member, {}).text for member in found]
    said = 0
    tables: dict[int, int] = defaultdict(int)
    for edit in edits:
        called = next((member for member in edit.calls if member in parameters), None)
        if called is not None:
            said += _said(parameters[called])
            tables[called.file] += _tables(parameters[called])
    first = min(parameters)
    place = location(features[first.file], first.cell, found[first].line)
    names = sorted({one.name for one in found.values()})
    why = _two_names(names, parameters[first], found[first].statements)
    why = why or _too_much(said, texts, max(tables.values(), default=0))
    return Reason(_CODE, why, "review", place) if why else None


def of_blocks(features: Sequence[Features], cuts: Sequence[Cut]) -> str:
    """The same for near copies of a block, of which each stands for its calls; "" where they may become one."""
    if not any(one.arguments for one in cuts):
        return ""
    texts = ["\n".join("\n".join(lines) for _, _, lines in cut.parts_of(features, one.block)) for one in cuts]
    tables: dict[int, int] = defaultdict(int)
    for one in cuts:
        tables[one.block.file] += _tables(one.arguments)
    said = sum(len(one.call) for one in cuts)
    return _too_much(said, texts, max(tables.values()))


def _two_names(names: Sequence[str], parameters: Sequence[NewParameter], statements: int) -> str:
    """Whoever wrote few lines under two names meant two things, and each call would have to say which."""
    asked = [one.name for one in parameters if not one.default and one.kind != "state"]
    if len(names) > 1 and asked and statements < _FEW_STATEMENTS:
        told = " and ".join(f"`{name}`" for name in names)
        return (
            f"{told} would be one function of {statements} statements, and every call would have to pass `{asked[0]}`"
        )
    return ""


def _too_much(said: int, texts: Sequence[str], table: int) -> str:
    if table > _LONGEST_TABLE:
        return (
            f"the calls of one notebook would hold {table} characters of lists and dicts that stand in the function now"
        )
    saved = sum(map(_characters, texts)) - max(map(_characters, texts))
    if said > _MOST_SAID * saved:
        return f"its calls would say {said} characters more, for {saved} that go away"
    return ""


def _said(parameters: Iterable[NewParameter]) -> int:
    """Characters that a call of a copy says more, state left out: that is handed in whatever becomes one."""
    return sum(len(f", {one.name}={one.value}") for one in parameters if one.value and one.kind != "state")


def _tables(parameters: Iterable[NewParameter]) -> int:
    """Characters of lists, dicts and sets that a call of a copy passes."""
    return sum(len(one.value) for one in parameters if one.kind == "expression" and one.value[:1] in "[{(")


def _characters(text: str) -> int:
    """Those of a text without its comments and indentation."""
    lines = (line.strip() for line in text.splitlines())
    return sum(len(line) for line in lines if not line.startswith("#"))


def _definition(features: Sequence[Features], member: Member) -> Definition:
    return features[member.file].cells[member.cell].facts.definitions[member.definition]
