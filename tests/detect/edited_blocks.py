"""Blocks of statements, and the edits that a clone detector is tested with (Roy and Cordy's mutation framework, and those of
notebooks), as text: the same for the same seed. Used by the tests of detect and by `make bench`.
"""

import ast
import io
import keyword
import random
import re
import tokenize
from collections.abc import Callable, Iterator
from typing import NamedTuple

import black

_TEMPLATES = (
    "{new} = [{v} * {n} for {v} in {a} if {v} > {m}]",
    "{new} = sorted({a}, key=lambda item: item[{m}], reverse=True)[:{n}]",
    '{new} = {a}.groupby("{s}")["{t}"].mean().sort_values()',
    "if len({a}) > {n}:\n    {new} = {a}[:{n}]\nelse:\n    {new} = {a} + [{m}] * {n}",
    "{new} = []\nfor index, {v} in enumerate({a}):\n    {new}.append({v} * {n})\n    if index % {m} == 0:\n        continue",
    'with open("{s}.csv") as handle:\n    {new} = [line.split(",")[{m}] for line in handle]',
    "try:\n    {new} = float({a}[{m}])\nexcept ValueError as error:\n    {new} = {n}",
    '{new} = {{"{s}": {n}, "{t}": {m}, "both": {a}}}',
    "{new} = ({a} - {b}.mean()) / ({a}.std() + {n})",
    '{new} = pd.DataFrame({{"{s}": {a}, "{t}": {b}}}).dropna(subset=["{s}"])',
    "{new}, rest_{new} = {a}[:{n}], {b}[{n}:]",
    'plt.plot({a}, {b}, label="{s}", alpha=0.{m})',
    "{a}[{m}] += {n}",
    "{new} = np.where({a} > {n}, {b} - {m}, {a} / {n})",
    "while len({a}) < {n} and {b}:\n    {a}.extend([{m}, {n}])",
    '{new} = " ".join(str({v}) for {v} in {a} if {v} != "{t}")',
    "{new} = {a}.merge({b}, on=\"{s}\", how='left').fillna({n})",
    'print(f"{s} of {{len({a})}}: {{{b}}}", {n})',
    'del {a}[{m}], {b}["{s}"]',
    '{new} = np.array([{n}, {m}, -{n}])[{a}] if {b} is not None else "{t}"',
)
_NOUNS = (
    "trips scores rows frame weights windows counts signal labels batch prices errors paths nodes events orders".split()
)
_WORDS = "red green blue north south east west early late open closed paid".split()
_LAST = '{new} = {a}.{t}({n}, {b}, mode="{s}")'
IMPORTS = "import numpy as np\nimport pandas as pd\nimport matplotlib.pyplot as plt"


class Sample(NamedTuple):
    """One block, `statements` of its own text each. `inputs` are the names that it reads and does not bind first."""

    statements: tuple[str, ...]
    inputs: tuple[str, ...]

    @property
    def text(self) -> str:
        return "\n".join(self.statements)


class Edited(NamedTuple):
    """The copy: its cells (the block alone), imports and input names as they are there."""

    cells: tuple[str, ...]
    inputs: tuple[str, ...]
    imports: str = IMPORTS


def sample(rng: random.Random, size: int) -> Sample:
    """A block of `size` top-level statements; the first and last are assignments, so that neither is shown or trimmed."""
    inputs = tuple(rng.sample(_NOUNS, 3))
    names = list(inputs)
    found: list[str] = []
    while len(found) < size:
        template = _LAST if len(found) == size - 1 else rng.choice(_TEMPLATES)
        new = f"{rng.choice(_NOUNS)}_{len(found)}"
        a, b = rng.sample(names[-4:], 2)
        s, t = rng.sample(_WORDS, 2)
        text = template.format(
            new=new, a=a, b=b, v=rng.choice("xyzuvw"), s=s, t=t, n=rng.randint(1000, 9999), m=rng.randint(11, 99)
        )
        parts = [ast.get_source_segment(text, one) or "" for one in ast.parse(text).body]
        if len(found) + len(parts) > max(size - 1, len(found) + (template is _LAST)):
            continue
        if "{new}" in template:
            names.append(new)
        found += parts
    return Sample(tuple(found), inputs)


# edits of type 1: the text changes, the tree does not


def _whole(edit: Callable[[str], str]) -> Callable[[random.Random, Sample], Edited]:
    return lambda rng, block: Edited((edit(block.text),), block.inputs)


