"""Text of pyproject.toml before → after: a package to install, its dependencies, `[tool.nb2mod]`. tomlkit's home.

Text in, text out: nothing is read or written here. What a person wrote stays: lines are added, and a line changes only
where TOML asks for it (a list that stands on one line, the comma after what was a list's last item). Each result is parsed
again and compared with what was meant before it is given.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from nb2mod.config import KEYS, Config, Key
from nb2mod.distributions import normalized
from nb2mod.errors import ConfigError, UsageError
from nb2mod.model.projects import Package
from nb2mod.stages.rewrite.toml_lists import with_items
from nb2mod.toml_lines import statement_of

Table = dict[str, Any]  # what tomllib gives

_BUILD_TOOLS = frozenset({"poetry", "pdm", "flit", "setuptools", "hatch"})
_HOME = ("tool", "nb2mod")
_LIST_START = re.compile(r"""dependencies["']?\s*=\s*\[""")
_REQUIREMENT = re.compile(r"\s*([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)")

# What is read here, and what it must be; other tools' tables are their own affair.
_KINDS: dict[tuple[str, ...], type] = {
    ("project",): dict,
    ("project", "name"): str,
    ("project", "dependencies"): list,
    ("project", "dynamic"): list,
    ("tool",): dict,
    ("tool", "poetry"): dict,
    ("tool", "poetry", "name"): str,
    ("tool", "poetry", "dependencies"): dict,
}


_DEFAULTS = Config()


def pyproject_for(
    package: Package,
    existing_text: str | None,
    config: Config,
    measured: Mapping[str, str] = {},
    requires_python: str = ">=3.9",
    *,
    brief: bool = False,
) -> str | None:
    """The pyproject.toml that makes `package` installable and marks the build as ours; None when nothing is to be done.

    Packaging that exists, in this file or beside it, is never given a second build: then None. A file without any build
    gets the missing tables at its end, `[tool.nb2mod]` with them. Where that stands already, manage-dependencies is added
    to it, unless a person wrote it there. `brief`: as for `section_text`.
    """
    if package.build != "none":
        return None
    existing = existing_text or ""
    document = _parsed(existing)
    tool = document.get("tool", {})
    if "build-system" in document or "project" in document or not _BUILD_TOOLS.isdisjoint(tool):
        return None
    text = _appended(existing, _project_text(package, requires_python))
    if "nb2mod" not in tool:
        return _appended(text, section_text(with_package(config, package), measured, brief=brief))
    if "manage-dependencies" in tool["nb2mod"]:
        return text
    return _with_key(text, _HOME, "manage-dependencies", True)


def with_package(config: Config, package: Package) -> Config:
    """The settings that `init` writes down: the package that was found or chosen, its dependencies ours if its build is."""
    manages = config.manage_dependencies or package.build != "theirs"
    return msgspec.structs.replace(
        config, package=package.name, source=package.source_root, manage_dependencies=manages
    )


def add_section(existing_text: str | None, section: str) -> str:
    """The file with the text of `[tool.nb2mod]` at its end. A UsageError when it has one: that is the user's."""
    existing = existing_text or ""
    if "nb2mod" in _parsed(existing).get("tool", {}):
        raise UsageError(
            "pyproject.toml: [tool.nb2mod] stands there already; edit it, or take it out and run init again"
        )
    return _appended(existing, section)


def add_dependencies(text: str, distributions: Iterable[str]) -> str:
    """The pyproject.toml with the distributions among the package's dependencies, in order of name.

    In `[project] dependencies`, else in poetry's table. What is there already, whatever its spelling or version, is left
    alone. Nothing is added when the build computes the dependencies itself (`dynamic`) or the file describes no project.
    """
    document = _parsed(text)
    project = document.get("project")
    poetry = document.get("tool", {}).get("poetry")
    if project is not None and "dependencies" not in project.get("dynamic", ()):
        present = [_requirement_name(item) for item in project.get("dependencies", ()) if isinstance(item, str)]
        names = _missing(distributions, [*present, project.get("name", "")])
        return _with_project_dependencies(text, document, names) if names else text
    if poetry is not None:
        names = _missing(distributions, [*poetry.get("dependencies", ()), poetry.get("name", "")])
        for name in names:
            text = _with_key(text, ("tool", "poetry", "dependencies"), name, "*")
    return text


