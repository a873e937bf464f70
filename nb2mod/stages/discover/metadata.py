"""What the packaging files of a folder say: name, where packages live, whether anything is built. Nothing is executed."""

from pathlib import Path

from msgspec import Struct

Table = dict[str, object]


class Metadata(Struct, frozen=True):
    """pyproject.toml, setup.cfg and setup.py of one folder, as far as they can be read without running them.

    `packaged` is True also for a pyproject.toml that can't be parsed: what can't be understood belongs to someone.
    """

    pyproject: Table
    setup_cfg: dict[str, dict[str, str]]
    setup_py: Table  # keyword arguments of setup() that are literals
    packaged: bool
    has_pyproject: bool = False
    has_setup_py: bool = False


def read_metadata(folder: Path) -> Metadata:
    """Effect: reads up to three files. Never fails: a file that can't be read or parsed says nothing."""
    text = _read(folder / "pyproject.toml")
    pyproject = _toml(text)
    setup_cfg = _ini(_read(folder / "setup.cfg"))
    setup_py = _read(folder / "setup.py")
    packaged = (
        setup_py is not None
        or not {"metadata", "options"}.isdisjoint(setup_cfg)
        or (text is not None and (pyproject is None or _builds(pyproject)))
    )
    return Metadata(
        pyproject=pyproject or {},
        setup_cfg=setup_cfg,
        setup_py=_setup_arguments(setup_py),
        packaged=packaged,
        has_pyproject=text is not None,
        has_setup_py=setup_py is not None,
    )


def project_name(metadata: Metadata) -> str | None:
    """The distribution's name."""
    found = (
        at(metadata.pyproject, "project", "name"),
        at(metadata.pyproject, "tool", "poetry", "name"),
        at(metadata.pyproject, "tool", "flit", "metadata", "module"),
        metadata.setup_cfg.get("metadata", {}).get("name"),
        metadata.setup_py.get("name"),
    )
    return next((name for name in found if isinstance(name, str) and name), None)


def named_packages(metadata: Metadata) -> tuple[str, ...]:
    """Folders that the build itself names as packages, relative to the metadata's folder."""
    tool = ("tool", "poetry", "packages")
    poetry = [
        "/".join(part for part in (item.get("from"), item.get("include")) if isinstance(part, str))
        for item in _tables(at(metadata.pyproject, *tool))
    ]
    hatch = at(metadata.pyproject, "tool", "hatch", "build", "targets", "wheel", "packages")
    flit = at(metadata.pyproject, "tool", "flit", "module", "name")
    setuptools = [at(metadata.pyproject, "tool", "setuptools", "packages"), metadata.setup_py.get("packages")]
    listed = [name.replace(".", "/") for value in setuptools for name in texts(value)]
    return tuple(name.strip("/") for name in (*poetry, *texts(hatch), *texts([flit]), *listed) if name.strip("./"))


def source_folders(metadata: Metadata) -> tuple[str, ...]:
    """Folders that the build takes packages from, relative to the metadata's folder; empty when it does not say."""
    setuptools = ("tool", "setuptools")
    found = [
        *texts(at(metadata.pyproject, *setuptools, "packages", "find", "where")),
        *texts([at(metadata.pyproject, *setuptools, "package-dir", "")]),
        *texts([at(metadata.setup_py, "package_dir", "")]),
        *metadata.setup_cfg.get("options.packages.find", {}).get("where", "").split(),
    ]
    for line in metadata.setup_cfg.get("options", {}).get("package_dir", "").splitlines():
        package, _, folder = line.partition("=")
        found += [folder.strip()] if not package.strip() and folder.strip() else []
    for item in _tables(at(metadata.pyproject, "tool", "poetry", "packages")):
        found += texts([item.get("from")])
    return tuple(dict.fromkeys(folder.strip("/") or "." for folder in found))


def at(value: object, *path: str) -> object:
    """What stands at `path` in nested tables; None where there is nothing."""
    for part in path:
        if not isinstance(value, dict):
            return None
        value = value.get(part)
    return value


def texts(value: object) -> list[str]:
    """The strings of a list; empty for anything else."""
    return [item for item in value if isinstance(item, str)] if isinstance(value, list | tuple) else []


def _tables(value: object) -> list[Table]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _builds(pyproject: Table) -> bool:
    tools = ("poetry", "pdm", "flit", "setuptools", "hatch")
    return "build-system" in pyproject or "project" in pyproject or any(at(pyproject, "tool", tool) for tool in tools)


def _read(path: Path) -> str | None:
    try:
        # A repository may bring a link to a device or a pipe, which has no end.
        return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else None
    except OSError:
        return None


def _toml(text: str | None) -> Table | None:
    if text is None:
        return None
    import tomllib

    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError):  # numbers beyond Python's limit and deep nesting are no TOMLDecodeError
        return None


def _ini(text: str | None) -> dict[str, dict[str, str]]:
    if text is None:
        return {}
    import configparser

    parser = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        parser.read_string(text)
    except configparser.Error:
        return {}
    return {name: dict(section) for name, section in parser.items() if section}


def _setup_arguments(text: str | None) -> Table:
    """The literal keyword arguments of the call of setup() in a setup.py."""
    if text is None or "setup(" not in text:
        return {}
    import ast
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its escapes are its author's affair
        try:
            tree = ast.parse(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return {}
    found: Table = {}
    for node in ast.walk(tree):
        function = node.func if isinstance(node, ast.Call) else None
        name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", None)
        if isinstance(node, ast.Call) and name == "setup":
            for keyword in node.keywords:
                try:
                    found[str(keyword.arg)] = ast.literal_eval(keyword.value)
                except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
                    continue  # find_packages(), open(…).read(), {[]: 1}: not for us to run
    return found
