"""Candidates → units: which copy is kept, what it needs, which assignments become constants of a module."""

import keyword
import re
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from nb2mod.config import Config
from nb2mod.errors import UsageError
from nb2mod.model import Candidate, Features, Location, Member, Need, Package, PlanOptions, Reason, Verdict
from nb2mod.stages.plan.constants import Constants
from nb2mod.stages.plan.copies import Copy, copy_of, ranked
from nb2mod.stages.plan.homes import Homes
from nb2mod.stages.plan.loads import ExistingModules, Loaded
from nb2mod.stages.plan.naming import other_names
from nb2mod.stages.plan.needs import Bound, bind
from nb2mod.stages.plan.reading import (
    BUILTINS,
    definition_in,
    free_names,
    has_annotations,
    parsed,
    reads_itself,
    root_of,
)
from nb2mod.stages.plan.sites import Placed, at_top, definition_site
from nb2mod.stages.plan.units import Edge, Unit

_COMES_ALONG = "NB110"  # short of the threshold itself: moved only because something that moves needs it
_SEEN = (
    "has drifted from the package's and would need another name there, which would be seen: rename it in the notebooks"
)
_MODULE = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*\Z")


class Request(Struct, frozen=True):
    """Everything `make` was given, and what is read from it once."""

    candidates: Mapping[str, Candidate]
    features: Sequence[Features]
    package: Package
    config: Config
    options: PlanOptions
    existing: ExistingModules
    homes: Homes
    loaded: Loaded


class Gathered(Struct, frozen=True):
    """Units by key, and why some candidates have none."""

    units: dict[str, Unit]
    rejected: dict[str, Reason]


def gather(request: Request, without: Iterable[str]) -> Gathered:
    """Units for the candidates asked for and for all they need; none for `without` (ids) and what depends on them."""
    roots = [item.id for item in request.candidates.values() if _asked_for(request, item) and item.id not in without]
    wanted, rejected = _closure(request, roots, frozenset(without))
    kept: dict[str, tuple[Copy, list[Copy], Bound]] = {}
    for key in sorted(wanted):
        candidate = request.candidates[key]
        copies = _copies(request, candidate)
        choice = _kept(request, candidate, copies)
        if isinstance(choice, Reason):
            rejected[key] = choice
        elif _is_second(request, candidate, choice[0]) and not _rename_ok(candidate, choice[0], copies):
            rejected[key] = cannot(request, key, _SEEN, "NB106")
        else:
            kept[key] = (choice[0], copies, choice[1])
    constants = Constants(request.features, request.loaded)
    for key, (copy, copies, bound) in kept.items():
        for name, need in bound.others:
            if need.kind == "constant":
                constants.add(request.candidates[key], name, need, copy, copies)
    rejected |= constants.rejected
    units = {key: _unit(request, key, *parts, constants) for key, parts in kept.items() if key not in rejected}
    for unit in constants.units(request.config.imports == "top"):
        users = tuple(user for user in unit.users if user in units)
        if users:
            units[unit.key] = replace(unit, users=users, candidate=users[0])
    roots_kept = frozenset(roots)
    return Gathered({key: replace(unit, root=key in roots_kept) for key, unit in units.items()}, rejected)


def chosen_module(name: str, package: str) -> str:
    """A module as a person names it, dotted and whole. Raises UsageError when it can't be one."""
    if not _MODULE.match(name):
        raise UsageError(f"expected a module of {package}, such as {package}.dataset; found {name!r}")
    return name if name.startswith(package + ".") else f"{package}.{name}"


def _asked_for(request: Request, candidate: Candidate) -> bool:
    if any(choice.id == candidate.id and not choice.apply for choice in request.options.choices):
        return False
    if any(reason.code == _COMES_ALONG for reason in candidate.reasons):
        return False
    return candidate.verdict is Verdict.EXTRACT or _reviewed(request, candidate)


def _reviewed(request: Request, candidate: Candidate) -> bool:
    return candidate.verdict is Verdict.REVIEW and request.options.unsafe


