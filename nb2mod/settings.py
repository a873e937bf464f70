"""Reading `[tool.nb2mod]`: TOML → Config, and where a project begins.

Writing the section lives in stages/rewrite/packaging.py, the list of keys in config.py. On the way of every warm run:
tomllib is imported only when a file mentions nb2mod, difflib and re only for an error.
"""

import keyword
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

from nb2mod.config import KEYS, Config, Key
from nb2mod.errors import ConfigError

# Asked of os.path, which says no where a Path raises: a folder may be listed and yet not be entered.
# ruff: noqa: PTH113

__all__ = ["KEYS", "find_root", "load"]

Table = dict[str, object]
Parts = tuple[str, ...]

_HOME: Parts = ("tool", "nb2mod")
_BY_NAME = {key.name: key for key in KEYS}
_GROUPS = {key.name.rpartition(".")[0] for key in KEYS if "." in key.name}  # tables that hold keys: "threshold"


def load(root: Path, explicit: Path | None = None) -> Config:
    """The project's settings: `[tool.nb2mod]` of pyproject.toml under `root`, or of the file given with --config.

    In the explicit file the keys may also stand at the top level. No pyproject.toml, or no section in it: the defaults.
    Effect: reads one file. Anything wrong is a ConfigError that names file, line and key; nothing is half-read.
    """
    path = explicit if explicit is not None else root / "pyproject.toml"
    try:
        if os.path.lexists(path) and not os.path.isfile(path):
            raise ConfigError(f"{path}: can't be read: it is a folder, a device, or a link that leads to no file")
        data = path.read_bytes()
    except FileNotFoundError:
        if explicit is None:
            return Config()
        raise ConfigError(f"{path}: no such file; --config expects a TOML file with [tool.nb2mod]") from None
    except OSError as error:
        raise ConfigError(f"{path}: can't be read: {error.strerror}") from None
    if explicit is None and b"nb2mod" not in data:
        return Config()  # a pyproject.toml that does not speak of us is not ours to complain about
    text = _decoded(data, path)
    document = _parsed(text, path)
    home, table = _section(document, explicit is not None, _Source(str(path), text))
    return _config(table, _Source(str(path), text, home))


def find_root(start: Path) -> Path:
    """The folder a project begins at, seen from the file or folder `start`.

    The nearest parent whose pyproject.toml has `[tool.nb2mod]`; else the top of the git repository; else the nearest
    parent with pyproject.toml or setup.py; else `start` (its folder, for a file). Nothing above the top of a git
    repository is looked at. Effect: reads the pyproject.toml files on the way.
    """
    here = Path(os.path.abspath(start))  # noqa: PTH100 - resolve() would leave the tree the person named through a link
    if not here.is_dir():
        here = here.parent
    packaged: Path | None = None
    for folder in (here, *here.parents):
        if _has_section(folder / "pyproject.toml"):
            return folder
        if os.path.lexists(folder / ".git"):
            return folder
        if packaged is None and any(os.path.isfile(folder / name) for name in ("pyproject.toml", "setup.py")):
            packaged = folder
    return packaged or here


class _Source:
    """The file a table came from, and where in it: only to word errors."""

    def __init__(self, path: str, text: str, home: Parts = ()) -> None:
        self.path, self.text, self.home = path, text, home

    def fail(self, key: Parts, complaint: str) -> NoReturn:
        from nb2mod.toml_lines import line_of

        line = line_of(self.text, (*self.home, *key))
        where = f"{self.path}:{line}" if line else self.path
        table = ".".join((*self.home, *key[:-1]))
        raise ConfigError(f"{where}: {f'[{table}] ' if table else ''}{key[-1]}: {complaint}")


def _decoded(data: bytes, path: Path) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ConfigError(f"{path}:{line}: not valid TOML: expected UTF-8, found another encoding") from None


def _parsed(text: str, path: Path) -> Table:
    import tomllib

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        import re

        message = str(error)
        found = re.search(r"\(at line (\d+), column \d+\)", message)
        line = int(found[1]) if found else max(1, len(text.splitlines()))
        said = re.sub(r"\s*\(at [^()]*\)", "", message)
        raise ConfigError(f"{path}:{line}: not valid TOML: {said}; mend the file and run again") from None
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"{path}: can't be read as TOML: {error}; mend the file and run again") from None


def _section(document: Table, explicit: bool, source: _Source) -> tuple[Parts, Table]:
    """Where the settings stand in the document, and they."""
    tool = document.get("tool")
    section = tool.get("nb2mod") if isinstance(tool, dict) else None
    if isinstance(section, dict):
        return _HOME, section
    if section is not None:
        source.fail(_HOME, f"expected a table, [tool.nb2mod], found {_found(section)}")
    if not explicit:
        return _HOME, {}
    if tool is not None or Path(source.path).name == "pyproject.toml":
        raise ConfigError(f"{source.path}: expected the table [tool.nb2mod], found none; `nb2mod init` writes it")
    return (), document


def _config(table: Table, source: _Source) -> Config:
    values: dict[str, object] = {}
    for parts, value in _flat(table, source):
        key = _BY_NAME.get(".".join(parts))
        if key is None:
            _fail_unknown(parts, source)
        values[key.field] = _READERS[key.type](value, key, parts, source)
    values |= _not_laxer(values)
    return Config(**values)  # type: ignore[arg-type] # each value was read by the reader of its key's type


def _not_laxer(values: Table) -> Table:
    """Limits of production that are not written down: never above what is written for notebooks that explore."""
    lower: Table = {}
    for field, limit in values.items():
        production = field.replace("threshold_", "production_", 1)
        if field.startswith("threshold_") and production not in values and isinstance(limit, int):
            lower[production] = min(limit, getattr(Config(), production))
    return lower


