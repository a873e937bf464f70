"""Cells with definitions replaced by imports: every character outside the replaced statements stays."""

import sys
from pathlib import Path

import pytest
from msgspec.structs import replace
from plan.building import Project

from nb2mod.config import Config
from nb2mod.stages.rewrite.bootstrap import bootstrap_source
from nb2mod.stages.rewrite.formatting import Style

F = "def load_f(x):\n    return x"
G = "def load_g(x):\n    return x"
BOTH = "from reports.dataset import load_f, load_g"
ONE = "from reports.dataset import load_f"
TWO = "from reports.dataset import load_g"


def after(cell: str, **settings: object) -> str:
    """The cell's source after extraction, from a project with two notebooks of this one cell."""
    project = Project({"a.ipynb": [cell], "b.ipynb": [cell]}, **settings)  # type: ignore[arg-type]
    return project.after()["a.ipynb"]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (f"{F}", ONE),
        (f"{F}\n", f"{ONE}\n"),
        (f"{F}\n\n\n", f"{ONE}\n\n\n"),
        (f"\n\n{F}\n\nplot(1);", f"\n\n{ONE}\n\nplot(1);"),
        # F11: one import per run of neighbours, each where it stood
        (f"{F}\n\n\n{G}\n", f"{BOTH}\n"),
        (f"{F}\n# about g\n{G}\n", f"{BOTH}\n"),
        (f"{F}\n\nprint(load_f(2))\n\n{G}", f"{ONE}\n\nprint(load_f(2))\n\n{TWO}"),
        (f"{F}\n\n# part two\n\n{G}", f"{ONE}\n\n# part two\n\n{TWO}"),
        (f"{F}\n\n{F}", f"{ONE}\n\n{ONE}"),
        # F7, F3: headings and directives stay, comments of the definition go
        (f"# heading\n\n# about f\n{F}", f"# heading\n\n{ONE}"),
        (f"#| export\n{F}", f"#| export\n{ONE}"),
        (f"#@title Load\n{F}", f"#@title Load\n{ONE}"),
        (f"# %%\n# about f\n{F}\n", f"# %%\n{ONE}\n"),
        (f"{F}\n    # tail\n\n# next\nx = 1", f"{ONE}\n\n# next\nx = 1"),
        # line ends as they were
        ("def load_f(x):\r\n    return x\r\n\r\nprint(1)\r\n", f"{ONE}\r\n\r\nprint(1)\r\n"),
        ("x = 1\r\n\r\ndef load_f(x):\r\n    return x", f"x = 1\r\n\r\n{ONE}"),
        ("s = 'a\x0cb'\n" + F, "s = 'a\x0cb'\n" + ONE),
        # magics around stay
        (f"%matplotlib inline\n{F}\n!ls {{x}}\n", f"%matplotlib inline\n{ONE}\n!ls {{x}}\n"),
        (f"%%time\n{F}\nload_f(1)", f"%%time\n{ONE}\nload_f(1)"),
        ("def load_f(x): return x  # short", ONE),
    ],
)
def test_cell(cell: str, expected: str) -> None:
    assert after(cell) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("LIMIT = 5", "from reports.dataset import LIMIT"),
        ("LIMIT = 5  # rows", "from reports.dataset import LIMIT"),
        ("# rows\nLIMIT = 5", "# rows\nfrom reports.dataset import LIMIT"),
        ("LIMIT = 5;", "from reports.dataset import LIMIT;"),
        ("x = 'ü'; LIMIT = 5; y = 2  # more", "x = 'ü'; from reports.dataset import LIMIT; y = 2  # more"),
        ("LIMIT = (\n    1,\n    5,\n)", "from reports.dataset import LIMIT"),
        ("LIMIT = 5; OTHER = 6", "from reports.dataset import LIMIT; from reports.dataset import OTHER"),
    ],
)
def test_constant(line: str, expected: str) -> None:
    cell = f"{line}\nprint(1)\ndef load_f(x):\n    return x * LIMIT" + (" + OTHER" if "OTHER" in line else "")
    assert after(cell) == f"{expected}\nprint(1)\n{ONE}"


def test_constant_beside_its_function_shares_the_import() -> None:
    cell = "LIMIT = 5\n\ndef load_f(x):\n    return x[:LIMIT]"
    assert after(cell) == "from reports.dataset import LIMIT, load_f"


