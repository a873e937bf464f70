"""Lambdas and generators that have done all they do when the expression they stand in is done."""

import ast
from collections.abc import Collection

from nb2mod.stages.verify.proof.trees import all_nodes
from nb2mod.stages.verify.proof.views import NotebookView

# They use up what they are given before they give anything back.
_USE_UP = frozenset({"all", "any", "bytes", "dict", "frozenset", "list", "max", "min", "set", "sorted", "sum", "tuple"})
_METHODS_USE_UP = frozenset({"extend", "fromkeys", "intersection", "join", "sort", "union", "update", "writelines"})


def used_up(statements: Collection[ast.stmt], view: NotebookView) -> set[int]:
    """Ids of the lambdas and generators that have done all they do when the expression they stand in is done."""
    found: set[int] = set()
    for node in (inner for statement in statements for inner in all_nodes(statement)):
        if not isinstance(node, ast.Call):
            continue
        match node.func:
            case ast.Name(id=name) if name in _USE_UP and name not in view.bindings:
                pass
            case ast.Attribute(attr=name) if name in _METHODS_USE_UP:
                pass
            case _:
                continue
        held = [*node.args, *(keyword.value for keyword in node.keywords if keyword.arg == "key")]
        found |= {id(each) for each in held if isinstance(each, (ast.Lambda, ast.GeneratorExp))}
    return found
