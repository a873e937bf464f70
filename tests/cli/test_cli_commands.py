"""The four commands over a small project: what they write, print and answer; first of all, when they write nothing."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from cli.conftest import LOAD, Run, notebook

from nb2mod.report import words

Tree = Callable[[], dict[str, bytes]]


@pytest.mark.parametrize(
    "line",
    [
        "scan",
        "scan -v",
        "scan --check",
        "extract --diff",
        "extract --dry-run",
        "extract -n",
        "extract --check",
        "extract --only load --ignore load",
        "init --diff",
        "init --dry-run",
        "undo",
    ],
)
def test_writes_nothing(line: str, project: Path, run: Run, tree: Tree) -> None:
    before = tree()
    assert run(*line.split()).status in (0, 1)
    assert tree() == before


def test_extract_and_undo(project: Path, run: Run, tree: Tree) -> None:
    before = tree()
    ran = run("extract")
    assert ran.status == 0
    assert ran.err == ""
    assert "Moved 1 definition into 1 module; 2 notebooks import it" in ran.out
    assert "def load" in (project / "src/shop").joinpath(*_module(ran.out)).read_text()
    assert "def load" not in (project / "notebooks/a.ipynb").read_text()
    again = run("extract")
    assert (again.status, "Nothing to extract" in again.out) == (0, True)
    undone = run("undo")
    assert (undone.status, tree()) == (0, before)
    assert "notebooks/a.ipynb" in undone.out
    assert run("undo").out == "Nothing to undo.\n"


def _module(out: str) -> list[str]:
    target = next(line for line in out.splitlines() if line.startswith("  load -> ")).split()[2]
    return [f"{target.split('.')[1]}.py"]


def test_extract_says_what_comes_next(project: Path, run: Run) -> None:
    out = " ".join(run("extract").out.split())
    assert "There was no package, so shop was made" in out
    assert "-m pip install -e ." in out
    assert "Restart the kernels" in out
    assert "nb2mod undo takes all of it back" in out


def test_unknown_kernels_are_told(project: Path, run: Run) -> None:
    for name in ("a", "b"):
        (project / f"notebooks/{name}.ipynb").write_text(
            notebook(LOAD, f"load('{name}')\n", name=name, kernel="ds-env")
        )
    out = " ".join(run("extract").out.split())
    assert "does not know these kernels: ds-env (2 notebooks)" in out


def test_missing_dependencies_are_told(project: Path, run: Run) -> None:
    package = project / "src/shop"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("")
    text = '[project]\nname = "shop"\nversion = "1"\ndependencies = ["requests"]\n[tool.nb2mod]\npackage = "shop"\n'
    (project / "pyproject.toml").write_text(text)
    source = "import numpy as np\n", LOAD.replace("sorted(rows)", "np.sort(rows)")
    for name in ("a", "b"):
        (project / f"notebooks/{name}.ipynb").write_text(notebook(*source, f"load('{name}')\n", name=name))
    out = " ".join(run("extract").out.split())
    assert "The new modules import numpy: add them to the dependencies" in out


def test_check_answers_by_its_status(project: Path, run: Run) -> None:
    assert run("scan", "--check").status == 1
    assert run("extract", "--check").status == 1
    assert run("extract").status == 0
    assert run("scan", "--check").status == 0


@pytest.mark.parametrize("line", ["scan --check", "scan --baseline known.json", "extract --check"])
def test_a_check_of_nothing_does_not_pass(line: str, project: Path, run: Run) -> None:
    assert run("scan", "--write-baseline", "known.json").status == 0
    for path in project.rglob("*.ipynb"):
        path.unlink()
    ran = run(*line.split())
    assert ran.status == 2
    assert "expected notebooks to check" in ran.err
    assert run("scan").status == 0


def test_diff_is_all_there_is_on_stdout(project: Path, run: Run) -> None:
    ran = run("extract", "--diff")
    assert ran.out.startswith("notebooks/a.ipynb · cell 1\n@@ -1,4 +1 @@\n-def load(path):\n")
    assert "src/shop/__init__.py · new file\n" in ran.out
    assert "nb2mod: Would move 1 definition" in ran.err
    assert "nb2mod: Nothing was written.\n" in ran.err


def test_json_is_all_there_is_on_stdout(project: Path, run: Run) -> None:
    scanned = run("scan", "--output-format", "json")
    assert scanned.err == ""
    told = json.loads(scanned.out)
    assert told["summary"]["verdicts"]["extract"] == 1
    assert "applied" not in told
    extracted = json.loads(run("extract", "--output-format", "json").out)
    assert extracted["applied"] is True
    assert extracted["candidates"][0]["occurrences"][0]["evidence"] == "proved"


def test_editor_lines_name_the_line_of_the_raw_file(project: Path, run: Run) -> None:
    lines = run("scan", "--output-format", "editor").out.splitlines()
    path, line, column, rest = lines[0].split(":", 3)
    assert path == str(project / "notebooks/a.ipynb")
    raw = Path(path).read_text().splitlines()[int(line) - 1]
    assert raw[int(column) - 1 :].startswith("def load(path):")
    assert rest.startswith(" NB101 load stands in 2 notebooks; nb2mod extract moves it to shop.")
    assert any(" NB305 tell: " in one for one in lines)


def test_editor_lines_after_extract_are_those_of_the_new_files(project: Path, run: Run) -> None:
    lines = run("extract", "--output-format", "editor").out.splitlines()
    assert not any("load stands" in line for line in lines)
    for one in lines:
        path, line, column, _ = one.split(":", 3)
        raw = Path(path).read_text().splitlines()[int(line) - 1]
        assert raw[int(column) - 1 :].startswith(("def tell", "    n = len", "!echo {tell()}"))


def test_quiet_and_verbose(project: Path, run: Run) -> None:
    quiet = run("scan", "-q")
    assert (len(quiet.out.splitlines()), quiet.err) == (3, "")
    assert len(run("scan", "-v").out) > len(run("scan").out) > len(quiet.out)


def test_paths_choose_by_where_a_copy_stands(project: Path, run: Run) -> None:
    run("extract", "notebooks/a.ipynb")
    assert "import load" in (project / "notebooks/b.ipynb").read_text()


def test_here_looks_at_the_named_notebook_alone(project: Path, run: Run) -> None:
    assert "1 notebook ·" in run("scan", "--here", "notebooks/a.ipynb").out


def test_the_project_is_found_from_any_folder(project: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    told = run("scan", "-q").out.splitlines()[2]
    monkeypatch.chdir(project / "notebooks")
    assert run("scan", "-q").out.splitlines()[2] == told
    monkeypatch.chdir(project.parent)
    assert run("scan", "-q", str(project)).out.splitlines()[2] == told


def test_a_folder_without_marks_belongs_to_where_one_stands(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner/a.ipynb").write_text(notebook(LOAD, LOAD))
    (tmp_path / "b.ipynb").write_text(notebook(LOAD))
    monkeypatch.chdir(tmp_path)
    assert run("scan", "inner/a.ipynb").out.startswith("2 notebooks ·")


def test_plan_is_written_edited_and_applied(project: Path, run: Run) -> None:
    written = run("scan", "--plan", "plan.json")
    assert "plan.json: 1 candidate; edit" in written.err
    plan = json.loads(Path("plan.json").read_text())
    plan["candidates"][0] |= {"module": "shop.inputs", "name": "load_rows"}
    Path("plan.json").write_text(json.dumps(plan))
    assert run("extract", "--plan", "plan.json").status == 0
    assert "def load_rows" in (project / "src/shop/inputs.py").read_text()
    assert "from shop.inputs import load_rows as load" in (project / "notebooks/a.ipynb").read_text()


def test_plan_that_declines_moves_nothing(project: Path, run: Run) -> None:
    run("extract", "--dry-run", "--plan", "plan.json")
    text = Path("plan.json").read_text()
    Path("plan.json").write_text(text.replace('"apply": true', '"apply": false'))
    assert "Nothing to extract" in run("extract", "--plan", "plan.json").out


def test_plan_of_a_person_is_not_written_over(project: Path, run: Run) -> None:
    Path("plan.json").write_text("mine")
    refused = run("scan", "--plan", "plan.json")
    assert (refused.status, Path("plan.json").read_text()) == (2, "mine")
    assert "--force writes over it" in refused.err
    assert run("scan", "--plan", "plan.json", "--force").status == 0
    assert json.loads(Path("plan.json").read_text())["version"] == 1


def test_interactive_moves_what_got_a_yes(project: Path, run: Run) -> None:
    ran = run("extract", "--interactive", stdin=["?", "what", "y"])
    assert ran.status == 0
    assert ran.out.count("(1/1) Move load [y,n,a,q,?]?") == 3
    assert "+def load(path):" in ran.out
    assert "Moved 1 definition" in ran.out


@pytest.mark.parametrize("answers", [["n"], ["q"], ["?"], ["quit"], ["No"]])
def test_interactive_moves_nothing_without_a_yes(answers: list[str], project: Path, run: Run, tree: Tree) -> None:
    before = tree()
    told = run("extract", "-i", stdin=answers).out
    assert "Nothing got a yes (load); no file was changed." in told
    assert tree() == before


def test_interactive_without_anybody_to_answer_is_wrong_usage(project: Path, run: Run, tree: Tree) -> None:
    before = tree()
    ran = run("extract", "-i")
    assert (ran.status, tree()) == (2, before)
    assert "--interactive asks questions: run it in a terminal" in ran.err
    assert run("extract", "-i", stdin=["?"]).status == 0


def test_interactive_shows_constants_and_what_is_not_kept(project: Path, run: Run) -> None:
    for name in "abcde":
        cells = ("LIMIT = 3\n", LOAD.replace("sorted(rows)", "sorted(rows)[:LIMIT]"), f"load('{name}')\n")
        changed = cells if name != "e" else tuple(cell.replace("Rows.", "Lines.") for cell in cells)
        (project / f"notebooks/{name}.ipynb").write_text(notebook(*changed, name=name))
    shown = run("extract", "-i", stdin=["n"]).out
    assert "brings LIMIT along" in shown
    assert "not kept: docstring of notebooks/e.ipynb cell 2" in shown
    assert "notebooks/e.ipynb · cell 2 line 1" in shown
    assert "... and the same in 7 more places" in shown


def test_ignore_that_is_no_name_is_noted(project: Path, run: Run) -> None:
    assert run("scan", "--ignore", "load").err == ""
    for command in ("scan", "extract"):
        ran = run(command, "--ignore", "laod", "--ignore", "tell")
        assert (ran.status, ran.err.count("\n")) == (0, 1)
        assert ran.err.startswith("nb2mod: --ignore laod: no candidate has that name")


def test_what_was_not_asked_about_is_not_called_unique(project: Path, run: Run) -> None:
    (project / "notebooks/c.ipynb").write_text(notebook("def alone():\n    x = 1\n    return x\n"))
    for line in ("scan notebooks/c.ipynb", "scan --ignore load --ignore tell"):
        assert "matches what was asked for" in run(*line.split()).out
    assert "matches what was asked for" not in run("scan", ".").out


def test_extract_and_init_write_one_package(project: Path, run: Run, tree: Tree) -> None:
    (project / "pyproject.toml").unlink()
    run("extract")
    extracted = tree()
    run("undo")
    run("init")
    made = tree()
    init = next(path for path in made if path.endswith("__init__.py"))
    assert made[init] == extracted[init]
    comments = [line for line in made["pyproject.toml"].splitlines() if line.startswith(b"#")]
    assert any(line.startswith(b"# Here 2 definitions are repeated") for line in comments)
    # An extraction writes down less: the limits of what stands alone, and stages, are left to init.
    brief = [line for line in extracted["pyproject.toml"].splitlines() if line.startswith(b"#")]
    assert brief == [line for line in comments if line in brief]
    assert b"# Import name of the package that extracted code goes to." in brief


def test_interactive_decides_each(project: Path, run: Run) -> None:
    two = LOAD.replace("load", "read").replace("sorted", "tuple")
    for name in ("a", "b"):
        (project / f"notebooks/{name}.ipynb").write_text(notebook(LOAD, two, "load('x')\n", "read('x')\n", name=name))
    assert "Moved 1 definition" in run("extract", "-i", stdin=["n", "y"]).out
    assert "def load" in (project / "notebooks/a.ipynb").read_text()
    run("undo")
    assert "Moved 2 definitions" in run("extract", "-i", stdin=["a"]).out


def test_init_writes_once(project: Path, run: Run) -> None:
    (project / "pyproject.toml").unlink()
    shown = run("init", "--diff")
    assert "+[tool.nb2mod]" in shown.out
    assert "Read [tool.nb2mod] in pyproject.toml" in run("init").out
    assert "All is there already" in run("init").out
    assert run("init", "--diff").out == ""


def test_init_autoreload(project: Path, run: Run) -> None:
    for name in ("a", "b"):
        (project / f"notebooks/{name}.ipynb").write_text(notebook("import os\n", LOAD))
    assert run("init", "--autoreload").status == 0
    assert "%load_ext autoreload" in (project / "notebooks/a.ipynb").read_text()


def test_undo_refuses_by_name_what_was_edited_since(project: Path, run: Run) -> None:
    run("extract")
    path = project / "notebooks/a.ipynb"
    path.write_text(path.read_text().replace("import load", "import load  # mine"))
    refused = run("undo")
    assert refused.status == 3
    assert refused.err.startswith("nb2mod: notebooks/a.ipynb cell 1: ")
    assert "--keep-going" in refused.err
    assert run("undo", "--keep-going").status == 0
    assert "def load" in (project / "notebooks/b.ipynb").read_text()


def test_undo_needs_no_settings(project: Path, run: Run) -> None:
    run("extract")
    (project / "pyproject.toml").write_text("[tool.nb2mod\n")
    assert run("undo", "--keep-going").status == 0
    assert "def load" in (project / "notebooks/b.ipynb").read_text()


def test_words_count() -> None:
    assert [words.count(n, "renamed copy") for n in (0, 1, 1200)] == [
        "0 renamed copies",
        "1 renamed copy",
        "1,200 renamed copies",
    ]
    assert words.ranges([3, 4, 5, 8, 10, 11]) == "3-5, 8, 10-11"