def section_text(config: Config, measured: Mapping[str, str], *, brief: bool = False) -> str:
    """`[tool.nb2mod]` with every key, what it means, and what was measured here; reads back as the same Config.

    `measured` gives more lines of comment for a key, by its name as in the file ("threshold.notebooks"). `brief` leaves out the
    limits of single functions, cells and notebooks, and what is about stages, where they are the defaults: somebody who asked
    for an extraction has not asked for those.
    """
    shown = [
        key
        for key in KEYS
        if not brief or not _is_fine(key) or getattr(config, key.field) != getattr(_DEFAULTS, key.field)
    ]
    plain = [key for key in shown if "." not in key.name and key.type != "table of text"]
    lines = ["[tool.nb2mod]"]
    for key in plain:
        lines += _key_lines(key, config, measured)
    for table in dict.fromkeys(key.name.rpartition(".")[0] for key in shown if "." in key.name):
        lines += ["", f"[tool.nb2mod.{table}]"]
        for key in shown:
            if key.name.rpartition(".")[0] == table:
                lines += _key_lines(key, config, measured)
    modules = next(key for key in KEYS if key.type == "table of text")
    lines += ["", *_comment(modules.meaning), *_comment(measured.get(modules.name, "")), "[tool.nb2mod.modules]"]
    lines += [f"{_toml_key(name)} = {_toml(module)}" for name, module in config.modules.items()]
    return "\n".join(lines) + "\n"


def _is_fine(key: Key) -> bool:
    table, _, name = key.name.rpartition(".")
    return table in ("threshold.production", "stage") or (
        table == "threshold" and name.startswith(("function-", "cell-", "notebook-"))
    )


def _key_lines(key: Key, config: Config, measured: Mapping[str, str]) -> list[str]:
    value = getattr(config, key.field)
    name = key.name.rpartition(".")[2]
    setting = f"# {name} =" if value is None else f"{name} = {_toml(value)}"
    return [*_comment(key.meaning), *_comment(measured.get(key.name, "")), setting]


def _comment(text: str) -> list[str]:
    """Lines of a comment: control characters, which TOML does not allow there, become spaces."""
    lines = text.splitlines()
    return ["# " + "".join(char if char.isprintable() else " " for char in line) for line in lines]


def _toml(value: object, long: bool = False) -> str:
    """A value as TOML; `long` puts the items of a list on lines of their own."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        import tomlkit

        return tomlkit.string(value).as_string()
    if isinstance(value, tuple | list):
        items = [_toml(item) for item in value]
        return "[\n" + "".join(f"    {item},\n" for item in items) + "]" if long else "[" + ", ".join(items) + "]"
    return str(value)


def _toml_key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else _toml(name)


def _project_text(package: Package, requires_python: str) -> str:
    name = package.name.replace(".", "-").replace("_", "-")
    top = package.folder
    for _ in range(package.name.count(".")):
        top = top.rpartition("/")[0]
    return f"""[build-system]
requires = ["hatchling>=1.24"]
build-backend = "hatchling.build"

[project]
name = {_toml(name)}
version = "0.1.0"
description = "Code shared by the notebooks of this project."
requires-python = {_toml(requires_python)}
dependencies = []

