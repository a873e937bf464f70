"""Groups of copies: holes and state side by side, chains of callers, copies that are refused alone, the team's modules."""

import subprocess
import sys

import pytest
from lift.lifting import Project, hole, lifted, literal_group, run

from nb2mod.model import Member, NewParameter, Replacement
from nb2mod.stages.lift import Group

LOAD = "def load(path):\n    return (path, {0})"


def near(*values: str, calls: str = "print(load(1))", more: tuple[str, ...] = ()) -> Project:
    return Project([[LOAD.format(value), *more, calls] for value in values])


def why(project: Project, *groups: str | Group) -> list[str]:
    return [reason.message for reasons in project.lift(*groups).refused.values() for reason in reasons]


# holes


def test_each_call_passes_its_own_value_and_the_usual_one_is_the_default() -> None:
    project = near("','", "';'", "';'")
    found = project.lift(literal_group(project, "load", "sep", "';'", "','", "';'", "';'"))
    after = project.after(found)
    definition = "def load(path, *, sep=';'):\n    return (path, sep)"
    assert [cells[0] for cells in after] == [definition] * 3
    assert [cells[1] for cells in after] == ["print(load(1, sep=','))", "print(load(1))", "print(load(1))"]
    assert [one[0].value for one in found.parameters.values()] == ["','", "", ""]


@pytest.mark.parametrize(
    "use",
    ["print(load)", "load = str", "exec('load(1)')", "x = load", "load(1", "%run other.py", "def g(t):\n    exec(t)"],
)
def test_a_copy_with_the_usual_values_may_be_used_in_any_way(use: str) -> None:
    usual, other = (near("','", "';'", calls=use) for _ in range(2))
    assert not [
        member
        for member in usual.lift(literal_group(usual, "load", "sep", "','", "','", "';'")).refused
        if not member.file
    ]
    group = literal_group(other, "load", "sep", "';'", "','", "';'")
    assert [member for member in other.lift(group).refused if not member.file]


def test_its_parameters_may_not_be_shown_though() -> None:
    project = near("','", "';'", calls="from ipywidgets import interact\ninteract(load)")
    group = literal_group(project, "load", "sep", "','", "','", "';'")
    assert any("shows its parameters" in message for message in why(project, group))


def test_a_hole_is_none_when_its_other_copies_are_refused() -> None:
    project = Project([[LOAD.format(1), "load(0)"], [LOAD.format(2), "x = load"], [LOAD.format(1), "load(0)"]])
    found = project.lift(literal_group(project, "load", "n", "1", "1", "2", "1"))
    assert [member.file for member in found.refused] == [1]
    assert not found.edits


def test_functions_and_names_are_passed_where_they_are_certain() -> None:
    text = "def f(x):\n    return {0}(x)"
    books = [
        ["def one(x): return x", text.format("one"), "print(f(1))"],
        ["def two(x): return -x", text.format("two"), "print(f(1))"],
    ]
    project = Project(books)
    members = project.members("f")
    found = {
        member: (hole(project.text(member), name, "change", "", name, kind="function", reads=(name,)),)
        for member, name in zip(members, ("one", "two"), strict=True)
    }
    after = project.after(project.lift(Group(members, found)))
    assert [cells[2] for cells in after] == ["print(f(1, change=one))", "print(f(1, change=two))"]
    assert [run(cells) for cells in after] == [run(cells) for cells in books]
    late = Project([[text.format("one"), "f(1)", "def one(x): return x"]])
    group = Group(
        late.members("f"),
        {
            late.members("f")[0]: (
                hole(late.text(late.members("f")[0]), "one", "change", "", "one", kind="function", reads=("one",)),
            )
        },
    )
    assert any("`one` is not certain to be bound" in message for message in why(late, group))


def test_builtins_are_passed_unless_the_notebook_binds_them() -> None:
    for cells, refused in ((["f(1)"], False), (["def g(len):\n    return f(1)"], True)):
        project = Project([["def f(x):\n    return len(str(x))", *cells]])
        member = project.members("f")[0]
        parameter = hole(project.text(member), "len(", "measure(", "", "", kind="function")
        parameter = NewParameter("measure", "function", "", "len", ("len",), parameter.replacements)
        assert bool(why(project, Group((member,), {member: (parameter,)}))) is refused


