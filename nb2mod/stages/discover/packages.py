"""The package that extracted code goes to: the one that stands, or where a new one would. Writing it lives in rewrite."""

# Asked of os.path, which says no where a Path raises: a folder may be listed and yet not be entered.
# ruff: noqa: PTH112, PTH113

import os
from pathlib import Path, PurePosixPath

from nb2mod.config import Config
from nb2mod.distributions import is_standard, is_well_known
from nb2mod.errors import ConfigError
from nb2mod.model.projects import Package
from nb2mod.stages.discover.metadata import Metadata, named_packages, project_name, read_metadata, source_folders
from nb2mod.stages.discover.naming import as_identifier, choose_name

# Folders with an __init__.py that are no package a notebook would import from.
_NO_PACKAGE = frozenset(
    """
    asset assets benchmark benchmarks bin book books build chapters ci conf config configs course courses
    data debian demo demos dist doc docs documentation example examples exercise exercises experiment
    experiments figs figures fixtures homework images img jb lecture lectures lessons migrations nb nbs
    notebook notebooks papers playground references release results sandbox script scripts setup site
    slides soln solutions static task tasks templates test testing tests tutorial tutorials unit_test
    unit_tests workshop
    """.split()
)
# Used when nothing better stands there.
_WEAK = frozenset({"lib", "python", "tool", "tools", "util", "utils"})


def standing(root: Path, config: Config) -> str | None:
    """The folder of the package that stands, relative to the root; None when there is none or several could be meant.

    Effect: lists the source folders, reads packaging files only when names alone do not tell.
    """
    candidates = _candidates(root, config)
    return candidates[0] if len(candidates) == 1 else None


def package(root: Path, config: Config, imported: frozenset[str], notebooks: tuple[str, ...]) -> Package:
    """The package of the project, standing or to be created.

    An existing package is found under "src" or beside the notebooks' folder, or where its build says. When none stands,
    a name is chosen that is neither one of `imported` (modules the notebooks import), nor of the standard library or any
    distribution, nor of a file beside one of `notebooks`. Several packages and nothing that tells which: `conflicts`.
    Effect: lists folders, reads packaging files. The same project gives the same answer wherever the same is installed.
    """
    candidates = _candidates(root, config)
    _refuse_taken(config, stands=bool(candidates))
    if candidates:
        return _described(root, config, candidates[0], True, candidates if len(candidates) > 1 else ())
    source = config.source or _new_source(read_metadata(root))
    if config.package is not None:
        name = config.package
    else:
        own = project_name(read_metadata(_governing(root, source) or root))
        name = choose_name(root, own, imported, notebooks)
    return _described(root, config, _join(source, name.replace(".", "/")), False, ())


def require_package(root: Path, config: Config, imported: frozenset[str], notebooks: tuple[str, ...]) -> Package:
    """As `package`, for those who will write: several packages are a ConfigError that asks to set one."""
    found = package(root, config, imported, notebooks)
    if found.conflicts:
        listed = ", ".join(found.conflicts)
        raise ConfigError(
            f"expected one package for extracted code, found {listed}; "
            f'say which: package = "{found.name}" under [tool.nb2mod] in pyproject.toml'
        )
    return found


def _refuse_taken(config: Config, *, stands: bool) -> None:
    """A chosen name under which a kernel would find something else: it looks into the standard library first."""
    name = config.package
    if name is None or not (is_standard(name) or (not stands and is_well_known(name))):
        return
    whose = "the standard library's" if is_standard(name) else "a distribution's"
    raise ConfigError(
        f'expected a package of your own, found package = "{name}" under [tool.nb2mod], and {name} is {whose}: '
        "choose another name"
    )


def _described(root: Path, config: Config, folder: str, exists: bool, conflicts: tuple[str, ...]) -> Package:
    source, name = _split(folder, config.package)
    governing = _governing(root, source)
    metadata = read_metadata(governing) if governing else None
    build = "none"
    if metadata is not None and metadata.packaged:
        build = "ours" if config.manage_dependencies and metadata.pyproject else "theirs"
    has_pyproject = governing is not None and metadata is not None and metadata.has_pyproject
    return Package(
        name=name,
        source_root=source,
        folder=folder,
        exists=exists,
        pyproject=(governing / "pyproject.toml").relative_to(root).as_posix() if governing and has_pyproject else None,
        build=build,
        conflicts=conflicts,
    )


