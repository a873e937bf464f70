"""Which module each unit goes to: by topic first, split where loading or names forbid it, one module where one can do."""

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from nb2mod.stages.plan.drafts import House, Refusal, Seat
from nb2mod.stages.plan.homes import Homes
from nb2mod.stages.plan.limits import Limits
from nb2mod.stages.plan.loads import ExistingModules, is_quiet
from nb2mod.stages.plan.naming import base_names, family_names, other_names, split_names, usable
from nb2mod.stages.plan.reading import root_of
from nb2mod.stages.plan.topics import SETTINGS, topic_of
from nb2mod.stages.plan.units import Unit

_MOST_CHANGES = 100  # seats changed (other names, moved imports) for one group in one module


class Placement(Struct, frozen=True):
    """Seats by unit; what found none, with the last refusal met; why a unit is not in the module that it fits best (`apart`)."""

    seats: dict[str, Seat]
    refused: dict[str, Refusal]
    apart: dict[str, str]


def with_topics(units: Mapping[str, Unit]) -> dict[str, Unit]:
    """Units with their topic. Constants, private helpers and what nothing speaks for go where their readers go."""
    readers: dict[str, list[Unit]] = {}
    for unit in units.values():
        for edge in unit.edges:
            readers.setdefault(edge.unit, []).append(unit)
    topics: dict[str, str] = {}
    for unit in units.values():
        if unit.kind != "constant":
            topics[unit.key] = _own_topic(unit)
    follows = {
        unit.key
        for unit in units.values()
        if readers.get(unit.key) and (unit.kind == "constant" or unit.name.startswith("_") or not topics[unit.key])
    }
    for _ in range(len(follows)):
        before = dict(topics)
        for key in sorted(follows, key=lambda key: units[key].order):
            leader = min((r for r in readers[key] if r.key != key), key=lambda unit: unit.order, default=None)
            if leader is not None:
                topics[key] = topics.get(leader.key, "") or topics.get(key, "")
        if topics == before:
            break
    rest = [unit for unit in units.values() if not topics.get(unit.key) and unit.fixed is None]
    families = family_names(sorted(rest, key=lambda unit: unit.order))
    return {key: replace(unit, topic=topics.get(key) or families.get(key, "")) for key, unit in units.items()}


def _own_topic(unit: Unit) -> str:
    roots = {root_of(name) for item in unit.imports for name in item.loads}
    if any(item.text.startswith(("import IPython", "from IPython")) for item in unit.imports):
        roots.add("IPython")  # always loaded, so no import is said to load it
    return topic_of(unit.name, unit.kind, roots, unit.words, unit.words)


def place(house: House, homes: Homes, limits: Limits, taken: frozenset[str]) -> Placement:
    """Seats all groups in order; a group that finds no seat is refused, and what reads it is left out."""
    placer = _Placer(house, homes, limits, taken)
    refused: dict[str, Refusal] = {}
    for group in _light_first(limits.groups):
        if any(edge.unit in refused for unit in group for edge in unit.edges):
            refused.update((unit.key, Refusal(message="needs something that is not moved")) for unit in group)
        elif all(unit.kind == "constant" for unit in group):
            continue  # a constant takes its seat with its first reader
        elif (refusal := placer.seat(group)) is not None:
            refused.update((unit.key, refusal) for unit in group)
    return Placement(house.seats, refused, placer.apart)


def _light_first(groups: Sequence[tuple[Unit, ...]]) -> list[tuple[Unit, ...]]:
    """What loads least first, so that it names the modules and heavier ones stand beside them: `features_torch`.

    What a group reads counts for it too, so it still comes before the group.
    """
    number = {unit.key: index for index, group in enumerate(groups) for unit in group}
    loads: list[frozenset[str]] = []
    for group in groups:
        own = (root_of(name) for unit in group for item in unit.imports for name in item.loads)
        read = {number[edge.unit] for unit in group for edge in unit.edges} - {len(loads)}
        loads.append(frozenset(own).union(*(loads[index] for index in read)))
    return sorted(groups, key=lambda group: len(loads[number[group[0].key]]))


