"""Small programs for lifted definitions: functions that read state or differ from their copies, and uses of every kind.

A program is drawn statement by statement over two names of state and three of functions. Its notebooks are alike but for the
holes of its functions: what fills them differs. Rendering turns a program into the cells of one notebook.
"""

import random
import re
from collections.abc import Iterator
from typing import NamedTuple

from small.execution import run
from small.grammar import Literals

STATES, FUNCTIONS = ("s", "t"), ("f", "g", "h")
_OWN = {*STATES, *FUNCTIONS, "w", "r", "K", "d"}
_WORD, _QUOTES = re.compile(r"[^\W\d]\w*"), ("'", '"')
_ERRORS_KEPT = 0.1  # of the programs that end in an error, which are worth less

# {n}: the name it is about, {m}: another, {v}: a literal that no other statement has, {c}: a condition, {p}: the hole.
STATE_TEXTS = {
    "number": "{n} = {v}",
    "list": "{n} = [{v}]",
    "computed": "{n} = max({v}, 0)",
    "alias": "{n} = {m}",
    "augmented": "{n} += {n}",
    "mutated": "{n} = {n} if isinstance({n}, list) else [{n}]\n{n}.append({v})",
    "conditional": "if {c}:\n    {n} = {v}",
    "either": "if {c}:\n    {n} = {v}\nelse:\n    {n} = ({v},)",
    "loop": "for {n} in (0, {v}):\n    pass",
    "empty loop": "for {n} in ():\n    pass",
    "tried": "try:\n    {n} = {v}\nexcept ValueError:\n    pass",
    "deleted": "del {n}",
    "imported": "import math as {n}",
    "unpacked": "{n}, *_ = ({v}, 1)",
    "walrus": "print({n} := {v})",
    "walrus inside": "[{n} := y for y in (0, {v})]",
    "run as text": 'exec("{n} = {v}")',
    "set by globals": 'globals()["{n}"] = {v}',
    "annotated": "{n}: int = {v}",
    "defined": "def {n}(x=0):\n    return ({v}, x)",
    "matched": "match {v}:\n    case {n}:\n        pass",
}
READING_TEXTS = {
    "reads": "def {n}(x=0):\n    r = ({v}, x, {m})\n    return r",
    "reads twice": "def {n}(x=0):\n    r = [{v}, {m}]\n    return r, x, {m}",
    "reads sometimes": "def {n}(x=0):\n    r = {v}\n    return {m} if x else r",
    "reads late": "def {n}(x=0):\n    print({v}, x)\n    return {m}",
    "appends": "def {n}(x=0):\n    if isinstance({m}, list):\n        {m}.append({v})\n    return {m}, x",
    "tries": "def {n}(x=0):\n    try:\n        return {v}, {m}\n    except NameError:\n        return x",
    "calls what it is given": "def {n}(x=0):\n    r = x() if callable(x) else {v}\n    return r, {m}",
    "takes anything": "def {n}(*x, **o):\n    r = ({v}, x, sorted(o))\n    return r, {m}",
    "text": 'def {n}(x=0):\n    r = f"{v} {{{m}}} {{x}}"\n    return r',
    "sorts": "def {n}(x=0):\n    r = sorted([{v}, 0], key=lambda y: (y == {m}, y))\n    return r, x",
    "sums": "def {n}(x=0):\n    r = list((y, {m}) for y in (0, {v}))\n    return r, x",
    "inner": "def {n}(x=0):\n    def k():\n        return ({v}, {m})\n    return k(), x",
    "closure": "def {n}(x=0):\n    r = lambda: ({v}, {m})\n    return r",
    "generator": "def {n}(x=0):\n    yield ({v}, x)\n    yield {m}",
    "generator expression": "def {n}(x=0):\n    r = (({m}, y) for y in ({v}, x))\n    return r",
    "default": "def {n}(x={m}):\n    r = ({v}, x)\n    return r",
    "binds": "def {n}(x=0):\n    global {m}\n    {m} = ({v}, x)\n    return x",
    "own": "def {n}({m}=0):\n    r = ({v}, {m})\n    return r",
}
CALLING_TEXTS = {
    "calls": "def {n}(x=0):\n    r = ({v}, {m}(x))\n    return r",
    "calls in a loop": "def {n}(x=0):\n    r = [{m}(y) for y in (x, {v})]\n    return r",
    "calls beside a local": "def {n}(x=0):\n    s = {v}\n    return {m}(x), s",
    "hands on": "def {n}(x=0):\n    r = list(map({m}, [x, {v}]))\n    return r",
    "calls itself": "def {n}(x=1):\n    r = ({v}, x)\n    return r, x and {n}(0)",
    "calls itself and another": "def {n}(x=1):\n    r = ({v}, {m}(x))\n    return r, x and {n}(0)",
}
# One function with one hole, long enough to be found among others. Programs of one project have other bodies: else they would
# be near copies of each other.
_BODIES = (
    "    k = [{v}, x]\n    for i in (1, 2):\n        k.append((i, {v}))\n    if len(k) > 9:\n        k.clear()\n",
    "    k = [x]\n    n = {v}\n    while n > {v}:\n        n -= 1\n    k.insert(0, n)\n    k.extend((n, len(k)))\n",
    "    k = list((x, {v}))\n    try:\n        k.append(k[0] * 2)\n    except TypeError:\n        k.append({v})\n    assert k\n",
    "    k = [e for e in (x, {v}) if e]\n    k += k[:1]\n    if not k:\n        k = [{v}]\n    elif k[7:]:\n        k.pop()\n",
)
BODIES = len(_BODIES)
_END = "    k.append(str(x))\n    return k"
_GROWN = "    if isinstance(y, list):\n        y.append({v})\n"  # a list that two calls share is seen
NEAR_TEXTS = {
    "hole first": f"def {{n}}(x=0):\n    y = {{p}}\n{{body}}    k.append(y)\n{_GROWN}{_END}",
    "hole last": f"def {{n}}(x=0):\n{{body}}    k.append({{p}})\n{_END}",
    "hole in a loop": f"def {{n}}(x=0):\n{{body}}    for y in (0, {{v}}):\n        k.append({{p}})\n{_END}",
    "hole in a branch": f"def {{n}}(x=0):\n{{body}}    if x:\n        k.append({{p}})\n{_END}",
    "hole in a default": f"def {{n}}(x=0, y={{p}}):\n{{body}}    k.append(y)\n{_END}",
    "hole in the first default": f"def {{n}}(x={{p}}, y=0):\n{{body}}    k.append(y)\n{_END}",
    "hole after a print": f"def {{n}}(x=0):\n{{body}}    print(k)\n    k.append({{p}})\n{_END}",
    "hole twice": f"def {{n}}(x=0):\n{{body}}    k += [{{p}}, {{p}}]\n{_END}",
    "hole in a lambda": f"def {{n}}(x=0):\n{{body}}    k.append((lambda: {{p}})())\n{_END}",
    "hole in a closure": f"def {{n}}(x=0):\n{{body}}    k.append(lambda: {{p}})\n{_END}",
    "hole in a text": f'def {{n}}(x=0):\n{{body}}    k.append(f"{{{{x}}}} {{{{{{p}}}}}}")\n{_END}',
    "hole is called": f"def {{n}}(x=0):\n{{body}}    k.append(callable({{p}}) and {{p}}(k))\n{_END}",
    "hole of a text": f'def {{n}}(x=0):\n{{body}}    k.append(f"{{{{x}}}} {{p}}")\n{_END}',
    "hole and state": f"def {{n}}(x=0):\n{{body}}    k.append(({{p}}, {{m}}))\n{_END}",
    "hole and keywords": f"def {{n}}(x=0, **o):\n{{body}}    k.append(({{p}}, sorted(o)))\n{_END}",
    "hole of an operator": f"def {{n}}(x=0):\n{{body}}    k.append(x {{p}} 1)\n{_END}",
    "hole of a statement": f"def {{n}}(x=0):\n{{body}}    {{p}}\n{_END}",
}
VALUES = (
    ("1", "2"), ("1", "1.0"), ("1", "True"), ("'a'", "None"), ("-1", "(1, 2)"), ("'x'", "'y'"), ("0.1", "0.01"),
    ("[1]", "[2, 3]"), ("[]", "{{}}"), ("s", "t"), ("s", "1"), ("[s]", "[t]"), ("len([s])", "max(1, 2)"), ("x", "1"), ("x", "s"),
    ("len", "repr"), ("g", "h"), ("str(s)", "repr(t)"), ("(s, 1)", "(s, 2)"), ("k", "1"), ("print(1)", "print(2)"),
    ("[y for y in (1, 2)]", "0"),
)  # fmt: skip
_SPECIAL = {
    "hole of an operator": (("+", "-"), ("<", "<=")),
    "hole of a statement": (("k.append(1)", "k.append(2)"), ("pass", "k = k + k"), ("k.sort(key=str)", "k.reverse()")),
    "hole of a text": (("km", "miles"), ("", "{{x}}"), ("a", "b {{x}}")),
    "hole is called": (
        ("len", "repr"),
        ("g", "h"),
        ("s", "t"),
        ("str", "s"),
        ("k.count", "k.index"),
        ("len", "(lambda y: 0)"),
    ),
}
USE_TEXTS = {
    "call": "print({n}())",
    "call with": "{n}({v})",
    "by keyword": "print({n}(x={v}))",
    "starred": "print({n}(*[{v}]), {n}(**{{'x': {v}}}))",
    "nested": "print({n}({n}({v})))",
    "in a list": "[{n}(y) for y in (0, {v})]",
    "in a list over state": "print([{n}() for s in (0, {v})])",
    "in a set": "print(len({{str({n}()) for y in (0, {v})}}))",
    "in a text": 'print(f"{{{n}()}} {v} {{{n}({v})!r:>9}}")',
    "in a lambda": "r = lambda: {n}({v})",
    "in a lambda over state": "print((lambda s: {n}())({v}))",
    "called later": "print({n}, r() if callable(r := globals().get('r')) else 0)",
    "generator argument": "print({n}(y for y in (0, {v})))",
    "over lines": "print({n}(\n    {v},  # so much\n))",
    "kept": "r = {n}({v})",
    "listed": "print(list(r) if hasattr(r := {n}({v}), '__next__') else r)",
    "asked": "r = {n}({v})\nprint(r() if callable(r) else r)",
    "binds in the call": "print({n}(s := {v}))",
    "binds in an argument": "print({n}([t := {v}]), t)",
    "binds before": "print((s := {v}), {n}())",
    "given a function": "print({n}({m}))",
    "given a result": "print({n}({m}({v})))",
    "given a lambda": "print({n}(lambda: {m}({v})))",
    "mapped": "print(list(map({n}, [0, {v}])))",
    "mapped later": "r = map({n}, [0, {v}])",
    "read later": "print(list(r) if hasattr(r := globals().get('r', {v}), '__next__') else 0)",
    "sorted": "print(sorted([{v}, 0], key=lambda y: str({n}(y))))",
    "key": "print(max([0, {v}], key={n}) if {c} else {v})",
    "filtered": "print(list(filter({n}, [0, {v}])))",
    "another name": "r = {n}\nprint(r({v}))",
    "stored": "r = {{{v}: {n}}}\nprint(r[{v}]())",
    "name": "print({n}.__name__ == {n}.__name__, {v})",
    "defaults": "print({n}.__defaults__ and len({n}.__defaults__), {v})",
    "in a function": "def w():\n    return ({v}, {n}())\nprint(w())",
    "in a function over state": "def w(s={v}):\n    return {n}()\nprint(w())",
    "in a function with a local": "def w():\n    t = {v}\n    return ({n}(), t)\nprint(w())",
    "in a function that binds": "def w():\n    global s\n    s = {v}\n    return {n}()\nprint(w())",
    "in a default": "def w(x={n}({v})):\n    return x\nprint(w())",
    "in a decorator": "def d(y):\n    return lambda function: function\n@d({n}({v}))\ndef w():\n    return {v}\nprint(w())",
    "in a method": "class K:\n    def m(self):\n        return ({v}, {n}())\nprint(K().m())",
    "in a class": "class K:\n    s = {v}\n    r = {n}()\nprint(K.r)",
    "in a loop over state": "for s in (0, {v}):\n    print({n}())",
    "in a condition": "if {c} and {n}({v}):\n    print({n}())",
    "tried": "try:\n    print({n}())\nexcept (NameError, TypeError):\n    print({v})",
    "asserted": "assert str({n}()) != '{v}', {n}()",
    "in a text that runs": 'print(eval("{n}({v})"))',
    "named in a text": "print('{n}', {v})",
    "by globals": 'print(globals()["{n}"]({v}))',
    "given up": "{n} = {v}",
    "wrapped": "{n} = (lambda was: lambda *x: ({v}, was(*x)))({n})",
    "two on a line": "print({n}()); s = {v}; print({n}())",
    "conditional call": "print({n}() if {c} else {v})",
    "keyword of the state": "print({n}({v}, **{{}}), {n}({v}, *[]))",
    "option of the state": "print({n}(s={v}))",
    "chained": "print(str({n}({v})).strip().replace(',', ';'))",
    "subscript": "print([{n}({v})][0], {{1: {n}()}}[1])",
    "deleted": "del {n}",
}  # fmt: skip
TEXTS = {**STATE_TEXTS, **READING_TEXTS, **CALLING_TEXTS, **NEAR_TEXTS, **USE_TEXTS}
DEFINITIONS = READING_TEXTS.keys() | CALLING_TEXTS.keys() | NEAR_TEXTS.keys()
_OFTEN = (*("call",) * 6, *("call with",) * 3, "in a list", "in a function", "mapped", "by keyword", "in a text")


