"""Which docstrings black leaves as they are, held against black itself."""

import ast

import black
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nb2mod.syntax.docstrings import are_laid_out, docstrings_of

# docstring of a function → whether black keeps it
_CASES = {
    "One line.": True,
    " One line. ": False,
    "Several.\n\n    Lines.": True,
    "Several.\n\n    Lines.\n    ": True,
    "\n    Begins below.\n    ": True,
    "Deeper.\n\n        Lines.": False,
    "Less.\n\n  Lines.": False,
    "At the margin.\n\nLines.": False,
    "One deeper.\n\n    Lines.\n        More.\n    ": True,
    "A blank at the end. \n\n    Lines.": False,
    "A tab.\n\n\tLines.": False,
    "Blank lines at the end.\n\n    ": False,
    "Closing quotes elsewhere.\n\n    Lines.\n  ": False,
    '"Quoted" at once.': False,
}


@pytest.mark.parametrize("text", _CASES)
def test_layout(text: str) -> None:
    node, kept = _before_and_after(text)
    assert are_laid_out(node) is _CASES[text]
    assert kept is _CASES[text]


_LINES = [
    "Text.",
    "",
    "  ",
    "    more",
    "        deeper",
    "  less",
    '    say "hi"',
    "    \xa0z",
    "x" * 90,
    "\t",
    "    \x0c x",
    '"q',
]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(_LINES), min_size=1, max_size=5), st.booleans())
def test_what_is_said_to_stay_stays(lines: list[str], closing: bool) -> None:
    try:
        node, kept = _before_and_after("\n".join((*lines, "    ") if closing else lines))
    except SyntaxError:
        return  # the text ends its own quotes
    assert kept or not are_laid_out(node)


def test_those_inside_are_told_in_order() -> None:
    source = 'class A:\n    """a"""\n    def f(self):\n        """f"""\n        def g(): pass\n    class B:\n        """b"""\n'
    assert docstrings_of(ast.parse(source).body[0]) == ("a", "f", None, "b")


def _before_and_after(docstring: str) -> tuple[ast.stmt, bool]:
    source = f'def f():\n    """{docstring}"""\n    return 1\n'
    node = ast.parse(source).body[0]
    after = ast.parse(black.format_str(source, mode=black.Mode())).body[0]
    return node, docstrings_of(node) == docstrings_of(after)
