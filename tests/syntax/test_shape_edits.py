"""The edits that clone detectors are tested with (Roy and Cordy's mutation framework, and those of notebooks).

First what must never be one shape; then what must.
"""

import ast
import random

import black
import pytest

from nb2mod.model import Definition, Masked
from nb2mod.syntax import facts

FUNCTIONS = {
    "loop": """
def load_scores(path, limit=10):
    rows = []
    for line in open(path):
        name, score = line.split(",")
        if float(score) > limit:
            rows.append((name, float(score)))
    return sorted(rows, key=lambda row: row[1])
""",
    "try": """
def read(path):
    try:
        with open(path, 'rb') as handle:
            data = handle.read()
    except OSError as error:
        print("no file", path, error)
        raise
    else:
        size = len(data)
    return data, size
""",
    "comprehension": """
def pairs(items, *, depth=2, **options):
    found = {key: [value for value in values if value] for key, values in items.items()}
    total = sum(len(values) for values in found.values())
    if (half := total // 2) > depth:
        found = {**found, **options}
    return found, half
""",
    "nested": """
def smooth(xs, width):
    def window(start, stop):
        return xs[start:stop]
    out = []
    for i in range(len(xs)):
        part = window(max(0, i - width), i + width)
        out.append(sum(part) / len(part))
    return out
""",
    "recursive": """
def search(tree, depth, best=None):
    if depth == 0:
        return best
    for child in tree:
        best = search(child, depth - 1, best=best)
    return best
""",
    "match": """
def describe(shape):
    match shape:
        case {"kind": "circle", "radius": r, **rest}:
            return r * r, rest
        case [first, *others]:
            return first, others
        case str() as text:
            return text, None
    return None, None
""",
    "async": """
async def gather(session, urls):
    results = []
    async with session.open() as client:
        async for page in client.pages(urls):
            results.append(await page.read())
    return [result async for result in client.rest(results)]
""",
    "local import": """
def mean(values):
    import numpy as np
    from math import fsum as add
    table = np.asarray(values)
    return add(table) / np.size(table)
""",
}


def one(source: str) -> Definition:
    found = facts(source, Masked(source))
    assert found.error is None, found.error
    assert len(found.definitions) == 1
    return found.definitions[0]


def meaning(source: str) -> tuple[bytes, tuple[str, ...]]:
    definition = one(source)
    return definition.shape, definition.slots


class Rename(ast.NodeTransformer):
    """Renames locals and parameters everywhere by a table: systematic renaming (mSRI)."""

    def __init__(self, table: dict[str, str], function: str) -> None:
        self.table, self.function = table, function

    def visit_Name(self, node: ast.Name) -> ast.AST:
        node.id = self.table.get(node.id, node.id)
        return node

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.arg = self.table.get(node.arg, node.arg)
        return node

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> ast.AST:
        node.name = self.table.get(node.name, node.name) if node.name else None
        self.generic_visit(node)
        return node

    def visit_MatchAs(self, node: ast.MatchAs) -> ast.AST:
        node.name = self.table.get(node.name, node.name) if node.name else None
        self.generic_visit(node)
        return node

    def visit_MatchStar(self, node: ast.MatchStar) -> ast.AST:
        node.name = self.table.get(node.name, node.name) if node.name else None
        return node

    def visit_MatchMapping(self, node: ast.MatchMapping) -> ast.AST:
        node.rest = self.table.get(node.rest, node.rest) if node.rest else None
        self.generic_visit(node)
        return node

    def visit_alias(self, node: ast.alias) -> ast.AST:
        bound = node.asname or node.name
        if bound in self.table:
            node.asname = self.table[bound]
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        if isinstance(node.func, ast.Name) and node.func.id == self.function:
            for keyword in node.keywords:
                keyword.arg = self.table.get(keyword.arg or "", keyword.arg)
        self.generic_visit(node)
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.name = self.table.get(node.name, node.name)
        self.generic_visit(node)
        return node


