"""`main` says what its notebook says: both are run and print the same. Cells are run as IPython would, without a kernel."""

import ast
import contextlib
import importlib.util
import io
import os
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from whole.conftest import NAME, Laid

from nb2mod.notebook import mask, read

# Each is printed the same by the notebook and by `main`, called without arguments.
SAME = {
    "headings, constants and a helper": """
# %% [markdown]
# # Report
# %%
import json
import statistics as st

SEED = 3
names = ["a", "b"]
options = {"x": 1}
ratio: float = 1
# %%
def scale(values, by):
    return [value * by for value in values]
# %% [markdown]
# ## Compute the values
# %%
values = [SEED * n for n in range(10)]
total = 0
for value in values:
    total += value
# %%
mean = st.mean(values)
scaled = scale(values, ratio)
# %%
scaled
# %% [markdown]
# ## Tell
# %%
text = json.dumps({"names": names, "mean": mean, **options})
size = len(text)
print(size)
text
""",
    "no headings, no constants, statements that share lines": """
# %%
rows = [n * n for n in range(4)]; odd = [n for n in rows if n % 2]
kept = sorted(odd)
# %%
first, *rest = kept; print(first)
rest;
# %%
'''a text
    over lines'''
# %%
None
""",
    "papermill's cell, with values that no command line gives": """
# %%
import datetime
# %% tags=parameters
month = "2024-03"  # the "month"
day = None
weights = (1, 2)
start = datetime.date(2024, 3, 1)
deep = [[1], [2]]
flag = True
# %%
label = f"{month} {start:%d} {flag}"
longer = label * 2
print(longer)
# %%
{"day": day, "weights": weights, "deep": deep}
""",
    "a parameter that is bound again and changed": """
# %%
names = ["a"]
limit = 3
# %%
names.append("b")
limit = limit + len(names)
doubled = [name * limit for name in names]
# %%
doubled
""",
    "a function of the name main": """
# %%
n = 4
# %%
def main(count):
    rows = [i * i for i in range(count)]
    return sum(rows)
# %%
result = main(n)
double = result * 2
print(result, double)
""",
    "imports where they stand": """
# %%
import math
count = 3
# %%
roots = [math.sqrt(n) for n in range(count)]
low = min(roots)
# %%
from math import pow
print(pow(low, 2))
# %%
import string as letters
letters.digits
""",
    "a constant of a function": """
# %%
LIMIT = 3
size = 5
# %%
def kept(values):
    return [value for value in values if value > LIMIT]
# %%
values = list(range(size))
large = kept(values)
large, LIMIT
""",
    "timed, and a magic that does nothing outside": """
# %%
%matplotlib inline
size = 3
# %%
%%time
rows = list(range(size))
more = rows * 2
# %%
%time last = more[-1]
# %%
last
""",
    "lambdas and comprehensions over what is bound later": """
# %%
size = 2
# %%
add = lambda value: value + offset
# %%
offset = 10 * size
# %%
sums = [add(n) for n in range(size)]
largest = max(sums)
print(sums, largest)
""",
}


@pytest.mark.parametrize("text", SAME.values(), ids=SAME.keys())
def test_main_prints_what_the_notebook_prints(
    text: str, laid: Callable[[str], Laid], monkeypatch: pytest.MonkeyPatch, record_property: Callable[..., None]
) -> None:
    project = laid(text)
    before = _cells_print(project.root)
    whole = project.extracted()
    assert whole.main, whole.refused
    monkeypatch.chdir(project.root)
    with _found(project.root):
        assert _cells_print(project.root) == before
        assert _main_prints(project.root, whole.module, whole.main) == before
    assert before
    record_property("tally", ("main of whole notebooks", {"printed what their notebook prints": [1]}))


def test_arguments_are_typed(laid: Callable[[str], Laid]) -> None:
    """The types of the old values; what a command line can't give stands inside, and is told."""
    whole = laid(SAME["papermill's cell, with values that no command line gives"]).extracted()
    assert [(one.name, one.type, one.default, one.option, one.comment) for one in whole.parameters] == [
        ("month", "str", "'2024-03'", "--month", 'the "month"'),
        ("flag", "bool", "True", "--flag", ""),
    ]
    assert [name for name, _ in whole.inside] == ["day", "weights", "start", "deep"]