class Line(NamedTuple):
    """One statement: what it is, the name it is about, another name, and what fills its hole in the notebooks."""

    kind: str
    name: str
    other: str = ""
    hole: tuple[str, str] = ("", "")


class Program(NamedTuple):
    """`cuts`: bit k is set when a new cell begins after line k. `third`: a third notebook is like the first."""

    lines: tuple[Line, ...]
    cuts: int = 0
    third: bool = False

    @property
    def sides(self) -> str:
        return "xyz" if self.third else "xy"


def hole_of(line: Line, side: str) -> str:
    return line.hole[side == "y"]


def text_of(line: Line, side: str, at: int, suffix: str, literals: Literals, filled: str | None = None) -> str:
    """The statement in the notebook of that side. Names that differ between programs get the suffix; `filled`: the hole."""
    hole = hole_of(line, side) if filled is None else filled
    first = TEXTS[line.kind].replace("{body}", _BODIES[int(suffix or 0) % BODIES]).replace("{p}", hole)
    fields = {"n": line.name, "m": line.other, "v": literals.at(at), "c": literals.true >> at & 1}
    return _suffixed(first.format(**fields), suffix)


def _suffixed(text: str, suffix: str) -> str:
    """Words that are names of ours, wherever they stand, in strings too."""

    def made(found: re.Match[str]) -> str:
        before, after = text[found.start() - 1 : found.start()], text[found.end() : found.end() + 1]
        prefix = found[0] == "f" and after in _QUOTES and before not in _QUOTES
        return found[0] if prefix or before == "!" or found[0] not in _OWN else found[0] + suffix

    return _WORD.sub(made, text) if suffix else text


