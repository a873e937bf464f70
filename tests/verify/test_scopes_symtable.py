"""The verifier's scopes against `symtable`: the same free names for every module of a good part of the standard library."""

import ast
import pkgutil
import symtable
import warnings
from pathlib import Path

import pytest

from nb2mod.stages.verify.proof.scopes import reads

LIBRARY = Path(ast.__file__).parent
PACKAGES = ("", "asyncio", "concurrent/futures", "email", "importlib", "json", "logging", "unittest", "xml/etree")


def files(package: str) -> list[Path]:
    modules = pkgutil.iter_modules([str(LIBRARY / package)])
    found = [LIBRARY / package / f"{module.name}.py" for module in modules]
    return [path for path in found if path.exists()][:40]


def global_reads(table: symtable.SymbolTable, *, outermost: bool = True) -> set[str]:
    """Names some scope reads from the module's level; in a class body, those that the class does not bind itself."""
    found = {s.get_name() for s in table.get_symbols() if s.is_referenced() and (outermost or s.is_global())}
    for child in table.get_children():
        found |= global_reads(child, outermost=False)
    return found


@pytest.mark.parametrize("package", PACKAGES)
def test_free_names(package: str) -> None:
    for path in files(package):
        text = path.read_text(encoding="utf-8")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            expected = global_reads(symtable.symtable(text, str(path), "exec"))
            tree = ast.parse(text)
        # `x += 1` reads x; symtable counts it as bound only.
        found = {each.name for node in tree.body for each in reads(node) if isinstance(each.node.ctx, ast.Load)}  # type: ignore[attr-defined]
        assert found == expected, path.name


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[x for x in xs if (y := x)]", {"xs"}),
        ("def f():\n    [y := x for x in xs]\n    return y", {"xs"}),
        ("class A:\n    b = 1\n    def f(self):\n        return b", {"b"}),
        ("class A:\n    b = 1\n    c = b", set()),
        ("class A:\n    b = [1]\n    c = [b for d in b]", {"b"}),
        ("def f(a=b, *, c=d, **e) -> g:\n    return a, c, e", {"b", "d", "g"}),
        ("def f():\n    global a\n    a = 1\n    return a", {"a"}),
        ("def f():\n    a = 1\n    def g():\n        nonlocal a\n        a += 1\n    return g", set()),
        ("lambda a, b=c: a + b + d", {"c", "d"}),
        ("match a:\n    case [d, *e] if g:\n        d", {"a", "d", "g"}),
        ("try:\n    pass\nexcept E as e:\n    e", {"E", "e"}),
    ],
)  # fmt: skip
def test_awkward_scopes(text: str, expected: set[str]) -> None:
    assert {read.name for node in ast.parse(text).body for read in reads(node)} == expected