def test_renamed_copy_is_imported_under_its_own_name() -> None:
    project = Project({"a.ipynb": [F], "b.ipynb": ["def load_h(y):\n    return y"]})
    one, other = project.candidates
    project.candidates = [
        replace(one, members=one.members + other.members, occurrences=one.occurrences + other.occurrences)
    ]
    found = project.after()
    assert (found["a.ipynb"], found["b.ipynb"]) == (ONE, ONE + " as load_h")


def test_several_modules_several_lines() -> None:
    cell = f"{F}\n\ndef plot_it(x):\n    return x\n\n{G}"
    assert after(cell) == f"{BOTH}\nfrom reports.plots import plot_it"


def test_long_import_is_broken_as_black_breaks_it() -> None:
    cell = "\r\n".join(f"def load_something_with_a_long_name_{i}(x):\r\n    return {i}\r\n" for i in range(3))
    expected = "".join(f"    load_something_with_a_long_name_{i},\r\n" for i in range(3))
    assert after(cell) == f"from reports.dataset import (\r\n{expected})\r\n"
    assert len(after(cell, black={"line-length": 150}).splitlines()) == 1


def test_nothing_else_of_the_notebook_changes() -> None:
    cells = ["x = 1", f"{F}\n\nprint(1)", "md:# Title"]
    project = Project({"a.ipynb": cells, "b.ipynb": cells})
    change = next(change for change in project.changes().changes if change.path == "a.ipynb")
    before, now = (change.before or b"").splitlines(), change.after.splitlines()
    assert [line for line in before if line not in now] == [b'    "def load_f(x):\\n",', b'    "    return x\\n",']
    assert [line for line in now if line not in before] == [f'    "{ONE}\\n",'.encode()]
    (edit,) = change.cells
    assert (edit.cell, edit.cell_id, edit.before, edit.after) == (2, "c2", cells[1], f"{ONE}\n\nprint(1)")


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["import json", f"x = 1\n\n{F}\n\nload_f(1)"], f"import json\n{ONE}\n---\nx = 1\n\nload_f(1)"),
        (["import json\nx = 1\n", f"{F}\n\n\n{G}\n"], f"import json\n{BOTH}\nx = 1\n\n---\n"),
        (["import json", f"x = 1\n\n{F}"], f"import json\n{ONE}\n---\nx = 1"),
        (["import json", f"# heading\n\n{F}\n\n# next"], f"import json\n{ONE}\n---\n# heading\n\n# next"),
    ],
)
def test_imports_at_the_top(cells: list[str], expected: str) -> None:
    project = Project({"a.ipynb": cells, "b.ipynb": cells}, config=Config(imports="top"))
    assert project.after()["a.ipynb"] == expected


def test_bootstrap_is_a_tagged_first_code_cell_and_comes_once() -> None:
    cells = ["md:# Title", F]
    project = Project({"a.ipynb": cells, "b.ipynb": cells}, config=Config(bootstrap="sys-path"))
    change = next(change for change in project.changes().changes if change.path == "a.ipynb")
    assert change.after.count(b"nb2mod-bootstrap") == 1
    assert [(edit.cell, edit.inserted) for edit in change.cells] == [(2, True), (2, False)]
    tags = {"a.ipynb": {2: ["nb2mod-bootstrap"]}}
    cells = ["md:# Title", "pass", F]
    again = Project({"a.ipynb": cells, "b.ipynb": cells}, config=Config(bootstrap="sys-path"), tags=tags)
    change = next(change for change in again.changes().changes if change.path == "a.ipynb")
    assert change.after.count(b"nb2mod-bootstrap") == 1


def test_style_reads_blacks_own_settings() -> None:
    style = Style(
        {"line-length": 20, "skip-string-normalization": True, "target-version": ["py311", "py99"], "exclude": "x"}
    )
    assert style.formatted("x = 'a'\n") == "x = 'a'\n"
    assert style.import_line("from a import bbbbbbb, ccccc") == "from a import (\n    bbbbbbb,\n    ccccc,\n)"
    assert Style({}).formatted("x = 'a'\n") == 'x = "a"\n'
    assert Style({}).formatted("x = = 1\n") == "x = = 1\n"


@pytest.mark.parametrize("source_root", ["src", "."])
def test_bootstrap_finds_the_package_from_below_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source_root: str
) -> None:
    (tmp_path / source_root / "reports").mkdir(parents=True)
    (tmp_path / "notebooks" / "deep").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "notebooks" / "deep")
    monkeypatch.setattr(sys, "path", ["first"])
    names: dict[str, object] = {}
    for _ in range(2):
        exec(bootstrap_source("reports", source_root), names)
    assert sys.path == ["first", str(tmp_path / source_root)]
    assert names.keys() == {"__builtins__", "pathlib", "sys"}
