"""Functions, and the edits that a clone detector is tested with (Roy and Cordy's mutation framework, and those of notebooks), as
text: the same for the same seed. Used by the tests of detect and by `make bench`, there on real functions too.

An edit gives None where a function has nothing that it could change.
"""

import ast
import io
import random
import re
import textwrap
import tokenize
from collections.abc import Callable

import black
from detect.edited_blocks import IMPORTS, sample

Edit = Callable[[random.Random, str], str | None]
_VERBS = "load clean plot fit score merge split count scale check draw read".split()
_WORDS = "trips scores rows frame weights windows signal labels batch prices errors paths nodes events orders".split()


def function(rng: random.Random, lines: int) -> str:
    """A function of so many lines and more, with a docstring as often as not."""
    size = lines // 2
    while True:
        made = sample(rng, size)
        name = f"{rng.choice(_VERBS)}_{rng.choice(_WORDS)}_{rng.randint(10, 99)}"
        docstring = '    """Made of what stands above it."""\n' if rng.random() < 0.5 else ""
        body = textwrap.indent(made.text, "    ")
        last = made.statements[-1].partition(" = ")[0]
        text = f"def {name}({', '.join(made.inputs)}, depth=3):\n{docstring}{body}\n    return {last}"
        if text.count("\n") + 1 >= lines:
            return text
        size += 1


def imports() -> str:
    """What binds the libraries that functions and their edited copies name."""
    return f"{IMPORTS}\nimport numpy\nimport pandas\nfrom matplotlib import pyplot"


def is_plain(text: str) -> bool:
    """Whether it is one `def` that these edits can read: no tabs, no continued lines, nothing but ASCII."""
    tree = _tree(text)
    if tree is None or not text.isascii() or "\t" in text or "\\\n" in text:
        return False
    return len(tree.body) == 1 and isinstance(tree.body[0], ast.FunctionDef)


# type 1: the text changes, the tree does not


def _same_tree(change: Callable[[str], str]) -> Edit:
    """A change of the text that is held to leave the tree as it is; None where it would not, or where nothing changes."""

    def edit(_rng: random.Random, text: str) -> str | None:
        changed = change(text)
        return changed if changed != text and _dump(changed) == _dump(text) else None

    return edit


def _respaced(text: str, between: str) -> str:
    """Blanks around every token within a line, or none where Python needs none."""
    lines = text.split("\n")
    ends: dict[int, int] = {}
    for one in _tokens(text):
        row = one.start[0] - 1
        if one.type in (tokenize.NAME, tokenize.OP, tokenize.NUMBER, tokenize.STRING) and one.start[0] == one.end[0]:
            line, last = lines[row], ends.get(row)
            at = len(line) - (len(one.line.rstrip("\n")) - one.start[1]) if last is not None else one.start[1]
            if last is not None and not line[last:at].strip():
                near = re.match(r"[\w\"'.]", line[at:]) and re.search(r"[\w\"']$", line[:last])
                gap = between or (" " if near else "")
                lines[row] = line[:last] + gap + line[at:]
                at = last + len(gap)
            ends[row] = at + len(one.string)
    return "\n".join(lines)


def _with_comments(text: str, between: bool) -> str:
    lines = []
    for number, line in enumerate(text.split("\n")):
        indent = line[: len(line) - len(line.lstrip())]
        if between:
            lines += [f"{indent}# step {number}"] if number % 3 == 1 else []
            lines.append(line)
        else:
            lines.append(f"{line}  # step {number}" if line.strip() else line)
    return "\n".join(lines)


def _in_brackets(text: str) -> str:
    """A line end and a comment after the first bracket that opens a call."""
    return re.sub(r"^(?!def)(.*?\w\()(?=[^)\n])", r"\1  # of these\n        ", text, count=1, flags=re.MULTILINE)


def _black(text: str, length: int = 88) -> str:
    mode = black.Mode(line_length=length, magic_trailing_comma=False)
    return black.format_str(text, mode=mode).rstrip("\n")