def _closure(request: Request, roots: Sequence[str], without: frozenset[str]) -> tuple[set[str], dict[str, Reason]]:
    """The roots with all helpers that come along; a root that needs something impossible is rejected instead."""
    declined = {choice.id for choice in request.options.choices if not choice.apply}
    wanted: set[str] = set()
    rejected: dict[str, Reason] = {}
    for root in roots:
        found: set[str] = set()
        waiting = [root]
        while waiting:
            key = waiting.pop()
            if key in found:
                continue
            candidate = request.candidates.get(key)
            if candidate is None or key in without or key in declined or candidate.verdict is Verdict.BLOCKED:
                needed = candidate.name if candidate else key
                rejected[root] = cannot(request, root, f"needs `{needed}`, which is not moved")
                break
            if candidate.verdict is Verdict.REVIEW and not request.options.unsafe:
                why = f"needs `{candidate.name}`, which wants a review"
                rejected[root] = cannot(request, root, why, effect="review")
                break
            found.add(key)
            if candidate.existing is None:
                waiting.extend(need.candidate for need in candidate.needs if need.candidate)
        else:
            wanted |= found
    return wanted, rejected


def cannot(request: Request, key: str, why: str, code: str = "NB315", effect: str = "blocks") -> Reason:
    """A reason at the candidate's first place."""
    candidate = request.candidates[key]
    place = min(candidate.occurrences, default=None)
    location = Location(place.path, place.cell, place.line, place.cell_id) if place else None
    return Reason(code, f"`{candidate.name}` {why}", effect, location)


def _copies(request: Request, candidate: Candidate) -> list[Copy]:
    in_notebooks = [member for member in candidate.members if request.features[member.file].kind == "notebook"]
    return sorted((copy_of(request.features, member) for member in in_notebooks), key=lambda copy: copy.place)


def _kept(request: Request, candidate: Candidate, copies: Sequence[Copy]) -> tuple[Copy, Bound] | Reason:
    """The copy to keep: the one that decide chose, or else the best ranked one, whose names can all be provided."""
    if not copies:
        return cannot(request, candidate.id, "has no copy in a notebook")
    if candidate.existing is not None:
        return _standing(request, candidate)
    told = [copy for copy in copies if copy.member == candidate.chosen]
    order = list(dict.fromkeys([*told, *ranked(copies)]))
    missing: tuple[str, ...] = ()
    for copy in order:
        bound = bind(candidate, copy, copies, request.features)
        if not bound.missing:
            return copy, bound
        missing = missing or bound.missing
    names = ", ".join(f"`{name}`" for name in missing)
    return cannot(request, candidate.id, f"reads {names}, which a module could not provide")


def _standing(request: Request, candidate: Candidate) -> tuple[Copy, Bound] | Reason:
    """The definition in the package: every notebook copy is measured against it."""
    target = candidate.existing
    file = request.existing.files.get(target.module) if target else None
    for cell_index, cell in enumerate(file.cells if file else ()):
        for index, definition in enumerate(cell.facts.definitions):
            if target and definition.name == target.name:
                position = next(at for at, other in enumerate(request.features) if other is file)
                member = Member(position, cell_index, index)
                return copy_of(request.features, member), Bound((), (), ())
    return cannot(request, candidate.id, "stands in a module of the package that could not be read")


