"""What a survey knows of lifted definitions, and what a report says of them: near-miss copies and functions that read state, with
the parameters that make them one function or free of their notebook.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from nb2mod.model import (
    Argument,
    Candidate,
    CloneClass,
    Features,
    Location,
    Member,
    Names,
    NewParameter,
    Passing,
    Plan,
    Reason,
    TextEdit,
    Verdict,
)
from nb2mod.pipeline.drifted import DRIFTED, Drift, share

NEAR_COPIES = "NB103"

# File, cell, line of `def`: the same in a lifted notebook, and led back to from a laid one.
Place = tuple[int, int, int]
Line = tuple[int, int, int]  # file, cell, line
# What an argument would have cured: only then is it told why there is none.
_CURABLE = frozenset(("NB304", "NB305", "NB315", "NB321"))
_A_PARAMETER = "; a parameter "


class LiftedCopy(Struct, frozen=True):
    """One lifted definition. `similarity`: of the near-miss class that it was unified in; None where only state was lifted.
    `doubt`: why a person should say whether it is to become one with the others.
    """

    parameters: tuple[NewParameter, ...]
    place: Location
    notes: tuple[Reason, ...] = ()
    similarity: float | None = None
    doubt: Reason | None = None


def leads(parameters: Sequence[NewParameter]) -> bool:
    """Whether the values of a copy are the defaults that others do without: a module with its text contradicts none of them."""
    with_default = [one for one in parameters if one.default]
    return bool(with_default) and not any(one.value for one in with_default)


class Lifting(Struct, frozen=True):
    """`real` are the features as they are on disk; those of the survey hold `copies` with their parameters and calls already, as
    `edits` make them; on the lines `spelled` calls pass defaults too.
    `refused`: why a copy could not be lifted. `staying` are near-miss candidates that stay.
    `left`: copies that could be lifted and are not to move now, in whatever round that was found; `kept`: as these were judged.
    `drifted`: definitions of notebooks that resemble one of the package.
    """

    real: tuple[Features, ...] = ()
    names: dict[int, Names] = {}  # of `real`
    classes: tuple[CloneClass, ...] = ()  # of `real`
    copies: Mapping[Place, LiftedCopy] = {}
    edits: tuple[TextEdit, ...] = ()
    spelled: frozenset[Line] = frozenset()
    refused: Mapping[Place, tuple[Reason, ...]] = {}
    staying: tuple[Candidate, ...] = ()
    left: frozenset[Place] = frozenset()
    kept: Mapping[Place, Candidate] = {}
    drifted: Mapping[Place, Drift] = {}

    def passing(self) -> tuple[Passing, ...]:
        """The edits by path and cell as a person counts it."""
        return tuple(
            Passing(one.path, one.cells[edit.cell].number, edit.start, edit.end, edit.text, self._called(edit))
            for edit in self.edits
            for one in (self.real[edit.file],)
        )

    def _called(self, edit: TextEdit) -> tuple[Location, ...]:
        places = (self.copies.get(self._place(member)) for member in edit.calls)
        return tuple(one.place for one in places if one)

    def calls(self) -> dict[Place, tuple[Location, ...]]:
        """By the place of a copy: the lines on which its calls pass more."""
        found: dict[Place, set[Location]] = defaultdict(set)
        for edit in self.edits:
            cell = self.real[edit.file].cells[edit.cell]
            line = cell.source.count("\n", 0, edit.start) + 1
            for member in edit.calls:
                found[self._place(member)].add(Location(self.real[edit.file].path, cell.number, line, cell.id))
        return {place: tuple(sorted(lines)) for place, lines in found.items()}

    def spanned(self, place: Place) -> tuple[Location, Location]:
        """The first and the last line of a definition."""
        file, cell, line = place
        where = self.real[file].cells[cell]
        one = next(each for each in where.facts.definitions if each.def_line == line)
        path = self.real[file].path
        return Location(path, where.number, one.line, where.id), Location(path, where.number, one.end_line, where.id)

    def _place(self, member: Member) -> Place:
        definitions = self.real[member.file].cells[member.cell].facts.definitions
        return member.file, member.cell, definitions[member.definition].def_line

    def plan(self, plan: Plan) -> Plan:
        """The plan with the edits, and at each site what its calls pass."""
        if not self.edits:
            return plan
        passes = {
            (one.place.path, one.place.cell, one.place.line): tuple(
                (each.name, each.value or each.default) for each in one.parameters
            )
            for one in self.copies.values()
        }
        extractions = tuple(
            replace(
                one,
                sites=tuple(
                    replace(site, passes=passes.get((site.path, site.cell, site.line), ())) for site in one.sites
                ),
            )
            for one in plan.extractions
        )
        return replace(plan, extractions=extractions, passing=self.passing())


def told(
    lifting: Lifting, candidates: Sequence[Candidate], place_of: Callable[[Member], Place]
) -> tuple[Candidate, ...]:
    """The candidates with what lifting has to say of them."""
    if not lifting.copies and not lifting.refused:
        return tuple(candidates)
    calls = lifting.calls()
    return tuple(
        _told(lifting, candidate, [place_of(one) for one in candidate.members], calls) for candidate in candidates
    )


def _told(
    lifting: Lifting, one: Candidate, places: Sequence[Place], calls: Mapping[Place, tuple[Location, ...]]
) -> Candidate:
    copies = [lifting.copies[place] for place in places if place in lifting.copies]
    similarities = [copy.similarity for copy in copies if copy.similarity is not None]
    if similarities:
        one = replace(one, clone_type=3, similarity=share(min(similarities)), code=NEAR_COPIES)
    if one.verdict is Verdict.BLOCKED:
        if not _CURABLE.issuperset(reason.code for reason in one.reasons if reason.effect == "blocks"):
            return one
        why = dict.fromkeys(reason for place in places for reason in lifting.refused.get(place, ()))
        fresh = [reason for reason in why if reason not in one.reasons]
        return replace(one, reasons=(*map(_without_advice, one.reasons), *fresh)) if fresh else one
    if not copies:
        return one
    own = [lifting.spanned(place) for place in places]
    lines = [line for place in places for line in calls.get(place, ()) if not any(_holds(span, line) for span in own)]
    found = replace(
        one, arguments=_arguments(copies), calls=tuple(sorted(lines)), reasons=(*one.reasons, *_notes(copies))
    )
    if not similarities or one.existing is None or not _changes_package(lifting, one):
        return found
    message = f"`{one.existing.module}.{one.existing.name}` would get {_listed(copies)}"
    offers = Reason(DRIFTED, message, "review", copies[0].place)
    verdict = Verdict.REVIEW if one.verdict is Verdict.EXTRACT else one.verdict
    return replace(found, code=DRIFTED, verdict=verdict, reasons=(offers, *found.reasons))


def _without_advice(reason: Reason) -> Reason:
    """A reason that no parameter cures: that one would do is advice no more, what else would is."""
    message, found, advice = reason.message.rpartition(_A_PARAMETER)
    if reason.code not in _CURABLE or not found:
        return reason
    other = advice.partition(", or ")[2]
    return replace(reason, message=f"{message}; what would do is {other}" if other else message)


def _holds(span: tuple[Location, Location], line: Location) -> bool:
    return span[0] <= line <= span[1]


def _changes_package(lifting: Lifting, one: Candidate) -> bool:
    """Whether the package's own function would get a parameter."""
    target = one.existing
    path = f"/{target.module.replace('.', '/')}" if target else ""
    changed = {f"/{lifting.real[edit.file].path}" for edit in lifting.edits}
    return bool(path) and any(each.endswith((f"{path}.py", f"{path}/__init__.py")) for each in changed)


