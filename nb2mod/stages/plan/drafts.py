"""Modules in the making: what stands in each, which names are bound, what it loads, and whether one more group fits.

The rules of fitting live here: no name with two meanings, no import circle, nothing loaded too early, one
`from __future__ import annotations` for all or none. Which module is tried first is decided in `placing.py`.
"""

from collections.abc import Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from nb2mod.model import BindKind, Features
from nb2mod.stages.plan.limits import Limit
from nb2mod.stages.plan.loads import ExistingModules, missing
from nb2mod.stages.plan.reading import BUILTINS, prefixes
from nb2mod.stages.plan.units import Unit


class Seat(Struct, frozen=True):
    """Where a unit stands: its module, its name there, and the names it imports inside itself."""

    module: str
    name: str
    inside: frozenset[str] = frozenset()


class Draft(Struct):
    """One module. `names` maps each name it binds or reads from the builtins to its meaning there."""

    name: str
    standing: bool = False  # a person wrote it
    names: dict[str, str] = {}
    units: list[str] = []
    reads: set[str] = set()  # modules of the package it imports when it runs
    later: set[str] = set()  # modules of the package its functions import when called
    limits: list[Limit] = []
    stars: frozenset[str] = frozenset()
    annotated_later: bool | None = None

    def copied(self) -> "Draft":
        """A draft to try on."""
        return replace(
            self,
            names=dict(self.names),
            units=list(self.units),
            reads=set(self.reads),
            later=set(self.later),
            limits=list(self.limits),
        )


class Refusal(Struct, frozen=True):
    """Why a group does not fit: a name that means something else there, or what would be loaded too early."""

    name: str = ""
    loads: frozenset[str] = frozenset()
    message: str = ""


