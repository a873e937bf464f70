"""mask() against IPython's own transformer: the same syntax tree, apart from what mask() does otherwise on purpose."""

import ast
import json
import os
import re
import warnings
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from IPython.core.error import UsageError
from IPython.core.inputtransformer2 import TransformerManager
from IPython.core.magic import Magics

from nb2mod.notebook import mask
from nb2mod.notebook.magics import PYTHON_BODIES, PYTHON_OPTIONS

OPTIONS = {"timeit": {"posix": False, "strict": False, "preserve_non_opts": True}}
TRANSFORMER = TransformerManager()


class _Stub:
    """Enough of a Magics instance for its parse_options."""

    options_table: dict[str, str] = {}  # noqa: RUF012


def parse(python: str) -> ast.Module | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            flags = ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
            return compile(python, "<cell>", "exec", flags, dont_inherit=True)
        except (SyntaxError, ValueError):
            return None


def transformed(source: str) -> str:
    return TRANSFORMER.transform_cell(source.replace("\r\n", "\n").replace("\r", "\n"))


def python_of(name: str, line: str) -> str:
    """The Python that IPython runs for `%name line`, by IPython's own option parser."""
    if name == "time":
        return re.sub(r"^\s*--no-raise-error\s", "", line)
    keywords = OPTIONS.get(name, {"posix": False, "strict": False, "list_all": True})
    try:
        return Magics.parse_options(_Stub(), line, PYTHON_OPTIONS[name], **keywords)[1]
    except UsageError:
        return ""


class _RunsPython(ast.NodeTransformer):
    """Replaces the calls of timing magics by the Python they run, where a statement or expression can stand for it."""

    def visit_Expr(self, node: ast.Expr) -> object:
        found = self._statements(node.value)
        if not found or (found[0] == "timeit" and not self._is_plain_expression(found[1])):
            return self.generic_visit(node)
        return found[1]

    def visit_Call(self, node: ast.Call) -> object:
        found = self._statements(node)
        if found and found[0] == "time" and self._is_plain_expression(found[1]):
            return found[1][0].value
        return self.generic_visit(node)

    def _is_plain_expression(self, body: list[ast.stmt]) -> bool:
        stored = [node for node in ast.walk(ast.Module(body, [])) if isinstance(getattr(node, "ctx", None), ast.Store)]
        return len(body) == 1 and isinstance(body[0], ast.Expr) and not stored

    def _statements(self, node: ast.AST) -> tuple[str, list[ast.stmt]] | None:
        match node:
            case ast.Call(
                ast.Attribute(ast.Call(ast.Name("get_ipython"), [], []), "run_line_magic"),
                [ast.Constant(str(name)), ast.Constant(str(line))],
            ) if name in PYTHON_OPTIONS:
                tree = expected_tree(python_of(name, line))
                return (name, tree.body) if tree and tree.body else None
        return None


def expected_tree(source: str) -> ast.Module | None:
    try:
        tree = parse(transformed(source))
    except SyntaxError:  # its tokenizer gives up on some indentation
        return None
    match tree:
        case ast.Module(
            [
                ast.Expr(
                    ast.Call(
                        ast.Attribute(_, "run_cell_magic"), [ast.Constant(name), ast.Constant(line), ast.Constant(body)]
                    )
                )
            ]
        ):
            if name not in PYTHON_BODIES:
                return ast.Module([], [])
            setup = expected_tree(python_of(name, line)) if name not in ("time", "capture") else None
            inner = expected_tree(body)
            return inner and ast.Module([*(setup.body if setup else []), *inner.body], [])
    return _RunsPython().visit(tree) if tree else None


def count_lines(text: str) -> int:
    return len(re.findall(r"\r\n|\n|\r", text))


def check(source: str) -> None:
    masked = mask(source)
    assert count_lines(masked.python) == count_lines(source)
    expected, found = expected_tree(source), parse(masked.python)
    if expected is None:
        assert found is None, f"{source!r}\n--- mask\n{masked.python}"
    else:
        shown = f"{source!r}\n--- mask\n{masked.python}\n--- IPython\n{transformed(source)}"
        assert found is not None, shown
        assert ast.dump(found) == ast.dump(expected), shown


