"""Wrong steps planted in real extractions: in each definition that moved, around it in its module, and in each notebook.

What counts as no mutant at all is in `same_program`; every other one changes what some notebook could do.
"""

import ast
import copy
import re
import warnings
from collections.abc import Iterator
from typing import NamedTuple

from verify.corpus import Extracted
from verify.steps import STEPS

from nb2mod.errors import UnreadableNotebook
from nb2mod.model import ChangeSet, FileChange
from nb2mod.notebook import mask, read

DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
IMPORTS = (ast.Import, ast.ImportFrom)


class Mutant(NamedTuple):
    """One extraction with one wrong step."""

    kind: str
    where: str
    changes: ChangeSet


class Statement(NamedTuple):
    """A top-level statement and its lines, decorators included: half-open, from 0."""

    node: ast.stmt
    start: int
    end: int


def mutants(extracted: Extracted) -> Iterator[Mutant]:
    """All of them, in a fixed order."""
    for change in extracted.changes.changes:
        if change.path.endswith(".py"):
            yield from _in_module(extracted, change)
        elif change.path.endswith(".ipynb"):
            yield from _in_notebook(extracted, change)
    yield from _in_package(extracted)


# modules


def _in_module(extracted: Extracted, change: FileChange) -> Iterator[Mutant]:
    text = change.after.decode("utf-8-sig")
    tree = parsed(text)
    if tree is None:
        return
    old = {ast.dump(node) for node in (parsed((change.before or b"").decode("utf-8-sig")) or ast.Module([], [])).body}
    lines = re.split(r"(?<=\n)", text)
    for one in statements(tree):
        if ast.dump(one.node) in old:
            continue
        for kind, where, made in _steps_of(one.node):
            for each in _spliced(extracted, change.path, lines, one, ast.unparse(made) + "\n", tree):
                yield Mutant(kind, f"{change.path}:{one.start + 1} {where}", each)
        yield from _around(extracted, change.path, lines, one, tree)


def _steps_of(node: ast.stmt) -> Iterator[tuple[str, str, ast.stmt]]:
    """(kind, where, the statement with one wrong step)."""
    if isinstance(node, IMPORTS):
        return
    for position, inner in enumerate(ast.walk(node)):
        for kind, step in STEPS.items():
            for where, way in step(inner):
                made = copy.deepcopy(node)
                way(next(each for at, each in enumerate(ast.walk(made)) if at == position))
                yield kind, where, ast.fix_missing_locations(made)


def _around(extracted: Extracted, path: str, lines: list[str], one: Statement, tree: ast.Module) -> Iterator[Mutant]:
    """An import dropped or turned round, a constant from elsewhere, an effect beside a definition."""
    if isinstance(one.node, IMPORTS):
        for index, alias in enumerate(one.node.names):
            made = copy.deepcopy(one.node)
            made.names.pop(index)
            text = ast.unparse(made) + "\n" if made.names else ""
            for each in _spliced(extracted, path, lines, one, text, tree):
                yield Mutant("an import dropped from a module", f"{path} {alias.name}", each)
            made = copy.deepcopy(one.node)
            made.names[index] = ast.alias("warnings" if isinstance(made, ast.Import) else "nothing", alias.asname or alias.name.partition(".")[0])
            for each in _spliced(extracted, path, lines, one, ast.unparse(made) + "\n", tree):
                yield Mutant("an import of something else", f"{path} {alias.name}", each)
        return
    name = getattr(one.node, "name", "")
    whole = "".join(lines[one.start : one.end])
    added = {
        "a statement added to a module": [f"print({path!r})\n{whole}", f"{whole}\nimport os as _os\n_os.environ['X'] = '1'\n"],
        "a module that loads more": [f"import torch_or_so\n{whole}", f"from torch_or_so.models import *\n{whole}"],
    }
    if name:
        added["an early binding"] = [f"{whole}\n{name} = (lambda was: was)({name})\n"]
        added["a name bound twice"] = [f"{whole}\n{name} = None\n", f"{whole}\ndel {name}\n", f"if 0:\n    {name} = 1\n{whole}"]
        added["a definition is conditional"] = [f"try:\n    1 / 0\n{_indented(whole)}except ZeroDivisionError:\n    pass\n"]
        added["a helper of another notebook"] = list(_other_bodies(extracted, one.node))
    if isinstance(one.node, ast.Assign):
        added["a constant of another notebook"] = list(_other_values(extracted, one.node))
    for kind, texts in added.items():
        for number, text in enumerate(texts):
            for each in _spliced(extracted, path, lines, one, text, tree):
                yield Mutant(kind, f"{path}:{one.start + 1} ({number})", each)


def _indented(text: str) -> str:
    return "".join(f"    {line}" for line in re.split(r"(?<=\n)", text) if line)


def _other_bodies(extracted: Extracted, node: ast.stmt) -> Iterator[str]:
    """Definitions of the same name anywhere in the project that have another text."""
    for _, other in _everywhere(extracted):
        if isinstance(other, DEFINITIONS) and other.name == getattr(node, "name", "") and ast.dump(other) != ast.dump(node):
            yield ast.unparse(other) + "\n"