def _unit(request: Request, key: str, kept: Copy, copies: Sequence[Copy], bound: Bound, constants: Constants) -> Unit:
    candidate = request.candidates[key]
    placed = [_placed(request, copy, kept) for copy in copies]
    first = min(copies, key=lambda copy: copy.place)
    node = definition_in(parsed(kept.text))
    definition = request.features[kept.member.file].cells[kept.member.cell].facts.definitions[kept.member.definition]
    edges = [_edge(key, name, need, constants) for name, need in bound.others]
    return Unit(
        key=key,
        candidate=key,
        kind=definition.kind,
        name=candidate.existing.name if candidate.existing else kept.name,
        source=kept.text,
        sites=tuple(item.site for item in placed),
        order=(-len(copies), *first.place, key),
        avail=frozenset.intersection(*(item.loaded for item in placed)),
        imports=bound.imports,
        edges=tuple(dict.fromkeys(edge for edge in edges if edge.unit != key or edge.name != kept.name)),
        reads=free_names(kept.text) & BUILTINS,
        annotated_later=_annotated_later(request, kept) if node and has_annotations(node) else None,
        rename_ok=_rename_ok(candidate, kept, copies),
        recursive=reads_itself(kept.text, kept.name),
        forced=forced_module(request, candidate),
        wished=_wished(request, candidate, kept),
        fixed=candidate.existing,
        words=_words(request, kept),
        ignored=tuple(sorted({word for item in placed for word in item.site.ignored})),
    )


def _rename_ok(candidate: Candidate, kept: Copy, copies: Sequence[Copy]) -> bool:
    several_names = len({copy.name for copy in copies}) > 1
    renamed = candidate.kind != "class" and (candidate.rename_ok or several_names)
    return renamed and not reads_itself(kept.text, kept.name)


def _is_second(request: Request, candidate: Candidate, kept: Copy) -> bool:
    """Whether it would be the second of its name in the package, of which it has drifted from the first (NB106). A plan file may
    say so.
    """
    told = any(choice.id == candidate.id and choice.apply for choice in request.options.choices)
    return candidate.drifted is not None and candidate.drifted.name == kept.name and not told


def _placed(request: Request, copy: Copy, kept: Copy) -> Placed:
    placed = definition_site(copy, kept, request.loaded)
    if request.config.imports != "top":
        return placed
    return at_top(request.features, copy.member.file, copy.member.cell, placed, request.loaded)


def _edge(key: str, name: str, need: Need, constants: Constants) -> Edge:
    unit = need.candidate if need.candidate else constants.key_of(key, need)
    return Edge(name, unit, lazy=not need.eager)


def _annotated_later(request: Request, copy: Copy) -> bool:
    """Whether `from __future__ import annotations` was in force: IPython keeps it from the cell that asks for it on."""
    cells = request.features[copy.member.file].cells[: copy.member.cell + 1]
    return any("annotations" in cell.facts.future for cell in cells)


def forced_module(request: Request, candidate: Candidate) -> str | None:
    """The module that the plan file, `--module` or the configuration names for it."""
    package = request.package.name
    for choice in request.options.choices:
        if choice.id == candidate.id and choice.apply:
            return chosen_module(choice.module, package)
    if request.options.module:
        return chosen_module(request.options.module, package)
    for name in sorted({occurrence.name for occurrence in candidate.occurrences} | {candidate.name}):
        if name in request.config.modules:
            return chosen_module(request.config.modules[name], package)
    return None


def _wished(request: Request, candidate: Candidate, kept: Copy) -> str | None:
    """Another name than the copy's own: when the plan file asks for one, or it is the second of its name in the package."""
    for choice in request.options.choices:
        if choice.id == candidate.id and choice.apply and choice.name != kept.name:
            if not choice.name.isidentifier() or keyword.iskeyword(choice.name):
                raise UsageError(f"expected a Python name for {choice.id}; found {choice.name!r}")
            return choice.name
    if not _is_second(request, candidate, kept):
        return None
    taken = {
        each.name for file in request.existing.files.values() for cell in file.cells for each in cell.facts.definitions
    }
    return next(name for name in other_names(kept.name) if name not in taken)


def _words(request: Request, copy: Copy) -> frozenset[str]:
    facts = request.features[copy.member.file].cells[copy.member.cell].facts
    uses = (use for use in facts.uses if use.owner == copy.member.definition)
    words = {word for use in uses for word in (use.name, root_of(use.detail), use.detail.rpartition(".")[2])}
    return frozenset(words | set(facts.definitions[copy.member.definition].params))
