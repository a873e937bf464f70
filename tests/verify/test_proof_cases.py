"""What the seeds can't say by editing a text: existing modules, imports inside functions, imports at the top, bootstrap."""

import json

import pytest
from verify.proving import Refactoring, notebook_bytes, told
from verify.seeds import base

from nb2mod.model import CellEdit, ChangeSet, FileChange, Insertion, Plan
from nb2mod.stages.verify.proof import Proof, prove

A = "a.ipynb"
MODULE = "src/reports/dataset.py"
INIT = {"src/reports/__init__.py": ""}


def proved(refactoring: Refactoring) -> None:
    proof = refactoring.proof()
    assert not proof.findings, told(proof)
    assert proof.evidence


def doubted(refactoring: Refactoring, check: str, words: str) -> None:
    proof = refactoring.proof()
    assert any(each.check == check and words in each.message for each in proof.findings), told(proof) or "proved"


# an existing module is extended

MINE = "import os\n\n\ndef mine(path):\n    return max(os.path.getsize(path), 1)\n"
LOAD = "def load(path):\n    return os.path.abspath(path)\n"


def extended(module: str, insertions: tuple[Insertion, ...], old: str = MINE) -> Refactoring:
    return Refactoring(
        before={A: ["import os\n", LOAD, "load('x')"]},
        after={A: ["import os\n", "from reports.dataset import load\n", "load('x')"]},
        modules={MODULE: module},
        old_modules={MODULE: old, **INIT},
        insertions={MODULE: insertions},
    )


def test_extended_module_is_proved() -> None:
    added = "\n\n" + LOAD
    proved(extended(MINE + added, (Insertion(len(MINE), added),)))


@pytest.mark.parametrize(
    ("module", "insertions", "words"),
    [
        pytest.param(MINE.replace("1)", "2)") + LOAD, (Insertion(len(MINE), LOAD),), "changed or removed", id="changed"),
        pytest.param(MINE + LOAD, (), "changed or removed", id="an insertion that is not told"),
        pytest.param(MINE + LOAD, (Insertion(len(MINE), LOAD + "#"),), "does not hold", id="another insertion"),
        pytest.param(MINE + LOAD, (Insertion(len(MINE) + 9, LOAD),), "outside", id="outside"),
        pytest.param(
            MINE + "max = min\n" + LOAD, (Insertion(len(MINE), "max = min\n" + LOAD),), "reads it from elsewhere",
            id="a builtin that older code reads",
        ),
        pytest.param(
            MINE + "def mine(p):\n    return 0\n" + LOAD, (Insertion(len(MINE), "def mine(p):\n    return 0\n" + LOAD),),
            "bound to something else", id="a name that stood there",
        ),
        pytest.param(
            "from __future__ import annotations\n" + MINE + LOAD,
            (Insertion(0, "from __future__ import annotations\n"), Insertion(len(MINE), LOAD)), "future import",
            id="a future import",
        ),
        pytest.param(
            "from math import *\n" + MINE + LOAD, (Insertion(0, "from math import *\n"), Insertion(len(MINE), LOAD)),
            "may bind names", id="a star import",
        ),
    ],
)  # fmt: skip
def test_extension_is_insertion_only(module: str, insertions: tuple[Insertion, ...], words: str) -> None:
    doubted(extended(module, insertions), "extends", words)


def test_old_faults_of_a_module_are_not_ours() -> None:
    old = MINE + "\n\ndef broken():\n    return nowhere\n"
    proved(extended(old + LOAD, (Insertion(len(old), LOAD),), old))


def test_an_import_may_grow() -> None:
    old = "from os import sep\n\nSEPARATOR = sep\n"
    load = "\n\ndef load(path):\n    return getcwd() + path\n"
    refactoring = extended(
        old.replace("sep\n", "sep, getcwd\n", 1) + load,
        (Insertion(len("from os import sep"), ", getcwd"), Insertion(len(old), load)),
        old,
    )
    refactoring.before[A] = ["from os import getcwd\n", load.strip() + "\n", "load('x')"]
    refactoring.after[A] = ["from os import getcwd\n", "from reports.dataset import load\n", "load('x')"]
    proved(refactoring)