[tool.hatch.build.targets.wheel]
packages = [{_toml(top)}]
"""


def _missing(distributions: Iterable[str], present: Iterable[str]) -> list[str]:
    there = {normalized(name) for name in present}
    wanted = {normalized(name): name for name in sorted(distributions)}
    return [name for key, name in sorted(wanted.items()) if key not in there]


def _requirement_name(requirement: str) -> str:
    found = _REQUIREMENT.match(requirement)
    return found[1] if found else requirement


def _with_project_dependencies(text: str, document: Table, names: list[str]) -> str:
    """Added to the list in its own layout; a list that was empty, or is new, gets one line for each item."""
    listed = document["project"].get("dependencies")
    if listed is None:
        return _with_key(text, ("project",), "dependencies", names)
    listed += names
    statement = statement_of(text, ("project", "dependencies"))
    if statement is not None:
        above = sum(len(line) + 1 for line in text.split("\n")[: statement[0] - 1])
        list_start = _LIST_START.search(text, above)
        added = with_items(text, list_start.end() - 1, [_toml(name) for name in names]) if list_start else None
        if added is not None and _reads_as(_ended_as(text, added), document):
            return _ended_as(text, added)
    raise _unaddable()


def _with_key(text: str, table: tuple[str, ...], key: str, value: object) -> str:
    """The text with `key = value` after the last key of the table; the table at the end of the file if it is not there.

    tomlkit would put the line below a comment that stands before the next table and speaks of that.
    """
    expected = _parsed(text)
    _made(expected, table)[key] = value
    at = _last_line(text, table)
    line = f"{_toml_key(key)} = {_toml(value, long=True)}\n"
    if at is None:
        return _checked(_appended(text, f"[{'.'.join(map(_toml_key, table))}]\n{line}"), expected)
    lines = text.split("\n")
    added = _ended_as(text, "\n".join([*lines[:at], line.removesuffix("\n"), *lines[at:]]))
    if _reads_as(added, expected):
        return added
    import tomlkit  # the table is written inline or with dotted keys

    tree = tomlkit.parse(text)
    _at(tree, table)[key] = value
    return _checked(_ended_as(text, tomlkit.dumps(tree)), expected)


def _last_line(text: str, table: tuple[str, ...]) -> int | None:
    """The line after which a new key of the table can stand; None when there is no such table."""
    document = _parsed(text)
    header = statement_of(text, table)
    inside = _at(document, table)
    if inside is None:
        return None
    lines = text.split("\n")
    statements = [statement_of(text, (*table, key)) for key in inside]
    keys = [found[1] for found in statements if found and not lines[found[0] - 1].lstrip().startswith("[")]
    return max([*keys, header[1] if header else 0])


def _at(document: Any, path: tuple[str, ...]) -> Any:
    for part in path:
        if not isinstance(document, dict) or part not in document:
            return None
        document = document[part]
    return document


def _made(document: Table, path: tuple[str, ...]) -> Table:
    for part in path:
        document = document.setdefault(part, {})
    return document


def _appended(text: str, addition: str) -> str:
    """The text, an empty line, the addition."""
    if not text.strip():
        return text + addition
    expected = _merged(_parsed(text), _parsed(addition))
    gap = "" if text.endswith(("\n\n", "\n\r\n")) else "\n" if text.endswith("\n") else "\n\n"
    return _checked(_ended_as(text, text + gap + addition), expected)


def _merged(one: Table, other: Table) -> Table:
    both = dict(one)
    for key, value in other.items():
        both[key] = _merged(both[key], value) if isinstance(both.get(key), dict) else value
    return both


def _ended_as(before: str, after: str) -> str:
    """`after` with CRLF at every line end if `before` has it everywhere."""
    has_crlf_only = "\r\n" in before and before.count("\n") == before.count("\r\n")
    return re.sub(r"(?<!\r)\n", "\r\n", after) if has_crlf_only else after


def _parsed(text: str) -> Table:
    try:
        document = tomllib.loads(text)
    except (
        ValueError,
        RecursionError,
    ) as error:  # numbers beyond Python's limit and deep nesting are no TOMLDecodeError
        raise ConfigError(f"pyproject.toml: not valid TOML: {error}; mend the file and run again") from None
    for path, kind in _KINDS.items():
        found = _at(document, path)
        if not isinstance(found, (kind, type(None))):
            expected = "a table" if kind is dict else "a list" if kind is list else "text"
            raise ConfigError(f"pyproject.toml: expected {expected}, found otherwise: {'.'.join(path)}; mend the file")
    return document


def _reads_as(text: str, expected: Table) -> bool:
    try:
        return tomllib.loads(text) == expected
    except (ValueError, RecursionError):
        return False


def _checked(text: str, expected: Table) -> str:
    if not _reads_as(text, expected):
        raise _unaddable()
    return text


def _unaddable() -> ConfigError:
    return ConfigError(
        "pyproject.toml: expected tables that lines can be added to, found inline ones; "
        "write them as [tables], or add by hand what `nb2mod init --dry-run` shows"
    )
