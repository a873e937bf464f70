"""Literal constants that functions read (hazard N4): they go along, and the notebook's assignment becomes the import.

One assignment can become one import only, so needs that share an assignment are one constant; needs that share none stay
apart even when the text is equal: whoever turns one knob must not turn another.
"""

from collections import Counter
from collections.abc import Sequence

from msgspec import Struct

from nb2mod.model import Candidate, Features, Location, Need, Reason, Site
from nb2mod.stages.plan.copies import Copy
from nb2mod.stages.plan.loads import Loaded
from nb2mod.stages.plan.needs import spelled
from nb2mod.stages.plan.reading import literal_in
from nb2mod.stages.plan.sites import Assignment, assignment_at, at_top, constant_site
from nb2mod.stages.plan.units import Unit


class _Wanted(Struct, frozen=True):
    """One candidate's need for a constant. Two assignments may share a line, so a site is known by its name too."""

    candidate: str
    kept: str  # the name the kept copy reads
    need: Need
    sites: tuple[tuple[Site, str], ...]


class Constants:
    """Collects needs, then gives one unit per constant. `rejected` holds candidates whose constant can't be moved."""

    def __init__(self, features: Sequence[Features], loaded: Loaded) -> None:
        self._features = features
        self._loaded = loaded
        self._wanted: list[_Wanted] = []
        self._keys: dict[tuple[str, str], str] = {}
        self._assignments: dict[tuple[Site, str], Assignment] = {}
        self.rejected: dict[str, Reason] = {}

    def add(self, candidate: Candidate, name: str, need: Need, copy: Copy, copies: Sequence[Copy]) -> None:
        """One more need; `name` is the kept copy's, other copies may call the constant otherwise."""
        names = {name, need.name}
        for other in copies:
            back = spelled(candidate, other, (copy, *copies))
            names.add(back.get(need.name, need.name))
        sites = []
        for site in need.sites:
            assignment = assignment_at(self._features, site, frozenset(names))
            if assignment is None:
                self.rejected[candidate.id] = self._reason(candidate, name, site)
                return
            sites.append((site, assignment.name))
            self._assignments[site, assignment.name] = assignment
        self._wanted.append(_Wanted(candidate.id, name, need, tuple(sites)))

    def key_of(self, candidate: str, need: Need) -> str:
        """The unit that answers a candidate's need. Call after all needs are added."""
        if not self._keys:
            self._join()
        return self._keys[(candidate, need.name)]

    def units(self, at_top_of_notebook: bool) -> list[Unit]:
        """One unit per constant, in no order that matters."""
        if not self._keys:
            self._join()
        groups: dict[str, list[_Wanted]] = {}
        for wanted in self._wanted:
            groups.setdefault(self._keys[(wanted.candidate, wanted.need.name)], []).append(wanted)
        return [self._unit(key, group, at_top_of_notebook) for key, group in groups.items()]

    def _join(self) -> None:
        """Needs that share a site get one key: that of the first place."""
        owner: dict[tuple[Site, str], int] = {}
        parent = list(range(len(self._wanted)))

        def root(index: int) -> int:
            while parent[index] != index:
                index = parent[index]
            return index

        for index, wanted in enumerate(self._wanted):
            for site in wanted.sites:
                parent[root(index)] = root(owner.setdefault(site, index))
        places: dict[int, list[tuple[str, int, int]]] = {}
        for index, wanted in enumerate(self._wanted):
            places.setdefault(root(index), []).extend(self._place(site) for site, _ in wanted.sites)
        for index, wanted in enumerate(self._wanted):
            path, cell, line = min(places[root(index)], default=(wanted.candidate, 0, 0))
            self._keys[(wanted.candidate, wanted.need.name)] = f"constant {path}:{cell}:{line}:{wanted.kept}"

    def _place(self, site: Site) -> tuple[str, int, int]:
        file = self._features[site.file]
        return file.path, file.cells[site.cell].number, site.line

    def _unit(self, key: str, group: Sequence[_Wanted], at_top_of_notebook: bool) -> Unit:
        sites = sorted(
            {site for wanted in group for site in wanted.sites}, key=lambda one: (self._place(one[0]), one[1])
        )
        placed = []
        for site, bound in sites:
            one = constant_site(self._features, site, bound, self._loaded)
            if at_top_of_notebook and self._assignments[site, bound].alone:
                one = at_top(self._features, site.file, site.cell, one, self._loaded)
            placed.append(one)
        users = tuple(sorted({wanted.candidate for wanted in group}))
        name = Counter(sorted(wanted.kept for wanted in group)).most_common(1)[0][0]
        place = self._place(sites[0][0]) if sites else ("", 0, 0)
        return Unit(
            key=key,
            candidate=users[0],
            kind="constant",
            name=name,
            source=self._source(name, sites, group[0].need),
            sites=tuple(item.site for item in placed),
            order=(-len(sites), *place, key),
            avail=frozenset.intersection(*(item.loaded for item in placed)) if placed else None,
            users=users,
        )

    def _source(self, name: str, sites: Sequence[tuple[Site, str]], need: Need) -> str:
        """The most frequent assignment as it is written; its canonical text where annotations would need more names."""
        texts = [self._assignments[site].text for site in sites if site[1] == name]
        plain = [text for text in texts if text.startswith((f"{name} =", f"{name}="))]
        counts = Counter(plain)
        return counts.most_common(1)[0][0] if counts else f"{name} = {literal_in(need.text)}\n"

    def _reason(self, candidate: Candidate, name: str, site: Site) -> Reason:
        path, cell, line = self._place(site)
        message = f"`{candidate.name}` reads `{name}`, which is bound together with other names"
        return Reason(
            "NB315", message, "blocks", Location(path, cell, line, self._features[site.file].cells[site.cell].id)
        )