def _respaced(text: str, between: str) -> str:
    """Every token with `between` around it, or as little as Python allows; what stands at the line's begin stays."""
    tokens = [one for one in _tokens(text) if one.type not in (tokenize.NL, tokenize.ENDMARKER)]
    lines: list[str] = []
    line, last = "", ""
    for one in tokens:
        if one.type in (tokenize.INDENT, tokenize.DEDENT):
            continue
        if one.type == tokenize.NEWLINE:
            lines.append(line)
            line, last = "", ""
            continue
        if not line:
            line = one.line[: one.start[1]] + one.string
        else:
            needed = bool(re.match(r"[\w\"'.]", one.string) and re.search(r"[\w\"']$", last))
            line += (between or " " * needed) + one.string
        last = one.string
    return "\n".join(lines)


class _Token(NamedTuple):
    type: int
    string: str
    start: tuple[int, int]
    line: str


def _tokens(text: str) -> Iterator[_Token]:
    """Tokens with f-strings whole, as before Python 3.12 and after."""
    lines = text.split("\n")
    depth = 0
    begin = (0, 0)
    for one in tokenize.generate_tokens(io.StringIO(text + "\n").readline):
        name = tokenize.tok_name[one.type]
        if name == "FSTRING_START":
            begin = begin if depth else one.start
            depth += 1
        elif name == "FSTRING_END":
            depth -= 1
            if not depth:
                yield _Token(tokenize.STRING, lines[begin[0] - 1][begin[1] : one.end[1]], begin, one.line)
        elif not depth:
            yield _Token(one.type, one.string, one.start, one.line)


def _black(text: str, length: int = 88) -> str:
    return black.format_str(text, mode=black.Mode(line_length=length, magic_trailing_comma=False)).rstrip("\n")


def _exchanged(text: str, kind: int, change: Callable[[str], str]) -> str:
    """The tokens of one kind changed, each where it stands; the line is long enough for what is new."""
    lines = text.split("\n")
    for one in reversed([token for token in _tokens(text) if token.type == kind]):
        row, column = one.start
        line = lines[row - 1]
        lines[row - 1] = line[:column] + change(one.string) + line[column + len(one.string) :]
    return "\n".join(lines)


def _swapped(string: str) -> str:
    quote = string[-1]
    other = "'" if quote == '"' else '"'
    return string if other in string else string.replace(quote, other)


def _cut_string(string: str) -> str:
    plain = string[0] in "'\"" and len(string) > 4
    return f"({string[:3]}{string[0]} {string[0]}{string[3:]})" if plain else string


def _annotated(text: str) -> str:
    return re.sub(r"^(\w+) = ", r"\1: object = ", text, flags=re.MULTILINE)


def _bracketed(text: str) -> str:
    return re.sub(r"^(\w+) = (.*)$", r"\1 = (\2)", text, flags=re.MULTILINE)


def _commented(text: str) -> str:
    return "\n".join(f"{line}  # as before" for line in text.split("\n"))


def _between(rng: random.Random, block: Sample) -> Edited:
    lines = [part for one in block.statements for part in (rng.choice(("# note", "", "\n# more\n")), one)]
    return Edited(("\n".join(lines),), block.inputs)


def _one_line(rng: random.Random, block: Sample) -> Edited:
    """Two statements joined with a semicolon; not the first and not the last, for a run ends where lines do."""
    parts = list(block.statements)
    simple = [at for at in range(1, len(parts) - 2) if not any(":\n" in one for one in parts[at : at + 2])]
    for at in simple[:1]:
        parts[at : at + 2] = [f"{parts[at]}; {parts[at + 1]}"]
    return Edited(("\n".join(parts),), block.inputs)


def _split(rng: random.Random, block: Sample) -> Edited:
    """In two cells, cut after a statement that shows nothing: what a cell shows last stays in it."""
    parts = block.statements
    quiet = [at for at in range(1, len(parts)) if not isinstance(ast.parse(parts[at - 1]).body[0], ast.Expr)]
    at = rng.choice(quiet)
    return Edited(("\n".join(parts[:at]), "\n".join(parts[at:])), block.inputs)


def _shown(rng: random.Random, block: Sample) -> Edited:
    name = block.statements[-1].partition(" = ")[0]
    return Edited((f"{block.text}\n{rng.choice((name, f'display({name})', f'{name}.head();'))}",), block.inputs)


TYPE_1: dict[str, Callable[[random.Random, Sample], Edited]] = {
    "nothing": _whole(lambda text: text),
    "white space added": _whole(lambda text: _respaced(text, "  ")),
    "white space removed": _whole(lambda text: _respaced(text, "")),
    "comments at line ends": _whole(_commented),
    "comments and blank lines between": _between,
    "lines broken": _whole(lambda text: _black(text, 24)),
    "lines joined": _whole(lambda text: _black(text, 300)),
    "black": _whole(_black),
    "quotes swapped": _whole(lambda text: _exchanged(text, tokenize.STRING, _swapped)),
    "strings cut in two": _whole(lambda text: _exchanged(text, tokenize.STRING, _cut_string)),
    "numbers spelled": _whole(
        lambda text: _exchanged(text, tokenize.NUMBER, lambda one: f"{int(one):_}" if one.isdigit() else one)
    ),
    "parentheses": _whole(_bracketed),
    "annotations": _whole(_annotated),
    "two statements on a line": _one_line,
    "cell split": _split,
    "last expression shown": _shown,
}

