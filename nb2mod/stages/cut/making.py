"""The text of a function that a block becomes, and of its call, in the block's own names."""

import ast
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import lru_cache

from msgspec.structs import replace

from nb2mod.model import Block, BlockFlow, Cut, Features
from nb2mod.stages.cut.grouping import Group, returns_of, spelled, statements_of
from nb2mod.syntax import parse, split_lines

_INDENT = "    "


def cuts_of(
    group: Group,
    name: str,
    docstring: Callable[[Group], str],
    flows: Mapping[Block, BlockFlow],
    features: Sequence[Features],
) -> list[Cut]:
    """One function and its call for each copy. In a notebook that holds several copies only the first has the function.

    `docstring` gives that of a group in the names of its first copy.
    """
    found = []
    files: set[int] = set()
    for block in group.members:
        names = spelled(features, block)
        parameters = tuple(at if isinstance(at, str) else names[at] for at in group.inputs)
        returns = returns_of(group, block, features)
        text = function_text(name, parameters, returns, lines_of_block(features, block))
        call = "\n".join([call_text(name, parameters, returns), *(text for _, text in flows[block].stays)])
        again = block.file in files
        files.add(block.file)
        said = docstring(replace(group, members=(block,)))
        found.append(Cut(block, name, parameters, returns, "" if again else text, call, said))
    return found


def lines_of_block(features: Sequence[Features], block: Block) -> list[str]:
    """The block's lines, comments and blank lines between its statements included; cells of a block follow each other."""
    return [line for _, _, lines in parts_of(features, block) for line in lines]


def parts_of(features: Sequence[Features], block: Block) -> list[tuple[int, int, list[str]]]:
    """(index of the cell, first line, lines) for each cell that the block stands in."""
    spans: dict[int, list[int]] = {}
    for cell, statement in statements_of(features, block):
        spans.setdefault(cell, [statement.line, 0])[1] = statement.end_line
    return [
        (cell, first, split_lines(features[block.file].cells[cell].source)[first - 1 : end])
        for cell, (first, end) in spans.items()
    ]


def function_text(name: str, parameters: Sequence[str], returns: Sequence[str], lines: Sequence[str]) -> str:
    """`def name(…):` with the lines as its body: line n of the block is line n + 1 of the function."""
    inside = _inside_strings("\n".join(lines))
    body = [line if not line.strip() or number in inside else _INDENT + line for number, line in enumerate(lines, 1)]
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
