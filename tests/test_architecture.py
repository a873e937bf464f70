"""docs/architecture.md held against the code, all faults of a file at once; and what start-up may load."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from harness import architecture
from harness.architecture import DISTRIBUTIONS, HOMES, MAY_IMPORT, PRODUCT, STAGES, cycles, faults, imports_of

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / PRODUCT
PAGE = ROOT / "docs" / "architecture.md"


def _module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


FILES = {_module_name(path): path for path in sorted(PACKAGE.rglob("*.py"))}
KNOWN = frozenset(FILES)


@pytest.mark.parametrize("module", FILES)
def test_module(module: str) -> None:
    """All faults of a file at once."""
    found = faults(FILES[module].read_text(encoding="utf-8"), module, KNOWN)
    assert not found, "\n".join([str(FILES[module].relative_to(ROOT)), *found])


def test_no_cycles() -> None:
    """Imports inside functions count: they hide a cycle, they do not remove it."""
    graph = {
        module: {name for name, _ in imports_of(ast.parse(path.read_text(encoding="utf-8")), module, KNOWN)} & KNOWN
        for module, path in FILES.items()
    }
    found = cycles(graph)
    assert not found, "\n".join(" → ".join(path) for path in found)


# Each rule is shown to bite: a module name, a source that breaks one rule, what is said about it.
BROKEN = {
    "data imports a stage": ("nb2mod.model.x", "import nb2mod.stages.plan", "model may not import nb2mod.stages.plan"),
    "libraries see each other": ("nb2mod.syntax.x", "from nb2mod.notebook import y", "syntax may not import"),
    "stages see each other": (
        "nb2mod.stages.plan.x",
        "from nb2mod.stages import decide",
        "may not import nb2mod.stages",
    ),
    "lazily too": ("nb2mod.stages.plan.x", "def f():\n    import nb2mod.cli", "line 3: stages/plan may not import"),
    "relatively too": ("nb2mod.stages.plan.x", "from ..decide import y", "may not import nb2mod.stages.decide"),
    "a stage below the engine": ("nb2mod.stages.plan.x", "import nb2mod.engine", "may not import nb2mod.engine"),
    "a door past the pipeline": ("nb2mod.cli.x", "import nb2mod.stages.plan", "cli may not import"),
    "the proof thinks as the plan does": (
        "nb2mod.stages.verify.proof.x",
        "import nb2mod.syntax",
        "may not import nb2mod.syntax",
    ),
    "the proof reads the settings": (
        "nb2mod.stages.verify.proof.x",
        "import nb2mod.config",
        "may not import nb2mod.config",
    ),
    "libcst away from home": ("nb2mod.stages.rewrite.x", "import libcst", "libcst is used in syntax only"),
    "a homeless library": ("nb2mod.cli.x", "import requests", "requests has no home"),
    "disk in a pure stage": ("nb2mod.stages.plan.x", "import tempfile", "imports tempfile in a room"),
    "open in a library": ("nb2mod.syntax.x", "def f(p):\n    return open(p)", "line 3: opens a file"),
    "a path's methods": ("nb2mod.pipeline", "def f(p):\n    return p.read_text()", "calls .read_text()"),
    "a long module": ("nb2mod.config", "\n" * 400, "402 lines"),
    "a long function": ("nb2mod.config", "def f():\n" + "    x = 1\n" * 60, "f has 61 lines"),
    "a vague name": ("nb2mod.model.utils", "", "utils says nothing"),
    "no room": ("nb2mod.plugins", "", "in no room"),
}


@pytest.mark.parametrize(("module", "source", "told"), BROKEN.values(), ids=BROKEN.keys())
def test_rule_bites(module: str, source: str, told: str) -> None:
    known = frozenset({module, "nb2mod.stages.decide", "nb2mod.stages.plan"})
    found = faults(f'"""Says what lives here."""\n{source}\n', module, known)
    assert any(told in fault for fault in found), found


def test_missing_docstring_bites() -> None:
    assert "no module docstring" in faults("x = 1\n", "nb2mod.config", KNOWN)[0]


def test_allowed_is_allowed() -> None:
    imports = "import os.path\nimport black\nfrom nb2mod.syntax import edit\nfrom nb2mod import model\n"
    source = f'"""Says what lives here."""\n{imports}'
    assert faults(source, "nb2mod.stages.rewrite.x", KNOWN) == []


def test_cycle_bites() -> None:
    assert cycles({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}) == [["a", "b", "c", "a"]]
    assert cycles({"a": {"b", "c"}, "b": {"c"}, "c": set()}) == []


def test_page_draws_the_rooms_that_exist() -> None:
    """Each room in the drawing is there, and each file or folder of the package is in the drawing."""
    drawn = set(re.findall(r"^[├└]── (\w+)", PAGE.read_text(encoding="utf-8"), re.MULTILINE))
    there = {path.stem for path in PACKAGE.iterdir() if path.suffix == ".py" or any(path.glob("**/*.py"))}
    assert drawn == there - {"__init__"}


def test_page_names_the_stages_that_exist() -> None:
    there = {path.stem for path in (PACKAGE / "stages").iterdir() if path.suffix == ".py" or any(path.glob("*.py"))}
    named = set(re.findall(r"^- \*\*(\w+)\*\*", PAGE.read_text(encoding="utf-8"), re.MULTILINE))
    assert there - {"__init__"} == set(STAGES)
    assert named >= set(STAGES)


def test_page_and_pyproject_agree_on_homes() -> None:
    rows = re.findall(r"^\| ([\w, ]+) \| `([\w/]+)` \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    told = {library: room for libraries, room in rows for library in libraries.split(", ")}
    assert told == {library: room for library, room in HOMES.items() if room}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = {re.split(r"[^\w-]", line)[0].replace("-", "_") for line in project["dependencies"]}
    assert declared == {DISTRIBUTIONS.get(library, library) for library in HOMES}


def test_every_rule_names_rooms_that_exist() -> None:
    there = {room for room in map(architecture.room_of, FILES) if room}
    assert set(MAY_IMPORT) <= there
    assert set(filter(None, HOMES.values())) <= there


HEAVY = {"nbformat", "jupytext", "libcst", "black", "rope", "rich", "tomlkit", "jupyter_client", "nbclient", "PIL"}
SECOND_SCAN = """
import sys
from pathlib import Path
from nb2mod import pipeline, settings
root = Path(sys.argv[1])
pipeline.scan(pipeline.Request(root=root, config=settings.load(root), jobs=1))
"""


def test_version_loads_nothing_heavy() -> None:
    assert not _loaded(["-m", PRODUCT, "--version"]) & HEAVY


def test_warm_scan_loads_nothing_heavy(tmp_path: Path) -> None:
    case = ROOT / "fixtures" / "cases" / "T1_exact_copy" / "before"
    for folder in ("notebooks", "src"):
        for path in (case / folder).rglob("*.*"):
            target = tmp_path / path.relative_to(case)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    _loaded(["-c", SECOND_SCAN, str(tmp_path)])
    assert not _loaded(["-c", SECOND_SCAN, str(tmp_path)]) & HEAVY


def _loaded(arguments: list[str]) -> set[str]:
    """The top-level modules that a run of Python imports, as it tells itself."""
    done = subprocess.run([sys.executable, "-X", "importtime", *arguments], capture_output=True, text=True, check=True)
    return set(re.findall(r"\| +(\w+)(?:\.[\w.]+)?$", done.stderr, re.MULTILINE))
