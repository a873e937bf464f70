"""What is sent into kernels: Python 3.8, standard library only."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

from nb2mod.stages.verify.replay import inside, loading
from nb2mod.stages.verify.replay.calls import Target

INSIDE = sorted(Path(inside.__file__).parent.glob("*.py"))
TARGET = Target("a.ipynb", 1, "f", 'def f():\n    return "é\\n"', 1, "team.a", "f")


@pytest.mark.parametrize("path", INSIDE, ids=lambda path: path.stem)
def test_inside_is_python_3_8_and_needs_nothing(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"), feature_version=(3, 8))
    for node in ast.walk(tree):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and not node.level:
            names = [str(node.module)]
        assert all(name.partition(".")[0] in sys.stdlib_module_names for name in names), names


def test_nothing_of_inside_is_left_out() -> None:
    assert sorted(path.stem for path in INSIDE) == sorted(["__init__", *loading._ORDER])


def test_without_ipython_the_note_says_so_and_nothing_is_raised() -> None:
    source = loading.prologue([TARGET]) + loading.epilogue("/nowhere", "team", 1.0) + "\nprint(_nb2mod_result)"
    blocked = f"import sys\nsys.modules['IPython'] = None\n{source}"
    done = subprocess.run([sys.executable, "-I", "-c", blocked], capture_output=True, text=True, check=True)
    assert "could not be watched" in json.loads(done.stdout)["note"]


def test_an_old_python_is_told() -> None:
    """The first lines are read by any Python; the sources are text until the version is known."""
    source = loading.prologue([TARGET]).replace("sys.version_info < (3, 8)", "sys.version_info < (4, 0)")
    source += loading.epilogue("/nowhere", "team", 1.0) + "\nprint(_nb2mod_result)"
    ast.parse(loading.prologue([TARGET]), feature_version=(3, 6))
    source = "import types, sys\nsys.modules['IPython'] = types.SimpleNamespace(get_ipython=None)\n" + source
    done = subprocess.run([sys.executable, "-I", "-c", source], capture_output=True, text=True, check=True)
    assert "from Python 3.8 on" in json.loads(done.stdout)["note"]
