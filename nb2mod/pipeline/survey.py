"""From a tree to candidates with verdicts: read → detect → analyze → decide, and what they must be told of the project."""

import builtins
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from nb2mod.config import Config
from nb2mod.distributions import is_standard, known_module, modules_of
from nb2mod.model import (
    Candidate,
    CloneClass,
    CopiedNotebooks,
    Definition,
    Environment,
    Features,
    Member,
    Names,
    NotebookStage,
    Plan,
    Reason,
)
from nb2mod.model.projects import Package
from nb2mod.pipeline import drifted, lifted, real_places
from nb2mod.pipeline.drifted import Drift
from nb2mod.pipeline.hiding import hiding
from nb2mod.pipeline.lifted import LiftedCopy, Lifting, Place, leads
from nb2mod.pipeline.real_places import Blocks
from nb2mod.pipeline.staging import stages_of
from nb2mod.pipeline.telling import with_staying
from nb2mod.stages import analyze, decide, detect, discover
from nb2mod.stages.index import Tree
from nb2mod.stages.plan import absent_modules


class Survey(Struct, frozen=True):
    """Everything known before deciding; `candidates` is what decide made of it.

    Definitions that get parameters have them in `features`, and their calls the arguments (`lifting`); blocks that can become
    functions stand there as if they were ones already (`blocks`): `real_candidates` and `real_plan` lead back to the notebooks as
    they are, whose features are `on_disk`.
    """

    tree: Tree
    features: tuple[Features, ...]
    classes: tuple[CloneClass, ...]
    copied: tuple[CopiedNotebooks, ...]
    names: dict[int, Names]
    environment: Environment
    package: Package
    config: Config
    stages: dict[str, NotebookStage] = {}  # by path
    lifting: Lifting = Lifting()
    blocks: Blocks = Blocks()
    whole: str = ""  # the notebook that is to become a module as a whole
    undriven: str = ""  # why it can have no function that does all of it

    def candidates(self, rejected: Mapping[Member, Reason] | None = None) -> tuple[Candidate, ...]:
        """Verdicts; `rejected` copies are blocked with the reason given, and what depends on them."""
        meanings = analyze.Meanings(self.features, self.names, self.environment, self.package.source_root)
        modules = {
            one.path: analyze.dotted_module(one.path, self.package.source_root)
            for one in self.features
            if one.kind == "module"
        }
        drifts = self._drifts()
        found = decide.decide(
            self.classes,
            self.features,
            self.names,
            meanings,
            self.copied,
            self.config,
            self.environment,
            self._doubts() | drifted.reasons(drifts) | dict(rejected or {}),
            modules,
            self.blocks.told,
            self.stages,
            self._given(),
        )
        found = drifted.told(lifted.told(self.lifting, found, self.place), drifts)
        both = (*found, *decide.whole(self.stages))
        return tuple(sorted(both, key=lambda candidate: (candidate.occurrences[0], candidate.id)))

    def _lifted_copies(self) -> Iterator[tuple[Member, LiftedCopy]]:
        """Lifted definitions as they stand in the features now."""
        copies = self.lifting.copies
        for member in self.members() if copies else ():
            if (place := self.place(member)) in copies:
                yield member, copies[place]

    def _doubts(self) -> dict[Member, Reason]:
        """Why a person is to be asked for near copies."""
        return {member: one.doubt for member, one in self._lifted_copies() if one.doubt}

    def _given(self) -> decide.Given:
        """What copies were given as parameters."""
        new = {member: one.parameters for member, one in self._lifted_copies()}
        new |= {member: one.arguments for member, one in self.blocks.cuts.items() if one.arguments}
        added = {member: frozenset(one.name for one in found if one.position is None) for member, found in new.items()}
        return decide.Given(frozenset(member for member, found in new.items() if leads(found)), added)

    def _drifts(self) -> dict[Member, Drift]:
        """What has drifted from the package, by its place in the features as they are now."""
        at = self.lifting.drifted
        return {
            member: at[place]
            for file in sorted({place[0] for place in at})
            for cell, code in enumerate(self.features[file].cells)
            for definition in range(len(code.facts.definitions))
            if (place := self.place(member := Member(file, cell, definition))) in at
        }

    @property
    def on_disk(self) -> tuple[Features, ...]:
        """The features of the files as they are."""
        return self.lifting.real or self.blocks.real or self.features

    def members(self) -> Iterator[Member]:
        """All definitions."""
        for file, one in enumerate(self.features):
            for cell, code in enumerate(one.cells):
                for definition in range(len(code.facts.definitions)):
                    yield Member(file, cell, definition)

    def definition(self, member: Member) -> Definition:
        """What is known of one of them."""
        return self.features[member.file].cells[member.cell].facts.definitions[member.definition]

    def place(self, member: Member) -> Place:
        """Where a definition stands in the notebook as it is."""
        line = self.definition(member).def_line
        return member.file, *self.blocks.laid.origin(member.file, member.cell, line)

    def real_candidates(self, candidates: Sequence[Candidate]) -> tuple[Candidate, ...]:
        """Candidates with their places in the notebooks as they are, and the blocks that stay."""
        found = real_places.as_real(self.blocks, self.features, candidates)
        return with_staying(found, self.lifting.staying)

    def real_plan(self, plan: Plan) -> Plan:
        """The plan with its sites in the notebooks as they are, and the edits of what is lifted."""
        return self.lifting.plan(real_places.as_real_plan(self.blocks, self.features, plan))


