"""What stays in the notebook, when there is no `main`, and what a person is told: never a `main` that does something else."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from whole.conftest import NAME, Laid

from nb2mod.__main__ import main
from nb2mod.cli.errors import Exit
from nb2mod.errors import UsageError

STEP = """
# %%
values = [n * n for n in range(4)]
total = sum(values)
print(total)
"""

# A notebook with a step that moves, and why it has no `main`.
REFUSED = {
    "a definition stays": (
        """
# %%
seen = []
def note(value):
    seen.append(value)
# %%
note(3)
""",
        "`note` stays in the notebook",
    ),
    "a step stays": (
        """
# %%
import asyncio
# %%
second = await asyncio.sleep(0, 3)
third = second + 1
print(third)
""",
        "stays in the notebook",
    ),
    "await in what is no step": ("# %%\nimport asyncio\n# %%\nawait asyncio.sleep(0)\n", "no function"),
    "another language": ("# %%\n%%bash\necho hello\n", "another language (%%bash)"),
    "a shell line": ("# %%\n!ls\n", "`!ls` runs in a notebook only"),
    "a magic that does something": ("# %%\n%cd ..\n", "`%cd ..` runs in a notebook only"),
    "a captured cell": ("# %%\n%%capture out\nprint(1)\n", "%%capture runs in a notebook only"),
    "a cell that does not parse": ("# %%\nx = (\n", "can't be read"),
    "a cell that is to raise": ("# %% tags=raises-exception\nprint(1 / 0)\n", "expected to raise"),
    "papermill's own values": ("# %% tags=injected-parameters\nlimit = 3\n", "papermill has written its values"),
    "a star import": ("# %%\nfrom math import *\n", "star import"),
    "the session": ("# %%\nprint(_)\n", "`_` is bound nowhere but in the notebook"),
    "namespaces": ("# %%\nprint(sorted(globals())[:1])\n", "`globals` looks at the names around it"),
    "a builtin that is bound later": (
        "# %%\nprint(max(3, 4))\n# %%\nmax = 7\n",
        "`max` is bound by the notebook, and means something else before",
    ),
    "figures saved after others were shown": (
        '# %%\nimport matplotlib.pyplot as plt\n# %%\nplt.plot([1])\nplt.show()\nplt.plot([2])\nplt.savefig("b.png")\n',
        "figures are saved after others were shown",
    ),
}


@pytest.mark.parametrize(("text", "why"), REFUSED.values(), ids=REFUSED.keys())
def test_no_main(text: str, why: str, laid: Callable[[str], Laid]) -> None:
    """The steps move, `main` is not written, and the reason is told."""
    project = laid(text + STEP)
    whole = project.extracted()
    assert whole.steps
    assert not whole.main
    assert why in " / ".join(reason.message for reason in whole.refused)
    assert "def main" not in project.module(whole)
    assert "typer" not in (project.root / "pyproject.toml").read_text()


_SETTING = '# %%\nimport os\n{above}# %%\nos.environ["MPLBACKEND"] = "agg"\n# %%\n{below}# %%\n'
_USES_NUMPY = "values = np.arange(3)\ntotal = values.sum()\nprint(total)\n"


def test_import_after_a_setting(laid: Callable[[str], Laid]) -> None:
    """The head of a module would import before the setting is made."""
    (why,) = laid(_SETTING.format(above="", below="import numpy as np\n") + _USES_NUMPY).extracted().refused
    assert why.message.startswith("imports numpy after `os.environ` is used (cell 2)")


def test_import_before_a_setting(laid: Callable[[str], Laid]) -> None:
    assert laid(_SETTING.format(above="import numpy as np\n", below="print(1)\n") + _USES_NUMPY).extracted().main


def test_all_of_it_stands_in_the_package(laid: Callable[[str], Laid]) -> None:
    """The driver of an earlier run is there, and the notebook as it was: it calls what stands, and no second `main` is made."""
    project = laid(STEP)
    before = (project.root / NAME).read_bytes()
    project.extracted()
    (project.root / NAME).write_bytes(before)
    (why,) = project.extracted().refused
    assert why.message == "all that moves stands in the package already"


def test_what_stays_is_told_with_its_reason(laid: Callable[[str], Laid]) -> None:
    project = laid(REFUSED["a step stays"][0] + STEP)
    before = (project.root / NAME).read_text()
    whole = project.extracted()
    ((name, why),) = whole.stays
    assert (why.code, why.location and why.location.cell) == ("NB364", 2)
    assert name not in project.module(whole)
    assert "await asyncio.sleep(0, 3)" in (project.root / NAME).read_text()
    assert before != (project.root / NAME).read_text()


def test_nothing_to_cut(laid: Callable[[str], Laid]) -> None:
    with pytest.raises(UsageError, match="nothing in it can become a module: it defines nothing, and no cell holds"):
        laid("# %%\nx = 1\nprint(x)\n").proposed()


def test_all_of_it_stays(laid: Callable[[str], Laid]) -> None:
    with pytest.raises(UsageError, match=r"cell 2, \w+ stays \(NB364\)"):
        laid(REFUSED["a step stays"][0]).proposed()


def test_driver_becomes_nothing_more(laid: Callable[[str], Laid]) -> None:
    project = laid(STEP)
    project.extracted()
    with pytest.raises(UsageError, match="nothing in it can become a module"):
        project.proposed()


def test_name_of_the_module(laid: Callable[[str], Laid]) -> None:
    """Named after the notebook; never a name that stands for something else already."""
    assert laid(STEP).proposed().whole.module == "team.report"  # type: ignore[union-attr]
    project = laid(STEP)
    (project.root / "src/team").mkdir(parents=True)
    (project.root / "src/team/__init__.py").touch()
    (project.root / "src/team/report.py").write_text("VALUE = 1\n")
    assert project.proposed().whole.module == "team.report_notebook"  # type: ignore[union-attr]
    whole = project.extracted(module="report")
    assert whole.module == "team.report"
    text = project.module(whole)
    assert text.index("VALUE = 1") < text.index("def main") < text.index("typer.run(main)")


def _nb2mod(monkeypatch: pytest.MonkeyPatch, root: Path, *arguments: str) -> int:
    monkeypatch.chdir(root)
    monkeypatch.setattr("sys.argv", ["nb2mod", *arguments])
    return main()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--whole", "none.ipynb"), "none.ipynb: no such file or folder"),
        (("--whole", "pyproject.toml"), "expected a notebook (.ipynb)"),
        (("--whole", "r.ipynb"), "r.ipynb: "),
        (("--whole", "broken.ipynb"), "broken.ipynb: "),
        (("--whole", NAME, NAME), "leave out PATHS"),
        (("--whole", NAME, "--only", "x"), "leave out PATHS, --only"),
    ],
)
def test_wrong_usage(
    arguments: tuple[str, ...],
    told: str,
    laid: Callable[[str], Laid],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    head = '=== pyproject.toml\n[tool.nb2mod]\npackage = "team"\n'
    project = laid(f"{head}=== {NAME}\n{STEP.lstrip()}=== r.ipynb kernel=ir\n# %%\nx <- 1\n")
    (project.root / "broken.ipynb").write_text("{")
    assert _nb2mod(monkeypatch, project.root, "extract", "--no-cache", *arguments) == Exit.USAGE
    assert told in capsys.readouterr().err


def test_reports(
    laid: Callable[[str], Laid], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Text and JSON tell the steps, what stays and why, and how `main` is called; and that typer is wanted."""
    packaging = (
        '[project]\nname = "mine"\nversion = "1"\ndependencies = []\n[build-system]\nrequires = ["setuptools"]\n'
    )
    head = f'=== pyproject.toml\n{packaging}[tool.nb2mod]\npackage = "team"\n'
    project = laid(f"{head}=== {NAME}\n# %%\nlimit = 3\n{STEP}print(limit)\n")
    command = ("extract", "--no-cache", "--no-color", "--allow-dirty", "--whole", NAME)
    assert _nb2mod(monkeypatch, project.root, *command, "--dry-run", "--output-format", "json") == Exit.DONE
    told = json.loads(capsys.readouterr().out)
    assert {one["code"] for one in told["candidates"]} == {"NB203"}
    assert told["whole"]["main"] == "main"
    assert told["whole"]["command"] == "python -m team.report"
    assert [one["option"] for one in told["whole"]["parameters"]] == ["--limit"]
    assert _nb2mod(monkeypatch, project.root, *command) == Exit.DONE
    text = " ".join(capsys.readouterr().out.split())
    assert "As a whole: report.ipynb -> team.report" in text
    assert "main does what the notebook does, with the option --limit; to call it: python -m team.report --help" in text
    assert "The new modules import typer: add them to the dependencies" in text
