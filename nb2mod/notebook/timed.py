"""Magics that run Python (%time, %timeit, %prun, %lprun …): their options, the Python behind them, what it binds."""

import ast
import re
from typing import NamedTuple

from nb2mod.notebook.magics import PYTHON_OPTIONS, parsed

_LONG_OPTION = re.compile(r"--[a-z][\w-]*(?:\s+|$)")


class Timed(NamedTuple):
    """A magic's argument taken apart: option values by letter, and the Python after the options."""

    options: dict[str, list[str]]
    python: str


class Names(NamedTuple):
    """Names that a piece of Python reads and binds, and what kind of code it is."""

    reads: tuple[str, ...]
    binds: tuple[str, ...]
    is_expression: bool
    declares: bool = False  # `global x`: what it binds reaches the notebook even from inside a function


def split_options(name: str, text: str) -> Timed:
    """Options as getopt takes them, the rest untouched. What is no option of this magic begins the Python."""
    options: dict[str, list[str]] = {}
    rest = text.lstrip()
    specification = PYTHON_OPTIONS[name]
    while match := _LONG_OPTION.match(rest):
        rest = rest[match.end() :]
    while rest.startswith("-") and len(rest) > 1 and rest[1] in specification and rest[1] != ":":
        word, _, rest = rest[1:].partition(" ")
        rest = rest.lstrip()
        while word and word[0] in specification:
            letter, word = word[0], word[1:]
            takes_value = specification[specification.index(letter) + 1 :].startswith(":")
            value = ""
            if takes_value:
                if not word:
                    word, _, rest = rest.partition(" ")
                    rest = rest.lstrip()
                value, word = word, ""
            options.setdefault(letter, []).append(value)
    return Timed(options, rest.removeprefix("-- ").strip())


def option_names(name: str, options: dict[str, list[str]]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Names that the options themselves read (%lprun -f f) and bind (%timeit -v x)."""
    reads = [found for value in options.get("f", ()) if name != "snakeviz" for found in names_of(value).reads]
    binds = [value for value in options.get("v", ()) if name == "timeit" and value.isidentifier()]
    return tuple(dict.fromkeys(reads)), tuple(binds)


def parses(python: str) -> bool:
    """Whether `python` is at least one statement."""
    tree = parsed(python)
    return tree is not None and bool(tree.body)


def names_of(python: str) -> Names:
    """What `python` reads and binds at its outermost level; nothing when it does not parse."""
    tree = parsed(python)
    if tree is None:
        return Names((), (), False)
    reads: dict[str, None] = {}
    binds: dict[str, None] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            (reads if isinstance(node.ctx, ast.Load) else binds)[node.id] = None
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            binds[node.name] = None
        elif isinstance(node, ast.alias):
            binds[(node.asname or node.name).split(".")[0]] = None
    is_expression = len(tree.body) == 1 and isinstance(tree.body[0], ast.Expr)
    declares = any(isinstance(node, ast.Global) for node in ast.walk(tree))
    return Names(tuple(reads), tuple(binds), is_expression, declares)