def locals_of(source: str) -> list[str]:
    """Every name that the definition binds inside."""
    node = ast.parse(source).body[0]
    names: dict[str, None] = {}
    for inner in ast.walk(node):
        if isinstance(inner, ast.arg):
            names[inner.arg] = None
        elif isinstance(inner, ast.Name) and not isinstance(inner.ctx, ast.Load):
            names[inner.id] = None
        elif isinstance(inner, ast.FunctionDef | ast.ExceptHandler | ast.MatchAs | ast.MatchStar):
            if inner.name and inner is not node:
                names[inner.name] = None
        elif isinstance(inner, ast.MatchMapping) and inner.rest:
            names[inner.rest] = None
        elif isinstance(inner, ast.alias):
            names[inner.asname or inner.name] = None
    return list(names)


def renamed(source: str, table: dict[str, str], function: str | None = None) -> str:
    tree = ast.parse(source)
    node = tree.body[0]
    assert isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    return ast.unparse(Rename({**table, **({node.name: function} if function else {})}, node.name).visit(tree))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_one_changed_use_is_another_shape(name: str) -> None:
    """mARI: one use of one name replaced by another name of the function."""
    source = FUNCTIONS[name]
    names = locals_of(source)
    uses = [n for n in ast.walk(ast.parse(source)) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)]
    for index in range(len(uses)):
        for other in names:
            tree = ast.parse(source)
            node = [n for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)][index]
            if node.id != other:
                node.id = other
                assert meaning(ast.unparse(tree)) != meaning(source), ast.unparse(tree)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_one_changed_literal_is_another_shape(name: str) -> None:
    """mRL: a number or string replaced; True for 1 and 1.0 for 1 too, which compare equal."""
    source = FUNCTIONS[name]
    count = sum(isinstance(n, ast.Constant) for n in ast.walk(ast.parse(source)))
    for index in range(count):
        for value in (1, 1.0, True, "x", b"x", None, -0.0, 0.0):
            tree = ast.parse(source)
            node = [n for n in ast.walk(tree) if isinstance(n, ast.Constant)][index]
            if repr(node.value) != repr(value):
                node.value = value
                assert meaning(ast.unparse(tree)) != meaning(source), ast.unparse(tree)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_statement_less_is_another_shape(name: str) -> None:
    source = FUNCTIONS[name]
    tree = ast.parse(source)
    function = tree.body[0]
    assert isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
    for index in range(len(function.body)):
        tree = ast.parse(source)
        function = tree.body[0]
        assert isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        del function.body[index]
        function.body = function.body or [ast.Pass()]
        assert meaning(ast.unparse(tree)) != meaning(source)


