"""Wrong steps planted in a changed notebook: in its imports, in cells that nobody touched, across cells."""

import ast
import itertools
import re
from collections.abc import Callable, Iterator
from functools import partial

from verify.corpus import Extracted
from verify.planted import IMPORTS, Made, Mutant, indented, steps_of
from verify.same import Statement, only_imports_rose, parsed, quiet_functions, shown_at_end, statements

from nb2mod.model import FileChange
from nb2mod.notebook import mask, read


def in_notebook(extracted: Extracted, change: FileChange) -> Iterator[Mutant]:
    notebook = read(change.path, change.after)
    cells = {cell.number: cell.source for cell in notebook.cells if cell.kind == "code" and cell.end}
    before = {edit.before for edit in change.cells}
    for number, source in cells.items():
        tree = parsed(mask(source).python)
        if tree is None:
            continue
        here = partial(_recelled, extracted, change.path, cells)
        for kind, where, text in [
            *_orders(source, tree),
            *_imports(extracted, source, tree),
            *_additions(source, tree),
        ]:
            yield Mutant(kind, f"{change.path}#{number} {where}", partial(here, {number: text}))
        lines = re.split(r"(?<=\n)", source)
        for one in statements(tree) if source not in before else ():
            for kind, where, made in steps_of(one.node):
                place = f"{change.path}#{number}:{one.start + 1} {where}"
                yield Mutant(f"another cell: {kind}", place, partial(_restated, here, number, lines, one, made))
    yield from _across(extracted, change.path, cells)


def _restated(
    here: Callable[[dict[int, str]], Made | None],
    number: int,
    lines: list[str],
    one: Statement,
    text: Callable[[], str],
) -> Made | None:
    return here({number: "".join([*lines[: one.start], text(), *lines[one.end :]])})


def _recelled(extracted: Extracted, path: str, cells: dict[int, str], made: dict[int, str]) -> Made | None:
    """The change with other text in some cells of a notebook; None where that makes the same notebook."""
    was = {number: cells[number] for number in made}
    if was == made or only_imports_rose(extracted, was, made):
        return None
    trees = [(parsed(mask(was[number]).python), parsed(mask(made[number]).python)) for number in made]
    quiet = quiet_functions(extracted)
    shown = shown_at_end(was, quiet) == shown_at_end(made, quiet)
    layout = shown and all(one and other and ast.dump(one) == ast.dump(other) for one, other in trees)
    if layout and all(was[number].split() == made[number].split() for number in made):
        return None
    return Made(extracted.with_cells(path, made), layout)


def _orders(source: str, tree: ast.Module) -> Iterator[tuple[str, str, str]]:
    """Neighbours exchanged, a statement lost."""
    lines = re.split(r"(?<=\n)", source if source.endswith("\n") else source + "\n")
    found = statements(tree)
    for one, other in itertools.pairwise(found):
        if one.end <= other.start:
            text = [*lines[: one.start], *lines[other.start : other.end], *lines[one.end : other.start]]
            yield (
                "a statement shifted",
                f"line {one.start + 1}",
                "".join([*text, *lines[one.start : one.end], *lines[other.end :]]),
            )
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
            yield (
                "an early binding",
                f"{bound} through a partial",
                head + kept + f"{bound} = __import__('functools').partial({bound})\n" + tail,
            )
            yield (
                "an early binding",
                f"{bound} through the module",
                head + f"import {node.module} as _m\n{bound} = _m.{alias.name}\n" + tail,
            )
            yield (
                "a name lost",
                f"{bound} under another name",
                head + kept.replace(f" {bound}", f" {bound} as {bound}_") + tail,
            )
            yield "a name lost", f"{bound} deleted", head + kept + f"del {bound}\n" + tail
            yield (
                "an import that may fail",
                bound,
                head + f"try:\n{indented(kept)}except ImportError:\n    {bound} = None\n" + tail,
            )


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
    for one, other in itertools.pairwise(numbers):
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
            make = partial(_recelled, extracted, path, cells, {source: rest, target: joined})
            yield Mutant("a statement shifted to another cell", f"{path}#{source}→{target}", make)
        make = partial(_recelled, extracted, path, cells, {one: cells[other], other: cells[one]})
        yield Mutant("cells exchanged", f"{path}#{one}↔{other}", make)
