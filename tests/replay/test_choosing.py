"""Few calls become tests: small, each showing something that the others do not."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from nb2mod.stages.verify.replay.calls import Argument, Change, Record, Target
from nb2mod.stages.verify.replay.choosing import MOST_CHARACTERS, choose


def target(name: str = "clean", cell: int = 3, line: int = 1) -> Target:
    return Target("a.ipynb", cell, name, "", line, "team.text", name)


def record(argument: str, result: str | None = "1", *, name: str = "clean", line: int = 1, **fields: Any) -> Record:
    return Record(target(name, line=line), "", "function", "", (Argument("", argument),), result, **fields)


def texts(records: tuple[Record, ...]) -> list[str]:
    return [one.arguments[0].text for one in records]


def test_the_smallest_of_those_that_run_other_lines() -> None:
    records = [
        record("[1, 2, 3]", lines=frozenset({2, 3}), shape="list"),
        record("[1]", lines=frozenset({2, 3}), shape="list"),
        record("None", lines=frozenset({2, 5}), shape="None"),
        record("[2]", lines=frozenset({2, 3}), shape="list"),
    ]
    assert texts(choose(records)) == ["[1]", "None"]


def test_other_kinds_of_arguments_where_the_lines_are_the_same() -> None:
    records = [record(text, shape=text) for text in ("4", "1.5", "'x'", "b'x'")]
    assert texts(choose(records)) == ["1.5", "4", "'x'"] or len(choose(records)) == 3


def test_the_same_call_in_two_notebooks_is_one_test() -> None:
    lines = [frozenset({2}), frozenset({12})]
    assert len(choose([record("1", lines=lines[0], line=1), record("1", lines=lines[1], line=11)])) == 1


def test_lines_are_counted_from_the_definition() -> None:
    one, other = record("1", lines=frozenset({2}), line=1), record("2", lines=frozenset({12}), line=11)
    assert texts(choose([one, other])) == ["1"]


def test_what_shows_nothing_is_no_test() -> None:
    change = (Change(0, "items", "[1]"),)
    nothing, changed = record("[]", "None"), record("[]", "None", name="push", mutated=change)
    raising, printing = (
        record("0", None, name="check", raises=("ValueError", "no")),
        record("1", "None", name="p", stdout="1\n"),
    )
    assert [one.target.name for one in choose([nothing, changed, raising, printing])] == ["check", "p", "push"]


def test_what_is_too_long_to_be_read_is_no_test() -> None:
    assert choose([record("x" * (MOST_CHARACTERS + 1))]) == ()


RECORDS = st.lists(
    st.builds(
        record,
        st.sampled_from(["1", "2", "[1]", "'long text'"]),
        st.sampled_from(["1", "None", "'x'"]),
        name=st.sampled_from(["clean", "load"]),
        lines=st.frozensets(st.integers(1, 6)),
        shape=st.sampled_from(["int", "list"]),
    )
)


@given(RECORDS, st.randoms())
def test_at_most_three_and_the_order_of_recording_does_not_matter(records: list[Record], random: Any) -> None:
    chosen = choose(records)
    for name in ("clean", "load"):
        assert len([one for one in chosen if one.target.name == name]) <= 3
    unique = list({(one.target.name, one.arguments): one for one in records}.values())
    shuffled = list(unique)
    random.shuffle(shuffled)
    assert choose(shuffled) == choose(unique)