Lay = Callable[[Survey], Survey]


def survey(
    tree: Tree,
    features: Sequence[Features],
    config: Config,
    package: Package | None = None,
    lay: Lay | None = None,
) -> Survey:
    """Detects and analyzes; asks the disk which imported names are files of the project, and for the package if not given.
    `lay` finds the runs of statements that are to be judged as functions; without it, none are.
    """
    features = _with_pairs(tree.root, features)
    imported = imported_by_folder(features)
    roots = frozenset(name for found in imported.values() for name in found)
    package = package or discover.package(tree.root, config, roots, tree.found.notebooks)
    package = _with_absent(tree.root, features, package)
    names = {file: analyze.names_of(file, one, package.name) for file, one in enumerate(features)}
    found = Survey(
        tree=tree,
        features=tuple(features),
        classes=detect.clone_classes(features),
        copied=detect.copied_notebooks(features),
        names=names,
        environment=_environment(tree.root, features, imported, package),
        package=package,
        config=config,
        stages=stages_of(features, names, config),
    )
    return lay(found) if lay else found


def _with_absent(root: Path, features: Sequence[Features], package: Package) -> Package:
    """The package with the modules of it that others of it import though they are not there."""
    if not package.exists:
        return package
    gone = (name for name in absent_modules(features, package) if not discover.gives_module(root, package, name))
    return replace(package, absent=tuple(sorted(gone)))


def _with_pairs(root: Path, features: Sequence[Features]) -> list[Features]:
    """Notebooks that jupytext's settings pair, though they do not say so themselves, are halves of pairs too (F4); those whose
    other half is not there are none.
    """
    silent = [one.path for one in features if one.kind == "notebook" and one.paired is None]
    paired = discover.pairing(root, silent)
    found = []
    for one in features:
        formats = paired.get(one.path, one.paired)
        half = formats if formats and discover.has_half(root, one.path, formats) else None
        found.append(one if half == one.paired else replace(one, paired=half))
    return found


def imported_by_folder(features: Sequence[Features]) -> dict[str, set[str]]:
    """Folder → top-level names that the notebooks in it import."""
    found: dict[str, set[str]] = {}
    for one in features:
        if one.kind != "notebook":
            continue
        names = found.setdefault(one.path.rpartition("/")[0], set())
        for cell in one.cells:
            names.update(cell.facts.modules)
    return found


def _environment(
    root: Path, features: Sequence[Features], imported: Mapping[str, set[str]], package: Package
) -> Environment:
    declared = discover.declared(root)
    installed = {name for one in features for cell in one.cells for name in cell.facts.installs}
    declared |= {module for name in installed for module in modules_of(name)}
    roots = {name for names in imported.values() for name in names}
    known = {name for name in roots if is_standard(name) or name in declared or known_module(name)}
    if package.exists:
        known.add(package.name.partition(".")[0])
    local = {}
    for folder, names in imported.items():
        for name in names:
            if package.exists and name == package.name.partition(".")[0]:
                continue
            if is_standard(name) and name in _NEVER_LOCAL:
                continue
            where = discover.local_module(root, f"{folder}/_" if folder else "_", name)
            if where:
                local[f"{folder}\n{name}"] = where
    return Environment(
        frozenset(known), local, package.name if package.exists else None, hiding(root, imported, features, package)
    )


# Loaded before any notebook runs: a file of that name beside the notebook is never imported instead.
_NEVER_LOCAL = frozenset(
    ("sys", "builtins", "os", "re", "io", "time", "math", "json", "collections", "itertools", builtins.__name__)
)