def _swapped(text: str) -> str:
    def other(match: re.Match[str]) -> str:
        quote = "'" if match[0][0] == '"' else '"'
        return match[0] if quote in match[0] else f"{quote}{match[0][1:-1]}{quote}"

    return re.sub(r"(?<![\"'\w])(\"[^\"\\\n]*\"|'[^'\\\n]*')(?![\"'])", other, text)


def _docstring(_rng: random.Random, text: str) -> str | None:
    """Taken away where there is one, added where there is none."""
    node = _node(text)
    lines = text.split("\n")
    first = node.body[0]
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
        kept = [*lines[: first.lineno - 1], *lines[first.end_lineno :]]
        return "\n".join(kept) if len(node.body) > 1 else None
    if first.lineno == node.lineno:
        return None
    indent = " " * first.col_offset
    told = [
        f'{indent}"""What it does, in short.',
        "",
        f"{indent}And at length, for those who come after.",
        f'{indent}"""',
    ]
    return "\n".join([*lines[: first.lineno - 1], *told, *lines[first.lineno - 1 :]])


def _annotations(_rng: random.Random, text: str) -> str | None:
    """Taken away where there are any, added where there are none."""
    node = _node(text)
    head = "\n".join(text.split("\n")[node.lineno - 1 : node.body[0].lineno - 1])
    rest = text[text.index(head) + len(head) :]
    before = text[: text.index(head)]
    if not head or "#" in head or '"""' in head or "'''" in head:
        return None
    annotated = [one for one in ast.walk(node.args) if isinstance(one, ast.arg) and one.annotation]
    arguments = ast.parse(ast.unparse(node.args).join(("def f(", "): pass"))).body[0]
    assert isinstance(arguments, ast.FunctionDef)
    for one in ast.walk(arguments.args):
        if isinstance(one, ast.arg):
            one.annotation = None if annotated or node.returns else ast.Name("object", ast.Load())
    returns = "" if annotated or node.returns else " -> object"
    return f"{before}def {node.name}({ast.unparse(arguments.args)}){returns}:{rest}"


TYPE_1: dict[str, Edit] = {
    "nothing": lambda _rng, text: text,
    "white space added": _same_tree(lambda text: _respaced(text, "  ")),
    "white space removed": _same_tree(lambda text: _respaced(text, "")),
    "comments at line ends": _same_tree(lambda text: _with_comments(text, between=False)),
    "comments between lines": _same_tree(lambda text: _with_comments(text, between=True)),
    "comment between tokens": _same_tree(_in_brackets),
    "lines broken": _same_tree(lambda text: _black(text, 24)),
    "lines joined": _same_tree(lambda text: _black(text, 300)),
    "black": _same_tree(_black),
    "quotes swapped": _same_tree(_swapped),
    "docstring added or removed": _docstring,
    "annotations added or removed": _annotations,
}

# type 2: names and literals change


class _Rename(ast.NodeTransformer):
    """Names and parameters by a table: what a renaming of the text must come to."""

    def __init__(self, table: dict[str, str]) -> None:
        self.table = table

    def visit_Name(self, node: ast.Name) -> ast.AST:
        node.id = self.table.get(node.id, node.id)
        return node

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.arg = self.table.get(node.arg, node.arg)
        return self.generic_visit(node)

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> ast.AST:
        node.name = self.table.get(node.name, node.name) if node.name else None
        return self.generic_visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.name = self.table.get(node.name, node.name)
        return self.generic_visit(node)


