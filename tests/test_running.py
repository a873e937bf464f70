"""The runner that cases are judged with: it must see each kind of difference, and none where there is none."""

from pathlib import Path
from typing import Any

import pytest
from harness.author import notebook_bytes
from harness.running import Outcome, Runner, behaviour_differences

MODULE = "def scale(values, by=2):\n    return [by * value for value in values]\n\n\nclass Model:\n    pass\n"
INLINE = f"# %%\n{MODULE}# %%\n"
MOVED = "# %%\nfrom team.features import scale\nfrom team.features import Model\n# %%\n"


@pytest.fixture
def outcomes(tmp_path: Path, runner: Runner) -> "Outcomes":
    return Outcomes(tmp_path, runner)


class Outcomes:
    """Runs percent-format text beside a package `team` that holds MODULE."""

    def __init__(self, root: Path, runner: Runner) -> None:
        self.root, self.runner = root, runner
        (root / "src" / "team").mkdir(parents=True)
        (root / "src" / "team" / "__init__.py").touch()
        (root / "src" / "team" / "features.py").write_text(MODULE)

    def of(self, text: str) -> Outcome:
        (self.root / "n.ipynb").write_bytes(notebook_bytes(text))
        return self.runner.run(self.root / "n.ipynb", [self.root / "src"])

    def compare(self, before: str, after: str, **options: Any) -> list[str]:
        return behaviour_differences(self.of(before), self.of(after), ["team", "team.features"], **options)


SAME = {
    "a moved definition": "print(scale([1]))\nscale([2])",
    "an instance shown with its module and address": "Model()",
    "the function itself shown": "scale",
    "the class as a value": "kinds = {Model: 1}\nkinds",
    "output of a shell line": "!echo hi",
    "a clock": "%time scale([3])",
    "the order of a set": "{'a', 'b', 'c', 'd'}",
    "an error of the same type and message": "Model().missing",
}


@pytest.mark.parametrize("body", SAME.values(), ids=SAME.keys())
def test_no_difference(outcomes: Outcomes, body: str) -> None:
    assert outcomes.compare(INLINE + body, MOVED + body) == []


DIFFERENT = {
    "print": ("print(1)", "print(2)", "cell 2 shown"),
    "last expression": ("x = 1\nx", "x = 1\nx + 0.5", "cell 2 shown"),
    "display": ("display('a')", "display('b')", "cell 2 shown"),
    "hidden by a semicolon": ("1", "1;", "cell 2 shown"),
    "shell output": ("!echo a", "!echo b", "cell 2 shown"),
    "no error": ("1 / 0", "None", "cell 2 error"),
    "another message": ("raise ValueError('a')", "raise ValueError('b')", "cell 2 error"),
    "value of a name": ("x = 1", "x = 2", "name x"),
    "type of a name": ("x = True", "x = 1", "name x"),
    "a name that is gone": ("_private = 1", "pass", "name _private"),
    "a name too many": ("pass", "extra = 1", "name extra"),
}


@pytest.mark.parametrize(("before", "after", "told"), DIFFERENT.values(), ids=DIFFERENT.keys())
def test_difference(outcomes: Outcomes, before: str, after: str, told: str) -> None:
    found = outcomes.compare(f"# %%\nstart = 1\n# %%\n{before}", f"# %%\nstart = 1\n# %%\n{after}")
    assert any(line.startswith(told) for line in found), found


def test_stops_where_a_run_from_top_to_bottom_stops(outcomes: Outcomes) -> None:
    assert len(outcomes.of("# %%\n1 / 0\n# %%\nx = 1")["cells"]) == 1
    assert len(outcomes.of("# %% tags=raises-exception\n1 / 0\n# %%\nx = 1")["cells"]) == 2


def test_listed_names_may_be_added_and_bootstrap_cells_inserted(outcomes: Outcomes) -> None:
    assert outcomes.compare("# %%\nx = 1", "# %%\nextra = 1\n# %%\nx = 1", adds=["extra"], inserted=1) == []


def test_a_lost_name_is_named_and_a_changed_value_is_none(outcomes: Outcomes) -> None:
    assert outcomes.compare("# %%\nx = 1\ny = 2", "# %%\ny = 2", loses=["x"]) == []
    assert outcomes.compare("# %%\nx = 1", "# %%\nx = 2", loses=["x"]) != []


def test_each_notebook_has_a_process_of_its_own(outcomes: Outcomes) -> None:
    outcomes.of("# %%\nimport math\nmath.pi = 3")
    assert outcomes.compare("# %%\nimport math\nmath.pi", "# %%\n3.141592653589793") == []


def test_a_process_that_dies_is_told_and_the_next_one_runs(outcomes: Outcomes) -> None:
    dying = outcomes.of("# %%\nimport os\nos._exit(7)")
    assert "status 7" in dying["failure"]
    assert behaviour_differences(dying, dying, []) != []
    assert "failure" not in outcomes.of("# %%\n1")
