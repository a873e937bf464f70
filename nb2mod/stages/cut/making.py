"""The text of a function that a block becomes, and of its call, in the block's own names."""

import ast
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise

from nb2mod.model import Block, BlockFlow, Cut, Features, NewParameter, Statement
from nb2mod.notebook.directives import is_directive
from nb2mod.stages.cut.grouping import Filled, Group, returns_of, spelled, statements_of
from nb2mod.syntax import parse, split_lines

_INDENT = "    "


def cuts_of(
    group: Group,
    name: str,
    docstring: Callable[[Sequence[str], Sequence[str]], str],
    flows: Mapping[Block, BlockFlow],
    features: Sequence[Features],
    holes: Mapping[Block, Filled] = {},
) -> list[Cut]:
    """One function and its call for each copy. In a notebook that holds several copies only the first has the function.

    `docstring` gives that of a copy from its parameters and what it returns. `holes`: of near copies, what is a parameter of
    theirs; their calls pass by keyword what is not the default.
    """
    found = []
    files: set[int] = set()
    for block in group.members:
        own = holes.get(block)
        names = own.names if own else spelled(features, block)
        new = own.parameters if own else ()
        parameters = tuple(at if isinstance(at, str) else names[at] for at in group.inputs)
        returns = returns_of(group, names)
        body = own.body if own else indented(lines_of_block(features, block))
        text = function_text(name, signature(parameters, new), returns, body)
        passed = [f"{one.name}={one.value}" for one in new if one.value]
        call = "\n".join([call_text(name, (*parameters, *passed), returns), *(text for _, text in flows[block].stays)])
        again = block.file in files
        files.add(block.file)
        said = docstring((*parameters, *(one.name for one in new)), returns)
        found.append(Cut(block, name, parameters, returns, "" if again else text, call, said, names, new))
    return found


def lines_of_block(features: Sequence[Features], block: Block) -> list[str]:
    """The block's lines, comments and blank lines between its statements included; cells of a block follow each other."""
    return [line for _, _, lines in parts_of(features, block) for line in lines]


def parts_of(features: Sequence[Features], block: Block) -> list[tuple[int, int, list[str]]]:
    """(index of the cell, first line, lines) for each cell that the block stands in; with the comment of its first step."""
    spans: dict[int, list[Statement]] = {}
    for cell, statement in statements_of(features, block):
        spans.setdefault(cell, []).append(statement)
    found = []
    for cell, statements in spans.items():
        lines = split_lines(features[block.file].cells[cell].source)
        first = statements[0].line
        if cell == block.cell and _holds_comments(lines, statements):
            first -= _comments_above(lines, first)
        found.append((cell, first, lines[first - 1 : statements[-1].end_line]))
    return found


def _holds_comments(lines: Sequence[str], statements: Sequence[Statement]) -> bool:
    """Whether comments stand between statements: then one above them speaks of the first alone, and does not head them all."""
    return any(
        line.startswith("#") and not is_directive(line)
        for one, after in pairwise(statements)
        for line in lines[one.end_line : after.line - 1]
    )


def _comments_above(lines: Sequence[str], first: int) -> int:
    """How many lines of comment stand directly above a line."""
    top = first
    while top > 1 and lines[top - 2].startswith("#") and not is_directive(lines[top - 2]):
        top -= 1
    return first - top


def signature(parameters: Sequence[str], new: Sequence[NewParameter]) -> list[str]:
    """What stands between the parentheses: `rows`, `*`, `threshold=0.1`."""
    keywords = [f"{one.name}={one.default}" if one.default else one.name for one in new]
    return [*parameters, "*", *keywords] if keywords else [*parameters]


def indented(lines: Sequence[str]) -> list[str]:
    """Lines of a block as those of a function's body."""
    inside = _inside_strings("\n".join(lines))
    return [line if not line.strip() or number in inside else _INDENT + line for number, line in enumerate(lines, 1)]


def function_text(name: str, parameters: Sequence[str], returns: Sequence[str], body: Sequence[str]) -> str:
    """`def name(…):` with a block's lines as its body, indented already: line n of the block is line n + 1 of the function."""
    last = [f"{_INDENT}return {', '.join(returns)}"] if returns else []
    return "\n".join([f"def {name}({', '.join(parameters)}):", *body, *last])


def call_text(name: str, parameters: Sequence[str], returns: Sequence[str]) -> str:
    """`a, b = name(x, y)`; the call alone when nothing comes back."""
    call = f"{name}({', '.join(parameters)})"
    return f"{', '.join(returns)} = {call}" if returns else call


@lru_cache(maxsize=1024)  # copies are often spelled the same
def _inside_strings(source: str) -> Collection[int]:
    """Lines that begin inside a string: what is put before them would be part of it."""
    tree = parse(source)
    return {
        line
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str | bytes))
        for line in range(node.lineno + 1, (node.end_lineno or node.lineno) + 1)
    }
