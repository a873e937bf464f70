"""Small notebooks whose function got a parameter, right or wrong, drawn at random; and what they print when run."""

import random
import re
import sys
import types
from collections.abc import Sequence
from typing import Any

from verify.lifts import brings, lifted
from verify.pairs import Pair

# {h} is what a parameter stands for now.
_BODIES = (
    "return v + {h}",
    "return {h} + v",
    "print(v)\nreturn {h}",
    "x = 3\nreturn x + {h}",
    "return [w + {h} for w in range(2)]",
    "return sum(w + {h} for w in (1, 2))",
    "return max((1, 2), key=lambda w: w * {h})",
    "return lambda: {h}",
    "return (w + {h} for w in (1, 2))",
    "if v > 1:\n    return {h}\nreturn 0",
    "try:\n    return 10 // {h}\nexcept ZeroDivisionError:\n    return 5",
    "turn()\nreturn {h}",
    "x = {h}\nturn()\nreturn x + {h}",
    "return v and {h}",
    "yield v\nyield {h}",
    "def inner():\n    return {h}\nreturn inner()",
    "def inner():\n    return {h}\nreturn inner",
    "class K:\n    n = {h}\nreturn K.n",
    "return {h} + turn()",
    "return turn() + {h}",
    "for w in range(2):\n    x = {h}\nreturn x",
    "return f'{{v}} {{{h}}}'",
    "a = 4\nreturn a + {h}",
    "return v + {h} + ([n for n in (1,)])[0]",
    "return f(v - 1{self}) + {h} if v > 0 else {h}",
    "return [b for b in (1, 2)][0] + {h}",
)
# What calls it and moves too; {} is where it passes on what it is handed.
_CALLERS = (
    "return [f(v{}), v]",
    "print(v)\nreturn f(v{})",
    "return [f(w{}) for w in (1, 2)]",
    "return lambda: f(v{})",
    "a = 3\nreturn f(v{})",
    "return f(v{}) if v > 1 else 0",
    "return f(v{}), f(2{})",
    "x = f(v{})\nreturn x",
)
_HOLES = ("2", "3", "-1", "a", "a", "b", "k", "a + 1", "len(m)", "m[0]", "m.pop()", "turn()", "[a][0]", "max", "v")
_PARAMETERS = ("n", "n", "a", "b", "v2")
_CALLS = (
    "print(f(1{}))",
    "print(f(2{}))",
    "print(f(turn(){}))",
    "print([f(w{}) for w in (1, 2)])",
    "print([f(1{}) for {x} in (7, 8)])",
    "def show():\n    return f(2{})",
    "def show():\n    {x} = 9\n    return f(2{})",
    "def show({x}=9):\n    return f(2{})",
    "show = lambda: f(1{})",
    "show = lambda {x}=4: f(1{})",
    "for {x} in (4, 5):\n    print(f(1{}))",
    "class K:\n    {x} = 8\n    print(f(1{}))",
    "if {x} > 1:\n    print(f(1{}))",
    "{x} = f(1{})",
    "h = f(1{})",
    "h = [f(1{})]",
    "print(list(map(f, (1, 2))))",
    "print(sorted((1, 2), key=f))",
    "h = map(f, (1, 2))",
    "h = f",
    "try:\n    print(f(1{}))\nexcept NameError:\n    print('none')",
)
_NOISE = (
    "{x} = 5",
    "{x} = {x} + 1",
    "del {x}",
    "for {x} in (1, 2):\n    pass",
    "if {y} > 1:\n    {x} = 6",
    "def turn():\n    global {x}\n    {x} = 7\n    return 0",
    "turn()",
    "exec('{x} = 9')",
    "globals()['{x}'] = 5",
    "m.append(3)",
    "print(show())",
    "print(h)",
    "print(h() if callable(h) else h if isinstance(h, (int, str)) else list(h))",
    "print(f(3))",
    "print(globals()['f'](1))",
    "print(len(m), {x})",
    "def f(v):\n    return 8",
)