# a definition that stands in the package already (NB105)


def existing(text: str) -> Refactoring:
    return Refactoring(
        before={A: ["import os\n", LOAD, "load('x')"]},
        after={A: ["import os\n", "from reports.dataset import load\n", "load('x')"]},
        modules={},
        old_modules={MODULE: text, **INIT},
    )


def test_existing_definition_is_proved() -> None:
    proved(existing("import os\n\n\ndef load(path):\n    '''Absolute.'''\n    return os.path.abspath(path)\n"))


def test_existing_definition_through_another_module() -> None:
    refactoring = existing("from reports.files import load\n")
    refactoring.old_modules["src/reports/files.py"] = "import os\n\n\n" + LOAD
    proved(refactoring)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("import os\n\n\ndef load(path):\n    return os.path.realpath(path)\n", "became"),
        ("import ntpath\nimport posix as os\n\n\n" + LOAD, "is os here and posix there"),
        ("import os\n\n\n" + LOAD + "\n\nload = print\n", "computed"),
        ("import os\n\n\n" + LOAD + "\n\nos = None\n", "literal"),
        ("from os import path\n", "nothing stands there"),
    ],
)
def test_existing_definition_that_is_another(text: str, words: str) -> None:
    doubted(existing(text), "inlines", words)


# imports inside the function (N18)


def inside(recorded: str, cells: list[str] | None = None) -> Refactoring:
    define = "def net(size):\n    return torch.zeros(size)\n"
    cells = cells or ["import torch\n", define, "net(3)"]
    return Refactoring(
        before={A: cells},
        after={A: ["from reports.dataset import net\n" if cell == define else cell for cell in cells]},
        modules={MODULE: "def net(size):\n    import torch\n\n    return torch.zeros(size)\n", **INIT},
        local_imports={"net": (recorded,)},
    )


def test_local_import_is_proved() -> None:
    proved(inside("import torch"))


def test_local_import_before_the_notebooks_own() -> None:
    proved(inside("import torch", ["def net(size):\n    return torch.zeros(size)\n", "import torch\n", "net(3)"]))


def test_local_import_that_is_not_recorded() -> None:
    doubted(inside("import jax"), "inlines", "statements became 2")


def test_local_import_of_something_else() -> None:
    cells = ["import jax as torch\n", "def net(size):\n    return torch.zeros(size)\n", "net(3)"]
    doubted(inside("import torch", cells), "inlines", "imports torch in its body, which the notebook imports nowhere")


# imports at the top


def at_top(between: str = "x = 1\n", last: str = "load('x')") -> Refactoring:
    return Refactoring(
        before={A: ["import os\n", between, LOAD, last]},
        after={A: ["import os\nfrom reports.dataset import load\n", between, "", last]},
        modules={MODULE: "import os\n\n\n" + LOAD, **INIT},
    )


def at_top_plan(refactoring: Refactoring) -> Proof:
    """The sites stand where the definition stood."""
    plan = refactoring.plan()
    return refactoring.proof(Plan(plan.package, plan.source_root, ()))


def test_import_at_the_top_is_proved() -> None:
    proof = at_top_plan(at_top())
    assert not proof.findings, told(proof)
    assert proof.evidence == {(A, 3, "load"): "proved"}


@pytest.mark.parametrize(
    "refactoring",
    [
        at_top("print(load)\n"),
        at_top("from os.path import *\n"),
        at_top("load = 1\n"),
        at_top("%run other.ipynb\n"),
        at_top(last="def load(path):\n    return 2\n"),
    ],
)
def test_import_at_the_top_that_something_sees(refactoring: Refactoring) -> None:
    assert at_top_plan(refactoring).findings


# bootstrap

FIND = """# Finds the package.
import pathlib
import sys

sys.path += [
    str(folder / "src")
    for folder in [pathlib.Path.cwd(), *pathlib.Path.cwd().parents]
    if (folder / "src" / "reports").is_dir() and str(folder / "src") not in sys.path
][:1]"""


