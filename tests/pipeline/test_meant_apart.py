"""Near copies that mean different things by one name: told by that name, with what it is in each and where (N16)."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from harness.author import files_of
from harness.case import write_tree
from harness.project import scan

from nb2mod.model import Candidate

BODY = """\
def score(values):
    total = 0
    for value in values:
        total += tidy(value) * {0}
    return total"""

# name: (cells of a.ipynb above the copy, cells of b.ipynb above it, the reason, words of the advice)
TOLD = {
    "another definition": (
        ["def tidy(value):\n    return value + 1"],
        ["x = 1", "def tidy(value):\n    return value - 1"],
        "`tidy` is one definition in line 1 of a.ipynb cell 1 and another in line 1 of b.ipynb cell 2",
        "make the `tidy` in line 1 of a.ipynb cell 1 what it is in line 1 of b.ipynb cell 2",
    ),
    "another definition two calls away": (
        ["def low(value):\n    return value + 1", "def tidy(value):\n    return low(value)"],
        ["def low(value):\n    return value - 1", "def tidy(value):\n    return low(value)"],
        "`low`, which `tidy` reads, is one definition in line 1 of a.ipynb cell 1 and another in line 1 of b.ipynb cell 1",
        "make the `low` in",
    ),
    "another module": (
        ["from math import floor as tidy"],
        ["from numpy import floor as tidy"],
        "`tidy` is `math.floor` in line 1 of a.ipynb cell 1 and `numpy.floor` in line 1 of b.ipynb cell 1",
        "make line 1 of a.ipynb cell 1 bind `tidy` as line 1 of b.ipynb cell 1 does",
    ),
    "an import and a definition": (
        ["from math import floor as tidy"],
        ["def tidy(value):\n    return value - 1"],
        "`tidy` is `math.floor` in line 1 of a.ipynb cell 1 and the definition in line 1 of b.ipynb cell 1",
        "as line 1 of b.ipynb cell 1 does",
    ),
    "bound by what is run": (
        ["from math import floor as tidy", "%run other.py"],
        ["from math import floor as tidy"],
        "what `tidy` means in a.ipynb is not certain: it may be bound again by %run or exec (cell 2 line 1)",
        "",
    ),
    "bound by what is run, if at all": (
        ["x = 1", "x = 2\n%run other.py"],
        ["from math import floor as tidy"],
        "what `tidy` means in a.ipynb is not certain: a %run or exec of the notebook may bind it (cell 2 line 2)",
        "",
    ),
    "bound nowhere": (
        ["x = 1"],
        ["from math import floor as tidy"],
        "what `tidy` means in a.ipynb is not certain: nothing in the notebook binds it",
        "import or define `tidy` in a.ipynb",
    ),
    "from a star": (
        ["from scipy import *"],
        ["from math import floor as tidy"],
        "what `tidy` means in a.ipynb is not certain: `from scipy import *` may bring it (cell 1 line 1)",
        "import `tidy` by its name in a.ipynb",
    ),
}


def scanned(root: Path, **notebooks: Sequence[str]) -> list[Candidate]:
    text = '=== pyproject.toml\n[tool.nb2mod]\npackage = "team"\n'
    for name, cells in notebooks.items():
        text += f"=== {name}.ipynb\n" + "".join(f"# %%\n{cell}\n" for cell in cells)
    write_tree(files_of(text), root)
    return [one for one in scan(root, {}).candidates if one.name == "score"]


@pytest.mark.parametrize("name", TOLD)
def test_the_name_is_told(name: str, project_root: Path) -> None:
    above_one, above_other, reason, advice = TOLD[name]
    one = [*above_one, BODY.format(2), "print(score([1]))"]
    other = [*above_other, BODY.format(3), "print(score([2]))"]
    (found,) = scanned(project_root, a=one, b=other)
    assert (found.code, found.verdict.value, len(found.occurrences)) == ("NB103", "blocked", 2)
    assert [each.code for each in found.reasons] == ["NB373"]
    assert found.reasons[0].message == reason
    assert advice in found.advice
    assert bool(advice) == bool(found.advice)


def test_names_that_mean_the_same_are_not_told(project_root: Path) -> None:
    """Three copies, of which two go together: the third is told by the only name that keeps it from them."""
    same = "from math import ceil\n"
    copies = {
        name: [same + above, BODY.format(f"ceil({number})"), "print(score([1]))"]
        for number, (name, above) in enumerate(
            {
                "a": "from math import floor as tidy",
                "b": "from math import floor as tidy",
                "c": "from math import trunc as tidy",
            }.items()
        )
    }
    found = {tuple(each.path for each in one.occurrences): one for one in scanned(project_root, **copies)}
    assert found["a.ipynb", "b.ipynb"].verdict.moves
    (reason,) = found["c.ipynb",].reasons
    assert (
        reason.message
        == "`tidy` is `math.trunc` in line 2 of c.ipynb cell 1 and `math.floor` in line 2 of a.ipynb cell 1"
    )


def test_each_difference_is_told_once(project_root: Path) -> None:
    """Whatever number of copies: a pair of meanings is one sentence."""
    modules = ("math", "numpy", "cmath")
    copies = {
        name: [f"from {modules[number]} import floor as tidy", BODY.format(number), "print(score([1]))"]
        for number, name in enumerate("abc")
    }
    (found,) = scanned(project_root, **copies)
    messages = [each.message for each in found.reasons]
    assert len(found.occurrences) == 3
    assert len(messages) == len(set(messages)) == 2