class House:
    """All modules of the package, and the seats given so far."""

    def __init__(
        self,
        units: Mapping[str, Unit],
        limit: Mapping[str, Limit],
        existing: ExistingModules,
        importers: Mapping[str, Sequence[frozenset[str]]],
    ) -> None:
        self.units = units
        self.limit = limit
        self.existing = existing
        self.seats: dict[str, Seat] = {}
        self.drafts: dict[str, Draft] = {}
        for name, file in existing.files.items():
            self.drafts[name] = _standing(name, file, existing)
            self.drafts[name].limits.extend(importers.get(name, ()))

    def draft(self, module: str) -> Draft:
        """The module as it is so far; a new one is not remembered before something is seated."""
        return self.drafts.get(module) or Draft(module)

    def is_new(self, module: str) -> bool:
        """Whether nothing stands there and nothing has been seated."""
        return module not in self.drafts

    def try_seats(self, group: Sequence[Unit], seats: Mapping[str, Seat]) -> Refusal | None:
        """Seats the group when it fits, all in one module; else says why not and changes nothing."""
        module = seats[group[0].key].module
        if group[0].fixed is None and (why := self._no_place(module)):
            return Refusal(message=why)
        trial = self.draft(module).copied()
        known = {**self.seats, **seats}
        for unit in group:
            refusal = self._add(trial, unit, known)
            if refusal:
                return refusal
        drafts = {**self.drafts, module: trial}
        # That a package imports its own modules is no circle of theirs.
        if group[0].fixed is None and module in _reached(drafts, module, later=True, beside=prefixes(module)[:-1]):
            return Refusal(message="would make the package's modules import each other in a circle")
        too_early = self._too_early(drafts, known, module)
        if too_early:
            return Refusal(loads=too_early)
        self.drafts = drafts
        self.seats = known
        return None

    def _no_place(self, module: str) -> str | None:
        """Why no file can be made or extended for a module: a name is that of a file or of a folder, never of both."""
        if self.existing.is_package(module):
            return f"would go to {module}, which is a package: name one of its modules"
        for other in self.drafts:
            if other.startswith(f"{module}."):
                return f"would go to {module}, which is a folder of modules: name one of them"
            if module.startswith(f"{other}.") and not self.existing.is_package(other):
                return f"would go to {module}, and {other} is a module, not a folder"
        return None

    def _add(self, trial: Draft, unit: Unit, seats: Mapping[str, Seat]) -> Refusal | None:
        seat = seats[unit.key]
        if unit.fixed is not None:
            trial.limits.append(self.limit[unit.key])
            return None
        if unit.stars != trial.stars and (trial.units or trial.standing):
            return Refusal("*")
        later = unit.annotated_later
        if later is not None and trial.annotated_later not in (None, later):
            return Refusal("annotations")
        bindings = {seat.name: f"unit {unit.key}", **dict.fromkeys(unit.reads, "builtin")}
        bindings.update({item.name: item.meaning for item in unit.imports if item.name not in seat.inside | {"*"}})
        for item in unit.imports:
            own = (item.loads & self.existing.files.keys()) - {trial.name}
            (trial.later if item.name in seat.inside else trial.reads).update(own)
        for edge in unit.edges:
            other = seats[edge.unit]
            if other.module == trial.name and edge.name != other.name:
                return Refusal(edge.name)
            if edge.name in seat.inside:
                trial.later.add(other.module)
            else:
                bindings[edge.name] = f"unit {edge.unit}"
                trial.reads |= {other.module} - {trial.name}
        for name, meaning in bindings.items():
            if trial.names.setdefault(name, meaning) != meaning:
                return Refusal(name)
        trial.units.append(unit.key)
        trial.stars = unit.stars
        trial.annotated_later = trial.annotated_later if later is None else later
        trial.limits.append(self.limit[unit.key])
        return None

    def _too_early(self, drafts: Mapping[str, Draft], seats: Mapping[str, Seat], changed: str) -> frozenset[str]:
        """What the changed module, or one that imports it, would load before a notebook has."""
        for name, draft in drafts.items():
            if name == changed or changed in _reached(drafts, name):
                loads = self._loads(drafts, seats, name)
                for limit in draft.limits:
                    if limit is not None and (beyond := missing(loads, limit)):
                        return beyond
        return frozenset()

    def _loads(self, drafts: Mapping[str, Draft], seats: Mapping[str, Seat], module: str) -> frozenset[str]:
        names: set[str] = set()
        for name in (module, *_reached(drafts, module)):
            names |= self.existing.loads(name)
            for key in drafts[name].units if name in drafts else ():
                inside = seats[key].inside
                names.update(*(item.loads for item in self.units[key].imports if item.name not in inside))
        return frozenset(names)


def _reached(drafts: Mapping[str, Draft], module: str, *, later: bool = False, beside: Sequence[str] = ()) -> set[str]:
    """Modules that running `module` runs, not by way of `beside`; with `later` also those its functions import when called."""
    found: set[str] = set()
    waiting = [module]
    while waiting:
        draft = drafts.get(waiting.pop())
        for other in (draft.reads | draft.later if later else draft.reads) if draft else ():
            if other not in found and other not in beside:
                found.add(other)
                waiting.append(other)
    return found


def _standing(module: str, file: Features, existing: ExistingModules) -> Draft:
    """A module that a person wrote: every name it binds is taken, every builtin it reads must stay one."""
    names: dict[str, str] = {}
    stars = set()
    facts = [cell.facts for cell in file.cells]
    for cell in facts:
        for use in cell.uses:
            if use.name in BUILTINS:
                names.setdefault(use.name, "builtin")
        for binding in cell.bindings:
            meaning = f"import {binding.target}" if binding.kind is BindKind.IMPORT else f"{module} {binding.name}"
            if binding.kind is BindKind.STAR:
                stars.add(binding.text or f"from {binding.target} import *")
            elif names.setdefault(binding.name, meaning) != meaning:
                names[binding.name] = f"{module} {binding.name}"
    return Draft(
        module,
        standing=True,
        names=names,
        reads=set(existing.reads(module)),
        stars=frozenset(stars),
        annotated_later=any("annotations" in cell.future for cell in facts),
    )