NEVER_ONE = {
    "names that swap": ("def f(a, b):\n    return a - b", "def f(a, b):\n    return b - a"),
    "a local for a global": ("def f(a):\n    x = a\n    return y", "def f(a):\n    y = a\n    return y"),
    "keyword of a call": ("def f(a):\n    return g(x=a)", "def f(a):\n    return g(y=a)"),
    "attribute": ("def f(a):\n    return a.x", "def f(a):\n    return a.y"),
    "f-string with =": ("def f(a):\n    return f'{a=}'", "def f(b):\n    return f'{b=}'"),
    "names seen by locals()": ("def f(a):\n    return locals()", "def f(b):\n    return locals()"),
    "names seen by a query": (
        "def f(d, limit):\n    return d.query('x > @limit')",
        "def f(d, bound):\n    return d.query('x > @limit')",
    ),
    "a nested function that escapes": (
        "def f():\n    def g(x):\n        return x\n    return g",
        "def f():\n    def h(x):\n        return x\n    return h",
    ),
    "parameters of a lambda that escapes": ("def f():\n    return lambda a: a", "def f():\n    return lambda b: b"),
    "parameters seen by interact": (
        "def f(x):\n    interact(lambda a: a, a=x)",
        "def f(x):\n    interact(lambda b: b, a=x)",
    ),
    "class name": ("class A:\n    def m(self):\n        return 1", "class B:\n    def m(self):\n        return 1"),
    "class attribute": ("class A:\n    x = 1", "class A:\n    y = 1"),
    "method name": (
        "class A:\n    def m(self):\n        return 1",
        "class A:\n    def n(self):\n        return 1",
    ),
    "dataclass field order": ("class A:\n    x: int\n    y: int", "class A:\n    y: int\n    x: int"),
    "field type": ("class A:\n    x: int", "class A:\n    x: float"),
    "default": ("def f(a=1):\n    return a", "def f(a=2):\n    return a"),
    "keyword only": ("def f(a, b):\n    return a", "def f(a, *, b):\n    return a"),
    "positional only": ("def f(a, b):\n    return a", "def f(a, /, b):\n    return a"),
    "star": ("def f(*a):\n    return a", "def f(a):\n    return a"),
    "async": ("def f(a):\n    return a", "async def f(a):\n    return a"),
    "decorator": ("def f(a):\n    return a", "@cache\ndef f(a):\n    return a"),
    "annotations read by a decorator": (
        "@register\ndef f(a: int):\n    return a",
        "@register\ndef f(a: str):\n    return a",
    ),
    "global and local": ("def f():\n    global x\n    x = 1", "def f():\n    x = 1"),
    "nonlocal": (
        "def f():\n    x = 0\n    def g():\n        nonlocal x\n        x = 1\n    g()\n    return x",
        "def f():\n    x = 0\n    def g():\n        x = 1\n    g()\n    return x",
    ),
    "class scope is no closure": (
        "class A:\n    x = 1\n    def m(self):\n        return x",
        "class A:\n    x = 1\n    def m(self):\n        return y",
    ),
    "return of nothing": ("def f(a):\n    a\n    return", "def f(a):\n    a\n    return a"),
    "int and float": ("def f():\n    return 1", "def f():\n    return 1.0"),
    "int and bool": ("def f():\n    return 1", "def f():\n    return True"),
    "bytes and text": ("def f():\n    return 'a'", "def f():\n    return b'a'"),
    "docstring that is an expression elsewhere": ("def f():\n    g()\n    'text'", "def f():\n    'text'"),
    "chained comparison": ("def f(a, b, c):\n    return a < b < c", "def f(a, b, c):\n    return (a < b) < c"),
    "else of a loop": (
        "def f(a):\n    for x in a:\n        g()\n    else:\n        h()",
        "def f(a):\n    for x in a:\n        g()\n    h()",
    ),
    "local import of another module": (
        "def f():\n    import numpy as np\n    return np",
        "def f():\n    import cupy as np\n    return np",
    ),
    "import of a submodule": ("def f():\n    import a.b\n    return a", "def f():\n    import a\n    return a"),
}


@pytest.mark.parametrize("name", NEVER_ONE)
def test_never_one_shape(name: str) -> None:
    left, right = NEVER_ONE[name]
    assert meaning(left) != meaning(right)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_systematic_renaming_is_one_shape(name: str) -> None:
    source = FUNCTIONS[name]
    table = {old: f"{old}_{number}" for number, old in enumerate(locals_of(source))}
    changed = renamed(source, table, "another_name")
    assert meaning(changed) == meaning(source), changed
    assert one(changed).exact != one(source).exact


@pytest.mark.parametrize("name", FUNCTIONS)
def test_each_single_name_renamed_is_one_shape(name: str) -> None:
    source = FUNCTIONS[name]
    for old in locals_of(source):
        changed = renamed(source, {old: "quite_another"})
        assert meaning(changed) == meaning(source), changed


