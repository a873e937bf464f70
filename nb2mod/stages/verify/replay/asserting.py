"""How a test compares what it got with what was recorded: the text of its assertions."""

import ast

ASSERT_SAME = {
    "head": '''\
def _assert_same(got, expected):
    """The last digits of floats depend on the machine and on versions of libraries; all else is equal."""
    assert type(got) is type(expected)
    if isinstance(expected, (list, tuple)):
        assert len(got) == len(expected)
        for one, other in zip(got, expected):
            _assert_same(one, other)
    elif isinstance(expected, dict):
        assert list(got) == list(expected)
        for key, other in expected.items():
            _assert_same(got[key], other)
''',
    "numpy": """\
    elif isinstance(expected, (np.ndarray, np.generic)):
        assert (got.dtype, got.shape) == (expected.dtype, expected.shape)
        if expected.dtype.kind in "fc":
            np.testing.assert_allclose(got, expected, rtol=1e-9, atol=1e-12)
        else:
            np.testing.assert_array_equal(got, expected)
""",
    "pandas": """\
    elif isinstance(expected, pd.DataFrame):
        pd.testing.assert_frame_equal(got, expected, rtol=1e-9)
    elif isinstance(expected, pd.Series):
        pd.testing.assert_series_equal(got, expected, rtol=1e-9)
""",
    "tail": """\
    elif isinstance(expected, (float, complex)):
        both_nan = got != got and expected != expected
        assert both_nan or cmath.isclose(got, expected, rel_tol=1e-9, abs_tol=1e-12)
    elif hasattr(expected, "__dict__") and not callable(expected):
        _assert_same(vars(got), vars(expected))
    else:
        assert got == expected
""",
}
"""The helper that a test module gets when plain equality would ask too much or too little, in parts by what it needs."""


def assertion(got: str, expected: str) -> str:
    """One statement that fails unless the expression `got` gives what `expected` gives."""
    if expected in ("None", "True", "False"):
        return f"assert {got} is {expected}"
    if needs_helper(expected):
        return f"_assert_same({got}, {expected})"
    return f"assert {got} == {expected}"


def needs_helper(expected: str) -> bool:
    """Whether it holds floats, or calls something (arrays, tables, instances): `==` is for other literals."""
    for node in ast.walk(ast.parse(expected, mode="eval")):
        if isinstance(node, ast.Call) and not (
            isinstance(node.func, ast.Name) and node.func.id in ("set", "frozenset")
        ):
            return True
        if isinstance(node, ast.Constant) and isinstance(node.value, float | complex):
            return True
    return False