# edits of type 2: names and literals change


def bound_names(block: Sample) -> list[str]:
    """Everything that a renaming of the block may touch, in order of appearance."""
    fixed = {"np", "pd", "plt", "len", "sorted", "enumerate", "open", "float", "str", "print", "ValueError"}
    names: dict[str, None] = {}
    for node in ast.walk(ast.parse(block.text)):
        if isinstance(node, ast.Name):
            names.setdefault(node.id)
        elif isinstance(node, ast.arg):
            names.setdefault(node.arg)
        elif isinstance(node, ast.ExceptHandler) and node.name:
            names.setdefault(node.name)
    return [name for name in names if name not in fixed]


def renamed(text: str, names: dict[str, str]) -> str:
    """Names exchanged wherever they stand as names: not behind a dot, not as keywords, in f-strings too."""
    found = "|".join(map(re.escape, names))
    pattern = re.compile(rf"(?<![\w.\"'])(?:{found})(?![\w\"'])(?!=[^=])")
    return pattern.sub(lambda match: names[match[0]], text)


def _systematic(rng: random.Random, block: Sample) -> Edited:
    names = {name: f"{rng.choice(_NOUNS)}{number}_b" for number, name in enumerate(bound_names(block))}
    return Edited((renamed(block.text, names),), tuple(names.get(name, name) for name in block.inputs))


def _alias(rng: random.Random, block: Sample) -> Edited:
    names = {"np": "numpy", "pd": "pandas", "plt": "pyplot"}
    imports = "import numpy\nimport pandas\nfrom matplotlib import pyplot"
    return Edited((renamed(block.text, names),), block.inputs, imports)


def _one_use(rng: random.Random, block: Sample) -> Edited:
    """One use of a name renamed by itself, in a statement in the middle as often as at the ends."""
    uses = [
        node
        for node in ast.walk(ast.parse(block.text))
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in bound_names(block)
        and not _in_string(block.text, node)
    ]  # fmt: skip
    node = rng.choice(uses)
    return Edited((_replaced(block.text, node, "another_name"),), block.inputs)


def _literal(kind: type) -> Callable[[random.Random, Sample], Edited]:
    def edit(rng: random.Random, block: Sample) -> Edited:
        literals = [
            node
            for node in ast.walk(ast.parse(block.text))
            if isinstance(node, ast.Constant) and type(node.value) is kind and not _in_string(block.text, node)
        ]
        node = rng.choice(literals)
        return Edited((_replaced(block.text, node, '"violet"' if kind is str else "31415"),), block.inputs)

    return edit


def _in_string(text: str, node: ast.expr) -> bool:
    """Inside an f-string, where Python 3.11 knows no positions."""
    line = text.split("\n")[node.lineno - 1]
    return 'f"' in line


def _replaced(text: str, node: ast.expr, new: str) -> str:
    lines = text.split("\n")
    line = lines[node.lineno - 1]
    lines[node.lineno - 1] = line[: node.col_offset] + new + line[node.end_col_offset :]
    return "\n".join(lines)


TYPE_2_RENAMED: dict[str, Callable[[random.Random, Sample], Edited]] = {
    "systematic renaming": _systematic,
    "import alias changed": _alias,
}
TYPE_2_ODD: dict[str, Callable[[random.Random, Sample], Edited]] = {
    "one use renamed": _one_use,
    "number replaced": _literal(int),
    "string replaced": _literal(str),
}
assert not any(map(keyword.iskeyword, _NOUNS))

# edits of type 3: something is put in, taken out or exchanged. The first statement and the last stay as they are: a copy that
# lacks one of these is an exact copy of the rest.


def _new_line(rng: random.Random, block: Sample) -> str:
    name, other = rng.sample(_WORDS, 2)
    return f"{name}_extra = {rng.choice(block.inputs)}.{other}({rng.randint(100, 999)})"


def _lines_changed(
    change: Callable[[random.Random, Sample, list[str], int], list[str]],
) -> Callable[[random.Random, Sample], Edited]:
    """An edit of the lines between the first statement and the last, at a line where Python still reads the result."""

    def edit(rng: random.Random, block: Sample) -> Edited:
        lines = block.text.split("\n")
        first = block.statements[0].count("\n") + 1
        places = list(range(first, len(lines) - block.statements[-1].count("\n") - 1))
        rng.shuffle(places)
        for at in places:
            text = "\n".join(change(rng, block, list(lines), at))
            if _reads(text) and text != block.text:
                return Edited((text,), block.inputs)
        raise AssertionError(block.text)

    return edit


