"""The comparison of two definitions, on the standard library: every one-step mutant differs, every renaming does not."""

import ast
import bisect
import configparser
import fractions
import heapq
import inspect
import shlex
import statistics
import textwrap
from types import ModuleType

import pytest
from verify.mutants import mutants, renamed

from nb2mod.stages.verify.proof.alpha import Comparison, compare
from nb2mod.stages.verify.proof.frames import Difference
from nb2mod.stages.verify.proof.looks import looks_of

MODULES = (bisect, configparser, fractions, heapq, shlex, statistics, textwrap)
SAMPLE = 80  # mutants per module


def definitions(module: ModuleType) -> list[ast.stmt]:
    tree = ast.parse(inspect.getsource(module))
    return [node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)]


def same(before: ast.stmt, after: ast.stmt) -> Comparison | None:
    """The comparison when nothing but free names of the same spelling is left to show."""
    try:
        found = compare(before, after)  # type: ignore[arg-type]
    except Difference:
        return None
    return found if all(slot.before == slot.after for slot in found.slots) else None


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_mutants_differ(module: ModuleType) -> None:
    chosen = mutants(definitions(module), SAMPLE, seed=7)
    unseen = [f"{node.name}: {what}" for node, what, mutant in chosen if same(node, mutant)]  # type: ignore[attr-defined]
    assert not unseen


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_renamed_is_the_same(module: ModuleType) -> None:
    functions = [node for node in definitions(module) if isinstance(node, ast.FunctionDef)]
    pairs = [(node, other) for node in functions if (other := renamed(node)) is not None]
    for node, other in pairs:
        if looks_of(node).namespace:
            continue
        found = same(node, other)
        assert found is not None, node.name
        assert all(new == f"{old}_renamed" for old, new in found.renames)


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_everything_is_itself(module: ModuleType) -> None:
    for node in definitions(module):
        found = same(node, ast.parse(ast.unparse(node)).body[0])
        assert found is not None
        assert not found.renames
        assert not found.ignored