def program(draw: random.Random) -> Pair:
    """Four to eight cells; what is handed in is chosen by a careful or a careless person."""
    hole, body = draw.choice(_HOLES), draw.choice(_BODIES)
    parameter = hole if hole in "abk" and draw.random() < 0.6 else draw.choice(_PARAMETERS)
    default = draw.choice(("", "", f"={draw.choice(('2', '3'))}"))
    value = hole if draw.random() < 0.85 else draw.choice(_HOLES)
    passed = f", {parameter}={value}"
    own = draw.choice((f", {parameter}={parameter}",) * 3 + ("", f", {parameter}={value}"))
    old = _function(body.format(h=hole, self=""), "v")
    new = _function(body.format(h=parameter, self=own), f"v, *, {parameter}{default}")
    first = [f"{name} = {draw.randrange(4)}" for name in "abk" if draw.random() < 0.95]
    head = "\n".join([*first, "m = [1, 2]", "def turn():\n    return 1"]) + "\n"
    uses = [_use(draw, passed, parameter) for _ in range(draw.randrange(1, 4))]
    brought = ["f"]
    if draw.random() < 0.35:
        caller = draw.choice(_CALLERS)
        on = f", {parameter}={parameter}" if draw.random() < 0.9 else draw.choice(("", passed))
        old += "\n" + _function(caller.replace("{}", ""), "v", "t")
        new += "\n" + _function(caller.replace("{}", on), f"v, *, {parameter}{default}", "t")
        uses = [
            (one.replace("f(", "t("), other.replace("f(", "t(")) if draw.random() < 0.6 else (one, other)
            for one, other in uses
        ]
        brought.append("t")
    elif draw.random() < 0.2:
        value = draw.choice(("2", "3", "a", "[]"))
        old = _function(body.format(h="n", self=""), f"v, n={value}")
        new = _function(body.format(h="n", self=""), f"v, n={draw.choice(('2', '5', 'None'))}")
        passed = f", n={value if draw.random() < 0.85 else '4'}"
        uses = [_use(draw, passed, "n") for _ in range(draw.randrange(1, 4))]
        uses += [("print(f(1, 3))\n",) * 2, ("print(f(1, n=4))\n",) * 2]
    rest: list[Any] = [*uses, *(_noise(draw) for _ in range(draw.randrange(4)))]
    draw.shuffle(rest)
    rest.insert(0 if draw.random() < 0.9 else min(1, len(rest)), (old, brings(*brought)))
    return lifted("a program", head, *rest, new=new, site=brought[-1])


def _function(body: str, parameters: str, name: str = "f") -> str:
    return f"def {name}({parameters}):\n" + "".join(f"    {line}\n" for line in body.splitlines())


def _use(draw: random.Random, passed: str, parameter: str) -> tuple[str, str]:
    text = draw.choice(_CALLS).replace("{x}", draw.choice("abk"))
    value = passed if draw.random() < 0.92 else draw.choice(("", ", n=2", f", {parameter}=k"))
    if "{}" in text:
        return text.replace("{}", "") + "\n", text.replace("{}", value) + "\n"
    given = f"lambda v: f(v{value})" if draw.random() < 0.8 else "f"
    after = re.sub(r"(map\(|key=|h = )f\b", lambda found: found[1] + given, text)
    return f"{text}\n", f"{after}\n"


def _noise(draw: random.Random) -> str:
    return draw.choice(_NOISE).replace("{x}", draw.choice("abk")).replace("{y}", draw.choice("abk")) + "\n"


def printed(cells: Sequence[str], module: str = "") -> tuple[list[str], str]:
    """What the cells print from top to bottom, and the error that ends them."""
    log: list[str] = []

    def say(*values: object) -> None:
        log.append(" ".join("an object" if " at 0x" in str(value) else str(value) for value in values))

    space: dict[str, Any] = {"__name__": "__main__", "print": say}
    package, team = types.ModuleType("reports"), types.ModuleType("reports.dataset")
    team.__dict__["print"] = say
    exec(module, team.__dict__)
    sys.modules |= {"reports": package, "reports.dataset": team}
    try:
        for cell in cells:
            exec(compile(cell, "<cell>", "exec"), space)
    except Exception as error:
        return log, type(error).__name__
    finally:
        del sys.modules["reports"], sys.modules["reports.dataset"]
    return log, ""


def behaves(pair: Pair) -> tuple[bool, bool]:
    """(prints the same before and after, ends in an error before)."""
    after = [pair.moved.get(number, source) for number, source in enumerate(pair.cells, 1)]
    old, new = printed(pair.cells), printed(after, next(iter(pair.new.values())))
    return old == new, bool(old[1])
