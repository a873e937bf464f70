"""Comments for tools, and cells that no tool may touch."""

import pytest

from nb2mod.notebook import is_directive, locked

COMMENTS = [
    "# load the scores",
    "#",
    "# Title",
    "# type of scores",
    "x = 1  # noqa",
    "# export the scores",
    "# hide and seek",
    "",
    "#!shebang",
    "'# %%'",
    "# exported",
    "#title",
]
DIRECTIVES = [
    "#| export",
    "#|echo: false",
    "# | label: fig",
    "# %%",
    "#%% md",
    "#@title Load",
    "# @param x",
    "# noqa",
    "# noqa: E501",
    "#NOQA",
    "# type: ignore",
    "    # type: int",
    "#export",
    "# hide",
    "#default_exp core",
    "# fmt: off",
    "# pylint: disable=x",
    "# pragma: no cover",
    "# +",
    "# In[3]:",
    "# nb2mod: keep",
    "#exporti",
]


@pytest.mark.parametrize("line", COMMENTS)
def test_a_comment_for_people_is_no_directive(line: str) -> None:
    assert not is_directive(line)


@pytest.mark.parametrize("line", DIRECTIVES)
def test_directive(line: str) -> None:
    assert is_directive(line)


@pytest.mark.parametrize(
    ("metadata", "source", "tags"),
    [
        ({}, "#| export\nx = 1", ()),
        ({}, "# %%\nx = 1  # noqa", ("hide-input",)),
        ({}, "#@title Load\nx = 1", ()),
        ({"cellView": "both"}, "#@title Load", ()),
        ({"editable": True, "deletable": False}, "x", ()),
        ({"nbgrader": {"grade": False, "locked": False, "solution": False, "task": False}}, "x", ()),
        ({"nbgrader": "yes"}, "x", ()),
        ({}, 'def f(a):\n    """@param a: # size"""', ()),
        ({}, "print('# @parameter')", ()),
    ],
)
def test_may_be_edited(metadata: dict[str, object], source: str, tags: tuple[str, ...]) -> None:
    assert locked(metadata, source, tags) is None


@pytest.mark.parametrize(
    ("metadata", "source", "tags", "word"),
    [
        ({}, "alpha = 1", ("x", "parameters"), "papermill"),
        ({}, "alpha = 1", ("injected-parameters",), "papermill"),
        ({"nbgrader": {"solution": True}}, "x", (), "nbgrader"),
        ({"editable": False}, "x", (), "not to be edited"),
        ({"cellView": "form"}, "#@title Load\nx = 1", (), "form"),
        ({}, "size = 3 #@param {type: 'slider'}", (), "form"),
        ({}, "name = 'a'  # @param ['a', 'b']", (), "form"),
    ],
)
def test_locked_with_its_reason(metadata: dict[str, object], source: str, tags: tuple[str, ...], word: str) -> None:
    assert word in (locked(metadata, source, tags) or "")
