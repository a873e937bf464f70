"""Near copies of a block as functions in which what differs is a parameter: the text that is compared, and what becomes of it."""

import ast
from collections.abc import Sequence

from nb2mod.model import Block, Features, NewParameter
from nb2mod.stages.cut.grouping import Filled, spelled
from nb2mod.stages.cut.making import function_text, indented, lines_of_block
from nb2mod.syntax import parse
from nb2mod.syntax.statements import trace


def comparable(features: Sequence[Features], block: Block, inputs: Sequence[str]) -> str:
    """A block as a function that returns nothing: its line n is line n + 1 of the text."""
    name = "block"
    while name in spelled(features, block):
        name += "_"
    return function_text(name, inputs, (), indented(lines_of_block(features, block)))


def filled(text: str, parameters: Sequence[NewParameter]) -> Filled:
    """What `comparable` gave, with the replacements of its parameters made."""
    replacements = sorted({one for parameter in parameters for one in parameter.replacements}, reverse=True)
    for one in replacements:
        text = text[: one.start] + one.text + text[one.end :]
    function = parse(text).body[0]
    assert isinstance(function, ast.FunctionDef)
    names = dict.fromkeys(name for statement in function.body for name in trace(statement).names)
    return Filled(tuple(parameters), tuple(text.split("\n")[1:]), tuple(names))