def _renamed(text: str, table: dict[str, str]) -> str | None:
    """The text with names exchanged where the tree has them, in f-strings too; None where that can't be told from the text."""
    tree = _tree(text)
    assert tree is not None
    strings = [node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)]
    inside = {id(inner) for node in strings for inner in ast.walk(node)}
    spots: list[tuple[int, int, str, str]] = []
    for node in ast.walk(tree):
        name = getattr(node, "id", None) or getattr(node, "arg", None)
        if isinstance(node, ast.Name | ast.arg) and id(node) not in inside and name in table:
            spots.append((node.lineno, node.col_offset, name, table[name]))
        elif isinstance(node, ast.FunctionDef) and node.name in table:
            spots.append((node.lineno, node.col_offset + len("def "), node.name, table[node.name]))
    lines = text.split("\n")
    for row, column, name, new in sorted(set(spots), reverse=True):
        line = lines[row - 1]
        lines[row - 1] = line[:column] + new + line[column + len(name) :]
    found = "|".join(map(re.escape, sorted(table, key=len, reverse=True)))
    within = re.compile(rf"(?<=[{{(\[ ])(?:{found})(?=[^\w=\"'])")
    for row in {node.lineno for node in strings}:
        lines[row - 1] = within.sub(lambda match: table[match[0]], lines[row - 1])
    handled = re.compile(rf"(?m)^(\s*except .* as )({found}):")
    changed = handled.sub(lambda match: f"{match[1]}{table[match[2]]}:", "\n".join(lines))
    tree = _tree(changed)
    wanted = _Rename(table).visit(_tree(text))
    return changed if tree and changed != text and ast.dump(tree) == ast.dump(wanted) else None


def _locals(text: str) -> list[str]:
    """Names that the function binds itself, in order of appearance."""
    node = _node(text)
    names = dict.fromkeys(one.arg for one in ast.walk(node) if isinstance(one, ast.arg))
    for one in ast.walk(node):
        if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store):
            names.setdefault(one.id)
        elif isinstance(one, ast.ExceptHandler) and one.name:
            names.setdefault(one.name)
    return [name for name in names if len(name) > 1 or name not in "ef"]


def _systematic(rng: random.Random, text: str) -> str | None:
    table = {name: f"{rng.choice(_WORDS)}_{number}" for number, name in enumerate(_locals(text))}
    return _renamed(text, table) if table else None


def _alias(_rng: random.Random, text: str) -> str | None:
    return _renamed(text, {"np": "numpy", "pd": "pandas", "plt": "pyplot"})


def _function_renamed(rng: random.Random, text: str) -> str | None:
    return _renamed(text, {_node(text).name: f"{rng.choice(_VERBS)}_{_node(text).name}"})


def _one_use(rng: random.Random, text: str) -> str | None:
    own = set(_locals(text))
    uses = [
        node
        for node in ast.walk(_node(text))
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in own and not _in_string(text, node)
    ]  # fmt: skip
    return _replaced(text, rng.choice(uses), "another_name") if uses else None


def _literal(kinds: tuple[type, ...], new: str) -> Edit:
    def edit(rng: random.Random, text: str) -> str | None:
        docstring = ast.get_docstring(_node(text), clean=False)
        found = [
            node
            for node in ast.walk(_node(text))
            if isinstance(node, ast.Constant)
            and type(node.value) in kinds
            and node.lineno == node.end_lineno
            and node.value != docstring
            and not _in_string(text, node)
        ]
        return _replaced(text, rng.choice(found), new) if found else None

    return edit


TYPE_2: dict[str, Edit] = {
    "systematic renaming (mSRI)": _systematic,
    "import alias changed": _alias,
    "function renamed": _function_renamed,
    "one use renamed (mARI)": _one_use,
    "number replaced (mRL)": _literal((int, float), "31415"),
    "string replaced (mRL)": _literal((str,), '"violet"'),
}

# type 3: something is put in, taken out or exchanged


def _lines_changed(change: Callable[[random.Random, list[str], int], list[str]]) -> Edit:
    """A change at some line of the body after which Python still reads the whole, and reads something else."""

    def edit(rng: random.Random, text: str) -> str | None:
        lines = text.split("\n")
        places = list(range(_node(text).body[0].lineno - 1, len(lines)))
        rng.shuffle(places)
        before = _dump(text)
        for at in places:
            changed = "\n".join(change(rng, list(lines), at))
            if _dump(changed) not in (None, before):
                return changed
        return None

    return edit