def _shunned(existing: ExistingModules, package: str) -> Iterator[str]:
    """Modules that get nothing unasked: importing them does more than bind names, or notebooks take all their names by star."""
    loud = {name for name, file in existing.files.items() if not is_quiet(file)}
    always = {package, *existing.imports(package)}
    for name in existing.files:
        if name in existing.starred or ({name, *existing.imports(name)} - always) & loud or name in loud:
            yield name


class _Placer:
    """Tries modules for one group after the other. `made` are the modules opened per topic, in order."""

    def __init__(self, house: House, homes: Homes, limits: Limits, taken: frozenset[str]) -> None:
        self.house = house
        self.homes = homes
        self.package = house.existing.package.name
        self.inside = limits.inside
        self.taken = taken
        self.made: dict[str, list[str]] = {}
        self.apart: dict[str, str] = {}
        self.shunned = frozenset(_shunned(house.existing, self.package))

    def seat(self, group: Sequence[Unit]) -> Refusal | None:
        """The group with its constants in one module; else the constants in one of their own; else why not."""
        if group[0].fixed is not None:
            target = group[0].fixed
            return self.house.try_seats(group, {group[0].key: Seat(target.module, target.name)})
        constants = self._unseated_constants(group)
        refusal = self._seat_together([*constants, *group]) if constants else None
        if constants and refusal is None:
            return None
        for constant in constants:
            if (refusal := self._seat_together([replace(constant, topic=SETTINGS, forced=None)])) is not None:
                return refusal
        return self._seat_together(group, last_resort=True)

    def _unseated_constants(self, group: Sequence[Unit]) -> list[Unit]:
        keys = dict.fromkeys(edge.unit for unit in group for edge in unit.edges)
        units = (self.house.units[key] for key in keys if key not in self.house.seats)
        return [unit for unit in units if unit.kind == "constant"]

    def _seat_together(self, group: Sequence[Unit], *, last_resort: bool = False) -> Refusal | None:
        """Modules of the topic first as they are, then with imports moved into functions where only a part of a loaded
        package is in doubt, then a new module, at last with any import moved."""
        forced = next((unit.forced for unit in group if unit.forced), None)
        if forced:
            return self._try(group, forced, ()) and self._try(group, forced, ("part", "whole"))
        topic = next(unit.topic for unit in reversed(group))
        known = self._known(topic, group)
        refusal: Refusal | None = None
        first: Refusal | None = None
        for module, ways in [*((module, ()) for module in known), *((module, ("part",)) for module in known)]:
            if (refusal := self._try(group, module, ways)) is None:
                self._tell_apart(group, known[0], module, first)
                return None
            first = first or refusal
        module = next(self._new_names(topic, group, known))  # an empty module refuses nothing for its name
        if (refusal := self._try(group, module, ())) is None:
            self.made.setdefault(topic, []).append(module)
            self._tell_apart(group, known[0] if known else module, module, first)
            return None
        for module in known if last_resort else ():
            if (refusal := self._try(group, module, ("part", "whole"))) is None:
                return None
        return refusal

    def _tell_apart(self, group: Sequence[Unit], wanted: str, module: str, refusal: Refusal | None) -> None:
        if module != wanted and refusal is not None:
            self.apart.update((unit.key, _why_apart(group, wanted, refusal)) for unit in group)

    def _known(self, topic: str, group: Sequence[Unit]) -> list[str]:
        """Modules of the topic that exist or are being made and that the group may join; those that hold what it reads first."""
        standing = [
            name
            for name in base_names(topic, self.package, self.house.existing.files)
            if name in self.house.existing.files and name not in self.shunned
        ]
        known = list(dict.fromkeys([*standing, *self.made.get(topic, ())]))
        near = [
            self.house.seats[edge.unit].module for unit in group for edge in unit.edges if edge.unit in self.house.seats
        ]
        read = [item.meaning.removeprefix("import ") for unit in group for item in unit.imports]
        return sorted(self.homes.fitting(group, topic, known, [*near, *read]), key=lambda name: name not in near)

    def _new_names(self, topic: str, group: Sequence[Unit], known: Sequence[str]) -> Iterator[str]:
        """Names for a module to be made: the topic's own when none is in use, then what sets the group apart."""
        meant = base_names(topic, self.package, ())
        if not known:
            yield from filter(self._free, meant)
        beside = [name for name in known if name.rpartition(".")[0] == known[0].rpartition(".")[0]]
        base = min(beside, key=len) if known else f"{self.package}.{topic}"
        units = (self.house.units[key] for key in self.house.draft(base).units)
        loads = self.house.existing.loads(base).union(*(item.loads for unit in units for item in unit.imports))
        others = () if self.made.get(topic) else meant
        yield from filter(self._free, split_names(base, group, loads, others))

    def _free(self, module: str) -> bool:
        return self.house.is_new(module) and usable(module, self.taken)

    def _try(self, group: Sequence[Unit], module: str, ways: Sequence[str]) -> Refusal | None:
        """One module: under the units' own names, then other names where no one sees them, then with moved imports."""
        seats = {unit.key: self._seat_for(unit, module) for unit in group}
        for _ in range(_MOST_CHANGES):
            refusal = self.house.try_seats(group, seats)
            if refusal is None:
                return None
            changed = self._renamed(group, seats, refusal) or self._moved(group, seats, module, refusal, ways)
            if changed is None:
                return refusal
            seats = changed
        return refusal

    def _seat_for(self, unit: Unit, module: str) -> Seat:
        inside = frozenset(name for key, name in self.inside if key == unit.key)
        return Seat(module, unit.wished or unit.name, inside)

    def _renamed(self, group: Sequence[Unit], seats: dict[str, Seat], refusal: Refusal) -> dict[str, Seat] | None:
        """The clashing unit under another name, when nothing reads it by its own: not itself, not another unit."""
        for unit in group:
            seat = seats[unit.key]
            if (
                refusal.name
                and seat.name == refusal.name
                and unit.rename_ok
                and not unit.wished
                and not self._read_by_name(unit)
            ):
                names = self.house.draft(seat.module).names
                free = next(name for name in other_names(unit.name) if name not in names and name != seat.name)
                return {**seats, unit.key: replace(seat, name=free)}
        return None

    def _read_by_name(self, unit: Unit) -> bool:
        return any(edge.unit == unit.key for other in self.house.units.values() for edge in other.edges)

    def _moved(
        self, group: Sequence[Unit], seats: dict[str, Seat], module: str, refusal: Refusal, ways: Sequence[str]
    ) -> dict[str, Seat] | None:
        """Imports that come too early moved into the functions that use them: the group's, or those seated there."""
        loads = frozenset(name for name in refusal.loads if self._may_move(name, refusal.loads, ways))
        if not loads or loads != refusal.loads:
            return None
        changed = dict(seats)
        for unit in (*group, *(self.house.units[key] for key in self.house.draft(module).units)):
            seat = changed.get(unit.key) or self.house.seats[unit.key]
            names = {item.name for item in unit.imports if item.loads & loads and item.lazy and unit.is_function}
            if names - seat.inside:
                changed[unit.key] = replace(seat, inside=seat.inside | names)
        return changed if changed != seats else None

    def _may_move(self, name: str, loads: frozenset[str], ways: Sequence[str]) -> bool:
        if "whole" in ways:
            return True
        return "part" in ways and root_of(name) not in loads and not name.startswith("statement ")


def _why_apart(group: Sequence[Unit], module: str, refusal: Refusal) -> str:
    """Why a group is not in a module, in words."""
    if refusal.name:
        named = {"*": "all names of a star import are", "annotations": "`from __future__ import annotations` is"}
        return f"not in {module}, where {named.get(refusal.name, f'`{refusal.name}` is')} another matter"
    roots = {root_of(name) for name in refusal.loads if " " not in name}
    if not roots:
        return f"not in {module}: it {refusal.message or 'would make a notebook load more before it does so itself'}"
    names = ", ".join(sorted(roots))
    if roots & {root_of(name) for unit in group for item in unit.imports for name in item.loads}:
        return f"not in {module}: not all notebooks that import it have loaded {names} by then"
    paths = sorted({site.path for unit in group for site in unit.sites})
    who = f"{paths[0]} does" if len(paths) == 1 else "some of its notebooks do"
    return f"not in {module}, which loads {names} earlier than {who}"
