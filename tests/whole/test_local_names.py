"""Names that became local to functions are told, not held against a run; any other name that is gone is (B16)."""

from nb2mod.stages.verify.comparing.namespaces import compare_names

OLD = {"total": "int 6", "value": "int 3"}


def test_name_inside_of_a_function_now() -> None:
    differences, notes = compare_names([OLD, OLD], {"total": "int 6"}, str, {"value"})
    assert not differences
    assert notes == ["inside of functions now, no longer bound at the end: value"]


def test_name_that_is_gone() -> None:
    differences, _ = compare_names([OLD, OLD], {"value": "int 3"}, str, {"value"})
    assert [(one.what, one.before) for one in differences] == [("name", "total = int 6")]


def test_value_of_a_local_name_that_is_still_bound() -> None:
    differences, _ = compare_names([OLD, OLD], OLD | {"value": "int 4"}, str, {"value"})
    assert [one.after for one in differences] == ["value = int 4"]