def _reads(text: str) -> bool:
    try:
        ast.parse(text)
    except SyntaxError:
        return False
    return True


def _inserted(count: int) -> Callable[[random.Random, Sample, list[str], int], list[str]]:
    def change(rng: random.Random, block: Sample, lines: list[str], at: int) -> list[str]:
        indent = lines[at][: len(lines[at]) - len(lines[at].lstrip())]
        new = [indent + _new_line(rng, block) for _ in range(count)]
        return [*lines[:at], *new, *lines[at:]]

    return change


def _deleted(rng: random.Random, block: Sample, lines: list[str], at: int) -> list[str]:
    return [*lines[:at], *lines[at + 1 :]]


def _exchanged_line(rng: random.Random, block: Sample, lines: list[str], at: int) -> list[str]:
    return [*lines[:at], *_inserted(1)(rng, block, lines, at)[at : at + 1], *lines[at + 1 :]]


def _within_line(put_in: bool) -> Callable[[random.Random, Sample, list[str], int], list[str]]:
    """Something small put into a line, or the same kind of thing taken out of one: an argument, an operand."""

    def change(rng: random.Random, block: Sample, lines: list[str], at: int) -> list[str]:
        line = lines[at]
        edits = _PUT_IN if put_in else _TAKEN_OUT
        for pattern, new in rng.sample(edits, len(edits)):
            changed = re.sub(pattern, new, line, count=1)
            if changed != line:
                return [*lines[:at], changed, *lines[at + 1 :]]
        return lines

    return change


_PUT_IN = [
    (r"(\w)\)", r"\1, order=7)"),
    (r" = (\w+)", r" = 3 * \1"),
    (r"\]", r", 77]"),
    (r" > ", " > 5 + "),
    (r"\.(\w+)\(", r".tail.\1("),
    (r"\b(\d{2,})\b", r"\1 - 8"),
]
_TAKEN_OUT = [
    (r", \w+=\"?[\w.]+\"?", ""),
    (r", \d+", ""),
    (r", \w+\)", ")"),
    (r" [-+*/] \w+", ""),
    (r" if \w+ [!><]=? [\w\"]+", ""),
    (r"\.(mean|sort_values|dropna|std)\([^()]*\)", ""),
    (r"\[:?-?\d+\]", ""),
    (r"-(\d)", r"\1"),
]
TYPE_3: dict[str, Callable[[random.Random, Sample], Edited]] = {
    "line inserted": _lines_changed(_inserted(1)),
    "two lines inserted": _lines_changed(_inserted(2)),
    "line deleted": _lines_changed(_deleted),
    "line replaced": _lines_changed(_exchanged_line),
    "put into a line": _lines_changed(_within_line(put_in=True)),
    "taken out of a line": _lines_changed(_within_line(put_in=False)),
}


class Pair(NamedTuple):
    """Two notebooks' cells with the block and its copy. `first` and `second`: the (cell, statement) pairs of both, in order;
    `copy` all of those of the copy, when it has more.
    """

    one: tuple[str, ...]
    other: tuple[str, ...]
    first: tuple[tuple[int, int], ...]
    second: tuple[tuple[int, int], ...]
    copy: tuple[tuple[int, int], ...] = ()


def pair(edit: Callable[[random.Random, Sample], Edited], rng: random.Random, size: int, key: str) -> Pair:
    """A block in a notebook and its edited copy in another, each among statements that stand nowhere else."""
    block = sample(rng, size)
    copy = edit(rng, block)
    one, first = _notebook(Edited((block.text,), block.inputs), f"{key}a")
    other, second = _notebook(copy, f"{key}b")
    return Pair(one, other, first, second[: len(first)], second)


def _notebook(block: Edited, key: str) -> tuple[tuple[str, ...], tuple[tuple[int, int], ...]]:
    before = f"before = source.begin_{key}()"
    inputs = "\n".join(f"{name} = source.read_{key}_{number}()" for number, name in enumerate(block.inputs))
    cells = [block.imports, inputs, *block.cells]
    shows = isinstance(ast.parse(cells[-1]).body[-1], ast.Expr)
    if not shows:
        cells[-1] += f"\nafter = source.end_{key}()"
    cells[2] = f"{before}\n{cells[2]}"
    at = []
    for number in range(2, len(cells)):
        body = ast.parse(cells[number]).body
        at += [(number, index) for index in range(number == 2, len(body) - (number == len(cells) - 1))]
    return tuple(cells), tuple(at)
