"""Import names and the distributions that bring them: `sklearn` → `scikit-learn`. The table is distributions.json.

What a project declares lives in stages/discover/declared.py; which modules are files of the project, in
stages/discover/local.py. "Installed" means: where nb2mod itself runs, which may not be where the notebooks run.
"""

import functools
import pkgutil
import sys
from pathlib import Path

import msgspec


def distribution_of(module: str) -> str | None:
    """The distribution to install for `import module`; None for the standard library and for what nobody can tell.

    A dotted name is looked up as it is and then shorter, as `google.cloud.storage` and `google.cloud.bigquery` come
    from different distributions. What is installed wins over the table: it may be opencv-python-headless.
    """
    top = module.partition(".")[0]
    if is_standard(top) or top in _table().never_installed:
        return None
    known = _longest_known(module)
    if known is not None and known[0] != top:
        return known[1]
    installed = _installed().get(top, ())
    if len(installed) == 1:
        return installed[0]
    return known[1] if known is not None else None


def known_module(module: str) -> bool:
    """Whether the module is certainly no file of a project: standard library, in the table, or installed."""
    top = module.partition(".")[0]
    if is_standard(top) or _longest_known(module) is not None or _is_preinstalled(module):
        return True
    return top not in _table().never_installed and (top in _listed().modules or _is_linked(top))


def is_standard(module: str) -> bool:
    """Whether the module belongs to the standard library of a Python that notebooks run on."""
    top = module.partition(".")[0]
    return top in sys.stdlib_module_names or top in _table().standard_elsewhere


def is_well_known(module: str) -> bool:
    """Whether the module is the standard library's or a well-known distribution's, whatever is installed here."""
    return is_standard(module) or _longest_known(module) is not None


def modules_of(distribution: str) -> frozenset[str]:
    """The top-level import names that a distribution or conda package gives, as far as names can tell.

    Those of the table, for `opencv-python-headless` and conda's `pytorch` too, and its own name as an identifier.
    """
    wanted = normalized(distribution)
    usual = normalized(_table().aliases.get(wanted, wanted))
    named = {distribution.replace("-", "_").replace(".", "_"), wanted.replace("-", "_")}
    return _by_distribution().get(usual, frozenset()) | named


def taken_module(name: str) -> bool:
    """Whether a new top-level module of that name would hide, or be hidden by, one that exists. Letter case aside.

    Names so general that several projects have them (`utils`, `notebooks`) count as taken.
    """
    return name.lower() in _taken_modules()


def taken_distribution(name: str) -> bool:
    """Whether a new distribution of that name would stand in the place of one that exists."""
    return normalized(name) in _taken_distributions()


def normalized(distribution: str) -> str:
    """The name as PEP 503 compares it."""
    return "-".join(part for part in distribution.lower().replace("_", "-").replace(".", "-").split("-") if part)


class _Table(msgspec.Struct, frozen=True):
    modules: dict[str, str]  # import name, dotted where the top is shared → distribution
    aliases: dict[str, str]  # conda's name, or a variant → the distribution in `modules`
    preinstalled: frozenset[str]  # modules that a hosted notebook service brings and no registry has
    standard_elsewhere: frozenset[str]  # in the standard library of another Python that notebooks run on
    never_installed: frozenset[str]  # packed into wheels by mistake: a notebook means a file of its project


@functools.cache
def _table() -> _Table:
    data = pkgutil.get_data("nb2mod", "distributions.json")
    assert data is not None, "distributions.json is part of every nb2mod distribution"
    return msgspec.json.decode(data, type=_Table)


@functools.cache
def _by_distribution() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for module, distribution in _table().modules.items():
        found.setdefault(normalized(distribution), set()).add(module.partition(".")[0])
    return {distribution: frozenset(modules) for distribution, modules in found.items()}


def _longest_known(module: str) -> tuple[str, str] | None:
    """The longest leading part of the dotted name that the table holds, and its distribution."""
    modules = _table().modules
    while module:
        if module in modules:
            return module, modules[module]
        module = module.rpartition(".")[0]
    return None


def _is_preinstalled(module: str) -> bool:
    return any(module == name or module.startswith(f"{name}.") for name in _table().preinstalled)


@functools.cache
def _installed() -> dict[str, tuple[str, ...]]:
    # 40 ms for the import and 1 ms for each installed distribution: only where a file listing does not tell
    import importlib.metadata

    found = importlib.metadata.packages_distributions()
    return {module: tuple(sorted(set(distributions))) for module, distributions in found.items()}


class _Listed(msgspec.Struct, frozen=True):
    """What the names in the site-packages folders say."""

    modules: frozenset[str]
    distributions: frozenset[str]  # normalised
    links: bool  # something is installed in place, in folders of its own


@functools.cache
def _listed() -> _Listed:
    folders = [Path(entry) for entry in sys.path if entry.endswith(("site-packages", "dist-packages"))]
    names = [path.name for folder in folders if folder.is_dir() for path in folder.iterdir()]
    records = [name for name in names if name.endswith((".dist-info", ".egg-info", ".egg-link"))]
    return _Listed(
        modules=frozenset(name.partition(".")[0] for name in names) - {""},
        distributions=frozenset(normalized(name.rpartition(".")[0].partition("-")[0]) for name in records),
        links=any(name.startswith("__editable__") or name.endswith((".pth", ".egg-link")) for name in names),
    )


def _is_linked(module: str) -> bool:
    return _listed().links and module in _installed()


@functools.cache
def _taken_modules() -> frozenset[str]:
    table = _table()
    known = {name.partition(".")[0] for name in (*table.modules, *table.preinstalled)}
    standard = {*sys.stdlib_module_names, *table.standard_elsewhere}
    return frozenset(name.lower() for name in {*standard, *known, *table.never_installed, *_listed().modules})


@functools.cache
def _taken_distributions() -> frozenset[str]:
    known = {*_by_distribution(), *(normalized(name) for name in _table().aliases)}
    return frozenset({*known, *_listed().distributions})