def _other_values(extracted: Extracted, node: ast.Assign) -> Iterator[str]:
    for _, other in _everywhere(extracted):
        if isinstance(other, ast.Assign) and ast.dump(other) != ast.dump(node):
            if ast.dump(other.targets[0]) == ast.dump(node.targets[0]):
                yield ast.unparse(other) + "\n"


def _everywhere(extracted: Extracted) -> Iterator[tuple[str, ast.stmt]]:
    """All statements of the project's notebooks as they were."""
    for path in extracted.notebooks:
        try:
            found = read(path, extracted.tree[path]).cells
        except UnreadableNotebook:
            continue
        for cell in found:
            for node in (parsed(mask(cell.source).python) or ast.Module([], [])).body if cell.kind == "code" else ():
                yield path, node


def _spliced(
    extracted: Extracted, path: str, lines: list[str], one: Statement, text: str, tree: ast.Module
) -> Iterator[ChangeSet]:
    """The change with other text for one statement; nothing where that makes the same program."""
    whole = "".join([*lines[: one.start], text, *lines[one.end :]])
    made = parsed(whole)
    if made is None or not same_program(tree, made):
        yield extracted.with_text(path, whole)


# notebooks


def _in_notebook(extracted: Extracted, change: FileChange) -> Iterator[Mutant]:
    notebook = read(change.path, change.after)
    cells = {cell.number: cell.source for cell in notebook.cells if cell.kind == "code" and cell.end}
    before = {edit.before for edit in change.cells}
    for number, source in cells.items():
        tree = parsed(mask(source).python)
        if tree is None:
            continue
        for kind, where, text in [*_orders(source, tree), *_imports(extracted, source, tree), *_additions(source, tree)]:
            if not _same_cell(source, text):
                changes = extracted.with_cells(change.path, {number: text})
                yield Mutant(kind, f"{change.path}#{number} {where}", changes)
        for one in statements(tree):
            is_ours = isinstance(one.node, IMPORTS) or source in before
            lines = re.split(r"(?<=\n)", source)
            for kind, where, made in () if is_ours else _steps_of(one.node):
                text = "".join([*lines[: one.start], ast.unparse(made) + "\n", *lines[one.end :]])
                if not _same_cell(source, text):
                    changes = extracted.with_cells(change.path, {number: text})
                    yield Mutant(f"another cell: {kind}", f"{change.path}#{number}:{one.start + 1} {where}", changes)
    yield from _across(extracted, change.path, cells)


def _same_cell(source: str, text: str) -> bool:
    one, other = parsed(mask(source).python), parsed(mask(text).python)
    return one is not None and other is not None and same_program(one, other) and source.strip() == text.strip()


def _orders(source: str, tree: ast.Module) -> Iterator[tuple[str, str, str]]:
    """Neighbours exchanged, a statement lost."""
    lines = re.split(r"(?<=\n)", source if source.endswith("\n") else source + "\n")
    found = statements(tree)
    for one, other in zip(found, found[1:], strict=False):
        if one.end <= other.start:
            text = [*lines[: one.start], *lines[other.start : other.end], *lines[one.end : other.start]]
            yield "a statement shifted", f"line {one.start + 1}", "".join([*text, *lines[one.start : one.end], *lines[other.end :]])
    for one in found:
        kind = "an import dropped from a notebook" if isinstance(one.node, IMPORTS) else "a statement dropped"
        yield kind, f"line {one.start + 1}", "".join([*lines[: one.start], *lines[one.end :]])


def _imports(extracted: Extracted, source: str, tree: ast.Module) -> Iterator[tuple[str, str, str]]:
    """The imports that were put in: another target, another name, a snapshot."""
    package = extracted.plan.package
    targets = sorted({(each.module, each.name) for each in extracted.plan.extractions})
    lines = re.split(r"(?<=\n)", source if source.endswith("\n") else source + "\n")
    for one in statements(tree):
        node = one.node
        if not isinstance(node, ast.ImportFrom) or not (node.module or "").startswith(package):
            continue
        head, tail = "".join(lines[: one.start]), "".join(lines[one.end :])
        for index, alias in enumerate(node.names):
            bound = alias.asname or alias.name
            for module, name in targets:
                if (module, name) == (node.module, alias.name):
                    continue
                rest = [ast.alias(each.name, each.asname) for at, each in enumerate(node.names) if at != index]
                text = f"from {module} import {name} as {bound}\n"
                if rest:
                    text += ast.unparse(ast.ImportFrom(node.module, rest, 0)) + "\n"
                yield "a helper or constant of another place", f"{name} for {alias.name}", head + text + tail
            kept = "".join(lines[one.start : one.end])
            yield "an early binding", f"{bound} through a partial", head + kept + f"{bound} = __import__('functools').partial({bound})\n" + tail
            yield "an early binding", f"{bound} through the module", head + f"import {node.module} as _m\n{bound} = _m.{alias.name}\n" + tail
            yield "a name lost", f"{bound} under another name", head + kept.replace(f" {bound}", f" {bound} as {bound}_") + tail
            yield "a name lost", f"{bound} deleted", head + kept + f"del {bound}\n" + tail
            yield "an import that may fail", bound, head + f"try:\n{_indented(kept)}except ImportError:\n    {bound} = None\n" + tail


