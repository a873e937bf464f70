"""What is no mutant at all: two texts that are one program for every input, told mechanically and strictly."""

import ast
import copy
import re
import warnings
from typing import NamedTuple

from verify.corpus import Extracted

from nb2mod.notebook import mask

DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


class Statement(NamedTuple):
    """A top-level statement and its lines, decorators included: half-open, from 0."""

    node: ast.stmt
    start: int
    end: int


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

    Nothing but these is called the same: identical trees; layout inside docstrings; the docstring of a module; `pass` beside
    other statements; a last `return None`, `return` or `pass` of a function; a constant alone as a statement.
    """
    return ast.dump(plain(one)) == ast.dump(plain(other))


def only_imports_rose(extracted: Extracted, cells: dict[int, str], made: dict[int, str]) -> bool:
    """Whether imports of the package stand higher and nothing else changed: nothing they pass speaks of what they bind, looks
    at the names around it or is a star import, and each cell shows at its end what it showed.
    """
    old, new = (_flat(side) for side in (cells, made))
    quiet = quiet_functions(extracted)
    if old is None or new is None or shown_at_end(cells, quiet) != shown_at_end(made, quiet):
        return False
    package = extracted.plan.package

    def is_ours(node: ast.stmt) -> bool:
        return isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == package.split(".")[0]

    rest = [[ast.dump(node) for node in side if not is_ours(node)] for side in (old, new)]
    imports = [sorted(ast.dump(node) for node in side if is_ours(node)) for side in (old, new)]
    if rest[0] != rest[1] or imports[0] != imports[1]:
        return False
    for node in filter(is_ours, new):
        start = sum(not is_ours(each) for each in new[: new.index(node)])
        at = next(i for i, each in enumerate(old) if ast.dump(each) == ast.dump(node))
        end = sum(not is_ours(each) for each in old[:at])
        passed = [each for each in old if not is_ours(each)][start:end]
        names = [alias.asname or alias.name for alias in node.names] + [
            r"\*",
            "globals",
            "locals",
            "vars",
            "dir",
            "magic",
            "exec",
        ]
        if start > end or any(
            re.search(rf"(?<!\w){name}(?!\w)", ast.unparse(each)) for each in passed for name in names
        ):
            return False
    return True


def _flat(cells: dict[int, str]) -> list[ast.stmt] | None:
    trees = [parsed(mask(cells[number]).python) for number in sorted(cells)]
    return None if None in trees else [node for tree in trees if tree for node in tree.body]


def quiet_functions(extracted: Extracted) -> frozenset[str]:
    """`print`, and what moved and gives nothing back: a call of them at the end of a cell shows nothing."""
    trees = [parsed(one.after.decode("utf-8-sig")) for one in extracted.changes.changes if one.path.endswith(".py")]
    functions = [node for tree in trees if tree for node in tree.body if isinstance(node, ast.FunctionDef)]
    quiet = {
        one.name
        for one in functions
        if not one.decorator_list
        and not any(isinstance(node, (ast.Yield, ast.YieldFrom)) for node in ast.walk(one))
        and all(_gives_nothing(node) for node in ast.walk(one) if isinstance(node, ast.Return))
    }
    return frozenset(quiet | {"print"})


def shown_at_end(cells: dict[int, str], quiet: frozenset[str]) -> list[object]:
    """What each cell shows at its end, its magics, and whether a `;` hides it. Calls of `quiet` functions show nothing."""
    found: list[object] = []
    for number in sorted(cells):
        masked = mask(cells[number])
        tree = parsed(masked.python)
        last = tree.body[-1] if tree and tree.body else None
        match last:
            case ast.Expr(value=ast.Call(func=ast.Name(id=name))) if name in quiet:
                last = None
        found.append(ast.dump(last) if isinstance(last, ast.Expr) else "")
        found.append((masked.cell_magic, [magic.text for magic in masked.magics]))
        written = [line for line in cells[number].split("\n") if line.strip() and not line.strip().startswith("#")]
        found.append(bool(written) and written[-1].rstrip().endswith(";") and isinstance(last, ast.Expr))
    return found


def plain(tree: ast.Module) -> ast.AST:
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
        for index, each in enumerate(suite):
            match each:
                case ast.Expr(value=ast.Constant(value=str(text))) if index == 0 and isinstance(node, DEFINITIONS):
                    found[0] = ast.Expr(ast.Constant(" ".join(text.split())))
                case ast.Pass() | ast.Expr(value=ast.Constant()):
                    found.remove(each)
        while isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and found and _gives_nothing(found[-1]):
            found.pop()
        return found


class Unannotated(ast.NodeTransformer):
    """Functions and classes without docstrings, functions without annotations."""

    def generic_visit(self, node: ast.AST) -> ast.AST:
        super().generic_visit(node)
        if isinstance(node, ast.arg):
            node.annotation = None
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            node.returns = None
        if isinstance(node, DEFINITIONS):
            node.body = [
                each for each in node.body if not (isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant))
            ]
        return node


def _gives_nothing(node: ast.stmt) -> bool:
    return isinstance(node, ast.Return) and (node.value is None or ast.unparse(node.value) == "None")
