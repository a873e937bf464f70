"""The order of planning, and the Plan as its outcome."""

from collections.abc import Iterable, Mapping, Sequence

from msgspec.structs import replace

from nb2mod.config import Config
from nb2mod.model import (
    Candidate,
    Extraction,
    Features,
    Package,
    Plan,
    PlanOptions,
    PlanResult,
    Reason,
    Target,
    Verdict,
)
from nb2mod.stages.plan.absent import failing
from nb2mod.stages.plan.drafts import House, Refusal, Seat
from nb2mod.stages.plan.gather import Request, cannot, forced_module, gather
from nb2mod.stages.plan.homes import Homes
from nb2mod.stages.plan.limits import limits_of, ordered_groups
from nb2mod.stages.plan.loads import ExistingModules, Loaded, importers, is_broken, is_quiet
from nb2mod.stages.plan.naming import taken_names
from nb2mod.stages.plan.placing import Placement, place, with_topics
from nb2mod.stages.plan.reading import loaded_by, renamed, root_of
from nb2mod.stages.plan.units import Unit


def make(
    candidates: Sequence[Candidate],
    features: Sequence[Features],
    package: Package,
    config: Config,
    options: PlanOptions | None = None,
) -> PlanResult:
    """The plan for all candidates to be extracted, with the helpers and constants they need.

    `candidates` must hold every candidate that a need names, whatever its verdict. A candidate that can't be placed, and
    what depends on it, is left out and comes back with its reason. The order of candidates and notebooks changes nothing.
    Raises UsageError when the configuration, `--module` or the plan file names something that can't be a module or a name.
    """
    existing = ExistingModules(features, package)
    statements = {need.text for item in candidates for need in item.needs if need.kind == "import statement"}
    request = Request(
        candidates={item.id: item for item in sorted(candidates, key=lambda item: item.id)},
        features=features,
        package=package,
        config=config,
        options=options or PlanOptions(),
        existing=existing,
        homes=Homes(features, existing),
        loaded=Loaded(features, existing, statements),
    )
    rejected = _loud(request)
    while True:
        units, placement, found = _attempt(request, rejected)
        if not found.keys() - rejected.keys():
            break
        rejected = {**found, **rejected}
    return _result(request, candidates, units, placement, rejected)


def _loud(request: Request) -> dict[str, Reason]:
    """Without --unsafe no import may start to run a module of the package that does more than bind names (N18); and one that
    does not parse, or imports what is not there, never.
    """
    files = request.existing.files
    loud = {name for name, file in files.items() if not is_quiet(file)}
    rejected = {}
    for key, candidate in request.candidates.items():
        module = _goes_to(request, candidate)
        running = sorted({module, *request.existing.imports(module)} & loud)
        first = next((name for name in running if not _runs_before(request, candidate, name)), None)
        broken = next((name for name in running if is_broken(files[name])), None)
        fails = failing(request.existing, module, request.package.absent) if request.package.absent else None
        if fails is not None and not _runs_before(request, candidate, fails[0]):
            why = f"would import {fails[0]}, which imports {fails[1]}, and no file of the project is that module"
            rejected[key] = cannot(request, key, why, "NB318")
        elif broken is not None:
            rejected[key] = cannot(request, key, f"would import {broken}, which does not parse", "NB318")
        elif first is not None and candidate.verdict is Verdict.EXTRACT and not request.options.unsafe:
            why = f"would make notebooks run {first}, which does more than bind names when it is imported"
            rejected[key] = cannot(request, key, why, "NB318", "review")
    return rejected


def _goes_to(request: Request, candidate: Candidate) -> str:
    """The module an import of it would name, as far as that is settled; else the package, which is imported anyway."""
    if candidate.existing:
        return candidate.existing.module
    return forced_module(request, candidate) or request.package.name


def _runs_before(request: Request, candidate: Candidate, module: str) -> bool:
    """Whether every notebook has imported the module above each place where an import of the package would stand."""
    features = request.features
    places = [(site.file, site.cell, site.line) for need in candidate.needs for site in need.sites]
    for member in candidate.members:
        definition = features[member.file].cells[member.cell].facts.definitions[member.definition]
        places.append((member.file, member.cell, definition.line))
    return all(module in request.loaded.at(*place) for place in places)


def _attempt(request: Request, rejected: Mapping[str, Reason]) -> tuple[dict[str, Unit], Placement, dict[str, Reason]]:
    """Units and seats without those rejected so far, and who is rejected now."""
    gathered = gather(request, rejected)
    found = dict(gathered.rejected)
    units = _without_dangling(request, gathered.units, found)
    limits = limits_of(units, request.existing)
    for key, loads in limits.faults.items():
        found.setdefault(key, cannot(request, key, _too_early(loads), "NB318"))
    if limits.faults:
        return {}, Placement({}, {}, {}), found
    topical = with_topics(units)
    groups = tuple(tuple(topical[unit.key] for unit in group) for group in limits.groups)
    importing = importers(request.features, request.existing, request.loaded)
    house = House(topical, limits.limit, request.existing, importing)
    placement = place(house, request.homes, replace(limits, groups=groups), taken_names(request.features))
    for key, refusal in placement.refused.items():
        for candidate in topical[key].users or (key,):
            found.setdefault(candidate, _refused(request, candidate, refusal))
    return topical, placement, found