def white_space(source: str, seed: int) -> str:
    """White space and comments between tokens, where they mean nothing."""
    chance = random.Random(seed)
    out = []
    for line in source.strip("\n").split("\n"):
        spaced = line.replace(", ", " ,  ").replace(" = ", "=" if chance.random() < 0.5 else "   =  ")
        out.append(spaced + chance.choice(["", "  # a remark", "   "]))
        if chance.random() < 0.3:
            out.append(chance.choice(["", "# a line of its own", "        # deeper"]))
    return "\n".join(out)


LAYOUT = {
    "black": lambda s: black.format_str(s, mode=black.Mode(line_length=40)),
    "black, wide": lambda s: black.format_str(s, mode=black.Mode(line_length=200)),
    "unparsed": lambda s: ast.unparse(ast.parse(s)),
    "spaces and comments": lambda s: white_space(s, 1),
    "more spaces and comments": lambda s: white_space(s, 2),
    "docstring": lambda s: s.replace(":\n    ", ':\n    """What it does."""\n    ', 1),
    "other quotes": lambda s: s.replace('"', "\0").replace("'", '"').replace("\0", '"'),
    "annotations": lambda s: s.replace("(path", "(path: str", 1).replace("(items", "(items: dict[str, int]", 1),
    "wider indentation": lambda s: s.replace("    ", "        "),
    "tabs": lambda s: s.replace("    ", "\t"),
    "comment above": lambda s: "# about it\n" + s,
    "windows line ends": lambda s: s.replace("\n", "\r\n"),
}


@pytest.mark.parametrize("edit", LAYOUT)
@pytest.mark.parametrize("name", FUNCTIONS)
def test_layout_is_one_shape_and_one_spelling(name: str, edit: str) -> None:
    source = FUNCTIONS[name]
    changed = LAYOUT[edit](source)
    assert meaning(changed) == meaning(source), changed
    assert one(changed).exact == one(source).exact


SAME = {
    "parentheses of del": ("def f(a, b):\n    del (a, b)", "def f(a, b):\n    del a, b"),
    "docstring alone": ("def f():\n    'nothing yet'", "def f():\n    pass"),
    "annotated local": ("def f(a):\n    x: int = a\n    return x", "def f(a):\n    x = a\n    return x"),
    "return annotation": ("def f(a) -> int:\n    return a", "def f(a):\n    return a"),
    "lambda given to a call": (
        "def f(a):\n    return sorted(a, key=lambda x: x[0])",
        "def f(a):\n    return sorted(a, key=lambda y: y[0])",
    ),
    "lambda that is only called": (
        "def f(a):\n    g = lambda x: x + 1\n    return g(a)",
        "def f(a):\n    h = lambda y: y + 1\n    return h(a)",
    ),
    "self": (
        "class A:\n    def m(self, x):\n        return self.y",
        "class A:\n    def m(this, x):\n        return this.y",
    ),
    "implicit joining of strings": ("def f():\n    return 'a' 'b'", "def f():\n    return 'ab'"),
    "number base": ("def f():\n    return 0xFF + 1_000", "def f():\n    return 255 + 1000"),
    "parentheses of a class": ("class A():\n    x = 1", "class A:\n    x = 1"),
}


@pytest.mark.parametrize("name", SAME)
def test_same_shape(name: str) -> None:
    left, right = SAME[name]
    assert meaning(left) == meaning(right)


def test_an_import_alias_is_a_slot() -> None:
    """`np` and `numpy` are spelled apart and mean the same when both notebooks import numpy: slots say so."""
    left = one("def f(a):\n    return np.mean(a) + np.std(a)")
    right = one("def f(a):\n    return numpy.mean(a) + numpy.std(a)")
    assert left.shape == right.shape
    assert (left.slots, right.slots) == (("np",), ("numpy",))


def test_huge_numbers_and_odd_text_are_read() -> None:
    assert one(f"def f():\n    return 0x{'9' * 5000}").statements == 1
    assert one("def f():\n    return '\\ud800'").statements == 1
