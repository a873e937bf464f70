"""Near blocks that take other names from their notebooks: what is told stands in the notebooks, line by line."""

from pathlib import Path

import pytest
from harness.author import files_of
from harness.case import write_tree
from harness.project import scan

from nb2mod.model import Candidate

BLOCK = """\
total = sum({0})
print("{5}", total)
low = min({1})
high = max({2})
print("{6}", high - low)
mean = total / len({3})
print("{7}", mean)
for v in {4}:
    print(v / mean)"""
SAME = ("total", "span", "mean")
OTHER = ("sum", "width", "average")
ABOVE = (
    "import numpy\na, b, c, d, e, f = numpy.load('a.npy')",
    "import pandas\na = b = pandas.read_csv('x')\nc, d, e, f = a.x, a.y, 2, 3",
)


def told(root: Path, one: str, other: str) -> list[Candidate]:
    """The near blocks of two notebooks that stay. What they show stands where they say."""
    cells = {"a.ipynb": (ABOVE[0], one), "b.ipynb": (ABOVE[1], other)}
    text = '=== pyproject.toml\n[tool.nb2mod]\npackage = "team"\n'
    for path, (above, block) in cells.items():
        text += f"=== {path}\n# %%\n{above}\n# %%\n{block}\n"
    write_tree(files_of(text), root)
    found = [one for one in scan(root, {}).candidates if one.code == "NB113"]
    for contrast in (each for one in found for each in one.contrasts):
        for place, lines in ((contrast.left, contrast.left_lines), (contrast.right, contrast.right_lines)):
            real = cells[place.path][place.cell - 1].split("\n")[place.line - 1 :]
            assert [line.strip() for line in real[: len(lines)]] == [line.strip() for line in lines]
    return found


def test_another_number_of_names_is_told_by_the_names(project_root: Path) -> None:
    (found,) = told(project_root, BLOCK.format(*"aaaaa", *SAME), BLOCK.format(*"abcda", *SAME))
    assert [one.path for one in found.occurrences] == ["a.ipynb", "b.ipynb"]
    (reason,) = found.reasons
    assert reason.code == "NB373"
    assert reason.message == (
        "it takes `a` from its notebook, and what stands from line 1 of b.ipynb cell 2 on takes `a`, `b`, `c`, `d`"
    )
    shown = [(one.what, one.right_lines) for one in found.contrasts]
    assert shown == [
        ("the one reads `b`, the other `a`", ("low = min(a)",)),
        ("the one reads `c`, the other `a`", ("high = max(a)",)),
        ("the one reads `d`, the other `a`", ("mean = total / len(a)",)),
    ]


def test_names_are_not_counted_as_values(project_root: Path) -> None:
    """Five names that differ would be too many values; names of the notebook are handed in whatever their number."""
    (found,) = told(project_root, BLOCK.format(*"aaaaa", *SAME), BLOCK.format(*"bcdef", *SAME))
    assert [one.code for one in found.reasons] == ["NB373"]
    assert "takes `b`, `c`, `d`, `e`, `f`" in found.reasons[0].message
    assert len(found.contrasts) == 5


def test_what_else_differs_is_told_first(project_root: Path) -> None:
    one = BLOCK.format(*"ababa", *SAME).replace("total /", "total *")
    (found,) = told(project_root, one, BLOCK.format(*"bacba", *SAME))
    assert [one.what for one in found.contrasts] == ["the operator differs"]
    assert "`total / len(b)`" in found.reasons[0].message


@pytest.mark.parametrize("names", ["baccb", "bdccd", "bcdcb"])
def test_names_that_stand_for_each_other_are_shown_where_they_are_read(names: str, project_root: Path) -> None:
    """As many names in both: no line of a function that nobody wrote is shown."""
    one = BLOCK.format(*("abcba" if names == "bcdcb" else "abcca"), *SAME)
    (found,) = told(project_root, one, BLOCK.format(*names, *OTHER))
    assert "stand for each other" in found.reasons[0].message
    (contrast,) = found.contrasts
    assert (contrast.left_lines, contrast.right_lines) == (("total = sum(a)",), ("total = sum(b)",))
