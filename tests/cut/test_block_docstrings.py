"""Docstrings of functions made of blocks: plain English, names only, valid Python whatever the notebook's text holds."""

import ast

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from nb2mod.stages.cut.docstrings import docstring_of


def read_back(lines: str) -> str:
    """The docstring that Python sees below a def."""
    tree = ast.parse(f"def f():\n{lines}\n    return 1\n")
    found = ast.get_docstring(tree.body[0])  # type: ignore[arg-type]
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("parameters", "returns", "expected"),
    [
        ((), (), '    """Load the scores."""'),
        (("path",), (), '    """Load the scores. Takes `path`."""'),
        ((), ("scores",), '    """Load the scores. Returns `scores`."""'),
        (
            ("path", "rate"),
            ("scores", "total"),
            '    """Load the scores. Takes `path` and `rate`; returns `scores` and `total`."""',
        ),
    ],
)
def test_one_line_where_it_fits(parameters: tuple[str, ...], returns: tuple[str, ...], expected: str) -> None:
    assert docstring_of("load_scores", parameters, returns, "Load the scores.") == expected


def test_more_lines_where_it_does_not() -> None:
    names = tuple(f"long_parameter_{number}" for number in range(8))
    found = docstring_of("load_scores", names, ("total",), "Load the scores.")
    assert found.splitlines()[:2] == ['    """Load the scores.', ""]
    assert found.splitlines()[-2:] == ["    Returns `total`.", '    """']
    assert all(len(line) <= 88 for line in found.splitlines())
    assert all(f"`{name}`" in read_back(found) for name in names)


def test_what_nobody_knows_is_left_out() -> None:
    assert docstring_of("estimate_mass", ("x",), ("y",), None) == '    """Takes `x`; returns `y`."""'
    assert docstring_of("estimate_mass", (), ("y",), None) == '    """Returns `y`."""'
    assert docstring_of("estimate_mass", (), (), None) == ""
    names = tuple(f"long_parameter_{number}" for number in range(8))
    found = docstring_of("estimate_mass", names, ("total",), None).splitlines()
    assert found[0].startswith('    """Takes `long_parameter_0`, ')
    assert found[-2:] == ["    Returns `total`.", '    """']


def test_the_name_speaks_where_the_purpose_is_empty() -> None:
    assert docstring_of("load_scores", (), (), "  \x00 ") == '    """Load scores."""'


@given(purpose=st.text(max_size=600))
@example('"""')
@example('ends with a quote"')
@example("ends with a backslash\\")
@example("\\N{DIGIT ONE} \\x00 \\u")
@example('x"""\nimport os\n"""')
@example("\ud800 \x00 \x1b[31m \u202e")
@example("word " * 120)
def test_valid_whatever_the_heading_holds(purpose: str) -> None:
    for parameters, returns in (((), ()), (("x",), ("y", "z")), (("p" * 90, "q"), ())):
        lines = docstring_of("load_scores", parameters, returns, purpose)
        text = read_back(lines)
        lines.encode("utf-8")
        assert text[0] not in "\"' "
        assert not text.endswith('"')
        assert all(line == line.rstrip() for line in lines.split("\n"))
        assert all(character.isprintable() or character == "\n" for character in text)
        assert len(text.split("\n")[0]) <= 100
        assert all(f"`{name}`" in text for name in (*parameters, *returns))
