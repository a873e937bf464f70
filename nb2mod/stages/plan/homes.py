"""Which modules of a package with folders a definition belongs beside: never in other people's code, nearest first."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from nb2mod.model import BindKind, Features
from nb2mod.stages.plan.loads import ExistingModules
from nb2mod.stages.plan.reading import prefixes
from nb2mod.stages.plan.topics import MODULE_NAMES
from nb2mod.stages.plan.units import Unit

# Folders inside a package that hold others' code, or code that nobody imports.
_NOT_OURS = frozenset(
    "references third_party thirdparty vendor vendored _vendor _vendored external externals extern _extern submodules "
    "test tests _tests testing benchmarks examples migrations".split()
)


class Homes:
    """Per notebook, how many names it imports from each folder of the package below the package's own."""

    def __init__(self, features: Sequence[Features], existing: ExistingModules) -> None:
        self._existing = existing
        self._package = existing.package.name
        self._imported = {
            file.path: Counter(self._folders(_targets(file))) for file in features if file.kind == "notebook"
        }

    def fitting(self, group: Sequence[Unit], topic: str, modules: Iterable[str], read: Iterable[str]) -> list[str]:
        """Those of `modules` that the group may join, best first. `read` are modules of the package that it reads.

        First the folders that it reads from, then those that all its notebooks import from, then the package's own. A folder that
        has nothing to do with it is one only where nothing says more: none is nearer, and no other such folder is as high up.
        """
        reads = Counter(self._folders(read))
        common = self._common(group)
        told = {folder: (reads[folder], common[folder]) for folder in reads | common}

        def key(module: str) -> tuple[int, int, int]:
            first, second = told.get(_folder(module), (0, 0))
            return -first, -second, module.count(".")

        ours = sorted(filter(self._is_ours, modules), key=key)
        meant = MODULE_NAMES.get(topic, ())
        known = [each for each in ours if self._is_known(_folder(each), told, meant)]
        return known if known or told else _only_highest(ours)

    def _is_known(self, folder: str, told: Mapping[str, object], meant: Sequence[str]) -> bool:
        """The package's own folder, one the group is tied to, or one that is called after the topic."""
        return folder == self._package or folder in told or folder.rpartition(".")[2] in meant

    def _is_ours(self, module: str) -> bool:
        below = [each for each in prefixes(module)[:-1] if each.startswith(f"{self._package}.")]
        return all(
            self._existing.is_package(each) and each.rpartition(".")[2].lower() not in _NOT_OURS for each in below
        )

    def _common(self, group: Sequence[Unit]) -> Counter[str]:
        """Folders that all notebooks of the group import from, with the number of names."""
        paths = sorted({site.path for unit in group for site in unit.sites})
        counts = [self._imported.get(path, Counter()) for path in paths]
        shared = set.intersection(*(set(count) for count in counts)) if counts else set()
        return Counter({folder: sum(count[folder] for count in counts) for folder in sorted(shared)})

    def _folders(self, targets: Iterable[str]) -> Iterator[str]:
        """The folder of each target's module, those left out that lie in the package's own or outside of it."""
        for target in targets:
            modules = [name for name in prefixes(target) if name in self._existing.files]
            if modules:
                folder = modules[-1] if self._existing.is_package(modules[-1]) else _folder(modules[-1])
                if folder.startswith(f"{self._package}."):
                    yield folder


def _targets(file: Features) -> Iterator[str]:
    for cell in file.cells:
        for binding in cell.facts.bindings:
            if binding.kind in (BindKind.IMPORT, BindKind.STAR):
                yield binding.target


def _only_highest(modules: Sequence[str]) -> list[str]:
    """The modules of the folder that is highest up; none when several are."""
    if not modules:
        return []
    highest = min(module.count(".") for module in modules)
    folders = {_folder(module) for module in modules if module.count(".") == highest}
    return [module for module in modules if _folder(module) in folders] if len(folders) == 1 else []


def _folder(module: str) -> str:
    return module.rpartition(".")[0]