def render(program: Program, side: str, suffix: str, literals: Literals) -> list[str]:
    """The cells of one notebook."""
    return cells(program, [text_of(line, side, at, suffix, literals) for at, line in enumerate(program.lines)])


def cells(program: Program, texts: list[str]) -> list[str]:
    """The texts of the lines, joined to cells as the program is cut."""
    found = [texts[0]]
    for at, text in enumerate(texts[1:]):
        if program.cuts >> at & 1:
            found.append(text)
        else:
            found[-1] += f"\n{text}"
    return found


def sample(seed: int) -> Iterator[Program]:
    """Programs without end, the same ones for the same seed, each once."""
    chance = random.Random(seed)
    seen: set[Program] = set()
    while True:
        program = _drawn(chance)
        if program not in seen and (_runs(program) or chance.random() < _ERRORS_KEPT):
            seen.add(program)
            yield program


def _runs(program: Program) -> bool:
    literals = Literals(base=100)
    return not any(run(render(program, side, "", literals), {}, ask=False).error for side in "xy")


def _drawn(chance: random.Random) -> Program:
    """State first, then definitions, then uses; now and then something stands elsewhere."""
    lines = [Line(chance.choice(("number", "list", "computed", "number")), name) for name in STATES]
    if chance.random() < 0.3:
        lines.append(Line(chance.choice(tuple(STATE_TEXTS)), *chance.sample(STATES, 2)))
    near = chance.random() < 0.5
    defined: list[str] = []
    for name in FUNCTIONS[: chance.choice((1, 1, 2, 2, 3))]:
        lines.append(_function(chance, name, defined, near and not defined))
        defined.append(name)
    for _ in range(chance.choice((1, 2, 2, 3, 4))):
        lines.append(_use(chance, defined))
    if chance.random() < 0.15:
        at, other = chance.randrange(len(lines)), chance.randrange(len(lines))
        lines[at], lines[other] = lines[other], lines[at]
    return Program(tuple(lines), chance.randrange(1 << (len(lines) - 1)), chance.random() < 0.3)


def _function(chance: random.Random, name: str, defined: list[str], near: bool) -> Line:
    if near:
        kind = chance.choice(tuple(NEAR_TEXTS))
        return Line(kind, name, chance.choice(STATES), chance.choice(_SPECIAL.get(kind, VALUES)))
    if defined and chance.random() < 0.5:
        return Line(chance.choice(tuple(CALLING_TEXTS)), name, chance.choice(defined))
    return Line(chance.choice(tuple(READING_TEXTS)), name, chance.choice(STATES))


def _use(chance: random.Random, defined: list[str]) -> Line:
    if chance.random() < 0.25:
        return Line(chance.choice(tuple(STATE_TEXTS)), *chance.sample(STATES, 2))
    kind = chance.choice(_OFTEN) if chance.random() < 0.4 else chance.choice(tuple(USE_TEXTS))
    return Line(kind, chance.choice(defined), chance.choice(defined))
