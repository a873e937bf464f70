"""The index's reader against `symtable`, Python's own, over the standard library: the same free names for every definition."""

import ast
import symtable
import sysconfig
from pathlib import Path

import pytest

from nb2mod.model import Masked, UseKind
from nb2mod.syntax import facts, parse, split_lines
from nb2mod.syntax.details import free_names

STANDARD_LIBRARY = Path(sysconfig.get_paths()["stdlib"])
MODULES = [
    *"argparse ast asyncio/base_events bdb calendar cgi codecs collections/__init__ configparser contextlib".split(),
    *"dataclasses difflib dis doctest email/message enum fractions functools heapq html/parser inspect".split(),
    *"json/decoder logging/__init__ pathlib pickle platform random shutil statistics symtable tarfile".split(),
    *"test/test_grammar test/test_named_expressions test/test_patma test/test_scope textwrap typing".split(),
    *"unittest/mock uuid xml/dom/minidom zipfile".split(),
]


@pytest.mark.parametrize("module", MODULES)
def test_free_names_are_those_of_symtable(module: str) -> None:
    path = STANDARD_LIBRARY / f"{module}.py"
    if not path.exists():
        pytest.skip(f"this Python has no {module}")
    source = path.read_text("utf-8")
    found = facts(source, Masked(source))
    assert found.error is None
    lines = split_lines(source)
    wrong = []
    for index, definition in enumerate(found.definitions):
        if definition.conditional:
            continue
        text = "\n".join(lines[definition.line - 1 : definition.end_line])
        ours = {
            use.name
            for use in found.uses
            if use.owner == index and use.kind is not UseKind.STRING and use.name != definition.name
        }
        ours |= {b.name for b in found.bindings if b.owner == index and b.name != definition.name}
        theirs = {name for name in free_names(text) - {definition.name} if not name.startswith("__")}
        declared = {n for node in ast.walk(parse(text)) if isinstance(node, ast.Global) for n in node.names}
        missed = theirs - ours - declared
        invented = {name for name in ours - theirs if not name.startswith("__")} - declared - _read_and_bound(text)
        if missed or invented:
            wrong.append((definition.name, missed, invented))
    assert not wrong


def _read_and_bound(text: str) -> set[str]:
    """Names that a class body both reads and binds: `x = x` there reads from outside, and symtable calls it local."""
    found = set()
    stack = [symtable.symtable(text, "<definition>", "exec")]
    while stack:
        table = stack.pop()
        stack.extend(table.get_children())
        if table.get_type() == "class":
            found |= {s.get_name() for s in table.get_symbols() if s.is_referenced() and s.is_assigned()}
    return found


CLASS_BODIES = {
    "x = x": ["x"],
    "x: int = x": ["x"],
    "x = 1\n    y = x": [],
    "x += 1": ["x"],
    "x = [x for _ in x]": ["x", "x"],
    "x = [y for y in ()]\n    y = x": [],
    "def x(self, value=x): return x": ["x", "x"],
    "x = 1\n    def y(self, value=x): return 2": [],
    "@x\n    def x(self): return 1": ["x"],
    "if 1:\n        x = 1\n        y = x": [],
}


@pytest.mark.parametrize("body", CLASS_BODIES)
def test_class_bodies_read_from_outside_what_they_have_not_bound(body: str) -> None:
    source = f"class C:\n    {body}\n"
    found = facts(source, Masked(source))
    assert [use.name for use in found.uses if use.name in "xy"] == CLASS_BODIES[body]
    assert ("x" in found.definitions[0].slots) == bool(CLASS_BODIES[body])
