"""Functions that drifted, generated: one skeleton, each copy with values, names, a line of its own; and running them."""

import ast
from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st
from unify.texts import lifted

from nb2mod.model import NewParameter

# Statements with gaps: {n} a number, {s} a text, {f} a function, {g} a name of the notebook, {e} an expression, {l} a list,
# {p} two of one expression; t, i, d and k are locals. What `log` and `tick` are given shows in the trace, in order.
STATEMENTS = (
    "t = x + {n}",
    "t = t * {n} - {n}",
    "t = {n}",
    "log({s}, t)",
    "log(f'{s_}{{t}}{s_}')",
    "log(f\"a {{t + {n}}}\" 'b' {s})",
    "for i in range({n}):\n        t = t + i * {n}",
    "for i in {l}:\n        log(i + {n})",
    "if x > {n}:\n        t = t - 1\n    else:\n        t = {n}",
    "t = {f}(t, {n})",
    "t = t + {g}",
    "t = t + {e}",
    "log(sum({l}))",
    "t = t + sum(i * {n} for i in {l})",
    "t = t + sum([i + {g} for i in (1, 2)])",
    "k = lambda v: v + {n}\n    t = k(t)",
    "k = lambda v={n}: v + {g}\n    t = k(t)",
    "try:\n        t = t // {n}\n    except ZeroDivisionError:\n        log({s})",
    "log(t if t > {n} else {e})",
    "t = (t + {n}) and {e}",
    "d = {{{s}: t}}\n    d[{s}] = {n}\n    log(sorted(d))",
    "log({e}, {e})",
    "def k(v, w={n}):\n        return v * w + {g}\n    t = k({n})",
    "t = table[{s}] + t",
    "log((1, {n}), -{n}, ({n}, {s}))",
    "log({p})",
    "t = x and {e}",
    "t = {e} if x else {n}",
    "for i in range(2):\n        log(grow({l}))",
    "log(grow({l}), grow({l}))",
)
_TEXTS = ("'a'", "'b'", '"c"')
_NAMES = ("g1", "g2", "g3")
_FUNCTIONS = ("add", "mul", "sub")
_LISTS = ("[1, 2]", "[1, 3]", "[3]", "[]")
_EXPRESSIONS = ("tick(1)", "tick(2)", "g1 * 2", "table['a']", "len(table)", "3")
_GAPS = {
    "n": st.sampled_from(("0", "1", "2", "2.0", "True", "(1 + 1)")),
    "s": st.sampled_from(_TEXTS),
    "s_": st.sampled_from(("a", "b ", "", "{{c}}")),
    "f": st.sampled_from(_FUNCTIONS),
    "g": st.sampled_from(_NAMES),
    "l": st.sampled_from(_LISTS),
    "e": st.sampled_from(_EXPRESSIONS),
    "p": st.sampled_from(("tick(1), tick(1)", "tick(2), tick(2)", "g1 * 2, g1 * 2")),
}


@st.composite
def drifted(draw: st.DrawFn) -> list[str]:
    """Two to five copies of one function, most of their values the same."""
    skeleton = ["t = x", *draw(st.lists(st.sampled_from(STATEMENTS), min_size=1, max_size=5)), "return t"]
    copies = draw(st.integers(2, 5))
    default = draw(st.sampled_from(("", ", n=1", ", *, n=1")))
    usual = [_filled(draw, line) for line in skeleton]
    return [_copy(draw, skeleton, usual, default) for _ in range(copies)]


def _copy(draw: st.DrawFn, skeleton: Sequence[str], usual: Sequence[str], default: str) -> str:
    lines = [
        _filled(draw, line) if draw(st.integers(0, 3)) == 0 else same
        for line, same in zip(skeleton, usual, strict=True)
    ]
    if draw(st.integers(0, 9)) == 0:
        lines.insert(1, "log(0)")
    if draw(st.integers(0, 5)) == 0:
        default = default.replace("1", "2")
    text = f"def f(x{default}):\n    " + "\n    ".join(lines)
    return _renamed(text) if draw(st.booleans()) else text


def _filled(draw: st.DrawFn, line: str) -> str:
    """The line with a value in each gap, the same gap twice on a line with two values."""
    while True:
        gap = next((name for name in _GAPS if "{" + name + "}" in line.replace("{{", "")), None)
        if gap is None:
            return line.replace("{{", "{").replace("}}", "}") if "{{" in line else line
        line = line.replace("{" + gap + "}", draw(_GAPS[gap]).replace("{{", "{{{{").replace("}}", "}}}}"), 1)


def _renamed(text: str) -> str:
    """Another spelling of the locals, and of the layout."""
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id in ("t", "i", "d"):
            node.id += "_2"
    return ast.unparse(tree)


def run(source: str, more: str, argument: int) -> list[object]:
    """What a call shows: the trace of log and tick, and what comes back or is raised."""
    trace: list[object] = []

    def log(*values: object) -> None:
        trace.append(("log", *((type(value).__name__, value) for value in values)))

    def tick(number: int) -> int:
        trace.append(("tick", number))
        return number

    def grow(values: list[int]) -> int:
        values.append(0)
        return len(values)

    names: dict[str, Any] = {
        "log": log, "tick": tick, "grow": grow, "table": {"a": 1, "b": 2}, "g1": 10, "g2": 20, "g3": 30,
        "add": lambda a, b: a + b, "mul": lambda a, b: a * b, "sub": lambda a, b: a - b,
    }  # fmt: skip
    exec(compile(source, "<function>", "exec"), names)
    try:
        result = eval(f"f({argument}{more})", names)
        trace.append((type(result).__name__, result))
    except Exception as error:
        trace.append((type(error).__name__, str(error)))
    return trace


def run_lifted(text: str, parameters: Sequence[NewParameter], argument: int) -> list[object]:
    """The same of the lifted function, called with the copy's own values."""
    more = "".join(f", {one.name}={one.value}" for one in parameters if one.value)
    return run(lifted(text, parameters), more, argument)