def test_a_default_that_differs_is_passed_where_it_was_left_out() -> None:
    project = Project(
        [
            ["def f(x, n=10):\n    return (x, n)", "f(1)\nf(1, 2)\nf(1, n=3)\nf(*[1, 2])"],
            ["def f(x, n=20):\n    return (x, n)", "f(1)\nf(1, 2)"],
        ]
    )
    members = project.members("f")
    texts = [project.text(member) for member in members]
    usual = NewParameter("n", "default", "10", "", position=1)
    other = NewParameter("n", "default", "10", "20", (), hole(texts[1], "20", "10", "").replacements, 1)
    found = project.lift(Group(members, {members[0]: (usual,), members[1]: (other,)}))
    after = project.after(found)
    assert after[0] == list(project.notebooks[0])
    assert after[1] == ["def f(x, n=10):\n    return (x, n)", "f(1, n=20)\nf(1, 2)"]


def test_holes_over_lines_and_other_line_ends() -> None:
    text = "def f(x):\r\n    return (x,\r\n        'a'\r\n        'b')"
    project = Project([[f"t = 1\r\n{text}\r\nu = 2", "print(f(1))"]])
    member = project.members("f")[0]
    parameter = hole(text, "'a'\r\n        'b'", "(label\n)", "", "'ab'")
    found = project.lift(
        Group((member,), {member: (NewParameter("label", "literal", "'ab'", "", (), parameter.replacements),)})
    )
    (cells,) = project.after(found)
    assert cells[0] == "t = 1\r\ndef f(x, *, label='ab'):\r\n    return (x,\r\n        (label\r\n))\r\nu = 2"
    assert run(cells) == run(project.notebooks[0])


# state


def test_copies_that_read_it_under_other_names_share_the_most_usual() -> None:
    text = "def f(x):\n    return (x, {0}, [{0} for y in x])"
    project = Project([[f"{name} = [1]", text.format(name), "print(f('a'))"] for name in ("df", "df", "frame")])
    found = project.lift("f")
    after = project.after(found)
    assert {cells[1] for cells in after} == {"def f(x, *, df):\n    return (x, df, [df for y in x])"}
    assert [cells[2] for cells in after] == ["print(f('a', df=df))"] * 2 + ["print(f('a', df=frame))"]
    renamed = found.parameters[Member(2, 1, 0)][0]
    assert renamed.value == "frame"
    assert [text.format("frame")[one.start : one.end] for one in renamed.replacements] == ["frame", "frame"]


def test_not_where_that_name_means_something_else() -> None:
    text = "def f({1}):\n    return [{2} for {2} in {1} if {0}]"
    books = [["df = [1]", text.format("df", "x", "y"), "f('a')"]] * 2 + [
        ["frame = [1]", text.format("frame", "x", "df"), "f('a')"]
    ]
    project = Project(books)
    assert [
        (member.file, reasons[0].message.partition(": ")[2]) for member, reasons in project.lift("f").refused.items()
    ] == [(2, "`df` means something else there already")]


def test_constants_that_differ_are_passed_and_those_that_do_not_come_along() -> None:
    text = "def f(x):\n    return (x, LIMIT)"
    same, other = Project([["LIMIT = 3", text, "f(1)"]] * 2), Project([[f"LIMIT = {n}", text, "f(1)"] for n in (3, 4)])
    assert not same.lift("f").edits
    assert [cells[1:] for cells in other.after(other.lift("f"))] == [
        ["def f(x, *, LIMIT):\n    return (x, LIMIT)", "f(1, LIMIT=LIMIT)"]
    ] * 2


def test_a_copy_whose_name_is_no_state_is_left_out() -> None:
    text = "def f(x):\n    return (x, df)"
    project = Project([["df = [1]", text, "f(1)"]] * 2 + [["import df", text, "f(1)"]])
    found = project.lift("f")
    assert [member.file for member in found.refused] == [2]
    assert [member.file for member in found.parameters] == [0, 1]


def test_state_stands_behind_holes_in_order_of_first_read() -> None:
    text = "def f(x):\n    return (b, x, {0}, a)"
    project = Project([["a = []; b = []", text.format(value), "f(0)"] for value in ("1", "2")])
    found = project.lift(literal_group(project, "f", "n", "1", "1", "2"))
    assert [[one.name for one in each] for each in found.parameters.values()] == [["n", "b", "a"]] * 2
    assert [cells[2] for cells in project.after(found)] == ["f(0, b=b, a=a)", "f(0, n=2, b=b, a=a)"]


