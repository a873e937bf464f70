"""What a notebook does to the world outside of its scratch copy, as far as its text shows. Nothing is run; pure.

The rule. A call counts
- by its method's name alone where that says it (`to_sql`, `put_object`, `upload_file`, …);
- by its library where the object it is called on comes from one that reaches out (`requests`, `boto3`, `mlflow`, …);
- by its method's name and what is unknown: `post`, `put`, `patch`, `delete`, `commit`, `execute` with text that is not known
  to read. It does not count when the object is certainly local: bound in the notebook to a literal, or made by a library of the
  table `LOCAL` (the standard library without its network modules, numpy, pandas, …), by a class or function of the notebook, or
  `self`; and never what reads: GET, SELECT, read_csv(url);
- by the file it is given: an address of an object store, or a path that is surely outside of the project.
sqlite3, duckdb and sqlalchemy with a database in memory or in a file of the project are local: the file is the copy's.
Shell lines and magics count by their words (shell_effects). Code of imported modules is not looked at.
"""

import ast
import warnings
from collections.abc import Iterator
from typing import NamedTuple

from nb2mod import notebook as notebooks
from nb2mod.model import Cell, Masked, Notebook
from nb2mod.stages.verify.running import shell_effects
from nb2mod.stages.verify.running.origins import Origin, Origins, is_local_address, literal
from nb2mod.stages.verify.running.reaching_words import (
    ANY_CALL,
    DATABASE,
    DISTINCT,
    ELSEWHERE,
    HTTP,
    NEEDS_MODE,
    REMOTE,
    SAVES,
    SPARK_ENDS,
    VERBS,
    WRITES_OF,
)

_SHELLS = frozenset({"!", "!!", "sx", "system", "sc"})
_SHELL_BODIES = frozenset(
    {"bash", "sh", "script", "shell", "system_script", "!", "sx", "system", "cmd", "powershell", "pwsh"}
)
_INSTALLERS = frozenset({"pip", "conda", "mamba", "micromamba", "uv"})
_SQL = frozenset({"sql", "bigquery", "sqlcmd", "dql", "duckdb"})
_READS = frozenset({"GET", "HEAD", "OPTIONS"})
_RUNS_COMMANDS = frozenset({"run", "call", "check_call", "check_output", "Popen", "system", "popen", "getoutput"})


class Effect(NamedTuple):
    """Something that reaches outside: where, and what, as a sentence without subject."""

    cell: int
    line: int
    sentence: str


def found(notebook: Notebook) -> tuple[Effect, ...]:
    """Every effect that the notebook's text shows, in order, one for each line."""
    masks = [(cell, notebooks.mask(cell.source)) for cell in notebook.cells if cell.kind == "code"]
    trees = [(cell, _parsed(masked.python)) for cell, masked in masks]
    origins = Origins([tree for _, tree in trees if tree is not None])
    effects: dict[tuple[int, int], Effect] = {}
    for (cell, masked), (_, tree) in zip(masks, trees, strict=True):
        seen = [*_of_magics(cell, masked), *(_of_code(cell, tree, origins) if tree is not None else ())]
        for effect in seen:
            effects.setdefault((effect.cell, effect.line), effect)
    return tuple(effects[place] for place in sorted(effects))


def first(notebook: Notebook) -> str | None:
    """The first effect in a line with its place; None when there is none."""
    effects = found(notebook)
    return f"cell {effects[0].cell}, line {effects[0].line} {effects[0].sentence}" if effects else None


def _parsed(python: str) -> ast.Module | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(python)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None


def _of_magics(cell: Cell, masked: Masked) -> Iterator[Effect]:
    lines = cell.source.replace("\r\n", "\n").split("\n")
    if masked.cell_magic in _SHELL_BODIES:
        yield from _of_shell_body(cell, lines)
    elif masked.cell_magic in _SQL:
        sentence = shell_effects.of_sql("\n".join(lines[1:]))
        if sentence:
            yield Effect(cell.number, 2, sentence)
    elif masked.cell_magic in ("writefile", "file"):
        words = [word for word in lines[0].split()[1:] if not word.startswith("-")]
        if words and ELSEWHERE.match(words[0]):
            yield Effect(cell.number, 1, f"writes outside of the project: {words[0]}")
    for magic in masked.magics:
        if magic.name in _SHELLS:
            sentence = shell_effects.of_shell(magic.text)
        elif magic.name in _INSTALLERS:
            sentence = shell_effects.of_shell(f"{magic.name} {magic.text}")
        elif magic.name in _SQL and masked.cell_magic not in _SQL:
            sentence = shell_effects.of_sql(magic.text)
        else:
            continue
        if sentence:
            yield Effect(cell.number, magic.line, sentence)


def _of_shell_body(cell: Cell, lines: list[str]) -> Iterator[Effect]:
    command, begin = "", 0
    for number, line in enumerate(lines[1:], start=2):
        begin = begin if command else number
        command += line
        if line.endswith("\\"):
            command = command[:-1] + " "
            continue
        sentence = shell_effects.of_shell(command)
        if sentence:
            yield Effect(cell.number, begin, sentence)
        command = ""


def _of_code(cell: Cell, tree: ast.Module, origins: Origins) -> Iterator[Effect]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            sentence = _of_call(node, origins)
            if sentence:
                yield Effect(cell.number, node.lineno, sentence)


