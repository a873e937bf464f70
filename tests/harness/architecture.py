"""The rules of docs/architecture.md, checked on one module's source: floors, homes, purity, sizes, docstrings, names.

Rules only; which files they are applied to, and what concerns several files at once, is in `test_architecture.py`.
"""

import ast
import sys
from collections.abc import Iterator
from typing import NamedTuple

PRODUCT = "nb2mod"
MODULE_LINES, FUNCTION_LINES = 400, 60
VAGUE = {"utils", "util", "helpers", "helper", "common", "misc", "tools", "base", "core"}

STAGES = (
    "discover",
    "index",
    "detect",
    "analyze",
    "unify",
    "lift",
    "cut",
    "decide",
    "plan",
    "rewrite",
    "apply",
    "verify",
)
# The proof and the comparison are pure; running and replay run notebooks, and say so.
PROOF, RUNNING, COMPARING, REPLAY = (f"stages/verify/{room}" for room in ("proof", "running", "comparing", "replay"))
STAGE_ROOMS = (*(f"stages/{stage}" for stage in STAGES), PROOF, RUNNING, COMPARING, REPLAY)
LIBRARIES = ("notebook", "syntax", "report")
DATA, READERS = ("model", "codes", "config", "errors", "version"), ("settings", "toml_lines", "distributions")
DOORS = ("cli", "__main__")

# What a room may import beside itself.
MAY_IMPORT: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(DATA, DATA),
    **dict.fromkeys(READERS, DATA + READERS),
    **dict.fromkeys(LIBRARIES, DATA),
    **dict.fromkeys(("store", "engine"), DATA),
    **dict.fromkeys(STAGE_ROOMS, (*DATA, *READERS, *LIBRARIES, "store")),
    RUNNING: (*DATA, *READERS, *LIBRARIES, COMPARING),
    # What doubts a change may not think like what made it: no reader of code is shared but the masker of magics.
    PROOF: ("model", "notebook"),
    REPLAY: (*DATA, *READERS, *LIBRARIES, RUNNING),
    "pipeline": (*DATA, *READERS, "store", "engine", *STAGE_ROOMS),
    **dict.fromkeys(DOORS, (*DATA, *READERS, "notebook", "report", "pipeline", *DOORS)),
}

# The one room each third-party library is used in; None: any.
HOMES: dict[str, str | None] = {
    "msgspec": None,
    "nbformat": "notebook",
    "libcst": "syntax",
    "black": "stages/rewrite",
    "tomlkit": "stages/rewrite",
    "typer": "cli",
    "rich": "cli",
    "platformdirs": "store",
    "jupyter_client": RUNNING,
    "nbclient": RUNNING,
    "PIL": COMPARING,
}

# What installs an imported name, where the two are not called the same.
DISTRIBUTIONS = {"PIL": "pillow"}

# Homes kept for what is to come; pyproject.toml does not ask for them until something imports them.
RESERVED = {"jupytext": "notebook", "rope": "stages/rewrite"}

TOUCH_THE_WORLD = (
    *READERS, "store", "engine", *DOORS,
    "stages/discover", "stages/index", "stages/apply", RUNNING, REPLAY,
)  # fmt: skip
WORLDLY_MODULES = {
    "asyncio", "concurrent", "ctypes", "fcntl", "glob", "http", "mmap", "msvcrt", "multiprocessing", "os", "shutil", "signal",
    "socket", "sqlite3", "subprocess", "tempfile", "threading", "urllib",
}  # fmt: skip
WORLDLY_METHODS = {
    "cwd", "exists", "expanduser", "is_dir", "is_file", "is_symlink", "iterdir", "lstat", "mkdir", "read_bytes", "read_text",
    "rglob", "rmdir", "symlink_to", "touch", "unlink", "write_bytes", "write_text",
}  # fmt: skip


class Import(NamedTuple):
    """One imported module, wherever in the file it is imported."""

    module: str
    line: int


def room_of(module: str) -> str | None:
    """The room a module of the product is in, by its dotted name; None: the map knows no such place."""
    parts = module.split(".")[1:]
    if not parts:
        return "version"
    if parts[0] == "stages":
        inner = "/".join(parts[:3])
        return inner if inner in MAY_IMPORT else "/".join(parts[:2])
    return parts[0] if parts[0] in MAY_IMPORT else None