def test_parameters_cell_is_never_touched(laid: Callable[[str], Laid]) -> None:
    project = laid(SAME["papermill's cell, with values that no command line gives"])
    cell = read(NAME, (project.root / NAME).read_bytes()).cells[1].source
    project.extracted()
    assert read(NAME, (project.root / NAME).read_bytes()).cells[1].source == cell


def test_nothing_is_loaded_for_the_command_line(laid: Callable[[str], Laid]) -> None:
    """An import of the module, which the notebook does, imports no typer (N18)."""
    project = laid(SAME["imports where they stand"])
    text = project.module(project.extracted())
    tree = ast.parse(text)
    imported = {alias.name for node in tree.body if isinstance(node, ast.Import) for alias in node.names}
    assert imported == {"math", "sys"}
    assert 'if __name__ == "__main__":\n    import typer\n\n    typer.run(main)' in text


def test_figures_end_with_their_cell(laid: Callable[[str], Laid]) -> None:
    """What one cell draws is not drawn over by the next: a notebook closes figures at the end of a cell."""
    text = """
# %%
import matplotlib.pyplot as plt
size = 3
# %%
plt.plot(range(size))
plt.savefig("one.png")
plt.show()
# %%
plt.plot(range(size), range(size))
plt.savefig("two.png")
"""
    project = laid(text)
    module = project.module(project.extracted())
    assert module.count('plt.close("all")') == 2
    assert module.count("plt.show()") == 2


# The two sides.


def _cells_print(root: Path) -> str:
    """What the notebook's cells print, the last expression of each as its text."""
    space: dict[str, Any] = {"__name__": "__main__"}
    out = io.StringIO()
    here = Path.cwd()
    os.chdir(root)
    try:
        with contextlib.redirect_stdout(out):
            for cell in read(NAME, (root / NAME).read_bytes()).cells:
                if cell.kind == "code":
                    _run_cell(cell.source, space)
    finally:
        os.chdir(here)
    return out.getvalue()


def _run_cell(source: str, space: dict[str, Any]) -> None:
    masked = mask(source)
    magics = {magic.line for magic in masked.magics if magic.name == "matplotlib"}
    tree = ast.parse(masked.python)
    body = [node for node in tree.body if node.lineno not in magics]
    shown = body.pop() if body and isinstance(body[-1], ast.Expr) and not source.rstrip().endswith(";") else None
    exec(compile(ast.Module(body, []), "<cell>", "exec"), space)
    if isinstance(shown, ast.Expr):
        value = eval(compile(ast.Expression(shown.value), "<cell>", "eval"), space)
        if value is not None:
            print(repr(value))


def _main_prints(root: Path, module: str, name: str) -> str:
    path = root / "src" / f"{module.replace('.', '/')}.py"
    spec = importlib.util.spec_from_file_location(f"main_of_{id(path)}", path)
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        getattr(made, name)()
    return out.getvalue()


def test_limits_of_the_run_are_not_written_down(laid: Callable[[str], Laid]) -> None:
    """That all of one notebook may move is no agreement of a team, and one notebook is no measure."""
    report = laid(
        f"=== {NAME}\n# %%\ndef scale(values):\n    found = sum(values)\n    return found\n# %%\nprint(scale([1]))\n"
    ).proposed()
    made = next(change.after for change in report.changes.changes if change.path == "pyproject.toml")
    assert made is not None
    threshold = tomllib.loads(made.decode())["tool"]["nb2mod"]["threshold"]
    assert (threshold["notebooks"], threshold["statements"]) == (2, 2)
    assert b"were found" not in made


@contextlib.contextmanager
def _found(root: Path) -> Iterator[None]:
    """The project's package can be imported, and is forgotten afterwards."""
    sys.path.insert(0, str(root / "src"))
    try:
        yield
    finally:
        sys.path.remove(str(root / "src"))
        for name in [name for name in sys.modules if name == "team" or name.startswith("team.")]:
            del sys.modules[name]