def _without_dangling(request: Request, units: Mapping[str, Unit], found: dict[str, Reason]) -> dict[str, Unit]:
    """Leaves out units that read one that is not there, until none is left; constants only with a reader."""
    rest = dict(units)
    while True:
        dangling = [unit for unit in rest.values() if any(edge.unit not in rest for edge in unit.edges)]
        if not dangling:
            break
        for unit in dangling:
            del rest[unit.key]
            found.setdefault(unit.key, cannot(request, unit.key, "needs something that is not moved"))
    read = {edge.unit for unit in rest.values() for edge in unit.edges}
    return {key: unit for key, unit in rest.items() if unit.kind != "constant" or key in read}


def _refused(request: Request, key: str, refusal: Refusal) -> Reason:
    if refusal.loads:
        return cannot(request, key, _too_early(refusal.loads), "NB318")
    if refusal.name:
        return cannot(request, key, f"finds no module in which `{refusal.name}` means what it does in the notebooks")
    return cannot(request, key, refusal.message)


def _too_early(loads: Iterable[str]) -> str:
    names = ", ".join(sorted({root_of(name.removeprefix("statement ")) for name in loads if " " not in name})) or "more"
    return f"would make a notebook load {names} before it does so itself"


def _result(
    request: Request,
    candidates: Sequence[Candidate],
    units: Mapping[str, Unit],
    placement: Placement,
    rejected: Mapping[str, Reason],
) -> PlanResult:
    seats = placement.seats
    seated = {key: unit for key, unit in units.items() if key in seats}
    extractions = [_extraction(unit, seats) for unit in _in_order(seated, seats)]
    new = [item for item in extractions if not item.existing]
    texts = {text for item in new for text in (*item.imports, *item.local_imports)}
    own = root_of(request.package.name)
    return PlanResult(
        plan=Plan(
            package=request.package.name,
            source_root=request.package.source_root,
            extractions=tuple(extractions),
            creates_package=bool(new) and not request.package.exists,
            bootstrap=bool(extractions) and request.config.bootstrap == "sys-path",
        ),
        candidates=tuple(
            replace(item, target=_target(placement, item.id)) if item.id in seated else item for item in candidates
        ),
        rejected=tuple(sorted(rejected.items())),
        third_party=tuple(sorted({root_of(name) for text in texts for name in loaded_by(text)} - {own})),
    )


def _target(placement: Placement, key: str) -> Target:
    seat = placement.seats[key]
    return Target(seat.module, seat.name, placement.apart.get(key, ""))


def _in_order(units: Mapping[str, Unit], seats: Mapping[str, Seat]) -> list[Unit]:
    """By module; constants first, then definitions, what is read before what reads it."""
    ordered = [unit for group in ordered_groups(units) for unit in _eager_first(group)]
    place = {unit.key: index for index, unit in enumerate(ordered)}
    return sorted(ordered, key=lambda unit: (seats[unit.key].module, unit.kind != "constant", place[unit.key]))


def _eager_first(group: Sequence[Unit]) -> list[Unit]:
    """In a circle: what is read while a definition runs (defaults, bases, decorators) stands above it."""
    rest = list(group)
    ordered: list[Unit] = []
    while rest:
        waiting = {unit.key for unit in rest}
        ready = [u for u in rest if not any(not e.lazy and e.unit in waiting and e.unit != u.key for e in u.edges)]
        ordered.append((ready or rest)[0])
        rest.remove(ordered[-1])
    return ordered


def _extraction(unit: Unit, seats: Mapping[str, Seat]) -> Extraction:
    seat = seats[unit.key]
    imports = [item.text for item in unit.imports if item.name not in seat.inside]
    local = [item.text for item in unit.imports if item.name in seat.inside]
    for edge in unit.edges:
        other = seats[edge.unit]
        if other.module != seat.module:
            alias = "" if other.name == edge.name else f" as {edge.name}"
            into = local if edge.name in seat.inside else imports
            into.append(f"from {other.module} import {other.name}{alias}")
    if unit.annotated_later:
        imports.insert(0, "from __future__ import annotations")
    return Extraction(
        candidate=unit.candidate,
        kind=unit.kind,
        module=seat.module,
        name=seat.name,
        source=unit.source if unit.fixed or seat.name == unit.name else renamed(unit.source, unit.name, seat.name),
        sites=unit.sites,
        imports=tuple(dict.fromkeys(imports)),
        local_imports=tuple(dict.fromkeys(local)),
        requires=tuple(dict.fromkeys((seats[edge.unit].module, seats[edge.unit].name) for edge in unit.edges)),
        eager=tuple(edge.name for edge in unit.edges if not edge.lazy and seats[edge.unit].module == seat.module),
        existing=unit.fixed is not None,
        ignored=unit.ignored,
        users=unit.users if unit.kind == "constant" else (),
    )