# chains


def test_callers_that_move_hand_on_what_callers_that_stay_pass() -> None:
    cells = (
        "df = [1]",
        "def f(x):\n    return (x, df)",
        "def g(x):\n    return f(x)",
        "def h(x):\n    return g(x)",
        "print(h(1), f(2))",
    )
    after, refused = lifted(*cells, moves=("f", "g"))
    assert not refused
    assert after[1:] == [
        "def f(x, *, df):\n    return (x, df)",
        "def g(x, *, df):\n    return f(x, df=df)",
        "def h(x):\n    return g(x, df=df)",
        "print(h(1), f(2, df=df))",
    ]
    assert run(after) == run(cells)


@pytest.mark.parametrize(
    ("caller", "after"),
    [
        ("def g(df):\n    return f(df)", "def g(df, *, df_):\n    return f(df, df=df_)"),
        ("def g(x):\n    df = 2\n    return f(df)", "def g(x, *, df_):\n    df = 2\n    return f(df, df=df_)"),
        (
            "def g(df_):\n    return [f(df) for df in [df_]]",
            "def g(df_, *, df__):\n    return [f(df, df=df__) for df in [df_]]",
        ),
    ],
)
def test_a_caller_that_has_a_local_of_that_name_hands_it_on_under_another(caller: str, after: str) -> None:
    cells = ("df = [1]", "def f(x):\n    return (x, df)", caller, "print(g(1))", "df = [2]", "print(g(1))")
    found, refused = lifted(*cells, moves=("f", "g"))
    assert not refused
    assert found[2] == after
    assert run(found) == run(cells)


def test_not_where_the_caller_stays() -> None:
    after, refused = lifted("df = [1]", "def f(x):\n    return (x, df)", "def g(df):\n    return f(df)", "print(g(1))")
    assert any("`df` is another thing here, a local one" in message for message in refused)
    assert after[1] == "def f(x):\n    return (x, df)"


def test_a_hole_is_handed_on_under_another_name_too() -> None:
    show = "def show(sep):\n    return load(sep)"
    project = Project([[LOAD.format(value), show, "print(show(1))"] for value in ("','", "';'", "';'")])
    group = literal_group(project, "load", "sep", "';'", "','", "';'", "';'")
    after = project.after(project.lift(group, "show"))
    assert {cells[1] for cells in after} == {"def show(sep, *, sep_=';'):\n    return load(sep, sep=sep_)"}
    assert [run(cells) for cells in after] == [run(cells) for cells in project.notebooks]


def test_an_expression_is_worked_out_at_each_call() -> None:
    """A caller that moved would hand one list to all of its calls: it stays, and passes another one each time."""
    add = "def add(x):\n    k = {0}\n    k.append(x)\n    return k"
    show = "def show(x):\n    return [add(y) for y in (x, 2)]"
    project = Project([[add.format(value), show, "print(show(1))"] for value in ("[]", "[0]")])
    members = project.members("add")
    holes = {
        member: (hole(project.text(member), value, "start", "", value, kind="expression"),)
        for member, value in zip(members, ("[]", "[0]"), strict=True)
    }
    found = project.lift(Group(members, holes), "show")
    assert [member.cell for member in found.refused] == [1, 1]
    assert all("worked out at each call" in reasons[0].message for reasons in found.refused.values())
    after = project.after(found)
    assert [cells[1] for cells in after] == [show.replace("(y)", f"(y, start={value})") for value in ("[]", "[0]")]
    assert [run(cells) for cells in after] == [run(cells) for cells in project.notebooks]


def test_an_expression_is_not_for_functions_that_call_themselves() -> None:
    text = "def add(x):\n    k = {0}\n    k.append(x)\n    return k + (add(x - 1) if x else [])"
    project = Project([[text.format(value), "print(add(1))"] for value in ("[]", "[0]")])
    members = project.members("add")
    place = text.index("{0}")
    holes = {
        member: (
            NewParameter("start", "expression", "", value, (), (Replacement(place, place + len(value), "start"),)),
        )
        for member, value in zip(members, ("[]", "[0]"), strict=True)
    }
    assert all("it calls itself" in message for message in why(project, Group(members, holes)))
    assert not project.lift(Group(members, holes)).edits


