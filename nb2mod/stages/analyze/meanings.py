"""What a free name of a definition means in its notebook (hazards N1 to N11, N16, N19).

A meaning's key says when two notebooks mean the same: for a helper the key holds its shape and, again, the meanings of its own
free names, so classes split transitively (N16).
"""

from collections.abc import Mapping, Sequence
from hashlib import blake2b

from nb2mod.model import (
    BindKind,
    Bound,
    Environment,
    Features,
    Meaning,
    Names,
    Use,
    UseKind,
)
from nb2mod.stages.analyze.chains import lowest_first
from nb2mod.stages.analyze.constants import why_no_constant
from nb2mod.stages.analyze.flow import earliest_run
from nb2mod.stages.analyze.given_names import may_be_bound_unseen, unbound

_NO_LOOP = 1 << 30
# Definitions that read one another, looked at from one of them: how many before those below are worked out first, and how
# many at all. Python's own stack would hold some 150.
_LONG, _TOO_LONG = 40, 100
_MOVABLE = frozenset((BindKind.IMPORT, BindKind.DEF, BindKind.CLASS))


class Meanings:
    """Meanings of names in all files of one run; each is worked out once."""

    def __init__(
        self,
        features: Sequence[Features],
        names: Mapping[int, Names],
        environment: Environment,
        source_root: str = "src",
    ) -> None:
        self._features = features
        self._names = names
        self._environment = environment
        self._resolved: dict[tuple[int, str], Meaning] = {}
        self._keys: dict[tuple[int, int, int], str] = {}
        self._active: dict[tuple[int, int, int], int] = {}
        self._open: dict[
            tuple[int, int, int], tuple[str, int]
        ] = {}  # keys inside loops not closed yet, and where they close
        self._closes_at = _NO_LOOP  # the outermost definition in `_active` that a loop closed on
        self._chained: set[tuple[int, int, int]] = set()
        self._several: dict[tuple[int, str], bool] = {}
        self._owners: dict[int, dict[tuple[int, int], str]] = {}
        self._modules = {
            dotted_module(feature.path, source_root): file
            for file, feature in enumerate(features)
            if feature.kind == "module"
        }

    def of(self, file: int, cell: int, definition: int, name: str, *, eager: bool = False) -> Meaning:
        """What `name`, free in a definition, means there. `eager`: it is read when the definition statement runs."""
        one = self._features[file].cells[cell].facts.definitions[definition]
        names = self._names[file]
        bounds = names.bindings.get(name, ())
        if self._means_several(file, name, bounds):
            return self._in_force(file, (cell, one.line), one.name, name, bounds, eager)
        return self.at_rest(file, name)

    def key(self, file: int, cell: int, definition: int) -> str:
        """The whole meaning of a definition: its shape and what its free names mean."""
        place = (file, cell, definition)
        if place in self._keys:
            return self._keys[place]
        one = self._features[file].cells[cell].facts.definitions[definition]
        if place in self._active:
            # Mutual recursion: the loop closes on a definition that is being looked at; the distance tells which.
            self._closes_at = min(self._closes_at, self._active[place])
            return f"loop:{one.name}:{len(self._active) - self._active[place]}"
        if place in self._open:
            key, closes_at = self._open[place]
            self._closes_at = min(self._closes_at, closes_at)
            return key
        depth, outer = len(self._active), self._closes_at
        if depth >= _TOO_LONG:
            # A loop of that many definitions: no two notebooks are told to mean the same by it.
            return f"unknown:{self._features[file].path}:{cell}:{definition}"
        if depth >= _LONG and place not in self._chained:
            for lower in lowest_first(place, lambda each: self._helpers(file, each), self._chained):
                if lower not in self._active:
                    self.key(*lower)
            self._closes_at = outer
            return self.key(*place)
        self._active[place], self._closes_at = depth, _NO_LOOP
        slots = [self.of(file, cell, definition, slot).key for slot in one.slots]
        slots += [f"{name}={self.of(file, cell, definition, name).key}" for name in self._named(file, cell, definition)]
        del self._active[place]
        text = "\0".join((one.shape.hex(), one.kind, *slots))
        key = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
        if self._closes_at >= depth:
            # No loop of it closes above, so the key is the same from wherever it is asked.
            self._keys[place] = key
            self._open = {each: found for each, found in self._open.items() if found[1] < depth}
            self._closes_at = outer
        else:
            self._open[place] = (key, self._closes_at)
            self._closes_at = min(self._closes_at, outer)
        return key

    def _helpers(self, file: int, place: tuple[int, int, int]) -> list[tuple[int, int, int]]:
        """Definitions of the file that a definition may read."""
        slots = self._features[file].cells[place[1]].facts.definitions[place[2]].slots
        bounds = (
            bound for name in (*slots, *self._named(*place)) for bound in self._names[file].bindings.get(name, ())
        )
        kinds = (BindKind.DEF, BindKind.CLASS)
        return [(file, each.cell, each.binding.owner) for each in bounds if each.binding.kind in kinds]

    def _named(self, file: int, cell: int, definition: int) -> list[str]:
        """Names of the notebook that strings which are code read in a definition (N12)."""
        known = self._names[file].bindings
        uses = self._features[file].cells[cell].facts.uses
        found = {use.name for use in uses if use.owner == definition and _is_code(use) and use.name in known}
        return sorted(found)

    def earliest_run(self, file: int, name: str) -> tuple[int, int]:
        """The first point, top to bottom, at which the body of a definition called `name` can run."""
        return earliest_run(self._names[file], name, self.owners(file))

    def at_rest(self, file: int, name: str) -> Meaning:
        """What a name means that has one meaning in its file, whatever the order."""
        place = (file, name)
        if place in self._resolved:
            return self._resolved[place]
        outer, self._closes_at = self._closes_at, _NO_LOOP
        meaning = self._at_rest(file, name)
        if self._closes_at == _NO_LOOP:
            # Inside a loop that closes above, its key is only that of the loop's way here.
            self._resolved[place] = meaning
        self._closes_at = min(self._closes_at, outer)
        return meaning

    def owners(self, file: int) -> dict[tuple[int, int], str]:
        """(cell, definition index) → name, for every definition of a file."""
        if file not in self._owners:
            self._owners[file] = {
                (cell, index): definition.name
                for cell, one in enumerate(self._features[file].cells)
                for index, definition in enumerate(one.facts.definitions)
            }
        return self._owners[file]

    # one meaning

    def _at_rest(self, file: int, name: str) -> Meaning:
        names = self._names[file]
        bounds = names.bindings.get(name, ())
        if may_be_bound_unseen(names, name):
            return Meaning("unknown", f"unknown:{name}", name, bounds, "a cell that can't be read may bind it")
        if not bounds:
            return unbound(names, name, in_module=self._features[file].kind == "module")
        if names.wild and max(names.wild) > (bounds[0].cell, bounds[0].binding.line):
            why = "may be bound again by %run or exec"
            return Meaning("ambiguous", f"ambiguous:{name}", name, bounds, why)
        kinds = {bound.binding.kind for bound in bounds}
        if kinds == {BindKind.IMPORT}:
            return self._import(file, name, bounds)
        if kinds <= {BindKind.DEF, BindKind.CLASS}:
            bound = bounds[-1]
            if any(not each.binding.certain for each in bounds):
                return Meaning("state", f"state:{name}", name, bounds, "is defined inside if, for, try or with")
            return Meaning("helper", self._helper_key(file, bound, name), name, bounds)
        if kinds == {BindKind.LITERAL}:
            return self._literal(file, name, bounds)
        why = "is computed in the notebook" if len(bounds) == 1 else "is bound more than once"
        return Meaning("state", f"state:{name}", name, bounds, why)

    def _import(self, file: int, name: str, bounds: tuple[Bound, ...]) -> Meaning:
        target = bounds[0].binding.target
        certain = any(bound.binding.certain for bound in bounds)
        own = self._own_package(target) if certain else None
        if own is not None:
            return Meaning("import", own, name, bounds)
        local = self._local(file, target)
        key = f"local:{local}:{target}" if local else f"import:{target}"
        return Meaning("import" if certain else "import statement", key, name, bounds)

    def _literal(self, file: int, name: str, bounds: tuple[Bound, ...]) -> Meaning:
        why = why_no_constant(self._features[file], self._names[file], name, bounds)
        if why:
            return Meaning("state", f"state:{name}", name, bounds, why)
        return Meaning("constant", f"constant:{name}={bounds[0].binding.target}", name, bounds)

    # several meanings

    def _means_several(self, file: int, name: str, bounds: tuple[Bound, ...]) -> bool:
        if len(bounds) < 2:
            return False
        if (file, name) not in self._several:
            self._several[file, name] = len({self._binding_key(file, bound) for bound in bounds}) > 1
        return self._several[file, name]

    def _binding_key(self, file: int, bound: Bound) -> str:
        binding = bound.binding
        if binding.kind is BindKind.IMPORT:
            return f"import:{binding.target}"
        if binding.kind in (BindKind.DEF, BindKind.CLASS):
            definition = self._features[file].cells[bound.cell].facts.definitions[binding.owner]
            return f"def:{definition.exact.hex()}"
        if binding.kind is BindKind.LITERAL:
            return f"literal:{binding.target}"
        return f"other:{bound.cell}:{binding.line}"

    def _in_force(
        self, file: int, at: tuple[int, int], reader: str, name: str, bounds: tuple[Bound, ...], eager: bool
    ) -> Meaning:
        """The last binding, when it certainly stands before anything can run the reader; else ambiguous.

        Bindings above the last one are over by then, whatever they were.
        """
        names = self._names[file]
        last = bounds[-1]
        one_statement = {(bound.cell, bound.binding.statement) for bound in bounds}
        kinds = {bound.binding.kind for bound in bounds}
        choices = {BindKind.IMPORT, BindKind.LITERAL, BindKind.ASSIGN}
        if len(one_statement) == 1 and kinds <= choices and BindKind.IMPORT in kinds:
            targets = "|".join(self._binding_key(file, bound) for bound in bounds)
            return Meaning("import statement", f"statement:{targets}", name, bounds)
        first_run = at if eager else earliest_run(names, reader, self.owners(file), after=at)
        settled = (last.cell, last.binding.line) < first_run and last.binding.certain
        movable = last.binding.kind in _MOVABLE and BindKind.DECLARED not in kinds
        if not movable or not (settled or kinds <= _MOVABLE):
            why = "is bound more than once"
            return Meaning("state", f"state:{name}", name, bounds, why)
        if not settled or may_be_bound_unseen(names, name) or names.wild:
            why = "means different things in different cells"
            return Meaning("ambiguous", f"ambiguous:{name}", name, bounds, why)
        if last.binding.kind is BindKind.IMPORT:
            return self._import(file, name, (last,))
        return Meaning("helper", self._helper_key(file, last, name), name, (last,))

    # keys

    def _helper_key(self, file: int, bound: Bound, name: str) -> str:
        return f"def:{name}:{self.key(file, bound.cell, bound.binding.owner)}"

    def own_definition(self, target: str) -> tuple[int, Bound] | None:
        """Where the definition stands, as (file, binding), that an import of the team's package gets; None for any other."""
        module, _, name = target.rpartition(".")
        file = self._modules.get(module)
        bounds = self._names[file].bindings.get(name, ()) if file is not None else ()
        movable = len(bounds) == 1 and bounds[0].binding.kind in (BindKind.DEF, BindKind.CLASS)
        return (file, bounds[0]) if file is not None and movable else None

    def _own_package(self, target: str) -> str | None:
        """The key of a definition that stands in the team's package, for an import of it."""
        found = self.own_definition(target)
        module, _, name = target.rpartition(".")
        if found is not None:
            return self._helper_key(*found, name)
        file = self._modules.get(module)
        bounds = self._names[file].bindings.get(name, ()) if file is not None else ()
        if len(bounds) == 1 and bounds[0].binding.kind is BindKind.LITERAL:
            return f"constant:{name}={bounds[0].binding.target}"
        return None

    def _local(self, file: int, target: str) -> str | None:
        folder = self._features[file].path.rpartition("/")[0]
        if target.startswith("."):
            return f"{folder}/{target}"
        return self._environment.local.get(f"{folder}\n{target.partition('.')[0]}")


def _is_code(use: Use) -> bool:
    return use.kind is UseKind.STRING and use.detail != "annotation"


def dotted_module(path: str, source_root: str) -> str:
    """`src/reports/dataset.py` → `reports.dataset`, for the source root "src"."""
    stem = path.removesuffix(".py").removesuffix("/__init__")
    if source_root not in ("", "."):
        stem = stem.removeprefix(f"{source_root}/")
    return stem.replace("/", ".")