CELLS = json.loads((Path(__file__).parent / "oracle_cells.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("source", CELLS)
def test_cell_means_what_ipython_makes_of_it(source: str) -> None:
    check(source)


# Hypothesis puts cells together from lines and blocks that real notebooks hold, and breaks them at any character.
EXPRESSIONS = st.sampled_from(
    [
        "x",
        "f(x)",
        "a % b",
        "d['k!']",
        "'%s?' % x",
        "[1,\n 2]",
        'f"{x!r}"',
        "a != b",
        '"""t\n%q\n?\n"""',
        "{**d}",
        "await f()",
    ]
)
COMMANDS = st.sampled_from(
    [
        "ls -la {path} $name",
        "pip install a b",
        "echo it's (",
        "echo 'a?'",
        "cat \\\n  file",
        "ls foo?",
        "echo # a?",
        "",
        "a \\",
    ]
)
MAGICS = st.sampled_from(
    [
        "time",
        "timeit -n 10",
        "prun -s cumtime",
        "matplotlib",
        "run",
        "memit",
        "unknown_magic",
        "timeit",
        "lprun -f f",
        "%time",
    ]
)
STATEMENTS = st.one_of(
    st.builds("{} = {}".format, st.sampled_from(["x", "a, b", "x['=']", "x: int", "f(a=1).b"]), EXPRESSIONS),
    EXPRESSIONS,
    st.builds("%{} {}".format, MAGICS, EXPRESSIONS),
    st.builds("%{} {} = {}".format, MAGICS, st.just("y"), EXPRESSIONS),
    st.builds("x = %{} {}".format, MAGICS, EXPRESSIONS),
    st.builds("{}{}".format, st.sampled_from(["!", "!!", "! ", "x = !", "x =!", "a = b = !", "x = \\\n!"]), COMMANDS),
    st.builds(
        "{}{}{}".format,
        st.sampled_from(["", "?", "??", "%", "!", "a = "]),
        st.just("foo.bar"),
        st.sampled_from(["?", "??"]),
    ),
    st.sampled_from(
        [
            "# %time x",
            "x  # y?",
            "",
            "   ",
            "...",
            "x?  ",
            "foo[0].b*?",
            "%%time",
            "/f a b",
            ",f a b",
            ";f a b",
            "pass;",
            "?",
            "??",
            "%",
            "/ f",
            "%timeit",
            "x = 'a\\\n!b'",
            "(a\n% b\n, c\n)",
            "f(\n!x)",
            "x == \\\n3",
            "f'''\n!x {y}\n'''",
            "x //= 2",
            "% matplotlib inline",
            "x = (1,\n2) if y else !ls",
            "f(x=1); y = %time 2",
        ]
    ),
)
BLOCKS = st.one_of(
    STATEMENTS,
    st.builds(
        lambda head, body: head + "".join("\n    " + line for part in body for line in part.split("\n")),
        st.sampled_from(["if x:", "for i in range(3):", "def f(a=1):", "with a as b:", "try:", "class A:"]),
        st.lists(STATEMENTS, min_size=1, max_size=3),
    ),
)
HEADS = st.sampled_from(
    [
        "",
        "",
        "",
        "",
        "%%time\n",
        "\n  \n%%capture out\n",
        "%%bash\n",
        "%%timeit x = 1\n",
        "%%prun -s a f()\n",
        "  %%time\n",
    ]
)
CELL = st.builds(lambda head, blocks: head + "\n".join(blocks), HEADS, st.lists(BLOCKS, max_size=5))


@settings(max_examples=500, deadline=None)
@given(CELL)
@example("x = %time f(y)")
def test_any_cell_of_notebook_lines(source: str) -> None:
    check(source)


@settings(max_examples=300, deadline=None)
@given(CELL, st.data())
def test_any_cell_cut_anywhere(source: str, data: st.DataObject) -> None:
    check(source[: data.draw(st.integers(0, len(source)))])


@settings(max_examples=300, deadline=None)
@given(st.lists(BLOCKS, min_size=1, max_size=3), st.sampled_from(["    ", "\t", ">>> ", "In [1]: ", "\r\n"]))
def test_indented_and_prompted_cells(blocks: list[str], prefix: str) -> None:
    lines = "\n".join(blocks).split("\n")
    check("\r\n".join(lines) if prefix == "\r\n" else "\n".join(prefix + line for line in lines))


@settings(max_examples=500, deadline=None)
@given(st.text(alphabet="ab =%!?'\"\\\n()[]{}#:.,;/\t1f\r", max_size=40))
def test_any_text_keeps_its_lines_and_never_raises(source: str) -> None:
    assert count_lines(mask(source).python) == count_lines(source)


def corpus() -> list[Path]:
    folder = os.environ.get("NB2MOD_CORPUS")
    return sorted(Path(folder).rglob("*.ipynb")) if folder else []


def code_cells(path: Path) -> list[str]:
    try:
        cells = json.loads(path.read_bytes())["cells"]
    except (ValueError, KeyError):
        return []
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


@pytest.mark.skipif(not corpus(), reason="NB2MOD_CORPUS names no folder with notebooks")
def test_every_cell_of_real_notebooks() -> None:
    for source in dict.fromkeys(source for path in corpus() for source in code_cells(path)):
        check(source)
