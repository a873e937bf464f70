"""Decorated copies: literals are handed through decorators that hand on what they are given, and nothing else is."""

import pytest
from lift.lifting import Project, hole, literal_group, run

from nb2mod.model import NewParameter
from nb2mod.stages.lift import Group

HEAD = "from functools import cache, lru_cache\nfrom contextlib import contextmanager\nfrom numba import njit"
KNOWN = HEAD.rpartition("\n")[0]
LOAD = "def load(path):\n    print(path)\n    return (path, {0})"


def near(decorator: str, *calls: str, text: str = LOAD, head: str = HEAD) -> Project:
    return Project([[head, f"{decorator}\n{text.format(value)}", *calls] for value in ("','", "';'")])


def why(project: Project, *groups: str) -> list[str]:
    found = project.lift(literal_group(project, "load", "sep", "','", "','", "';'"), *groups)
    return [reason.message for reasons in found.refused.values() for reason in reasons]


@pytest.mark.parametrize(
    ("decorator", "use", "after"),
    [
        ("@cache", "load(1)\nload(1)", "load(1, sep=';')\nload(1, sep=';')"),
        ("@lru_cache(maxsize=None)", "load(1)\nprint(load.cache_info())", "load(1, sep=';')\nprint(load.cache_info())"),
        ("@cache", "load(1)\nload.cache_clear()\nload(1)", "load(1, sep=';')\nload.cache_clear()\nload(1, sep=';')"),
        ("@cache", "def g(x):\n    return load(x)", "def g(x):\n    return load(x, sep=';')"),
    ],
)
def test_literals_are_handed_through(decorator: str, use: str, after: str) -> None:
    project = near(decorator, use, head=KNOWN)
    found = project.lift(literal_group(project, "load", "sep", "','", "','", "';'"))
    cells = project.after(found)
    assert cells[1][2] == after
    assert cells[0][1:] == [f"{decorator}\ndef load(path, *, sep=','):\n    print(path)\n    return (path, sep)", use]
    assert [run(each) for each in cells] == [run(each) for each in project.notebooks]


def test_contexts_are_given_literals_and_defaults() -> None:
    text = "def load(path, n={0}):\n    yield (path, n)"
    project = Project(
        [[KNOWN, f"@contextmanager\n{text.format(value)}", "with load(1) as a:\n    print(a)"] for value in ("1", "2")]
    )
    members = project.members("load")
    usual = NewParameter("n", "default", "1", "", position=1)
    other = NewParameter("n", "default", "1", "2", (), hole(project.text(members[1]), "2", "1", "").replacements, 1)
    after = project.after(project.lift(Group(members, {members[0]: (usual,), members[1]: (other,)})))
    assert [cells[2] for cells in after] == [
        "with load(1) as a:\n    print(a)",
        "with load(1, n=2) as a:\n    print(a)",
    ]
    assert [run(cells) for cells in after] == [run(cells) for cells in project.notebooks]


@pytest.mark.parametrize(
    ("decorator", "use", "words"),
    [
        ("@njit", "load(1)", "its decorator `njit` sees its parameters"),
        ("@shown", "load(1)", "its decorator `shown` sees its parameters"),
        ("@cache\n@njit", "load(1)", "its decorator `njit` sees its parameters"),
        ("@cache", "load.__wrapped__(1)", "used otherwise than by a call"),
        ("@cache", "keep = [load]", "used as a value"),
    ],
)
def test_not_through_others_and_not_past_them(decorator: str, use: str, words: str) -> None:
    assert any(words in message for message in why(near(decorator, use)))


def test_not_where_the_notebook_binds_the_decorator() -> None:
    project = near("@cache", "load(1)", head="def cache(f):\n    return f")
    assert any("its decorator `cache` sees its parameters" in message for message in why(project))


def test_a_cache_is_not_asked_in_two_ways() -> None:
    """A caller that moves would pass what other calls leave to the default: another key, and the body would run again."""
    project = near("@cache", "def g(x):\n    return load(x)", "print(g(1), load(1))", head=KNOWN)
    group = literal_group(project, "load", "sep", "','", "','", "';'")
    found = project.lift(group, "g")
    assert {reasons[0].message.partition(": ")[2] for reasons in found.refused.values()} == {
        "its cache would tell apart calls that pass it and calls that leave it to the default"
    }
    assert all(member.cell == 2 for member in found.refused)
    after = project.after(found)
    assert [run(cells) for cells in after] == [run(cells) for cells in project.notebooks]
    itself = near("@cache", "print(load(1))", text="def load(n):\n    return load(n - 1) if n else {0}", head=KNOWN)
    assert any("its cache would tell apart" in message for message in why(itself))


def test_a_cache_keeps_its_defaults() -> None:
    text = "def load(path, n={0}):\n    return (path, n)"
    project = Project([[KNOWN, f"@cache\n{text.format(value)}", "load(1)\nload(1, n=2)"] for value in ("1", "2")])
    members = project.members("load")
    usual = NewParameter("n", "default", "1", "", position=1)
    other = NewParameter("n", "default", "1", "2", (), hole(project.text(members[1]), "2", "1", "").replacements, 1)
    found = project.lift(Group(members, {members[0]: (usual,), members[1]: (other,)}))
    assert not found.edits
    assert all("leave a default out" in reasons[0].message for reasons in found.refused.values())