def _of_call(call: ast.Call, origins: Origins) -> str | None:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    origin = origins.of(call.func)
    library = origin.module.split(".")[0]
    shown = _shown(call)
    if library in ANY_CALL:
        return f"{ANY_CALL[library]}: {shown}"
    if library in ("subprocess", "os") and name in _RUNS_COMMANDS:
        return shell_effects.of_shell(_command(call, origins))
    if name in ("to_sql", "execute", "executemany", "executescript", "commit", "begin", "read_sql"):
        return _of_database(call, name, origin, origins)
    if name in DISTINCT and not origin.local:
        return f"{DISTINCT[name]}: {shown}"
    if name in WRITES_OF.get(library, ()):
        return f"reaches out: {shown}"
    if library == "urllib" and name in ("urlopen", "Request"):
        sends = len(call.args) > 1 or any(keyword.arg == "data" for keyword in call.keywords)
        return f"sends something over the network: {shown}" if sends else None
    if name == "request" and (library in HTTP or origin.module == ""):
        method = literal(call.args[0], origins) if call.args else None
        return None if method is None or method.upper() in _READS else f"sends something over the network: {shown}"
    if name in VERBS and isinstance(call.func, ast.Attribute) and not origin.local and origin.module not in DATABASE:
        return f"may send something over the network: {shown}"
    if isinstance(call.func, ast.Attribute) and name in SPARK_ENDS and _writes_by_spark(call.func.value):
        return f"writes with Spark: {shown}"
    return _of_file(call, name, library, shown, origins)


def _of_database(call: ast.Call, name: str, origin: Origin, origins: Origins) -> str | None:
    if name == "to_sql":
        target = call.args[1] if len(call.args) > 1 else _keyword(call, "con")
        text = literal(target, origins) if target is not None else None
        local = origins.of(target).local_database if target is not None and text is None else _is_local_address(text)
        return None if local else f"writes to a database: {_shown(call)}"
    if origin.local or origin.local_database or not isinstance(call.func, ast.Attribute):
        return None
    if name == "execute":
        text = _sql_text(call, origins)
        if text is not None:
            return shell_effects.of_sql(text)
        return f"may write to a database: {_shown(call)}"
    if name == "begin":
        return f"may write to a database: {_shown(call)}" if origin.module.split(".")[0] in DATABASE else None
    if name == "read_sql":
        return None
    if name == "executemany":
        text = _sql_text(call, origins)
        return shell_effects.of_sql(text) if text is not None else f"may write to a database: {_shown(call)}"
    return f"may write to a database: {_shown(call)}"


def _sql_text(call: ast.Call, origins: Origins) -> str | None:
    """The SQL of an execute, also inside text(…)."""
    if not call.args:
        return None
    first_one = call.args[0]
    if isinstance(first_one, ast.Call) and getattr(first_one.func, "id", getattr(first_one.func, "attr", "")) == "text":
        first_one = first_one.args[0] if first_one.args else first_one
    called = getattr(getattr(first_one, "func", None), "id", "")
    if called in ("select", "insert", "update", "delete"):
        return called if called == "select" else f"{called} …"
    return literal(first_one, origins)


def _of_file(call: ast.Call, name: str, library: str, shown: str, origins: Origins) -> str | None:
    if name not in SAVES:
        return None
    if name in NEEDS_MODE and not _opens_for_writing(call, origins):
        return None
    if name in ("replace", "rename") and len(call.args) > 1 and library != "os":
        return None  # of a text or a frame
    given = [
        *call.args,
        *(keyword.value for keyword in call.keywords if keyword.arg not in ("mode", "storage_options")),
    ]
    if isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Call):
        given += call.func.value.args  # Path("…").write_text(…)
    if library in ("s3fs", "gcsfs", "adlfs"):
        return f"writes to an object store: {shown}"
    for node in given:
        text = literal(node, origins)
        if text is not None and "\n" not in text:
            if REMOTE.match(text):
                return f"writes to an object store or over the network: {shown}"
            if ELSEWHERE.match(text) and node is not _content(call, name):
                return f"writes outside of the project: {text[:60]}"
    return None


def _content(call: ast.Call, name: str) -> ast.expr | None:
    """The argument that is what is written or read, not where it goes."""
    takes = ("write_text", "write_bytes", "dump", "replace", "copy", "copy2", "copyfile", "copytree")
    return call.args[0] if name in takes and call.args else None


def _opens_for_writing(call: ast.Call, origins: Origins) -> bool:
    position = 0 if isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Call) else 1
    node = _keyword(call, "mode") or (call.args[position] if len(call.args) > position else None)
    mode = literal(node, origins) if node is not None else None
    return mode is not None and len(mode) <= 4 and any(letter in mode for letter in "wax+")


def _command(call: ast.Call, origins: Origins) -> str:
    if not call.args:
        return ""
    node = call.args[0]
    parts = node.elts if isinstance(node, ast.List | ast.Tuple) else [node]
    return " ".join(literal(part, origins) or "" for part in parts)


def _writes_by_spark(node: ast.expr) -> bool:
    while isinstance(node, ast.Call | ast.Attribute):
        if isinstance(node, ast.Attribute) and node.attr in ("write", "writeStream"):
            return True
        node = node.func if isinstance(node, ast.Call) else node.value
    return False


def _is_local_address(text: str | None) -> bool:
    return text is not None and is_local_address(text)


def _keyword(call: ast.Call, name: str) -> ast.expr | None:
    return next((keyword.value for keyword in call.keywords if keyword.arg == name), None)


def _shown(call: ast.Call) -> str:
    text = " ".join(ast.unparse(call.func).split())
    return f"{text if len(text) <= 60 else '…' + text[-59:]}(…)"