def _candidates(root: Path, config: Config) -> tuple[str, ...]:
    """Folders of packages that stand and could be meant: one when it can be told."""
    if config.package is not None:
        parts = config.package.replace(".", "/")
        sources = (config.source,) if config.source else _sources(read_metadata(root))
        folders = (_join(source, parts) for source in sources)
        return tuple(folder for folder in folders if _has_modules(root / folder))[:1]
    if config.source is not None:
        return _narrowed(root, _packages_in(root, config.source))
    usual = (*_packages_in(root, "src"), *_packages_in(root, "."))
    if len(usual) == 1:
        return usual
    metadata = read_metadata(root)
    elsewhere = [source for source in source_folders(metadata) if source not in ("src", ".")]
    return _narrowed(root, (*usual, *(folder for source in elsewhere for folder in _packages_in(root, source))))


def _narrowed(root: Path, folders: tuple[str, ...]) -> tuple[str, ...]:
    """Of several folders the one that the build names, that is named as the project, or that alone lies under src."""
    metadata = read_metadata(root)
    named = named_packages(metadata)
    own = as_identifier(project_name(metadata) or "")
    if not folders and own:
        without_init = (_join(source, own) for source in _sources(metadata))
        return tuple(folder for folder in without_init if _has_modules(root / folder))[:1]
    strong = [folder for folder in folders if PurePosixPath(folder).name not in _WEAK]
    choices = (
        [folder for folder in folders if folder in named],
        [folder for folder in folders if PurePosixPath(folder).name.lower() == own.lower()],
        [folder for folder in strong if folder.startswith("src/")],
        strong,
    )
    for choice in choices:
        if len(choice) == 1:
            return tuple(choice)
    return tuple(strong or folders)


def _packages_in(root: Path, source: str) -> tuple[str, ...]:
    """Packages directly inside a source folder, in order of name. `src/__init__.py` makes src itself one of the root's."""
    folder = root / source
    if source != "." and os.path.isfile(folder / "__init__.py"):
        return ()
    try:
        with os.scandir(folder) as entries:
            names = sorted(entry.name for entry in entries if entry.is_dir() and entry.name.isidentifier())
    except OSError:
        return ()
    return tuple(_join(source, name) for name in names if _is_package(folder / name))


def _is_package(folder: Path) -> bool:
    if folder.name.lower() in _NO_PACKAGE or is_standard(folder.name):
        return False  # a kernel finds the standard library's first
    try:
        names = {path.name for path in folder.iterdir()}
    except OSError:
        return False
    if "__init__.py" not in names or not {"setup.py", "pyvenv.cfg"}.isdisjoint(names):
        return False  # with a setup.py beside it the folder is a project of its own
    modules = sum(name.endswith(".py") for name in names)
    return modules > 1 or not any(name.endswith(".ipynb") for name in names)


def _has_modules(folder: Path) -> bool:
    return os.path.isdir(folder) and any(True for _ in folder.glob("*.py"))


def _sources(metadata: Metadata) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*source_folders(metadata), "src", ".")))


def _new_source(metadata: Metadata) -> str:
    """Where the project's build would find a new package."""
    declared = source_folders(metadata)
    if declared:
        return declared[0]
    finds_in_root = metadata.has_setup_py or "options" in metadata.setup_cfg
    return "." if finds_in_root and "package_dir" not in metadata.setup_py else "src"


def _governing(root: Path, source: str) -> Path | None:
    """The nearest folder from the source folder up to the root that holds a packaging file."""
    folder = root / source if source != "." else root
    while True:
        if any(os.path.isfile(folder / name) for name in ("pyproject.toml", "setup.py", "setup.cfg")):
            return folder
        if folder == root:
            return None
        folder = folder.parent


def _split(folder: str, package: str | None) -> tuple[str, str]:
    """Source folder and import name of a package's folder."""
    depth = package.count(".") + 1 if package is not None else 1
    path = PurePosixPath(folder)
    return path.parents[depth - 1].as_posix(), ".".join(path.parts[-depth:])


def _join(source: str, name: str) -> str:
    return (PurePosixPath(source) / name).as_posix()