def _flat(table: Table, source: _Source, above: Parts = ()) -> Iterator[tuple[Parts, object]]:
    for name, value in table.items():
        parts = (*above, name)
        if ".".join(parts) not in _GROUPS:
            yield parts, value
        elif isinstance(value, dict):
            yield from _flat(value, source, parts)
        else:
            source.fail(parts, f"expected a table, [{'.'.join((*source.home, *parts))}], found {_found(value)}")


def _fail_unknown(parts: Parts, source: _Source) -> NoReturn:
    import difflib

    written = ".".join(parts)
    same_table = [name for name in _BY_NAME if name.rpartition(".")[0] == ".".join(parts[:-1])]
    tidy = written.replace("_", "-").lower()
    near = difflib.get_close_matches(tidy, [*_BY_NAME, *_GROUPS], n=1, cutoff=0.6)
    short = difflib.get_close_matches(tidy.rpartition(".")[2], [name.rpartition(".")[2] for name in same_table], n=1)
    nearest = near[0] if near else short[0] if short else None
    hint = f'did you mean "{nearest}"?' if nearest else "expected one of " + ", ".join(sorted(_BY_NAME)) + "."
    source.fail(parts, f"unknown key; {hint}")


def _text(value: object, key: Key, parts: Parts, source: _Source) -> str:
    if not isinstance(value, str):
        source.fail(parts, f"expected {_expected(key)}, found {_found(value)}")
    _check_text(value, key, parts, source)
    return value


def _texts(value: object, key: Key, parts: Parts, source: _Source) -> tuple[str, ...]:
    if not isinstance(value, list):
        source.fail(parts, f"expected {_expected(key)}, found {_found(value)}")
    for item in value:
        if not isinstance(item, str):
            source.fail(parts, f"expected {_expected(key)}, found {_found(item)} in the list")
        _check_text(item, key, parts, source)
    if not value and key.field == "notebooks":
        source.fail(parts, 'expected at least one folder or file, found none; leave the key out for ["."]')
    return tuple(value)


def _flag(value: object, key: Key, parts: Parts, source: _Source) -> bool:
    if not isinstance(value, bool):
        source.fail(parts, f"expected {_expected(key)}, found {_found(value)}")
    return value


def _number(value: object, key: Key, parts: Parts, source: _Source) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        source.fail(parts, f"expected {_expected(key)}, found {_found(value)}")
    return value


def _modules(value: object, key: Key, parts: Parts, source: _Source) -> dict[str, str]:
    if not isinstance(value, dict):
        source.fail(parts, f"expected {_expected(key)}, found {_found(value)}")
    for name, module in value.items():
        at = (*parts, name)
        if not name.isidentifier():
            source.fail(at, f"expected the name of a function or class, found {_found(name)}")
        if not isinstance(module, str) or not _is_dotted(module):
            source.fail(at, f'expected a module inside the package, like "dataset", found {_found(module)}')
    return dict(value)


_EXPECTED = {
    "text": "text in quotes",
    "list of text": 'a list of text, like ["a", "b"]',
    "true or false": "true or false",
    "number": "a whole number, 1 or more",
    "table of text": 'a table of text, like { load_scores = "dataset" }',
}
_READERS: dict[str, Callable[[object, Key, Parts, _Source], object]] = {
    "text": _text,
    "list of text": _texts,
    "true or false": _flag,
    "number": _number,
    "table of text": _modules,
}


def _check_text(value: str, key: Key, parts: Parts, source: _Source) -> None:
    if key.choices and value not in key.choices:
        import difflib

        near = difflib.get_close_matches(value, key.choices, n=1)
        hint = f'; did you mean "{near[0]}"?' if near else ""
        source.fail(parts, f"expected {_expected(key)}, found {_found(value)}{hint}")
    if key.field == "package" and not _is_dotted(value):
        source.fail(parts, f'expected a name that can be imported, like "reports", found {_found(value)}')
    if key.field == "pure_decorators" and not _is_dotted(value):
        source.fail(parts, f'expected a dotted name, like "functools.wraps", found {_found(value)}')
    if key.field in ("source", "notebooks") and not _is_inside(value):
        source.fail(parts, f"expected a path inside the project, with forward slashes, found {_found(value)}")
    if key.field in ("exclude", "stage_production", "stage_exploratory") and ("\n" in value or not value.strip()):
        source.fail(parts, f'expected a pattern as in .gitignore, like "archive/", found {_found(value)}')


def _is_dotted(value: str) -> bool:
    return all(part.isidentifier() and not keyword.iskeyword(part) for part in value.split("."))


def _is_inside(value: str) -> bool:
    absolute = value.startswith("/") or value[1:2] == ":"
    return bool(value) and "\\" not in value and "\0" not in value and not absolute and ".." not in value.split("/")


def _expected(key: Key) -> str:
    if key.choices:
        return " or ".join(f'"{choice}"' for choice in key.choices)
    return _EXPECTED[key.type]


def _found(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return '"' + value.encode("unicode_escape").decode("ascii") + '"'
        case int() | float():
            return str(value)
        case list():
            return "a list"
        case dict():
            return "a table"
    return "a date or time"


def _has_section(path: Path) -> bool:
    try:
        data = path.read_bytes() if os.path.isfile(path) else b""  # a link to a device, or a pipe, has no end
    except OSError:
        return False
    if b"nb2mod" not in data:
        return False
    import tomllib

    try:
        tool = tomllib.loads(data.decode("utf-8")).get("tool")
    except (ValueError, RecursionError):  # broken TOML, another encoding, numbers beyond Python's limit, deep nesting
        return b"[tool.nb2mod" in data  # ours, and broken: `load` says how
    return isinstance(tool, dict) and "nb2mod" in tool
