"""Real extractions written otherwise: what runs is the same, and so must be what is proved."""

import ast
import re
from collections.abc import Callable, Iterator

from verify.corpus import Extracted
from verify.same import parsed

from nb2mod.model import ChangeSet
from nb2mod.notebook import mask, read


def variations(extracted: Extracted) -> Iterator[tuple[str, ChangeSet]]:
    """(what is written otherwise, the change with it): in each new module, in the imports of each notebook."""
    for change in extracted.changes.changes:
        if change.path.endswith(".py") and change.before is None:
            text = change.after.decode()
            for name, rewrite in MODULES.items():
                made = rewrite(text)
                if made != text:
                    yield f"{name} in {change.path}", extracted.with_text(change.path, made)
        elif change.path.endswith(".ipynb"):
            yield from _in_notebook(extracted, change.path, change.after)


def _in_notebook(extracted: Extracted, path: str, data: bytes) -> Iterator[tuple[str, ChangeSet]]:
    package = extracted.plan.package
    for cell in read(path, data).cells:
        if cell.kind != "code" or f"from {package}" not in cell.source or mask(cell.source).cell_magic:
            continue
        tree = parsed(mask(cell.source).python)
        ours = [node for node in tree.body if _is_ours(node, package)] if tree else []
        if len(ours) != 1 or ours[0].end_lineno != ours[0].lineno:
            continue
        node = ours[0]
        line = cell.source.split("\n")[node.lineno - 1]
        if line.strip() != ast.get_source_segment(cell.source, node):
            continue  # it shares its line with something
        for name, text in _imports(node).items():
            yield f"{name} in {path}", extracted.with_cells(path, {cell.number: cell.source.replace(line, text, 1)})


def _is_ours(node: ast.stmt, package: str) -> bool:
    return isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == package


def _imports(node: ast.stmt) -> dict[str, str]:
    assert isinstance(node, ast.ImportFrom)
    names = [ast.unparse(alias) for alias in node.names]
    made = {
        "an import in brackets": f"from {node.module} import (\n    " + ",\n    ".join(names) + ",\n)",
        "an alias that changes nothing": f"from {node.module} import "
        + ", ".join(name if " as " in name else f"{name} as {name}" for name in names),
        "a comment": ast.unparse(node) + "  # ours",
    }
    if len(names) > 1:
        made["an import per name"] = "\n".join(f"from {node.module} import {name}" for name in names)
        made["names in another order"] = f"from {node.module} import {', '.join(reversed(names))}"
    return made


def _unparsed(text: str) -> str:
    return ast.unparse(ast.parse(text)) + "\n"


def _commented(text: str) -> str:
    return f"# Shared.\n{text}\n# The end.\n"


def _imports_turned(text: str) -> str:
    """Plain imports side by side in the other order; future imports, and those in a branch, stay where they are."""
    tree = ast.parse(text)
    runs: list[list[ast.stmt]] = [[]]
    for node in tree.body:
        future = isinstance(node, ast.ImportFrom) and node.module == "__future__"
        if isinstance(node, (ast.Import, ast.ImportFrom)) and not future and not _is_star(node):
            runs[-1].append(node)
        elif runs[-1]:
            runs.append([])
    lines = re.split(r"(?<=\n)", text)
    for run in runs:
        apart = [name for node in run for name in _bound(node)]
        if len(run) > 1 and len(set(apart)) == len(apart):
            pieces = ["".join(lines[node.lineno - 1 : node.end_lineno]) for node in run]
            for node, piece in zip(run, reversed(pieces), strict=True):
                lines[node.lineno - 1 : node.end_lineno] = [
                    piece,
                    *[""] * ((node.end_lineno or node.lineno) - node.lineno),
                ]
    return "".join(lines)


def _is_star(node: ast.Import | ast.ImportFrom) -> bool:
    return node.names[0].name == "*"


def _bound(node: ast.stmt) -> list[str]:
    assert isinstance(node, (ast.Import, ast.ImportFrom))
    return [alias.asname or alias.name.partition(".")[0] for alias in node.names]


def _bracketed(text: str) -> str:
    """`return x` as `return (x)`."""
    tree = ast.parse(text)
    lines = re.split(r"(?<=\n)", text)
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Return)
            and node.value is not None
            and node.value.lineno == node.value.end_lineno == node.lineno
        ):
            line = lines[node.lineno - 1].encode()
            start, end = node.value.col_offset, node.value.end_col_offset or 0
            lines[node.lineno - 1] = (line[:start] + b"(" + line[start:end] + b")" + line[end:]).decode()
    return "".join(lines)


MODULES: dict[str, Callable[[str], str]] = {
    "another layout, no comments, other quotes": _unparsed,
    "comments": _commented,
    "imports in another order": _imports_turned,
    "brackets": _bracketed,
    "a docstring for the module": lambda text: (
        text if text.startswith(('"', "from __future__", "#")) else f'"""Ours."""\n{text}'
    ),
}