def imports_of(tree: ast.Module, module: str, known: frozenset[str]) -> list[Import]:
    """Every module that `module` imports, at its head or inside a function. `known` are the product's own modules.

    A package's `__init__` is called by the package's name; `from package import module` counts as that module.
    """
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [Import(alias.name, node.lineno) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            origin = _absolute(node, module, known)
            for alias in node.names:
                inner = f"{origin}.{alias.name}"
                found.append(Import(inner if inner in known else origin, node.lineno))
    return sorted(set(found), key=lambda item: (item.line, item.module))


def _absolute(node: ast.ImportFrom, module: str, known: frozenset[str]) -> str:
    if not node.level:
        return node.module or ""
    is_package = any(name.startswith(f"{module}.") for name in known)
    parents = module.split(".")[: None if is_package and node.level == 1 else -(node.level - is_package)]
    return ".".join([*parents, *filter(None, [node.module])])


def faults(source: str, module: str, known: frozenset[str]) -> list[str]:
    """Everything that is wrong with one module, each with its line, in order of the rules."""
    tree = ast.parse(source)
    room = room_of(module)
    if room is None:
        return [
            f"{module} is in no room of the map: give it one in docs/architecture.md and tests/harness/architecture.py"
        ]
    imports = imports_of(tree, module, known)
    return [
        *_floor_faults(room, imports),
        *_home_faults(room, imports),
        *([] if room in TOUCH_THE_WORLD else _purity_faults(tree, imports)),
        *_size_faults(source, tree),
        *_word_faults(tree, module),
    ]


def _floor_faults(room: str, imports: list[Import]) -> Iterator[str]:
    for name, line in imports:
        if name.split(".")[0] != PRODUCT:
            continue
        other = room_of(name)
        if other != room and other not in MAY_IMPORT.get(room, ()):
            yield f"line {line}: {room} may not import {name} ({other})"


def _home_faults(room: str, imports: list[Import]) -> Iterator[str]:
    for name, line in imports:
        library = name.split(".")[0]
        if library == PRODUCT or library in sys.stdlib_module_names:
            continue
        homes = HOMES | RESERVED
        if library not in homes:
            yield f"line {line}: {library} has no home; choose its one room"
        elif homes[library] not in (None, room):
            yield f"line {line}: {library} is used in {homes[library]} only"


def _purity_faults(tree: ast.Module, imports: list[Import]) -> Iterator[str]:
    for name, line in imports:
        if name.split(".")[0] in WORLDLY_MODULES and name != "os.path":
            yield f"line {line}: imports {name} in a room that touches neither disk nor processes"
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func
            if isinstance(called, ast.Name) and called.id == "open":
                yield f"line {node.lineno}: opens a file in a room that touches neither disk nor processes"
            if isinstance(called, ast.Attribute) and called.attr in WORLDLY_METHODS:
                yield f"line {node.lineno}: calls .{called.attr}() in a room that touches neither disk nor processes"


def _size_faults(source: str, tree: ast.Module) -> Iterator[str]:
    lines = len(source.splitlines())
    if lines > MODULE_LINES:
        yield f"{lines} lines; cut it where it divides, at most {MODULE_LINES}"
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > FUNCTION_LINES:
                yield f"line {node.lineno}: {node.name} has {length} lines, at most {FUNCTION_LINES}"


def _word_faults(tree: ast.Module, module: str) -> Iterator[str]:
    docstring = ast.get_docstring(tree) or ""
    if len(docstring.split()) < 4:
        yield "no module docstring that says what lives here"
    for part in module.split("."):
        if part.strip("_") in VAGUE:
            yield f"{part} says nothing of what lives there"


def cycles(graph: dict[str, set[str]]) -> list[list[str]]:
    """Every knot of modules that import each other, lazily or not, as a path that ends where it began."""
    found: list[list[str]] = []
    done: set[str] = set()

    def visit(node: str, path: list[str]) -> None:
        if node in path:
            found.append([*path[path.index(node) :], node])
            return
        if node in done:
            return
        for other in sorted(graph.get(node, ())):
            visit(other, [*path, node])
        done.add(node)

    for start in sorted(graph):
        visit(start, [])
    return found