def _listed(copies: Sequence[LiftedCopy]) -> str:
    new = dict.fromkeys(one.name for copy in copies for one in copy.parameters if one.position is None)
    names = ", ".join(f"`{name}`" for name in new)
    return f"the parameter{'s' * (len(new) != 1)} {names}" if names else "another default"


def _arguments(copies: Sequence[LiftedCopy]) -> tuple[Argument, ...]:
    """Each parameter once, with the places of each value, in order of the signature."""
    values: dict[str, dict[str, list[Location]]] = {}
    heads: dict[str, NewParameter] = {}
    for copy in copies:
        for one in copy.parameters:
            heads.setdefault(one.name, one)
            by_value = values.setdefault(one.name, defaultdict(list))
            by_value[one.value or one.default].append(copy.place)
    return tuple(
        Argument(
            name,
            head.kind,
            head.default,
            tuple((value, tuple(sorted(places))) for value, places in values[name].items()),
        )
        for name, head in heads.items()
    )


def _values(one: Argument) -> Reason | None:
    """What the calls of each copy pass for a hole that was handed on from what it calls."""
    if one.kind not in ("literal", "default"):
        return None
    told = ", ".join(
        f"{value} in {', '.join(sorted({place.path for place in places}))}" for value, places in one.values
    )
    return Reason("NB375", f"`{one.name}` is {told}", "note", one.values[0][1][0])


def _notes(copies: Sequence[LiftedCopy]) -> list[Reason]:
    """What a person should know: the values that were made parameters (H8), the state that is handed in (N5)."""
    notes = list(dict.fromkeys(note for copy in copies for note in copy.notes))
    if not notes:
        notes += [note for one in _arguments(copies) if (note := _values(one))]
    state: dict[str, tuple[str, Location]] = {}  # parameter → what the first copy calls it, and where
    for copy in copies:
        for one in copy.parameters:
            if one.kind == "state":
                state.setdefault(one.name, (one.value, copy.place))
    notes += [
        Reason("NB377", f"`{name}` of the notebook becomes an argument: each call passes it", "note", place)
        for name, place in state.values()
    ]
    return notes
