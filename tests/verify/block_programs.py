"""Small notebooks with a run of statements that became a call, right or wrong, drawn at random; and what they print when run."""

import random
import types
from collections.abc import Sequence
from typing import Any

from verify.blocks import BEGIN, END, block
from verify.pairs import MODULE, F, Pair

NAMES = ("a", "b", "c", "k")
# {x} is bound, {y} and {z} are read.
_PLAIN = (
    "{x} = 1",
    "{x} = 2",
    "{x} = {y}",
    "{x} = {y} + 1",
    "{x} = {y} + {z}",
    "{x} += 1",
    "{x} += {y}",
    "{x}, {w} = {y}, 3",
    "if {y} > 1:\n    {x} = 2",
    "if {y} > 1:\n    {x} = 2\nelse:\n    {x} = 3",
    "for {x} in range({y} % 3):\n    {w} = {x}",
    "while {x} < 3:\n    {x} += 1",
    "{x} = [{y} for {z} in range(2)][0]",
    "{x} = [{y} + {z} for {y} in range(2)][1]",
    "try:\n    {x} = 1 // ({y} - 1)\nexcept ZeroDivisionError:\n    {w} = 4",
    "try:\n    {x} = 1 // ({y} - 1)\nexcept ZeroDivisionError as {w}:\n    {x} = 4",
    "try:\n    {x} = 1 // ({y} - 1)\nexcept ZeroDivisionError:\n    {x} = 4\nelse:\n    {w} = 5\nfinally:\n    {x} = 6",
    "{x} = ({w} := {y}) + 1",
    "{x} = {y} > 1 and ({w} := 3)",
    "if ({w} := {y}) > 1 and ({x} := {w}):\n    {x} = {x} + {w}",
    "match {y}:\n    case 1:\n        {x} = 1\n    case _:\n        {x} = 7",
    "match {y}:\n    case 1:\n        {x} = 1\n    case {w}:\n        pass",
    "print({y})",
    "print({y}, {z})",
    "del {x}",
    "{x} = max({y}, {z})",
    "for {x} in (1, 2):\n    if {y} > 1:\n        break\nelse:\n    {w} = 8",
    "assert {y}, {z}",
    "{x} = {y} if {z} > 1 else {w}",
    "with suppress(ZeroDivisionError):\n    {x} = 1 // ({y} - 1)",
)
_FUNCTIONS = (
    "g = lambda: {y}",
    "g = lambda v={y}: v + {z}",
    "h = (v + {y} for v in (1,))",
    "{x} = g()",
    "{x} = sum(h)",
    "{x} = g() + {y}",
    "{x} = sum(v + {y} for v in (1, 2))",
    "{x} = sorted((1, 2), key=lambda v: v * {y})[0]",
    "h = [g]",
    "{x} = h[0]()",
    "{x} = eval('{y}')",
    "print('{x}' in globals())",
    "{x} = list(map(lambda v: v + {y}, (1,)))[0]",
    "h = map(lambda v: v + {y}, (1,))",
)
_OUTSIDE = (
    "def g():\n    return {y}",
    "def g():\n    global {x}\n    {x} = {y} + 1\n    return {x}",
    "def g():\n    return lambda: {y}",
    "class K:\n    def m(self):\n        return {y}\nh = [K().m]",
    "globals()['{x}'] = 5",
    "print(globals()['{y}'])",
    "exec('{x} = 9')",
    "def g():\n    return globals()['{y}']",
    "def g():\n    def inner():\n        return {y}\n    return inner()",
    "h.append(g)",
)


def program(draw: random.Random) -> Pair:
    """Three to six cells; the run is handed and gives back what a careful or a careless person would choose."""
    first = [f"{name} = {draw.randrange(4)}" for name in NAMES if draw.random() < 0.9]
    first += [text for text in ("g = lambda: 1", "h = [g]") if draw.random() < 0.7]
    above = [_statement(draw, outside=True) for _ in range(draw.randrange(3))]
    run = [_statement(draw) for _ in range(draw.randrange(1, 4))]
    below = [_statement(draw, outside=True) for _ in range(draw.randrange(1, 4))]
    below += [f"print({name})" for name in NAMES if draw.random() < 0.4]
    code = "\n".join(run)
    given = [name for name in (*NAMES, "g", "h") if _stands(name, code) and draw.random() < 0.85]
    back = [name for name in (*NAMES, "g", "h") if _may_bind(name, code) and draw.random() < 0.8]
    draw.shuffle(given)
    own = "".join(f"{each}\n" for each in run)
    cells = ["from contextlib import suppress\n" + "\n".join(first)]
    cells += [*above, f"{BEGIN}{own}{END}" + (f"{below.pop(0)}\n" if draw.random() < 0.5 else ""), *below]
    imports = "from contextlib import suppress\n\n\n" if "suppress" in code else ""
    return block("a program", *cells, given=", ".join(given), back=", ".join(back), imports=imports)


def _statement(draw: random.Random, *, outside: bool = False) -> str:
    kinds = [*_PLAIN, *_FUNCTIONS, *_FUNCTIONS, *(_OUTSIDE * 2 if outside else ())]
    names = {letter: draw.choice(NAMES) for letter in "xyzw"}
    return draw.choice(kinds).format(**names)


def _stands(name: str, code: str) -> bool:
    return (
        name in code.replace("(", " ").replace(")", " ").replace(",", " ").replace(":", " ").split()
        or f"{name}(" in code
    )


def _may_bind(name: str, code: str) -> bool:
    return any(
        mark in code
        for mark in (
            f"{name} = ",
            f"{name} +=",
            f"{name} :=",
            f"for {name} ",
            f"{name}, ",
            f", {name} =",
            f"case {name}",
        )
    )


def printed(cells: Sequence[str], module: str = "") -> tuple[list[str], str]:
    """What the cells print from top to bottom, and the error that ends them."""
    log: list[str] = []

    def say(*values: object) -> None:
        log.append(" ".join("function" if callable(value) else str(value) for value in values))

    space: dict[str, Any] = {"__name__": "__main__", "print": say}
    team = types.ModuleType("dataset")
    team.__dict__["print"] = say
    try:
        exec(module, team.__dict__)
        for cell in cells:
            if F in cell:
                space["f"] = team.__dict__["f"]
            exec(compile(cell.replace(F, ""), "<cell>", "exec"), space)
    except Exception as error:
        return log, "NameError" if isinstance(error, NameError) else type(error).__name__
    return log, ""


def behaves(pair: Pair) -> tuple[bool, bool]:
    """(prints the same before and after, ends in an error before)."""
    after = [pair.moved.get(number, source) for number, source in enumerate(pair.cells, 1)]
    old, old_error = printed(pair.cells)
    new, new_error = printed(after, pair.new[MODULE])
    # A run from top to bottom ends at its first error. What the statements printed above it may be missing, and a name that
    # they would have missed further down is missed by the call (B14).
    ends = bool(old_error and new_error) and old[: len(new)] == new and new_error in (old_error, "NameError")
    return ends or (old == new and old_error == new_error), bool(old_error)