def booted(*, planned: bool = True, cell: str = FIND, use: str = "load('x')") -> Refactoring:
    before = ["import os\n", LOAD, use]
    after = ["import os\n", "from reports.dataset import load\n", use]
    data = json.loads(notebook_bytes([cell, *after]))
    for number, made in enumerate(data["cells"]):
        made["id"], made["execution_count"] = f"c{number}", number
        made["outputs"][0]["text"] = [f"output {number}\n"]
    return Refactoring(
        before={A: before},
        after={A: after},
        modules={MODULE: "import os\n\n\n" + LOAD, **INIT},
        raw={A: (json.dumps(data, indent=1) + "\n").encode()},
        edits={A: (CellEdit(1, "c0", "", cell, inserted=True), CellEdit(2, "c2", before[1], after[1]))},
        bootstrap=planned,
    )


def test_bootstrap_cell_is_proved() -> None:
    proved(booted())


def test_bootstrap_cell_that_was_not_asked_for() -> None:
    doubted(booted(planned=False), "json", "the plan does not know")


def test_bootstrap_cell_that_binds_a_name_of_the_notebook() -> None:
    doubted(booted(cell=FIND + "\nos = None"), "names", "`os`")


@pytest.mark.parametrize(
    "cell",
    [
        FIND.replace("and str", "or str"),
        FIND.replace("+=", "="),
        FIND.replace("[:1]", ""),
        FIND.replace('"src" / "reports"', '"src"'),
        FIND.replace("import sys\n", "import sys, os\n"),
        FIND + "\nprint(sys.path)",
        "import sys\nsys.path.insert(0, 'src')",
    ],
)
def test_bootstrap_cell_that_does_something_else(cell: str) -> None:
    doubted(booted(cell=cell), "names", "does something else than find the package")


# the rest


def test_stable() -> None:
    refactoring = base()
    proof = prove(refactoring.changes(), refactoring.plan(), refactoring.read, stable=lambda: ["load"])
    assert [(each.check, "load" in each.message) for each in proof.findings] == [("stable", True)]


def test_unchanged_notebook_that_would_load_more() -> None:
    refactoring = extended("import torch\n" + MINE + LOAD, (Insertion(0, "import torch\n"), Insertion(len(MINE), LOAD)))
    for side in (refactoring.before, refactoring.after):
        side[A][0] = "import os\nimport torch\n"
    proved(refactoring)
    refactoring.unchanged["b.ipynb"] = notebook_bytes(["from reports.dataset import mine\n"])
    refactoring.others = ("a.ipynb", "b.ipynb")
    doubted(refactoring, "loads", "torch")
    refactoring.unchanged["b.ipynb"] = notebook_bytes(["import torch\n", "from reports.dataset import mine\n"])
    proved(refactoring)


def test_a_module_is_loaded_under_either_spelling_of_its_import() -> None:
    deep = "import google.cloud.storage\n"
    refactoring = extended(deep + MINE + LOAD, (Insertion(0, deep), Insertion(len(MINE), LOAD)))
    for side in (refactoring.before, refactoring.after):
        side[A][0] = "import os\nfrom google.cloud import storage\n"
    proved(refactoring)
    for side in (refactoring.before, refactoring.after):
        side[A][0] = "import os\nfrom google.cloud import bigquery\n"
    doubted(refactoring, "loads", "google.cloud.storage")


def test_import_with_a_fallback_is_the_same_statement() -> None:
    fallback = "try:\n    import ujson as js\nexcept ImportError:\n    import json as js\n"
    define = "def parse(text):\n    return js.loads(text)\n"
    refactoring = Refactoring(
        before={A: [fallback, define, "parse('1')"]},
        after={A: [fallback, "from reports.dataset import parse\n", "parse('1')"]},
        modules={MODULE: fallback + "\n\n" + define, **INIT},
    )
    proved(refactoring)
    refactoring.modules[MODULE] = "import json as js\n\n\n" + define
    doubted(refactoring, "inlines", "js")