def _new_line(rng: random.Random, like: str) -> str:
    indent = like[: len(like) - len(like.lstrip())]
    one, other = rng.sample(_WORDS, 2)
    return f"{indent}{one}_extra = {other}.{rng.choice(_VERBS)}({rng.randint(100, 999)})"


def _inserted(count: int) -> Callable[[random.Random, list[str], int], list[str]]:
    return lambda rng, lines, at: [*lines[:at], *(_new_line(rng, lines[at]) for _ in range(count)), *lines[at:]]


def _displayed(rng: random.Random, lines: list[str], at: int) -> list[str]:
    indent = lines[at][: len(lines[at]) - len(lines[at].lstrip())]
    return [*lines[:at], f"{indent}display({rng.choice(_WORDS)})", *lines[at:]]


def _within(edits: list[tuple[str, str]]) -> Callable[[random.Random, list[str], int], list[str]]:
    def change(rng: random.Random, lines: list[str], at: int) -> list[str]:
        for pattern, new in rng.sample(edits, len(edits)):
            changed = re.sub(pattern, new, lines[at], count=1)
            if changed != lines[at]:
                return [*lines[:at], changed, *lines[at + 1 :]]
        return lines

    return change


_PUT_IN = [
    (r"(\w)\)", r"\1, order=7)"),
    (r" = (\w+)", r" = 3 * \1"),
    (r"\]", r", 77]"),
    (r" > ", " > 5 + "),
    (r"\.(\w+)\(", r".tail.\1("),
    (r"\b(\d+)\b", r"\1 - 8"),
    (r"return (\w+)", r"return 2 + \1"),
]
_TAKEN_OUT = [
    (r", \w+=\"?[\w.]+\"?", ""),
    (r", [\w\"]+(?=[),\]])", ""),
    (r" [-+*/] \w+", ""),
    (r" if \w+ [!><]=? [\w\"]+", ""),
    (r"\.\w+\([^()]*\)", ""),
    (r"\[[^\[\]]*\]", ""),
    (r"-(\d)", r"\1"),
    (r"(?<=\w)\.\w+", ""),
]
TYPE_3: dict[str, Edit] = {
    "put into a line (mSIL)": _lines_changed(_within(_PUT_IN)),
    "taken out of a line (mSDL)": _lines_changed(_within(_TAKEN_OUT)),
    "line inserted (mILs)": _lines_changed(_inserted(1)),
    "three lines inserted (mILs)": _lines_changed(_inserted(3)),
    "line deleted (mDLs)": _lines_changed(lambda _rng, lines, at: [*lines[:at], *lines[at + 1 :]]),
    "two lines deleted (mDLs)": _lines_changed(lambda _rng, lines, at: [*lines[:at], *lines[at + 2 :]]),
    "line replaced (mMLs)": _lines_changed(
        lambda rng, lines, at: [*lines[:at], _new_line(rng, lines[at]), *lines[at + 1 :]]
    ),
    "display added": _lines_changed(_displayed),
}

# reading


def _tree(text: str) -> ast.Module | None:
    try:
        return ast.parse(text)
    except SyntaxError:
        return None


def _dump(text: str) -> str | None:
    tree = _tree(text)
    return None if tree is None else ast.dump(tree)


def _node(text: str) -> ast.FunctionDef:
    node = ast.parse(text).body[0]
    assert isinstance(node, ast.FunctionDef)
    return node


def _tokens(text: str) -> list[tokenize.TokenInfo]:
    return list(tokenize.generate_tokens(io.StringIO(text + "\n").readline))


def _in_string(text: str, node: ast.expr) -> bool:
    """On a line with an f-string, where Python 3.11 knows no positions."""
    return re.search(r"[fF][rR]?[\"']", text.split("\n")[node.lineno - 1]) is not None


def _replaced(text: str, node: ast.expr, new: str) -> str:
    lines = text.split("\n")
    line = lines[node.lineno - 1]
    lines[node.lineno - 1] = line[: node.col_offset] + new + line[node.end_col_offset :]
    return "\n".join(lines)