def _additions(source: str, tree: ast.Module) -> Iterator[tuple[str, str, str]]:
    end = "" if source.endswith("\n") or not source else "\n"
    yield "a statement added", "print", f"{source}{end}print(1)\n"
    yield "a statement added", "above", f"import os\nos.chdir('.')\n{source}"
    yield "a line added", "a comment", f"{source}{end}# seen\n"
    if tree.body and isinstance(tree.body[-1], ast.Expr) and not source.rstrip().endswith(";"):
        yield "an output hidden", "`;`", source.rstrip() + ";"


def _across(extracted: Extracted, path: str, cells: dict[int, str]) -> Iterator[Mutant]:
    """The statement of one cell moved to the next, the import most of all; two cells exchanged; an output removed."""
    numbers = sorted(cells)
    for one, other in zip(numbers, numbers[1:], strict=False):
        for source, target, first in ((one, other, False), (other, one, True)):
            tree = parsed(mask(cells[source]).python)
            found = statements(tree) if tree else []
            if not found:
                continue
            moved = found[0] if first else found[-1]
            lines = re.split(r"(?<=\n)", cells[source] if cells[source].endswith("\n") else cells[source] + "\n")
            text, rest = "".join(lines[moved.start : moved.end]), "".join([*lines[: moved.start], *lines[moved.end :]])
            end = "" if cells[target].endswith("\n") or not cells[target] else "\n"
            joined = cells[target] + end + text if first else text + cells[target]
            changes = extracted.with_cells(path, {source: rest, target: joined})
            yield Mutant("a statement shifted to another cell", f"{path}#{source}→{target}", changes)
        if cells[one] != cells[other]:
            changes = extracted.with_cells(path, {one: cells[other], other: cells[one]})
            yield Mutant("cells exchanged", f"{path}#{one}↔{other}", changes)


# the package


def _in_package(extracted: Extracted) -> Iterator[Mutant]:
    """`__init__` files that do something, or load something."""
    for change in extracted.changes.changes:
        if change.path.endswith("/__init__.py"):
            text = change.after.decode()
            yield Mutant("a statement added to __init__", change.path, extracted.with_text(change.path, text + "print(1)\n"))
            yield Mutant("a module that loads more", change.path, extracted.with_text(change.path, text + "import torch_or_so\n"))


# what is no mutant


def parsed(text: str) -> ast.Module | None:
    """None for what does not parse."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except (SyntaxError, ValueError):
        return None


def statements(tree: ast.Module) -> list[Statement]:
    """Those that share no line with a neighbour."""
    found = []
    for node in tree.body:
        first = min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", []))])
        found.append(Statement(node, first - 1, node.end_lineno or node.lineno))
    edges = [line for one in found for line in range(one.start, one.end)]
    return [one for one in found if all(edges.count(line) == 1 for line in (one.start, one.end - 1))]


def same_program(one: ast.Module, other: ast.Module) -> bool:
    """Whether two texts are one program for every input, told strictly.

    Nothing but these is called the same: identical trees; layout inside docstrings; `pass` beside other statements; a last
    `return None`, `return` or `pass` of a function; a constant alone as a statement.
    """
    return ast.dump(_plain(one)) == ast.dump(_plain(other))


def _plain(tree: ast.Module) -> ast.AST:
    return _Plain().visit(copy.deepcopy(tree))


class _Plain(ast.NodeTransformer):
    def generic_visit(self, node: ast.AST) -> ast.AST:
        super().generic_visit(node)
        if isinstance(node, ast.Constant):
            node.kind = None
        for field in ("body", "orelse", "finalbody"):
            suite = getattr(node, field, None)
            if isinstance(suite, list):
                setattr(node, field, self.suite(node, suite))
        return node

    def suite(self, node: ast.AST, suite: list[ast.stmt]) -> list[ast.stmt]:
        found = list(suite)
        has_docstring = isinstance(node, (*DEFINITIONS, ast.Module))
        for index, each in enumerate(suite):
            match each:
                case ast.Expr(value=ast.Constant(value=str(text))) if index == 0 and has_docstring:
                    found[0] = ast.Expr(ast.Constant(" ".join(text.split())))
                case ast.Pass() | ast.Expr(value=ast.Constant()):
                    found.remove(each)
        while isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and found and _gives_nothing(found[-1]):
            found.pop()
        return found


def _gives_nothing(node: ast.stmt) -> bool:
    return isinstance(node, ast.Return) and (node.value is None or ast.unparse(node.value) == "None")
