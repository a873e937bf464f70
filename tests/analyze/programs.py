"""Small random notebooks about blocks, and a hand-made extraction of one block: run before and after, what does a person see?

Conditions are names `K0`, `K1` … that nothing in the notebook binds: one notebook is run for every truth value of them. Shares
nothing with the tool but the answer that is on trial.
"""

import contextlib
import io
import random
import re
import types
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from nb2mod.model import Block, BlockFlow

_ADDRESS = re.compile(r"0x[0-9a-f]+|_block\.<locals>\.")
_NAMES = "abc"
_LISTS = ("xs", "ys")
_FUNCTIONS = ("f", "g", "h")
_ERRORS = (NameError, TypeError, AttributeError, ZeroDivisionError, ValueError, IndexError, KeyError, RecursionError)

# {n}: a number's name, {m}: another or the same, {x}, {y}: lists, {f}, {g}: functions, {k}: a condition, {v}: a literal.
_STATEMENTS = (
    "{n} = {v}",
    "{n} = {v}",
    "{n} = {m} + {v}",
    "{n} = {m} + {v}",
    "{n} = {m}",
    "{n} += {v}",
    "if {k}:\n    {n} = {v}",
    "if {k}:\n    {n} = {v}\nelse:\n    {n} = {m}",
    "if {k}:\n    print({n})",
    "for {n} in (1, 2):\n    {m} = {n} + {v}",
    "for {n} in range({k}):\n    {m} = {n} + {v}",
    "for {n} in (1, 2, 3):\n    if {k}:\n        break\n    {m} = {n}\nelse:\n    {n} = {v}",
    "while {k}:\n    {n} = {v}\n    break",
    "try:\n    {n} = {m} // {k}\nexcept ZeroDivisionError as error:\n    {m} = {v}",
    "try:\n    {n} = {v}\n    {m} = {n} // {k}\nexcept ZeroDivisionError:\n    pass\nfinally:\n    print('end')",
    "with suppress(ZeroDivisionError):\n    {n} = 1 // {k}\n    {m} = {v}",
    "del {n}",
    "print({n})",
    "print({n}, {m})",
    "print({n} + {m})",
    "{x} = [{n}]",
    "{x}.append({n})",
    "{x} += [{n}]",
    "{x} = {y}",
    "print({x})",
    "print([{n} + i for i in {x}])",
    "{n} = sum({m} * i for i in (1, 2))",
    "{x} = ({n} + i for i in (1, 2))",
    "{x} = list({x})",
    "{f} = lambda: {n}",
    "{f} = lambda x={n}: x",
    "print({f}())",
    "{n} = {f}()",
    "{x} = [{f}]",
    "{x}.append({f})",
    "print([each() for each in {x}])",
    "{n} = ({m} := {v}) + 1",
    "{n}: int = {v}",
    "match {n}:\n    case 1:\n        {m} = {v}\n    case other:\n        print(other)",
    "import math",
    "{n} = math.floor({v} / 2)",
    "from operator import add as {f}",
    "if {k}:\n    def {f}():\n        return {n}",
    "print(max({n}, {m}))",
    "max = min",
    "{x} = sorted({x}, key=lambda each: {n})",
)
_GIVEN = ("a = 1", "b = 2", "c = 3", "xs = [4]", "ys = [5, 6]", "def f():\n    return 7", "g = len", "h = f")
_DEFINITIONS = (
    "def {f}():\n    return {n}",
    "def {f}():\n    return {n}",
    "def {f}():\n    return {g}()",
    "def {f}():\n    global {n}\n    {n} = {v}\n    return {v}",
    "def {f}():\n    global {n}\n    {n} += {v}\n    return {n}",
    "def {f}(x={n}):\n    return x",
    "def {f}():\n    return lambda: {n}",
    "def {f}():\n    yield {n}",
    "def {f}():\n    return {g}",
    "class {f}:\n    def __init__(self):\n        self.x = {n}\n\n    def __call__(self):\n        return (self.x, {n})",
    "def {f}():\n    return globals().get('{n}', 0)",
    "def {f}(x={n}):\n    {m} = x\n    return {m}",
    "def {f}():\n    {x}.append({n})\n    return {v}",
)