def test_circle_of_imports() -> None:
    refactoring = base()
    refactoring.modules["src/reports/other.py"] = (
        "from reports.dataset import clean\n\n\ndef more(x):\n    return clean(x)\n"
    )
    refactoring.modules["src/reports/dataset.py"] += (
        "\n\ndef again(x):\n    return more(x)\n\n\nfrom reports.other import more\n"
    )
    doubted(refactoring, "loads", "import each other")


def test_display_must_be_imported() -> None:
    define = "def show(x):\n    display(x)\n"
    refactoring = Refactoring(
        before={A: [define, "show(1)"]},
        after={A: ["from reports.dataset import show\n", "show(1)"]},
        modules={MODULE: "from IPython.display import display\n\n\n" + define, **INIT},
    )
    proved(refactoring)
    refactoring.modules[MODULE] = define
    doubted(refactoring, "inlines", "IPython's")
    doubted(refactoring, "names", "bound nowhere")


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        (["def f():\n    return __name__\n"], "the module's own"),
        (["def f():\n    return eval('x')\n"], "the module's own"),
        (["def f():\n    return nowhere\n"], "bound nowhere"),
        (["def f():\n    return _\n"], "session"),
        (["import time\n", "def f(now=time.time()):\n    return now\n"], "computed when the definition runs"),
        (["def f(found=[]):\n    return found\n", "f()", "def f(found=[]):\n    return found\n"], "defined again"),
        (["limit = 3\n", "def f(frame):\n    return frame.query('x > @limit')\n"], "`limit`"),
    ],
)
def test_what_a_module_can_not_mean(cells: list[str], words: str) -> None:
    define = cells[-1]
    imports = [cell for cell in cells if cell.startswith("import")]
    refactoring = Refactoring(
        before={A: cells},
        after={A: [cell if cell != define else "from reports.dataset import f\n" for cell in cells]},
        modules={MODULE: "".join(imports) + define, **INIT},
    )
    doubted(refactoring, "inlines", words)


def test_rebinding_after_all_calls_are_certain_to_come_later_is_harmless() -> None:
    """The name means two things in the notebook, one of them before anything could call the function."""
    define = "def f(x):\n    return rand(x)\n"
    cells = ["from random import random as rand\n", define, "from math import sqrt as rand\n", "f(2)"]
    refactoring = Refactoring(
        before={A: cells},
        after={A: [cells[0], "from reports.dataset import f\n", *cells[2:]]},
        modules={MODULE: "from math import sqrt as rand\n\n\n" + define, **INIT},
    )
    proved(refactoring)
    refactoring.modules[MODULE] = "from random import random as rand\n\n\n" + define
    doubted(refactoring, "inlines", "rand")


def test_evidence_only_for_what_no_finding_concerns() -> None:
    refactoring = base()
    refactoring.modules["src/reports/dataset.py"] = refactoring.modules["src/reports/dataset.py"].replace("0.25", "0.5")
    evidence = refactoring.proof().evidence
    names = {name for _, _, name in evidence}
    assert "Model" not in names
    assert {"Base", "load", "clean", "LIMIT"} <= names


@pytest.mark.parametrize(
    "data",
    [b"", b"[]", b"{", b"\xff\xfe", b'{"cells": 3}', b'{"cells": [3]}', b'{"cells": [{"cell_type": "code"}]}', b"null"],
)
def test_never_raises_for_what_a_file_holds(data: bytes) -> None:
    for change in (FileChange("a.ipynb", data, data + b" "), FileChange("src/reports/m.py", None, data)):
        prove(ChangeSet((change,)), Plan("reports", "src", ()), lambda path: None)


def test_deep_nesting_is_a_finding() -> None:
    deep = "def f(x):\n    return " + " + ".join(["x"] * 900) + "\n"
    refactoring = Refactoring(
        before={A: [deep]},
        after={A: ["from reports.dataset import f\n"]},
        modules={MODULE: deep, **INIT},
    )
    assert any("too deeply" in each.message for each in refactoring.proof().findings)