def test_functions_that_call_each_other() -> None:
    cells = (
        "df = [1]",
        "def f(x):\n    return g(x - 1) if x else df",
        "def g(x):\n    return f(x - 1) if x else (df, h(x))",
        "def h(x):\n    return f(x)",
        "print(f(3), h(2))",
    )
    after, refused = lifted(*cells, moves=("f", "g", "h"))
    assert not refused
    assert all("*, df" in cell for cell in after[1:4])
    assert run(after) == run(cells)


def test_a_hole_is_handed_on_where_its_values_differ() -> None:
    show = "def show(x):\n    return load(x)"
    project = Project([[LOAD.format(value), show, "print(show(1))"] for value in ("','", "';'", "';'")])
    group = literal_group(project, "load", "sep", "';'", "','", "';'", "';'")
    after = project.after(project.lift(group, "show"))
    assert {cells[1] for cells in after} == {"def show(x, *, sep=';'):\n    return load(x, sep=sep)"}
    assert [cells[2] for cells in after] == ["print(show(1, sep=','))"] + ["print(show(1))"] * 2
    stays = project.after(project.lift(group))
    assert [cells[1:] for cells in stays] == [
        ["def show(x):\n    return load(x, sep=',')", "print(show(1))"],
        *[[show, "print(show(1))"]] * 2,
    ]


def test_what_calls_a_refused_one_is_worked_out_again() -> None:
    cells = (
        "df = [1]",
        "s = [2]",
        "def f(x):\n    return (x, df)",
        "def g(x):\n    return (f(x), s)",
        "print(g(1))\nk = f",
    )
    after, refused = lifted(*cells, moves=("f", "g"))
    assert len(refused) == 1
    assert after == [
        "df = [1]",
        "s = [2]",
        cells[2],
        "def g(x, *, s):\n    return (f(x), s)",
        "print(g(1, s=s))\nk = f",
    ]


def test_a_name_defined_twice_by_copies_of_one_group() -> None:
    project = Project([[LOAD.format("','"), "print(load(1))", LOAD.format("';'"), "print(load(2))"]])
    found = project.lift(literal_group(project, "load", "sep", "','", "','", "';'"))
    (cells,) = project.after(found)
    assert cells[1::2] == ["print(load(1))", "print(load(2, sep=';'))"]
    assert run(cells) == run(project.notebooks[0])
    late = Project([[LOAD.format("','"), "def g():\n    return load(1)", LOAD.format("';'"), "g()"]])
    group = literal_group(late, "load", "sep", "','", "','", "';'")
    assert any("depends on when" in message for message in why(late, group))


# modules


def test_the_packages_copy_takes_its_own_value_as_default() -> None:
    project = Project([[LOAD.format("';'"), "print(load(1))"]], modules=[LOAD.format("','") + "\n\n\nX = load(2)\n"])
    found = project.lift(literal_group(project, "load", "sep", "','", "';'", "','"))
    after = project.after(found)
    assert after[0] == ["def load(path, *, sep=','):\n    return (path, sep)", "print(load(1, sep=';'))"]
    assert after[1] == ["def load(path, *, sep=','):\n    return (path, sep)\n\n\nX = load(2)\n"]


def test_the_packages_copy_takes_no_state() -> None:
    text = "def f(x):\n    return (x, df)"
    project = Project([["df = [1]", text, "f(1)"]] * 2, modules=[text])
    found = project.lift("f")
    assert [member.file for member in found.refused] == [2]
    assert [member.file for member in found.parameters] == [0, 1]


# other notebooks, cost


def test_a_notebook_that_others_import_keeps_its_calls() -> None:
    cells = ["df = [1]", "def f(x):\n    return (x, df)", "f(1)"]
    project = Project([cells, ["import import_ipynb\nfrom a import f\nf(2)"]])
    assert any(
        "another notebook imports this one" in message for message in why(project, Group(project.members("f")[:1]))
    )
    assert not why(Project([cells, ["from b import f\nf(2)"]]), Group(project.members("f")[:1]))


def test_nothing_to_lift_costs_no_libcst() -> None:
    code = (
        "import sys; sys.path.insert(0, 'tests')\n"
        "from lift.lifting import lifted\n"
        "cells, refused = lifted('N = 1', 'def f(x):\\n    return x + N', 'f(1)')\n"
        "assert cells[2] == 'f(1)' and not refused and 'libcst' not in sys.modules\n"
        "assert lifted('n = []', 'def f(x):\\n    return x + n', 'f(1)')[0][2] == 'f(1, n=n)' and 'libcst' in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