@dataclass(frozen=True)
class Program:
    """A notebook: its statements with the cell each stands in, and one run of them."""

    statements: tuple[str, ...]
    cells: tuple[int, ...]  # the cell of each statement, ascending from 0
    first: int
    last: int

    def sources(self, statements: Sequence[str] | None = None) -> list[str]:
        texts = self.statements if statements is None else statements
        return [
            "\n".join(text for text, at in zip(texts, self.cells, strict=True) if at == cell and text)
            for cell in range(self.cells[-1] + 1)
        ]

    def block(self) -> Block:
        cell, last_cell = self.cells[self.first], self.cells[self.last]
        return Block(0, cell, self.first - self.cells.index(cell), last_cell, self.last - self.cells.index(last_cell))

    def conditions(self) -> list[str]:
        text = "\n".join(self.statements)
        return [f"K{at}" for at in range(len(self.statements)) if f"K{at}" in text]


def programs(seed: int, count: int) -> Iterator[Program]:
    """Random notebooks with a block that holds no definition at its own level."""
    chance = random.Random(seed)
    made = 0
    while made < count:
        length = chance.randint(4, 9)
        head = ["from contextlib import suppress"] + [text for text in _GIVEN if chance.random() < 0.8]
        statements = head + [_statement(chance, at) for at in range(length)]
        cells = [0] * len(head)
        for _ in range(length):
            cells.append(cells[-1] + (chance.random() < 0.45))
        size = chance.randint(1, 4)
        first = chance.randint(len(head), len(statements) - size)
        last = first + size - 1
        if not any(text.startswith(("def", "class")) for text in statements[first : last + 1]):
            made += 1
            yield Program(tuple(statements), tuple(cells), first, last)


def _statement(chance: random.Random, at: int) -> str:
    shape = chance.choice(_DEFINITIONS if chance.random() < 0.2 else _STATEMENTS)
    return shape.format(
        n=chance.choice(_NAMES),
        m=chance.choice(_NAMES),
        x=chance.choice(_LISTS),
        y=chance.choice(_LISTS),
        f=chance.choice(_FUNCTIONS),
        g=chance.choice(_FUNCTIONS),
        k=f"K{at}",
        v=chance.randint(1, 6),
    )


def extracted(program: Program, flow: BlockFlow) -> list[str]:
    """The notebook with a function and its call in the place of the block."""
    body = "\n".join(program.statements[program.first : program.last + 1])
    lines = [f"def _block({', '.join(flow.inputs)}):"]
    lines += [f"    {line}" for line in body.split("\n")]
    returned = ", ".join(flow.outputs)
    if returned:
        lines.append(f"    return {returned}")
    lines.append((f"{returned} = " if returned else "") + f"_block({', '.join(flow.inputs)})")
    lines += [text for _, text in flow.stays]
    statements = list(program.statements)
    statements[program.first : program.last + 1] = ["\n".join(lines)] + [""] * (program.last - program.first)
    return program.sources(statements)


def valuations(program: Program) -> Iterator[dict[str, int]]:
    names = program.conditions()
    for values in product((1, 0), repeat=len(names)):
        yield dict(zip(names, values, strict=True))


def ran(sources: Sequence[str], conditions: dict[str, int]) -> tuple[str, str, dict[str, Any]]:
    """What is printed, the error that ends it, and the names it leaves."""
    space: dict[str, Any] = {"__name__": "__main__", **conditions}
    out = io.StringIO()
    error = ""
    with contextlib.redirect_stdout(out):
        for source in sources:
            try:
                exec(compile(source, "<cell>", "exec", dont_inherit=True), space)
            except _ERRORS as found:
                error = "NameError" if isinstance(found, NameError) else type(found).__name__
                break
    return _ADDRESS.sub("", out.getvalue()), error, space


def difference(program: Program, flow: BlockFlow, conditions: dict[str, int]) -> str:
    """How the two runs differ, in words; "" when nobody could tell."""
    old, old_error, old_space = ran(program.sources(), conditions)
    new, new_error, new_space = ran(extracted(program, flow), conditions)
    if (old, old_error) != (new, new_error):
        return f"printed {old!r} {old_error}, then {new!r} {new_error}"
    if old_error:
        return ""
    skipped = {*flow.local, "_block", "__builtins__", "__annotations__"}
    for name in sorted((old_space.keys() | new_space.keys()) - skipped):
        before, after = _plain(old_space.get(name, "unbound")), _plain(new_space.get(name, "unbound"))
        if before != after:
            return f"{name} is {before!r}, then {after!r}"
    return ""


def _plain(value: Any) -> Any:
    """A value as something that can be compared: functions and objects by what they are called or give."""
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, types.FunctionType | types.BuiltinFunctionType | type):
        return ("function", value.__name__)
    if isinstance(value, int | str):
        return value
    return type(value).__name__
